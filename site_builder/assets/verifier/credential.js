// SPDX-License-Identifier: Apache-2.0
// Verdict on a signed Verifiable Credential: badge, learner record, endorsement or another. Twin of
// site_builder/verify/credential.py.

import * as dates from "./dates.js";
import * as places from "./places.js";
import * as proving from "./proving.js";
import { isObject, listed, member, textOf } from "./reading.js";
import * as recipient from "./recipient.js";
import * as schema from "./schema.js";
import * as status from "./status.js";
import { namesOf } from "./strict-json.js";

const BADGE = "Open Badges 3.0";
export const RECORD = "Comprehensive Learner Record 2.0";
export const ENDORSEMENT = "Endorsement";
const KINDS = [
  ["OpenBadgeCredential", BADGE],
  ["AchievementCredential", BADGE],
  ["ClrCredential", RECORD],
  ["EndorsementCredential", ENDORSEMENT],
];
// Lawful credentials about which there is no verdict here
const NOT_READ = [
  "BitstringStatusListCredential",
  "StatusList2021Credential",
  "EnvelopedVerifiableCredential",
];

/** The kind of a Verifiable Credential; null for any other document. */
export function kindOf(document) {
  const types = listed(member(document, "type"));
  if (!types.includes("VerifiableCredential")) return null;
  const found = KINDS.find(([one]) => types.includes(one));
  return found === undefined ? "Verifiable Credential" : found[1];
}

/** The name of a kind that is known but gets no verdict here; null for any other. */
export function notRead(document) {
  const types = listed(member(document, "type"));
  return NOT_READ.find((one) => types.includes(one)) || null;
}

/** What a credential says of itself, unproven. */
export function about(document, kind) {
  const issuer = status.issuerOf(document);
  const since = dates.strictest(given(document, "validFrom", "issuanceDate"), false);
  const until = dates.strictest(given(document, "validUntil", "expirationDate"), true);
  const [one] = listed(member(document, "credentialSubject"));
  const title = kind === BADGE ? textOf(member(one, "achievement", "name")) : null;
  return {
    kind,
    id: textOf(member(document, "id")),
    title: title || textOf(member(document, "name")),
    issuer: textOf(member(document, "issuer", "name")),
    issuer_id: issuer,
    host: places.hostOf(issuer),
    holder: recipient.nameOf(recipient.identities(one)),
    issued: since && since.text,
    until: until && until.text,
  };
}

function given(document, ...names) {
  return names.map((name) => member(document, name)).filter((value) => value !== null);
}

/** The eight findings on a credential, in the order of words.json. */
export async function judge(document, kind, run, { token, readFrom, asked }) {
  const issuer = status.issuerOf(document);
  const proven = token
    ? await proving.judgeToken(token, issuer, run)
    : await proving.judge(document, issuer, run);
  const holders = listed(member(document, "credentialSubject")).flatMap(recipient.identities);
  return [
    proven.proof,
    proven.owner,
    proven.state,
    places.judge(member(document, "id"), issuer, readFrom),
    datesOf(document, token, run),
    await status.judge(document, issuer, run),
    await schema.judge(document, kind, run.vendored),
    await recipient.judge(holders, asked),
  ];
}

function datesOf(document, token, run) {
  const begins = given(document, "validFrom", "issuanceDate");
  const ends = given(document, "validUntil", "expirationDate");
  if (token) {
    const claims = (name) => (Object.hasOwn(token.payload, name) ? [stamp(token.payload[name])] : []);
    return dates.judge([...begins, ...claims("nbf")], ends, run.now, claims("exp"));
  }
  const proofs = listed(member(document, "proof")).filter(isObject);
  const more = proofs.filter((one) => Object.hasOwn(one, "expires")).map((one) => one.expires);
  return dates.judge(begins, ends, run.now, more);
}

/** A NumericDate (RFC 7519 section 2) as a date-time; what is none stays as it is. */
function stamp(value) {
  if (typeof value !== "number" || value < 0 || value >= 4e9) return value;
  return new Date(1000 * Math.floor(value)).toISOString().replace(".000Z", "Z");
}

const PARTS = ["verifiableCredential", "endorsement", "endorsementJwt"];

/** The credentials embedded in one, in the order they stand there, each not looked into. */
export function parts(value) {
  if (Array.isArray(value)) return value.flatMap(parts);
  if (!isObject(value)) return [];
  return namesOf(value).flatMap((name) => {
    if (PARTS.includes(name)) return listed(value[name]);
    return name === "proof" ? [] : parts(value[name]);
  });
}
