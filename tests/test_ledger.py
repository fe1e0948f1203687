# SPDX-License-Identifier: Apache-2.0
"""ledger.json: one entry for each published award, which names nobody."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pytest

from site_builder.ledger import core, identity, ledger
from tests.signed import rich_catalog
from tests.support import PUBLIC_AWARD

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.catalog import Catalog
    from site_builder.model import Award

DID = "did:web:badges.example.org"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return rich_catalog(tmp_path)


@pytest.fixture
def award(catalog: Catalog) -> Award:
    return catalog.awards[PUBLIC_AWARD]


def test_every_published_award_has_one_entry_in_an_order_that_tells_nothing(catalog: Catalog):
    found = ledger(catalog.published, DID)["awards"]

    assert [one["award"] for one in found] == sorted(identity(one.id) for one in catalog.published)
    assert sorted(one["state"] for one in found) == [
        "active", "active", "revoked", "suspended", "withdrawn",
    ]  # fmt: skip
    assert ledger(reversed(catalog.published), DID)["awards"] == found


def test_who_knows_an_award_finds_its_entry(award: Award):
    assert identity(award.id) == hashlib.sha256(award.id.encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"credential": "team-norms@1.0.1"},
        {"teacher": "b7n4x8tw2dq6k0m3v5zr9h1gfj"},
        {"issued": dt.date(2016, 3, 15)},
        {"expires": None},
        {"id": "b7n4x8tw2dq6k0m3v5zr9h1gfj"},
        {"salt": "another"},
    ],
)
def test_what_must_not_change_in_silence_changes_the_core(change: dict[str, object], award: Award):
    assert core(award.model_copy(update=change), DID) != core(award, DID)


def test_another_issuer_is_another_core(award: Award):
    assert core(award, "did:web:elsewhere.example.net") != core(award, DID)


@pytest.mark.parametrize("change", [{"level": None}, {"evidence": ()}, {"visibility": "private"}])
def test_the_rest_of_an_award_may_change(change: dict[str, object], award: Award):
    assert core(award.model_copy(update=change), DID) == core(award, DID)
