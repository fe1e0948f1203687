# SPDX-License-Identifier: Apache-2.0
"""Finding people, awards and micro-credentials on a large site, in a browser."""

from __future__ import annotations

import gzip
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from site_builder.addresses import Site
from site_builder.directory import roll, search_files
from site_builder.directory.folding import folded, is_unspaced
from site_builder.pages.catalog_pages import catalog_pages
from site_builder.pages.sheets import people_pages
from tests.browser.axe import SOUND, by_day_and_on_a_phone_by_night
from tests.browser.visits import HOME, Visit, read
from tests.directory_people import CREDENTIALS, people
from tests.support import write

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from site_builder.directory import Holder
    from tests.browser.conftest import Visits
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

MANY = people(4_000)
TITLES = {
    "looking-at-student-work": "Running a protocol for looking at student work",
    "coaching-over-six-weeks": "Coaching a colleague over six weeks",
    "analysing-results": "Analysing results with colleagues",
}
LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def large(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's site as its lists would be with 4,000 public people."""
    site = Site(HOME.rstrip("/"))
    folder = tmp_path_factory.mktemp("large") / "site"
    shutil.copytree(demo.site, folder, copy_function=os.link)
    known = roll(lambda: iter(MANY))
    pages = catalog_pages(demo.catalog, site, roll=known)
    (page,) = [one for one in pages if one.path == "backpacks/index.html"]
    built = (demo.site / page.path).read_text("utf-8")
    before, _, rest = built.partition('<div class="bl">')
    for path, data in [
        *search_files(lambda: iter(MANY), demo.catalog),
        *people_pages(lambda: iter(MANY), known, demo.catalog, site),
        (page.path, f"{before}{page.body}{rest[rest.index('</article>') :]}".encode()),
    ]:
        (folder / path).unlink(missing_ok=True)  # the other name of the demo's file
        write(folder, {path: data})
    return folder


@pytest.fixture
def visit(visits: Visits, large: Path) -> Visit:
    return visits(site=large, viewport=LAPTOP, color_scheme="light")


def box(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Find a person or an award")


def said(page: Page, text: str) -> str:
    """What the search says when it has answered."""
    box(page).fill(text)
    page.keyboard.press("Enter")
    status = page.locator(".finder [role=status]")
    status.filter(has_text="e").wait_for()
    page.wait_for_timeout(300)
    return status.inner_text()


# What a search finds, by the plainest means.


def fits(parts: list[str], word: str, *, is_whole: bool) -> bool:
    if is_unspaced(word):
        return any(word in part for part in parts)
    return word in parts if is_whole else any(part.startswith(word) for part in parts)


def named(words: list[str], *, is_loose: bool = False) -> list[Holder]:
    return [
        row
        for row in MANY
        for parts in [folded(row.name or "").split()]
        if all(
            fits(parts, word, is_whole=place < len(words) - 1 and not is_loose)
            for place, word in enumerate(words)
        )
    ]


def expected(text: str) -> tuple[int, int]:
    """How many people and awards there are for what is typed."""
    words = folded(text).split()
    found = named(words)
    loose = named(words, is_loose=True) if len(words) > 1 and not found else []
    found = found or loose
    skills = {slug: folded(f"{TITLES[slug]} {EXTRA[slug]}").split() for slug in CREDENTIALS}

    def of_skill(slug: str, word: str) -> bool:
        return fits(skills[slug], word, is_whole=False)

    fitting = [slug for slug in skills if all(of_skill(slug, word) for word in words)]
    every = [(row, award) for row in MANY for award in row.awards]
    if fitting:
        return len(found), sum(award.credential in fitting for _, award in every)
    names = [word for word in words if not any(of_skill(slug, word) for slug in skills)]
    if names == words:
        return len(found), sum(len(row.awards) for row in found)
    return len(found), sum(
        all(
            fits(
                folded(row.name or "").split(),
                word,
                is_whole=place < len(words) - 1 and not loose,
            )
            or of_skill(award.credential, word)
            for place, word in enumerate(words)
        )
        for row, award in every
    )


EXTRA = {
    "looking-at-student-work": "A2 Leading learning teams Dirigir un protocolo para analizar trabajos del alumnado",
    "coaching-over-six-weeks": "C6 Growing colleagues' practice",
    "analysing-results": "B3 Using assessment and evidence",
}


@pytest.mark.parametrize(
    "text",
    [
        "m", "mar", "maria", "garcia", "García", "maria garcia", "garcia mar", "mar garc",
        "o'bri", "김", "민준", "陽", "陽葵", "Иван", "ольга", "zzzzz", "smith zzz",
        "student work", "a2", "leading", "analysing results", "trabajos",
        "smith student", "garcia coaching", "kim protocol",
    ],
)  # fmt: skip
def test_search_finds_what_a_look_at_everybody_finds(visit: Visit, text: str):
    people_, awards = expected(text)
    told = said(visit.open("backpacks/"), text)
    if not people_ + awards:
        assert told == (
            "Nobody of this name and no such award is public. "
            "Awards stay private until their holder chooses otherwise."
        )
        return
    count = f"{people_:,} {'person' if people_ == 1 else 'people'}"
    assert told == f"{count}, {awards:,} award{'' if awards == 1 else 's'}"


def test_browser_and_build_fold_texts_alike(visit: Visit):
    page = visit.open("backpacks/")
    texts = [row.name or "" for row in MANY] + [
        "O’Brien", "Łukasz Żółć", "STRASSE Straße", "İpek Işık", "ΣΊΣΥΦΟΣ", "שָׁלוֹם", "مُحَمَّد ـــ",
        "प्रिया शर्मा", "สมชาย ใจดี", "ﾀﾅｶ が", "Prof. №5 (Ⅳ)", "ﬁn ½ ²", "한글", "𠮷田", "…", "ǅ ŉ",
    ]  # fmt: skip
    script = """async (texts) => {
      const { words } = await import("/assets/badges/words.js");
      return texts.map((text) => words(text).join(" "));
    }"""
    assert read(page, script, texts) == [folded(text) for text in texts]


def test_results_lead_to_backpacks_and_awards(visit: Visit):
    page = visit.open("backpacks/")
    row = next(one for one in MANY if len(named(folded(one.name or "").split())) == 1)
    assert said(page, row.name or "").startswith("1 person, ")
    link = page.locator(".found .people a")
    assert link.get_attribute("href") == f"{HOME}backpacks/{row.slug}.html"
    assert link.inner_text() == row.name
    hrefs = [one.get_attribute("href") for one in page.locator(".finds a").all()]
    assert sorted(hrefs) == sorted(f"{HOME}awards/{one.id}.html" for one in row.awards)


def test_200_of_many_people_can_be_shown_and_the_count_is_true(visit: Visit):
    page = visit.open("backpacks/")
    said(page, "m")
    shown = page.locator(".found .people li")
    assert shown.count() == 20
    page.get_by_role("button", name="Show 180 more").click()
    assert shown.count() == 200
    assert read(page, "document.activeElement.closest('.people li') !== null")
    note = page.locator(".found .people ~ .foot").first.inner_text()
    assert note == (
        f"The first 200 of {expected('m')[0]:,}, those with most awards first. "
        "Add a word to see others."
    )


def test_what_is_searched_stands_in_the_address_and_comes_back(visit: Visit):
    page = visit.open("backpacks/")
    told = said(page, "garcia mar")
    assert visit.path == "backpacks/?find=garcia+mar"
    page.get_by_role("link").filter(has_text="Home").first.click()
    page.go_back()
    page.locator(".found .people").wait_for()
    assert box(page).input_value() == "garcia mar"
    assert page.locator(".finder [role=status]").inner_text() == told
    box(page).press("Escape")
    page.locator(".found .people").wait_for(state="detached")
    assert visit.path == "backpacks/"


def test_search_works_by_keyboard_alone(visit: Visit):
    page = visit.open("backpacks/")
    box(page).focus()
    page.keyboard.type("garcia")
    page.locator(".found .people").wait_for()
    page.keyboard.press("ArrowDown")
    first = page.locator(".found a").first
    assert first.evaluate("(one) => one === document.activeElement")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert box(page).evaluate("(one) => one === document.activeElement")
    assert page.locator(".finder [role=status]").get_attribute("role") == "status"


def test_search_reads_little_before_its_first_answer(visit: Visit, large: Path):
    page = visit.open("backpacks/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(HOME)))
    said(page, "maria garcia")
    ours = [one for one in asked if one.startswith("search/") and "search_index" not in one]
    assert {"search/index.json", "search/credentials-0.json"} <= set(ours)
    assert len(ours) == len(set(ours)) < 7
    assert sum(len(gzip.compress((large / one).read_bytes())) for one in ours) < 40_000


def test_search_that_cannot_be_loaded_says_so_and_tries_again(visits: Visits, large: Path):
    visit = visits(site=large, changed={"search/index.json": None}, viewport=LAPTOP)
    page = visit.open("backpacks/")
    message = "The search could not be loaded. Try again, or look below."
    assert said(page, "garcia") == message
    assert page.get_by_role("heading", name="All by name").is_visible()


def test_without_scripts_there_is_no_search_box_but_the_list(visits: Visits, large: Path):
    visit = visits(site=large, java_script_enabled=False, viewport=LAPTOP)
    visit.page.goto(f"{visit.home}backpacks/")
    assert not box(visit.page).is_visible()
    visit.page.locator(".letters a").filter(has_text="M").click()
    visit.page.get_by_role("heading", level=1, name="Backpacks: M").wait_for()
    assert visit.page.locator(".people a").count() > 50
    visit.page.locator("a[rel=next]").click()
    assert visit.page.locator("a[rel=prev]").is_visible()


@pytest.mark.parametrize("path", ["backpacks/?find=maria", "backpacks/?find=student", "backpacks/"])
def test_search_is_readable_by_everybody_and_fits_a_phone(visit: Visit, path: str):
    page = visit.open(path)
    if "find" in path:
        page.locator(".found a").first.wait_for()
    assert by_day_and_on_a_phone_by_night(visit) == SOUND


def test_page_of_a_long_list_is_readable_by_everybody(visit: Visit, large: Path):
    visit.open(f"backpacks/by/{min(one.name for one in (large / 'backpacks/by').iterdir())}")
    assert by_day_and_on_a_phone_by_night(visit) == SOUND


# Filters of the list of micro-credentials


@pytest.fixture
def catalog(visits: Visits) -> Visit:
    return visits(viewport=LAPTOP, color_scheme="light")


def filtered(visit: Visit, path: str) -> Page:
    """The page with its filters brought to life."""
    page = visit.open(path)
    page.locator(".filters:not([hidden])").wait_for()
    return page


def cards(page: Page) -> list[str]:
    shown = page.locator(".cat-list .card h3").locator("visible=true")
    return shown.all_inner_texts()


def status(page: Page) -> str:
    return page.locator(".cat-list [role=status]").inner_text()


def test_filters_show_what_fits_and_count_what_would(catalog: Visit):
    page = filtered(catalog, "credentials/")
    assert status(page) == "23 micro-credentials"
    page.get_by_role("checkbox", name="About 10").check()
    assert status(page) == "7 of 23 fit"
    assert len(cards(page)) == 7
    page.get_by_role("checkbox", name="About 20").check()
    assert status(page) == "11 of 23 fit"
    page.get_by_role("checkbox", name="Leading learning teams").check()
    counts = {
        one.get_attribute("value"): one.locator("xpath=..").locator(".num").inner_text()
        for one in page.locator("input[name=hours]").all()
    }
    shown = cards(page)
    assert int(counts["10"]) + int(counts["20"]) == len(shown)
    page.get_by_role("checkbox", name="About 15").check()
    assert len(cards(page)) == len(shown) + int(counts["15"])
    assert not page.get_by_role("heading", name="Whole pathways").is_visible()


def test_filters_stand_in_the_address_and_go_back(catalog: Visit):
    page = filtered(catalog, "credentials/?hours=10&words=norms")
    assert cards(page) == ["Setting norms and roles in a learning team"]
    assert page.get_by_role("checkbox", name="About 10").is_checked()
    page.get_by_role("checkbox", name="About 10").uncheck()
    page.get_by_role("checkbox", name="About 15").check()
    assert catalog.path == "credentials/?words=norms&hours=15"
    page.go_back()
    assert catalog.path == "credentials/?words=norms"
    assert not page.get_by_role("checkbox", name="About 15").is_checked()
    page.locator(".filters [type=reset]").click()
    assert catalog.path == "credentials/"
    assert status(page) == "23 micro-credentials"


def test_where_nothing_fits_the_filter_to_remove_is_named(catalog: Visit):
    page = filtered(catalog, "credentials/?words=norms&hours=20")
    panel = page.locator(".cat-list .empty")
    assert panel.locator("p").inner_text() == (
        "No micro-credential fits all of this. Without “norms” there are 4."
    ) or panel.locator("p").inner_text() == (
        "No micro-credential fits all of this. Without “About 20” there is one."
    )
    panel.get_by_role("button").click()
    assert len(cards(page)) > 0
    assert not panel.is_visible()


def test_filter_in_use_can_be_taken_away_by_its_button(catalog: Visit):
    page = filtered(catalog, "credentials/?area=teams")
    page.get_by_role("button", name="Leading learning teams, remove").click()
    assert status(page) == "23 micro-credentials"
    assert read(page, "document.activeElement.closest('.filters, .chips') !== null")


def test_filters_are_closed_on_a_phone_and_say_how_many_are_on(visits: Visits):
    visit = visits(viewport={"width": 390, "height": 800})
    page = filtered(visit, "credentials/?hours=10")
    assert not page.get_by_role("checkbox", name="About 10").is_visible()
    page.get_by_text("Filters (1 on)").click()
    assert page.get_by_role("checkbox", name="About 10").is_visible()


def test_filters_are_readable_by_everybody_and_fit_a_phone(catalog: Visit):
    page = filtered(catalog, "credentials/?hours=10")
    page.locator(".chips button").wait_for()
    assert by_day_and_on_a_phone_by_night(catalog) == SOUND


def test_without_scripts_areas_are_links_and_filters_are_not_there(visits: Visits):
    visit = visits(java_script_enabled=False, viewport=LAPTOP)
    visit.page.goto(f"{visit.home}credentials/")
    assert not visit.page.get_by_text("Filters", exact=True).is_visible()
    areas = visit.page.get_by_role("navigation", name="Areas")
    assert areas.get_by_role("link").count() == 5
