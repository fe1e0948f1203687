// SPDX-License-Identifier: Apache-2.0
// Search of people and awards. Reads the site's own files below search/ and nothing else; what is
// typed leaves this page only as the first letters in those files' names. Without this script the
// list of people stays. In the address it is `?find=`, for Material takes `?q=` for its own search.
//
// All words but the last are whole words, the last may be a beginning. Each word is one of the
// holder's name or of the micro-credential; how the files are cut: site_builder/directory.

import { WORD_LENGTH, begins, isUnspaced, words } from "./words.js";

const SITE = new URL("../../", import.meta.url);
const MOST = 200; // results shown of a kind
const AT_FIRST = 20;
const MOST_READ = 16; // files read for one query
const MOST_CREDENTIALS = 8; // whose newest awards are read
const PAUSE = 120; // ms after the last key
const STATES = { suspended: "Suspended", revoked: "Revoked", superseded: "Superseded" };

const files = new Map();

/** A file of the site, read once. */
function load(path) {
  if (!files.has(path)) {
    const read = fetch(new URL(path, SITE), { credentials: "omit", referrerPolicy: "no-referrer" }).then((answer) => {
      if (!answer.ok) { throw new Error(`${answer.status} ${path}`); }
      return answer.json();
    });
    read.catch(() => files.delete(path)); // so that a later try may succeed
    files.set(path, read);
  }
  return files.get(path);
}

// ---- The files of people

function groupOf(start) {
  const code = start.codePointAt(0);
  return code < 0x2e80 ? code.toString(16) : `${(code >> 6).toString(16)}s`;
}

function fileOf(group, start, shelf = "") {
  const hex = [...new TextEncoder().encode(start)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `search/${group}/${hex || "0"}${shelf === "" ? "" : `-${shelf}`}.json`;
}

/** Where people under a start of their names stand: all in `whole`, else `first` and `below`. */
async function under(start) {
  const group = groupOf(start);
  const { groups } = await load("search/index.json");
  if (!groups.includes(group)) { return { people: 0, awards: 0, whole: [] }; }
  const top = await load(`search/${group}.json`);
  if (top.people) { return { whole: [`search/${group}.json`] }; }
  const all = Object.keys(top.starts);
  const longer = all.filter((one) => one.startsWith(start));
  const own = longer.sort((one, other) => one.length - other.length)[0];
  if (own !== undefined && top.starts[own] !== 0) {
    const [people, awards] = top.starts[own];
    return { people, awards, first: fileOf(group, own), below: longer.flatMap((one) => filesOf(group, one, top.starts[one])) };
  }
  if (own !== undefined) { return { whole: [fileOf(group, own)] }; }
  const above = all.filter((one) => start.startsWith(one)).sort((one, other) => other.length - one.length)[0];
  if (above === undefined) { return { people: 0, awards: 0, whole: [] }; }
  if (top.starts[above] === 0) { return { whole: [fileOf(group, above)] }; }
  const shelves = top.starts[above][2];
  return { whole: shelves ? [fileOf(group, above, start.codePointAt(above.length) % shelves)] : [] };
}

function filesOf(group, start, kept) {
  return kept === 0 ? [fileOf(group, start)] : [...Array(kept[2]).keys()].map((shelf) => fileOf(group, start, shelf));
}

/** People of whole files, each once, with their awards. */
async function peopleOf(paths) {
  const found = new Map();
  for (const { credentials, people } of await Promise.all(paths.map(load))) {
    for (const [slug, name, language, standing, ...awards] of people) {
      const held = awards.map(([place, id, issued, state]) => ({ credential: credentials[place], id, issued, state, holder: name, language }));
      found.set(slug, { slug, name, language, standing, awards: held });
    }
  }
  return [...found.values()];
}

// ---- Matching

/** What is typed: words, each with whether it is whole. */
function parsed(text) {
  const found = words(text);
  const isOpen = /[\p{L}\p{M}\p{N}]$/u.test(text.normalize("NFC"));
  return found.map((word, place) => ({ word, isWhole: !isOpen || place < found.length - 1 }));
}

function fits(parts, { word, isWhole }, isLoose) {
  return parts.some((one) => (isWhole && !isLoose && !isUnspaced(word) ? one === word : begins(one, word)));
}

function partsOf(name) {
  const parts = words(name ?? "");
  return parts.length > 1 && parts.every(isUnspaced) ? [...parts, parts.join("")] : parts;
}

function startOf({ word, isWhole }) {
  const cut = [...word].slice(0, WORD_LENGTH).join("");
  return isWhole && !isUnspaced(word) ? `${cut} ` : cut;
}

/** Starts under which everybody stands whose name has all these words; the narrowest last. */
function startsFor(wanted) {
  const spaced = wanted.filter(({ word }) => !isUnspaced(word));
  const pairs = spaced.filter((one) => one.isWhole).flatMap((one) => spaced.filter((other) => other !== one).map((other) => startOf(one) + startOf(other)));
  return pairs.length ? pairs.slice(0, 4) : wanted.map(startOf);
}

/** The narrowest of some places, by how many files it takes to read all of it. */
async function narrowest(starts) {
  const places = await Promise.all(starts.map(under));
  const cost = (place) => (place.whole ? place.whole.length : 1 + place.below.length);
  return places.sort((one, other) => cost(one) - cost(other))[0];
}

/** People whose names have all words, with their awards where those were read.
 *
 * `isLoose` takes every word for a beginning; `isFull` asks for awards and not for the first few.
 */
async function named(wanted, isLoose, isFull) {
  const place = await narrowest(isLoose ? wanted.map((one) => startOf({ ...one, isWhole: false })) : startsFor(wanted));
  if (place.first && !isFull && wanted.length === 1) {
    const { first } = await load(place.first);
    const people = first.map(([slug, name, language, standing]) => ({ slug, name, language, standing }));
    return { people, total: place.people, awards: place.awards };
  }
  const paths = place.whole ?? place.below.slice(0, MOST_READ);
  const all = await peopleOf(paths);
  const people = all.filter((one) => { const parts = partsOf(one.name); return wanted.every((part) => fits(parts, part, isLoose)); });
  return { people, total: people.length, isCut: !place.whole && place.below.length > MOST_READ };
}

/** The same; where nobody is called so, with every word as a beginning. */
async function peopleNamed(wanted) {
  const strict = await named(wanted, false);
  if (strict.total || wanted.length < 2) { return strict; }
  const loose = await named(wanted, true);
  return { ...loose, isLoose: loose.total > 0 };
}

// ---- Micro-credentials

let known; // slug to {title, language, awards, words}

async function credentials() {
  if (!known) {
    const { credentials: count } = await load("search/index.json");
    const read = await Promise.all([...Array(count).keys()].map((one) => load(`search/credentials-${one}.json`)));
    known = new Map(read.flatMap(({ language, credentials: rows }) => rows.map(([slug, title, code, area, awards, ...more]) =>
      [slug, { slug, title, language, awards, words: words([title, code, area, ...more].join(" ")) }])));
  }
  return known;
}

async function newest(chosen) {
  const most = chosen.sort((one, other) => other.awards - one.awards).slice(0, MOST_CREDENTIALS);
  const read = await Promise.all(most.map(async ({ slug }) => {
    const { awards } = await load(`search/award/${slug}.json`);
    return awards.map(([id, issued, holder, language, state]) => ({ credential: slug, id, issued, holder, language, state }));
  }));
  return read.flat();
}

function byDay(one, other) {
  return other.issued.localeCompare(one.issued) || one.id.localeCompare(other.id);
}

/** Awards that fit: of a skill, of people, or of people in a skill. */
async function awardsFor(wanted, people) {
  const offered = [...(await credentials()).values()];
  const matching = (part) => offered.filter((one) => fits(one.words, part, true));
  const fitting = offered.filter((one) => wanted.every((part) => fits(one.words, part, true)));
  if (fitting.length) {
    const total = fitting.reduce((sum, one) => sum + one.awards, 0);
    return { awards: await newest(fitting), total };
  }
  const names = wanted.filter((part) => !matching(part).length);
  if (names.length === wanted.length) {
    const awards = people.people.flatMap((one) => one.awards ?? []);
    return { awards, total: people.awards ?? awards.length, isCut: people.isCut, isLater: people.awards !== undefined };
  }
  const sure = names.length ? names : [wanted.toSorted((one, other) => matching(one).length - matching(other).length)[0]];
  const holders = await named(sure, people.isLoose, true);
  const awards = holders.people.flatMap((one) => {
    const parts = partsOf(one.name);
    return one.awards.filter((award) => wanted.every((part) => fits(parts, part, people.isLoose) || fits(known.get(award.credential)?.words ?? [], part, true)));
  });
  return { awards, total: awards.length, isCut: holders.isCut };
}

// ---- What is shown

function made(name, properties = {}, ...children) {
  const one = Object.assign(document.createElement(name), properties);
  one.append(...children);
  return one;
}

function called(name, language) {
  return made("bdi", language ? { lang: language } : {}, name ?? "Holder");
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

function personLine({ slug, name, language, standing }) {
  const link = made("a", { href: new URL(`backpacks/${slug}.html`, SITE).href }, called(name, language));
  const count = standing ? `${standing} award${standing === 1 ? "" : "s"}` : "none in force";
  return made("li", {}, link, made("span", { className: "small muted" }, count));
}

function awardLine({ credential, id, issued, holder, language, state }) {
  const { title, language: tongue } = known.get(credential) ?? { title: credential };
  const words_ = made("span", tongue && tongue !== "en" ? { lang: tongue } : {}, title);
  const link = made("a", { href: new URL(`awards/${id}.html`, SITE).href }, words_);
  const time = made("time", { dateTime: issued }, DAY.format(new Date(issued)));
  const line = made("span", { className: "small muted" }, called(holder, language), ", ", time);
  if (state) { line.append(`, ${STATES[state] ?? state}`.toLowerCase()); }
  return made("li", {}, link, line);
}

/** A list that shows some and, on request, the rest that were read. */
function list(title, className, lines, note) {
  const heading = made("h2", { className: "sec" }, title);
  const shown = made("ul", { className }, ...lines.slice(0, AT_FIRST));
  const parts = [heading, shown];
  if (lines.length > AT_FIRST) {
    const more = made("button", { type: "button", className: "btn btn--quiet" }, `Show ${lines.length - AT_FIRST} more`);
    more.addEventListener("click", () => {
      shown.append(...lines.slice(AT_FIRST));
      more.remove();
      lines[AT_FIRST].querySelector("a").focus();
    });
    parts.push(more);
  }
  if (note) { parts.push(made("p", { className: "foot" }, note)); }
  return parts;
}

function plural(count, one, many) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function counted({ total, isCut }, one, many) {
  return `${isCut ? "at least " : ""}${plural(total, one, many)}`;
}

/** Whole words before beginnings, then as they were written, accents included. */
function nearestFirst(people, wanted, text) {
  const typed = text.trim().toLowerCase();
  const score = ({ name }) => {
    const parts = partsOf(name);
    return wanted.filter(({ word }) => parts.includes(word)).length * 2 + ((name ?? "").toLowerCase().includes(typed) ? 1 : 0);
  };
  return people.map((one) => [score(one), one]).sort(([one], [other]) => other - one).map(([, one]) => one);
}

function noteOn(found, shown, of) {
  if (found.isLater) { return "Add a second name or a word of a micro-credential to see their awards, or open a person."; }
  if (found.isCut) { return "There were too many to look through. Write names out, or add a word."; }
  return found.total > shown ? `The first ${shown.toLocaleString("en")} of ${found.total.toLocaleString("en")}, ${of} first. Add a word to see others.` : "";
}

class Finder {
  constructor(form) {
    this.form = form;
    [this.input, this.status, this.found] = ["input", "[role=status]", ".found"].map((one) => form.querySelector(one));
    this.run = 0; // a newer query silences an older one
  }

  start() {
    let timer;
    this.form.hidden = false;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.search(); });
    this.input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => this.search(), PAUSE); });
    this.input.addEventListener("focus", () => { credentials().catch(() => {}); }, { once: true });
    this.form.addEventListener("keydown", (event) => this.moved(event));
    addEventListener("popstate", () => this.read());
    this.read();
  }

  read() {
    this.input.value = new URLSearchParams(location.search).get("find") ?? "";
    if (this.input.value) { this.search(); } else { this.clear(); }
  }

  /** Arrows go from the box to the results and through them; Escape empties the box. */
  moved(event) {
    const stops = [this.input, ...this.found.querySelectorAll("a, button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = stops.indexOf(document.activeElement);
    if (step && stops[at + step]) { event.preventDefault(); stops[at + step].focus(); }
    if (event.key === "Escape" && this.input.value) { event.preventDefault(); this.input.value = ""; this.input.focus(); this.search(); }
  }

  clear() {
    this.run += 1;
    this.status.textContent = "";
    this.found.replaceChildren();
  }

  async search() {
    const text = this.input.value;
    const wanted = parsed(text);
    const url = new URL(location.href);
    if (text.trim()) { url.searchParams.set("find", text.trim()); } else { url.searchParams.delete("find"); }
    history.replaceState(history.state, "", url);
    if (!wanted.length) { this.clear(); return; }
    this.run += 1;
    const run = this.run;
    const slow = setTimeout(() => { if (run === this.run) { this.status.textContent = "Searching …"; } }, 250);
    try {
      const [people] = await Promise.all([peopleNamed(wanted), credentials()]);
      const awards = await awardsFor(wanted, people);
      if (run === this.run) { this.show(people, awards, wanted, text); }
    } catch {
      if (run === this.run) { this.clear(); this.status.textContent = "The search could not be loaded. Try again, or look below."; }
    } finally {
      clearTimeout(slow);
    }
  }

  show(people, awards, wanted, text) {
    const persons = nearestFirst(people.people, wanted, text).slice(0, MOST);
    const given = awards.awards.sort(byDay).slice(0, MOST);
    const parts = [];
    if (people.total) { parts.push(...list("People", "people", persons.map(personLine), noteOn(people, persons.length, "those with most awards"))); }
    if (awards.total) { parts.push(...list("Awards", "finds", given.map(awardLine), noteOn(awards, given.length, "the newest"))); }
    this.found.replaceChildren(...parts);
    const none = people.isCut || awards.isCut ? "There were too many to look through. Write names out, or add a word." : "Nobody of this name and no such award is public. Awards stay private until their holder chooses otherwise.";
    this.status.textContent = people.total + awards.total
      ? `${counted(people, "person", "people")}, ${counted(awards, "award", "awards")}` : none;
  }
}

new Finder(document.querySelector("form[data-part=search]")).start();
