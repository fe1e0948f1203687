# SPDX-License-Identifier: Apache-2.0
"""What stamped pages offer to take along: words for a profile, pictures, codes, a sheet of paper.

And the page for checking, and the notice on every page of a site signed for trial.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest

from site_builder import addresses
from site_builder.pages.stamped import StampedPages
from tests.stamped_records import (
    AWARD_ID,
    QR,
    SITE,
    award,
    backpack_of,
    catalog,
    credential,
    parsed,
    teacher,
    words,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from site_builder.model import Award

PAGE = f"https://badges.example.org/awards/{AWARD_ID}.html"
TRIAL = "Preview, signed with a key that everybody has. Do not rely on it."


def page(one: Award, *, wallet: str = "", **how: Any) -> Element:
    pages = StampedPages(catalog(one), SITE, **how)
    return parsed(pages.award(one, qr_svg=QR, wallet_qr_svg=wallet))


def copied(root: Element) -> dict[str, str]:
    """What each copy button of the profile's fields copies, by the name a reader hears."""
    buttons = root.findall(".//dl[@class='fields']//button")
    return {one.get("aria-label", ""): one.get("data-copy", "") for one in buttons}


def linkedin(root: Element) -> str:
    (found,) = [one.get("href", "") for one in root.iter("a") if "linkedin" in one.get("href", "")]
    return found


# ---- a profile ------------------------------------------------------------------------------


def test_every_field_a_profile_asks_for_has_a_copy_button():
    assert copied(page(award(expires="2019-03-14"))) == {
        "Copy name": "Running protocol",
        "Copy issuing organisation": "Learning Works",
        "Copy issue date": "14 March 2016",
        "Copy expiry date": "14 March 2019",
        "Copy credential id": AWARD_ID,
        "Copy credential url": PAGE,
    }


def test_award_without_an_end_says_so_and_copies_none():
    root = page(award())
    shown = {words(one[0]): words(one[1]) for one in root.findall(".//dl[@class='fields']/div")}
    assert shown["Expiry date"] == "Does not expire"
    assert "Copy expiry date" not in copied(root)


def test_link_to_a_profile_carries_every_field():
    address = linkedin(page(award(expires="2019-03-14")))
    assert urlsplit(address)[:3] == ("https", "www.linkedin.com", "/profile/add")
    assert parse_qs(urlsplit(address).query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Running protocol"],
        "organizationName": ["Learning Works"],
        "issueYear": ["2016"],
        "issueMonth": ["3"],
        "expirationYear": ["2019"],
        "expirationMonth": ["3"],
        "certUrl": [PAGE],
        "certId": [AWARD_ID],
    }


def test_link_to_a_profile_names_no_end_where_there_is_none():
    assert "expiration" not in linkedin(page(award()))


@pytest.mark.parametrize("state", ["suspended", "revoked", "superseded"])
def test_award_that_does_not_stand_offers_no_profile_and_no_certificate(state: str):
    root = page(award(status={"state": state, "on": "2016-06-09"}))
    assert root.find(".//article[@class='cert']") is None
    assert root.find(".//section[@aria-labelledby='share']") is None
    assert words(root.find(".//button[@data-print]")) == "Print"


# ---- pictures -------------------------------------------------------------------------------


def embedded(root: Element) -> dict[str, str | None]:
    """The picture a foreign page would show, from the HTML a holder copies there."""
    text = words(root.find(".//pre"))
    assert text in {one.get("data-copy") for one in root.iter("button")}
    (link,) = html5lib.parseFragment(text, namespaceHTMLElements=False)
    return {"href": link.get("href"), **link[0].attrib}


@pytest.mark.parametrize(
    ("pictures", "picture"),
    [
        (frozenset({"png"}), f"awards/{AWARD_ID}.png"),
        (frozenset(), "credentials/protocol/1.1.0/badge.png"),
    ],
)
def test_html_for_other_pages_is_a_picture_that_leads_to_the_award(
    pictures: frozenset[str], picture: str
):
    assert embedded(page(award(), is_signed=True, pictures=pictures)) == {
        "href": PAGE,
        "src": f"https://badges.example.org/{picture}",
        "width": "160",
        "height": "160",
        "alt": "Badge: Running protocol, issued by Learning Works",
    }


def test_hostile_title_stays_text_in_the_html_for_other_pages():
    one = credential("protocol", "protocols", title='"><script>alert(1)</script>')
    held = catalog(award(), credentials={one.id: one}, versions={one.pinned: one})
    root = parsed(StampedPages(held, SITE).award(award(), qr_svg=QR))
    assert embedded(root)["alt"] == 'Badge: "><script>alert(1)</script>, issued by Learning Works'


def offered(root: Element) -> list[tuple[str, str]]:
    """Pictures with the award's files in them: (words, file or what is made)."""
    (box,) = [one for one in root.iter("div") if one.get("class") == "dl noprint"]
    found = [one for one in box if one.get("data-bake") or ".svg" in one.get("href", "")]
    found += [one for one in box if one.get("href", "").endswith(".png")]
    return [(words(one), one.get("href") or one.get("data-name", "")) for one in found]


def test_pictures_the_site_publishes_are_links():
    root = page(award(), is_signed=True, pictures=frozenset({"png", "svg"}))
    assert offered(root) == [
        ("Badge with its record (SVG)", f"{AWARD_ID}.svg"),
        ("Badge with its record (PNG)", f"{AWARD_ID}.png"),
    ]


def test_pictures_the_site_does_not_publish_are_made_on_a_click():
    root = page(award(), is_signed=True)
    assert offered(root) == [
        ("Make the picture (PNG)", f"{AWARD_ID}.png"),
        ("Make the picture (SVG)", f"{AWARD_ID}.svg"),
    ]
    made = root.find(".//button[@data-bake='png']")
    assert made is not None
    assert {key: value for key, value in made.attrib.items() if key.startswith("data-")} == {
        "data-bake": "png",
        "data-plain": "../credentials/protocol/1.1.0/badge.png",
        "data-ob3": f"../awards/{AWARD_ID}.json",
        "data-ob2": f"../awards/{AWARD_ID}.ob2.json",
        "data-name": f"{AWARD_ID}.png",
    }


def test_unsigned_site_makes_no_pictures():
    assert offered(page(award())) == []


def test_code_for_wallets_stands_beside_the_code_for_people():
    both = page(award(), wallet=QR, is_signed=True)
    assert [words(one.find("figcaption")) for one in both.iter("figure")] == [
        "badges.example.org For people: opens this page at the issuer’s own address.",
        "Wallet For credential wallets: opens the signed file.",
    ]
    assert [words(one.find("figcaption")) for one in page(award()).iter("figure")] == [
        "badges.example.org Scan to open this page at the issuer’s own address."
    ]


# ---- paper ----------------------------------------------------------------------------------


def sheet(root: Element) -> Element:
    found = root.find(".//article[@class='cert']")
    assert found is not None
    return found


def test_certificate_names_holder_credential_and_where_the_record_is():
    root = sheet(page(award(), is_signed=True))
    assert [words(one) for one in root.iter("p")] == [
        "Learning Works",
        "records that",
        "Maya Osei-Łukasik",
        "has shown, with evidence reviewed against a published rubric,",
        "Running protocol",
        "The educator runs a meeting.",
        (
            "This sheet is a copy. The signed record is at badges.example.org/awards/"
            f"{AWARD_ID}.html Scan the code to see whether it still stands. Printed on"
        ),
    ]
    assert {words(one[0]): words(one[1]) for one in root.findall(".//dl/div")} == {
        "Issued": "14 March 2016",
        "Expires": "Does not expire",
        "Programme": "Teacher leadership, 2015-16",
        "Work": "About 15 hours",
        "Credit": "15 CTLE hours, State office",
        "Area": "A, Leading teams",
        "Rubric": "Version 1.1.0",
    }
    assert [one.get("src") for one in root.iter("img")] == [
        "../credentials/protocol/1.1.0/badge.svg",
        f"../awards/{AWARD_ID}.qr.svg",
    ]


@pytest.mark.parametrize(
    "fields", [{"title": "Long " * 17}, {"statement": "The educator runs a meeting. " * 10}]
)
def test_certificate_that_would_grow_too_long_leaves_the_statement_out(fields: dict[str, str]):
    one = credential("protocol", "protocols", **fields)
    held = catalog(award(), credentials={one.id: one}, versions={one.pinned: one})
    root = sheet(parsed(StampedPages(held, SITE).award(award(), qr_svg=QR)))
    assert root.find(".//p[@class='st']") is None


# ---- learner record -------------------------------------------------------------------------


def test_backpack_with_a_signed_record_links_it_and_its_check():
    pages = StampedPages(catalog(award()), SITE, is_signed=True)
    root = parsed(pages.backpack(teacher(), qr_svg=QR, has_record=True))
    links = {words(one): one.get("href") for one in root.iter("a")}
    assert links["Signed learner record"] == "../backpacks/maya.json"
    assert (
        links["Check the whole record"]
        == "../verify/#https://badges.example.org/backpacks/maya.json"
    )
    assert [one.get("href") for one in root.iter("link") if one.get("rel") == "alternate"] == [
        "../backpacks/maya.json"
    ]


def test_backpack_without_a_signed_record_names_none():
    assert "maya.json" not in backpack_of(award())


# ---- a site signed for trial ----------------------------------------------------------------


def test_every_page_of_a_site_signed_with_the_key_everybody_has_says_so():
    pages = StampedPages(catalog(award()), SITE, is_signed=True, is_trial=True)
    made = [
        pages.award(award(), qr_svg=QR, wallet_qr_svg=QR),
        pages.backpack(teacher(), qr_svg=QR, has_record=True),
        pages.withdrawn(),
        pages.verify(),
    ]
    for one in made:
        assert words(parsed(one).find(".//p[@class='trial']")) == TRIAL
    assert TRIAL in words(sheet(parsed(made[0])))


def test_signed_site_with_a_key_of_its_own_says_nothing_of_trial():
    pages = StampedPages(catalog(award()), SITE, is_signed=True)
    for one in (pages.award(award(), qr_svg=QR), pages.withdrawn(), pages.verify()):
        assert "Preview" not in one


# ---- the award page's check -----------------------------------------------------------------


def test_signed_award_starts_unchecked_and_offers_the_check():
    panel = page(award(), is_signed=True).find(".//section[@id='standing']")
    assert panel is not None
    assert words(panel.find(".//h2")) == "Not checked yet"
    assert [words(one) for one in panel.findall(".//li/div/b")] == [
        "Signature: not checked yet",
        "Standing: not checked yet",
        "Issued to Maya Osei-Łukasik",
    ]
    button = panel.find(".//button")
    assert words(button) == "Check the signature"
    assert (panel.get("data-signed"), panel.get("data-signed-url")) == (
        f"../awards/{AWARD_ID}.json",
        f"https://badges.example.org/awards/{AWARD_ID}.json",
    )


def test_what_an_award_page_loads_before_a_click_is_light():
    folder = resources.files("site_builder") / "assets"
    sizes = [len((folder / one).read_bytes()) for one in ("tokens.css", "look.css", "badges.js")]
    assert sum(sizes) < 60_000


# ---- the page for checking ------------------------------------------------------------------


def verify_page(**how: Any) -> Element:
    return parsed(StampedPages(catalog(award()), SITE, **how).verify())


def test_page_for_checking_alone_may_read_other_hosts():
    policy = verify_page().findall(".//meta[@http-equiv]")[0].get("content", "")
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self' https:; base-uri 'none'; form-action 'none'"
    )


def test_page_for_checking_loads_its_own_scripts_alone_and_the_verifier_only_when_asked():
    root = verify_page()
    assert [one.get("src") for one in root.iter("script")] == [
        "../assets/badges/badges.js",
        "../assets/badges/check-page.js",
    ]
    assert root.get("data-unframed") is not None


def test_without_scripts_the_page_for_checking_names_other_ways():
    root = verify_page(is_signed=True)
    form = root.find(".//form")
    assert form is not None
    assert form.get("hidden") is not None
    (notice,) = [one for one in root.iter("div") if one.get("data-without") is not None]
    assert words(notice) == (
        "Not checked yet. This page checks in your browser, and its script has not run: scripts "
        "are off, or the browser is too old for it. Other ways to check stand below."
    )
    (other,) = [one for one in root.iter("section") if one.get("aria-labelledby") == "other"]
    assert "badges verify" in words(other)
    assert "eddsa-rdfc-2022" in words(other)
    assert "1EdTech’s validator" in words(other)


def test_page_for_checking_stands_at_its_own_address():
    (link,) = [one for one in verify_page().iter("link") if one.get("rel") == "canonical"]
    assert link.get("href") == SITE.url(addresses.VERIFY) == "https://badges.example.org/verify/"
