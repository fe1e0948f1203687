# SPDX-License-Identifier: Apache-2.0
"""What is counted: every figure as it is, small ones included; for the check, not for a page."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from site_builder.catalog.types import Catalog
from site_builder.model import Award, Program, Survey
from site_builder.pathways import Held, credentials_in, evaluate

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


def counts(award: Award, catalog: Catalog) -> bool:
    """True when an award enters the totals over all programmes."""
    return _was_earned(award, catalog) and catalog.is_counted(award)


def _was_earned(award: Award, catalog: Catalog) -> bool:
    """True for what any figure counts: issued, not revoked, and no completion credential."""
    return (
        award.issued is not None
        and award.status.state != "revoked"
        and not is_completion(award, catalog)
    )


def is_completion(award: Award, catalog: Catalog) -> bool:
    """True for the credential of a whole pathway, which is never added to what it consists of."""
    credential = catalog.versions.get(award.credential)
    return credential is not None and credential.class_ == "completion"


def program_awards(catalog: Catalog, program: Program) -> tuple[Award, ...]:
    """Awards of one programme up to its last day, oldest first.

    Revoked ones and completion credentials are left out. Counted even where the programme itself
    stays out of the totals.
    """
    return awards_by_program(catalog).get(program.id, ())


@lru_cache(maxsize=2)
def awards_by_program(catalog: Catalog) -> dict[str, tuple[Award, ...]]:
    """The awards that enter each programme's figures, by its id; see `program_awards`."""
    found: dict[str, list[Award]] = {}
    for award in catalog.awards.values():
        program = catalog.programs.get(award.program or "")
        if program is None or award.issued is None or award.issued > program.ends:
            continue
        if _was_earned(award, catalog):
            found.setdefault(program.id, []).append(award)
    return {
        name: tuple(sorted(awards, key=lambda one: (str(one.issued), one.id)))
        for name, awards in found.items()
    }


def _held_by(awards: Iterable[Award], day: dt.date) -> dict[str, dict[str, Award]]:
    """What each teacher held at the end of `day`, by teacher and credential slug."""
    people: dict[str, dict[str, Award]] = {}
    for award in awards:
        if award.expires is None or award.expires >= day:
            people.setdefault(award.teacher, {})[award.credential_slug] = award
    return people


def completed(catalog: Catalog, program: Program) -> int | None:
    """Teachers who met the programme's pathway by its last day; None without a pathway."""
    pathway = catalog.pathway_versions.get(program.pathway or "")
    if pathway is None:
        return None
    people = _held_by(program_awards(catalog, program), program.ends)
    return sum(evaluate(pathway.requires, have, catalog).is_met for have in people.values())


def _with_at_least(people: Mapping[str, Held], needed: int, members: tuple[str, ...]) -> int:
    return sum(len(set(have) & set(members)) >= needed for have in people.values())


def head(program: Program, awards: tuple[Award, ...]) -> tuple[Figure, Figure]:
    """Awards and earners: the figures of a programme that also stand as totals over all."""
    earners = len({award.teacher for award in awards})
    label = "who joined" if program.joined is not None else ""
    return (
        Figure("awards", "credentials awarded", len(awards)),
        Figure("earners", "earned at least one", earners, program.joined, label),
    )


def raw_figures(catalog: Catalog, program: Program) -> dict[str, Figure]:
    """Every figure of a programme by id, small ones included: for the check, never for a page."""
    awards = program_awards(catalog, program)
    number, earners = head(program, awards)
    found = [
        number,
        earners,
        *_joined(program),
        *_completions(catalog, program, awards, earners.of_label),
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


def _completions(
    catalog: Catalog, program: Program, awards: tuple[Award, ...], label: str
) -> Iterator[Figure]:
    pathway = catalog.pathway_versions.get(program.pathway or "")
    if pathway is None:
        return
    people, joined = _held_by(awards, program.ends), program.joined
    members = credentials_in(pathway.requires, catalog)
    full = _with_at_least(people, len(members), members)
    done = completed(catalog, program)
    yield Figure("completed", "completed the pathway", done, joined, label)
    yield Figure("earners_full_set", _all_of(len(members)), full, joined, label)
    for wanted in program.published:
        if match := re.fullmatch(r"earners_at_least_([0-9]{1,3})", wanted.figure):
            needed = int(match[1])
            many = _with_at_least(people, needed, members)
            said = f"earned at least {needed} of {len(members)}"
            yield Figure(wanted.figure, said, many, joined, label)


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
    return dict(
        sorted(Counter(len(award.rounds) for award in program_awards(catalog, program)).items())
    )


def counted_awards(catalog: Catalog) -> tuple[Award, ...]:
    """Every award that enters the totals, sorted by id."""
    return tuple(award for _, award in sorted(catalog.awards.items()) if counts(award, catalog))


def raw_overview(catalog: Catalog, as_of: dt.date | None = None) -> dict[str, Figure]:
    """The totals over all counted programmes by id, for the check.

    Args:
        catalog: the checked catalog.
        as_of: leaves out what was issued later; None counts everything.
    """
    awards = [
        award
        for award in counted_awards(catalog)
        if as_of is None or (award.issued is not None and award.issued <= as_of)
    ]
    several = sum(len(award.rounds) > 1 for award in awards)
    figures = (
        Figure("awards", "credentials awarded", len(awards)),
        Figure(
            "earners", "teachers who earned one or more", len({award.teacher for award in awards})
        ),
        Figure(
            "several_rounds", "accepted after two or more rounds", several, len(awards), "awards"
        ),
        Figure("micro_credentials", "micro-credentials offered", len(catalog.counted_credentials)),
    )
    return {figure.id: figure for figure in figures}
