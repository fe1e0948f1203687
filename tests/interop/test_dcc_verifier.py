# SPDX-License-Identifier: Apache-2.0
"""The Digital Credentials Consortium's verifier accepts every award that stands, and nothing else.

It is what the consortium's web verifier and wallets use, JSON Schema included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.interop.questions import CHANGES, Questions
from tests.interop.signed_demo import FALLEN
from tests.interop.witnesses import Witness, ask_node, node_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.interop.signed_demo import SignedSite
    from tests.interop.witnesses import Said

pytestmark = pytest.mark.verifier

Json = dict[str, Any]
Faults = tuple[str, ...]
PACKAGE = "@digitalcredentials/verifier-core"
ACCEPTED: Faults = ()
# Whether the issuer stands in a register of issuers is a step too; it is in none of those asked.
STEPS = {"valid_signature", "expiration", "revocation_status", "registered_issuer"}


def faults(said: Json) -> Faults:
    """Everything the verifier holds against a credential; see node/dcc.mjs."""
    found = [f"{step}: {one}" for step, one in said["log"].items() if one is not True]
    found = [one.removesuffix(": False") for one in found if one != "registered_issuer: False"]
    found += said["errors"]
    found += ["schema"] * any(one is not True for one in said["schemas"])
    if not said["errors"]:  # then every step was taken, and the schema was asked
        found += sorted(f"no {step}" for step in STEPS - said["log"].keys())
        found += ["no schema"] * (not said["schemas"])
    return (*found, *(f"asked for {url}" for url in said["asked"]))


def verdicts(site: SignedSite, cases: Iterable[Json]) -> list[Faults]:
    """The faults of the cases, in their order, from one process of the verifier."""
    return [faults(one) for one in ask_node("dcc.mjs", PACKAGE, site, cases)]


def test_learner_records_pass(said: Said):
    assert len(said["records"]) > 20
    assert set(said["records"]) == {("no revocation_status",)}  # it has none of its own


@pytest.mark.parametrize("state", FALLEN)
def test_an_award_that_no_longer_stands_is_refused_for_its_status(said: Said, state: str):
    assert set(said[state]) == {("revocation_status",)}


def test_a_withdrawn_award_is_no_credential_any_more(said: Said):
    assert set(said["withdrawn"]) == {("invalid_jsonld",)}


def test_an_award_whose_time_is_over_is_refused_for_its_date(said: Said):
    assert len(said["ended"]) == 3
    assert all("expiration" in one for one in said["ended"])


def test_an_award_with_anything_changed_or_taken_out_is_refused(said: Said):
    assert len(said["altered"]) > 300
    assert ACCEPTED not in said["altered"]


CHANGED = ("invalid_signature",)
FORGERIES: dict[str, Faults] = dict.fromkeys(CHANGES, CHANGED) | {
    "by_a_did_of_a_strangers_own": CHANGED,
    "by_a_key_the_issuer_does_not_have": CHANGED,
    "in_the_name_of_another_issuer": CHANGED,
    "with_an_unknown_word": ("jsonld.ValidationError",),
    "with_an_unknown_context": (
        "invalid_signature",
        "asked for https://elsewhere.example.net/context.json",
    ),
    "without_proof": ("no_proof",),
    "with_no_proof_in_the_list": CHANGED,
}


FALSE_LISTS: dict[str, Faults] = {
    "emptied": ("revocation_status: status_list_signature_error",),
    "without_proof": ("revocation_status: status_list_signature_error",),
    "by_a_key_of_a_stranger": ("revocation_status: status_list_signature_error",),
    # What it lets pass, to be known: 1.0.0-beta.11 turns the comparison of issuers off
    # (`verifyMatchingIssuers: false` in dist/Verify.js). Our own verifier compares them.
    "by_a_did_of_a_strangers_own": ACCEPTED,
    "cut_short_and_signed": ("revocation_status: status_list_error",),
    "another_file": ("revocation_status: status_list_error",),
}


def test_an_award_fails_with_a_status_list_that_is_forged_or_gone(demo: SignedSite, said: Said):
    assert dict(zip(demo.false_lists(), said["false lists"], strict=True)) == FALSE_LISTS


WITNESS = Witness(
    look=lambda: node_with(PACKAGE),
    verdicts=verdicts,
    accepted=ACCEPTED,
    forgeries=FORGERIES,
    keyless=CHANGED,
)


class TestWhatEveryWitnessIsAsked(Questions):
    """The tests of questions.py."""
