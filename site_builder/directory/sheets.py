# SPDX-License-Identifier: Apache-2.0
"""The list of people cut into pages by the letters of their sort names.

A page holds an interval of letters after a start, found by halving the code points. So where the
list is cut depends only on how many people each half holds: one more person changes one page, and
seldom splits it in two. Every script is cut in the same way, and no page is empty.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from site_builder import addresses
from site_builder.directory.cutting import part_of
from site_builder.directory.folding import folded
from site_builder.directory.rows import Holder, Rows

MOST_TOGETHER = 500  # people; more are cut into pages
MOST_ON_A_SHEET = 400
_END = "\x1f"  # after the sort name, before what tells people of one name apart
_ALL = 0x200000  # the power of two above the last code point


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the list of people.

    Attributes:
        path: of the page on the site.
        label: what it is called, such as "Ga – Go".
        initial: first letter of its first person, for the index; empty where names are missing.
        start: sort keys from here to the next sheet's start are on it.
        count: how many people.
    """

    path: str
    label: str
    initial: str
    start: str
    count: int


@dataclass(frozen=True)
class Roll:
    """Who is listed, as the page Backpacks shows it.

    Attributes:
        total: how many people.
        holders: all of them by sort name, where they are few; else nobody.
        sheets: pages of the list, in order, where they are many; else none.
        letters: (letter, people, path of its first page) in order, for the same.
    """

    total: int
    holders: tuple[Holder, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    letters: tuple[tuple[str, int, str], ...] = ()

    @cached_property
    def _starts(self) -> list[str]:
        return [sheet.start for sheet in self.sheets]

    def place(self, key: str) -> int:
        """Which sheet somebody with a `sort_key` is on, by its place in `sheets`."""
        return bisect_right(self._starts, key) - 1

    def near(self, sheet: Sheet) -> tuple[Sheet, ...]:
        """Sheets to choose from beside one: all where they are few, else those of its letter."""
        if len(self.sheets) <= 60:
            return self.sheets
        return tuple(one for one in self.sheets if one.initial == sheet.initial)


def roll(rows: Rows) -> Roll:
    """Who is listed.

    Args:
        rows: gives the rows anew at each call, in any order; people without counted awards are
            passed over.
    """
    kept: list[str] = []
    few: list[Holder] = []
    for holder in rows():
        if holder.counted:
            kept.append(sort_key(holder))
            if len(few) <= MOST_TOGETHER:
                few.append(holder)
    if len(kept) <= MOST_TOGETHER:
        few.sort(key=lambda holder: (holder.sort, holder.id))
        return Roll(len(kept), holders=tuple(few))
    kept.sort()
    sheets = tuple(_sheets(kept, "", 0, _ALL, 0, len(kept)))
    return Roll(len(kept), sheets=sheets, letters=tuple(_letters(kept, sheets)))


def sheet_people(
    rows: Rows, known: Roll, *, part: int = 0, of: int = 1
) -> Iterator[tuple[int, list[Holder]]]:
    """(place of a sheet, the people on it in order), for every sheet or for one part of them.

    Args:
        known: what `roll` gave for the same rows.
        part: which part, from 0, of how many; each reads all rows and keeps its own.
    """
    mine = [part_of(sheet.path, of) == part for sheet in known.sheets]
    kept: dict[int, list[tuple[str, Holder]]] = {}
    for holder in rows():
        if holder.counted:
            key = sort_key(holder)
            place = known.place(key)
            if mine[place]:
                kept.setdefault(place, []).append((key, holder))
    for place in sorted(kept):
        yield place, [holder for _, holder in sorted(kept[place])]


def sort_key(holder: Holder) -> str:
    """What a person is sorted by in the pages: small letters, no accents, then the slug."""
    return f"{folded(holder.sort)}{_END}{holder.slug}"


def _sheets(  # noqa: PLR0917 - three intervals
    keys: Sequence[str], start: str, low: int, high: int, first: int, last: int
) -> Iterator[Sheet]:
    """Sheets of keys[first:last], which all begin with `start` and a sign in [low, high)."""
    if first == last:
        return
    if last - first <= MOST_ON_A_SHEET:
        yield _sheet(start, (low, high), keys[first:last])
    elif high - low == 1:
        yield from _sheets(keys, start + chr(low), 0, _ALL, first, last)
    else:
        middle = (low + high) // 2
        cut = bisect_left(keys, start + chr(middle), first, last) if middle < 0x110000 else last
        yield from _sheets(keys, start, low, middle, first, cut)
        yield from _sheets(keys, start, middle, high, cut, last)


def _sheet(start: str, interval: tuple[int, int], keys: Sequence[str]) -> Sheet:
    low, high = interval
    letters = _latin(low, high)
    ends = letters or [key[len(start)] for key in (keys[0], keys[-1])]
    name = f"{start.encode().hex() or 'all'}_{low:x}_{high:x}"
    if high <= 0x80 and (not start or (start.isascii() and start.replace(" ", "").isalnum())):
        name = f"{start.replace(' ', '-')}_{'-'.join(letters) or f'{low:x}'}".lstrip("_")
    return Sheet(
        path=addresses.people_page(name),
        label=" – ".join(dict.fromkeys(_titled(start + end) for end in ends)),
        initial=_initial(keys[0]),
        start=start + chr(low) if low else start,
        count=len(keys),
    )


def _latin(low: int, high: int) -> list[str]:
    """The small Latin letters of an interval that holds no others; else nothing.

    They name the page, so that most names stay the same whoever comes and goes.
    """
    if high > 0x80 or high <= ord("a") or low > ord("z"):
        return []
    return list(dict.fromkeys((chr(max(low, ord("a"))), chr(min(high - 1, ord("z"))))))


def _initial(key: str) -> str:
    return "" if key[0] == _END else key[0].upper()


def _titled(start: str) -> str:
    """A start as a heading; what comes after the name itself only where one name fills pages."""
    name, _, after = start.partition(_END)
    shown = " ".join(word[:1].upper() + word[1:] for word in name.split()) or "No name"
    return f"{shown} ({after})" if after else shown


def _letters(keys: Sequence[str], sheets: Sequence[Sheet]) -> Iterator[tuple[str, int, str]]:
    """The first letters that occur, with their people and the sheet each begins on."""
    starts = [sheet.start for sheet in sheets]
    at = 0
    while at < len(keys):
        letter = keys[at][0]
        last = bisect_left(keys, chr(ord(letter) + 1), at)
        sheet = sheets[max(0, bisect_right(starts, keys[at]) - 1)]
        yield _initial(letter), last - at, sheet.path
        at = last
