# SPDX-License-Identifier: Apache-2.0
"""What the award page's own script says after reading the record beside it, in real Chromium.

Pages and records are handed to the browser by the test; no request leaves it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from site_builder.pages.stamped import StampedPages
from tests.stamped_records import (
    AWARD_ID,
    NEWER_ID,
    SITE,
    award,
    backpack_of,
    catalog,
    page_of,
    teacher,
)

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
]
HOME = SITE.base_url
PAGE = f"/awards/{AWARD_ID}.html"
RECORD = f"/awards/{AWARD_ID}.ob2.json"
LIST = "/status/ob2.json"
BADGE = "/credentials/protocol/1.1.0/badgeclass.json"
ASSETS = ("tokens.css", "look.css", "badges.js")
UNTIL = "2019-03-14T23:59:59Z"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def record(**fields: Any) -> dict[str, Any]:
    return {
        "id": HOME + RECORD,
        "type": "Assertion",
        "badge": HOME + BADGE,
        "verification": {"type": "HostedBadge"},
        "issuedOn": "2016-03-14T00:00:00Z",
    } | fields


def badge_class(**fields: Any) -> dict[str, Any]:
    return {"id": HOME + BADGE, "issuer": f"{HOME}/issuer/ob2.json"} | fields


def revocations(*entries: Any) -> dict[str, Any]:
    return {"type": "RevocationList", "revokedAssertions": list(entries)}


def opened(
    browser: Browser, files: dict[str, Any], path: str = PAGE, host: str = HOME, **context: Any
) -> Page:
    """A page whose every request is answered from `files`; anything else is a 404."""
    assets = resources.files("site_builder") / "assets"
    served = {
        f"/assets/badges/{name}": (assets / name).read_text("utf-8") for name in ASSETS
    } | files
    page = browser.new_context(**context).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda line: faults.append(line.text) if "Content Security" in line.text else None,
    )

    def answer(route: Route) -> None:
        assert route.request.url.startswith(host)
        found = served.get(route.request.url.removeprefix(host))
        if found is None:
            route.fulfill(status=404, body="")
            return
        kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
        kind = kinds.get(route.request.url.rpartition(".")[2], "application/json")
        body = found if isinstance(found, str) else json.dumps(found)
        route.fulfill(status=200, content_type=f"{kind}; charset=utf-8", body=body)

    page.route("**/*", answer)
    page.goto(host + path)
    page.wait_for_load_state("networkidle")
    assert faults == []
    return page


def panel(page: Page) -> tuple[str, str, str]:
    """The panel's colour, its word and its sentence without the time of checking."""
    page.wait_for_function("!document.querySelector('#standing').classList.contains('s-pending')")
    section = page.locator("#standing")
    sentence = section.locator(".band p").inner_text()
    said, _, time = sentence.partition("Checked in your browser on ")
    assert time.endswith(". No signature was checked.")
    colour = (section.get_attribute("class") or "").removeprefix("verdict s-")
    return colour, section.locator("h2").inner_text(), said.strip()


def checked(
    browser: Browser,
    page: str,
    body: Any,
    listed: Any,
    *,
    host: str = HOME,
    badge: Any = None,
) -> tuple[str, str, str]:
    """What the panel says; `badge` is the badge class, "" where the host has none."""
    files = {PAGE: page, RECORD: body, LIST: listed, BADGE: badge or badge_class()}
    if badge == "":
        del files[BADGE]
    shown = opened(
        browser, {path: found for path, found in files.items() if found is not None}, host=host
    )
    found = panel(shown)
    shown.context.close()
    return found


def test_record_that_was_not_taken_back_stands(browser: Browser):
    found = checked(browser, page_of(award()), record(), revocations())
    assert found == ("valid", "The record at this address stands", "")


def test_record_that_says_revoked_was_taken_back(browser: Browser):
    page = page_of(
        award(status={"state": "revoked", "on": "2016-06-09", "reason": "issued in error"})
    )
    body = record(revoked=True, revocationReason="issued in error")
    assert checked(browser, page, body, revocations()) == (
        "revoked", "The record at this address was taken back", "The record says: issued in error.",
    )  # fmt: skip


def test_record_on_the_revocation_list_was_taken_back_after_the_page_was_made(browser: Browser):
    listed = revocations({"id": HOME + RECORD, "revocationReason": "copied work."})
    assert checked(browser, page_of(award()), record(), listed) == (
        "revoked",
        "The record at this address was taken back",
        "The record says: copied work. This page was made before that.",
    )


def test_suspended_award_is_set_aside_not_taken_back(browser: Browser):
    page = page_of(award(status={"state": "suspended", "on": "2016-05-03"}))
    assert checked(browser, page, record(revoked=True), revocations(HOME + RECORD)) == (
        "suspended", "The record at this address was set aside", "No reason is given.",
    )  # fmt: skip


def test_record_past_its_last_day_ended(browser: Browser):
    page = page_of(award(expires="2019-03-14"))
    assert checked(browser, page, record(expires=UNTIL), revocations()) == (
        "expired",
        "The record at this address ended on 14 March 2019",
        "What it recorded is unchanged. A renewal may exist.",
    )


def test_record_that_names_another_address_says_nothing_about_the_page(browser: Browser):
    body = record(id=f"{HOME}/awards/{NEWER_ID}.ob2.json")
    assert checked(browser, page_of(award()), body, revocations()) == (
        "notice",
        "The record names another address",
        "The record loaded here says it belongs at another address, so it says nothing about this page.",
    )


OTHER_BADGE = (
    "The record loaded here names another badge than this page, so it says nothing about this page."
)
NO_ISSUER = "The badge this record names does not belong to badges.example.org, so the record says nothing about its issuer."


@pytest.mark.parametrize(
    ("fields", "badge", "word", "sentence"),
    [
        (
            {"verification": {"type": "SignedBadge"}},
            None,
            "The record is not a hosted one",
            "It asks for another kind of check than reading it at its address, which is all this page does.",
        ),
        (
            {"badge": f"https://elsewhere.example.net{BADGE}"},
            None,
            "The record is for another badge",
            OTHER_BADGE,
        ),
        (
            {"badge": f"{HOME}/credentials/norms-set/1.1.0/badgeclass.json"},
            None,
            "The record is for another badge",
            OTHER_BADGE,
        ),
        (
            {},
            {"issuer": "https://elsewhere.example.net/issuer/ob2.json"},
            "The badge names another issuer",
            NO_ISSUER,
        ),
        ({}, {"issuer": None}, "The badge names another issuer", NO_ISSUER),
        (
            {"issuedOn": "2999-01-01T00:00:00Z"},
            None,
            "The record is dated in the future",
            "By this device’s clock the day it was issued on has not come yet.",
        ),
    ],
)
def test_record_that_does_not_fit_together_never_stands(
    browser: Browser, fields: dict[str, Any], badge: dict[str, Any] | None, word: str, sentence: str
):
    found = checked(
        browser,
        page_of(award()),
        record(**fields),
        revocations(),
        badge=badge_class(**badge) if badge else None,
    )
    assert found == ("notice", word, sentence)


@pytest.mark.parametrize(
    ("fields", "badge", "why"),
    [
        ({}, "", "The badge could not be loaded"),
        ({"issuedOn": "some day"}, None, "The record’s date of issue could not be read"),
    ],
)
def test_record_whose_badge_or_day_cannot_be_read_is_unchecked(
    browser: Browser, fields: dict[str, Any], badge: str | None, why: str
):
    found = checked(browser, page_of(award()), record(**fields), revocations(), badge=badge)
    assert found == (
        "unchecked", "Could not be checked", f"{why}, so we cannot say whether this still stands.",
    )  # fmt: skip


def test_record_that_was_taken_back_needs_no_badge(browser: Browser):
    body = {"id": HOME + RECORD, "type": "Assertion", "revoked": True}
    assert checked(browser, page_of(award()), body, revocations(), badge="")[:2] == (
        "revoked", "The record at this address was taken back",
    )  # fmt: skip


def test_page_that_says_revoked_over_a_record_in_force_is_not_settled(browser: Browser):
    page = page_of(award(status={"state": "revoked", "on": "2016-06-09"}))
    assert checked(browser, page, record(), revocations()) == (
        "notice",
        "The page and the record disagree",
        "This page says the award was taken back; the record at this address does not. One of them is out of date.",
    )


@pytest.mark.parametrize(
    ("body", "listed", "why"),
    [
        (None, revocations(), "The record could not be loaded"),
        ("<html>", revocations(), "The record could not be loaded"),
        (record(), None, "The revocation list could not be loaded"),
        (record(), {"type": "RevocationList"}, "The revocation list could not be read"),
        (record(expires="some day"), revocations(), "The record’s last day could not be read"),
    ],
)
def test_what_could_not_be_read_is_named(browser: Browser, body: Any, listed: Any, why: str):
    assert checked(browser, page_of(award()), body, listed) == (
        "unchecked", "Could not be checked", f"{why}, so we cannot say whether this still stands.",
    )  # fmt: skip


def test_copy_on_another_host_is_not_taken_for_the_issuer(browser: Browser):
    found = checked(
        browser, page_of(award()), record(), revocations(), host="https://copies.example.net"
    )
    assert found == (
        "notice",
        "Issuer not known here",
        (
            "This page is served from copies.example.net, but the record names "
            "badges.example.org. Open it there to check it."
        ),
    )


def test_preview_on_this_computer_says_so(browser: Browser):
    found = checked(
        browser, page_of(award()), record(), revocations(), host="http://localhost:8000"
    )
    assert found == (
        "notice",
        "Preview on this computer",
        (
            "This page is served from localhost:8000, but the record names badges.example.org. "
            "Open it there to check it."
        ),
    )


def test_without_scripts_the_page_stays_unchecked_and_names_the_steps(browser: Browser):
    page = opened(browser, {PAGE: page_of(award())}, java_script_enabled=False)
    assert page.locator("#standing h2").inner_text() == "Not checked yet"
    assert page.locator("button:visible").count() == 0
    page.context.close()


def test_backpack_says_expired_by_the_reader_s_clock(browser: Browser):
    page = opened(
        browser,
        {"/backpacks/maya.html": backpack_of(award(expires="2019-03-14"))},
        "/backpacks/maya.html",
    )
    assert page.locator(".card .s-expired").inner_text() == "Expired"
    assert page.locator(".card [data-validity]").inner_text() == "Was valid until 14 March 2019"
    page.context.close()


def test_chosen_scheme_is_kept_where_the_theme_keeps_it(browser: Browser):
    page = opened(
        browser,
        {PAGE: page_of(award()), RECORD: record(), LIST: revocations()},
        color_scheme="light",
    )
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.locator("html").get_attribute("data-md-color-scheme") == "slate"
    assert json.loads(page.evaluate("localStorage.getItem('/.__palette')")) == {
        "index": 1,
        "color": {
            "media": "(prefers-color-scheme: dark)",
            "scheme": "slate",
            "primary": "custom",
            "accent": "custom",
        },
    }
    page.reload()
    assert page.locator("html").get_attribute("data-md-color-scheme") == "slate"
    page.context.close()


@pytest.mark.parametrize("width", [320, 390])
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, width: int):
    long = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren" * 3
    pages = {
        PAGE: page_of(award(), teacher(name=long)),
        "/backpacks/maya.html": backpack_of(award(), person=teacher(name=long)),
        "/awards/gone.html": StampedPages(catalog(award()), SITE).withdrawn(),
    }
    for path in pages:
        page = opened(browser, pages, path, viewport={"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.context.close()
