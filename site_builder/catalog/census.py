# SPDX-License-Identifier: Apache-2.0
"""What all people's records add up to, small and additive: figures without the awards themselves.

`site_builder.insights` counts it. The censuses of the shards of a catalog add up to the census of
the whole, in any order, because each teacher stands in one shard with all awards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import reduce
from operator import add
from typing import Any, NamedTuple, TypeVar

K = TypeVar("K")
V = TypeVar("V")
NAMED = 50  # names a credential's page shows; more would be a download, and are found by search
OUTSIDE = ""  # stands for awards outside programmes: no programme has an empty id


def _union(one: Mapping[K, V], other: Mapping[K, V]) -> dict[K, V]:
    """Values under every key of the two, added where both have it."""
    found: dict[K, Any] = dict(one)
    for key, value in other.items():
        found[key] = found[key] + value if key in found else value
    return found


@dataclass(frozen=True, slots=True)
class Totals:
    """What enters the totals over all programmes.

    Attributes:
        several: awards whose work was sent twice or more.
    """

    awards: int = 0
    earners: int = 0
    several: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.awards + other.awards, self.earners + other.earners, self.several + other.several
        )


@dataclass(frozen=True, slots=True)
class Run:
    """The counts of one programme, or of what lies outside programmes.

    Attributes:
        awards, earners, rounds: of its awards up to its last day; `rounds` by their number.
        completed: teachers who met its pathway on that day; 0 without a pathway.
        held: teachers by how many of the pathway's micro-credentials they held on that day.
        counted: like `rounds`, of those awards only that enter the totals as well.
        later: awards by rounds that enter the totals but came after the last day; outside
            programmes all of them.
    """

    awards: int = 0
    earners: int = 0
    completed: int = 0
    rounds: Mapping[int, int] = field(default_factory=dict)
    held: Mapping[int, int] = field(default_factory=dict)
    counted: Mapping[int, int] = field(default_factory=dict)
    later: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: Run) -> Run:
        return Run(
            self.awards + other.awards,
            self.earners + other.earners,
            self.completed + other.completed,
            _union(self.rounds, other.rounds),
            _union(self.held, other.held),
            _union(self.counted, other.counted),
            _union(self.later, other.later),
        )


class Named(NamedTuple):
    """One public award that stands, in the order in which names are listed."""

    sort: str
    award: str
    name: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Public awards of one credential that stand: how many, and the first `NAMED` of them."""

    count: int
    first: tuple[Named, ...]

    def __add__(self, other: Listing) -> Listing:
        first = sorted(self.first + other.first)[:NAMED]
        return Listing(self.count + other.count, tuple(first))


@dataclass(frozen=True, slots=True)
class Census:
    """Counts over people; `Census()` counts nobody.

    Attributes:
        totals: by the last day that counts; None counts everything.
        programs: by id, and `OUTSIDE`; nothing under a programme without awards.
        months: awards in the totals by month, such as "2016-03".
        earners: teachers with an award in the totals, by credential slug.
        named: public awards in the totals that stand, by credential slug.
        criteria: awards by (credential version, SHA-256 of its criteria).
        newest: the newest day on which an award was made or changed its state.
        published, listed: awards with an address, and those that may stand in lists.
        backpacks, public_backpacks: teachers with a backpack page, and those who may be listed.
        named_backpacks: the public ones with an award that enters figures.
    """

    totals: Mapping[dt.date | None, Totals] = field(default_factory=dict)
    programs: Mapping[str, Run] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)
    earners: Mapping[str, int] = field(default_factory=dict)
    named: Mapping[str, Listing] = field(default_factory=dict)
    criteria: Mapping[tuple[str, str], int] = field(default_factory=dict)
    newest: dt.date | None = None
    published: int = 0
    listed: int = 0
    backpacks: int = 0
    public_backpacks: int = 0
    named_backpacks: int = 0

    def __add__(self, other: Census) -> Census:
        """Both together.

        Raises:
            ValueError: the two count as of different days, so they are not of one catalog.
        """
        if self.totals and other.totals and self.totals.keys() != other.totals.keys():
            raise ValueError("these censuses count as of different days")
        newest = [day for day in (self.newest, other.newest) if day is not None]
        return Census(
            totals=_union(self.totals, other.totals),
            programs=_union(self.programs, other.programs),
            months=_union(self.months, other.months),
            earners=_union(self.earners, other.earners),
            named=_union(self.named, other.named),
            criteria=_union(self.criteria, other.criteria),
            newest=max(newest, default=None),
            published=self.published + other.published,
            listed=self.listed + other.listed,
            backpacks=self.backpacks + other.backpacks,
            public_backpacks=self.public_backpacks + other.public_backpacks,
            named_backpacks=self.named_backpacks + other.named_backpacks,
        )

    def to_json(self) -> dict[str, Any]:
        """The census as JSON, the same for equal censuses; `from_json` gives it back."""
        return {
            "totals": {
                str(day or ""): asdict(one)
                for day, one in sorted(self.totals.items(), key=lambda item: str(item[0] or ""))
            },
            "programs": {name: _run_json(one) for name, one in sorted(self.programs.items())},
            "months": dict(sorted(self.months.items())),
            "earners": dict(sorted(self.earners.items())),
            "named": {
                slug: {"count": one.count, "first": [list(entry) for entry in one.first]}
                for slug, one in sorted(self.named.items())
            },
            "criteria": [[*key, count] for key, count in sorted(self.criteria.items())],
            "newest": str(self.newest) if self.newest is not None else None,
        } | {name: getattr(self, name) for name in _SIZES}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Census:
        """The census that `to_json` wrote; KeyError, TypeError or ValueError for anything else."""
        parts = {
            "totals": {
                dt.date.fromisoformat(day) if day else None: Totals(**one)
                for day, one in value["totals"].items()
            },
            "programs": {name: _run(one) for name, one in value["programs"].items()},
            "named": {
                slug: Listing(one["count"], tuple(Named(*entry) for entry in one["first"]))
                for slug, one in value["named"].items()
            },
            "criteria": {(credential, sha): count for credential, sha, count in value["criteria"]},
            "newest": dt.date.fromisoformat(value["newest"]) if value["newest"] else None,
        }
        return cls(**{**value, **parts})


_SIZES = ("published", "listed", "backpacks", "public_backpacks", "named_backpacks")
_TABLES = ("rounds", "held", "counted", "later")  # of a run: counts by a number


def _run_json(run: Run) -> dict[str, Any]:
    tables = {
        name: {str(key): count for key, count in sorted(getattr(run, name).items())}
        for name in _TABLES
    }
    return asdict(run) | tables


def _run(value: Mapping[str, Any]) -> Run:
    tables = {name: {int(key): count for key, count in value[name].items()} for name in _TABLES}
    return Run(**{**value, **tables})


def merged(censuses: Iterable[Census]) -> Census:
    """All of them together, one at a time."""
    return reduce(add, censuses, Census())
