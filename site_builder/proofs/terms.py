# SPDX-License-Identifier: Apache-2.0
"""What the terms of a JSON-LD context mean, as far as credentials use JSON-LD.

A small part of the context processing algorithm: enough for vendored contexts, which are known
not to use `@import`, `@base`, `@nest`, `@reverse` or `@propagate`.

Source: JSON-LD 1.1 Processing Algorithms and API, sections 4.1, 4.2 and 5.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
_SCOPED = object()


@dataclass(frozen=True, slots=True)
class Term:
    """One term.

    Attributes:
        iri: what it stands for: an absolute IRI or a keyword such as `@id`; None: nothing.
        coercion: `@id`, `@vocab`, `@json`, the IRI of a datatype, or None.
        containers: `@set`, `@list`, `@graph` ...
        scoped: the context inside it, or `_SCOPED` where there is none (None is a context too).
    """

    iri: str | None
    coercion: str | None = None
    containers: frozenset[str] = frozenset()
    scoped: Any = _SCOPED

    @property
    def has_scope(self) -> bool:
        return self.scoped is not _SCOPED


@dataclass(frozen=True, slots=True, eq=False)
class Active:
    """An active context.

    Attributes:
        previous: the context nested objects return to, after a type-scoped one.
        memo: contexts made from this one, by term and kind.
    """

    terms: Mapping[str, Term] = field(default_factory=dict)
    vocab: str | None = None
    previous: Active | None = None
    memo: dict[tuple[str, str], Active] = field(default_factory=dict)

    def find(self, name: str) -> Term | None:
        """The meaning of a key; None where it has none."""
        term = self.terms.get(name)
        if term is not None:
            return term if term.iri is not None else None
        if name.startswith("@"):
            return Term(name)
        return Term(self.vocab + name) if self.vocab is not None and ":" not in name else None

    def inside(self, name: str) -> Active:
        """The context inside the value of a property: this one, or what the term brings."""
        term = self.terms.get(name)
        if term is None or not term.has_scope:
            return self
        if ("property", name) not in self.memo:
            self.memo["property", name] = extend(self, term.scoped)
        return self.memo["property", name]

    def for_type(self, name: str, scope: Term) -> Active:
        """The context inside an object of a type; objects nested in it return to this one."""
        key = ("type", name)
        if key not in self.memo:
            made = extend(self, scope.scoped)
            previous = self.previous or self
            self.memo[key] = Active(made.terms, made.vocab, previous)
        return self.memo[key]


def extend(active: Active, local: Any) -> Active:
    """The context after a local one: an object, a list of them, or None for a fresh start."""
    for one in local if isinstance(local, list) else [local]:
        active = _one_more(active, one) if one is not None else Active()
    return active


def _one_more(active: Active, local: Json) -> Active:
    vocab = local.get("@vocab", active.vocab)
    return Active(_Definitions(active.terms, local, vocab).all(), vocab, active.previous)


class _Definitions:
    """Terms of one local context over those before it; a term may use one defined after it."""

    def __init__(self, before: Mapping[str, Term], local: Json, vocab: str | None) -> None:
        self.terms = dict(before)
        self.local = local
        self.vocab = vocab
        self.begun: set[str] = set()

    def all(self) -> dict[str, Term]:
        for name in self.local:
            self.define(name)
        return self.terms

    def define(self, name: str) -> None:
        if name.startswith("@") or name in self.begun or name not in self.local:
            return
        self.begun.add(name)
        given = self.local[name]
        self.terms.pop(name, None)
        if given is None:
            self.terms[name] = Term(None)
            return
        one: Json = {"@id": given} if isinstance(given, str) else given
        containers = one.get("@container", ())
        coercion = one.get("@type")
        self.terms[name] = Term(
            self.expand(one.get("@id", name), name),
            self.expand(coercion, name) if coercion else None,
            frozenset([containers] if isinstance(containers, str) else containers),
            one.get("@context", _SCOPED),
        )

    def expand(self, value: str | None, name: str) -> str | None:
        """The IRI or keyword a value of the context stands for; None for none."""
        if value is None or value.startswith("@"):
            return value
        if value != name:
            self.define(value)
            if value in self.terms:
                return self.terms[value].iri
        prefix, colon, rest = value.partition(":")
        if colon:
            self.define(prefix)
            term = self.terms.get(prefix)
            known = term.iri if term and not rest.startswith("//") else None
            return known + rest if known is not None else value
        return self.vocab + value if self.vocab is not None else None
