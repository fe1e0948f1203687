# SPDX-License-Identifier: Apache-2.0
"""Who issues, whose backpacks are public, and how to check a badge."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder import addresses
from site_builder.model import Award, Teacher
from site_builder.pages.frame import CatalogPage, Frame

VERIFY = "verify/index.html"


def pages(frame: Frame) -> Iterator[CatalogPage]:
    """The list of public backpacks, the issuer's page and the page on checking."""
    yield _backpacks(frame)
    yield _issuer(frame)
    yield _checking(frame)


def public_backpacks(frame: Frame) -> list[tuple[Teacher, tuple[Award, ...]]]:
    """Teachers who chose to be listed, by sort name, with the counted awards they show."""
    catalog = frame.catalog
    listed = [one for one in catalog.backpacks if one.visibility == "public"]
    listed.sort(key=lambda one: (one.sort or one.name or "", one.id))
    found = []
    for teacher in listed:
        counted = tuple(
            award for award in catalog.shown_in_backpack(teacher) if catalog.is_counted(award)
        )
        if counted:
            found.append((teacher, counted))
    return found


def _backpacks(frame: Frame) -> CatalogPage:
    return frame.page(
        addresses.BACKPACKS,
        "backpack-list.html",
        title="Backpacks",
        description="Teachers who chose to show what they have earned.",
        section=addresses.BACKPACKS,
        is_index=True,
        entries=public_backpacks(frame),
        slug_of=addresses.backpack_slug,
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
        verify=VERIFY,
    )


def _checking(frame: Frame) -> CatalogPage:
    return frame.page(
        VERIFY,
        "checking.html",
        title="How to check a badge",
        description="How to check a badge from this issuer, and what a check does not tell.",
        section=VERIFY,
        crumb="Check a badge",
        is_index=True,
    )
