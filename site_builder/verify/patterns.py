# SPDX-License-Identifier: Apache-2.0
"""Canonical N-Quads with holes, learned from what the library wrote with marks in their places.

Only what a witness may do: the lines are the library's own, none of the builder's templates is
used. A pattern gives the library's bytes for other values as long as these

- need no escape in N-Quads and mean to JSON-LD what the marks mean, which `forms` sees to; and
- leave every blank node another first-degree hash: RDFC-1.0 then names them in the order of these.

Source: W3C RDF Dataset Canonicalization 1.0, sections 4.4 (step 4) and 4.6.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

_QUOTED = rb'"([^"\\]*(?:\\.[^"\\]*)*)"'
_TERM = re.compile(rb"(<[^>]*>|_:c14n[0-9]+|" + _QUOTED + rb"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?) ")
_LITERAL = re.compile(_QUOTED + rb"(.*)")
Words = tuple[bytes | int, ...]  # of a line; 0 and up: a hole; -1 and down: a blank node


@dataclass(frozen=True, slots=True)
class Pattern:
    """The lines of one canonical form.

    Attributes:
        constant: lines without holes and blank nodes, in order.
        text, starts: the same as one text; where in it each line begins, and its end.
        form: the others as one %-format.
        order: for each place in `form` a hole, or after all holes a blank node.
        hashes: first-degree hash of each blank node; "" where a hole decides it.
        touching: for each blank node with "", its lines.
        addresses: those that stand in the lines.
    """

    constant: tuple[bytes, ...]
    text: bytes
    starts: tuple[int, ...]
    form: bytes
    order: tuple[int, ...]
    hashes: tuple[str, ...]
    touching: tuple[tuple[Words, ...], ...]
    addresses: frozenset[bytes]

    def filled(self, values: Sequence[bytes]) -> bytes | None:
        """The canonical form with these values; None where two blank nodes look alike."""
        labels = self._labels(values)
        if labels is None:
            return None
        words = (*values, *labels)
        lines = self.form % tuple([words[one] for one in self.order])
        return self._with(sorted(set(lines.splitlines(keepends=True))))

    def _with(self, lines: Iterable[bytes]) -> bytes:
        """All lines in order, those given among the constant ones, each once."""
        parts: list[bytes] = []
        begun = place = 0
        for line in lines:
            place = bisect_left(self.constant, line, place)
            if self.constant[place : place + 1] != (line,):
                parts += (self.text[begun : self.starts[place]], line)
                begun = self.starts[place]
        return b"".join((*parts, self.text[begun:]))

    def _labels(self, values: Sequence[bytes]) -> list[bytes] | None:
        if len(self.hashes) < 2:
            return [b"_:c14n0"] * len(self.hashes)
        hashes = [
            known or _first_degree(blank, lines, values)
            for blank, (known, lines) in enumerate(zip(self.hashes, self.touching, strict=True))
        ]
        ranks = {one: rank for rank, one in enumerate(sorted(hashes))}
        if len(ranks) < len(hashes):
            return None
        return [b"_:c14n%d" % ranks[one] for one in hashes]


def _first_degree(blank: int, lines: Iterable[Words], values: Sequence[bytes]) -> str:
    """Hash of the quads a blank node stands in; equal quads count once."""
    looks = {}
    for words in lines:
        said, seen = [], []
        for one in words:
            if isinstance(one, bytes):
                said.append(one)
                seen.append(one)
            elif one >= 0:
                said.append(values[one])
                seen.append(values[one])
            else:
                said.append(b"_:%d" % ~one)
                seen.append(b"_:a" if ~one == blank else b"_:z")
        looks[b"".join(said)] = b"".join(seen)
    return hashlib.sha256(b"".join(sorted(looks.values()))).hexdigest()


def learned(canonical: bytes, marks: Sequence[tuple[bytes, bool]]) -> Pattern | None:
    """The pattern of a canonical form in which marks stand for values.

    Args:
        canonical: what the library wrote.
        marks: each mark, and whether it may stand for an address; its place is the hole's number.

    Returns:
        None where a mark stands nowhere, or as a part of something.
    """
    reader = _Reader(marks)
    lines = [reader.words(line) for line in canonical.splitlines(keepends=True)]
    if any(words is None for words in lines) or not reader.has_all(canonical):
        return None
    all_words = [words for words in lines if words is not None]
    blanks = range(len(reader.blanks))
    touching = [tuple(words for words in all_words if ~one in words) for one in blanks]
    is_open = [
        any(isinstance(word, int) and word >= 0 for words in about for word in words)
        for about in touching
    ]
    holed = [words for words in all_words if len(words) > 1]
    constant = sorted(
        words[0] for words in all_words if len(words) == 1 and isinstance(words[0], bytes)
    )
    return Pattern(
        constant=tuple(constant),
        text=b"".join(constant),
        starts=tuple(accumulate(map(len, constant), initial=0)),
        form=b"".join(
            word.replace(b"%", b"%%") if isinstance(word, bytes) else b"%s"
            for words in holed
            for word in words
        ),
        order=tuple(
            word if word >= 0 else len(marks) + ~word
            for words in holed
            for word in words
            if isinstance(word, int)
        ),
        hashes=tuple(
            "" if is_open[one] else _first_degree(one, touching[one], ()) for one in blanks
        ),
        touching=tuple(touching[one] if is_open[one] else () for one in blanks),
        addresses=frozenset(reader.addresses),
    )


def _merged(words: Sequence[bytes | int]) -> Words:
    """The same with texts beside each other made one."""
    made: list[bytes | int] = []
    for is_text, group in groupby(words, lambda one: isinstance(one, bytes)):
        found = list(group)
        made += [b"".join(one for one in found if isinstance(one, bytes))] if is_text else found
    return tuple(made)


class _Reader:
    """Lines become words.

    Attributes:
        blanks: number of each blank node.
        addresses: those without a mark.
    """

    def __init__(self, marks: Sequence[tuple[bytes, bool]]) -> None:
        self._marks = {mark: (number, is_one) for number, (mark, is_one) in enumerate(marks)}
        self._found = dict.fromkeys(self._marks, 0)
        self.blanks: dict[bytes, int] = {}
        self.addresses: set[bytes] = set()

    def has_all(self, canonical: bytes) -> bool:
        """Whether every mark was found, and nowhere but as a whole."""
        return all(0 < count == canonical.count(mark) for mark, count in self._found.items())

    def words(self, line: bytes) -> Words | None:
        """The words of a line; None where it is not understood."""
        words: list[bytes | int] = []
        at = 0
        while line[at:] != b".\n":
            match = _TERM.match(line, at)
            if match is None:
                return None
            words += (*self._term(match[1]), b" ")
            at = match.end()
        return _merged([*words, b".\n"])

    def _term(self, term: bytes) -> Words:
        if term.startswith(b"_:"):
            return (~self.blanks.setdefault(term, len(self.blanks)),)
        if term.startswith(b"<"):
            number, is_address = self._marks.get(term[1:-1], (-1, True))
            if number < 0 or not is_address:
                self.addresses.add(term[1:-1])
                return (term,)
            self._found[term[1:-1]] += 1
            return (b"<", number, b">")
        match = _LITERAL.fullmatch(term)
        if match is None or match[1] not in self._marks:
            return (term,)
        self._found[match[1]] += 1
        return (b'"', self._marks[match[1]][0], b'"' + match[2])
