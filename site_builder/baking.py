# SPDX-License-Identifier: Apache-2.0
"""Badges inside pictures: credentials put into a PNG or SVG, and read back out of anybody's.

Bytes only: nothing is decoded, drawn, run or fetched, so a script in a drawing is just text here.

Source: Open Badges 3.0 section 5.3 (PNG and SVG); Open Badges Baking Specification 2.0 (1EdTech);
PNG specification, third edition, sections 5 and 11.3.3.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal
from xml.parsers import expat

Kind = Literal["ob3", "ob2", "clr"]

LARGEST: Final = 5 << 20  # bytes of a picture that is read
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEYWORDS: Final[dict[bytes, Kind]] = {
    b"openbadges": "ob2",
    b"openbadgecredential": "ob3",
    b"clrcredential": "clr",
}
_TEXT_CHUNKS: Final = (b"iTXt", b"tEXt", b"zTXt")
_OB3_SVG: Final = "https://purl.imsglobal.org/ob/v3p0"
# Namespace and name with a line break between, which no namespace written in one attribute has.
_ELEMENTS: Final[dict[str, Kind]] = {
    f"{_OB3_SVG}\ncredential": "ob3",
    "http://openbadges.org\nassertion": "ob2",
}
_FIRST_ELEMENT: Final = re.compile(rb"<((?:[\w.-]+:)?svg)[\s/>]|<[A-Za-z_]")
_ROOT: Final = re.compile(r"""<((?:[\w.-]+:)?svg)((?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.ASCII)
_DECLARED: Final = re.compile(r"""\s+xmlns:openbadges\s*=\s*(?:"[^"]*"|'[^']*')""")
_OPEN: Final = "<openbadges:credential><![CDATA["
_CLOSE: Final = "]]></openbadges:credential>"


class BadPicture(Exception):  # noqa: N818 - a picture that is bad, not a fault of ours
    """Why a picture's badge cannot be read: the end of a sentence that begins "The picture"."""


@dataclass(frozen=True)
class Found:
    """A badge found in a picture.

    Attributes:
        kind: by the keyword or element it lies under; what the text says of itself may differ.
        text: JSON, a compact JWT, or (Open Badges 2.0) the address of an assertion.
    """

    kind: Kind
    text: str


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin like a PNG, or like an XML text whose first element is `svg`."""
    if data.startswith(_SIGNATURE[:4]):
        return True
    if not data.removeprefix(b"\xef\xbb\xbf")[:4096].lstrip().startswith(b"<"):
        return False
    found = _FIRST_ELEMENT.search(data, 0, 65_536)
    return bool(found and found[1])


def bake_png(
    png: bytes, *, ob2: str | None = None, ob3: str | None = None, clr: str | None = None
) -> bytes:
    """The picture with these badges in it and no others: baking a second time changes nothing.

    Args:
        png: a picture of our own, plain or baked; pixels and checksums are taken on trust.
        ob2: an Open Badges 2.0 assertion as JSON.
        ob3: an Open Badges 3.0 credential as JSON or compact JWT.
        clr: a Comprehensive Learner Record 2.0 as JSON or compact JWT.

    Raises:
        BadPicture: it is not a PNG, or is cut short.
    """
    given = {b"openbadges": ob2, b"openbadgecredential": ob3, b"clrcredential": clr}
    baked = [_text_chunk(keyword, text) for keyword, text in given.items() if text is not None]
    old = [(start, end) for kind, start, end in _chunks(png) if _badge_kind(png, kind, start, end)]
    at, kept = 33, []  # right behind IHDR, which is always of 13 bytes
    for start, end in old:
        kept.append(png[at:start])
        at = end
    return b"".join([png[:33], *baked, *kept, png[at:]])


def bake_svg(svg: bytes, *, ob3: str) -> bytes:
    """The drawing with one Open Badges 3.0 credential as its first child, any earlier one replaced.

    Args:
        svg: a drawing of our own in UTF-8, plain or baked.
        ob3: a credential as JSON; where XML could not hold a character, it gets its JSON escape.

    Raises:
        BadPicture: it is not an SVG drawing, or one without content.
    """
    try:
        text = svg.decode()
    except UnicodeDecodeError:
        raise BadPicture("is not UTF-8 text") from None
    root = _ROOT.search(text)
    if root is None or root[2].endswith("/"):
        raise BadPicture("is not an SVG drawing")
    rest = text[root.end() :]
    if rest.startswith(_OPEN):
        rest = rest[rest.index(_CLOSE) + len(_CLOSE) :]
    held = ob3.replace("]]>", "]]\\u003e").replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    tag = f'<{root[1]} xmlns:openbadges="{_OB3_SVG}"{_DECLARED.sub("", root[2])}>'
    return f"{text[: root.start()]}{tag}{_OPEN}{held}{_CLOSE}{rest}".encode()


def unbake(data: bytes, *, most: int = 1 << 20) -> list[Found]:
    """The badges in a picture, in the order they lie there; none in a plain picture.

    Args:
        data: a PNG or SVG of anybody's, at most 5 MiB.
        most: bytes of text, inflated, that one badge may have.

    Raises:
        BadPicture: it is too large, neither PNG nor SVG, damaged, or holds two badges of one kind.
    """
    if len(data) > LARGEST:
        raise BadPicture(f"has {len(data):,} bytes; at most {LARGEST:,} are read")
    if not is_picture(data):
        raise BadPicture("is neither PNG nor SVG")
    found: dict[Kind, Found] = {}
    # One after the other: 5 MiB of a PNG may hold thousands of badges of 1 MiB each.
    for one in _unbake_png(data, most) if data.startswith(b"\x89") else _unbake_svg(data, most):
        if one.kind in found:
            raise BadPicture("holds more than one badge of the same kind, so none can be relied on")
        found[one.kind] = one
    return list(found.values())


# PNG.


def _text_chunk(keyword: bytes, text: str) -> bytes:
    """An uncompressed iTXt chunk without language: readers in use take no other."""
    body = b"iTXt%b\0\0\0\0\0%b" % (keyword, text.encode())
    return b"%b%b%b" % (
        (len(body) - 4).to_bytes(4, "big"),
        body,
        zlib.crc32(body).to_bytes(4, "big"),
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of each chunk up to IEND; lengths are checked, checksums are not."""
    if not png.startswith(_SIGNATURE):
        raise BadPicture("is not a PNG, or was changed on its way as if it were text")
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        if at + 12 > len(png):
            raise BadPicture("is cut short")
        length, kind = struct.unpack_from(">I4s", png, at)
        end = at + 12 + length
        if end > len(png):
            raise BadPicture("is cut short")
        if at == len(_SIGNATURE) and (kind, length) != (b"IHDR", 13):
            raise BadPicture("does not begin as a PNG must")
        yield kind, at, end
        at = end


def _badge_kind(png: bytes, kind: bytes, start: int, end: int) -> Kind | None:
    """What badge the chunk there holds, if any. A keyword has at most 79 bytes."""
    if kind not in _TEXT_CHUNKS:
        return None
    keyword, nul, _ = png[start + 8 : min(start + 88, end - 4)].partition(b"\0")
    return _KEYWORDS.get(keyword) if nul else None


def _unbake_png(data: bytes, most: int) -> Iterator[Found]:
    for kind, start, end in _chunks(data):
        body = memoryview(data)[start + 4 : end - 4]
        if zlib.crc32(body) != int.from_bytes(data[end - 4 : end], "big"):
            raise BadPicture("is damaged: a checksum in it is wrong")
        badge = _badge_kind(data, kind, start, end)
        if badge is not None:
            yield Found(badge, _text_of(kind, bytes(body[4:]), most))


def _text_of(kind: bytes, body: bytes, most: int) -> str:
    """The text of a badge's chunk, inflated where it is compressed."""
    _, _, rest = body.partition(b"\0")
    is_packed, text = kind == b"zTXt", rest
    if kind == b"zTXt":
        flags, text = b"\1" + rest[:1], rest[1:]
    elif kind == b"iTXt":
        flags = rest[:2]
        is_packed = flags[:1] == b"\1"
        language = rest[2:].split(b"\0", 2)  # language, translated keyword, text
        if flags[:1] not in {b"\0", b"\1"} or len(language) < 3:
            raise BadPicture("holds a badge whose text is not laid out as PNG says")
        text = language[2]
    if is_packed:
        if flags[1:] != b"\0":  # deflate, the only method there is
            raise BadPicture("holds a badge whose text is packed in an unknown way")
        text = _inflated(text, most)
    if len(text) > most:
        raise BadPicture(f"holds a badge whose text has more than {most:,} bytes")
    try:
        return text.decode()
    except UnicodeDecodeError:
        if kind == b"iTXt":
            raise BadPicture("holds a badge whose text is not UTF-8") from None
        return text.decode("latin-1")  # what tEXt and zTXt are by the letter, and seldom in fact


def _inflated(packed: bytes, most: int) -> bytes:
    """At most one byte more than `most`, however much there would be."""
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(packed, most + 1)
    except zlib.error:
        raise BadPicture("holds a badge whose packed text is damaged") from None
    if len(text) <= most and not inflater.eof:
        raise BadPicture("holds a badge whose packed text is damaged")
    return text


# SVG.


class _Reading:
    """What expat has found in a drawing so far; the badge elements' text, and nothing else."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.depth = 0
        self.inside: Kind | None = None
        self.verify = ""
        self.text: list[str] = []
        self.found: list[Found] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 0 and name not in {"svg", "http://www.w3.org/2000/svg\nsvg"}:
            raise BadPicture("is not an SVG drawing")
        if self.inside is not None:
            raise BadPicture("holds a badge with other elements in its text")
        self.depth += 1
        self.inside = _ELEMENTS.get(name)
        if self.inside is not None:
            self.verify, self.text = attributes.get("verify", ""), []

    def end(self, _name: str) -> None:
        self.depth -= 1
        if self.inside is None:
            return
        # Open Badges 2.0 gives the address beside the assertion; only without one it is the badge.
        text = "".join(self.text).strip() or self.verify.strip()
        if len(text.encode()) > self.most:
            raise BadPicture(f"holds a badge whose text has more than {self.most:,} bytes")
        self.found.append(Found(self.inside, text))
        self.inside = None

    def characters(self, text: str) -> None:
        if self.inside is not None:
            self.text.append(text)

    def document_type(
        self,
        _name: str,
        _system: str | None,
        _public: str | None,
        has_subset: bool,  # noqa: FBT001 - expat gives it its place
        /,
    ) -> None:
        # Drawing programs write one that names the SVG 1.1 DTD, which expat never fetches.
        if has_subset:
            raise BadPicture("defines entities, which may stand for anything")

    def skipped(self, _name: str, _is_parameter: int) -> None:
        raise BadPicture("uses an entity it does not define")


def _unbake_svg(data: bytes, most: int) -> list[Found]:
    try:
        data.decode()
    except UnicodeDecodeError:
        raise BadPicture("is not UTF-8 text") from None
    reading = _Reading(most)
    # Whatever the drawing says of its encoding: it was just found to be UTF-8.
    parser = expat.ParserCreate("UTF-8", "\n")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.characters
    parser.StartDoctypeDeclHandler = reading.document_type
    parser.SkippedEntityHandler = reading.skipped
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the last piece; takes no keyword
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise BadPicture(f"is not well-formed XML (line {error.lineno}: {reason})") from None
    return reading.found
