# SPDX-License-Identifier: Apache-2.0
"""The validator of a kind of record without Python in it, for values as they should be.

A slug costs pydantic two calls of our functions, and an award holds thirty. Here the same model is
validated with patterns that pydantic's core knows how to match. They are narrower than ours in a
few places and wider in none, so what passes is what the model itself would have made of it; what
does not pass is for the model to judge, and to say why.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import Any

from pydantic_core import CoreSchema, SchemaValidator, core_schema

from site_builder.model import scalars
from site_builder.model.scalars import Entry

# A class that is complete would be asked for its own validator, and the schema given not be read;
# of the versions that do so the first have no way out, and are as fast as the model.
_UNPREPARED = "_use_prebuilt"
_OPTIONS: dict[str, Any] = (
    {_UNPREPARED: False} if _UNPREPARED in signature(SchemaValidator).parameters else {}
)
_INSIDE = ("schema", "keys_schema", "values_schema")  # one schema
_SEVERAL = ("items_schema", "choices", "steps", "definitions")  # a list of them


def quick_validator(model: type[Entry]) -> SchemaValidator:
    """Makes what `model.model_validate` makes, or raises ValidationError where it may not."""
    return SchemaValidator(_quick(model.__pydantic_core_schema__), **_OPTIONS)


def _quick(schema: Mapping[str, Any]) -> CoreSchema:
    """The schema with each of our functions that has a pattern replaced by it."""
    if schema["type"] in ("function-after", "function-before"):
        known = _REPLACED.get(schema["function"]["function"])
        if known is not None:
            return known
    made: Any = {name: part for name, part in schema.items() if name != "metadata"}
    for name in _INSIDE:
        if isinstance(part := made.get(name), dict):
            made[name] = _quick(part)
    for name in _SEVERAL:
        if isinstance(part := made.get(name), list):
            made[name] = [_quick(one) if isinstance(one, dict) else one for one in part]
    if isinstance(fields := made.get("fields"), dict):
        made["fields"] = {name: _quick(one) for name, one in fields.items()}
    return made  # type: ignore[no-any-return] # a copy of a schema is one


def _text(pattern: str) -> CoreSchema:
    return core_schema.str_schema(pattern=pattern, strict=True)


_REPLACED: dict[Any, CoreSchema] = {
    check: _text(f"^(?:{pattern})$") for check, pattern in scalars.PLAIN_PATTERNS.items()
} | {
    # at least one letter, digit or sign that is no space to anybody
    scalars.not_blank: _text(r"[!-~\p{L}\p{N}]"),
    scalars.count: core_schema.int_schema(strict=True, ge=0),
    scalars.date: core_schema.chain_schema(
        [_text(r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$"), core_schema.date_schema()]
    ),
}
