# SPDX-License-Identifier: Apache-2.0
"""Any number of public people with awards, for tests of lists and search; the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from site_builder.directory import Holder, Listed, Shown
from site_builder.directory.folding import groups
from tests.demo.people import COUNTRIES, FAMILY_FIRST, _names, number, random_looking_id

if TYPE_CHECKING:
    from collections.abc import Sequence

CREDENTIALS = ("looking-at-student-work", "coaching-over-six-weeks", "analysing-results")


def holder(
    name: str | None, key: str, *, sort: str = "", credentials: Sequence[str] = CREDENTIALS[:1]
) -> Holder:
    """A public person called so, with one award of each of these micro-credentials."""
    awards = tuple(
        Shown(
            random_looking_id(f"award:{key}:{place}"),
            credential,
            f"20{16 + number(f'{key}:{place}', 9)}-0{1 + number(key, 9)}-1{place % 10}",
            "revoked" if number(f"state:{key}:{place}", 40) == 0 else "active",
        )
        for place, credential in enumerate(credentials)
    )
    return Holder(
        id=random_looking_id(f"teacher:{key}"),
        slug=random_looking_id(f"slug:{key}"),
        name=name,
        language=None,
        sort=sort or name or "",
        counted=len(awards),
        standing=sum(one.state == "active" for one in awards),
        groups=groups(name or ""),
        awards=awards,
    )


def people(count: int) -> list[Holder]:
    """People of many scripts; some names are shared by many, as names are."""
    return [_person(f"person:{place}") for place in range(count)]


def _person(key: str) -> Holder:
    country = COUNTRIES[number(f"country:{key}", len(COUNTRIES))]
    given, family = (_names(file).get(country) or _names(file)["US"] for file in _FILES)
    first, last = (
        some[number(f"{key}:{place}:a", 1 + number(f"{key}:{place}:b", len(some)))]
        for place, some in enumerate((given, family))
    )
    form = number(f"form:{key}", 2)
    parts = [last[form], first[form]] if country in FAMILY_FIRST else [first[form], last[form]]
    name = ("" if country == "JP" and form == 0 else " ").join(parts)
    earned = [one for one in CREDENTIALS if number(f"{key}:{one}", 2)] or CREDENTIALS[:1]
    return holder(name, key, sort=f"{last[1]} {first[1]}", credentials=earned)


_FILES = ("forenames.csv", "surnames.csv")


def awards_of(rows: Sequence[Holder]) -> list[Listed]:
    """The listed awards of these people, sorted by id."""
    found = [
        Listed(
            one.id, f"{one.credential}@1.0.0", row.name, row.language, row.slug, one.issued, None,
            one.state,
        )
        for row in rows
        for one in row.awards
    ]  # fmt: skip
    return sorted(found)
