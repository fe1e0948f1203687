# SPDX-License-Identifier: Apache-2.0
"""Without scripts, and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.conftest import Visits
    from tests.browser.visits import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(visits: Visits) -> Visit:
    """A window where no script runs."""
    return visits(java_script_enabled=False, viewport={"width": 1280, "height": 800})


def test_micro_credential_is_whole_without_scripts(plain: Visit, paths: dict[str, str]):
    plain.page.goto(plain.home + paths["credential"])
    main = plain.page.locator("#main")
    for heading in ("What to send", "How it is judged"):
        assert main.get_by_role("heading", name=heading).is_visible()
    rubric = main.get_by_role("table").filter(has_text="pass level")
    assert rubric.is_visible()
    assert rubric.get_by_role("row").count() >= 4  # heads and three criteria or more
    assert all(len(cell) > 20 for cell in rubric.get_by_role("cell").all_inner_texts())


def test_catalog_lists_every_micro_credential_without_scripts(plain: Visit):
    plain.page.goto(plain.home + "credentials/")
    cards = plain.page.locator("#main").get_by_role("heading", level=3)
    assert cards.count() >= 23
    assert all(card.is_visible() for card in cards.all())


def test_award_is_readable_and_unchecked_without_scripts(plain: Visit, paths: dict[str, str]):
    plain.page.goto(plain.home + paths["active award"])
    main = plain.page.get_by_role("main")
    assert main.get_by_role("heading", name="Not checked yet").is_visible()
    words = main.inner_text()
    for fact in ("Issued to Maya Osei-Łukasik", "Criteria", "How to check this", "revocation list"):
        assert fact in words
    assert main.get_by_role("button").count() == 0
    assert plain.page.locator(".s-valid").count() == 0


def test_menu_opens_without_scripts(visits: Visits, paths: dict[str, str]):
    for kind in ("home", "award"):
        visit = visits(java_script_enabled=False, viewport={"width": 390, "height": 800})
        visit.page.goto(visit.home + paths[kind])
        opener = "summary" if kind == "award" else "label[for=__drawer].md-header__button"
        visit.page.locator(opener).click()
        visit.page.get_by_role("link", name="Pathways").locator("visible=true").first.click()
        assert visit.path == "pathways/"


@pytest.mark.parametrize("kind", ["award", "credential", "backpack"])
def test_printed_page_has_no_bar_and_shows_its_address(
    visits: Visits, paths: dict[str, str], kind: str
):
    visit = visits(viewport={"width": 800, "height": 1100}, color_scheme="dark")
    page = visit.open(paths[kind])
    page.emulate_media(media="print")
    assert not page.get_by_role("banner").is_visible()
    assert not page.get_by_role("contentinfo").is_visible()
    address = ("badges.example.org/" + paths[kind]).removesuffix("/")
    assert page.get_by_text(address).locator("visible=true").count() >= 1
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    ink = page.locator("h1").evaluate("(one) => getComputedStyle(one).color")
    assert ink == "rgb(0, 0, 0)"
