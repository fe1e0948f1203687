# SPDX-License-Identifier: Apache-2.0
"""What axe-core, bundled in a wheel, finds against WCAG 2 on a page."""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.visits import Visit

_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await axe.run({runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id} at ${node.target.join(" ")}: ` +
    [...node.any, ...node.all, ...node.none].map((one) => one.message).join(" ")));
}"""


def has_axe() -> bool:
    """Whether axe-core is here; where a browser is required, axe-core is too."""
    is_required = "browser" in os.environ.get("BADGES_REQUIRE", "")
    return is_required or importlib.util.find_spec("axe_playwright_python") is not None


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a WCAG 2 A or AA rule: rule, element, why.

    Without axe-core nothing is looked for; the test of a planted fault then says that it skips.
    """
    if not has_axe():
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    return cast("list[str]", page.evaluate(_RUN))


SOUND = {"light": [], "dark, phone": [], "width": 320}


def by_day_and_on_a_phone_by_night(visit: Visit) -> dict[str, Any]:
    """Violations in both schemes, and how wide the page is on the narrowest phone: see SOUND."""
    page = visit.page
    found: dict[str, Any] = {"light": violations(page)}
    page.set_viewport_size({"width": 320, "height": 640})
    visit.shade("dark")
    found["dark, phone"] = violations(page)
    found["width"] = page.evaluate("document.documentElement.scrollWidth")
    return found


@cache
def _axe() -> str:
    """The text of axe-core, as its wheel holds it."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
