# SPDX-License-Identifier: Apache-2.0
"""The browser's verifier and the command line's give the same verdict on everything."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
import os
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import addresses, keys
from site_builder.addresses import Site
from site_builder.build import artifacts
from site_builder.keys import SigningKey
from site_builder.model.catalog_kinds import Key
from site_builder.proofs import UnknownContext, canonical, proofs_of
from site_builder.signing import Signer
from tests import mutations, verified
from tests.attacks import attacks
from tests.mutations import Case, signed_anyway, text
from tests.signed import REVOKED, SUSPENDED, VECTORS, rich_catalog
from tests.support import PUBLIC_AWARD, ROOT, UNLISTED_AWARD
from tests.witness import (
    BUILDER,
    BUNDLE,
    base64_of,
    in_browser,
    missing,
    node,
    side_by_side,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.mutations import Web

pytestmark = pytest.mark.verifier

Json = dict[str, Any]
NOW = dt.datetime(2016, 6, 20, tzinfo=dt.UTC)
KEY, STRANGER = SigningKey(bytes(range(32))), SigningKey(bytes(range(1, 33)))
SOURCES = BUILDER / "assets/verifier"


def packages() -> Path:
    """The folder with the packages the bundle is made of; skips or fails as `node` does."""
    folder = Path(os.environ.get("BADGES_VERIFIER_BUILD", ROOT / ".badges/verifier-build"))
    if not (folder / "node_modules/esbuild").is_dir():
        missing(f"no packages in {folder}; {SOURCES / 'build.sh'} --packages installs them.")
    return folder


@dataclass(frozen=True)
class Published:
    """A small signed site: what its addresses hold."""

    site: Site
    web: Web

    def url(self, award: str) -> str:
        return self.site.url(addresses.award_json(award))

    def json(self, path: str) -> Json:
        return json.loads(self.web[self.site.url(path)])

    def award(self, award: str) -> Json:
        return self.json(addresses.award_json(award))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    catalog = rich_catalog(tmp_path_factory.mktemp("rich"))
    entry = Key.model_validate({"id": "key-1", "public": KEY.public, "from": "2015-01-01"})
    catalog = replace(catalog, issuer=catalog.issuer.model_copy(update={"keys": (entry,)}))
    site = Site("https://badges.example.org")
    files = artifacts(catalog, site, signer=Signer(KEY, catalog.issuer, site))
    return Published(site, {site.url(path): data for path, data in files if path.endswith(".json")})


def told(report: Json) -> Json:
    """What must be the same in both: everything but the words in which something is explained."""
    checks = [(one["code"], one["state"]) for one in report["checks"]]
    return report | {"checks": checks, "parts": [told(one) for one in report["parts"]]}


def agreed(cases: Sequence[Case], web: Web, now: dt.datetime = NOW) -> list[Json]:
    """The reports on the cases, after a look that both verifiers give the same."""
    command, browser = side_by_side(cases, web, now)
    differing = [
        f"{case.name}: {difference(one, other)}"
        for case, one, other in zip(cases, command, browser, strict=True)
        if told(one) != told(other)
    ]
    assert not differing, "\n".join(differing)
    return command


def difference(command: Any, browser: Any) -> str:
    """Where two reports differ first, as a person reads it."""
    for name, said in told(command).items():
        other = told(browser).get(name)
        if isinstance(said, list) and isinstance(other, list):
            pairs = [(one, two) for one, two in zip(said, other, strict=False) if one != two]
            if pairs:
                return f"{name}: Python {pairs[0][0]}, JavaScript {pairs[0][1]}"
        if said != other:
            return f"{name}: Python {said}, JavaScript {other}"
    return "nowhere"


@cache
def _bytes_of(document: str) -> bytes | str:
    """Canonical bytes of a document and of its proofs' options; why there are none, as text."""
    read = json.loads(document)
    bare = {name: value for name, value in read.items() if name != "proof"}
    try:
        return canonical(bare)
    except (UnknownContext, SyntaxError) as error:
        return str(error)


def assert_nothing_forged_is_valid(cases: Sequence[Case], reports: Sequence[Json]) -> None:
    """What is called valid says what was signed, whatever was done to it."""
    for case, report in zip(cases, reports, strict=True):
        if case.base is not None and report["overall"] == "valid":
            said = _bytes_of(json.dumps(json.loads(case.data.decode("utf-8-sig"))))
            assert said == _bytes_of(json.dumps(case.base)), case.name


# Awards


def test_what_a_site_publishes_gets_the_same_report_word_for_word(published: Published):
    cases = [Case(url, data, read_from=url) for url, data in published.web.items()]
    cases += [Case(f"file of {url}", data) for url, data in published.web.items()]
    command, browser = side_by_side(cases, published.web, NOW)
    assert command == browser
    assert {one["headline"] for one in command} >= {"Valid", "No longer published"}


def forged(published: Published) -> Iterator[Case]:
    award, other = published.award(PUBLIC_AWARD), published.award(UNLISTED_AWARD)
    yield from mutations.altered("award", award)
    yield from mutations.as_texts("award", award)
    yield from mutations.with_other_contexts("award", award, KEY)
    yield from mutations.with_other_proofs("award", award, KEY, STRANGER)
    for name in (UNLISTED_AWARD, REVOKED, SUSPENDED):
        yield from mutations.swapped(f"award and {name}", award, published.award(name))
        yield from mutations.swapped(f"{name} and award", published.award(name), award)
    yield from mutations.altered("unlisted award", other, step=9)


def test_two_thousand_alterations_are_judged_alike_and_none_of_them_is_valid(published: Published):
    cases = list(forged(published))
    assert len(cases) >= 2000
    reports = agreed(cases, published.web)
    assert_nothing_forged_is_valid(cases, reports)


def test_odd_documents_with_a_fitting_signature_are_judged_alike(published: Published):
    cases = list(mutations.signed_anew("award", published.award(PUBLIC_AWARD), KEY))
    reports = agreed(cases, published.web)
    assert len(cases) > 500
    assert {one["overall"] for one in reports} == {
        "valid",
        "not valid",
        "could not be fully checked",
    }


# Issuers and lists


def did_documents(published: Published) -> Iterator[tuple[str, bytes | None]]:
    document = published.json(addresses.DID_WELL_KNOWN)
    (method,) = document["verificationMethod"]
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": _base64url(keys.public_bytes(KEY.public))}
    plain = keys.encode58(keys.public_bytes(KEY.public))
    methods: dict[str, Json] = {
        "2018": {"type": "Ed25519VerificationKey2018", "publicKeyBase58": plain},
        "2018 cut": {"type": "Ed25519VerificationKey2018", "publicKeyBase58": plain[:-2]},
        "2018 none": {"type": "Ed25519VerificationKey2018", "publicKeyBase58": "0OIl"},
        "2020": {"type": "Ed25519VerificationKey2020"},
        "JWK": {"type": "JsonWebKey", "publicKeyJwk": jwk},
        "JWK of EC": {"type": "JsonWebKey", "publicKeyJwk": jwk | {"kty": "EC"}},
        "JWK cut": {"type": "JsonWebKey2020", "publicKeyJwk": jwk | {"x": jwk["x"][:-4]}},
        "RSA": {"type": "RsaVerificationKey2018"},
        "other controller": {"controller": "did:web:other.example.org"},
        "no controller": {"controller": None},
        "relative": {"id": "#key-1"},
        "other id": {"id": f"{document['id']}#key-2"},
        "number as id": {"id": 7},
        "revoked": {"revoked": "2016-04-01T00:00:00Z"},
        "revoked tomorrow": {"revoked": "2999-04-01T00:00:00Z"},
        "revoked sometime": {"revoked": "yes"},
        "expired before": {"expires": "2016-01-01T00:00:00Z"},
        "expired after": {"expires": "2016-06-01T00:00:00Z"},
        "expires later": {"expires": "2999-06-01T00:00:00Z"},
        "expires sometime": {"expires": 7},
        "a stranger's": {"publicKeyMultibase": STRANGER.public},
        "everybody's": {"publicKeyMultibase": keys.PREVIEW_KEY},
        "no key": {"publicKeyMultibase": None},
        "nobody's": {"publicKeyMultibase": "z" + keys.encode58(b"\xed\x01" + bytes(32))},
        "a P-256 key": {"publicKeyMultibase": "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"},
    }
    for name, change in methods.items():
        yield name, text(document | {"verificationMethod": [method | change]})
    embedded = {"verificationMethod": [], "assertionMethod": [method]}
    changes: list[Json] = [
        {"verificationMethod": []},
        {"verificationMethod": None},
        {"verificationMethod": method},
        {"verificationMethod": [7, None, method]},
        {"assertionMethod": []},
        {"assertionMethod": ["#key-1"]},
        {"assertionMethod": "#key-1"},
        {"assertionMethod": ["#key-2"]},
        {"assertionMethod": [method]},
        {"assertionMethod": None},
        embedded,
        {"id": "did:web:other.example.org"},
        {"id": None},
    ]
    for change in changes:
        yield str(change)[:60], text(document | change)
    for data in (None, b"", b"{}", b"[]", b"<html>", b'{"id": 1, "id": 2}', b"x" * (1 << 21)):
        yield str(data)[:20], data


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def histories(published: Published) -> Iterator[tuple[str, bytes | None]]:
    """Key histories beside the DID document."""
    method = published.award(PUBLIC_AWARD)["proof"][0]["verificationMethod"]
    entry = {"id": method, "publicKeyMultibase": KEY.public}
    for said in ("2016-05-01", "", None, True, 0, [], {}, ["x"]):
        yield f"compromised {said}", text({"keys": [entry | {"compromised": said}]})
    yield "by its key", text({"keys": [{"publicKeyMultibase": KEY.public, "compromised": "2016"}]})
    yield "another key", text({"keys": [{"id": "x", "compromised": "2016-05-01"}, 7, None]})
    yield "not in a list", text({"keys": entry | {"compromised": "2016-05-01"}})
    for data in (None, b"", b"[]", b'{"keys": 7}'):
        yield str(data), data


def test_every_state_of_an_issuers_keys_is_judged_alike(published: Published):
    award = Case("award", published.web[published.url(PUBLIC_AWARD)])
    did = published.site.url(addresses.DID_WELL_KNOWN)
    past = published.site.url(addresses.KEYS)
    gone = text(published.json(addresses.DID_WELL_KNOWN) | {"verificationMethod": []})
    cases = []
    for what, document in did_documents(published):
        cases.append(mutations.answering(award, {did: document}, what))
        for said, history in [*histories(published)][:2]:
            web = {did: document, past: history}
            cases.append(mutations.answering(award, web, f"{what}, {said}"))
    for said, history in histories(published):
        cases.append(mutations.answering(award, {past: history}, said))
        cases.append(mutations.answering(award, {past: history, did: gone}, f"{said}, gone"))
    codes = {check["code"] for one in agreed(cases, published.web) for check in one["checks"]}
    assert codes >= {
        "key_owner.ok",
        "key_owner.other",
        "key_owner.not_named",
        "key_owner.not_for_signing",
        "key_owner.bad_document",
        "key_owner.unreachable",
        "key_state.ok",
        "key_state.preview",
        "key_state.compromised",
        "key_state.ended",
        "key_state.unknown",
        "proof.ok",
        "proof.changed",
        "proof.key_missing",
        "proof.unsupported",
    }


def at_addresses(published: Published) -> Iterator[Case]:
    """Keys at an address of their own, and issuers that are an address."""
    issuer, beside = "https://badges.example.org/issuer", "https://badges.example.org/keys/1"
    award = published.award(PUBLIC_AWARD)
    award |= {"issuer": award["issuer"] | {"id": issuer}}
    key = {"type": "Multikey", "controller": issuer, "publicKeyMultibase": KEY.public}
    listing: Json = {
        "id": issuer,
        "assertionMethod": [f"{issuer}#key-1", beside, f"{beside}#key-1"],
    }
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": _base64url(keys.public_bytes(KEY.public))}
    documents: dict[str, Json | None] = {
        "listed": listing | {"verificationMethod": [key | {"id": f"{issuer}#key-1"}]},
        "relative": listing | {"verificationMethod": [key | {"id": "#key-1"}]},
        "of another": listing
        | {
            "verificationMethod": [
                key | {"id": f"{issuer}#key-1", "controller": "https://x.example"}
            ]
        },
        "the key itself": key | {"id": beside},
        "the key itself, fragment": key | {"id": f"{beside}#key-1"},
        "the key itself, elsewhere": key | {"id": issuer},
        "a list beside": {
            "id": beside,
            "assertionMethod": ["#key-1"],
            "verificationMethod": [key | {"id": "#key-1"}],
        },
        "a bare JWK": jwk,
        "nothing": {},
        "gone": None,
    }
    methods = [f"{issuer}#key-1", issuer, beside, f"{beside}#key-1", f"{beside}#{KEY.public}"]
    methods += [
        f"https://other.example.org/keys/1#{KEY.public}",
        f"http://badges.example.org/issuer#{KEY.public}",
    ]
    for method in methods:
        signed = text(signed_anyway(award, KEY, method))
        for what, document in documents.items():
            data = None if document is None else text(document)
            for url in (issuer, beside):
                yield Case(f"{method}, {url} is {what}", signed, web={url: data})
            whole = {beside: data, issuer: text(listing)}
            yield Case(f"{method}, {beside} is {what}, vouched for", signed, web=whole)
            whole[issuer] = text(listing | {"assertionMethod": ["#key-2", 7, None]})
            yield Case(f"{method}, {beside} is {what}, not vouched for", signed, web=whole)


def test_keys_at_addresses_of_their_own_are_judged_alike(published: Published):
    reports = agreed(list(at_addresses(published)), published.web)
    owners = {one["checks"][2]["code"] for one in reports}
    assert owners == {
        "key_owner.ok",
        "key_owner.other",
        "key_owner.not_named",
        "key_owner.not_for_signing",
        "key_owner.unreachable",
        "key_owner.unsupported",
    }


def packed(bits: bytes) -> str:
    return "u" + _base64url(gzip.compress(bits, mtime=0))


def lists(listing: Json) -> Iterator[tuple[str, bytes | None]]:
    """Status lists changed without their key, with it, or with somebody else's."""
    subject = listing["credentialSubject"]
    full, none, short = b"\xff" * 16384, bytes(16384), bytes(16383)
    whole = gzip.compress(none, mtime=0)
    encoded = {
        "all set": packed(full),
        "none set": packed(none),
        "too short": packed(short),
        "longer": packed(bytes(1 << 20)),
        "without u": packed(none)[1:],
        "with padding": "u" + base64.urlsafe_b64encode(whole).decode(),
        "cut": packed(none)[:-9],
        "damaged": packed(none)[:20] + "AAAA" + packed(none)[24:],
        "more behind": "u" + _base64url(whole + b"x"),
        "two members": "u" + _base64url(whole + whole),
        "a bomb": packed(bytes((16 << 20) + 1)),
        "wrong checksum": "u" + _base64url(whole[:-8] + bytes(4) + whole[-4:]),
        "wrong size": "u" + _base64url(whole[:-4] + bytes(4)),
        "not base64": "u!!!",
        "ordinary base64": "u+/+/",
        "of one character": "uA",
        "empty": "",
        "not gzip": "u" + _base64url(none),
        "a number": 7,
        "none": None,
    }
    for name, one in encoded.items():
        yield (
            f"{name}, forged",
            text(listing | {"credentialSubject": subject | {"encodedList": one}}),
        )
        anew = signed_anyway(listing | {"credentialSubject": subject | {"encodedList": one}}, KEY)
        if anew is not None:
            yield f"{name}, signed", text(anew)
    changed = subject | {"encodedList": packed(full)}
    changes: list[Json] = [
        {},
        {"id": "https://badges.example.org/status/7.json"},
        {"id": None},
        {"issuer": "did:web:other.example.org"},
        {"issuer": None},
        {"issuer": {"id": listing["issuer"] if isinstance(listing["issuer"], str) else "x"}},
        {"validFrom": "2999-01-01T00:00:00Z"},
        {"validFrom": "yesterday"},
        {"validUntil": "2016-06-01T00:00:00Z"},
        {"validUntil": "2999-06-01T00:00:00Z"},
        {"type": ["VerifiableCredential"]},
        {"type": ["VerifiableCredential", "StatusList2021Credential"]},
        {"credentialSubject": subject | {"type": "StatusList2021"}},
        {"credentialSubject": [subject]},
        {"credentialSubject": subject | {"statusPurpose": "suspension"}},
        {"credentialSubject": changed | {"statusPurpose": ["revocation", "suspension"]}},
        {"credentialSubject": changed | {"statusPurpose": "message"}},
        {"credentialSubject": changed},
        {"credentialSubject": changed, "id": "https://badges.example.org/status/7.json"},
        {"proof": None},
        {"proof": []},
    ]
    bare = f"did:key:{STRANGER.public}"
    for change in changes:
        yield f"{str(change)[:60]}, forged", text(listing | change)
        for who, key, method in (
            ("its key", KEY, mutations.METHOD),
            ("a stranger", STRANGER, mutations.METHOD),
            ("a key alone", STRANGER, bare),
            ("everybody's key", keys.preview(), mutations.METHOD),
            ("a key not to be had", KEY, f"did:web:other.example.org#{KEY.public}"),
        ):
            anew = signed_anyway(listing | change, key, method)
            if anew is not None:
                yield f"{str(change)[:60]}, signed by {who}", text(anew)
    for data in (None, b"", b"[]", b"<html>", text(listing)[:-5]):
        yield str(data)[:30], data


def entries(entry: Json) -> Iterator[Any]:
    """What may stand as the status of an award."""
    for change in (
        {"statusListIndex": 0}, {"statusListIndex": "0"}, {"statusListIndex": "007"}, {"statusListIndex": -1},
        {"statusListIndex": "131072"}, {"statusListIndex": 131071}, {"statusListIndex": 99999999999},
        {"statusListIndex": "1e1"}, {"statusListIndex": "٣"}, {"statusListIndex": None}, {"statusListIndex": True},
        {"statusListIndex": 3.0}, {"statusListIndex": 3.5}, {"statusPurpose": "suspension"}, {"statusPurpose": "message"},
        {"statusPurpose": None}, {"statusPurpose": ["revocation"]}, {"statusSize": 1}, {"statusSize": 2}, {"statusSize": "1"},
        {"statusSize": True}, {"type": "StatusList2021Entry"}, {"type": ["BitstringStatusListEntry"]}, {"type": "Else"},
        {"type": None}, {"type": [7, "BitstringStatusListEntry"]}, {"statusListCredential": None},
        {"statusListCredential": "http://badges.example.org/status/0.json"}, {"statusListCredential": "status/0.json"},
        {"statusListCredential": "https://badges.example.org/status/99.json"}, {"statusListCredential": ["x"]}, {"id": 7},
    ):  # fmt: skip
        yield entry | change
    yield from (
        [],
        {},
        None,
        "x",
        7,
        [entry, entry],
        [entry] * 9,
        [None],
        [entry, {"type": "Else"}],
        [[entry]],
    )


def test_every_state_of_a_status_list_is_judged_alike(published: Published):
    award = published.award(PUBLIC_AWARD)
    url = award["credentialStatus"]["statusListCredential"]
    listing = json.loads(published.web[url])
    whole = Case("award", text(award))
    cases = [mutations.answering(whole, {url: data}, what) for what, data in lists(listing)]
    purposes = {
        "statusPurpose": ["revocation", "suspension"],
        "encodedList": packed(b"\xff" * 16384),
    }
    both = signed_anyway(
        listing | {"credentialSubject": listing["credentialSubject"] | purposes}, KEY
    )
    entry = award["credentialStatus"] | {"statusPurpose": "suspension"}
    aside = text(signed_anyway(award | {"credentialStatus": entry}, KEY))
    cases.append(Case("set aside", aside, web={url: text(both)}))
    for one in entries(award["credentialStatus"]):
        changed = award | {"credentialStatus": one}
        cases.append(Case(f"status {one}, forged", text(changed), base=award))
        anew = signed_anyway(changed, KEY)
        if anew is not None:
            cases.append(Case(f"status {one}", text(anew)))
    reports = agreed(cases, published.web)
    assert_nothing_forged_is_valid(cases, reports)
    codes = {
        check["code"] for one in reports for check in one["checks"] if check["check"] == "status"
    }
    assert codes == {
        "status.ok",
        "status.taken_back",
        "status.suspended",
        "status.said_taken_back",
        "status.none",
        "status.unreachable",
        "status.bad_list",
        "status.unproven_list",
        "status.stale_list",
        "status.unsupported",
    }


# Other kinds of files


def test_learner_records_are_judged_alike(published: Published):
    record = published.json(f"backpacks/{_slug(published)}.json")
    cases = list(mutations.altered("record", record, step=23))
    cases += mutations.signed_anew("record", record, KEY, step=47)
    reports = agreed(cases, published.web)
    assert_nothing_forged_is_valid(cases, reports)
    assert any(one["headline"] == "A part of it is not valid" for one in reports)


def _slug(published: Published) -> str:
    found = [url for url in published.web if "/backpacks/" in url]
    return min(found, key=lambda url: len(published.web[url])).rpartition("/")[2][:-5]


def hosted(published: Published) -> Iterator[Case]:
    """Hosted assertions, read at their address and from a file, and what they lead to."""
    url = published.site.url(addresses.award_ob2(PUBLIC_AWARD))
    own = json.loads(published.web[url])
    made = [
        *mutations.altered("assertion", own),
        *mutations.as_texts("assertion", own),
    ]
    for case in made:
        yield replace(case, base=None)
        there = replace(case, base=None, name=f"{case.name}, there", web={url: case.data})
        yield there
        yield replace(there, name=f"{case.name}, read there", read_from=url)
    file, there = Case("assertion", text(own)), Case("assertion", text(own), read_from=url)
    badge, issuer = own["badge"], json.loads(published.web[own["badge"]])["issuer"]
    revocations = json.loads(published.web[issuer])["revocationList"]
    for place in (url, badge, issuer, revocations):
        body = json.loads(published.web[place])
        for what, data in [(one.name, one.data) for one in mutations.altered(place, body, step=3)]:
            yield mutations.answering(there, {place: data}, what)
        for data in (None, b"", b"[]", b"{}", b'{"revoked": true}', text(body | {"revoked": True})):
            yield mutations.answering(file, {place: data}, f"{place} is {str(data)[:30]}")
            yield mutations.answering(
                there, {place: data}, f"{place} is {str(data)[:30]}, read there"
            )
    named: list[Any] = [
        own["id"],
        {"id": own["id"]},
        {"uid": own["id"]},
        {"id": 7},
        {"id": []},
        [],
        7,
        None,
    ]
    for one in named:
        data = text(json.loads(published.web[revocations]) | {"revokedAssertions": [one]})
        yield mutations.answering(there, {revocations: data}, f"list with {one}")
    for address in (url + "#x", url + "?x", "https://other.example.org/x.json", "http://x/"):
        yield replace(there, name=f"read from {address}", read_from=address)


def test_hosted_badges_are_judged_alike(published: Published):
    reports = agreed(list(hosted(published)), published.web)
    codes = {check["code"] for one in reports for check in one["checks"]}
    assert codes >= {
        "address.hosted",
        "address.hosted_differs",
        "address.hosted_other",
        "address.hosted_issuer",
        "address.hosted_unread",
        "status.hosted_ok",
        "status.taken_back",
        "status.hosted_unread",
        "schema.ok",
        "schema.failed",
    }


def test_tokens_are_judged_alike(published: Published):
    cases = list(mutations.tokens(published.award(PUBLIC_AWARD), KEY, STRANGER))
    reports = agreed(cases, published.web)
    assert reports[0]["checks"][1]["code"] == "proof.ok"


def tokens_by_other_keys(published: Published) -> Iterator[Case]:
    """Tokens signed with RSA and ECDSA, by keys the DID document gives as JWK."""
    did = published.site.url(addresses.DID_WELL_KNOWN)
    document = published.json(addresses.DID_WELL_KNOWN)
    for name, kind, jwk, signature in mutations.by_other_keys(published.award(PUBLIC_AWARD)):
        method = {"id": mutations.METHOD, "type": "JsonWebKey", "controller": document["id"]}
        listing = document | {"verificationMethod": [method | {"publicKeyJwk": jwk}]}
        yield Case(f"{kind}: {name}", signature, web={did: text(listing)})


def test_tokens_by_keys_of_other_kinds_are_judged_alike(published: Published):
    cases = list(tokens_by_other_keys(published))
    reports = agreed(cases, published.web)
    codes = {case.name: one["checks"][1]["code"] for case, one in zip(cases, reports, strict=True)}
    assert (codes["RS256: as it was"], codes["ES256: as it was"]) == ("proof.ok", "proof.ok")
    assert set(codes.values()) == {"proof.ok", "proof.changed", "proof.unsupported"}


def pictures(published: Published) -> Iterator[tuple[str, bytes]]:
    award, assertion = (
        published.web[published.url(PUBLIC_AWARD)].decode(),
        published.web[published.site.url(addresses.award_ob2(PUBLIC_AWARD))].decode(),
    )
    url = published.url(PUBLIC_AWARD)
    plain = (VECTORS / "openbadges2/1edtech/assets/robotics-badge.png").read_bytes()
    yield from mutations.pngs(plain, award, assertion, url)
    yield from mutations.svgs(award, assertion, url)


def test_pictures_are_judged_alike(published: Published):
    cases = [Case(name, data) for name, data in pictures(published)]
    reports = agreed(cases, published.web)
    assert {one["checks"][0]["code"] for one in reports} == {
        "file.ok",
        "file.bad_picture",
        "file.no_badge_in_picture",
        "file.too_big",
        "file.unreadable",
        "file.unreachable",
    }


def test_torn_files_are_judged_alike(published: Published):
    award = published.award(PUBLIC_AWARD)
    files = [(name, data) for name, data in pictures(published) if len(data) < 30_000]
    cases = [Case(*one) for name, data in files for one in mutations.torn(name, data, 25)]
    for name, data in mutations.torn("award", text(award), 600):
        cases.append(Case(name, data, base=award))
    reports = agreed(cases, published.web)
    assert len(cases) > 2000
    for case, report in zip(cases, reports, strict=True):
        if case.base is not None and report["overall"] == "valid":
            assert json.loads(case.data.decode("utf-8-sig")) == award


def test_who_it_was_issued_to_is_judged_alike(published: Published):
    award = published.award(PUBLIC_AWARD)
    (holder,) = award["credentialSubject"]["identifier"]
    name = holder["identityHash"]
    asked = [
        name,
        name.upper(),
        f"  {name}  ",
        name.replace(" ", "\u00a0\t"),
        name[:-1],
        "x@example.org",
        "",
    ]
    names = [
        "Straße",
        "STRASSE",
        "e\u0301",
        "É",
        "ΟΔΟΣ",
        "οδος",
        "ılgaz",
        "ilgaz",
        "Ǆ",
        "ﬁ",
        "Nguyễn",
        "𐐀",
        "𐐨",
    ]
    cases = [Case(f"asked {one}", text(award), asked=one) for one in asked]
    for one in names:
        given = award["credentialSubject"] | {"identifier": [holder | {"identityHash": one}]}
        changed = text(award | {"credentialSubject": given})
        cases += [Case(f"{one}, asked {other}", changed, asked=other) for other in names]
    for kind in ("emailAddress", "email", "name", "nickname"):
        for value in ("x@example.org", "sha256$" + "0" * 64, SALTED, SALTED.upper(), "md5$x"):
            for hashed in (True, False, None, "true"):
                more = {"identityType": kind, "identityHash": value, "hashed": hashed, "salt": "s"}
                given = award["credentialSubject"] | {"identifier": [holder | more, 7]}
                changed = text(award | {"credentialSubject": given})
                what = f"{kind} {value} {hashed}"
                cases += [Case(what, changed, asked=one) for one in ("X@example.org", "Ada Okafor")]
    codes = {one["checks"][8]["code"] for one in agreed(cases, published.web)}
    assert codes == {"recipient.matches", "recipient.differs", "recipient.cannot_tell"} | {
        one["checks"][8]["code"] for one in agreed(cases[6:7], published.web)
    }


SALTED = "sha256$c8fbd9bb3b3b6f3d3c1d8f3b24f9d5a2a0fb1f4b5f0c6a4e9b7b6f0f2b1d7e3c"


# Other people's files


def strangers_files() -> list[Path]:
    """Signed files of other people in tests/vectors."""
    folders = ("eddsa-rdfc-2022", "vc-signed-dcc", "ob-conformance", "openbadges2", "baked")
    found = [one for folder in folders for one in sorted((VECTORS / folder).rglob("*"))]
    return [one for one in found if one.suffix in {".json", ".png", ".svg", ".jwt"}]


def _document(data: bytes) -> Json:
    """The JSON object in a file; an empty one where there is none."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def test_other_peoples_files_are_judged_alike():
    cases = []
    for path in strangers_files():
        data, name = path.read_bytes(), str(path.relative_to(VECTORS))
        cases.append(Case(name, data))
        document = _document(data)
        if proofs_of(document):
            cases += mutations.altered(name, document, step=37)
    assert len(cases) > 300
    reports = agreed(cases, {})
    assert_nothing_forged_is_valid(cases, reports)


# Attacks


def test_every_attack_is_judged_alike(tmp_path: Path):
    site = verified.signed_site(tmp_path / "repository")
    cases = list(attacks(site))
    reports = agreed(cases, dict(site.files), verified.NOW)
    assert len(cases) > 600
    found = {check["code"] for one in reports for check in one["checks"]}
    assert found >= {
        "file.unreadable",
        "file.bad_picture",
        "proof.unsupported",
        "key_owner.no_proof",
        "address.elsewhere",
        "address.hosted_unread",
        "dates.proof_ended",
        "status.hosted_unread",
        "status.taken_back",
        "status.unsupported",
        "status.bad_list",
        "recipient.differs",
    }


# What only a browser has to cope with


def codes(report: Json) -> dict[str, str]:
    return {one["check"]: one["code"] for one in report["checks"]}


def test_browser_without_ed25519_says_so_and_calls_nothing_failed(published: Published):
    case = Case("award", published.web[published.url(PUBLIC_AWARD)])
    with in_browser([case], published.web, NOW, without="Ed25519") as said:
        pass
    (report,) = said[0]
    assert report["overall"] == "could not be fully checked"
    assert codes(report) | {} == codes(report) | {
        "proof": "proof.no_support",
        "key_owner": "key_owner.ok",
        "status": "status.unproven_list",
    }
    assert not [one for one in report["checks"] if one["state"] == "failed"]


@pytest.mark.parametrize("other", [None, b"{}", b'{"@context": {}}'])
def test_site_whose_own_files_are_missing_or_changed_gives_no_verdict(
    published: Published, other: bytes | None
):
    case = Case("award", published.web[published.url(PUBLIC_AWARD)])
    data = None if other is None else base64_of(other)
    names = [f"contexts/{one.name}" for one in (BUILDER / "contexts").glob("*.json")]
    names += [f"schemas/{one.name}" for one in (BUILDER / "verify/schemas").glob("*.json")]
    with in_browser([case], published.web, NOW, files=dict.fromkeys(names, data)) as said:
        pass
    (report,) = said[0]
    found = codes(report)
    assert report["overall"] == "could not be fully checked"
    assert (found["proof"], found["schema"]) == ("proof.unsupported", "schema.unread")
    how = "could not be loaded" if other is None else "has been changed"
    whys = [one["why"] for one in report["checks"] if one["check"] in {"proof", "schema"}]
    assert all(how in one for one in whys)


# The bundle


def test_bundle_is_what_its_sources_and_packages_make(tmp_path: Path):
    made = tmp_path / "verify.js"
    subprocess.run([node(), SOURCES / "build.mjs", packages(), made], check=True)
    assert made.read_bytes() == BUNDLE.read_bytes(), f"run {SOURCES / 'build.sh'}"


def test_bundle_holds_nothing_a_strict_page_forbids():
    bundle = BUNDLE.read_text("utf-8")
    for forbidden in (
        "eval(",
        "new Function",
        "innerHTML",
        "import(",
        "document.",
        "XMLHttpRequest",
        "setTimeout",
    ):
        assert forbidden not in bundle


def test_sources_are_small_modules_with_a_notice():
    for path in sorted(SOURCES.glob("*.js")):
        lines = path.read_text("utf-8").splitlines()
        assert lines[0] == "// SPDX-License-Identifier: Apache-2.0"
        assert len(lines) < 300, path.name
