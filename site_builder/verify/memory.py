# SPDX-License-Identifier: Apache-2.0
"""What other people's hosts said, asked once per run: documents by URL, status lists by URL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from site_builder.verify.reading import LARGEST, Unreadable, read_json

Json = dict[str, Any]
Fetch = Callable[[str], bytes]
_MOST_KEPT = 8 << 20  # bytes of documents, as they were fetched
_MOST_LISTS = 8  # unpacked, of 16 MiB at most each
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
        self.lists: dict[str, Any] = {}

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
                self._make_room(len(data))
                kept = read_json(data, most)
                self._sizes[url, most] = len(data)
            except Spent:
                raise
            except (Unreachable, Unreadable) as trouble:
                kept = trouble
            self._kept[url, most] = kept
        if isinstance(kept, dict):
            return kept
        raise kept.with_traceback(None)

    def keep_list(self, key: str, found: Any) -> Any:
        """The judged list, kept; the oldest is forgotten when there are many.

        Not kept is what another target may well reach: one badge must not spoil the verdict on
        those after it.
        """
        if found.is_passing:
            return found
        if len(self.lists) >= _MOST_LISTS:
            del self.lists[next(iter(self.lists))]
        self.lists[key] = found
        return found

    def _make_room(self, size: int) -> None:
        """Forgets the oldest documents: a badge may name hundreds, made to fill the memory."""
        while self._sizes and sum(self._sizes.values()) + size > _MOST_KEPT:
            oldest = next(iter(self._sizes))
            del self._sizes[oldest], self._kept[oldest]


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
