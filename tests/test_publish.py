# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import os
import pickle
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from site_builder.problems import EnvironmentProblem, UsageProblem
from site_builder.publish import (
    MARKER,
    PartWriter,
    Published,
    check_writable,
    manifest,
    staging,
    two_renames,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
OLD = {"index.html": b"old", "awards/a.html": b"old a", "gone/x.json": b"{}"}
NEW = {"index.html": b"new", "awards/a.html": b"new a", "awards/b.html": b"new b"}


def publish(site: Path, files: dict[str, bytes], state: Path | None = None) -> Published:
    with staging(site, state=state or site.parent / ".badges") as next_site:
        for path, data in files.items():
            next_site.write(path, data)
        return next_site.publish()


def files_of(folder: Path) -> dict[str, bytes]:
    """What a site holds, without the marker that each has."""
    found = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    assert found.pop(".nojekyll") == MARKER
    return found


def listed(files: dict[str, bytes]) -> list[tuple[str, str, int]]:
    return [
        (path, hashlib.sha256(data).hexdigest(), len(data)) for path, data in sorted(files.items())
    ]


def beside(site: Path) -> set[str]:
    return {p.name for p in site.parent.iterdir()} - {".badges"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def old_site(site: Path) -> Path:
    publish(site, OLD)
    return site


# What is published


def test_site_holds_exactly_what_the_last_build_wrote(old_site: Path):
    publish(old_site, NEW)
    assert files_of(old_site) == NEW
    assert beside(old_site) == {"site"}


def test_manifest_lists_each_file_with_its_hash_and_size_sorted_by_path(site: Path):
    files = {"b.html": b"bb", "a/é.html": b"", "a.html": b"a"}
    publish(site, files)
    assert list(manifest(site.parent / ".badges")) == listed(files)


def test_manifest_is_kept_beside_the_site_and_not_in_it(site: Path):
    publish(site, NEW)
    assert files_of(site) == NEW


def test_manifest_is_the_same_in_another_folder_and_another_order(tmp_path: Path):
    publish(tmp_path / "one/site", NEW)
    publish(tmp_path / "two/public", dict(reversed(NEW.items())))
    rows = [(tmp_path / place / ".badges/published").glob("*.rows") for place in ("one", "two")]
    one, two = ([(path.name, path.read_bytes()) for path in found] for found in rows)
    assert one == two


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_modes_are_0644_and_0755_whatever_the_umask(site: Path, mask: int):
    before = os.umask(mask)
    try:
        with staging(site, state=site.parent / ".badges") as next_site:
            (next_site.folder / "theme").mkdir()
            (next_site.folder / "theme/app.js").write_bytes(b"")
            (next_site.folder / "theme/app.js").chmod(0o755)
            next_site.write("awards/a.html", b"")
            next_site.publish()
    finally:
        os.umask(before)
    assert {oct(p.stat().st_mode & 0o7777) for p in site.rglob("*") if p.is_file()} == {"0o644"}
    assert {oct(p.stat().st_mode & 0o7777) for p in (site, *site.rglob("*")) if p.is_dir()} == {
        "0o755"
    }


def test_missing_parents_of_the_site_are_made(tmp_path: Path):
    publish(tmp_path / "out/public/site", NEW, tmp_path / ".badges")
    assert files_of(tmp_path / "out/public/site") == NEW


def test_writer_of_a_part_can_be_sent_to_another_process(site: Path):
    with staging(site, state=site.parent / ".badges") as next_site:
        sent = pickle.dumps(next_site.part("shard-1", "key"))
        worker: PartWriter = pickle.loads(sent)  # noqa: S301
        worker.write("awards/a.html", b"from a worker")
        worker.finish()
        next_site.publish()
    assert files_of(site) == {"awards/a.html": b"from a worker"}


# Files that have not changed


def test_unchanged_file_is_the_same_file_and_a_changed_one_is_new(site: Path):
    publish(site, {"awards/a.html": b"same", "awards/b.html": b"old"})
    before = {name: (site / f"awards/{name}.html").stat().st_ino for name in "ab"}
    publish(site, {"awards/a.html": b"same", "awards/b.html": b"new", "c.html": b"same"})
    after = {name: (site / f"awards/{name}.html").stat().st_ino for name in "ab"}

    assert files_of(site) == {"awards/a.html": b"same", "awards/b.html": b"new", "c.html": b"same"}
    assert (after["a"] == before["a"], after["b"] == before["b"]) == (True, False)
    assert {one.stat().st_nlink for one in site.rglob("*.html")} == {1}


@pytest.mark.parametrize("damage", [b"sAme", b"same and more", b""])
def test_file_somebody_changed_in_the_site_is_written_anew(site: Path, damage: bytes):
    publish(site, {"awards/a.html": b"same"})
    (site / "awards/a.html").write_bytes(damage)
    publish(site, {"awards/a.html": b"same"})
    assert files_of(site) == {"awards/a.html": b"same"}


def test_link_somebody_put_into_the_site_is_not_followed(site: Path, tmp_path: Path):
    publish(site, {"awards/a.html": b"same"})
    (tmp_path / "elsewhere.html").write_bytes(b"same")
    (site / "awards/a.html").unlink()
    (site / "awards/a.html").symlink_to(tmp_path / "elsewhere.html")
    publish(site, {"awards/a.html": b"same"})
    assert not (site / "awards/a.html").is_symlink()
    assert (tmp_path / "elsewhere.html").stat().st_nlink == 1


def test_build_that_ends_early_leaves_the_old_files_as_they_were(site: Path):
    publish(site, {"awards/a.html": b"same"})
    with staging(site, state=site.parent / ".badges") as next_site:
        next_site.write("awards/a.html", b"same")  # and never published
    assert files_of(site) == {"awards/a.html": b"same"}
    assert (site / "awards/a.html").stat().st_nlink == 1


# Paths


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../site/index.html",
        "awards/../../index.html",
        "awards//a.html",
        "awards/",
        "./index.html",
        "awards\\a.html",
        "C:/index.html",
        ".git/config",
        ".badges/manifest.json",
        "awards/.nojekyll",
        "awards/.well-known/did.json",
        "awards/a\0.html",
        "awards/a\n.html",
        "awards/a.",
        "awards/a ",
        "awards/\udcff.html",
    ],
)
def test_path_that_leaves_the_site_or_hides_in_it_is_refused(site: Path, path: str):
    message = f"{path!r} is not a path inside the site"
    with (
        pytest.raises(ValueError, match=rf"^{re.escape(message)}$"),
        staging(site, state=site.parent / ".badges") as next_site,
    ):
        next_site.write(path, b"")
    assert beside(site) == set()


def test_well_known_and_nojekyll_may_begin_with_a_dot(site: Path):
    publish(site, {".well-known/did.json": b"{}", ".nojekyll": MARKER})
    assert files_of(site) == {".well-known/did.json": b"{}"}


@pytest.mark.parametrize(("first", "second"), [("a.html", "a.html"), ("a", "a/b"), ("a/b", "a")])
def test_same_name_written_twice_is_refused(old_site: Path, first: str, second: str):
    with (  # noqa: PT012 - the error leaves through staging()
        pytest.raises(ValueError, match=rf"^'{second}' is written twice in one build$"),
        staging(old_site, state=old_site.parent / ".badges") as next_site,
    ):
        next_site.write(first, b"1")
        next_site.write(second, b"2")
    assert files_of(old_site) == OLD


# MkDocs' own output


def test_page_that_mkdocs_wrote_is_published_with_ours(site: Path):
    with staging(site, state=site.parent / ".badges") as next_site:
        (next_site.folder / "index.html").write_bytes(b"mkdocs")
        next_site.write("awards/a.html", b"ours")
        next_site.publish()
    assert files_of(site) == {"index.html": b"mkdocs", "awards/a.html": b"ours"}


def test_page_that_mkdocs_wrote_is_never_overwritten(site: Path):
    with (  # noqa: PT012 - the error leaves through staging()
        pytest.raises(ValueError, match=r"^'index.html' is written twice in one build$"),
        staging(site, state=site.parent / ".badges") as next_site,
    ):
        (next_site.folder / "index.html").write_bytes(b"mkdocs")
        next_site.write("index.html", b"ours")
        next_site.publish()


def test_link_that_mkdocs_left_is_refused(tmp_path: Path, site: Path):
    with (  # noqa: PT012 - the error leaves through staging()
        pytest.raises(
            EnvironmentProblem, match=r"^awards in the new site is neither a file nor a folder\.$"
        ),
        staging(site, state=tmp_path / ".badges") as next_site,
    ):
        (next_site.folder / "awards").symlink_to(tmp_path)
        next_site.publish()


# Builds that end early


def test_error_inside_a_build_leaves_the_old_site_whole(old_site: Path):
    with (  # noqa: PT012 - the error leaves through staging()
        pytest.raises(KeyError, match=r"^'our bug'$"),
        staging(old_site, state=old_site.parent / ".badges") as next_site,
    ):
        next_site.write("index.html", b"half")
        raise KeyError("our bug")
    assert files_of(old_site) == OLD
    assert beside(old_site) == {"site"}


def test_build_that_does_not_publish_changes_nothing(old_site: Path):
    with staging(old_site, state=old_site.parent / ".badges") as next_site:
        next_site.write("index.html", b"half")
    assert files_of(old_site) == OLD
    assert beside(old_site) == {"site"}


def test_generation_is_published_once(site: Path):
    with staging(site, state=site.parent / ".badges") as next_site:
        next_site.publish()
        with pytest.raises(RuntimeError, match=r"^this generation is published already$"):
            next_site.publish()


def test_error_about_an_input_is_not_said_to_be_about_the_site(site: Path, tmp_path: Path):
    with pytest.raises(FileNotFoundError), staging(site, state=tmp_path / ".badges"):
        (tmp_path / "catalog.yml").read_bytes()


def test_leftovers_of_killed_builds_are_removed_and_neighbours_are_not(old_site: Path):
    for name in (
        "site.badges-next-1",
        "site.badges-old",
        "site.old",
        "site.next",
        "site2.badges-old",
    ):
        (old_site.parent / name).mkdir()
        (old_site.parent / name / "index.html").write_bytes(b"left")
    publish(old_site, NEW)
    assert beside(old_site) == {"site", "site.old", "site.next", "site2.badges-old"}
    assert files_of(old_site) == NEW


# Two renames, where the system cannot exchange


def test_two_renames_publish_as_well(old_site: Path):
    with staging(old_site, state=old_site.parent / ".badges", swap=two_renames) as next_site:
        for path, data in NEW.items():
            next_site.write(path, data)
        next_site.publish()
    assert files_of(old_site) == NEW
    assert beside(old_site) == {"site"}


def test_second_rename_that_fails_brings_the_old_site_back(old_site: Path, tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        two_renames(tmp_path / "no such folder", old_site)
    assert files_of(old_site) == OLD


def test_swap_cut_short_between_two_renames_is_repaired_by_the_next_check(old_site: Path):
    old_site.rename(old_site.with_name("site.badges-old"))
    check_writable(old_site, state=old_site.parent / ".badges")
    assert files_of(old_site) == OLD
    assert beside(old_site) == {"site"}


def test_swap_cut_short_between_two_renames_is_repaired_before_a_build_that_fails(old_site: Path):
    old_site.rename(old_site.with_name("site.badges-old"))
    with pytest.raises(KeyError), staging(old_site, state=old_site.parent / ".badges"):
        raise KeyError
    assert files_of(old_site) == OLD
    assert beside(old_site) == {"site"}


# Folders that are not ours


def refusal(site: Path, state: Path) -> str:
    """The sentence that both doors give."""
    with pytest.raises(UsageProblem) as early:
        check_writable(site, state=state)
    with pytest.raises(UsageProblem) as late, staging(site, state=state):
        pass
    assert str(early.value) == str(late.value)
    assert not [name for name in beside(site) if ".badges-" in name]
    return str(late.value)


ADVICE = "Name a new or an empty folder for the site."


def test_folder_with_files_that_no_build_wrote_is_left_alone(site: Path, tmp_path: Path):
    site.mkdir()
    (site / "thesis.docx").write_bytes(b"precious")
    assert refusal(site, tmp_path / ".badges") == (
        f"{site} is left alone: it holds files that no earlier build wrote. {ADVICE}"
    )
    assert (site / "thesis.docx").read_bytes() == b"precious"


def test_file_in_place_of_the_site_is_left_alone(site: Path, tmp_path: Path):
    site.write_bytes(b"precious")
    assert (
        refusal(site, tmp_path / ".badges") == f"{site} is left alone: it is not a folder. {ADVICE}"
    )


def test_git_working_tree_is_left_alone_even_when_a_build_wrote_it(old_site: Path, tmp_path: Path):
    (old_site / ".git").write_bytes(b"gitdir: elsewhere")
    assert refusal(old_site, tmp_path / ".badges") == (
        f"{old_site} is left alone: it is a git working tree. {ADVICE}"
    )


def test_folder_that_the_build_works_in_is_left_alone(old_site: Path):
    assert refusal(old_site, old_site / ".badges") == (
        f"{old_site} is left alone: the folder this build works in lies inside it. {ADVICE}"
    )


def test_root_is_left_alone(tmp_path: Path):
    with pytest.raises(UsageProblem) as error:
        check_writable(Path("/"), state=tmp_path / ".badges")
    assert str(error.value) == (
        f"/ is left alone: it is a mount point, which cannot be replaced as a whole. {ADVICE}"
    )


def test_empty_folder_is_used(site: Path):
    site.mkdir()
    publish(site, NEW)
    assert files_of(site) == NEW


def test_earlier_site_without_its_marker_is_known_by_the_manifest(old_site: Path):
    (old_site / ".nojekyll").unlink()
    publish(old_site, NEW)
    assert files_of(old_site) == NEW


def test_earlier_site_without_its_manifest_is_known_by_the_marker(old_site: Path):
    shutil.rmtree(old_site.parent / ".badges")
    publish(old_site, NEW)
    assert files_of(old_site) == NEW


def test_earlier_site_without_marker_that_holds_another_file_is_left_alone(old_site: Path):
    (old_site / ".nojekyll").unlink()
    (old_site / "notes.txt").write_bytes(b"precious")
    assert refusal(old_site, old_site.parent / ".badges") == (
        f"{old_site} is left alone: it holds files that no earlier build wrote. {ADVICE}"
    )


def test_link_to_the_site_stays_and_its_folder_is_replaced(tmp_path: Path):
    link = tmp_path / "public"
    link.symlink_to("www/current")
    for files in (OLD, NEW):  # the first finds the link leading nowhere
        publish(link, files)
        assert link.is_symlink()
        assert files_of(tmp_path / "www/current") == files
    assert beside(tmp_path / "www/current") == {"current"}


# One build at a time


def test_second_build_waits_for_the_first(site: Path):
    order: list[str] = []

    def second() -> None:
        publish(site, NEW)
        order.append("second")

    thread = threading.Thread(target=second)
    with staging(site, state=site.parent / ".badges") as next_site:
        thread.start()
        time.sleep(0.3)
        next_site.write("index.html", b"first")
        next_site.publish()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert files_of(site) == NEW


@pytest.mark.parametrize("state", [".badges", "other/.badges"])
def test_build_that_waits_too_long_says_so(site: Path, state: str):
    with staging(site, state=site.parent / ".badges"):
        with (
            pytest.raises(EnvironmentProblem) as error,
            staging(site, state=site.parent / state, wait_seconds=0.1),
        ):
            pass
        assert str(error.value) == f"{site} is being written by another build; waited 0.1 seconds."


def test_check_leaves_no_file_and_makes_no_folder(tmp_path: Path):
    check_writable(tmp_path / "site", state=tmp_path / ".badges")
    check_writable(tmp_path / "out/site", state=tmp_path / ".badges")
    assert list(tmp_path.iterdir()) == []


# Disks that fail


def test_file_in_place_of_a_parent_is_said_at_once(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EnvironmentProblem) as error:
        check_writable(tmp_path / "file/site", state=tmp_path / ".badges")
    assert str(error.value) == (
        f"{tmp_path}/file/site cannot be built: {tmp_path}/file is not a folder that can be written to."
    )


CHILD_WITH_LIMIT = """
import resource, sys
from pathlib import Path
from site_builder.problems import EnvironmentProblem
from site_builder.publish import staging
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
site = Path(sys.argv[1])
try:
    with staging(site, state=site.parent / ".badges") as next_site:
        next_site.write("index.html", b"new")
        if sys.argv[2] == "ours":
            next_site.write("big.html", b"x" * 10_000)
        else:
            (next_site.folder / "big.html").write_bytes(b"x" * 10_000)
        next_site.publish()
except EnvironmentProblem as problem:
    print(problem)
"""


@pytest.mark.parametrize(("writer", "named"), [("ours", "/big.html"), ("mkdocs", "")])
def test_file_that_cannot_be_written_whole_leaves_the_old_site(
    old_site: Path, writer: str, named: str
):
    done = subprocess.run(
        [sys.executable, "-c", CHILD_WITH_LIMIT, str(old_site), writer],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{old_site}{named} cannot be written: File too large.\n"
    assert done.stderr == ""
    assert files_of(old_site) == OLD
    assert beside(old_site) == {"site"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    try:
        is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    if not is_mounted:
        pytest.skip("mounting a file system needs root")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_full_disk_leaves_the_old_site_whole_and_takes_the_new_one_away(
    small_disk: Path, tmp_path: Path
):
    site = small_disk / "site"
    publish(site, OLD, tmp_path / ".badges")
    with pytest.raises(EnvironmentProblem) as error:
        publish(site, {f"awards/{n}.html": b"x" * 8192 for n in range(100)}, tmp_path / ".badges")
    assert re.fullmatch(
        rf"{site}/awards/\d+\.html cannot be written: No space left on device\.", str(error.value)
    )
    assert files_of(site) == OLD
    assert beside(site) == {"site"}


def test_disk_that_fills_up_with_few_changes_leaves_the_old_site_whole(
    small_disk: Path, tmp_path: Path
):
    site, state = small_disk / "site", tmp_path / ".badges"
    old = {f"awards/{n}.html": b"old" for n in range(40)}
    publish(site, old, state)
    with pytest.raises(EnvironmentProblem) as error:
        publish(site, {**old, **{f"awards/{n}.html": b"x" * 40_000 for n in range(5)}}, state)
    assert re.fullmatch(
        rf"{site}/awards/\d\.html cannot be written: No space left on device\.", str(error.value)
    )
    assert files_of(site) == old
    assert beside(site) == {"site"}
    publish(site, {**old, "awards/0.html": b"new"}, state)
    assert files_of(site) == {**old, "awards/0.html": b"new"}


def test_state_that_fills_up_leaves_the_old_site_whole(small_disk: Path, tmp_path: Path):
    site, state = tmp_path / "site", small_disk / ".badges"
    publish(site, OLD, state)
    with pytest.raises(EnvironmentProblem) as error:
        publish(site, {f"awards/{n}-{'x' * 200}.html": b"" for n in range(2000)}, state)
    assert str(error.value) == (f"{state}/published cannot be written: No space left on device.")
    assert files_of(site) == OLD
    publish(site, NEW, state)
    assert files_of(site) == NEW


def test_read_only_disk_is_said_at_once_and_leaves_the_old_site(small_disk: Path, tmp_path: Path):
    site, state = small_disk / "site", tmp_path / ".badges"
    publish(site, OLD, state)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(EnvironmentProblem) as early:
        check_writable(site, state=state)
    assert str(early.value) == (
        f"{site} cannot be built: {small_disk} is not a folder that can be written to."
    )
    with pytest.raises(EnvironmentProblem) as late:
        publish(site, NEW, state)
    assert str(late.value) == f"{site} cannot be written: Read-only file system."
    assert files_of(site) == OLD


def test_mount_point_is_left_alone(small_disk: Path, tmp_path: Path):
    with pytest.raises(UsageProblem) as error:
        check_writable(small_disk, state=tmp_path / ".badges")
    assert str(error.value) == (
        f"{small_disk} is left alone: it is a mount point, which cannot be replaced as a whole. {ADVICE}"
    )


def test_read_only_folder_is_said_at_once(old_site: Path):
    old_site.parent.chmod(0o555)
    try:
        if os.access(old_site.parent, os.W_OK):
            pytest.skip("root writes into read-only folders")
        with pytest.raises(EnvironmentProblem) as error:
            check_writable(old_site, state=old_site.parent / ".badges")
    finally:
        old_site.parent.chmod(0o755)
    assert str(error.value) == (
        f"{old_site} cannot be built: {old_site.parent} is not a folder that can be written to."
    )
