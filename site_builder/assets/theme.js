// SPDX-License-Identifier: Apache-2.0
// Material opens its menu and search by labels, which no keyboard reaches; Enter and Space now press them.
document.addEventListener("keydown", (event) => {
  const label = event.target.closest && event.target.closest("label[role=button][for]");
  if (label && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    label.click();
    if (label.htmlFor === "__search") document.querySelector(".md-search__input").focus();
  }
});
