# SPDX-License-Identifier: Apache-2.0
"""The first page, for each kind of visitor: what this is, where to start, what has come of it."""

from __future__ import annotations

from site_builder import addresses
from site_builder.insights import (
    Figure,
    assumed_note,
    census_of,
    overview,
    program_figures,
)
from site_builder.pages.areas import Group, groups
from site_builder.pages.frame import CatalogPage, Frame
from site_builder.pathways import credentials_in
from site_builder.texts import month_words, number_words

QUILT_ROWS = 4  # more would push the words off a laptop's screen


def page(frame: Frame) -> CatalogPage:
    """The home page; its figures are the ones of the insights page."""
    catalog = frame.catalog
    shown = groups(catalog)
    months = census_of(catalog).months
    totals = overview(catalog)
    return frame.page(
        addresses.HOME,
        "home.html",
        title=catalog.issuer.name,
        description=frame.words(catalog.issuer.description)
        or "Small credentials for educators, earned by showing evidence from your own work.",
        is_index=True,
        groups=shown,
        quilt=_quilt(frame, shown),
        offered=len(catalog.counted_credentials),
        figures=_figures(frame, totals),
        assumed=assumed_note(catalog, "awards", "earners"),
        since=month_words(min(months)) if months else "",
        areas_in_words=number_words(len(shown)).capitalize(),
        hours=_hours(shown),
        usually_returns=any(
            one.id == "several_rounds" and (one.percent or 0) >= 50 for one in totals
        ),
        verify=addresses.VERIFY,
    )


def _quilt(frame: Frame, shown: tuple[Group, ...]) -> tuple[str, tuple[Group, ...]]:
    """The largest pathway's title and its areas, for the picture beside the first words."""
    pathways = sorted(
        frame.catalog.pathways.values(),
        key=lambda one: -len(credentials_in(one.requires, frame.catalog)),
    )
    for pathway in pathways[:1]:
        members = set(credentials_in(pathway.requires, frame.catalog))
        rows = tuple(group for group in shown if members & {one.id for one in group.credentials})
        return frame.words(pathway.title), rows[:QUILT_ROWS]
    return "", shown[:QUILT_ROWS]


def _figures(frame: Frame, totals: tuple[Figure, ...]) -> list[tuple[str, str]]:
    """What the page counts up: (number, what it counts), the hidden ones left out."""
    found = []
    for figure in totals:
        if figure.value is None or figure.id == "micro_credentials":
            continue
        if figure.of:
            base = f"{figure.value:,} of {figure.of:,} {figure.of_label}"
            found.append((f"{figure.percent} %", f"{figure.label}: {base}"))
        else:
            found.append((f"{figure.value:,}", figure.label))
    for program in frame.catalog.programs.values():
        full = next(
            (one for one in program_figures(frame.catalog, program) if _is_full_set(one)), None
        )
        if full is not None and program.counted:
            found.append((f"{full.value:,}", f"{full.label}, of {full.of} {full.of_label}"))
            break
    return found


def _is_full_set(figure: Figure) -> bool:
    return (
        figure.id == "earners_full_set" and figure.value is not None and figure.source is not None
    )


def _hours(shown: tuple[Group, ...]) -> tuple[int, int] | None:
    """Fewest and most typical hours of one micro-credential."""
    typical = [
        int(one.workload.hours.typical)
        for group in shown
        for one in group.credentials
        if one.workload is not None
    ]
    return (min(typical), max(typical)) if typical else None
