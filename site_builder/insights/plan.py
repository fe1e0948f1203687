# SPDX-License-Identifier: Apache-2.0
"""What counting needs to know of the catalog: made once for all shards of it in this process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from site_builder.catalog.types import Catalog
from site_builder.insights.meeting import Met, met
from site_builder.model import Program
from site_builder.pathways import credentials_in


@dataclass(frozen=True, slots=True)
class Kind:
    """How awards of one credential version count.

    Attributes:
        is_completion: the credential of a whole pathway is never added to what it consists of.
        is_counted: False keeps them out of the totals.
    """

    slug: str
    is_completion: bool
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Span:
    """How awards of one programme count.

    Attributes:
        members: micro-credentials its pathway names; `is_met` is None without a pathway.
    """

    id: str
    ends: dt.date
    is_counted: bool
    members: frozenset[str] = frozenset()
    is_met: Met | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about the catalog that decides where an award counts.

    Attributes:
        days: last days that totals are asked for, oldest first.
        kinds: by credential version.
        spans: by programme.
    """

    days: tuple[dt.date, ...]
    kinds: Mapping[str, Kind]
    spans: Mapping[str, Span]

    def kind(self, credential: str) -> Kind:
        """How awards of a version count; one that the catalog does not know counts as any other."""
        return self.kinds.get(credential) or Kind(
            credential.partition("@")[0], is_completion=False, is_counted=True
        )


def days_asked_for(catalog: Catalog) -> set[dt.date]:
    """Days as of which a figure was published."""
    published = [catalog.issuer.published, *(one.published for one in catalog.programs.values())]
    return {one.as_of for figures in published for one in figures if one.as_of is not None}


_SHARED = (
    "issuer",
    "frameworks",
    "credentials",
    "versions",
    "pathways",
    "pathway_versions",
    "programs",
)


class _Records:
    """A catalog without its people, the same as another one that holds the same records."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = replace(catalog, teachers={}, awards={}, drafts={}, sources={}, census=None)
        self._ids = tuple(id(getattr(catalog, name)) for name in _SHARED)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Records) and self._ids == other._ids

    def __hash__(self) -> int:
        return hash(self._ids)


def plan_of(catalog: Catalog, days: Iterable[dt.date] = ()) -> Plan:
    """The plan for a catalog or a shard of it.

    Args:
        catalog: its people are not looked at.
        days: further days than those as of which something was published.
    """
    return _plan(_Records(catalog), frozenset(days))


@lru_cache(maxsize=4)
def _plan(records: _Records, days: frozenset[dt.date]) -> Plan:
    catalog = records.catalog
    return Plan(
        days=tuple(sorted(days | days_asked_for(catalog))),
        kinds={
            pinned: Kind(
                pinned.partition("@")[0],
                is_completion=one.class_ == "completion",
                is_counted=one.class_ == "micro" and one.counted,
            )
            for pinned, one in catalog.versions.items()
        },
        spans={name: _span(one, catalog) for name, one in catalog.programs.items()},
    )


def _span(program: Program, catalog: Catalog) -> Span:
    pathway = catalog.pathway_versions.get(program.pathway or "")
    if pathway is None:
        return Span(program.id, program.ends, program.counted)
    members = frozenset(credentials_in(pathway.requires, catalog))
    return Span(program.id, program.ends, program.counted, members, met(pathway.requires, catalog))
