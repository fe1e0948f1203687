# SPDX-License-Identifier: Apache-2.0
"""Pathways: a list, and a page each with its rule in words, its blocks and what it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from site_builder import addresses
from site_builder.catalog import Catalog
from site_builder.feasibility import HOURS_A_WEEK, needed_hours, school_weeks
from site_builder.model import Credential, Pathway, Program, Rule
from site_builder.pages import labels
from site_builder.pages.environment import slot_class
from site_builder.pages.frame import CatalogPage, Frame
from site_builder.pathways import credentials_in, words
from site_builder.texts import amount_words, period_words, pick

LIST = (("Pathways", addresses.PATHWAYS),)


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a rule and the micro-credentials that answer to it."""

    words: str
    css: str
    code: str
    credentials: tuple[Credential, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """How much work a pathway asks for.

    Attributes:
        weekly: hours a school week when done within the window; None without one.
        is_heavy: True when that is more than `HOURS_A_WEEK`.
    """

    hours: Decimal
    window: str
    weekly: str | None
    is_heavy: bool


def pages(frame: Frame) -> Iterator[CatalogPage]:
    """The list, then a page per pathway."""
    catalog = frame.catalog
    yield frame.page(
        addresses.PATHWAYS,
        "pathway-list.html",
        title="Pathways",
        description="Sets of micro-credentials, the rule for each, and what it leads to.",
        section=addresses.PATHWAYS,
        is_index=True,
        entries=[
            (
                one,
                words(one.requires, catalog),
                credentials_in(one.requires, catalog),
                load(one, catalog),
            )
            for one in catalog.pathways.values()
        ],
        labels=labels,
    )
    for pathway in catalog.pathways.values():
        yield _page(frame, pathway)


def _page(frame: Frame, pathway: Pathway) -> CatalogPage:
    catalog = frame.catalog
    rule = words(pathway.requires, catalog)
    return frame.page(
        addresses.pathway_page(pathway.id),
        "pathway.html",
        title=frame.words(pathway.title),
        description=frame.words(pathway.description) or rule,
        section=addresses.PATHWAYS,
        crumbs=LIST,
        edit_path=frame.source("pathway", pathway.id),
        pathway=pathway,
        rule=rule,
        rows=rows(pathway.requires, catalog),
        size=len(credentials_in(pathway.requires, catalog)),
        load=load(pathway, catalog),
        roles=[catalog.roles[one.role] for one in pathway.leads_to if one.role in catalog.roles],
        completion=catalog.credentials.get(pathway.completion_credential or ""),
        programs=run_by(pathway, catalog.programs),
        labels=labels,
    )


def run_by(pathway: Pathway, programs: Mapping[str, Program]) -> list[Program]:
    """Programmes that asked for this pathway, in any of its versions, oldest first."""
    found = [
        one for one in programs.values() if (one.pathway or "").partition("@")[0] == pathway.id
    ]
    return sorted(found, key=lambda one: (one.starts, one.id))


def rows(rule: Rule, catalog: Catalog) -> list[Row]:
    """The rule as rows of a quilt: one per part where the rule has parts, else one."""
    parts = rule.all_of or rule.any_of or ()
    if any(part.credential is None for part in parts):
        return [row for part in parts for row in rows(part, catalog)]
    members = tuple(
        catalog.credentials[slug]
        for slug in credentials_in(rule, catalog)
        if slug in catalog.credentials
    )
    if rule.all_in is not None and rule.all_in.area is not None and members:
        place = catalog.place_of(members[0])
        if place is not None:
            default = catalog.issuer.language
            title = pick(place.area.title, default, default).words
            return [Row(title, slot_class(place.slot), place.area.code, members)]
    return [Row(words(rule, catalog), "a0", "", members)]


def load(pathway: Pathway, catalog: Catalog) -> Load:
    """Typical hours of the least work that meets the rule, and what they mean for a week."""
    hours = needed_hours(pathway.requires, catalog)
    if pathway.window is None or not hours:
        return Load(hours, "", None, is_heavy=False)
    weekly = hours / school_weeks(pathway.window)
    return Load(
        hours,
        period_words(pathway.window),
        amount_words(round(weekly, 1)),
        is_heavy=weekly > HOURS_A_WEEK,
    )
