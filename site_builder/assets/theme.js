// SPDX-License-Identifier: Apache-2.0
// Material opens its menu and its search by labels, which no keyboard reaches; these buttons do the same.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-opens]");
  if (!button) return;
  document.getElementById(button.dataset.opens).click();
  const first = button.dataset.opens === "__search" ? ".md-search__input" : ".md-sidebar--primary a";
  document.querySelector(first)?.focus();
});
