# SPDX-License-Identifier: Apache-2.0
"""The signatures of a document: whether they hold, whose they are, whether the key is trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from site_builder import keys
from site_builder.problems import KeyProblem
from site_builder.proofs import Outcome, check_proof, proofs_of
from site_builder.verify.forms import AS_VALUES, Known
from site_builder.verify.memory import Run
from site_builder.verify.owners import Named, named
from site_builder.verify.reading import Token, contexts_in, member, values_in
from site_builder.verify.report import Finding, clause, finding, worst

Json = dict[str, Any]
Check = Callable[[Json, Any, str], Outcome]
_MOST = 8  # signatures of one document; each costs as much as the whole document
_MOST_CONTEXTS = 2_000  # named anywhere in a document; a record names three for each badge in it
_TOO_LONG_WHY = "with all that it holds that would take too long"
_CHANGED = "The signature does not belong to this content and this key."


@dataclass(frozen=True, slots=True)
class Proven:
    """Findings on all signatures of a document together: the worst of each check."""

    proof: Finding
    owner: Finding
    state: Finding


_TOO_LONG = Proven(
    finding("proof.unsupported", why=_TOO_LONG_WHY),
    finding("key_owner.no_proof"),
    finding("key_state.unknown"),
)


def judge(document: Json, issuer: str | None, run: Run, known: Known | None = None) -> Proven:
    """Whether all Data Integrity proofs of a document hold and are its issuer's.

    Args:
        document: as read; its proofs are those it carries.
        issuer: the issuer's id.
        run: may ask the issuer's host.
        known: the same document as one of a known form, by which it is then checked.
    """
    if known is not None and run.affords(known.form.size):
        return _one(document, proofs_of(document)[0], issuer, run, known.check)
    proofs = proofs_of(document)
    if not proofs or len(proofs) > _MOST:
        many = finding("proof.unsupported", why=f"it carries more than {_MOST} of them")
        return Proven(
            many if proofs else finding("proof.none"),
            finding("key_owner.no_proof"),
            finding("key_state.unknown"),
        )
    contexts = contexts_in(document)  # each is put in whole: 50 bytes become 15,000
    if contexts > _MOST_CONTEXTS:
        return _TOO_LONG
    size = values_in(document) + contexts * AS_VALUES
    found = [
        _one(document, proof, issuer, run) if run.affords(size) else _TOO_LONG for proof in proofs
    ]
    return Proven(
        worst([one.proof for one in found]),
        worst([one.owner for one in found]),
        worst([one.state for one in found]),
    )


def _one(
    document: Json, proof: Any, issuer: str | None, run: Run, check: Check = check_proof
) -> Proven:
    if not isinstance(proof, dict):
        outcome = check_proof(document, proof, keys.PREVIEW_KEY)
        unknown = finding("key_state.unknown")
        return Proven(_finding(outcome, ""), finding("key_owner.no_proof"), unknown)
    method = proof.get("verificationMethod")
    key = named(method, issuer, proof.get("created"), run)
    if key.public is not None:
        found = _finding(check(document, proof, key.public), method)
    else:
        # Any key shows whether there is a signature at all that covers what the document says.
        outcome = check_proof(document, proof, keys.PREVIEW_KEY)
        found = _finding(outcome, method)
        if outcome.state == "passed" or outcome.why == _CHANGED:
            found = _keyless(key)
    return Proven(found, key.owner, key.state)


def _keyless(key: Named) -> Finding:
    if key.why_none:
        return finding("proof.unsupported", why=key.why_none)
    return finding("proof.key_missing")


def _finding(outcome: Outcome, method: Any) -> Finding:
    if outcome.state == "passed":
        return finding("proof.ok", key=method)
    if outcome.state == "not checked":
        return finding("proof.unsupported", why=clause(outcome.why))
    if outcome.why == _CHANGED:
        return finding("proof.changed")
    if outcome.why.startswith("In the "):
        return finding("proof.not_covered", why=clause(outcome.why))
    return finding("proof.malformed", why=clause(outcome.why))


_EDWARDS = ("EdDSA", "Ed25519")
_BY_JWK = ("RS256", "ES256")
_OTHERS = ("RS384", "RS512", "PS256", "PS384", "PS512", "ES256K", "ES384", "ES512")


def judge_token(token: Token, issuer: str | None, run: Run) -> Proven:
    """Whether a JWT's signature holds and is its issuer's.

    The kind of signature follows from the key, never from what the token asks for.

    Source: Securing Verifiable Credentials using JOSE and COSE; RFC 7515; RFC 8037; RFC 9864.
    """
    kind, method = token.header.get("alg"), token.header.get("kid")
    if kind not in (*_EDWARDS, *_BY_JWK, *_OTHERS):
        why = f"its kind is '{kind}', which proves nothing about who signed"
        return Proven(
            finding("proof.malformed", why=why),
            finding("key_owner.no_proof"),
            finding("key_state.unknown"),
        )
    said = token.payload.get("iss")
    if isinstance(method, str) and method.startswith("#") and isinstance(said, str):
        method = said + method
    key = named(method, issuer, None, run)
    if said is not None and said != issuer:
        owner = finding("key_owner.other", owner=said, issuer=issuer)
        key = replace(key, owner=owner)
    return Proven(_token_proof(token, key, method), key.owner, key.state)


def _token_proof(token: Token, key: Named, method: Any) -> Finding:
    same = (("jti", "id"), ("sub", "credentialSubject", "id"))
    for claim, *path in same:
        said, meant = token.payload.get(claim), member(token.credential, *path)
        if said is not None and meant is not None and said != meant:
            why = f"its claim '{claim}' says something else than the credential"
            return finding("proof.malformed", why=why)
    kind = token.header["alg"]
    if "crit" in token.header or token.header.get("b64", True) is not True:
        return finding("proof.unsupported", why="it asks for an extension of JWT")
    if kind in _OTHERS:
        return finding("proof.unsupported", why=f"tokens of the kind {kind} are not read here")
    if (key.public if kind in _EDWARDS else key.jwk) is None:
        return _keyless(key)
    try:
        if kind in _EDWARDS:
            holds = keys.verify(key.public or "", token.signature, token.signed)
        else:
            holds = keys.verify_jws(kind, key.jwk or {}, token.signature, token.signed)
    except KeyProblem as trouble:
        return finding("proof.unsupported", why=clause(str(trouble)))
    return finding("proof.ok", key=method) if holds else finding("proof.changed")
