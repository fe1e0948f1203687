# SPDX-License-Identifier: Apache-2.0
"""Canonical N-Quads of a JSON-LD document, by a library; the only `import pyoxigraph`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from site_builder.proofs.contexts import CONTEXTS, addresses_of, find

Json = dict[str, Any]
# Equal blank nodes beside equal blank nodes cost factorial time in RDFC-1.0 ("dataset poisoning",
# its section 7.1); twelve take microseconds, sixteen half a second, twenty most of a minute.
_MOST_ENTANGLED = 12


class TooSymmetric(Exception):  # noqa: N818 - about a document; a verdict says "not checked"
    """A document whose canonical form would take too long to find: made so on purpose, if seen."""


def canonical(document: Json, contexts: Mapping[str, Json] = CONTEXTS) -> bytes:
    """Canonical N-Quads of a document (RDFC-1.0, SHA-256), UTF-8.

    What JSON-LD would drop in silence is dropped here too: see `safe.faults`.

    Args:
        document: a JSON-LD object whose `@context` entries, nested ones too, are addresses.
        contexts: by address; the vendored ones unless a test adds its own.

    Raises:
        UnknownContext: a context is not among them.
        TooSymmetric: blank nodes that only an exponential search could tell apart.
        SyntaxError: the document is no JSON-LD.
    """
    found = quads(document, contexts)
    _refuse_poison(found)
    dataset = ox.Dataset(found)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    written = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(written.splitlines(keepends=True))))


def quads(document: Json, contexts: Mapping[str, Json] = CONTEXTS) -> list[ox.Quad]:
    """The RDF of a document, blank nodes named at random; errors as in `canonical`."""
    return list(ox.parse(_inlined(document, contexts), format=ox.RdfFormat.JSON_LD))


def _inlined(document: Json, contexts: Mapping[str, Json]) -> bytes:
    """The document as JSON with context objects in place of their addresses."""
    if "@context" not in document:
        return json.dumps(_nested(document, contexts), allow_nan=False).encode()
    addresses = addresses_of(document["@context"])
    rest = {key: value for key, value in document.items() if key != "@context"}
    body = json.dumps(_nested(rest, contexts), allow_nan=False)
    head = _text(addresses) if contexts is CONTEXTS else _dump(addresses, contexts)
    return f'{{"@context":{head}{"," if rest else ""}{body[1:]}'.encode()


@lru_cache(maxsize=64)
def _text(addresses: tuple[str, ...]) -> str:
    return _dump(addresses, CONTEXTS)


def _dump(addresses: Sequence[str], contexts: Mapping[str, Json]) -> str:
    return json.dumps([find(one, contexts) for one in addresses])


def _nested(value: Any, contexts: Mapping[str, Json]) -> Any:
    """The value with the contexts of embedded documents inlined; itself where there are none."""
    if isinstance(value, dict):
        return {
            key: [find(url, contexts) for url in addresses_of(one)]
            if key == "@context"
            else _nested(one, contexts)
            for key, one in value.items()
        }
    return [_nested(one, contexts) for one in value] if isinstance(value, list) else value


def _refuse_poison(found: Sequence[ox.Quad]) -> None:
    """Raises `TooSymmetric` when too many look-alike blank nodes touch look-alike blank nodes."""
    touching: dict[str, list[str]] = defaultdict(list)
    beside: dict[str, set[str]] = defaultdict(set)
    for quad in found:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        blanks = {str(one) for one in terms if isinstance(one, ox.BlankNode)}
        for blank in blanks:
            beside[blank] |= blanks - {blank}
            touching[blank].append("\0".join(_seen_from(blank, one) for one in terms))
    looks = {blank: "\n".join(sorted(lines)) for blank, lines in touching.items()}
    number: dict[str, int] = defaultdict(int)
    for look in looks.values():
        number[look] += 1
    alike = {blank for blank, look in looks.items() if number[look] > 1}
    if sum(1 for blank in alike if beside[blank] & alike) > _MOST_ENTANGLED:
        raise TooSymmetric("the document repeats itself in a way that cannot be checked in time")


def _seen_from(blank: str, term: object) -> str:
    """A term as first-degree hashing sees it: this blank node, another one, or itself."""
    if not isinstance(term, ox.BlankNode):
        return str(term)
    return "_:a" if str(term) == blank else "_:z"
