// SPDX-License-Identifier: Apache-2.0
// Own safe-mode check: everything a JSON-LD document says must reach the bytes that are signed, in
// the spelling a reader of plain JSON expects. Twin of site_builder/proofs/safe.py, in its order:
// the first fault decides the verdict.

import { addressesOf, allAddresses, contextAt, shown } from "./contexts.js";
import { namesOf, same } from "./strict-json.js";
import { Active, extend } from "./terms.js";

const DEEPEST = 40;
// Control characters but for tab, line feed and carriage return, and what XML 1.1 does not count
// as characters: libraries disagree on how to write them.
const UNSIGNABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]/u;
const PLAIN = "A-Za-z0-9\\-._~!$&'()*+,;=";
const FOREIGN =
  "\\u00a0-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef\\u{10000}-\\u{1fffd}\\u{20000}-\\u{2fffd}" +
  "\\u{30000}-\\u{3fffd}\\u{e1000}-\\u{efffd}";
const CHARS = `(?:[${PLAIN}${FOREIGN}:@/?]|%[0-9A-Fa-f]{2})*`;
const HOST = `(?:[${PLAIN}${FOREIGN}]|%[0-9A-Fa-f]{2})+(?::[0-9]{1,5})?(?=[/?#]|$)`;
// RFC 3987, without bracketed IPv6 hosts, user names and private-use characters.
const IRI = new RegExp(
  `^([A-Za-z][A-Za-z0-9+.\\-]*):(?://${HOST}|(?!//))${CHARS}(?:#${CHARS})?$`,
  "u",
);
const CONTAINERS = new Set(["@set", "@list", "@graph"]);
const starts = new Map();

/**
 * The first thing in a document that would be left out of its canonical form or is said in a
 * disguised way, as {path, message, isUnsupported}; null when there is none.
 * Throws `UnknownContext`, wherever in the document the context stands.
 */
export async function firstFault(document, vendored) {
  const contexts = Object.hasOwn(document, "@context")
    ? await vendored.contexts(allAddresses(document))
    : new Map();
  const check = new Check(Object.hasOwn(document, "id") ? document.id : null, contexts);
  const found = [...check.document(document)]; // all of them: a context further down may be unknown
  return found.length ? found[0] : null;
}

class Check {
  constructor(top, contexts) {
    this.top = top;
    this.contexts = contexts;
  }

  *document(document) {
    if (!Object.hasOwn(document, "@context")) {
      yield fault("$", "there is no '@context'");
      return;
    }
    yield* this.node(document, new Active(), "$");
  }

  enter(given, active) {
    const addresses = addressesOf(given);
    const key = JSON.stringify(addresses);
    if (active.terms.size) return this.extended(active, addresses);
    if (!starts.has(key)) starts.set(key, this.extended(active, addresses));
    return starts.get(key);
  }

  extended(active, addresses) {
    return extend(
      active,
      addresses.map((one) => contextAt(one, this.contexts)),
    );
  }

  /** Faults of an object; `active` already is what its property brings. */
  *node(node, outside, path) {
    let active = outside;
    if (path.split(".").length - 1 > DEEPEST) {
      yield fault(path, `nested more than ${DEEPEST} deep`, true);
      return;
    }
    if (Object.hasOwn(node, "@context")) active = this.enter(node["@context"], active);
    const names = namesOf(node).filter((one) => one !== "@context");
    const called = (iri) => names.filter((one) => active.find(one)?.iri === iri);
    const [kinds, identities] = [called("@type"), called("@id")];
    const outer = active;
    let only = active;
    for (const one of [...kinds].sort()) {
      const value = Array.isArray(node[one]) ? node[one] : [node[one]];
      for (const kind of value.filter((given) => typeof given === "string").sort()) {
        const scope = outer.terms.get(kind);
        if (scope === undefined || scope.scoped === undefined) continue;
        [active, only] = [active.forType(kind, scope), outer.forType(kind, scope)];
      }
    }
    if (identities.length > 1 || kinds.length > 1) {
      yield fault(path, "its address or its type is given twice");
    }
    const isTop = identities.some((one) => same(node[one], this.top));
    if (path !== "$" && names.length + Number(Object.hasOwn(node, "@context")) > 1 && isTop) {
      // Lawful in an endorsement inside a badge, yet what it adds would be signed as if the badge
      // said it.
      yield fault(path, "describes the document itself once more", true);
    }
    for (const name of names) {
      const here = `${path}.${shown(name)}`;
      if (only !== active && !isSameTerm(only.find(name), active.find(name))) {
        // Of several kinds that bring terms some libraries read the last one's only.
        yield fault(here, `what '${shown(name)}' means here is not read`, true);
      } else {
        yield* this.entry(name, node[name], active, outer, here);
      }
    }
  }

  *entry(name, value, active, outer, path) {
    const term = active.find(name);
    if (name.startsWith("@")) {
      // The same to JSON-LD, and not there for who reads plain JSON.
      yield fault(path, `the unusual spelling '${shown(name)}'`, true);
    } else if (term === null || term.iri === null) {
      yield fault(path, `'${shown(name)}' is not defined by the contexts, so nothing signs it`);
    } else if (term.iri === "@id") {
      yield* this.iri(value, active, path);
    } else if (term.iri === "@type") {
      yield* this.types(value, outer, path);
    } else if (term.iri.startsWith("@")) {
      yield fault(path, `the keyword '${term.iri}' is not accepted`, true);
    } else if (!active.terms.has(name) && active.vocab === null) {
      yield fault(path, `write '${shown(name)}' as a term of the contexts`);
    } else if (/^\p{Uppercase}/u.test(name)) {
      yield fault(path, `'${shown(name)}' is the name of a kind, not of a property`);
    } else if (!term.containers.every((one) => CONTAINERS.has(one))) {
      yield fault(path, `'${name}' is a map, which is not accepted`, true);
    } else {
      yield* this.value(name, term, value, active, path);
    }
  }

  *value(name, term, value, active, path) {
    if (Array.isArray(value)) {
      yield* this.list(name, term, value, active, path);
    } else if (term.coercion === "@json") {
      yield fault(path, "a JSON value is not accepted", true);
    } else if (value !== null && typeof value === "object") {
      yield* this.object(term, value, active, path);
    } else if (value === null) {
      return;
    } else if (term.coercion === "@id") {
      yield* this.iri(value, active, path);
    } else if (term.coercion === "@vocab") {
      const inner = active.inside(name);
      if (typeof value !== "string" || !inner.terms.has(value)) yield* this.iri(value, inner, path);
    } else if (typeof value === "string" && isDatatype(term, "boolean")) {
      // Signed like true and false themselves, but "false" is true to many who read JSON.
      yield fault(path, "write true or false without quotes");
    } else {
      yield* this.scalar(value, path);
    }
  }

  *list(name, term, value, active, path) {
    if (isDatatype(term, "dateTime")) {
      // Signed like the date itself, but no date to who reads the JSON.
      yield fault(path, "a list of dates is not accepted", true);
    }
    for (const [number, one] of value.entries()) {
      const here = `${path}[${number}]`;
      if (Array.isArray(one)) yield fault(here, "a list in a list is not accepted", true);
      else yield* this.value(name, term, one, active, here);
    }
  }

  *object(term, value, active, path) {
    if (Object.hasOwn(value, "@value")) {
      yield* this.tagged(value, term, path);
      return;
    }
    const names = Object.keys(value);
    const isNothing = (name) => value[name] === null || active.find(name)?.iri === "@id";
    if (term.containers.includes("@graph") && names.every(isNothing)) {
      yield fault(path, "a graph without a statement", true); // libraries disagree
      return;
    }
    const isOnlyId = names.length === 1 && active.find(names[0])?.iri === "@id";
    const base = isOnlyId || active.previous === null ? active : active.previous;
    // The term is looked up where it stands, its context applied where its value stands.
    yield* this.node(value, term.scoped === undefined ? base : extend(base, term.scoped), path);
  }

  *scalar(value, path) {
    if (typeof value === "string" && UNSIGNABLE.test(value)) {
      yield fault(path, "holds a control character, which cannot be signed");
    }
  }

  /** A text with its language, the one value object JSON has no plainer spelling for. */
  *tagged(value, term, path) {
    const [words, tag] = [value["@value"], value["@language"]];
    const isPlain = Object.keys(value).length === 2 && Object.hasOwn(value, "@language");
    if (!isPlain || term.coercion !== null) {
      yield fault(path, "a value written as an object is not accepted", true);
    } else if (typeof words !== "string" || typeof tag !== "string" || tag !== tag.toLowerCase()) {
      yield fault(path, "this language is not accepted", true);
    } else {
      yield* this.scalar(words, path);
    }
  }

  *types(value, outer, path) {
    const values = Array.isArray(value) ? value : [value];
    if (!values.length) yield fault(path, "an empty list; leave it out");
    for (const [number, one] of values.entries()) {
      const here = Array.isArray(value) ? `${path}[${number}]` : path;
      if (typeof one !== "string") {
        yield fault(here, "a type must be text");
        continue;
      }
      const term = outer.find(one);
      if (one.startsWith("@")) {
        yield fault(here, `'${shown(one)}' is not the name of a kind`);
      } else if (term !== null && outer.terms.has(one)) {
        if (term.iri.startsWith("@")) yield fault(here, `'${shown(one)}' is not the name of a kind`);
      } else if (term === null) {
        yield* this.iri(one, outer, here, "a type");
        if (meant(outer).has(one)) {
          yield fault(here, `write '${shown(one)}' as the contexts name it`);
        }
      }
    }
  }

  *iri(value, active, path, what = "an address") {
    const match = typeof value === "string" ? IRI.exec(value) : null;
    if (typeof value !== "string") {
      yield fault(path, `${what} must be text`);
    } else if (match === null) {
      yield fault(path, `'${shown(value)}' is not a full address, so nothing signs it`);
    } else if (prefixes(active).has(match[1].toLowerCase())) {
      yield fault(path, `'${shown(value)}' begins like an abbreviation of the contexts`);
    }
  }
}

function fault(path, message, isUnsupported = false) {
  return { path, message, isUnsupported };
}

function isSameTerm(one, other) {
  if (one === null || other === null) return one === other;
  const parts = ["iri", "coercion"].every((part) => one[part] === other[part]);
  const containers = (term) => [...term.containers].sort();
  return (
    parts &&
    same(containers(one), containers(other)) &&
    (one.scoped === undefined) === (other.scoped === undefined) &&
    (one.scoped === undefined || same(one.scoped, other.scoped))
  );
}

function isDatatype(term, name) {
  return (term.coercion || "").endsWith(`XMLSchema#${name}`);
}

/** Names that could be read as the prefix of a compact address, lower case. */
function prefixes(active) {
  active.known.prefixes ??= new Set([...active.terms.keys()].map((name) => name.toLowerCase()));
  return active.known.prefixes;
}

/** What the terms of a context stand for. */
function meant(active) {
  active.known.meant ??= new Set([...active.terms.values()].map((term) => term.iri));
  return active.known.meant;
}
