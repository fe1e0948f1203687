# SPDX-License-Identifier: Apache-2.0
"""Light and dark: after the system until the switch is used, then as chosen on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.visits import Visit, is_dark

if TYPE_CHECKING:
    from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# Contrast of a text with what lies behind it, by the formula of WCAG 2.2.
_CONTRAST = """(one) => {
  const parts = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const layers = [];
  for (let e = one; e; e = e.parentElement) layers.unshift(parts(getComputedStyle(e).backgroundColor));
  const behind = layers.reduce((below, top) => over(top, below), [255, 255, 255]);
  const text = over(parts(getComputedStyle(one).color), behind);
  const light = (rgb) => rgb.map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const [a, b] = [light(text), light(behind)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("kind", ["home", "guide", "award", "backpack"])
def test_page_follows_the_system_while_it_is_open(visit: Visit, paths: dict[str, str], kind: str):
    assert not is_dark(visit.open(paths[kind]))
    visit.shade("dark")
    visit.shade("light")


def test_choice_made_on_a_catalog_page_holds_on_all_pages(visit: Visit, paths: dict[str, str]):
    page = visit.open("")
    page.get_by_title("Switch to dark").click()
    assert is_dark(page)
    assert [is_dark(visit.open(paths[kind])) for kind in ("award", "credential", "backpack")] == [
        True, True, True,
    ]  # fmt: skip
    page.emulate_media(color_scheme="dark")
    visit.open("")
    page.get_by_title("Switch to light").click()
    assert [is_dark(visit.open(paths[kind])) for kind in ("home", "award", "guide")] == [
        False, False, False,
    ]  # fmt: skip


def test_choice_made_on_a_stamped_page_holds_on_all_pages(visits: Visits, paths: dict[str, str]):
    visit = visits(color_scheme="dark")
    page = visit.open(paths["award"])
    assert is_dark(page)
    switch = page.get_by_role("button", name="Switch between light and dark")
    switch.click()
    assert [is_dark(visit.open(paths[kind])) for kind in ("home", "backpack", "insights")] == [
        False, False, False,
    ]  # fmt: skip
    visit.open(paths["award"])
    switch.click()
    page.emulate_media(color_scheme="light")
    assert [is_dark(visit.open(paths[kind])) for kind in ("award", "home", "credential")] == [
        True, True, True,
    ]  # fmt: skip


def test_text_and_links_stand_out_in_both_schemes(visit: Visit, paths: dict[str, str]):
    found: dict[tuple[str, str, str], float] = {}
    for kind in ("home", "credential", "award", "backpack"):
        visit.open(paths[kind])
        for scheme in SCHEMES:
            page = visit.shade(scheme)
            for what in ("h1", "main p", "main a[href]", "footer a", "header nav a"):
                shown = page.locator(what).locator("visible=true").first
                found[kind, scheme, what] = shown.evaluate(_CONTRAST)
    assert {place: ratio for place, ratio in found.items() if ratio < 4.5} == {}
    assert min(found.values()) < 15  # the formula sees differences
