// SPDX-License-Identifier: Apache-2.0
// Canonical N-Quads of a JSON-LD document (RDFC-1.0, SHA-256), by jsonld.js and rdf-canonize. Of
// the two only expansion, the way to RDF and canonicalisation are in the bundle.

import contextLibrary from "jsonld/lib/context.js";
import ContextResolver from "jsonld/lib/ContextResolver.js";
import expandLibrary from "jsonld/lib/expand.js";
import rdfLibrary from "jsonld/lib/toRdf.js";
import types from "jsonld/lib/types.js";
import util from "jsonld/lib/util.js";
import NQuads from "rdf-canonize/lib/NQuads.js";
import RDFC10 from "rdf-canonize/lib/RDFC10.js";
import { hex, sha256 } from "./bytes.js";
import { allAddresses, contextAt, refuseInline } from "./contexts.js";

// Equal blank nodes beside equal blank nodes cost factorial time in RDFC-1.0 ("dataset poisoning",
// its section 7.1). The same number as in site_builder/proofs/canonical.py.
const MOST_ENTANGLED = 12;

/** Lawful JSON, but no JSON-LD the library can read. */
export class NoJsonLd extends Error {}

/** A document whose canonical form would take too long to find: made so on purpose, if seen. */
export class TooSymmetric extends Error {}

// jsonld.js takes 1e-7 for a whole number, as it has no decimal point when written.
types.isDouble = (value) =>
  typeof value === "number" && (!Number.isInteger(value) || Math.abs(value) >= 1e21);

// Whether an entry is in a list already: a search for each entry, a minute for a file of tens of
// thousands. `distinct` leaves each quad once anyway.
util.hasValue = () => false;

/** Canonical N-Quads as text; throws `NoJsonLd`, `TooSymmetric` or `UnknownContext`. */
export async function canonical(document, vendored) {
  refuseInline(document);
  const dataset = distinct(await quads(document, vendored));
  refusePoison(dataset);
  const written = await new Canonizer({ maxWorkFactor: Infinity }).main(dataset);
  const lines = new Set(written.split("\n").filter((line) => line !== ""));
  return [...lines].sort(byCodePoint).map((line) => `${line}\n`).join("");
}

const shared = new WeakMap();

async function quads(document, vendored) {
  if (!shared.has(vendored)) shared.set(vendored, new Map());
  const options = {
    base: "",
    processingMode: "json-ld-1.1",
    keepFreeFloatingNodes: false,
    produceGeneralizedRdf: false,
    contextResolver: new ContextResolver({ sharedCache: shared.get(vendored) }),
    documentLoader: async (url) => {
      const found = contextAt(url, await vendored.contexts([url]));
      return { documentUrl: url, document: { "@context": found }, tag: "static" };
    },
  };
  const activeCtx = contextLibrary.getInitialContext(options);
  await vendored.contexts(allAddresses(document)); // so that a file that fails to load is no fault of it
  try {
    const expanded = await expandLibrary.expand({ activeCtx, element: document, options });
    const list = expanded === null ? [] : Array.isArray(expanded) ? expanded : [expanded];
    return rdfLibrary.toRDF(list, options);
  } catch (error) {
    throw new NoJsonLd(String(error));
  }
}

/** The quads, each once: a dataset is a set, and hashes count its members. */
function distinct(dataset) {
  return [...new Map(dataset.map((quad) => [NQuads.serializeQuad(quad), quad])).values()];
}

/** UTF-8 order, as RDFC-1.0 asks; JavaScript's own differs above U+FFFF. */
function byCodePoint(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (left === right) continue;
    const [isHigh, isOtherHigh] = [left, right].map((code) => code >= 0xd800 && code <= 0xdfff);
    return isHigh === isOtherHigh ? left - right : isHigh ? 1 : -1;
  }
  return one.length - other.length;
}

class Digest {
  constructor() {
    this.parts = [];
  }

  update(part) {
    this.parts.push(part);
  }

  async digest() {
    return hex(await sha256(this.parts.join("")));
  }
}

class Canonizer extends RDFC10 {
  constructor(options) {
    super({ ...options, createMessageDigest: () => new Digest() });
  }

  /** As the library has it, but for the order of the quads. */
  async hashFirstDegreeQuads(id) {
    const info = this.blankNodeInfo.get(id);
    const seen = (term, position) => this.modifyFirstDegreeComponent(id, term, position);
    const lines = [...info.quads].map((quad) =>
      NQuads.serializeQuadComponents(
        seen(quad.subject, "subject"),
        quad.predicate,
        seen(quad.object, "object"),
        seen(quad.graph, "graph"),
      ),
    );
    info.hash = hex(await sha256(lines.sort(byCodePoint).join("")));
    return info.hash;
  }

  async _yield() {} // the digests are promises already
}

/** Throws `TooSymmetric` when too many look-alike blank nodes touch look-alike blank nodes. */
function refusePoison(dataset) {
  const touching = new Map();
  const beside = new Map();
  for (const quad of dataset) {
    const terms = [quad.subject, quad.predicate, quad.object, quad.graph];
    const blanks = new Set(terms.filter(isBlank).map((one) => one.value));
    for (const blank of blanks) {
      if (!touching.has(blank)) touching.set(blank, []);
      if (!beside.has(blank)) beside.set(blank, new Set());
      for (const one of blanks) if (one !== blank) beside.get(blank).add(one);
      touching.get(blank).push(terms.map((one) => seenFrom(blank, one)).join("\0"));
    }
  }
  const looks = new Map();
  for (const [blank, lines] of touching) {
    const look = lines.sort().join("\n");
    looks.set(look, [...(looks.get(look) || []), blank]);
  }
  const alike = new Set([...looks.values()].filter((one) => one.length > 1).flat());
  const isEntangled = (blank) => [...beside.get(blank)].some((one) => alike.has(one));
  if ([...alike].filter(isEntangled).length > MOST_ENTANGLED) {
    throw new TooSymmetric("the document repeats itself in a way that cannot be checked in time");
  }
}

function isBlank(term) {
  return term.termType === "BlankNode";
}

/** A term as first-degree hashing sees it: this blank node, another one, or itself. */
function seenFrom(blank, term) {
  if (isBlank(term)) return term.value === blank ? "_:a" : "_:z";
  const { termType, value, language = "", datatype } = term;
  return [termType, value, language, datatype ? datatype.value : ""].join("\u0001");
}
