// SPDX-License-Identifier: Apache-2.0
// From when until when a credential holds. Twin of site_builder/verify/dates.py.

import { finding } from "./report.js";

// VC-DATA-MODEL 2.0 section 4.9 (XMLSCHEMA11-2 dateTimeStamp): a zone is asked for
const DATE = new RegExp(
  "^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\\.[0-9]+)?" +
    "(?:Z|([+-])([0-9]{2}):([0-9]{2}))$",
);

/** The moment of a date-time with zone in microseconds, as a BigInt; null for anything else. */
export function moment(value) {
  const match = typeof value === "string" ? DATE.exec(value) : null;
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const [hours, minutes] = [Number(match[9] || 0), Number(match[10] || 0)];
  if (hours > 14 || minutes > 59) return null; // XMLSCHEMA11-2 section 3.3.7
  if (year < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const zone = (60 * hours + minutes) * (match[8] === "-" ? -1 : 1);
  date.setUTCHours(hour, minute - zone, second);
  if (date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999) return null;
  const micro = `${match[7] || "."}000000`.slice(1, 7);
  return BigInt(date.getTime()) * 1000n + BigInt(micro);
}

/** The moment that counts as now, as `moment` counts. */
export function momentOf(date) {
  return BigInt(date.getTime()) * 1000n;
}

/** The day of a date-time as written, in its own zone. */
export function day(text) {
  return text.slice(0, 10);
}

/** The earliest or latest of the values that can be read as {at, text}; null where none can. */
export function strictest(values, first) {
  let found = null;
  for (const text of values) {
    const at = moment(text);
    if (at === null) continue;
    if (found === null || (first ? at < found.at : at > found.at)) found = { at, text };
  }
  return found;
}

/** Whether a credential is in force; `moreEnds` are those of its signature. */
export function judge(begins, ends, now, moreEnds = []) {
  const every = [...ends, ...moreEnds];
  const over = strictest(ends, true);
  if (over !== null && over.at < momentOf(now)) {
    return finding("dates.ended", { until: day(over.text) });
  }
  const [since, until] = [strictest(begins, false), strictest(every, true)];
  if (until !== null && until.at < momentOf(now)) {
    return finding("dates.proof_ended", { until: day(until.text) });
  }
  if (since !== null && since.at > momentOf(now)) {
    return finding("dates.future", { from: day(since.text) });
  }
  const unreadable = [...begins, ...every].find((value) => moment(value) === null);
  if (unreadable !== undefined) return finding("dates.unreadable", { value: unreadable });
  if (since === null) return finding("dates.missing");
  if (until === null) return finding("dates.ok", { from: day(since.text) });
  return finding("dates.ok_until", { from: day(since.text), until: day(until.text) });
}
