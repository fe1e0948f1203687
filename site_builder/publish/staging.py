# SPDX-License-Identifier: Apache-2.0
"""The next generation of a site: filled out of sight, then published in one step."""

from __future__ import annotations

import errno
import json
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.problems import EnvironmentProblem, UsageProblem
from site_builder.publish.files import (
    Writer,
    cannot_write,
    in_plain_words,
    manifest_of,
    set_modes,
)
from site_builder.publish.lock import locked
from site_builder.publish.swap import beside, exchange, sync_file_system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Swap = Callable[[Path, Path], None]

MARKER_PATH = ".nojekyll"  # GitHub Pages needs this file to serve .well-known
MARKER = b"Written by badges build, which replaces this whole folder each time.\n"
_MANIFEST = "manifest.json"  # in the state folder: inside the site it would name unlisted addresses
_PENDING = "manifest.next.json"
_OUTPUT_ERRORS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}
)


class Staging(Writer):
    """The next generation of a site, not yet visible; `staging()` gives one.

    `folder` may be MkDocs' `site_dir`. MkDocs empties it when it starts: let it run first.
    """

    def __init__(self, site: Path, folder: Path, state: Path, swap: Swap) -> None:
        super().__init__(folder, site, site if site.is_dir() else None)
        self._state = state
        self._swap = swap
        self._is_published = False

    def publish(self) -> bytes:
        """The manifest of the site that is now in place.

        Raises:
            EnvironmentProblem: the disk would not; the site is whole, old or new.
        """
        if self._is_published:
            raise RuntimeError("this generation is published already")
        if not os.path.lexists(self.folder / MARKER_PATH):
            self.write(MARKER_PATH, MARKER)
        pending = self._state / _PENDING
        with in_plain_words(self.site):
            set_modes(self.folder)
            manifest = manifest_of(self.folder)
            sync_file_system(self.folder)
        with in_plain_words(pending):
            _write_synced(pending, manifest)
        with in_plain_words(self.site):
            if os.path.lexists(self.site):
                self._swap(self.folder, self.site)
            else:
                self.folder.rename(self.site)
            self._is_published = True
            sync_file_system(self.site.parent)
        with in_plain_words(pending):
            pending.replace(self._state / _MANIFEST)
        return manifest


def check_writable(site: Path, *, state: Path, wait_seconds: float = 60.0) -> None:
    """Nothing, when a build may replace `site`; leaves no file, repairs an interrupted swap.

    Args:
        site: the folder to publish; it need not exist.
        state: the build's own folder (`.badges`); it need not exist.
        wait_seconds: how long to wait for another build.

    Raises:
        UsageProblem: `site` is not a folder that a build may replace.
        EnvironmentProblem: it cannot be written, or another build is at work for too long.
    """
    final = Path(os.path.realpath(site))
    for parent in (final.parent, state.absolute()):
        existing = next(p for p in (parent, *parent.parents) if p.exists())
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            found = f"{existing} is not a folder that can be written to"
            raise EnvironmentProblem(f"{final} cannot be built: {found}.")
    if final.parent.is_dir():
        with locked(beside(final, "lock"), final, wait_seconds), in_plain_words(final):
            _put_back(final)
            _refuse_foreign(final, state)


@contextmanager
def staging(
    site: Path, *, state: Path, wait_seconds: float = 60.0, swap: Swap = exchange
) -> Iterator[Staging]:
    """A fresh generation of `site`, in place only after its `publish()`.

    Args:
        site: the published folder; a symbolic link stays, and the folder it names is replaced.
        state: the build's own folder (`.badges`), for the manifest.
        wait_seconds: how long to wait for another build of the same site or the same state.
        swap: how two folders change places.

    Raises:
        UsageProblem, EnvironmentProblem: as in `check_writable`; also when the disk fails inside.
    """
    final = Path(os.path.realpath(site))
    folder = beside(final, f"next-{os.getpid()}")  # a killed build's workers may still write theirs
    for needed in (final.parent, state):
        with in_plain_words(needed):
            needed.mkdir(parents=True, exist_ok=True)
    with (
        locked(state / "lock", final, wait_seconds),
        locked(beside(final, "lock"), final, wait_seconds),
    ):
        with in_plain_words(final):
            _put_back(final)
            _refuse_foreign(final, state)
            _settle_manifest(final, state)
            _remove_leftovers(final)
            folder.mkdir(0o755)
        try:
            yield Staging(final, folder, state, swap)
        except OSError as error:  # MkDocs writes into the folder too, and its disk is full as well
            written = error.filename2 or error.filename  # of a copy that failed, the second is ours
            if error.errno not in _OUTPUT_ERRORS or not _is_under(folder, written):
                raise
            raise cannot_write(final, error) from error
        finally:
            for left in (folder, beside(final, "old")):
                shutil.rmtree(left, ignore_errors=True)  # what stays, the next build removes


def _put_back(final: Path) -> None:
    """The old site in its place again, when `two_renames` was cut short between the two."""
    old = beside(final, "old")
    if old.is_dir() and not os.path.lexists(final):
        old.rename(final)


def _settle_manifest(final: Path, state: Path) -> None:
    """The manifest of the site that is there, when a build was killed around its swap."""
    pending = state / _PENDING
    if pending.exists():
        if final.is_dir() and manifest_of(final) == pending.read_bytes():
            pending.replace(state / _MANIFEST)
        else:
            pending.unlink()


def _remove_leftovers(final: Path) -> None:
    """Removes what killed builds left beside the site; the lock is held, so nobody uses it."""
    for entry in list(final.parent.iterdir()):
        if entry.name.startswith((f"{final.name}.badges-next-", f"{final.name}.badges-old")):
            shutil.rmtree(entry)


def _refuse_foreign(final: Path, state: Path) -> None:
    """Nothing, when the folder may be replaced as a whole."""
    if not os.path.lexists(final):
        return
    reason = None
    if not final.is_dir():
        reason = "it is not a folder"
    elif os.path.ismount(final):
        reason = "it is a mount point, which cannot be replaced as a whole"
    elif any(_is_under(final, place) for place in (Path.cwd(), os.path.realpath(state))):
        reason = "the folder this build works in lies inside it"
    elif os.path.lexists(final / ".git"):
        reason = "it is a git working tree"
    elif any(final.iterdir()) and not _is_ours(final, state):
        reason = "it holds files that no earlier build wrote"
    if reason:
        advice = "Name a new or an empty folder for the site."
        raise UsageProblem(f"{final} is left alone: {reason}. {advice}")


def _is_ours(final: Path, state: Path) -> bool:
    """True when an earlier build wrote this folder: by its marker, else by the last manifest."""
    with suppress(OSError):
        if (final / MARKER_PATH).read_bytes() == MARKER:
            return True
    with suppress(OSError, ValueError, TypeError, KeyError):
        known = {
            file["path"].split("/")[0] for file in json.loads((state / _MANIFEST).read_bytes())
        }
        return {entry.name for entry in final.iterdir()} <= known
    return False


def _is_under(folder: Path, place: object) -> bool:
    """True when `place` is `folder` or inside it; also when an error names no place at all."""
    return not isinstance(place, str | os.PathLike) or Path(place).is_relative_to(folder)


def _write_synced(place: Path, data: bytes) -> None:
    with place.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
