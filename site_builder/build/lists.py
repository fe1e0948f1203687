# SPDX-License-Identifier: Apache-2.0
"""Files over all people of a site, from the rows of its shards: status lists, ledger, directory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from site_builder import addresses
from site_builder.build.people import Rows
from site_builder.build.setting import Artifact, Setting
from site_builder.directory import (
    Holder,
    Listed,
    Roll,
    names_of,
    part_of,
    roll,
    search_files,
    sitemaps,
)
from site_builder.formats import openbadges2, read_api, status_list
from site_builder.json_text import compact, json_bytes
from site_builder.ledger import MOST_TOGETHER, ledger_files
from site_builder.pages.sheets import people_pages


class Source(Protocol):
    """The rows of all shards, each time anew; each kind sorted by its rows' first value."""

    def __call__(self, kind: str, initials: Collection[str] = ()) -> Iterator[list[Any]]:
        """The rows of a kind; only those whose first value begins so, where initials are given."""

    def count(self, kind: str) -> int:
        """How many rows of a kind there are."""


class Held:
    """Rows that are all in memory.

    Args:
        rows: by kind, in any order.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = {kind: sorted(some) for kind, some in rows.items()}

    def __call__(self, kind: str, initials: Collection[str] = ()) -> Iterator[list[Any]]:
        """As `Source`."""
        found = self._rows[kind]
        return iter([row for row in found if row[0][0] in initials] if initials else found)

    def count(self, kind: str) -> int:
        """As `Source`."""
        return len(self._rows[kind])


@dataclass(frozen=True, slots=True)
class Kind:
    """One part of a site that is about all its people, or several of one sort.

    Attributes:
        rows: the kinds of rows it is made from.
        of: into how many parts it is cut, each made by itself.
        goes_by: names of the `stamps` it is made anew with; of a list that is cut those of its
            part 0, which says how much there is, beside each part's own.
        together: so many rows still make one file, which is in part 0; 0 where that does not
            depend on their number.
    """

    rows: tuple[str, ...]
    of: int = 1
    goes_by: tuple[str, ...] = ()
    together: int = 0

    def stamps_of(self, name: str, part: int, total: int) -> tuple[str, ...]:
        """Names of the stamps that a part goes by.

        Args:
            name: of this list.
            part: from 0.
            total: rows there are.
        """
        if self.of == 1:
            return self.goes_by
        if total <= self.together:
            return self.rows if part == 0 else ()
        return (f"{name}-{part}", *(self.goes_by if part == 0 else ()))


_LEDGER, _AWARDS, _SEARCH = 16, 8, 16
LISTS: Mapping[str, Kind] = {
    "status": Kind(("status",), goes_by=("status",)),
    "revocations": Kind(("revoked",), goes_by=("revoked",)),
    "ledger": Kind(("ledger",), _LEDGER, ("ledger-count",), MOST_TOGETHER),
    "awards": Kind(("listed",), _AWARDS, ("listed-ids",), read_api.MOST_AWARDS),
    "sitemaps": Kind(("listed", "holders"), goes_by=("listed-ids", "holders-slugs")),
    "people": Kind(("holders",), goes_by=("holders",)),
    "search": Kind(("holders",), _SEARCH, ("holders-found",)),
}
"""What is made of the rows, by name; the method of `Lists` of that name makes it."""


def stamps(kind: str, rows: Sequence[list[Any]]) -> dict[str, str]:
    """Digests of rows of one kind: of all, and of what parts of lists are made of.

    Where none that a part goes by has changed, the part need not be made again.
    """
    found = {kind: _digest(rows), f"{kind}-count": str(len(rows))}
    if kind == "ledger":
        found |= _by_part("ledger", rows, lambda row: {int(row[0][0], 16)})
    if kind == "listed":
        found["listed-ids"] = _digest([row[0] for row in rows])
        found |= _by_part("awards", rows, lambda row: {part_of(row[0][0], _AWARDS)})
    if kind == "holders":
        held = [Holder.unpacked(list(row)) for row in rows]
        found["holders-slugs"] = _digest([one.slug for one in held])
        found["holders-found"] = _digest([[names_of(one), one.counted] for one in held])
        found |= _by_part("search", rows, _search_parts)
    return found


_HEXADECIMAL = "0123456789abcdef"
_OF_IDS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's alphabet, as in every id


def _initials(part: int, of: int) -> frozenset[str]:
    return frozenset(one for one in _OF_IDS if part_of(one, of) == part)


def _search_parts(row: list[Any]) -> set[int]:
    return {part_of(name, _SEARCH) for name in names_of(Holder.unpacked(list(row)))}


def _by_part(
    name: str, rows: Sequence[list[Any]], parts: Callable[[list[Any]], Collection[int]]
) -> dict[str, str]:
    found: dict[int, list[list[Any]]] = {}
    for row in rows:
        for part in parts(row):
            found.setdefault(part, []).append(row)
    return {f"{name}-{part}": _digest(some) for part, some in found.items()}


def _digest(rows: Sequence[Any]) -> str:
    return hashlib.sha256(compact(rows).encode()).hexdigest()


class Lists:
    """The files over all people of one site.

    Args:
        setting: what all files of the site are made with.
        rows: rows by kind; see `People.rows`.
        known: who is listed, where that is known already.
    """

    def __init__(self, setting: Setting, rows: Source, known: Roll | None = None) -> None:
        self.setting = setting
        self.site = setting.site
        self.rows = rows
        self._known = known

    def files(self) -> Iterator[Artifact]:
        """Every one of them."""
        for name, kind in LISTS.items():
            for part in range(kind.of):
                yield from self.part(name, part)

    def unsigned(self) -> Iterator[Artifact]:
        """Those that say who earned what, whoever signs."""
        for name in ("revocations", "ledger", "awards"):
            for part in range(LISTS[name].of):
                yield from self.part(name, part)

    def part(self, name: str, part: int = 0) -> Iterator[Artifact]:
        """The files of one list, or of one part of them."""
        made: Iterator[Artifact] = getattr(self, name)(part)
        return made

    def status(self, _: int = 0) -> Iterator[Artifact]:
        """The signed status lists, private awards included."""
        signer = self.setting.signer
        if signer is None:
            return
        found: dict[int, status_list.Bits] = {}
        for number, newest, ended in self.rows("status"):
            bits = found.setdefault(number, status_list.Bits())
            for index in ended:
                bits.add(status_list.Entry(index, is_set=True, newest=newest))
            bits.newest = max(newest, bits.newest)
        for number, bits in sorted(found.items()):
            yield signer.status_list(number, bits)

    def revocations(self, _: int = 0) -> Iterator[Artifact]:
        """The revocation list of Open Badges 2.0."""
        if self.setting.catalog.issuer.publish.ob2:
            made = openbadges2.revocation_list(sorted(self.rows("revoked")), self.site)
            yield addresses.REVOCATIONS_OB2, json_bytes(made)

    def ledger(self, part: int = 0) -> Iterator[Artifact]:
        """What has been published, for a later site to be held against."""
        issuer, total = addresses.issuer_did(self.site), self.rows.count("ledger")
        initials = _HEXADECIMAL[part] if part else ""  # part 0 tells of all
        made = ledger_files(
            lambda: self.rows("ledger", initials), issuer, total=total, part=part, of=_LEDGER
        )
        for path, body in made:
            yield path, json_bytes(body)

    def awards(self, part: int = 0) -> Iterator[Artifact]:
        """Public awards for other programs."""
        initials = _initials(part, _AWARDS) if part else ()  # part 0 tells of all
        made = read_api.awards(
            lambda: map(Listed.unpacked, self.rows("listed", initials)),
            self.site,
            total=self.rows.count("listed"),
            has_ob2=self.setting.catalog.issuer.publish.ob2,
            is_signed=self.setting.is_signed,
            part=part,
            of=_AWARDS,
        )
        for path, body in made:
            yield path, json_bytes(body)

    def sitemaps(self, _: int = 0) -> Iterator[Artifact]:
        """Public awards and backpacks for search engines."""
        return sitemaps(self._listed, self._holders, self.site)

    def people(self, _: int = 0) -> Iterator[Artifact]:
        """Pages of a list of people that is too long for one."""
        return people_pages(
            self._holders,
            self._roll,
            self.setting.catalog,
            self.site,
            sources=self.setting.written,
            is_preview=self.setting.is_preview,
            is_trial=self.setting.is_trial,
        )

    def search(self, part: int = 0) -> Iterator[Artifact]:
        """What a browser searches people and awards with."""
        return search_files(self._holders, self.setting.catalog, part=part, of=_SEARCH)

    def _listed(self) -> Iterator[Listed]:
        return map(Listed.unpacked, self.rows("listed"))

    def _holders(self) -> Iterator[Holder]:
        return map(Holder.unpacked, self.rows("holders"))

    @cached_property
    def _roll(self) -> Roll:
        return self._known or roll(self._holders)
