// SPDX-License-Identifier: Apache-2.0
// Whether a credential has its standard's form, by the vendored JSON Schemas (draft 2019-09): as
// much of JSON Schema as they use. Twin of site_builder/verify/schema.py.

import { MissingAsset } from "./contexts.js";
import { isObject, listed, member } from "./reading.js";
import { finding } from "./report.js";
import { same } from "./strict-json.js";

const V2 = "https://www.w3.org/ns/credentials/v2";
const FILES = {
  "Open Badges 3.0": "ob_v3p0_achievementcredential_schema.json",
  "Comprehensive Learner Record 2.0": "clr_v2p0_clrcredential_schema.json",
};
// `format` is not asserted: the standard leaves it open and libraries disagree.
const SILENT = ["$schema", "$id", "$defs", "$comment", "title", "description", "format"];

/** Whether a credential of a kind has the form of its standard; only VC 2.0 has one here. */
export async function judge(document, kind, vendored) {
  const isKnown = Object.hasOwn(FILES, kind);
  if (!isKnown || !listed(member(document, "@context")).includes(V2)) return finding("schema.none");
  let schema;
  try {
    schema = await vendored.schema(FILES[kind]);
  } catch (error) {
    if (error instanceof MissingAsset) return finding("schema.unread", { why: error.message });
    throw error;
  }
  const validator = new Validator(schema);
  const trouble = validator.trouble(schema, document, "$");
  if (trouble === null) return finding("schema.ok", { standard: kind });
  const word = member(document, "credentialSubject", "achievement", "achievementType");
  if (typeof word === "string" && validator.fits(schema, withListedWord(document))) {
    return finding("schema.other_word", { standard: kind, word });
  }
  return finding("schema.failed", { standard: kind, why: trouble });
}

/**
 * A copy whose kind of achievement is on the standard's list. A word of one's own there says nothing
 * that could mislead, and issuers use many.
 */
function withListedWord(document) {
  const subject = document.credentialSubject;
  const achievement = { ...subject.achievement, achievementType: "Achievement" };
  return { ...document, credentialSubject: { ...subject, achievement } };
}

class Validator {
  constructor(root) {
    this.root = root;
  }

  /** A clause about the first thing that does not fit; null for nothing. */
  trouble(schema, value, path) {
    if (schema === true) return null;
    if (schema === false) return `${path}: nothing may stand here`;
    for (const [keyword, wanted] of Object.entries(schema)) {
      if (SILENT.includes(keyword)) continue;
      const found = this.keyword(keyword, wanted, value, path, schema);
      if (found !== null) return found;
    }
    return null;
  }

  fits(schema, value) {
    return this.trouble(schema, value, "") === null;
  }

  keyword(keyword, wanted, value, path, schema) {
    const unfit = `${path}: does not fit '${keyword}'`;
    switch (keyword) {
      case "$ref":
        return this.trouble(this.at(wanted), value, path);
      case "type":
        return listed(wanted).some((one) => isOf(one, value)) ? null : `${path}: is not ${wanted}`;
      case "enum":
        return wanted.some((one) => same(one, value)) ? null : unfit;
      case "pattern":
        return typeof value !== "string" || pattern(wanted).test(value) ? null : unfit;
      case "oneOf":
        return wanted.filter((one) => this.fits(one, value)).length === 1 ? null : unfit;
      case "anyOf":
        return wanted.some((one) => this.fits(one, value)) ? null : unfit;
      case "allOf":
        return first(wanted, (one) => this.trouble(one, value, path));
      default:
        if (Array.isArray(value)) return this.list(keyword, wanted, value, path, schema);
        return isObject(value) ? this.object(keyword, wanted, value, path, schema) : null;
    }
  }

  list(keyword, wanted, value, path, schema) {
    const each = (rule, items, from) =>
      first(items, (one, number) => this.trouble(rule, one, `${path}[${from + number}]`));
    switch (keyword) {
      case "minItems":
        return value.length >= wanted ? null : `${path}: has too few entries`;
      case "contains":
        return value.some((one) => this.fits(wanted, one)) ? null : `${path}: misses an entry`;
      case "items":
        if (!Array.isArray(wanted)) return each(wanted, value, 0);
        return first(wanted.slice(0, value.length), (rule, number) =>
          this.trouble(rule, value[number], `${path}[${number}]`),
        );
      case "additionalItems":
        if (!Array.isArray(schema.items)) return null;
        return each(wanted, value.slice(schema.items.length), schema.items.length);
      default:
        return known(keyword, OF_OBJECTS);
    }
  }

  object(keyword, wanted, value, path, schema) {
    switch (keyword) {
      case "required": {
        const missing = wanted.find((name) => !Object.hasOwn(value, name));
        return missing === undefined ? null : `${path}: '${missing}' is a required property`;
      }
      case "properties":
        return first(Object.keys(wanted), (name) =>
          Object.hasOwn(value, name) ? this.trouble(wanted[name], value[name], `${path}.${name}`) : null,
        );
      case "additionalProperties": {
        const others = Object.keys(value).filter((name) => !Object.hasOwn(schema.properties || {}, name));
        return first(others, (name) => this.trouble(wanted, value[name], `${path}.${name}`));
      }
      case "propertyNames":
        return first(Object.keys(value), (name) => this.trouble(wanted, name, `${path}.${name}`));
      default:
        return known(keyword, OF_LISTS);
    }
  }

  at(reference) {
    return reference
      .slice(2)
      .split("/")
      .reduce((found, name) => found[name], this.root);
  }
}

const OF_LISTS = ["minItems", "contains", "items", "additionalItems"];
const OF_OBJECTS = ["required", "properties", "additionalProperties", "propertyNames"];

/** Nothing to say, if the keyword is one about other values; a new schema may bring new ones. */
function known(keyword, keywords) {
  if (!keywords.includes(keyword)) throw new Error(`unknown keyword '${keyword}' in a schema`);
  return null;
}

function isOf(type, value) {
  if (type === "object") return isObject(value);
  if (type === "array") return Array.isArray(value);
  if (type === "null") return value === null;
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type; // string, number, boolean
}

function first(items, trouble) {
  for (const [number, one] of items.entries()) {
    const found = trouble(one, number);
    if (found !== null) return found;
  }
  return null;
}

const patterns = new Map();

/** A pattern as Python reads it, where an end is also before a line's last end. */
function pattern(text) {
  if (!patterns.has(text)) {
    const source = text.replace(/\$$/, "\\n?$").replace(/\\d/g, "\\p{Nd}");
    patterns.set(text, new RegExp(source, "u"));
  }
  return patterns.get(text);
}
