# SPDX-License-Identifier: Apache-2.0
"""QR codes of addresses; the only `import qrcode`."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import qrcode
from qrcode import util
from qrcode.constants import ERROR_CORRECT_M

from site_builder.art.markup import escaped

Rows = tuple[tuple[bool, ...], ...]

QUIET_ZONE: Final = 4  # modules; ISO/IEC 18004
# One mask for all: trying all eight costs four fifths of the time, and readers showed no
# difference between them. This one had the lowest mean penalty over award addresses
# (867 points; the others 998 to 1,239).
MASK: Final = 2


def qr_matrix(url: str) -> Rows:
    """The modules of a URL's QR code, row by row, True for dark, without a quiet zone.

    Level M, one segment in byte mode, the smallest version that holds it, always the same mask.

    Args:
        url: ASCII, 1 to 2,331 characters.

    Raises:
        ValueError: the URL is empty, not ASCII, or too long for any version.
    """
    payload = _payload(url)
    code = qrcode.QRCode(
        version=_version(len(payload)),
        error_correction=ERROR_CORRECT_M,
        border=0,
        mask_pattern=MASK,
    )
    code.add_data(util.QRData(payload, mode=util.MODE_8BIT_BYTE), optimize=0)
    code.make(fit=False)
    return tuple(tuple(map(bool, row)) for row in code.modules)


def qr_svg(url: str, *, label: str) -> str:
    """The URL's QR code as SVG: black on white, quiet zone included, one path.

    Args:
        url: as for `qr_matrix`.
        label: what the picture is, for screen readers; its `<title>`.
    """
    rows = qr_matrix(url)
    side = len(rows) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'shape-rendering="crispEdges"><title>{escaped(label)}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" d="{_runs(rows)}"/></svg>'
    )


def _payload(url: str) -> bytes:
    if not url or not url.isascii():
        raise ValueError("a QR code needs an ASCII URL; encode other characters first")
    return url.encode("ascii")


def _version(length: int) -> int:
    for version in range(1, 41):
        header = 4 + (8 if version < 10 else 16)  # mode and length, in bits
        if header + 8 * length <= util.BIT_LIMIT_TABLE[ERROR_CORRECT_M][version]:
            return version
    raise ValueError(f"a QR code at level M holds 2,331 characters; this URL has {length:,}")


def _runs(rows: Rows) -> str:
    """Path data with one stroke, a module thick, per run of dark modules."""
    data = []
    for y, row in enumerate(rows):
        pen, x = 0, QUIET_ZONE
        for is_dark, modules in groupby(row):
            length = len(list(modules))
            if is_dark:
                data.append(
                    f"m{x - pen} 0h{length}" if pen else f"M{x} {y + QUIET_ZONE}.5h{length}"
                )
                pen = x + length
            x += length
    return "".join(data)
