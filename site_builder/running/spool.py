# SPDX-License-Identifier: Apache-2.0
"""Rows of all shards in the order of their ids, on the disk: no more than a thirtieth in memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_BUFFER = 1 << 16  # characters of one file kept back


class Spool:
    """Rows of several kinds, each kind sorted by its rows' first value where that is an id.

    Picklable, so that other processes read what one has written.

    Args:
        folder: its own, made with the first row and removed at the end of the block.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        shutil.rmtree(self.folder, ignore_errors=True)  # of a build that was killed
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self, kind: str, rows: Iterable[str]) -> None:
        """Takes every row of one kind, in any order.

        Args:
            kind: their name.
            rows: each the text of a JSON array.
        """
        folder = self.folder / kind
        folder.mkdir(parents=True)
        waiting: dict[str, list[str]] = {}
        sizes: dict[str, int] = {}
        count = 0
        for count, line in enumerate(rows, 1):  # noqa: B007 - counted
            letter = line[2]  # of `["id`; a number's second digit, or a comma, does as well
            waiting.setdefault(letter, []).append(line)
            sizes[letter] = sizes.get(letter, 0) + len(line)
            if sizes[letter] > _BUFFER:
                _append(folder / _file(letter), waiting.pop(letter))
                sizes[letter] = 0
        for letter, lines in waiting.items():
            _append(folder / _file(letter), lines)
        (self.folder / f"{kind}.count").write_text(str(count), "ascii")

    def __call__(self, kind: str, initials: Collection[str] = ()) -> Iterator[list[Any]]:
        """The rows of one kind, sorted by their texts; see `build.lists.Source`."""
        wanted = {_file(one) for one in initials}
        for path in sorted((self.folder / kind).iterdir()):
            if not wanted or path.name in wanted:
                yield from map(json.loads, sorted(path.read_text("utf-8").split("\n")[:-1]))

    def count(self, kind: str) -> int:
        """How many rows of a kind there are."""
        return int((self.folder / f"{kind}.count").read_text("ascii"))


def _file(letter: str) -> str:
    return letter if letter.isalnum() and letter.isascii() else "_"


def _append(path: Path, lines: list[str]) -> None:
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
