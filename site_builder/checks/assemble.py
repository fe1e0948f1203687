# SPDX-License-Identifier: Apache-2.0
"""Records become a Catalog, in catalog order, before anything is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from site_builder.catalog import Catalog
from site_builder.model import (
    Award,
    Credential,
    Entry,
    Framework,
    Issuer,
    Pathway,
    Program,
    Role,
    Teacher,
)
from site_builder.records import Records

E = TypeVar("E", bound=Entry)


def _entries(records: Records, kind: str, model: type[E]) -> dict[str, E]:
    return {
        name: record.entry
        for name, record in records.of(kind).items()
        if isinstance(record.entry, model)
    }


def _current(entries: Mapping[str, E]) -> dict[str, E]:
    return {name: entry for name, entry in entries.items() if "@" not in name}


def _natural(code: str) -> tuple[tuple[int, str], ...]:
    """Sort key in which A2 comes before A10."""
    return tuple(
        (int(part), "") if part.isdigit() else (-1, part)
        for part in re.findall(r"[0-9]+|[^0-9]+", code)
    )


def assemble(records: Records) -> Catalog | None:
    """The catalog the records make, references not yet checked; None without an issuer."""
    issuers = _entries(records, "issuer", Issuer)
    if not issuers:
        return None
    credentials = _entries(records, "credential", Credential)
    pathways = _entries(records, "pathway", Pathway)
    awards = _entries(records, "award", Award)
    catalog = Catalog(
        issuer=next(iter(issuers.values())),
        frameworks=_by_counted(_entries(records, "framework", Framework), credentials),
        pathways=_current(pathways),
        pathway_versions={one.pinned: one for one in pathways.values()},
        versions={one.pinned: one for one in credentials.values()},
        roles=_entries(records, "role", Role),
        programs=dict(
            sorted(
                _entries(records, "program", Program).items(),
                key=lambda item: (not item[1].counted, item[1].starts, item[0]),
            )
        ),
        teachers=_entries(records, "teacher", Teacher),
        awards={name: award for name, award in awards.items() if award.issued is not None},
        drafts={name: award for name, award in awards.items() if award.issued is None},
        images=records.images,
        sources=_sources(records),
    )
    ordered = _in_order(_current(credentials), catalog)
    return Catalog(
        **{name: getattr(catalog, name) for name in Catalog.__dataclass_fields__}
        | {"credentials": ordered}
    )


def with_people(small: Catalog, records: Records) -> Catalog:
    """The catalog with some people in it; what it took to put it in order is not done again.

    Args:
        small: everything but people.
        records: their files; those of other kinds are left out.
    """
    awards = _entries(records, "award", Award)
    people = replace(
        small,
        teachers=_entries(records, "teacher", Teacher),
        awards={name: award for name, award in awards.items() if award.issued is not None},
        drafts={name: award for name, award in awards.items() if award.issued is None},
        sources={**small.sources, **_sources(records, "teacher", "award")},
    )
    # What is kept of the catalog alone is the same in each shard.
    kept = ("competencies", "counted_credentials")
    vars(people).update({name: getattr(small, name) for name in kept})
    return people


def _sources(records: Records, *kinds: str) -> dict[tuple[str, str], str]:
    return {
        (kind, name): record.document.path
        for kind in kinds or records.by_kind
        for name, record in records.of(kind).items()
    }


def _by_counted(
    frameworks: dict[str, Framework], credentials: Mapping[str, Credential]
) -> dict[str, Framework]:
    """Frameworks by name, those that only samples use last."""
    counted = {slug for one in credentials.values() if one.counted for slug in one.competencies}

    def key(item: tuple[str, Framework]) -> tuple[bool, str]:
        uses = any(c.id in counted for area in item[1].areas for c in area.competencies)
        return not uses, item[0]

    return dict(sorted(frameworks.items(), key=key))


def _in_order(credentials: Mapping[str, Credential], catalog: Catalog) -> dict[str, Credential]:
    """Credentials by area and code; completions and those without an area last."""
    areas = [area.id for framework in catalog.frameworks.values() for area in framework.areas]

    def key(item: tuple[str, Credential]) -> tuple[object, ...]:
        place = catalog.place_of(item[1])
        area = areas.index(place.area.id) if place else len(areas)
        return not item[1].counted, area, _natural(catalog.code_of(item[1])), item[0]

    return dict(sorted(credentials.items(), key=key))
