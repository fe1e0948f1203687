# SPDX-License-Identifier: Apache-2.0
"""Counted figures: awards, earners, completions, rounds; small numbers hidden.

Counted as of each programme's last day, never today, so that a figure once published stays what
it was. Revoked awards count nowhere; suspended, superseded and withdrawn ones stay in history.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from site_builder.catalog.types import Catalog
from site_builder.model import Award, Program, PublishedFigure, Survey
from site_builder.pathways import Held, credentials_in, evaluate

K = TypeVar("K")
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
        is_suppressed: True when the value is hidden because it is small.
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

    @property
    def percent(self) -> int | None:
        """Share of the denominator in whole percent, halves up."""
        return None if self.value is None or not self.of else percent(self.value, self.of)


def percent(value: int, of: int) -> int:
    """`value` of `of` in whole percent, halves rounded up; `of` is above 0."""
    return (200 * value + of) // (2 * of)


def counts(award: Award, catalog: Catalog) -> bool:
    """True when an issued award enters figures."""
    return (
        award.issued is not None and award.status.state != "revoked" and catalog.is_counted(award)
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
    return tuple(
        sorted(
            (
                award
                for award in catalog.awards.values()
                if award.program == program.id
                and award.issued is not None
                and award.issued <= program.ends
                and award.status.state != "revoked"
                and not is_completion(award, catalog)
            ),
            key=lambda one: (str(one.issued), one.id),
        )
    )


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


def raw_figures(catalog: Catalog, program: Program) -> dict[str, Figure]:
    """Every figure of a programme by id, small ones included: for the check, never for a page."""
    awards = program_awards(catalog, program)
    earners = len({award.teacher for award in awards})
    joined = program.joined
    label = "who joined" if joined is not None else ""
    found = [
        Figure("awards", "credentials awarded", len(awards)),
        Figure("earners", "earned at least one", earners, joined, label),
        *_joined(program),
        *_completions(catalog, program, awards, label),
    ]
    accepted = program.outcomes.accepted if program.outcomes else None
    if accepted is not None:
        base = completed(catalog, program) if accepted.of == "completed" else earners
        of_label = "who completed" if accepted.of == "completed" else "who earned one"
        into = _INTO[accepted.into]
        found.append(Figure("accepted", into, accepted.count, base, of_label, "reported"))
    for survey in program.outcomes.surveys if program.outcomes else ():
        found.extend(_answers(survey))
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
    yield Figure("earners_full_set", f"earned all {len(members)}", full, joined, label)
    for wanted in program.published:
        if match := re.fullmatch(r"earners_at_least_([0-9]{1,3})", wanted.figure):
            needed = int(match[1])
            many = _with_at_least(people, needed, members)
            said = f"earned at least {needed} of {len(members)}"
            yield Figure(wanted.figure, said, many, joined, label)


def _answers(survey: Survey) -> Iterator[Figure]:
    for answer, count in survey.answers.items():
        yield Figure(
            f"survey:{survey.id}:{answer}",
            answer.replace("-", " "),
            count,
            of=survey.n,
            of_label="who answered",
            how="reported",
        )


def program_figures(catalog: Catalog, program: Program) -> tuple[Figure, ...]:
    """The figures a page may show for a programme: small ones hidden unless already public."""
    public = {_base(one.figure): one for one in program.published}
    confidence = "assumed" if program.assumed else None
    if confidence is None and program.outcomes is not None:
        confidence = program.outcomes.confidence
    threshold = catalog.issuer.publish.suppress_below
    shown = {
        figure.id: _guarded(
            replace(figure, confidence=confidence), public.get(figure.id), threshold
        )
        for figure in raw_figures(catalog, program).values()
    }
    for survey in program.outcomes.surveys if program.outcomes else ():
        if not survey.multiple:
            for name in _given_away(survey, shown, set(public)):
                shown[name] = replace(shown[name], value=None, is_suppressed=True)
    return tuple(shown.values())


def _given_away(survey: Survey, shown: Mapping[str, Figure], public: set[str]) -> list[str]:
    """The answer to hide as well, where the answers' sum would tell the one that is hidden."""
    names = [figure.id for figure in _answers(survey)]
    hidden = [name for name in names if shown[name].is_suppressed]
    if len(hidden) != 1 or sum(survey.answers.values()) != survey.n:
        return []
    others = [(shown[name].value or 0, name) for name in names if name not in {*hidden, *public}]
    return [name for value, name in sorted(others) if value][:1]


def _base(figure: str) -> str:
    return figure.removesuffix("_percent")


def _guarded(figure: Figure, public: PublishedFigure | None, threshold: int) -> Figure:
    """The figure as it may be shown: hidden when it, or what is left of its base, is small."""
    if public is not None:
        return replace(
            figure, source=public.source, confidence=public.confidence or figure.confidence
        )
    value = figure.value
    rest = None if value is None or figure.of is None else figure.of - value
    if value is not None and (0 < value < threshold or (rest is not None and 0 < rest < threshold)):
        return replace(figure, value=None, is_suppressed=True)
    return figure


def suppress(cells: Mapping[K, int], threshold: int) -> dict[K, int | None]:
    """A row of counts with small ones hidden, and a second one where the sum would tell.

    Args:
        cells: counts that add up to a total known elsewhere.
        threshold: counts from 1 to threshold - 1 are hidden.
    """
    hidden = {key for key, count in cells.items() if 0 < count < threshold}
    if len(hidden) == 1:
        others = [
            (count, str(key), key) for key, count in cells.items() if key not in hidden and count
        ]
        if others:
            hidden.add(min(others)[2])
    return {key: None if key in hidden else count for key, count in cells.items()}


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


def overview(catalog: Catalog) -> tuple[Figure, ...]:
    """The totals a page may show."""
    public = {_base(one.figure): one for one in catalog.issuer.published}
    threshold = catalog.issuer.publish.suppress_below
    figures = raw_overview(catalog)
    offered = figures.pop("micro_credentials")
    return (
        *(_guarded(figure, public.get(figure.id), threshold) for figure in figures.values()),
        offered,
    )


def earner_counts(catalog: Catalog) -> dict[str, int | None]:
    """Teachers who earned each micro-credential, by slug; None where too few to show."""
    people: dict[str, set[str]] = {}
    for award in counted_awards(catalog):
        people.setdefault(award.credential_slug, set()).add(award.teacher)
    threshold = catalog.issuer.publish.suppress_below
    return {
        slug: len(who) if len(who) >= threshold else None for slug, who in sorted(people.items())
    }


def awards_by_month(catalog: Catalog) -> dict[str, int | None]:
    """Counted awards per month ("2016-03"), small months hidden."""
    months = Counter(str(award.issued)[:7] for award in counted_awards(catalog))
    return suppress(dict(sorted(months.items())), catalog.issuer.publish.suppress_below)
