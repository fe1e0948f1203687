# SPDX-License-Identifier: Apache-2.0
"""Write the glyph table that badges are lettered with.

Run by hand, never at build time, when another font or more characters are wanted:

    python tests/tools/make_lettering.py /usr/share/fonts/truetype/noto/NotoSans-Bold.ttf

It needs fontTools; the package itself does not.  Same font, same bytes.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

TABLE = Path(__file__).parents[2] / "site_builder" / "assets" / "lettering" / "noto-sans-bold.json"

RANGES = (
    (0x0020, 0x007E),
    (0x00A0, 0x02FF),  # Latin, its extensions, IPA and modifier letters
    (0x0300, 0x036F),  # combining marks
    (0x0370, 0x03FF),
    (0x1F00, 0x1FFF),  # Greek, with accents
    (0x0400, 0x045F),
    (0x048A, 0x052F),  # Cyrillic without its historic letters
    (0x1E00, 0x1EFF),  # Latin with two marks: Vietnamese, Yoruba
    (0x2010, 0x2027),
    (0x2030, 0x205E),  # punctuation
    (0x2070, 0x209C),
    (0x20A0, 0x20BF),
    (0x2116, 0x2122),
    (0x2212, 0x2212),
)
KERNED = ((0x21, 0x24F), (0x370, 0x3FF), (0x400, 0x45F), (0x2010, 0x203A))


def characters(font: TTFont) -> dict[str, str]:
    """Character to glyph name, for every character of RANGES the font has."""
    cmap = font.getBestCmap()
    return {
        chr(code): cmap[code]
        for first, last in RANGES
        for code in range(first, last + 1)
        if code in cmap and unicodedata.category(chr(code)) not in {"Cf", "Cc"}
    }


def parts(font: TTFont, name: str, dx: int = 0, dy: int = 0) -> list[tuple[str, int, int]]:
    """The outlines a glyph is put together from: (glyph name, dx, dy), y upwards."""
    glyph = font["glyf"][name]
    if not glyph.isComposite():
        return [(name, dx, dy)] if glyph.numberOfContours else []
    placed = []
    for component in glyph.components:
        if hasattr(component, "transform"):  # scaled or mirrored: kept as one outline
            return [(name, dx, dy)]
        placed += parts(font, component.glyphName, dx + component.x, dy + component.y)
    return placed


def outline(font: TTFont, name: str) -> list[Any]:
    """[x, y, left, right, path]: start of the first contour, ink, the rest as relative SVG.

    Whole font units, y downwards; implied points are rounded to whole units.
    """
    glyph = font["glyf"][name]
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    path, start, here = "", None, (0, 0)
    for command, arguments in pen.value:
        points = [(round(x), round(-y)) for x, y in (p for p in arguments if p is not None)]
        if command == "moveTo":
            if start is None:
                start = points[0]
            else:
                path += "m" + joined([points[0][0] - here[0], points[0][1] - here[1]])
            here = contour = points[0]
        elif command == "lineTo":
            path, here = path + line(here, points[0]), points[0]
        elif command == "qCurveTo":
            for control, end in segments(points):
                path += "q" + joined(
                    [control[0] - here[0], control[1] - here[1], end[0] - here[0], end[1] - here[1]]
                )
                here = end
        elif command == "closePath":
            path, here = path + "z", contour
        else:
            raise ValueError(f"{name}: {command} is not expected in a TrueType outline")
    return [*(start or (0, 0)), glyph.xMin, glyph.xMax, path]


def line(here: tuple[int, int], there: tuple[int, int]) -> str:
    dx, dy = there[0] - here[0], there[1] - here[1]
    if dy == 0:
        return f"h{dx}"
    return f"v{dy}" if dx == 0 else "l" + joined([dx, dy])


def segments(points: list[tuple[int, int]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """A TrueType curve as (control, end) pairs: the end lies midway between two controls."""
    *controls, last = points
    ends = [((a[0] + b[0]) // 2, (a[1] + b[1]) // 2) for a, b in pairwise(controls)]
    return list(zip(controls, [*ends, last], strict=True))


def joined(numbers: list[int]) -> str:
    return "".join(f" {n}" if i and n >= 0 else str(n) for i, n in enumerate(numbers))


def subtables(font: TTFont, kind: int) -> list[Any]:
    """All GPOS subtables of one lookup type, those behind an extension included."""
    return [
        getattr(subtable, "ExtSubTable", subtable)
        for lookup in font["GPOS"].table.LookupList.Lookup
        for subtable in lookup.SubTable
        if getattr(subtable, "ExtSubTable", subtable).LookupType == kind
    ]


def attachments(font: TTFont, names: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Where marks sit: anchors of bases [above x, y, below x, y] and of marks.

    A mark is [1 above or 0 below, its own x, y, x, y for the next mark of its kind].
    """
    to_base = subtables(font, 4)[0]  # classes 0 below, 1 above; 2 and 3 are not needed
    coverage, records = to_base.MarkCoverage.glyphs, to_base.MarkArray.MarkRecord
    marks = {
        name: [record.Class, *point(record.MarkAnchor)]
        for name, record in zip(coverage, records, strict=True)
        if record.Class in {0, 1}
    }
    coverage, records = to_base.BaseCoverage.glyphs, to_base.BaseArray.BaseRecord
    bases = {name: r.BaseAnchor for name, r in zip(coverage, records, strict=True)}
    anchors = {}
    for character, name in names.items():
        if name in bases and character.isalpha():
            middle = font["hmtx"][name][0] // 2
            below, above = bases[name][:2]
            above_at = point(above) if above else (middle, -font["OS/2"].sCapHeight)
            anchors[character] = [*above_at, *(point(below) if below else (middle, 0))]
    stacked = {
        name: point(record.Mark2Anchor[0])
        for table in subtables(font, 6)
        for name, record in zip(
            table.Mark2Coverage.glyphs, table.Mark2Array.Mark2Record, strict=True
        )
        if name in table.Mark1Coverage.glyphs and record.Mark2Anchor[0]
    }
    placed = {
        c: [*marks[n], *stacked.get(n, marks[n][1:])]
        for c, n in names.items()
        if n in marks and unicodedata.combining(c)
    }
    return anchors, placed


def point(anchor: Any) -> tuple[int, int]:
    return anchor.XCoordinate, -anchor.YCoordinate


def kerning(font: TTFont, names: dict[str, str]) -> dict[str, Any]:
    """Pair adjustments: letters of one line kern alike, `values[left][right]` in font units."""
    pairs = subtables(font, 2)
    letters = [c for c in names if any(a <= ord(c) <= b for a, b in KERNED)]
    rows = {a: tuple(adjustment(pairs, names[a], names[b]) for b in letters) for a in letters}
    lefts: dict[tuple[int, ...], str] = {}
    for letter, row in rows.items():
        if any(row):
            lefts[row] = lefts.get(row, "") + letter
    rights: dict[tuple[int, ...], str] = {}
    for column, letter in enumerate(letters):
        values = tuple(row[column] for row in lefts)
        if any(values):
            rights[values] = rights.get(values, "") + letter
    values = [list(row) for row in zip(*rights, strict=True)]
    return {"left": list(lefts.values()), "right": list(rights.values()), "values": values}


def adjustment(pairs: list[Any], left: str, right: str) -> int:
    for subtable in pairs:
        if left not in subtable.Coverage.glyphs:
            continue
        if subtable.Format == 1:
            records = subtable.PairSet[subtable.Coverage.glyphs.index(left)].PairValueRecord
            found = [r.Value1 for r in records if r.SecondGlyph == right]
            if found:
                return getattr(found[0], "XAdvance", 0)
            continue
        first = subtable.ClassDef1.classDefs.get(left, 0)
        second = subtable.ClassDef2.classDefs.get(right, 0)
        value = subtable.Class1Record[first].Class2Record[second].Value1
        return getattr(value, "XAdvance", 0) if value else 0
    return 0


def table(path: Path) -> dict[str, Any]:
    font = TTFont(path)
    names = characters(font)
    shapes: dict[str, int] = {}
    glyphs: dict[str, list[int]] = {}
    for character, name in names.items():
        entry = [font["hmtx"][name][0]]
        for part, dx, dy in parts(font, name):
            entry += [shapes.setdefault(part, len(shapes)), dx, -dy]
        glyphs[character] = entry
    anchors, marks = attachments(font, names)
    return {
        "font": f"{font['name'].getDebugName(4)}, {font['name'].getDebugName(5).split(';')[0]}",
        "unitsPerEm": font["head"].unitsPerEm,
        "capHeight": font["OS/2"].sCapHeight,
        "shapes": [outline(font, name) for name in shapes],
        "glyphs": glyphs,
        "anchors": anchors,
        "marks": marks,
        "kerning": kerning(font, names),
    }


def text(value: dict[str, Any]) -> str:
    """One entry per line, so that a change of the table can be read in a diff."""
    blocks = []
    for key, entries in value.items():
        if key in {"glyphs", "anchors", "marks"}:
            rows = ",\n".join(f"{dense(k)}:{dense(v)}" for k, v in entries.items())
            blocks.append(f"{dense(key)}:{{\n{rows}\n}}")
        elif key == "shapes":
            blocks.append(f"{dense(key)}:[\n" + ",\n".join(map(dense, entries)) + "\n]")
        else:
            blocks.append(f"{dense(key)}:{dense(entries)}")
    return "{" + ",\n".join(blocks) + "}\n"


def dense(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


if __name__ == "__main__":
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    written = text(table(Path(sys.argv[1])))
    json.loads(written)
    TABLE.write_text(written, encoding="utf-8")
    print(f"{TABLE.name}: {len(written)} bytes")
