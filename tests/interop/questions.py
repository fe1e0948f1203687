# SPDX-License-Identifier: Apache-2.0
"""What every witness is asked in the same words, its verdicts being those `WITNESS` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.interop.signed_demo import SignedSite
    from tests.interop.witnesses import Said, Witness

# Forgeries that leave the proof as it was, or make one with a key that is not the issuer's.
CHANGES = (
    "with_name",
    "with_title",
    "with_an_earlier_date",
    "with_a_later_end",
    "with_own_place_in_the_list",
    "without_status",
    "by_a_key_of_a_stranger",
    "by_the_preview_key",
    "with_the_proof_of_another_award",
)


class Questions:
    """Tests that the test file of each witness takes up; their fixtures are in conftest.py."""

    def test_every_award_asked_about_that_stands_passes(self, witness: Witness, said: Said):
        assert len(said["standing"]) >= witness.standing
        assert set(said["standing"]) == {witness.accepted}

    def test_no_award_that_no_longer_stands_passes_as_it_is_published(
        self, witness: Witness, said: Said
    ):
        assert said["fallen"]
        assert witness.accepted not in said["fallen"]

    def test_every_forgery_is_refused_with_the_reason(
        self, witness: Witness, demo: SignedSite, said: Said
    ):
        assert dict(zip(demo.forgeries(), said["forgeries"], strict=True)) == witness.forgeries

    def test_an_award_fails_when_its_key_was_taken_out_of_the_did_document(
        self, witness: Witness, demo: SignedSite
    ):
        assert witness.verdicts(demo, [demo.without_key()]) == [witness.keyless]

    def test_a_site_below_a_path_is_accepted(
        self, witness: Witness, demo: SignedSite, signed_below_a_path: SignedSite
    ):
        below = signed_below_a_path
        cases = [below.case(one) for one in below.of("active")[:5]]

        assert demo.site != below.site
        assert witness.verdicts(below, cases) == [witness.accepted] * 5
