# SPDX-License-Identifier: Apache-2.0
"""What bad input gets: a verdict with its reason, never a traceback and never "valid"."""

from __future__ import annotations

import base64
import json
import struct
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder import keys
from site_builder.baking import bake_png, bake_svg
from site_builder.verify import Memory, Unreachable, verify
from tests.signed import branches, drop, leaves, other, put
from tests.verified import BASE, DID, GOOD, KEY, METHOD, NOW, Hosted, codes, text

if TYPE_CHECKING:
    from tests.signed import Json

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*extra: bytes) -> bytes:
    """A picture of one pixel with further chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + pixel + chunk(b"IEND", b"")


def itxt(keyword: bytes, words: bytes, *, packed: bool = False) -> bytes:
    body = zlib.compress(words, 9) if packed else words
    return chunk(b"iTXt", keyword + b"\0" + bytes([packed, 0]) + b"\0\0" + body)


def token(header: Json, payload: Json, key: keys.SigningKey | None = KEY) -> bytes:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    signed = f"{part(text(header))}.{part(text(payload))}"
    return f"{signed}.{part(key.sign(signed.encode())) if key else ''}".encode()


def only(site: Hosted, data: bytes) -> tuple[str, str, str]:
    """Verdict, headline and sentence of something that could not be read."""
    report = site.verify(data)
    assert len(report.checks) == 1
    return report.overall, report.headline, report.checks[0].why


NO_BADGE = ("not valid", "No badge that can be read")


def test_truncated_json_is_no_badge(site: Hosted):
    assert only(site, site.files[BASE + GOOD][:300]) == (
        *NO_BADGE,
        "It cannot be read: it is no JSON, line 1, column 285.",
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"type": "VerifiableCredential", "type": []}', "'type' stands twice in one object"),
        (b'{"a": {"b": 1, "b": 1}}', "'b' stands twice in one object"),
        (b'{"a": NaN}', "it is no JSON: NaN"),
        (b'{"a": -Infinity}', "it is no JSON: -Infinity"),
        (b'{"a": 1e999}', "it holds a number too large to be read the same everywhere"),
        (b'{"a": 9007199254740992}', "it holds a number too large to be read the same everywhere"),
        (b'{"a": ' + b"9" * 9999 + b"}", "it holds a number too large to be read the same everywhere"),
        (b'{"a": "\\ud800"}', "it holds half a character (a lone surrogate)"),
        (b'{"\\udfff": 1}', "it holds half a character (a lone surrogate)"),
        (b'{"a": "\xff"}', "it is not text in UTF-8"),
        (b"\xff\xfe{\0}\0", "it is not text in UTF-8"),
        (b"[" * 100_000, "it is nested too deep"),
        (b'{"a": ' + b"[" * 64 + b"]" * 64 + b"}", "it is nested too deep"),
        (b"[]", "it is JSON, but no object"),
        (b'"word"', "it is JSON, but no object"),
        (b"", "it is no JSON, line 1, column 1"),
        (b"hello", "it is no JSON, line 1, column 1"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", "it is no JSON, line 1, column 1"),
    ],
)  # fmt: skip
def test_what_two_readers_could_read_in_two_ways_is_refused(site: Hosted, data: bytes, why: str):
    assert only(site, data) == (*NO_BADGE, f"It cannot be read: {why}.")


def test_a_file_larger_than_any_badge_is_refused(site: Hosted):
    assert only(site, b'{"a": "' + b"x" * (1 << 20) + b'"}') == (
        *NO_BADGE,
        "It is larger than 1,048,576 bytes, more than any badge needs.",
    )


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({}, "it calls itself nothing"),
        ({"type": "Cat"}, "it calls itself Cat"),
        ({"type": ["OpenBadgeCredential"]}, "it calls itself OpenBadgeCredential"),
        ({"type": [{"a": 1}]}, "it calls itself {'a': 1}"),
    ],
)
def test_json_that_is_no_badge_is_called_so(site: Hosted, document: Json, why: str):
    assert only(site, text(document)) == (
        *NO_BADGE,
        f"It can be read, but it is no badge: {why}.",
    )


@pytest.mark.parametrize(
    "kind", ["BadgeClass", "Issuer", "RevocationList", "VerifiablePresentation", "Achievement"]
)
def test_kinds_without_a_verdict_are_not_called_invalid(site: Hosted, kind: str):
    assert only(site, text({"type": kind})) == (
        "could not be fully checked",
        "Could not be checked",
        f"{kind} is not a kind that is read here.",
    )


def test_a_status_list_gets_no_verdict_as_a_badge(site: Hosted):
    assert only(site, site.files[f"{BASE}status/0.json"])[2] == (
        "BitstringStatusListCredential is not a kind that is read here."
    )


# Contexts.


def test_an_unknown_context_is_neither_fetched_nor_valid(site: Hosted, good: Json):
    asked = Hosted(site.files)
    report = asked.verify(put(good, ("@context", 2), "https://evil.example/context.json"))
    assert codes(report)["proof"] == "unsupported"
    assert report.overall == "could not be fully checked"
    assert not [one for one in asked.asked if "evil" in one]


def test_a_context_written_into_the_badge_is_not_accepted(site: Hosted, good: Json):
    report = site.verify(put(good, ("@context", 2), {"name": "https://schema.org/evil"}))
    assert codes(report)["proof"] == "unsupported"
    assert report.overall != "valid"


def test_a_credential_without_contexts_is_not_valid(site: Hosted, good: Json):
    assert site.verify(drop(good, ("@context",))).overall == "could not be fully checked"


# Tokens.


@pytest.mark.parametrize("kind", ["none", "None", "HS256", "HS512", None, 7])
def test_a_token_that_anybody_could_make_is_not_signed(site: Hosted, good: Json, kind: Any):
    payload = drop(good, ("proof",)) | {"iss": DID}
    report = site.verify(token({"alg": kind, "kid": METHOD}, payload, None))
    assert codes(report)["proof"] == "malformed"
    assert (report.overall, report.headline) == ("not valid", "Not signed")
    assert report.checks[1].why == (
        f"What stands in place of a signature is none: its kind is '{kind}', which proves nothing "
        "about who signed."
    )


def test_a_token_of_the_issuers_key_is_valid(site: Hosted, good: Json):
    payload = drop(good, ("proof",))
    claims = {
        "iss": DID,
        "jti": good["id"],
        "sub": good["credentialSubject"]["id"],
        "nbf": 1457913600,
    }
    report = site.verify(token({"alg": "EdDSA", "kid": METHOD}, payload | claims))
    assert (report.overall, codes(report)["proof"]) == ("valid", "ok")
    old = site.verify(token({"alg": "EdDSA", "kid": METHOD}, {"iss": DID, "vc": payload}))
    assert (old.overall, codes(old)["proof"]) == ("valid", "ok")


@pytest.mark.parametrize(
    ("header", "claims", "expected"),
    [
        ({"alg": "EdDSA", "kid": METHOD}, {"iss": "did:web:evil.example"}, "key_owner.other"),
        ({"alg": "EdDSA", "kid": METHOD}, {"jti": "urn:x"}, "proof.malformed"),
        ({"alg": "EdDSA", "kid": METHOD}, {"sub": "urn:x"}, "proof.malformed"),
        ({"alg": "EdDSA", "kid": METHOD}, {"exp": 1457913601}, "dates.proof_ended"),
        ({"alg": "EdDSA", "kid": METHOD}, {"nbf": 4000000000 - 1}, "dates.future"),
        ({"alg": "EdDSA", "kid": METHOD}, {"exp": "never"}, "dates.unreadable"),
        ({"alg": "EdDSA", "kid": METHOD, "crit": ["b64"]}, {}, "proof.unsupported"),
        ({"alg": "RS256", "kid": METHOD}, {}, "proof.key_missing"),
        ({"alg": "PS256", "kid": METHOD}, {}, "proof.unsupported"),
        ({"alg": "EdDSA"}, {}, "proof.key_missing"),
        ({"alg": "EdDSA", "kid": f"{DID}#key-9"}, {}, "proof.key_missing"),
    ],
)
def test_a_token_that_contradicts_itself_is_not_valid(
    site: Hosted, good: Json, header: Json, claims: Json, expected: str
):
    report = site.verify(token(header, drop(good, ("proof",)) | {"iss": DID} | claims))
    assert expected in [one.code for one in report.checks]
    assert report.overall != "valid"


def test_a_token_changed_after_signing_is_not_valid(site: Hosted, good: Json):
    head, _, end = token({"alg": "EdDSA", "kid": METHOD}, drop(good, ("proof",))).split(b".")
    forged = token({"alg": "EdDSA"}, drop(put(good, ("name",), "x"), ("proof",))).split(b".")[1]
    assert codes(site.verify(b".".join([head, forged, end])))["proof"] == "changed"


# Tokens of other people's kinds of keys.


def number(value: int) -> str:
    return (
        base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))
        .rstrip(b"=")
        .decode()
    )


def rsa_token(payload: Json, kid: str) -> tuple[bytes, Json]:
    """A token signed by RS256, and its key as a JWK; the numbers are no secret."""
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    key = rsa.generate_private_key(65537, 2048)
    signed = token({"alg": "RS256", "kid": kid}, payload, None).rpartition(b".")[0]
    end = base64.urlsafe_b64encode(key.sign(signed, padding.PKCS1v15(), SHA256())).rstrip(b"=")
    public = key.public_key().public_numbers()
    return signed + b"." + end, {"kty": "RSA", "n": number(public.n), "e": number(public.e)}


def test_a_token_by_rsa_is_checked_with_the_key_its_issuer_names(site: Hosted, good: Json):
    kid = f"{DID}#rsa"
    signed, jwk = rsa_token(drop(good, ("proof",)) | {"iss": DID}, kid)
    document = site.json("did.json")
    document["verificationMethod"].append(
        {"id": kid, "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk}
    )
    document["assertionMethod"].append(kid)
    hosts = site.with_file(".well-known/did.json", document)
    report = hosts.verify(signed)
    assert (report.overall, codes(report)["proof"]) == ("valid", "ok")
    head, _, end = signed.split(b".")
    forged = b".".join(
        [head, token({}, drop(good, ("proof",)) | {"name": "x"}).split(b".")[1], end]
    )
    assert codes(hosts.verify(forged))["proof"] == "changed"
    confused = token({"alg": "HS256", "kid": kid}, drop(good, ("proof",)))
    assert codes(hosts.verify(confused))["proof"] == "malformed"
    edwards = token({"alg": "EdDSA", "kid": kid}, drop(good, ("proof",)))
    assert codes(hosts.verify(edwards))["proof"] == "unsupported"


def test_a_bare_key_at_an_address_checks_a_token_but_proves_no_owner(good: Json):
    kid, issuer = "https://forge.example/key.json", "https://forge.example/issuer.json"
    body = drop(put(drop(good, ("proof",)), ("issuer", "id"), issuer), ("credentialStatus",))
    signed, jwk = rsa_token(body, kid)
    report = Hosted({kid: text(jwk)}).verify(signed)
    assert (codes(report)["proof"], codes(report)["key_owner"]) == ("ok", "unsupported")
    assert report.overall == "could not be fully checked"


# Pictures.


def test_a_picture_that_holds_a_badge_is_judged_by_it(site: Hosted):
    words = site.files[BASE + GOOD].decode()
    for picture in (bake_png(png(), ob3=words), bake_svg(SVG, ob3=words)):
        report = site.verify(picture)
        assert report.overall == "valid"
        assert report.checks[0].why == f"Open Badges 3.0, {len(picture):,} bytes."


def test_the_signed_badge_in_a_picture_counts_before_the_hosted_one(site: Hosted):
    ob2 = site.files[BASE + GOOD.replace(".json", ".ob2.json")].decode()
    both = bake_png(png(), ob2=ob2, ob3=site.files[BASE + GOOD].decode())
    assert site.verify(both).about.kind == "Open Badges 3.0"
    assert site.verify(bake_png(png(), ob2=ob2)).about.kind == "Open Badges 2.0"


@pytest.mark.parametrize("picture", [png(), SVG])
def test_a_plain_picture_holds_no_badge(site: Hosted, picture: bytes):
    assert only(site, picture) == (*NO_BADGE, "The picture holds no badge.")


def test_an_oversized_picture_is_not_opened(site: Hosted):
    assert only(site, png(chunk(b"tEXt", b"x\0" + b"y" * (5 << 20)))) == (
        *NO_BADGE,
        "It is larger than 5,242,880 bytes, more than any badge needs.",
    )


def test_a_zip_bomb_in_a_text_chunk_is_not_unpacked(site: Hosted):
    bomb = png(itxt(b"openbadgecredential", b" " * (64 << 20), packed=True))
    assert len(bomb) < 100_000
    report = site.verify(bomb)
    assert (report.overall, codes(report)) == ("not valid", {"file": "bad_picture"})


def test_a_picture_cut_short_is_said_to_be_damaged(site: Hosted):
    whole = bake_png(png(), ob3=site.files[BASE + GOOD].decode())
    report = site.verify(whole[:-2000])
    assert (report.overall, codes(report)) == ("not valid", {"file": "bad_picture"})


def test_two_badges_of_one_kind_in_a_picture_are_refused(site: Hosted):
    words = site.files[BASE + GOOD]
    twice = png(itxt(b"openbadgecredential", words), itxt(b"openbadgecredential", words))
    assert codes(site.verify(twice)) == {"file": "bad_picture"}


def test_a_script_in_a_drawing_changes_no_verdict(site: Hosted):
    evil = SVG.replace(b"<path", b"<script>alert(1)</script><path")
    assert only(site, evil) == (*NO_BADGE, "The picture holds no badge.")
    assert site.verify(bake_svg(evil, ob3=site.files[BASE + GOOD].decode())).overall == "valid"


def test_an_address_in_a_picture_is_read_only_through_the_fetcher(site: Hosted):
    url = BASE + GOOD.replace(".json", ".ob2.json")
    picture = png(itxt(b"openbadges", url.encode()))
    assert site.verify(picture).overall == "valid"
    assert only(Hosted({}), picture) == (
        "could not be fully checked",
        "Could not be loaded",
        f"{url} could not be loaded: there is no such file.",
    )


# Badges made to take long.


@pytest.mark.parametrize(
    "more",
    [
        {"type": ["VerifiableCredential", "OpenBadgeCredential", *[1] * 200_000]},
        {"evidence": [{"name": number} for number in range(40_000)]},
        {"credentialStatus": [{"type": "BitstringStatusListEntry"}] * 20_000},
        {"issuer": [["x" * 900_000]]},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_badge_made_to_take_long_is_refused_in_time(site: Hosted, good: Json, more: Json):
    started = time.process_time()
    assert site.verify(good | more).overall == "not valid"
    assert time.process_time() - started < 8


# Everything else.


def test_nothing_that_is_changed_or_left_out_stays_valid(site: Hosted, good: Json):
    memory = Memory()
    changes = [put(good, place, other(value)) for place, value in leaves(good)]
    changes += [drop(good, place) for place in branches(good)]
    valid = [one for one in changes if site.verify(one, memory=memory).overall == "valid"]
    assert valid == []
    assert len(changes) > 200


def _nobody(_: str) -> bytes:
    raise Unreachable("nobody is there")


def _never_raises(data: bytes) -> None:
    report = verify(data, now=NOW, fetch=_nobody)
    json.dumps(report.as_json())
    assert report.overall != "valid"


@given(st.binary(max_size=2000))
def test_no_bytes_make_it_raise(data: bytes):
    _never_raises(data)


@given(
    st.binary(max_size=400),
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"<svg ", b'{"type":', b"eyJ9.eyJ9."]),
)
def test_no_bytes_that_begin_like_a_badge_make_it_raise(data: bytes, start: bytes):
    _never_raises(start + data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=300,
)
@given(data=st.data())
def test_no_value_anywhere_in_a_badge_makes_it_raise(site: Hosted, good: Json, data: st.DataObject):
    kind = data.draw(st.sampled_from([GOOD, GOOD.replace(".json", ".ob2.json")]))
    body = good if kind == GOOD else site.json(kind)
    place = data.draw(st.sampled_from(list(branches(body))))
    changed = put(body, place, data.draw(_JSON))
    json.dumps(site.verify(changed).as_json())


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=300,
)
@given(data=st.data())
def test_no_value_anywhere_at_the_issuer_makes_it_raise(
    site: Hosted, good: Json, data: st.DataObject
):
    path = data.draw(
        st.sampled_from(
            [
                ".well-known/did.json",
                "keys/index.json",
                "status/0.json",
                "issuer/ob2.json",
                "status/ob2.json",
            ]
        )
    )
    body = site.json(path)
    place = data.draw(st.sampled_from(list(branches(body))))
    hosts = site.with_file(path, put(body, place, data.draw(_JSON)))
    json.dumps(hosts.verify(good).as_json())
    json.dumps(hosts.verify_at(GOOD.replace(".json", ".ob2.json")).as_json())
