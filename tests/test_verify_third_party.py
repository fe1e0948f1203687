# SPDX-License-Identifier: Apache-2.0
"""Other people's signed files get the verdicts their makers state."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from site_builder.verify import Report, Unreachable, verify
from tests.signed import VECTORS
from tests.verified import codes

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
CONFORMANCE, DCC = VECTORS / "ob-conformance", VECTORS / "vc-signed-dcc"
EXPECTED = json.loads((CONFORMANCE / "expected.json").read_text("utf-8"))
STATED = {name: one["outcome"] for name, one in EXPECTED.items()}
LIST = "ob30/bit-string-list/testlist"
# Lawful, but no badges anybody holds: no verdict is given on them alone.
NO_BADGES = {"ob20/assets/badgeclass1.json", "ob20/assets/badge-with-data-image.json", LIST}


def fetch(url: str) -> bytes:
    """As upstream's tests map addresses to files."""
    if url.endswith(LIST):
        return (CONFORMANCE / LIST).read_bytes()
    for host in ("https://example.org/", "http://example.org/"):
        path = CONFORMANCE / "ob20/assets" / url.removeprefix(host)
        if url.startswith(host) and path.is_file():
            return path.read_bytes()
    raise Unreachable("tests have no network")


def verdict(path: Path) -> Report:
    data = path.read_bytes()
    is_hosted = path.parent == CONFORMANCE / "ob20"
    return verify(
        data, now=NOW, fetch=fetch, read_from=json.loads(data)["id"] if is_hosted else None
    )


def names_of(folder: Path) -> list[str]:
    return sorted(json.loads((folder / "verified.json").read_text("utf-8")))


@pytest.mark.parametrize("folder", [CONFORMANCE, DCC], ids=lambda one: one.name)
def test_the_proof_check_agrees_with_the_second_opinion_on_every_file(folder: Path):
    opinions = json.loads((folder / "verified.json").read_text("utf-8"))
    states = {"ok": "passed", "BAD SIGNATURE": "failed", "no proof": "failed"}
    found = {}
    for name in opinions:
        report = verdict(folder / name)
        proof = next((one for one in report.checks if one.check == "proof"), None)
        found[name] = proof.state if proof else "no verdict"
    expected = {name: states[opinion.rpartition(": ")[2]] for name, opinion in opinions.items()}
    assert found == expected | ({LIST: "no verdict"} if folder == CONFORMANCE else {})


@pytest.mark.parametrize("name", [one for one, stated in STATED.items() if stated == "invalid"])
def test_what_upstream_calls_invalid_is_not_valid(name: str):
    assert verdict(CONFORMANCE / name).overall == "not valid"


@pytest.mark.parametrize("name", [one for one, stated in STATED.items() if stated == "valid"])
def test_what_upstream_calls_valid_is_valid_or_waits_for_its_issuer(name: str):
    report = verdict(CONFORMANCE / name)
    if name in NO_BADGES:
        assert codes(report) == {"file": "kind_not_read"}
    elif name.startswith("ob20/"):
        assert report.overall == "valid"
    else:
        assert report.overall == "could not be fully checked"
        assert codes(report)["key_owner"] in ("unreachable", "unnamed")
        assert {one.check for one in report.checks if one.state == "not checked"} == {
            "key_owner",
            "key_state",
        }


def test_an_issuer_upstream_warns_about_is_not_called_valid():
    report = verdict(CONFORMANCE / "ob20/warning-issuer-non-http.json")
    assert codes(report)["address"] == "hosted_issuer"
    assert report.overall == "not valid"


def test_the_revoked_one_is_refused_though_its_list_cannot_be_proven():
    report = verdict(CONFORMANCE / "ob30/bit-string-list/credential-status-revoked.json")
    assert codes(report)["status"] == "said_taken_back"


def test_a_picture_of_another_maker_is_read():
    report = verdict(CONFORMANCE / "ob30/simple-json.png")
    assert (report.about.title, codes(report)["proof"]) == ("Teamwork", "ok")


def test_a_token_that_names_no_key_is_not_called_valid():
    report = verdict(CONFORMANCE / "ob30/simple.jwt")
    assert codes(report)["proof"] == "key_missing"
    assert report.overall == "could not be fully checked"


def stated_by(name: str) -> str:
    words = name.rpartition("/")[2].removesuffix(".json")
    bad = ("revokedStatus", "-expired", "tampered")
    return "not valid" if any(one in words for one in bad) else "valid"


@pytest.mark.parametrize("name", names_of(DCC))
def test_the_verdict_is_what_the_file_name_states(name: str):
    assert verdict(DCC / name).overall == stated_by(name)


def test_a_word_of_ones_own_for_what_was_achieved_is_mentioned_and_no_fault():
    name = next(one for one in names_of(DCC) if "identityHash" in one)
    report = verdict(DCC / name)
    assert (report.headline, report.about.holder) == (
        "Valid, by an issuer known only by a key",
        "Parker Pearl",
    )
    assert next(one.why for one in report.checks if one.check == "schema") == (
        "It has the form that Open Badges 3.0 asks for, but for 'Program' as the kind of what was "
        "achieved, which is not on the standard's list."
    )
