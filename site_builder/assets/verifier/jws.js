// SPDX-License-Identifier: Apache-2.0
// Signatures of other people's tokens, by keys given as JWK. Twin of `verify_jws` in
// site_builder/keys.py. Source: RFC 7518, sections 3.3, 3.4, 6.2.1 and 6.3.1.

import { base64url, latin1 } from "./bytes.js";
import { KeyProblem } from "./keys.js";

const NUMBER = /^[A-Za-z0-9_-]{1,1400}$/;
const SMALLEST_RSA = 2048; // bits
const LARGEST_RSA = 8192;

/** Whether the holder of a JWK signed these bytes; throws `KeyProblem` where it is no such key. */
export async function verifyJws(kind, jwk, signature, message) {
  if (kind === "RS256" && own(jwk, "kty") === "RSA") {
    const how = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const key = await imported("jwk", rsaKey(jwk), how);
    return crypto.subtle.verify(how, key, signature, message);
  }
  if (kind === "ES256" && own(jwk, "kty") === "EC" && own(jwk, "crv") === "P-256") {
    const key = await imported("raw", point(jwk), { name: "ECDSA", namedCurve: "P-256" });
    const halves = [signature.subarray(0, 32), signature.subarray(32)];
    const isLawful = signature.length === 64 && halves.every((half) => half.some((one) => one !== 0));
    const how = { name: "ECDSA", hash: "SHA-256" };
    return isLawful && crypto.subtle.verify(how, key, signature, message);
  }
  throw new KeyProblem(`this is no key for signatures of the kind '${kind}'`);
}

function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

async function imported(format, key, how) {
  try {
    return await crypto.subtle.importKey(format, key, how, false, ["verify"]);
  } catch {
    throw new KeyProblem("these numbers make no key");
  }
}

/** A number of a JWK as bytes, without zeros before them. */
function number(jwk, name) {
  const text = own(jwk, name);
  const bytes = typeof text === "string" && NUMBER.test(text) ? base64url(text) : null;
  if (bytes === null) throw new KeyProblem(`the key's '${name}' is no number`);
  const start = bytes.findIndex((one) => one !== 0);
  return start < 0 ? new Uint8Array(0) : bytes.subarray(start);
}

function rsaKey(jwk) {
  const [e, n] = [number(jwk, "e"), number(jwk, "n")];
  const bits = n.length ? 8 * n.length - Math.clz32(n[0]) + 24 : 0;
  if (bits < SMALLEST_RSA || bits > LARGEST_RSA) {
    throw new KeyProblem("the RSA key has too few bits, or too many");
  }
  const isLawful = e.length > 0 && e[e.length - 1] % 2 === 1 && !(e.length === 1 && e[0] < 3);
  if (!isLawful || e.length > n.length) throw new KeyProblem("these numbers make no key");
  return { kty: "RSA", e: encoded(e), n: encoded(n) };
}

function encoded(bytes) {
  return btoa(latin1(bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The point as 65 bytes, uncompressed. */
function point(jwk) {
  const raw = new Uint8Array(65);
  raw[0] = 4;
  [number(jwk, "x"), number(jwk, "y")].forEach((one, place) => {
    if (one.length > 32) throw new KeyProblem("these numbers make no key");
    raw.set(one, 33 + 32 * place - one.length);
  });
  return raw;
}
