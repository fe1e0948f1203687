# SPDX-License-Identifier: Apache-2.0
"""The page for checking: links, texts, files and pictures, one or many, ours or other people's.

Nothing leaves the browser: the site and the other host are answered by the test.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from site_builder import addresses
from tests.browser.axe import SOUND, by_day_and_on_a_phone_by_night
from tests.browser.hosting import content_type
from tests.browser.signed_site import THEN, write_signed_site
from tests.browser.visits import HOME, colour_and_word
from tests.signed import REVOKED
from tests.support import PUBLIC_AWARD, UNLISTED_AWARD

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from tests.browser.conftest import Visits
    from tests.browser.visits import Visit

pytestmark = pytest.mark.browser
VERIFY = "verify/"
ELSEWHERE = "https://badges.other.example/"
GOOD = addresses.award_json(PUBLIC_AWARD)
FIELD = "Link to the badge, or the text of its file"


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another issuer's site."""
    return write_signed_site(tmp_path_factory.mktemp("foreign"), ELSEWHERE)


def opened(visit: Visit, anchor: str = "") -> Page:
    visit.page.clock.set_fixed_time(THEN)
    return visit.open(VERIFY + anchor)


def verdict(page: Page) -> tuple[str, str]:
    """Colour and word of the panel, once it is there."""
    panel = page.locator("#result > .verdict")
    panel.wait_for()
    return colour_and_word(panel)


def pasted(page: Page, text: str) -> Page:
    page.get_by_label(FIELD).fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    return page


def chosen(page: Page, *files: Path) -> Page:
    page.locator("#file").set_input_files([str(one) for one in files])
    return page


VALID = ("valid", "Valid")


# ---- one, however it is given ---------------------------------------------------------------


@pytest.mark.parametrize(
    "anchor", [PUBLIC_AWARD, HOME + addresses.award_page(PUBLIC_AWARD), HOME + GOOD]
)
def test_address_that_names_an_award_here_is_checked_at_once(
    visits: Visits, signed: Path, anchor: str
):
    page = opened(visits(site=signed), f"#{anchor}")
    assert verdict(page) == VALID
    assert page.get_by_label(FIELD).input_value() == anchor
    assert page.title() == "Valid: Check a badge"
    assert (
        page.locator("#result .band p")
        .inner_text()
        .startswith(
            "Setting team norms, issued 14 March 2016 by Small Works at badges.example.org. "
            "Checked on this device on "
        )
    )


def test_pasted_text_is_checked(visits: Visits, signed: Path):
    page = pasted(opened(visits(site=signed)), (signed / GOOD).read_text("utf-8"))
    assert verdict(page) == VALID
    assert page.locator("#result .checks b").all_inner_texts() == [
        "Signature: passed", "Still stands: passed", "Issued to Ada Okafor",
    ]  # fmt: skip


@pytest.mark.parametrize("path", [GOOD, addresses.award_png(PUBLIC_AWARD)])
def test_chosen_file_is_checked(visits: Visits, signed: Path, path: str):
    assert verdict(chosen(opened(visits(site=signed)), signed / path)) == VALID


def test_dropped_file_is_checked_and_never_opened_in_place_of_the_page(
    visits: Visits, signed: Path
):
    page = opened(visits(site=signed))
    page.evaluate(
        """(text) => {
          const held = new DataTransfer();
          held.items.add(new File([text], "badge.json"));
          const drop = new DragEvent("drop", {dataTransfer: held, bubbles: true, cancelable: true});
          window.wasKept = !document.body.dispatchEvent(drop);
        }""",
        (signed / GOOD).read_text("utf-8"),
    )
    assert verdict(page) == VALID
    assert page.evaluate("window.wasKept") is True


def test_hosted_record_is_checked_too(visits: Visits, signed: Path):
    page = opened(visits(site=signed), f"#{HOME}{addresses.award_ob2(PUBLIC_AWARD)}")
    assert verdict(page) == VALID
    assert page.locator("#result .checks b").first.inner_text() == (
        "Signature: not checked (nothing there to check)"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("not a badge at all", ("revoked", "No badge that can be read")),
        ('{"id": 1, "id": 2}', ("revoked", "No badge that can be read")),
        (f"{HOME}awards/0000000000000000000000000z.html", ("unchecked", "Could not be loaded")),
    ],
)
def test_what_is_no_badge_is_told_without_a_fault(
    visits: Visits, signed: Path, text: str, found: tuple[str, str]
):
    missing = {f"awards/0000000000000000000000000z{end}" for end in (".json", ".ob2.json")}
    page = pasted(opened(visits(site=signed, missing=frozenset(missing))), text)
    assert verdict(page) == found
    assert page.locator("#result .s-person").inner_text() == (
        "Issued to\nNothing could be read that names a holder."
    )


def test_nothing_given_is_asked_for(visits: Visits, signed: Path):
    page = pasted(opened(visits(site=signed)), "")
    assert page.locator("form [role=status]").inner_text() == (
        "Paste a link or a text first, or choose a file."
    )


def test_learner_record_shows_what_is_inside_with_a_verdict_each(visits: Visits, signed: Path):
    page = opened(visits(site=signed), f"#{HOME}{addresses.backpack_json('ada-okafor')}")
    assert verdict(page) == VALID
    # It names no list, so that it is in force by its dates does not make it stand.
    assert page.locator("#result .checks b").all_inner_texts()[1] == (
        "Still stands: not checked (nothing there to check)"
    )
    inside = page.locator("#more .parts > li")
    assert inside.count() >= 1
    assert inside.first.inner_text().split() == ["Valid", "Setting", "team", "norms"]


# ---- never leads elsewhere ------------------------------------------------------------------


@pytest.mark.parametrize(
    "anchor",
    [
        "javascript:alert(1)",
        "//elsewhere.example/",
        "data:text/html,<script>alert(1)</script>",
        "%",
    ],
)
def test_address_with_anything_else_behind_it_does_nothing(
    visits: Visits, signed: Path, anchor: str
):
    visit = visits(site=signed)
    page = opened(visit, f"#{anchor}")
    assert page.locator("form [role=status]").inner_text() == (
        "What stands after # in the address is neither a link nor the id of an award."
    )
    assert visit.path.startswith(VERIFY)
    assert page.locator("#result").inner_html() == ""


def with_foreign(visit: Visit, site: Path) -> list[str]:
    """Lets another host answer in the window; returns what it is asked for."""
    asked: list[str] = []

    def give(route: Route) -> None:
        path = route.request.url.removeprefix(ELSEWHERE)
        asked.append(path)
        route.fulfill(
            body=(site / path).read_bytes(),
            headers={"Content-Type": content_type(path), "Access-Control-Allow-Origin": "*"},
        )

    visit.page.context.route(ELSEWHERE + "**", give)
    return asked


def of_others(visit: Visit) -> None:
    """Forgets that another host was asked, after it was allowed."""
    visit.faults[:] = [one for one in visit.faults if not one.startswith(f"asked {ELSEWHERE}")]


def test_other_host_is_read_only_after_a_click_that_names_it(
    visits: Visits, signed: Path, foreign: Path
):
    visit = visits(site=signed)
    asked = with_foreign(visit, foreign)
    page = opened(visit, f"#{ELSEWHERE}{addresses.award_page(PUBLIC_AWARD)}")
    page.get_by_role("heading", name="Read from badges.other.example?").wait_for()
    assert asked == []
    page.get_by_role("button", name="Read from badges.other.example").click()
    assert verdict(page) == VALID
    assert asked[0] == GOOD
    of_others(visit)


def test_pasted_file_of_another_issuer_asks_before_it_reads_the_issuer_s_keys(
    visits: Visits, signed: Path, foreign: Path
):
    visit = visits(site=signed)
    asked = with_foreign(visit, foreign)
    page = pasted(opened(visit), (foreign / GOOD).read_text("utf-8"))
    assert verdict(page) == ("unchecked", "Could not be fully checked")
    assert asked == []
    page.get_by_role("button", name="Read from badges.other.example").click()
    page.locator("#result > .s-valid").wait_for()
    assert verdict(page) == VALID
    of_others(visit)


def test_page_in_a_frame_shows_nothing(visits: Visits, signed: Path):
    frame = f'<!doctype html><title>x</title><iframe src="{HOME}{VERIFY}"></iframe>'
    visit = visits(site=signed, changed={"frame.html": frame.encode()})
    page = visit.page
    page.goto(visit.home + "frame.html")
    inside = page.frame_locator("iframe").locator("html")
    inside.wait_for(state="attached")
    assert inside.evaluate("(html) => html.hidden && getComputedStyle(html).display") == "none"


# ---- many -----------------------------------------------------------------------------------


def test_many_links_make_a_table_that_can_be_saved(visits: Visits, signed: Path):
    links = [HOME + addresses.award_page(one) for one in (PUBLIC_AWARD, REVOKED, UNLISTED_AWARD)]
    page = pasted(opened(visits(site=signed)), "\n".join(links))
    save = page.get_by_role("button", name="Save as a table (CSV)")
    save.wait_for()
    assert page.locator("form [role=status]").inner_text() == "3 checked: 2 valid, 1 not valid."
    assert page.locator("table.many .state").all_inner_texts() == [
        "Valid", "Taken back or set aside by its issuer", "Valid",
    ]  # fmt: skip
    with page.expect_download() as waiting:
        save.click()
    text = waiting.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(one["file"], one["verdict"], one["issued to"]) for one in rows] == [
        (links[0], "valid", "Ada Okafor"),
        (links[1], "not valid", "Ada Okafor"),
        (links[2], "valid", "Berit Solheim"),
    ]
    assert rows[0]["check: Signature"] == "passed"


def test_many_files_are_checked_and_none_of_their_names_starts_a_formula(
    visits: Visits, signed: Path, tmp_path: Path
):
    files = [tmp_path / "=1+1.json", tmp_path / "two.json"]
    files[0].write_bytes((signed / GOOD).read_bytes())
    files[1].write_bytes(b"{")
    page = chosen(opened(visits(site=signed)), *files)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as a table (CSV)").click()
    text = waiting.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(one["file"], one["verdict"]) for one in rows] == [
        ("'=1+1.json", "valid"), ("two.json", "not valid"),
    ]  # fmt: skip


def test_more_than_five_hundred_are_not_begun(visits: Visits, signed: Path):
    page = pasted(opened(visits(site=signed)), "\n".join([HOME + GOOD] * 501))
    assert page.locator("form [role=status]").inner_text() == (
        "That is 501. Up to 500 can be checked at once; nothing was checked."
    )


# ---- for everybody --------------------------------------------------------------------------


def test_without_scripts_the_page_says_so_and_names_other_ways(visits: Visits, signed: Path):
    page = opened_without_scripts(visits, signed)
    assert page.locator("form").is_hidden()
    assert page.locator("[data-without]").is_visible()
    assert page.get_by_role("heading", name="With another program").is_visible()


def opened_without_scripts(visits: Visits, signed: Path) -> Page:
    visit = visits(site=signed, java_script_enabled=False)
    visit.page.goto(visit.home + VERIFY)
    return visit.page


def test_verifier_that_cannot_be_loaded_is_said_plainly(visits: Visits, signed: Path):
    visit = visits(site=signed, changed={addresses.VERIFIER: None})
    page = opened(visit, f"#{PUBLIC_AWARD}")
    assert verdict(page) == ("unchecked", "Not checked")
    assert page.locator("#result .band p").inner_text() == (
        "The verifier of this site could not be loaded. Without it no signature can be checked "
        "here. Other ways to check stand below."
    )


@pytest.mark.parametrize("given", ["one", "many"])
def test_result_is_sound_in_both_schemes_and_fits_a_phone(visits: Visits, signed: Path, given: str):
    visit = visits(site=signed, color_scheme="light", viewport={"width": 1280, "height": 800})
    page = opened(visit)
    if given == "one":
        verdict(pasted(page, PUBLIC_AWARD))
    else:
        pasted(page, f"{PUBLIC_AWARD}\n{REVOKED}")
        page.get_by_role("button", name="Save as a table (CSV)").wait_for()
    assert by_day_and_on_a_phone_by_night(visit) == SOUND


def test_link_is_checked_with_the_keyboard_alone(visits: Visits, signed: Path):
    page = opened(visits(site=signed))
    page.get_by_label(FIELD).focus()
    page.keyboard.insert_text(PUBLIC_AWARD)
    page.keyboard.press("Enter")
    assert verdict(page) == VALID
    assert page.locator("#result").get_attribute("aria-live") == "polite"
