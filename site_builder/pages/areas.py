# SPDX-License-Identifier: Apache-2.0
"""Credentials grouped by the area of their framework, with the area's colour and letter."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from site_builder.catalog import Catalog
from site_builder.model import Area, Credential, Framework
from site_builder.pages.environment import slot_class


@dataclass(frozen=True, slots=True)
class Group:
    """An area and what can be earned in it.

    Attributes:
        css: colour class of the area, `a1` to `a5`.
        hours: typical hours of all its micro-credentials together.
    """

    framework: Framework
    area: Area
    css: str
    credentials: tuple[Credential, ...]

    @property
    def hours(self) -> Decimal:
        return sum(
            (one.workload.hours.typical for one in self.credentials if one.workload), Decimal(0)
        )


@dataclass(frozen=True, slots=True)
class Tag:
    """What an area tag shows; `code` is empty for what belongs to no area."""

    css: str
    code: str
    area: Area | None


def area_of(catalog: Catalog, credential: Credential) -> Tag:
    """Colour and letter of a credential's area; a neutral colour for a completion."""
    place = catalog.place_of(credential)
    return (
        Tag(slot_class(place.slot), place.area.code, place.area) if place else Tag("a0", "", None)
    )


def groups(catalog: Catalog, *, counted: bool = True) -> tuple[Group, ...]:
    """Areas that have something to earn, in framework order.

    Args:
        counted: True for what is offered, False for samples, which are kept apart.
    """
    found = []
    for framework in catalog.frameworks.values():
        for slot, area in enumerate(framework.areas):
            members = tuple(
                one
                for one in catalog.credentials.values()
                if one.class_ == "micro"
                and one.status != "draft"
                and one.counted is counted
                and (place := catalog.place_of(one)) is not None
                and place.area.id == area.id
            )
            if members:
                found.append(Group(framework, area, slot_class(slot), members))
    return tuple(found)


def completions(catalog: Catalog) -> tuple[Credential, ...]:
    """Credentials that record a whole pathway."""
    return tuple(
        one
        for one in catalog.credentials.values()
        if one.class_ == "completion" and one.status != "draft"
    )


def drafts(catalog: Catalog) -> tuple[Credential, ...]:
    return tuple(one for one in catalog.credentials.values() if one.status == "draft")
