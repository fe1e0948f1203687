// SPDX-License-Identifier: Apache-2.0
// The badge elements of a drawing. A small reader of XML without entities of its own: the browser's
// (DOMParser) would need a page, and a policy for trusted types. Twin of `_unbake_svg` in
// site_builder/baking.py. Source: XML 1.0 fifth edition; Namespaces in XML 1.0.

import { bytesShown } from "./report.js";

const ELEMENTS = new Map([
  ["https://purl.imsglobal.org/ob/v3p0 credential", "ob3"],
  ["http://openbadges.org assertion", "ob2"],
]);
const XML = "http://www.w3.org/XML/1998/namespace";
const NAME_START =
  "A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d" +
  "\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}";
const PART = `[${NAME_START}][${NAME_START}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040]*`;
const FULL = `${PART}(?::${PART})?`;
const NAME = new RegExp(FULL, "uy");
const SPACE = /[ \t\r\n]*/y;
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/u;
const ENTITIES = { lt: "<", gt: ">", amp: "&", apos: "'", quot: '"' };

/** Why a drawing cannot be read: the end of a sentence that begins "The picture". */
export class BadDrawing extends Error {}

/** The badges in a drawing as [{kind, text}]. */
export function badgesOf(text, most) {
  return new Drawing(text.replace(/\r\n?/g, "\n"), most).badges();
}

class Drawing {
  constructor(text, most) {
    Object.assign(this, { text, most, at: 0, open: [], inside: null, found: [], hasRoot: false });
  }

  badges() {
    if (FORBIDDEN.test(this.text)) this.bad();
    if (/^<\?xml[ \t\n]/.test(this.text)) this.declaration();
    while (this.at < this.text.length) this.next();
    if (!this.hasRoot || this.open.length) this.bad();
    return this.found;
  }

  bad(why = "is not well-formed XML") {
    throw new BadDrawing(why);
  }

  declaration() {
    const value = (name, form) => `[ \\t\\n]+${name}[ \\t\\n]*=[ \\t\\n]*(?:"${form}"|'${form}')`;
    const encoding = value("encoding", "[A-Za-z][A-Za-z0-9._-]*");
    const rest = `(?:${encoding})?(?:${value("standalone", "(?:yes|no)")})?`;
    const version = value("version", "[A-Za-z0-9._-]+");
    const found = new RegExp(`^<\\?xml${version}${rest}[ \\t\\n]*\\?>`).exec(this.text);
    if (found === null) this.bad();
    this.at = found[0].length;
    this.isAlone = /standalone[^?]*yes/.test(found[0]);
  }

  starts(mark) {
    return this.text.startsWith(mark, this.at);
  }

  /** The text up to a mark, both behind us. */
  upTo(mark, from) {
    const end = this.text.indexOf(mark, from);
    if (end < 0) this.bad();
    this.at = end + mark.length;
    return this.text.slice(from, end);
  }

  next() {
    if (!this.starts("<")) this.characters();
    else if (this.starts("<!--")) {
      this.upTo("--", this.at + 4);
      if (!this.starts(">")) this.bad();
      this.at += 1;
    } else if (this.starts("<![CDATA[")) {
      if (!this.open.length) this.bad();
      this.add(this.upTo("]]>", this.at + 9));
    } else if (this.starts("<?")) this.instruction();
    else if (this.starts("<!DOCTYPE")) this.documentType();
    else if (this.starts("</")) this.end();
    else this.start();
  }

  instruction() {
    this.at += 2;
    const target = this.name();
    if (target.includes(":") || /^xml$/i.test(target)) this.bad();
    if (!this.starts("?>") && !/[ \t\n]/.test(this.text[this.at] || "")) this.bad();
    this.upTo("?>", this.at);
  }

  documentType() {
    if (this.hasRoot || this.hasType) this.bad();
    this.hasType = true;
    const id = "(?:\"[^\"]*\"|'[^']*')";
    const name = "(?:\"[- \\n\\w'()+,./:=?;!*#@$%]*\"|'[- \\n\\w()+,./:=?;!*#@$%]*')";
    const outer = `[ \\t\\n]+(?:SYSTEM[ \\t\\n]+${id}|PUBLIC[ \\t\\n]+${name}[ \\t\\n]+${id})`;
    const found = new RegExp(`<!DOCTYPE[ \\t\\n]+${FULL}(${outer})?[ \\t\\n]*([>[])`, "uy");
    found.lastIndex = this.at;
    const match = found.exec(this.text);
    if (match === null) this.bad();
    if (match[2] === "[") this.bad("defines entities, which may stand for anything");
    this.isOpen = match[1] !== undefined && !this.isAlone; // it may define what we do not see
    this.at = found.lastIndex;
  }

  name() {
    NAME.lastIndex = this.at;
    const match = NAME.exec(this.text);
    if (match === null) this.bad();
    this.at = NAME.lastIndex;
    return match[0];
  }

  space() {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    const had = SPACE.lastIndex > this.at;
    this.at = SPACE.lastIndex;
    return had;
  }

  characters() {
    const end = this.text.indexOf("<", this.at);
    const piece = this.text.slice(this.at, end < 0 ? this.text.length : end);
    this.at += piece.length;
    if (!this.open.length) {
      if (/[^ \t\n]/.test(piece)) this.bad();
    } else {
      if (piece.includes("]]>")) this.bad();
      this.add(this.resolved(piece));
    }
  }

  /** A text with its references resolved; `unknown` is for those only a foreign DTD could define. */
  resolved(piece, unknown = () => this.bad("uses an entity it does not define")) {
    return piece.replace(/&(?:#x([0-9A-Fa-f]+);|#([0-9]+);|([^;&<\s]+);)?/g, (_, hex, number, name) => {
      if (name !== undefined) {
        if (Object.hasOwn(ENTITIES, name)) return ENTITIES[name];
        return this.isOpen ? unknown() : this.bad();
      }
      const code = hex !== undefined ? parseInt(hex, 16) : parseInt(number, 10);
      if (!(code > 0 && code <= 0x10ffff)) this.bad();
      const char = String.fromCodePoint(code);
      return FORBIDDEN.test(char) ? this.bad() : char;
    });
  }

  add(text) {
    if (this.inside !== null) this.inside.text += text;
  }

  start() {
    this.at += 1;
    const tag = this.name();
    const attributes = this.attributes();
    const isEmpty = this.starts("/>");
    if (!isEmpty && !this.starts(">")) this.bad();
    this.at += isEmpty ? 2 : 1;
    const scope = this.scope(attributes);
    const meant = this.expanded(tag, scope, true);
    this.refuseTwins(attributes, scope);
    if (!this.open.length && this.hasRoot) this.bad();
    if (!this.open.length && !["svg", "http://www.w3.org/2000/svg svg"].includes(meant)) {
      this.bad("is not an SVG drawing");
    }
    if (this.inside !== null) this.bad("holds a badge with other elements in its text");
    this.hasRoot = true;
    this.open.push({ tag, scope });
    const kind = ELEMENTS.get(meant);
    if (kind !== undefined) this.inside = { kind, verify: attributes.get("verify") || "", text: "" };
    if (isEmpty) this.close();
  }

  attributes() {
    const found = new Map();
    while (this.space() && !this.starts("/>") && !this.starts(">")) {
      const name = this.name();
      this.space();
      if (!this.starts("=")) this.bad();
      this.at += 1;
      this.space();
      const quote = this.text[this.at];
      if ((quote !== '"' && quote !== "'") || found.has(name)) this.bad();
      const raw = this.upTo(quote, this.at + 1);
      if (raw.includes("<")) this.bad();
      found.set(name, this.resolved(raw.replace(/[\t\n]/g, " "), () => ""));
    }
    return found;
  }

  /** The namespaces inside an element, by prefix. */
  scope(attributes) {
    const outer = this.open.length ? this.open[this.open.length - 1].scope : new Map([["xml", XML]]);
    const declared = [...attributes].filter(([name]) => /^xmlns(?::|$)/.test(name));
    if (!declared.length) return outer;
    const inner = new Map(outer);
    for (const [name, value] of declared) {
      const prefix = name.slice(6);
      if (prefix === "xmlns" || (prefix === "xml") !== (value === XML)) this.bad();
      if (prefix !== "" && value === "") this.bad();
      inner.set(prefix, value);
    }
    return inner;
  }

  /** A name with its namespace before it, as expat has it. */
  expanded(name, scope, isElement) {
    const [prefix, local] = name.includes(":") ? name.split(":") : ["", name];
    if (prefix !== "" && !scope.has(prefix)) this.bad();
    const space = prefix !== "" || isElement ? scope.get(prefix) : undefined;
    return space ? `${space} ${local}` : local;
  }

  refuseTwins(attributes, scope) {
    const names = [...attributes.keys()].filter((name) => !/^xmlns(?::|$)/.test(name));
    const meant = names.map((name) => this.expanded(name, scope, false));
    if (new Set(meant).size < meant.length) this.bad();
  }

  end() {
    this.at += 2;
    const tag = this.name();
    this.space();
    if (!this.starts(">") || !this.open.length || this.open[this.open.length - 1].tag !== tag) this.bad();
    this.at += 1;
    this.close();
  }

  close() {
    this.open.pop();
    if (this.inside === null) return;
    // Open Badges 2.0 gives the address beside the assertion; only without one it is the badge.
    const text = stripped(this.inside.text) || stripped(this.inside.verify);
    if (new TextEncoder().encode(text).length > this.most) {
      this.bad(`holds a badge whose text has more than ${bytesShown(this.most)}`);
    }
    this.found.push({ kind: this.inside.kind, text });
    this.inside = null;
  }
}

const BLANKS = "[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";

/** A text without the spaces around it, as Python counts spaces. */
export function stripped(text) {
  return text.replace(new RegExp(`^${BLANKS}`), "").replace(new RegExp(`${BLANKS}$`), "");
}
