# SPDX-License-Identifier: Apache-2.0
"""Canonical N-Quads of many documents of one shape, fast: only what differs is written anew.

The first document of a shape goes through the library with a placeholder in each place that may
differ; its quads, with the placeholders, are the template. Later ones fill it in. That gives the
library's bytes as long as

- the shape is the same: keys, types, list lengths, kinds of values, and all constant parts;
- what is filled in is text without control characters and, where an address belongs, a full
  address that is no abbreviation (then JSON-LD treats it like the placeholder); and
- the blank nodes' first-degree hashes all differ (then RDFC-1.0 numbers them by these alone).

Where one does not hold the library is asked. The first document of each shape and a sample of the
others are compared with the library. Never used to check anybody's proof.

Source: W3C RDF Dataset Canonicalization 1.0, sections 4.4 to 4.6; design/standards.md section 5.
"""

from __future__ import annotations

import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from site_builder.proofs.integrity import checked_canonical
from site_builder.proofs.pattern import Template, placeholder, template_of

Json = dict[str, Any]
Path = tuple[str, ...]
_SAMPLE = 1000  # of so many documents of one shape one is compared, beginning with the first
# Their values are names of the contexts: they decide what is meant, and are part of the shape.
_CONSTANT_KEYS = frozenset({"type", "@type", "@context", "proofPurpose"})


class TemplateDiffers(Exception):  # noqa: N818 - our bug, with its traceback
    """A template gave other bytes than the library."""


class Templates:
    """Canonical N-Quads of documents that are much alike, each checked as safe to sign.

    Keeps what it learned; one for each process, thrown away after the build.

    Args:
        constant: paths of the parts most documents share, such as `("issuer",)`; documents with
            other contents there have a shape of their own.
        most: number of shapes to keep.
    """

    def __init__(self, constant: Sequence[Path] = (), most: int = 1024) -> None:
        self._constant = frozenset(constant)
        self._most = most
        self._known: OrderedDict[tuple[Any, ...], Template | None] = OrderedDict()
        self._counts: dict[tuple[Any, ...], int] = defaultdict(int)
        self._same: dict[int, tuple[Any, Any, str]] = {}
        self.filled = self.asked = self.compared = 0

    def canonical(self, document: Json) -> bytes:
        """The bytes `canonical` of the library gives, usually without asking it.

        Raises:
            UnsafeDocument: something in the document would not be covered by a proof.
            UnknownContext: a context is not vendored.
            TemplateDiffers: a compared template gave other bytes, which is our bug.
        """
        values: list[str] = []
        shape = self._shape(document, (), values)
        said = None  # what the library says of this document, once it was asked
        if shape in self._known:
            self._known.move_to_end(shape)
        else:
            said = self._learn(shape, document, len(values))
        template, top = self._known[shape], document.get("id")
        found = None
        if template is not None and top not in template.addresses and values.count(str(top)) < 2:
            found = template.filled(values)
        if found is None:
            self.asked += 1
            return said or checked_canonical(document)
        self.filled += 1
        if said is not None or self._counts[shape] % _SAMPLE == 0:
            self.compared += 1
            if found != (said or checked_canonical(document)):
                raise TemplateDiffers(f"of {document.get('id')}")
        self._counts[shape] += 1
        return found

    def _learn(self, shape: tuple[Any, ...], document: Json, count: int) -> bytes:
        said = checked_canonical(document)  # raises before anything is learned from it
        self._known[shape] = template_of(self._with_holes(document, (), iter(range(count))), count)
        if len(self._known) > self._most:
            gone, _ = self._known.popitem(last=False)
            self._counts.pop(gone, None)
        return said

    def _shape(self, value: Any, path: Path, values: list[str]) -> tuple[Any, ...]:
        """What documents of one template have in common; their differing texts go to `values`."""
        if path in self._constant:
            return (self._content(value),)
        if isinstance(value, dict):
            shape: list[Any] = []
            for key, one in value.items():
                shape.append(key)
                if key in _CONSTANT_KEYS:
                    shape.append(_frozen(one))
                elif type(one) is str and (*path, key) not in self._constant:
                    values.append(one)
                else:
                    shape.append(self._shape(one, (*path, key), values))
            return tuple(shape)
        if isinstance(value, list):
            return ("[]", *(self._shape(one, (*path, "*"), values) for one in value))
        if type(value) is str:
            values.append(value)
            return ()
        return (type(value).__name__, value)

    def _content(self, value: Any) -> str:
        """The whole content of a constant part; quick for an object seen before and unchanged."""
        known = self._same.get(id(value))
        if known is not None and known[0] is value and known[1] == value:
            return known[2]
        text = json.dumps(value)
        if known is None and len(self._same) < self._most:
            # The object is kept, so that no other one can come to have its number.
            self._same[id(value)] = (value, deepcopy(value), text)
        return text

    def _with_holes(self, value: Any, path: Path, numbers: Iterator[int]) -> Any:
        """The value with a placeholder for each text `_shape` hands out, in the same order."""
        if path in self._constant:
            return value
        if isinstance(value, dict):
            return {
                key: one if key in _CONSTANT_KEYS else self._with_holes(one, (*path, key), numbers)
                for key, one in value.items()
            }
        if isinstance(value, list):
            return [self._with_holes(one, (*path, "*"), numbers) for one in value]
        return placeholder(next(numbers)) if type(value) is str else value


def _frozen(value: Any) -> Any:
    """The types or contexts of an object, fit to be part of a key."""
    if type(value) is str:
        return value
    if isinstance(value, list) and all(type(one) is str for one in value):
        return tuple(value)
    return (json.dumps(value),)
