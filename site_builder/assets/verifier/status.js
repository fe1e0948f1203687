// SPDX-License-Identifier: Apache-2.0
// Whether a credential still stands, by the status lists it names. Twin of
// site_builder/verify/status.py. Source: W3C Bitstring Status List v1.0, 3.2; Status List 2021.

import { base64url } from "./bytes.js";
import * as dates from "./dates.js";
import { Damaged, gunzip, TooLong } from "./inflate.js";
import { Run, Unreachable } from "./memory.js";
import * as places from "./places.js";
import { judge as prove } from "./proving.js";
import { LARGEST_LIST, listed, member, textOf, valuesIn } from "./reading.js";
import { clause, finding, worst } from "./report.js";
import { Unreadable } from "./strict-json.js";

const MOST_ENTRIES = 8;
const MOST_PACKED = 2 << 20;
const MOST_BITS = 16 << 20; // bytes
const FEWEST_BITS = 16 << 10; // bytes; section 3.1: fewer entries would tell whose status is asked for
// Type of the entry: types of the list's credential and of its subject
const KINDS = new Map([
  ["BitstringStatusListEntry", ["BitstringStatusListCredential", "BitstringStatusList"]],
  ["StatusList2021Entry", ["StatusList2021Credential", "StatusList2021"]],
]);
const TAKES_BACK = ["revocation", "suspension"];
const SAYS_ELSE = ["refresh", "message"]; // section 2.2: not about whether it still stands
const MOST_VALUES = 2000; // in a list; ours has about thirty

/** Whether a credential was taken back or set aside; a list by another issuer proves nothing. */
export async function judge(document, issuer, run) {
  const entries = listed(member(document, "credentialStatus"));
  if (!entries.length) return finding("status.none");
  if (entries.length > MOST_ENTRIES) {
    return finding("status.unsupported", { kind: `more than ${MOST_ENTRIES} lists` });
  }
  return worst(await Promise.all(entries.map((one) => entryOf(one, issuer, run))));
}

async function entryOf(entry, issuer, run) {
  const kinds = listed(member(entry, "type"));
  const kind = kinds.find((one) => KINDS.has(one));
  if (kind === undefined) {
    return finding("status.unsupported", { kind: kinds.length ? kinds[0] : "no kind" });
  }
  const [url, purpose] = [member(entry, "statusListCredential"), member(entry, "statusPurpose")];
  if (places.web(url) === null) {
    return finding("status.unreachable", { url, why: "it is no https address" });
  }
  const index = indexOf(member(entry, "statusListIndex"));
  const size = Object.hasOwn(entry, "statusSize") ? entry.statusSize : 1;
  if (index === null || typeof purpose !== "string" || size !== 1) {
    return finding("status.bad_list", { url, why: "its place in it cannot be read" });
  }
  if (SAYS_ELSE.includes(purpose)) return finding("status.none");
  if (!TAKES_BACK.includes(purpose)) {
    return finding("status.unsupported", { kind: `one about '${purpose}'` });
  }
  const key = `${kind} ${url}`;
  const { lists } = run.memory;
  if (!lists.has(key)) lists.set(key, fetched(url, kind, run));
  return read(await lists.get(key), url, purpose, index, issuer);
}

function indexOf(value) {
  if (typeof value === "string") return /^[0-9]{1,10}$/.test(value) ? Number(value) : null;
  return Number.isInteger(value) && value >= 0 ? value : null;
}

/** What a list says of one place in it. */
function read(list, url, purpose, index, issuer) {
  if (list.trouble !== undefined) return list.trouble;
  if (list.issuer !== issuer) {
    return finding("status.unproven_list", { url, why: `it is by ${list.issuer || "nobody"}` });
  }
  if (list.isForged) return finding("status.unproven_list", { url, why: list.doubt });
  if (!list.purposes.includes(purpose)) {
    return finding("status.bad_list", { url, why: `it is not about '${purpose}'` });
  }
  if (index >= list.bits.length * 8) {
    return finding("status.bad_list", { url, why: "it is too short to hold this one" });
  }
  const isSet = (list.bits[Math.floor(index / 8)] & (0x80 >> index % 8)) !== 0; // bit 0 is leftmost
  if (isSet) {
    if (list.doubt) return finding("status.said_taken_back", { url, why: list.doubt });
    const code = purpose === "revocation" ? "taken_back" : "suspended";
    return finding(`status.${code}`, { reason: "" });
  }
  if (list.doubt) return finding("status.unproven_list", { url, why: list.doubt });
  return finding("status.ok", { as_of: list.asOf });
}

/**
 * A list as fetched and judged once per run: {trouble} where it is of no use whoever asks, else
 * {doubt, isForged, issuer, purposes, bits, asOf}; with a weak doubt a set bit still counts.
 */
async function fetched(url, kind, run) {
  let document;
  let bits;
  try {
    document = await run.document(url, LARGEST_LIST);
    if (valuesIn(document) > MOST_VALUES) throw new Unreadable("it holds more than any list needs");
    const [whole, part] = KINDS.get(kind);
    const types = listed(member(document, "type"));
    const parts = listed(member(document, "credentialSubject", "type"));
    if (!types.includes(whole) || !parts.includes(part)) throw new Unreadable("it is no status list");
    bits = bitsOf(member(document, "credentialSubject", "encodedList"));
  } catch (trouble) {
    if (trouble instanceof Unreachable) {
      return { trouble: finding("status.unreachable", { url, why: trouble }) };
    }
    if (!(trouble instanceof Unreadable)) throw trouble;
    return { trouble: finding("status.bad_list", { url, why: trouble }) };
  }
  const late = timeTrouble(document, url, run);
  if (late !== null) return { trouble: late };
  const issuer = issuerOf(document);
  const begins = [member(document, "validFrom"), member(document, "issuanceDate")];
  const since = dates.strictest(begins, false);
  return {
    ...(await doubtOf(document, url, issuer, run)),
    issuer,
    purposes: listed(member(document, "credentialSubject", "statusPurpose")),
    bits,
    asOf: dates.day(since ? since.text : run.now.toISOString()),
  };
}

/** The id of a credential's issuer, given alone or with what is said of it. */
export function issuerOf(document) {
  const issuer = member(document, "issuer");
  return textOf(issuer) || textOf(member(issuer, "id"));
}

function timeTrouble(document, url, run) {
  const given = (...names) => names.filter((one) => Object.hasOwn(document, one)).map((one) => document[one]);
  const ends = given("validUntil", "expirationDate");
  const found = dates.judge(given("validFrom", "issuanceDate"), ends, run.now);
  if (found.code === "dates.ended") {
    const until = dates.day(dates.strictest(ends, true).text);
    return finding("status.stale_list", { url, until });
  }
  if (found.state === "failed" || found.code === "dates.unreadable") {
    return finding("status.bad_list", { url, why: clause(found.why) });
  }
  return null;
}

/** Why a list is not proven to be its issuer's, and whether it is proven not to be. */
async function doubtOf(document, url, issuer, run) {
  // With an account of its own: what is kept of it must not hang on who asked first.
  const proven = await prove(document, issuer, new Run(run));
  const found = [proven.proof, proven.owner, proven.state];
  const bad = found.find((one) => one.state === "failed");
  if (bad !== undefined) return { doubt: clause(bad.why), isForged: true };
  if (proven.proof.state !== "passed") return { doubt: clause(proven.proof.why), isForged: true };
  const own = member(document, "id");
  if (own !== null && own !== url) {
    return { doubt: `it says that it belongs at ${String(own)}`, isForged: false };
  }
  const open = found.find((one) => one.state !== "passed");
  return { doubt: open === undefined ? "" : clause(open.why), isForged: false };
}

/** The bits of an encoded list: multibase base64url (or bare, as in 2021) of gzip. */
function bitsOf(encoded) {
  if (typeof encoded !== "string") throw new Unreadable("it holds no list");
  const packed = base64url(encoded.replace(/^u/, "")); // gzip in base64 never begins with u
  if (packed === null) throw new Unreadable("it is not base64url");
  if (packed.length > MOST_PACKED) throw new Unreadable("it is larger than any list need be");
  let bits;
  try {
    bits = gunzip(packed, MOST_BITS);
  } catch (error) {
    if (!(error instanceof Damaged) && !(error instanceof TooLong)) throw error;
    throw new Unreadable(error.message);
  }
  if (bits.length < FEWEST_BITS) throw new Unreadable("it has fewer than 131,072 entries");
  return bits;
}
