# SPDX-License-Identifier: Apache-2.0
"""What tests of signed files share: a rich catalog, a second canonicaliser, ways to tamper."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
from pyld import ContextResolver, jsonld

from site_builder.build import load
from site_builder.proofs.contexts import CONTEXTS
from tests.support import (
    AWARDS,
    PRIVATE_AWARD,
    PRIVATE_TEACHER,
    PUBLIC_AWARD,
    PUBLIC_TEACHER,
    UNLISTED_AWARD,
    UNLISTED_TEACHER,
    award,
    small_repository,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from site_builder.catalog import Catalog

VECTORS = Path(__file__).parent / "vectors"
Json = dict[str, Any]
Place = tuple[str | int, ...]

REVOKED = "5n1b8s3x6v0k4h7d2g9w1c3z5q"
SUSPENDED = "6p2c9t4y7w1m5j8e3h0x2d4a6r"
WITHDRAWN = "8q4e1v6a9y3p7k0g5j2z4f6c8t"
EVIDENCE = """\
evidence:
  - {for: norms, title: The norms, url: "https://example.org/e?q=años[1]&p=100%", visibility: public}
  - {for: norms, title: What changed, narrative: We met **twice**., visibility: public}
  - {for: norms, title: internal canary, url: "https://example.org/private", visibility: private}
"""


def rich_repository() -> dict[str, str]:
    """A repository with every field a credential can show, consents included."""
    files = {path: str(text) for path, text in small_repository().items()}

    def swap(path: str, old: str, new: str) -> None:
        assert old in files[path], (path, old)
        files[path] = files[path].replace(old, new)

    swap("catalog/issuer.yml", "source:", "description: {en: We *set* norms.}\nsource:")
    swap(
        "catalog/frameworks/lead.yml",
        "title: {en: Norms},",
        "title: {en: Norms}, align: [{framework: tlms-2011, code: I, url: 'https://example.org/tlms#1'}],",
    )
    credential = "catalog/credentials/team-norms.yml"
    swap(credential, "competencies:", "tags: [teams, norms]\ncompetencies:")
    swap(credential, "workload:", "validity: P3Y\nworkload:")
    swap(
        f"awards/teachers/{PUBLIC_TEACHER}.yml",
        "[profile, awards]",
        "[profile, awards, level, evidence]",
    )
    more = f"level: leading\nexpires: 2019-03-14\n{EVIDENCE}"
    states = {
        PUBLIC_AWARD: (PUBLIC_TEACHER, ""),
        UNLISTED_AWARD: (UNLISTED_TEACHER, ""),
        PRIVATE_AWARD: (PRIVATE_TEACHER, ""),
        REVOKED: (
            PUBLIC_TEACHER,
            "status: {state: revoked, on: 2016-06-09, reason: Issued in error}\n",
        ),
        SUSPENDED: (
            PUBLIC_TEACHER,
            "status: {state: suspended, on: 2016-05-03, reason: Under review}\n",
        ),
        WITHDRAWN: (PUBLIC_TEACHER, "status: {state: withdrawn, on: 2016-06-15}\n"),
    }
    for index, (one, (teacher, status)) in enumerate(states.items(), 10):
        mine = more if teacher == PUBLIC_TEACHER else "level: leading\nexpires: 2019-03-14\n"
        text = award(teacher, index, credential=files[credential], more=mine + status)
        files[f"{AWARDS}/{one}.yml"] = text.replace("c1: proficient", "c1: leading")
    return files


def rich_catalog(folder: Path) -> Catalog:
    found, problems = load(write(folder, rich_repository()))
    assert found is not None, [str(one) for one in problems if one.severity == "error"]
    return found


def agreeing(catalog: Catalog, *covers: str, **changes: Any) -> Catalog:
    """The catalog with another consent of the public teacher, whatever the check would say."""
    person = catalog.teachers[PUBLIC_TEACHER]
    consent = tuple(one.model_copy(update={"covers": covers}) for one in person.consent)
    changed = person.model_copy(update={"consent": consent, **changes})
    return replace(catalog, teachers={**catalog.teachers, PUBLIC_TEACHER: changed})


def validator(name: str) -> jsonschema.Draft201909Validator:
    """Of a JSON Schema in vectors/, by its path there without the ending."""
    schema = json.loads((VECTORS / f"{name}.schema.json").read_text("utf-8"))
    checker = jsonschema.Draft201909Validator.FORMAT_CHECKER
    return jsonschema.Draft201909Validator(schema, format_checker=checker)


def _loader(contexts: Mapping[str, Json]) -> Any:
    def find(url: str, _options: Any = None) -> Json:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": {"@context": contexts[url]},
        }

    return find


_LOADER = _loader(CONTEXTS)
_RESOLVER = ContextResolver({}, _LOADER)


def second_opinion(document: Json) -> bytes:
    """Canonical N-Quads by pyld, which shares no code with the library we use."""
    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": _LOADER,
        "contextResolver": _RESOLVER,
    }
    return jsonld.normalize(document, options).encode()


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every leaf of a JSON value with its place."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*place, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from leaves(one, (*place, number))
    else:
        yield place, value


def branches(value: Any, place: Place = ()) -> Iterator[Place]:
    """The place of every member of an object and every item of a list."""
    entries = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in entries:
        yield (*place, key)
        yield from branches(one, (*place, key))


def put(document: Json, place: Place, value: Any) -> Json:
    """A copy with another value at a place."""
    made = copy.deepcopy(document)
    target: Any = made
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    return made


def drop(document: Json, place: Place) -> Json:
    """A copy without what stands at a place."""
    made = copy.deepcopy(document)
    target: Any = made
    for key in place[:-1]:
        target = target[key]
    del target[place[-1]]
    return made


def other(value: Any) -> Any:
    """A value of the same kind that is not this one, as somebody might forge it."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value[:-1] + ("y" if value.endswith("x") else "x")
    return f"{value}x"


def published(document: Json) -> Json:
    """The document as a reader gets it: through JSON text."""
    return json.loads(json.dumps(document, ensure_ascii=False))
