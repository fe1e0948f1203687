# SPDX-License-Identifier: Apache-2.0
"""Each kind of page: sound, readable in both schemes, and no wider than a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.kinds import KINDS, NOWHERE
from tests.browser.visits import Visit, read

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser

# Words and pictures past the right edge, unless in a part that scrolls by itself.
_PAST_THE_EDGE = """() => {
  const scrolls = (e) => e && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  return [...document.querySelectorAll("main :is(h1,h2,h3,p,a,li,dt,dd,td,th,img,button,svg,bdi), footer *")]
    .filter((e) => e.checkVisibility() && e.getClientRects().length && !scrolls(e))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".vh"))
    .map((e) => e.tagName + "." + e.className + ": " + e.textContent.slice(0, 60));
}"""


@pytest.mark.parametrize("kind", KINDS)
def test_page_has_its_landmarks_and_fits_a_phone(
    visits: Visits, paths: dict[str, str], kind: str
):
    missing = frozenset({NOWHERE})
    visit = visits(missing=missing, viewport={"width": 1280, "height": 800}, color_scheme="light")
    page = visit.open(paths[kind])
    assert landmarks(page) == {"main": 1, "banner": 1, "contentinfo": 1, "h1": 1, "lang": "en"}
    assert page.title().strip()
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert sideways(page) <= width, width
        assert read(page, _PAST_THE_EDGE) == []


def sideways(page: Page) -> int:
    """How wide the page wants to be, in CSS pixels."""
    return int(read(page, "document.documentElement.scrollWidth"))


def landmarks(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = {
        role: page.get_by_role(role).count()  # type: ignore[arg-type]
        for role in ("main", "banner", "contentinfo")
    }
    found["h1"] = page.get_by_role("heading", level=1).count()
    return found | {"lang": page.locator("html").get_attribute("lang")}


def test_no_page_keeps_anything_but_the_chosen_scheme(visit: Visit, paths: dict[str, str]):
    for kind in ("home", "credential", "award", "backpack"):
        visit.open(paths[kind])
    assert visit.page.context.cookies() == []
    assert set(read(visit.page, "Object.keys(localStorage)")) <= {"/.__palette"}
