# SPDX-License-Identifier: Apache-2.0
"""Thousands of altered credentials, the same ones every time: what two verifiers must agree on."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from site_builder import baking, keys
from site_builder.keys import SigningKey
from site_builder.proofs import TooSymmetric, UnknownContext, canonical, proofs_of
from tests.signed import branches, drop, leaves, other, put

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Json = dict[str, Any]
Web = dict[str, bytes | None]
METHOD = "did:web:badges.example.org#key-1"


@dataclass(frozen=True)
class Case:
    """One input of both verifiers.

    Attributes:
        name: which alteration of what.
        data: the file.
        web: what the web holds instead, for this case alone; None is an address without anything.
        read_from, asked: as `verify` takes them.
        base: the signed document it was made of, where nobody signed it anew.
    """

    name: str
    data: bytes
    web: Web = field(default_factory=dict)
    read_from: str | None = None
    asked: str | None = None
    base: Json | None = None


def text(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def signed_anyway(
    body: Json, key: SigningKey, method: Any = METHOD, more: Json | None = None
) -> Json | None:
    """The document signed without asking whether it should be; None where that cannot be done."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2016-03-14T00:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    } | (more or {})
    bare = {name: value for name, value in body.items() if name != "proof"}
    try:
        head = canonical({"@context": bare["@context"]} | options)
        whole = canonical(bare)
    except (UnknownContext, TooSymmetric, SyntaxError, KeyError, ValueError):
        return None
    digests = hashlib.sha256(head).digest() + hashlib.sha256(whole).digest()
    value = "z" + keys.encode58(key.sign(digests))
    return bare | {"proof": [options | {"proofValue": value}]}


# What stands in a place

ODD: Sequence[Any] = (
    None, True, False, 0, 1, -1, 1.0, 1.5, 1e21, 1e-7, 2**53 - 1, 2**53, 2**60, -0.0, 123456789012345680000.0,
    "", " ", "x", "@id", "@type", "@none", "@vocab", "_:b0", "not an address", "https://x/a b", "urn:uuid:x",
    "a\u0000b", "a\u0007b", "tab\tand\nline", 'quote"back\\slash', "\u007f", "\ud800", "\ufffe", "𝒜 豈 \uf8ff",
    "e\u0301", "é", "\u202eevil", "1e400", "true", "2016-03-14T00:00:00Z", "2016-02-30T00:00:00Z", "2016-03-14",
    "2016-03-14T00:00:00+14:30", "9999-12-31T23:59:59-14:00", "2999-01-01T00:00:00Z", "1999-01-01T00:00:00.123456789+05:30",
    [], {}, [[]], [None], ["x", "x"], ["x", 1], {"@value": "x"}, {"@value": "x", "@language": "en"},
    {"@value": "x", "@language": "EN"}, {"@value": "x", "@type": "http://www.w3.org/2001/XMLSchema#string"},
    {"@value": None}, {"@id": "https://example.org/x"}, {"id": "https://example.org/x"}, {"@list": ["x"]}, {"@set": ["x"]},
    {"id": "https://example.org/x", "type": "Profile"}, {"type": "Achievement"}, {"name": "x"}, {"en": "x"},
)  # fmt: skip


def wrapped(value: Any) -> Iterator[Any]:
    """The value in every disguise that JSON-LD may read as the same."""
    yield [value]
    yield [[value]]
    yield [value, value]
    yield {"@value": value}
    yield {"@value": value, "@language": "en"}
    yield {"@id": value}
    yield {"id": value}
    yield {"@set": [value]}
    if isinstance(value, str):
        yield value + " "
        yield value.upper()
        yield value + "\u0000"
        yield "𝒜" + value


ADDED: Mapping[str, Any] = {
    "shoeSize": 43,
    "https://www.w3.org/2018/credentials#validUntil": "2999-01-01T00:00:00Z",
    "schema:name": "x",
    "name": "Something grander",
    "Name": "x",
    "description": {"@value": "x", "@language": "en"},
    "id": "https://example.org/other",
    "@id": "https://example.org/other",
    "type": "Achievement",
    "@type": "Achievement",
    "@graph": [],
    "@reverse": {},
    "@index": "x",
    "@language": "en",
    "@nonsense": "x",
    "7": "x",
    "__proto__": {"name": "x"},
    "constructor": "x",
    "toString": {},
    "@context": "https://www.w3.org/ns/credentials/v2",
    "proof": {},
    "previousProof": "x",
    "evidence": {"id": "https://example.org/e", "type": ["Evidence"], "name": "x"},
    "image": {"id": "https://example.org/i.png", "type": "Image"},
    "validUntil": "1999-01-01T00:00:00Z",
    "expirationDate": "1999-01-01T00:00:00Z",
    "issuanceDate": "2999-01-01T00:00:00Z",
    "credentialStatus": {"type": "1EdTechRevocationList", "id": "https://example.org/r"},
    "endorsement": {},
    "verifiableCredential": [],
    "relatedResource": [],
    "termsOfUse": [],
    "result": [{"type": ["Result"], "value": "1"}],
    "creditsAvailable": 1.5,
    "confidenceMethod": "x",
}


def altered(name: str, base: Json, *, step: int = 1) -> Iterator[Case]:
    """Alterations of a signed document by somebody without its key.

    Args:
        name: of the document.
        base: the document as published.
        step: take every so manieth only.
    """
    made = list(_altered(base))
    for number, (what, document) in enumerate(made):
        if number % step == 0:
            yield Case(f"{name}: {what}", text(document), base=base)


def _altered(base: Json) -> Iterator[tuple[str, Any]]:
    for number, (place, value) in enumerate(leaves(base)):
        yield f"{place} is another", put(base, place, other(value))
        every = [*wrapped(value), *ODD]
        for turn in range(4):  # four of them in each place, other ones in the next
            one = every[(number * 4 + turn) % len(every)]
            yield f"{place} is {str(one)[:40]!r}", put(base, place, one)
    for number, place in enumerate(branches(base)):
        yield f"{place} is gone", drop(base, place)
        one = ODD[number % len(ODD)]
        yield f"{place} as a whole is {str(one)[:40]!r}", put(base, place, one)
    for place in _objects(base):
        yield from _with_more(base, place)
    yield from _reordered(base)


def _objects(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    entries = enumerate(value) if isinstance(value, list) else value.items()
    if isinstance(value, dict):
        yield place
    for key, one in entries:
        if isinstance(one, dict | list):
            yield from _objects(one, (*place, key))


def _with_more(base: Json, place: tuple[str | int, ...]) -> Iterator[tuple[str, Json]]:
    for number, (name, value) in enumerate(ADDED.items()):
        if place and (number + len(place) + len(str(place))) % 3:
            continue
        made = copy.deepcopy(base)
        target: Any = made
        for key in place:
            target = target[key]
        if name in target:
            continue
        # First and last: what comes first decides which fault is named.
        inside = {name: value} | target if number % 2 else target | {name: value}
        target.clear()
        target.update(inside)
        yield f"{place} also has {name}", made


def _reordered(base: Json) -> Iterator[tuple[str, Json]]:
    yield "members in another order", dict(reversed(base.items()))
    for place, value in [(one, _at(base, one)) for one in branches(base)]:
        if isinstance(value, list) and value:
            yield f"{place} in another order", put(base, place, value[::-1])
            yield f"{place} doubled", put(base, place, value * 2)
            yield f"{place} with null", put(base, place, [*value, None])
            yield f"{place} opened", put(base, place, value[0])
        elif not isinstance(value, list):
            yield f"{place} in a list", put(base, place, [value])


def _at(document: Any, place: tuple[str | int, ...]) -> Any:
    for key in place:
        document = document[key]
    return document


CONTEXTS: Sequence[Any] = (
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/2018/credentials/v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    "https://w3id.org/security/data-integrity/v2",
    "https://w3id.org/security/multikey/v1",
    "https://www.w3.org/ns/did/v1",
    "https://www.w3.org/ns/credentials/status/v1",
    "https://example.org/unknown.json",
    "HTTPS://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/v2#",
    "context.json",
    {"name": "https://example.org/name"},
    {},
    None,
    "",
    7,
    [],
)


def with_other_contexts(name: str, base: Json, key: SigningKey) -> Iterator[Case]:
    """Contexts added, taken away and put in another order; also with a signature over that."""
    given = base["@context"]
    lists = [given[:number] + given[number + 1 :] for number in range(len(given))]
    lists += [[*given, one] for one in CONTEXTS] + [[one, *given] for one in CONTEXTS]
    lists += [given[::-1], given * 2, given[0], [], None, {}, "", [given], [[]]]
    for number, one in enumerate(lists):
        body = base | {"@context": one}
        yield Case(f"{name}: contexts {number}", text(body), base=base)
        anew = signed_anyway(body, key)
        if anew is not None:
            yield Case(f"{name}: contexts {number}, signed", text(anew))
    for number, place in enumerate(_objects(base)):
        made = copy.deepcopy(base)
        _at(made, place)["@context"] = CONTEXTS[number % len(CONTEXTS)]
        yield Case(f"{name}: a context in {place}", text(made), base=base)
        anew = signed_anyway(made, key)
        if anew is not None:
            yield Case(f"{name}: a context in {place}, signed", text(anew))


def signed_anew(name: str, base: Json, key: SigningKey, *, step: int = 1) -> Iterator[Case]:
    """Odd documents with a signature that fits: both must read the same bytes out of them."""
    body = {one: value for one, value in base.items() if one != "proof"}
    for number, (what, document) in enumerate(_altered(body)):
        if number % step:
            continue
        made = signed_anyway(document, key) if isinstance(document, dict) else None
        if made is not None:
            yield Case(f"{name}, signed anew: {what}", text(made))


def as_texts(name: str, base: Json) -> Iterator[Case]:
    """Spellings of JSON that readers disagree on."""
    whole = text(base)
    first = next(iter(base))
    twice = whole[:-1] + b', "' + first.encode() + b'": 1}'
    deep = b'{"a":' * 70 + b"1" + b"}" * 70
    spellings = {
        "cut in half": whole[: len(whole) // 2],
        "cut by one": whole[:-1],
        "one byte more": whole + b"}",
        "a member twice": twice,
        "the same member twice": whole[:-1] + b', "name": "x", "name": "x"}',
        "a member twice, escaped": whole[:-1] + b', "\\u0069d": "x"}',
        "a byte order mark": b"\xef\xbb\xbf" + whole,
        "two byte order marks": b"\xef\xbb\xbf" * 2 + whole,
        "in UTF-16": whole.decode().encode("utf-16"),
        "in Latin-1": '{"name": "Zoé"}'.encode("latin-1"),
        "a surrogate in UTF-8": b'{"name": "\xed\xa0\x80"}',
        "NaN": whole[:-1] + b', "x": NaN}',
        "Infinity": whole[:-1] + b', "x": -Infinity}',
        "2**60": whole[:-1] + b', "x": 1152921504606846976}',
        "2**53": whole[:-1] + b', "x": 9007199254740992}',
        "2**53-1": whole[:-1] + b', "x": 9007199254740991}',
        "1e400": whole[:-1] + b', "x": 1e400}',
        "1e308": whole[:-1] + b', "x": 1e308}',
        "-0": whole[:-1] + b', "x": -0}',
        "01": whole[:-1] + b', "x": 01}',
        ".5": whole[:-1] + b', "x": .5}',
        "1.": whole[:-1] + b', "x": 1.}',
        "+1": whole[:-1] + b', "x": +1}',
        "0x10": whole[:-1] + b', "x": 0x10}',
        "half a character": whole[:-1] + b', "x": "\\ud800"}',
        "two halves": whole[:-1] + b', "x": "\\ud83d\\ude00"}',
        "halves the wrong way": whole[:-1] + b', "x": "\\ude00\\ud83d"}',
        "an escape that is none": whole[:-1] + b', "x": "\\x41"}',
        "a short escape": whole[:-1] + b', "x": "\\u12"}',
        "a line in a text": whole[:-1] + b', "x": "a\nb"}',
        "a comma at the end": whole[:-1] + b",}",
        "a comment": whole + b" // fine",
        "single quotes": whole.replace(b'"', b"'"),
        "spaces around": b" \r\n\t" + whole + b"\n\n",
        "a no-break space": b"\xc2\xa0" + whole,
        "a list": b"[" + whole + b"]",
        "a text": json.dumps(whole.decode()).encode(),
        "nothing": b"",
        "a space": b" ",
        "null": b"null",
        "an empty object": b"{}",
        "only braces": b"{" * 200,
        "deep": deep,
        "deep lists": b'{"a":' + b"[" * 63 + b"]" * 63 + b"}",
        "deeper lists": b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
        "very deep": b"[" * 100_000,
        "too large": b'{"x": "' + b"y" * (1 << 20) + b'"}',
        "HTML": b"<!doctype html><title>x</title>",
        "withdrawn": b'{"status": "withdrawn"}',
        "withdrawn but of a type": b'{"status": "withdrawn", "type": "VerifiableCredential"}',
        "__proto__": whole[:-1] + b', "__proto__": {"type": "x"}}',
    }
    for what, data in spellings.items():
        yield Case(f"{name}: {what}", data, base=base)
    for kind in (
        "Assertion",
        "BadgeClass",
        "Issuer",
        "Profile",
        "VerifiablePresentation",
        "X",
        None,
        7,
    ):
        for types in (
            kind,
            [kind],
            ["VerifiableCredential", kind],
            [kind, "AchievementCredential"],
        ):
            yield Case(f"{name}: of type {types}", text(base | {"type": types}), base=base)
    old = {"@context": "https://w3id.org/openbadges/v1", "type": "Assertion"}
    yield Case("an assertion of 1.1", text(old))
    yield Case("a file of zeros", bytes(300))


def swapped(name: str, one: Json, another: Json) -> Iterator[Case]:
    """Parts of one signed document in another."""
    for member in {**one, **another}:
        if member not in another:
            yield Case(f"{name}: without {member}", text(drop(one, (member,))), base=one)
        else:
            made = one | {member: another[member]}
            yield Case(f"{name}: {member} of another", text(made), base=one)


PROOFS: Mapping[str, Any] = {
    "null": None,
    "an empty list": [],
    "an object": {},
    "a text": "x",
    "a number": 7,
    "a list with null": [None],
    "a list in a list": [[]],
}
METHODS: Sequence[Any] = (
    None, 7, "", "#key-1", "key-1", {"id": METHOD}, [METHOD], METHOD + "0", METHOD + "#x", "did:web:badges.example.org",
    "did:web:badges.example.org%3A443#key-1", "did:web:BADGES.example.org#key-1", "did:web:other.example.org#key-1",
    "did:web:badges.example.org:x#key-1", "did:web:..#key-1", "did:key:zzz", "did:ion:x#key-1",
    "https://badges.example.org/keys/1", "https://badges.example.org/keys/1#key-1", "http://badges.example.org/keys/1",
    "https://other.example.org/keys/1", "urn:uuid:x", "javascript:alert(1)",
)  # fmt: skip


def with_other_proofs(
    name: str, base: Json, key: SigningKey, stranger: SigningKey
) -> Iterator[Case]:
    (proof,) = proofs_of(base)
    yield Case(f"{name}: the proof alone", text(base | {"proof": proof}), base=base)
    yield Case(f"{name}: twice", text(base | {"proof": [proof, proof]}), base=base)
    yield Case(f"{name}: nine times", text(base | {"proof": [proof] * 9}), base=base)
    for what, one in PROOFS.items():
        yield Case(f"{name}: proof is {what}", text(base | {"proof": one}), base=base)
        both = [proof, *(one if isinstance(one, list) else [one])]
        yield Case(f"{name}: proof and {what}", text(base | {"proof": both}), base=base)
    changes: list[Json] = [
        {"type": "Ed25519Signature2020"},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"cryptosuite": "ecdsa-rdfc-2019"},
        {"cryptosuite": None},
        {"proofPurpose": "authentication"},
        {"proofValue": "z" + "1" * 64},
        {"proofValue": proof["proofValue"][1:]},
        {"proofValue": "z" + proof["proofValue"]},
        {"proofValue": "u" + proof["proofValue"][1:]},
        {"proofValue": proof["proofValue"][:-1]},
        {"proofValue": "z" * 300},
        {"created": "2016-03-15T00:00:00Z"},
        {"expires": "1999-01-01T00:00:00Z"},
        {"expires": "never"},
        {"domain": "example.org"},
        {"challenge": "x"},
        {"@context": base["@context"]},
        {"@context": base["@context"][:1]},
        {"id": "urn:uuid:2c0a8a1e-7d51-4a6d-9d05-1f7a2d6a5a10"},
        {"previousProof": "urn:uuid:x"},
        {"nonce": "x"},
    ]
    for change in changes:
        yield Case(
            f"{name}: proof with {change}", text(base | {"proof": [proof | change]}), base=base
        )
        anew = signed_anyway(base, key, more=change)
        if anew is not None:
            yield Case(f"{name}: proof with {change}, signed", text(anew))
    for method in METHODS:
        changed = base | {"proof": [proof | {"verificationMethod": method}]}
        yield Case(f"{name}: method {method}", text(changed), base=base)
        anew = signed_anyway(base, key, method)
        if anew is not None:
            yield Case(f"{name}: method {method}, signed", text(anew))
    yield from _by_strangers(name, base, key, stranger)


def _by_strangers(name: str, base: Json, key: SigningKey, stranger: SigningKey) -> Iterator[Case]:
    bare = f"did:key:{stranger.public}"
    issuers: dict[str, Any] = {
        "as it was": base["issuer"],
        "a key": base["issuer"] | {"id": bare},
        "only a key": bare,
        "another site": base["issuer"] | {"id": "did:web:other.example.org"},
        "an address": base["issuer"] | {"id": "https://badges.example.org/issuer"},
        "a foreign address": base["issuer"] | {"id": "https://other.example.org/issuer"},
        "a name": base["issuer"] | {"id": "urn:uuid:3a6f8e22-5b7d-4a44-bb6e-36e4ab0b2d35"},
        "nobody": {"type": ["Profile"], "name": "x"},
    }
    methods = [METHOD, f"{bare}#{stranger.public}", bare, f"{bare}#{key.public}", f"{METHOD[:-6]}#{stranger.public}",
               "did:web:other.example.org#key-1", "https://other.example.org/keys/1"]  # fmt: skip
    for said, issuer in issuers.items():
        for method in methods:
            for who, signer in (
                ("a stranger", stranger),
                ("everybody", keys.preview()),
                ("its own key", key),
            ):
                made = signed_anyway(base | {"issuer": issuer}, signer, method)
                if made is not None:
                    yield Case(f"{name}: issuer is {said}, {method} by {who}", text(made))


def answering(case: Case, web: Web, what: str) -> Case:
    """The same file on another web."""
    return replace(case, name=f"{case.name}: {what}", web=web)


# Tokens


def token(header: Json, payload: Json, key: SigningKey) -> bytes:
    def part(data: bytes) -> bytes:
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    signed = part(text(header)) + b"." + part(text(payload))
    return signed + b"." + part(key.sign(signed))


def tokens(base: Json, key: SigningKey, stranger: SigningKey) -> Iterator[Case]:
    body = drop(base, ("proof",))
    good = {"alg": "EdDSA", "kid": METHOD, "typ": "JWT"}
    claims = {"iss": base["issuer"]["id"], "jti": base["id"], "nbf": 1457913600}
    headers: Sequence[Json] = (
        good, good | {"alg": "none"}, good | {"alg": "RS256"}, good | {"alg": "ES256"}, good | {"alg": "HS256"},
        good | {"alg": "Ed25519"}, good | {"kid": "#key-1"}, good | {"kid": None}, good | {"crit": ["exp"]},
        good | {"b64": False}, good | {"kid": f"did:key:{key.public}"}, {"alg": "EdDSA"}, {},
    )  # fmt: skip
    for header in headers:
        yield Case(f"token {header}", token(header, body | claims, key))
    for more in ({"iss": "did:web:other.example.org"}, {"jti": "x"}, {"exp": 1}, {"exp": 4e9}, {"exp": "soon"},
                 {"nbf": 2e9}, {"nbf": True}, {"sub": "urn:uuid:x"}, {"vc": body}, {"vc": 7}, {"iss": 7}, {"exp": 1893456000.5}):  # fmt: skip
        yield Case(f"token with {str(more)[:40]}", token(good, body | claims | more, key))
    yield Case("token by a stranger", token(good, body | claims, stranger))
    whole = token(good, body | claims, key)
    yield Case("token with spaces", b"\n " + whole + b"\n")
    yield Case("token without signature", whole[: whole.rindex(b".") + 1])
    yield Case("token cut", whole[:-3])
    yield Case("token changed", whole.replace(b".", b".x", 1))
    yield Case("token as JSON", json.dumps(whole.decode()).encode())


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _part(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def by_other_keys(base: Json) -> Iterator[tuple[str, str, Any, bytes]]:
    """Tokens by RSA and ECDSA keys, with the JWK that is said to be the key."""
    body = drop(base, ("proof",)) | {"iss": base["issuer"]["id"], "jti": base["id"]}
    secret = rsa.generate_private_key(65537, 2048)
    numbers = secret.public_key().public_numbers()
    rsa_jwk = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    curved = ec.derive_private_key(7**90, ec.SECP256R1())
    place = curved.public_key().public_numbers()
    ec_jwk = {"kty": "EC", "crv": "P-256", "x": _number(place.x), "y": _number(place.y)}

    def signed(kind: str) -> tuple[bytes, bytes]:
        header = {"alg": kind, "kid": METHOD, "typ": "JWT"}
        whole = f"{_part(text(header))}.{_part(text(body))}".encode()
        if kind == "RS256":
            return whole, secret.sign(whole, padding.PKCS1v15(), SHA256())
        halves = decode_dss_signature(curved.sign(whole, ec.ECDSA(SHA256())))
        return whole, b"".join(one.to_bytes(32, "big") for one in halves)

    odd: dict[str, Sequence[Json]] = {
        "RS256": [{"n": "AA" + rsa_jwk["n"]}, {"n": _number(numbers.n >> 1)}, {"n": _number(numbers.n >> 8)}, {"n": ""},
                  {"n": rsa_jwk["n"] + "="}, {"n": 7}, {"e": "AQ"}, {"e": "Ag"}, {"e": "Aw"}, {"e": "AAEAAQ"}, {"e": ""},
                  {"e": "!"}, {"n": _number(7**2900)}, {"n": _number(numbers.n + 2)}, {"kty": "EC"}, {"kty": None}, {"alg": "RS512", "use": "enc"}],
        "ES256": [{"x": "AA" + ec_jwk["x"]}, {"x": "AAAA" + ec_jwk["x"]}, {"x": _number(place.x + 1)}, {"x": ""}, {"x": "AA"},
                  {"y": ec_jwk["x"]}, {"x": ec_jwk["y"], "y": ec_jwk["x"]}, {"crv": "P-384"}, {"crv": None}, {"y": None},
                  {"y": ec_jwk["y"] + "AA"}, {"kty": "OKP"}, {"use": "enc", "key_ops": ["encrypt"]}],
    }  # fmt: skip
    for kind, jwk, other_jwk in (("RS256", rsa_jwk, ec_jwk), ("ES256", ec_jwk, rsa_jwk)):
        whole, signature = signed(kind)
        good = whole + b"." + _part(signature).encode()
        for name, one in (
            ("as it was", jwk),
            ("of the other kind", other_jwk),
            ("none", None),
            ("empty", {}),
        ):
            yield name, kind, one, good
        for change in odd[kind]:
            yield f"key with {str(change)[:40]}", kind, jwk | change, good
        for name, one in (
            ("cut", signature[:-1]), ("longer", signature + b"x"), ("empty", b""), ("zeros", bytes(len(signature))),
            ("half zeros", bytes(len(signature) // 2) + signature[len(signature) // 2 :]), ("ones", b"\xff" * len(signature)),
            ("changed", bytes([signature[0] ^ 1]) + signature[1:]), ("as DER", b"0D" + signature),
        ):  # fmt: skip
            yield f"signature {name}", kind, jwk, whole + b"." + _part(one).encode()


# Pictures


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    whole = kind + body
    return len(body).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")


def pngs(plain: bytes, award: str, assertion: str, url: str) -> Iterator[tuple[str, bytes]]:
    """Baked pictures of every make, and broken ones."""

    def with_chunks(*chunks: bytes) -> bytes:
        return plain[:33] + b"".join(chunks) + plain[33:]

    head, text_bytes = b"openbadgecredential\0", award.encode()
    squeezed = zlib.compress(text_bytes)
    good = chunk(b"iTXt", head + b"\0\0\0\0" + text_bytes)
    yield "baked", baking.bake_png(plain, ob3=award, ob2=assertion)
    yield "baked in 2.0", baking.bake_png(plain, ob2=assertion)
    yield "baked with an address", baking.bake_png(plain, ob3=url)
    yield "baked with an address of nothing", baking.bake_png(plain, ob3=url + "x")
    yield "plain", plain
    yield "baked twice", with_chunks(good, good)
    bodies = {
        "iTXt with a language": (b"iTXt", b"\0\0en\0Badge\0" + text_bytes),
        "iTXt packed": (b"iTXt", b"\1\0\0\0" + squeezed),
        "iTXt packed otherwise": (b"iTXt", b"\1\1\0\0" + squeezed),
        "iTXt of no known layout": (b"iTXt", b"\2\0\0\0" + text_bytes),
        "iTXt without language": (b"iTXt", b"\0\0x"),
        "iTXt empty": (b"iTXt", b""),
        "iTXt in Latin-1": (b"iTXt", b"\0\0\0\0\xe9"),
        "iTXt with a mark": (b"iTXt", b"\0\0\0\0\xef\xbb\xbf" + text_bytes),
        "tEXt": (b"tEXt", text_bytes),
        "tEXt in Latin-1": (b"tEXt", text_bytes[:-1] + b', "x": "\xe9"}'),
        "tEXt empty": (b"tEXt", b""),
        "zTXt": (b"zTXt", b"\0" + squeezed),
        "zTXt otherwise": (b"zTXt", b"\1" + squeezed),
        "zTXt cut": (b"zTXt", b"\0" + squeezed[:-1]),
        "zTXt with more behind": (b"zTXt", b"\0" + squeezed + b"more"),
        "zTXt damaged": (b"zTXt", b"\0" + squeezed[:40] + b"\0\0\0\0" + squeezed[44:]),
        "zTXt without a sum": (b"zTXt", b"\0" + squeezed[:-4] + bytes(4)),
        "zTXt bomb": (b"zTXt", b"\0" + zlib.compress(bytes(50 << 20))),
        "zTXt just too long": (b"zTXt", b"\0" + zlib.compress(b" " * ((1 << 20) + 1))),
        "zTXt just short enough": (b"zTXt", b"\0" + zlib.compress(b" " * (1 << 20))),
        "zTXt stored": (b"zTXt", b"\0" + zlib.compress(text_bytes, 0)),
        "zTXt empty": (b"zTXt", b""),
        "another kind of chunk": (b"teXt", text_bytes),
    }
    for name, (kind, body) in bodies.items():
        yield name, with_chunks(chunk(kind, head + body))
    yield "other keyword", with_chunks(chunk(b"iTXt", b"openbadge\0" + b"\0\0\0\0" + text_bytes))
    yield "no keyword's end", with_chunks(chunk(b"tEXt", b"openbadgecredential"))
    yield "a record's keyword", with_chunks(chunk(b"tEXt", b"clrcredential\0" + text_bytes))
    yield "wrong sum", with_chunks(good[:-1] + bytes([good[-1] ^ 1]))
    yield "cut", with_chunks(good)[:2000]
    yield "cut at the end", with_chunks(good)[:-1]
    yield "more behind", with_chunks(good) + b"more"
    yield "as if it were text", with_chunks(good).replace(b"\r\n", b"\n", 1)
    yield "only a signature", plain[:8]
    yield "not so long", plain[:8] + b"\xff" * 8 + plain[16:]
    yield "too large", plain + bytes(5 << 20)
    yield "IHDR later", plain[:8] + good + plain[8:]


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
)
OLD_SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">'


def svgs(award: str, assertion: str, url: str) -> Iterator[tuple[str, bytes]]:
    """Drawings of every make, and broken ones."""
    open_, close = "<openbadges:credential>", "</openbadges:credential>"
    data = f"<![CDATA[{award}]]>"
    escaped = award.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    good = f"{SVG}{open_}{data}{close}<path d='M0 0'/></svg>"
    dtd = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    yield "baked by us", baking.bake_svg(f"{SVG}<g/></svg>".encode(), ob3=award)
    drawings = {
        "baked": good,
        "plain": f"{SVG}<g/></svg>",
        "escaped": f"{SVG}{open_}{escaped}{close}</svg>",
        "with numbers": f"{SVG}{open_}{award.replace('{', '&#123;').replace('}', '&#x7D;')}{close}</svg>",
        "in pieces": f"{SVG}{open_}<![CDATA[{award[:50]}]]>{award[50:].replace('&', '&amp;').replace('<', '&lt;')}{close}</svg>",
        "with a comment in it": f"{SVG}{open_}{data}<!-- x -->{close}</svg>",
        "with an element in it": f"{SVG}{open_}{data}<b/>{close}</svg>",
        "with an instruction": f"{SVG}<?x y?>{open_}{data}{close}</svg>",
        "verify": f"{SVG}<openbadges:credential verify='{url}'/></svg>",
        "verify and text": f"{SVG}<openbadges:credential verify='{url}x'>{data}{close}</svg>",
        "twice": f"{SVG}{open_}{data}{close}{open_}{data}{close}</svg>",
        "of 2.0": f"{OLD_SVG}<openbadges:assertion verify='x'><![CDATA[{assertion}]]></openbadges:assertion></svg>",
        "of 2.0 by address": f"{OLD_SVG}<openbadges:assertion verify='{url}'/></svg>",
        "other prefix": good.replace("openbadges:", "ob:").replace("xmlns:openbadges", "xmlns:ob"),
        "own namespace": f"<svg><credential xmlns='https://purl.imsglobal.org/ob/v3p0'>{data}</credential></svg>",
        "other namespace": good.replace("v3p0", "v3p1", 1),
        "undeclared prefix": f"<svg>{open_}{data}{close}</svg>",
        "declaration": f"<?xml version='1.0' encoding='UTF-8' standalone='no'?>\n{good}",
        "declaration of Latin-1": f"<?xml version='1.0' encoding='ISO-8859-1'?>{good}",
        "declaration of 1.1": f"<?xml version='1.1'?>{good}",
        "broken declaration": f"<?xml encoding='UTF-8'?>{good}",
        "declaration after a space": f" <?xml version='1.0'?>{good}",
        "with a DTD": f"{dtd}{good}",
        "with a comment before": f"<!-- <svg> -->{good}",
        "with a mark": f"\ufeff{good}",
        "in CRLF": good.replace("><", ">\r\n<"),
        "prefixed": good.replace("<svg xmlns=", "<s:svg xmlns:s=").replace("</svg", "</s:svg"),
        "entities": f"<!DOCTYPE svg [<!ENTITY e 'x'>]>{good}",
        "many laughs": f"<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>{SVG}&b;</svg>",
        "an unknown entity": f"{SVG}&nbsp;{open_}{data}{close}</svg>",
        "an unknown entity, DTD": f"{dtd}{SVG}&nbsp;{open_}{data}{close}</svg>",
        "a bare ampersand": f"{SVG}a & b{open_}{data}{close}</svg>",
        "a forbidden character": f"{SVG}&#8;{open_}{data}{close}</svg>",
        "a zero": f"{SVG}\u0000{open_}{data}{close}</svg>",
        "]]> in text": f"{SVG}]]>{open_}{data}{close}</svg>",
        "-- in a comment": f"{SVG}<!-- a -- b -->{open_}{data}{close}</svg>",
        "unclosed": f"{SVG}{open_}{data}{close}",
        "crossed": f"{SVG}{open_}{data}</svg>{close}",
        "two roots": f"{good}{good}",
        "text behind": f"{good}x",
        "a comment behind": f"{good}<!-- x -->\n",
        "attribute twice": good.replace("<path d=", "<path d='' d="),
        "attribute without quotes": good.replace("'M0 0'", "M"),
        "attribute with <": good.replace("'M0 0'", "'<'"),
        "attributes without a space": good.replace("d='M0 0'", "d='M0 0'x='1'"),
        "with a script": good.replace("<path", "<script>alert(1)</script><path"),
        "with an image": good.replace("<path", "<image href='https://example.org/x.png'/><path"),
        "a bomb": f"{SVG}{open_}{' ' * 10}{'y' * ((1 << 20) + 1)}{close}</svg>",
        "too large": f"{SVG}{open_}{data}{close}{' ' * (5 << 20)}</svg>",
        "HTML": f"<html><body>{good}</body></html>",
        "no drawing": "<?xml version='1.0'?><svgx/>",
        "empty": f"{SVG}{open_}{close}</svg>",
        "empty element": "<svg/>",
        "a token": f"{SVG}<openbadges:credential verify='a.b.c'/></svg>",
    }
    for name, drawing in drawings.items():
        yield f"drawing: {name}", drawing.encode()
    yield "drawing: in UTF-16", good.encode("utf-16")
    yield "drawing: in Latin-1", good.encode() + "<!-- é -->".encode("latin-1")


MARKS = (
    "<", ">", "&", "&amp;", "&#65;", "&x;", "<!--", "-->", "<![CDATA[", "]]>", "<?x?>", "<?xml?>", "'", '"', " ", "\n",
    "\t", "/", " xmlns=''", " xmlns:a='b'", " xmlns:b=''", " xmlns:xml='x'", ":", "a:b", "=", "<g>", "</g>", "<g/>", "\0",
    "\u00a0", "\ufffe", "\u0300", "<!DOCTYPE svg>", "<!DOCTYPE svg SYSTEM 'x'>", "<!DOCTYPE svg PUBLIC 'x'>", "[", "]", "--",
    "?", "!", "&#x1F600;", "&#xD800;", "&#0;", "{", "}", ",", "\\", "\\u0041", "\\ud800", "null", "1e5", "-0", "\ufeff",
)  # fmt: skip


def torn(name: str, data: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    """A file with a few bytes put in, taken out or changed, mostly near its beginning."""
    for number in range(count):
        dice = hashlib.sha256(f"{name} {number}".encode()).digest()
        reach = len(data) if dice[0] < 80 else min(len(data), 300)
        at = int.from_bytes(dice[1:5], "big") % max(reach, 1)
        if dice[5] < 150:
            made = data[:at] + MARKS[dice[6] % len(MARKS)].encode() + data[at:]
        elif dice[5] < 200:
            made = data[:at] + data[at + 1 + dice[6] % 5 :]
        else:
            made = data[:at] + dice[6:7] + data[at + 1 :]
        yield f"{name}, torn {number}", made
