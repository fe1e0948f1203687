# SPDX-License-Identifier: Apache-2.0
"""Checks of figures: what was typed or published elsewhere against what is counted here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from site_builder.checks.context import Context, meant
from site_builder.insights import Figure, figure_name, is_share, raw_figures, raw_overview
from site_builder.model import Issuer, Program, PublishedFigure
from site_builder.problems import Problem, quoted
from site_builder.records import Record
from site_builder.texts import amount_words


def check_figures(context: Context) -> Iterator[Problem]:
    """Published figures are recounted; typed ones may not contradict counted ones."""
    if context.records.unread:
        return  # a file that cannot be read would show as a wrong count
    for record in context.records.of("issuer").values():
        if isinstance(record.entry, Issuer):
            for index, wanted in enumerate(record.entry.published):
                figures = raw_overview(context.catalog, wanted.as_of)
                yield from _recount(record, index, wanted, figures, "the award files")
    for record in context.records.of("program").values():
        if isinstance(record.entry, Program):
            figures = raw_figures(context.catalog, record.entry)
            for index, wanted in enumerate(record.entry.published):
                yield from _recount(
                    record, index, wanted, figures, f"the programme {quoted(record.id)}"
                )
            yield from _contradictions(record, record.entry, figures)


def _recount(
    record: Record, index: int, wanted: PublishedFigure, figures: Mapping[str, Figure], where: str
) -> Iterator[Problem]:
    name = figure_name(wanted.figure)
    in_percent = is_share(wanted.figure)
    figure = figures.get(name)
    if figure is None:
        known = [*figures, *(f"{one}_percent" for one, figure in figures.items() if figure.of)]
        yield Problem(
            "FG002",
            record.place("published", index, "figure"),
            f"no figure {quoted(wanted.figure)} is counted here.",
            meant(wanted.figure, known),
        )
        return
    now = figure.percent if in_percent else figure.value
    if now is not None and Decimal(now) == wanted.value:
        return
    counted = "reported" if figure.how == "reported" else "counted"
    shown = "nothing" if now is None else f"{now} %" if in_percent else str(now)
    base = f" ({figure.value} of {figure.of})" if in_percent and figure.of else ""
    yield Problem(
        "FG001",
        record.place("published", index, "value"),
        f"the figure {quoted(wanted.figure)} was published as {amount_words(wanted.value)}, but "
        f"{shown}{base} is {counted} in {where}.",
        f"Published in {quoted(wanted.source)}: find the record that was added or lost, or correct "
        "the figure.",
    )


def _contradictions(
    record: Record, program: Program, figures: Mapping[str, Figure]
) -> Iterator[Problem]:
    joined, earners = program.joined, figures["earners"].value or 0
    if joined is not None and earners > joined:
        yield Problem(
            "FG003",
            record.place("participants"),
            f"{earners} teachers earned an award, but only {joined} are said to have joined.",
            "Correct the number of participants.",
        )
    yield from _cohorts(record, program)
    yield from _groups(record, program, figures)
    if program.eligible is not None and joined is not None and joined > program.eligible:
        yield Problem(
            "FG003",
            record.place("eligible"),
            f"{joined} joined, but only {program.eligible} are said to be eligible.",
            "Correct one of the two.",
        )


def _cohorts(record: Record, program: Program) -> Iterator[Problem]:
    sizes = [cohort.participants for cohort in program.cohorts]
    known = [size for size in sizes if size is not None]
    is_whole = program.participants is not None and sizes and len(known) == len(sizes)
    if is_whole and sum(known) != program.participants:
        yield Problem(
            "FG003",
            record.place("participants"),
            f"participants is {program.participants}, but the cohorts add up to {sum(known)}.",
            "Correct one of the two.",
        )
    for index, cohort in enumerate(program.cohorts):
        schools = sum(cohort.by_school.values())
        if cohort.by_school and cohort.participants is not None and schools != cohort.participants:
            yield Problem(
                "FG003",
                record.place("cohorts", index, "by_school"),
                f"the schools add up to {schools}, but the cohort has {cohort.participants} "
                "participants.",
                "Correct one of the two.",
            )


def _groups(record: Record, program: Program, figures: Mapping[str, Figure]) -> Iterator[Problem]:
    """The accepted come from those who completed or earned; who answered, from those asked."""
    outcomes, accepted = program.outcomes, figures.get("accepted")
    if outcomes is None:
        return
    if accepted is not None and accepted.of is not None and (accepted.value or 0) > accepted.of:
        yield Problem(
            "FG003",
            record.place("outcomes", "accepted", "count"),
            f"{accepted.value} were accepted of {accepted.of} {accepted.of_label}.",
            "Correct the count: nobody outside that group can be accepted.",
        )
    for index, survey in enumerate(outcomes.surveys):
        if survey.population is not None and survey.n > survey.population:
            yield Problem(
                "FG003",
                record.place("outcomes", "surveys", index, "n"),
                f"{survey.n} answered, but only {survey.population} were asked.",
                "Correct one of the two.",
            )
