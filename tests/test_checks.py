# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from pathlib import Path

import pytest

from site_builder.checks import check
from site_builder.codes.content import CONTENT
from site_builder.documents import parse
from site_builder.model import KINDS
from site_builder.records import read_records
from site_builder.sources import read_tree
from tests.repositories import CASES, base_files, changed, load_files, sections, told
from tests.support import ROOT

FILES = sorted(path for path in CASES.glob("*.txt") if path.name != "base.txt")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_case_is_told_as_expected(path: Path, tmp_path: Path):
    *changes, (last, expected) = sections(path.read_text("utf-8"))
    assert last == "expect"
    assert told(load_files(changed(base_files(), changes), tmp_path)) == expected


def test_base_repository_has_no_problem_at_all(tmp_path: Path):
    loaded = load_files(base_files(), tmp_path)
    assert told(loaded) == "no problems\n"
    assert loaded.catalog is not None
    assert loaded.files == len(base_files())


WHILE_SIGNING = {"SG001"}  # see test_signing.py


@pytest.mark.parametrize("code", [one.code for one in CONTENT if one.code not in WHILE_SIGNING])
def test_every_code_has_a_case_that_shows_it(code: str):
    named = [path for path in FILES if path.stem.startswith(code.lower())]
    assert any(f" {code} " in path.read_text("utf-8") for path in named)


def test_every_case_is_named_for_a_code_it_shows():
    for path in FILES:
        code = path.stem.partition("-")[0]
        expected = path.read_text("utf-8").partition("=== expect\n")[2]
        assert code in ("ok", "quiet") or f" {code.upper()} " in expected, path.name


def test_quiet_cases_say_nothing_of_what_an_unread_file_may_hold():
    quiet = [path for path in FILES if path.stem.startswith("quiet-")]
    assert len(quiet) > 2
    for path in quiet:
        code = path.stem.split("-")[1].upper()
        expected = path.read_text("utf-8").partition("=== expect\n")[2]
        assert f" {code} " not in expected, path.name


def test_accepted_neighbours_have_no_problem_of_their_rule():
    neighbours = [path for path in FILES if path.stem.startswith("ok-")]
    assert len(neighbours) > 20
    for path in neighbours:
        expected = path.read_text("utf-8").partition("=== expect\n")[2]
        assert not re.search(r"(?m)^[^ ].*: (?!note: )[A-Z]{2}\d", expected), path.name


def test_place_is_looked_up_only_where_a_problem_is():
    sources = [one for one in read_tree(ROOT).sources if one.kind != "image"]
    records, _ = read_records((one.kind, one.id, parse(one.path, one.data)) for one in sources)
    _, problems = check(records)
    told_of = {problem.place.path for problem in problems}
    looked_up = {
        record.document.path
        for kind in KINDS
        for record in records.of(kind).values()
        if "_spots" in vars(record.document)
    }
    assert looked_up <= told_of
    assert not any(path.startswith("awards/") for path in looked_up)


def test_no_message_names_a_person():
    names = ["Siobh", "Neill", "kasik", "siobhan", "ليلى", "Maya", "maya"]
    for path in FILES:
        expected = path.read_text("utf-8").partition("=== expect\n")[2]
        assert not [name for name in names if name in expected], path.name
