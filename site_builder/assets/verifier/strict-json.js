// SPDX-License-Identifier: Apache-2.0
// JSON read so that every reader sees the same: UTF-8, no member twice, no number that another
// program would round. Twin of site_builder/verify's strict reader.

const DEEPEST = 64;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const LONE = /[\ud800-\udfff]/u; // with the flag a pair counts as one character
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
// JavaScript puts members such as "7" before all others; what is found first must not depend on it.
const INDEX = /^(?:0|[1-9][0-9]*)$/;
const orders = new WeakMap();

/** The file cannot be read as JSON; the message says why, without a full stop. */
export class Unreadable extends Error {}

/** The member names of a parsed object, in the order of the text. */
export function namesOf(object) {
  return orders.get(object) || Object.keys(object);
}

/** A copy of an object without one member, with `more` before the others. */
export function without(object, name, more = {}) {
  const order = [...Object.keys(more), ...namesOf(object).filter((one) => !Object.hasOwn(more, one))];
  const kept = order.filter((one) => one !== name);
  const found = {};
  for (const one of kept) {
    const value = Object.hasOwn(object, one) ? object[one] : more[one];
    own(found, one, value);
  }
  if (kept.some((one) => INDEX.test(one))) orders.set(found, kept);
  return found;
}

/** Whether two JSON values are the same. */
export function same(one, other) {
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((value, index) => same(value, other[index]));
  }
  if (one === null || typeof one !== "object") return one === other;
  if (other === null || typeof other !== "object" || Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && same(one[name], other[name]));
}

/** Bytes as text; throws `Unreadable`. One byte order mark is dropped. */
export function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable("it is not UTF-8 text");
  }
}

/** The value a JSON text stands for; throws `Unreadable`. */
export function parse(text) {
  const reader = new Reader(text);
  const value = reader.value(1);
  reader.space();
  if (reader.at < text.length) reader.fail();
  return value;
}

/** Sets a member, also one named `__proto__`, which an assignment would make the prototype. */
function own(object, name, value) {
  const how = { value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(object, name, how);
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail(why = "it is not JSON") {
    throw new Unreadable(why);
  }

  space() {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at += 1;
    }
  }

  /** Whether the next character is this one, which is then behind us. */
  took(char) {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  word(word, value) {
    if (!this.text.startsWith(word, this.at)) this.fail();
    this.at += word.length;
    return value;
  }

  value(depth) {
    this.space();
    const char = this.text[this.at];
    if (char === "{" || char === "[") {
      if (depth > DEEPEST) this.fail(`it is nested more than ${DEEPEST} deep`);
      this.at += 1;
      return char === "{" ? this.object(depth) : this.list(depth);
    }
    if (char === '"') return this.string();
    if (char === "t") return this.word("true", true);
    if (char === "f") return this.word("false", false);
    if (char === "n") return this.word("null", null);
    return this.number();
  }

  object(depth) {
    const found = {};
    const names = new Set();
    if (this.took("}")) return found;
    do {
      this.space();
      if (this.text[this.at] !== '"') this.fail();
      const name = this.string();
      if (names.has(name)) this.fail("it says something twice");
      names.add(name);
      if (!this.took(":")) this.fail();
      const value = this.value(depth + 1);
      own(found, name, value);
    } while (this.took(","));
    if (!this.took("}")) this.fail();
    const order = [...names];
    if (order.some((one) => INDEX.test(one))) orders.set(found, order);
    return found;
  }

  list(depth) {
    const found = [];
    if (this.took("]")) return found;
    do {
      found.push(this.value(depth + 1));
    } while (this.took(","));
    if (!this.took("]")) this.fail();
    return found;
  }

  string() {
    let found = "";
    this.at += 1;
    for (;;) {
      PLAIN.lastIndex = this.at;
      found += PLAIN.exec(this.text)[0];
      this.at = PLAIN.lastIndex;
      const char = this.text[this.at];
      this.at += 1;
      if (char === '"') break;
      if (char !== "\\") this.fail();
      found += this.escaped();
    }
    if (LONE.test(found)) this.fail("it holds half a character");
    return found;
  }

  escaped() {
    const char = this.text[this.at];
    this.at += 1;
    if (char === "u") {
      const digits = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9A-Fa-f]{4}$/.test(digits)) this.fail();
      this.at += 4;
      return String.fromCharCode(parseInt(digits, 16));
    }
    if (char === undefined || !Object.hasOwn(ESCAPES, char)) this.fail();
    return ESCAPES[char];
  }

  number() {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) this.fail();
    this.at = NUMBER.lastIndex;
    const value = Number(match[0]);
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      this.fail("it holds a number too large to be read the same everywhere");
    }
    return value + 0; // "-0" is 0
  }
}
