// SPDX-License-Identifier: Apache-2.0
// Shows a Report: the three lines that are always there, every check, what is inside. States by
// word, shape and colour. Nothing of a credential is ever read as HTML.

const LOOKS = { passed: "valid", failed: "revoked", "not checked": "unchecked", "nothing there": "withdrawn" };

let words = null; // the verifier's, once it is here

/** Hands over the verifier's words, before any Report is shown. */
export function speak(given) {
  words = given;
}

export function made(name, attributes, ...inside) {
  const element = document.createElement(name);
  Object.entries(attributes || {}).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  Object.entries({ class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" })
    .forEach(([key, value]) => drawing.setAttribute(key, value));
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}

export function chip(look, words) {
  return made("span", { class: `state s-${look}` }, icon(look), ...told(words));
}

function day(moment) {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) { return String(moment); }
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(date);
}

export function now() {
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit",
  }).format(new Date()).replace(" at ", ", ");
}

/** Words of a check's state: who holds a badge is always the reader's to see. */
export function said(check) {
  const isTheirs = check.check === "recipient" && check.state === "nothing there";
  return words.states[isTheirs ? "recipient" : check.state];
}

/** A state as a chip; what stands in brackets goes below it. */
function shownState(check) {
  const [short, more] = said(check).split(/ \(|\)/);
  const shown = chip(LOOKS[check.state], short);
  if (check.check === "recipient" && check.state === "nothing there") { shown.firstChild.replaceWith(icon("person")); }
  return [shown, more ? made("small", {}, more) : null];
}

/** A sentence of a Report with its days as people read them. */
export function told(sentence) {
  return sentence.split(/(?<=^|\s)(\d{4}-\d\d-\d\d)(?=[\s.,]|$)/).map((part, place) => (
    place % 2 ? made("time", { datetime: part }, day(part)) : part));
}

/**
 * One of the three lines: the first of these checks, unless another of them went worse. What the
 * first did not look at is never said to have passed because the others did.
 */
function line(report, names) {
  const checks = names.map((name) => report.checks.find((one) => one.check === name)).filter(Boolean);
  const state = ["failed", "not checked"].find((one) => checks.some((check) => check.state === one)) || (checks.length ? checks[0].state : "not checked");
  const shown = checks.filter((one) => one.state === state || state === "nothing there").map((one) => one.why);
  return made("li", { class: `s-${LOOKS[state]}` }, icon(LOOKS[state]),
    made("div", {}, made("b", {}, `${words.checks[names[0]]}: ${words.states[state]}`),
      made("span", {}, ...told(shown.join(" ") || "Not looked at: the file could not be read."))));
}

/** Always there: no tick without the question whose it is. */
function person(report) {
  const check = report.checks.find((one) => one.check === "recipient");
  const label = words.checks.recipient;
  let sentence = check ? check.why : "Nothing could be read that names a holder.";
  let heading = label;
  if (check && report.holder && sentence.startsWith(`${report.holder}. `)) {
    sentence = sentence.slice(report.holder.length + 2);
    heading = [`${label} `, made("bdi", {}, report.holder)];
  } else if (check && check.state !== "nothing there") {
    heading = `${label}: ${said(check)}`;
  }
  return made("li", { class: "s-person" }, icon("person"),
    made("div", {}, made("b", {}, ...[heading].flat()), made("span", {}, ...told(sentence))));
}

export function lines(report) {
  return [line(report, ["proof", "key_owner", "key_state"]),
    line(report, ["status", "dates"]), person(report)];
}

export function counted(report) {
  const count = (state) => report.checks.filter((one) => one.state === state && one.check !== "recipient").length;
  const parts = [`${count("passed")} checks passed`, `${count("failed") || "none"} failed`];
  if (count("not checked")) { parts.push(`${count("not checked")} could not be made`); }
  if (count("nothing there")) { parts.push(`${count("nothing there")} had nothing to check`); }
  return `${parts.join(", ")}. Who holds it is for you to see.`;
}

/** All checks as a table, and what is inside the credential, each with its own verdict. */
export function every(report, isOpen) {
  const rows = report.checks.map((one) => made("tr", { class: `s-${LOOKS[one.state]}` },
    made("th", { scope: "row" }, one.label),
    made("td", {}, ...shownState(one)),
    made("td", {}, ...told(one.why))));
  const head = made("thead", {}, made("tr", {}, ...["Check", "Result", "What was found"].map((one) => made("th", { scope: "col" }, one))));
  const found = made("details", { class: "every" }, made("summary", {}, "Every check"),
    made("table", { class: "ct" }, head, made("tbody", {}, ...rows)));
  found.open = isOpen;
  if (report.parts.length) {
    found.append(made("h3", {}, report.parts.length === 1 ? "Inside it stands one other" : `Inside it stand ${report.parts.length} others`),
      made("ul", { class: "parts" }, ...report.parts.map((one) => part(one, report))));
  }
  return found;
}

/** One of those inside: its own verdict, whose it is where that differs, and what did not hold. */
function part(report, outer) {
  const bad = report.checks.filter((one) => one.state === "failed" || one.state === "not checked");
  const isOther = report.holder && report.holder !== outer.holder;
  return made("li", {}, chip(report.look, report.headline), " ", made("bdi", {}, report.title || report.id || report.kind || "Without a title"),
    isOther ? made("span", {}, `. ${words.checks.recipient}: `, made("bdi", {}, report.holder)) : null,
    ...bad.map((one) => made("small", {}, `${one.label}: ${said(one)}. `, ...told(one.why))),
    report.parts.length ? made("ul", { class: "parts" }, ...report.parts.map((one) => part(one, report))) : null);
}

/** What it says about itself; nobody's word until the verdict above it is "Valid". */
export function about(report) {
  const parts = [];
  if (report.title) { parts.push(made("bdi", {}, report.title)); } else if (report.kind) { parts.push(report.kind); }
  if (report.issued) { parts.push(`${parts.length ? ", issued" : "Issued"} ${day(report.issued)}`); }
  if (report.issuer) { parts.push(parts.length ? " by " : "By ", made("bdi", {}, report.issuer)); }
  if (report.host) { parts.push(` at ${report.host}`); }
  if (!parts.length) { return []; }
  return [report.overall === "valid" ? "" : "It says of itself: ", ...parts, ". "];
}

/** What a reader must not take for a verdict. */
export function finding(report) {
  return report.overall === "could not be fully checked" ? ["This is not a finding about the credential. "] : [];
}
