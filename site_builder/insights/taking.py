# SPDX-License-Identifier: Apache-2.0
"""The census of a catalog or of a shard of it, in one pass over the people in it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from site_builder.catalog.census import NAMED, OUTSIDE, Census, Listing, Named, Run, Totals
from site_builder.catalog.types import Catalog
from site_builder.insights.plan import Plan, Span, plan_of
from site_builder.model import Award, Teacher


def census_of(catalog: Catalog) -> Census:
    """What all people's records add up to: as the catalog says, else counted here and kept."""
    return catalog.census if catalog.census is not None else _counted(catalog)


@lru_cache(maxsize=2)
def _counted(catalog: Catalog) -> Census:
    return census(catalog)


def census(catalog: Catalog, days: Collection[dt.date] = ()) -> Census:
    """Counts the awards of a catalog or of a shard of it; nothing of its people is kept.

    Everything is counted of a catalog that does not hold together too, for the check: an award
    of an unknown teacher is private, one of an unknown programme outside programmes.

    Args:
        catalog: holds each teacher's awards all or not at all.
        days: further days as of which totals are wanted.
    """
    tally = _Tally(catalog, plan_of(catalog, days))
    for teacher, awards in catalog.awards_by_teacher.items():
        tally.records(awards)
        tally.figures(awards)
        if (holder := catalog.teachers.get(teacher)) is not None:
            tally.shown(holder, awards)
    return tally.census()


@dataclass(slots=True)
class _Run:
    """A `Run` while it is counted."""

    awards: int = 0
    earners: int = 0
    completed: int = 0
    rounds: Counter[int] = field(default_factory=Counter)
    held: Counter[int] = field(default_factory=Counter)
    counted: Counter[int] = field(default_factory=Counter)
    later: Counter[int] = field(default_factory=Counter)

    def person(self, awards: list[Award], span: Span) -> None:
        """One teacher's awards up to the programme's last day, oldest first."""
        self.awards += len(awards)
        self.earners += 1
        if span.is_met is None:
            return
        have = {
            one.credential.partition("@")[0]: one
            for one in awards
            if one.expires is None or one.expires >= span.ends
        }
        if have:
            self.held[len(span.members & have.keys())] += 1
            self.completed += span.is_met(have)

    def done(self) -> Run:
        return Run(
            self.awards,
            self.earners,
            self.completed,
            dict(self.rounds),
            dict(self.held),
            dict(self.counted),
            dict(self.later),
        )


class _Tally:
    """Running counts of one census.

    Attributes:
        within: awards, earners and awards of several rounds by the first day that counts them;
            behind the days stands what is later than all of them.
        months: by (year, month).
    """

    def __init__(self, catalog: Catalog, plan: Plan) -> None:
        self.catalog, self.plan = catalog, plan
        self.within = [[0, 0, 0] for _ in range(len(plan.days) + 1)]
        self.months: Counter[tuple[int, int]] = Counter()
        self.earners: Counter[str] = Counter()
        self.runs: defaultdict[str, _Run] = defaultdict(_Run)
        self.named: Counter[str] = Counter()
        self.first: defaultdict[str, list[Named]] = defaultdict(list)
        self.criteria: Counter[tuple[str, str]] = Counter()
        self.newest = dt.date.min
        self.sizes: Counter[str] = Counter()

    def records(self, awards: tuple[Award, ...]) -> None:
        """What is counted of every award, whatever its state."""
        for award in awards:
            if award.criteria_sha256 is not None:
                self.criteria[award.credential, award.criteria_sha256] += 1
            status = award.status
            if award.issued is not None and award.issued > self.newest:
                self.newest = award.issued
            if status.on is not None and status.on > self.newest:
                self.newest = status.on
            if status.state == "withdrawn":
                self.sizes["published"] += 1  # keeps its address, whatever its teacher chose

    def figures(self, awards: tuple[Award, ...]) -> None:
        """One teacher's awards in the totals and in the figures of the programmes."""
        plan, days = self.plan, self.plan.days
        earned: set[str] = set()
        by_program: dict[str, list[Award]] = {}
        for award in awards:
            issued = award.issued
            if issued is None or award.status.state == "revoked":
                continue
            kind = plan.kind(award.credential)
            if kind.is_completion:
                continue
            span = plan.spans.get(award.program or OUTSIDE)
            run = self.runs[OUTSIDE if span is None else span.id]
            number, is_in_time = len(award.rounds), False
            if span is not None and issued <= span.ends:
                is_in_time = True
                run.rounds[number] += 1
                by_program.setdefault(span.id, []).append(award)
            if not kind.is_counted or not (span is None or span.is_counted):
                continue
            (run.counted if is_in_time else run.later)[number] += 1
            within = self.within[bisect_left(days, issued)]
            within[0] += 1
            within[1] += not earned  # the oldest one makes the teacher an earner
            within[2] += number > 1
            self.months[issued.year, issued.month] += 1
            earned.add(kind.slug)
        self.earners.update(earned)
        for name, found in by_program.items():
            self.runs[name].person(found, plan.spans[name])

    def shown(self, teacher: Teacher, awards: tuple[Award, ...]) -> None:
        """What pages and lists there are of one teacher."""
        if teacher.visibility == "private":
            return
        sizes, is_shown, is_named = self.sizes, False, False
        for award in awards:
            visibility = self.catalog.visibility(award)
            if visibility == "private" or award.status.state == "withdrawn":
                continue
            is_shown = True
            sizes["published"] += 1
            if visibility == "public":
                sizes["listed"] += 1
                if self.catalog.is_counted(award):
                    is_named = True
                    self._name(teacher, award)
        sizes["backpacks"] += is_shown
        sizes["public_backpacks"] += is_shown and teacher.visibility == "public"
        sizes["named_backpacks"] += is_named

    def _name(self, teacher: Teacher, award: Award) -> None:
        """Adds a public award that is counted to its credential's names, if it stands."""
        if award.status.state != "active":
            return
        slug = award.credential.partition("@")[0]
        self.named[slug] += 1
        first = self.first[slug]
        entry = Named(teacher.sort or teacher.name or "", award.id, teacher.name, teacher.language)
        if len(first) < NAMED or entry < first[-1]:
            insort(first, entry)
            del first[NAMED:]

    def census(self) -> Census:
        return Census(
            totals=self._totals(),
            programs={name: run.done() for name, run in self.runs.items()},
            months={f"{year:04}-{month:02}": n for (year, month), n in self.months.items()},
            earners=dict(self.earners),
            named={
                slug: Listing(count, tuple(self.first[slug])) for slug, count in self.named.items()
            },
            criteria=dict(self.criteria),
            newest=self.newest if self.newest > dt.date.min else None,
            **self.sizes,
        )

    def _totals(self) -> Mapping[dt.date | None, Totals]:
        """The totals as of each day, and of everything."""
        until = accumulate(Totals(*within) for within in self.within)
        return dict(zip((*self.plan.days, None), until, strict=True))
