# SPDX-License-Identifier: Apache-2.0
"""Names and titles that are programs: shown as typed, run nowhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import (
    PRIVATE_AWARD,
    PRIVATE_TEACHER,
    PUBLIC_AWARD,
    PUBLIC_TEACHER,
    UNLISTED_AWARD,
    UNLISTED_TEACHER,
    award,
    badges_process,
    small_repository,
    teacher,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visits
    from tests.browser.visits import Visit

pytestmark = pytest.mark.browser
NAME = "</script><img src=x onerror=alert(1)>"
# Texts with tags are refused by the check (TX001), names of people are not: these two only break
# out of attributes, scripts in JSON, and templates.
TITLE = 'Norms" onmouseover="alert(2)" x=&lt;svg onload=alert(2)&gt; {{ 7*7 }}'
QUOTED = "a' autofocus onfocus='alert(3)' ${alert(3)} javascript:alert(3)"
CREDENTIAL = "catalog/credentials/team-norms.yml"


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site whose teacher, credential, area, partner and issuer are named so."""
    folder = tmp_path_factory.mktemp("hostile")
    files = {path: text for path, text in small_repository().items() if isinstance(text, str)}
    changes = {
        CREDENTIAL: [("Setting team norms", TITLE), ("Agreed together", QUOTED)],
        "catalog/frameworks/lead.yml": [("Leading teams", QUOTED)],
        "catalog/programs/first-run.yml": [("Oak Schools", TITLE), ("First run", QUOTED)],
    }
    for path, pairs in changes.items():
        for old, new in pairs:
            assert old in files[path]
            files[path] = files[path].replace(old, json.dumps(new))
    for index, one in enumerate((PUBLIC_AWARD, UNLISTED_AWARD, PRIVATE_AWARD), 1):
        whose = (PUBLIC_TEACHER, UNLISTED_TEACHER, PRIVATE_TEACHER)[index - 1]
        text = award(whose, index, credential=files[CREDENTIAL])
        files[f"awards/2015-16/first-run/{one}.yml"] = text
    files[f"awards/teachers/{PUBLIC_TEACHER}.yml"] = teacher(
        json.dumps(NAME), "public", "ada-okafor"
    )
    write(folder / "repository", files)
    ran = badges_process("build", "--root", folder / "repository", "--site", folder / "site")
    assert ran.code == 0, ran.out + ran.err
    return folder / "site"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        (f"awards/{PUBLIC_AWARD}.html", [NAME, TITLE, QUOTED]),
        (f"awards/{UNLISTED_AWARD}.html", [TITLE, QUOTED]),
        ("backpacks/ada-okafor.html", [NAME, TITLE, QUOTED]),
        ("backpacks/", [NAME]),
        ("credentials/", [TITLE, QUOTED]),
        ("credentials/team-norms/", [NAME, TITLE, QUOTED]),
        ("competencies/", [QUOTED]),
        ("programs/first-run/", [TITLE, QUOTED]),
        ("insights/", [QUOTED]),
    ],
)
def test_hostile_words_are_shown_as_typed(
    visits: Visits, hostile_site: Path, path: str, typed: list[str]
):
    page = visits(site=hostile_site, viewport={"width": 1280, "height": 800}).open(path)
    shown = page.locator("body").inner_text()
    assert [one for one in typed if one not in shown] == []
    assert planted(page) == 0


def test_hostile_words_do_nothing_in_search_results(visits: Visits, hostile_site: Path):
    visit: Visit = visits(site=hostile_site, viewport={"width": 1280, "height": 800})
    page = visit.open("")
    page.get_by_role("textbox", name="Search").press_sequentially("norms")
    found = page.get_by_role("dialog", name="Search").get_by_role("link")
    found.filter(has_text="onload=alert(2)").first.wait_for()
    assert planted(page) == 0
    found.filter(has_text="onload=alert(2)").first.click()
    page.get_by_role("heading", level=1).filter(has_text="onload=alert(2)").wait_for()
    assert planted(page) == 0


def planted(page: Page) -> int:
    """How many elements of the hostile words became elements of the page."""
    return page.locator(
        "img[src=x], [onerror], [onload], [onmouseover], [onfocus], [autofocus]"
    ).count()
