# SPDX-License-Identifier: Apache-2.0
"""ledger.json: one entry for each published award, which names nobody."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.ledger import LEDGER, core, entry, identity, ledger_files
from tests.signed import rich_catalog
from tests.support import PUBLIC_AWARD

if TYPE_CHECKING:
    from collections.abc import Iterable
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


def files(awards: Iterable[Award], most: int = 10_000) -> dict[str, Any]:
    """The ledger's files by path."""
    entries = sorted(entry(one, DID) for one in awards)
    return dict(ledger_files(lambda: iter(entries), DID, most=most))


def test_every_published_award_has_one_entry_in_an_order_that_tells_nothing(catalog: Catalog):
    found = files(catalog.published)[LEDGER]["awards"]

    assert [one["award"] for one in found] == sorted(identity(one.id) for one in catalog.published)
    assert sorted(one["state"] for one in found) == [
        "active", "active", "revoked", "suspended", "withdrawn",
    ]  # fmt: skip
    assert files(reversed(catalog.published))[LEDGER]["awards"] == found


def test_a_large_ledger_is_cut_where_identities_begin_alike(catalog: Catalog):
    whole, cut = files(catalog.published), files(catalog.published, most=2)
    head = cut.pop(LEDGER)

    assert head == {"issuer": DID, "awards": [], "total": 5, "parts": sorted(cut)}
    assert [one for path in head["parts"] for one in cut[path]["awards"]] == whole[LEDGER]["awards"]
    assert all(
        path == f"ledger/{one['award'][:2]}.json"
        for path, body in cut.items()
        for one in body["awards"]
    )


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
