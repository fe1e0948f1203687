# SPDX-License-Identifier: Apache-2.0
"""Canonical N-Quads with holes: made of a document with placeholders, filled with its values.

Source: W3C RDF Dataset Canonicalization 1.0, sections 4.4 to 4.6.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pyoxigraph as ox

from site_builder.proofs.canonical import quads
from site_builder.proofs.contexts import CONTEXTS, addresses_of
from site_builder.proofs.safe import IRI, UNSIGNABLE, faults

Json = dict[str, Any]
MARK = "urn:badges-static:placeholder:"  # text and address alike; refused in documents
_HOLE = re.compile(f"{MARK}([0-9]+):")
_ESCAPED = re.compile(r'[\\"\n\r\t]')
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def placeholder(number: int) -> str:
    """What stands for the value with this number, counted from 0."""
    return f"{MARK}{number}:"


@dataclass(frozen=True, slots=True)
class Line:
    """One quad with holes: texts around them, and what fills each.

    Attributes:
        texts: one more than there are fills.
        fills: number of a value (0 and up), or of a blank node (-1 and down).
    """

    texts: tuple[str, ...]
    fills: tuple[int, ...]

    def written(self, values: Sequence[str], labels: Sequence[str]) -> str:
        parts = [self.texts[0]]
        for fill, text in zip(self.fills, self.texts[1:], strict=True):
            parts.append(values[fill] if fill >= 0 else labels[~fill])
            parts.append(text)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Constant:
    """Lines without holes, in order, and the same as one text.

    Attributes:
        starts: where in `text` each line begins, and its end.
    """

    lines: tuple[bytes, ...]
    text: bytes
    starts: tuple[int, ...]

    @classmethod
    def of(cls, lines: Iterable[str]) -> Constant:
        made = tuple(sorted(line.encode() for line in set(lines)))
        return cls(made, b"".join(made), tuple(accumulate(map(len, made), initial=0)))

    def with_lines(self, lines: Iterable[bytes]) -> bytes:
        """All lines in order, each once, however often it was given."""
        parts: list[bytes] = []
        begun = 0
        for line in sorted(set(lines)):
            place = bisect_left(self.lines, line)
            if place < len(self.lines) and self.lines[place] == line:
                continue
            parts += (self.text[begun : self.starts[place]], line)
            begun = self.starts[place]
        return b"".join((*parts, self.text[begun:]))


@dataclass(frozen=True, slots=True)
class Template:
    """The quads of one shape.

    Attributes:
        constant: lines without holes.
        form: lines with holes as one %-format; `order` says what goes where: the number of a
            value, or after all values that of a blank node.
        is_address: for each value, whether it stands where an address belongs.
        abbreviations: what an address must not begin with, lower case.
        addresses: addresses in constant places.
        hashes: first-degree hash of each blank node, "" where a value decides it.
        touching: for each blank node with "", its lines.
    """

    constant: Constant
    form: str
    order: tuple[int, ...]
    is_address: tuple[bool, ...]
    abbreviations: frozenset[str]
    addresses: frozenset[str]
    hashes: tuple[str, ...]
    touching: tuple[tuple[Line, ...], ...]

    def filled(self, values: Sequence[str]) -> bytes | None:
        """Canonical N-Quads with these values; None where the template's conditions fail."""
        everything = "".join(values)
        if MARK in everything:
            return None
        if not everything.isprintable() and UNSIGNABLE.search(everything):
            return None
        ready = list(values)
        if _ESCAPED.search(everything):
            ready = [value.translate(_ESCAPES) for value in values]
        for value, is_address in zip(values, self.is_address, strict=True):
            if is_address:
                match = IRI.fullmatch(value)
                if match is None or match[1].lower() in self.abbreviations:
                    return None
        labels = self._labels(ready)
        if labels is None:
            return None
        ready += labels
        # No value holds a line break any more: they are escaped.
        lines = (self.form % tuple([ready[number] for number in self.order])).encode()
        return self.constant.with_lines(lines.splitlines(keepends=True))

    def _labels(self, values: Sequence[str]) -> Sequence[str] | None:
        """Canonical name of each blank node; None when two look alike from one step away."""
        count = len(self.hashes)
        if count < 2:
            return ("_:c14n0",) * count
        hashes = list(self.hashes)
        for blank, lines in enumerate(self.touching):
            if lines:
                hashes[blank] = _first_degree(blank, lines, values, count)
        ranks = {value: rank for rank, value in enumerate(sorted(hashes))}
        if len(ranks) < count:
            return None
        return [f"_:c14n{ranks[value]}" for value in hashes]


def _first_degree(blank: int, lines: Iterable[Line], values: Sequence[str], count: int) -> str:
    """Hash of the quads a blank node stands in, as RDFC-1.0 section 4.6 has it.

    Two lines that equal values made into one quad count once; two quads that only look alike from
    here, because they lead to different blank nodes, count twice.
    """
    names = [f"_:b{number}" for number in range(count)]
    seen = ["_:z"] * count
    seen[blank] = "_:a"
    looks = {one.written(values, names): one.written(values, seen) for one in lines}
    return hashlib.sha256("".join(sorted(looks.values())).encode()).hexdigest()


def template_of(document: Json, count: int) -> Template | None:
    """The template of a document with `count` placeholders; None when it cannot have one."""
    if faults(document, signing=True):
        return None  # a value whose meaning is more than text or address, such as a proof purpose
    found = quads(document)
    reader = _Reader()
    lines = [reader.line(quad) for quad in found]
    kinds = reader.kinds
    if set(kinds) != set(range(count)) or any(len(kind) != 1 for kind in kinds.values()):
        return None
    blanks = len(reader.blanks)
    touching = [tuple(one for one in lines if ~blank in one.fills) for blank in range(blanks)]
    hashes = []
    for blank, about in enumerate(touching):
        if any(fill >= 0 for one in about for fill in one.fills):
            hashes.append("")
            continue
        hashes.append(_first_degree(blank, about, (), blanks))
    holed = [one for one in lines if one.fills]
    return Template(
        constant=Constant.of(one.texts[0] for one in lines if not one.fills),
        form="".join("%s".join(text.replace("%", "%%") for text in one.texts) for one in holed),
        order=tuple(fill if fill >= 0 else count + ~fill for one in holed for fill in one.fills),
        is_address=tuple(next(iter(kinds[number])) for number in range(count)),
        abbreviations=frozenset(_names(document)),
        addresses=frozenset(reader.addresses),
        hashes=tuple(hashes),
        touching=tuple(about if not hashes[blank] else () for blank, about in enumerate(touching)),
    )


class _Reader:
    """Quads become lines with holes.

    Attributes:
        blanks: number of each blank node, by its name in the quads.
        kinds: for each placeholder, where it was found: True for an address, False for text.
        addresses: those without a placeholder.
    """

    def __init__(self) -> None:
        self.blanks: dict[str, int] = {}
        self.kinds: dict[int, set[bool]] = defaultdict(set)
        self.addresses: set[str] = set()

    def line(self, quad: ox.Quad) -> Line:
        texts, fills = [""], []
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.DefaultGraph):
                continue
            if isinstance(term, ox.BlankNode):
                fills.append(~self.blanks.setdefault(term.value, len(self.blanks)))
                texts.append(" ")
                continue
            before, *holes = _HOLE.split(str(term))
            texts[-1] += before
            for number, after in zip(holes[::2], holes[1::2], strict=True):
                self.kinds[int(number)].add(isinstance(term, ox.NamedNode))
                fills.append(int(number))
                texts.append(after)
            if isinstance(term, ox.NamedNode) and not holes:
                self.addresses.add(term.value)
            texts[-1] += " "
        texts[-1] += ".\n"
        return Line(tuple(texts), tuple(fills))


def _names(value: Any) -> Iterator[str]:
    """Every name a context of the document defines, lower case."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "@context":
                for url in addresses_of(one):
                    yield from _keys(CONTEXTS[url])
            else:
                yield from _names(one)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one)


def _keys(context: Any) -> Iterator[str]:
    if isinstance(context, dict):
        for key, one in context.items():
            yield key.lower()
            yield from _keys(one)
