# SPDX-License-Identifier: Apache-2.0
"""From the home page to a micro-credential, its earners, a backpack, an award, and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visits
    from tests.browser.visits import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("words", "title", "path"),
    [
        (
            "protocol",
            "Running a protocol for looking at student work",
            "credentials/looking-at-student-work/",
        ),
        (
            "disagreement",
            "Working through disagreement",
            "credentials/working-through-disagreement/",
        ),
        ("coach", "Coaching a colleague over six weeks", "credentials/coaching-over-six-weeks/"),
    ],
)
def test_search_from_the_home_page_opens_the_micro_credential(
    visit: Visit, words: str, title: str, path: str
):
    page = visit.open("")
    page.get_by_role("textbox", name="Search").press_sequentially(words)
    results = page.get_by_role("dialog", name="Search").get_by_role("link")
    results.filter(has_text=title).first.wait_for()
    next(link for link in results.all() if path in str(link.get_attribute("href"))).click()
    page.get_by_role("heading", level=1, name=title).wait_for()
    assert visit.path.partition("?")[0] == path


def test_search_finds_no_private_or_unlisted_person(visit: Visit):
    page = visit.open("")
    page.get_by_role("textbox", name="Search").press_sequentially("Oyelaran-Whitcombe")
    page.get_by_text("No matching documents").wait_for()


def test_links_lead_from_home_to_an_award_and_back_to_its_criteria(visit: Visit):
    page = visit.open("")
    page.locator("#main").get_by_role("link", name=re.compile("^Browse")).click()
    title = "Analysing results with colleagues"
    page.locator("#main").get_by_role("link", name=title).click()
    heading(page, title)
    credential = visit.path
    earner = page.get_by_role("region", name="Who has earned it").get_by_role("link").first
    name = earner.inner_text()
    earner.click()
    heading(page, title)
    award = visit.path
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name=name).click()
    heading(page, name)
    page.locator(f"#main a[href$='{award.removeprefix('awards/')}']").first.click()
    heading(page, title)
    assert name in page.locator("#main").inner_text()
    assert visit.path == award
    page.get_by_role("link", name="The micro-credential as it is offered now").click()
    heading(page, title)
    assert visit.path == credential


def test_bar_leads_from_a_stamped_page_to_each_section(visit: Visit, paths: dict[str, str]):
    page = visit.open(paths["award"])
    names = page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()
    assert {"Micro-credentials", "Pathways", "Programmes", "Insights", "Guide"} <= set(names)
    for name in names:
        visit.open(paths["award"])
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
        page.get_by_role("heading", level=1).wait_for()
        marked = page.get_by_role("navigation", name="Main").locator("[aria-current]")
        assert marked.all_inner_texts() == [name]


def test_both_kinds_of_pages_have_the_same_entries_in_their_bars(
    visit: Visit, paths: dict[str, str]
):
    entries = [
        visit.open(paths[kind]).get_by_role("navigation", name="Main").get_by_role("link")
        .all_inner_texts()
        for kind in ("home", "award")
    ]  # fmt: skip
    assert entries[0] == entries[1]


def test_address_without_a_page_says_so_and_leads_home(visits: Visits, paths: dict[str, str]):
    visit = visits(missing=frozenset({paths["404"]}))
    page = visit.open(paths["404"])
    heading(page, "There is no page at this address")
    page.get_by_role("link", name="Go to the first page").click()
    assert visit.path == ""


def heading(page: Page, words: str) -> None:
    page.get_by_role("heading", level=1, name=words).wait_for()
