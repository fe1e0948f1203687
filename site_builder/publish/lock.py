# SPDX-License-Identifier: Apache-2.0
"""One build at a time."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from site_builder.problems import EnvironmentProblem
from site_builder.publish.files import in_plain_words

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_held: set[int] = set()


@contextmanager
def locked(place: Path, site: Path, wait_seconds: float, *, stays: bool = False) -> Iterator[None]:
    """A lock for the time inside; the kernel drops it when the process ends in any way.

    Args:
        place: the lock's file; it is there only while somebody builds, or was killed.
        site: what messages call the thing that is locked.
        wait_seconds: how long to wait for the present holder.
        stays: leaves the file, so that taking the lock again changes nothing in its folder.

    Raises:
        EnvironmentProblem: it is still held after that time, or cannot be written.
    """
    deadline = time.monotonic() + wait_seconds
    with in_plain_words(site):
        while (fd := _try_lock(place)) is None:
            if time.monotonic() >= deadline:
                waited = f"waited {wait_seconds:g} seconds"
                raise EnvironmentProblem(f"{site} is being written by another build; {waited}.")
            time.sleep(0.05)
    _held.add(fd)
    try:
        yield
    finally:
        if not stays:
            with suppress(OSError):  # Windows keeps the name of an open file
                place.unlink()
        _held.discard(fd)
        os.close(fd)


def _try_lock(place: Path) -> int | None:
    """The locked file's descriptor, or None when somebody else holds it."""
    fd = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if sys.platform == "win32":
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(fd), place.stat()):
            return fd
    except (BlockingIOError, PermissionError, FileNotFoundError):
        pass
    os.close(fd)  # held, or its last holder has just removed the name that we opened
    return None


def _drop_in_child() -> None:
    """Closes a forked worker's copies: one that outlives a killed build must not keep the lock."""
    while _held:
        os.close(_held.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_drop_in_child)
