# SPDX-License-Identifier: Apache-2.0
"""Canonical N-Quads of a learner record with signed credentials inside, put together fast.

CLR 2.0 lays what an embedded credential says beside what the record says, in one graph, and each
embedded proof in a graph of its own. So the quads of a record are those of its frame, of each
credential by itself and of each proof, and one that joins each; templates give all of them.
Only the blank nodes are numbered anew. That gives the library's bytes as long as

- each embedded credential means by itself what it means inside: its contexts are among the
  record's, in their order, and it is no record itself;
- nothing in it describes the record; and
- the blank nodes' first-degree hashes all differ (then RDFC-1.0 numbers them by these alone).

Where one does not hold the library is asked, and of the others a sample is compared with it.
Never used to check anybody's proof.

Source: W3C RDF Dataset Canonicalization 1.0, sections 4.4 to 4.6; CLR 2.0 context 2.0.1.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from site_builder.proofs.blocks import BLANK, Block, Quads, merged
from site_builder.proofs.integrity import checked_canonical
from site_builder.proofs.template import TemplateDiffers, Templates

Json = dict[str, Any]
Words = tuple[bytes | int, ...]  # a quad; a number stands for a blank node
_CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
_SAMPLE = 1000  # of so many records one is compared, beginning with the first
_DAYS = 2048  # of which what their proofs share is kept
_HOLDS = b"> <https://purl.imsglobal.org/spec/vc/clr/vocab.html#verifiableCredential> <"
_PROVES = b"> <https://w3id.org/security#proof> "
# Only subject, object and graph can be blank; a literal may hold anything, quotes escaped.
_LINE = re.compile(
    rb"(?:(_:c14n[0-9]+)|<[^>]*>) <[^>]*> "
    rb'(?:(_:c14n[0-9]+)|<[^>]*>|".*"[^" ]*)(?: (?:(_:c14n[0-9]+)|<[^>]*>))? \.\n'
)
_VALUE = re.compile("z[1-9A-HJ-NP-Za-km-z]+")
_SOME_VALUE = "z" + "1" * 87


class Records:
    """Canonical N-Quads of learner records, each checked as safe to sign.

    Args:
        templates: what the credentials inside were signed with.
    """

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._forms: dict[tuple[str, ...], _Proof | None] = {}
        self.composed = self.asked = self.compared = 0

    def canonical(self, document: Json, bodies: Sequence[Quads] | None = None) -> bytes:
        """The bytes `canonical` of the library gives, usually without asking it.

        Args:
            document: a record, or anything else.
            bodies: the quads of each credential inside without its proof, where they are at hand.

        Raises:
            UnsafeDocument: something in the document would not be covered by the proof.
            UnknownContext: a context is not vendored.
            TemplateDiffers: the compared bytes were others, which is our bug.
        """
        subject = document.get("credentialSubject")
        if not isinstance(subject, dict) or "verifiableCredential" not in subject:
            return self._templates.canonical(document)
        usual = _is_usual(document, subject)
        found = self._composed(document, subject, bodies) if usual else None
        if found is None:
            self.asked += 1
            return checked_canonical(document)
        if self.composed % _SAMPLE == 0:
            self.compared += 1
            if found != checked_canonical(document):
                raise TemplateDiffers(f"of {document['id']}")
        self.composed += 1
        return found

    def _composed(
        self, document: Json, subject: Json, bodies: Sequence[Quads] | None
    ) -> bytes | None:
        frame = {key: one for key, one in subject.items() if key != "verifiableCredential"}
        inside = subject["verifiableCredential"]
        union, own = _Union(), str(document["id"]).encode()
        union.add(self._templates.quads(document | {"credentialSubject": frame}))
        holds = b"<" + str(subject["id"]).encode() + _HOLDS
        for one, body in zip(inside, bodies or map(self._body, inside), strict=True):
            form = self._form(one["@context"], one["proof"][0])
            if form is None or body.describes(own) or own in form.written:
                return None
            union.add(body)
            address = str(one["id"]).encode()
            union.lines.append(holds + address + b"> .\n")
            union.prove(address, form, one["proof"][0]["proofValue"].encode())
        return union.canonical()

    def _body(self, credential: Json) -> Quads:
        return self._templates.quads(
            {key: value for key, value in credential.items() if key != "proof"}
        )

    def _form(self, context: list[str], proof: Json) -> _Proof | None:
        """The quads of proofs like this one; None where only the library can tell them."""
        if not all(type(one) is str for one in proof.values()) or not _VALUE.fullmatch(
            proof.get("proofValue", "")
        ):
            return None
        name = (*context, *proof, *(one for key, one in proof.items() if key != "proofValue"))
        if name not in self._forms:
            if len(self._forms) >= _DAYS:
                self._forms.clear()
            some = {"@context": context} | proof | {"proofValue": _SOME_VALUE}
            self._forms[name] = _Proof.of(self._templates.canonical(some))
        return self._forms[name]


def _is_usual(document: Json, subject: Json) -> bool:
    """Whether a record has the only form that is put together here: that of our own."""
    inside = subject["verifiableCredential"]
    outer = document.get("@context")
    if (
        not isinstance(outer, list)
        or _CONTEXT not in outer
        or subject.get("type") != ["ClrSubject"]
        or not isinstance(inside, list)
        or not inside
    ):
        return False
    addresses = [document.get("id"), subject.get("id")]
    for one in inside:
        if not isinstance(one, dict):
            return False
        contexts, proof = one.get("@context"), one.get("proof")
        if (
            not isinstance(contexts, list)
            or contexts != [url for url in outer if url in contexts]
            or one.get("type") != ["VerifiableCredential", "OpenBadgeCredential"]
            or not isinstance(proof, list)
            or len(proof) != 1
            or not isinstance(proof[0], dict)
            or "id" in proof[0]
        ):
            return False
        addresses.append(one.get("id"))
    return len({one for one in addresses if isinstance(one, str)}) == len(addresses)


@dataclass(frozen=True, slots=True)
class _Proof:
    """Quads of proofs of one moment, as %-formats of what differs.

    Attributes:
        written: the lines: for each the proof's name, before the value's place, the graph's name.
        seen_from_graph: the lines as first-degree hashing of the graph's blank node sees them.
        seen_from_proof: the same for the proof's own.
    """

    written: bytes
    seen_from_graph: bytes
    seen_from_proof: bytes

    @classmethod
    def of(cls, canonical: bytes) -> _Proof | None:
        """Of a proof by itself with `_SOME_VALUE`; None where it has another form than ours."""
        lines = canonical.replace(b"%", b"%%").splitlines(keepends=True)
        value, label = _SOME_VALUE.encode(), b"_:c14n0 "
        predicates = {line.split(b" ")[1] for line in lines}
        if (
            canonical.count(value) != 1
            or canonical.count(BLANK) != len(lines)
            or len(predicates) != len(lines)  # else their order would depend on the value
            or not all(line.startswith(label) for line in lines)
        ):
            return None

        def named(proof: bytes, graph: bytes) -> bytes:
            made = [proof + line[len(label) - 1 : -2] + graph + b" .\n" for line in lines]
            return b"".join(made).replace(value, b"%(value)s")

        return cls(named(b"%(proof)s", b"%(graph)s"), named(b"_:z", b"_:a"), named(b"_:a", b"_:z"))


class _Union:
    """Quads of several documents, their blank nodes kept apart.

    Attributes:
        lines: those without blank nodes, outside blocks.
        blank: the others.
        blocks: by what they are.
        proofs: (address of what is proven, form, value, hash of the graph, hash of the proof).
    """

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.blank: list[Words] = []
        self.blocks: dict[int, Block] = {}
        self.proofs: list[tuple[bytes, _Proof, bytes, bytes, bytes]] = []
        self._nodes = 0

    def add(self, quads: Quads) -> None:
        """Adds quads of the default graph and of graphs named by address."""
        self.blocks |= {id(one): one for one in quads.blocks}
        self.lines += quads.lines
        numbers: dict[bytes, int] = {}
        for line in dict.fromkeys(quads.blank):
            words = self._words(line, numbers)
            if len(words) == 1:
                self.lines.append(line)
            else:
                self.blank.append(words)

    def prove(self, address: bytes, form: _Proof, value: bytes) -> None:
        """Adds a proof in a graph of its own."""
        said = {b"value": value}
        # "<" stands before "_", as hashing sorts them.
        about = b"<" + address + _PROVES + b"_:a .\n" + form.seen_from_graph % said
        graph = hashlib.sha256(about).digest()
        proof = hashlib.sha256(form.seen_from_proof % said).digest()
        self.proofs.append((address, form, value, graph, proof))

    def _words(self, line: bytes, numbers: dict[bytes, int]) -> Words:
        """A line with numbers for its blank nodes."""
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError("a canonical form holds a line that is no quad")
        words: list[bytes | int] = []
        begun = 0
        for group in (1, 2, 3):
            start, end = match.span(group)
            if start >= 0:
                if start > begun:
                    words.append(line[begun:start])
                name = line[start:end]
                if name not in numbers:
                    numbers[name] = self._nodes
                    self._nodes += 1
                words.append(numbers[name])
                begun = end
        words.append(line[begun:])
        return tuple(words)

    def canonical(self) -> bytes | None:
        """All quads in order, blank nodes numbered; None when two look alike from one step away."""
        touching: dict[int, list[Words]] = defaultdict(list)
        for words in self.blank:
            for node in {one for one in words if isinstance(one, int)}:
                touching[node].append(words)
        hashes = {node: _first_degree(node, about) for node, about in touching.items()}
        everything = [
            *hashes.values(),
            *(one for *_, graph, proof in self.proofs for one in (graph, proof)),
        ]
        names = {value: b"_:c14n%d" % rank for rank, value in enumerate(sorted(everything))}
        if len(names) < len(everything):
            return None
        lines = self.lines + [
            b"".join([names[hashes[one]] if isinstance(one, int) else one for one in words])
            for words in self.blank
        ]
        for address, form, value, graph, proof in self.proofs:
            lines.append(b"<" + address + _PROVES + names[graph] + b" .\n")
            said = {b"value": value, b"graph": names[graph], b"proof": names[proof]}
            lines += (form.written % said).splitlines(keepends=True)
        return merged([*self.blocks.values(), Block.of(lines)])


def _first_degree(node: int, about: Iterable[Words]) -> bytes:
    """Hash of the quads a blank node stands in, as RDFC-1.0 section 4.6 has it."""
    seen = sorted(
        [
            b"".join(
                [
                    one if isinstance(one, bytes) else b"_:a" if one == node else b"_:z"
                    for one in words
                ]
            )
            for words in about
        ]
    )
    return hashlib.sha256(b"".join(seen)).digest()
