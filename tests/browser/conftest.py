# SPDX-License-Identifier: Apache-2.0
"""One Chromium for the browser tests, a fresh window for each, and no fault left unseen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.browser.chromium import chromium_path, started_chromium
from tests.browser.kinds import paths_of
from tests.browser.signed_site import write_signed_site
from tests.browser.visits import HOME, Visit, new_visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from site_builder.catalog import Catalog
    from tests.conftest import Demo


class Visits(Protocol):
    """Opens a window; see `new_visit`."""

    def __call__(self, *, site: Path | None = ..., home: str = ..., **options: Any) -> Visit: ...


# Package, not session: Playwright lives once in a thread, and other tests start their own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not chromium_path():
        reason = "no Chromium: install one as `chromium` or name its path in BADGES_CHROMIUM"
        if "browser" in os.environ.get("BADGES_REQUIRE", ""):
            pytest.fail(reason)
        pytest.skip(reason)
    with started_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def paths(demo_catalog: Catalog) -> dict[str, str]:
    """Path of one page of each kind."""
    return paths_of(demo_catalog)


@pytest.fixture
def visits(chromium: Browser, demo: Demo) -> Iterator[Visits]:
    """Opens windows on the demo; after the test none of them may have seen a fault."""
    opened: list[Visit] = []

    def visit(*, site: Path | None = demo.site, home: str = HOME, **options: Any) -> Visit:
        opened.append(new_visit(chromium, site, home, **options))
        return opened[-1]

    yield visit
    for one in opened:
        one.page.context.close()
    assert [fault for one in opened for fault in one.faults] == []


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site signed with a key of the tests' own; its awards hold from 2016 until 2019."""
    return write_signed_site(tmp_path_factory.mktemp("signed"), HOME)


@pytest.fixture
def visit(visits: Visits) -> Visit:
    """A window of a laptop's size on the demo, by day."""
    return visits(viewport={"width": 1280, "height": 800}, color_scheme="light")
