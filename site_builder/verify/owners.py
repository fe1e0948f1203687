# SPDX-License-Identifier: Apache-2.0
"""Whose key signed: from a verification method to a public key, and what its owner says of it.

Only the issuer's own word makes a key the issuer's: a did:key that is the issuer, or a document at
the issuer's own address. A key written into the method itself proves nothing but that it was used.

Source: W3C Controlled Identifiers v1.0, section 3 (Retrieve Verification Method); did:web and
did:key Method Specifications.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from site_builder import keys
from site_builder.problems import KeyProblem
from site_builder.verify import places
from site_builder.verify.dates import day, moment
from site_builder.verify.memory import Run, Unreachable
from site_builder.verify.reading import Unreadable, base64url, listed, member, text_of
from site_builder.verify.report import Finding, finding

Json = dict[str, Any]
_JWK = ("JsonWebKey", "JsonWebKey2020")
_MOST_KEPT = 1024  # keys as texts, each looked at many times
_NO_KEY = "its key is of a kind that is not read here"


@dataclass(frozen=True, slots=True)
class Named:
    """What a verification method leads to.

    Attributes:
        public: Multikey to check the signature with; None where no key could be had.
        owner: whether the key is the issuer's.
        state: whether the key still is to be trusted.
        why_none: a clause, where there is a key that is not read here.
        jwk: the key as a JWK where it is given so; for tokens only.
    """

    public: str | None
    owner: Finding
    state: Finding
    why_none: str = ""
    jwk: Json | None = None


def named(method: Any, issuer: str | None, created: Any, run: Run) -> Named:
    """The key a proof names, and what the issuer says of it.

    Args:
        method: the proof's verification method, whatever it is.
        issuer: the issuer's id.
        created: the proof's `created`, whatever it is.
        run: may ask the issuer's host.
    """
    one = _named(method, issuer, created, run)
    if not _is_denied(one.public):
        return one
    return replace(one, state=finding("key_state.preview"))


@lru_cache(maxsize=_MOST_KEPT)
def _is_denied(public: str | None) -> bool:
    if public is None:
        return False
    try:
        plain = keys.public_bytes(public)
    except KeyProblem:
        return False
    return any(keys.public_bytes(one) == plain for one in keys.DENIED)


def _named(method: Any, issuer: str | None, created: Any, run: Run) -> Named:
    unknown = finding("key_state.unknown")
    if not isinstance(method, str) or method.startswith("#"):
        said = method if isinstance(method, str) else "no address"
        return Named(None, finding("key_owner.unsupported", method=said), unknown)
    owner, _, fragment = method.partition("#")
    inside = _multikey(keys.did_key(method)) or _multikey(fragment)
    if issuer is None or not issuer.startswith(("did:", "https://", "http://")):
        return Named(inside, finding("key_owner.unnamed", issuer=issuer or "nothing"), unknown)
    is_did = owner.startswith("did:")
    if is_did and owner != issuer:
        return Named(inside, finding("key_owner.other", owner=owner, issuer=issuer), unknown)
    if keys.did_key(owner) is not None:
        if inside is None or (fragment and f"did:key:{fragment}" != owner):
            return Named(None, finding("key_owner.unsupported", method=method), unknown)
        return Named(inside, finding("key_owner.bare"), finding("key_state.bare"))
    at_web = owner if places.web(owner) else None
    url = places.did_document(owner) if is_did else at_web
    if url is None:
        return Named(inside, finding("key_owner.unsupported", method=method), unknown)
    if not is_did and places.origin(url) != places.origin(issuer):
        return Named(inside, finding("key_owner.other", owner=owner, issuer=issuer), unknown)
    return _asked(_Question(method, issuer, created, url, inside, is_did), run)


@lru_cache(maxsize=_MOST_KEPT)
def _multikey(text: str | None) -> str | None:
    """The text if it is the Multikey of an Ed25519 key."""
    try:
        return text if text and keys.public_bytes(text) else None
    except KeyProblem:
        return None


@dataclass(frozen=True, slots=True)
class _Question:
    """A key to be looked up in the document at `url`; `inside` is the key in the method itself."""

    method: str
    issuer: str
    created: Any
    url: str
    inside: str | None
    is_did: bool


def _asked(one: _Question, run: Run) -> Named:
    """The key as the issuer's own document has it."""
    unknown = finding("key_state.unknown")
    try:
        document = run.document(one.url)
    except Unreachable as trouble:
        found = finding("key_owner.unreachable", url=one.url, why=trouble)
        return Named(one.inside, found, unknown)
    except Unreadable as trouble:
        found = finding("key_owner.bad_document", url=one.url, why=trouble)
        return Named(one.inside, found, unknown)
    if one.is_did and document.get("id") != one.issuer:
        why = f"it is about {document.get('id')}"
        found = finding("key_owner.bad_document", url=one.url, why=why)
        return Named(one.inside, found, unknown)
    entry = _entry(document, one)
    past = _history(one, run)
    if entry is None and not one.is_did and "kty" in document:
        # A bare JWK at an address of its own: nothing in it says whose it is.
        found = finding("key_owner.unsupported", method=one.method)
        return Named(one.inside, found, unknown, _NO_KEY, document)
    if entry is None:
        return _not_named(one, past)
    public = _public(entry)
    owner = _owner(document, entry, one)
    if owner.state == "passed" and not one.is_did and one.url != one.issuer:
        owner = _vouched(one, run)
    told = _told(past, one.method, public)
    state = told or _ended(entry, one.created, run) or finding("key_state.ok")
    jwk = entry.get("publicKeyJwk")
    is_jwk = entry.get("type") in _JWK and isinstance(jwk, dict)
    return Named(public, owner, state, "" if public else _NO_KEY, jwk if is_jwk else None)


def _is_method(entry: Any, one: _Question) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return False
    name: str = entry["id"]
    base = one.issuer if one.is_did else one.url
    return (base + name if name.startswith("#") else name) == one.method


def _entry(document: Json, one: _Question) -> Json | None:
    """The method in a document: listed, embedded where it is used, or the document itself."""
    used = listed(document.get("assertionMethod"))
    for entry in [*listed(document.get("verificationMethod")), *used]:
        if _is_method(entry, one):
            found: Json = entry
            return found
    if not one.is_did and document.get("id") == one.method and _public(document):
        return document
    return None


def _owner(document: Json, entry: Json, one: _Question) -> Finding:
    controller = entry.get("controller")
    if controller != one.issuer:
        return finding("key_owner.other", owner=controller or "nobody", issuer=one.issuer)
    if entry is not document and not _may_sign(document, one):
        return finding("key_owner.not_for_signing")
    return finding("key_owner.ok", host=places.host_of(one.issuer))


def _may_sign(document: Json, one: _Question) -> bool:
    names = (one.method, one.method[one.method.find("#") :])
    return any(
        use in names if isinstance(use, str) else _is_method(use, one)
        for use in listed(document.get("assertionMethod"))
    )


def _vouched(one: _Question, run: Run) -> Finding:
    """Whether the issuer's own document lets a key sign that lies beside it.

    Many share a host such as a forge's; a file there speaks only for whoever put it there.
    """
    try:
        document = run.document(one.issuer)
    except Unreachable as trouble:
        return finding("key_owner.unreachable", url=one.issuer, why=trouble)
    except Unreadable as trouble:
        return finding("key_owner.bad_document", url=one.issuer, why=trouble)
    if not _may_sign(document, one):
        return finding("key_owner.not_for_signing")
    return finding("key_owner.ok", host=places.host_of(one.issuer))


def _public(entry: Json) -> str | None:
    """The Ed25519 key of a method as a Multikey; None where it holds none that is read here."""
    kind = entry.get("type")
    if kind in ("Multikey", "Ed25519VerificationKey2020"):
        return _multikey(text_of(entry.get("publicKeyMultibase")))
    try:
        if kind == "Ed25519VerificationKey2018":
            raw = keys.decode58(text_of(entry.get("publicKeyBase58")) or "")
        elif kind in _JWK:
            jwk = entry.get("publicKeyJwk")
            if (member(jwk, "kty"), member(jwk, "crv")) != ("OKP", "Ed25519"):
                return None
            raw = base64url(text_of(member(jwk, "x")) or "")
        else:
            return None
    except (ValueError, Unreadable):
        return None
    return _multikey("z" + keys.encode58(b"\xed\x01" + raw)) if len(raw) == 32 else None


def _history(one: _Question, run: Run) -> list[Json]:
    """The issuer's keys of all times, where it publishes them as we do; often nothing."""
    folder = places.did_web(one.issuer)
    if folder is None:
        return []
    try:
        document = run.document(f"{folder}keys/index.json")
    except (Unreachable, Unreadable):
        return []
    return [one for one in listed(document.get("keys")) if isinstance(one, dict)]


def _told(past: list[Json], method: str, public: str | None) -> Finding | None:
    """What the issuer itself reports of a stolen key, by its name or by the key."""
    for one in past:
        same = one.get("id") == method or (public and one.get("publicKeyMultibase") == public)
        if same and one.get("compromised"):
            return finding("key_state.compromised", date=one["compromised"])
    return None


def _not_named(one: _Question, past: list[Json]) -> Named:
    owner = finding("key_owner.not_named", host=places.host_of(one.issuer) or one.url)
    told = _told(past, one.method, one.inside)
    entry = next((each for each in past if each.get("id") == one.method), {})
    public = _multikey(text_of(entry.get("publicKeyMultibase"))) if told else None
    return Named(public or one.inside, owner, told or finding("key_state.unknown"))


def _ended(entry: Json, created: Any, run: Run) -> Finding | None:
    """Whether the key was taken back, or had ended before it signed."""
    revoked, expires = entry.get("revoked"), entry.get("expires")
    if revoked is not None:
        when = moment(revoked)
        if when is None or when <= run.now:
            return finding("key_state.ended", date=day(str(revoked)))
    if expires is not None:
        when, signed = moment(expires), moment(created)
        if when is None or (when <= run.now and (signed is None or signed > when)):
            return finding("key_state.ended", date=day(str(expires)))
    return None
