# SPDX-License-Identifier: Apache-2.0
"""What a part of the catalog adds to the public lists: one row per backpack, one per award.

Only people who chose to be public stand in a row. Rows are plain, small and the same wherever
they are made, so that they can be spooled, merged and streamed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from site_builder import addresses
from site_builder.catalog import Catalog
from site_builder.directory.folding import groups
from site_builder.model import Award


class Shown(NamedTuple):
    """An award as its holder's backpack shows it.

    Attributes:
        credential: slug of the micro-credential, without its version.
        issued: ISO 8601 date.
        state: as in the record, such as "active".
    """

    id: str
    credential: str
    issued: str
    state: str


class Holder(NamedTuple):
    """A public backpack.

    Attributes:
        id: the teacher's id, for the order of rows; never published.
        sort: what the teacher is sorted by; the name where nothing else is said.
        counted: awards that count, in whatever state; 0 leaves the backpack out of lists of people.
        standing: counted awards in force.
        groups: of first letters under which a search finds the name; see `folding.groups`.
        awards: everything the backpack shows, oldest first.
    """

    id: str
    slug: str
    name: str | None
    language: str | None
    sort: str
    counted: int
    standing: int
    groups: tuple[str, ...]
    awards: tuple[Shown, ...]

    def packed(self) -> list[Any]:
        """The row as a JSON array."""
        return [*self[:-1], [list(one) for one in self.awards]]

    @classmethod
    def unpacked(cls, row: list[Any]) -> Holder:
        """The row from its JSON array, which is used up."""
        row[-1] = tuple(map(Shown._make, row[-1]))
        row[-2] = tuple(row[-2])
        return cls._make(row)


Rows = Callable[[], Iterator[Holder]]


class Listed(NamedTuple):
    """An award that may stand in lists: public and not withdrawn.

    Attributes:
        credential: `slug@version`.
        holder: display name; None where the holder shows none.
        slug: of the holder's backpack.
        issued, expires: ISO 8601 dates.
    """

    id: str
    credential: str
    holder: str | None
    language: str | None
    slug: str
    issued: str
    expires: str | None
    state: str

    def packed(self) -> list[Any]:
        """The row as a JSON array."""
        return list(self)

    @classmethod
    def unpacked(cls, row: list[Any]) -> Listed:
        return cls._make(row)


def holders(shard: Catalog) -> Iterator[Holder]:
    """Public backpacks of a catalog or of a part of it, sorted by the teachers' ids."""
    for teacher in shard.backpacks:
        if teacher.visibility != "public":
            continue
        shown = shard.shown_in_backpack(teacher)
        counted = [one for one in shown if shard.is_counted(one)]
        name = shard.display_name(teacher)
        yield Holder(
            id=teacher.id,
            slug=addresses.backpack_slug(teacher),
            name=name,
            language=teacher.language,
            sort=teacher.sort or teacher.name or "",
            counted=len(counted),
            standing=sum(one.status.state == "active" for one in counted),
            groups=groups(name or ""),
            awards=tuple(_shown(one) for one in shown),
        )


def _shown(award: Award) -> Shown:
    return Shown(award.id, award.credential_slug, str(award.issued), award.status.state)


def listed(shard: Catalog) -> Iterator[Listed]:
    """Listed awards of a catalog or of a part of it, sorted by id."""
    for award in shard.listed:
        teacher = shard.teachers[award.teacher]
        yield Listed(
            id=award.id,
            credential=award.credential,
            holder=shard.display_name(teacher),
            language=teacher.language,
            slug=addresses.backpack_slug(teacher),
            issued=str(award.issued),
            expires=str(award.expires) if award.expires else None,
            state=award.status.state,
        )
