# SPDX-License-Identifier: Apache-2.0
"""Two generations changing places, and one sync before they do."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# From linux/fcntl.h and linux/fs.h.
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NOT_OFFERED = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})


def exchange(new: Path, final: Path) -> None:
    """Both folders with their names exchanged: in one step on Linux, else by `two_renames`."""
    renameat2 = getattr(_libc(), "renameat2", None) if sys.platform == "linux" else None
    if renameat2 is not None:
        there, here = os.fsencode(final), os.fsencode(new)
        if renameat2(_AT_FDCWD, here, _AT_FDCWD, there, _RENAME_EXCHANGE) == 0:
            return
        code = ctypes.get_errno()
        if code not in _NOT_OFFERED:
            raise OSError(code, os.strerror(code), str(final))
    two_renames(new, final)


def two_renames(new: Path, final: Path) -> None:
    """`new` in the place of `final`, whose folder is then called `<site>.badges-old`.

    For a moment there is no site. A build killed in that moment leaves the old name behind,
    and that name is the journal: the next build moves the folder back.
    """
    old = beside(final, "old")
    final.rename(old)
    try:
        new.rename(final)
    except OSError:
        old.rename(final)
        raise


def beside(final: Path, what: str) -> Path:
    """Where a build keeps something of its own next to the site."""
    return final.parent / f"{final.name}.badges-{what}"


def own(final: Path, what: str = "") -> Path:
    """A place of this build's own; a killed build's workers may still write into theirs."""
    return beside(final, f"next-{os.getpid()}{what}")


def sync_file_system(folder: Path) -> None:
    """Everything written so far, on the disk: one sync, as thousands of single ones cost minutes.

    Raises:
        OSError: the disk has lost something that was written.
    """
    syncfs = getattr(_libc(), "syncfs", None) if sys.platform == "linux" else None
    if syncfs is None:
        getattr(os, "sync", lambda: None)()  # Windows has none
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(fd):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(folder))
    finally:
        os.close(fd)


def sync_folder(folder: Path) -> None:
    """The names in one folder, on the disk."""
    if sys.platform != "win32":  # which opens no folder, and keeps their order by itself
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)
