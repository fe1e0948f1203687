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
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from site_builder.proofs.integrity import checked_canonical
from site_builder.proofs.template import TemplateDiffers, Templates

Json = dict[str, Any]
Words = tuple[bytes | int, ...]  # a quad; a number stands for a blank node
_CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
_SAMPLE = 100  # of so many records one is compared, beginning with the first
_HOLDS = b"> <https://purl.imsglobal.org/spec/vc/clr/vocab.html#verifiableCredential> <"
_PROVES = b"> <https://w3id.org/security#proof> "
_BLANK = b"_:c14n"


class Records:
    """Canonical N-Quads of learner records, each checked as safe to sign.

    Args:
        templates: what the credentials inside were signed with.
    """

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self.composed = self.asked = self.compared = 0

    def canonical(self, document: Json) -> bytes:
        """The bytes `canonical` of the library gives, usually without asking it.

        Raises:
            UnsafeDocument: something in the document would not be covered by the proof.
            UnknownContext: a context is not vendored.
            TemplateDiffers: the compared bytes were others, which is our bug.
        """
        subject = document.get("credentialSubject")
        if not isinstance(subject, dict) or "verifiableCredential" not in subject:
            return self._templates.canonical(document)
        found = self._composed(document, subject) if _is_usual(document, subject) else None
        if found is None:
            self.asked += 1
            return checked_canonical(document)
        if self.composed % _SAMPLE == 0:
            self.compared += 1
            if found != checked_canonical(document):
                raise TemplateDiffers(f"of {document['id']}")
        self.composed += 1
        return found

    def _composed(self, document: Json, subject: Json) -> bytes | None:
        frame = {key: one for key, one in subject.items() if key != "verifiableCredential"}
        quads, own = _Quads(), str(document["id"]).encode()
        quads.add(self._templates.canonical(document | {"credentialSubject": frame}))
        for one in subject["verifiableCredential"]:
            body = self._templates.canonical(
                {key: value for key, value in one.items() if key != "proof"}
            )
            proof = self._templates.canonical({"@context": one["@context"]} | one["proof"][0])
            if own in body or own in proof:
                return None
            quads.add(body)
            address = str(one["id"]).encode()
            quads.plain.add(b"<" + str(subject["id"]).encode() + _HOLDS + address + b"> .\n")
            graph = quads.add_graph(proof)
            quads.blank.append((b"<" + address + _PROVES, graph, b" .\n"))
        return quads.canonical()


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


class _Quads:
    """Quads of several canonical forms, their blank nodes kept apart.

    Attributes:
        plain: lines without blank nodes, each once.
        blank: the others.
    """

    def __init__(self) -> None:
        self.plain: set[bytes] = set()
        self.blank: list[Words] = []
        self._nodes = 0

    def add(self, canonical: bytes) -> None:
        """Adds quads of the default graph and of graphs named by address."""
        lines = canonical.splitlines(keepends=True)
        if _BLANK not in canonical:
            self.plain.update(lines)
            return
        numbers: dict[bytes, int] = {}
        for line in lines:
            words = self._words(line, numbers) if _BLANK in line else (line,)
            if len(words) == 1:
                self.plain.add(line)
            else:
                self.blank.append(words)

    def add_graph(self, canonical: bytes) -> int:
        """Adds quads of the default graph as those of a new blank-named one; its number."""
        numbers: dict[bytes, int] = {}
        graph = self._node()
        for line in canonical.splitlines(keepends=True):
            self.blank.append((*_joined(self._words(line, numbers), -2), graph, b" .\n"))
        return graph

    def _node(self) -> int:
        self._nodes += 1
        return self._nodes - 1

    def _words(self, line: bytes, numbers: dict[bytes, int]) -> Words:
        """A line with numbers for its blank nodes: only subject, object and graph can be one."""
        subject, predicate, rest = line.split(b" ", 2)
        middle, words = b" " + predicate + b" ", list[bytes | int]()
        for term, after in ((subject, middle), *_object_and_graph(rest)):
            if term.startswith(b"_:"):
                if term not in numbers:
                    numbers[term] = self._node()
                words += [numbers[term], after]
            else:
                words.append(term + after)
        return _merged(words)

    def canonical(self) -> bytes | None:
        """All quads in order, blank nodes numbered; None when two look alike from one step away."""
        touching: dict[int, list[Words]] = defaultdict(list)
        for words in self.blank:
            for node in {one for one in words if isinstance(one, int)}:
                touching[node].append(words)
        hashes = {node: _first_degree(node, about) for node, about in touching.items()}
        ranks = {value: rank for rank, value in enumerate(sorted(hashes.values()))}
        if len(ranks) < len(hashes):
            return None
        labels = {node: b"_:c14n%d" % ranks[value] for node, value in hashes.items()}
        named = {
            b"".join(labels[one] if isinstance(one, int) else one for one in words)
            for words in self.blank
        }
        return b"".join(sorted(self.plain | named))


def _object_and_graph(rest: bytes) -> Sequence[tuple[bytes, bytes]]:
    """What follows a predicate, up to the end of the line; a literal may hold anything."""
    if rest.startswith(b'"'):
        end = rest.rindex(b'"')  # what may follow it has no quotes
        end = rest.index(b" ", end)
    else:
        end = rest.index(b" ")
    graph = rest[end + 1 : -3]  # " .\n"
    if not graph or rest[end:] == b" .\n":
        return ((rest[:end], b" .\n"),)
    return (rest[:end], b" "), (graph, b" .\n")


def _merged(words: Iterable[bytes | int]) -> Words:
    """The words with neighbouring texts joined."""
    found: list[bytes | int] = []
    for one in words:
        if found and isinstance(one, bytes) and isinstance(found[-1], bytes):
            found[-1] += one
        else:
            found.append(one)
    return tuple(found)


def _joined(words: Words, cut: int) -> Words:
    """The words without the last characters of the last text, to put a graph there."""
    *before, last = words
    if not isinstance(last, bytes):
        raise TypeError("a quad ends with text")
    return (*before, last[:cut])


def _first_degree(node: int, about: Iterable[Words]) -> bytes:
    """Hash of the quads a blank node stands in, as RDFC-1.0 section 4.6 has it."""
    seen = sorted(
        b"".join(
            one if isinstance(one, bytes) else b"_:a" if one == node else b"_:z" for one in words
        )
        for words in about
    )
    return hashlib.sha256(b"".join(seen)).digest()
