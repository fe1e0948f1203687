# SPDX-License-Identifier: Apache-2.0
"""With the keyboard alone: the skip link first, focus always seen, no trap, Enter acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.visits import Visit, read

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser

# What has the focus: its words, whether it is within the window, whether a line around it, or
# around the card or the label that stands for it, shows that.
_FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body || one === document.documentElement) return null;
  const around = [one, one.closest(".card"), ...(one.labels || []), one.nextElementSibling];
  const shown = around.filter(Boolean).some((each) => {
    const look = getComputedStyle(each);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  });
  const words = one.getAttribute("aria-label") || one.textContent || one.querySelector("img")?.alt;
  const box = (one.type === "radio" ? one.nextElementSibling : one).getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {words: words.trim().replace(/\\s+/g, " "), shown, seen, role: one.tagName};
}"""


def walk(page: Page, limit: int = 250) -> list[dict[str, Any]]:
    """Everything Tab reaches on the page, until it leaves the page."""
    stops: list[dict[str, Any]] = []
    while len(stops) < limit:
        page.keyboard.press("Tab")
        stop = read(page, _FOCUSED)
        if stop is None:
            return stops
        stops.append(stop)
    message = f"Tab did not leave the page after {limit} stops"
    raise AssertionError(message)


@pytest.mark.parametrize("kind", ["home", "credential", "award", "backpack"])
@pytest.mark.parametrize("width", [1280, 390])
def test_tab_reaches_everything_shows_where_it_is_and_leaves(
    visits: Visits, paths: dict[str, str], kind: str, width: int
):
    page = visits(viewport={"width": width, "height": 800}).open(paths[kind])
    stops = walk(page)
    assert stops[0]["words"] == "Skip to content"
    assert [one for one in stops if not (one["shown"] and one["seen"])] == []
    words = [one["words"] for one in stops]
    assert "Check a badge" in words[-6:]  # in the footer
    switch = {"Switch between light and dark", "Switch to dark", "Switch to light"}
    assert switch & set(words)
    if width == 390:
        assert "Menu" in words
    if kind in {"home", "credential"}:
        assert "Search" in words


@pytest.mark.parametrize("kind", ["home", "award"])
def test_skip_link_leads_to_the_content(visit: Visit, paths: dict[str, str], kind: str):
    page = visit.open(paths[kind])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert read(page, "() => document.activeElement.closest('#main') !== null")


def test_menu_of_a_phone_opens_by_enter_and_its_entries_lead_on(
    visits: Visits, paths: dict[str, str]
):
    for kind in ("home", "award"):
        visit = visits(viewport={"width": 390, "height": 800})
        page = visit.open(paths[kind])
        reach(page, "Menu")
        page.keyboard.press("Enter")
        reach(page, "Pathways")
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1, name="Pathways").wait_for()
        assert visit.path == "pathways/"


def test_search_opens_by_enter_finds_and_opens_a_page(visits: Visits):
    visit = visits(viewport={"width": 390, "height": 800})
    page = visit.open("")
    reach(page, "Search")
    page.keyboard.press("Enter")
    page.keyboard.type("disagreement")
    results = page.get_by_role("dialog", name="Search").get_by_role("link")
    results.filter(has_text="Working through disagreement").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Working through disagreement").wait_for()


def test_escape_leaves_the_search(visit: Visit):
    page = visit.open("")
    page.get_by_role("textbox", name="Search").focus()
    page.keyboard.type("protocol")
    page.get_by_role("dialog", name="Search").get_by_role("link").first.wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Search").get_by_role("link").first.wait_for(state="hidden")


@pytest.mark.parametrize("kind", ["home", "award"])
def test_scheme_switch_works_by_keyboard(visit: Visit, paths: dict[str, str], kind: str):
    page = visit.open(paths[kind])
    before = ground(page)
    if kind == "home":
        reach(page, "Switch to dark")
        page.keyboard.press("ArrowRight")
    else:
        reach(page, "Switch between light and dark")
        page.keyboard.press("Enter")
    assert ground(page) != before


def reach(page: Page, words: str) -> None:
    """Presses Tab until what is called so has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = read(page, _FOCUSED)
        if stop and stop["words"] == words:
            return
    message = f"Tab does not reach {words!r}"
    raise AssertionError(message)


def ground(page: Page) -> str:
    return str(read(page, "getComputedStyle(document.body).backgroundColor"))
