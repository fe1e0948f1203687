// SPDX-License-Identifier: Apache-2.0
// One proof of a document checked: eddsa-rdfc-2022 and Ed25519Signature2020. Twin of `check_proof`
// in site_builder/proofs/integrity.py. Source: W3C Data Integrity EdDSA Cryptosuites v1.0, 3.3.

import { sha256 } from "./bytes.js";
import { canonical, NoJsonLd, TooSymmetric } from "./canonical.js";
import { MissingAsset, UnknownContext } from "./contexts.js";
import { decode58, KeyProblem, NoSupport, verifySignature } from "./keys.js";
import { firstFault } from "./safe.js";
import { same, without } from "./strict-json.js";

const SUITE = "eddsa-rdfc-2022";
const OLD_SUITE = "Ed25519Signature2020";
export const FORGED = "The signature does not belong to this content and this key.";

/** The proofs of a document as a list, whatever they are; empty where there is none. */
export function proofsOf(document) {
  const given = Object.hasOwn(document, "proof") ? document.proof : null;
  if (given === null) return [];
  return Array.isArray(given) ? given : [given];
}

/**
 * Whether one proof of a document was made with a key, over all the document says, as
 * {state: "passed" | "failed" | "not checked" | "no support", why, code}. Says nothing about whose
 * key it is.
 */
export async function checkProof(document, proof, key, vendored) {
  const unfit = whyUnfit(document, proof);
  if (unfit !== null) return unfit;
  const context = { "@context": document["@context"] };
  const parts = [
    [without(proof, "proofValue", context), "proof"],
    [without(document, "proof"), "document"],
  ];
  try {
    for (const [part, name] of parts) {
      const fault = await firstFault(part, vendored);
      if (fault !== null) {
        const state = fault.isUnsupported ? "not checked" : "failed";
        return { state, why: `In the ${name}, ${fault.path}: ${fault.message}.` };
      }
    }
    const digests = await Promise.all(parts.map(([part]) => digest(part, vendored)));
    const message = new Uint8Array(64);
    digests.forEach((one, number) => message.set(one, 32 * number));
    const holds = await verifySignature(key, decode58(proof.proofValue.slice(1)), message);
    return holds ? { state: "passed", why: "" } : { state: "failed", why: FORGED };
  } catch (error) {
    return notChecked(error);
  }
}

async function digest(part, vendored) {
  return sha256(await canonical(part, vendored));
}

function notChecked(error) {
  if (error instanceof NoSupport) return { state: "no support", why: error.message };
  const known = [UnknownContext, TooSymmetric, KeyProblem, MissingAsset];
  if (known.some((kind) => error instanceof kind)) {
    const why = `${error.message.slice(0, 1).toUpperCase()}${error.message.slice(1)}.`;
    return { state: "not checked", why };
  }
  if (error instanceof NoJsonLd) {
    return { state: "not checked", why: "The document is no JSON-LD that can be read here." };
  }
  throw error;
}

/** Why a proof cannot hold or cannot be checked, before any cryptography; null: it may. */
function whyUnfit(document, proof) {
  if (proof === null || typeof proof !== "object" || Array.isArray(proof)) {
    return { state: "failed", why: "The proof is not an object." };
  }
  const kind = own(proof, "type");
  const suite = own(proof, "cryptosuite");
  const isKnown =
    (kind === "DataIntegrityProof" && suite === SUITE) || (kind === OLD_SUITE && suite === null);
  if (!isKnown) {
    const named = kind === "DataIntegrityProof" ? suite : kind;
    const why = `Proofs of the kind '${String(named).slice(0, 60)}' are not read here.`;
    return { state: "not checked", why };
  }
  if (own(proof, "proofPurpose") !== "assertionMethod") {
    return { state: "failed", why: "The proof was not made to assert anything (proofPurpose)." };
  }
  if (Object.hasOwn(proof, "previousProof")) {
    return { state: "not checked", why: "Chains of proofs are not read here." };
  }
  const context = own(document, "@context");
  if (context === null || !same(Object.hasOwn(proof, "@context") ? proof["@context"] : context, context)) {
    const why = "The proof and the document have different contexts.";
    return { state: "not checked", why };
  }
  const value = own(proof, "proofValue");
  const isText = typeof value === "string" && value.startsWith("z");
  if (!isText || decode58(value.slice(1))?.length !== 64) {
    return { state: "failed", why: "The proof holds no Ed25519 signature (proofValue)." };
  }
  return null;
}

function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : null;
}
