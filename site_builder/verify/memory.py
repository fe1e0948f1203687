# SPDX-License-Identifier: Apache-2.0
"""What other people's hosts said, asked once per run: documents by URL, status lists by URL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from site_builder.verify.reading import LARGEST, Unreadable, read_json

Json = dict[str, Any]
Fetch = Callable[[str], bytes]
T = TypeVar("T")
_MOST_KEPT = 8 << 20  # bytes of documents, as they were fetched
_TROUBLE = 2_000  # bytes: what a URL that gave nothing counts for
_MOST_IN_LISTS = 128 << 20  # bytes of lists, unpacked; a list of ours has 16 KiB
_MOST_DERIVED = 8
_SMALLEST_LIST = 16 << 10
_MOST_WORK = 150_000  # values; a badge has some two hundred, a second goes through 40,000


class Unreachable(Exception):  # noqa: N818 - of somebody's host; a verdict says "not checked"
    """A URL whose content could not be had; the message is a clause without a full stop."""


class Spent(Unreachable):
    """A URL not asked for because its target had asked for too many; the next one may."""


class Memory:
    """Keeps documents and judged lists; made for one run, as all of it may change any minute."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Json | Unreachable | Unreadable] = {}
        self._sizes: dict[tuple[str, int], int] = {}
        self._size = 0
        self.lists: dict[str, Any] = {}
        self._in_lists = 0
        self._derived: dict[str, tuple[Json, Any]] = {}

    def document(self, url: str, fetch: Fetch, most: int = LARGEST) -> Json:
        """The JSON object at a URL; do not change it.

        Raises:
            Unreachable: as `fetch` says.
            Unreadable: what is there is no strict JSON object.
        """
        kept = self._kept.get((url, most))
        if kept is None:
            try:
                data = fetch(url)
                size = len(data)
                kept = read_json(data, most)
            except Spent:
                raise
            except (Unreachable, Unreadable) as trouble:
                kept, size = trouble, _TROUBLE
            self._make_room(size)
            self._kept[url, most], self._sizes[url, most] = kept, size
            self._size += size
        if isinstance(kept, dict):
            return kept
        raise kept.with_traceback(None)

    def derived(self, url: str, document: Json, make: Callable[[Json], T]) -> T:
        """What is made of a document, made once as long as that is kept."""
        kept = self._derived.get(url)
        if kept is None or kept[0] is not document:
            if len(self._derived) >= _MOST_DERIVED:
                del self._derived[next(iter(self._derived))]
            kept = self._derived[url] = (document, make(document))
        made: T = kept[1]
        return made

    def keep_list(self, key: str, found: Any) -> Any:
        """The judged list, kept; the oldest are forgotten when they are large together.

        Not kept is what another target may well reach: one badge must not spoil the verdict on
        those after it.
        """
        if found.is_passing:
            return found
        self._in_lists += _weight(found)
        self.lists[key] = found
        while self._in_lists > _MOST_IN_LISTS:
            self._in_lists -= _weight(self.lists.pop(next(iter(self.lists))))
        return found

    def _make_room(self, size: int) -> None:
        """Forgets the oldest documents: a badge may name hundreds, made to fill the memory."""
        while self._sizes and self._size + size > _MOST_KEPT:
            oldest = next(iter(self._sizes))
            self._size -= self._sizes.pop(oldest)
            del self._kept[oldest]


def _weight(found: Any) -> int:
    return max(len(found.bits), _SMALLEST_LIST)


@dataclass
class Work:
    """What was spent on signatures of one target, in JSON values."""

    spent: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """What every check may ask for.

    Attributes:
        now: the moment that counts as now, with zone.
        fetch: bytes of a URL; raises `Unreachable`.
    """

    now: dt.datetime
    fetch: Fetch
    memory: Memory = field(default_factory=Memory)
    work: Work = field(default_factory=Work)

    def affords(self, values: int) -> bool:
        """Whether another signature over so many values may be checked; the first one always.

        Credentials inside credentials, each with several signatures, would take minutes.
        """
        is_fine = self.work.spent == 0 or self.work.spent + values <= _MOST_WORK
        if is_fine:
            self.work.spent += values
        return is_fine

    def document(self, url: str, most: int = LARGEST) -> Json:
        """As `Memory.document`."""
        return self.memory.document(url, self.fetch, most)
