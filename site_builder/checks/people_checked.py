# SPDX-License-Identifier: Apache-2.0
"""What the check of some people found, and what it must tell the checks of all the others."""

from __future__ import annotations

import sys
import unicodedata
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from site_builder.model import Award, Entry, Teacher
from site_builder.problems import Place, Problem
from site_builder.records import Records

PEOPLE = ("teacher", "award")
MOST_NAMES = 5_000  # beyond, one pattern of all names grows slow, and a match by chance likely
SHORTEST_NAME = 6  # letters; shorter ones are words of many texts


@dataclass(frozen=True)
class PeopleChecked:
    """The outcome of checking one shard: some teachers, each with all their awards.

    Attributes:
        problems: as this shard alone shows them; see `shards.settled` for the last word.
        taken: sorted digests of what may stand once among all shards (handles, entries of status
            lists, ids of awards), 8 bytes each: millions fit into memory.
        missing: ids of awards that are named here and are not here, sorted.
        names: whole names of teachers, sorted, one more than `MOST_NAMES` at most.
        unread: (kind, id) of this shard's files that could not be read, sorted.
    """

    problems: tuple[Problem, ...]
    taken: array[int]
    missing: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The outcome as values that JSON can hold, for `from_json`."""
        return {
            "problems": [asdict(one) for one in self.problems],
            "taken": b64encode(_little(self.taken).tobytes()).decode(),
            "missing": list(self.missing),
            "names": list(self.names),
            "unread": [list(one) for one in self.unread],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PeopleChecked:
        """The outcome that `as_json` wrote; KeyError, TypeError or ValueError for another value."""
        return cls(
            tuple(Problem(**{**one, "place": Place(**one["place"])}) for one in value["problems"]),
            _little(array("Q", b64decode(value["taken"], validate=True))),
            tuple(value["missing"]),
            tuple(value["names"]),
            tuple((kind, name) for kind, name in value["unread"]),
        )


def _little(numbers: array[int]) -> array[int]:
    """The numbers with the bytes of each in the order that is written, or back again."""
    if sys.byteorder == "big":
        numbers = array("Q", numbers)
        numbers.byteswap()
    return numbers


def folded(handle: str) -> str:
    """The handle as computers compare names of files."""
    return unicodedata.normalize("NFKC", handle).casefold()


def digest(what: str, name: str) -> int:
    """A number of 64 bits for a name that may be used once."""
    data = f"{what} {name}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big")


def taken_by(entry: Entry) -> Iterator[int]:
    """Digests of what a record takes, so that no other may."""
    if isinstance(entry, Teacher):
        if entry.handle is not None:
            yield digest("handle", folded(entry.handle))
    elif isinstance(entry, Award):
        yield digest("award", entry.id)
        if entry.status_list is not None:
            yield digest("status", f"{entry.status_list.list} {entry.status_list.index}")


def awards_named(entry: Entry) -> Iterator[str]:
    """Ids of the other awards a record names."""
    if isinstance(entry, Award):
        if entry.renews is not None:
            yield entry.renews
        if entry.status.by is not None:
            yield entry.status.by
    elif isinstance(entry, Teacher):
        for collection in entry.collections:
            yield from collection.awards


def people_checked(records: Records, problems: tuple[Problem, ...]) -> PeopleChecked:
    """What other shards must know of these people, beside the problems found."""
    entries = [
        record.entry for kind in ("teacher", "award") for record in records.of(kind).values()
    ]
    unread = {one for one in records.unread if one[0] in ("teacher", "award")}
    taken = {one for entry in entries for one in taken_by(entry)}
    taken |= {digest(kind, name) for kind, name in unread if kind == "award"}
    named = {name for entry in entries for name in awards_named(entry)}
    names = {
        entry.name
        for entry in entries
        if isinstance(entry, Teacher) and entry.name and len(entry.name) >= SHORTEST_NAME
    }
    return PeopleChecked(
        problems,
        array("Q", sorted(taken)),
        tuple(sorted(name for name in named if not records.knows("award", name))),
        tuple(sorted(names)[: MOST_NAMES + 1]),
        tuple(sorted(unread)),
    )
