# SPDX-License-Identifier: Apache-2.0
"""The command: exit codes, whole messages, machine formats, help, and the preview."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import __version__
from tests.support import (
    AWARDS,
    BADGES,
    PRIVATE_AWARD,
    PRIVATE_TEACHER,
    PUBLIC_AWARD,
    PUBLIC_TEACHER,
    UNLISTED_TEACHER,
    Files,
    Ran,
    award,
    badges,
    badges_process,
    environment,
    files_of,
    lines,
    small_repository,
    teacher,
    without,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = small_repository()
ISSUER = "catalog/issuer.yml"
CREDENTIAL = "catalog/credentials/team-norms.yml"
AWARD = f"{AWARDS}/{PUBLIC_AWARD}.yml"
PROGRAM = "catalog/programs/first-run.yml"
TEACHER = f"awards/teachers/{PUBLIC_TEACHER}.yml"


def text(path: str, old: str = "", new: str = "") -> str:
    """A file of the small repository with one place changed."""
    content = FILES[path]
    assert isinstance(content, str)
    assert not old or content.count(old) == 1
    return content.replace(old, new) if old else content + new


# What bad input gets: (files changed, place, code and sentence, hint).
BAD: dict[str, tuple[Files, str, str, str]] = {
    "not UTF-8": (
        {ISSUER: text(ISSUER, "Small Works", "École").encode("latin-1")},
        f"{ISSUER}:1:7",
        "YM001 The byte 0xc9 is not UTF-8 text.",
        "Save the file again with the encoding UTF-8.",
    ),
    "tab": (
        {ISSUER: text(ISSUER, "type: nonprofit", "type:\tnonprofit")},
        f"{ISSUER}:2:6",
        "YM006 A tab character stands here.",
        'Use spaces; in a text, write \\t in double quotes: "a\\tb".',
    ),
    "duplicate key": (
        {ISSUER: text(ISSUER, new="type: district\n")},
        f"{ISSUER}:9:1",
        "YM014 The key 'type' stands here again; it is first on line 2.",
        "Keep one of the two.",
    ),
    "anchor": (
        {ISSUER: text(ISSUER, "type: nonprofit", "type: &t nonprofit")},
        f"{ISSUER}:2:7",
        "YM008 The anchor '&t' is not accepted.",
        "Delete it; put a text that starts with & in quotes.",
    ),
    "2 MB": (
        {CREDENTIAL: text(CREDENTIAL, new="# " + "x" * 2 * 1024 * 1024 + "\n")},
        f"{CREDENTIAL}:1:1",
        "SR007 The file is larger than 1 MB (1,048,576 bytes), the most that is read.",
        "Make it smaller.",
    ),
    "20,000 brackets": (
        {CREDENTIAL: text(CREDENTIAL, new="tags: " + "[" * 20_000 + "]" * 20_000 + "\n")},
        f"{CREDENTIAL}:25:38",
        "YM015 Values are nested more than 32 levels deep here.",
        "Take some brackets or indentation away.",
    ),
    "unknown key": (
        {CREDENTIAL: text(CREDENTIAL, new="titel: {en: x}\n")},
        f"{CREDENTIAL}:25:1",
        "FD001 there is no key 'titel' here.",
        "Did you mean 'title'?",
    ),
    "impossible date": (
        {AWARD: text(AWARD, "issued: 2016-03-14", "issued: 2016-02-30")},
        f"{AWARD}:7:9",
        "FD003 issued is '2016-02-30'; there is no such day.",
        "Look it up in a calendar; a day is written as 2016-03-14.",
    ),
    "dangling reference": (
        {AWARD: text(AWARD, "credential: team-norms@1.0.0", "credential: team-norm@1.0.0")},
        f"{AWARD}:2:13",
        "AW003 no credential 'team-norm' in catalog/credentials.",
        "Did you mean 'team-norms'?",
    ),
    "path as file name": (
        {"catalog/credentials/..%2fx.yml": text(CREDENTIAL)},
        "catalog/credentials/..%2fx.yml:1:1",
        "SR005 '..%2fx' is not a valid id.",
        (
            "A name has 1 to 63 small letters, digits and hyphens and starts with no hyphen "
            "(and '@' with a version such as 1.0.0)."
        ),
    ),
    "hidden record": (
        {"awards/teachers/.hidden.yml": text(TEACHER)},
        "awards/teachers/.hidden.yml:1:1",
        "SR005 '.hidden' is not a valid id.",
        "A name has 26 characters of 0-9 and a-z without i, l, o and u.",
    ),
    "path as reference": (
        {AWARD: text(AWARD, "program: first-run", "program: ../x")},
        f"{AWARD}:3:10",
        "FD003 program does not fit; use small letters a to z, digits and hyphens, at most 63 characters.",
        "The page of fields (reference/fields/) says what each key takes.",
    ),
    "path as handle": (
        {TEACHER: text(TEACHER, "ada-okafor", "../x")},
        f"{TEACHER}:3:9",
        "FD003 handle does not fit; use small letters a to z, digits and hyphens, at most 63 characters.",
        "The page of fields (reference/fields/) says what each key takes.",
    ),
    "path as alias": (
        {CREDENTIAL: text(CREDENTIAL, new="aliases: [../../index]\n")},
        f"{CREDENTIAL}:25:11",
        "FD003 aliases[1] is '../../index'; use small letters a to z, digits and hyphens, at most 63 characters.",
        "The page of fields (reference/fields/) says what each key takes.",
    ),
    "path as version": (
        {CREDENTIAL: text(CREDENTIAL, "\nversion: 1.0.0", "\nversion: ../../1")},
        f"{CREDENTIAL}:2:10",
        "FD003 version is '../../1'; write a version as MAJOR.MINOR.PATCH, such as 1.0.0.",
        "The page of fields (reference/fields/) says what each key takes.",
    ),
    "path as image": (
        {CREDENTIAL: text(CREDENTIAL, new="image: ../../etc/passwd.svg\n")},
        f"{CREDENTIAL}:25:8",
        "CR009 no image '../../etc/passwd.svg' in catalog/images.",
        "Put the file there, or take the line out: a badge is then drawn from title and area.",
    ),
    "direction override": (
        {ISSUER: text(ISSUER, "Small Works", "Small\u202eWorks")},
        f"{ISSUER}:1:12",
        "YM016 The character U+202E is not accepted, also not as an escape.",
        "Delete it; it cannot be seen.",
    ),
    "empty file": (
        {ISSUER: ""},
        f"{ISSUER}:1:1",
        "YM003 The file is empty.",
        "Write the record, or delete it.",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_gets_one_located_message_and_nothing_is_written(tmp_path: Path, what: str):
    changed, place, sentence, hint = BAD[what]
    root = write(tmp_path, FILES | changed)
    before = files_of(root)
    says = lines(
        f"{place}: {sentence}",
        f"    {hint}{' ' if hint else ''}(docs: reference/problems/#{sentence[:5].lower()})",
        "1 error in 1 file",
    )
    started = time.perf_counter()
    assert badges("build", "--root", root) == Ran(1, says + "Nothing was written.\n", "")
    assert time.perf_counter() - started < 5
    assert files_of(root) == before


@pytest.mark.parametrize("what", ["20,000 brackets", "2 MB"])
def test_hostile_input_ends_a_real_process_in_order(tmp_path: Path, what: str):
    ran = badges_process("check", "--root", write(tmp_path, FILES | BAD[what][0]), timeout=5)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(f"{BAD[what][1]}: {BAD[what][2]}\n")


def test_all_problems_of_all_files_are_shown_in_one_run(tmp_path: Path):
    chosen = [
        BAD[what]
        for what in ("impossible date", "path as handle", "20,000 brackets", "duplicate key")
    ]
    files = FILES.copy()
    for changed, *_ in chosen:
        files |= changed
    ran = badges("check", "--root", write(tmp_path, files))
    shown = [line for line in ran.out.splitlines() if not line.startswith(" ")]
    assert shown[:-1] == [
        *(f"{place}: {sentence}" for _, place, sentence, _ in chosen),
        "4 errors in 4 files",
    ]
    assert (ran.code, ran.err) == (1, "")


# Wrong use and a configuration that does not fit: 2.


def test_a_missing_catalog_folder_ends_with_2(tmp_path: Path):
    for command in ("check", "build", "serve"):
        assert badges(command, "--root", tmp_path) == Ran(
            2,
            "",
            f"badges: {tmp_path} holds no catalog/ folder. Go to your repository, name it with --root, "
            "or start one with `badges new`.\n",
        )


def test_a_root_that_is_no_folder_ends_with_2(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    for name in ("file", "nothing"):
        assert badges("check", "--root", tmp_path / name) == Ran(
            2, "", f"badges: there is no folder {tmp_path / name}.\n"
        )


MKDOCS = text("mkdocs.yml")
CONFIGURATIONS: dict[str, tuple[str | None, list[str]]] = {
    "missing": (None, ["badges: {path} is missing. `badges new` writes one to copy from."]),
    "without the plugin": (
        MKDOCS.replace("[search, badges]", "[search]"),
        ["badges: {path} does not name the plugin. Add `- badges` under `plugins:`."],
    ),
    "not YAML": (
        "site_name: [\n",
        ["badges: {path}:2:1: expected the node content, but found '<stream end>'."],
    ),
    "unknown plugin": (
        MKDOCS.replace("[search, badges]", "[search, badges, nope]"),
        [
            "error: Config value 'plugins': The \"nope\" plugin is not installed",
            "badges: {path} cannot be used as it is.",
        ],
    ),
    "without a name": (
        MKDOCS.replace("site_name", "name"),
        [
            "warning: Config value 'name': Unrecognised configuration name: name",
            "error: Config value 'site_name': Required configuration not provided.",
            "badges: {path} cannot be used as it is.",
        ],
    ),
}


@pytest.mark.parametrize("what", CONFIGURATIONS)
def test_a_configuration_that_does_not_fit_ends_with_2(small: Path, what: str):
    content, says = CONFIGURATIONS[what]
    path = small / "mkdocs.yml"
    path.unlink() if content is None else path.write_text(content)
    expected = lines(*(one.format(path=path) for one in says))
    assert badges("build", "--root", small) == Ran(2, "", expected)
    assert not (small / "site").exists()


def test_a_site_folder_with_files_of_somebody_else_is_left_alone(small: Path, tmp_path: Path):
    foreign = write(tmp_path / "mine", {"letter.txt": "Dear"})
    assert badges("build", "--root", small, "--site", foreign) == Ran(
        2,
        "",
        f"badges: {foreign} is left alone: it holds files that no earlier build wrote. "
        "Name a new or an empty folder for the site.\n",
    )
    assert files_of(foreign) == {"letter.txt": b"Dear"}


def test_a_mistyped_command_gets_a_suggestion():
    assert badges("chek") == Ran(
        2,
        "",
        "Usage: badges [OPTIONS] COMMAND [ARGS]...\nTry 'badges --help' for help.\n\n"
        "Error: There is no command 'chek'. Did you mean 'check'?\n",
    )
    assert badges("xyzzy").err.endswith(
        "Error: There is no command 'xyzzy'. See `badges --help`.\n"
    )


def test_a_mistyped_option_ends_with_2():
    ran = badges("build", "--strct")
    assert (ran.code, ran.out) == (2, "")
    # The sentence is click's own and differs between its versions.
    assert re.search(r"Error: No such option.*--strct.*--strict", ran.err)


def test_schema_wants_a_kind_or_a_folder():
    ran = badges("schema")
    assert ran.code == 2
    assert ran.err.endswith(
        "Error: Name one kind (issuer, framework, credential, pathway, role, program, teacher, award) "
        "or a folder with --write.\n"
    )


# The computer: 3.


def test_an_output_below_a_file_ends_with_3(small: Path, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    assert badges("build", "--root", small, "--site", tmp_path / "file" / "site") == Ran(
        3,
        "",
        f"badges: {tmp_path}/file/site cannot be built: {tmp_path}/file is not a folder that can be written to.\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
def test_a_disk_that_takes_no_more_ends_with_3_and_the_old_site_stays(small: Path):
    assert badges("build", "--root", small).code == 0
    before = files_of(small / "site")
    shutil.rmtree(small / ".badges" / "published")  # or nothing would have to be written
    limited = ["sh", "-c", 'ulimit -f 100; exec "$@"', "sh", *BADGES, "build", "--root", str(small)]
    done = subprocess.run(
        limited, env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    said = Ran(done.returncode, done.stdout, done.stderr)
    first = f"{small}/site/assets/badges/verify.js"
    assert said == Ran(3, "", f"badges: {first} cannot be written: File too large.\n")
    assert files_of(small / "site") == before
    assert sorted(one.name for one in small.iterdir() if "badges-" in one.name) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_ends_with_3(small: Path):
    (small / ISSUER).chmod(0)
    assert badges("check", "--root", small) == Ran(
        3, "", f"badges: Cannot read '{ISSUER}': Permission denied.\n"
    )


def test_a_schema_folder_that_cannot_be_written_ends_with_3(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    ran = badges("schema", "--write", tmp_path / "file" / "schemas")
    assert ran == Ran(
        3, "", f"badges: {tmp_path}/file/schemas cannot be written: Not a directory.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_an_output_that_cannot_be_printed_ends_with_3(small: Path):
    full = ["sh", "-c", 'exec "$@" >/dev/full', "sh", *BADGES, "check", "--root", str(small)]
    done = subprocess.run(full, env=environment(), capture_output=True, text=True, check=False)
    said = "badges: the output cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (3, said)


def test_a_console_without_a_letter_shows_its_number(small: Path):
    write(small, {CREDENTIAL: text(CREDENTIAL, "status: active", "status: aktiv✓")})
    ran = badges_process("check", "--root", small, PYTHONIOENCODING="cp1252")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(
        f"{CREDENTIAL}:4:9: FD003 status is 'aktiv\\u2713'; write one of draft, active, paused, retired.\n"
    )


def test_a_reader_that_goes_away_early_gets_no_traceback(faulty: Path):
    command = ["sh", "-c", '"$@" | head -c 1', "sh", *BADGES, "check", "--root", str(faulty)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("a", "")


# Pages somebody wrote.

PAGES: dict[str, tuple[bytes, list[str]]] = {
    "not UTF-8": (
        "# é".encode("latin-1"),
        [
            "error: Encoding error reading file: page.md",
            "error: Error reading page 'page.md': 'utf-8' codec can't decode byte 0xe9 in position 2: unexpected end of data",
            "The pages could not be built: a page is not UTF-8 text.",
            "Nothing was published.",
        ],
    ),
    "without its template": (
        b"---\ntemplate: nope.html\n---\n# x\n",
        [
            "The pages could not be built: a page names a missing template.",
            "Nothing was published.",
        ],
    ),
}


@pytest.mark.parametrize("what", PAGES)
def test_a_broken_page_stops_the_build_without_a_traceback(small: Path, what: str):
    page, says = PAGES[what]
    ran = badges("build", "--root", write(small, {"docs/page.md": page}))
    assert (ran.code, ran.out) == (1, "")
    shown = [line for line in ran.err.splitlines() if "search paths" not in line]
    assert shown == says
    assert not (small / "site").exists()


# Fine: 0, and how much is said.


def test_a_check_without_problems_says_so(small: Path):
    ran = badges("check", "--root", small)
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"No problems\.\n10 files checked in \d\.\d s\.\n", ran.out)


def test_notes_are_counted_and_shown_when_asked_for(small: Path):
    write(small, {ISSUER: text(ISSUER, new="languages: [en, es]\n")})
    ran = badges("check", "--root", small)
    assert ran.code == 0
    assert ran.out.startswith("3 notes in 3 files (see them with --notes)\n10 files checked in ")
    shown = badges("check", "--root", small, "--notes").out
    assert shown.startswith(f"{CREDENTIAL}:1:1: note: I18001 none of 11 texts has 'es'.\n    ")
    assert shown.count("3 notes in 3 files\n") == 1


def test_a_warning_fails_a_strict_check_only(small: Path):
    write(small, {"catalog/credentials/notes.txt": "x"})
    says = lines(
        "catalog/credentials/notes.txt:1:1: warning: SR004 The file 'notes.txt' is not read.",
        "    Move it out of here. (docs: reference/problems/#sr004)",
        "1 warning in 1 file",
    )
    plain, strict = badges("check", "--root", small), badges("check", "--root", small, "--strict")
    assert (plain.code, strict.code) == (0, 1)
    assert plain.out.startswith(says + "10 files checked in ")
    assert strict.out.startswith(says)


def test_a_build_in_a_pipe_prints_three_lines_and_no_progress(small: Path):
    ran = badges_process("build", cwd=small)
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(
        r"Built one micro-credential, two award pages, two backpacks in \d+\.\d s\.\n"
        r"Preview: signed with a key that everybody has\. Do not publish it; build with --key or "
        r"--unsigned for that\.\n"
        rf"The site is in {re.escape(str(small))}/site\. Look at it with `badges serve`\.\n",
        ran.out,
    )
    assert not re.search(r"[\r\x1b]", ran.out)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_build_on_a_terminal_says_how_far_it_is(small: Path):
    import pty

    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*BADGES, "build", "--root", str(small)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "Writing" in shown
    assert "100%" in shown


def test_the_version_is_printed():
    assert badges("--version") == Ran(0, f"badges, version {__version__}\n", "")


COMMANDS = (
    "check", "build", "merge", "serve", "sign", "verify", "deliver", "new", "keys", "schema",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_shows_examples_that_can_be_copied(command: str):
    ran = badges(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    examples = ran.out.partition("\n  Examples:\n")[2].partition("\n\n")[0].splitlines()
    assert len(examples) >= 2
    assert all(line.startswith(f"    badges {command} ") for line in examples)
    assert badges(command, "-h") == ran


def test_help_names_every_command_with_a_sentence():
    out = badges("--help").out
    listed = re.search(r"Commands:\n(.*?)\n\n", out, re.DOTALL)
    assert listed
    assert [line.split()[0] for line in listed[1].splitlines()] == list(COMMANDS)
    assert "    badges build                  check, then write the whole site into site/\n" in out


# Machine formats.


def checked(root: Path, form: str) -> Ran:
    ran = badges("check", "--root", root, "--format", form)
    assert ran.err == ""
    return ran


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """An error, a warning and notes, among them characters that formats must escape."""
    return write(
        tmp_path / "faulty",
        FILES
        | BAD["dangling reference"][0]
        | {
            ISSUER: text(ISSUER, new="languages: [en, es]\n"),
            'catalog/credentials/odd "100%", name.txt': "x",
        },
    )


def test_json_lists_every_problem_with_its_place(faulty: Path):
    ran = checked(faulty, "json")
    body = json.loads(ran.out)
    assert ran.code == 1
    assert ran.out.endswith("}\n")
    assert not ran.out.endswith("\n\n")
    assert body["tool"] == {"name": "badges", "version": __version__}
    assert body["summary"] == {"errors": 1, "warnings": 1, "notes": 3, "files": 5}
    assert body["problems"][0] == {
        "code": "AW003",
        "severity": "error",
        "path": AWARD,
        "line": 2,
        "column": 13,
        "message": "no credential 'team-norm' in catalog/credentials.",
        "hint": "Did you mean 'team-norms'?",
        "docs": "reference/problems/#aw003",
    }


def test_json_of_a_clean_repository_is_an_empty_list(small: Path):
    ran = checked(small, "json")
    assert (ran.code, json.loads(ran.out)["problems"]) == (0, [])


def test_github_annotations_keep_to_one_line_each(faulty: Path):
    ran = checked(faulty, "github")
    assert ran.code == 1
    first, second, *_ = ran.out.splitlines()
    assert first == (
        f"::error file={AWARD},line=2,col=13,title=AW003::no credential 'team-norm' in catalog/credentials."
        "%0ADid you mean 'team-norms'?"
    )
    assert second == (
        '::warning file=catalog/credentials/odd "100%25"%2C name.txt,line=1,col=1,title=SR004::'
        "The file 'odd \"100%25\", name.txt' is not read.%0AMove it out of here."
    )


SARIF: dict[str, Any] = {  # what GitHub code scanning reads of SARIF 2.1.0
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results", "columnKind"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "version", "rules"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "items": {
                                            "type": "object",
                                            "required": [
                                                "id",
                                                "shortDescription",
                                                "fullDescription",
                                                "help",
                                                "defaultConfiguration",
                                            ],
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": [
                                "ruleId",
                                "ruleIndex",
                                "level",
                                "message",
                                "locations",
                                "partialFingerprints",
                            ],
                            "properties": {
                                "level": {"enum": ["error", "warning", "note"]},
                                "message": {"required": ["text"]},
                                "locations": {"minItems": 1},
                            },
                        },
                    },
                },
            },
        },
    },
}


def test_sarif_has_the_shape_code_scanning_reads(faulty: Path):
    import jsonschema

    ran = checked(faulty, "sarif")
    body = json.loads(ran.out)
    jsonschema.validate(body, SARIF)
    (run,) = body["runs"]
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert [one["ruleId"] for one in run["results"]] == [
        rules[one["ruleIndex"]] for one in run["results"]
    ]
    assert run["results"][0]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": AWARD},
                "region": {"startLine": 2, "startColumn": 13},
            }
        }
    ]
    assert run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
        "catalog/credentials/odd%20%22100%25%22%2C%20name.txt"
    )


# Nobody's name in a message: logs are public.

NAME, EMAIL = "Zephyrine Quillfeather", "z.quillfeather@district.example.org"
PLANTED: dict[str, Files] = {
    "a name in a catalog text": {
        CREDENTIAL: text(CREDENTIAL, "The norms as agreed.", f"As {NAME} agreed.")
    },
    "an e-mail in a catalog text": {
        CREDENTIAL: text(CREDENTIAL, "The norms as agreed.", f"Ask {EMAIL} first.")
    },
    "a name in feedback": {
        f"{AWARDS}/{PRIVATE_AWARD}.yml": award(
            PRIVATE_TEACHER, 3, more=f"note: {NAME} wrote to {EMAIL}\n"
        )
    },
    "a name where a list belongs": {
        f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: [{NAME}, {EMAIL}]\n"
    },
    "an e-mail as handle": {
        f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: {NAME}\nhandle: {EMAIL}\n"
    },
    "an e-mail as identity": {
        f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: {NAME}\nidentity: [{{type: emailAddress, hash: {EMAIL}, salt: s}}]\n"
    },
    "a name given twice": {
        f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: {NAME}\nname: {NAME}\n"
    },
    "a tab in a name": {f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name:\t{NAME}\n"},
    "a name after a bracket": {f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: [{NAME}\n"},
    "a taken handle": {
        f"awards/teachers/{UNLISTED_TEACHER}.yml": teacher(NAME, "unlisted", "ada-okafor")
    },
    "a name as teacher of an award": {f"{AWARDS}/{PRIVATE_AWARD}.yml": award(f'"{NAME}"', 3)},
    "a name as assessor": {
        f"{AWARDS}/{PRIVATE_AWARD}.yml": award(PRIVATE_TEACHER, 3).replace(
            "assessor-1", NAME.replace(" ", "-")
        )
    },
    "an e-mail as consent": {
        f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: {NAME}\nconsent: [{{on: 2015-01-01, text: {EMAIL}, covers: [profile], by: {NAME}}}]\n"
    },
    "feedback to nobody": {
        f"{AWARDS}/{PRIVATE_AWARD}.yml": award(PRIVATE_TEACHER, 3).replace(
            "criteria: {c1: proficient}", f"criteria: {{c1: proficient}}, feedback: [{NAME}]"
        )
    },
    "an e-mail as status reason of an active award": {
        f"{AWARDS}/{PRIVATE_AWARD}.yml": award(
            PRIVATE_TEACHER, 3, more=f"status: {{state: revoked, reason: {EMAIL} {NAME}}}\n"
        )
    },
    "a name as key": {f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: x\n{NAME}: y\n"},
    "a name as key twice": {f"awards/teachers/{PRIVATE_TEACHER}.yml": f"{NAME}: x\n{NAME}: y\n"},
    "a name as choice": {
        f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: x\nvisibility: {NAME}\n"
    },
    "a name as anchor": {
        f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: &{NAME.replace(' ', '-')} x\n"
    },
    "an e-mail as tag": {f"awards/teachers/{PRIVATE_TEACHER}.yml": f"name: !{EMAIL} x\n"},
    "a name as criterion": {
        f"{AWARDS}/{PRIVATE_AWARD}.yml": award(PRIVATE_TEACHER, 3).replace(
            "{c1: proficient}", f"{{{NAME}: proficient}}"
        )
    },
    "a name as file name": {f"awards/teachers/{NAME}.yml": "name: x\n"},
    "a name as folder": {f"awards/2015-16/{NAME}/x.yml": "name: x\n"},
    "a name as evidence file": {
        f"{AWARDS}/{PRIVATE_AWARD}.yml": award(
            PRIVATE_TEACHER,
            3,
            more=f"evidence: [{{for: {NAME}, title: {NAME}, url: 'ftp://{EMAIL}'}}]\n",
        )
    },
}
# The problem is the file's own name, and a problem without its file helps nobody.
NAMED_BY_PATH = {"a name as file name", "a name as folder"}


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
@pytest.mark.parametrize("what", [one for one in PLANTED if one not in NAMED_BY_PATH])
def test_no_message_holds_a_name_or_an_address(tmp_path: Path, what: str, form: str):
    files = (
        FILES | {f"awards/teachers/{PRIVATE_TEACHER}.yml": teacher(NAME, "private")} | PLANTED[what]
    )
    ran = badges("check", "--notes", "--root", write(tmp_path, files), "--format", form)
    assert ran.err == ""
    if form == "text":
        assert not ran.out.startswith("No problems"), "the plant must be a problem"
    said = ran.out.casefold()
    assert [
        word for word in ("zephyrine", "quillfeather", "district.example") if word in said
    ] == []


# The preview.


@contextlib.contextmanager
def serving(root: Path, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = root.parent / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*BADGES, "serve", "--root", str(root), *words],
            env=environment(),
            stdout=out,
            stderr=out,
        )
        try:
            yield process, log
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
        return f"no answer: {error}"


def wait_for(url: str, wanted: str, log: Path, seconds: float = 30) -> str:
    """The page once it holds these words."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = page(url)
        if wanted in found:
            return found
        time.sleep(0.1)
    raise AssertionError(
        f"{url} never said {wanted!r} but:\n{found[:2000]}\n{log.read_text()[-3000:]}"
    )


def test_serve_shows_pages_builds_again_after_an_edit_and_outlives_a_broken_catalog(small: Path):
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with serving(small, "--port", str(port)) as (process, log):
        wait_for(f"{base}/", "Small Works", log)
        shown = wait_for(f"{base}/awards/{PUBLIC_AWARD}.html", "Ada Okafor", log)
        assert "https://badges.example.org" not in shown, (
            "a preview names this computer's addresses"
        )
        record = json.loads(page(f"{base}/awards/{PUBLIC_AWARD}.ob2.json"))
        assert record["id"] == f"{base}/awards/{PUBLIC_AWARD}.ob2.json"

        write(small, {PROGRAM: text(PROGRAM, "First run", "Very first run")})
        wait_for(f"{base}/programs/first-run/", "Very first run", log)
        write(small, {TEACHER: text(TEACHER, "Ada Okafor", "Ada Obi")})
        wait_for(f"{base}/awards/{PUBLIC_AWARD}.html", "Ada Obi", log)

        write(small, BAD["dangling reference"][0])
        broken = wait_for(f"{base}/", "The catalog has problems", log)
        assert "AW003" in broken
        assert f"{AWARD}:2:13" in broken
        write(small, {AWARD: text(AWARD), TEACHER: text(TEACHER)})
        wait_for(f"{base}/awards/{PUBLIC_AWARD}.html", "Ada Okafor", log)
        assert process.poll() is None
    assert "Traceback" not in log.read_text()
    assert not (small / "site").exists()


def test_serve_on_a_taken_port_ends_with_3(small: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = badges_process("serve", "--root", small, "--port", str(port), timeout=30)
    assert (ran.code, ran.err) == (
        3,
        f"badges: cannot listen on 127.0.0.1:{port}: Address already in use. Try --port.\n",
    )


def test_serve_without_a_port_takes_the_next_free_one():
    from site_builder.engine import free_port as chosen

    first = chosen("127.0.0.1")
    assert first is not None
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        second = chosen("127.0.0.1")
    assert second is not None
    assert first < second <= 8099


def test_a_site_of_the_last_build_is_not_changed_by_a_check(small: Path):
    assert badges("build", "--root", small).code == 0
    before = files_of(small)
    assert badges("check", "--root", small).code == 0
    assert files_of(small) == before


def test_a_repository_without_awards_is_fine(tmp_path: Path):
    files = without(FILES, *(path for path in FILES if path.startswith("awards/")))
    assert badges("check", "--root", write(tmp_path, files)).code == 0
