# SPDX-License-Identifier: Apache-2.0
"""What many tests need: the command, trees of files, and a small repository as text."""

from __future__ import annotations

import contextlib
import io
import os
import posixpath
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from site_builder.catalog import criteria_sha256
from site_builder.cli import main
from site_builder.documents import parse
from site_builder.model import Credential

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[1]
BADGES = [sys.executable, "-c", "from site_builder.cli import main; main()"]
BASE = "https://badges.example.org/"  # of the demo and of the small repository
INPUTS = ("catalog", "awards", "docs", "mkdocs.yml")  # a repository without what builds leave in it

Files = dict[str, str | bytes]


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def badges(*words: str | Path) -> Ran:
    """Runs `badges` in this process: fast, and a traceback of ours fails the test."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(word) for word in words])
        except SystemExit as end:
            code = end.code
    return Ran(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


def badges_process(
    *words: str | Path, cwd: Path = ROOT, timeout: float = 60, **variables: str | None
) -> Ran:
    """Runs `badges` as a process of its own; a variable that is None is taken away."""
    done = subprocess.run(
        [*BADGES, *(str(word) for word in words)],
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def environment(**variables: str | None) -> dict[str, str]:
    """This process's variables with some changed or, where None, taken away."""
    changed = {"PYTHONPATH": str(ROOT), **variables}
    kept = {name: value for name, value in os.environ.items() if name not in changed}
    return kept | {name: value for name, value in changed.items() if value is not None}


_REMEMBERED = (".badges/kept/", ".badges/lock")


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path there; what commands remember is left out."""
    return {
        path: one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
        and not (path := one.relative_to(folder).as_posix()).startswith(_REMEMBERED)
    }


def modes_of(folder: Path) -> dict[str, int]:
    """Permission bits of everything below a folder, the folder itself included."""
    return {
        one.relative_to(folder).as_posix(): one.stat().st_mode & 0o7777
        for one in (folder, *folder.rglob("*"))
    }


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Paths that are in one tree only or hold other bytes in the other."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def resolved(page: str, link: str) -> str:
    """The file of the site a link leads to."""
    folder = link.endswith(("/", "..", "."))
    link = (
        link.removeprefix(BASE)
        if link.startswith(BASE)
        else posixpath.join(posixpath.dirname(page), unquote(link))
    )
    path = posixpath.normpath(link).removeprefix("./").lstrip("/")
    path = "" if path == "." else path
    return posixpath.join(path, "index.html") if folder or not path else path


def copy_demo(folder: Path) -> Path:
    """A copy of the demo's inputs, without caches and sites."""
    for name in INPUTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder with these files in it."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


# A small repository: three teachers, one of each visibility, and one award each.

PUBLIC_TEACHER = "9c3d5f7g1h2j4k6m8n0p2q4r6s"
UNLISTED_TEACHER = "b7n4x8tw2dq6k0m3v5zr9h1gfj"
PRIVATE_TEACHER = "c5v8p1j3z7y2q9x4n6t0w8d2hk"
PUBLIC_AWARD = "4kq7x2m5v3n8c6t9w2z7y4r3pa"
UNLISTED_AWARD = "7hs2d9k4m6p1q3t5v8x0z2b4ca"
PRIVATE_AWARD = "r2g6n8w0c4f1j5t9y3b7d2k6ms"
AWARDS = "awards/2015-16/first-run"
CREDENTIAL = "team-norms@1.0.0"

_CREDENTIAL = """\
class: micro
version: 1.0.0
effective: 2015-08-01
status: active
title: {en: Setting team norms}
competencies: [norms]
statement: {en: The educator agrees norms with a team and keeps them alive.}
workload: {hours: {min: 8, typical: 10, max: 12}, window: P6M}
evidence:
  - {id: norms, part: artifacts, kind: artifact, required: true, title: {en: The norms}, text: {en: The norms as agreed.}}
rubric:
  levels:
    - {id: developing, rank: 1, title: {en: Developing}}
    - {id: proficient, rank: 2, title: {en: Proficient}}
    - {id: leading, rank: 3, title: {en: Leading}}
  pass: {every_criterion: proficient}
  criteria:
    - id: c1
      evidence: [norms]
      title: {en: Agreed together}
      descriptors:
        developing: {en: The norms were handed out.}
        proficient: {en: Every member proposed one norm.}
        leading: {en: Members remind each other of a norm.}
"""

_CATALOG: dict[str, str] = {
    "mkdocs.yml": """\
site_name: Small Works
docs_dir: docs
theme: {name: material, font: false}
extra: {generator: false, scope: /}
plugins: [search, badges]
markdown_extensions:
  - tables: {use_align_attribute: true}
""",
    "docs/guide/index.md": "# Guide\n\nHow this works.\n",
    "catalog/issuer.yml": """\
name: Small Works
type: nonprofit
base_url: https://badges.example.org
url: https://smallworks.example.org
contact: badges@example.org
region: {country: US}
source: private
publish: {ob2: true}
""",
    "catalog/frameworks/lead.yml": """\
version: 1.0.0
status: published
title: {en: Leadership}
areas:
  - id: teams
    code: A
    title: {en: Leading teams}
    competencies:
      - {id: norms, code: A.1, title: {en: Norms}, statement: {en: Sets norms with a team.}}
""",
    "catalog/credentials/team-norms.yml": _CREDENTIAL,
    "catalog/programs/first-run.yml": """\
title: {en: First run}
partner: {name: Oak Schools, type: district}
school_year: 2015-16
starts: 2015-09-08
ends: 2016-06-24
status: completed
participation: optional
""",
}


def teacher(name: str, visibility: str, handle: str | None = None, more: str = "") -> str:
    """A teacher's file."""
    consent = (
        "consent: [{on: 2015-09-15, text: consent-2015, covers: [profile, awards], by: form-1}]\n"
    )
    lines = f"name: {name}\nvisibility: {visibility}\n" + (f"handle: {handle}\n" if handle else "")
    return lines + (consent if visibility != "private" else "") + more


def award(
    teacher_id: str,
    index: int,
    *,
    issued: str = "2016-03-14",
    credential: str = _CREDENTIAL,
    more: str = "",
) -> str:
    """An award's file for the small repository's one credential."""
    return f"""\
teacher: {teacher_id}
credential: {CREDENTIAL}
program: first-run
criteria_sha256: {criteria_of(credential)}
salt: sa1tsa1tsa1tsa1tsa1tsa1t{index:02d}
status_list: {{list: 0, index: {index}}}
issued: {issued}
rounds:
  - {{submitted: 2016-03-02, decided: 2016-03-14, outcome: met, assessors: [assessor-1], criteria: {{c1: proficient}}}}
{more}"""


def criteria_of(text: str) -> str:
    """The fingerprint awards pin, of a credential's file."""
    value = parse("credential.yml", text.encode()).value
    return criteria_sha256(Credential.model_validate({**value, "id": "team-norms"}), "en")


def small_repository() -> Files:
    """Files of a repository that builds in well under a second."""
    return {
        **_CATALOG,
        f"awards/teachers/{PUBLIC_TEACHER}.yml": teacher("Ada Okafor", "public", "ada-okafor"),
        f"awards/teachers/{UNLISTED_TEACHER}.yml": teacher("Berit Solheim", "unlisted"),
        f"awards/teachers/{PRIVATE_TEACHER}.yml": teacher("Chidi Anand", "private"),
        f"{AWARDS}/{PUBLIC_AWARD}.yml": award(PUBLIC_TEACHER, 1),
        f"{AWARDS}/{UNLISTED_AWARD}.yml": award(UNLISTED_TEACHER, 2),
        f"{AWARDS}/{PRIVATE_AWARD}.yml": award(PRIVATE_TEACHER, 3),
    }


def without(files: Mapping[str, str | bytes], *paths: str) -> Files:
    """These files but for some."""
    return {path: content for path, content in files.items() if path not in paths}


def lines(*those: str) -> str:
    """Lines as a command prints them."""
    return "".join(f"{one}\n" for one in those)
