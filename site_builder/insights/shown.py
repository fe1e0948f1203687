# SPDX-License-Identifier: Apache-2.0
"""What may be shown: the counted figures after small numbers are hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from site_builder.catalog.types import Catalog
from site_builder.insights.counting import (
    Figure,
    head,
    raw_figures,
    raw_overview,
    rounds,
)
from site_builder.insights.suppression import (
    Published,
    given_away,
    hide,
    is_small,
    suppress,
    told,
)
from site_builder.insights.taking import census_of
from site_builder.model import Program

_ADDED_UP = ("awards", "earners")  # figures of a programme that also stand as a total over all
_BASE_OF_EARNERS = ("earners", "completed", "earners_full_set")
_OUTSIDE = ""  # no programme has an empty id


def program_figures(catalog: Catalog, program: Program) -> tuple[Figure, ...]:
    """The figures a page may show for a programme; see docs/reference/figures.md for the rule."""
    shown = _guarded(catalog, program, raw_figures(catalog, program))
    if program.counted:
        for name in _told_by_totals(catalog).get(program.id, ()):
            shown[name] = hide(shown[name])
    return tuple(_with_base(one, program, shown) for one in shown.values())


def _guarded(
    catalog: Catalog, program: Program, figures: Mapping[str, Figure]
) -> dict[str, Figure]:
    """Each figure by itself and beside those of its own programme."""
    published = Published(program.published)
    threshold = catalog.issuer.publish.suppress_below
    confidence = "assumed" if program.assumed else None
    if confidence is None and program.outcomes is not None:
        confidence = program.outcomes.confidence
    free = told(catalog, program, figures, published)
    shown = {}
    for raw in figures.values():
        figure = replace(raw, confidence=confidence)
        shown[raw.id] = figure if raw.id in free else published.guarded(figure, threshold)
    for survey in program.outcomes.surveys if program.outcomes else ():
        public = {*published.counts, *published.shares}
        for name in given_away(survey, shown, public, threshold):
            shown[name] = hide(shown[name])
    return shown


def _with_base(figure: Figure, program: Program, shown: Mapping[str, Figure]) -> Figure:
    """The figure without its denominator where that is hidden itself."""
    base = "participants" if figure.id.startswith(_BASE_OF_EARNERS) else ""
    accepted = program.outcomes.accepted if program.outcomes else None
    if figure.id == "accepted" and accepted is not None:
        base = accepted.of
    return replace(figure, of=None) if base in shown and shown[base].is_suppressed else figure


@lru_cache(maxsize=2)
def _told_by_totals(catalog: Catalog) -> dict[str, list[str]]:
    """What to hide because the total over all would give it, or another one, away.

    Returns:
        names of figures by programme; those that are small themselves are among them.
    """
    found: dict[str, list[str]] = {}
    for name in _ADDED_UP:
        raw = {
            program.id: {one.id: one for one in head(catalog, program)}
            for program in catalog.programs.values()
            if program.counted
        }
        for program_id in _not_shown(catalog, name, raw):
            found.setdefault(program_id, []).append(name)
    return found


def _not_shown(catalog: Catalog, name: str, raw: Mapping[str, Mapping[str, Figure]]) -> set[str]:
    """Programmes whose figure `name` stays hidden beside the others and the total."""
    threshold = catalog.issuer.publish.suppress_below
    cells: dict[str, int] = {}
    hidden, public = set(), set()
    for program_id, figures in raw.items():
        program = catalog.programs[program_id]
        published = Published(program.published)
        cells[program_id] = figures[name].value or 0
        if name in published.counts or name in told(catalog, program, figures, published):
            public.add(program_id)
        elif published.guarded(figures[name], threshold).is_suppressed:
            hidden.add(program_id)
    # Awards outside programmes are shown nowhere: they are one more hidden number.
    total = raw_overview(catalog)[name].value or 0
    cells[_OUTSIDE] = max(0, total - sum(cells.values()))
    if hidden and cells[_OUTSIDE]:
        hidden.add(_OUTSIDE)
    safe = suppress(cells, threshold, hidden=hidden, public=public)
    return {one for one, value in safe.items() if value is None and one != _OUTSIDE}


@dataclass(frozen=True, slots=True)
class Rounds:
    """Awards by the number of rounds they took, and how many awards that are; None is hidden."""

    awards: Mapping[int, int | None]
    of: int


def _recorded(cells: Mapping[int, int]) -> dict[int, int]:
    """Without awards that came with no record of their rounds."""
    return {number: count for number, count in sorted(cells.items()) if number}


def program_rounds(catalog: Catalog, program: Program) -> Rounds | None:
    """A programme's awards by rounds, small numbers hidden; None where it has too few awards."""
    cells = _recorded(rounds(catalog, program))
    threshold = catalog.issuer.publish.suppress_below
    figures = {one.id: one for one in program_figures(catalog, program)}
    if sum(cells.values()) < threshold or figures["awards"].is_suppressed:
        return None
    safe = suppress(cells, threshold)
    return Rounds(safe, sum(cells.values())) if any(safe.values()) else None


def shared_rounds(catalog: Catalog) -> Rounds | None:
    """Awards by rounds over all programmes that can be added up without telling a small number.

    Tables that hide something stay out, so taking off those that are shown leaves nothing to find.
    Awards of programmes without a table, and of no programme, count as one programme more.
    """
    cells: Counter[int] = Counter()
    rest: Counter[int] = Counter()
    for name, run in census_of(catalog).programs.items():
        program = catalog.programs.get(name)
        table = program_rounds(catalog, program) if program and program.counted else None
        rest.update(_recorded(run.later))
        if table is None:
            rest.update(_recorded(run.counted))
        elif None not in table.awards.values():
            cells.update(_recorded(run.rounds))
    threshold = catalog.issuer.publish.suppress_below
    if not any(is_small(count, threshold) for count in rest.values()):
        cells.update(rest)
    return Rounds(_recorded(cells), cells.total()) if cells else None


def overview(catalog: Catalog) -> tuple[Figure, ...]:
    """The totals a page may show."""
    published = Published(catalog.issuer.published)
    threshold = catalog.issuer.publish.suppress_below
    raw = raw_overview(catalog)
    figures = [
        replace(published.guarded(raw[name], threshold), note=assumed_note(catalog, name))
        for name in _ADDED_UP
    ]
    several = raw["several_rounds"]
    if several.id not in published:
        several = _several(catalog, several)
    return (*figures, published.guarded(several, threshold), raw["micro_credentials"])


def _several(catalog: Catalog, figure: Figure) -> Figure:
    """How many took two rounds or more, of the awards the shared table of rounds is about."""
    table = shared_rounds(catalog)
    if table is None:
        return replace(hide(figure), of=None)
    value = sum(count or 0 for number, count in table.awards.items() if number > 1)
    note = "of the awards whose numbers of rounds can be shown" if table.of != figure.of else ""
    return replace(figure, value=value, of=table.of, note=note)


def assumed_note(catalog: Catalog, *totals: str) -> str:
    """How much of these totals comes from programmes whose figures are assumed; empty if nothing.

    Args:
        totals: "awards", "earners" or both.
    """
    programs = [one for one in catalog.programs.values() if one.assumed and one.counted]
    shown = [{one.id: one for one in program_figures(catalog, program)} for program in programs]
    shown = [figures for figures in shown if figures["awards"].value != 0]
    if not shown:
        return ""
    parts = []
    for name in totals:
        values = [figures[name].value for figures in shown]
        known = [value for value in values if value is not None]
        number = f"{sum(known):,} " if len(known) == len(values) else ""
        parts.append(number + {"awards": "awards", "earners": "teachers"}[name])
    whose = "a programme" if len(shown) == 1 else "programmes"
    return f"includes {' and '.join(parts)} of {whose} whose figures are assumed"


def earner_counts(catalog: Catalog) -> dict[str, int | None]:
    """Teachers who earned each micro-credential, by slug; None where it may not be shown."""
    cells = dict(sorted(census_of(catalog).earners.items()))
    return suppress(cells, catalog.issuer.publish.suppress_below)


def awards_by_month(catalog: Catalog) -> dict[str, int | None]:
    """Counted awards per month ("2016-03"), small months hidden."""
    months = dict(sorted(census_of(catalog).months.items()))
    return suppress(months, catalog.issuer.publish.suppress_below)
