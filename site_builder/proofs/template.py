# SPDX-License-Identifier: Apache-2.0
"""Canonical N-Quads of many documents of one shape, fast: only what differs is written anew.

The first document of a shape goes through the library with a placeholder in each place that may
differ; its quads, with the placeholders, are the template. Later ones fill it in. What many
documents hold word for word, such as an achievement, is learned by itself, at its place. That gives
the library's bytes as long as

- the shape is the same: keys, types, list lengths, kinds of values, and all constant objects;
- what is filled in is text without control characters and, where an address belongs, a full
  address that is no abbreviation (then JSON-LD treats it like the placeholder);
- the blank nodes' first-degree hashes all differ (then RDFC-1.0 numbers them by these alone); and
- each object of such a part has an address, so that no blank node leads into or out of it (then
  the document's quads are those of the rest and those of the part).

Where one does not hold the library is asked. The first document of each shape, the first with each
part and a sample of the others are compared with the library. Never used to check anybody's proof.

Source: W3C RDF Dataset Canonicalization 1.0, sections 4.4 to 4.6; design/standards.md section 5.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from site_builder.json_text import compact
from site_builder.proofs.blocks import Block, Quads
from site_builder.proofs.integrity import checked_canonical
from site_builder.proofs.pattern import Template, part_of, template_of
from site_builder.proofs.shape import Json, Path, Reader, Reading, around, form_of
from site_builder.proofs.stored import Memory, part_from, part_json, template_from, template_json

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_SAMPLE = 1000  # of so many documents one is compared, beginning with the first


class TemplateDiffers(Exception):  # noqa: N818 - our bug, with its traceback
    """A template gave other bytes than the library."""


class Written(NamedTuple):
    """A document in two ways: what is signed, and what is published."""

    quads: Quads
    text: str


@dataclass(slots=True)
class _Frame:
    """What was learned of a shape.

    Attributes:
        template: of its quads, parts left out; None where the library must be asked.
        form: of its JSON, parts left out; None where it is written anew each time.
        places: for each part, what stands around it.
        is_proven: once it gave the library's bytes.
    """

    template: Template | None
    form: str | None
    places: tuple[str, ...]
    is_proven: bool = False


@dataclass(slots=True)
class _Known:
    """The quads of a part and whether they were the library's; None: it is no part after all."""

    part: Block | None
    is_proven: bool = False


class Templates:
    """Canonical N-Quads and JSON of documents that are much alike, each checked as safe to sign.

    Args:
        constant: paths of objects many documents share, such as `("issuer",)`.
        most: number of shapes to keep, and of parts.
        memory: what other processes learned; None learns everything anew.
    """

    def __init__(
        self, constant: Sequence[Path] = (), most: int = 1024, memory: Memory | None = None
    ) -> None:
        self._reader = Reader(constant)
        self._most = most
        self._memory = memory
        self._frames: dict[tuple[Any, ...], _Frame] = {}
        self._parts: dict[tuple[str, str], _Known] = {}
        self.filled = self.asked = self.compared = self.learned = self.remembered = 0

    def canonical(self, document: Json) -> bytes:
        """The bytes `canonical` of the library gives, usually without asking it.

        Raises:
            UnsafeDocument: something in the document would not be covered by a proof.
            UnknownContext: a context is not vendored.
            TemplateDiffers: a compared template gave other bytes, which is our bug.
        """
        return self.quads(document).canonical()

    def quads(self, document: Json) -> Quads:
        """The same, not yet in one text; errors as in `canonical`."""
        return self._quads(document, self._reader.read(document))[0]

    def written(self, document: Json) -> Written:
        """The same, and the document's compact JSON; errors as in `canonical`."""
        reading = self._reader.read(document)
        quads, frame = self._quads(document, reading)
        if frame.form is None:
            return Written(quads, compact(document))
        texts = [compact(one) for one in reading.values]
        for slot, _, text in reading.parts:
            texts[slot] = text
        return Written(quads, frame.form % tuple(texts))

    def _quads(self, document: Json, reading: Reading) -> tuple[Quads, _Frame]:
        said = None  # what the library says of this document, once it was asked
        frame = self._frames.get(reading.shape) or self._remembered_frame(reading)
        if frame is None:
            said = checked_canonical(document)  # raises before anything is learned from it
            frame = self._learn_frame(document, reading)
        known = [
            self._part(document, place, path, text)
            for place, (_, path, text) in zip(frame.places, reading.parts, strict=True)
        ]
        found = _filled(frame, known, reading.values, document.get("id"))
        if found is None:
            self.asked += 1
            return Quads.of(said or checked_canonical(document)), frame
        is_proven = frame.is_proven and all(one.is_proven for one in known)
        if not is_proven or self.filled % _SAMPLE == 0:
            self.compared += 1
            if found.canonical() != (said or checked_canonical(document)):
                raise TemplateDiffers(f"of {document.get('id')}")
            if not is_proven:
                self._keep(frame, known, reading)
        self.filled += 1
        return found, frame

    def _learn_frame(self, document: Json, reading: Reading) -> _Frame:
        count = len(reading.values)
        template = template_of(self._reader.holed(document, bare=False), count)
        form = form_of(self._reader.holed(document, bare=True), count)
        places = tuple(json.dumps(around(document, path, None)) for _, path, _ in reading.parts)
        self.learned += 1
        return self._put(self._frames, reading.shape, _Frame(template, form, places))

    def _remembered_frame(self, reading: Reading) -> _Frame | None:
        kept = self._memory.get("shape", repr(reading.shape)) if self._memory else None
        if kept is None:
            return None
        self.remembered += 1
        template, form, places = kept
        frame = _Frame(template_from(template), form, tuple(places), is_proven=True)
        return self._put(self._frames, reading.shape, frame)

    def _part(self, document: Json, place: str, path: Path, text: str) -> _Known:
        known = self._parts.get((place, text))
        if known is not None:
            return known
        kept = self._memory.get("part", place + text) if self._memory else None
        if kept is not None:
            self.remembered += 1
            known = _Known(part_from(kept), is_proven=True)
        else:
            self.learned += 1
            inside = json.loads(text)
            bare = around(document, path, {"id": inside["id"]})
            known = _Known(part_of(around(document, path, inside), bare))
        return self._put(self._parts, (place, text), known)

    def _keep(self, frame: _Frame, known: Sequence[_Known], reading: Reading) -> None:
        """Notes what gave the library's bytes, for this process and for others."""
        if not frame.is_proven and frame.template and self._memory:
            kept = [template_json(frame.template), frame.form, frame.places]
            self._memory.put("shape", repr(reading.shape), kept)
        frame.is_proven = True
        for one, place, (_, _, text) in zip(known, frame.places, reading.parts, strict=True):
            if not one.is_proven and one.part and self._memory:
                self._memory.put("part", place + text, part_json(one.part))
            one.is_proven = True

    def _put(self, there: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
        there[key] = value
        if len(there) > self._most:
            del there[next(iter(there))]
        return value


def _filled(
    frame: _Frame, known: Sequence[_Known], values: Sequence[str], top: object
) -> Quads | None:
    """The frame with its values and parts; None where the library must be asked."""
    parts = [one.part for one in known if one.part is not None]
    if frame.template is None or len(parts) < len(known):
        return None
    if top in frame.template.addresses or values.count(str(top)) > 1:
        return None
    address = str(top).encode(errors="replace")
    if any(one.describes(address) for one in parts):
        return None
    return frame.template.filled(values, parts)
