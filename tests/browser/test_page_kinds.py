# SPDX-License-Identifier: Apache-2.0
"""Each kind of page: sound, readable by everybody in both schemes, and no wider than a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.axe import has_axe, violations
from tests.browser.kinds import KINDS, NOWHERE
from tests.browser.visits import Visit, read

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser
LAPTOP, PHONE, SMALL = ({"width": 1280, "height": 800}, {"width": 390, "height": 800},
                        {"width": 320, "height": 640})  # fmt: skip

# Same template as "award", with other words in it; axe would only say the same again.
LIKE_AWARD = {"active award", "expired award", "renewed award", "unlisted award"}

# Words and pictures past the right edge, unless in a part that scrolls by itself.
_PAST_THE_EDGE = """() => {
  const scrolls = (e) => e && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  return [...document.querySelectorAll("main :is(h1,h2,h3,p,a,li,dt,dd,td,th,img,button,svg,bdi), footer *")]
    .filter((e) => e.checkVisibility() && e.getClientRects().length && !scrolls(e) && !e.closest(".vh"))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => e.tagName + "." + e.className + ": " + e.textContent.slice(0, 60));
}"""


@pytest.mark.parametrize("kind", KINDS)
def test_page_is_sound_in_both_schemes_and_fits_a_phone(
    visits: Visits, paths: dict[str, str], kind: str
):
    visit = visits(missing=frozenset({NOWHERE}), viewport=LAPTOP, color_scheme="light")
    page = visit.open(paths[kind])
    assert landmarks(page) == {"main": 1, "banner": 1, "contentinfo": 1, "h1": 1, "lang": "en"}
    assert page.title().strip()
    found = {"light, laptop": faults(page, kind)}
    visit.shade("dark")
    found["dark, laptop"] = faults(page, kind)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found["dark, phone"] = faults(page, kind) + too_wide(page, 390)
    visit.shade("light")
    found["light, phone"] = faults(page, kind)
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    found["light, small phone"] = too_wide(page, 320)
    assert {where: seen for where, seen in found.items() if seen} == {}


def faults(page: Page, kind: str) -> list[str]:
    return [] if kind in LIKE_AWARD else violations(page)


def too_wide(page: Page, width: int) -> list[str]:
    """What does not fit; the page itself may scroll sideways at no width."""
    wants = int(read(page, "document.documentElement.scrollWidth"))
    return [f"the page is {wants} px wide"] * (wants > width) + list(read(page, _PAST_THE_EDGE))


def landmarks(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = {
        role: page.get_by_role(role).count() for role in ("main", "banner", "contentinfo")
    }
    found["h1"] = page.get_by_role("heading", level=1).count()
    return found | {"lang": page.locator("html").get_attribute("lang")}


@pytest.mark.skipif(not has_axe(), reason="axe-playwright-python is not installed")
def test_axe_sees_a_planted_fault(visit: Visit, paths: dict[str, str]):
    page = visit.open(paths["award"])
    read(page, "() => { document.querySelector('main img').removeAttribute('alt') }")
    assert [line.partition(" at ")[0] for line in violations(page)] == ["image-alt"]


def test_nothing_but_the_chosen_scheme_is_kept_on_a_visitor_s_machine(
    visit: Visit, paths: dict[str, str]
):
    for kind in ("home", "credential", "award", "backpack"):
        visit.open(paths[kind])
    assert visit.page.context.cookies() == []
    assert read(visit.page, "[Object.keys(localStorage), Object.keys(sessionStorage)]") == [[], []]


def test_every_kind_of_fault_is_seen(visits: Visits):
    planted = """<!doctype html><title>x</title><link rel=icon href=data:,><main>
    <img src=gone.png><img src=https://elsewhere.example/x.png>
    <script>alert("hello")</script><script>console.error("oh")</script><script>nothing()</script>"""
    visit = visits(changed={"planted.html": planted.encode()})
    visit.page.goto(visit.home + "planted.html")
    visit.page.wait_for_load_state("networkidle")
    seen = sorted(visit.faults)
    visit.faults.clear()
    assert [fault for fault in seen if not fault.startswith("console: Failed to load")] == [
        "404 https://badges.example.org/gone.png",
        "asked https://elsewhere.example/x.png",
        "console: oh (planted.html)",
        "dialog: hello",
        "page: nothing is not defined",
    ]
