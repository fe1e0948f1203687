# SPDX-License-Identifier: Apache-2.0
"""Figures for QR codes: `python -m tests.benchmarks.qr [number of codes]`.

CPU time of one process, so that other work on the machine changes little. Prints, never fails.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from statistics import median
from typing import TYPE_CHECKING

import qrcode

from site_builder.art import qr, qr_svg
from tests.demo.people import random_looking_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LABEL = "QR code of this award's address"


def addresses(count: int, first: int = 0) -> list[str]:
    """Addresses of awards that do not exist; the same each time."""
    return [
        f"https://badges.example.org/awards/{random_looking_id(str(number))}.html"
        for number in range(first, first + count)
    ]


def spent(urls: Sequence[str], work: Callable[[str], object]) -> float:
    """Milliseconds of processor time for each address."""
    begun = time.process_time()
    for url in urls:
        work(url)
    return (time.process_time() - begun) / len(urls) * 1000


def automatic(url: str) -> None:
    """The library left to choose its mask: what a plain call costs."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(url)
    code.make(fit=True)


def library(url: str) -> str:
    """The code without a table: drawn by the library, then our path."""
    payload = url.encode()
    modules = 17 + 4 * qr._version(len(payload))
    return qr._strokes(qr._drawn(payload), qr._width(modules))


def learning(count: int = 200) -> tuple[float, int]:
    """Milliseconds for the first codes of a length, and how many the library drew."""
    qr._tables.clear()
    urls = addresses(count)
    each = spent(urls, lambda url: qr_svg(url, label=LABEL))
    return each * count, qr._symbols(len(urls[0])).drawn


def kilobytes() -> tuple[float, float]:
    """Memory of what one length learned, and of the pens that draw its paths."""
    qr._tables.clear()
    qr._pen.cache_clear()
    urls = addresses(5000)
    qr._drawn(urls[0].encode())  # the library's own tables
    tracemalloc.start()
    for url in urls:
        qr._symbol(url.encode())
    table = tracemalloc.get_traced_memory()[0]
    for url in urls:
        qr_svg(url, label=LABEL)
    both = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return table / 1e3, (both - table) / 1e3


def main(count: int) -> None:
    urls, few = addresses(count, 1000), addresses(200, 500)
    learned, drawn = learning()
    qr_svg(urls[0], label=LABEL)
    rounds = [
        (
            spent(few[:30], automatic),
            spent(few, library),
            spent(urls, lambda url: qr_svg(url, label=LABEL)),
            spent(urls, lambda url: qr._symbol(url.encode())),
        )
        for _ in range(3)
    ]
    plain, drawing, whole, symbol = (median(one) for one in zip(*rounds, strict=True))
    table, pens = kilobytes()
    print(
        f"addresses of {len(urls[0])} characters, version {qr._version(len(urls[0]))}, {count:,} of them; medians of 3"
    )
    print(f"{'library, mask chosen by itself, no SVG':<48}{plain:9.4f} ms")
    print(f"{'library, our mask, with SVG':<48}{drawing:9.4f} ms")
    print(f"{'table, with SVG':<48}{whole:9.4f} ms   {drawing / whole:,.0f} times faster")
    print(f"{'  of that the symbol':<48}{symbol:9.4f} ms")
    print(
        f"{'first 200 codes, while the table learns':<48}{learned:9.1f} ms   {drawn} drawn by the library"
    )
    print(f"{'memory: table of one length; pens':<48}{table:9.0f} kB; {pens:,.0f} kB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
