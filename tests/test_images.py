# SPDX-License-Identifier: Apache-2.0
"""Images of the catalog: what is refused and what our own drawings look like to the same check."""

from __future__ import annotations

import struct
import zlib

import pytest

from site_builder.art import BadgeSpec, badge_svg, ghost_svg, mark_svg, png
from site_builder.checks.images import MAX_SIDE, png_faults, svg_faults

SPEC = BadgeSpec(
    slug="looking-at-student-work",
    area_slot=0,
    area_code="A",
    area_title="Teams",
    code="A2",
    title="Looking at student work",
    issuer="Learning Works",
    pass_rank=2,
    levels=3,
)
OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(*extra: bytes, width: int = 1, height: int = 1) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("draw", [badge_svg, mark_svg, ghost_svg])
def test_our_own_drawings_pass_the_check_for_foreign_ones(draw) -> None:
    assert list(svg_faults(draw(SPEC).encode())) == []


def test_our_own_picture_passes_the_check_for_foreign_ones() -> None:
    assert list(png_faults(png(badge_svg(SPEC), 64))) == []


@pytest.mark.parametrize(
    ("inside", "faults"),
    [
        ("<script>alert(1)</script>", ["holds the element 'script'"]),
        ("<foreignObject/>", ["holds the element 'foreignObject'"]),
        ('<animate attributeName="x"/>', ["holds the element 'animate'"]),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>', ["holds the element 'script'"]),
        ('<g onclick="x()"/>', ["holds the script attribute 'onclick'"]),
        ('<use href="https://example.org/x.svg#a"/>', ["links to something outside itself"]),
        ('<use xlink:href="data:image/svg+xml,x"/>', ["links to something outside itself"]),
        (
            '<path fill="url(https://example.org/x)"/>',
            ["refers to something outside itself in 'fill'"],
        ),
        (
            "<style>*{fill:red}</style><script/>",
            ["holds the element 'style'", "holds the element 'script'"],
        ),
        ('<path fill="url(#own)"/><use href="#own"/>', []),
        (
            "<!-- robin@school.example --><title>Plain</title>",
            ["holds a comment, which would be published with it"],
        ),
        (
            '<g style="background-image:image-set(&quot;http://evil.test/x.png&quot; 1x)"/>',
            ["holds the attribute 'style'"],
        ),
        ('<g style="mask:u\\72l(http://evil.test/y.svg#a)"/>', ["holds the attribute 'style'"]),
        (
            '<g mask="u\\72l(http://evil.test/y.svg#a)"/>',
            ["refers to something outside itself in 'mask'"],
        ),
        (
            '<g fill="image-set(&quot;http://evil.test/x.png&quot; 1x)"/>',
            ["refers to something outside itself in 'fill'"],
        ),
        ('<g fill="SRC(x)"/>', ["refers to something outside itself in 'fill'"]),
        ('<g fill="url(/**/x)"/>', ["refers to something outside itself in 'fill'"]),
        ("<g fill=\"url( 'x#own')\"/>", ["refers to something outside itself in 'fill'"]),
        ('<g xml:base="https://example.org/"/>', ["holds the attribute 'base'"]),
        ('<g data-author="Robin"/>', ["holds the attribute 'data-author'"]),
        (
            '<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:label="Robin"/>',
            ["holds the attribute 'label'"],
        ),
        ('<g id="own" class="a" role="img" aria-label="Norms (set)" xml:lang="en"/>', []),
        ('<g transform="translate(1 2) rotate(45)" fill="rgb(1, 2, 3)"/>', []),
        ("<g clip-path=\"url( '#own' )\"/>", []),
    ],
)
def test_a_drawing_may_hold_shapes_and_text_only(inside: str, faults: list[str]) -> None:
    assert list(svg_faults(f"{OPEN}{inside}</svg>".encode())) == faults


def test_a_drawing_says_no_encoding_but_utf_8() -> None:
    for encoding, faults in (("UTF-8", []), ("iso-2022-jp", ["is not UTF-8 text"])):
        data = f'<?xml version="1.0" encoding="{encoding}"?>{OPEN}</svg>'.encode()
        assert list(svg_faults(data)) == faults


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<?xml-stylesheet href="https://example.org/x.css"?><svg/>',
    ],
)
def test_a_document_type_is_refused_before_anything_is_read(data: bytes) -> None:
    assert list(svg_faults(data)) == [
        "holds a document type, an entity or a processing instruction"
    ]


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (b"GIF89a", ["is not a PNG picture"]),
        (picture(), []),
        (picture(chunk(b"tEXt", b"Author\0Somebody")), ["holds metadata ('tEXt')"]),
        (picture(chunk(b"eXIf", b"GPS")), ["holds metadata ('eXIf')"]),
        (picture() + b"more", ["is cut short or holds something after its end"]),
        (picture()[:-6], ["is cut short or holds something after its end"]),
        (picture(width=20_000, height=20_000), [f"is 20000 x 20000 pixels; at most {MAX_SIDE} x {MAX_SIDE} are taken"]),
    ],
)  # fmt: skip
def test_a_picture_holds_nothing_but_a_picture(data: bytes, faults: list[str]) -> None:
    assert list(png_faults(data)) == faults
