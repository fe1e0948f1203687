# SPDX-License-Identifier: Apache-2.0
"""A few changed files put into the site in place, by a journal that is carried out to its end.

Until the journal is in its place the old site is whole. From then on the new one is certain: who
finds a journal finishes it, and doing so twice does no harm. Only between the two may a reader see
files of both generations, each of them whole.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from site_builder.publish.files import make_folders, write_synced
from site_builder.publish.known import KnowledgeLost, Part, Store
from site_builder.publish.packing import seal, unseal
from site_builder.publish.swap import beside, sync_file_system, sync_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMAT = 1
_PAGES = (".html", ".htm")
_RECORDS = (".json", ".jsonld", ".txt", ".xml", ".gz")
_VERDICTS = frozenset({"ledger.json", "did.json", ".well-known/did.json"})


@dataclass(frozen=True, slots=True)
class Journal:
    """All that is to be done to a site.

    Args:
        staging: the name, beside the site, of the folder that holds the changed files.
        root: inode of the site's folder.
        state: the state folder to keep what is then known.
        parts: the parts of the new site, as `table` gives them.
        folders: every folder the new site may have; "" is its own.
        writes: changed files, in order, each with the inode by which it is known to have arrived.
        removals: files that go, in order.
    """

    staging: str
    root: int
    state: str
    parts: Mapping[str, tuple[Any, ...]]
    folders: list[str]
    writes: list[tuple[str, int]]
    removals: list[str]

    def place(self, final: Path) -> None:
        """The journal on the disk and in force; the files it names are on the disk already."""
        pending = beside(final, f"{self.staging.rpartition('badges-')[2]}.journal")
        write_synced(pending, seal({"format": _FORMAT, **asdict(self)}))
        pending.replace(journal_of(final))
        sync_folder(final.parent)

    def carry_out(self, final: Path, store: Store) -> bool:
        """The site brought to its new state, and that known; False when files it needs are gone.

        Raises:
            OSError: the disk would not; the journal stays in force.
        """
        staging = final.parent / self.staging
        is_complete = True
        for path, inode in self.writes:
            is_complete &= _moved(staging, final, path, inode)
        for path in self.removals:
            with suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(f"{final}/{path}")  # noqa: PTH108 - plain calls
        _remove_empty(final, self.removals)
        sync_file_system(final)
        if is_complete and self.state == str(store.folder):
            parts = {name: Part(*values) for name, values in self.parts.items()}
            try:
                store.save(store.look(parts, final, self.folders))
            except KnowledgeLost:  # the site is right all the same
                store.forget()
        journal_of(final).unlink()
        return is_complete


def journal_of(final: Path) -> Path:
    """Where the journal of a site lies while it is in force."""
    return beside(final, "journal")


def finish_interrupted(final: Path, state: Path) -> None:
    """The new site whole, when a build was killed while it changed the old one in its place.

    A journal that is damaged, or another version's, or of another folder, is dropped: what is known
    of the site then does not fit it, and the next build writes it whole.
    """
    place = journal_of(final)
    try:
        found = unseal(place.read_bytes())
    except FileNotFoundError:
        return
    except ValueError:
        found = {}
    journal = Journal(**found) if found.pop("format", 0) == _FORMAT else None
    if journal is not None and _is_for(journal, final):
        journal.carry_out(final, Store(state))
    else:
        place.unlink()


def order(path: str) -> tuple[int, str]:
    """Sorts what others point to before what points there, and verdicts last.

    Pictures and scripts, then pages, then records, then what says which records stand: a page
    never names a file that is not there yet, and nothing is called revoked, or known, too early.
    """
    if path in _VERDICTS or path.startswith("status/"):
        return 3, path
    if path.endswith(_RECORDS):
        return 2, path
    return (1 if path.endswith(_PAGES) else 0), path


def _is_for(journal: Journal, final: Path) -> bool:
    """True when the journal is about this folder and nothing outside it.

    Somebody's repository may hold a file of that name; it must not reach beyond the site.
    """
    paths = [
        PurePosixPath(path) for path in (*(path for path, _ in journal.writes), *journal.removals)
    ]
    return (
        final.is_dir()
        and final.stat().st_ino == journal.root
        and journal.staging.startswith(beside(final, "next-").name)
        and "/" not in journal.staging
        and not any(path.is_absolute() or ".." in path.parts for path in paths)
    )


def _moved(staging: Path, final: Path, path: str, inode: int) -> bool:
    """True when the file is in its place, now or since an earlier attempt."""
    source, place = f"{staging}/{path}", f"{final}/{path}"
    try:
        os.replace(source, place)  # noqa: PTH105 - plain calls
    except FileNotFoundError:
        if not os.path.lexists(source):
            return os.path.lexists(place) and os.lstat(place).st_ino == inode
        make_folders(final, path)
        os.replace(source, place)  # noqa: PTH105
    return True


def _remove_empty(final: Path, removals: list[str]) -> None:
    """Removes each folder that has become empty, and those that then are."""
    for path in removals:
        folder = path.rpartition("/")[0]
        with suppress(OSError):  # not empty, or gone already
            while folder:
                os.rmdir(f"{final}/{folder}")  # noqa: PTH106
                folder = folder.rpartition("/")[0]
