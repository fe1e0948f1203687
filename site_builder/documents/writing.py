# SPDX-License-Identifier: Apache-2.0
"""Plain data to strict YAML that `parse` reads back to the same data."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeGuard

from .words import FORBIDDEN, INTEGER, MAX_DEPTH, is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    _Collection = Mapping[str, object] | list[object] | tuple[object, ...]

# Read as true or false by YAML 1.1 programs, of which there are many; quoted as values
_YAML_11 = frozenset({"y", "n", "yes", "no", "on", "off"})
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
# What ends or disturbs an unquoted text: at its start, anywhere, anywhere in a flow collection
_BAD_START = frozenset("-?:,[]{}#&*!|>'\"%@`=<")
_BAD_INSIDE = re.compile(r":[ ?]|:$| #|[ ]$")
_FLOW = re.compile(r"[,\[\]{}]")
_ESCAPED = re.compile('["\\\\\n\t\ufffe\uffff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_LONGEST_KEY = 1_000  # YAML 1.2, 7.4.2: a key before a colon has at most 1,024 characters


def yaml_text(value: Mapping[str, object], *, flow_depth: int = 1, width: int = 100) -> str:
    r"""The YAML text of a mapping; `parse` gives an equal mapping back.

    Keys keep their order; texts are quoted only where needed; a text of several lines is a `|`
    block where it is not inside brackets. Equal input, equal text.

    Args:
        value: mappings, lists or tuples, str, int, bool and None; also what `parse` gives back
            as text: Decimal and float (written plain, "2.5") and date ("2016-03-14").
        flow_depth: how deep blocks go: 1 for awards (`status: {state: active}`), 3 or so for
            credentials. Collections at this depth and deeper stand in brackets, save that a
            list of collections at this very depth has one entry per line.
        width: shallower collections also stand in brackets when their line keeps to this.

    Raises:
        ValueError: a character, number, key or depth that strict YAML does not have.
        TypeError: a value of another type.
    """
    if not value:
        return "{}\n"
    return "\n".join(_Writer(max(flow_depth, 1), width).mapping(value, "", 0)) + "\n"


@dataclass(frozen=True, slots=True)
class _Writer:
    """The two choices, passed along."""

    flow_depth: int
    width: int

    def mapping(self, fields: Mapping[str, object], indent: str, depth: int) -> Iterator[str]:
        """The lines of a block mapping whose keys start at this indent."""
        for key, item in fields.items():
            yield from self._after(f"{indent}{_key(key)}:", item, indent + "  ", depth + 1)

    def entries(
        self, items: list[object] | tuple[object, ...], indent: str, depth: int
    ) -> Iterator[str]:
        """The lines of a block list whose dashes start at this indent."""
        for item in items:
            inner = indent + "  "
            if _is_collection(item) and not self._in_brackets(f"{indent}-", item, depth + 1):
                lines = self._block(item, inner, depth + 1)
                yield f"{indent}- {next(lines)[len(inner) :]}"
                yield from lines
            else:
                yield from self._after(f"{indent}-", item, inner, depth + 1)

    def _after(self, head: str, item: object, indent: str, depth: int) -> Iterator[str]:
        if isinstance(item, str) and (mark := _block_mark(item)):
            yield f"{head} {mark}"
            for line in item.removesuffix("\n").split("\n"):
                yield indent + line if line else ""
        elif not _is_collection(item) or self._in_brackets(head, item, depth):
            yield f"{head} {_flow(item, depth, in_flow=False)}"
        else:
            yield head
            yield from self._block(item, indent, depth)

    def _block(self, item: _Collection, indent: str, depth: int) -> Iterator[str]:
        if depth >= MAX_DEPTH:
            raise ValueError(f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(item, Mapping):
            return self.mapping(item, indent, depth)
        return self.entries(item, indent, depth)

    def _in_brackets(self, head: str, item: object, depth: int) -> bool:
        if not item or depth > self.flow_depth:
            return True
        if depth == self.flow_depth:
            return isinstance(item, Mapping) or not _holds_collections(item)
        return len(head) + 1 + len(_flow(item, depth, in_flow=False)) <= self.width


def _is_collection(item: object) -> TypeGuard[_Collection]:
    return isinstance(item, Mapping | list | tuple)


def _holds_collections(item: object) -> bool:
    return isinstance(item, list | tuple) and any(_is_collection(entry) for entry in item)


def _block_mark(text: str) -> str:
    """The mark of a literal block that gives exactly this text, "" where there is none."""
    body = text.removesuffix("\n")
    if (
        "\n" not in body
        or body[0] in " \n"
        or body[-1] == "\n"
        or " \n" in body + "\n"
        or re.search("[\t\ufffe\uffff]", text)
        or FORBIDDEN.search(text)
    ):
        return ""
    return "|" if text.endswith("\n") else "|-"


def _flow(item: object, depth: int, *, in_flow: bool = True) -> str:
    """The item on one line."""
    if isinstance(item, str):
        return _text(item, in_flow=in_flow)
    if _is_collection(item) and depth >= MAX_DEPTH:
        raise ValueError(f"nested more than {MAX_DEPTH} levels deep")
    if isinstance(item, Mapping):
        pairs = (f"{_key(key)}: {_flow(entry, depth + 1)}" for key, entry in item.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(item, list | tuple):
        return f"[{', '.join(_flow(entry, depth + 1) for entry in item)}]"
    return _atom(item)


def _atom(item: object) -> str:
    if item is None:
        return "null"
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, int):
        if not INTEGER.fullmatch(str(item)):
            raise ValueError(f"{item} has more than 15 digits; pass it as text")
        return str(item)
    if isinstance(item, Decimal | float):
        if not math.isfinite(item):
            raise ValueError(f"{item} is no number")
        return str(item)
    if type(item) is date:
        return item.isoformat()
    raise TypeError(f"{type(item).__name__} has no form in strict YAML")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key is text, not {type(key).__name__}")
    written = key if _PLAIN_KEY.fullmatch(key) and is_text(key) else _double_quoted(key)
    if len(written) > _LONGEST_KEY:
        raise ValueError(f"a key has more than {_LONGEST_KEY:,} characters")
    return written


def _text(text: str, *, in_flow: bool) -> str:
    if (
        is_text(text)
        and text[0] not in _BAD_START
        and text[0] != " "
        and text.isprintable()
        and text.lower() not in _YAML_11
        and not _BAD_INSIDE.search(text)
        and not (in_flow and _FLOW.search(text))
    ):
        return text
    return _double_quoted(text)


def _double_quoted(text: str) -> str:
    if found := FORBIDDEN.search(text):
        raise ValueError(f"U+{ord(found[0]):04X} is not accepted in YAML files")
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}"
