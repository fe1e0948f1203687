// SPDX-License-Identifier: Apache-2.0
// The signatures of a document: whether they hold, whose they are, whether the key is trusted.
// Twin of site_builder/verify/proving.py.

import { DENIED, KeyProblem, NoSupport, verifySignature } from "./keys.js";
import { verifyJws } from "./jws.js";
import { named } from "./owners.js";
import { checkProof, FORGED, proofsOf } from "./proof.js";
import { contextsIn, isObject, member, valuesIn } from "./reading.js";
import { clause, finding, worst } from "./report.js";
import { same } from "./strict-json.js";

const MOST = 8; // signatures of one document; each costs as much as the whole document
const MOST_CONTEXTS = 2000; // named anywhere in a document; a record names three for each badge in it
const AS_VALUES = 30; // a context takes the time of so many
const TOO_LONG = "with all that it holds that would take too long";
const ANY_KEY = [...DENIED][0];
const EDWARDS = ["EdDSA", "Ed25519"];
const BY_JWK = ["RS256", "ES256"];
const OTHERS = ["RS384", "RS512", "PS256", "PS384", "PS512", "ES256K", "ES384", "ES512"];

/** {proof, owner, state}: findings on all proofs of a document, the worst of each check. */
export async function judge(document, issuer, run) {
  const proofs = proofsOf(document);
  if (!proofs.length) return ownerless(finding("proof.none"));
  if (proofs.length > MOST) {
    return ownerless(finding("proof.unsupported", { why: `it carries more than ${MOST} of them` }));
  }
  const tooLong = ownerless(finding("proof.unsupported", { why: TOO_LONG }));
  const contexts = contextsIn(document); // each is put in whole: 50 bytes become 15,000
  if (contexts > MOST_CONTEXTS) return tooLong;
  const size = valuesIn(document) + contexts * AS_VALUES;
  const judged = (proof) => (run.affords(size) ? judgeOne(document, proof, issuer, run) : tooLong);
  const found = await Promise.all(proofs.map(judged));
  return {
    proof: worst(found.map((one) => one.proof)),
    owner: worst(found.map((one) => one.owner)),
    state: worst(found.map((one) => one.state)),
  };
}

function ownerless(proof) {
  return { proof, owner: finding("key_owner.no_proof"), state: finding("key_state.unknown") };
}

async function judgeOne(document, proof, issuer, run) {
  if (!isObject(proof)) {
    return ownerless(findingOf(await checkProof(document, proof, ANY_KEY, run.vendored), ""));
  }
  const method = member(proof, "verificationMethod");
  const found = await named(method, issuer, member(proof, "created"), run);
  // Any key shows whether there is a signature at all that covers what the document says.
  const outcome = await checkProof(document, proof, found.key || ANY_KEY, run.vendored);
  const isOpen = ["passed", "no support"].includes(outcome.state) || outcome.why === FORGED;
  const said = found.key === null && isOpen ? keyless(found) : findingOf(outcome, method);
  return { proof: said, owner: found.owner, state: found.state };
}

function keyless(found) {
  if (found.whyNone) return finding("proof.unsupported", { why: found.whyNone });
  return finding("proof.key_missing");
}

function findingOf({ state, why }, method) {
  if (state === "passed") return finding("proof.ok", { key: method });
  if (state === "no support") return finding("proof.no_support");
  if (state === "not checked") return finding("proof.unsupported", { why: clause(why) });
  if (why === FORGED) return finding("proof.changed");
  const code = why.startsWith("In the ") ? "proof.not_covered" : "proof.malformed";
  return finding(code, { why: clause(why) });
}

/**
 * The same on a JWT. The kind of signature follows from the key, never from what the token asks for.
 * Source: Securing Verifiable Credentials using JOSE and COSE; RFC 7515; RFC 8037; RFC 9864.
 */
export async function judgeToken(token, issuer, run) {
  const kind = member(token.header, "alg");
  let method = member(token.header, "kid");
  if (![...EDWARDS, ...BY_JWK, ...OTHERS].includes(kind)) {
    const why = `its kind is '${String(kind)}', which proves nothing about who signed`;
    return ownerless(finding("proof.malformed", { why }));
  }
  const said = member(token.payload, "iss");
  if (typeof method === "string" && method.startsWith("#") && typeof said === "string") {
    method = said + method;
  }
  let found = await named(method, issuer, null, run);
  if (said !== null && said !== issuer) {
    found = { ...found, owner: finding("key_owner.other", { owner: said, issuer }) };
  }
  return { proof: await tokenProof(token, kind, found, method), owner: found.owner, state: found.state };
}

async function tokenProof(token, kind, found, method) {
  for (const [claim, ...path] of [["jti", "id"], ["sub", "credentialSubject", "id"]]) {
    const [said, meant] = [member(token.payload, claim), member(token.credential, ...path)];
    if (said !== null && meant !== null && !same(said, meant)) {
      const why = `its claim '${claim}' says something else than the credential`;
      return finding("proof.malformed", { why });
    }
  }
  const isExtended = Object.hasOwn(token.header, "b64") && token.header.b64 !== true;
  if (Object.hasOwn(token.header, "crit") || isExtended) {
    return finding("proof.unsupported", { why: "it asks for an extension of JWT" });
  }
  if (OTHERS.includes(kind)) {
    return finding("proof.unsupported", { why: `tokens of the kind ${kind} are not read here` });
  }
  const isEdwards = EDWARDS.includes(kind);
  if ((isEdwards ? found.key : found.jwk) === null) return keyless(found);
  const { signature, signed } = token;
  try {
    const holds = isEdwards
      ? await verifySignature(found.key, signature, signed)
      : await verifyJws(kind, found.jwk, signature, signed);
    return holds ? finding("proof.ok", { key: method }) : finding("proof.changed");
  } catch (error) {
    if (error instanceof NoSupport) return finding("proof.no_support");
    if (!(error instanceof KeyProblem)) throw error;
    return finding("proof.unsupported", { why: clause(error.message) });
  }
}
