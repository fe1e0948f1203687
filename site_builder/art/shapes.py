# SPDX-License-Identifier: Apache-2.0
"""Colours and outlines of badges: which area is which, with or without colour."""

from __future__ import annotations

import math
from typing import Final

from site_builder.art.markup import number

KEYLINE: Final = "#fbfcfd"
GOLD: Final = "#ffd15c"
INK: Final = "#16202b"  # ground of a completion credential

# Per slot: ground, fill, bright, pale. Source: the drawing rule, "Area slot".
COLOURS: Final = (
    ("#0f3476", "#1553b7", "#6cabf5", "#dbe9fd"),  # blue
    ("#5a3800", "#b37200", "#efb73e", "#fdf0d2"),  # ochre
    ("#47224a", "#7a3f78", "#c58cc0", "#f5e4f3"),  # plum
    ("#084a43", "#17998a", "#5fd3c0", "#d9f5ef"),  # teal
    ("#6b1508", "#a8290f", "#f08362", "#fde5dc"),  # brick
)
CORNERS: Final = ("round", "cut", "notched", "arched", "stepped")


def colours(slot: int) -> tuple[str, str, str, str]:
    """Ground, fill, bright and pale of an area's slot; five sets, used in turn."""
    return COLOURS[slot % 5]


def corner(slot: int) -> str:
    """Corner of an area's slot; moves by one per round of five, so that 25 areas differ."""
    return CORNERS[(slot + slot // 5) % 5]


def outline(kind: str, box: tuple[float, float, float, float], radius: float) -> str:
    """Path of a box (left, top, right, bottom) with corners of one kind, clockwise."""
    left, top, right, bottom = box
    if kind == "arched":
        # On a medallion the arch stays flat enough for the code under it.
        return _rounded(box, min(2.4 * radius, 0.42 * (right - left)), 0.3 * radius)
    if kind == "stepped":
        return _stepped(box, 1.1 * radius)
    if kind == "round":
        return _rounded(box, radius, radius)
    n, r = number, radius
    turn = f"A{n(r)} {n(r)} 0 0 0 " if kind == "notched" else "L"
    return (
        f"M{n(left + r)} {n(top)}H{n(right - r)}{turn}{n(right)} {n(top + r)}"
        f"V{n(bottom - r)}{turn}{n(right - r)} {n(bottom)}"
        f"H{n(left + r)}{turn}{n(left)} {n(bottom - r)}"
        f"V{n(top + r)}{turn}{n(left + r)} {n(top)}Z"
    )


def _rounded(box: tuple[float, float, float, float], above: float, below: float) -> str:
    left, top, right, bottom = box
    n = number
    upper, lower = (f"A{n(r)} {n(r)} 0 0 1 " for r in (above, below))
    return (
        f"M{n(left + above)} {n(top)}H{n(right - above)}{upper}{n(right)} {n(top + above)}"
        f"V{n(bottom - below)}{lower}{n(right - below)} {n(bottom)}"
        f"H{n(left + below)}{lower}{n(left)} {n(bottom - below)}"
        f"V{n(top + above)}{upper}{n(left + above)} {n(top)}Z"
    )


def _stepped(box: tuple[float, float, float, float], depth: float) -> str:
    left, top, right, bottom = box
    n, half = number, depth / 2
    return (
        f"M{n(left + depth)} {n(top)}H{n(right - depth)}V{n(top + half)}H{n(right - half)}"
        f"V{n(top + depth)}H{n(right)}V{n(bottom - depth)}H{n(right - half)}"
        f"V{n(bottom - half)}H{n(right - depth)}V{n(bottom)}H{n(left + depth)}"
        f"V{n(bottom - half)}H{n(left + half)}V{n(bottom - depth)}H{n(left)}"
        f"V{n(top + depth)}H{n(left + half)}V{n(top + half)}H{n(left + depth)}Z"
    )


def star(centre: tuple[float, float], tip: float, notch: float) -> str:
    """Path of an eight-pointed star, one point upwards; radii of its tips and notches."""
    x, y = centre
    points = []
    for step in range(16):
        radius = notch if step % 2 else tip
        angle = math.pi * step / 8
        points.append(f"{x + radius * math.sin(angle):.1f} {y - radius * math.cos(angle):.1f}")
    return "M" + "L".join(points) + "Z"


def diamond(x: float, y: float, reach: float) -> str:
    """Path of a diamond round a centre."""
    n = number
    return (
        f"M{n(x)} {n(y - reach)}L{n(x + reach)} {n(y)}L{n(x)} {n(y + reach)}L{n(x - reach)} {n(y)}Z"
    )
