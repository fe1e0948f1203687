# SPDX-License-Identifier: Apache-2.0
"""What lies in awards/, by shard: nothing is missed, nothing stands twice, every change is seen."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING

import pytest

from site_builder.build.sample import sample
from site_builder.kept import Kept
from site_builder.problems import EnvironmentProblem
from site_builder.sources import PeopleFile, Scan, read_tree, scan
from site_builder.sources.scan import digest_of, read_file
from tests.benchmarks import data
from tests.support import ROOT, copy_demo, write
from tests.test_cli import free_port, page, serving, wait_for

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = 1_600_000_000 * 10**9  # ns


def files(found: Scan) -> list[PeopleFile]:
    return sorted(
        (one for shard in found.shards for one in shard.files()), key=lambda one: one.path
    )


def aged(root: Path) -> Path:
    """The repository with files whose times lie well before now, as in any but a fresh one."""
    for path in (root / "awards").rglob("*.yml"):
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
    return root


def test_shards_hold_every_file_of_the_demo_once(tmp_path: Path):
    sources = [one for one in read_tree(ROOT).sources if one.kind in ("teacher", "award")]
    found = files(scan(ROOT, Kept(tmp_path)))
    assert [(one.path, one.kind, one.id, one.digest) for one in found] == [
        (one.path, one.kind, one.id, digest_of(one.data)) for one in sources
    ]


def test_a_teacher_and_all_awards_that_name_them_lie_in_one_shard(tmp_path: Path):
    home: dict[str, int] = {}
    for shard in scan(ROOT, Kept(tmp_path)).shards:
        for one in shard.files():
            text = (ROOT / one.path).read_text("utf-8")
            teacher = one.id if one.kind == "teacher" else text[9:35]
            assert home.setdefault(teacher, shard.number) == shard.number


def test_what_lies_in_the_wrong_place_is_told_as_without_shards(tmp_path: Path):
    root = copy_demo(tmp_path / "root")
    write(
        root,
        {
            "awards/x.yml": "",
            "awards/teachers/maya.yml": "",
            f"awards/teachers/{'0' * 26}.yaml": "",
            "awards/2015-17/p/a.yml": "",
            f"awards/2015-16/samples/{'0' * 26}.yml": "x" * 1_048_577,
            "awards/2015-16/samples/notes.txt": "",
            "awards/2015-16/samples/README.md": "",
        },
    )
    for kept in (Kept(None), Kept(tmp_path / "kept"), Kept(tmp_path / "kept")):
        found = scan(root, kept)
        assert found.problems == read_tree(root).problems
        assert found.unread == read_tree(root).unread


def test_what_was_seen_before_is_not_read_again(tmp_path: Path):
    root, kept = copy_demo(tmp_path / "root"), Kept(tmp_path / "kept")
    time.sleep(2.1)  # what changed a moment ago is never trusted to look otherwise after a change
    first = scan(root, kept)
    again = scan(root, kept)
    assert (first.read, again.read) == (first.awards + first.teachers, 0)
    assert again.digest == first.digest
    assert again.shards == first.shards

    path = sorted((root / "awards" / "teachers").iterdir())[3]
    path.write_bytes(path.read_bytes() + b"# one more line\n")
    assert scan(root, kept).read == 1


def test_a_change_that_keeps_length_and_times_is_seen(tmp_path: Path):
    kept = Kept(tmp_path / "kept")
    root = aged(copy_demo(tmp_path / "root"))
    first = scan(root, kept)
    path = sorted((root / "awards" / "teachers").iterdir())[3]
    before = path.stat()
    data_ = path.read_bytes()
    path.write_bytes(data_[:-2] + b"x\n")  # as long as it was
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    second = scan(root, kept)
    assert second.digest != first.digest
    path.write_bytes(data_)
    assert scan(root, kept).digest == first.digest


def test_a_file_that_changes_while_a_build_runs_is_told(tmp_path: Path):
    root = copy_demo(tmp_path / "root")
    one = files(scan(root, Kept(None)))[0]
    assert digest_of(read_file(str(root), one)) == one.digest
    (root / one.path).write_text("name: Somebody else\n", "utf-8")
    with pytest.raises(EnvironmentProblem) as told:
        read_file(str(root), one)
    assert str(told.value) == f"'{one.path}' changed meanwhile; start again."


def test_a_damaged_memory_of_a_scan_is_no_memory(tmp_path: Path):
    root, folder = aged(copy_demo(tmp_path / "root")), tmp_path / "kept"
    first = scan(root, Kept(folder))
    for place in (folder / "scan").iterdir():
        data_ = bytearray(place.read_bytes())
        data_[-1] ^= 1
        place.write_bytes(data_)
    kept = Kept(folder)
    second = scan(root, kept)
    assert second.digest == first.digest
    assert second.read == first.read
    assert kept.spoiled > 0


# A sample to look at.


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "repository"
    data.write(folder, 3_000)
    return folder


def test_of_few_awards_all_are_shown():
    shown = sample(ROOT)
    assert shown.is_whole
    assert shown.words == ""
    assert shown.loaded.catalog is not None
    assert len(shown.loaded.catalog.awards) + len(shown.loaded.catalog.drafts) == 612


def test_of_many_awards_some_people_are_shown_with_all_of_theirs(many: Path):
    shown, again = sample(many), sample(many)
    catalog = shown.loaded.catalog
    assert catalog is not None
    assert 500 <= shown.awards < 1_000
    assert {one.teacher for one in catalog.awards.values()} <= catalog.teachers.keys()
    assert shown.words == again.words
    assert shown.words == (
        f"Showing {shown.awards:,} of 3,300 awards, those of {shown.teachers:,} of 750 teachers; "
        "figures and lists are of these alone. A change in awards/ shows after a restart. `badges "
        "build` makes everything."
    )


def test_serving_many_awards_shows_some_and_says_so(many: Path, tmp_path: Path):
    root = shutil.copytree(many, tmp_path / "root")
    port = free_port()
    with serving(root, "--port", str(port)) as (process, log):
        wait_for(f"http://127.0.0.1:{port}/", "Learning Works", log)
        assert "Learning Works" in page(f"http://127.0.0.1:{port}/backpacks/")
        assert process.poll() is None
    said = log.read_text("utf-8")
    assert sample(many).words in said
    assert "Traceback" not in said
