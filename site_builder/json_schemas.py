# SPDX-License-Identifier: Apache-2.0
"""JSON Schemas of every kind of record, generated from the model, safe for draft-07 readers."""

from __future__ import annotations

import json
from typing import Any

from site_builder.model import KINDS

DRAFT = "http://json-schema.org/draft-07/schema#"
# Which files each schema describes, for editors.
FILES = {
    "issuer": ["catalog/issuer.yml"],
    "framework": ["catalog/frameworks/*.yml"],
    "credential": ["catalog/credentials/*.yml"],
    "pathway": ["catalog/pathways/*.yml"],
    "role": ["catalog/roles/*.yml"],
    "program": ["catalog/programs/*.yml"],
    "teacher": ["awards/teachers/*.yml"],
    "award": ["awards/*/*/*.yml"],
}


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind; editors of today read draft-07 and below."""
    model = KINDS[kind]
    body = model.model_json_schema(ref_template="#/definitions/{model}")
    definitions = body.pop("$defs", {})
    title = body.pop("title", kind)
    found: dict[str, Any] = {"$schema": DRAFT, "title": title} | body
    if definitions:
        found["definitions"] = definitions
    tidy: dict[str, Any] = _without_titles(found)
    return tidy


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by kind."""
    return {kind: schema(kind) for kind in KINDS}


def schema_text(kind: str) -> str:
    """A schema as the text of its file."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def _without_titles(value: Any, *, is_properties: bool = False) -> Any:
    """Drops the titles pydantic makes up from field names: they repeat the key in every hover."""
    if isinstance(value, dict):
        return {
            key: _without_titles(one, is_properties=key == "properties" and not is_properties)
            for key, one in value.items()
            if is_properties or key != "title" or not isinstance(one, str)
        }
    return [_without_titles(one) for one in value] if isinstance(value, list) else value
