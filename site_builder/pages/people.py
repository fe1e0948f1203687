# SPDX-License-Identifier: Apache-2.0
"""Who issues, and whose backpacks are public."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder import addresses
from site_builder.directory import holders, roll
from site_builder.model import Issuer
from site_builder.pages.frame import CatalogPage, Frame
from site_builder.pages.labels import label

_QUALITY = {
    "two-assessors-on-a-sample": "Two assessors read a sample of the work",
    "mpos-2024": "Standard: the MPOS quality assurance standards of 2024",
}
_COUNTRIES = {"US": "United States", "CA": "Canada"}
# ISO 3166-2:US, the part after "US-"
_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
    "WY": "Wyoming",
}  # fmt: skip


def pages(frame: Frame) -> Iterator[CatalogPage]:
    """The list of public backpacks and the issuer's page."""
    yield _backpacks(frame)
    yield _issuer(frame)


def region_words(issuer: Issuer) -> str:
    """Where the issuer is: "New York, United States"; codes where we know no name."""
    region = issuer.region
    country = _COUNTRIES.get(region.country, region.country)
    if region.state is None:
        return country
    code = region.state.removeprefix(f"{region.country}-")
    state = _STATES.get(code, code) if region.country == "US" else code
    return f"{state}, {country}"


def quality_words(issuer: Issuer) -> str:
    """What the issuer says of its quality assurance, as sentences; empty where it says nothing."""
    quality = issuer.quality
    if quality is None:
        return ""
    said = [_QUALITY.get(one, label(one)) for one in (quality.assurance, quality.standard) if one]
    return " ".join(f"{one}." for one in said)


def _backpacks(frame: Frame) -> CatalogPage:
    known = frame.roll or roll(lambda: holders(frame.catalog))
    return frame.page(
        addresses.BACKPACKS,
        "backpack-list.html",
        title="Backpacks",
        description="Teachers who chose to show what they have earned.",
        section=addresses.BACKPACKS,
        is_index=True,
        known=known,
    )


def _issuer(frame: Frame) -> CatalogPage:
    issuer = frame.catalog.issuer
    return frame.page(
        addresses.ISSUER,
        "issuer.html",
        title=issuer.name,
        description=frame.words(issuer.description)
        or f"{issuer.name} issues the badges on this site.",
        crumb="Issuer",
        is_index=True,
        edit_path=frame.source("issuer", "issuer"),
        verify=addresses.VERIFY,
        region=region_words(issuer),
        quality=quality_words(issuer),
    )
