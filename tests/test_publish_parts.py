# SPDX-License-Identifier: Apache-2.0
"""Sites that come in parts: what is known of them, what is written, what somebody else changed."""

from __future__ import annotations

import os
import pickle
import re
import shutil
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder import addresses
from site_builder.problems import EnvironmentProblem
from site_builder.publish import (
    MARKER,
    KnowledgeLost,
    PartWriter,
    Published,
    check_writable,
    known,
    manifest,
    recognise,
    staging,
)
from site_builder.publish.journal import journal_of, order
from site_builder.publish.packing import seal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Parts = dict[str, dict[str, bytes]]
# 100 files, so that up to 19 changes go into the site in place.
OLD: Parts = {
    "lists": {"ledger.json": b"old", "status/1.json": b"old", "gone/deep/x.json": b"old"},
    "pages": {"index.html": b"page"},
    **{f"shard-{n}": {f"awards/{n}-{k}.html": b"%d" % k for k in range(16)} for n in range(6)},
}
NEW: Parts = {
    **OLD,
    "lists": {"ledger.json": b"new", "status/1.json": b"new", "fresh/y.json": b"new"},
}


def key_of(files: dict[str, bytes]) -> str:
    return repr(sorted(files.items()))


def publish(site: Path, parts: Parts, state: Path | None = None) -> Published:
    """As a build does it: what is current stays, all else is made, and lost knowledge is no end."""
    try:
        with staging(site, state=state or site.parent / ".badges") as stage:
            for part, files in parts.items():
                if stage.is_current(part, key_of(files)):
                    stage.extra_of(part)
                    stage.keep(part)
                else:
                    fill(stage.part(part, key_of(files)), files)
            return stage.publish()
    except KnowledgeLost:
        return publish(site, parts, state)


def fill(writer: PartWriter, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        writer.write(path, data)
    writer.finish(b"payload of " + writer.name.encode())


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, and every folder as one that ends in a slash."""
    return {
        p.relative_to(folder).as_posix() + ("/" if p.is_dir() else ""): b""
        if p.is_dir()
        else p.read_bytes()
        for p in folder.rglob("*")
    }


def wanted(parts: Parts) -> dict[str, bytes]:
    """What `tree` finds in a site of these parts."""
    files = {path: data for part in parts.values() for path, data in part.items()}
    folders = {f"{path[:at]}/" for path in files for at in range(len(path)) if path[at] == "/"}
    return {".nojekyll": MARKER, **files, **dict.fromkeys(folders, b"")}


def looks(*folders: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of change of everything in the folders, themselves included."""
    found = {}
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            status = path.lstat()
            found[str(path)] = (status.st_ino, status.st_mtime_ns)
    return found


def neighbours(site: Path) -> set[str]:
    return {p.name for p in site.parent.iterdir()} - {".badges"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    assert publish(site, OLD) == Published(100, 0, 0, is_whole_generation=True)
    return site


@pytest.fixture
def state(site: Path) -> Path:
    return site.parent / ".badges"


# What is known


def test_first_build_knows_nothing_and_has_nothing_to_say(tmp_path: Path):
    with staging(tmp_path / "site", state=tmp_path / ".badges") as stage:
        assert (stage.known, stage.reason) == (None, "")
        assert not stage.is_current("pages", "key")


def test_part_is_current_by_its_key_and_gives_its_payload_back(site: Path, state: Path):
    with staging(site, state=state) as stage:
        assert stage.known is not None
        assert (set(stage.known.parts), stage.reason) == (set(OLD), "")
        assert stage.is_current("pages", key_of(OLD["pages"]))
        assert not stage.is_current("pages", "another key")
        assert not stage.is_current("no such part", key_of(OLD["pages"]))
        assert stage.extra_of("pages") == b"payload of pages"


def test_payload_may_be_empty(tmp_path: Path):
    for _ in range(2):
        with staging(tmp_path / "site", state=tmp_path / ".badges") as stage:
            if stage.known:
                assert stage.extra_of("pages") == b""
            stage.part("pages", "key").finish()
            stage.publish()


def test_manifest_lists_the_files_of_every_part(site: Path):
    assert {path: size for path, _, size in manifest(site.parent / ".badges")} == {
        path: len(data) for files in OLD.values() for path, data in files.items()
    }


# Nothing changed, a little, much


def test_build_without_a_change_touches_nothing(site: Path, state: Path):
    before = looks(site, state)
    assert publish(site, OLD) == Published(0, 0, 100, is_whole_generation=False)
    assert looks(site, state) == before
    assert neighbours(site) == {"site"}


def test_part_made_anew_to_the_same_bytes_touches_nothing(site: Path, state: Path):
    before = looks(site, state)
    with staging(site, state=state) as stage:
        for part, files in OLD.items():
            fill(stage.part(part, key_of(files)), files)
        assert stage.publish() == Published(0, 0, 100, is_whole_generation=False)
    assert looks(site, state) == before


def test_part_with_another_key_and_the_same_bytes_is_remembered_only(site: Path, state: Path):
    before = looks(site)
    for expected in (False, True):
        with staging(site, state=state) as stage:
            assert stage.is_current("pages", "key 2") == expected
            for part in OLD.keys() - {"pages"}:
                stage.keep(part)
            fill(stage.part("pages", "key 2"), OLD["pages"])
            assert stage.publish() == Published(0, 0, 100, is_whole_generation=False)
    assert looks(site) == before


def test_few_changes_go_into_the_site_in_place(site: Path):
    before = looks(site)
    assert publish(site, NEW) == Published(3, 1, 97, is_whole_generation=False)
    assert tree(site) == wanted(NEW)
    after = looks(site)
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    assert changed == {str(site / path) for path in ("", "ledger.json", "status", "status/1.json")}
    assert neighbours(site) == {"site"}
    assert publish(site, NEW) == Published(0, 0, 100, is_whole_generation=False)


def test_files_put_in_place_have_the_modes_of_all(site: Path):
    before = os.umask(0o077)
    try:
        publish(site, NEW)
    finally:
        os.umask(before)
    assert {oct(p.stat().st_mode & 0o7777) for p in site.rglob("*") if p.is_file()} == {"0o644"}
    assert {oct(p.stat().st_mode & 0o7777) for p in site.rglob("*") if p.is_dir()} == {"0o755"}


def test_many_changes_make_a_whole_generation_with_links_to_the_rest(site: Path):
    before = looks(site)
    new = {**NEW, "shard-0": dict.fromkeys(OLD["shard-0"], b"changed")}
    assert publish(site, new) == Published(19, 1, 81, is_whole_generation=True)
    assert tree(site) == wanted(new)
    after = looks(site)
    assert after[str(site / "awards/1-1.html")] == before[str(site / "awards/1-1.html")]
    assert after[str(site)][0] != before[str(site)][0]
    assert {p.stat().st_nlink for p in site.rglob("*.html")} == {1}
    assert neighbours(site) == {"site"}
    assert publish(site, new) == Published(0, 0, 100, is_whole_generation=False)


def test_file_system_without_links_gets_copies(site: Path, monkeypatch: pytest.MonkeyPatch):
    def link(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    new = {**NEW, "shard-0": dict.fromkeys(OLD["shard-0"], b"changed")}
    assert publish(site, new).is_whole_generation
    assert tree(site) == wanted(new)
    assert not publish(site, {**new, "pages": {"index.html": b"new"}}).is_whole_generation
    assert publish(site, OLD).is_whole_generation
    assert tree(site) == wanted(OLD)


def test_part_that_nobody_names_is_gone(site: Path):
    parts = {name: files for name, files in OLD.items() if name != "lists"}
    assert publish(site, parts) == Published(0, 3, 97, is_whole_generation=False)
    assert tree(site) == wanted(parts)


def test_file_may_move_from_part_to_part(site: Path):
    parts = {**OLD, "lists": {}, "other": OLD["lists"]}
    assert publish(site, parts) == Published(3, 3, 97, is_whole_generation=False)
    assert tree(site) == wanted(parts)
    assert publish(site, parts) == Published(0, 0, 100, is_whole_generation=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"x": b""}, {"x/y": b""}),
        ({"x/y": b""}, {"x": b""}),
        ({"x/y/z": b"", "x/a": b""}, {"x/y": b""}),
    ],
)
def test_file_may_become_a_folder_and_a_folder_a_file(
    site: Path, before: dict[str, bytes], after: dict[str, bytes]
):
    for files in (before, after):
        publish(site, {**OLD, "one": files})
        assert tree(site) == wanted({**OLD, "one": files})
        assert publish(site, {**OLD, "one": files}).written == 0


def test_build_says_what_was_done_before_the_old_generation_is_removed(site: Path, state: Path):
    with staging(site, state=state) as stage:
        stage.write("index.html", b"all that there is")
        stage.publish()
        assert set(tree(site)) == {".nojekyll", "index.html"}
        assert len(neighbours(site)) == 3  # the site, the old one, the lock
    assert neighbours(site) == {"site"}


# Files from elsewhere


def test_folder_is_adopted_and_only_changed_files_are_moved(
    site: Path, state: Path, tmp_path: Path
):
    scratch = tmp_path / "scratch"
    for part, body in ((OLD["pages"], b"page"), ({"theme/app.js": b"code"}, b"code")):
        for path in part:
            (scratch / path).parent.mkdir(parents=True, exist_ok=True)
            (scratch / path).write_bytes(body)
            (scratch / path).chmod(0o600)
    before = looks(site)
    with staging(site, state=state) as stage:
        for part in OLD.keys() - {"pages"}:
            stage.keep(part)
        stage.adopt("pages", "key 2", scratch, b"payload")
        assert stage.publish() == Published(1, 0, 100, is_whole_generation=False)
    assert tree(site) == wanted({**OLD, "theme": {"theme/app.js": b"code"}})
    assert looks(site)[str(site / "index.html")] == before[str(site / "index.html")]
    assert (site / "theme/app.js").stat().st_mode & 0o7777 == 0o644
    assert [p.name for p in scratch.rglob("*")].count("index.html") == 1
    with staging(site, state=state) as stage:
        assert stage.extra_of("pages") == b"payload"


def test_folder_of_the_next_site_may_be_adopted_too(site: Path, state: Path):
    for number, expected in (
        (1, Published(0, 0, 100, is_whole_generation=False)),
        (2, Published(1, 0, 99, is_whole_generation=False)),
    ):
        with staging(site, state=state) as stage:
            for part in OLD.keys() - {"pages"}:
                stage.keep(part)
            (stage.folder / "index.html").write_bytes(b"page" if number == 1 else b"new page")
            stage.adopt("pages", f"key {number}", stage.folder)
            assert stage.publish() == expected
    assert (site / "index.html").read_bytes() == b"new page"
    assert neighbours(site) == {"site"}


def test_names_of_adopted_files_may_be_anything(tmp_path: Path):
    names = {"a b.html", ".htaccess", "line\nbreak", os.fsdecode(b"latin\xe9.html"), "été/1.html"}
    site, scratch = tmp_path / "site", tmp_path / "scratch"
    for round_ in (b"1", b"2"):
        for name in names:
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            (scratch / name).write_bytes(round_)
        with staging(site, state=tmp_path / ".badges") as stage:
            stage.adopt("pages", round_.decode(), scratch)
            stage.publish()
        assert {path for path, _, _ in manifest(tmp_path / ".badges")} == names
        assert {(site / name).read_bytes() for name in names} == {round_}


# Our own bugs


def test_same_file_in_two_new_parts_is_refused(site: Path, state: Path):
    with (  # noqa: PT012 - the error leaves through staging()
        pytest.raises(ValueError, match=r"^'new.html' is written twice in one build$"),
        staging(site, state=state) as stage,
    ):
        fill(stage.part("one", ""), {"new.html": b"1"})
        fill(stage.part("two", ""), {"new.html": b"2"})
    assert tree(site) == wanted(OLD)


@pytest.mark.parametrize("others", ["kept", "made"])
@pytest.mark.parametrize("clash", ["index.html", "index.html/x", "awards"])
@pytest.mark.parametrize("more", [0, 50])
def test_new_part_with_a_file_of_an_old_one_is_refused(
    site: Path, state: Path, others: str, clash: str, more: int
):
    with (  # noqa: PT012 - the error leaves through staging()
        pytest.raises(ValueError, match=r"^'[^']*' is written twice in one build$"),
        staging(site, state=state) as stage,
    ):
        for part, files in OLD.items():
            if others == "kept":
                stage.keep(part)
            else:
                fill(stage.part(part, ""), files)
        fill(stage.part("two", ""), {clash: b"2", **{f"more/{n}": b"" for n in range(more)}})
        stage.publish()
    assert tree(site) == wanted(OLD)
    assert neighbours(site) == {"site"}


def test_part_is_named_once_and_properly(site: Path, state: Path):
    with staging(site, state=state) as stage:
        stage.keep("pages")
        with pytest.raises(ValueError, match=r"^the part 'pages' comes twice$"):
            stage.part("pages", "")
        with pytest.raises(ValueError, match=r"^'../pages' is no name for a part$"):
            stage.part("../pages", "")
        with pytest.raises(ValueError, match=r"^the site in place has no part 'other'$"):
            stage.keep("other")


def test_part_that_was_begun_and_not_finished_is_not_published(site: Path, state: Path):
    with (  # noqa: PT012 - the error leaves through staging()
        pytest.raises(ValueError, match=r"^the part 'pages' was begun and not finished$"),
        staging(site, state=state) as stage,
    ):
        stage.part("pages", "").write("index.html", b"half")
        stage.publish()
    assert tree(site) == wanted(OLD)


# Workers


def _fill_in_worker(sent: bytes, files: dict[str, bytes]) -> None:
    fill(pickle.loads(sent), files)  # noqa: S301


def test_workers_write_their_parts(site: Path, state: Path):
    with ProcessPoolExecutor(2) as pool, staging(site, state=state) as stage:
        waiting = [
            pool.submit(_fill_in_worker, pickle.dumps(stage.part(part, key_of(files))), files)
            for part, files in NEW.items()
        ]
        for one in waiting:
            one.result()
        assert stage.publish() == Published(3, 1, 97, is_whole_generation=False)
    assert tree(site) == wanted(NEW)
    assert publish(site, NEW) == Published(0, 0, 100, is_whole_generation=False)


def test_part_of_a_dead_worker_is_written_again_with_the_same_writer(tmp_path: Path):
    site = tmp_path / "site"
    with staging(site, state=tmp_path / ".badges") as stage:
        sent = pickle.dumps(stage.part("one", "key"))
        dead: PartWriter = pickle.loads(sent)  # noqa: S301
        dead.write("whole.html", b"whole")
        dead.write("half.html", b"ha")
        again: PartWriter = pickle.loads(sent)  # noqa: S301
        fill(again, {"whole.html": b"whole", "half.html": b"half", "more.html": b"more"})
        stage.publish()
    assert tree(site) == wanted(
        {"one": {"whole.html": b"whole", "half.html": b"half", "more.html": b"more"}}
    )


# Others at the site


def rebuilt(site: Path) -> str:
    """The reason a build gives for writing everything; it does, and the next one needs not."""
    with staging(site, state=site.parent / ".badges") as stage:
        assert stage.known is None
        reason = stage.reason
    assert publish(site, OLD) == Published(100, 0, 0, is_whole_generation=True)
    assert tree(site) == wanted(OLD)
    assert publish(site, OLD) == Published(0, 0, 100, is_whole_generation=False)
    return reason


def test_file_removed_by_hand_is_noticed(site: Path):
    (site / "awards/1-1.html").unlink()
    assert rebuilt(site) == f"{site}/awards was changed since the last build."


def test_file_added_by_hand_is_noticed(site: Path):
    (site / "awards/notes.txt").write_bytes(b"")
    assert rebuilt(site) == f"{site}/awards was changed since the last build."


def test_file_exchanged_by_hand_is_noticed(site: Path):
    (site / "x").write_bytes(b"other")
    (site / "x").replace(site / "gone/deep/x.json")
    assert rebuilt(site) == f"{site} was changed since the last build."


def test_file_written_over_by_hand_is_noticed_in_a_site_of_moderate_size(site: Path):
    (site / "awards/1-1.html").write_bytes(b"!")
    assert rebuilt(site) == f"A file in {site} was changed since the last build."


def test_copy_of_the_site_is_not_taken_for_it(site: Path, tmp_path: Path):
    shutil.copytree(site, tmp_path / "copy")
    shutil.rmtree(site)
    (tmp_path / "copy").rename(site)
    assert rebuilt(site) == f"{site} is not the folder that the last build wrote."


def test_folder_exchanged_for_a_link_is_noticed(site: Path, tmp_path: Path):
    (site / "awards").rename(tmp_path / "elsewhere")
    (site / "awards").symlink_to(tmp_path / "elsewhere")
    assert rebuilt(site) == f"{site} was changed since the last build."
    assert not (site / "awards").is_symlink()
    assert len(list((tmp_path / "elsewhere").iterdir())) == 96


def test_site_that_vanished_is_written_without_a_word(site: Path):
    shutil.rmtree(site)
    assert rebuilt(site) == ""


def test_another_site_with_the_same_state_is_written_whole(site: Path, state: Path, tmp_path: Path):
    other = tmp_path / "other"
    assert publish(other, OLD, state).is_whole_generation
    assert rebuilt(site) == f"{site} is not the folder that the last build wrote."


def test_state_that_vanished_is_said(site: Path, state: Path):
    shutil.rmtree(state)
    assert rebuilt(site) == f"Nothing is known about {site}."


def test_state_of_another_version_is_said(site: Path, state: Path):
    (state / "published/index").write_bytes(seal({"format": 0}))
    assert rebuilt(site) == f"{state}/published/index was written by another version of badges."


@pytest.mark.parametrize("more", [0, 50])
def test_site_changed_during_a_build_is_left_as_it_is(site: Path, state: Path, more: int):
    with (  # noqa: PT012 - the error leaves through staging()
        pytest.raises(EnvironmentProblem) as error,
        staging(site, state=state) as stage,
    ):
        for part in OLD:
            stage.keep(part)
        fill(stage.part("new", ""), {f"new/{n}.html": b"" for n in range(more + 1)})
        (site / "index.html").unlink()
        stage.publish()
    assert str(error.value) == (
        f"{site} was changed since the last build. "
        "Nobody else may write there while a build does. Build again."
    )
    assert set(tree(site)) == wanted(OLD).keys() - {"index.html"}


def flipped(place: Path, at: int) -> None:
    data = bytearray(place.read_bytes())
    data[at % len(data)] ^= 1 << (at % 8)
    place.write_bytes(data)


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_flipped_byte_in_any_kept_file_gives_the_same_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_looked_at: bool
):
    if not is_looked_at:  # as in a large site
        monkeypatch.setattr(known, "_LOOKED_AT", 0)
    site, state = tmp_path / "site", tmp_path / ".badges"
    kept: list[str] = []
    for turn in range(10_000):
        publish(site, OLD)
        kept = kept or sorted(p.name for p in (state / "published").iterdir())
        if turn >= len(kept):
            break
        name = kept[turn]
        flipped(state / "published" / name, 70)
        publish(site, NEW)
        assert tree(site) == wanted(NEW), name
        assert publish(site, NEW) == Published(0, 0, 100, is_whole_generation=False)
        assert neighbours(site) == {"site"}


def test_damaged_payload_is_lost_knowledge_and_then_forgotten(site: Path, state: Path):
    place = next((state / "published").glob("pages-*.extra"))
    flipped(place, 3)
    with pytest.raises(KnowledgeLost) as lost, staging(site, state=state) as stage:
        stage.extra_of("pages")
    assert str(lost.value) == f"{place} is damaged."
    assert pickle.loads(pickle.dumps(lost.value)).args == lost.value.args  # noqa: S301
    assert rebuilt(site) == f"Nothing is known about {site}."


# A site from an archive


def restored(site: Path) -> None:
    """The site as an archive gives it back: other inodes, the same times and modes."""
    shutil.copytree(site, site.with_name("copy"), symlinks=True)
    shutil.rmtree(site)
    site.with_name("copy").rename(site)


def test_site_restored_from_an_archive_is_recognised(site: Path, state: Path):
    restored(site)
    assert recognise(site, state=state)
    before = looks(site, state)
    assert recognise(site, state=state)
    assert publish(site, OLD) == Published(0, 0, 100, is_whole_generation=False)
    assert looks(site, state) == before
    assert publish(site, NEW) == Published(3, 1, 97, is_whole_generation=False)
    assert tree(site) == wanted(NEW)


def _more(site: Path) -> None:
    (site / "awards/notes.txt").write_bytes(b"")


def _less(site: Path) -> None:
    (site / "awards/1-1.html").unlink()


def _other(site: Path) -> None:
    (site / "awards/1-1.html").write_bytes(b"!")


def _link(site: Path) -> None:
    _less(site)
    (site / "awards/1-1.html").symlink_to("1-2.html")


def _mode(site: Path) -> None:
    (site / "awards/1-1.html").chmod(0o600)


def _marker(site: Path) -> None:
    (site / ".nojekyll").write_bytes(b"")


def _index(site: Path) -> None:
    flipped(site.parent / ".badges/published/index", 100)


def _rows(site: Path) -> None:
    flipped(next((site.parent / ".badges/published").glob("*.rows")), 100)


@pytest.mark.parametrize("harm", [_more, _less, _other, _link, _mode, _marker, _index, _rows])
def test_site_that_differs_in_anything_is_not_recognised(
    site: Path, state: Path, harm: Callable[[Path], None]
):
    restored(site)
    harm(site)
    assert not recognise(site, state=state)
    rebuilt(site)


def test_nothing_is_recognised_where_nothing_is(site: Path, state: Path, tmp_path: Path):
    assert not recognise(tmp_path / "nowhere", state=state)
    assert not recognise(site, state=tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


# The journal


def journal(site: Path, **changes: object) -> dict[str, object]:
    staged = site.with_name("site.badges-next-1")
    staged.mkdir(exist_ok=True)
    (staged / "index.html").write_bytes(b"journalled")
    return {
        "format": 1,
        "staging": staged.name,
        "root": site.stat().st_ino,
        "state": str(site.parent / ".badges/published"),
        "parts": {},
        "folders": [""],
        "writes": [("index.html", (staged / "index.html").stat().st_ino)],
        "removals": ["ledger.json"],
        **changes,
    }


def test_journal_in_force_is_carried_out_by_the_next_check(site: Path, state: Path):
    journal_of(site).write_bytes(seal(journal(site)))
    check_writable(site, state=state)
    assert (site / "index.html").read_bytes() == b"journalled"
    assert not (site / "ledger.json").exists()
    assert not journal_of(site).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"root": 1},
        {"staging": "site"},
        {"staging": "site.badges-next-1/../x"},
        {"writes": [("../site/index.html", 1)]},
        {"removals": ["../precious"]},
        {"removals": ["/precious"]},
    ],
)
def test_journal_of_another_folder_is_dropped(site: Path, state: Path, changes: dict[str, object]):
    (site.parent / "precious").write_bytes(b"precious")
    journal_of(site).write_bytes(seal(journal(site, **changes)))
    check_writable(site, state=state)
    assert tree(site) == wanted(OLD)
    assert (site.parent / "precious").exists()
    assert not journal_of(site).exists()


def test_journal_whose_files_are_gone_makes_the_state_worthless(site: Path, state: Path):
    journal_of(site).write_bytes(seal(journal(site, removals=[])))
    (site.parent / "site.badges-next-1/index.html").unlink()
    check_writable(site, state=state)
    with staging(site, state=state) as stage:  # nothing had been begun
        assert stage.reason == ""
    journal_of(site).write_bytes(seal(journal(site)))
    (site.parent / "site.badges-next-1/index.html").unlink()
    check_writable(site, state=state)
    assert rebuilt(site) == f"{site} was changed since the last build."


@pytest.mark.parametrize("data", [b"", b"{}", seal({"format": 2})])
def test_damaged_journal_is_dropped(site: Path, state: Path, data: bytes):
    journal_of(site).write_bytes(data)
    check_writable(site, state=state)
    assert tree(site) == wanted(OLD)
    assert not journal_of(site).exists()


def test_journal_carried_out_for_another_state_makes_that_state_worthless(
    site: Path, tmp_path: Path
):
    journal_of(site).write_bytes(seal(journal(site)))
    check_writable(site, state=tmp_path / "other")
    assert (site / "index.html").read_bytes() == b"journalled"
    assert rebuilt(site) == f"{site} was changed since the last build."


def test_what_others_point_to_comes_first_and_verdicts_last():
    paths = [
        addresses.STYLE,
        addresses.award_png("x"),
        addresses.award_page("x"),
        addresses.CATALOG,
        addresses.award_json("x"),
        addresses.REVOCATIONS_OB2,
        addresses.status_list(1),
        addresses.DID,
        addresses.DID_WELL_KNOWN,
        addresses.LEDGER,
    ]
    assert [order(path)[0] for path in paths] == [0, 0, 1, 1, 2, 3, 3, 3, 3, 3]


def test_disk_that_fails_in_the_midst_is_said_and_the_next_build_finishes(
    site: Path, monkeypatch: pytest.MonkeyPatch
):
    replace = os.replace

    def failing(source: str, place: str) -> None:
        if str(place).endswith("ledger.json"):
            raise OSError(5, "Input/output error")
        replace(source, place)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(EnvironmentProblem) as error:
        publish(site, NEW)
    monkeypatch.undo()
    assert str(error.value) == (
        f"{site} cannot be written: Input/output error. It holds files of two builds until the "
        "next one has finished what this one began."
    )
    assert publish(site, NEW) == Published(0, 0, 100, is_whole_generation=False)
    assert tree(site) == wanted(NEW)
    assert neighbours(site) == {"site"}


# Any sequence of edits

_PATHS = st.sampled_from(
    [*(f"{folder}/{n}.html" for folder in ("a", "b", "b/c") for n in range(4)), "x.json", "y"]
)
_SITES = st.dictionaries(_PATHS, st.tuples(st.sampled_from("pqr"), st.binary(max_size=2)))
_FILLING = {f"filling/{n}.html": b"" for n in range(150)}  # makes few changes few


@settings(
    max_examples=int(os.environ.get("BADGES_EXAMPLES", "15")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sites=st.lists(_SITES, min_size=2, max_size=5), is_large=st.booleans())
def test_any_sequence_of_edits_gives_the_site_of_a_clean_build(
    tmp_path: Path, sites: list[dict[str, tuple[str, bytes]]], *, is_large: bool
):
    for left in tmp_path.iterdir():
        shutil.rmtree(left)
    site = tmp_path / "incremental/site"
    for number, files in enumerate(sites):
        parts: Parts = {"filling": _FILLING} if is_large else {}
        for path, (part, data) in files.items():
            parts.setdefault(part, {})[path] = data
        publish(site, parts)
        clean = tmp_path / f"clean-{number}/site"
        publish(clean, parts)
        assert tree(site) == tree(clean) == wanted(parts)
        assert sorted(manifest(site.parent / ".badges")) == sorted(
            manifest(clean.parent / ".badges")
        )
        assert publish(site, parts).written == 0
        assert neighbours(site) == {"site"}


def test_state_holds_only_what_its_parts_need(site: Path, state: Path):
    for parts in (NEW, OLD, NEW):
        publish(site, parts)
    found = {re.sub("-[0-9a-f]{16}", "", p.name) for p in (state / "published").iterdir()}
    assert found == {"index"} | {f"{part}.{kind}" for part in NEW for kind in ("rows", "extra")}
    assert len(list((state / "published").iterdir())) == 2 * len(NEW) + 1
    assert {p.name for p in state.iterdir()} == {"published", "lock"}
