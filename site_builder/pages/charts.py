# SPDX-License-Identifier: Apache-2.0
"""Charts as tables: a row per figure with its bar, its denominator and how it was counted."""

from __future__ import annotations

from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.insights import (
    Figure,
    figure_name,
    percent,
    program_figures,
    program_rounds,
    shared_rounds,
    totals,
)
from site_builder.model import Program, Survey
from site_builder.pages import labels
from site_builder.texts import date_words, number_words, pick, plain

FUNNEL = (
    "participants",
    "earners",
    "earners_at_least_",
    "completed",
    "earners_full_set",
    "accepted",
)
SMALL_BASE = 20  # below it no share in per cent: a share of a few people misleads


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart.

    Attributes:
        value: the number; None when it is hidden.
        share: length of the bar in hundredths of the track; no bar when None.
        detail: denominator and share in words, such as "of 191, 64 %"; of a hidden number the
            percentage, where only that was published.
        how: "reported" where a person typed it; empty where it was counted.
    """

    label: str
    value: int | None
    share: float | None
    detail: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A table with bars, or the reason why there is none."""

    id: str
    heading: str
    caption: str
    head: str
    unit: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...] = ()
    confidence: str | None = None


def funnel(catalog: Catalog, program: Program) -> Chart | None:
    """From joining to acceptance, each step with what it is a share of; None without steps."""
    figures = {figure.id: figure for figure in program_figures(catalog, program)}
    steps = [one for name in FUNNEL for one in figures.values() if _is_step(one.id, name)]
    steps = [one for one in steps if not _says_nothing(one, figures)]
    base = figures["participants"].value if "participants" in figures else None
    if not base or program.status == "planned":
        return None
    title = _words(catalog, program.title)
    return Chart(
        id=f"steps-{program.id}",
        heading=_finding(title, figures),
        caption=f"{title}, {program.school_year}, as of {date_words(program.ends)}.",
        head="Step",
        unit="Teachers",
        bars=tuple(_bar(one, base) for one in steps),
        notes=_notes(catalog, program, {one.id for one in steps}),
        confidence=_confidence(steps),
    )


def _is_step(figure_id: str, name: str) -> bool:
    return figure_id.startswith(name) if name.endswith("_") else figure_id == name


def _says_nothing(figure: Figure, figures: dict[str, Figure]) -> bool:
    """True for a step that another step tells as well, or better where it is hidden."""
    if figure.id == "completed":
        full = figures.get("earners_full_set")
        if full is not None and full.source and full.value == figure.value:
            return True
        return figure.is_suppressed and figure.share is None
    if figure.id != "earners_full_set" or figure.source:
        return False
    done = figures["completed"].value
    return done == figure.value or (figure.is_suppressed and "earners" in figures)


def _finding(title: str, figures: dict[str, Figure]) -> str:
    """The chart's heading: what it shows, in figures that may be shown."""
    for name in ("earners_full_set", "completed", "earners"):
        one = figures.get(name)
        if one is None or one.value is None or not one.of:
            continue
        if name == "earners_full_set" and not one.source:
            continue
        if name == "completed" and one.value == figures["earners"].value:
            continue  # to earn one and to complete is the same there: the plainer words
        count = number_words(one.value) if one.value <= one.of < 13 else str(one.value)
        of = number_words(one.of) if one.of < 13 else str(one.of)
        return f"{title}: {count} of {of} {one.label}"
    return title


def _bar(figure: Figure, base: int | None) -> Bar:
    how = "reported" if figure.how == "reported" else ""
    if figure.value is None:
        return Bar(_sentence(figure.label), None, None, _bare_share(figure), how)
    whole = base or figure.of or figure.value
    detail = f"of {figure.of:,}" if figure.of else ""
    if figure.percent is not None and (figure.of or 0) >= SMALL_BASE:
        detail += f", {figure.percent} %"
    return Bar(
        _sentence(figure.label),
        figure.value,
        100 * figure.value / whole if whole else None,
        detail,
        how,
    )


def _bare_share(figure: Figure) -> str:
    """The percentage that was published of a number that is hidden; empty without one."""
    return "" if figure.share is None else f"{figure.share} %"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def surveys(catalog: Catalog, program: Program) -> list[Chart]:
    """A chart of each survey that enough people answered."""
    threshold = catalog.issuer.publish.suppress_below
    asked = program.outcomes.surveys if program.outcomes else ()
    return [_survey(catalog, program, one) for one in asked if one.n >= threshold]


def _survey(catalog: Catalog, program: Program, one: Survey) -> Chart:
    """Answers of one survey, with n and who was asked."""
    prefix = f"survey:{one.id}:"
    figures = [
        figure for figure in program_figures(catalog, program) if figure.id.startswith(prefix)
    ]
    asked = labels.label(one.asked)
    among = (
        f"{one.n} of the {one.population}"
        if one.population and one.population != one.n
        else str(one.n)
    )
    several = (
        "several answers allowed, so shares may pass 100 %" if one.multiple else "one answer each"
    )
    question = _words(catalog, one.question) if one.question else f"What {asked.lower()} said"
    return Chart(
        id=f"survey-{program.id}-{one.id}",
        heading=question,
        caption=f"{_words(catalog, program.title)}, {program.school_year}. "
        f"Asked: {asked.lower()}; {several}, n = {among}. Reported.",
        head="Answer",
        unit="Teachers",
        bars=tuple(
            Bar(
                labels.label(figure.id.removeprefix(prefix)),
                figure.value,
                None if figure.value is None else 100 * figure.value / one.n,
                "" if figure.percent is None else f"{figure.percent} %",
            )
            for figure in figures
        ),
        notes=((_words(catalog, one.note),) if one.note else ())
        + _notes(catalog, program, {figure.id for figure in figures}),
        confidence=_confidence(figures),
    )


def rounds_chart(catalog: Catalog, program: Program | None = None) -> Chart | None:
    """Awards by the number of rounds they took; of one programme, or of all that add up safely."""
    table = shared_rounds(catalog) if program is None else program_rounds(catalog, program)
    if table is None:
        return None
    known = {number: count for number, count in table.awards.items() if count}
    usual = max(known, key=lambda number: (known[number], -number))
    where = (
        f"{_words(catalog, program.title)}, {table.of:,} awards"
        if program is not None
        else _all_of(catalog, table.of)
    )
    heading = {1: "Most work was accepted at once", 2: "The second try is the usual one"}.get(
        usual, f"Round {number_words(usual)} is the usual one"
    )
    return Chart(
        id=f"rounds-{program.id}" if program else "rounds",
        heading=heading,
        caption=f"Awards by number of rounds before they were accepted. {where}.",
        head="Rounds",
        unit="Awards",
        bars=tuple(
            Bar(
                _sentence(number_words(number)),
                count,
                None if count is None else 100 * count / max(known.values()),
                "" if count is None else f"{percent(count, table.of)} %",
            )
            for number, count in table.awards.items()
        ),
    )


def _all_of(catalog: Catalog, shown: int) -> str:
    """Which awards the shared table is about: all of them, or those that can be added up."""
    total = totals(catalog).awards
    if shown == total:
        return f"All programmes, {total:,} awards"
    return f"{shown:,} of {total:,} awards, those whose rounds can be shown"


def _notes(catalog: Catalog, program: Program, shown: set[str]) -> tuple[str, ...]:
    found = [
        _words(catalog, one.note)
        for one in program.published
        if one.note and figure_name(one.figure) in shown
    ]
    accepted = program.outcomes.accepted if program.outcomes else None
    if accepted is not None and "accepted" in shown:
        if accepted.note:
            found.append(_words(catalog, accepted.note))
        if accepted.into == "pool":
            found.append("Acceptance is a chance to interview. It does not promise a role or pay.")
    return tuple(dict.fromkeys(found))


def _confidence(figures: list[Figure]) -> str | None:
    words = {figure.confidence for figure in figures if figure.confidence}
    return "assumed" if "assumed" in words else next(iter(sorted(words)), None)


def _words(catalog: Catalog, text: dict[str, str]) -> str:
    return plain(pick(text, catalog.issuer.language, catalog.issuer.language).words)
