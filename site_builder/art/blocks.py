# SPDX-License-Identifier: Apache-2.0
"""Every credential's own quilt block, pieced from its slug: the rule named `block-1`."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from site_builder.art.markup import number
from site_builder.art.shapes import colours

if TYPE_CHECKING:
    from collections.abc import Iterable

Points = tuple[tuple[float, float], ...]

# Pieces in a unit cell of the top left quarter, y downwards; a cell takes byte mod 8.
PIECES: Final[tuple[tuple[str, tuple[Points, ...]], ...]] = (
    ("outward", (((0, 0), (1, 0), (0, 1)),)),
    ("inward", (((1, 1), (1, 0), (0, 1)),)),
    ("hourglass", (((0, 0), (1, 0), (0.5, 0.5)), ((0, 1), (1, 1), (0.5, 0.5)))),
    ("goose up", (((0, 1), (0.5, 0), (1, 1)),)),
    ("goose in", (((0, 0), (1, 0.5), (0, 1)),)),
    ("diamond", (((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),)),
    ("ribbon", (((0, 0), (0.5, 0), (0, 0.5)), ((1, 0), (1, 0.5), (0.5, 1), (0, 1)))),
    # The rule's two triangles, wound the same way: one path fills both, overlap included.
    ("kite", (((1, 1), (0, 1), (1, 0.35)), ((1, 1), (0.35, 1), (1, 0)))),
)
_SHAPES: Final = dict(PIECES)
# (ground, figure) as indices into an area's four colours; a cell takes byte mod 8.
TONES: Final = ((0, 1), (0, 2), (1, 3), (1, 2), (0, 3), (1, 0), (2, 0), (3, 1))
_MIRRORED: Final = {"goose up": "goose in", "goose in": "goose up"}


class Cell(NamedTuple):
    """One cell of a block's quarter: its piece and the indices of its two tones."""

    piece: str
    ground: int
    figure: int


Quarter = tuple[tuple[Cell, ...], ...]


def quarter(name: str) -> Quarter:
    """Top left quarter of a block, three rows of three cells.

    Args:
        name: the slug, with "/2" and so on where `distinct_suffixes` asks for it.
    """
    digest = hashlib.sha256(f"block-1:{name}".encode()).digest()

    def cell(row: int, column: int) -> Cell:
        first = 2 * (3 * row + column)
        return Cell(PIECES[digest[first] % 8][0], *TONES[digest[first + 1] % 8])

    def mirrored(row: int, column: int) -> Cell:
        # Under the diagonal: the cell across it, turned over.
        across = cell(column, row)
        return across._replace(piece=_MIRRORED.get(across.piece, across.piece))

    return tuple(tuple(mirrored(r, c) if c < r else cell(r, c) for c in range(3)) for r in range(3))


def distinct_suffixes(slugs: Iterable[str]) -> dict[str, str]:
    """What to append to each slug so that no two blocks of a catalog look alike.

    Nearly always "": two credentials share a block once in 69 thousand million pairs.

    Args:
        slugs: in catalog order; the earlier one keeps its block.

    Returns:
        slug -> "", "/2", "/3" and so on, in the order given.
    """
    taken: set[Quarter] = set()
    suffixes: dict[str, str] = {}
    for slug in slugs:
        if slug in suffixes:
            continue
        suffix, turn = "", 1
        while quarter(slug + suffix) in taken:
            turn += 1
            suffix = f"/{turn}"
        taken.add(quarter(slug + suffix))
        suffixes[slug] = suffix
    return suffixes


@lru_cache(maxsize=256)
def painted(name: str, slots: tuple[int, ...], rows: range) -> str:
    """Paths of a block in cells 10 units wide, one path per colour: grounds, then figures.

    Args:
        name: slug and suffix.
        slots: colour slots; one, or those of the areas a completion credential asks for.
        rows: which of the six rows to paint; the first of them is drawn at the top.
    """
    cells = quarter(name)
    grounds: dict[str, list[str]] = {}
    figures: dict[str, list[str]] = {}
    for row in rows:
        for column in range(6):
            r, c = min(row, 5 - row), min(column, 5 - column)
            cell = cells[r][c]
            tones = colours(slots[(r + c) % len(slots)])
            x, y = 10 * column, 10 * (row - rows.start)
            grounds.setdefault(tones[cell.ground], []).append(f"M{x} {y}h10v10h-10z")
            flips = (column > 2, row > 2)
            figures.setdefault(tones[cell.figure], []).extend(
                _polygon(points, x, y, flips) for points in _SHAPES[cell.piece]
            )
    # The hairline of a path's own colour closes the seam to its neighbours; a figure's is the
    # wider one, so that no ground shows along the edge it shares with a figure.
    return "".join(
        f'<g stroke-width="{hairline}">'
        + "".join(f'<path fill="{c}" stroke="{c}" d="{"".join(p)}"/>' for c, p in layer.items())
        + "</g>"
        for hairline, layer in ((".04", grounds), (".2", figures))
    )


@lru_cache(maxsize=256)
def seams(name: str) -> str:
    """Path data of the edges of a whole block's pieces, in cells 10 units wide."""
    cells = quarter(name)
    figures = [
        _polygon(points, 10 * column, 10 * row, (column > 2, row > 2))
        for row in range(6)
        for column in range(6)
        for points in _SHAPES[cells[min(row, 5 - row)][min(column, 5 - column)].piece]
    ]
    grid = "".join(f"M0 {i}h60M{i} 0v60" for i in range(10, 60, 10))
    return grid + "".join(figures)


def _polygon(points: Points, x: int, y: int, flips: tuple[bool, bool]) -> str:
    placed = (
        f"{number(x + 10 * (1 - px if flips[0] else px))} "
        f"{number(y + 10 * (1 - py if flips[1] else py))}"
        for px, py in points
    )
    return "M" + "L".join(placed) + "z"
