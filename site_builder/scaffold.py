# SPDX-License-Identifier: Apache-2.0
"""Edge: `badges new`. The files of a small district repository from `starter/`, and their writing.

Answers enter YAML through `yaml_text` and Markdown with every mark as an entity, so that no name
can break a file or smuggle markup into a page.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.util
import json
import os
import re
import tempfile
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from site_builder import __version__
from site_builder.catalog.criteria import criteria_sha256
from site_builder.documents import Document, parse, yaml_text
from site_builder.ids import mint_id, mint_salt, status_index
from site_builder.json_schemas import FILES, schema_text
from site_builder.model import KINDS, Credential, Issuer
from site_builder.problems import EnvironmentProblem, UsageProblem, quoted
from site_builder.texts import markdown_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

_REVIEW = dt.timedelta(days=14)  # from the sample's submission to its award
_SCHOOL_YEAR_BEGINS = (7, 1)  # month and day; districts change the dates of their own programmes
_CREDENTIAL = "catalog/credentials/student-led-conferences.yml"
_MARK = re.compile(r'("?)<<([a-z0-9_]+)>>\1')
_MARKDOWN = re.compile(r"[&<>\\`*_\[\]{}|~]")
_LOOKS_LIKE_EMAIL = re.compile(r"\S@\S+\.\S")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new repository is told about its district; the defaults are meant to be changed."""

    name: str = "My district"
    url: str = "https://badges.example.org"
    contact: str = "badges@example.org"
    country: str = "US"
    language: str = "en"

    def tidy(self) -> Answers:
        """Without spaces that nobody sees and slashes at the end of the address."""
        given = {one.name: " ".join(getattr(self, one.name).split()) for one in fields(self)}
        return Answers(**given | {"url": given["url"].rstrip("/")})


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn at random for the sample person and award."""

    teacher: str = field(default_factory=mint_id)
    award: str = field(default_factory=mint_id)
    salt: str = field(default_factory=mint_salt)
    status_index: int = field(default_factory=status_index)


def faults(answers: Answers) -> dict[str, str]:
    """What is wrong with each answer, as the end of a sentence, by the answer's name.

    The rules are the issuer's own and those of `badges check` for texts.
    """
    found = {
        one.name: _fault_of_text(one.name, getattr(answers, one.name)) for one in fields(answers)
    }
    try:
        Issuer.model_validate(_issuer(answers))
    except ValidationError as error:
        for details in error.errors(include_url=False):
            key = str(details["loc"][0])
            name = {"base_url": "url", "region": "country"}.get(key, key)
            if name in found:
                found[name] = found[name] or f"{details['msg']}."
    if not found["url"] and ("?" in answers.url or "#" in answers.url):
        found["url"] = "write only what every page's address starts with, without '?' and '#'."
    return {name: said for name, said in found.items() if said}


def _fault_of_text(name: str, words: str) -> str:
    try:
        yaml_text({name: words})
    except ValueError as error:
        return f"{error}."
    for fault in markdown_faults(words):
        return f"it {fault}."
    if name != "contact" and _LOOKS_LIKE_EMAIL.search(words):
        return "it holds an e-mail address, which belongs in --contact alone."
    return ""


def _issuer(answers: Answers) -> dict[str, object]:
    return {
        "name": answers.name,
        "type": "district",
        "base_url": answers.url,
        "url": answers.url,
        "contact": answers.contact,
        "region": {"country": answers.country},
        "language": answers.language,
        "languages": [answers.language],
    }


def starter_files(answers: Answers, *, today: dt.date, marks: Marks) -> dict[str, bytes]:
    """Every file of the new repository by path, sorted; equal arguments give equal bytes.

    Args:
        answers: tidy and without faults.
        today: the day of the sample award; its school year is the programme's.
        marks: what was drawn at random.
    """
    values = _values(answers, today, marks)
    texts = dict(_templates(resources.files("site_builder") / "starter"))
    credential = _filled(_CREDENTIAL, texts[_CREDENTIAL], values)
    values["criteria_sha256"] = _criteria(credential, answers.language)
    names = {
        "YEAR": str(values["year"]),
        "TEACHER.yml": f"{marks.teacher}.yml",
        "AWARD.yml": f"{marks.award}.yml",
    }
    made = {
        "/".join(names.get(part, part) for part in path.split("/")): _filled(path, text, values)
        for path, text in texts.items()
    }
    made |= {f"schemas/{kind}.json": schema_text(kind) for kind in KINDS}
    made |= _editor_files()
    return {path: made[path].encode() for path in sorted(made)}


def _values(answers: Answers, today: dt.date, marks: Marks) -> dict[str, str | int | dt.date]:
    begins = dt.date(today.year, *_SCHOOL_YEAR_BEGINS)
    if today < begins:
        begins = begins.replace(year=today.year - 1)
    return {
        "name": answers.name,
        "base_url": answers.url,
        "contact": answers.contact,
        "country": answers.country,
        "language": answers.language,
        "theme_language": theme_language(answers.language),
        "version": __version__,
        "year": f"{begins.year}-{(begins.year + 1) % 100:02}",
        "start": begins,
        "end": begins.replace(year=begins.year + 1) - dt.timedelta(days=1),
        "submitted": max(begins, today - _REVIEW),
        "issued": today,
        "teacher": marks.teacher,
        "award": marks.award,
        "salt": marks.salt,
        "status_index": marks.status_index,
    }


def _templates(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Path and text of each template; `dot-` stands for a dot, which build tools pass over."""
    for entry in folder.iterdir():
        path = prefix + re.sub(r"^dot-", ".", entry.name)
        if entry.is_dir():
            yield from _templates(entry, f"{path}/")
        else:
            yield path, entry.read_text("utf-8")


def _filled(path: str, text: str, values: Mapping[str, str | int | dt.date]) -> str:
    """A template with its marks replaced, each written as its kind of file needs it."""

    def written(mark: re.Match[str]) -> str:
        value = values[mark[2]]
        if path.endswith(".yml"):
            return _yaml(value, is_quoted=bool(mark[1]))
        if path.endswith(".md"):
            value = _MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", str(value))
        return f"{mark[1]}{value}{mark[1]}"

    return _MARK.sub(written, text)


def _yaml(value: str | int | dt.date, *, is_quoted: bool) -> str:
    """A value on one line of YAML; in quotes where brackets or an older reader ask for them."""
    text = yaml_text({"x": value}).removeprefix("x: ").removesuffix("\n")
    if not is_quoted or text.startswith('"'):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _criteria(text: str, language: str) -> str:
    document = parse(_CREDENTIAL, text.encode())
    value = document.value if isinstance(document, Document) else document  # refused, as our bug
    return criteria_sha256(Credential.model_validate(value), language)


def _editor_files() -> dict[str, str]:
    """Settings with which VS Code checks records against the schemas in the repository."""
    settings = {
        "yaml.schemas": {f"./schemas/{kind}.json": files for kind, files in FILES.items()},
        "yaml.validate": True,
        "files.associations": {"*.yml": "yaml"},
    }
    extensions = {"recommendations": ["redhat.vscode-yaml", "editorconfig.editorconfig"]}
    return {
        ".vscode/settings.json": json.dumps(settings, indent=2) + "\n",
        ".vscode/extensions.json": json.dumps(extensions, indent=2) + "\n",
    }


def theme_language(language: str) -> str:
    """The theme's own words in this language or its parent, else English."""
    theme = importlib.util.find_spec("material")
    folders = [Path(one) for one in (theme.submodule_search_locations or ())] if theme else []
    tag = language
    while tag:
        if any((one / "templates/partials/languages" / f"{tag}.html").is_file() for one in folders):
            return tag
        tag = tag.rpartition("-")[0]
    return "en"


def option_words(name: str, value: str, said: str) -> str:
    """One fault as a sentence about the option."""
    return f"--{name} is {quoted(value)}; {said}"


def refuse_taken(folder: Path) -> None:
    """Nothing when a repository can be started in `folder`; it may exist if it is empty.

    Raises:
        UsageProblem: something is there already, or the folder above is not.
        EnvironmentProblem: the folder cannot be looked into.
    """
    if not os.path.lexists(folder):
        if not os.path.isdir(folder.absolute().parent):  # noqa: PTH112 - see `write_all`
            where = quoted(str(folder.parent))
            raise UsageProblem(f"there is no folder {where} to make {quoted(folder.name)} in.")
        return
    if not os.path.isdir(folder):  # noqa: PTH112 - see `write_all`
        raise UsageProblem(f"{quoted(str(folder))} is there already and is not a folder.")
    try:
        there = sorted(one.name for one in folder.iterdir() if one.name != ".git")
    except OSError as error:
        raise _cannot("read", folder, error) from None
    if there:
        raise UsageProblem(
            f"{quoted(str(folder))} is not empty: it holds {quoted(there[0])}. "
            "Name a new folder, or an empty one."
        )


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes every file below `folder`, or none: all are made beside their place, then moved.

    A folder that exists keeps its place, because somebody may be standing in it.

    Raises:
        UsageProblem, EnvironmentProblem: as `refuse_taken`, or the disk refuses.
    """
    refuse_taken(folder)
    exists = os.path.isdir(folder)  # noqa: PTH112 - Path.is_dir raises where a name is too long
    try:
        with tempfile.TemporaryDirectory(
            prefix=".badges-new-",
            dir=folder if exists else folder.absolute().parent,
            ignore_cleanup_errors=True,
        ) as stage:
            made = Path(stage) / "new"
            for path, data in files.items():
                target = made / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            if exists:
                _move_into(folder, made)
            else:
                made.rename(folder)
    except OSError as error:
        raise _cannot("written", folder, error) from None


def _move_into(folder: Path, made: Path) -> None:
    """Moves what was made into an empty folder, and back when one entry cannot be moved."""
    with contextlib.ExitStack() as undo:
        for name in sorted(one.name for one in made.iterdir()):
            (made / name).rename(folder / name)
            undo.callback((folder / name).rename, made / name)
        undo.pop_all()


def _cannot(what: str, folder: Path, error: OSError) -> EnvironmentProblem:
    return EnvironmentProblem(f"{quoted(str(folder))} cannot be {what}: {error.strerror or error}.")
