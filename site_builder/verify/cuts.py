# SPDX-License-Identifier: Apache-2.0
"""The text of a badge in pieces, around the few values in which badges of one kind differ.

Only values of a very plain kind are cut out; a badge with another one in such a place is not cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from site_builder.proofs import proofs_of

Json = dict[str, Any]
Place = tuple[str | int, ...]
_CHAR = r"(?:[A-Za-z0-9_~=&+,@:\-]|%(?!2[Ee])[0-9A-Fa-f]{2})"
_WORD = rf"{_CHAR}(?:\.|{_CHAR})*"
_MORE = rf"(?:[./]|{_CHAR})+"
_KINDS: Mapping[str, re.Pattern[str]] = {
    # Without users, ports, empty or dotted folders, small and capital hosts, letters beyond ASCII
    "web": re.compile(
        rf"https://[a-z0-9]+(?:[.\-][a-z0-9]+)*(?:/{_WORD})*/?(?:\?{_MORE})?(?:#{_MORE})?"
    ),
    "uuid": re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "moment": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
    "digits": re.compile(r"[0-9]{1,10}"),
    "text": re.compile(r'[^"\\\x00-\x1f\x7f]+'),  # and printable: see `fits`
    "signature": re.compile(r"z[1-9A-HJ-NP-Za-km-z]{80,90}"),
}
ADDRESSES = ("web", "uuid")
# Where badges of one kind differ, by what stands there. All else is part of the form.
_HOLES: Mapping[Place, Sequence[str]] = {
    ("id",): ADDRESSES,
    ("validFrom",): ("moment",),
    ("validUntil",): ("moment",),
    ("awardedDate",): ("moment",),
    ("credentialSubject", "id"): ADDRESSES,
    ("credentialSubject", "identifier", "*", "identityHash"): ("text",),
    ("credentialSubject", "identifier", "*", "salt"): ("text",),
    ("credentialSubject", "result", "*", "id"): ADDRESSES,
    ("credentialSubject", "result", "*", "achievedLevel"): ADDRESSES,
    ("credentialSubject", "result", "*", "value"): ("text",),
    ("evidence", "*", "id"): ADDRESSES,
    ("evidence", "*", "name"): ("text",),
    ("evidence", "*", "description"): ("text",),
    ("evidence", "*", "narrative"): ("text",),
    ("credentialStatus", "id"): ADDRESSES,
    ("credentialStatus", "statusListIndex"): ("digits",),
    ("credentialStatus", "statusListCredential"): ("web",),
    ("proof", "*", "created"): ("moment",),
    ("proof", "*", "proofValue"): ("signature",),
    ("proof", "created"): ("moment",),
    ("proof", "proofValue"): ("signature",),
}
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')


def fits(kind: str, value: str) -> bool:
    """Whether a value is of a kind."""
    return _KINDS[kind].fullmatch(value) is not None and (kind != "text" or value.isprintable())


def mark(kind: str, number: int) -> str:
    """What stands for a value of a kind while a form is learned."""
    return {
        "web": f"https://mark-{number:04}.invalid/placeholder",
        "uuid": f"urn:uuid:feedface-0000-4000-8000-{number:012}",
        "moment": f"{9000 + number:04}-01-01T00:00:00Z",
        "digits": f"98765{number:04}",
        "text": f"mark {number:04} of a badge's form",
        "signature": "z" + "1" * 88,
    }[kind]


@dataclass(frozen=True, slots=True)
class Hole:
    """A place whose value differs.

    Attributes:
        place: in the document.
        is_identity: it names what the object around it is about.
    """

    place: Place
    kind: str

    @property
    def is_address(self) -> bool:
        return self.kind in ADDRESSES

    @property
    def is_identity(self) -> bool:
        return self.place[-1] == "id"

    @property
    def is_of_proof(self) -> bool:
        return self.place[0] == "proof"


def with_values(document: Json, values: Iterable[tuple[Hole, str]]) -> Json:
    """A copy with other values in the holes; what holds none is shared."""
    made = dict(document)
    copied: dict[Place, Any] = {(): made}
    for hole, text in values:
        place = hole.place
        target: Any = made
        for depth in range(1, len(place)):
            inner = copied.get(place[:depth])
            if inner is None:
                inner = copied[place[:depth]] = target[place[depth - 1]].copy()
                target[place[depth - 1]] = inner
            target = inner
        target[place[-1]] = text
    return made


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in pieces: what stands around its holes, and what in them."""

    pieces: tuple[bytes, ...]
    holes: tuple[Hole, ...]
    values: tuple[bytes, ...]


def cut(data: bytes, document: Json) -> Cut | None:
    """The pieces of a document's text; None where a value is not plain."""
    proofs = proofs_of(document)
    tokens, texts = list(_STRING.finditer(data)), list(_texts(document, (), ()))
    if len(proofs) != 1 or len(tokens) != len(texts):
        return None
    pieces, holes, values, at = [], [], [], 0
    for token, (place, wild, text) in zip(tokens, texts, strict=True):
        kinds = _HOLES.get(wild) if place is not None else None
        if kinds is None or place is None:
            continue
        kind = next((one for one in kinds if fits(one, text)), None)
        raw = token[0][1:-1]
        if kind is None or raw != text.encode():
            return None
        pieces.append(data[at : token.start() + 1])
        holes.append(Hole(place, kind))
        values.append(raw)
        at = token.end() - 1
    return Cut((*pieces, data[at:]), tuple(holes), tuple(values))


def _texts(value: Any, place: Place, wild: Place) -> Iterator[tuple[Place | None, Place, str]]:
    """Every text of some JSON in the order it is written, with its place; without for names.

    The second place has a star for each number.
    """
    if isinstance(value, dict):
        for name, one in value.items():
            yield None, (), name
            yield from _texts(one, (*place, name), (*wild, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts(one, (*place, number), (*wild, "*"))
    elif isinstance(value, str):
        yield place, wild, value
