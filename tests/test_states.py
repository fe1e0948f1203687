# SPDX-License-Identifier: Apache-2.0
"""A state is told the same way everywhere: every sample, through every channel.

The table of design/data-model.md, "States, told the same way everywhere", walked with the awards of
the demo's `samples` programme.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.baking import unbake
from site_builder.build import artifacts
from site_builder.formats.status_list import decoded
from site_builder.keys import SigningKey
from site_builder.ledger import identity
from site_builder.model.catalog_kinds import Key
from site_builder.signing import Signer
from tests.mutations import Case
from tests.witness import on_command_line, side_by_side

if TYPE_CHECKING:
    from site_builder.catalog import Catalog
    from site_builder.model import Award

Json = dict[str, Any]
KEY = SigningKey(bytes(range(32)))
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
SAMPLES = {
    "active": 4,  # one of them unlisted, one a renewal
    "expired": 2,  # active by their file; only the reader's clock knows
    "suspended": 1,
    "revoked": 1,
    "superseded": 1,
    "withdrawn": 1,
}
BANNERS = {
    "suspended": "Set aside on 3 May 2016 while the issuer looks into it.",
    "revoked": "Taken back by the issuer on 9 June 2016. Reason given: Issued in error.",
    "superseded": "Replaced by a newer award on 2 June 2016.",
}
REASONS = {
    "suspended": "Suspended on 3 May 2016: Under review after a question from the issuer",
    "revoked": "Revoked on 9 June 2016: Issued in error",
    "superseded": "Replaced by a newer award on 2 June 2016",
    "withdrawn": "No longer published",
}
# Overall verdict and headline of the signed file, of the hosted record and of the picture.
TAKEN_BACK = ("not valid", "Taken back or set aside by its issuer")
VALID = ("valid", "Valid")
NOT_THERE = ("could not be fully checked", "No longer published")
VERDICTS = {
    "active": (VALID, VALID, VALID),
    "expired": (("not valid", "Genuine, ended on {expires}"),) * 3,
    "suspended": (TAKEN_BACK,) * 3,
    "revoked": (TAKEN_BACK,) * 3,
    "superseded": (TAKEN_BACK,) * 3,  # the sample ended as well; what the issuer did comes first
    "withdrawn": (NOT_THERE, TAKEN_BACK, ("not valid", "No badge that can be read")),
}


@dataclass(frozen=True)
class Signed:
    """The demo as published with a key: its files, by path."""

    catalog: Catalog
    site: Site
    files: dict[str, bytes]

    def json(self, path: str) -> Json:
        return json.loads(self.files[path])

    def page(self, award: Award) -> str:
        """What a reader sees of an award's page."""
        text = self.files[addresses.award_page(award.id)].decode()
        text = re.sub(r"<(svg|script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", "", text).split())

    def cases(self, award: Award) -> list[Case]:
        """The signed file, the hosted record and the picture, as somebody opens them by address."""
        return [
            Case(path, self.files[path], read_from=self.site.url(path))
            for path in (
                addresses.award_json(award.id),
                addresses.award_ob2(award.id),
                addresses.award_png(award.id),
            )
        ]

    @property
    def web(self) -> dict[str, bytes]:
        return {
            self.site.url(path): data for path, data in self.files.items() if path.endswith(".json")
        }


@pytest.fixture(scope="module")
def signed(demo_catalog: Catalog) -> Signed:
    entry = Key.model_validate({"id": "key-1", "public": KEY.public, "from": "2015-01-01"})
    issuer = demo_catalog.issuer.model_copy(update={"keys": (entry,)})
    catalog = replace(demo_catalog, issuer=issuer)
    site = Site(issuer.base_url)
    return Signed(catalog, site, dict(artifacts(catalog, site, signer=Signer(KEY, issuer, site))))


def state_of(award: Award) -> str:
    is_over = award.expires is not None and award.expires < NOW.date()
    return "expired" if award.status.state == "active" and is_over else award.status.state


def samples(catalog: Catalog) -> list[tuple[str, Award]]:
    found = [one for one in catalog.awards.values() if one.program == "samples"]
    return sorted(((state_of(one), one) for one in found), key=lambda pair: (pair[0], pair[1].id))


def of(state: str, catalog: Catalog) -> list[Award]:
    return [award for found, award in samples(catalog) if found == state]


def test_there_is_a_sample_of_every_state(demo_catalog: Catalog):
    found = [state for state, _ in samples(demo_catalog)]
    assert {state: found.count(state) for state in found} == SAMPLES


@pytest.mark.parametrize("state", SAMPLES)
def test_the_page_says_it(state: str, signed: Signed):
    for award in of(state, signed.catalog):
        said = signed.page(award)
        assert [one for one in BANNERS if BANNERS[one] in said] == (
            [state] if state in BANNERS else []
        )
        assert ("Not checked yet" in said) == (state != "withdrawn")
        assert award.id not in said or state != "withdrawn"


@pytest.mark.parametrize("state", SAMPLES)
def test_the_signed_file_stays_but_of_the_withdrawn(state: str, signed: Signed):
    for award in of(state, signed.catalog):
        body = signed.json(addresses.award_json(award.id))
        if state == "withdrawn":
            assert body.keys() == {"id", "status", "reason"}
        else:
            assert len(body["proof"]) == 1
            assert state not in json.dumps(body)


@pytest.mark.parametrize("state", SAMPLES)
def test_the_hosted_record_becomes_a_stub(state: str, signed: Signed):
    for award in of(state, signed.catalog):
        body = signed.json(addresses.award_ob2(award.id))
        assert body.get("revoked", False) == (state in REASONS)
        assert body.get("revocationReason") == REASONS.get(state)
        assert ("recipient" in body) == (state not in REASONS)


@pytest.mark.parametrize("state", SAMPLES)
def test_the_picture_stays_but_of_the_withdrawn(state: str, signed: Signed):
    for award in of(state, signed.catalog):
        found = unbake(signed.files[addresses.award_png(award.id)])
        if state == "withdrawn":
            assert found == []
        else:
            held = {one.kind: json.loads(one.text) for one in found}
            assert held["ob3"] == signed.json(addresses.award_json(award.id))
            assert held["ob2"]["id"] == signed.site.url(addresses.award_ob2(award.id))
            assert "revoked" not in held["ob2"]


@pytest.mark.parametrize("state", SAMPLES)
def test_the_bit_of_the_status_list_is_set(state: str, signed: Signed):
    bits = decoded(signed.json("status/0.json")["credentialSubject"]["encodedList"])
    for award in of(state, signed.catalog):
        assert award.status_list is not None
        index = award.status_list.index
        assert bool(bits[index // 8] & 0x80 >> index % 8) == (state in REASONS)


@pytest.mark.parametrize("state", SAMPLES)
def test_the_revocation_list_names_the_public_ones(state: str, signed: Signed):
    listed = {
        one["id"]: one["revocationReason"]
        for one in signed.json("status/ob2.json")["revokedAssertions"]
    }
    for award in of(state, signed.catalog):
        url = signed.site.url(addresses.award_ob2(award.id))
        assert listed.get(url) == (None if state == "withdrawn" else REASONS.get(state))


@pytest.mark.parametrize("state", SAMPLES)
def test_the_ledger_knows_it(state: str, signed: Signed):
    entries = {one["award"]: one["state"] for one in signed.json("ledger.json")["awards"]}
    for award in of(state, signed.catalog):
        assert entries[identity(award.id)] == ("active" if state == "expired" else state)


@pytest.mark.parametrize("state", SAMPLES)
def test_the_learner_record_holds_what_stands(state: str, signed: Signed):
    """Those that ended too: a record is a history, and no clock is asked while it is made."""
    for award in of(state, signed.catalog):
        holder = signed.catalog.teachers[award.teacher]
        path = addresses.backpack_json(addresses.backpack_slug(holder))
        held = (
            [one["id"] for one in signed.json(path)["credentialSubject"]["verifiableCredential"]]
            if path in signed.files
            else []
        )
        is_in = signed.site.url(addresses.award_json(award.id)) in held
        assert is_in == (state in ("active", "expired"))


@pytest.mark.parametrize("state", SAMPLES)
def test_nothing_of_the_samples_is_counted(state: str, signed: Signed):
    for award in of(state, signed.catalog):
        assert not signed.catalog.is_counted(award)


@pytest.mark.parametrize("state", SAMPLES)
def test_the_verifier_of_the_command_line_says_it(state: str, signed: Signed):
    for award in of(state, signed.catalog):
        said = on_command_line(signed.cases(award), signed.web, NOW)
        assert verdicts(said) == expected(state, award)


@pytest.mark.verifier
def test_the_browsers_verifier_says_it_in_the_same_words(signed: Signed):
    cases = [(state, award, signed.cases(award)) for state, award in samples(signed.catalog)]
    every = [case for _, _, three in cases for case in three]
    command, browser = side_by_side(every, signed.web, NOW)

    assert browser == command
    for number, (state, award, _) in enumerate(cases):
        assert verdicts(browser[3 * number : 3 * number + 3]) == expected(state, award)


def verdicts(reports: list[Json]) -> list[tuple[str, str]]:
    return [(one["overall"], one["headline"]) for one in reports]


def expected(state: str, award: Award) -> list[tuple[str, str]]:
    return [(overall, head.format(expires=award.expires)) for overall, head in VERDICTS[state]]
