# SPDX-License-Identifier: Apache-2.0
"""openvc accepts awards that stand and refuses what does not.

Not asked of it: learner records. It wants a document in the compacted form of its own expansion,
and the CLR 2.0.1 context gives `identifier` a type no processor compacts back, so it refuses every
learner record that names its holder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.interop.questions import CHANGES, Questions
from tests.interop.signed_demo import FALLEN
from tests.interop.witnesses import Witness, ask_openvc, openvc_python

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.interop.signed_demo import SignedSite
    from tests.interop.witnesses import Said

pytestmark = pytest.mark.verifier

Json = dict[str, Any]
ASKED = 60  # of the awards that stand, spread evenly: 40 ms each


@dataclass(frozen=True)
class Verdict:
    """What the verifier says of one credential; see openvc_verifier.py."""

    fault: str
    why: str


ACCEPTED = Verdict("", "")


def verdicts(site: SignedSite, cases: Iterable[Json]) -> list[Verdict]:
    """Verdicts on the cases, in their order, from one process of the verifier."""
    return [Verdict(**one) for one in ask_openvc(site, cases)]


def asked(demo: SignedSite) -> dict[str, list[Json]]:
    """Some of the standing awards and of the altered ones, and no learner records."""
    groups = {name: one for name, one in demo.groups(ASKED).items() if name != "records"}
    return groups | {"altered": groups["altered"][::3]}


@pytest.mark.parametrize("state", FALLEN)
def test_an_award_that_no_longer_stands_is_refused_for_its_status(
    demo: SignedSite, said: Said, state: str
):
    ids = [one["credential"]["id"] for one in demo.fallen(state)]

    assert ids
    assert said[state] == [
        Verdict("CredentialRevoked", f"credential '{one}' is revoked") for one in ids
    ]


def test_a_withdrawn_award_is_no_credential_any_more(said: Said):
    assert set(said["withdrawn"]) == {NO_PROOF}


def test_an_award_whose_time_is_over_is_refused_for_its_date(demo: SignedSite, said: Said):
    assert demo.ended
    assert said["ended"] == [
        Verdict("CredentialExpired", f"credential expired at {one.expires}T23:59:59+00:00")
        for one in demo.ended
    ]


def test_an_award_with_anything_changed_or_taken_out_is_refused(said: Said):
    assert len(said["altered"]) > 100
    assert ACCEPTED not in said["altered"]


CHANGED = Verdict("SignatureInvalid", "Data Integrity proof does not verify")
NO_PROOF = Verdict(
    "UnknownCredentialFormat", "dict has no `proof` and is not an EnvelopedVerifiableCredential"
)
STRANGER = "did:key:z6MkneMkZqwqRiU5mJzSG3kDwzt9P8C59N4NGTfBLfSGE7c7"
FORGERIES = dict.fromkeys(CHANGES, CHANGED) | {
    "by_a_did_of_a_strangers_own": Verdict(
        "IssuerBindingError",
        f"proof verificationMethod '{STRANGER}#{STRANGER.removeprefix('did:key:')}' is not "
        "controlled by issuer 'did:web:badges.example.org'",
    ),
    "by_a_key_the_issuer_does_not_have": Verdict(
        "KeyResolutionError",
        "verificationMethod 'did:web:badges.example.org#key-2' not in the DID document",
    ),
    "in_the_name_of_another_issuer": Verdict(
        "IssuerBindingError",
        "proof verificationMethod 'did:web:badges.example.org#key-1' is not controlled by issuer "
        "'did:web:elsewhere.example.net'",
    ),
    "with_an_unknown_word": Verdict(
        "ProofMalformed",
        "the document is not in compacted form under its @context (at /honours): a member spelled "
        "as an IRI or keyword, a relative IRI, an array nested in an array, or a term no trusted "
        "context defines — whose value the signature does not cover",
    ),
    "with_an_unknown_context": Verdict(
        "DocumentLoaderError",
        "refusing to fetch JSON-LD context over the network: "
        "'https://elsewhere.example.net/context.json' (bundle it or pass it via extra_contexts)",
    ),
    "without_proof": NO_PROOF,
    "with_no_proof_in_the_list": NO_PROOF,
}


FALSE_LISTS = {
    "emptied": CHANGED,
    "without_proof": NO_PROOF,
    "by_a_key_of_a_stranger": CHANGED,
    "by_a_did_of_a_strangers_own": Verdict(
        "StatusListIssuerUntrusted",
        f"status list issuer '{STRANGER}' is not the credential issuer "
        "'did:web:badges.example.org' nor an allow-listed delegate (require_status_issuer_binding)",
    ),
    "cut_short_and_signed": Verdict(
        "StatusListError",
        "encodedList is not valid gzip: Compressed file ended before the end-of-stream marker was "
        "reached",
    ),
    "another_file": NO_PROOF,
}


def test_an_award_fails_with_a_status_list_that_is_forged_or_gone(demo: SignedSite, said: Said):
    assert dict(zip(demo.false_lists(), said["false lists"], strict=True)) == FALSE_LISTS


WITNESS = Witness(
    look=openvc_python,
    verdicts=verdicts,
    accepted=ACCEPTED,
    forgeries=FORGERIES,
    keyless=Verdict(
        "KeyResolutionError",
        "verificationMethod 'did:web:badges.example.org#key-1' not in the DID document",
    ),
    standing=ASKED,
    groups=asked,
)


class TestWhatEveryWitnessIsAsked(Questions):
    """The tests of questions.py."""
