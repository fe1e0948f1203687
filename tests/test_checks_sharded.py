# SPDX-License-Identifier: Apache-2.0
"""A check in shards says what a check in one piece says, whatever is wrong."""

from __future__ import annotations

import json
import pickle
import re
from array import array
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder.checks import (
    PeopleChecked,
    assemble,
    check,
    check_catalog,
    check_people,
    conflicts,
    entangled,
    settled,
    with_people,
)
from site_builder.checks.people_checked import PEOPLE, digest
from site_builder.documents import Document, parse
from site_builder.model import Award
from site_builder.problems import Problem, tidy
from site_builder.records import Records, read_records
from site_builder.sources import Source, read_tree
from tests.repositories import CASES, base_files, load_files, sections
from tests.repositories import changed as case_files
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

Files = dict[str, Source]
Change = tuple[str, int, int]


@cache
def demo() -> Files:
    """The demo's catalog, some thirty of its people and all their awards, by path.

    Its recommended prerequisites are required here, which many of these people do not meet.
    """
    sources = read_tree(ROOT).sources
    people = {one.id for one in [one for one in sources if one.kind == "teacher"][::6]}
    return {
        one.path: replace(one, data=one.data.replace(b": recommended", b": required"))
        for one in sources
        if one.kind not in ("award", "teacher", "image")
        or (one.kind == "teacher" and one.id in people)
        or (one.kind == "award" and one.data.decode()[9:35] in people)
    }


@cache
def parsed(path: str, data: bytes) -> Document | list[Problem]:
    return parse(path, data)


@cache
def recorded(kind: str, name: str, path: str, data: bytes) -> tuple[Records, list[Problem]]:
    return read_records([(kind, name, parsed(path, data))])


def of(files: Files, kind: str, number: int) -> Source:
    several = [one for one in files.values() if one.kind == kind]
    return several[number % len(several)]


def put(files: Files, one: Source, text: str) -> None:
    files[one.path] = Source(one.path, one.kind, one.id, text.encode())


def edited(pattern: str, new: str) -> Callable[[Files, int, int], None]:
    """A change of one award: a line that fits is written anew, or added where there is none."""

    def change(files: Files, number: int, other: int) -> None:
        one = of(files, "award", number)
        text = re.sub(rf"(?m)^{pattern}.*\n", "", one.data.decode())
        put(files, one, text + new.replace("OTHER", of(files, "award", other).id) + "\n")

    return change


def same_entry(files: Files, number: int, other: int) -> None:
    entry = re.search(r"(?m)^status_list.*\n", of(files, "award", other).data.decode())
    if entry:
        edited("status_list", entry[0].rstrip())(files, number, other)


def same_handle(files: Files, number: int, other: int) -> None:
    for one in (of(files, "teacher", number), of(files, "teacher", other)):
        text = re.sub(r"(?m)^handle:.*\n", "", one.data.decode())
        put(files, one, text + "handle: somebody\n")


def foreign_collection(files: Files, number: int, other: int) -> None:
    one, award = of(files, "teacher", number), of(files, "award", other).id
    text = re.sub(r"(?ms)^collections:.*?(?=^\S|\Z)", "", one.data.decode())
    put(files, one, text + f"collections:\n  - {{title: Mine, awards: [{award}]}}\n")


def unreadable(kind: str, text: str) -> Callable[[Files, int, int], None]:
    return lambda files, number, _: put(files, of(files, kind, number), text)


def gone(files: Files, number: int, other: int) -> None:
    del files[of(files, "award", number).path], other


def twice(files: Files, number: int, other: int) -> None:
    """An award's id also names a file in another folder, of another person."""
    one, text = of(files, "award", number), of(files, "award", other).data
    path = f"awards/2016-17/{'before' if other % 2 else 'zuletzt'}/{one.id}.yml"
    files[path] = Source(path, "award", one.id, text)


CHANGES: dict[str, Callable[[Files, int, int], None]] = {
    "same entry": same_entry,
    "same handle": same_handle,
    "foreign collection": foreign_collection,
    "renews another's": edited("renews", "renews: OTHER"),
    "superseded by another's": edited(
        "status:", "status: {state: superseded, on: 2016-06-01, by: OTHER}"
    ),
    "unknown teacher": edited("teacher", "teacher: zzzzzzzzzzzzzzzzzzzzzzzzzz"),
    "unknown credential": edited("credential", "credential: looking-at-student-wrk@1.0.0"),
    "unknown version": edited("credential", "credential: looking-at-student-work@9.0.0"),
    "unknown program": edited("program", "program: emerging-teacher-leadrs"),
    "note with an address": edited("note", "note: ask a.person@example.org"),
    "unreadable award": unreadable("award", "a: ["),
    "award that does not fit": unreadable("award", "level: 5\n"),
    "unreadable teacher": unreadable("teacher", "a: ["),
    "unreadable credential": unreadable("credential", "a: ["),
    "gone": gone,
    "id used twice": twice,
}


def changed(changes: Iterable[Change]) -> Files:
    files = dict(demo())
    for name, number, other in changes:
        CHANGES[name](files, number, other)
    return dict(sorted(files.items()))


def records_of(sources: Iterable[Source]) -> Records:
    found = Records()
    for one in sources:
        alone, _ = recorded(one.kind, one.id, one.path, one.data)
        found.by_kind[one.kind].update(alone.of(one.kind))
        found.unread |= alone.unread
    return found


def shard_of(source: Source, shards: int) -> int:
    """Teachers by their own id, awards by their teacher's; what names nobody lies anywhere."""
    document = parsed(source.path, source.data)
    person = document.value.get("teacher") if isinstance(document, Document) else None
    return digest("shard", str(person if source.kind == "award" and person else source.id)) % shards


def in_shards(files: Files, shards: int) -> tuple[list[Problem], list[int]]:
    """What a check in so many shards says, and which shards were asked for once more."""
    small = records_of(one for one in files.values() if one.kind not in PEOPLE)
    catalog, everybody = assemble(small), records_of(files.values())
    assert catalog is not None
    asked: list[int] = []

    def read(number: int) -> Records:
        asked.append(number)
        return people(number)

    def people(number: int) -> Records:
        mine = [one for one in files.values() if one.kind in PEOPLE]
        found = records_of(one for one in mine if shard_of(one, shards) == number)
        found.unread |= small.unread
        return found

    checked = {}
    for number in range(shards):
        records = people(number)
        one = check_people(records, with_people(catalog, records))
        checked[number] = PeopleChecked.from_json(json.loads(json.dumps(one.as_json())))
        assert checked[number] == pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own
    names = {name for one in checked.values() for name in one.names}
    small.unread |= everybody.unread
    whole = assemble(everybody)  # in place of a census
    assert whole is not None
    return [*check_catalog(small, whole, (), names), *settled(checked, read, catalog)], asked


def in_one_piece(files: Files) -> list[Problem]:
    return check(records_of(files.values()))[1]


_CHANGE = st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 12), st.integers(0, 12))


@given(changes=st.lists(_CHANGE, max_size=8), shards=st.integers(1, 5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_shards_say_what_one_check_of_all_says(changes: list[Change], shards: int):
    files = changed(changes)
    found, _ = in_shards(files, shards)
    assert tidy(found) == tidy(in_one_piece(files))


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("shards", [2, 7])
def test_each_kind_of_fault_is_told_in_shards_as_in_one_piece(name: str, shards: int):
    for number, other in ((0, 9), (9, 0)):
        files = changed([(name, number, other)])
        assert tidy(in_shards(files, shards)[0]) == tidy(in_one_piece(files))


# Without an issuer nothing is checked, and base.txt is no case.
_TOLD = [one for one in sorted(CASES.glob("*.txt")) if one.stem[:5] not in ("base", "is004")]


@pytest.mark.parametrize("path", _TOLD, ids=lambda path: path.stem)
def test_every_case_of_the_check_is_told_in_shards_as_in_one_piece(path: Path, tmp_path: Path):
    *changes, _ = sections(path.read_text("utf-8"))
    load_files(case_files(base_files(), changes), tmp_path)
    files = {one.path: one for one in read_tree(tmp_path).sources if one.kind != "image"}
    assert tidy(in_shards(files, 3)[0]) == tidy(in_one_piece(files))


def test_people_without_a_conflict_are_read_once():
    assert in_shards(demo(), 4)[1] == []


def test_only_shards_with_a_conflict_are_read_again():
    files = changed([("same handle", 0, 2)])
    concerned = {shard_of(of(files, "teacher", number), 4) for number in (0, 2)}
    assert len(concerned) == 2
    assert set(in_shards(files, 4)[1]) == concerned


def test_of_a_shard_with_a_conflict_only_the_people_concerned_are_kept():
    files = changed([("same handle", 0, 1)])
    records = records_of(files.values())
    first, second = (records_of([of(files, "teacher", number)]) for number in (0, 1))
    catalog = assemble(records)
    assert catalog is not None
    checked = {
        number: check_people(one, with_people(catalog, one))
        for number, one in enumerate((first, second))
    }
    kept = entangled(records, conflicts(checked))
    people = {of(files, "teacher", number).id for number in (0, 1)}
    assert set(kept.of("teacher")) == people
    assert set(kept.of("award")) == {
        name
        for name, record in records.of("award").items()
        if isinstance(record.entry, Award) and record.entry.teacher in people
    }


def test_who_shares_something_with_people_concerned_is_checked_with_them():
    entries = [one for one in demo().values() if b"status_list" in one.data]
    theirs = next(one for one in entries if shard_of(one, 2) == 1)
    mine = [one for one in entries if shard_of(one, 2) == 0]
    first, second = sorted({one.data.decode()[9:35] for one in mine})[:2]
    files = dict(demo())
    for name in (first, second):
        one = files[f"awards/teachers/{name}.yml"]
        text = re.sub(r"(?m)^handle:.*\n", "", one.data.decode())
        put(files, one, text + "handle: somebody\n")
    clashing = next(one for one in mine if one.data.decode()[9:35] == second)
    entry = re.search(r"(?m)^status_list.*\n", theirs.data.decode())
    assert entry
    put(files, clashing, re.sub(r"(?m)^status_list.*\n", entry[0], clashing.data.decode()))
    found, asked = in_shards(files, 2)
    assert asked == [0, 1]
    assert tidy(found) == tidy(in_one_piece(files))
    assert {"TE001", "AW017"} <= {one.code for one in found}


def taken(*numbers: int) -> PeopleChecked:
    return PeopleChecked((), array("Q", sorted(numbers)))


@given(st.lists(st.sets(st.integers(0, 2**64 - 1) | st.integers(0, 20), max_size=30), max_size=6))
def test_conflicts_are_the_numbers_that_stand_in_two_shards(several: Sequence[set[int]]):
    found = conflicts({number: taken(*one) for number, one in enumerate(several)})
    twice_ = {
        each
        for number, one in enumerate(several)
        for each in one
        if any(each in other for other in several[:number] + several[number + 1 :])
    }
    assert found.digests == twice_
    assert found.shards == tuple(n for n, one in enumerate(several) if one & twice_)


def test_conflicts_among_many_are_found_piece_by_piece():
    step = 2**64 // 150_000
    first, second = (taken(*range(start, 2**64, step)) for start in (0, 7))
    assert conflicts({0: first, 1: second}).shards == ()
    third = taken(7 + 100 * step, 2**64 - 1)
    assert conflicts({0: first, 1: second, 2: third}).digests == {7 + 100 * step}


@pytest.mark.parametrize(
    "change",
    [
        {"problems": None},
        {"problems": ["x"]},
        {"problems": [{"code": "AW001", "place": {"path": "x"}, "text": ""}]},
        {"problems": [{"code": "XX999", "place": {"path": "x"}, "message": ""}]},
        {"taken": 5},
        {"taken": "AAAA"},
        {"taken": "?"},
        {"unread": [["award"]]},
        {"names": None},
    ],
)
def test_an_outcome_that_was_not_kept_whole_is_refused(change: dict[str, object]):
    good = taken(1, 2).as_json()
    assert PeopleChecked.from_json(good) == taken(1, 2)
    with pytest.raises((KeyError, TypeError, ValueError)):
        PeopleChecked.from_json(good | change)
