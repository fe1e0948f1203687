# SPDX-License-Identifier: Apache-2.0
"""What catalog pages say of the issuer, of versions, of backpacks, and in which language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from site_builder import addresses
from site_builder.pages.catalog_pages import catalog_pages
from site_builder.pages.people import quality_words, region_words
from tests.stamped_records import (
    NEWER_ID,
    SITE,
    award,
    catalog,
    credential,
    issuer,
    parsed,
    words,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from site_builder.catalog import Catalog


def page_at(path: str, data: Catalog) -> Element:
    """The body of a catalog page, read as a browser reads it."""
    (body,) = [page.body for page in catalog_pages(data, SITE) if page.path == path]
    return parsed(f"<!doctype html><title>x</title>{body}")


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ({"country": "US", "state": "US-NY"}, "New York, United States"),
        ({"country": "US", "state": "NC"}, "North Carolina, United States"),
        ({"country": "US"}, "United States"),
        ({"country": "AT", "state": "AT-9"}, "9, AT"),
    ],
)
def test_region_is_named_in_words_where_we_know_them(region: dict[str, str], said: str):
    assert region_words(issuer(region=region)) == said


def test_quality_assurance_reads_as_sentences():
    said = {"assurance": "two-assessors-on-a-sample", "standard": "mpos-2024"}
    assert quality_words(issuer(quality=said)) == (
        "Two assessors read a sample of the work. "
        "Standard: the MPOS quality assurance standards of 2024."
    )
    assert quality_words(issuer(quality={"assurance": "yearly-audit"})) == "Yearly audit."
    assert quality_words(issuer()) == ""


def test_versions_are_sorted_as_numbers():
    old, new = (credential("protocol", "protocols", version=one) for one in ("1.9.0", "1.10.0"))
    held = catalog(credentials={new.id: new}, versions={one.pinned: one for one in (old, new)})
    panel = page_at(addresses.credential_page("protocol"), held).find(
        ".//section[@aria-labelledby='versions']"
    )
    assert panel is not None
    assert [words(one).partition(",")[0] for one in panel.iter("li")] == ["1.10.0", "1.9.0"]


@pytest.mark.parametrize(
    ("state", "said"), [("active", "2 awards"), ("revoked", "1 award"), ("suspended", "1 award")]
)
def test_list_of_backpacks_counts_awards_that_stand(state: str, said: str):
    other = award(id=NEWER_ID, credential="norms-set@1.1.0", status={"state": state})
    item = page_at(addresses.BACKPACKS, catalog(award(), other)).find(".//ul[@class='people']/li")
    assert words(item) == f"Maya Osei-Łukasik {said}"


def test_backpack_of_which_nothing_stands_says_so_in_the_list():
    revoked = award(status={"state": "revoked", "on": "2016-06-09"})
    item = page_at(addresses.BACKPACKS, catalog(revoked)).find(".//ul[@class='people']/li")
    assert words(item) == "Maya Osei-Łukasik none in force"


def test_author_words_on_a_credential_s_page_name_their_language():
    own = credential("protocol", "protocols", fees="free", summary="Short.")
    held = catalog(credentials={own.id: own}, versions={own.pinned: own})
    held = replace(held, issuer=issuer(language="es", languages=["es", "en"]))
    root = page_at(addresses.credential_page("protocol"), held)
    assert sorted({words(one) for one in root.iter() if one.get("lang") == "es"}) == [
        "A.2 Protocols",
        "Free",
        "Leading teams",
        "Names the norms",
        "Running protocol",
        "Team leader",
        "The educator runs a meeting.",
        "Three are named.",
    ]
    assert [one for one in page_at(addresses.credential_page("protocol"), catalog()).iter()
            if one.get("lang")] == []  # fmt: skip
