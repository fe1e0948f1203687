# SPDX-License-Identifier: Apache-2.0
"""Badge drawings, QR codes and the site's ornaments, as SVG text.

Pure: no clock, no randomness, no network; the same input gives the same bytes.
"""

from __future__ import annotations

from site_builder.art.badge import BadgeSpec, badge_svg, ghost_svg, mark_svg
from site_builder.art.blocks import distinct_suffixes
from site_builder.art.ornaments import favicon_svg, logo_svg, seam_svg
from site_builder.art.picture import png
from site_builder.art.qr import learned_symbols, qr_matrix, qr_svg, remember_symbols

__all__ = [
    "BadgeSpec",
    "badge_svg",
    "distinct_suffixes",
    "favicon_svg",
    "ghost_svg",
    "learned_symbols",
    "logo_svg",
    "mark_svg",
    "png",
    "qr_matrix",
    "qr_svg",
    "remember_symbols",
    "seam_svg",
]
