# SPDX-License-Identifier: Apache-2.0
"""The data of the benchmarks: repeatable, sound, and as varied as the demo's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from site_builder.build import load
from site_builder.problems import has_errors
from tests.benchmarks import data
from tests.benchmarks.careers import COUNTS, LIST_SIZE, PER_LIST, holder, holders, status_entry
from tests.support import files_of, lines

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.catalog import Catalog


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of 200 generated awards."""
    place = tmp_path_factory.mktemp("generated") / "of-200"
    data.write(place, 200)
    return place


@pytest.fixture(scope="module")
def catalog(folder: Path) -> Catalog:
    found, problems = load(folder)
    assert not has_errors(problems), lines(*map(str, problems))
    assert [one for one in problems if one.severity == "warning"] == []
    assert found is not None
    return found


def test_the_same_number_and_seed_give_the_same_bytes(folder: Path, tmp_path: Path):
    data.write(tmp_path / "again", 200)
    assert files_of(tmp_path / "again") == files_of(folder)


def test_another_seed_gives_other_people(folder: Path, tmp_path: Path):
    data.write(tmp_path / "other", 200, seed=1)
    people = {path for path in files_of(folder) if path.startswith("awards/")}
    others = {path for path in files_of(tmp_path / "other") if path.startswith("awards/")}
    assert len(people) == len(others)
    assert not people & others


def test_two_processes_write_what_one_writes(tmp_path: Path):
    data.write(tmp_path / "one", 100)
    data.write(tmp_path / "two", 100, teachers_each=7)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path):
    with pytest.raises(FileExistsError):
        data.write(tmp_path, 10)


def test_no_awards_are_refused(tmp_path: Path):
    with pytest.raises(ValueError, match=r"^0 is no number of awards$"):
        data.write(tmp_path / "none", 0)


def test_generated_awards_have_no_error_and_no_warning(catalog: Catalog):
    assert len(catalog.awards) == 200
    assert len(catalog.drafts) == 20
    assert len(catalog.teachers) == 50


def test_generated_awards_are_as_varied_as_the_demos(catalog: Catalog):
    states = Counter(one.status.state for one in catalog.awards.values())
    assert states == {"active": 196, "suspended": 1, "revoked": 1, "withdrawn": 1, "superseded": 1}
    assert sum(one.renews is not None for one in catalog.awards.values()) == 1
    seen = Counter(one.visibility for one in catalog.teachers.values())
    assert seen == {"public": 24, "unlisted": 16, "private": 10}
    scripts = {name[0] for one in catalog.teachers.values() if (name := one.name)}
    assert len({ord(one) >> 8 for one in scripts}) >= 8  # blocks of 256 characters


@pytest.mark.parametrize("awards", [1, 4, 79, 80, 81, 200, 5_000, 99_999])
def test_holders_hold_every_award_once(awards: int):
    everybody = [holder(nth, awards) for nth in range(holders(awards))]
    held = [one.first + step for one in everybody for step in range(one.count)]
    assert held == list(range(awards))
    assert all(1 <= one.count <= max(COUNTS) for one in everybody)


def test_no_two_awards_share_a_place_in_a_status_list():
    entries = [status_entry(award) for award in range(2 * PER_LIST)]
    assert len({(one["list"], one["index"]) for one in entries}) == 2 * PER_LIST
    assert {one["list"] for one in entries} == {0, 1}
    assert all(0 <= one["index"] < LIST_SIZE for one in entries)


def test_the_switch_for_qr_files_is_written_into_the_issuers_file(tmp_path: Path):
    data.write(tmp_path / "without", 1, qr_files=False)
    text = (tmp_path / "without/catalog/issuer.yml").read_text("utf-8")
    publish = "publish: {baked_png: false, baked_svg: false, ob2: true, qr_files: false}"
    assert text.splitlines()[-1] == publish
