// SPDX-License-Identifier: Apache-2.0
// Badges inside pictures, read as bytes: nothing is drawn or run. Twin of `unbake` in
// site_builder/baking.py. Source: Open Badges 3.0 section 5.3; Baking Specification 2.0; PNG 11.3.3.

import { crc32, latin1 } from "./bytes.js";
import { Damaged, TooLong, unzlib } from "./inflate.js";
import { bytesShown } from "./report.js";
import { decode, Unreadable } from "./strict-json.js";
import { badgesOf, BadDrawing } from "./svg.js";

export const LARGEST = 5 << 20; // bytes of a picture that is read
const SIGNATURE = "\x89PNG\r\n\x1a\n";
const KEYWORDS = new Map([
  ["openbadges", "ob2"],
  ["openbadgecredential", "ob3"],
  ["clrcredential", "clr"],
]);
const TEXT_CHUNKS = ["iTXt", "tEXt", "zTXt"];
const FIRST_ELEMENT = /<((?:[A-Za-z0-9_.-]+:)?svg)[\t-\r />]|<[A-Za-z_]/;

/** Why a picture's badge cannot be read: the end of a sentence that begins "The picture". */
export class BadPicture extends Error {}

/** Whether the bytes begin like a PNG, or like an XML text whose first element is `svg`. */
export function isPicture(bytes) {
  const start = latin1(bytes.subarray(0, 65536));
  if (start.startsWith(SIGNATURE.slice(0, 4))) return true;
  const text = start.startsWith("\xef\xbb\xbf") ? start.slice(3) : start;
  if (!/^[\t-\r ]*</.test(text.slice(0, 4096))) return false;
  const found = FIRST_ELEMENT.exec(start);
  return found !== null && found[1] !== undefined;
}

/** The badges in a picture as [{kind, text}], kind ob3, ob2 or clr; throws `BadPicture`. */
export function unbake(bytes, most = 1 << 20) {
  if (bytes.length > LARGEST) {
    throw new BadPicture(`has ${bytesShown(bytes.length)}; at most ${bytesShown(LARGEST)} are read`);
  }
  if (!isPicture(bytes)) throw new BadPicture("is neither PNG nor SVG");
  const found = new Map();
  // One after the other: 5 MiB of a PNG may hold thousands of badges of 1 MiB each.
  for (const one of bytes[0] === 0x89 ? ofPng(bytes, most) : ofSvg(bytes, most)) {
    if (found.has(one.kind)) {
      throw new BadPicture("holds more than one badge of the same kind, so none can be relied on");
    }
    found.set(one.kind, one);
  }
  return [...found.values()];
}

function* ofPng(bytes, most) {
  if (latin1(bytes.subarray(0, 8)) !== SIGNATURE) {
    throw new BadPicture("is not a PNG, or was changed on its way as if it were text");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  for (let kind = ""; kind !== "IEND"; ) {
    if (at + 12 > bytes.length) throw new BadPicture("is cut short");
    const length = view.getUint32(at);
    const end = at + 12 + length;
    kind = latin1(bytes.subarray(at + 4, at + 8));
    if (end > bytes.length) throw new BadPicture("is cut short");
    if (at === 8 && (kind !== "IHDR" || length !== 13)) {
      throw new BadPicture("does not begin as a PNG must");
    }
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw new BadPicture("is damaged: a checksum in it is wrong");
    }
    const body = bytes.subarray(at + 8, end - 4);
    const badge = TEXT_CHUNKS.includes(kind) ? badgeKind(bytes.subarray(at + 8, at + 88)) : undefined;
    if (badge !== undefined) yield { kind: badge, text: textOf(kind, body, most) };
    at = end;
  }
}

/** What badge a text chunk that begins so holds, if any. */
function badgeKind(start) {
  const end = start.indexOf(0);
  return end < 0 ? undefined : KEYWORDS.get(latin1(start.subarray(0, end)));
}

/** The text of a badge's chunk, inflated where it is compressed. */
function textOf(kind, body, most) {
  const rest = body.subarray(after(body, 0));
  let [isPacked, method, text] = [kind === "zTXt", 0, rest];
  if (kind === "zTXt") {
    method = rest[0];
    text = rest.subarray(1);
  } else if (kind === "iTXt") {
    isPacked = rest[0] === 1;
    method = rest[1];
    const language = after(rest, 2);
    const translated = language && after(rest, language);
    if (!(rest[0] <= 1) || !translated) {
      throw new BadPicture("holds a badge whose text is not laid out as PNG says");
    }
    text = rest.subarray(translated);
  }
  if (isPacked) {
    if (method !== 0) throw new BadPicture("holds a badge whose text is packed in an unknown way");
    text = inflated(text, most);
  }
  if (text.length > most) throw tooLong(most);
  try {
    return decodeWhole(text);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (kind === "iTXt") throw new BadPicture("holds a badge whose text is not UTF-8");
    return latin1(text); // what tEXt and zTXt are by the letter, and seldom in fact
  }
}

/** The place behind the next zero byte; 0 where there is none. */
function after(bytes, from) {
  return bytes.indexOf(0, from) + 1;
}

/** UTF-8 with its byte order mark, if it has one: whoever reads the text decides. */
function decodeWhole(bytes) {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return (hasMark ? "\ufeff" : "") + decode(bytes);
}

function tooLong(most) {
  return new BadPicture(`holds a badge whose text has more than ${bytesShown(most)}`);
}

function inflated(packed, most) {
  try {
    return unzlib(packed, most);
  } catch (error) {
    if (error instanceof TooLong) throw tooLong(most);
    if (!(error instanceof Damaged)) throw error;
    throw new BadPicture("holds a badge whose packed text is damaged");
  }
}

function ofSvg(bytes, most) {
  let text;
  try {
    text = decode(bytes);
  } catch {
    throw new BadPicture("is not UTF-8 text");
  }
  try {
    return badgesOf(text, most);
  } catch (error) {
    if (error instanceof BadDrawing) throw new BadPicture(error.message);
    throw error;
  }
}
