// SPDX-License-Identifier: Apache-2.0
// Strangers' bytes as a JSON object or as a token, with limits. Twin of site_builder/verify/reading.py.

import { base64url, latin1, utf8 } from "./bytes.js";
import { bytesShown } from "./report.js";
import { decode, parse, Unreadable, without } from "./strict-json.js";

export const LARGEST = 1 << 20; // bytes of a credential's text
export const LARGEST_LIST = 4 << 20; // bytes of a status list, whose encoding may hold 2 MiB

const TOKEN = /^[\t-\r ]*([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)[\t-\r ]*$/;
const CLAIMS = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf"];

/** The JSON object in some bytes; throws `Unreadable`. */
export function readJson(bytes, most = LARGEST) {
  if (bytes.length > most) throw new Unreadable(`it is larger than ${bytesShown(most)}`);
  const value = parse(decode(bytes));
  if (!isObject(value)) throw new Unreadable("it is JSON, but no object");
  return value;
}

/** The parts of a compact JWT, nothing of it proven; null when the bytes do not look like one. */
export function readToken(bytes) {
  const found = bytes.length <= LARGEST ? TOKEN.exec(latin1(bytes)) : null;
  if (found === null) return null;
  const [, head, body, end] = found;
  const [header, payload] = [readJson(decoded(head)), readJson(decoded(body))];
  return { header, payload, credential: credentialIn(payload), signed: utf8(`${head}.${body}`), signature: decoded(end) };
}

/** The credential in a token's payload, without the claims of the token. */
function credentialIn(payload) {
  const inner = member(payload, "vc"); // VC-DATA-MODEL 1.1 section 6.3.1; 2.0 has it at the top
  if (isObject(inner) && Object.hasOwn(payload, "credentialSubject")) {
    throw new Unreadable("it holds one credential under 'vc' and another beside it");
  }
  const rest = CLAIMS.reduce((made, name) => without(made, name), isObject(inner) ? inner : payload);
  const lacksIssuer = inner !== null && !Object.hasOwn(rest, "issuer") && Object.hasOwn(payload, "iss");
  return lacksIssuer ? without({ issuer: payload.iss }, "iss", rest) : rest;
}

function decoded(text) {
  const bytes = base64url(text);
  if (bytes === null) throw new Unreadable("it is not base64url");
  return bytes;
}

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A value that JSON-LD lets stand alone or in a list, as a list; empty for null. */
export function listed(value) {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The value if it is a text with something in it, else null. */
export function textOf(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

/** What stands below some names; null where anything on the way is missing or no object. */
export function member(value, ...path) {
  let found = value;
  for (const name of path) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : null;
  return found;
}

/** How many values some JSON holds, itself and names of members included. */
export function valuesIn(value) {
  return counted(value, (one) => 1 + (isObject(one) ? Object.keys(one).length : 0));
}

/** How often JSON names a context, in all its objects together. */
export function contextsIn(value) {
  return counted(value, (one) => listed(member(one, "@context")).length);
}

/** The sum of what `weigh` says of a value and of all those inside it. */
function counted(value, weigh) {
  let number = 0;
  const waiting = [value];
  while (waiting.length) {
    const one = waiting.pop();
    number += weigh(one);
    if (one !== null && typeof one === "object") for (const each of Object.values(one)) waiting.push(each);
  }
  return number;
}
