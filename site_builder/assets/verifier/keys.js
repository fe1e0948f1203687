// SPDX-License-Identifier: Apache-2.0
// Ed25519 keys as Multikeys, and checks of what they signed. Twin of site_builder/keys.py.

import { hex } from "./bytes.js";

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LONGEST = 200; // characters of base58 we read; a signature has 88

// Public halves of keys whose private halves are public too. No verdict on them may say "valid".
export const DENIED = new Set(["z6Mkm18xewpnFqcAkPyLPRuTVbYk9G8UYzEJABRzBKtmQiPV"]);

// Points of order 1, 2, 4 and 8, in every encoding: with one of them as a public key a signature
// can be made without any private key. Source: RFC 8032 section 5.1; list of libsodium.
const SMALL_ORDER = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]);

/** Not a key we can use; the message says why. */
export class KeyProblem extends Error {}

/** This browser has no Ed25519. */
export class NoSupport extends Error {}

/** The bytes of a base58 text; null when it is none or longer than any key or signature. */
export function decode58(text) {
  if (text.length > LONGEST) return null;
  let number = 0n;
  for (const char of text) {
    const digit = ALPHABET.indexOf(char);
    if (digit < 0) return null;
    number = number * 58n + BigInt(digit);
  }
  const bytes = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n));
  return Uint8Array.from([...Array(/^1*/.exec(text)[0].length).fill(0), ...bytes]);
}

export function encode58(bytes) {
  let number = bytes.reduce((sum, one) => sum * 256n + BigInt(one), 0n);
  let text = "";
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  const zeros = bytes.findIndex((one) => one !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + text;
}

/** The 32 bytes of an Ed25519 public key written as a Multikey; throws `KeyProblem`. */
export function publicBytes(key) {
  const value = key.startsWith("z") ? decode58(key.slice(1)) : null;
  if (value === null || value.length !== 34 || value[0] !== 0xed || value[1] !== 0x01) {
    const short = [...key].slice(0, 60).join("");
    throw new KeyProblem(`'${short}' is no Ed25519 public key as a Multikey (z6Mk...)`);
  }
  const bytes = value.slice(2);
  if (SMALL_ORDER.has(hex(bytes))) {
    throw new KeyProblem(`'${key}' is a key for which anybody can make signatures`);
  }
  return bytes;
}

/** A Multikey for 32 bytes. */
export function multikey(bytes) {
  return `z${encode58([0xed, 0x01, ...bytes])}`;
}

/**
 * The Multikey in a did:key address or verification method; null for any other.
 * `did:key:zX` and `did:key:zX#zX` name zX; a fragment that says another key names none.
 */
export function didKey(method) {
  const [did, fragment] = cut(method, "#");
  if (!did.startsWith("did:key:z")) return null;
  const key = did.slice("did:key:".length);
  return fragment === "" || fragment === key ? key : null;
}

/** What stands before and after the first mark, as Python's `partition` has it. */
export function cut(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Whether the holder of a key signed these bytes; throws `KeyProblem` or `NoSupport`. */
export async function verifySignature(key, signature, message) {
  const raw = publicBytes(key);
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (await isSupported()) return false; // no point of the curve: nothing was signed with it
    throw new NoSupport(String(error));
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

let supported;

/** Whether WebCrypto here knows Ed25519: asked with a key that is one for certain. */
export function isSupported() {
  const known = publicBytes([...DENIED][0]);
  supported ??= crypto.subtle.importKey("raw", known, { name: "Ed25519" }, false, ["verify"]).then(
    () => true,
    () => false,
  );
  return supported;
}
