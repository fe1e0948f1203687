# SPDX-License-Identifier: Apache-2.0
"""What is counted: every figure as it is, small ones included; for the check, not for a page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from site_builder.catalog.census import Run, Totals
from site_builder.catalog.types import Catalog
from site_builder.insights.taking import census, census_of
from site_builder.model import Program, Survey
from site_builder.pathways import credentials_in

How = Literal["counted", "reported"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its denominator and where it comes from.

    Attributes:
        id: stable name, such as `earners` or `survey:why-not:not-required`.
        value: the number; None when unknown or hidden.
        of: the denominator, with what it counts in `of_label`; None when there is none.
        how: "counted" from award files, or "reported" in the programme's file.
        confidence: "preliminary" or "assumed" where the programme says so.
        source: the publication that printed this figure first, if one did.
        note: what to know about it, as a sentence without its stop.
        is_suppressed: True when the value is hidden because it, or what it would tell, is small.
        share: the published percentage of a value that is hidden.
    """

    id: str
    label: str
    value: int | None
    of: int | None = None
    of_label: str = ""
    how: How = "counted"
    confidence: str | None = None
    source: str | None = None
    note: str = ""
    is_suppressed: bool = False
    share: int | None = None

    @property
    def percent(self) -> int | None:
        """Share of the denominator in whole percent, halves up."""
        if self.share is not None:
            return self.share
        return None if self.value is None or not self.of else percent(self.value, self.of)


def percent(value: int, of: int) -> int:
    """`value` of `of` in whole percent, halves rounded up; `of` is above 0."""
    return (200 * value + of) // (2 * of)


def figure_name(published: str) -> str:
    """The figure a name under `published:` is about: `completed` for `completed_percent`."""
    return published.removesuffix("_percent")


def is_share(published: str) -> bool:
    """True when a name under `published:` gives a percentage; a survey answer always does."""
    return published.endswith("_percent") or published.startswith("survey:")


def run_of(catalog: Catalog, program: Program) -> Run:
    """The counts of a programme; all 0 where it has no awards."""
    return census_of(catalog).programs.get(program.id, Run())


def completed(catalog: Catalog, program: Program) -> int | None:
    """Teachers who met the programme's pathway by its last day; None without a pathway."""
    has_pathway = (program.pathway or "") in catalog.pathway_versions
    return run_of(catalog, program).completed if has_pathway else None


def head(catalog: Catalog, program: Program) -> tuple[Figure, Figure]:
    """Awards and earners: the figures of a programme that also stand as totals over all."""
    run = run_of(catalog, program)
    label = "who joined" if program.joined is not None else ""
    return (
        Figure("awards", "credentials awarded", run.awards),
        Figure("earners", "earned at least one", run.earners, program.joined, label),
    )


def raw_figures(catalog: Catalog, program: Program) -> dict[str, Figure]:
    """Every figure of a programme by id, small ones included: for the check, never for a page."""
    number, earners = head(catalog, program)
    found = [
        number,
        earners,
        *_joined(program),
        *_completions(catalog, program, earners.of_label),
    ]
    accepted = program.outcomes.accepted if program.outcomes else None
    if accepted is not None:
        base = completed(catalog, program) if accepted.of == "completed" else earners.value
        of_label = "who completed" if accepted.of == "completed" else "who earned one"
        into = _INTO[accepted.into]
        found.append(Figure("accepted", into, accepted.count, base, of_label, "reported"))
    for survey in program.outcomes.surveys if program.outcomes else ():
        found.extend(answers(survey))
    return {figure.id: figure for figure in found}


_INTO = {"role": "accepted into the role", "pool": "accepted into the candidate pool"}


def _joined(program: Program) -> Iterator[Figure]:
    planned, joined = program.participants_planned, program.joined
    if program.eligible is not None:
        yield Figure("eligible", "could have taken part", program.eligible, how="reported")
    if joined is not None:
        yield Figure("participants", "joined", joined, how="reported")
    elif planned is not None:
        yield Figure("participants_planned", "planned to join", planned, how="reported")


def _completions(catalog: Catalog, program: Program, label: str) -> Iterator[Figure]:
    pathway = catalog.pathway_versions.get(program.pathway or "")
    if pathway is None:
        return
    run, joined = run_of(catalog, program), program.joined
    members = len(credentials_in(pathway.requires, catalog))
    full = _with_at_least(run, members)
    yield Figure("completed", "completed the pathway", run.completed, joined, label)
    yield Figure("earners_full_set", _all_of(members), full, joined, label)
    for wanted in program.published:
        if match := re.fullmatch(r"earners_at_least_([0-9]{1,3})", wanted.figure):
            needed = int(match[1])
            many = _with_at_least(run, needed)
            said = f"earned at least {needed} of {members}"
            yield Figure(wanted.figure, said, many, joined, label)


def _with_at_least(run: Run, needed: int) -> int:
    """Teachers who held `needed` or more of what the pathway names."""
    return sum(teachers for held, teachers in run.held.items() if held >= needed)


def _all_of(members: int) -> str:
    return "earned the one it names" if members == 1 else f"earned all {members}"


def answers(survey: Survey) -> Iterator[Figure]:
    for answer, count in survey.answers.items():
        yield Figure(
            f"survey:{survey.id}:{answer}",
            answer.replace("-", " "),
            count,
            of=survey.n,
            of_label="who answered",
            how="reported",
        )


def rounds(catalog: Catalog, program: Program) -> dict[int, int]:
    """Awards of a programme by the number of rounds they took; not yet guarded."""
    return dict(sorted(run_of(catalog, program).rounds.items()))


def totals(catalog: Catalog, as_of: dt.date | None = None) -> Totals:
    """What enters the totals over all programmes; see `raw_overview`."""
    counted = census_of(catalog).totals
    if as_of not in counted and as_of is not None and catalog.census is None:
        counted = census(catalog, (as_of,)).totals
    return counted[as_of]


def raw_overview(catalog: Catalog, as_of: dt.date | None = None) -> dict[str, Figure]:
    """The totals over all counted programmes by id, for the check.

    Args:
        catalog: the checked catalog.
        as_of: leaves out what was issued later; None counts everything.

    Raises:
        KeyError: a catalog without people was not counted as of this day, because nothing was
            published as of it.
    """
    found = totals(catalog, as_of)
    several = found.several
    figures = (
        Figure("awards", "credentials awarded", found.awards),
        Figure("earners", "teachers who earned one or more", found.earners),
        Figure(
            "several_rounds", "accepted after two or more rounds", several, found.awards, "awards"
        ),
        Figure("micro_credentials", "micro-credentials offered", len(catalog.counted_credentials)),
    )
    return {figure.id: figure for figure in figures}
