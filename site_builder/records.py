# SPDX-License-Identifier: Apache-2.0
"""Documents become typed records; every field that does not fit becomes a located problem."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from typing import Annotated, Any, Union

from pydantic import BaseModel, ValidationError

from site_builder.documents import Document
from site_builder.model import KINDS, Entry
from site_builder.model.quick import quick_validator
from site_builder.problems import Place, Problem, did_you_mean, quoted, quoted_in

if typing.TYPE_CHECKING:
    from pydantic_core import ErrorDetails, SchemaValidator

Loc = tuple[str | int, ...]

_EXPECTED = {
    "bool_type": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "model_type": "write keys and values here",
    "dict_type": "write keys and values here",
    "tuple_type": "write a list here, such as [one, two]",
    "string_type": "write text here",
    "string_pattern_mismatch": "write 'sha256$' and 64 hexadecimal digits",
}
# What to do where no near word can be named, by what was expected; else the last of all.
_HINTS = {
    "write a date as YYYY-MM-DD": "Write a day as 2016-03-14.",
    "there is no such day": "Look it up in a calendar; a day is written as 2016-03-14.",
}
_HINT = "The page of fields (reference/fields/) says what each key takes."
_MOST_KEYS = 8
_SHAPES = {"model_type", "dict_type", "tuple_type"}
# Keys of people's files whose values are no names, even when mistyped.
_NEVER_NAMES = {
    "credential", "decided", "expires", "from", "issued", "on", "submitted", "until", "withdrawn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One file that fits its kind.

    Attributes:
        kind: "issuer", "framework", "credential", "pathway", "role", "program", "teacher", "award".
        id: the file's name without its ending; for an earlier version `slug@version`.
        entry: the typed value; for `slug@version` files its own id is the slug alone.
    """

    kind: str
    id: str
    document: Document
    entry: Entry

    def place(self, *loc: str | int, key: bool = False) -> Place:
        """Place of the value at `loc`, or of the nearest thing above it."""
        return self.document.place(loc, key=key)


@dataclass(slots=True)
class Records:
    """Every record by kind and id, in the order of their paths; plus images and folder names.

    Attributes:
        by_kind: records by kind and id.
        images: bytes of catalog/images by file name.
        unread: (kind, id) of files that hold a problem, so that nothing calls them missing.
    """

    by_kind: dict[str, dict[str, Record]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS}
    )
    images: dict[str, bytes] = field(default_factory=dict)
    unread: set[tuple[str, str]] = field(default_factory=set)

    def of(self, kind: str) -> Mapping[str, Record]:
        return self.by_kind[kind]

    def knows(self, kind: str, name: str) -> bool:
        """True when a file of this name exists, readable or not."""
        return name in self.by_kind[kind] or (kind, name) in self.unread


@cache
def _quick(kind: str) -> SchemaValidator:
    return quick_validator(KINDS[kind])


def read_record(kind: str, name: str, document: Document) -> Record | list[Problem]:
    """The record in `document`, or every field problem in it."""
    model = KINDS[kind]
    value = document.value
    problems = [
        Problem(
            "FD004",
            document.place((key,), key=True),
            f"{quoted(key)} does not belong in the file: {said}.",
            "Take the line out.",
        )
        for key, said in (("id", "the file name is the id"), ("kind", "the folder says the kind"))
        if key in value
    ]
    if problems:
        value = {key: one for key, one in value.items() if key not in ("id", "kind")}
    value = {**value, "id": name.partition("@")[0]}
    try:
        entry = _quick(kind).validate_python(value)
    except ValidationError:
        pass  # the model itself says whether it fits, and what does not
    else:
        return problems or Record(kind, name, document, entry)
    try:
        entry = model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True)
        return [*problems, *_field_problems(kind, document, value, found)]
    return problems or Record(kind, name, document, entry)


def _field_problems(
    kind: str, document: Document, value: Any, found: Iterable[ErrorDetails]
) -> Iterator[Problem]:
    """One problem for each place: a field that may be two things names both of them."""
    told: dict[Loc, list[ErrorDetails]] = {}
    for details in found:
        told.setdefault(_written(details, value), []).append(details)
    for loc, several in told.items():
        # A branch of a union that the value does not even resemble says nothing of use
        # where the other branch could look inside it.
        if all(one["type"] in _SHAPES for one in several) and any(
            len(other) > len(loc) and other[: len(loc)] == loc for other in told
        ):
            continue
        inside = [one for one in several if one["type"] not in _SHAPES] or several
        yield _problem(kind, document, loc, inside)


def _written(details: ErrorDetails, value: Any) -> Loc:
    """Pydantic's place as it stands in the file: names of union branches taken out."""
    kept: list[str | int] = []
    *_, last = (None, *details["loc"])
    for part in details["loc"]:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            if part != "[key]" and not (details["type"] == "missing" and part == last):
                continue
        kept.append(part)
    return tuple(kept)


def _problem(kind: str, document: Document, loc: Loc, several: list[ErrorDetails]) -> Problem:
    details, last = several[0], str(loc[-1]) if loc else ""
    if details["type"] == "extra_forbidden":
        return _unknown_key(KINDS[kind], document, loc)
    if details["type"] == "missing":
        return Problem(
            "FD002",
            document.place(loc[:-1]),
            f"{quoted(last)} is missing{_inside(loc[:-1])}.",
            f"Add a line {quoted(last + ': ...')}.",
        )
    if last == "[key]":
        said = f"the key {quoted_in(document.path, loc[-2])}{_inside(loc[:-2])} does not fit"
        return Problem(
            "FD003", document.place(loc[:-1], key=True), f"{said}; {_expected(details)[0]}.", _HINT
        )
    expected = [_expected(one) for one in several]
    said = ", or ".join(dict.fromkeys(words for words, _ in expected))
    hint = next((hint for _, hint in expected if hint), "")
    hint = hint or next((_HINTS[words] for words, _ in expected if words in _HINTS), _HINT)
    shown = _shown(kind, loc, details)
    return Problem("FD003", document.place(loc), f"{_where(loc)} {shown}; {said}.", hint)


def _expected(details: ErrorDetails) -> tuple[str, str]:
    """What to write instead, and which of the possible words was probably meant."""
    if details["type"] != "literal_error":
        return _EXPECTED.get(details["type"], details["msg"]), ""
    options = re.findall(r"'([^']*)'", details["ctx"]["expected"])
    return "write " + _listed(options), did_you_mean(str(details["input"]), options)


def _listed(options: list[str]) -> str:
    return options[0] if len(options) == 1 else "one of " + ", ".join(options)


def _shown(kind: str, loc: Loc, details: ErrorDetails) -> str:
    """The value in a sentence; in people's files no words, which may be somebody's name."""
    value = details["input"]
    if isinstance(value, list | tuple | dict):
        if details["type"] not in _SHAPES:
            return "does not fit"
        return "is a list" if isinstance(value, list | tuple) else "is a block of keys and values"
    if kind in ("teacher", "award") and isinstance(value, str) and loc[-1] not in _NEVER_NAMES:
        is_choice = details["type"] == "literal_error"
        if re.search(r"[^\W\d_]", value) and (not is_choice or "(" in quoted_in("awards/", value)):
            return "does not fit"
    return f"is {quoted(value)}"


def _where(loc: Loc) -> str:
    """The path inside the file in words a person reads, such as `rounds[2].decided`."""
    words = ""
    for part in loc:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def _inside(loc: Loc) -> str:
    return f" in {_where(loc)}" if loc else ""


def _unknown_key(model: type[BaseModel], document: Document, loc: Loc) -> Problem:
    key, parent = str(loc[-1]), _model_at(model, loc[:-1])
    known = sorted(_keys(parent)) if parent else []
    hint = did_you_mean(key, known)
    if not hint and known:
        hint = f"Known keys here: {_listed_keys(key, known)}."
    shown = quoted_in(document.path, key)
    said = f"there is no key {shown}{_inside(loc[:-1]) or ' here'}."
    return Problem("FD001", document.place(loc, key=True), said, hint)


def _listed_keys(key: str, known: list[str]) -> str:
    """The keys that may stand here; of many only the nearest, in alphabetical order."""
    if len(known) <= _MOST_KEYS:
        return ", ".join(known)
    nearest = sorted(known, key=lambda one: (-SequenceMatcher(None, one, key).ratio(), one))
    return ", ".join(sorted(nearest[:_MOST_KEYS])) + f" and {len(known) - _MOST_KEYS} more"


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        if name != "id" or not issubclass(model, Entry):
            yield info.alias or name


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """The model that describes the block at `loc`, following field types."""
    at: list[Any] = [model]
    for part in loc:
        following: list[Any] = []
        for option in at:
            inner = typing.get_args(option)
            if isinstance(part, int):
                following += [inner[0]] if typing.get_origin(option) is tuple else []
            elif typing.get_origin(option) is dict:
                following.append(inner[1])
            elif _is_model(option):
                fields = {info.alias or name: info for name, info in option.model_fields.items()}
                following += [fields[part].annotation] if part in fields else []
        at = [bare for option in following for bare in _bare(option)]
    return next((option for option in at if _is_model(option)), None)


def _is_model(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, BaseModel)


def _bare(annotation: Any) -> list[Any]:
    """The types a field may be, without Annotated."""
    while typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) in (Union, types.UnionType):
        return [bare for option in typing.get_args(annotation) for bare in _bare(option)]
    return [annotation]


def read_records(
    documents: Iterable[tuple[str, str, Document | list[Problem]]],
) -> tuple[Records, list[Problem]]:
    """Every record of a tree, with the problems of all its files.

    Args:
        documents: (kind, id, parsed document or its problems) of each file.
    """
    records, problems = Records(), []
    for kind, name, document in documents:
        outcome = document if isinstance(document, list) else read_record(kind, name, document)
        if isinstance(outcome, Record):
            records.by_kind[kind][name] = outcome
        else:
            records.unread.add((kind, name))
            problems.extend(outcome)
    return records, problems
