# SPDX-License-Identifier: Apache-2.0
"""One part of the next generation: its changed files are written, all its files are listed."""

from __future__ import annotations

import json
import os
from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING

from site_builder.publish.files import (
    MARKER,
    MARKER_PATH,
    Maker,
    cannot_write,
    in_plain_words,
    make_folders,
    refuse_unsafe,
)
from site_builder.publish.known import Part, Store
from site_builder.publish.packing import packed, row, size_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths of a part that differ from the site in place.

    Args:
        written: new and changed files.
        added: those of them that the part did not have.
        gone: files that the part has no more.
    """

    written: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the writer of one part leaves for `publish`."""

    part: Part
    written: int
    gone: int
    folders: list[str]

    @staticmethod
    def read(place: Path) -> Receipt:
        """The receipt in a file that `save` wrote."""
        with place.open("rb") as file:
            part, *others = json.loads(file.readline())
        return Receipt(Part(*part), *others)

    @staticmethod
    def changes(place: Path) -> Changes:
        """The second half of the file: as long as the part is, so read only where needed."""
        with place.open("rb") as file:
            file.readline()
            return Changes(*json.loads(file.readline()))

    def save(self, place: Path, changes: Changes) -> None:
        """Both halves; the file is whole or not there."""
        lines = [list(astuple(self)), list(astuple(changes))]
        pending = place.with_name(f"{place.name}.{os.getpid()}")
        pending.write_text("".join(json.dumps(line) + "\n" for line in lines), "ascii")
        pending.replace(place)


class PartWriter:
    """Writes the files of one part; picklable while fresh, so workers can have their own.

    A part whose worker died is written again with the same writer, elsewhere: files that the dead
    one left are taken or replaced.

    Args:
        name: the part.
        key: the digest of all its inputs.
        maker: makes the files.
        store: where the list of files is kept.
        pending: where the receipt goes.
        old: the part as the site in place has it.
        is_whole: whether the site in place counts for nothing, so that nobody asks what changed.
    """

    def __init__(
        self,
        name: str,
        key: str,
        *,
        maker: Maker,
        store: Store,
        pending: Path,
        old: Part | None,
        is_whole: bool,
    ) -> None:
        self.name = name
        self._key = key
        self._maker = maker
        self._store = store
        self._pending = pending
        self._known = old
        self._is_whole = is_whole
        self._old: dict[str, bytes] | None = None  # read where the writer works
        self._rows: dict[str, bytes] = {}
        self._written: list[str] = []
        self._is_second_attempt = False

    def write(self, path: str, data: bytes) -> None:
        """The file `path` (relative, with slashes) holds `data` in the next generation.

        It is written only if the site in place has other bytes there, or nothing.

        Raises:
            ValueError: the path leaves the site or is written twice; that is our own bug.
            EnvironmentProblem: the disk is full, read-only or broken.
            KnowledgeLost: what is known of this part is damaged.
        """
        if path == MARKER_PATH and data == MARKER:
            return  # `publish` sees to it
        if self._is_new(path, row(data)):
            refuse_unsafe(path)
            try:
                self._maker.make(path, data)
            except FileExistsError as error:
                if not self._left_by_a_dead_worker(path, data):
                    raise twice(path) from error
            self._written.append(path)

    def move(self, path: str, source: Path) -> None:
        """The file at `source`, on the same file system, becomes `path`; if unchanged it stays.

        Raises: as `write`.
        """
        if path == MARKER_PATH:
            return
        place = self._maker.folder / path
        try:
            if not self._is_new(path, row(source.read_bytes())):
                return
            if os.path.lexists(place):
                raise twice(path)
            source.chmod(0o644)
            make_folders(self._maker.folder, path)
            source.rename(place)
        except NotADirectoryError as error:
            raise twice(path) from error
        except OSError as error:
            raise cannot_write(self._maker.called / path, error) from error
        self._written.append(path)

    def finish(self, extra: bytes = b"") -> None:
        """The part is complete; `extra` is what the caller wants back from `Staging.extra_of`."""
        old = self._begin()
        rows = self._rows
        with in_plain_words(self._store.folder):
            part = Part(
                self._key,
                self._store.put(self.name, "rows", packed(rows)),
                self._store.put(self.name, "extra", extra) if extra else "",
                len(rows),
                sum(map(size_of, rows.values())),
            )
            gone = [path for path in old if path not in rows]
            receipt = Receipt(part, len(self._written), len(gone), folders_of(self._written))
            changes = Changes()
            if not self._is_whole:
                added = [path for path in self._written if path not in old]
                changes = Changes(self._written, added, gone)
            receipt.save(self._pending / self.name, changes)

    def _is_new(self, path: str, found: bytes) -> bool:
        """True when the site in place has no such file; the path is on the list now."""
        old = self._begin()
        if path in self._rows:
            raise twice(path)
        self._rows[path] = found
        return old.get(path) != found

    def _begin(self) -> dict[str, bytes]:
        """What the site in place has of this part; leaves a sign that somebody works on it."""
        if self._old is None:
            with in_plain_words(self._store.folder):
                try:
                    (self._pending / f"{self.name}.begun").touch(exist_ok=False)
                except FileExistsError:
                    self._is_second_attempt = True
            self._old = {} if self._known is None else self._store.rows(self.name, self._known)
        return self._old

    def _left_by_a_dead_worker(self, path: str, data: bytes) -> bool:
        """True when the file was there from an earlier attempt at this part, and is right now."""
        place = self._maker.folder / path
        if not self._is_second_attempt or not place.is_file():
            return False
        if place.read_bytes() != data:  # half a file; a whole one is left to whoever reads it
            place.unlink()
            self._maker.make(path, data)
        return True


def folders_of(paths: Iterable[str]) -> list[str]:
    """Every folder on the way to one of the paths, sorted, without the site's own."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(found)


def twice(path: str) -> ValueError:
    """Two pieces of our own code write the same file."""
    return ValueError(f"{path!r} is written twice in one build")
