// SPDX-License-Identifier: Apache-2.0
// What the terms of a JSON-LD context mean, as far as credentials use JSON-LD: twin of
// site_builder/proofs/terms.py, for vendored contexts, which use no @import, @base, @nest, @reverse
// or @propagate. Source: JSON-LD 1.1 Processing Algorithms and API, sections 4.1, 4.2 and 5.2.

const NONE = new Map();

/** An active context: terms by name, and the context nested objects return to. */
export class Active {
  constructor(terms = NONE, vocab = null, previous = null) {
    this.terms = terms;
    this.vocab = vocab;
    this.previous = previous;
    this.memo = new Map();
    this.known = {}; // what safe.js works out of the terms once
  }

  /** The meaning of a key; null where it has none. */
  find(name) {
    const term = this.terms.get(name);
    if (term !== undefined) return term.iri === null ? null : term;
    if (name.startsWith("@")) return made(name);
    return this.vocab !== null && !name.includes(":") ? made(this.vocab + name) : null;
  }

  /** The context inside the value of a property: this one, or what the term brings. */
  inside(name) {
    const term = this.terms.get(name);
    if (term === undefined || term.scoped === undefined) return this;
    return this.kept(`property ${name}`, () => extend(this, term.scoped));
  }

  /** The context inside an object of a type; objects nested in it return to this one. */
  forType(name, scope) {
    return this.kept(`type ${name}`, () => {
      const inner = extend(this, scope.scoped);
      return new Active(inner.terms, inner.vocab, this.previous || this);
    });
  }

  kept(key, make) {
    if (!this.memo.has(key)) this.memo.set(key, make());
    return this.memo.get(key);
  }
}

function made(iri, coercion = null, containers = [], scoped = undefined) {
  return { iri, coercion, containers, scoped };
}

/** The context after a local one: an object, a list of them, or null for a fresh start. */
export function extend(active, local) {
  let found = active;
  for (const one of Array.isArray(local) ? local : [local]) {
    found = one === null ? new Active() : oneMore(found, one);
  }
  return found;
}

function oneMore(active, local) {
  const vocab = Object.hasOwn(local, "@vocab") ? local["@vocab"] : active.vocab;
  return new Active(new Definitions(active.terms, local, vocab).all(), vocab, active.previous);
}

/** Terms of one local context over those before it; a term may use one defined after it. */
class Definitions {
  constructor(before, local, vocab) {
    this.terms = new Map(before);
    this.local = local;
    this.vocab = vocab;
    this.begun = new Set();
  }

  all() {
    for (const name of Object.keys(this.local)) this.define(name);
    return this.terms;
  }

  define(name) {
    if (name.startsWith("@") || this.begun.has(name) || !Object.hasOwn(this.local, name)) return;
    this.begun.add(name);
    const given = this.local[name];
    this.terms.delete(name);
    if (given === null) {
      this.terms.set(name, made(null));
      return;
    }
    const one = typeof given === "string" ? { "@id": given } : given;
    const containers = one["@container"] ?? [];
    const coercion = one["@type"];
    const term = made(
      this.expand(one["@id"] === undefined ? name : one["@id"], name),
      coercion ? this.expand(coercion, name) : null,
      typeof containers === "string" ? [containers] : containers,
      one["@context"],
    );
    this.terms.set(name, term);
  }

  /** The IRI or keyword a value of the context stands for; null for none. */
  expand(value, name) {
    if (value === null || value.startsWith("@")) return value;
    if (value !== name) {
      this.define(value);
      const term = this.terms.get(value);
      if (term !== undefined) return term.iri;
    }
    const colon = value.indexOf(":");
    if (colon < 0) return this.vocab !== null ? this.vocab + value : null;
    const [prefix, rest] = [value.slice(0, colon), value.slice(colon + 1)];
    this.define(prefix);
    const term = this.terms.get(prefix);
    const known = term !== undefined && !rest.startsWith("//") ? term.iri : null;
    return known !== null ? known + rest : value;
  }
}
