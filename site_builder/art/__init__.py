# SPDX-License-Identifier: Apache-2.0
"""Badge drawings, QR codes and the site's ornaments, as SVG text.

Pure: no clock, no randomness, no network; the same input gives the same bytes.
"""

from __future__ import annotations

from site_builder.art.badge import BadgeSpec, badge_svg, ghost_svg, mark_svg
from site_builder.art.blocks import distinct_suffixes
from site_builder.art.ornaments import favicon_svg, logo_svg, seam_svg
from site_builder.art.picture import png
from site_builder.art.qr import qr_matrix, qr_svg

__all__ = [
    "BadgeSpec",
    "badge_svg",
    "distinct_suffixes",
    "favicon_svg",
    "ghost_svg",
    "logo_svg",
    "mark_svg",
    "png",
    "qr_matrix",
    "qr_svg",
    "seam_svg",
]
