# SPDX-License-Identifier: Apache-2.0
"""Own safe-mode check: everything a JSON-LD document says must reach the bytes that are signed.

JSON-LD drops an undefined term, a relative address and much else in silence, so that a signature
holds although somebody wrote words beside it. It also allows one statement many spellings, of
which a reader of plain JSON sees only the usual one; the unusual ones are refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from site_builder.proofs.contexts import CONTEXTS, addresses_of, find, shown
from site_builder.proofs.terms import Active, Term, extend

Json = dict[str, Any]
_DEEPEST = 40
# Control characters but for tab, line feed and carriage return, surrogates without a partner, and
# what XML 1.1 does not count as characters: libraries disagree on how to write them.
UNSIGNABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PLAIN = r"A-Za-z0-9\-._~!$&'()*+,;="
_FOREIGN = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd"
    "\U00030000-\U0003fffd\U000e1000-\U000efffd"
)
# Possessive (`++`, `*+`): what follows never begins with a character of these, so that nothing is
# ever given back, and each address is read once.
_CHARS = rf"(?:[{_PLAIN}{_FOREIGN}:@/?]++|%[0-9A-Fa-f]{{2}})*+"
_HOST = rf"(?:[{_PLAIN}{_FOREIGN}]++|%[0-9A-Fa-f]{{2}})++(?::[0-9]{{1,5}})?(?=[/?#]|$)"
# RFC 3987, without bracketed IPv6 hosts, user names and private-use characters: nobody's badge
# needs them.
IRI = re.compile(rf"([A-Za-z][A-Za-z0-9+.\-]*):(?://{_HOST}|(?!//)){_CHARS}(?:#{_CHARS})?")
_CONTAINERS = frozenset({"@set", "@list", "@graph"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a signature would not cover, or not as a reader takes it.

    Attributes:
        path: where, such as `$.credentialSubject.achievement.alignment[2].targetUrl`.
        message: a full sentence.
        is_unsupported: True for lawful JSON-LD that is not read here: "could not be checked".
    """

    path: str
    message: str
    is_unsupported: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class UnsafeDocument(Exception):  # noqa: N818 - names what it is about
    """A document that must not be signed; `faults` says why, each with its place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


def faults(
    document: Json, contexts: Mapping[str, Json] = CONTEXTS, *, signing: bool = False
) -> list[Fault]:
    """What in a document would be left out of its canonical form, or said in a disguised way.

    Args:
        document: a JSON-LD object, without its proofs.
        contexts: by address; the vendored ones unless a test adds its own.
        signing: also refuse what our own documents must not hold: nulls, empty lists and objects,
            fractions, language-tagged values.

    Raises:
        UnknownContext: a context is not among the given ones.
    """
    return list(_Check(document.get("id"), contexts, signing=signing).document(document))


@lru_cache(maxsize=64)
def _vendored(addresses: tuple[str, ...]) -> Active:
    return extend(Active(), [find(one, CONTEXTS) for one in addresses])


@lru_cache(maxsize=64)
def _prefixes(active: Active) -> frozenset[str]:
    """Names that could be read as the prefix of a compact address, lower case."""
    return frozenset(name.lower() for name in active.terms)


@lru_cache(maxsize=64)
def _meant(active: Active) -> frozenset[str | None]:
    """What the terms of a context stand for."""
    return frozenset(term.iri for term in active.terms.values())


def _is_bare(node: Json, active: Active) -> bool:
    """True for an object that says nothing but, perhaps, its address."""
    return all(
        one is None or ((term := active.find(name)) is not None and term.iri == "@id")
        for name, one in node.items()
    )


class _Check:
    def __init__(self, top: object, contexts: Mapping[str, Json], *, signing: bool) -> None:
        self.top = top
        self.contexts = contexts
        self.signing = signing

    def document(self, document: Json) -> Iterator[Fault]:
        if "@context" not in document:
            yield Fault("$", "there is no '@context'")
            return
        yield from self._node(document, Active(), "$")

    def _enter(self, given: Any, active: Active) -> Active:
        addresses = addresses_of(given)
        if self.contexts is CONTEXTS and not active.terms:
            return _vendored(addresses)
        return extend(active, [find(one, self.contexts) for one in addresses])

    def _node(self, node: Json, active: Active, path: str) -> Iterator[Fault]:
        """Faults of an object; `active` already is what its property brings."""
        if path.count(".") > _DEEPEST:
            yield Fault(path, f"nested more than {_DEEPEST} deep", is_unsupported=True)
            return
        if "@context" in node:
            active = self._enter(node["@context"], active)
        if not node and self.signing:
            yield Fault(path, "an empty object; leave it out")
        names = {one: active.find(one) for one in node if one != "@context"}
        kinds = [one for one, term in names.items() if term and term.iri == "@type"]
        outer = only = active
        for one in sorted(kinds):
            value = node[one]
            for kind in sorted(map(str, value if isinstance(value, list) else [value])):
                scope = outer.terms.get(kind)
                if scope is not None and scope.has_scope:
                    active, only = active.for_type(kind, scope), outer.for_type(kind, scope)
        identities = [one for one, term in names.items() if term and term.iri == "@id"]
        if len(identities) > 1 or len(kinds) > 1:
            yield Fault(path, "its address or its type is given twice")
        if path != "$" and len(node) > 1 and any(node[one] == self.top for one in identities):
            # Lawful in an endorsement inside a badge, yet what it adds would be signed as if the
            # badge said it.
            yield Fault(path, "describes the document itself once more", is_unsupported=True)
        for name, value in node.items():
            if name != "@context" and only.find(name) != active.find(name):
                # Of several kinds that bring terms pyoxigraph (0.5.13) reads the last one's only,
                # as with `partial` in CLR 2.0; what it leaves out would not be checked.
                why = f"what '{shown(name)}' means here is not read"
                yield Fault(f"{path}.{shown(name)}", why, is_unsupported=True)
            elif name != "@context":
                yield from self._entry(name, value, active, outer, f"{path}.{shown(name)}")

    def _entry(
        self, name: str, value: Any, active: Active, outer: Active, path: str
    ) -> Iterator[Fault]:
        term = active.find(name)
        if name.startswith("@"):
            # The same to JSON-LD, and not there for who reads plain JSON.
            yield Fault(path, f"the unusual spelling '{shown(name)}'", is_unsupported=True)
        elif term is None or term.iri is None:
            yield Fault(
                path, f"'{shown(name)}' is not defined by the contexts, so nothing signs it"
            )
        elif term.iri == "@id":
            yield from self._iri(value, active, path)
        elif term.iri == "@type":
            yield from self._types(value, outer, path)
        elif term.iri.startswith("@"):
            yield Fault(path, f"the keyword '{term.iri}' is not accepted", is_unsupported=True)
        elif name not in active.terms and active.vocab is None:
            yield Fault(path, f"write '{shown(name)}' as a term of the contexts")
        elif name[:1].isupper():
            yield Fault(path, f"'{shown(name)}' is the name of a kind, not of a property")
        elif not term.containers <= _CONTAINERS:
            yield Fault(path, f"'{name}' is a map, which is not accepted", is_unsupported=True)
        else:
            yield from self._value(name, term, value, active, path)

    def _value(
        self, name: str, term: Term, value: Any, active: Active, path: str
    ) -> Iterator[Fault]:
        if isinstance(value, list):
            if not value and self.signing:
                yield Fault(path, "an empty list; leave it out")
            if (term.coercion or "").endswith("XMLSchema#dateTime"):
                # Signed like the date itself, but no date to who reads the JSON.
                yield Fault(path, "a list of dates is not accepted", is_unsupported=True)
            for number, one in enumerate(value):
                here = f"{path}[{number}]"
                if isinstance(one, list):
                    yield Fault(here, "a list in a list is not accepted", is_unsupported=True)
                else:
                    yield from self._value(name, term, one, active, here)
        elif term.coercion == "@json":
            yield Fault(path, "a JSON value is not accepted", is_unsupported=True)
        elif isinstance(value, dict):
            if "@value" in value:
                yield from self._tagged(value, term, path)
                return
            if "@graph" in term.containers and _is_bare(value, active):
                # Such as `"proof": {}`: libraries disagree on whether there is such a graph.
                yield Fault(path, "a graph without a statement", is_unsupported=True)
                return
            only_id = len(value) == 1 and "@id" in {
                found.iri for one in value if (found := active.find(one))
            }
            base = active if only_id or active.previous is None else active.previous
            # The term is looked up where it stands, its context applied where its value stands.
            inner = extend(base, term.scoped) if term.has_scope else base
            yield from self._node(value, inner, path)
        elif value is None:
            yield from self._scalar(value, path)
        elif term.coercion == "@id":
            yield from self._iri(value, active, path)
        elif term.coercion == "@vocab":
            inner = active.inside(name)
            if not isinstance(value, str) or value not in inner.terms:
                yield from self._iri(value, inner, path)
        elif isinstance(value, str) and (term.coercion or "").endswith("XMLSchema#boolean"):
            # Signed like true and false themselves, but "false" is true to many who read JSON.
            yield Fault(path, "write true or false without quotes")
        else:
            yield from self._scalar(value, path)

    def _scalar(self, value: Any, path: str) -> Iterator[Fault]:
        if isinstance(value, str):
            if UNSIGNABLE.search(value):
                yield Fault(path, "holds a control character, which cannot be signed")
        elif value is None:
            if self.signing:
                yield Fault(path, "null says nothing; leave it out")
        elif isinstance(value, float) and (self.signing or not math.isfinite(value)):
            yield Fault(path, "a fraction; write it as text")

    def _tagged(self, value: Json, term: Term, path: str) -> Iterator[Fault]:
        """A text with its language, the one value object JSON has no plainer spelling for."""
        words, tag = value.get("@value"), value.get("@language")
        if self.signing or set(value) != {"@value", "@language"} or term.coercion is not None:
            yield Fault(path, "a value written as an object is not accepted", is_unsupported=True)
        elif not isinstance(words, str) or not isinstance(tag, str) or tag != tag.lower():
            yield Fault(path, "this language is not accepted", is_unsupported=True)
        else:
            yield from self._scalar(words, path)

    def _types(self, value: Any, outer: Active, path: str) -> Iterator[Fault]:
        values = value if isinstance(value, list) else [value]
        if not values:
            yield Fault(path, "an empty list; leave it out")
        for number, one in enumerate(values):
            here = f"{path}[{number}]" if isinstance(value, list) else path
            if not isinstance(one, str):
                yield Fault(here, "a type must be text")
            elif one.startswith("@"):
                yield Fault(here, f"'{shown(one)}' is not the name of a kind")
            elif (term := outer.find(one)) is not None and one in outer.terms:
                if term.iri and term.iri.startswith("@"):
                    yield Fault(here, f"'{shown(one)}' is not the name of a kind")
            elif term is None:
                yield from self._iri(one, outer, here, "a type")
                if one in _meant(outer):
                    yield Fault(here, f"write '{shown(one)}' as the contexts name it")

    def _iri(
        self, value: Any, active: Active, path: str, what: str = "an address"
    ) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path, f"{what} must be text")
        elif (match := IRI.fullmatch(value)) is None:
            yield Fault(path, f"'{shown(value)}' is not a full address, so nothing signs it")
        elif match[1].lower() in _prefixes(active):
            yield Fault(path, f"'{shown(value)}' begins like an abbreviation of the contexts")
