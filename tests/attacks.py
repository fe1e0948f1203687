# SPDX-License-Identifier: Apache-2.0
"""Attacks on the verifiers, as inputs.

What follows from many of them is in test_verify_attacks.py; test_verify_js.py asks both verifiers
about all of them.
"""

from __future__ import annotations

import base64
import copy
import json
from typing import TYPE_CHECKING, Any

from site_builder import keys
from tests.attack_files import drawings, holders, pictures, too_much
from tests.mutations import Case, signed_anyway, text
from tests.signed import drop, put
from tests.test_verify_bad_input import token
from tests.verified import BASE, DID, GOOD, GOOD_OB2, KEY, METHOD, OTHER_KEY, Hosted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.signed import Json

STRANGER = f"did:key:{OTHER_KEY.public}"
BY_STRANGER = f"{STRANGER}#{OTHER_KEY.public}"
_OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
V2 = "https://www.w3.org/ns/credentials/v2"

LOOK_ALIKES = (
    "https://b\N{CYRILLIC SMALL LETTER A}dges.example.org/",
    "https://badges\N{FULLWIDTH FULL STOP}example.org/",
    "https://badges.example.org\N{RIGHT-TO-LEFT OVERRIDE}/",
    "https://badges.example.org%2eevil.example/",
    "https://badges.example.org%20.evil.example/",
    "https://badges.example.org\\.evil.example/",
    "https://badges.example.org./",
    "https://badges.example.org@evil.example/",
    "https://badges.example.org:0443/",
    "https://[::ffff:192.0.2.1]/",
    "ftp://badges.example.org/",
    "HTTPS:badges.example.org/",
)
DIDS = (
    "did:web:badges.example.org%2Fevil",
    "did:web:evil.example%2F..",
    "did:web:user%40badges.example.org",
    "did:web:badges.example.org@evil.example",
    "did:web:b\N{CYRILLIC SMALL LETTER A}dges.example.org",
    "did:web:badges.example.org.",
    "did:web:badges.example.org%3A0",
    "did:web:badges.example.org:..",
    "did:web:badges.example.org:%2e%2e:x",
    "did:web:badges.example.org:",
    "did:web:[::1]",
    "did:web:",
    "did:WEB:badges.example.org",
    "DID:web:badges.example.org",
    f"{DID}?x",
    f" {DID}",
)
UPWARDS = (
    "district/../awards/x.json",
    "district/%2E%2e/awards/x.json",
    "district/..%2fawards/x.json",
    "district/a/..?x",
)
ISSUERS: Sequence[Any] = (
    [DID], [{"id": DID, "name": "x"}], {"name": "x"}, {"id": [DID]}, {"id": None}, None, "", 7,
)  # fmt: skip
HALF_REVOKED: Sequence[Any] = ("true", "false", 1, 0, [True], {})
PURPOSES = ("message", "refresh", "Revocation", "revocation ", "suspension")
INDEXES: Sequence[Any] = (
    "", " 5", "5 ", "+5", "-1", -1, 5.5, "0x5", "5.0", "\N{ARABIC-INDIC DIGIT FIVE}", "1e3", "99999999999", 10**9, True,
    None, [5], {},
)  # fmt: skip
ENDS = (
    "10000-01-01T00:00:00Z",
    "2030-01-01T24:00:00Z",
    "2030-12-31T23:59:60Z",
    "2030-01-01T00:00:00+99:99",
    "2030-01-01t00:00:00z",
    "2030-01-01T00:00:00",
    "2030-02-30T00:00:00Z",
    "-2030-01-01T00:00:00Z",
    "\N{ARABIC-INDIC DIGIT TWO}030-01-01T00:00:00Z",
    "2030-01-01T00:00:00Z\n",
    "9999-12-31T23:59:59-14:00",
)
MORE_MOMENTS = (
    "2030-01-01T00:00:00+14:59",
    "2030-01-01T00:00:00+15:00",
    "2030-01-01T00:00:00-00:00",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "2016-12-31T23:59:59.9999999999Z",
    "2017-01-01T00:00:00.0000001Z",
)


def _list_of_it(name: str) -> Callable[[Json], Json]:
    return lambda one: one | {name: [one[name]]}


def _without_fragment(one: Json) -> Json:
    return put(one, ("credentialStatus",), one["credentialStatus"]["id"])


# One statement in another spelling
SPELLINGS: Sequence[Callable[[Json], Json]] = (
    _list_of_it("issuer"),
    _list_of_it("credentialSubject"),
    _list_of_it("credentialStatus"),
    _list_of_it("validUntil"),
    _without_fragment,
    lambda one: put(
        one, ("credentialSubject", "achievement"), [one["credentialSubject"]["achievement"]]
    ),
    lambda one: one | {"@type": one["type"]},
    lambda one: drop(one, ("type",)) | {"@type": one["type"]},
    lambda one: drop(one, ("id",)) | {"@id": one["id"]},
    lambda one: drop(one, ("name",)) | {"n\N{FULLWIDTH LATIN SMALL LETTER A}me": one["name"]},
    lambda one: one | {"@included": [{"id": "urn:x", "name": "Harvard"}]},
    lambda one: one | {"@graph": []},
    lambda one: one | {"@reverse": {}},
    lambda one: one | {"cred:validUntil": "2099-01-01T00:00:00Z"},
    lambda one: one | {"https://www.w3.org/2018/credentials#validUntil": "2099-01-01T00:00:00Z"},
    lambda one: put(one, ("credentialSubject", "@context"), [V2, _OB3]),
    lambda one: put(one, ("issuer", "@context"), ["https://www.w3.org/ns/did/v1"]),
    lambda one: put(one, ("credentialStatus", "@context"), None),
    lambda one: one | {"@context": [*one["@context"], None]},
    lambda one: one | {"@context": [*one["@context"], {"name": "urn:x"}]},
    lambda one: put(one, ("name",), {"@value": one["name"]}),
    lambda one: put(one, ("name",), {"@value": one["name"], "@language": None}),
    lambda one: put(one, ("name",), {"en": one["name"]}),
)
CONTEXTS_ADDED = (
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    "https://w3id.org/security/data-integrity/v2",
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/suites/ed25519-2020/v1",
)
# Keys a token names for itself, and what is said of whose they are
KIDS: Sequence[tuple[Any, str]] = (
    (BY_STRANGER, "other"),
    (OTHER_KEY.public, "unsupported"),
    (f"{DID}#{OTHER_KEY.public}", "not_named"),
    (f"{DID}@evil.example#key-1", "other"),
    ("../../etc/passwd", "unsupported"),
    ("file:///etc/passwd#key-1", "unsupported"),
    ("https://evil.example/keys.json#1", "other"),
    ([METHOD], "unsupported"),
    (None, "unsupported"),
)
EXTENSIONS: Sequence[Json] = (
    {"b64": False, "crit": ["b64"]},
    {"b64": False},
    {"crit": []},
    {"crit": None},
)
# What calls itself something else than a badge
DISGUISES: Sequence[Callable[[Json], Json]] = (
    lambda one: one | {"type": [*one["type"], "BitstringStatusListCredential"]},
    lambda one: one | {"type": [*one["type"], "VerifiablePresentation"]},
    lambda one: one | {"type": ["OpenBadgeCredential", "Profile"]},
    lambda one: one | {"type": ["OpenBadgeCredential", "BadgeClass"]},
    lambda one: {"type": "VerifiablePresentation", "verifiableCredential": [one]},
    lambda one: {"type": "Profile", "vc": one},
    lambda _: {"type": ["ClrCredential", "Issuer"], "name": "x"},
)


def moved(site: Hosted, base: str) -> dict[str, bytes]:
    """The files of a site as if all of it stood at another address."""

    def said(one: Json) -> Json:
        return {
            name: value.replace(BASE, base) if isinstance(value, str) else value
            for name, value in one.items()
        }

    return {
        url.replace(BASE, base): text(json.loads(data, object_hook=said))
        for url, data in site.files.items()
    }


def attacks(site: Hosted) -> Iterator[Case]:
    """Every attack, on a web that holds the site's files."""
    good = site.json(GOOD)
    yield from _look_alikes(site, good)
    yield from _hosted(site)
    yield from _lists(site, good)
    yield from _dates(good)
    yield from _spellings(good)
    yield from _tokens(good)
    yield from _other_keys(site, good)
    yield from holders(good)
    yield from drawings(good)
    yield from pictures(good)
    yield from too_much(site, good)


def _signed(body: Json, method: str = METHOD) -> bytes:
    """The document with a signature that fits; with the one it had where none can be made."""
    return text(signed_anyway(body, KEY, method) or body)


def _look_alikes(site: Hosted, good: Json) -> Iterator[Case]:
    for host in (*LOOK_ALIKES, "http://badges.example.org/", "HTTPS://Badges.example.org/"):
        web = moved(site, host)
        yield Case(f"hosted at {host}", web[host + GOOD_OB2], web={**web})
        yield Case(f"signed at {host}", web[host + GOOD], web={**web})
    for did in (*DIDS, "did:web:Badges.example.ORG", f"{DID}%3A443"):
        bent = put(good, ("issuer", "id"), did)
        bent["proof"][0]["verificationMethod"] = f"{did}#key-1"
        yield Case(f"by {did}", text(bent))
        yield Case(f"by {did}, signed", _signed(bent, f"{did}#key-1"))
    for issuer in ISSUERS:
        yield Case(f"by {issuer}", text(good | {"issuer": issuer}))
    did = f"{DID}:district"
    web = {f"{BASE}district/did.json": site.files[f"{BASE}.well-known/did.json"].replace(DID.encode(), did.encode())}  # fmt: skip
    inside = ("district/awards/x.json", "district/a..b/x.json", "district/.../x", "district/x#/../")
    for path in (*UPWARDS, *inside, "district/..", "district/%2e", "district/.\\x", "x.json"):
        body = put(good, ("issuer", "id"), did) | {"id": BASE + path}
        yield Case(f"at {path}", _signed(body, f"{did}#key-1"), web={**web})


def _hosted(site: Hosted) -> Iterator[Case]:
    one = site.json(GOOD_OB2)
    url, issuer = one["id"], site.json("issuer/ob2.json")
    badge = site.json(one["badge"].removeprefix(BASE))
    for revoked in (*HALF_REVOKED, None, False, True):
        yield Case(f"revoked {revoked}", text(one | {"revoked": revoked}), read_from=url)
    for place in (one["badge"], f"{BASE}issuer/ob2.json", f"{BASE}status/ob2.json"):
        yield Case(f"without {place}", text(one), web={place: None}, read_from=url)
    tame = {name: issuer[name] for name in ("id", "type", "name", "@context")}
    revoking = {f"{BASE}status/ob2.json": text(site.json("status/ob2.json") | {"revokedAssertions": [url]})}  # fmt: skip
    for name in ({}, {"id": "urn:x"}, {"id": None}, {"id": "https://evil.example/issuer.json"}):
        inside = badge | {"issuer": tame | name}
        for web in ({}, revoking):
            held = text(one | {"badge": inside})
            yield Case(f"issuer with {name} in it", held, web={**web}, read_from=url)
            held = text(one | {"badge": drop(inside, ("id",))})
            yield Case(f"all with {name} in it", held, web={**web}, read_from=url)
    for odd in ("urn:x", "x", "", {}, {"id": 7}, {"id": url}, 7, [], None):
        yield Case(f"badge is {odd}", text(one | {"badge": odd}), read_from=url)
    for ending in ("#x", "?x", "/"):
        yield Case(
            f"at almost its address, {ending}", text(one | {"id": url + ending}), read_from=url
        )
    evil = "https://badges.example.org.evil.example/1.json"
    for starts in (BASE[:-1], BASE, "", [7], [], evil):
        told = put(issuer, ("verification", "startsWith"), starts)
        web = {f"{BASE}issuer/ob2.json": text(told)}
        for name in (url, evil):
            body = text(one | {"id": name})
            yield Case(f"{name}, allowed {starts}", body, web={**web}, read_from=name)


def _lists(site: Hosted, good: Json) -> Iterator[Case]:
    entry, held = good["credentialStatus"], site.json("status/0.json")
    for purpose in PURPOSES:
        one = _signed(put(good, ("credentialStatus", "statusPurpose"), purpose))
        web = {f"{BASE}status/0.json": _signed(put(held, ("credentialSubject", "statusPurpose"), purpose))}  # fmt: skip
        yield Case(f"about '{purpose}'", one)
        yield Case(f"about '{purpose}', so is the list", one, web={**web})
    for index in (*INDEXES, "00000005", "0000000005", "00000000005"):
        yield Case(f"place {index!r}", _signed(put(good, ("credentialStatus", "statusListIndex"), index)))  # fmt: skip
    harmless = entry | {"id": "urn:x:message", "statusPurpose": "message"}
    gone = entry | {"statusListCredential": f"{BASE}status/99.json"}
    for entries in ([harmless], [harmless, entry], [entry, harmless], [harmless, gone]):
        yield Case(f"{len(entries)} lists", _signed(good | {"credentialStatus": entries}))


def _dates(good: Json) -> Iterator[Case]:
    for moment in (*ENDS, *MORE_MOMENTS):
        for name in ("validFrom", "validUntil", "issuanceDate", "expirationDate"):
            yield Case(f"{name} {moment}", _signed(good | {name: moment}))


def _spellings(good: Json) -> Iterator[Case]:
    for number, spell in enumerate((*SPELLINGS, *DISGUISES)):
        yield Case(f"spelling {number}", text(spell(copy.deepcopy(good))))
        yield Case(f"spelling {number}, signed", _signed(spell(copy.deepcopy(good))))
    name = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#name"
    kind = ("credentialSubject", "identifier", 0, "identityType")
    yield Case("holder's name in another spelling", text(put(good, kind, name)))
    more = ("https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/status/v1")
    first, *rest = good["@context"]
    for url in (*CONTEXTS_ADDED, *more):
        for contexts in ([first, *rest, url], [url, first, *rest], [first, url, *rest]):
            yield Case(f"context {url} added", text(good | {"@context": contexts}))


def _tokens(good: Json) -> Iterator[Case]:
    bare = drop(good, ("proof",))
    payload, header = bare | {"iss": DID}, {"alg": "EdDSA", "kid": METHOD}
    headers: Sequence[Json] = (
        *EXTENSIONS, {}, {"b64": None}, {"b64": "true"}, {"b64": True}, {"jwk": {"kty": "OKP"}}, {"alg": "ed25519"},
        {"alg": ["EdDSA"]}, {"alg": "Ed25519"}, {"alg": None}, {"alg": "none"},
    )  # fmt: skip
    for more in headers:
        yield Case(f"token with {more}", token(header | more, payload))
    for kid, _ in KIDS:
        yield Case(f"token by {kid}", token({"alg": "EdDSA", "kid": kid}, payload, OTHER_KEY))
    claims: Sequence[Json] = (
        {"exp": "9999999999"}, {"exp": True}, {"exp": -1}, {"exp": 4e9}, {"exp": 1e3}, {"exp": None}, {"exp": 1457913601},
        {"exp": 1483228800}, {"exp": 1483228799.5}, {"nbf": "x"}, {"nbf": [1]}, {"nbf": 1483228801}, {"iss": None},
        {"iss": [DID]}, {"sub": None}, {"jti": 7}, {"vc": bare}, {"vc": {}}, {"vc": []}, {"vc": None}, {"vc": "x"},
    )  # fmt: skip
    for more in claims:
        yield Case(f"token with {str(more)[:40]}", token(header, payload | more))
        unended = drop(payload, ("validUntil",)) | more
        yield Case(f"token without end, with {str(more)[:40]}", token(header, unended))
    nameless = drop(bare, ("issuer",))
    for vc in (bare, nameless, nameless | {"issuer": None}, bare | {"exp": 1, "iss": "x"}):
        yield Case("token with all under vc", token(header, {"vc": vc, "iss": DID}))
        yield Case(
            "token with all under vc, ended", token(header, {"vc": vc, "iss": DID, "exp": 1})
        )
        yield Case("token with all under vc, by nobody", token(header, {"vc": vc}))
    for vc in (None, [], "x"):
        yield Case(
            "token with the issuer only outside", token(header, nameless | {"iss": DID, "vc": vc})
        )


def _other_keys(site: Hosted, good: Json) -> Iterator[Case]:
    """The preview key in other words, and lists of keys beside the issuer's."""
    document, preview = site.json(".well-known/did.json"), keys.preview()
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": _base64url(keys.public_bytes(preview.public))}
    entry = {"id": METHOD, "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk}
    web = {f"{BASE}.well-known/did.json": text(document | {"verificationMethod": [entry]})}
    forged = signed_anyway(good, preview)
    payload = drop(good, ("proof",)) | {"iss": DID}
    said = token({"alg": "EdDSA", "kid": METHOD}, payload, preview)
    yield Case("by the preview key as a JWK", text(forged), web={**web})
    yield Case("token by the preview key as a JWK", said, web={**web})
    stolen = {"id": METHOD, "publicKeyMultibase": KEY.public, "compromised": "2016-01-01"}
    for place in ("evil/keys/index.json", "keys/index.json"):
        web = {BASE + place: text({"keys": [stolen]})}
        yield Case(f"stolen by {place}", text(good), web={**web})


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
