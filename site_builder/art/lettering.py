# SPDX-License-Identifier: Apache-2.0
"""Text as outlines, from a glyph table that ships with the package: no fonts, no shaping.

Source of the table: `assets/lettering/README.md`.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from site_builder.art.markup import clean, number

CAP_HEIGHT: Final = 0.714  # of the size; Noto Sans Bold

_SPACES: Final = (
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_DOTLESS: Final = {"i": "ı", "j": "ȷ"}


class Table(NamedTuple):
    """The glyph table; lengths in thousandths of the size, y downwards."""

    shapes: list[tuple[int, int, int, int, str]]
    glyphs: dict[str, list[int]]
    anchors: dict[str, tuple[int, int, int, int]]
    marks: dict[str, tuple[int, int, int, int, int]]
    kerned_left: dict[str, int]
    kerned_right: dict[str, int]
    kerning: list[list[int]]


class Layout(NamedTuple):
    """A line of text: its ink's edges, its advance, and (shape, x, y) of its parts."""

    left: int
    right: int
    advance: int
    parts: tuple[tuple[int, int, int], ...]


@cache
def _table() -> Table:
    source = files("site_builder").joinpath("assets", "lettering", "noto-sans-bold.json")
    raw = json.loads(source.read_text(encoding="utf-8"))
    kerning = raw["kerning"]
    left, right = (
        {letter: row for row, letters in enumerate(kerning[side]) for letter in letters}
        for side in ("left", "right")
    )
    return Table(
        raw["shapes"], raw["glyphs"], raw["anchors"], raw["marks"], left, right, kerning["values"]
    )


def clusters(text: str) -> list[str]:
    """The text as letters, each with the marks that stand on it; composed where it can be."""
    found: list[str] = []
    for character in unicodedata.normalize("NFC", clean(text)):
        if unicodedata.category(character) == "Cf":
            continue  # joiners and soft hyphens draw nothing in these scripts
        if found and unicodedata.combining(character):
            found[-1] += character
        else:
            found.append(" " if character in _SPACES else character)
    return found


@lru_cache(maxsize=4096)
def can_draw(text: str) -> bool:
    """Whether every letter and mark of the text is in the table."""
    table = _table()
    return all(
        cluster[0] in table.glyphs
        and cluster[0] not in table.marks
        and all(mark in table.marks for mark in cluster[1:])
        for cluster in clusters(text)
    )


def advance(text: str) -> int:
    """Width of a text that `can_draw`, in thousandths of its size."""
    return layout(text).advance


@lru_cache(maxsize=4096)
def layout(text: str) -> Layout:
    """Where every outline of a text that `can_draw` goes, on a baseline from (0, 0)."""
    table = _table()
    pen, before = 0, ""
    parts: list[tuple[int, int, int]] = []
    for cluster in clusters(text):
        base, marks = _undotted(cluster)
        if before in table.kerned_left and base in table.kerned_right:
            pen += table.kerning[table.kerned_left[before]][table.kerned_right[base]]
        width, *flat = table.glyphs[base]
        parts += _shifted(flat, pen, 0)
        parts += _marked(base, marks, pen)
        pen, before = pen + width, base
    edges = [(x + table.shapes[s][2], x + table.shapes[s][3]) for s, x, _ in parts]
    left = min((edge[0] for edge in edges), default=0)
    right = max((edge[1] for edge in edges), default=0)
    return Layout(left, right, pen, tuple(parts))


def path(text: str, centre: float, baseline: float, size: float, fill: str) -> str:
    """A `<path>` with the text, its ink centred; "" when there is nothing to draw."""
    laid = layout(text)
    if not laid.parts:
        return ""
    shapes = _table().shapes
    scale = size / 1000
    start = centre - (laid.left + laid.right) / 2 * scale
    data = "".join(
        f"M{x + shapes[s][0]} {y + shapes[s][1]}{shapes[s][4]}" for s, x, y in laid.parts
    )
    place = f"translate({number(round(start, 2))} {number(round(baseline, 2))})"
    return f'<path fill="{fill}" transform="{place}scale({number(scale)})" d="{data}"/>'


def _undotted(cluster: str) -> tuple[str, str]:
    # An i that carries another mark above loses its dot: Igbo ị with an accent, for one.
    table = _table()
    base, marks = cluster[0], cluster[1:]
    if any(table.marks[mark][0] for mark in marks):
        bare = unicodedata.normalize("NFD", base)
        if bare[0] in _DOTLESS:
            return _DOTLESS[bare[0]], bare[1:] + marks
    return base, marks


def _shifted(flat: list[int], x: int, y: int) -> list[tuple[int, int, int]]:
    return [(flat[i], x + flat[i + 1], y + flat[i + 2]) for i in range(0, len(flat), 3)]


def _marked(base: str, marks: str, pen: int) -> list[tuple[int, int, int]]:
    """Parts of the marks on a base: each hangs on the base's anchor or on the mark before it."""
    table = _table()
    middle = table.glyphs[base][0] // 2
    above_x, above_y, below_x, below_y = table.anchors.get(base, (middle, -714, middle, 0))
    anchors = {1: (above_x, above_y), 0: (below_x, below_y)}
    parts: list[tuple[int, int, int]] = []
    for mark in marks:
        side, own_x, own_y, next_x, next_y = table.marks[mark]
        dx, dy = anchors[side][0] - own_x, anchors[side][1] - own_y
        parts += _shifted(table.glyphs[mark][1:], pen + dx, dy)
        anchors[side] = (dx + next_x, dy + next_y)
    return parts
