# SPDX-License-Identifier: Apache-2.0
"""Documents become typed records; every field that does not fit becomes a located problem."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Union

from pydantic import BaseModel, ValidationError

from site_builder.documents import Document
from site_builder.model import KINDS, Entry
from site_builder.problems import Place, Problem, did_you_mean, quoted

if typing.TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Loc = tuple[str | int, ...]

_EXPECTED = {
    "bool_type": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "model_type": "write keys and values here",
    "dict_type": "write keys and values here",
    "tuple_type": "write a list here, such as [one, two]",
    "string_type": "write text here",
}


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


def read_record(kind: str, name: str, document: Document) -> Record | list[Problem]:
    """The record in `document`, or every field problem in it."""
    model = KINDS[kind]
    value = document.value
    problems = [
        Problem(
            "FD004",
            document.place((key,), key=True),
            f"{quoted(key)} does not belong in the file: {said}",
            "Take the line out.",
        )
        for key, said in (("id", "the file name is the id"), ("kind", "the folder says the kind"))
        if key in value
    ]
    if problems:
        value = {key: one for key, one in value.items() if key not in ("id", "kind")}
    try:
        entry = model.model_validate({**value, "id": name.partition("@")[0]})
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True)
        return problems + [_problem(model, document, details) for details in found]
    return problems or Record(kind, name, document, entry)


def _problem(model: type[BaseModel], document: Document, details: ErrorDetails) -> Problem:
    loc: Loc = tuple(part for part in details["loc"] if part != "[key]")
    kind, last = details["type"], str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        return _unknown_key(model, document, loc)
    if kind == "missing":
        return Problem(
            "FD002",
            document.place(loc[:-1]),
            f"{_where(loc[:-1])}{quoted(last)} is missing.",
            f"Add a line {quoted(last + ': ...')}.",
        )
    value = details["input"]
    said = _EXPECTED.get(kind, details["msg"])
    hint = ""
    if kind == "literal_error":
        options = [
            option.strip("' ")
            for option in details.get("ctx", {})["expected"].replace(" or ", ", ").split(",")
        ]
        said = "write one of " + ", ".join(options)
        hint = did_you_mean(str(value), options)
    shown = quoted(value) if isinstance(value, str | int | bool) or value is None else _shape(value)
    return Problem("FD003", document.place(loc), f"{_where(loc)}is {shown}; {said}.", hint)


def _shape(value: object) -> str:
    return "a list" if isinstance(value, list | tuple) else "a block of keys and values"


def _where(loc: Loc) -> str:
    """The path inside the file in words a person reads, such as `rounds[2].decided `."""
    words = ""
    for part in loc:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return f"{words} " if words else ""


def _unknown_key(model: type[BaseModel], document: Document, loc: Loc) -> Problem:
    key, parent = str(loc[-1]), _model_at(model, loc[:-1])
    known = sorted(_keys(parent)) if parent else []
    hint = did_you_mean(key, known) or (
        "Known keys here: " + ", ".join(known) + "." if known else ""
    )
    return Problem(
        "FD001",
        document.place(loc, key=True),
        f"{_where(loc[:-1])}has no key {quoted(key)}.".capitalize()
        if not loc[:-1]
        else f"{_where(loc[:-1])}has no key {quoted(key)}.",
        hint,
    )


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        if name != "id" or not issubclass(model, Entry):
            yield info.alias or name


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """The model that describes the block at `loc`, following field types."""
    at: Any = model
    for part in loc:
        if isinstance(at, type) and issubclass(at, BaseModel):
            fields = {info.alias or name: info for name, info in at.model_fields.items()}
            if part not in fields:
                return None
            at = _bare(fields[str(part)].annotation)
        elif isinstance(part, int) or typing.get_origin(at) is dict:
            inner = [one for one in typing.get_args(at) if one is not Ellipsis]
            at = _bare(inner[-1]) if inner else None
    while typing.get_origin(at) is tuple:
        at = _bare(typing.get_args(at)[0])
    return at if isinstance(at, type) and issubclass(at, BaseModel) else None


def _bare(annotation: Any) -> Any:
    """A type without Annotated and without None."""
    while typing.get_origin(annotation) is Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) in (Union, types.UnionType):
        options = [_bare(one) for one in typing.get_args(annotation) if one is not type(None)]
        models = [one for one in options if isinstance(one, type) and issubclass(one, BaseModel)]
        return models[0] if models else options[0]
    return annotation


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
