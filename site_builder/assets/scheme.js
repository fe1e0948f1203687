// SPDX-License-Identifier: Apache-2.0
// Material stores the scheme a page starts with as if it had been chosen. Only a choice is kept, so
// that light and dark follow the system until the switch is used. Runs before the first paint.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const keep = window.__md_set;
  let chosen = false;
  try {
    chosen = Boolean(window.__md_get("__palette"));
  } catch {
    // storage switched off, or not ours
  }
  window.__md_set = (key, ...rest) => {
    if (key !== "__palette" || chosen) keep(key, ...rest);
  };
  document.addEventListener("change", (event) => {
    if (event.isTrusted && event.target.name === "__palette") chosen = true;
  }, true);
  const follow = () => {
    if (chosen) return;
    document.body.setAttribute("data-md-color-scheme", dark.matches ? "slate" : "default");
    const inputs = [...document.querySelectorAll("input[name=__palette]")];
    const fitting = inputs.find((input) => matchMedia(input.dataset.mdColorMedia).matches);
    if (fitting) fitting.dispatchEvent(new Event("change"));
  };
  follow();
  dark.addEventListener("change", follow);
})();
