// SPDX-License-Identifier: Apache-2.0
// Material opens its menu and its search by labels, which no keyboard reaches; these buttons do the same.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-opens]");
  if (!button) return;
  document.getElementById(button.dataset.opens).click();
  const first = button.dataset.opens === "__search" ? ".md-search__input" : ".md-sidebar--primary a";
  document.querySelector(first)?.focus();
});
// Material wraps the tables of written pages in a box that scrolls sideways on a phone; keys may scroll it too.
addEventListener("load", () => {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
    if (box.scrollWidth <= box.clientWidth) continue;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", box.querySelector("caption")?.textContent ?? "Table");
  }
});
// Some pages have a part that a script of its own brings to life.
for (const part of document.querySelectorAll("[data-part]")) import(`./${part.dataset.part}.js`);
