# SPDX-License-Identifier: Apache-2.0
"""The award page's check of the signature: on a click, with the site's own verifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from site_builder import addresses, baking
from site_builder.addresses import Site
from site_builder.build import load
from site_builder.pages.stamped import StampedPages
from tests.browser.axe import SOUND, by_day_and_on_a_phone_by_night
from tests.browser.hosting import served
from tests.browser.signed_site import THEN, write_signed_site
from tests.browser.visits import HOME, Visit, colour_and_word
from tests.signed import REVOKED, SUSPENDED
from tests.support import PUBLIC_AWARD, UNLISTED_AWARD

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Visits

pytestmark = pytest.mark.browser
CHECK = "Check the signature"
STATUS = addresses.status_list(0)
ALL_NINE = ["Readable", "Signature", "Issuer's key", "Key still trusted", "Issuer's address",
            "Dates", "Still stands", "Form", "Issued to"]  # fmt: skip
NO_ED25519 = """const old = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (form, key, how, ...rest) => (how.name || how) === "Ed25519"
  ? Promise.reject(new DOMException("no", "NotSupportedError")) : old(form, key, how, ...rest);"""


def opened(visit: Visit, award: str, then: str | None = THEN) -> Page:
    if then:
        visit.page.clock.set_fixed_time(then)
    return visit.open(addresses.award_page(award))


def checked(page: Page) -> tuple[str, str]:
    """Colour and word of the panel after a click on the check."""
    page.get_by_role("button", name=CHECK).click()
    page.get_by_role("button", name="Check again").wait_for()
    return said(page)


def said(page: Page) -> tuple[str, str]:
    return colour_and_word(page.locator("#standing"))


def three_lines(page: Page) -> list[str]:
    return page.locator("#standing .checks b").all_inner_texts()


def every_check(page: Page) -> dict[str, str]:
    """State of each check, by its name."""
    rows = page.locator("#standing .ct tbody tr").all()
    return {
        one.locator("th").text_content() or "": one.locator(".state").text_content() or ""
        for one in rows
    }


# ---- what is loaded, and when ---------------------------------------------------------------


def test_before_a_click_neither_verifier_nor_signed_file_is_loaded(visits: Visits, signed: Path):
    visit = visits(site=signed)
    asked: list[str] = []
    visit.page.on("request", lambda one: asked.append(one.url.removeprefix(HOME)))
    opened(visit, PUBLIC_AWARD)
    assert {one for one in asked if one.endswith(".js")} == {"assets/badges/badges.js"}
    assert addresses.award_json(PUBLIC_AWARD) not in asked


# ---- each verdict ---------------------------------------------------------------------------


def test_award_that_holds_is_valid_with_three_lines_and_every_check(visits: Visits, signed: Path):
    page = opened(visits(site=signed), PUBLIC_AWARD)
    assert checked(page) == ("valid", "Valid")
    assert three_lines(page) == [
        "Signature: passed",
        "Still stands: passed",
        "Issued to Ada Okafor",
    ]
    assert "Is that the person you are dealing with?" in page.locator(".s-person").inner_text()
    assert list(every_check(page)) == ALL_NINE
    assert set(every_check(page).values()) == {"passed", "for you to check"}


def test_title_names_the_verdict_only_after_the_check(visits: Visits, signed: Path):
    page = opened(visits(site=signed), PUBLIC_AWARD)
    assert "Valid" not in page.title()
    checked(page)
    assert page.title() == "Valid: Setting team norms: Ada Okafor"


@pytest.mark.parametrize("award", [REVOKED, SUSPENDED])
def test_award_that_was_taken_back_or_set_aside_does_not_hold(
    visits: Visits, signed: Path, award: str
):
    page = opened(visits(site=signed), award)
    assert checked(page) == ("revoked", "Taken back or set aside by its issuer")
    assert three_lines(page)[:2] == ["Signature: passed", "Still stands: failed"]


def test_award_past_its_last_day_ended(visits: Visits, signed: Path):
    page = opened(visits(site=signed), UNLISTED_AWARD, then=None)
    assert checked(page) == ("expired", "Genuine, ended on 14 March 2019")
    assert every_check(page)["Dates"] == "failed"


def changed(site: Path, path: str, old: str, new: str) -> dict[str, bytes | None]:
    text = (site / path).read_text("utf-8")
    assert old in text
    return {path: text.replace(old, new).encode()}


def test_changed_file_says_that_it_was_changed(visits: Visits, signed: Path):
    path = addresses.award_json(PUBLIC_AWARD)
    other = changed(signed, path, "Ada Okafor", "Eve Okafor")
    page = opened(visits(site=signed, changed=other), PUBLIC_AWARD)
    assert checked(page) == ("revoked", "Changed after signing")
    assert page.locator("#standing .band .s-valid").count() == 0


@pytest.mark.parametrize("body", [None, b"{", b'{"id": 1}'])
def test_status_list_that_cannot_be_read_leaves_the_award_unfinished(
    visits: Visits, signed: Path, body: bytes | None
):
    page = opened(visits(site=signed, changed={STATUS: body}), PUBLIC_AWARD)
    assert checked(page) == ("unchecked", "Could not be fully checked")
    assert three_lines(page)[1] == "Still stands: not checked"
    assert (
        page.locator("#standing .band p")
        .inner_text()
        .startswith("This is not a finding about the credential.")
    )


def test_missing_signed_file_is_no_finding_about_the_award(visits: Visits, signed: Path):
    gone = {addresses.award_json(PUBLIC_AWARD): None}
    page = opened(visits(site=signed, changed=gone), PUBLIC_AWARD)
    assert checked(page) == ("unchecked", "Could not be loaded")
    assert three_lines(page)[2] == "Issued to"


def test_copy_on_another_host_names_both_hosts_and_no_verdict(visits: Visits, signed: Path):
    visit = visits(site=signed, home="https://copies.example.net/")
    page = opened(visit, PUBLIC_AWARD)
    assert checked(page) == ("notice", "Issuer not known here")
    assert page.locator("#standing .band p").inner_text() == (
        "This page is served from copies.example.net, but the credential names "
        "badges.example.org. Open it there to check it."
    )
    link = page.locator("#standing .band a").get_attribute("href")
    assert link == HOME + addresses.award_page(PUBLIC_AWARD)
    assert three_lines(page)[0] == "Signature: not checked"
    visit.faults.clear()  # the browser notes what its policy kept from being asked


def test_demo_without_a_key_of_its_own_says_preview(visits: Visits, paths: dict[str, str]):
    page = visits().open(paths["award"])
    assert checked(page) == ("notice", "Preview: anyone could have made this")
    assert page.locator(".trial").inner_text() == (
        "Preview, signed with a key that everybody has. Do not rely on it."
    )


# ---- what the browser lacks -----------------------------------------------------------------


def test_verifier_that_cannot_be_loaded_is_said_plainly(visits: Visits, signed: Path):
    page = opened(visits(site=signed, changed={addresses.VERIFIER: None}), PUBLIC_AWARD)
    assert checked(page) == ("unchecked", "Not checked")
    assert page.locator("#standing .band p").inner_text() == (
        "The verifier of this site could not be loaded. Without it no signature can be checked "
        "here. Use the steps below, or another verifier."
    )


def test_browser_without_ed25519_says_so_and_not_that_the_signature_fails(
    visits: Visits, signed: Path
):
    visit = visits(site=signed)
    visit.page.add_init_script(NO_ED25519)
    page = opened(visit, PUBLIC_AWARD)
    assert checked(page) == ("unchecked", "Could not be fully checked")
    assert three_lines(page)[0] == "Signature: not checked"
    assert "This browser cannot check signatures of this kind (Ed25519)." in (
        page.locator("#standing .checks").inner_text()
    )


# ---- served by a plain host on this machine -------------------------------------------------


def test_site_made_for_this_machine_is_checked_over_http(visits: Visits, tmp_path: Path):
    folder = tmp_path / "site"
    folder.mkdir()
    with served(folder) as home:
        write_signed_site(tmp_path, home)
        page = opened(visits(site=None, home=home), PUBLIC_AWARD)
        assert checked(page) == ("valid", "Valid")


# ---- taking along ---------------------------------------------------------------------------


def test_copied_field_is_what_stands_there(visits: Visits, signed: Path):
    visit = visits(site=signed, permissions=["clipboard-read", "clipboard-write"])
    page = opened(visit, PUBLIC_AWARD)
    page.get_by_role("button", name="Copy credential id").click()
    page.locator(".share [role=status]", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == PUBLIC_AWARD


@pytest.mark.parametrize(("kind", "holds"), [("png", ["ob2", "ob3"]), ("svg", ["ob3"])])
def test_picture_made_in_the_browser_holds_the_award_s_files(
    visits: Visits, signed: Path, kind: str, holds: list[str]
):
    page = opened(visits(site=signed, changed=page_without_pictures(signed)), PUBLIC_AWARD)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Make the picture ({kind.upper()})").click()
    assert waiting.value.suggested_filename == f"{PUBLIC_AWARD}.{kind}"
    picture = waiting.value.path().read_bytes()
    found = {one.kind: one.text for one in baking.unbake(picture)}
    assert sorted(found) == holds
    assert found["ob3"] == (signed / addresses.award_json(PUBLIC_AWARD)).read_text("utf-8").strip()
    if kind == "png":  # the site publishes it too
        assert picture == (signed / addresses.award_png(PUBLIC_AWARD)).read_bytes()


def page_without_pictures(site: Path) -> dict[str, bytes | None]:
    """The award's page where no baked pictures are published."""
    catalog, _ = load(site.parent / "repository")
    assert catalog is not None
    pages = StampedPages(catalog, Site(HOME), is_signed=True)
    made = pages.award(catalog.awards[PUBLIC_AWARD], qr_svg="<svg></svg>")
    return {addresses.award_page(PUBLIC_AWARD): made.encode()}


PAPERS = {"A4": (297, 210), "Letter": (279.4, 215.9)}  # mm, lying


@pytest.mark.parametrize("paper", PAPERS)
def test_certificate_is_one_lying_sheet(visits: Visits, signed: Path, paper: str):
    page = opened(visits(site=signed, changed=long_name(signed)), PUBLIC_AWARD)
    width, height = PAPERS[paper]
    made = page.pdf(width=f"{width}mm", height=f"{height}mm")
    assert made.count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    sheet = {"width": round((width - 18) / 25.4 * 96), "height": round((height - 18) / 25.4 * 96)}
    page.set_viewport_size(sheet)  # type: ignore[arg-type]
    assert page.locator("main > :visible").count() == 1
    assert page.evaluate(_SPILLED) == []


def long_name(site: Path) -> dict[str, bytes | None]:
    name = "Wolfeschlegelsteinhausenbergerdorff-Okonkwo Adébáyọ̀ Oyelaran the Third"
    return changed(site, addresses.award_page(PUBLIC_AWARD), "Ada Okafor", name)


# Parts of the sheet that reach past its inner edge, or into each other.
_SPILLED = """() => {
  const inner = document.querySelector(".cert .in").getBoundingClientRect();
  const parts = [...document.querySelectorAll(".cert .in > *")];
  return parts.filter((one, place) => {
    const box = one.getBoundingClientRect();
    const next = parts[place + 1]?.getBoundingClientRect();
    return box.bottom > inner.bottom || box.right > inner.right || (next && next.top < box.bottom - 1);
  }).map((one) => one.className);
}"""


# ---- for everybody --------------------------------------------------------------------------


def test_verdict_is_sound_in_both_schemes_and_fits_a_phone(visits: Visits, signed: Path):
    visit = visits(site=signed, color_scheme="light", viewport={"width": 1280, "height": 800})
    page = opened(visit, PUBLIC_AWARD)
    checked(page)
    page.locator(".every summary").click()
    assert by_day_and_on_a_phone_by_night(visit) == SOUND


def test_check_is_made_with_the_keyboard_and_told_politely(visits: Visits, signed: Path):
    page = opened(visits(site=signed), PUBLIC_AWARD)
    page.get_by_role("button", name=CHECK).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Check again").wait_for()
    assert page.locator("#standing").get_attribute("aria-live") == "polite"
    assert page.evaluate("document.activeElement.textContent") == "Check again"
