# SPDX-License-Identifier: Apache-2.0
"""Bytes to a `Document`, or to all the problems that stand in the way.

Two passes: the first builds plain values as fast as it can and gives up at the first thing it
does not like; the usual form of people's files needs no parser for that. The survey then reads
the text again with care, for all problems with their places, or later for the place of a value
somebody asks about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from site_builder.problems import Place, Problem, tidy

from .events import (
    UNREADABLE,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    Parser,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from .survey import Loc, Spot, has_directive, survey
from .usual import usual_value
from .words import (
    CONSTANTS,
    FORBIDDEN,
    INTEGER,
    MAX_BYTES,
    MAX_DEPTH,
    ODD_NUMBER,
    SPELLED_WRONG,
    SUSPECT,
    has_hidden,
    is_text,
)


@dataclass(frozen=True, eq=False)
class Document:
    """One accepted file: plain values, and the place of each on request.

    Args:
        path: as given to `parse`; only used in places.
        value: dict, list, str, int, bool and None all the way down. Do not change it.
        data: the bytes it was read from; or what reads the same bytes again, for a value that was
            kept without them. Only a place needs them.
    """

    path: str
    value: dict[str, Any]
    data: bytes | Callable[[], bytes] = field(repr=False)

    def place(self, loc: Loc = (), *, key: bool = False) -> Place:
        """Line and column of the value at `loc`, or of its key; of the nearest ancestor if none.

        Args:
            loc: keys and 0-based list positions from the top: ("rounds", 0, "decided").
            key: the place of the key instead, for a value of a mapping that exists.
        """
        spots = self._spots
        at = tuple(loc)
        exact = at in spots
        while at not in spots:
            at = at[:-1]
        spot = spots[at]
        line, column = spot.key if key and exact else spot.value
        return Place(self.path, line, column)

    @cached_property
    def _spots(self) -> dict[Loc, Spot]:
        data = self.data if isinstance(self.data, bytes) else self.data()
        start = Spot((1, 1), (1, 1))  # of a file that is no longer what it was
        return {(): start} | survey(self.path, _text(data), Parser).spots

    def __reduce__(self) -> tuple[Any, ...]:
        return Document, (self.path, self.value, self.data)


def parse(path: str, data: bytes) -> Document | list[Problem]:
    """The document in `data`, or its problems as far as it can be read (at least one).

    Args:
        path: how the file is called in messages, relative to the repository.
        data: the file's bytes.
    """
    return _parse(Parser, path, data, usual_value)


def parse_with(parser: Any, path: str, data: bytes) -> Document | list[Problem]:
    """`parse` by nothing but a parser of one's choice, so that tests can compare."""
    return _parse(parser, path, data, lambda _: None)


def _parse(
    parser: Any, path: str, data: bytes, usual: Callable[[str], dict[str, Any] | None]
) -> Document | list[Problem]:
    if len(data) > MAX_BYTES:
        return [_too_large(path, len(data))]
    try:
        text = _text(data)
    except UnicodeDecodeError as error:
        return [_not_utf8(path, data, error.start)]
    if not has_hidden(data, text):
        if (value := usual(text)) is not None:
            return Document(path, value, data)
        try:
            return Document(path, _value(parser(text).get_event, text), data)
        except (_Refused, *UNREADABLE):
            pass  # the survey says what and where
    problems = survey(path, text, parser).problems
    if not problems:
        raise AssertionError(f"{path}: refused without a reason")
    return tidy(problems)


def _text(data: bytes) -> str:
    return data.decode("utf-8").removeprefix("\ufeff")


def _too_large(path: str, size: int) -> Problem:
    return Problem(
        "YM002",
        Place(path),
        f"The file has {size:,} bytes; at most {MAX_BYTES:,} (1 MB) are read.",
        "Move long texts, pictures or other records out of it.",
    )


def _not_utf8(path: str, data: bytes, start: int) -> Problem:
    hint = "Save the file again with the encoding UTF-8."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem("YM001", Place(path), "The file is UTF-16 text, not UTF-8.", hint)
    before = data[:start].decode("utf-8").removeprefix("\ufeff")
    place = Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
    return Problem("YM001", place, f"The byte 0x{data[start]:02x} is not UTF-8 text.", hint)


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """The fast pass met something that needs a careful look."""


def _value(next_event: Callable[[], Any], text: str) -> dict[str, Any]:
    """The plain value of a text with nothing wrong in it.

    Raises:
        _Refused: something is wrong.
        yaml.YAMLError: it is not YAML.
    """
    next_event()  # the start of the stream
    event = next_event()
    if type(event) is not DocumentStartEvent or (event.explicit and has_directive(text)):
        raise _Refused
    value = _node(next_event(), next_event, 0)
    if type(value) is not dict:
        raise _Refused
    next_event()  # the end of the document
    if type(next_event()) is not StreamEndEvent:
        raise _Refused
    return value


def _node(event: Any, next_event: Callable[[], Any], depth: int) -> Any:
    # an alias is refused here too: its event has an anchor
    if event.anchor is not None or event.tag is not None:
        raise _Refused
    kind = type(event)
    if kind is ScalarEvent:
        return _scalar(event)
    if depth >= MAX_DEPTH:
        raise _Refused
    if kind is MappingStartEvent:
        fields: dict[str, Any] = {}
        while type(event := next_event()) is not MappingEndEvent:
            key = _key(event)
            if key in fields:
                raise _Refused
            fields[key] = _node(next_event(), next_event, depth + 1)
        return fields
    items = []
    while type(event := next_event()) is not SequenceEndEvent:
        items.append(_node(event, next_event, depth + 1))
    return items


def _key(event: Any) -> str:
    if type(event) is not ScalarEvent or event.anchor is not None or event.tag is not None:
        raise _Refused
    text: str = event.value
    if event.implicit[0]:
        if not is_text(text) or text == "<<":
            raise _Refused
    elif event.style == '"' and FORBIDDEN.search(text):
        raise _Refused
    return text


def _scalar(event: Any) -> str | int | bool | None:
    text: str = event.value
    if not event.implicit[0]:
        if event.style == '"' and FORBIDDEN.search(text):
            raise _Refused
        return text
    if not text:
        raise _Refused
    if text[0] not in SUSPECT:
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if text in SPELLED_WRONG or ODD_NUMBER.fullmatch(text):
        raise _Refused
    return text
