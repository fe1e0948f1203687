# SPDX-License-Identifier: Apache-2.0
"""The documentation says what the program does: all of it, and nothing else."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import tomllib
import typing
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from markdown.extensions.toc import slugify
from pydantic import BaseModel

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog, criteria_sha256
from site_builder.cli import commands
from site_builder.documents import Document, parse
from site_builder.insights import raw_figures, raw_overview
from site_builder.json_schemas import FILES
from site_builder.model import KINDS
from site_builder.pages.catalog_pages import catalog_pages
from site_builder.problems import REGISTRY
from site_builder.records import Record, read_record
from tests.conftest import Demo
from tests.support import ROOT, environment, files_of
from tests.tools.field_words import WORDS
from tests.tools.make_reference import PAGES

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
TEXTS = sorted(
    [
        *DOCS.rglob("*.md"),
        *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")),
    ]
)


def section(text: str, heading: str) -> str:
    """What stands below a heading of the second level, up to the next."""
    found = re.search(
        rf"^## {re.escape(heading)}(?: [^\n]*)?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert found is not None, heading
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def rows(text: str) -> list[str]:
    """What stands in code in the first cell of each row of the tables of a text."""
    firsts = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return [code for first in firsts for code in re.findall(r"`([^`]+)`", first)]


# Reference


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_current(name: str) -> None:
    written = (REFERENCE / name).read_text("utf-8")
    assert written == PAGES[name](), "run: python -m tests.tools.make_reference"


def test_every_command_and_option_is_documented_and_no_other() -> None:
    text = (REFERENCE / "commands.md").read_text("utf-8")
    context = click.Context(commands, info_name="badges", **commands.context_settings)
    names = commands.list_commands(context)
    assert re.findall(r"^## badges ([a-z-]+) ", text, re.MULTILINE) == names
    for name in names:
        command = commands.get_command(context, name)
        assert command is not None
        below = command.commands.values() if isinstance(command, click.Group) else ()
        options = [
            (*one.opts, *one.secondary_opts)
            if isinstance(one, click.Option)
            else [one.human_readable_name.strip("[]")]
            for part in (command, *below)
            for one in part.get_params(click.Context(part, info_name=part.name, parent=context))
        ]
        taken = [
            line.split("|")[1]
            for line in section(text, f"badges {name}").splitlines()
            if line.startswith("| `")
        ]
        assert [re.findall(r"`([^`]+)`", one) for one in taken] == [list(one) for one in options]


def test_every_problem_code_has_one_anchor() -> None:
    text = (REFERENCE / "problems.md").read_text("utf-8")
    assert re.findall(r"^### \w+: .* \{ #(\w+) \}$", text, re.MULTILINE) == [
        code.lower() for code in REGISTRY
    ]


def models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for part in typing.get_args(annotation) for one in models_in(part)]


def field_paths(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Paths of all fields of a model and of the models in it, as a reader writes them."""
    found = []
    for name, field in model.model_fields.items():
        if name == "id" and not prefix and model in KINDS.values():
            continue  # the file's name
        path = prefix + (field.alias or name)
        found.append(path)
        for below in models_in(field.annotation):
            if below.__name__ not in ("Rule", "Selector"):
                is_list = typing.get_origin(field.annotation) is tuple
                found += field_paths(below, f"{path}[]." if is_list else f"{path}.")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_is_documented_and_no_other(kind: str) -> None:
    text = section((REFERENCE / "fields.md").read_text("utf-8"), kind.capitalize())
    assert rows(text) == field_paths(KINDS[kind])


def test_rules_and_selectors_are_documented() -> None:
    text = (REFERENCE / "fields.md").read_text("utf-8")
    rule = KINDS["pathway"].model_fields["requires"].annotation
    assert isinstance(rule, type)
    assert rows(section(text, "Rule")) == list(rule.model_fields)
    assert rows(section(text, "Selector")) == ["area", "tag", "framework"]


def test_no_line_about_a_field_is_left_over() -> None:
    known: dict[str, set[str]] = {}
    left: list[type[BaseModel]] = list(KINDS.values())
    while left:
        model = left.pop()
        if model.__name__ not in known:
            known[model.__name__] = {
                field.alias or name for name, field in model.model_fields.items()
            }
            left += chain.from_iterable(
                models_in(field.annotation) for field in model.model_fields.values()
            )
    for kind in KINDS.values():
        known[kind.__name__] -= {"id"}
    assert {name: set(words) for name, words in WORDS.items()} == known


# Addresses


def documented_paths() -> list[str]:
    text = (REFERENCE / "addresses.md").read_text("utf-8").partition("## Kept for later")[0]
    return [
        code
        for line in text.splitlines()
        if line.startswith("| `")
        for code in re.findall(r"`([^`]+)`", line)
    ]


def public_paths() -> dict[str, str]:
    """Every path `addresses.py` can give, with a mark for each part that varies."""
    found = {
        name: value
        for name, value in vars(addresses).items()
        if name.isupper() and isinstance(value, str)
    }
    marks = {
        "award_id": "<id>",
        "slug": "<slug>",
        "competency_id": "<competency>",
        "area_id": "<area>",
    }
    for name, function in inspect.getmembers(addresses, inspect.isfunction):
        if (
            function.__module__ != addresses.__name__
            or len(inspect.signature(function).parameters) != 1
        ):
            continue
        parameter = next(iter(inspect.signature(function).parameters))
        if parameter == "credential":
            found[name] = function(SimpleNamespace(id="<slug>", version="<version>"))
        elif parameter in marks:
            found[name] = function(marks[parameter])
    return found


def test_every_public_path_is_documented() -> None:
    documented = set(documented_paths())
    missing = {
        name: path
        for name, path in public_paths().items()
        if path not in documented and path.removesuffix("index.html") not in documented
    }
    assert missing == {}


def test_every_file_of_a_site_stands_in_the_list_of_addresses(demo: Demo) -> None:
    patterns = []
    for path in documented_paths():
        whole = path + "index.html" if path.endswith("/") else path
        words = re.escape(whole).replace("<any>", ".+")
        patterns.append(re.sub(r"<\w+>", "[^/]+", words))
    one = re.compile("|".join(patterns))
    aliases = [path for path in files_of(demo.site) if not one.fullmatch(path)]
    assert aliases == []


# Figures


def test_every_figure_is_documented(demo_catalog: Catalog) -> None:
    documented = set(rows((REFERENCE / "figures.md").read_text("utf-8")))
    figures = chain(
        raw_overview(demo_catalog),
        *(raw_figures(demo_catalog, one) for one in demo_catalog.programs.values()),
    )
    names = {
        re.sub(r"^survey:.*", "survey:<id>:<answer>", re.sub(r"\d+$", "<n>", name))
        for name in figures
    }
    assert names - documented == set()


# Guide


def test_samples_in_the_guide_fit_their_kind() -> None:
    samples = blocks((DOCS / "guide" / "for-districts.md").read_text("utf-8"), "yaml")
    kinds = []
    for sample in samples:
        path = sample.splitlines()[0].removeprefix("# ")
        kind = next(
            one for one, places in FILES.items() for place in places if Path(path).match(place)
        )
        document = parse(path, sample.encode())
        assert isinstance(document, Document), document
        record = read_record(kind, Path(path).stem, document)
        assert isinstance(record, Record), record
        kinds.append(kind)
    assert kinds == ["credential", "pathway", "teacher", "award"]


def test_script_in_the_guide_prints_what_an_award_needs(demo: Demo, tmp_path: Path) -> None:
    (script,) = blocks((DOCS / "guide" / "for-districts.md").read_text("utf-8"), "python")
    (tmp_path / "award_lines.py").write_text(script, "utf-8")
    credential = demo.catalog.versions["planning-for-assessment@1.0.0"]
    ran = subprocess.run(
        [sys.executable, str(tmp_path / "award_lines.py"), credential.pinned],
        cwd=demo.repository, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    sha = criteria_sha256(credential, demo.catalog.issuer.language)
    random_id = "[0-9a-hjkmnp-tv-z]{26}"
    expected = rf"# {random_id}\.yml\ncriteria_sha256: {sha}\nsalt: {random_id}\nstatus_list: \{{list: 0, index: \d{{1,6}}\}}\n"
    assert re.fullmatch(expected, ran.stdout)


# Links


def anchors(text: str) -> set[str]:
    """Anchors of a page's headings, as MkDocs makes them."""
    found = set()
    for heading in re.findall(
        r"^#{1,6} (.*)$",
        re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL),
        re.MULTILINE,
    ):
        given = re.search(r"\{ #([\w-]+) \}$", heading)
        found.add(given[1] if given else slugify(re.sub(r"[`*]", "", heading), "-"))
    return found


@pytest.fixture(scope="module")
def generated(demo_catalog: Catalog) -> set[Path]:
    """Places of the pages made from the catalog, as if they lay in docs/."""
    pages = catalog_pages(demo_catalog, Site("https://badges.example.org"))
    return {DOCS / one.src for one in pages}


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_internal_link_leads_somewhere(page: Path, generated: set[Path]) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    dead = []
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        place = (page.parent / path).resolve() if path else page
        if place in generated:
            continue
        if not place.exists() or (anchor and anchor not in anchors(place.read_text("utf-8"))):
            dead.append(target)
    assert dead == []


def test_links_to_problems_have_an_anchor_to_reach() -> None:
    text = (REFERENCE / "problems.md").read_text("utf-8")
    assert {code.lower() for code in REGISTRY} <= anchors(text)


# README, changelog, editor


def test_readme_has_two_commands_of_one_line_each() -> None:
    shown = blocks((ROOT / "README.md").read_text("utf-8"), "sh")
    assert shown == [
        "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/badges serve\n",
        'python3 -m venv .venv && .venv/bin/pip install -q -e ".[test]" && .venv/bin/pytest\n',
    ]


def test_gate_runs_the_test_command_of_the_readme() -> None:
    gate = (ROOT / ".ci" / "run").read_text("utf-8")
    pattern = re.search(r"grep -oE '([^']+)' README\.md", gate)
    assert pattern is not None
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.findall(pattern[1], readme) == [blocks(readme, "sh")[1].strip()]


def test_changelog_begins_with_the_version_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    first = re.search(
        r"^## \[[^\]]+\].*$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert first is not None
    assert project["version"] in first[0]


def test_editors_are_told_the_schema_of_every_kind() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))
    assert settings["yaml.schemas"] == {
        f"./site_builder/schemas/{kind}.json": places for kind, places in FILES.items()
    }
    assert all((ROOT / path).is_file() for path in settings["yaml.schemas"])


def test_every_decision_is_listed() -> None:
    listed = re.findall(
        r"\]\((\d{4}-[a-z-]+\.md)\)", (DOCS / "decisions" / "README.md").read_text("utf-8")
    )
    assert listed == sorted(one.name for one in (DOCS / "decisions").glob("[0-9]*.md"))
