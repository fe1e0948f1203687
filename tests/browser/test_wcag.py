# SPDX-License-Identifier: Apache-2.0
"""axe-core finds nothing against WCAG 2 A and AA, in both schemes, on a laptop and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.axe import violations
from tests.browser.kinds import CATALOG_KINDS, KINDS, NOWHERE

if TYPE_CHECKING:
    from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser
SIZES = {"laptop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 800}}


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(visits: Visits, paths: dict[str, str], kind: str):
    found = {}
    for scheme in ("light", "dark"):
        visit = visits(
            missing=frozenset({NOWHERE}), viewport=SIZES["laptop"], color_scheme=scheme
        )
        page = visit.open(paths[kind])
        for name, size in SIZES.items():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found[scheme, name] = violations(page)
    assert found == dict.fromkeys(found, [])
