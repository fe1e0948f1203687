# SPDX-License-Identifier: Apache-2.0
"""Whether a credential has its standard's form; the only `import jsonschema`.

The schemas are vendored and nothing is fetched, whatever a credential names under
`credentialSchema`. `format` is not asserted: the standard leaves it open and libraries disagree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft201909Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from site_builder.verify.reading import listed, member
from site_builder.verify.report import Finding, finding

Json = dict[str, Any]
_V2 = "https://www.w3.org/ns/credentials/v2"
_FILES = {
    "Open Badges 3.0": "ob_v3p0_achievementcredential_schema.json",
    "Comprehensive Learner Record 2.0": "clr_v2p0_clrcredential_schema.json",
}
# What many badges of one issuer hold word for word; looking once makes a folder twice as fast.
_SHARED = ("#/$defs/Achievement", "#/$defs/Profile")
_MOST_KEPT = 1_000


class _Kept:
    """Remembers which shared parts have their form."""

    def __init__(self) -> None:
        self._fit: set[tuple[str, str]] = set()

    def ref(self, validator: Any, ref: str, instance: Any, schema: Json) -> Iterator[Any]:
        """The keyword `$ref`, as the library has it but for the memory."""
        usual = Draft201909Validator.VALIDATORS["$ref"]
        if ref not in _SHARED or not isinstance(instance, dict):
            yield from usual(validator, ref, instance, schema)
            return
        key = (ref, json.dumps(instance))
        if key in self._fit:
            return
        is_fit = True
        for error in usual(validator, ref, instance, schema):
            is_fit = False
            yield error
        if is_fit:
            if len(self._fit) >= _MOST_KEPT:
                self._fit.clear()
            self._fit.add(key)


def _fits(validator: Any, schema: Any, instance: Any) -> bool:
    """Stops at the first error: the library's own keywords collect those of every alternative."""
    fits: bool = validator.evolve(schema=schema).is_valid(instance)
    return fits


def _any_of(validator: Any, options: list[Any], instance: Any, _: Json) -> Iterator[Any]:
    if not any(_fits(validator, one, instance) for one in options):
        yield ValidationError("fits none")


def _one_of(validator: Any, options: list[Any], instance: Any, _: Json) -> Iterator[Any]:
    if sum(_fits(validator, one, instance) for one in options) != 1:
        yield ValidationError("fits none, or more than one")


@cache
def _validator(kind: str) -> Any:
    text = (resources.files("site_builder.verify") / "schemas" / _FILES[kind]).read_bytes()
    keywords = {"$ref": _Kept().ref, "anyOf": _any_of, "oneOf": _one_of}
    made = extend(Draft201909Validator, keywords)  # type: ignore[no-untyped-call]
    return made(json.loads(text), registry=Registry())


def judge(document: Json, kind: str) -> Finding:
    """Whether a credential of a kind has the form of its standard.

    Only what uses the contexts of VC 2.0 is compared: the schemas are for no other.
    """
    if kind not in _FILES or _V2 not in listed(document.get("@context")):
        return finding("schema.none")
    try:
        if _validator(kind).is_valid(document):
            return finding("schema.ok", standard=kind)
        word = member(document, "credentialSubject", "achievement", "achievementType")
        if isinstance(word, str) and _validator(kind).is_valid(_with_listed_word(document)):
            return finding("schema.other_word", standard=kind, word=word)
        errors = _validator(kind).iter_errors(document)
        error = min(errors, key=lambda one: (len(one.absolute_path), str(one.absolute_path)))
    except RecursionError:  # deeper than the schema's own loops can follow; no badge is
        return finding("schema.failed", standard=kind, why="it is nested too deep")
    where = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in error.absolute_path)
    return finding("schema.failed", standard=kind, why=f"${where}: {_said(error)}")


def _with_listed_word(document: Json) -> Json:
    """A copy whose kind of achievement is on the standard's list.

    A word of one's own there says nothing that could mislead, and issuers use many.
    """
    subject = document["credentialSubject"]
    achievement = subject["achievement"] | {"achievementType": "Achievement"}
    return document | {"credentialSubject": subject | {"achievement": achievement}}


def _said(error: ValidationError) -> str:
    """What is wrong, in few words: some messages repeat the whole document."""
    if error.validator == "required":
        return error.message
    return f"it does not fit '{error.validator}'"
