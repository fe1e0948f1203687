# SPDX-License-Identifier: Apache-2.0
"""Sorted names cut into pages by their first characters, each page as large as it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from typing import TypeVar
from zlib import crc32

Row = TypeVar("Row")


def cut(names: Iterable[str], most: int, deepest: int = 3) -> list[str]:
    """Starts of names, sorted, such that every name has one and at most `most` names share it.

    Args:
        names: in any order; only counters of their first characters are kept.
        most: names on a page.
        deepest: characters that are counted; what shares them all is cut no further. Three make
            32,768 pages of ids drawn by chance.
    """
    counts = Counter(name[:deepest] for name in names)
    return sorted(_starts(counts, "", most, deepest))


def _starts(counts: Counter[str], start: str, most: int, deepest: int) -> Iterator[str]:
    under: dict[str, Counter[str]] = {}
    for name, count in counts.items():
        under.setdefault(name[: len(start) + 1], Counter())[name] += count
    for longer, found in under.items():
        if longer == start or len(longer) == deepest or found.total() <= most:
            yield longer  # equal to `start`: a name that ends there
        else:
            yield from _starts(found, longer, most, deepest)


def gathered(
    rows: Iterable[Row], starts: Collection[str], name_of: Callable[[Row], str]
) -> Iterator[tuple[str, list[Row]]]:
    """(start, rows) for each start that `cut` gave for the names of the same rows.

    Args:
        rows: sorted by name; those of one page at a time are kept.
        name_of: the name of a row.

    Raises:
        KeyError: a name that `cut` did not see.
    """
    known = frozenset(starts)
    longest = max(map(len, known), default=0)

    def start_of(row: Row) -> str:
        name = name_of(row)
        for length in range(longest, 0, -1):
            if name[:length] in known:
                return name[:length]
        raise KeyError(name)

    for start, found in groupby(rows, start_of):
        yield start, list(found)


def part_of(name: str, of: int) -> int:
    """Which of so many parts makes the files of a name, by a digest of it: a number below `of`."""
    return crc32(name.encode()) % of
