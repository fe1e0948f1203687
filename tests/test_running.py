# SPDX-License-Identifier: Apache-2.0
"""A site is the same however it was made: in one process, in several, again, or after a death."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from site_builder.addresses import Site
from site_builder.build import artifacts, load
from site_builder.running.pool import Alone, Lost, Pool, processes
from site_builder.running.shards import begin
from site_builder.signing import Signer
from tests.sharded import (
    award_files,
    built,
    changed,
    clean_site,
    copied,
    made_repository,
    site_files,
)
from tests.support import BADGES, badges, differing, environment, files_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.running.checking import Workers
    from site_builder.running.shards import Job


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once; tests that change it take a copy."""
    return made_repository(tmp_path_factory.mktemp("sharded") / "repository")


@pytest.fixture(scope="module")
def right(repository: Path) -> dict[str, bytes]:
    """The files of its site."""
    return site_files(repository)


@pytest.fixture
def mine(repository: Path, right: dict[str, bytes], tmp_path: Path) -> Path:
    """A copy with its site and all that the build remembers, as a cache of a CI would restore it."""
    del right
    folder = tmp_path / "mine"
    shutil.copytree(repository, folder, symlinks=True)
    return folder


def alone(job: Job, _: int) -> Alone:
    return Alone(begin, job)


@contextmanager
def threads(job: Job, _: int) -> Iterator[Workers]:
    begin(job)
    with ThreadPoolExecutor(3) as executor:
        yield Pool(lambda: executor, 3)


@contextmanager
def three(job: Job, _: int) -> Iterator[Workers]:
    with processes(begin, job, most=3) as pool:
        yield pool


@pytest.mark.parametrize("workers_for", [alone, threads, three])
def test_any_executor_gives_the_same_bytes(
    workers_for, repository: Path, right: dict[str, bytes], tmp_path: Path
):
    root = copied(repository, tmp_path / "again")
    assert built(root, workers_for).published is not None
    assert differing(files_of(root / "site"), right) == []


def test_shards_give_the_files_of_the_catalog_in_one_piece(
    repository: Path, right: dict[str, bytes]
):
    catalog, _ = load(repository)
    assert catalog is not None
    site = Site(catalog.issuer.base_url)
    written = {"guide/index.md", "guide/how-awards-are-decided.md", "guide/privacy.md"}
    signer = Signer(None, catalog.issuer, site)
    whole = dict(artifacts(catalog, site, written=written, signer=signer))
    assert differing({path: right[path] for path in whole}, whole) == []


def test_a_restored_site_is_known_again_and_not_made_again(mine: Path):
    done = built(mine)
    assert done.published is not None
    assert (done.published.written, done.published.removed, done.reason) == (0, 0, "")


def test_a_build_of_what_has_not_changed_writes_nothing(mine: Path):
    built(mine)

    def seen() -> dict[str, tuple[int, int]]:
        return {
            str(one): (one.stat().st_mtime_ns, one.stat().st_ino)
            for folder in (mine / "site", mine / ".badges" / "published")
            for one in (folder, *folder.rglob("*"))
        }

    before = seen()
    done = built(mine)
    assert done.published is not None
    assert (done.published.written, done.published.removed) == (0, 0)
    assert seen() == before


def suspended(root: Path) -> None:
    path = next(one for one in award_files(root) if "state: active" in one.read_text("utf-8"))
    reason = "state: suspended, on: 2030-06-20, reason: Looked at again"
    changed(path, "state: active", reason)


def renamed(root: Path) -> None:
    """Somebody public takes another name."""
    path = next(
        one
        for one in sorted((root / "awards" / "teachers").iterdir())
        if "visibility: public" in one.read_text("utf-8")
    )
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("name:", "sort:"))]
    path.write_text("name: Ōkuma Ngũgĩ\nsort: okuma ngugi\n" + "".join(kept), "utf-8")


def moved(root: Path) -> None:
    """Somebody public takes another handle: one more address, and every link to it."""
    path = [
        one
        for one in sorted((root / "awards" / "teachers").iterdir())
        if "visibility: public" in one.read_text("utf-8")
    ][5]
    text = path.read_text("utf-8")
    handle = text.partition("handle: ")[2].partition("\n")[0]
    path.write_text(text.replace(f"handle: {handle}\n", "handle: somebody-else\n", 1), "utf-8")


def taken_back(root: Path) -> None:
    """Somebody public withdraws into privacy, and with them their pages."""
    path = next(
        one
        for one in sorted((root / "awards" / "teachers").iterdir(), reverse=True)
        if "visibility: public" in one.read_text("utf-8")
    )
    changed(path, "visibility: public", "visibility: private")


def removed(root: Path) -> None:
    """An award that was issued by mistake and never published is deleted."""
    needed = "\n".join(one.read_text("utf-8") for one in (root / "awards").rglob("*.yml"))
    path = next(
        one
        for one in award_files(root)
        if "state: active" in one.read_text("utf-8") and needed.count(one.stem) == 0
    )
    path.unlink()


def reworded(root: Path) -> None:
    changed(root / "catalog" / "issuer.yml", "name: ", "name: The ")


def documented(root: Path) -> None:
    (root / "docs" / "guide" / "more.md").write_text("# More\n\nWords.\n", "utf-8")


def test_each_edit_in_turn_gives_the_site_of_a_clean_build(mine: Path, tmp_path: Path):
    built(mine)
    for number, edits in enumerate(
        ((suspended,), (moved,), (renamed, documented), (taken_back, removed), (reworded,))
    ):
        for edit in edits:
            edit(mine)
        done = built(mine)
        assert done.published is not None, (edits, done.problems)
        clean = clean_site(mine, tmp_path / f"clean-{number}")
        assert differing(files_of(mine / "site"), clean) == [], edits


def test_one_changed_award_writes_only_what_tells_of_it(mine: Path):
    built(mine)
    suspended(mine)
    done = built(mine)
    assert done.published is not None
    assert 0 < done.published.written < 60
    assert done.published.removed == 0
    assert not done.published.is_whole_generation


def test_flipped_bytes_in_everything_kept_change_no_byte_of_the_site(
    mine: Path, right: dict[str, bytes]
):
    built(mine)
    rng = random.Random(5)  # noqa: S311 - any places will do
    spoiled = [one for one in (mine / ".badges").rglob("*") if one.is_file()]
    for place in spoiled:
        data = bytearray(place.read_bytes())
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            place.write_bytes(data)
    ran = badges("build", "--root", mine)
    assert ran.code == 0, ran
    assert ran.out.startswith("Everything was made anew: ")
    assert differing(files_of(mine / "site"), right) == []


@pytest.mark.parametrize("folder", ["kept", "published"])
def test_what_is_kept_may_be_deleted_at_any_time(folder: str, mine: Path, right: dict[str, bytes]):
    shutil.rmtree(mine / ".badges" / folder)
    assert built(mine).published is not None
    assert differing(files_of(mine / "site"), right) == []


def test_a_file_removed_from_the_site_by_hand_is_there_again(mine: Path, right: dict[str, bytes]):
    built(mine)
    page = next(path for path in right if path.startswith("awards/") and path.endswith(".html"))
    (mine / "site" / page).unlink()
    done = built(mine)
    assert done.reason
    assert differing(files_of(mine / "site"), right) == []


def test_a_teacher_named_in_an_unusual_way_is_found_all_the_same(
    mine: Path, right: dict[str, bytes]
):
    """The first look at a file reads no YAML: it may be wrong, and is put right."""
    paths = award_files(mine)
    for path, other in zip(paths[:3], paths[7:10], strict=True):
        text = path.read_text("utf-8")
        teacher = text.partition("teacher: ")[2].partition("\n")[0]
        elsewhere = other.read_text("utf-8").partition("teacher: ")[2].partition("\n")[0]
        note = f'note: "\nteacher: {elsewhere}\n"\n"teacher": {teacher}\n'
        path.write_text(note + text.replace(f"teacher: {teacher}\n", "", 1), "utf-8")
    assert built(mine).published is not None
    assert differing(files_of(mine / "site"), right) == []


def test_a_file_changed_without_a_trace_in_its_times_is_noticed(tmp_path: Path, repository: Path):
    root = copied(repository, tmp_path / "root")
    built(root)
    path = next(one for one in award_files(root) if "state: active" in one.read_text("utf-8"))
    seen = path.stat()
    text = path.read_text("utf-8")
    path.write_text(text.replace("issued: 20", "issued: 19", 1), "utf-8")  # of the same length
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    done = built(root)
    assert not done.is_sound
    assert {one.place.path for one in done.problems if one.severity == "error"} == {
        path.relative_to(root).as_posix()
    }


def test_a_broken_record_among_many_is_told_as_the_check_tells_it(mine: Path):
    path = award_files(mine)[100]
    changed(path, "credential: ", "credential: no-")
    check, build = badges("check", "--root", mine), badges("build", "--root", mine)
    (line, *_) = check.out.splitlines()
    assert line.startswith(f"{path.relative_to(mine).as_posix()}:")
    assert build.out.splitlines()[0] == line
    assert (check.code, build.code) == (1, 1)


# Processes that die.


def _dies_once(marker: str, item: int) -> int:
    if item == 3 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def _dies(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def _nothing() -> None:
    pass


def test_what_a_dead_process_worked_on_is_done_by_another(tmp_path: Path):
    with processes(_nothing, most=2) as pool:
        found = dict(pool.each(partial(_dies_once, str(tmp_path / "marker")), range(20)))
    assert found == {number: number * number for number in range(20)}


def test_work_that_kills_each_process_is_given_up():
    with processes(_nothing, most=2) as pool, pytest.raises(Lost) as lost:
        list(pool.each(_dies, range(4)))
    assert str(lost.value) == (
        "a process of the build was ended 3 times over the same work, perhaps because memory ran "
        "out; nothing was published."
    )


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux' list of processes")
def test_a_build_survives_the_death_of_a_worker_with_the_same_bytes(
    repository: Path, right: dict[str, bytes], tmp_path: Path
):
    import subprocess

    root = copied(repository, tmp_path / "root")
    process = subprocess.Popen(
        [*BADGES, "build", "--root", str(root)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    killed = 0
    for _ in range(2_000):
        # While its files are made: of the children at that time one builds MkDocs' pages.
        made = list(tmp_path.glob("root/site.badges-next-*/awards/*.html"))
        if made and not killed:
            for child in _children(process.pid):
                if b"forkserver" not in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, signal.SIGKILL)
                    killed = child
                    break
        if process.poll() is not None:
            break
        time.sleep(0.005)
    out, err = process.communicate()
    assert killed
    if process.returncode == 3:  # it was the process of the pages
        assert err == "badges: the process that builds the pages was ended.\n"
        assert not (root / "site").exists()
    else:
        assert process.returncode == 0, (out, err)
        assert differing(files_of(root / "site"), right) == []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux' list of processes")
def test_no_worker_outlives_a_killed_build(repository: Path, tmp_path: Path):
    import subprocess

    root = copied(repository, tmp_path / "root")
    process = subprocess.Popen(
        [*BADGES, "build", "--root", str(root)], env=environment(), stdout=subprocess.DEVNULL
    )
    children: list[int] = []
    for _ in range(2_000):
        children = _children(process.pid) if process.poll() is None else children
        if len(children) >= 2 and list(tmp_path.glob("root/site.badges-next-*/awards/*.html")):
            break
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert len(children) >= 2
    for _ in range(400):
        if not any(Path(f"/proc/{child}/cwd").exists() for child in children):
            break
        time.sleep(0.01)
    assert [child for child in children if Path(f"/proc/{child}/cwd").exists()] == []
