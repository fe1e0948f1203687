# SPDX-License-Identifier: Apache-2.0
"""Digital Bazaar's verifier accepts every signed award that stands and refuses what does not."""

from __future__ import annotations

from dataclasses import dataclass
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
PACKAGE = "@digitalbazaar/vc"


@dataclass(frozen=True)
class Verdict:
    """What the verifier says of one credential; see verify.mjs."""

    verified: bool
    listed: bool | None
    why: str


ACCEPTED = Verdict(verified=True, listed=False, why="")
LISTED = Verdict(verified=True, listed=True, why="")  # genuine, and its status bit is set
RECORD = Verdict(verified=True, listed=None, why="")  # genuine, and has no status of its own


def verdicts(site: SignedSite, cases: Iterable[Json]) -> list[Verdict]:
    """Verdicts on the cases, in their order, from one process of the verifier."""
    return [Verdict(**one) for one in ask_node("verify.mjs", PACKAGE, site, cases)]


def test_learner_records_pass(said: Said):
    assert len(said["records"]) > 20
    assert set(said["records"]) == {RECORD}


@pytest.mark.parametrize("state", FALLEN)
def test_an_award_that_no_longer_stands_is_genuine_but_listed(said: Said, state: str):
    assert set(said[state]) == {LISTED}


def test_a_withdrawn_award_is_no_credential_any_more(said: Said):
    assert {one.verified for one in said["withdrawn"]} == {False}


def test_an_award_whose_time_is_over_is_refused_for_its_date(demo: SignedSite, said: Said):
    assert demo.ended
    for award, one in zip(demo.ended, said["ended"], strict=True):
        assert not one.verified
        assert one.why.endswith(f'is after "validUntil" ({award.expires}T23:59:59Z).')


def test_an_award_with_anything_changed_or_taken_out_is_refused(said: Said):
    assert len(said["altered"]) > 300
    assert {one.verified for one in said["altered"]} == {False}


def refused(why: str) -> Verdict:
    return Verdict(verified=False, listed=None, why=why)


CHANGED = refused("Invalid signature.")
NOT_THEIRS = refused("Credential issuer must match the verification method controller.")
UNPROVEN = refused("No matching proofs found in the given document.")
UNKNOWN_CONTEXT = refused(
    "Dereferencing a URL did not result in a valid JSON-LD object. Possible causes are an "
    "inaccessible URL perhaps due to a same-origin policy (ensure the server uses CORS if you are "
    "using client-side JavaScript), too many redirects, a non-JSON response, or more than one HTTP "
    'Link Header was provided for a remote context. URL: "https://elsewhere.example.net/context.json".'
)
FORGERIES = dict.fromkeys(CHANGES, CHANGED) | {
    "by_a_did_of_a_strangers_own": NOT_THEIRS,
    "by_a_key_the_issuer_does_not_have": refused(
        "did:web:badges.example.org#key-2 is not in the DID document"
    ),
    "in_the_name_of_another_issuer": NOT_THEIRS,
    "with_an_unknown_word": refused("Safe mode validation error."),
    "with_an_unknown_context": UNKNOWN_CONTEXT,
    "without_proof": UNPROVEN,
    "with_no_proof_in_the_list": UNPROVEN,
}


def test_an_award_fails_with_a_status_list_that_is_forged_or_gone(said: Said):
    assert {one.verified for one in said["false lists"]} == {False}


WITNESS = Witness(
    look=lambda: node_with(PACKAGE),
    verdicts=verdicts,
    accepted=ACCEPTED,
    forgeries=FORGERIES,
    keyless=refused("did:web:badges.example.org#key-1 is not in the DID document"),
)


class TestWhatEveryWitnessIsAsked(Questions):
    """The tests of questions.py."""
