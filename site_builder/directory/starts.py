# SPDX-License-Identifier: Apache-2.0
"""People by the starts of their names: a tree of prefixes, cut into files of bounded size.

Where few people stand under a start, one file holds all of them with their awards. Where many do,
a file holds the first of them by rank and how many there are, and the tree goes one letter on.
"""

from __future__ import annotations

import heapq
import json
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonprefix
from typing import Any

from site_builder import addresses

MOST_BYTES = 30_000  # of a file before it is packed, so that packed it is less
MOST_TOLD = 200  # people in the file of a start that many share
_OWN_FILE = 8_000  # bytes; what is less shares a file with its neighbours

File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """A person in the index.

    Attributes:
        head: JSON of the entry without awards, the closing bracket left out.
        awards: (slug of the micro-credential, JSON of the rest) of each award told.
        held: how many awards there are.
        size: bytes of the entry at most, without the slugs.
    """

    head: str
    awards: tuple[tuple[str, str], ...]
    held: int
    size: int


def group_files(
    group: str, keys: Sequence[tuple[str, int]], entries: Sequence[Entry]
) -> Iterator[File]:
    """Files of one group of first letters.

    Args:
        keys: (key of a name, place in `entries`), all keys different.
        entries: people by rank.
    """
    items = sorted(keys)
    tree = _Tree(group, entries, [key for key, _ in items], [rank for _, rank in items])
    everybody = set(tree.who)
    slugs = tree.slugs(everybody)
    if slugs is not None:
        yield addresses.search_group(group), tree.whole(everybody, slugs)
        return
    yield from tree.branch(0, len(items), everybody)
    yield addresses.search_group(group), _json({"starts": tree.starts})


@dataclass(slots=True)
class _Tree:
    """Sorted keys of one group with the people they stand for.

    Attributes:
        who: place in `entries` of the person of each key.
        starts: each start that has files of its own: 0 where one file holds all of it; else
            [people, awards, n], where the letters after it that are not starts themselves stand in
            the file `<start>-<i>`, i being the letter's code point modulo n. Where n is 0 there
            are no such letters.
    """

    group: str
    entries: Sequence[Entry]
    keys: list[str]
    who: list[int]
    starts: dict[str, int | list[int]] = field(default_factory=dict)

    def size(self, people: Collection[int]) -> int:
        return sum(self.entries[one].size for one in people)

    def slugs(self, people: Collection[int]) -> list[str] | None:
        """What people earned, if one file holds them with their awards; None if it does not."""
        size = self.size(people)
        if size > MOST_BYTES:
            return None
        slugs = {slug for one in people for slug, _ in self.entries[one].awards}
        is_small = size + sum(len(slug) + 3 for slug in slugs) < MOST_BYTES
        return sorted(slugs) if is_small else None

    def whole(self, people: Collection[int], slugs: Sequence[str]) -> bytes:
        """The file of everybody under a start: [slug, name, language, standing, award, ...].

        An award is [place in `credentials`, id, day, state if it is not active].
        """
        place = {slug: str(number) for number, slug in enumerate(slugs)}
        lines = []
        for one in sorted(people):
            entry = self.entries[one]
            awards = "".join(f",[{place[slug]},{tail}]" for slug, tail in entry.awards)
            lines.append(f"{entry.head}{awards}]")
        known = _text(slugs)
        return f'{{"credentials":{known},"people":[{",".join(lines)}]}}\n'.encode()

    def told(self, start: str, low: int, high: int, people: Collection[int]) -> bytes:
        """The file of the first people under a start; those whose whole word it is come first."""
        last = bisect_left(self.keys, f"{start}!", low, high)  # "!" is the sign after the space
        exact = heapq.nsmallest(MOST_TOLD, set(self.who[low:last]))
        rest = heapq.nsmallest(MOST_TOLD, people)
        lines, size = [], 20
        for one in list(dict.fromkeys([*exact, *rest]))[:MOST_TOLD]:
            line = f"{self.entries[one].head}]"
            size += len(line.encode()) + 1
            if size > MOST_BYTES:
                break
            lines.append(line)
        return f'{{"first":[{",".join(lines)}]}}\n'.encode()

    def branch(self, low: int, high: int, people: set[int]) -> Iterator[File]:
        """Files of the keys in [low, high), which are too many for one."""
        start = commonprefix([self.keys[low], self.keys[high - 1]])  # noqa: RUF071 - no paths
        yield addresses.search_start(self.group, start), self.told(start, low, high, people)
        small: dict[str, set[int]] = {}
        for letter, first, last in self._letters(len(start), low, high):
            under = set(self.who[first:last])
            slugs = self.slugs(under)
            if slugs is None:
                yield from self.branch(first, last, under)
            elif self.size(under) > _OWN_FILE:
                self.starts[start + letter] = 0
                path = addresses.search_start(self.group, start + letter)
                yield path, self.whole(under, slugs)
            else:
                small[letter] = under
        shelves = self._shelves(small) if small else []
        held = sum(self.entries[one].held for one in people)
        self.starts[start] = [len(people), held, len(shelves)]
        for number, (shelf, slugs) in enumerate(shelves):
            yield addresses.search_start(self.group, start, number), self.whole(shelf, slugs)

    def _letters(self, at: int, low: int, high: int) -> Iterator[tuple[str, int, int]]:
        """(letter, first, last) of the keys in [low, high) with each letter at a place."""
        while low < high:
            letter = self.keys[low][at]
            after = self.keys[low][:at] + chr(ord(letter) + 1)
            last = bisect_left(self.keys, after, low, high)
            yield letter, low, last
            low = last

    def _shelves(self, small: Mapping[str, set[int]]) -> list[tuple[set[int], list[str]]]:
        """Letters with few people, put together in as few files as hold them, by code point."""
        count = 1
        while True:
            shelves: list[set[int]] = [set() for _ in range(count)]
            for letter, people in small.items():
                shelves[ord(letter) % count] |= people
            slugs = [self.slugs(one) for one in shelves]
            found = [
                (shelf, known)
                for shelf, known in zip(shelves, slugs, strict=True)
                if known is not None
            ]
            if len(found) == count:
                return found
            count *= 2


def _text(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _json(body: Any) -> bytes:
    return (_text(body) + "\n").encode()
