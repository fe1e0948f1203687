// SPDX-License-Identifier: Apache-2.0
// A verdict: named checks, each passed, failed, not checked or with nothing there, and their sum.
// All words come from words.json. Twin of site_builder/verify/report.py.

import words from "../../verify/words.json";
import { cut } from "./keys.js";

export { words };

const LONGEST = 300; // characters of a stranger's text in a sentence of ours
// Also letters and signs by their category with nothing to be seen: fillers of Hangul, blank Braille
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800\u034f]/gu;
const WORST = ["failed", "not checked", "passed", "nothing there"];

/** The finding of a code in words.json, its sentence filled with values. */
export function finding(code, values = {}) {
  const [state, sentence] = words.findings[code];
  const why = sentence.replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
  return { code, state, why };
}

/** A stranger's text as sentences of ours show it: cut, nothing in it that cannot be seen. */
function shown(value) {
  const text = typeof value === "string" ? value : value instanceof Error ? value.message : plain(value);
  const characters = [...text];
  const short = characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join("")}…`;
  return short.replace(UNSEEN, (char) => {
    const digits = char.codePointAt(0).toString(16);
    return digits.length > 4 ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
  });
}

function plain(value) {
  return value === undefined || value === null ? "nothing" : JSON.stringify(value);
}

/** A number of bytes as people read it. */
export function bytesShown(count) {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} bytes`;
}

/** A sentence as it stands after a colon inside another one. */
export function clause(sentence) {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1).replace(/\.+$/, "");
}

/** The finding that decides among several of one check; the first of equally bad ones. */
export function worst(found) {
  const rank = (one) => WORST.indexOf(one.state);
  return found.reduce((worse, one) => (rank(one) < rank(worse) ? one : worse));
}

const NOTHING = {
  kind: "",
  id: null,
  title: null,
  issuer: null,
  issuer_id: null,
  host: null,
  holder: null,
  issued: null,
  until: null,
};

/** The Report, as the specification has it. */
export function report({ about = {}, checks, now, readFrom = null, parts = [] }) {
  const overall = overallOf(checks, parts);
  const [look, headline] = headOf(checks, overall, parts, about.until);
  return {
    overall,
    headline,
    look,
    ...NOTHING,
    ...about,
    read_from: readFrom,
    checked: now.toISOString().replace(/\.\d+Z$/, "Z"),
    checks: checks.map(({ code, state, why }) => {
      const [check] = cut(code, ".");
      return { check, label: words.checks[check], code, state, why };
    }),
    parts,
  };
}

function overallOf(checks, parts) {
  const has = (state) => checks.some((one) => one.state === state);
  const counted = parts.filter((one) => !isHistory(one.checks, one.parts));
  if (has("failed") || counted.some((one) => one.overall === "not valid")) return "not valid";
  if (has("not checked") || counted.some((one) => one.overall !== "valid")) {
    return "could not be fully checked";
  }
  return "valid";
}

// What is genuine and was never taken back, and whose time is over: a record tells a history.
function isHistory(checks, parts) {
  const bad = checks.filter((one) => one.state === "failed" || one.state === "not checked");
  return (
    bad.length === 1 &&
    bad[0].code === "dates.ended" &&
    parts.every((one) => one.overall === "valid" || isHistory(one.checks, one.parts))
  );
}

function headOf(checks, overall, parts, until) {
  if (until && isHistory(checks, parts)) {
    const [look, headline] = words.history;
    return [look, headline.replace("{until}", until.slice(0, 10))];
  }
  const loud = checks
    .filter((one) => one.state === "failed" || (one.code.startsWith("file.") && one.state !== "passed"))
    .map((one) => one.code);
  for (const [code, look, headline] of words.headlines) {
    const isMeant = (one) => one === code || (code.endsWith(".") && one.startsWith(code));
    if (loud.some(isMeant)) return [look, headline];
  }
  if (overall === "not valid") return words.part_failed;
  if (overall !== "valid") return words.unfinished;
  if (checks.some((one) => one.code === "address.bare")) return words.valid_bare;
  const over = parts.some((one) => isHistory(one.checks, one.parts));
  return over ? words.valid_with_history : words.valid;
}
