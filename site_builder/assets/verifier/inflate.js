// SPDX-License-Identifier: Apache-2.0
// Compressed bytes read here and not by the browser's DecompressionStream: browsers disagree on
// what may follow the end, and a limit must hold before the memory is spent.
// Source: RFC 1951 (deflate), RFC 1950 (zlib), RFC 1952 (gzip).

import { adler32, crc32 } from "./bytes.js";

/** The compressed bytes are damaged or cut short. */
export class Damaged extends Error {}

/** There is more in them than was asked for. */
export class TooLong extends Error {}

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83]
  .concat([99, 115, 131, 163, 195, 227, 258]);
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]
  .concat([5, 5, 5, 5, 0]);
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769]
  .concat([1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577]);
const distanceBits = (symbol) => (symbol < 2 ? 0 : (symbol >> 1) - 1);

/** What a gzip file of one member holds, and nothing may follow it. */
export function gunzip(packed, most) {
  if (packed.length < 18 || packed[0] !== 31 || packed[1] !== 139 || packed[2] !== 8) fail();
  const flags = packed[3];
  if (flags & 0xe0) fail();
  let at = 10;
  if (flags & 4) at += 2 + packed[at] + 256 * packed[at + 1];
  for (const flag of [8, 16]) if (flags & flag) at = packed.indexOf(0, at) + 1 || fail();
  if (flags & 2) {
    if (packed[at] + 256 * packed[at + 1] !== (crc32(packed.subarray(0, at)) & 0xffff)) fail();
    at += 2;
  }
  const reader = new Inflater(packed, at, most, 32768);
  const bytes = reader.all();
  const end = reader.at;
  if (packed.length !== end + 8) fail();
  const view = new DataView(packed.buffer, packed.byteOffset);
  const [sum, size] = [view.getUint32(end, true), view.getUint32(end + 4, true)];
  if (sum !== crc32(bytes) || size !== bytes.length) fail();
  return bytes;
}

/** What zlib's format holds; whatever follows it is left alone. */
export function unzlib(packed, most) {
  const [method, flags] = packed;
  const isLawful = (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0;
  if (packed.length < 2 || !isLawful || flags & 32) fail();
  const reader = new Inflater(packed, 2, most, 1 << ((method >> 4) + 8));
  const bytes = reader.all();
  if (reader.at + 4 > packed.length) fail();
  const view = new DataView(packed.buffer, packed.byteOffset);
  if (view.getUint32(reader.at) !== adler32(bytes)) fail();
  return bytes;
}

function fail() {
  throw new Damaged("it is not compressed as it should be");
}

/** Codes of a table by their lengths: how many of each length, and the symbols in order. */
function table(lengths, mayBeOne) {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length] += 1;
  let left = 1;
  for (let length = 1; length < 16; length += 1) {
    left = 2 * left - counts[length];
    if (left < 0) fail();
  }
  const used = lengths.length - counts[0];
  if (left > 0 && !(mayBeOne && used <= 1 && (used === 0 || counts[1] === 1))) fail();
  counts[0] = 0;
  const starts = new Uint16Array(17);
  for (let length = 1; length < 16; length += 1) starts[length + 1] = starts[length] + counts[length];
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length) symbols[starts[length]++] = symbol;
  });
  return { counts, symbols };
}

function fixed() {
  const range = (count, length) => Array(count).fill(length);
  const literals = [...range(144, 8), ...range(112, 9), ...range(24, 7), ...range(8, 8)];
  return [table(literals, false), table(range(32, 5), false)];
}

class Inflater {
  constructor(packed, at, most, window) {
    this.packed = packed;
    this.at = at;
    this.most = most;
    this.window = window;
    this.held = 0;
    this.count = 0;
    this.bytes = new Uint8Array(Math.min(most, Math.max(1024, packed.length * 8)));
    this.size = 0;
  }

  all() {
    let isLast;
    do {
      isLast = this.bits(1);
      const kind = this.bits(2);
      if (kind === 0) this.stored();
      else if (kind === 1) this.block(...fixed());
      else if (kind === 2) this.block(...this.dynamic());
      else fail();
    } while (!isLast);
    return this.bytes.subarray(0, this.size);
  }

  bits(wanted) {
    while (this.count < wanted) {
      if (this.at >= this.packed.length) fail();
      this.held |= this.packed[this.at] << this.count;
      this.at += 1;
      this.count += 8;
    }
    const value = this.held & ((1 << wanted) - 1);
    this.held >>>= wanted;
    this.count -= wanted;
    return value;
  }

  symbol({ counts, symbols }) {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length < 16; length += 1) {
      code |= this.bits(1);
      const count = counts[length];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return fail();
  }

  /** Room for some more bytes. */
  grow(more) {
    const size = this.size + more;
    if (size > this.most) throw new TooLong("it is larger than it need be");
    if (size <= this.bytes.length) return;
    const wider = new Uint8Array(Math.min(this.most, Math.max(size, 2 * this.bytes.length)));
    wider.set(this.bytes.subarray(0, this.size));
    this.bytes = wider;
  }

  stored() {
    this.held = 0;
    this.count = 0;
    const head = this.packed.subarray(this.at, this.at + 4);
    const length = head[0] + 256 * head[1];
    if (head.length < 4 || length + head[2] + 256 * head[3] !== 65535) fail();
    this.at += 4;
    if (this.at + length > this.packed.length) fail();
    this.grow(length);
    this.bytes.set(this.packed.subarray(this.at, this.at + length), this.size);
    this.at += length;
    this.size += length;
  }

  dynamic() {
    const [literals, distances, codes] = [this.bits(5) + 257, this.bits(5) + 1, this.bits(4) + 4];
    if (literals > 286 || distances > 30) fail();
    const lengths = Array(19).fill(0);
    for (let one = 0; one < codes; one += 1) lengths[ORDER[one]] = this.bits(3);
    const coder = table(lengths, false);
    const all = [];
    while (all.length < literals + distances) {
      const symbol = this.symbol(coder);
      if (symbol < 16) {
        all.push(symbol);
        continue;
      }
      if (symbol === 16 && !all.length) fail();
      const value = symbol === 16 ? all[all.length - 1] : 0;
      const times = symbol === 18 ? 11 + this.bits(7) : 3 + this.bits(symbol - 14);
      for (let one = 0; one < times; one += 1) all.push(value);
    }
    if (all.length > literals + distances || all[256] === 0) fail();
    return [table(all.slice(0, literals), true), table(all.slice(literals), true)];
  }

  block(literals, distances) {
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.grow(1);
        this.bytes[this.size] = symbol;
        this.size += 1;
        continue;
      }
      if (symbol > 285) fail();
      const length = LENGTHS[symbol - 257] + this.bits(LENGTH_BITS[symbol - 257]);
      const far = this.symbol(distances);
      if (far > 29) fail();
      const distance = DISTANCES[far] + this.bits(distanceBits(far));
      if (distance > this.size || distance > this.window) fail();
      this.grow(length);
      for (let one = 0; one < length; one += 1, this.size += 1) {
        this.bytes[this.size] = this.bytes[this.size - distance];
      }
    }
  }
}
