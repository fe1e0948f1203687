# SPDX-License-Identifier: Apache-2.0
"""Checks of catalog/images: drawings that do nothing, pictures that hold nothing but a picture.

Source: design/trust.md section 1, rows 8 and 9.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from xml.etree import ElementTree  # noqa: ICN001 - the name says more than ET

from site_builder.checks.context import Context
from site_builder.problems import Place, Problem, quoted

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = {
    "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline",
    "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask",
    "pattern", "use", "symbol",
}  # fmt: skip
_LINKS = {"href", "{http://www.w3.org/1999/xlink}href"}
_WORDS = {
    "id", "class", "role", "lang", "aria-label", "aria-labelledby", "aria-describedby",
    "aria-hidden", "aria-roledescription",
    "{http://www.w3.org/XML/1998/namespace}lang", "{http://www.w3.org/XML/1998/namespace}space",
}  # fmt: skip
# SVG 1.1, appendix M: geometry, paint and letters; no `style`, which may hold any rule of CSS.
_ATTRIBUTES = _LINKS | _WORDS | {
    "version", "viewBox", "preserveAspectRatio", "transform", "transform-origin", "x", "y", "x1",
    "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "fr", "dx", "dy", "rotate", "width",
    "height", "d", "points", "pathLength", "textLength", "lengthAdjust", "offset", "spreadMethod",
    "gradientUnits", "gradientTransform", "patternUnits", "patternContentUnits",
    "patternTransform", "clipPathUnits", "maskUnits", "maskContentUnits",
    "color", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-dasharray",
    "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "stroke-opacity", "stroke-width", "stop-color", "stop-opacity", "opacity", "paint-order",
    "vector-effect", "clip-path", "clip-rule", "mask", "mask-type", "display", "visibility",
    "overflow", "color-interpolation", "color-rendering", "shape-rendering", "text-rendering",
    "font-family", "font-size", "font-size-adjust", "font-stretch", "font-style", "font-variant",
    "font-weight", "text-anchor", "text-decoration", "dominant-baseline", "alignment-baseline",
    "baseline-shift", "letter-spacing", "word-spacing", "writing-mode", "direction",
    "unicode-bidi",
}  # fmt: skip
# A backslash spells `url` in other letters for CSS; every function but these may fetch something.
_OUTSIDE = re.compile(
    r"\\|@import|javascript:|url\((?!\s*+['\"]?+#)"
    r"|(?<![\w-])(?!(?:url|rgba?|hsla?|matrix|translate|scale|rotate|skewX|skewY)\()[\w-]+\(",
    re.IGNORECASE,
)
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*['\"](?!utf-8['\"])", re.IGNORECASE)
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA", b"pHYs", b"cHRM"}
MAX_PICTURE = 262_144  # bytes
MAX_SIDE = 2048  # pixels


def check_images(context: Context) -> Iterator[Problem]:
    """Every image is one a page may show and a stranger may open directly."""
    for name, data in context.catalog.images.items():
        faults = svg_faults(data) if name.endswith(".svg") else png_faults(data)
        for fault in faults:
            yield Problem(
                "CR012",
                Place(f"catalog/images/{name}"),
                f"the image {fault}.",
                "Export it again as plain shapes with colours in attributes such as `fill`, or as "
                "a plain picture, without styles, comments and metadata.",
            )


def svg_faults(data: bytes) -> Iterator[str]:
    """What a drawing holds beyond shapes, text and colours, as ends of a sentence."""
    if b"\0" in data or not _is_utf8(data) or _OTHER_ENCODING.match(data):
        yield "is not UTF-8 text"  # in UTF-16 the marks looked for below would not be found
        return
    if b"<!--" in data:
        yield "holds a comment, which would be published with it"
    if b"<!" in data.replace(b"<!--", b"") or b"<?" in data.replace(b"<?xml ", b"", 1):
        yield "holds a document type, an entity or a processing instruction"
        return  # an entity may stand for anything, and grow without end
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - entities were refused above
    except (ElementTree.ParseError, LookupError, ValueError):
        yield "cannot be read as SVG"
        return
    if root.tag != f"{_SVG}svg":
        yield "is not an SVG drawing"
        return
    seen = set()
    for element in root.iter():
        for fault in _element_faults(element):
            if fault not in seen:
                seen.add(fault)
                yield fault


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _element_faults(element: ElementTree.Element) -> Iterator[str]:
    name = str(element.tag).removeprefix(_SVG)
    if name not in _ELEMENTS:
        yield f"holds the element {quoted(name.rpartition('}')[2])}"
    for key, value in element.attrib.items():
        plain = key.rpartition("}")[2]
        if plain.lower().startswith("on"):
            yield f"holds the script attribute {quoted(plain)}"
        elif key in _LINKS and not value.startswith("#"):
            yield "links to something outside itself"
        elif key not in _ATTRIBUTES and name in _ELEMENTS:
            yield f"holds the attribute {quoted(plain)}"
        elif key not in _WORDS and _OUTSIDE.search(value):
            yield f"refers to something outside itself in {quoted(plain)}"


def png_faults(data: bytes) -> Iterator[str]:
    """Why a picture cannot be published, as ends of a sentence.

    Source: PNG specification, third edition, sections 5.2, 5.3 and 11.2.1.
    """
    if not data.startswith(_PNG_SIGNATURE) or data[12:16] != b"IHDR" or len(data) < 33:
        yield "is not a PNG picture"
        return
    if len(data) > MAX_PICTURE:
        yield f"has {len(data):,} bytes; at most {MAX_PICTURE:,} are taken"
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        yield f"is {width} x {height} pixels; at most {MAX_SIDE} x {MAX_SIDE} are taken"
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind not in _PNG_CHUNKS:
            yield f"holds metadata ({quoted(kind.decode('latin-1'))})"
        at += 12 + length
        if kind == b"IEND":
            break
    if at != len(data):
        yield "is cut short or holds something after its end"
