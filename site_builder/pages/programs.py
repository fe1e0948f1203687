# SPDX-License-Identifier: Apache-2.0
"""Programmes: a list, and a page each with supports, inducements, outcomes and what changed."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder import addresses
from site_builder.insights import Figure, program_figures
from site_builder.model import Inducement, Program
from site_builder.pages import labels
from site_builder.pages.charts import Chart, funnel, rounds_chart, surveys
from site_builder.pages.frame import CatalogPage, Frame

LIST = (("Programmes", addresses.PROGRAMS),)
STATUS = {"planned": "Planned", "running": "Running", "completed": "Completed"}


def in_order(frame: Frame) -> list[Program]:
    """Programmes that enter figures, oldest first; samples stay out of lists."""
    counted = [one for one in frame.catalog.programs.values() if one.counted]
    return sorted(counted, key=lambda one: (one.school_year, one.starts, one.id))


def pages(frame: Frame) -> Iterator[CatalogPage]:
    """The list, then a page per programme, the uncounted ones included."""
    yield frame.page(
        addresses.PROGRAMS,
        "program-list.html",
        title="Programmes",
        description="What each programme asked, the support it gave, what came of it.",
        section=addresses.PROGRAMS,
        is_index=True,
        programs=[(one, key_figures(frame, one)) for one in in_order(frame)],
        status=STATUS,
        labels=labels,
    )
    for program in frame.catalog.programs.values():
        yield _page(frame, program)


def key_figures(frame: Frame, program: Program) -> dict[str, Figure]:
    """A programme's figures by id, small ones hidden."""
    return {figure.id: figure for figure in program_figures(frame.catalog, program)}


def offers(frame: Frame, program: Program) -> list[str]:
    """What was offered, in the programme's careful words where it has them, else in ours."""
    return [_offer(frame, one) for one in program.inducements]


def _offer(frame: Frame, one: Inducement) -> str:
    return frame.words(one.text) if one.text else labels.inducement(one)


def _page(frame: Frame, program: Program) -> CatalogPage:
    catalog = frame.catalog
    title = frame.words(program.title)
    charts: list[Chart | None] = [funnel(catalog, program), rounds_chart(catalog, program)]
    charts.extend(surveys(catalog, program))
    upcoming = catalog.programs.get(program.next.program or "") if program.next else None
    return frame.page(
        addresses.program_page(program.id),
        "program.html",
        title=f"{title}, {program.school_year}",
        description=frame.words(program.description) or f"{title}, {program.school_year}.",
        section=addresses.PROGRAMS,
        crumbs=LIST,
        crumb=title,
        edit_path=frame.source("program", program.id),
        program=program,
        pathway=catalog.pathway_versions.get(program.pathway or ""),
        figures=key_figures(frame, program),
        offers=offers(frame, program),
        charts=[one for one in charts if one is not None] if program.counted else [],
        upcoming=upcoming,
        status=STATUS,
        confidence="assumed"
        if program.assumed
        else (program.outcomes.confidence if program.outcomes else None),
        labels=labels,
    )
