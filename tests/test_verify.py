# SPDX-License-Identifier: Apache-2.0
"""The verdict on signed credentials: what holds, and one tampered fixture for each check."""

from __future__ import annotations

import base64
import datetime as dt
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import keys
from site_builder.formats.status_list import encoded
from site_builder.verify import (
    Memory,
    Unreachable,
    addresses_of_page,
    is_no_badge,
    unreachable,
)
from site_builder.verify.report import CHECKS, WORDS
from tests.signed import REVOKED, SUSPENDED, WITHDRAWN, drop, put
from tests.support import ROOT, UNLISTED_AWARD
from tests.verified import (
    BASE,
    DID,
    ENTRY,
    GOOD,
    METHOD,
    NOW,
    OTHER_KEY,
    VALID,
    Hosted,
    codes,
    signed_again,
    signed_site,
    text,
    why,
)

if TYPE_CHECKING:
    from tests.signed import Json

LIST = "status/0.json"
DOCUMENT = f"{BASE}.well-known/did.json"
BARE = f"did:key:{OTHER_KEY.public}"


def changed(expected: dict[str, str]) -> dict[str, str]:
    return VALID | expected


# What holds.


def test_an_award_of_ours_is_valid_at_its_address(site: Hosted):
    report = site.verify_at(GOOD)
    assert (report.overall, report.headline, report.look) == ("valid", "Valid", "valid")
    assert [f"{one.label}: {one.state}. {one.why}" for one in report.checks] == [
        f"Readable: passed. Open Badges 3.0, {len(site.files[BASE + GOOD]):,} bytes.",
        f"Signature: passed. Nothing was changed since it was signed with {METHOD}.",
        "Issuer's key: passed. badges.example.org names this key as its own.",
        "Key still trusted: passed. Not reported stolen, and not one that everybody has.",
        "Issuer's address: passed. It belongs at badges.example.org, the issuer's own address.",
        "Dates: passed. In force from 2016-03-14 until 2019-03-14.",
        "Still stands: passed. Not taken back, says the issuer's signed list as of 2016-06-15.",
        "Form: passed. It has the form that Open Badges 3.0 asks for.",
        (
            "Issued to: nothing there. Ada Okafor. Is that the person you are dealing with? "
            "No program can tell."
        ),
    ]


def test_only_the_issuer_is_asked_and_no_context_or_schema(site: Hosted):
    hosts = Hosted(site.files)
    hosts.verify_at(GOOD)
    assert hosts.asked == [DOCUMENT, f"{BASE}keys/index.json", BASE + LIST]


def test_a_run_asks_each_address_once(site: Hosted):
    hosts, memory = Hosted(site.files), Memory()
    for path in (GOOD, f"awards/{UNLISTED_AWARD}.json", GOOD):
        assert hosts.verify_at(path, memory=memory).overall == "valid"
    assert len(hosts.asked) == 3


def test_the_checks_are_the_nine_in_their_order(site: Hosted):
    assert [one.check for one in site.verify_at(GOOD).checks] == list(CHECKS)
    assert list(CHECKS) == list(VALID)


def test_the_report_as_json_says_all_of_it(site: Hosted):
    body = site.verify_at(GOOD).as_json()
    assert {name: value for name, value in body.items() if name != "checks"} == {
        "overall": "valid",
        "headline": "Valid",
        "look": "valid",
        "kind": "Open Badges 3.0",
        "id": BASE + GOOD,
        "title": "Setting team norms",
        "issuer": "Small Works",
        "issuer_id": DID,
        "host": "badges.example.org",
        "holder": "Ada Okafor",
        "issued": "2016-03-14T00:00:00Z",
        "until": "2019-03-14T23:59:59Z",
        "read_from": BASE + GOOD,
        "checked": "2017-01-01T00:00:00Z",
        "parts": [],
    }
    assert body["checks"][1] == {
        "check": "proof",
        "label": "Signature",
        "code": "proof.ok",
        "state": "passed",
        "why": f"Nothing was changed since it was signed with {METHOD}.",
    }


def test_a_file_with_a_byte_order_mark_and_spaces_is_read(site: Hosted):
    assert site.verify(b"\xef\xbb\xbf \n" + site.files[BASE + GOOD] + b"\n").overall == "valid"


# One tampered fixture for each check.


def test_a_changed_name_breaks_the_signature(site: Hosted, good: Json):
    forged = put(good, ("credentialSubject", "identifier", 0, "identityHash"), "Somebody Else")
    report = site.verify(forged)
    assert codes(report) == changed({"proof": "changed"})
    assert (report.overall, report.headline) == ("not valid", "Changed after signing")
    assert why(report, "proof") == (
        "proof.changed [failed] Changed after signing, or signed with another key: the text does "
        "not match its signature."
    )


def test_words_that_nothing_signs_are_not_covered(site: Hosted, good: Json):
    report = site.verify(good | {"honours": "with distinction"})
    assert codes(report) == changed({"proof": "not_covered"})
    assert report.headline == "Not covered by its signature"
    assert why(report, "proof") == (
        "proof.not_covered [failed] The signature does not cover everything it says: in the "
        "document, $.honours: 'honours' is not defined by the contexts, so nothing signs it."
    )


@pytest.mark.parametrize("nothing", [[], None])
def test_an_empty_list_of_proofs_is_no_proof(site: Hosted, good: Json, nothing: Any):
    report = site.verify(put(good, ("proof",), nothing))
    assert codes(report) | {"schema": "ok"} == changed(
        {"proof": "none", "key_owner": "no_proof", "key_state": "unknown"}
    )
    assert (report.overall, report.headline) == ("not valid", "Not signed")


def test_a_credential_without_proof_is_not_signed(site: Hosted, good: Json):
    report = site.verify(drop(good, ("proof",)))
    assert why(report, "proof") == "proof.none [failed] It carries no signature."
    assert report.overall == "not valid"


def test_one_bad_proof_among_good_ones_counts(site: Hosted, good: Json):
    bad = put(
        good, ("proof", 0, "proofValue"), signed_again(good, OTHER_KEY)["proof"][0]["proofValue"]
    )
    both = good | {"proof": [*good["proof"], *bad["proof"]]}
    assert codes(site.verify(both)) == changed({"proof": "changed"})
    assert site.verify(good | {"proof": good["proof"] * 2}).overall == "valid"


def test_very_many_proofs_are_not_checked_one_by_one(site: Hosted, good: Json):
    report = site.verify(good | {"proof": good["proof"] * 9})
    assert why(report, "proof") == (
        "proof.unsupported [not checked] The signature could not be checked here: it carries more "
        "than 8 of them."
    )
    assert report.overall == "could not be fully checked"


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        ("signed", "proof.malformed [failed] What stands in place of a signature is none: the proof is not an object."),
        (
            {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "authentication", "verificationMethod": METHOD},
            ("proof.malformed [failed] What stands in place of a signature is none: the proof was not "
            "made to assert anything (proofPurpose)."),
        ),
        (
            {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023", "verificationMethod": METHOD},
            ("proof.unsupported [not checked] The signature could not be checked here: proofs of the "
            "kind 'ecdsa-sd-2023' are not read here."),
        ),
    ],
)  # fmt: skip
def test_what_is_no_signature_of_ours_is_named(site: Hosted, good: Json, proof: Any, expected: str):
    assert why(site.verify(good | {"proof": [proof]}), "proof") == expected


def test_a_signature_of_another_key_in_the_issuers_name_fails(site: Hosted, good: Json):
    report = site.verify(signed_again(good, OTHER_KEY))
    assert codes(report) == changed({"proof": "changed"})


def test_a_key_of_another_issuer_is_not_this_ones(site: Hosted, good: Json):
    report = site.verify(signed_again(good, OTHER_KEY, f"{BARE}#{OTHER_KEY.public}"))
    assert codes(report) == changed({"key_owner": "other", "key_state": "unknown"})
    assert (report.overall, report.headline) == ("not valid", "Not signed by its issuer")
    assert why(report, "key_owner") == (
        f"key_owner.other [failed] The signature was made in the name of {BARE}, not of the issuer {DID}."
    )


def test_a_key_its_owner_does_not_name_is_not_the_issuers(site: Hosted, good: Json):
    method = f"{DID}#{OTHER_KEY.public}"
    report = site.verify(signed_again(good, OTHER_KEY, method))
    assert codes(report) == changed({"key_owner": "not_named", "key_state": "unknown"})
    assert why(report, "key_owner") == (
        "key_owner.not_named [failed] The issuer's list of keys at badges.example.org does not name this key."
    )


def test_a_key_that_may_not_sign_badges_is_refused(site: Hosted, good: Json):
    document = site.json("did.json") | {"assertionMethod": [], "authentication": [METHOD]}
    report = site.with_file(".well-known/did.json", document).verify(good)
    assert codes(report)["key_owner"] == "not_for_signing"
    assert report.overall == "not valid"


def test_a_key_somebody_else_controls_is_not_the_issuers(site: Hosted, good: Json):
    document = put(
        site.json("did.json"), ("verificationMethod", 0, "controller"), "did:web:evil.example"
    )
    report = site.with_file(".well-known/did.json", document).verify(good)
    assert codes(report)["key_owner"] == "other"
    assert report.overall == "not valid"


def test_the_key_document_of_another_is_of_no_use(site: Hosted, good: Json):
    document = site.json("did.json") | {"id": "did:web:evil.example"}
    report = site.with_file(".well-known/did.json", document).verify(
        drop(good, ("credentialStatus",))
    )
    assert why(report, "key_owner") == (
        f"key_owner.bad_document [not checked] The issuer's list of keys at {DOCUMENT} cannot be "
        "used: it is about did:web:evil.example."
    )


def test_without_the_issuers_host_nothing_is_called_valid(good: Json):
    report = Hosted({}).verify(good)
    assert codes(report) == changed(
        {
            "proof": "key_missing",
            "key_owner": "unreachable",
            "key_state": "unknown",
            "status": "unreachable",
        }
    )
    assert (report.overall, report.look) == ("could not be fully checked", "unchecked")


def test_a_key_in_the_method_checks_the_signature_but_proves_no_owner(good: Json):
    report = Hosted({}).verify(signed_again(good, OTHER_KEY, f"{DID}#{OTHER_KEY.public}"))
    assert codes(report) == changed(
        {"proof": "ok", "key_owner": "unreachable", "key_state": "unknown", "status": "unreachable"}
    )


def test_an_issuer_without_an_address_cannot_own_a_key(site: Hosted, good: Json):
    nameless = put(good, ("issuer", "id"), "urn:uuid:6f2e33e5-7a29-4155-840a-59483ba10164")
    report = site.verify(signed_again(nameless, OTHER_KEY, f"{BARE}#{OTHER_KEY.public}"))
    assert codes(report)["key_owner"] == "unnamed"
    assert report.overall != "valid"


def test_the_key_of_previews_never_gives_a_valid_verdict(tmp_path: Any):
    site = signed_site(tmp_path / "repository")
    did = put(
        site.json("did.json"), ("verificationMethod", 0, "publicKeyMultibase"), keys.PREVIEW_KEY
    )
    hosts = site.with_file(".well-known/did.json", did)
    report = hosts.verify(signed_again(site.json(GOOD), keys.preview()))
    assert codes(report) == changed({"key_state": "preview", "status": "unproven_list"})
    assert (report.overall, report.headline, report.look) == (
        "not valid",
        "Preview: anyone could have made this",
        "notice",
    )


def test_what_a_stolen_key_signed_no_longer_holds(tmp_path: Any, good: Json):
    stolen = ENTRY.replace("compromised: null", "compromised: 2016-12-24")
    fresh = f"  - {{id: key-2, public: {OTHER_KEY.public}, from: 2016-12-24, until: null, compromised: null}}\n"
    site = signed_site(tmp_path / "repository", OTHER_KEY, stolen + fresh)
    report = site.verify(good)
    assert codes(report) == changed({"key_owner": "not_named", "key_state": "compromised"})
    assert why(report, "key_state") == (
        "key_state.compromised [failed] The issuer reported this key as stolen on 2016-12-24. What it signed no longer holds."
    )
    assert site.verify(site.json(GOOD)).overall == "valid"


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ({"revoked": "2016-12-01T00:00:00Z"}, "ended"),
        ({"revoked": "soon"}, "ended"),
        ({"revoked": "2018-01-01T00:00:00Z"}, "ok"),
        ({"expires": "2016-01-01T00:00:00Z"}, "ended"),
        ({"expires": "2016-12-01T00:00:00Z"}, "ok"),
    ],
)
def test_a_key_ends_when_its_owner_says_so(site: Hosted, good: Json, end: Json, expected: str):
    document = site.json("did.json")
    document["verificationMethod"][0] |= end
    report = site.with_file(".well-known/did.json", document).verify(good)
    assert codes(report)["key_state"] == expected


def test_a_copy_elsewhere_is_said_to_be_one(site: Hosted, good: Json):
    report = site.verify(good, read_from="https://copy.example/x.json")
    assert codes(report) == changed({"address": "copy"})
    assert why(report, "address") == (
        "address.copy [passed] This copy was read from https://copy.example/x.json. The issuer's "
        f"own is at {BASE + GOOD}."
    )


@pytest.mark.parametrize(
    ("own", "expected"),
    [("https://other.example/1.json", "elsewhere"), ("urn:uuid:1c6b3b5e-8a34-4c2b-9d3d-0d6d3a0e9f11", "none")],
)  # fmt: skip
def test_an_address_that_is_not_the_issuers_is_no_address_of_it(
    site: Hosted, good: Json, own: str, expected: str
):
    report = site.verify(signed_again(good | {"id": own}))
    assert codes(report) == changed({"address": expected})
    assert report.overall == "valid"


def test_an_issuer_that_is_only_a_key_is_called_so(good: Json):
    bare = drop(put(good, ("issuer", "id"), BARE), ("credentialStatus",))
    report = Hosted({}).verify(signed_again(bare, OTHER_KEY, f"{BARE}#{OTHER_KEY.public}"))
    assert codes(report) == changed(
        {"key_owner": "bare", "key_state": "bare", "address": "bare", "status": "none"}
    )
    assert (report.overall, report.headline) == ("valid", "Valid, by an issuer known only by a key")


def test_an_award_ends_on_its_day(site: Hosted, good: Json):
    report = site.verify(good, now=dt.datetime(2019, 3, 15, tzinfo=dt.UTC))
    assert why(report, "dates") == "dates.ended [failed] Its time was over on 2019-03-14."
    assert (report.overall, report.headline, report.look) == (
        "not valid",
        "Genuine, ended on 2019-03-14",
        "expired",
    )
    assert site.verify(good, now=dt.datetime(2019, 3, 14, 23, tzinfo=dt.UTC)).overall == "valid"


def test_an_award_is_not_in_force_before_its_day(site: Hosted, good: Json):
    report = site.verify(good, now=dt.datetime(2016, 3, 13, tzinfo=dt.UTC))
    assert why(report, "dates") == (
        "dates.future [failed] It is not in force before 2016-03-14, by this computer's clock."
    )


@pytest.mark.parametrize(
    "value", ["2016-02-30T00:00:00Z", "2016-03-14", "2016-03-14T00:00:00", "tomorrow"]
)
def test_a_date_nobody_can_read_is_not_called_in_force(site: Hosted, good: Json, value: str):
    report = site.verify(put(good, ("validFrom",), value))
    assert why(report, "dates") == f"dates.unreadable [not checked] A date cannot be read: {value}."


def test_a_signature_that_ended_ends_what_it_signed(site: Hosted, good: Json):
    expired = put(good, ("proof", 0, "expires"), "2016-12-31T00:00:00Z")
    assert codes(site.verify(expired))["dates"] == "proof_ended"


@pytest.mark.parametrize("award", [REVOKED, SUSPENDED])
def test_what_was_taken_back_is_not_valid(site: Hosted, award: str):
    report = site.verify_at(f"awards/{award}.json")
    assert codes(report) == changed({"status": "taken_back"})
    assert (report.overall, report.headline) == (
        "not valid",
        "Taken back or set aside by its issuer",
    )
    assert why(report, "status") == (
        "status.taken_back [failed] The issuer has taken it back or set it aside."
    )


def test_what_was_withdrawn_says_nothing_about_anybody(site: Hosted):
    report = site.verify_at(f"awards/{WITHDRAWN}.json")
    assert (report.overall, report.headline, report.look) == (
        "could not be fully checked",
        "No longer published",
        "withdrawn",
    )
    assert [one.why for one in report.checks] == [
        "The issuer no longer publishes it. This says nothing about the award or its holder."
    ]


def test_a_status_list_that_cannot_be_had_is_no_good_news(site: Hosted, good: Json):
    report = site.with_file(LIST, None).verify(good)
    assert codes(report) == changed({"status": "unreachable"})
    assert (report.overall, report.headline) == (
        "could not be fully checked",
        "Could not be fully checked",
    )


def _list(site: Hosted, **subject: Any) -> Json:
    body = site.json(LIST)
    body["credentialSubject"] |= subject
    return body


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({"encodedList": "uH4sIAAAAAAAAA-3B"}, "it is cut short, or has more behind it"),
        ({"encodedList": "u%%%"}, "it is not base64url"),
        ({"encodedList": "uAAAA"}, "it is not compressed as it should be"),
        ({"encodedList": 7}, "it holds no list"),
        ({"statusPurpose": "suspension"}, "it is not about 'revocation'"),
        ({"type": "Other"}, "it is no status list"),
    ],
)
def test_a_status_list_that_is_none_is_no_good_news(
    site: Hosted, good: Json, subject: Json, expected: str
):
    bare = _list(site, **subject)
    hosts = site.with_file(LIST, signed_again(bare) if "type" not in subject else bare)
    assert why(hosts.verify(good), "status") == (
        f"status.bad_list [not checked] The issuer's list at {BASE}{LIST} cannot be used: {expected}."
    )


def test_a_status_list_cut_short_in_the_middle_is_of_no_use(site: Hosted, good: Json):
    words = site.json(LIST)["credentialSubject"]["encodedList"]
    report = site.with_file(LIST, signed_again(_list(site, encodedList=words[:-8]))).verify(good)
    assert codes(report) == changed({"status": "bad_list"})


def test_a_status_list_that_explodes_is_not_unpacked(site: Hosted, good: Json):
    bomb = encoded(bytes((16 << 20) + 8))
    report = site.with_file(LIST, signed_again(_list(site, encodedList=bomb))).verify(good)
    assert why(report, "status") == (
        f"status.bad_list [not checked] The issuer's list at {BASE}{LIST} cannot be used: it is "
        "larger than any list need be."
    )


def test_a_forged_status_list_is_not_believed(site: Hosted, good: Json):
    forged = _list(site, encodedList=encoded(bytes(16384)))
    report = site.with_file(LIST, forged).verify(site.json(f"awards/{REVOKED}.json"))
    assert codes(report) == changed({"status": "unproven_list"})
    assert report.overall == "could not be fully checked"
    assert why(report, "status") == (
        f"status.unproven_list [not checked] The list at {BASE}{LIST} is not proven to be the "
        "issuer's: changed after signing, or signed with another key: the text does not match its "
        "signature."
    )
    unsigned = site.with_file(LIST, drop(site.json(LIST), ("proof",)))
    assert codes(unsigned.verify(good)) == changed({"status": "unproven_list"})


def test_a_status_list_of_another_issuer_is_not_believed(site: Hosted, good: Json):
    foreign = signed_again(
        site.json(LIST) | {"issuer": BARE}, OTHER_KEY, f"{BARE}#{OTHER_KEY.public}"
    )
    report = site.with_file(LIST, foreign).verify(good)
    assert why(report, "status") == (
        f"status.unproven_list [not checked] The list at {BASE}{LIST} is not proven to be the "
        f"issuer's: it is by {BARE}."
    )


def test_another_list_of_the_issuer_in_place_of_this_one_is_noticed(site: Hosted, good: Json):
    other = signed_again(
        _list(site, encodedList=encoded(bytes(16384))) | {"id": f"{BASE}status/1.json"}
    )
    hosts = site.with_file(LIST, other)
    assert codes(hosts.verify(good)) == changed({"status": "unproven_list"})
    marked = signed_again(site.json(LIST) | {"id": f"{BASE}status/1.json"})
    report = site.with_file(LIST, marked).verify(site.json(f"awards/{REVOKED}.json"))
    assert codes(report) == changed({"status": "said_taken_back"})
    assert report.overall == "not valid"


def test_a_status_list_that_was_not_renewed_is_stale(site: Hosted, good: Json):
    lapsed = signed_again(site.json(LIST) | {"validUntil": "2016-12-31T00:00:00Z"})
    report = site.with_file(LIST, lapsed).verify(good)
    assert why(report, "status") == (
        f"status.stale_list [not checked] The issuer's list at {BASE}{LIST} was good until "
        "2016-12-31 and was not renewed."
    )


def test_a_suspended_badge_is_told_from_a_revoked_one(site: Hosted, good: Json):
    ours = signed_again(put(good, ("credentialStatus", "statusPurpose"), "suspension"))
    bits = bytearray(16384)
    index = int(good["credentialStatus"]["statusListIndex"])
    bits[index // 8] |= 0x80 >> index % 8
    marked = _list(site, statusPurpose="suspension", encodedList=encoded(bytes(bits)))
    report = site.with_file(LIST, signed_again(marked)).verify(ours)
    assert codes(report) == changed({"status": "suspended"})
    assert (report.headline, report.look) == ("Suspended", "suspended")


@pytest.mark.parametrize(
    ("index", "expected"),
    [("131072", "it is too short to hold this one"), ("-1", "its place in it cannot be read"), (True, "its place in it cannot be read")],
)  # fmt: skip
def test_a_place_outside_the_list_is_never_fine(
    site: Hosted, good: Json, index: Any, expected: str
):
    report = site.verify(put(good, ("credentialStatus", "statusListIndex"), index))
    assert why(report, "status") == (
        f"status.bad_list [not checked] The issuer's list at {BASE}{LIST} cannot be used: {expected}."
    )


def test_a_kind_of_list_that_is_not_read_is_named(site: Hosted, good: Json):
    report = site.verify(put(good, ("credentialStatus", "type"), "1EdTechRevocationList"))
    assert why(report, "status") == (
        "status.unsupported [not checked] It is kept in a kind of list that is not read here: 1EdTechRevocationList."
    )


def test_a_credential_that_names_no_list_says_so(site: Hosted, good: Json):
    report = site.verify(signed_again(drop(good, ("credentialStatus",))))
    assert why(report, "status") == (
        "status.none [nothing there] It names no list in which the issuer could take it back."
    )


def test_a_credential_without_what_its_standard_asks_for_fails_in_form(site: Hosted, good: Json):
    report = site.verify(signed_again(drop(good, ("credentialSubject", "achievement", "criteria"))))
    assert codes(report) == changed({"schema": "failed"})
    assert (report.overall, report.headline) == ("not valid", "Not in the form of its standard")


def test_the_person_asked_for_is_compared(site: Hosted, good: Json):
    assert codes(site.verify(good, recipient=" ada  OKAFOR ")) == changed({"recipient": "matches"})
    report = site.verify(good, recipient="Berit Solheim")
    assert codes(report) == changed({"recipient": "differs"})
    assert (report.overall, report.headline) == ("not valid", "Issued to somebody else")
    unknown = site.verify(good, recipient="ada@example.org")
    assert codes(unknown) == changed({"recipient": "cannot_tell"})
    assert unknown.overall == "could not be fully checked"


def test_a_hashed_address_is_compared_with_its_salt(site: Hosted, good: Json):
    import hashlib

    hashed = {
        "type": "IdentityObject",
        "identityHash": "sha256$" + hashlib.sha256(b"ada@example.orgsalt").hexdigest(),
        "identityType": "emailAddress",
        "hashed": True,
        "salt": "salt",
    }
    one = signed_again(put(good, ("credentialSubject", "identifier"), [hashed]))
    assert codes(site.verify(one, recipient="Ada@example.org"))["recipient"] == "matches"
    assert codes(site.verify(one, recipient="eve@example.org"))["recipient"] == "differs"
    assert codes(site.verify(one, recipient="Ada Okafor"))["recipient"] == "cannot_tell"
    assert why(site.verify(one), "recipient") == (
        "recipient.nameless [nothing there] A holder whose name it does not give. Ask who shows it "
        "to open it from their own backpack."
    )


# Issuers known by an https address.


ISSUER, KEY_FILE = "https://forge.example/us/issuer.json", "https://forge.example/us/key.json"


def _at_https(good: Json, method: str) -> Json:
    moved = drop(put(good, ("issuer", "id"), ISSUER), ("credentialStatus",))
    return signed_again(moved, OTHER_KEY, method)


def _key(method: str) -> Json:
    return {
        "id": method,
        "type": "Multikey",
        "controller": ISSUER,
        "publicKeyMultibase": OTHER_KEY.public,
    }


def test_an_issuers_https_document_names_its_keys(good: Json):
    method = f"{ISSUER}#key-1"
    document = {"id": ISSUER, "verificationMethod": [_key(method)], "assertionMethod": [method]}
    report = Hosted({ISSUER: text(document)}).verify(_at_https(good, method))
    assert codes(report) == changed({"address": "elsewhere", "status": "none"})
    assert report.overall == "valid"


def test_a_key_beside_the_issuer_counts_only_when_the_issuer_names_it(good: Json):
    files = {
        KEY_FILE: text(_key(KEY_FILE)),
        ISSUER: text({"id": ISSUER, "assertionMethod": [KEY_FILE]}),
    }
    one = _at_https(good, KEY_FILE)
    assert codes(Hosted(files).verify(one))["key_owner"] == "ok"
    silent = files | {ISSUER: text({"id": ISSUER})}
    assert codes(Hosted(silent).verify(one))["key_owner"] == "not_for_signing"
    alone = {KEY_FILE: files[KEY_FILE]}
    assert codes(Hosted(alone).verify(one))["key_owner"] == "unreachable"


def test_a_key_on_another_host_is_not_the_issuers(good: Json):
    foreign = "https://evil.example/key.json"
    report = Hosted({foreign: text(_key(foreign))}).verify(_at_https(good, foreign))
    assert codes(report)["key_owner"] == "other"
    assert report.overall == "not valid"


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": OTHER_KEY.public},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": keys.encode58(keys.public_bytes(OTHER_KEY.public))},
        {
            "type": "JsonWebKey",
            "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(keys.public_bytes(OTHER_KEY.public)).rstrip(b"=").decode()},
        },
    ],
    ids=lambda one: one["type"],
)  # fmt: skip
def test_older_spellings_of_a_key_are_read(good: Json, entry: Json):
    method = f"{ISSUER}#key-1"
    document = {"id": ISSUER, "assertionMethod": [entry | {"id": "#key-1", "controller": ISSUER}]}
    report = Hosted({ISSUER: text(document)}).verify(_at_https(good, method))
    assert (codes(report)["key_owner"], codes(report)["proof"]) == ("ok", "ok")


def test_a_kind_of_key_that_is_not_read_is_no_verdict_on_the_signature(good: Json):
    method = f"{ISSUER}#key-1"
    entry = {
        "id": method,
        "controller": ISSUER,
        "type": "JsonWebKey",
        "publicKeyJwk": {"kty": "EC", "crv": "P-256"},
    }
    document = {"id": ISSUER, "verificationMethod": [entry], "assertionMethod": [method]}
    report = Hosted({ISSUER: text(document)}).verify(_at_https(good, method))
    assert why(report, "proof") == (
        "proof.unsupported [not checked] The signature could not be checked here: its key is of a kind that is not read here."
    )
    assert report.overall == "could not be fully checked"


@pytest.mark.parametrize(
    "method",
    [None, 7, {"id": "x"}, "", "#key-1", "urn:x", "did:example:1#k", "http://forge.example/k"],
)
def test_a_method_that_leads_nowhere_is_no_owner(good: Json, method: Any):
    report = Hosted({}).verify(put(good, ("proof", 0, "verificationMethod"), method))
    assert codes(report)["key_owner"] in ("unsupported", "other")
    assert report.overall != "valid"


# Learner records and endorsements inside.


def test_a_learner_record_is_judged_with_its_parts(site: Hosted):
    path = next(one.removeprefix(BASE) for one in site.files if "/backpacks/" in one)
    report = site.verify_at(path)
    assert (report.overall, report.about.kind) == ("valid", "Comprehensive Learner Record 2.0")
    assert [one.overall for one in report.parts] == ["valid"]
    assert report.parts[0].checks[0].why == "Open Badges 3.0, inside this file."


def test_a_part_that_was_taken_back_shows_in_the_whole(site: Hosted):
    path = next(one.removeprefix(BASE) for one in site.files if "/backpacks/" in one)
    record = site.json(path)
    record["credentialSubject"]["verifiableCredential"] = [site.json(f"awards/{REVOKED}.json")]
    report = site.verify(signed_again(record))
    assert (report.overall, report.headline) == ("not valid", "A part of it is not valid")
    assert [one.headline for one in report.parts] == ["Taken back or set aside by its issuer"]


def test_an_endorsement_inside_is_judged_too(site: Hosted, good: Json):
    endorsement = {
        "@context": good["@context"][:2],
        "id": "urn:uuid:1c6b3b5e-8a34-4c2b-9d3d-0d6d3a0e9f11",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Well done",
        "issuer": {"id": BARE, "type": ["Profile"], "name": "A neighbour"},
        "validFrom": "2016-05-01T00:00:00Z",
        "credentialSubject": {
            "id": good["credentialSubject"]["achievement"]["id"],
            "type": ["EndorsementSubject"],
            "endorsementComment": "Yes",
        },
    }
    made = signed_again(endorsement, OTHER_KEY, f"{BARE}#{OTHER_KEY.public}")
    report = site.verify(signed_again(good | {"endorsement": [made]}), recipient="Ada Okafor")
    assert [(one.about.kind, one.headline) for one in report.parts] == [
        ("Endorsement", "Valid, by an issuer known only by a key")
    ]
    assert report.overall == "valid"
    forged = put(made, ("credentialSubject", "endorsementComment"), "No")
    worse = site.verify(signed_again(good | {"endorsement": [forged]}))
    assert [one.headline for one in worse.parts] == ["Changed after signing"]
    assert worse.headline == "A part of it is not valid"


def test_a_part_that_is_no_credential_is_not_passed_over(site: Hosted):
    path = next(one.removeprefix(BASE) for one in site.files if "/backpacks/" in one)
    record = site.json(path)
    record["credentialSubject"]["verifiableCredential"] = [7, "word", {"type": "Other"}]
    report = site.verify(record)
    assert [one.checks[0].code for one in report.parts] == [
        "file.not_a_badge",
        "file.unreadable",
        "file.not_a_badge",
    ]
    assert report.overall == "not valid"


# Around it.


def test_a_url_that_gives_nothing_is_not_checked():
    report = unreachable("https://badges.example.org/x.json", "there is no such file", NOW)
    assert (report.overall, report.headline) == (
        "could not be fully checked",
        "Could not be loaded",
    )
    assert report.checks[0].why == (
        "https://badges.example.org/x.json could not be loaded: there is no such file."
    )


def test_files_that_lie_beside_badges_are_told_from_badges(site: Hosted):
    beside = {path.removeprefix(BASE) for path, data in site.files.items() if is_no_badge(data)}
    assert {one.removeprefix(BASE) for one in site.files} - beside == {
        path.removeprefix(BASE)
        for path in site.files
        if "/awards/" in path or "/backpacks/" in path
    }


@pytest.mark.parametrize(
    ("page", "places"),
    [
        ("https://b.example/awards/x.html", ["awards/x.json", "awards/x.ob2.json"]),
        (
            "https://b.example/es/awards/x.html?print#top",
            ["es/awards/x.json", "es/awards/x.ob2.json", "awards/x.json", "awards/x.ob2.json"],
        ),
        ("https://b.example/backpacks/ada.html", ["backpacks/ada.json", "backpacks/ada.ob2.json"]),
        ("https://b.example/awards/x.png", ["awards/x.png"]),
        ("https://b.example/index.html", ["index.html"]),
    ],
)
def test_a_page_leads_to_the_badge_beside_it(page: str, places: list[str]):
    assert addresses_of_page(page) == tuple(f"https://b.example/{one}" for one in places)


def test_every_finding_has_words_and_every_headline_a_finding():
    for code, (state, sentence) in WORDS["findings"].items():
        assert code.partition(".")[0] in CHECKS
        assert state in ("passed", "failed", "not checked", "nothing there")
        assert sentence.endswith((".", "?"))
    for code, _, _ in WORDS["headlines"]:
        assert any(one.startswith(code) for one in WORDS["findings"])


def test_every_finding_is_made_somewhere():
    sources = (ROOT / "site_builder/verify").glob("*.py")
    made = {
        code
        for path in sources
        for code in re.findall(
            r'"((?:{})\.[a-z_]+)"'.format("|".join(CHECKS)), path.read_text("utf-8")
        )
    }
    of_the_browser_alone = {"proof.no_support", "schema.unread"}
    by_purpose = {"status.taken_back", "status.suspended"}
    assert set(WORDS["findings"]) == made | of_the_browser_alone | by_purpose


def test_the_verifier_loads_no_builder_and_no_template():
    words = (
        "import sys, site_builder.verify; "
        "print(*sorted({one for one in sys.modules if one.startswith('site_builder.')}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {one.split(".")[1] for one in done.stdout.split()}
    assert loaded == {"baking", "codes", "keys", "problems", "proofs", "verify"}
    assert "site_builder.proofs.template" not in done.stdout.split()


def test_a_fetcher_that_gives_something_odd_is_a_finding(good: Json):
    def odd(_: str) -> bytes:
        return b"<html>not found</html>"

    report = Hosted({}).verify(good, fetch=odd)
    assert why(report, "key_owner") == (
        f"key_owner.bad_document [not checked] The issuer's list of keys at {DOCUMENT} cannot be "
        "used: it is no JSON, line 1, column 1."
    )


def test_a_key_is_asked_for_in_the_folder_of_its_did(good: Json):
    def refuse(url: str) -> bytes:
        asked.append(url)
        raise Unreachable("no")

    asked: list[str] = []
    moved = put(good, ("issuer", "id"), "did:web:localhost%3A8000:team:badges")
    method = "did:web:localhost%3A8000:team:badges#key-1"
    Hosted({}).verify(put(moved, ("proof", 0, "verificationMethod"), method), fetch=refuse)
    assert asked[0] == "http://localhost:8000/team/badges/did.json"
