# SPDX-License-Identifier: Apache-2.0
"""Proofs in a document: made (`eddsa-rdfc-2022`) and checked (also `Ed25519Signature2020`).

Source: W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.3 (eddsa-rdfc-2022); W3C Verifiable
Credential Data Integrity 1.0, sections 4.2 to 4.4.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from site_builder import keys
from site_builder.problems import KeyProblem
from site_builder.proofs.canonical import TooSymmetric, canonical
from site_builder.proofs.contexts import CONTEXTS, UnknownContext
from site_builder.proofs.safe import UnsafeDocument, faults

Json = dict[str, Any]
Canonical = Callable[[Json], bytes]
SUITE = "eddsa-rdfc-2022"
_OLD_SUITE = "Ed25519Signature2020"
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found.

    Attributes:
        state: "failed" means that it does not hold; "not checked" that nobody here can tell.
        why: a full sentence; "" when it passed.
    """

    state: Literal["passed", "failed", "not checked"]
    why: str = ""


def sign(
    document: Json,
    key: keys.SigningKey,
    *,
    method: str,
    created: str,
    canonicalise: Canonical | None = None,
) -> Json:
    """The document with one eddsa-rdfc-2022 proof, as a list of one; the same bytes every time.

    Args:
        document: a JSON-LD object without proofs.
        key: private half of the key `method` names.
        method: verification method, such as `did:web:badges.example.org#key-1`.
        created: date-time with zone, from the data and never from a clock.
        canonicalise: canonical N-Quads of a document, which must also have checked it; the
            library, after the safe-mode check, unless a `template.Templates().canonical` is given.

    Raises:
        UnsafeDocument: something in it would not be covered by the proof.
        UnknownContext: a context is not vendored.
        ValueError: it has a proof already, or `created` is no date-time with zone.
    """
    if "proof" in document:
        raise ValueError("the document has a proof already")
    options = options_of(method, created)
    canonicalise = canonicalise or checked_canonical
    body = canonicalise(document)  # checks the document before anything else is done with it
    head = canonicalise({"@context": document["@context"]} | options)
    return document | {"proof": [proof_of(options, hashlib.sha256(head).digest(), body, key)]}


def checked_canonical(document: Json) -> bytes:
    """Canonical N-Quads of a document that may be signed, by the library.

    Raises:
        UnsafeDocument: something in it would not be covered by a proof.
        UnknownContext: a context is not vendored.
    """
    found = faults(document, signing=True)
    if found:
        raise UnsafeDocument(found)
    return canonical(document)


def options_of(method: str, created: str) -> Json:
    """What a proof of ours says besides its value.

    Raises:
        ValueError: `created` is no date-time with zone.
    """
    if not _DATE.fullmatch(created):
        raise ValueError(f"not a date-time with zone: {created!r}")
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }


def proof_of(options: Json, head: bytes, body: bytes, key: keys.SigningKey) -> Json:
    """The proof of a document.

    Args:
        options: what it says besides its value.
        head: SHA-256 of the canonical N-Quads of the options in the document's contexts.
        body: canonical N-Quads of the document, which was checked.
        key: private half of the key the options name.
    """
    value = "z" + keys.encode58(key.sign(head + hashlib.sha256(body).digest()))
    return options | {"proofValue": value}


def proofs_of(document: Json) -> list[Any]:
    """The proofs of a document as a list, whatever they are; empty where there is none."""
    given = document.get("proof")
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def check_proof(
    document: Json, proof: Any, public: str, contexts: Mapping[str, Json] = CONTEXTS
) -> Outcome:
    """Whether one proof of a document was made with a key, over all the document says.

    Says nothing about whose key it is. Canonicalises with the library only. Never raises for
    anything a document may hold.

    Args:
        document: a JSON-LD object; its proofs are left out, and each is checked by itself.
        proof: one of `proofs_of(document)`.
        public: Multikey of the Ed25519 key the proof's verification method names.
        contexts: by address; the vendored ones unless a test adds its own.
    """
    unfit = _unfit(document, proof)
    if unfit is not None:
        return unfit
    body = {key: value for key, value in document.items() if key != "proof"}
    options = {"@context": document["@context"]} | {
        key: value for key, value in proof.items() if key != "proofValue"
    }
    try:
        for part, name in ((options, "proof"), (body, "document")):
            for fault in faults(part, contexts):
                state: Literal["failed", "not checked"] = (
                    "not checked" if fault.is_unsupported else "failed"
                )
                return Outcome(state, f"In the {name}, {fault}.")
        digests = (
            _digest(json.dumps(options))
            if contexts is CONTEXTS
            else hashlib.sha256(canonical(options, contexts)).digest(),
            hashlib.sha256(canonical(body, contexts)).digest(),
        )
        signature = keys.decode58(proof["proofValue"][1:])
        holds = keys.verify(public, signature, b"".join(digests))
    except (UnknownContext, TooSymmetric, KeyProblem) as problem:
        return Outcome("not checked", f"{str(problem)[:1].upper()}{str(problem)[1:]}.")
    except SyntaxError:  # of the RDF library: lawful JSON, but no JSON-LD it can read
        return Outcome("not checked", "The document is no JSON-LD that can be read here.")
    if not holds:
        return Outcome("failed", "The signature does not belong to this content and this key.")
    return Outcome("passed")


@lru_cache(maxsize=1024)
def _digest(document: str) -> bytes:
    """SHA-256 of the canonical form of a small document as JSON, as many proofs share it."""
    return hashlib.sha256(canonical(json.loads(document))).digest()


def _unfit(document: Json, proof: Any) -> Outcome | None:
    """Why a proof cannot hold or cannot be checked, before any cryptography; None: it may."""
    if not isinstance(proof, dict):
        return Outcome("failed", "The proof is not an object.")
    kind, suite = proof.get("type"), proof.get("cryptosuite")
    if (kind, suite) not in (("DataIntegrityProof", SUITE), (_OLD_SUITE, None)):
        named = suite if kind == "DataIntegrityProof" else kind
        return Outcome("not checked", f"Proofs of the kind '{str(named)[:60]}' are not read here.")
    if proof.get("proofPurpose") != "assertionMethod":
        return Outcome("failed", "The proof was not made to assert anything (proofPurpose).")
    if "previousProof" in proof:
        return Outcome("not checked", "Chains of proofs are not read here.")
    context = document.get("@context")
    if context is None or proof.get("@context", context) != context:
        return Outcome("not checked", "The proof and the document have different contexts.")
    value = proof.get("proofValue")
    try:
        is_signature = (
            isinstance(value, str) and value[:1] == "z" and len(keys.decode58(value[1:])) == 64
        )
    except ValueError:
        is_signature = False
    if not is_signature:
        return Outcome("failed", "The proof holds no Ed25519 signature (proofValue).")
    return None
