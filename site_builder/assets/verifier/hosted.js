// SPDX-License-Identifier: Apache-2.0
// Verdict on a hosted Open Badges 2.0 assertion: what counts is what its own address says. Twin of
// site_builder/verify/hosted.py. Source: Open Badges v2.0, "Verification", "Hosted verification".

import * as dates from "./dates.js";
import { cut } from "./keys.js";
import { missing } from "./hosted-form.js";
import { Unreachable } from "./memory.js";
import { host as hostOf } from "./places.js";
import { isObject, listed, member, textOf } from "./reading.js";
import * as recipient from "./recipient.js";
import { finding, worst } from "./report.js";
import { same, Unreadable } from "./strict-json.js";

export const KIND = "Open Badges 2.0";
const CONTEXT = "https://w3id.org/openbadges/v2";
const OLD_CONTEXT = "https://w3id.org/openbadges/v1";
const NOT_READ = [
  "BadgeClass",
  "Issuer",
  "Profile",
  "RevocationList",
  "CryptographicKey",
  "Achievement",
  "VerifiablePresentation",
];

/** True for an Open Badges 2.0 assertion, whatever else is wrong with it. */
export function isAssertion(document) {
  return isOf(document, CONTEXT);
}

function isOf(document, context) {
  const types = listed(member(document, "type"));
  return types.includes("Assertion") && listed(member(document, "@context")).includes(context);
}

/** The name of a kind that is known but gets no verdict here; null for any other. */
export function notRead(document) {
  if (isOf(document, OLD_CONTEXT)) return "Open Badges 1.1";
  const how = member(document, "verification", "type");
  if (isAssertion(document) && ["SignedBadge", "signed"].includes(how)) return `Signed ${KIND}`;
  const types = listed(member(document, "type"));
  return NOT_READ.find((one) => types.includes(one)) || null;
}

/** [about, findings]: what an assertion says of itself, and the eight findings on it. */
export async function judge(given, run, readFrom, asked) {
  const own = textOf(member(given, "id")) || "";
  const found = { record: null, badge: {}, issuer: {}, issuerUrl: "", address: [] };
  await askRecord(given, own, readFrom, run, found);
  await askIssuer(given, own, run, found);
  const [since, until] = [member(given, "issuedOn"), member(given, "expires")];
  const some = (value) => (value === null ? [] : [value]);
  const holder = holderOf(given);
  const about = {
    kind: KIND,
    id: own || null,
    title: textOf(member(found.badge, "name")),
    issuer: textOf(member(found.issuer, "name")),
    issuer_id: found.issuerUrl || null,
    host: hostOf(own),
    holder: recipient.nameOf(holder),
    issued: dates.moment(since) === null ? null : since,
    until: dates.moment(until) === null ? null : until,
  };
  return [
    about,
    [
      finding("proof.hosted"),
      finding("key_owner.hosted"),
      finding("key_state.hosted"),
      worst([...found.address, finding("address.hosted", { host: hostOf(own) })]),
      dates.judge(some(since), some(until), run.now),
      await statusOf(given, own, run, found),
      form(given, found),
      await recipient.judge(holder, asked),
    ],
  ];
}

function holderOf(given) {
  const one = member(given, "recipient");
  const value = textOf(member(one, "identity"));
  if (value === null) return [];
  const [kind, salt] = ["type", "salt"].map((name) => textOf(member(one, name)) || "");
  return [{ kind, value, isHashed: member(one, "hashed") === true, salt }];
}

/** Passes over what a host's silence or nonsense throws; everything else is a fault of ours. */
function expected(trouble) {
  if (!(trouble instanceof Unreachable) && !(trouble instanceof Unreadable)) throw trouble;
}

/** The assertion as its own address has it. */
async function askRecord(given, own, readFrom, run, found) {
  if (hostOf(own) === null) {
    const why = "it is no address on the web";
    found.address.push(finding("address.hosted_unread", { id: own || "nothing", why }));
    return;
  }
  if (readFrom !== null) {
    if (cut(readFrom, "#")[0] === own) found.record = given;
    else found.address.push(finding("address.hosted_other", { from: readFrom, id: own }));
    return;
  }
  try {
    found.record = await run.document(own);
  } catch (trouble) {
    expected(trouble);
    found.address.push(finding("address.hosted_unread", { id: own, why: trouble }));
    return;
  }
  if (!same(found.record, given) && member(found.record, "revoked") !== true) {
    found.address.push(finding("address.hosted_differs", { id: own }));
  }
}

/** The badge class and its issuer, and whether the issuer answers for the address. */
async function askIssuer(given, own, run, found) {
  // A stub of what was taken back need not name them.
  if (member(given, "badge") === null && member(given, "revoked") === true) return;
  const host = hostOf(own);
  try {
    [found.badge] = await objectOf(member(given, "badge"), run);
    [found.issuer, found.issuerUrl] = await objectOf(member(found.badge, "issuer"), run);
  } catch (trouble) {
    expected(trouble);
    found.address.push(finding("address.hosted_unread", { id: own || "nothing", why: trouble }));
    return;
  }
  if (!answersFor(found, own)) {
    const issuer = member(found.issuer, "id") || found.issuerUrl || "nobody";
    found.address.push(finding("address.hosted_issuer", { issuer, host }));
  }
}

/**
 * An object given as its URL or embedded, with its URL. One that is embedded never counts for itself
 * where it has an address: whoever writes it can write somebody else's address into it, also of the
 * same host, and leave out what was revoked.
 */
async function objectOf(value, run) {
  const url = textOf(value) || textOf(member(value, "id")) || "";
  if (hostOf(url) !== null) return [await run.document(url), url];
  if (isObject(value) || !url) return [isObject(value) ? value : {}, url];
  throw new Unreadable(`'${url.slice(0, 80)}' is no address on the web`);
}

/** Whether the issuer's profile lets assertions lie at this address. */
function answersFor({ issuer, issuerUrl }, own) {
  const [home, host] = [hostOf(issuerUrl), hostOf(own)];
  const said = Object.hasOwn(issuer, "id") ? issuer.id : issuerUrl;
  if (home === null || hostOf(said) !== home) return false;
  const allowed = listed(member(issuer, "verification", "allowedOrigins"));
  const starts = listed(member(issuer, "verification", "startsWith"));
  const isBelow = (one) => typeof one === "string" && own.startsWith(one);
  if (starts.length && !starts.some(isBelow)) return false;
  return (allowed.length ? allowed : [home]).includes(host);
}

async function statusOf(given, own, run, found) {
  if (found.record === null) {
    return member(given, "revoked") === true ? takenBack(given) : finding("status.hosted_unread");
  }
  if (member(found.record, "revoked") === true) return takenBack(found.record);
  // Without its issuer's profile nobody knows whether that names a list.
  if (!Object.keys(found.issuer).length) return finding("status.hosted_unread");
  const url = member(found.issuer, "revocationList");
  if (url === null) return finding("status.hosted_ok");
  if (hostOf(url) === null) {
    return finding("status.unreachable", { url, why: "it is no address on the web" });
  }
  let entries;
  try {
    entries = listed(member(await run.document(url), "revokedAssertions"));
  } catch (trouble) {
    expected(trouble);
    const code = trouble instanceof Unreachable ? "status.unreachable" : "status.bad_list";
    return finding(code, { url, why: trouble });
  }
  const uid = member(given, "uid");
  const names = typeof uid === "string" ? [own, uid] : [own];
  const entry = entries.find((one) =>
    [one, member(one, "id"), member(one, "uid")].some((name) => names.includes(name)),
  );
  return entry === undefined ? finding("status.hosted_ok") : takenBack(entry);
}

function takenBack(record) {
  const said = textOf(member(record, "revocationReason"));
  return finding("status.taken_back", { reason: said ? `: ${said.replace(/\.+$/, "")}` : "" });
}

/** Whether the members the standard asks for are there, each of its kind. */
function form(given, { badge, issuer }) {
  const why = missing(given, badge, issuer, hostOf(member(given, "id")));
  if (why) return finding("schema.failed", { standard: KIND, why });
  return finding("schema.ok", { standard: KIND });
}
