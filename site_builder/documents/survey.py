# SPDX-License-Identifier: Apache-2.0
"""The careful second reading of a text: all its problems, and the place of every value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from site_builder.problems import Place, Problem, quoted_in

from .events import (
    UNREADABLE,
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from .words import (
    FORBIDDEN,
    FORBIDDEN_RAW,
    MAX_DEPTH,
    ODD_NUMBER,
    SPELLED_WRONG,
    explain,
    is_text,
)

Loc = tuple[str | int, ...]
_Point = tuple[int, int]  # line and column, from 1

_MAX_PROBLEMS = 100  # of one file; more help nobody
_DIRECTIVE = re.compile(r"(?:[ ]*(?:#[^\n]*)?\r?\n)*%[^\r\n]*")


class Spot(NamedTuple):
    """Where a value starts, and where its key does (its own start for a list entry)."""

    key: _Point
    value: _Point


def has_directive(text: str) -> bool:
    """True when a `%` line stands before the record."""
    return _DIRECTIVE.match(text) is not None


@dataclass(slots=True)
class _Level:
    """One mapping or list that is being read."""

    loc: Loc
    is_mapping: bool
    is_key: bool = False  # a mapping or list where a key should stand
    keys: dict[str, int] = field(default_factory=dict)  # key -> line
    key: str | None = None  # read, its value comes next
    key_point: _Point = (1, 1)
    count: int = 0


class _Enough(Exception):  # noqa: N818 - never leaves this module
    """No more can be said about this file."""


def survey(path: str, text: str, parser: Any) -> Survey:
    """What a careful reading of the text found."""
    found = Survey(path, text)
    found.read(parser)
    return found


class Survey:
    """Problems in the order of the text, and spots by location, filled by `read`."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Problem] = []
        self.spots: dict[Loc, Spot] = {}
        self._levels: list[_Level] = []

    def read(self, parser: Any) -> None:
        """Read to the end of the text, or as far as it makes sense."""
        try:
            self._characters()
            # same length, so that places stay right
            clean = FORBIDDEN_RAW.sub(_harmless, self.text)
            if has_directive(self.text):
                self._directive()
            self._events(parser(clean))
        except _Enough:
            pass
        except UNREADABLE as error:
            self._syntax(error)

    def _add(self, code: str, point: _Point, message: str, hint: str) -> None:
        if len(self.problems) == _MAX_PROBLEMS - 1:
            hint += f" Only the first {_MAX_PROBLEMS} problems of this file are listed."
        self.problems.append(Problem(code, Place(self.path, *point), message, hint))
        if len(self.problems) == _MAX_PROBLEMS:
            raise _Enough

    def _quoted(self, words: str) -> str:
        return quoted_in(self.path, words)

    # characters

    def _characters(self) -> None:
        if "\t" in self.text:
            first = self.text.index("\t")
            others = sum("\t" in line for line in self.text.split("\n")) - 1
            more = f", and on {others:,} more line{'s'[: others > 1]}" if others else ""
            self._add(
                "YM006",
                self._point(first),
                f"A tab character stands here{more}.",
                'Use spaces; in a text, write \\t in double quotes: "a\\tb".',
            )
        for found in FORBIDDEN_RAW.finditer(self.text):
            if (char := found[0]) != "\t":
                self._forbidden(self._point(found.start()), char)

    def _forbidden(self, point: _Point, char: str) -> None:
        self._add(
            "YM016",
            point,
            f"The character U+{ord(char):04X} is not accepted, also not as an escape."
            if char not in "\ufffe\uffff"
            else f"The character U+{ord(char):04X} cannot stand in a YAML file.",
            "Delete it; it cannot be seen.",
        )

    def _point(self, index: int) -> _Point:
        before = self.text[:index]
        return before.count("\n") + 1, index - before.rfind("\n")

    def _directive(self) -> None:
        prolog = "".join(_DIRECTIVE.findall(self.text)[:1])
        start = prolog.index("%", prolog.rfind("\n") + 1)
        self._add(
            "YM012",
            self._point(start),
            f"The directive {self._quoted(prolog[start:])} is not accepted.",
            "Delete the line.",
        )
        raise _Enough

    # complaints of the parser

    def _syntax(self, error: Exception) -> None:
        complaint = str(error)
        point: _Point = (1, 1)
        where = ""
        if isinstance(error, MarkedYAMLError) and (mark := error.problem_mark) is not None:
            complaint = str(error.problem)
            opened = error.context_mark
            if opened is not None and self._is_told_at_its_start(complaint, mark):
                mark = opened
            elif opened is not None and "expected ','" in complaint and opened.line < mark.line:
                where = f" It starts on line {opened.line + 1}."
            point = self._inside(mark.line + 1, mark.column + 1)
        lines = self.text.split("\n")
        line = lines[point[0] - 1]
        message, hint = explain(complaint, line[point[1] - 1 : point[1]])
        if "\t" in line:
            return  # told already, and most likely the cause
        try:
            self._add("YM007", point, message + where, hint)
        except _Enough:
            return

    def _is_told_at_its_start(self, complaint: str, mark: Any) -> bool:
        """True when the place where the parser gave up is far from what needs mending."""
        return (
            "could not find expected ':'" in complaint
            or "found unexpected" in complaint
            or ("expected ','" in complaint and mark.index >= len(self.text.rstrip()))
        )

    def _inside(self, line: int, column: int) -> _Point:
        """The nearest point that exists in the text: a parser may complain behind its end."""
        lines = self.text.split("\n")
        if len(lines) > 1 and not lines[-1]:
            lines.pop()
        if line > len(lines):
            return len(lines), len(lines[-1].rstrip("\r")) + 1
        return line, min(column, len(lines[line - 1].rstrip("\r")) + 1)

    # events

    def _events(self, parser: Any) -> None:
        next_event = parser.get_event
        next_event()
        event = next_event()
        if type(event) is StreamEndEvent:
            self._add("YM003", (1, 1), "The file is empty.", "Write the record, or delete it.")
            return
        self._root(event := next_event())
        self._node(event)
        while self._levels:
            self._step(next_event())
        next_event()
        if type(event := next_event()) is DocumentStartEvent:
            self._add(
                "YM004",
                self._inside(*_point(event)),
                "A second document starts here; a file holds one.",
                "Delete the '---', or move what follows to a file of its own.",
            )

    def _root(self, event: Any) -> None:
        if type(event) is MappingStartEvent:
            return
        if type(event) is ScalarEvent and event.implicit[0] and not event.value:
            self._add("YM003", (1, 1), "The file is empty.", "Write the record, or delete it.")
            raise _Enough
        if type(event) is ScalarEvent:
            found = "a text"
        elif type(event) is AliasEvent:
            found = "an alias"
        else:
            found = "a list"
        self._add(
            "YM005",
            _point(event),
            f"The file starts with {found}; 'key: value' lines are expected.",
            "Look at another file of the same folder for its form.",
        )

    def _step(self, event: Any) -> None:
        level = self._levels[-1]
        if type(event) in (MappingEndEvent, SequenceEndEvent):
            self._levels.pop()
            if level.is_key:
                self._levels[-1].key = ""  # its value comes next; a key of "" clashes with none
        elif level.is_mapping and level.key is None:
            self._key(level, event)
        else:
            self._node(event)

    def _key(self, level: _Level, event: Any) -> None:
        point = _point(event)
        level.key_point = point
        self._marks(event)
        if type(event) is not ScalarEvent:
            if type(event) is AliasEvent:
                level.key = ""
                return
            self._key_is_not_text(point, "A list or mapping stands where a key is expected.")
            self._enter(event, level.loc, is_key=True)
            return
        key = level.key = event.value
        if event.implicit[0] and key == "<<":
            self._add(
                "YM011",
                point,
                "The merge key '<<' is not accepted.",
                "Write the fields out.",
            )
        elif event.implicit[0] and event.tag is None and not is_text(key):
            missing = "A key is missing before ':'."
            what = f"The key {self._quoted(key)} is not a text." if key else missing
            hint = f"Put it in quotes: {self._quoted(key)}." if key else "Write the key."
            self._add("YM013", point, what, hint)
        self._escapes(event)
        if key in level.keys:
            first = level.keys[key]
            self._add(
                "YM014",
                point,
                f"The key {self._quoted(key)} stands here again; it is first on line {first}.",
                "Keep one of the two.",
            )
        else:
            level.keys[key] = point[0]

    def _key_is_not_text(self, point: _Point, message: str) -> None:
        self._add("YM013", point, message, "Put a text that starts with [ or { in quotes.")

    def _node(self, event: Any) -> None:
        loc = self._spot(event)
        self._marks(event)
        if type(event) is ScalarEvent:
            self._scalar(event)
        elif type(event) is not AliasEvent:
            self._enter(event, loc)

    def _spot(self, event: Any) -> Loc:
        """Note where this value stands, and say at which location."""
        point = _point(event)
        if not self._levels:
            self.spots[()] = Spot(point, point)
            return ()
        level = self._levels[-1]
        if level.is_mapping:
            loc, spot = (*level.loc, level.key or ""), Spot(level.key_point, point)
            level.key = None
        else:
            loc, spot = (*level.loc, level.count), Spot(point, point)
            level.count += 1
        self.spots.setdefault(loc, spot)
        return loc

    def _enter(self, event: Any, loc: Loc, *, is_key: bool = False) -> None:
        if len(self._levels) >= MAX_DEPTH:
            self._add(
                "YM015",
                _point(event),
                f"Values are nested more than {MAX_DEPTH} levels deep here.",
                "Take some brackets or indentation away.",
            )
            raise _Enough
        self._levels.append(_Level(loc, type(event) is MappingStartEvent, is_key))

    def _marks(self, event: Any) -> None:
        point = _point(event)
        if type(event) is AliasEvent:
            name = f"*{event.anchor}"
            self._add(
                "YM009",
                point,
                f"The alias {self._quoted(name)} is not accepted.",
                "Write the value out; put a text that starts with * in quotes.",
            )
            return
        if event.anchor:
            name = f"&{event.anchor}"
            self._add(
                "YM008",
                point,
                f"The anchor {self._quoted(name)} is not accepted.",
                "Delete it; put a text that starts with & in quotes.",
            )
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
            self._add(
                "YM010",
                point,
                f"The tag {self._quoted(tag)} is not accepted.",
                "Delete it; put a text that starts with ! in quotes.",
            )

    def _escapes(self, event: Any) -> None:
        if event.style == '"' and (found := FORBIDDEN.search(event.value)):
            self._forbidden(_point(event), found[0])

    def _scalar(self, event: Any) -> None:
        self._escapes(event)
        text, point = event.value, _point(event)
        if not event.implicit[0] or event.tag is not None:
            return
        if not text:
            if not event.anchor:
                self._add(
                    "YM018",
                    self._inside(*point),
                    "A value is missing here.",
                    "Write it, write null where nothing is meant, or delete the line.",
                )
        elif (right := SPELLED_WRONG.get(text)) is not None:
            self._add(
                "YM017",
                point,
                f"{self._quoted(text)} is not how {right} is written here.",
                f"Write {right} in small letters, or {self._quoted(text)} in quotes for the text.",
            )
        elif ODD_NUMBER.fullmatch(text):
            self._add(
                "YM019",
                point,
                f"{self._quoted(text)} is a number in a form that programs do not read alike.",
                "Put it in quotes for a text, or write a whole number of at most 15 digits.",
            )


def _harmless(found: re.Match[str]) -> str:
    return " " if found[0] in "\t\r" else "\ufffd"


def _point(event: Any) -> _Point:
    return event.start_mark.line + 1, event.start_mark.column + 1
