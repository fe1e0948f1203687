# SPDX-License-Identifier: Apache-2.0
"""The site's own small drawings: the seam above the footer, the logo, the icon of its tab."""

from __future__ import annotations

from site_builder.art.shapes import COLOURS, INK

_PINWHEEL = (
    '<path fill="#ffd15c" d="M0 0h16v16z"/><path fill="#5fd3c0" d="M32 0v16H16z"/>'
    '<path fill="#6cabf5" d="M32 32H16V16z"/><path fill="#f08362" d="M0 32V16h16z"/>'
    '<path fill="#fff" fill-opacity=".16" d="M16 0h16L16 16zM32 16v16L16 16z'
    'M16 32H0l16-16zM0 16V0l16 16z"/>'
)


def seam_svg() -> str:
    """A strip of half squares, 10 high and as wide as its place; one per page (it has an id)."""
    pairs = "".join(
        f'<path fill="{fill}" d="M{x} 10 {x + 10} 0v10z"/><path fill="{bright}" d="M{x} 10V0h10z"/>'
        for x, (_, fill, bright, _) in zip(range(0, 50, 10), COLOURS, strict=True)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="seam" width="100%" height="10" '
        'aria-hidden="true" focusable="false"><defs><pattern id="seam-squares" width="50" '
        f'height="10" patternUnits="userSpaceOnUse">{pairs}</pattern></defs>'
        '<rect width="100%" height="10" fill="url(#seam-squares)"/></svg>'
    )


def logo_svg() -> str:
    """The pinwheel beside the site's name in the bar; drawn for a dark ground."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" '
        f'aria-hidden="true" focusable="false">{_PINWHEEL}</svg>'
    )


def favicon_svg() -> str:
    """The pinwheel on ink, so that it stands on light and dark tabs."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">'
        f'<rect width="48" height="48" rx="9" fill="{INK}"/>'
        f'<g transform="translate(8 8)">{_PINWHEEL}</g></svg>'
    )
