// SPDX-License-Identifier: Apache-2.0
// Filters of the list of micro-credentials. What is chosen stands in the address, so that going
// back and sharing work. Without this script the list and the links to its areas stay.

import { begins, words } from "./words.js";

const form = document.querySelector("form[data-part=facets]");
const list = document.querySelector(".cat-list");
const fold = form.querySelector("details");
const typed = form.querySelector("input[type=search]");
const boxes = [...form.querySelectorAll("input[type=checkbox]")];
const facets = [...new Set(boxes.map((box) => box.name))];
const options = new Map(boxes.map((box) => [`${box.name}:${box.value}`, { box, count: box.closest("label").querySelector(".num") }]));
const status = list.querySelector("[role=status]");
const chips = list.querySelector(".chips");
const empty = list.querySelector(".empty");
const cards = [...list.querySelectorAll("[data-facets]")].map((one) => ({
  one,
  is: new Set(one.dataset.facets.split(" ")),
  words: words(`${one.querySelector("h3").textContent} ${one.querySelector("p").textContent} ${one.dataset.code}`),
}));
const sections = [...list.querySelectorAll("[data-section]")].map((one) => ({ one, cards: cards.filter((card) => one.contains(card.one)) }));
const others = list.querySelectorAll("[data-uncounted]"); // what no filter speaks of

/** Sets the form to what the address says. */
function read() {
  const asked = new URLSearchParams(location.search);
  for (const box of boxes) { box.checked = asked.getAll(box.name).includes(box.value); }
  typed.value = asked.get("words") ?? "";
}

function write(how) {
  const asked = new URLSearchParams();
  if (typed.value.trim()) { asked.set("words", typed.value.trim()); }
  for (const box of boxes) { if (box.checked) { asked.append(box.name, box.value); } }
  const query = asked.toString();
  history[how](null, "", query ? `?${query}` : location.pathname);
}

/** Facets a card does not fit; "q" for the words. Empty when it fits all. */
function misses(card, chosen, wanted) {
  const missed = facets.filter((facet) => chosen[facet].length && !chosen[facet].some((value) => card.is.has(value)));
  return wanted.every((word) => card.words.some((one) => begins(one, word))) ? missed : [...missed, "q"];
}

/** Shows what fits; beside each choice how many there would be with it. */
function show() {
  const chosen = Object.fromEntries(facets.map((facet) => [facet, boxes.filter((box) => box.checked && box.name === facet).map((box) => `${facet}:${box.value}`)]));
  const wanted = words(typed.value);
  const counts = new Map([...options.keys()].map((key) => [key, 0]));
  const without = {};
  let fitting = 0;
  for (const card of cards) {
    const missed = misses(card, chosen, wanted);
    card.one.hidden = missed.length > 0;
    if (!missed.length) { fitting += 1; }
    if (missed.length === 1) { without[missed[0]] = (without[missed[0]] ?? 0) + 1; }
    if (missed.length > 1) { continue; }
    for (const key of card.is) {
      if (!missed.length || key.startsWith(`${missed[0]}:`)) { counts.set(key, counts.get(key) + 1); }
    }
  }
  for (const [key, count] of counts) {
    const { box, count: place } = options.get(key);
    place.textContent = count;
    box.closest("label").classList.toggle("muted", count === 0 && !box.checked);
  }
  for (const section of sections) { section.one.hidden = section.cards.every((card) => card.one.hidden); }
  tell(fitting, wanted, without);
}

function tell(fitting, wanted, without) {
  const inUse = boxes.filter((box) => box.checked);
  const isFiltered = inUse.length > 0 || wanted.length > 0;
  for (const one of others) { one.hidden = isFiltered; }
  form.querySelector("[data-on]").textContent = inUse.length ? `(${inUse.length} on)` : "";
  form.querySelector("[type=reset]").hidden = !isFiltered;
  status.textContent = isFiltered ? `${fitting} of ${cards.length} fit` : `${cards.length} micro-credentials`;
  chips.replaceChildren(...inUse.map(chip));
  chips.hidden = !inUse.length;
  empty.hidden = fitting > 0;
  if (!fitting) { advise(without, wanted); }
}

/** A filter in use, with a button that takes it away. */
function chip(box) {
  const [item, button] = ["li", "button"].map((name) => document.createElement(name));
  button.type = "button";
  button.ariaLabel = `${named(box)}, remove`;
  button.append(`${named(box)} ×`);
  button.addEventListener("click", () => { box.checked = false; changed("pushState"); (chips.querySelector("button") ?? fold.querySelector("summary")).focus(); });
  item.append(button);
  return item;
}

/** The words of a choice, without the letter before an area's. */
function named(box) {
  const words_ = box.closest("label").querySelector("[data-name]").cloneNode(true);
  words_.querySelector("[aria-hidden]")?.remove();
  return words_.textContent.trim();
}

/** Nothing fits: says which single filter, taken away, leaves most. */
function advise(without, wanted) {
  const [facet, count] = Object.entries(without).sort((one, other) => other[1] - one[1])[0] ?? [];
  const [words_, button] = [empty.querySelector("p"), empty.querySelector("button")];
  const removed = boxes.filter((box) => box.checked && box.name === facet);
  const name = facet === "q" ? typed.value.trim() : removed.map(named).join(", ");
  words_.textContent = facet
    ? `No micro-credential fits all of this. Without “${name}” there ${count === 1 ? "is one" : `are ${count}`}.`
    : wanted.length ? "No micro-credential fits these words and filters." : "No micro-credential fits these filters together.";
  button.textContent = facet ? `Remove “${name}”` : "Clear filters";
  button.onclick = () => {
    for (const box of facet ? removed : boxes) { box.checked = false; }
    if (!facet || facet === "q") { typed.value = ""; }
    changed("pushState");
    typed.focus();
  };
}

function changed(how) {
  write(how);
  show();
}

fold.open = matchMedia("(min-width: 60rem)").matches;
form.hidden = false;
form.addEventListener("change", (event) => { if (event.target !== typed) { changed("pushState"); } });
typed.addEventListener("input", () => changed("replaceState"));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => { event.preventDefault(); for (const box of boxes) { box.checked = false; } typed.value = ""; changed("pushState"); typed.focus(); });
addEventListener("popstate", () => { read(); show(); });
read();
show();
