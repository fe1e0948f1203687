# SPDX-License-Identifier: Apache-2.0
"""What the award page says at its own address: each state, tampered and missing records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import addresses

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser
STANDS = ("valid", "The record at this address stands")
SAID = {
    "award": STANDS,
    "active award": STANDS,
    "renewed award": STANDS,
    "unlisted award": STANDS,
    "suspended award": ("suspended", "The record at this address was set aside"),
    "revoked award": ("revoked", "The record at this address was taken back"),
    "superseded award": ("superseded", "The record at this address was replaced"),
}
UNCHECKED = ("unchecked", "Could not be checked")


def said(page: Page) -> tuple[str, str]:
    """Colour and word of the panel."""
    panel = page.locator("#standing")
    colour = (panel.get_attribute("class") or "").removeprefix("verdict s-")
    return colour, panel.get_by_role("heading").inner_text()


def sentence(page: Page) -> str:
    return page.locator("#standing .band p").inner_text()


def record_of(paths: dict[str, str], kind: str) -> str:
    return paths[kind].removesuffix(".html") + ".ob2.json"


@pytest.mark.parametrize("kind", SAID)
def test_award_of_each_state_says_how_its_record_stands(
    visits: Visits, paths: dict[str, str], kind: str
):
    page = visits().open(paths[kind])
    assert said(page) == SAID[kind]
    assert "Checked in your browser on" in sentence(page)
    assert sentence(page).endswith("No signature was checked.")
    assert page.title().startswith("Still stands: ") is (SAID[kind] == STANDS)


def test_award_past_its_last_day_says_when_it_ended(visits: Visits, paths: dict[str, str]):
    page = visits().open(paths["expired award"])
    colour, word = said(page)
    assert colour == "expired"
    assert word.startswith("The record at this address ended on ")
    assert "What it recorded is unchanged. A renewal may exist." in sentence(page)


def test_revoked_award_gives_the_issuer_s_reason_and_stays_readable(
    visits: Visits, paths: dict[str, str]
):
    page = visits().open(paths["revoked award"])
    assert "The record says: Revoked on 9 June 2016: Issued in error." in sentence(page)
    assert page.get_by_role("heading", name="Criteria").is_visible()


def test_withdrawn_award_tells_nothing(visits: Visits, paths: dict[str, str]):
    page = visits().open(paths["withdrawn award"])
    assert page.get_by_role("heading", level=1).inner_text() == "No longer published"
    assert page.locator("#main img").count() == 0


def changed_id(record: dict[str, Any]) -> Any:
    return record | {"id": record["id"].replace(".ob2.json", "x.ob2.json")}


def nothing(_: dict[str, Any]) -> Any:
    return None


def not_a_record(_: dict[str, Any]) -> Any:
    return "a page of another kind"


@pytest.mark.parametrize(
    ("spoil", "answer"),
    [
        (changed_id, ("notice", "The record names another address")),
        (nothing, UNCHECKED),
        (not_a_record, UNCHECKED),
    ],
)
def test_record_that_is_not_the_award_s_own_never_looks_valid(
    visits: Visits,
    demo_site: Path,
    paths: dict[str, str],
    spoil: Callable[[dict[str, Any]], Any],
    answer: tuple[str, str],
):
    path = record_of(paths, "award")
    body = spoil(json.loads((demo_site / path).read_bytes()))
    data = None if body is None else json.dumps(body).encode()
    page = visits(changed={path: data}).open(paths["award"])
    assert said(page) == answer
    assert page.locator(".s-valid").count() == 0


@pytest.mark.parametrize("kind", ["award", "revoked award"])
def test_missing_revocation_list_leaves_the_award_unchecked(
    visits: Visits, paths: dict[str, str], kind: str
):
    page = visits(changed={addresses.REVOCATIONS_OB2: None}).open(paths[kind])
    assert said(page) == UNCHECKED
    assert sentence(page).startswith(
        "The revocation list could not be loaded, so we cannot say whether this still stands."
    )
    assert page.locator(".s-valid").count() == 0


def test_award_on_a_newer_revocation_list_was_taken_back(
    visits: Visits, demo_site: Path, paths: dict[str, str]
):
    listed = json.loads((demo_site / addresses.REVOCATIONS_OB2).read_bytes())
    entry = {"id": "https://badges.example.org/" + record_of(paths, "award")}
    listed["revokedAssertions"] = [*listed["revokedAssertions"], entry]
    body = json.dumps(listed).encode()
    page = visits(changed={addresses.REVOCATIONS_OB2: body}).open(paths["award"])
    assert said(page) == ("revoked", "The record at this address was taken back")
    assert "This page was made before that." in sentence(page)


def test_copy_at_another_address_is_not_taken_for_the_issuer(visits: Visits, paths: dict[str, str]):
    page = visits(home="https://copies.example.net/").open(paths["award"])
    assert said(page) == ("notice", "Issuer not known here")
    assert "Open it there to check it." in sentence(page)
