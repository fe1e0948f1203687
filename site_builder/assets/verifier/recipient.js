// SPDX-License-Identifier: Apache-2.0
// Who a credential was issued to: the name it gives, or whether it fits what was asked for. Twin of
// site_builder/verify/recipient.py. Source: Open Badges 3.0 and 2.0, IdentityObject.

import { hex, sha256 } from "./bytes.js";
import { listed, member, textOf } from "./reading.js";
import { finding } from "./report.js";

const EMAIL = ["email", "emailAddress"];
const NAME = ["name"];
const SPACES = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/** The identifiers of an Open Badges 3.0 subject that can be read: {kind, value, isHashed, salt}. */
export function identities(subject) {
  return listed(member(subject, "identifier")).flatMap((one) => {
    const [value, isHashed] = [textOf(member(one, "identityHash")), member(one, "hashed")];
    if (value === null || typeof isHashed !== "boolean") return [];
    const kind = textOf(member(one, "identityType")) || "";
    return [{ kind, value, isHashed, salt: textOf(member(one, "salt")) || "" }];
  });
}

/** The holder's name in clear, where there is one. */
export function nameOf(given) {
  const found = given.find((one) => NAME.includes(one.kind) && !one.isHashed);
  return found === undefined ? null : found.value;
}

/** Who it was issued to, or whether that is who was asked for; null when nobody was. */
export async function judge(given, asked) {
  if (asked === null) {
    const name = nameOf(given);
    return name ? finding("recipient.named", { name }) : finding("recipient.nameless");
  }
  const fitting = await Promise.all(given.map((one) => fits(one, asked)));
  if (fitting.includes(true)) return finding("recipient.matches");
  const kinds = asked.includes("@") ? EMAIL : NAME;
  const isComparable = (one) => !one.isHashed || one.value.startsWith("sha256$");
  if (given.some((one) => kinds.includes(one.kind) && isComparable(one))) {
    return finding("recipient.differs");
  }
  return finding("recipient.cannot_tell");
}

async function fits(one, asked) {
  if (!one.isHashed) return plain(one.value) === plain(asked);
  const words = spaced(asked);
  const spelled = [words, words.toLowerCase()].map((text) => sha256(text + one.salt));
  const hashes = (await Promise.all(spelled)).map((digest) => `sha256$${hex(digest)}`);
  return hashes.includes(one.value.toLowerCase());
}

function spaced(text) {
  return text.split(SPACES).filter((word) => word !== "").join(" ");
}

/** A text without what writers differ in: case, composed letters, spaces. */
function plain(text) {
  // To capitals and back is Unicode's case folding, but for the capital sharp s, which has no other
  // way back, and for the dotless i, which stays itself.
  const parts = text.normalize("NFC").replace(/\u1e9e/g, "ss").split("\u0131");
  const folded = parts.map((part) => part.toUpperCase().toLowerCase().replace(/\u03c2/g, "\u03c3"));
  return spaced(folded.join("\u0131").normalize("NFC"));
}
