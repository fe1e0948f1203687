# SPDX-License-Identifier: Apache-2.0
"""Canonical N-Quads with holes: made of a document with placeholders, filled with its values.

Source: W3C RDF Dataset Canonicalization 1.0, sections 4.4 to 4.6.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from site_builder.proofs.blocks import Block, Quads
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

    @property
    def has_blank(self) -> bool:
        """True when a blank node stands in it."""
        return any(fill < 0 for fill in self.fills)

    def written(self, values: Sequence[str], labels: Sequence[str]) -> str:
        parts = [self.texts[0]]
        for fill, text in zip(self.fills, self.texts[1:], strict=True):
            parts.append(values[fill] if fill >= 0 else labels[~fill])
            parts.append(text)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Template:
    """The quads of one shape.

    Attributes:
        constant: lines without holes and blank nodes.
        form: lines with holes as one %-format; `order` says what goes where: the number of a
            value, or after all values that of a blank node.
        first_blank: number of lines with holes for values only; those with blank nodes follow.
        is_address: for each value, whether it stands where an address belongs.
        contexts: whose names an address must not begin with.
        addresses: addresses in constant places.
        hashes: first-degree hash of each blank node, "" where a value decides it.
        touching: for each blank node with "", its lines.
    """

    constant: Block
    form: str
    order: tuple[int, ...]
    first_blank: int
    is_address: tuple[bool, ...]
    contexts: tuple[str, ...]
    addresses: frozenset[str]
    hashes: tuple[str, ...]
    touching: tuple[tuple[Line, ...], ...]

    def filled(self, values: Sequence[str], parts: Sequence[Block] = ()) -> Quads | None:
        """The quads with these values; None where the template's conditions fail.

        Args:
            values: one for each hole.
            parts: quads of what the document holds besides, whose addresses are among the values.
        """
        everything = "".join(values)
        if MARK in everything:
            return None
        if not everything.isprintable() and UNSIGNABLE.search(everything):
            return None
        abbreviations = _names(self.contexts)
        for value, is_address in zip(values, self.is_address, strict=True):
            if is_address:
                match = IRI.fullmatch(value)
                if match is None or match[1].lower() in abbreviations:
                    return None
        ready = list(values)
        if _ESCAPED.search(everything):
            ready = [value.translate(_ESCAPES) for value in values]
        labels = self._labels(ready)
        if labels is None:
            return None
        ready += labels
        # No value holds a line break any more: they are escaped.
        written = (self.form % tuple([ready[number] for number in self.order])).encode()
        lines = written.splitlines(keepends=True)
        first = self.first_blank
        return Quads(lines[:first], lines[first:], (self.constant, *parts))

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
    reader = _Reader()
    lines = [reader.line(quad) for quad in quads(document)]
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
    # In the order they are likely to have when filled: sorting what is sorted costs little.
    holed = sorted((one for one in lines if one.fills), key=_about_what)
    return Template(
        constant=Block.of(one.texts[0].encode() for one in lines if not one.fills),
        form="".join("%s".join(text.replace("%", "%%") for text in one.texts) for one in holed),
        order=tuple(fill if fill >= 0 else count + ~fill for one in holed for fill in one.fills),
        first_blank=sum(1 for one in holed if not one.has_blank),
        is_address=tuple(next(iter(kinds[number])) for number in range(count)),
        contexts=tuple(sorted(_contexts(document))),
        addresses=frozenset(reader.addresses),
        hashes=tuple(hashes),
        touching=tuple(about if not hashes[blank] else () for blank, about in enumerate(touching)),
    )


def _about_what(line: Line) -> tuple[bool, str, int, tuple[str, ...]]:
    """Without blank nodes before with; then the subject: text and, where it has one, its hole."""
    begins_with_hole = " " not in line.texts[0]
    hole = line.fills[0] if begins_with_hole else 0
    return line.has_blank, line.texts[0], hole, line.texts[1:]


def part_of(document: Json, without: Json) -> Block | None:
    """What a document says more than another one; None where that is no part by itself.

    Args:
        document: the object, at its place in a document of placeholders.
        without: the same with nothing but the object's address.
    """
    if faults(document, signing=True):
        return None
    reader, other = _Reader(), _Reader()
    known = {other.line(quad) for quad in quads(without)}
    lines = {reader.line(quad) for quad in quads(document)}
    if any(one.fills for one in lines - known) or not known <= lines:
        return None
    return Block.of(one.texts[0].encode() for one in lines - known)


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


def _contexts(value: Any) -> set[str]:
    """The contexts of a document and of what is nested in it."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, one in value.items():
            found |= set(addresses_of(one)) if key == "@context" else _contexts(one)
    elif isinstance(value, list):
        for one in value:
            found |= _contexts(one)
    return found


@lru_cache(maxsize=64)
def _names(contexts: tuple[str, ...]) -> frozenset[str]:
    """Every name the contexts define, lower case."""
    return frozenset(name for url in contexts for name in _keys(CONTEXTS[url]))


def _keys(context: Any) -> Iterator[str]:
    if isinstance(context, dict):
        for key, one in context.items():
            yield key.lower()
            yield from _keys(one)
