# SPDX-License-Identifier: Apache-2.0
"""What axe-core, bundled in a wheel, finds against WCAG 2 on a page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a WCAG 2 A or AA rule: rule, element, why."""
    if "browser" not in os.environ.get("BADGES_REQUIRE", ""):
        pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not here")
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=_RULES).response["violations"]
    return [
        f"{rule['id']} at {' '.join(map(str, node['target']))}: "
        + " ".join(one["message"] for one in (*node["any"], *node["all"], *node["none"]))
        for rule in found
        for node in rule["nodes"]
    ]
