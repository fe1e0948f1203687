# SPDX-License-Identifier: Apache-2.0
"""Badges that differ in a few plain values only: one is checked by the library, the others by it.

A form is the text of a badge with holes in it. It is learned from a badge the library found well
signed: its lines in canonical form are the library's, with marks in the holes. A file is of that
form when every byte around the holes is the same and every hole holds a value of the same plain
kind: so it parses to the same JSON but for these values, and its canonical form is the same but
for them. Everything that decides how JSON-LD is read lies in the bytes that are the same: keys and
their order, contexts, types, numbers, lists. A value can mean something else than its mark only by
being an abbreviation, a relative address, a keyword, or a text to be escaped, or by being equal to
another one; none of these is plain. What is not of a form, or does not fit its signature by it,
is read by the library.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from site_builder import keys
from site_builder.problems import KeyProblem
from site_builder.proofs import (
    Outcome,
    TooSymmetric,
    UnknownContext,
    canonical,
    faults,
    proofs_of,
)
from site_builder.verify import cuts, schema
from site_builder.verify.cuts import ADDRESSES, Cut, Hole, fits, mark, with_values
from site_builder.verify.patterns import Pattern, learned
from site_builder.verify.reading import LARGEST, contexts_in, values_in
from site_builder.verify.report import Finding

Json = dict[str, Any]
_KIND = "Open Badges 3.0"
AS_VALUES = 30  # a context takes the time of so many JSON values
_MOST_TEXT = 8 << 20  # bytes of forms as texts, each of which takes some fifteen times as much
_MOST_SEEN = 20_000
_HOPEFUL = 32  # forms more than badges checked by one
_SAMPLE = 500
_BLANKS = b" \n\r\t"  # of JSON; a file often ends with some, what is baked into a picture not


@dataclass(frozen=True, slots=True)
class Form:
    """What badges of one form have in common.

    Attributes:
        pieces: of the text, around the holes.
        document: the one it was learned from.
        holes: in the order of the text.
        body, options: the patterns of what is signed, filled with the holes `of_body` and
            `of_options`.
        names, others: holes with addresses of objects in it, and with all other addresses.
        size: JSON values in it, contexts weighed.
        schema: the finding on its form by the standard, which no value in a hole can change: the
            schemas ask there for text and nothing else.
    """

    pieces: tuple[bytes, ...]
    document: Json
    holes: tuple[Hole, ...]
    body: Pattern
    options: Pattern
    of_body: tuple[int, ...]
    of_options: tuple[int, ...]
    names: tuple[int, ...]
    others: tuple[int, ...]
    size: int
    schema: Finding

    def read(self, values: Sequence[bytes]) -> Known | None:
        """The badge with these values in the holes; None where one is not plain."""
        try:
            texts = [one.decode() for one in values]
        except UnicodeDecodeError:
            return None
        if not all(fits(hole.kind, one) for hole, one in zip(self.holes, texts, strict=True)):
            return None
        if not self._are_apart(values):
            return None
        document = with_values(self.document, zip(self.holes, texts, strict=True))
        return Known(self, document, tuple(values))

    def _are_apart(self, values: Sequence[bytes]) -> bool:
        """Whether each object has an address that stands nowhere else."""
        apart = {values[one] for one in self.names}
        return (
            len(apart) == len(self.names)
            and apart.isdisjoint([values[one] for one in self.others])
            and apart.isdisjoint(self.body.addresses)
        )


@dataclass(frozen=True, slots=True)
class Known:
    """A badge of a known form, nothing of it proven yet."""

    form: Form
    document: Json
    values: tuple[bytes, ...]

    def digests(self) -> bytes | None:
        """What its signature covers: the hashes of its proof and of itself."""
        form, values = self.form, self.values
        options = form.options.filled([values[one] for one in form.of_options])
        body = form.body.filled([values[one] for one in form.of_body])
        if options is None or body is None:
            return None
        return hashlib.sha256(options).digest() + hashlib.sha256(body).digest()

    def check(self, _: Json, proof: Json, public: str) -> Outcome:
        """As `proofs.check_proof`; "failed" leaves it to the library to say why."""
        digests = self.digests()
        try:
            signature = keys.decode58(proof["proofValue"][1:])
            if digests is not None and keys.verify(public, signature, digests):
                return Outcome("passed")
        except (KeyProblem, ValueError):
            pass
        return Outcome("failed", "It does not fit the form.")


@dataclass(slots=True)
class _Branch:
    """What may follow at one place of a text.

    Attributes:
        width: bytes of the shortest piece.
        pieces: by their first so many bytes.
        forms: those that end here.
    """

    width: int = 0
    pieces: dict[bytes, list[tuple[bytes, _Branch]]] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)

    def step(self, data: bytes, at: int) -> tuple[bytes, _Branch] | None:
        for piece, branch in self.pieces.get(data[at : at + self.width], ()):
            if data.startswith(piece, at):
                return piece, branch
        return None

    def grown(self, piece: bytes) -> _Branch:
        """The branch behind a piece, which may be new."""
        for one, branch in self.pieces.get(piece[: self.width], ()):
            if one == piece:
                return branch
        every = [one for group in self.pieces.values() for one in group] + [(piece, _Branch())]
        self.width = min(len(one) for one, _ in every)
        self.pieces = {}
        for one, branch in every:
            self.pieces.setdefault(one[: self.width], []).append((one, branch))
        return every[-1][1]


class Forms:
    """The forms learned in one run, by one process; thrown away after it.

    Args:
        salt: decides which badges are compared with the library; not known beforehand to who
            made them.
        sample: of so many badges of known forms one is compared.

    Attributes:
        kept: how many forms are known.
        filled: badges whose signature was checked by a form and not compared.
        compared: badges of known forms that were judged by the library as well.
    """

    def __init__(self, salt: bytes, sample: int = _SAMPLE) -> None:
        self._salt = salt
        self._sample = sample
        self._root = _Branch()
        self.kept = self._text = 0
        self._seen: dict[bytes, bool] = {}  # texts without their values: whether they were tried
        self.filled = self.compared = 0

    def known(self, data: bytes) -> Known | None:
        """The badge in a file of a known form; None for any other file."""
        if len(data) > LARGEST:
            return None
        data = data.rstrip(_BLANKS)
        branch, at = self._root, 0
        values: list[bytes] = []
        while (found := branch.step(data, at)) is not None:
            piece, branch = found
            at += len(piece)
            if at == len(data):
                read = (form.read(values) for form in branch.forms)
                return next((one for one in read if one is not None), None)
            end = data.find(b'"', at)
            values.append(data[at:end])
            at = end
        return None

    def is_sample(self, one: Known) -> bool:
        """Whether a badge is to be compared with the library."""
        found = hashlib.sha256(b"\0".join((self._salt, *one.values))).digest()
        return int.from_bytes(found[:4], "big") % self._sample == 0

    def proposed(self, data: bytes, document: Json, found: Finding) -> Known | None:
        """A badge as one of a form made from it.

        To be kept only if it gives the verdict the library gave. Once there are many forms that
        were of little use only a second badge of the same form is worth the time.

        Args:
            data: a file.
            document: the JSON in it, found well signed by the library; nothing embedded in it.
            found: what was found about its form by the standard.
        """
        data = data.rstrip(_BLANKS)
        cut = cuts.cut(data, document) if self._text + len(data) <= _MOST_TEXT else None
        if cut is None:
            return None
        kinds = "".join(f"{one.kind} " for one in cut.holes).encode()
        key = hashlib.sha256(b"\0".join((*cut.pieces, kinds))).digest()
        was_tried = self._seen.pop(key, None)
        if len(self._seen) >= _MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        self._seen[key] = was_tried is not None or self.kept < _HOPEFUL + self.filled
        if was_tried or not self._seen[key]:
            return None  # in vain, or too early
        form = _learned(data, document, cut, found)
        return form.read(cut.values) if form is not None else None

    def keep(self, form: Form) -> None:
        """Knows badges of a form from now on."""
        branch = self._root
        for piece in form.pieces:
            branch = branch.grown(piece)
        branch.forms.append(form)
        self.kept += 1
        self._text += sum(map(len, form.pieces))


def _learned(data: bytes, document: Json, cut: Cut, found: Finding) -> Form | None:
    """The form of a document; None where the library treats a mark as more than a value."""
    of_body = [one for one, hole in enumerate(cut.holes) if not hole.is_of_proof]
    of_options = [
        one for one, hole in enumerate(cut.holes) if hole.is_of_proof and hole.kind != "signature"
    ]
    numbers = {one: number for part in (of_body, of_options) for number, one in enumerate(part)}
    marks = [mark(hole.kind, numbers.get(one, 0)) for one, hole in enumerate(cut.holes)]
    if any(one.encode() in data for one in marks):
        return None
    marked = with_values(document, zip(cut.holes, marks, strict=True))
    proof = proofs_of(marked)[0]
    body = {name: one for name, one in marked.items() if name != "proof"}
    options = {"@context": marked["@context"]} | {
        name: one for name, one in proof.items() if name != "proofValue"
    }
    patterns = [
        _pattern(json.dumps(part), tuple((marks[one], cut.holes[one].kind) for one in places))
        for part, places in ((body, of_body), (options, of_options))
    ]
    whole, head = patterns
    if whole is None or head is None or schema.judge(marked, _KIND) != found:
        return None
    addresses = [(one, hole) for one, hole in enumerate(cut.holes) if hole.is_address]
    return Form(
        pieces=cut.pieces,
        document=document,
        holes=cut.holes,
        body=whole,
        options=head,
        of_body=tuple(of_body),
        of_options=tuple(of_options),
        names=tuple(one for one, hole in addresses if hole.is_identity),
        others=tuple(one for one, hole in addresses if not hole.is_identity),
        size=values_in(document) + contexts_in(document) * AS_VALUES,
        schema=found,
    )


@lru_cache(maxsize=64)  # the same proofs, but for the date, stand in badges of many forms
def _pattern(text: str, marks: tuple[tuple[str, str], ...]) -> Pattern | None:
    """The pattern of a document with marks; None where it has a fault or is too symmetric."""
    document = json.loads(text)
    try:
        if faults(document):
            return None
        written = canonical(document)
    except (UnknownContext, TooSymmetric, SyntaxError):
        return None
    return learned(written, [(mark.encode(), kind in ADDRESSES) for mark, kind in marks])
