# SPDX-License-Identifier: Apache-2.0
"""Bytes by name in a folder that may be deleted at any time: what was worked out once.

An entry carries a checksum of its own bytes: one flipped bit makes it worthless, and what it held
is worked out anew. Nothing is ever taken from here that the checksum does not cover.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

_CHECKSUM = 32  # bytes of SHA-256


class Kept:
    """Entries of one folder; picklable, and safe to share between processes.

    Args:
        folder: where they lie, below `.badges`; None keeps nothing.

    Attributes:
        spoiled: entries that were there, but not whole.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.spoiled = 0

    def get(self, name: str) -> bytes | None:
        """The entry's bytes, or None when there is none or its checksum does not fit."""
        if self.folder is None:
            return None
        try:
            with open(self.folder / name, "rb") as file:  # noqa: PTH123 - faster than Path.open
                entry = file.read()
        except OSError:
            return None
        checksum, data = entry[:_CHECKSUM], entry[_CHECKSUM:]
        if hashlib.sha256(name.encode() + b"\0" + data).digest() == checksum:
            return data
        self.spoiled += 1
        return None

    def put(self, name: str, data: bytes) -> None:
        """Writes an entry whole or not at all; a folder that cannot be written is only slower."""
        if self.folder is None:
            return
        path = self.folder / name
        temporary = path.with_name(f"{path.name}.{os.getpid()}")
        entry = hashlib.sha256(name.encode() + b"\0" + data).digest() + data
        try:
            try:
                temporary.write_bytes(entry)
            except FileNotFoundError:
                path.parent.mkdir(parents=True, exist_ok=True)
                temporary.write_bytes(entry)
            temporary.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()

    def drop(self, folder: str) -> None:
        """Removes every entry below a folder."""
        if self.folder is not None:
            shutil.rmtree(self.folder / folder, ignore_errors=True)

    def written(self, name: str) -> int | None:
        """When an entry was written by the file system's own clock, in nanoseconds."""
        if self.folder is None:
            return None
        try:
            return os.stat(self.folder / name).st_mtime_ns  # noqa: PTH116 - as above
        except OSError:
            return None
