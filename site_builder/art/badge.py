# SPDX-License-Identifier: Apache-2.0
"""A credential's drawings: the badge, the mark for lists, and the mark of one not yet earned.

Same input, same bytes. Everything a drawing shows is the credential's, never a person's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from site_builder.art import blocks, lettering, shapes, titles
from site_builder.art.markup import clean, escaped, number

# Radius of a badge's corner, as a part of the box; completions have a wide cut.
_CORNER: Final = 1 / 8
_WIDE_CORNER: Final = 92 / 448
# Without the page's style sheet, as an image: greys that show on white and on the dark ground.
_GHOST: Final = "#76838f"
_HAIRLINE: Final = "#98a3ae"


@dataclass(frozen=True)
class BadgeSpec:
    """What one version of a credential is drawn from.

    Attributes:
        slug: makes the block.
        area_slot: place of its area in the framework, from 0; makes colour and corner.
        area_code: letter of the area, such as "A".
        area_title: named in the description where the area has no letter.
        code: printed on the medallion, such as "A2"; may be empty.
        title: the whole title; on the badge it may end in "…", in `<title>` never.
        issuer: name of the issuer.
        pass_rank: level of the rubric that passes, from 1.
        levels: levels of the rubric; 0 draws none.
        is_completion: whether it is earned by earning others.
        area_slots: for a completion, the slots of the areas it asks for.
        block_suffix: from `distinct_suffixes`.
        language: of the title, as BCP 47.
        completion_label: the words on a completion's plate.
    """

    slug: str
    area_slot: int
    area_code: str
    area_title: str
    code: str
    title: str
    issuer: str
    pass_rank: int
    levels: int
    is_completion: bool = False
    area_slots: tuple[int, ...] = ()
    block_suffix: str = ""
    language: str = "en"
    completion_label: str = "COMPLETION CREDENTIAL"

    @property
    def block_name(self) -> str:
        """What the block is pieced from."""
        return self.slug + self.block_suffix

    @property
    def slots(self) -> tuple[int, ...]:
        """Colour slots of the block's cells."""
        return (self.is_completion and self.area_slots) or (self.area_slot,)

    @property
    def ground(self) -> str:
        """Colour of border and plate."""
        return shapes.INK if self.is_completion else shapes.colours(self.area_slot)[0]

    @property
    def bright(self) -> str:
        """Colour of the line above the plate."""
        return shapes.GOLD if self.is_completion else shapes.colours(self.area_slot)[2]


def badge_svg(spec: BadgeSpec) -> str:
    """The badge, 480 x 480: block, medallion, plate with title and pips."""
    name = _id("b", spec)
    edge = _outline(spec, (16, 16, 464, 464))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" role="img" '
        f'aria-labelledby="{name}t {name}d">'
        f'<title id="{name}t" lang="{escaped(spec.language)}">{escaped(spec.title)}</title>'
        f'<desc id="{name}d" lang="en">{_description(spec)}</desc>'
        f'<defs><clipPath id="{name}c"><path d="{edge}"/></clipPath></defs>'
        f"{_keyline(edge, 20)}"
        f'<g clip-path="url(#{name}c)"><path fill="{spec.ground}" d="M0 0h480v480H0z"/>'
        f"{_block(spec, range(1, 5), 16, 448 / 60)}"
        f'<path fill="{spec.ground}" d="M0 306h480v174H0z"/>'
        f'<path fill="{spec.bright}" d="M0 306h480v8H0z"/>'
        f"{_medallion(spec, (166, 91.3, 314, 239.3), 30, 8, 92)}"
        f"{_title(spec)}{_foot(spec)}</g>{_border(edge, spec.ground, 8)}</svg>"
    )


def mark_svg(spec: BadgeSpec, *, is_decorative: bool = False) -> str:
    """The mark, 96 x 96, for anywhere a badge would be too small: whole block and code.

    Args:
        spec: the credential.
        is_decorative: hide it from screen readers, for use right beside the title.
    """
    name = _id("m", spec)
    edge = _outline(spec, (4, 4, 92, 92))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" '
        f"{_label(spec, is_decorative)} "
        f'class="mark"><defs><clipPath id="{name}"><path d="{edge}"/></clipPath></defs>'
        f"{_keyline(edge, 5)}"
        f'<g clip-path="url(#{name})"><path fill="{spec.ground}" d="M0 0h96v96H0z"/>'
        f"{_block(spec, range(6), 4, 88 / 60)}"
        f"{_medallion(spec, (27, 29, 69, 67), 9, 2.5, 26)}"
        f"</g>{_border(edge, spec.ground, 2.5)}</svg>"
    )


def ghost_svg(spec: BadgeSpec, *, is_decorative: bool = False) -> str:
    """The mark of a credential not earned: hairlines and a dashed edge, no fill.

    Inline it takes the page's colours (classes gs, gl, go, and `color`); as an image it is a
    grey that shows on light and dark.
    """
    name = _id("g", spec)
    edge = _outline(spec, (4, 4, 92, 92))
    plate = (27.0, 29.0, 69.0, 67.0)
    middle = _star(9, (48, 48)) if spec.is_completion else _inner(spec, plate, 9)
    ring = middle + (shapes.star((48, 48), 16, 7.5) if spec.is_completion else "")
    lettered = "" if spec.is_completion else _code(spec, plate, 26, "currentColor")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" '
        f"{_label(spec, is_decorative)} "
        f'class="mark mark--ghost" color="{_GHOST}"><defs><clipPath id="{name}">'
        f'<path clip-rule="evenodd" d="{edge}{middle}"/></clipPath></defs>'
        f'<path class="gs" fill="none" d="{edge}"/>'
        f'<g clip-path="url(#{name})"><path class="gl" fill="none" stroke="{_HAIRLINE}" '
        f'stroke-width=".6" vector-effect="non-scaling-stroke" '
        f'transform="translate(4 4)scale({number(88 / 60)})" d="{blocks.seams(spec.block_name)}"/>'
        f'</g><path class="gl" fill="none" stroke="{_HAIRLINE}" stroke-width=".6" d="{ring}"/>'
        f"{lettered}"
        f'<path class="go" fill="none" stroke="currentColor" stroke-width="1.6" '
        f'stroke-dasharray="4 3" d="{edge}"/></svg>'
    )


def _id(kind: str, spec: BadgeSpec) -> str:
    # Several drawings stand on one page: an id is the drawing's own, and the same every time.
    seed = f"{spec.block_name}|{spec.area_slot}|{spec.is_completion}"
    return kind + hashlib.sha256(seed.encode()).hexdigest()[:9]


def _description(spec: BadgeSpec) -> str:
    area = clean(spec.area_code) or clean(spec.area_title)
    kind = "Completion credential." if spec.is_completion else f"Area {area}." if area else ""
    return escaped(f"Badge. {kind} Issued by {spec.issuer}.")


def _label(spec: BadgeSpec, is_decorative: bool) -> str:  # noqa: FBT001 - private
    if is_decorative:
        return 'aria-hidden="true" focusable="false"'
    return f'role="img" aria-label="{escaped(spec.code) or escaped(spec.title)}"'


def _outline(spec: BadgeSpec, box: tuple[float, float, float, float]) -> str:
    side = box[2] - box[0]
    if spec.is_completion:
        return shapes.outline("cut", box, round(side * _WIDE_CORNER, 1))
    corner = shapes.corner(spec.area_slot)
    # The look rounds a mark's corner up a little: 12 of 88.
    return shapes.outline(corner, box, 12 if side < 100 else side * _CORNER)


def _keyline(edge: str, width: float) -> str:
    return (
        f'<path d="{edge}" fill="{shapes.KEYLINE}" stroke="{shapes.KEYLINE}" '
        f'stroke-width="{number(width)}" stroke-linejoin="round"/>'
    )


def _border(edge: str, colour: str, width: float) -> str:
    return f'<path d="{edge}" fill="none" stroke="{colour}" stroke-width="{number(width)}"/>'


def _block(spec: BadgeSpec, rows: range, inset: float, scale: float) -> str:
    return (
        f'<g transform="translate({number(inset)} {number(inset)})scale({number(scale)})" '
        f'stroke-linejoin="round">'
        f"{blocks.painted(spec.block_name, spec.slots, rows)}</g>"
    )


def _medallion(
    spec: BadgeSpec,
    box: tuple[float, float, float, float],
    radius: float,
    border: float,
    size: float,
) -> str:
    """The plate of the code in the area's corner shape, or a completion's star."""
    centre = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    if spec.is_completion:
        return (
            f'<path fill="{shapes.KEYLINE}" d="{_star(radius, centre)}"/>'
            f'<path fill="{shapes.INK}" d="{shapes.star(centre, 2.6 * radius, 1.2 * radius)}"/>'
            f'<path fill="{shapes.GOLD}" '
            f'd="{shapes.star(centre, 44 / 30 * radius, 2 / 3 * radius)}"/>'
        )
    return (
        f'<path d="{_inner(spec, box, radius)}" fill="{shapes.KEYLINE}" stroke="{spec.ground}" '
        f'stroke-width="{number(border)}"/>{_code(spec, box, size, spec.ground)}'
    )


def _star(radius: float, centre: tuple[float, float]) -> str:
    return shapes.star(centre, 92 / 30 * radius, 70 / 30 * radius)


def _inner(spec: BadgeSpec, box: tuple[float, float, float, float], radius: float) -> str:
    return shapes.outline(shapes.corner(spec.area_slot), box, radius)


def _code(spec: BadgeSpec, box: tuple[float, float, float, float], size: float, colour: str) -> str:
    """The code in the middle of a box, smaller where it is long; without one, a small star."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    text = clean(spec.code)
    if not text:
        return f'<path fill="{colour}" d="{shapes.star((x, y), 0.5 * size, 0.23 * size)}"/>'
    side = box[2] - box[0]
    available = 0.82 * side
    size = max(min(size, available / titles.width(text) * 1000), 0.19 * side)
    letters = lettering.clusters(text)
    while titles.width(text) * size / 1000 > available + 0.01 and len(letters) > 1:
        letters.pop()
        text = "".join(letters) + "…"
    return titles.drawn(
        text,
        x,
        y + lettering.CAP_HEIGHT / 2 * size,
        round(size, 2),
        fill=colour,
        language=spec.language,
    )


def _title(spec: BadgeSpec) -> str:
    """The title on the plate, its lines centred between the bright line and the foot."""
    fitted = titles.fitted(spec.title, 330 if spec.is_completion else 368)
    step = titles.LINE_HEIGHT * fitted.size
    height = (len(fitted.lines) - 1) * step + lettering.CAP_HEIGHT * fitted.size
    first = 368 - height / 2 + lettering.CAP_HEIGHT * fitted.size
    return "".join(
        titles.drawn(line, 240, first + i * step, fitted.size, fill="#fff", language=spec.language)
        for i, line in enumerate(fitted.lines)
    )


def _foot(spec: BadgeSpec) -> str:
    """What the credential asks: a diamond per rubric level, filled up to the one that passes."""
    if spec.is_completion:
        label = clean(spec.completion_label)
        size = min(16, 260 / max(titles.width(label), 1) * 1000)
        return titles.drawn(label, 240, 451, round(size, 1), fill=shapes.GOLD, language="en")
    if spec.levels < 1:
        return ""
    step = min(20, 240 / spec.levels)
    reach = 0.4 * step
    first = 240 - step * (spec.levels - 1) / 2
    pips = [shapes.diamond(first + i * step, 446, reach) for i in range(spec.levels)]
    asked = "".join(pips[: max(spec.pass_rank, 0)])
    above = "".join(pips[max(spec.pass_rank, 0) :])
    filled = f'<path fill="{shapes.GOLD}" d="{asked}"/>' if asked else ""
    open_ = (
        f'<path fill="none" stroke="#fff" stroke-opacity=".75" stroke-width="2" d="{above}"/>'
        if above
        else ""
    )
    return filled + open_
