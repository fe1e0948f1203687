// SPDX-License-Identifier: Apache-2.0
// JSON-LD contexts and schemas of this package, by address, fetched from the site that serves this
// file; each file's hash is checked against the index built into it. Nothing else is ever fetched.

import { contextFiles, schemaFiles } from "badges:vendored";
import { hex } from "./bytes.js";

/** A document asks for a context that is not among ours. */
export class UnknownContext extends Error {}

/** A file of ours could not be had or has other bytes: nobody can tell, which is no verdict. */
export class MissingAsset extends Error {}

/** Files of ours, read when first asked for. */
export class Vendored {
  constructor(asset) {
    this.asset = asset;
    this.files = new Map();
  }

  /** The `@context` values of those addresses that are known, in a Map; see `contextAt`. */
  async contexts(addresses) {
    const known = [...new Set(addresses)].filter((url) => Object.hasOwn(contextFiles, url));
    const read = await Promise.all(known.map((url) => this.file("contexts", contextFiles[url])));
    return new Map(known.map((url, number) => [url, read[number]["@context"]]));
  }

  /** A vendored JSON Schema by its file name. */
  schema(name) {
    return this.file("schemas", [name, schemaFiles[name]]);
  }

  file(folder, [name, sha256]) {
    const path = `${folder}/${name}`;
    if (!this.files.has(path)) {
      const reading = this.read(path, sha256);
      reading.catch(() => this.files.delete(path)); // a network that failed once may come back
      this.files.set(path, reading);
    }
    return this.files.get(path);
  }

  async read(path, sha256) {
    let bytes;
    try {
      bytes = await this.asset(path);
    } catch {
      throw new MissingAsset(`the file ${path} of this page could not be loaded`);
    }
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    if (hex(new Uint8Array(digest)) !== sha256) {
      throw new MissingAsset(`the file ${path} of this page has been changed`);
    }
    return JSON.parse(new TextDecoder().decode(bytes));
  }
}

/** The context at an address; throws `UnknownContext`. */
export function contextAt(url, contexts) {
  if (contexts.has(url)) return contexts.get(url);
  const why = "is not one we know, and none is ever fetched";
  throw new UnknownContext(`the context '${shown(url)}' ${why}`);
}

/** The context addresses of an `@context` entry; throws `UnknownContext` for anything else. */
export function addressesOf(context) {
  const entries = Array.isArray(context) ? context : [context];
  if (!entries.length || !entries.every((one) => typeof one === "string")) {
    const wanted = "'@context' must be a list of addresses; inline ones are not accepted";
    throw new UnknownContext(wanted);
  }
  return entries;
}

/** Every context address in a document, embedded documents included; what is none is left out. */
export function allAddresses(value) {
  if (Array.isArray(value)) return value.flatMap(allAddresses);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name === "@context"
      ? (Array.isArray(one) ? one : [one]).filter((url) => typeof url === "string")
      : allAddresses(one),
  );
}

/** Throws `UnknownContext` unless every `@context` of a document is a list of addresses. */
export function refuseInline(value) {
  if (Array.isArray(value)) value.forEach(refuseInline);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return;
  for (const [name, one] of Object.entries(value)) {
    if (name === "@context") addressesOf(one);
    else refuseInline(one);
  }
}

/** A value as messages show it: cut, without characters that cannot be seen. */
export function shown(value) {
  const visible = value.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?");
  return [...visible].slice(0, 80).join("");
}
