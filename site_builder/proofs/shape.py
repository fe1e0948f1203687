# SPDX-License-Identifier: Apache-2.0
"""What documents of one template have in common, and where they differ.

A document is read into its shape (keys, types, list lengths, kinds of values, constant objects),
the texts that may differ, and parts: objects many documents hold word for word, whose own quads do
not depend on the rest. A part counts for the shape only as "some part, with this address".
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from site_builder.json_text import compact
from site_builder.proofs.pattern import MARK, placeholder

Json = dict[str, Any]
Path = tuple[str, ...]
Steps = dict[str, Any]  # the constant paths as a tree; {} where one ends
# Their values are names of the contexts: they decide what is meant, and are part of the shape.
_CONSTANT_KEYS = frozenset({"type", "@type", "@context", "proofPurpose"})
_KINDS = frozenset({"type", "@type", "@context"})
_HOLE = re.compile(f'"{MARK}([0-9]+):"')
_TEXT = frozenset({str})
_MOST = 4096  # constant objects to remember by what they are


@dataclass(slots=True)
class Reading:
    """One document, read.

    Attributes:
        shape: equal for documents of one template.
        values: texts that may differ, addresses of parts among them, in the document's order.
        parts: for each part its number in `values`, its path and its compact JSON.
    """

    values: list[str] = field(default_factory=list)
    parts: list[tuple[int, Path, str]] = field(default_factory=list)
    shape: tuple[Any, ...] = ()


class Reader:
    """Reads documents.

    Args:
        constant: paths of what most documents share, such as `("issuer",)`.
    """

    def __init__(self, constant: Sequence[Path]) -> None:
        self._steps: Steps = {}
        for path in constant:
            steps = self._steps
            for key in path:
                steps = steps.setdefault(key, {})
        self._same: dict[int, tuple[Any, Any, str, bool]] = {}

    def read(self, document: Json) -> Reading:
        """The document's shape, texts and parts."""
        found = Reading()
        found.shape = self._object(document, self._steps, (), found)
        return found

    def _object(self, value: Json, steps: Steps, path: Path, found: Reading) -> tuple[Any, ...]:
        shape: list[Any] = []
        for key, one in value.items():
            shape.append(key)
            if key in _CONSTANT_KEYS:
                shape.append(_frozen(one))
            elif key in steps:
                shape.append(self._below(one, steps[key], (*path, key), found))
            elif type(one) is str:
                found.values.append(one)
            else:
                shape.append(self._other(one, found))
        return tuple(shape)

    def _below(self, value: Any, steps: Steps, path: Path, found: Reading) -> tuple[Any, ...]:
        """The shape of what stands at a constant path or on the way to one."""
        if steps:
            return (
                self._object(value, steps, path, found)
                if isinstance(value, dict)
                else self._other(value, found)
            )
        text, is_part = self._content(value)
        if not is_part:
            return (text,)
        found.parts.append((len(found.values), path, text))
        found.values.append(value["id"])
        return ("part",)

    def _other(self, value: Any, found: Reading) -> tuple[Any, ...]:
        """The shape of what no constant path leads through."""
        if type(value) is str:
            found.values.append(value)
            return ()
        if isinstance(value, dict):
            return self._object(value, {}, (), found)
        if isinstance(value, list):
            return ("[]", *[self._other(one, found) for one in value])
        return (type(value).__name__, value)

    def _content(self, value: Any) -> tuple[str, bool]:
        """JSON of a constant object, and whether it is a part; quick for one seen unchanged."""
        known = self._same.get(id(value))
        if known is not None and known[0] is value and known[1] == value:
            return known[2:]
        text, is_part = compact(value), isinstance(value, dict) and _is_named(value)
        if known is None and len(self._same) < _MOST:
            # The object is kept, so that no other one can come to have its number.
            self._same[id(value)] = (value, deepcopy(value), text, is_part)
        return text, is_part

    def holed(self, document: Json, *, bare: bool) -> Json:
        """The document with a placeholder for each text, in the order of `Reading.values`.

        Args:
            document: what was read.
            bare: a part is a placeholder itself; else an object with one for its address.
        """
        made: Json = self._holed(document, self._steps or None, _Numbers(bare=bare))
        return made

    def _holed(self, value: Any, steps: Steps | None, numbers: _Numbers) -> Any:
        """`steps`: {} for a constant object, None where no constant path leads through."""
        if isinstance(value, dict) and steps != {}:
            return {
                key: one
                if key in _CONSTANT_KEYS
                else self._holed(one, (steps or {}).get(key), numbers)
                for key, one in value.items()
            }
        if steps == {}:
            return numbers.part() if self._content(value)[1] else value
        if isinstance(value, list):
            return [self._holed(one, None, numbers) for one in value]
        return numbers.text() if type(value) is str else value


class _Numbers:
    """Placeholders in order."""

    def __init__(self, *, bare: bool) -> None:
        self._next = 0
        self._bare = bare

    def text(self) -> str:
        self._next += 1
        return placeholder(self._next - 1)

    def part(self) -> Any:
        return self.text() if self._bare else {"id": self.text()}


def form_of(holed: Json, count: int) -> str | None:
    """Compact JSON of a document of placeholders as one %-format, a hole for each in order.

    None where a placeholder stands elsewhere too, such as in a constant object.
    """
    first, *rest = _HOLE.split(compact(holed))
    if rest[::2] != [str(number) for number in range(count)]:
        return None
    form = "%s".join(text.replace("%", "%%") for text in (first, *rest[1::2]))
    return None if MARK in form else form


def around(document: Json, path: Path, inside: Any, depth: int = 0) -> Json:
    """An object at its place: of those around it only kinds and contexts, and placeholders."""
    made = {key: one for key, one in document.items() if key in _KINDS}
    made["id"] = placeholder(depth)
    first, rest = path[0], path[1:]
    made[first] = around(document[first], rest, inside, depth + 1) if rest else inside
    return made


def _is_named(value: Any) -> bool:
    """True for an object whose objects all have addresses, and contexts of its place only."""
    if isinstance(value, dict):
        return (
            type(value.get("id")) is str
            and "@context" not in value
            and all(_is_named(one) for one in value.values() if isinstance(one, dict | list))
        )
    return isinstance(value, list) and all(
        _is_named(one) for one in value if isinstance(one, dict | list)
    )


def _frozen(value: Any) -> Any:
    """The types or contexts of an object, fit to be part of a key."""
    if type(value) is str:
        return value
    if type(value) is list and _TEXT.issuperset(map(type, value)):
        return tuple(value)
    return (json.dumps(value),)
