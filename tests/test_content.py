# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from site_builder.build import load_tree
from site_builder.catalog import Catalog
from site_builder.documents import Document, parse
from site_builder.json_schemas import schemas
from site_builder.sources import Source, read_tree
from tests.demo import generate

ROOT = Path(__file__).parent.parent
PLAN = generate.plan()
RUN = {one["id"]: one for one in PLAN["programs"]}


@cache
def sources() -> tuple[Source, ...]:
    return read_tree(ROOT).sources


@cache
def demo() -> Catalog:
    loaded = load_tree(read_tree(ROOT))
    assert loaded.catalog is not None
    return loaded.catalog


@cache
def values(kind: str) -> dict[str, dict[str, Any]]:
    """What each file of a kind holds, by path."""
    found = {}
    for source in sources():
        if source.kind == kind:
            document = parse(source.path, source.data)
            assert isinstance(document, Document)
            found[source.path] = document.value
    return found


def english(value: Any) -> Iterator[str]:
    """Every English text in a tree."""
    if isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, str) and key == "en":
                yield one
            else:
                yield from english(one)
    elif isinstance(value, list):
        for one in value:
            yield from english(one)


def test_demo_has_no_error_and_no_warning():
    problems = load_tree(read_tree(ROOT)).problems
    assert {one.code for one in problems} <= {"I18001", "PW007"}
    assert {one.severity for one in problems} == {"note"}


def test_catalog_has_the_parts_of_the_story():
    counted = [one for one in demo().programs.values() if one.counted]
    areas = [
        area.id
        for framework in demo().frameworks.values()
        for area in framework.areas
        if framework.id != "samples"
    ]
    assert areas == [
        "teams",
        "evidence",
        "growing-colleagues",
        "emerging-leader",
        "assessment-matters",
    ]
    assert len(demo().counted_credentials) == 23
    assert len(demo().pathways) == 3
    assert len(demo().roles) == 2
    assert len(counted) == 5
    assert [len(demo().members(area=area)) for area in areas] == [6, 6, 6, 4, 1]


def counted_files() -> list[tuple[str, dict[str, Any]]]:
    slugs = {one.id for one in demo().counted_credentials}
    found = [
        (path, value)
        for path, value in values("credential").items()
        if path.rpartition("/")[2].removesuffix(".yml") in slugs
    ]
    assert len(found) == 23
    return found


@pytest.mark.parametrize(("path", "value"), counted_files(), ids=lambda one: str(one)[20:50])
def test_micro_credential_has_five_hundred_words_of_english(path: str, value: dict[str, Any]):
    assert sum(len(text.split()) for text in english(value)) >= 500, path


def sentences(text: str) -> Iterator[str]:
    for sentence in re.split(r"(?<=[.!?;:])\s+", " ".join(text.split())):
        plain = re.sub(r"[^\w' ]", "", sentence).lower().strip()
        if len(plain.split()) >= 8:
            yield plain


def without_titles(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_titles(one) for key, one in value.items() if key != "title"}
    return [without_titles(one) for one in value] if isinstance(value, list) else value


def test_no_sentence_of_eight_words_stands_twice_in_the_catalog():
    seen: Counter[str] = Counter()
    for kind in ("framework", "credential", "pathway", "role", "program"):
        for path, value in values(kind).items():
            if "@" not in path:  # an earlier version says much the same
                seen.update(
                    one for text in english(without_titles(value)) for one in sentences(text)
                )
    assert [sentence for sentence, count in seen.items() if count > 1] == []


def maps(value: Any) -> Iterator[set[str]]:
    if isinstance(value, dict):
        if value and set(value) <= {"en", "es"}:
            yield set(value)
        else:
            for one in value.values():
                yield from maps(one)
    elif isinstance(value, list):
        for one in value:
            yield from maps(one)


def test_micro_credentials_of_area_a_are_complete_in_spanish():
    slugs = demo().members(area="teams")
    assert len(slugs) == 6
    for slug in slugs:
        found = list(maps(values("credential")[f"catalog/credentials/{slug}.yml"]))
        assert len(found) > 20
        assert all(languages == {"en", "es"} for languages in found), slug


def test_framework_of_area_a_is_complete_in_spanish():
    (area,) = (
        one
        for one in values("framework")["catalog/frameworks/teacher-leadership.yml"]["areas"]
        if one["id"] == "teams"
    )
    assert all(languages == {"en", "es"} for languages in maps(area))


def test_awards_are_regenerated_byte_for_byte():
    made = generate.build(ROOT)
    kept = {one.path: one.data for one in sources() if one.path.startswith("awards/")}
    assert sorted(made) == sorted(kept)
    assert [path for path, data in made.items() if kept[path] != data] == []


def counted_awards() -> list[Any]:
    return [one for one in demo().awards.values() if one.program != "samples"]


def test_demo_has_546_awards_by_154_earners():
    assert len(counted_awards()) == PLAN["totals"]["awards"] == 546
    assert len({one.teacher for one in counted_awards()}) == PLAN["totals"]["earners"] == 154


@pytest.mark.parametrize("program", [name for name, one in RUN.items() if one["awards"]])
def test_awards_of_a_programme_follow_the_plan(program: str):
    planned = RUN[program]
    awards = [one for one in counted_awards() if one.program == program]
    assert len(awards) == planned["awards"]
    assert Counter(len(one.rounds) for one in awards) == planned["rounds"]
    by_teacher = Counter(Counter(one.teacher for one in awards).values())
    wanted = {count: people for count, people in planned["earners_by_award_count"].items() if count}
    assert by_teacher == wanted
    first, last = planned["issue_window"]
    assert all(first <= str(one.issued) <= last and one.issued.weekday() < 5 for one in awards)
    assert {demo().programs[program].school_year} == {planned["school_year"]}


def test_awards_per_credential_of_the_city_follow_the_plan():
    found = Counter(
        one.credential_slug for one in counted_awards() if one.program == "emerging-teacher-leaders"
    )
    codes = {slug: demo().credentials[slug].code for slug in found}
    planned = RUN["emerging-teacher-leaders"]["awards_per_credential"]
    assert {f"e{code[1:]}": found[slug] for slug, code in codes.items() if code} == planned


def test_earners_choose_public_unlisted_and_private_as_planned():
    found = Counter(
        demo().teachers[one].visibility for one in {one.teacher for one in counted_awards()}
    )
    assert found == {"public": 64, "unlisted": 55, "private": 35}


def test_work_in_progress_follows_the_plan():
    found = Counter(one.program for one in demo().drafts.values())
    assert found == {name: count for name, count in PLAN["in_progress"].items() if count}
    assert all(one.rounds[-1].outcome == "revise" for one in demo().drafts.values())
    earners = {one.teacher for one in counted_awards()}
    others = [one for one in demo().drafts.values() if one.teacher not in earners]
    assert Counter(one.program for one in others) == {"emerging-teacher-leaders": 20}


def test_samples_show_each_state_once_or_twice():
    found = Counter(one.status.state for one in demo().awards.values() if one.program == "samples")
    assert found == {"active": 6, "suspended": 1, "revoked": 1, "superseded": 1, "withdrawn": 1}


class Yaml12(yaml.SafeLoader):
    """An ordinary YAML 1.2 reader: the core schema, so `no` and dates stay text."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


@pytest.mark.parametrize(
    "kind", ["issuer", "framework", "credential", "pathway", "role", "program", "teacher", "award"]
)
def test_ordinary_yaml_reader_and_our_schema_accept_every_file(kind: str):
    schema = schemas()[kind]
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema)
    files = [source for source in sources() if source.kind == kind]
    assert files
    refused = {
        source.path: [f"{list(one.path)}: {one.message[:200]}" for one in found]
        for source in files
        if (found := list(validator.iter_errors(yaml.load(source.data, Yaml12))))  # noqa: S506
    }
    assert refused == {}
