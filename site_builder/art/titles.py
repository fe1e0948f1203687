# SPDX-License-Identifier: Apache-2.0
"""Titles set in lines: the largest size that fits, lines balanced, "…" when nothing does."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from site_builder.art import lettering
from site_builder.art.markup import clean, escaped, number

SIZES: Final = (38, 34, 30, 27, 24, 21)
LINE_HEIGHT: Final = 1.18
BLOCK_HEIGHT: Final = 116
SYSTEM_STACK: Final = (
    "'Segoe UI',-apple-system,BlinkMacSystemFont,Roboto,'Noto Sans',Ubuntu,system-ui,sans-serif"
)
# A line of Chinese or Japanese does not begin with these.
_CLINGING: Final = frozenset(
    "、。，．・：；？！）」』】〕〉》”’ーァィゥェォッャュョぁぃぅぇぉっゃゅょ々…"
)
# After these a long word may break as it stands.
_BREAKS_AFTER: Final = re.compile(r"(?<=[-‐–—/_.@&+])")


class Piece(NamedTuple):
    """What is kept on one line: " " before it is a space, "" nothing, "-" a broken word."""

    text: str
    glue: str = " "


class Lines(NamedTuple):
    """A title set: its size, its lines, and whether all of it is there."""

    size: float
    lines: tuple[str, ...]
    is_whole: bool


def is_wide(character: str) -> bool:
    """Whether a character is as wide as it is high: Chinese, Japanese, Korean."""
    return unicodedata.east_asian_width(character) in {"W", "F"}


@lru_cache(maxsize=4096)
def width(text: str) -> float:
    """Width in thousandths of the size: exact where `lettering` can draw, else an estimate."""
    if lettering.can_draw(text):
        return lettering.advance(text)
    return sum(_estimate(character) for character in text)


def _estimate(character: str) -> int:
    # On the generous side of common system fonts, bold: the reader's font is not known here.
    if is_wide(character):
        return 1000
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"}:
        return 0
    if category in {"Zs", "Mc", "Po"}:
        return 320
    return 740 if category == "Lu" else 640


def fitted(title: str, available: float) -> Lines:
    """The title in at most four lines no wider than `available` units.

    Latin, Greek and Cyrillic: the largest of SIZES that fits, 3 lines at 34 and above and 4
    below, the block of lines at most 116 high. Chinese and Japanese: 3 lines at 30.
    """
    text = clean(title)
    if not text:
        return Lines(SIZES[0], (), is_whole=True)
    if any(is_wide(character) for character in text):
        return _largest(_characters(text), available, (30,), lambda _: 3, cut=lambda p, _: p)
    return _largest(
        [Piece(word) for word in text.split(" ")], available, SIZES, _most_lines, cut=_cut
    )


def _most_lines(size: float) -> int:
    return min(3 if size >= 34 else 4, int(BLOCK_HEIGHT / (LINE_HEIGHT * size)))


Cut = Callable[[Sequence[Piece], float], Sequence[Piece]]


def _largest(
    pieces: Sequence[Piece],
    available: float,
    sizes: Sequence[float],
    most: Callable[[float], int],
    *,
    cut: Cut,
) -> Lines:
    """The first size at which whole words fit, else at which cut words fit, else the start."""
    for prepare in (lambda p, _: p, cut):
        for size in sizes:
            room = available / size * 1000
            ready = prepare(pieces, room)
            count = _lines_needed(ready, room)
            if count and count <= most(size):
                return Lines(size, _balanced(ready, count), is_whole=True)
    size = sizes[-1]
    room = available / size * 1000
    ready = list(cut(pieces, room))
    while len(ready) > 1:
        ready.pop()
        last = ready[-1]._replace(text=ready[-1].text.rstrip(" ,;:.-–—/") + "…")
        shortened = [*ready[:-1], last]
        count = _lines_needed(shortened, room)
        if count and count <= most(size):
            return Lines(size, _balanced(shortened, count), is_whole=False)
    return Lines(size, ("…",), is_whole=False)


def _lines_needed(pieces: Sequence[Piece], room: float) -> int:
    """How many lines the pieces need, taking as many as go on each; 0 when one is too wide."""
    count, start = 0, 0
    while start < len(pieces):
        end = start
        while end < len(pieces) and width(_joined(pieces, start, end + 1)) <= room:
            end += 1
        if end == start:
            return 0
        start, count = end, count + 1
    return count


def _joined(pieces: Sequence[Piece], start: int, end: int) -> str:
    """The line made of pieces start to end - 1, with a hyphen where a word goes on below."""
    text = pieces[start].text
    for piece in pieces[start + 1 : end]:
        text += (" " if piece.glue == " " else "") + piece.text
    return text + ("-" if end < len(pieces) and pieces[end].glue == "-" else "")


def _balanced(pieces: Sequence[Piece], count: int) -> tuple[str, ...]:
    """The pieces in `count` lines, the widest as narrow as it can be, the rest alike."""
    total = len(pieces)
    # best[end] = (widest, sum of squares, lines) for pieces 0 to end - 1
    best: dict[int, tuple[float, float, tuple[str, ...]]] = {0: (0, 0, ())}
    for line in range(1, count + 1):
        reached: dict[int, tuple[float, float, tuple[str, ...]]] = {}
        for start, (widest, squares, lines) in best.items():
            last = total + 1 - (count - line)
            for end in range(start + 1, last) if line < count else (total,):
                text = _joined(pieces, start, end)
                wide = width(text)
                option = (max(widest, wide), squares + wide**2, (*lines, text))
                if end not in reached or option[:2] < reached[end][:2]:
                    reached[end] = option
        best = reached
    return best[total][2]


def _characters(text: str) -> list[Piece]:
    """Chinese and Japanese break between characters; other words in the title stay whole."""
    pieces: list[Piece] = []
    glue = ""
    for character in text:
        if character == " ":
            glue = " "
            continue
        before = pieces[-1].text[-1] if pieces else ""
        joins = (
            not glue
            and before
            and (
                character in _CLINGING
                or unicodedata.combining(character)
                or _is_within_word(before, character)
            )
        )
        if joins:
            pieces[-1] = pieces[-1]._replace(text=pieces[-1].text + character)
        else:
            pieces.append(Piece(character, glue))
        glue = ""
    return pieces


def _is_within_word(before: str, character: str) -> bool:
    if before in "「『（【〔〈《":
        return True
    hangul = all("\uac00" <= c <= "\ud7a3" for c in (before, character))
    return hangul or not (is_wide(before) or is_wide(character))


def _cut(pieces: Sequence[Piece], room: float) -> list[Piece]:
    """The pieces, with words wider than a line cut: after a hyphen if there is one, or evenly."""
    ready: list[Piece] = []
    for piece in pieces:
        glue = piece.glue
        parts = [piece.text] if width(piece.text) <= room else _BREAKS_AFTER.split(piece.text)
        for part in filter(None, parts):
            for text in _evenly(part, room):
                ready.append(Piece(text, glue))
                glue = "-"
            glue = ""
    return ready


def _evenly(word: str, room: float) -> list[str]:
    if width(word) <= room:
        return [word]
    letters = lettering.clusters(word) if lettering.can_draw(word) else _graphemes(word)
    hyphen = width("-")
    count = math.ceil(width(word) / max(room - hyphen, 1))
    while count < len(letters):
        edges = [round(i * len(letters) / count) for i in range(count + 1)]
        parts = ["".join(letters[a:b]) for a, b in pairwise(edges)]
        if all(width(part) + hyphen <= room for part in parts):
            return parts
        count += 1
    return letters


def _graphemes(word: str) -> list[str]:
    found: list[str] = []
    for character in word:
        if found and unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf"}:
            found[-1] += character
        else:
            found.append(character)
    return found


def drawn(
    text: str, centre: float, baseline: float, size: float, *, fill: str, language: str
) -> str:
    """One line as outlines, or as `<text>` where the table lacks a letter of it."""
    if lettering.can_draw(text):
        return lettering.path(text, centre, baseline, size, fill)
    direction = ' direction="rtl"' if _is_right_to_left(text) else ""
    return (
        f'<text x="{number(centre)}" y="{number(round(baseline, 1))}" fill="{fill}" '
        f'font-family="{SYSTEM_STACK}" font-weight="700" font-size="{number(size)}" '
        f'text-anchor="middle"{direction} lang="{escaped(language)}">{escaped(text)}</text>'
    )


def _is_right_to_left(text: str) -> bool:
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False
