# SPDX-License-Identifier: Apache-2.0
"""Attacks on the verifier, each by its own name: none may end in "valid", and none in a traceback.

Those on plain bytes are in test_verify_bad_input.py, on single fields in test_verify.py.
"""

from __future__ import annotations

import base64
import copy
import csv
import gzip
import io
import json
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import verify
from site_builder.commands import network as networking
from site_builder.commands.network import Network
from site_builder.commands.site_folder import SiteFolder
from site_builder.commands.verdicts import COLUMNS, Verdict, Wish, csv_line, in_full, told
from site_builder.problems import UsageProblem
from site_builder.proofs import sign
from site_builder.verify import Memory, Unreachable, is_no_badge
from site_builder.verify.memory import Spent
from tests.attack_files import NAMES
from tests.attacks import (
    BY_STRANGER,
    CONTEXTS_ADDED,
    DIDS,
    DISGUISES,
    ENDS,
    EXTENSIONS,
    HALF_REVOKED,
    INDEXES,
    ISSUERS,
    KIDS,
    LOOK_ALIKES,
    SPELLINGS,
    STRANGER,
    UPWARDS,
    V2,
    moved,
)
from tests.signed import drop, put
from tests.support import badges
from tests.test_verify_bad_input import chunk, itxt, png, token
from tests.verified import (
    BASE,
    DID,
    GOOD_OB2,
    KEY,
    METHOD,
    NOW,
    OTHER_KEY,
    VALID,
    VALID_HOSTED,
    Hosted,
    codes,
    signed_again,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from site_builder.verify import Report
    from tests.signed import Json


@pytest.fixture(scope="module")
def hosted_one(site: Hosted) -> Json:
    return site.json(GOOD_OB2)


def said(report: Report) -> tuple[str, str, dict[str, str]]:
    return report.overall, report.headline, codes(report)


def why(report: Report, check: str) -> str:
    return next(one.why for one in report.checks if one.check == check)


# Who: look-alikes of the issuer.


@pytest.mark.parametrize("look_alike", LOOK_ALIKES)
def test_a_hosted_badge_on_a_host_that_looks_like_another_is_not_valid(
    site: Hosted, look_alike: str
):
    hosts = Hosted(moved(site, look_alike))
    report = hosts.verify(hosts.files[look_alike + GOOD_OB2])
    changes = {"address": "hosted_unread", "status": "hosted_unread", "schema": "failed"}
    assert said(report) == ("not valid", "Not in the form of its standard", VALID_HOSTED | changes)
    assert report.about.host is None


@pytest.mark.parametrize("did", DIDS)
def test_a_did_that_bends_the_rules_has_no_keys(site: Hosted, good: Json, did: str):
    bent = put(good, ("issuer", "id"), did)
    bent["proof"][0]["verificationMethod"] = f"{did}#key-1"
    hosts = site.with_file("x", None)
    report = hosts.verify(bent)
    assert report.overall != "valid"
    assert codes(report)["key_owner"] in ("unsupported", "unnamed", "unreachable")
    usual = {f"{BASE}{one}" for one in (".well-known/did.json", "keys/index.json", "status/0.json")}
    assert set(hosts.asked) <= usual  # the list the badge names, and who signed that


def test_a_host_in_capitals_is_not_another_issuer(site: Hosted, good: Json):
    shouted = "did:web:Badges.example.ORG"
    bare = put(drop(good, ("proof",)), ("issuer", "id"), shouted)
    report = site.verify(signed_again(bare, method=f"{shouted}#key-1"))
    assert report.overall == "could not be fully checked"
    assert why(report, "key_owner") == (
        f"The issuer's list of keys at {BASE}.well-known/did.json cannot be used: it is about {DID}."
    )


def test_a_stranger_with_the_issuers_name_is_shown_by_their_own_key(good: Json):
    bare = drop(drop(good, ("proof",)), ("credentialStatus",))
    forged = signed_again(put(bare, ("issuer", "id"), STRANGER), OTHER_KEY, BY_STRANGER)
    report = Hosted({}).verify(forged)
    assert (report.overall, report.headline, report.look) == (
        "valid",
        "Valid, by an issuer known only by a key",
        "notice",
    )
    shown = in_full(Verdict("forged.json", report), "").splitlines()
    assert shown[2] == f"  Open Badges 3.0, issued by Small Works ({STRANGER})"


def test_one_of_many_issuers_on_a_host_is_shown_with_its_whole_address(site: Hosted, good: Json):
    did = f"{DID}:evil"
    keys = json.loads(site.files[f"{BASE}did.json"].replace(DID.encode(), did.encode()))
    bare = drop(drop(good, ("proof",)), ("credentialStatus",))
    forged = signed_again(put(bare, ("issuer", "id"), did), method=f"{did}#key-1")
    report = site.with_file("evil/did.json", keys).verify(forged)
    assert said(report) == ("valid", "Valid", VALID | {"address": "elsewhere", "status": "none"})
    shown = in_full(Verdict("forged.json", report), "").splitlines()
    assert shown[2] == f"  Open Badges 3.0, issued by Small Works ({did})"


@pytest.mark.parametrize("path", UPWARDS)
def test_an_address_that_climbs_out_of_the_issuers_folder_is_not_the_issuers(
    site: Hosted, good: Json, path: str
):
    did = f"{DID}:district"
    keys = json.loads(site.files[f"{BASE}did.json"].replace(DID.encode(), did.encode()))
    bare = drop(drop(good, ("proof",)), ("credentialStatus",)) | {"id": BASE + path}
    forged = signed_again(put(bare, ("issuer", "id"), did), method=f"{did}#key-1")
    report = site.with_file("district/did.json", keys).verify(forged)
    assert codes(report) == VALID | {"address": "elsewhere", "status": "none"}


@pytest.mark.parametrize("issuer", ISSUERS)
def test_an_issuer_of_an_odd_type_is_nobody(site: Hosted, good: Json, issuer: Any):
    report = site.verify(good | {"issuer": issuer})
    assert report.overall == "not valid"
    assert (codes(report)["key_owner"], report.about.issuer_id) == ("unnamed", None)


def test_a_name_that_pushes_the_host_out_of_sight_is_cut(good: Json):
    bare = drop(drop(good, ("proof",)), ("credentialStatus",))
    long = put(put(bare, ("issuer", "id"), STRANGER), ("issuer", "name"), "Harvard" + " " * 9000)
    report = Hosted({}).verify(signed_again(long, OTHER_KEY, BY_STRANGER))
    line = in_full(Verdict("forged.json", report), "").splitlines()[2]
    assert line == f"  Open Badges 3.0, issued by Harvard{' ' * 292}… ({STRANGER})"


# Who: the holder.


def test_two_holders_in_one_badge_are_no_badge_of_either(site: Hosted, good: Json):
    mine = good["credentialSubject"]
    other = copy.deepcopy(mine) | {"id": "urn:uuid:8f0d3c2e-0000-4000-8000-000000000000"}
    other["identifier"][0]["identityHash"] = "Bo Nygaard"
    both = drop(good, ("proof",)) | {"credentialSubject": [mine, other]}
    report = site.verify(signed_again(both), recipient="Bo Nygaard")
    assert said(report) == (
        "not valid",
        "Not in the form of its standard",
        VALID | {"schema": "failed", "recipient": "matches"},
    )


@pytest.mark.parametrize("name", ["", " ", "\t\n"])
def test_asking_for_nobody_is_wrong_use_and_fits_no_badge(name: str):
    ran = badges("verify", "-", "--recipient", name)
    assert (ran.code, ran.out) == (2, "")
    assert "--recipient needs a name or an e-mail address." in ran.err


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_only_looks_the_same_is_somebody_else(site: Hosted, good: Json, name: str):
    forged = put(
        drop(good, ("proof",)), ("credentialSubject", "identifier", 0, "identityHash"), name
    )
    report = site.verify(signed_again(forged), recipient="Ada Okafor")
    assert said(report) == (
        "not valid",
        "Issued to somebody else",
        VALID | {"recipient": "differs"},
    )


# Hosted badges.


@pytest.mark.parametrize("revoked", HALF_REVOKED)
def test_a_hosted_record_that_half_says_it_was_revoked_is_not_valid(
    site: Hosted, hosted_one: Json, revoked: Any
):
    one = hosted_one | {"revoked": revoked}
    report = site.verify(one, read_from=hosted_one["id"])
    assert said(report) == (
        "not valid",
        "Not in the form of its standard",
        VALID_HOSTED | {"schema": "failed"},
    )
    assert why(report, "schema") == (
        "It has not the form that Open Badges 2.0 asks for: its 'revoked' is neither true nor false."
    )


def test_an_issuer_written_into_a_record_on_a_shared_host_cannot_leave_out_what_it_revoked(
    site: Hosted, hosted_one: Json
):
    issuer = site.json("issuer/ob2.json")
    listed = site.json("status/ob2.json") | {"revokedAssertions": [hosted_one["id"]]}
    badge = site.json(hosted_one["badge"].removeprefix(BASE))
    tame = {one: issuer[one] for one in ("id", "type", "name", "@context")} | {"name": "Harvard"}
    forged = hosted_one | {"badge": badge | {"issuer": tame}}
    hosts = site.with_file("status/ob2.json", listed)
    report = hosts.verify(forged, read_from=forged["id"])
    assert codes(report)["status"] == "taken_back"
    assert report.about.issuer == "Small Works"


def test_without_its_issuers_profile_a_hosted_badge_is_not_said_to_stand(
    site: Hosted, hosted_one: Json
):
    report = site.with_file("issuer/ob2.json", None).verify(hosted_one)
    changes = {"address": "hosted_unread", "status": "hosted_unread"}
    assert said(report) == (
        "could not be fully checked",
        "Could not be fully checked",
        VALID_HOSTED | changes,
    )


@pytest.mark.parametrize("ending", ["#x", "?x", "/"])
def test_a_record_at_almost_the_address_it_names_is_another(
    site: Hosted, hosted_one: Json, ending: str
):
    one = hosted_one | {"id": hosted_one["id"] + ending}
    report = site.verify(one, read_from=hosted_one["id"])
    assert said(report) == (
        "not valid",
        "Not the issuer's record",
        VALID_HOSTED | {"address": "hosted_other", "status": "hosted_unread"},
    )


def test_an_origin_an_issuer_allows_is_not_the_beginning_of_a_longer_one(
    site: Hosted, hosted_one: Json
):
    evil = "https://badges.example.org.evil.example/1.json"
    issuer = put(site.json("issuer/ob2.json"), ("verification", "startsWith"), BASE[:-1])
    hosts = site.with_file("issuer/ob2.json", issuer)
    report = hosts.verify(hosted_one | {"id": evil}, read_from=evil)
    assert said(report) == (
        "not valid",
        "Not the issuer's record",
        VALID_HOSTED | {"address": "hosted_issuer"},
    )


# Still standing?


@pytest.mark.parametrize(
    ("purpose", "code", "sentence"),
    [
        ("message", "none", "It names no list in which the issuer could take it back."),
        ("refresh", "none", "It names no list in which the issuer could take it back."),
        ("Revocation", "unsupported", "It is kept in a kind of list that is not read here: one about 'Revocation'."),
        ("revocation ", "unsupported", "It is kept in a kind of list that is not read here: one about 'revocation '."),
    ],
)  # fmt: skip
def test_a_list_about_something_else_never_says_not_taken_back(
    site: Hosted, good: Json, purpose: str, code: str, sentence: str
):
    one = put(drop(good, ("proof",)), ("credentialStatus", "statusPurpose"), purpose)
    held = put(site.json("status/0.json"), ("credentialSubject", "statusPurpose"), purpose)
    report = site.with_file("status/0.json", signed_again(held)).verify(signed_again(one))
    assert (codes(report), why(report, "status")) == (VALID | {"status": code}, sentence)


def test_a_harmless_list_named_first_does_not_hide_the_one_that_revokes(site: Hosted, good: Json):
    entry = good["credentialStatus"]
    held = site.json("status/0.json")
    bits = bytearray(16 << 10)
    bits[entry_byte := int(entry["statusListIndex"]) // 8] = 0xFF
    assert entry_byte < len(bits)
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits))).rstrip(b"=").decode()
    bad = put(held, ("credentialSubject", "encodedList"), f"u{packed}") | {"id": f"{BASE}status/1.json"}  # fmt: skip
    bad = put(bad, ("credentialSubject", "id"), f"{BASE}status/1.json#list")
    second = entry | {"id": f"{BASE}status/1.json#x", "statusListCredential": bad["id"]}
    harmless = entry | {"id": "urn:x:message", "statusPurpose": "message"}
    hosts = site.with_file("status/1.json", signed_again(bad))
    for entries in ([entry, second], [second, entry], [harmless, second]):
        one = drop(good, ("proof",)) | {"credentialStatus": entries}
        report = hosts.verify(signed_again(one))
        assert codes(report)["status"] == "taken_back"
        assert report.overall == "not valid"


@pytest.mark.parametrize("index", INDEXES)
def test_a_place_in_a_list_that_is_no_plain_number_is_never_fine(
    site: Hosted, good: Json, index: Any
):
    odd = put(good, ("credentialStatus", "statusListIndex"), index)
    report = site.verify(odd)
    assert (codes(report)["status"], report.overall) == ("bad_list", "not valid")


def test_one_hostile_badge_does_not_spoil_what_is_said_of_the_next(site: Hosted, good: Json):
    memory = Memory()

    def spent(_: str) -> bytes:
        raise Spent("more than 200 addresses were asked for already")

    first = site.verify(good, memory=memory, fetch=spent)
    assert first.overall == "could not be fully checked"
    assert site.verify(good, memory=memory).overall == "valid"


# Dates.


@pytest.mark.parametrize("until", ENDS)
def test_an_end_that_can_be_read_in_two_ways_is_not_called_in_force(
    site: Hosted, good: Json, until: str
):
    report = site.verify(signed_again(drop(good, ("proof",)) | {"validUntil": until}))
    assert (codes(report)["dates"], codes(report)["proof"]) == ("unreadable", "ok")
    assert report.overall in ("could not be fully checked", "not valid")


def test_an_ended_token_is_not_a_history_without_a_date(site: Hosted, good: Json):
    payload = drop(drop(good, ("proof",)), ("validUntil",)) | {"iss": DID, "exp": 1457913601}
    report = site.verify(token({"alg": "EdDSA", "kid": METHOD}, payload))
    assert said(report) == (
        "not valid",
        "Its signature has ended",
        VALID | {"dates": "proof_ended"},
    )


# One statement in another spelling: the signature may hold, the verdict may not.


@pytest.mark.parametrize("spell", SPELLINGS)
def test_a_badge_spelled_in_another_way_is_not_valid_or_shows_the_same(
    site: Hosted, good: Json, spell: Callable[[Json], Json]
):
    report = site.verify(spell(copy.deepcopy(good)))
    assert report.overall != "valid" or report.about == site.verify(good).about


def test_a_holder_cannot_be_hidden_by_another_spelling(site: Hosted, good: Json):
    place = ("credentialSubject", "identifier", 0, "identityType")
    spelled = put(good, place, "https://purl.imsglobal.org/spec/vc/ob/vocab.html#name")
    assert site.verify(spelled).overall != "valid"


def test_a_context_added_afterwards_changes_nothing_that_is_shown(site: Hosted, good: Json):
    before = site.verify(good)
    for url in CONTEXTS_ADDED:
        for contexts in ([*good["@context"], url], [url, *good["@context"]]):
            report = site.verify(good | {"@context": contexts})
            assert report.overall != "valid" or report.about == before.about


# Tokens.


def _header(**more: Any) -> Json:
    return {"alg": "EdDSA", "kid": METHOD} | more


def test_a_key_written_into_a_token_is_not_looked_at(site: Hosted, good: Json):
    raw = base64.urlsafe_b64encode(verify_key()).rstrip(b"=").decode()
    mine = {"kty": "OKP", "crv": "Ed25519", "x": raw}
    payload = drop(good, ("proof",)) | {"iss": DID}
    for header in (
        _header(jwk=mine),
        _header(jwk=mine, jku="https://evil.example/keys", x5u="https://evil.example/x"),
    ):
        hosts = site.with_file("x", None)
        report = hosts.verify(token(header, payload, OTHER_KEY))
        assert said(report) == ("not valid", "Changed after signing", VALID | {"proof": "changed"})
        assert [url for url in hosts.asked if not url.startswith(BASE)] == []


def verify_key() -> bytes:
    from site_builder.keys import public_bytes

    return public_bytes(OTHER_KEY.public)


@pytest.mark.parametrize(("kid", "owner"), KIDS)
def test_a_key_a_token_names_for_itself_is_not_its_issuers(
    site: Hosted, good: Json, kid: Any, owner: str
):
    hosts = site.with_file("x", None)
    payload = drop(good, ("proof",)) | {"iss": DID}
    report = hosts.verify(token({"alg": "EdDSA", "kid": kid}, payload, OTHER_KEY))
    assert (codes(report)["key_owner"], report.overall != "valid") == (owner, True)
    assert [url for url in hosts.asked if not url.startswith(BASE)] == []


@pytest.mark.parametrize("more", EXTENSIONS)
def test_a_token_that_asks_for_more_than_we_know_is_not_checked(
    site: Hosted, good: Json, more: Json
):
    report = site.verify(token(_header(**more), drop(good, ("proof",)) | {"iss": DID}))
    assert said(report) == (
        "could not be fully checked",
        "Could not be fully checked",
        VALID | {"proof": "unsupported"},
    )


def test_a_token_with_a_name_twice_in_its_header_is_unreadable(site: Hosted, good: Json):
    head, body, end = token(_header(), drop(good, ("proof",))).split(b".")
    twice = base64.urlsafe_b64encode(b'{"alg":"none","alg":"EdDSA","kid":"x"}').rstrip(b"=")
    assert head != twice
    assert codes(site.verify(b".".join([twice, body, end]))) == {"file": "unreadable"}


# Learner records.


def test_a_part_of_somebody_elses_is_shown_as_theirs(site: Hosted, good: Json):
    record = next(json.loads(data) for url, data in site.files.items() if "/backpacks/" in url)
    other = copy.deepcopy(drop(good, ("proof",))) | {"id": f"{BASE}awards/other.json"}
    other = put(other, ("credentialSubject", "id"), "urn:uuid:8f0d3c2e-0000-4000-8000-000000000000")
    other = put(other, ("credentialSubject", "identifier", 0, "identityHash"), "Bo Nygaard")
    bare = drop(record, ("proof",))
    bare["credentialSubject"]["verifiableCredential"] = [signed_again(other)]
    bare["credentialSubject"].pop("association", None)
    report = site.verify(signed_again(bare))
    shown = in_full(Verdict("record.json", report), "").splitlines()
    assert "  Issued to: Bo Nygaard" in shown
    asked = site.verify(signed_again(bare), recipient="Ada Okafor")
    assert (asked.overall, [codes(one)["recipient"] for one in asked.parts]) == (
        "not valid",
        ["differs"],
    )


# Too much of it.


def test_a_picture_of_a_thousand_packed_badges_is_not_unpacked():
    one = itxt(b"openbadges", b"\0" * (1 << 20), packed=True)
    script = (
        "import resource, sys; from site_builder.baking import BadPicture, unbake\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: unbake(sys.stdin.buffer.read())\n"
        "except BadPicture as trouble: print(trouble)\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024 < 100)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        input=png(*[one] * 4000),
        capture_output=True,
        check=True,
        timeout=20,
    )
    assert ran.stdout.decode().splitlines() == [
        "holds more than one badge of the same kind, so none can be relied on",
        "True",
    ]


def test_a_badge_behind_the_end_of_a_picture_is_not_in_it(site: Hosted, good: Json):
    hidden = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + text(good))
    assert codes(site.verify(png() + hidden)) == {"file": "no_badge_in_picture"}


@pytest.mark.parametrize("size", [100_000, 700_000])
def test_a_drawing_nested_without_end_is_read_in_time(site: Hosted, size: int):
    started = time.process_time()
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<a>" * size + b"</a>" * size
    assert codes(site.verify(drawing + b"</svg>")) == {"file": "no_badge_in_picture"}
    assert time.process_time() - started < 5


def test_many_signatures_over_a_large_badge_are_not_all_checked(good: Json):
    bare = drop(drop(good, ("proof",)), ("credentialStatus",))
    bare = put(bare, ("issuer", "id"), STRANGER)
    bare["evidence"] = [{"type": ["Evidence"], "name": str(one)} for one in range(10_000)]
    forged = signed_again(bare, OTHER_KEY, BY_STRANGER)
    forged["proof"] *= 8
    started = time.process_time()
    report = Hosted({}).verify(forged)
    assert time.process_time() - started < 8
    assert (report.overall, why(report, "proof")) == (
        "could not be fully checked",
        "The signature could not be checked here: with all that it holds that would take too long.",
    )


@pytest.mark.parametrize("where", ["top", "inside"])
def test_contexts_named_ten_thousand_times_are_not_put_in_each_time(good: Json, where: str):
    bare = drop(good, ("credentialStatus",))
    bare = put(bare, ("issuer", "id"), STRANGER)
    bare["proof"][0]["verificationMethod"] = BY_STRANGER
    if where == "top":
        bare["@context"] = [*bare["@context"], *[V2] * 10_000]
    else:
        bare["evidence"] = [{"@context": V2, "type": ["Evidence"]}] * 10_000
    started = time.process_time()
    report = Hosted({}).verify(bare)
    assert time.process_time() - started < 4
    assert (report.overall, codes(report)["proof"]) == (
        "could not be fully checked" if codes(report)["schema"] == "ok" else "not valid",
        "unsupported",
    )


def test_a_token_that_holds_two_credentials_is_unreadable(site: Hosted, good: Json):
    payload = drop(good, ("proof",)) | {"iss": DID}
    other = put(payload, ("credentialSubject", "identifier", 0, "identityHash"), "Bo Nygaard")
    report = site.verify(token(_header(), payload | {"vc": other}))
    assert (report.overall, report.checks[0].why) == (
        "not valid",
        "It cannot be read: it holds one credential under 'vc' and another beside it.",
    )


def test_lists_are_not_all_kept_unpacked(site: Hosted, good: Json):
    memory = Memory()
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(16 << 20))).rstrip(b"=").decode()
    held = put(site.json("status/0.json"), ("credentialSubject", "encodedList"), f"u{packed}")
    for number in range(20):
        url = f"{BASE}status/{number}.json"
        bare = put(held, ("id",), url)
        hosts = site.with_file(url, signed_again(put(bare, ("credentialSubject", "id"), f"{url}#list")))  # fmt: skip
        entry = good["credentialStatus"] | {"id": f"{url}#1", "statusListCredential": url}
        one = signed_again(drop(good, ("proof",)) | {"credentialStatus": entry})
        assert hosts.verify(one, memory=memory).overall == "valid"
    assert sum(len(one.bits) for one in memory.lists.values()) <= 8 * (16 << 20)


def test_what_hosts_said_is_not_all_kept():
    memory = Memory()
    body = text({"x": "y" * 900_000})
    for number in range(40):
        memory.document(f"https://evil.example/{number}", lambda _: body)
    kept = [url for url, _ in memory._kept]
    assert kept == [f"https://evil.example/{number}" for number in range(31, 40)]


def test_a_status_list_that_is_mostly_something_else_is_not_read(site: Hosted, good: Json):
    held = site.json("status/0.json") | {"evidence": [{"type": "Evidence"}] * 3000}
    report = site.with_file("status/0.json", held).verify(good)
    assert codes(report) == VALID | {"status": "bad_list"}


# Folders: nothing that could pass for a badge is passed over.


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_forged_badge_that_calls_itself_something_else_is_not_passed_over(
    tmp_path: Path, good: Json, disguise: Callable[[Json], Json]
):
    (tmp_path / "badge.json").write_bytes(text(disguise(copy.deepcopy(good))))
    ran = badges("verify", tmp_path)
    assert ran.code in (1, 6)
    assert ran.out.splitlines()[-1].startswith("1 badge: ")


def test_what_lies_beside_badges_is_still_passed_over(site: Hosted):
    beside = [one for one in site.files if is_no_badge(site.files[one])]
    assert {one.removeprefix(BASE).partition("/")[0] for one in beside} >= {"status", "did.json", "keys", "issuer"}  # fmt: skip


# The command line.


@pytest.mark.parametrize("target", ["https://[", "https://[::1", "https://", "https://:1/", "https://a@b/", "https://b\N{CYRILLIC SMALL LETTER A}d.example/", "https://" + "a" * 80 + ".example/"])  # fmt: skip
def test_an_address_that_is_none_is_said_to_be_none(target: str):
    ran = badges("verify", target)
    assert (ran.code, ran.err) == (6, "")
    assert ran.out.splitlines()[0] == "Could not be fully checked: Could not be loaded"


def test_a_name_too_long_for_a_file_is_no_traceback():
    ran = badges("verify", "a" * 5000)
    assert (ran.code != 0, ran.out) == (True, "")
    assert "Traceback" not in ran.err


def test_the_name_of_a_file_moves_no_cursor(tmp_path: Path):
    (tmp_path / "\x1b[2J\u202e.json").write_bytes(b"{")
    ran = badges("verify", tmp_path)
    assert (ran.code, ran.out.isascii(), ran.out.replace("\n", "").isprintable()) == (1, True, True)
    ran = badges("verify", "\x1b[2J\u202e")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no file or folder '\\u001b[2J\\u202e'; an address begins with" in ran.err


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("\t=1", "\\u0009=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1+1", "'\N{FULLWIDTH EQUALS SIGN}1+1"),
        ('"=1+1', "'\"=1+1"),
        ("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"),
        ('x; "=1', "x; \"'=1"),
        ("x|-1", "x|'-1"),
        ("a-b; c=d", "a-b; c=d"),
    ],
)
def test_a_cell_is_no_formula_in_any_spreadsheet(site: Hosted, good: Json, name: str, cell: str):
    report = site.verify(put(good, ("credentialSubject", "identifier", 0, "identityHash"), name))
    line = told(Verdict("x", report), Wish(row=False, csv=True, json=False)).csv
    rows = list(csv.DictReader(io.StringIO(csv_line(COLUMNS) + line)))
    assert [row["issued to"] for row in rows] == [cell]


def test_a_site_folder_cannot_say_that_it_stands_for_something_odd(tmp_path: Path):
    (tmp_path / "issuer").mkdir()
    odd = {"id": "\x1b[2Jhttps://badges.example.org/issuer/ob2.json"}
    (tmp_path / "issuer/ob2.json").write_bytes(text(odd))
    with pytest.raises(UsageProblem):
        SiteFolder(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd",
        "..%2f..%2f..%2f..%2fetc/passwd",
        "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "//etc/passwd",
        "%2fetc%2fpasswd",
        "awards/..%5c..%5cetc%5cpasswd",
        "link/passwd",
        "pipe.json",
    ],
)
def test_a_site_folder_gives_no_file_of_this_computer(tmp_path: Path, path: str):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "did.json").write_bytes(text({"id": DID}))
    (folder / "link").symlink_to("/etc")
    subprocess.run(["mkfifo", folder / "pipe.json"], check=True)
    with pytest.raises(Unreachable):
        SiteFolder(folder).fetch(BASE + path)


# The network.


@pytest.mark.parametrize(
    ("number", "is_public"),
    [
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b:1::a00:1", False),
        ("::7f00:1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:0:7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("fec0::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::", False),
        ("0.1.2.3", False),
        ("100.64.0.1", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
    ],
)
def test_only_public_addresses_are_asked(number: str, is_public: bool):  # noqa: FBT001
    assert networking._is_public(number) is is_public


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1%2f.example.org", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "LOCALHOST"])  # fmt: skip
def test_this_computer_is_not_asked_by_any_of_its_names(host: str):
    with pytest.raises(Unreachable):
        Network().fetch(f"https://{host}/")
    with pytest.raises(Unreachable):
        Network("https://badges.example.org/").fetch(f"http://{host}:1/")


@pytest.fixture
def answering() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """A host on this computer that answers each connection as told; gives its address."""
    opened: list[socket.socket] = []

    def begin(answer: Callable[[socket.socket], None]) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        opened.append(server)

        def serve() -> None:
            while True:
                try:
                    one, _ = server.accept()
                    one.recv(65536)
                    answer(one)
                    one.close()
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/"

    yield begin
    for one in opened:
        one.close()


def _leads_to(place: str) -> Callable[[socket.socket], None]:
    answer = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n"
    return lambda one: one.sendall(answer.encode("latin-1"))


def _refusal(url: str, *, far: bool) -> str:
    with pytest.raises(Unreachable) as trouble:
        Network(url).read(url, only_host=not far)
    return str(trouble.value)


@pytest.mark.parametrize("place", ["https://[", "//[::1/", "http://[x]/"])
def test_a_host_that_leads_on_to_no_address_is_no_traceback(answering: Any, place: str):
    assert _refusal(answering(_leads_to(place)), far=True) == "it leads on to what is no address"


def test_a_host_that_leads_on_to_another_does_not_speak_through_it(answering: Any):
    other = answering(lambda one: one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
    url = answering(_leads_to(other))
    assert _refusal(url, far=False) == (
        "it leads on to another host, which cannot speak for this one"
    )


def test_a_host_that_was_typed_does_not_open_another_door_of_this_computer(answering: Any):
    inside = answering(lambda one: one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
    url = answering(_leads_to(inside))
    assert _refusal(url, far=True) == "it is on a private network (127.0.0.1), which is not asked"


def test_a_name_that_becomes_one_of_the_inside_is_refused(monkeypatch: pytest.MonkeyPatch):
    numbers = iter(["93.184.215.14", "127.0.0.1"])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (next(numbers), 443))]
    )

    def refuse(*_: Any) -> socket.socket:
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr(socket, "create_connection", refuse)
    network = Network("https://evil.example/x.json")
    said = []
    for _ in range(2):
        with pytest.raises(Unreachable) as trouble:
            network.fetch("https://evil.example/x.json")
        said.append(str(trouble.value))
    assert said == [
        "nobody is there",
        "it is on a private network (127.0.0.1), which is not asked",
    ]


def _drips(one: socket.socket) -> None:
    one.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(60):
        one.sendall(b"X: y\r\n")
        time.sleep(0.1)


def _continues(one: socket.socket) -> None:
    ends = time.monotonic() + 6
    while time.monotonic() < ends:
        one.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 10)
        time.sleep(0.01)


@pytest.mark.parametrize("answer", [_drips, _continues])
def test_a_host_that_never_ends_is_left_in_time(
    monkeypatch: pytest.MonkeyPatch, answering: Any, answer: Callable[[socket.socket], None]
):
    monkeypatch.setattr(networking, "_SECONDS_IN_ALL", 1)
    started = time.monotonic()
    assert _refusal(answering(answer), far=True) == "it was not there after 1 seconds"
    assert time.monotonic() - started < 4


def test_many_slow_hosts_have_one_account_together(monkeypatch: pytest.MonkeyPatch, answering: Any):
    monkeypatch.setattr(networking, "_SECONDS_FOR_A_TARGET", 0)
    url = answering(lambda _: None)
    assert _refusal(url, far=True) == "what it names took more than 0 seconds already"


def test_the_preview_key_in_other_words_is_still_the_preview_key(site: Hosted, good: Json):
    from site_builder.keys import preview, public_bytes

    raw = base64.urlsafe_b64encode(public_bytes(preview().public)).rstrip(b"=").decode()
    keys = site.json("did.json")
    keys["verificationMethod"] = [
        {
            "id": METHOD,
            "type": "JsonWebKey",
            "controller": DID,
            "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": raw},
        }
    ]
    hosts = site.with_file(".well-known/did.json", keys)
    forged = sign(drop(good, ("proof",)), preview(), method=METHOD, created="2016-06-30T00:00:00Z")
    payload = drop(good, ("proof",)) | {"iss": DID}
    for one in (text(forged), token(_header(), payload, preview())):
        report = hosts.verify(one)
        assert (report.overall, codes(report)["key_state"]) == ("not valid", "preview")


def test_a_list_of_keys_beside_the_issuers_is_not_the_issuers(site: Hosted, good: Json):
    other = f"{DID}:evil"
    stolen = {"keys": [{"id": METHOD, "publicKeyMultibase": KEY.public, "compromised": "2016-01-01"}]}  # fmt: skip
    hosts = site.with_file("evil/keys/index.json", stolen).with_file(
        "evil/did.json", site.json("did.json") | {"id": other}
    )
    assert hosts.verify(good, now=NOW).overall == "valid"
    assert verify.verify(text(good), now=NOW, fetch=hosts.fetch).overall == "valid"
