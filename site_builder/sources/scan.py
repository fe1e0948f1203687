# SPDX-License-Identifier: Apache-2.0
"""What lies in `awards/`, by shard, without holding it: a name and a digest for each file.

A shard is some teachers with all their awards. Which shard a file belongs to follows from the
teacher it names, so a file's bytes have to be seen once. What was seen is kept, by name and by what
the file system says of the file (inode, size, times of change): the same test git makes. A file
changed so shortly before that its times could not tell is read again.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from site_builder.kept import Kept
from site_builder.problems import EnvironmentProblem, Problem, quoted, tidy
from site_builder.sources.tree import RANDOM, Kind, Reader, cannot_read, read_bytes

_TEACHERS = "awards/teachers"
_TEACHER = re.compile(rb"""^teacher:[ ]*["']?([0-9a-z]{26})\b""", re.MULTILINE)
_STAT = struct.Struct("<QQqq")  # inode, size, modified, changed
_NAME, _MARK, _DIGEST = 26, 4, 20  # bytes of a row: id, what its shard follows from, digest
_ROW = _NAME + _MARK + _DIGEST
_UNSURE = 2_000_000_000  # ns; the coarsest clock of a file system we know counts in two seconds
_IN_A_SHARD = 256  # awards; see docs/decisions/0016
_SUFFIX = ".yml"


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """One file of a teacher or an award, not read yet."""

    path: str
    kind: Kind
    id: str
    digest: bytes


@dataclass(frozen=True)
class ShardFiles:
    """The files of one shard; picklable, and a few kilobytes.

    Attributes:
        number: from 0 to `of` - 1.
        folders: paths of folders, in their order.
        rows: for each folder what lies in it: id and digest of each file, packed.
    """

    number: int
    of: int
    folders: tuple[str, ...]
    rows: tuple[bytes, ...] = field(repr=False)

    @property
    def name(self) -> str:
        return f"shard-{self.number:05d}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the paths of its files and their bytes, hexadecimal."""
        digest = hashlib.sha256(f"{self.number}/{self.of}\n".encode())
        for folder, rows in zip(self.folders, self.rows, strict=True):
            digest.update(f"{folder} {len(rows)}\n".encode() + rows)
        return digest.hexdigest()

    def files(self) -> Iterator[PeopleFile]:
        """Its files, sorted by path."""
        size = _NAME + _DIGEST
        for folder, rows in zip(self.folders, self.rows, strict=True):
            kind: Kind = "teacher" if folder == _TEACHERS else "award"
            for start in range(0, len(rows), size):
                name = rows[start : start + _NAME].decode()
                digest = rows[start + _NAME : start + size]
                yield PeopleFile(f"{folder}/{name}{_SUFFIX}", kind, name, digest)


def shard_mark(teacher: str) -> bytes:
    """What decides the shard of a teacher and of all awards that name the teacher."""
    return hashlib.blake2b(teacher.encode(), digest_size=_MARK).digest()


def digest_of(data: bytes) -> bytes:
    """The digest of a file's bytes as `PeopleFile` has it."""
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()


@dataclass(frozen=True)
class Scan:
    """Every file of `awards/`, by folder.

    Attributes:
        folders: for each folder the rows of its files, sorted by name.
        problems: files that lie in the wrong place.
        unread: (kind, id) of files that are there but were not read.
        read: number of files whose bytes were read this time.
    """

    folders: dict[str, bytes]
    problems: tuple[Problem, ...] = ()
    unread: tuple[tuple[Kind, str], ...] = ()
    read: int = 0

    @cached_property
    def teachers(self) -> int:
        """Number of files of teachers."""
        return len(self.folders.get(_TEACHERS, b"")) // _ROW

    @cached_property
    def awards(self) -> int:
        """Number of files of awards, work under review included."""
        return sum(map(len, self.folders.values())) // _ROW - self.teachers

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all paths and bytes, hexadecimal."""
        digest = hashlib.sha256()
        for folder, rows in self.folders.items():
            digest.update(f"{folder} {len(rows)}\n".encode() + rows)
        return digest.hexdigest()

    @cached_property
    def count(self) -> int:
        """How many shards: a power of two, so that it seldom changes."""
        return 1 << max(0, -(-self.awards // _IN_A_SHARD) - 1).bit_length()

    @cached_property
    def shards(self) -> tuple[ShardFiles, ...]:
        """The files by shard; the empty shards too."""
        of = self.count
        found: list[dict[str, bytearray]] = [{} for _ in range(of)]
        for folder, rows in self.folders.items():
            for start in range(0, len(rows), _ROW):
                end = start + _NAME + _MARK
                number = int.from_bytes(rows[start + _NAME : end], "little") & (of - 1)
                row = rows[start : start + _NAME] + rows[end : start + _ROW]
                mine = found[number].get(folder)
                if mine is None:
                    found[number][folder] = bytearray(row)
                else:
                    mine += row
        return tuple(
            ShardFiles(number, of, tuple(mine), tuple(bytes(rows) for rows in mine.values()))
            for number, mine in enumerate(found)
        )

    def where(self, award_ids: frozenset[str]) -> dict[str, int]:
        """The shard of each of these awards that has a file."""
        found = {}
        wanted = {one.encode() for one in award_ids}
        for folder, rows in self.folders.items():
            if folder == _TEACHERS:
                continue
            for start in range(0, len(rows), _ROW):
                name = rows[start : start + _NAME]
                if name in wanted:
                    mark = rows[start + _NAME : start + _NAME + _MARK]
                    found[name.decode()] = int.from_bytes(mark, "little") & (self.count - 1)
        return found


def scan(root: Path, kept: Kept, teacher_of: Callable[[bytes], str | None] | None = None) -> Scan:
    """The files of `awards/` in the repository at `root`.

    Args:
        root: the repository's folder.
        kept: what an earlier scan saw.
        teacher_of: the teacher an award file names, read with all care; None looks for the line.

    Raises:
        EnvironmentProblem: a file or folder cannot be read.
    """
    kept.put("scan/began", b"")
    scanner = _Scanner(root, kept, kept.written("scan/began"), teacher_of)
    scanner.top("awards", scanner.awards)
    return Scan(
        dict(sorted(scanner.folders.items())),
        tuple(tidy(scanner.problems)),
        tuple(scanner.unread),
        scanner.read,
    )


def read_file(root: str, file: PeopleFile) -> bytes:
    """The bytes of a file that was scanned.

    Raises:
        EnvironmentProblem: it cannot be read, or is not what it was.
    """
    try:
        data = read_bytes(f"{root}{os.sep}{file.path}")
    except OSError as error:
        raise cannot_read(file.path, error) from error
    if data is None or digest_of(data) != file.digest:
        raise EnvironmentProblem(f"{quoted(file.path)} changed meanwhile; start again.")
    return data


class _Scanner(Reader):
    """Walks awards/ as `Reader` does, but keeps rows instead of bytes."""

    def __init__(
        self,
        root: Path,
        kept: Kept,
        began: int | None,
        teacher_of: Callable[[bytes], str | None] | None,
    ) -> None:
        super().__init__(root)
        self.kept = kept
        self.began = began
        self.teacher_of = teacher_of
        self.folders: dict[str, bytes] = {}
        self.read = 0

    def _records(
        self,
        folder: str,
        kind: Kind,
        pattern: re.Pattern[str],
        says: str,
        folders: tuple[str, ...] = (),
    ) -> None:
        seen, is_odd = self._seen(folder)
        if is_odd:
            super()._records(folder, kind, pattern, says, folders)
        stats = b"".join(name + numbers for name, numbers in seen)
        entry = "scan/" + hashlib.sha256(folder.encode()).hexdigest()
        before = self._before(entry)
        if before is not None and before[0] == stats:
            self.folders[folder] = before[1]
            return
        known = _by_name(*before) if before is not None else {}
        rows, trusted = [], []
        for name, numbers in seen:
            row = known.get(name + numbers)
            if row is None:
                row = self._row(folder, kind, name.decode())
            if row is not None:
                rows.append(row)
            trusted.append(name + (numbers if self._is_sure(numbers) else bytes(_STAT.size)))
        self.folders[folder] = b"".join(rows)
        if self.teacher_of is None and len(rows) == len(seen):
            stats = b"".join(trusted)
            size = len(stats).to_bytes(8, "little")
            self.kept.put(entry, size + stats + self.folders[folder])

    def _seen(self, folder: str) -> tuple[list[tuple[bytes, bytes]], bool]:
        """Name and numbers of each good file, sorted; True when something else lies there too."""
        seen, is_odd, pack = [], False, _STAT.pack
        try:
            with os.scandir(self.root + folder) as entries:
                for entry in entries:
                    name = entry.name
                    if not name.endswith(_SUFFIX) or RANDOM.fullmatch(name, 0, _NAME) is None:
                        is_odd = True
                        continue
                    found = entry.stat(follow_symlinks=False)
                    if len(name) != _NAME + 4 or not stat.S_ISREG(found.st_mode):
                        is_odd = True
                        continue
                    numbers = pack(
                        found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
                    )
                    seen.append((name[:_NAME].encode(), numbers))
        except OSError as error:
            raise cannot_read(folder, error) from error
        seen.sort()
        return seen, is_odd

    def _read(self, path: str, kind: Kind, name: str, folders: tuple[str, ...] = ()) -> None:
        """Nothing: where a folder holds something odd, only what is odd is looked for."""

    def _row(self, folder: str, kind: Kind, name: str) -> bytes | None:
        """Id, mark and digest of one file; None for one that is too large."""
        path = f"{folder}/{name}{_SUFFIX}"
        try:
            data = read_bytes(self.root + path)
        except OSError as error:
            raise cannot_read(path, error) from error
        self.read += 1
        if data is None:
            self._too_large(path, kind, name)
            return None
        return name.encode() + shard_mark(self._teacher(kind, name, data)) + digest_of(data)

    def _teacher(self, kind: Kind, name: str, data: bytes) -> str:
        """The teacher a file is about; its own name where that cannot be told."""
        if kind == "teacher":
            return name
        if self.teacher_of is not None:
            return self.teacher_of(data) or name
        found = _TEACHER.search(data)
        return found[1].decode() if found else name

    def _before(self, entry: str) -> tuple[bytes, bytes] | None:
        """Numbers and rows of a folder as they were seen last."""
        data = self.kept.get(entry) if self.teacher_of is None else None
        if data is None:
            return None
        size = int.from_bytes(data[:8], "little")
        return data[8 : 8 + size], data[8 + size :]

    def _is_sure(self, numbers: bytes) -> bool:
        """True when a later change of the file would show in its numbers."""
        _, _, modified, changed = _STAT.unpack(numbers)
        return self.began is not None and max(modified, changed) < self.began - _UNSURE


def _by_name(stats: bytes, rows: bytes) -> dict[bytes, bytes]:
    """Rows by name and numbers."""
    size = _NAME + _STAT.size
    return {
        stats[index * size : (index + 1) * size]: rows[index * _ROW : (index + 1) * _ROW]
        for index in range(len(rows) // _ROW)
    }
