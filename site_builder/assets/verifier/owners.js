// SPDX-License-Identifier: Apache-2.0
// Whose key signed: from a verification method to a public key, and what its owner says of it.
// Only the issuer's own word makes a key the issuer's. Twin of site_builder/verify/owners.py.
// Source: W3C Controlled Identifiers v1.0, section 3; did:web and did:key Method Specifications.

import { base64url } from "./bytes.js";
import { day, moment, momentOf } from "./dates.js";
import { cut, decode58, DENIED, didKey, KeyProblem, multikey, publicBytes } from "./keys.js";
import { Unreachable } from "./memory.js";
import * as places from "./places.js";
import { isObject, listed, member, textOf } from "./reading.js";
import { finding } from "./report.js";
import { same, Unreadable } from "./strict-json.js";

const JWK = ["JsonWebKey", "JsonWebKey2020"];
const NO_KEY = "its key is of a kind that is not read here";

/**
 * The key a proof names as {key, owner, state, whyNone, jwk}, and what the issuer says of it. `key` is
 * a Multikey or null; `jwk` the key as a JWK where it is given so, for tokens only, or null.
 */
export async function named(method, issuer, created, run) {
  const found = await asNamed(method, issuer, created, run);
  return isDenied(found.key) ? { ...found, state: finding("key_state.preview") } : found;
}

function told(key, owner, state = finding("key_state.unknown"), whyNone = "", jwk = null) {
  return { key, owner, state, whyNone, jwk };
}

function isDenied(key) {
  const plain = asMultikey(key);
  return plain !== null && [...DENIED].some((one) => same([...publicBytes(one)], [...publicBytes(key)]));
}

async function asNamed(method, issuer, created, run) {
  if (typeof method !== "string" || method.startsWith("#")) {
    const said = typeof method === "string" ? method : "no address";
    return told(null, finding("key_owner.unsupported", { method: said }));
  }
  const [owner, fragment] = cut(method, "#");
  const inside = asMultikey(didKey(method)) || asMultikey(fragment);
  if (issuer === null || !/^(?:did:|https?:\/\/)/.test(issuer)) {
    return told(inside, finding("key_owner.unnamed", { issuer: issuer || "nothing" }));
  }
  const isDid = owner.startsWith("did:");
  if (isDid && owner !== issuer) return told(inside, finding("key_owner.other", { owner, issuer }));
  const unsupported = finding("key_owner.unsupported", { method });
  if (didKey(owner) !== null) {
    if (inside === null || (fragment && `did:key:${fragment}` !== owner)) return told(null, unsupported);
    return told(inside, finding("key_owner.bare"), finding("key_state.bare"));
  }
  const url = isDid ? places.didDocument(owner) : places.web(owner) ? owner : null;
  if (url === null) return told(inside, unsupported);
  if (!isDid && places.origin(url) !== places.origin(issuer)) {
    return told(inside, finding("key_owner.other", { owner, issuer }));
  }
  return asked({ method, issuer, created, url, inside, isDid }, run);
}

/** The text if it is the Multikey of an Ed25519 key, else null. */
function asMultikey(text) {
  try {
    return text && publicBytes(text) ? text : null;
  } catch (error) {
    if (error instanceof KeyProblem) return null;
    throw error;
  }
}

/** The key as the issuer's own document has it; `one.inside` is the key in the method itself. */
async function asked(one, run) {
  const { url, inside, issuer } = one;
  let document;
  try {
    document = await run.document(url);
  } catch (trouble) {
    return told(inside, finding(`key_owner.${codeOf(trouble)}`, { url, why: trouble }));
  }
  if (one.isDid && member(document, "id") !== issuer) {
    const why = `it is about ${String(member(document, "id"))}`;
    return told(inside, finding("key_owner.bad_document", { url, why }));
  }
  const entry = entryOf(document, one);
  const past = await history(one, run);
  if (entry === null && !one.isDid && Object.hasOwn(document, "kty")) {
    // A bare JWK at an address of its own: nothing in it says whose it is.
    const owner = finding("key_owner.unsupported", { method: one.method });
    return told(inside, owner, finding("key_state.unknown"), NO_KEY, document);
  }
  if (entry === null) return notNamed(one, past);
  const key = publicOf(entry);
  let owner = ownerOf(document, entry, one);
  if (owner.state === "passed" && !one.isDid && url !== issuer) owner = await vouched(one, run);
  const state = stolen(past, one.method, key) || ended(entry, one.created, run);
  const jwk = JWK.includes(member(entry, "type")) ? member(entry, "publicKeyJwk") : null;
  const whyNone = key ? "" : NO_KEY;
  return told(key, owner, state || finding("key_state.ok"), whyNone, isObject(jwk) ? jwk : null);
}

function codeOf(trouble) {
  if (trouble instanceof Unreachable) return "unreachable";
  if (trouble instanceof Unreadable) return "bad_document";
  throw trouble;
}

function isMethod(entry, one) {
  const name = member(entry, "id");
  if (typeof name !== "string") return false;
  const base = one.isDid ? one.issuer : one.url;
  return (name.startsWith("#") ? base + name : name) === one.method;
}

/** The method in a document: listed, embedded where it is used, or the document itself. */
function entryOf(document, one) {
  const entries = ["verificationMethod", "assertionMethod"].flatMap((name) =>
    listed(member(document, name)),
  );
  const found = entries.find((entry) => isMethod(entry, one));
  if (found !== undefined) return found;
  const isItself = !one.isDid && member(document, "id") === one.method && publicOf(document);
  return isItself ? document : null;
}

function ownerOf(document, entry, one) {
  const controller = member(entry, "controller");
  if (controller !== one.issuer) {
    return finding("key_owner.other", { owner: controller || "nobody", issuer: one.issuer });
  }
  if (entry !== document && !maySign(document, one)) return finding("key_owner.not_for_signing");
  return finding("key_owner.ok", { host: places.hostOf(one.issuer) });
}

function maySign(document, one) {
  const at = one.method.indexOf("#");
  const names = [one.method, at < 0 ? one.method.slice(-1) : one.method.slice(at)];
  return listed(member(document, "assertionMethod")).some((use) =>
    typeof use === "string" ? names.includes(use) : isMethod(use, one),
  );
}

/**
 * Whether the issuer's own document lets a key sign that lies beside it. Many share a host such as
 * a forge's; a file there speaks only for whoever put it there.
 */
async function vouched(one, run) {
  let document;
  try {
    document = await run.document(one.issuer);
  } catch (trouble) {
    return finding(`key_owner.${codeOf(trouble)}`, { url: one.issuer, why: trouble });
  }
  if (!maySign(document, one)) return finding("key_owner.not_for_signing");
  return finding("key_owner.ok", { host: places.hostOf(one.issuer) });
}

/** The Ed25519 key of a method as a Multikey; null where it holds none that is read here. */
function publicOf(entry) {
  const kind = member(entry, "type");
  if (kind === "Multikey" || kind === "Ed25519VerificationKey2020") {
    return asMultikey(textOf(member(entry, "publicKeyMultibase")));
  }
  let raw = null;
  if (kind === "Ed25519VerificationKey2018") {
    raw = decode58(textOf(member(entry, "publicKeyBase58")) || "");
  } else if (JWK.includes(kind)) {
    const jwk = member(entry, "publicKeyJwk");
    if (member(jwk, "kty") !== "OKP" || member(jwk, "crv") !== "Ed25519") return null;
    raw = base64url(textOf(member(jwk, "x")) || "");
  }
  return raw !== null && raw.length === 32 ? asMultikey(multikey(raw)) : null;
}

/** The issuer's keys of all times, where it publishes them as we do; often nothing. */
async function history(one, run) {
  const folder = places.didWeb(one.issuer);
  if (folder === null) return [];
  try {
    const document = await run.document(`${folder}keys/index.json`);
    return listed(member(document, "keys")).filter(isObject);
  } catch (trouble) {
    codeOf(trouble);
    return [];
  }
}

/** What the issuer itself reports of a stolen key, by its name or by the key. */
function stolen(past, method, key) {
  for (const one of past) {
    const isIt = member(one, "id") === method || (key && member(one, "publicKeyMultibase") === key);
    const date = member(one, "compromised");
    if (isIt && isSomething(date)) return finding("key_state.compromised", { date });
  }
  return null;
}

/** What Python takes for true. */
function isSomething(value) {
  if (value === null || typeof value !== "object") return Boolean(value);
  return Object.keys(value).length > 0;
}

function notNamed(one, past) {
  const host = places.hostOf(one.issuer) || one.url;
  const found = stolen(past, one.method, one.inside);
  const entry = past.find((each) => member(each, "id") === one.method) || {};
  const key = found ? asMultikey(textOf(member(entry, "publicKeyMultibase"))) : null;
  const owner = finding("key_owner.not_named", { host });
  return told(key || one.inside, owner, found || finding("key_state.unknown"));
}

/** Whether the key was taken back, or had ended before it signed. */
function ended(entry, created, run) {
  const [revoked, expires] = [member(entry, "revoked"), member(entry, "expires")];
  const now = momentOf(run.now);
  if (revoked !== null) {
    const when = moment(revoked);
    if (when === null || when <= now) return finding("key_state.ended", { date: day(String(revoked)) });
  }
  if (expires !== null) {
    const [when, signed] = [moment(expires), moment(created)];
    if (when === null || (when <= now && (signed === null || signed > when))) {
      return finding("key_state.ended", { date: day(String(expires)) });
    }
  }
  return null;
}
