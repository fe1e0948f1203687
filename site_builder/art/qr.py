# SPDX-License-Identifier: Apache-2.0
"""QR codes of addresses; the only `import qrcode`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

import qrcode
from qrcode import util
from qrcode.constants import ERROR_CORRECT_M

from site_builder.art.markup import escaped
from site_builder.art.qr_table import Symbols

Rows = tuple[tuple[bool, ...], ...]

QUIET_ZONE: Final = 4  # modules; ISO/IEC 18004
# One mask for all: trying all eight costs four fifths of the time, and readers showed no
# difference between them. This one had the lowest mean penalty over award addresses
# (867 points; the others 998 to 1,239).
MASK: Final = 2
_LARGEST_TABLE = 10  # version; longer addresses are rare, and their equations large


def qr_matrix(url: str) -> Rows:
    """The modules of a URL's QR code, row by row, True for dark, without a quiet zone.

    Level M, one segment in byte mode, the smallest version that holds it, always the same mask.

    Args:
        url: ASCII, 1 to 2,331 characters.

    Raises:
        ValueError: the URL is empty, not ASCII, or too long for any version.
    """
    payload = _payload(url)
    side = _side(_version(len(payload)))
    symbol, width = _symbol(payload), _width(side)
    return tuple(
        tuple(bool(symbol[y * width + x // 8] >> 7 - x % 8 & 1) for x in range(side))
        for y in range(side)
    )


def qr_svg(url: str, *, label: str) -> str:
    """The URL's QR code as SVG: black on white, quiet zone included, one path.

    Args:
        url: as for `qr_matrix`.
        label: what the picture is, for screen readers; its `<title>`.
    """
    payload = _payload(url)
    modules = _side(_version(len(payload)))
    side = modules + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'shape-rendering="crispEdges"><title>{escaped(label)}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" d="{_strokes(_symbol(payload), _width(modules))}"/></svg>'
    )


def _payload(url: str) -> bytes:
    if not url or not url.isascii():
        raise ValueError("a QR code needs an ASCII URL; encode other characters first")
    return url.encode("ascii")


@lru_cache(maxsize=256)
def _version(length: int) -> int:
    for version in range(1, 41):
        header = 4 + (8 if version < 10 else 16)  # mode and length, in bits
        if header + 8 * length <= util.BIT_LIMIT_TABLE[ERROR_CORRECT_M][version]:
            return version
    raise ValueError(f"a QR code at level M holds 2,331 characters; this URL has {length:,}")


def _side(version: int) -> int:
    return 17 + 4 * version


def _width(side: int) -> int:
    """Bytes of a row; at least one light module fills the last, as no side is divisible by 8."""
    return side // 8 + 1


# A symbol: its rows from the top, each from the left in whole bytes, highest bit first, 1 for dark.


def _symbol(payload: bytes) -> bytes:
    if _version(len(payload)) > _LARGEST_TABLE:
        return _drawn(payload)
    return _symbols(len(payload)).symbol(payload)


_MOST_TABLES = 64  # lengths of addresses
_tables: dict[int, Symbols] = {}


def _symbols(length: int) -> Symbols:
    found = _tables.get(length)
    if found is None:
        side = _side(_version(length))
        found = Symbols(_drawn, side * _width(side))
        if len(_tables) < _MOST_TABLES:
            _tables[length] = found
    return found


def learned_symbols() -> dict[int, list[str]]:
    """What this process has learned of QR codes, by the length of addresses; plain JSON."""
    return {length: one.learned for length, one in _tables.items()}


def remember_symbols(learned: Mapping[str | int, list[str]]) -> None:
    """Takes what another process has learned; whoever calls vouches for where it comes from."""
    for length, equations in learned.items():
        _symbols(int(length)).remember(equations)


def _drawn(payload: bytes) -> bytes:
    """The symbol of a payload as the library draws it."""
    code = qrcode.QRCode(
        version=_version(len(payload)),
        error_correction=ERROR_CORRECT_M,
        border=0,
        mask_pattern=MASK,
    )
    # Given the mode, the library does not guess one, nor cut long runs of digits or capitals
    # into segments of their own: one layout for all addresses of a length.
    code.add_data(util.QRData(payload, mode=util.MODE_8BIT_BYTE), optimize=0)
    code.make(fit=False)
    width = _width(len(code.modules))
    return b"".join(
        int("".join("1" if module else "0" for module in row).ljust(8 * width, "0"), 2).to_bytes(
            width, "big"
        )
        for row in code.modules
    )


def _strokes(symbol: bytes, width: int) -> str:
    """Path data with one stroke, a module thick, per run of dark modules."""
    strokes = []
    for y, begin in enumerate(range(0, len(symbol), width), QUIET_ZONE):
        pen = _pen(y, is_down=False, length=QUIET_ZONE)
        for eight in symbol[begin : begin + width]:
            stroke, pen = pen[eight]
            strokes.append(stroke)
    return "".join(strokes)


class _Pen(dict[int, tuple[str, "_Pen"]]):
    """What the next eight modules of a row add to the path, and the pen after them.

    Worked out when first asked for; there are few pens, as runs are short.

    Args:
        y: the row, quiet zone included; 0 once something in it is drawn.
        is_down: whether the last module was dark.
        length: how many modules of that colour came last.
    """

    def __init__(self, y: int, *, is_down: bool, length: int) -> None:
        self._y, self._is_down, self._length = y, is_down, length

    def __missing__(self, eight: int) -> tuple[str, _Pen]:
        y, is_down, length, stroke = self._y, self._is_down, self._length, ""
        for place in range(7, -1, -1):
            if bool(eight >> place & 1) is is_down:
                length += 1
                continue
            if is_down:
                stroke += f"{length}"
            else:
                stroke += f"M{length} {y}.5h" if y else f"m{length} 0h"
                y = 0
            is_down, length = not is_down, 1
        self[eight] = stroke, _pen(y, is_down=is_down, length=length)
        return self[eight]


@cache
def _pen(y: int, *, is_down: bool, length: int) -> _Pen:
    return _Pen(y, is_down=is_down, length=length)
