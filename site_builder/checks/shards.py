# SPDX-License-Identifier: Apache-2.0
"""The check in shards: some people at a time, and at the end what no shard can see alone.

A shard is a part of the teachers, each with all awards that name them. What people share is
little: a handle, an entry of a status list or the id of an award stands once, and an award or a
collection may name another award. Where two shards meet in one of these, the people concerned,
and nobody else, are checked once more together; so messages are those of one check of all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.checks.assemble import with_people
from site_builder.checks.awards import check_awards
from site_builder.checks.context import Context
from site_builder.checks.people import check_public_source, check_teachers
from site_builder.checks.people_checked import (
    PEOPLE,
    PeopleChecked,
    awards_named,
    digest,
    people_checked,
    taken_by,
)
from site_builder.checks.words import check_award_texts, check_teacher_texts
from site_builder.model import Award
from site_builder.problems import Problem
from site_builder.records import Record, Records

_CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    check_teachers,
    check_public_source,
    check_awards,
    check_award_texts,
    check_teacher_texts,
)
_WHILE_ALL_ARE_READ = {"AW012"}  # an unread file may be the prerequisite
_AT_ONCE = 1 << 16  # digests looked at together, which bounds the memory this takes


def check_people(records: Records, catalog: Catalog) -> PeopleChecked:
    """Every problem of some teachers and their awards, and what the other shards must know.

    Args:
        records: these people's files in the order of their paths. `unread` says which of them
            could not be read, and which of the catalog's; no other people's.
        catalog: everything of the catalog, and these people; see `with_people`.
    """
    context = Context(records, catalog)
    return people_checked(records, tuple(one for check in _CHECKS for one in check(context)))


@dataclass(frozen=True, slots=True)
class Conflicts:
    """What shards have in common that people may not, or cannot judge alone.

    Attributes:
        shards: their numbers, sorted.
        digests: of the handles, entries of status lists and awards it is about.
    """

    shards: tuple[int, ...] = ()
    digests: frozenset[int] = frozenset()


def conflicts(checked: Mapping[int, PeopleChecked]) -> Conflicts:
    """What is taken in two shards, and awards that are named in one and stand in another."""
    missing = {
        number: {digest("award", name) for name in one.missing} for number, one in checked.items()
    }
    wanted = {one for several in missing.values() for one in several}
    rounds = sum(len(one.taken) for one in checked.values()) // _AT_ONCE + 1
    found: set[int] = set()
    for turn in range(rounds):
        low, high = (turn << 64) // rounds, (turn + 1 << 64) // rounds
        seen: set[int] = set()
        for one in checked.values():
            inside = _between(one.taken, low, high)
            found.update(seen.intersection(inside))
            seen.update(inside)
        found |= seen & wanted
    shards = [
        number
        for number, one in checked.items()
        if found & missing[number] or any(_holds(one.taken, each) for each in found)
    ]
    return Conflicts(tuple(sorted(shards)), frozenset(found))


def _between(numbers: Sequence[int], low: int, high: int) -> Sequence[int]:
    return numbers[bisect_left(numbers, low) : bisect_left(numbers, high)]


def _holds(numbers: Sequence[int], number: int) -> bool:
    at = bisect_left(numbers, number)
    return at < len(numbers) and numbers[at] == number


def entangled(records: Records, found: Conflicts) -> Records:
    """The people of one shard that conflicts are about, and those of it they share anything with.

    Args:
        records: all people of the shard.
        found: what the shards have in common.
    """
    by_person: dict[str, list[Record]] = {}
    by_digest: dict[int, set[str]] = {}
    shared: dict[str, set[int]] = {}
    for kind in PEOPLE:
        for record in records.of(kind).values():
            entry = record.entry
            person = entry.teacher if isinstance(entry, Award) else entry.id
            by_person.setdefault(person, []).append(record)
            named = (digest("award", name) for name in awards_named(entry))
            for one in (*taken_by(entry), *named):
                by_digest.setdefault(one, set()).add(person)
                shared.setdefault(person, set()).add(one)
    chosen: set[str] = set()
    waiting = [person for one in found.digests for person in by_digest.get(one, ())]
    while waiting:
        person = waiting.pop()
        if person not in chosen:
            chosen.add(person)
            waiting += [other for one in shared[person] for other in by_digest[one]]
    kept = Records(unread=set(records.unread))
    for record in (one for person in sorted(chosen) for one in by_person[person]):
        kept.by_kind[record.kind][record.id] = record
    return kept


def settled(
    checked: Mapping[int, PeopleChecked], read: Callable[[int], Records], small: Catalog
) -> list[Problem]:
    """The problems of all people: what `check` says of them in one piece.

    Args:
        checked: what `check_people` found in each shard, by the shard's number.
        read: the records of one shard, as given to `check_people`; asked only for shards that
            have a conflict, one after the other, and all but the people concerned let go.
        small: the catalog without people.
    """
    found = conflicts(checked)
    parts = [entangled(read(number), found) for number in found.shards]
    records = [one for part in parts for kind in PEOPLE for one in part.of(kind).values()]
    paths = {record.document.path for record in records}
    problems = [
        problem
        for number in sorted(checked)
        for problem in checked[number].problems
        if problem.place.path not in paths
    ]
    if records:
        together = Records(unread={one for part in parts for one in part.unread})
        for record in sorted(records, key=lambda one: one.document.path):
            together.by_kind[record.kind][record.id] = record
        problems += check_people(together, with_people(small, together)).problems
    if any(one.unread for one in checked.values()):
        problems = [one for one in problems if one.code not in _WHILE_ALL_ARE_READ]
    return problems
