# SPDX-License-Identifier: Apache-2.0
"""The verdict on hosted Open Badges 2.0 assertions: what their own address says counts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.verify import Report
from tests.signed import REVOKED, drop, put
from tests.verified import BASE, GOOD_OB2, VALID_HOSTED, Hosted, codes, why

if TYPE_CHECKING:
    from tests.signed import Json


@pytest.fixture(scope="module")
def good(site: Hosted) -> Json:
    return site.json(GOOD_OB2)


def test_an_assertion_of_ours_is_valid_where_it_lies_and_as_a_file(site: Hosted, good: Json):
    for report in (site.verify_at(GOOD_OB2), site.verify(good)):
        assert (report.overall, codes(report)) == ("valid", VALID_HOSTED)
        assert why(report, "address") == (
            "address.hosted [passed] Read at badges.example.org, the address it names."
        )
        assert (report.about.issuer, report.about.title) == ("Small Works", "Setting team norms")


def test_a_changed_file_differs_from_the_record(site: Hosted, good: Json):
    report = site.verify(put(good, ("issuedOn",), "2016-01-01T00:00:00Z"))
    assert codes(report) == VALID_HOSTED | {"address": "hosted_differs"}
    assert (report.overall, report.headline) == ("not valid", "Not the issuer's record")
    assert why(report, "address") == (
        f"address.hosted_differs [failed] The issuer's own record, at {BASE}{GOOD_OB2}, says something else."
    )


def test_a_record_read_elsewhere_is_not_the_issuers(site: Hosted, good: Json):
    report = site.verify(good, read_from="https://copy.example/1.json")
    assert codes(report) == VALID_HOSTED | {"address": "hosted_other", "status": "hosted_unread"}
    assert why(report, "address") == (
        "address.hosted_other [failed] It was read at https://copy.example/1.json, but says that it "
        f"belongs at {BASE}{GOOD_OB2}."
    )


def test_without_its_host_an_assertion_is_not_called_valid(good: Json):
    report = Hosted({}).verify(good)
    assert codes(report) == VALID_HOSTED | {"address": "hosted_unread", "status": "hosted_unread"}
    assert report.overall == "could not be fully checked"


def test_a_record_that_is_gone_but_was_taken_back_says_so(site: Hosted, good: Json):
    path = f"awards/{REVOKED}.ob2.json"
    before = good | {"id": BASE + path}
    report = site.verify(before)
    assert codes(report)["status"] == "taken_back"
    assert why(report, "status") == (
        "status.taken_back [failed] The issuer has taken it back or set it aside: Revoked on "
        "9 June 2016: Issued in error."
    )
    assert report.headline == "Taken back or set aside by its issuer"


def test_what_the_revocation_list_names_is_taken_back(site: Hosted, good: Json):
    revoked = site.json("status/ob2.json") | {"revokedAssertions": [BASE + GOOD_OB2]}
    report = site.with_file("status/ob2.json", revoked).verify(good)
    assert codes(report) == VALID_HOSTED | {"status": "taken_back"}


def test_a_revocation_list_that_cannot_be_had_is_no_good_news(site: Hosted, good: Json):
    report = site.with_file("status/ob2.json", None).verify(good)
    assert codes(report) == VALID_HOSTED | {"status": "unreachable"}
    broken = site.with_file("status/ob2.json", b"[]").verify(good)
    assert codes(broken) == VALID_HOSTED | {"status": "bad_list"}


def _elsewhere(site: Hosted, good: Json, **badge: Any) -> Hosted:
    """The same badge published by somebody on a host of their own."""
    mine = good | {"id": "https://evil.example/1.json", "badge": "https://evil.example/badge.json"}
    stolen = (
        site.json(good["badge"].removeprefix(BASE))
        | {"id": "https://evil.example/badge.json"}
        | badge
    )
    hosts = site.with_file("https://evil.example/1.json", mine)
    return hosts.with_file("https://evil.example/badge.json", stolen)


def _verdict(hosts: Hosted) -> Report:
    return hosts.verify(hosts.files["https://evil.example/1.json"])


def test_an_issuer_does_not_answer_for_another_host(site: Hosted, good: Json):
    report = _verdict(_elsewhere(site, good))
    assert codes(report)["address"] == "hosted_issuer"
    assert why(report, "address") == (
        f"address.hosted_issuer [failed] Its issuer, {BASE}issuer/ob2.json, is at another address "
        "than the record at evil.example."
    )


def test_an_issuer_written_into_a_badge_does_not_speak_for_itself(site: Hosted, good: Json):
    forged = site.json("issuer/ob2.json") | {"verification": {"allowedOrigins": ["evil.example"]}}
    assert codes(_verdict(_elsewhere(site, good, issuer=forged)))["address"] == "hosted_issuer"
    renamed = forged | {"id": "https://evil.example/issuer.json"}
    assert _verdict(_elsewhere(site, good, issuer=renamed)).about.host == "evil.example"


def test_a_profile_that_names_another_address_than_its_own_is_refused(site: Hosted, good: Json):
    hosts = _elsewhere(site, good, issuer="https://evil.example/issuer.json")
    hosts = hosts.with_file("https://evil.example/issuer.json", site.json("issuer/ob2.json"))
    assert codes(_verdict(hosts))["address"] == "hosted_issuer"


def test_an_issuer_says_below_which_addresses_its_records_lie(site: Hosted, good: Json):
    narrow = put(site.json("issuer/ob2.json"), ("verification", "startsWith"), f"{BASE}other/")
    report = site.with_file("issuer/ob2.json", narrow).verify(good)
    assert codes(report) == VALID_HOSTED | {"address": "hosted_issuer"}


def test_an_expired_assertion_is_not_valid(site: Hosted, good: Json):
    report = site.verify(good, now=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert codes(report) == VALID_HOSTED | {"dates": "ended"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"recipient": {}}, "it has no 'recipient' with type and identity"),
        (
            {"recipient": {"type": "email", "hashed": True, "identity": "ada@example.org"}},
            "its recipient's identity is not hashed, as it says",
        ),
        ({"verification": {"type": "Other"}}, "it has no 'verification' of a kind that is known"),
        ({"issuedOn": 7}, "it has no 'issuedOn'"),
        ({"image": "data:image/png;base64,AAAA"}, "its 'image' is a picture and not an address"),
    ],
)
def test_an_assertion_without_what_its_standard_asks_for_fails_in_form(
    site: Hosted, good: Json, change: Json, expected: str
):
    report = site.with_file(GOOD_OB2, good | change).verify(good | change)
    assert why(report, "schema") == (
        f"schema.failed [failed] It has not the form that Open Badges 2.0 asks for: {expected}."
    )


def test_a_badge_class_without_a_picture_fails_in_form(site: Hosted, good: Json):
    path = good["badge"].removeprefix(BASE)
    report = site.with_file(path, drop(site.json(path), ("image",))).verify(good)
    assert why(report, "schema") == (
        "schema.failed [failed] It has not the form that Open Badges 2.0 asks for: its badge class "
        "has no 'image'."
    )


def test_a_signed_assertion_is_not_read(site: Hosted, good: Json):
    report = site.verify(put(good, ("verification", "type"), "SignedBadge"))
    assert [one.why for one in report.checks] == [
        "Signed Open Badges 2.0 is not a kind that is read here."
    ]
    assert report.overall == "could not be fully checked"


def test_a_hashed_recipient_is_compared(site: Hosted, good: Json):
    import hashlib

    identity = "sha256$" + hashlib.sha256(b"ada@example.orgdeadsea").hexdigest()
    mine = good | {
        "recipient": {"type": "email", "hashed": True, "salt": "deadsea", "identity": identity}
    }
    hosts = site.with_file(GOOD_OB2, mine)
    assert codes(hosts.verify(mine, recipient="ADA@example.org"))["recipient"] == "matches"
    assert codes(hosts.verify(mine, recipient="eve@example.org"))["recipient"] == "differs"
    assert codes(hosts.verify(mine, recipient="Ada Okafor"))["recipient"] == "cannot_tell"


def test_of_two_entries_about_one_badge_the_first_says_why(site: Hosted):
    one = site.json(GOOD_OB2) | {"uid": "x"}
    first = {"uid": "x", "revocationReason": "First."}
    entries = [
        7,
        "y",
        {"id": ["x"]},
        first,
        {"id": one["id"], "revocationReason": "Second."},
        one["id"],
    ]
    listing = site.json("status/ob2.json") | {"revokedAssertions": entries}
    hosts = site.with_file("status/ob2.json", listing).with_file(GOOD_OB2, one)
    report = hosts.verify(one)
    assert why(report, "status").endswith(": First.")
