# SPDX-License-Identifier: Apache-2.0
"""`badges new`: what it writes checks, builds and survives every name; what it refuses."""

from __future__ import annotations

import datetime as dt
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder import scaffold
from site_builder.build import load_tree
from site_builder.commands.new import new
from site_builder.documents import Document, parse
from site_builder.ids import ALPHABET, STATUS_LIST_SIZE, mint_id, mint_salt, status_index
from site_builder.json_schemas import FILES, schema_text
from site_builder.problems import EnvironmentProblem, UsageProblem
from site_builder.scaffold import Answers, Marks, faults, starter_files, write_all
from site_builder.sources import read_tree

TODAY = dt.date(2026, 11, 21)
MARKS = Marks("t" * 26, "a" * 26, "s" * 26, 4711)
NAMES = (
    'The "Best" School: a #1 district',
    "Schule Überlingen — École élémentaire",
    "佐藤学区",
    "مدارس الشمال",
    "yes",
    "null",
    "2016",
    "12:30",
    "1_000",
    "2016-03-14",
    "!ENV HOME",
    "- a list",
    "{a: b, c: [d]}",
    "ends with a colon:",
    "O'Brien & Sons",
    "back\\slash \\n",
    "%TAG",
    "*star* _and_ `code` [link](https://example.org)",
    "{: onclick=alert(1) }",
    "<<1>>",
    "@at",
    "a | b",
    "🏫 School",
)


def made(
    answers: Answers | None = None, marks: Marks = MARKS, today: dt.date = TODAY
) -> dict[str, bytes]:
    return starter_files(answers or Answers(), today=today, marks=marks)


def run(*arguments: str, cwd: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own, its input an empty pipe."""
    return subprocess.run(
        [sys.executable, "-c", "from site_builder.cli import main; main()", *arguments],
        cwd=cwd, capture_output=True, text=True, timeout=120, check=False,
        input="", env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}, **more,
    )  # fmt: skip


def problems_of(folder: Path) -> list[str]:
    return [
        f"{one.code} {one.place} {one.message}" for one in load_tree(read_tree(folder)).problems
    ]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "district"
    write_all(folder, made())
    return folder


# what it makes


def test_new_then_check_then_build_give_a_site_with_the_award_and_the_backpack(
    tmp_path: Path,
) -> None:
    asked = run(
        "new",
        "our district",
        "--name",
        NAMES[0],
        "--url",
        "https://badges.cedar.example/x/",
        cwd=tmp_path,
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout == (
        "Made 23 files in 'our district':\n"
        "  catalog/   who issues, and what can be earned: framework, credential, programme (4 files)\n"
        "  awards/    one made-up person with one award, to look at and then delete (2 files)\n"
        "  docs/      pages you write by hand (1 file)\n"
        "  schemas/   what editors check while you type (8 files)\n"
        "README.md there says what each folder is and where to go next.\n"
        "\nNext:\n"
        "  badges check --root 'our district'\n"
        "  badges serve --root 'our district'\n"
    )
    checked = run("check", "--strict", "--notes", "--root", "our district", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert re.fullmatch(r"No problems\.\n6 files checked in [0-9.]+ s\.\n", checked.stdout)
    built = run("build", "--strict", "--root", "our district", cwd=tmp_path)
    assert (built.returncode, built.stderr) == (0, "")
    folder = tmp_path / "our district"
    award = next((folder / "awards").glob("*-*/*/*.yml")).stem
    page = (folder / "site" / "awards" / f"{award}.html").read_text("utf-8")
    assert "Robin Example (sample)" in page
    assert "Preparing student-led conferences" in page
    record = json.loads((folder / "site" / "awards" / f"{award}.ob2.json").read_text("utf-8"))
    assert record["id"] == f"https://badges.cedar.example/x/awards/{award}.ob2.json"
    for path in (
        "index.html",
        "backpacks/sample-person.html",
        "guide/how-awards-are-decided/index.html",
    ):
        assert (folder / "site" / path).is_file(), path


def test_the_new_repository_has_these_files_and_no_mark_is_left(district: Path) -> None:
    found = {
        path.relative_to(district).as_posix(): path
        for path in district.rglob("*")
        if path.is_file()
    }
    assert sorted(found) == sorted(
        [
            ".editorconfig",
            ".github/workflows/check.yml",
            ".gitignore",
            ".vscode/extensions.json",
            ".vscode/settings.json",
            "README.md",
            f"awards/2026-27/sample-programme/{'a' * 26}.yml",
            f"awards/teachers/{'t' * 26}.yml",
            "catalog/credentials/student-led-conferences.yml",
            "catalog/frameworks/teaching.yml",
            "catalog/issuer.yml",
            "catalog/programs/sample-programme.yml",
            "docs/guide/how-awards-are-decided.md",
            "mkdocs.yml",
            "requirements.txt",
            *(f"schemas/{kind}.json" for kind in FILES),
        ]
    )
    assert [path for path, file in found.items() if "<<" in file.read_text("utf-8")] == []


def test_the_new_repository_has_no_problem_of_any_severity(district: Path) -> None:
    assert problems_of(district) == []


def test_the_new_repository_still_checks_without_the_sample_person_and_award(
    tmp_path: Path,
) -> None:
    write_all(tmp_path / "d", made())
    shutil.rmtree(tmp_path / "d" / "awards")
    assert problems_of(tmp_path / "d") == []


@pytest.mark.parametrize(
    "day", ["2026-07-01", "2026-07-03", "2027-06-30", "2028-02-29", "2099-12-31"]
)
def test_it_checks_on_every_day_of_the_year(day: str, tmp_path: Path) -> None:
    write_all(tmp_path / "d", made(today=dt.date.fromisoformat(day)))
    assert problems_of(tmp_path / "d") == []


def test_the_school_year_turns_on_the_first_of_july() -> None:
    assert any(path.startswith("awards/2025-26/") for path in made(today=dt.date(2026, 6, 30)))
    assert any(path.startswith("awards/2026-27/") for path in made(today=dt.date(2026, 7, 1)))
    assert any(path.startswith("awards/2099-00/") for path in made(today=dt.date(2099, 7, 1)))


def test_the_sample_credential_has_the_whole_anatomy_in_at_least_250_words(district: Path) -> None:
    loaded = load_tree(read_tree(district))
    assert loaded.catalog is not None
    credential = loaded.catalog.credentials["student-led-conferences"]
    empty = [
        name
        for name in ("summary", "audience", "method", "research", "workload", "assessment", "supports", "evidence",
                     "rubric", "authenticity", "fees")
        if not getattr(credential, name)
    ]  # fmt: skip
    assert empty == []
    assert {one.part for one in credential.evidence} == {"overview", "artifacts", "reflection"}
    text = (district / "catalog/credentials/student-led-conferences.yml").read_text("utf-8")
    assert len(re.findall(r"[A-Za-z]{2,}", re.sub(r"(?m)#.*$|^\s*(- )?[a-z_]+:", "", text))) >= 250


def test_the_sample_text_repeats_no_sentence_of_the_demo(district: Path) -> None:
    def sentences(folder: Path) -> set[str]:
        words = " ".join(" ".join(one.read_text("utf-8").split()) for one in folder.glob("*.yml"))
        return {one.strip() for one in re.split(r"[.:?]\s", words) if len(one.split()) >= 8}

    demo = Path(__file__).parents[1] / "catalog" / "credentials"
    assert sentences(district / "catalog" / "credentials") & sentences(demo) == set()


# names


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_reaches_every_record_unchanged(name: str, tmp_path: Path) -> None:
    files = made(Answers(name=name))
    assert faults(Answers(name=name)) == {}
    issuer = parse("issuer.yml", files["catalog/issuer.yml"])
    program = parse("program.yml", files["catalog/programs/sample-programme.yml"])
    assert isinstance(issuer, Document)
    assert isinstance(program, Document)
    assert str(issuer.value["name"]) == name
    assert program.value["partner"]["name"] == name
    write_all(tmp_path / "d", files)
    assert problems_of(tmp_path / "d") == []


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_the_site_name_for_mkdocs_too(name: str, tmp_path: Path) -> None:
    from mkdocs.config import load_config

    write_all(tmp_path / "d", made(Answers(name=name)))
    assert load_config(str(tmp_path / "d" / "mkdocs.yml")).site_name == name


@given(name=st.text(min_size=1, max_size=60), contact=st.text(max_size=20))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_accepted_name_gives_a_repository_without_problems(
    name: str, contact: str, tmp_path: Path
) -> None:
    answers = Answers(name=name, contact=f"{contact}@example.org").tidy()
    if faults(answers):
        return
    folder = tmp_path / "d"
    shutil.rmtree(folder, ignore_errors=True)
    write_all(folder, made(answers))
    assert problems_of(folder) == []


def test_a_name_is_inert_in_the_readme() -> None:
    title = (
        made(Answers(name="a *b* [c](https://d.example) {: .e }"))["README.md"]
        .decode()
        .partition("\n")[0]
    )
    assert (
        title
        == "# Micro-credentials of a &#42;b&#42; &#91;c&#93;(https://d.example) &#123;: .e &#125;"
    )


def test_answers_lose_outer_spaces_line_breaks_and_the_last_slash() -> None:
    answers = Answers(
        name="  Cedar\nFalls ", url="https://b.example/x// ", contact=" a@b.example"
    ).tidy()
    assert answers == Answers(name="Cedar Falls", url="https://b.example/x", contact="a@b.example")


@pytest.mark.parametrize(
    ("language", "theme"),
    [("en", "en"), ("es-MX", "es"), ("pt-BR", "pt-BR"), ("no", "en"), ("xx", "en")],
)
def test_another_language_checks_and_the_theme_speaks_the_nearest_it_has(
    language: str, theme: str, tmp_path: Path
) -> None:
    files = made(Answers(language=language))
    assert f"\n  language: {theme}\n" in files["mkdocs.yml"].decode()
    write_all(tmp_path / "d", files)
    assert problems_of(tmp_path / "d") == []


# refusals


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--url", "ftp://x.example"], "--url is 'ftp://x.example'; write a full address that starts with https:// and holds no spaces."),
        (["--url", "https://x.example/?a=b"], "--url is 'https://x.example/?a=b'; write only what every page's address starts with, without '?' and '#'."),
        (["--contact", "office"], "--contact is 'office'; write an e-mail address."),
        (["--name", " "], "--name is ''; write at least one word, or leave the key out."),
        (["--name", "<b>Bold</b>"], "--name is '<b>Bold</b>'; it holds HTML, which is not allowed in texts."),
        (["--name", "Ask me@x.example"], "--name is 'Ask me@x.example'; it holds an e-mail address, which belongs in --contact alone."),
        (["--name", "a\u202eb"], "--name is 'a\\u202eb'; U+202E is not accepted in YAML files."),
        (["--language", "English"], "--language is 'English'; write a language tag such as en or pt-BR."),
        (["--country", ""], "--country is ''; write at least one word, or leave the key out."),
        (
            ["--name", "", "--contact", "x"],
            "--name is ''; write at least one word, or leave the key out.\n--contact is 'x'; write an e-mail address.",
        ),
    ],
)  # fmt: skip
def test_a_bad_answer_is_refused_in_one_sentence_and_nothing_is_written(
    options: list[str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageProblem) as refused:
        new.main([str(tmp_path / "d"), *options], standalone_mode=False)
    assert str(refused.value) == said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_refused_with_exit_2(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "letter.txt").write_text("keep me")
    done = run("new", "d", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == "badges: 'd' is not empty: it holds 'letter.txt'. Name a new folder, or an empty one.\n"
    )
    assert [path.name for path in tmp_path.rglob("*")] == ["d", "letter.txt"]


def test_a_file_or_a_missing_parent_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name, said in (
        ("file", "badges: 'file' is there already and is not a folder.\n"),
        ("no/where", "badges: there is no folder 'no' to make 'where' in.\n"),
    ):
        done = run("new", name, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc, which nobody can write to")
def test_an_unwritable_place_is_refused_with_exit_3(tmp_path: Path) -> None:
    done = run("new", "/proc/district", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "badges: '/proc/district' cannot be written: No such file or directory.\n"


def test_a_name_that_no_disk_takes_is_refused_with_exit_3(tmp_path: Path) -> None:
    done = run("new", "d" * 300, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"badges: '{'d' * 199}…' cannot be written: File name too long.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_half_way_leaves_nothing(tmp_path: Path) -> None:
    files = {"a.yml": b"a", "a.yml/b.yml": b"a file where a folder should be"}
    for folder in (tmp_path / "new", tmp_path / "empty"):
        if folder.name == "empty":
            folder.mkdir()
        with pytest.raises(EnvironmentProblem) as refused:
            write_all(folder, files)
        assert str(refused.value) == f"'{folder}' cannot be written: File exists."
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_an_empty_folder_that_cannot_take_every_entry_is_empty_again(tmp_path: Path) -> None:
    made_in = tmp_path / "made"
    for name in ("a", "b"):
        (made_in / name).mkdir(parents=True)
    folder = tmp_path / "d"
    (folder / "b" / "in-the-way").mkdir(parents=True)
    with pytest.raises(OSError, match="not empty"):
        scaffold._move_into(folder, made_in)
    assert sorted(path.name for path in folder.iterdir()) == ["b"]
    assert sorted(path.name for path in made_in.iterdir()) == ["a", "b"]


def test_a_fresh_clone_is_filled_in_place(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    done = run("new", ".", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\nNext:\n  badges check\n  badges serve\n")
    assert (tmp_path / ".git").is_dir()
    assert (tmp_path / ".gitignore").is_file()
    assert not list(tmp_path.glob(".badges-new-*"))
    assert problems_of(tmp_path) == []


# ids


def test_two_repositories_share_no_id_salt_or_place(tmp_path: Path) -> None:
    for name in ("one", "two"):
        new.main([str(tmp_path / name), "--yes"], standalone_mode=False)
    drawn = []
    for name in ("one", "two"):
        catalog = load_tree(read_tree(tmp_path / name)).catalog
        assert catalog is not None
        (award,) = catalog.awards.values()
        assert award.salt is not None
        assert award.status_list is not None
        drawn.append({award.id, award.teacher, award.salt, str(award.status_list.index)})
    assert len(drawn[0] | drawn[1]) == 8


def test_ids_and_salts_have_26_characters_of_the_alphabet_and_differ() -> None:
    drawn = [mint() for mint in (mint_id, mint_salt) for _ in range(500)]
    assert all(re.fullmatch("[0-9a-hjkmnp-tv-z]{26}", one) for one in drawn)
    assert len(set(drawn)) == 1000
    assert set("".join(drawn)) == set(ALPHABET)


def test_a_status_index_is_free_and_below_the_size_of_a_list() -> None:
    taken = range(STATUS_LIST_SIZE // 2 - 1)
    drawn = {status_index(taken) for _ in range(100)}
    assert all(STATUS_LIST_SIZE // 2 - 1 <= one < STATUS_LIST_SIZE for one in drawn)


def test_a_half_full_status_list_gives_no_more_places() -> None:
    with pytest.raises(ValueError, match=r"^the status list is half full$"):
        status_index(range(STATUS_LIST_SIZE // 2))


def test_equal_answers_days_and_marks_give_equal_bytes() -> None:
    assert made() == made()


# asking


def test_in_a_pipe_nothing_is_asked_and_defaults_are_taken(tmp_path: Path) -> None:
    done = run("new", "d", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Made 23 files in 'd':\n")
    assert (
        "The site's address is an example: set base_url in catalog/issuer.yml first.\n"
        in done.stdout
    )
    issuer = parse("issuer.yml", (tmp_path / "d/catalog/issuer.yml").read_bytes())
    assert isinstance(issuer, Document)
    assert [issuer.value[key] for key in ("name", "base_url", "contact", "source", "language")] == [
        "My district", "https://badges.example.org", "badges@example.org", "private", "en",
    ]  # fmt: skip


def test_on_a_terminal_only_what_is_missing_is_asked_and_a_bad_answer_again(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    main_end, their_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from site_builder.cli import main; main()", "new", "d", "--contact", "it@x.example"],
        cwd=tmp_path, stdin=their_end, stdout=their_end, stderr=their_end,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    os.close(their_end)
    os.write(main_end, b"Cedar: Falls\nnot an address\nhttps://badges.cedar.example\n")
    screen = b""
    while True:
        try:
            chunk = os.read(main_end, 4096)
        except OSError:  # Linux says EIO when the other end is closed
            break
        if not chunk:
            break
        screen += chunk
    os.close(main_end)
    assert process.wait(timeout=60) == 0
    shown = screen.decode().replace("\r\n", "\n")
    assert "Who issues the badges (the name people will read) [My district]: " in shown
    assert (
        "Error: 'not an address': write a full address that starts with https:// and holds no spaces.\n"
        in shown
    )
    assert "E-mail address of the office" not in shown
    issuer = parse("issuer.yml", (tmp_path / "d/catalog/issuer.yml").read_bytes())
    assert isinstance(issuer, Document)
    assert [issuer.value[key] for key in ("name", "base_url", "contact")] == [
        "Cedar: Falls", "https://badges.cedar.example", "it@x.example",
    ]  # fmt: skip


def test_the_day_follows_source_date_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1457913600")  # 14 March 2016
    new.main([str(tmp_path / "d"), "--yes"], standalone_mode=False)
    (award,) = (tmp_path / "d/awards/2015-16/sample-programme").iterdir()
    assert "\nissued: 2016-03-14\n" in award.read_text("utf-8")


# editors and forges


def test_editors_map_each_record_to_the_one_schema_it_meets(district: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    mapped = json.loads((district / ".vscode/settings.json").read_text("utf-8"))["yaml.schemas"]
    records = [path for top in ("catalog", "awards") for path in (district / top).rglob("*.yml")]
    assert len(records) == 6
    for path in records:
        name = path.relative_to(district).as_posix()
        fitting = [
            schema
            for schema, patterns in mapped.items()
            if any(
                fnmatch.fnmatchcase(name, one) and name.count("/") == one.count("/")
                for one in patterns
            )
        ]
        assert len(fitting) == 1, name
        document = parse(name, path.read_bytes())
        assert isinstance(document, Document)
        schema = json.loads((district / fitting[0]).read_text("utf-8"))
        jsonschema.Draft7Validator(schema).validate(document.value)


def test_the_mapped_schemas_are_the_eight_generated_ones(district: Path) -> None:
    mapped = json.loads((district / ".vscode/settings.json").read_text("utf-8"))["yaml.schemas"]
    assert mapped == {f"./schemas/{kind}.json": patterns for kind, patterns in FILES.items()}
    assert {kind: (district / "schemas" / f"{kind}.json").read_text("utf-8") for kind in FILES} == {
        kind: schema_text(kind) for kind in FILES
    }


def test_the_workflow_is_a_valid_one_and_pins_every_action(district: Path) -> None:
    path = district / ".github/workflows/check.yml"
    uses = re.findall(r"uses: (\S+)", path.read_text("utf-8"))
    assert len(uses) == 3
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one) for one in uses)
    pytest.importorskip("check_jsonschema")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "ok -- validation done")


def test_the_program_is_pinned_to_a_wheel_of_this_version_in_the_repository(district: Path) -> None:
    from site_builder import __version__

    last = (district / "requirements.txt").read_text("utf-8").splitlines()[-1]
    assert last == f"./vendor/badges_static-{__version__}-py3-none-any.whl"


def test_no_template_has_a_name_that_git_or_a_build_tool_would_pass_over() -> None:
    def names(folder: Any) -> Iterator[str]:
        for entry in folder.iterdir():
            yield entry.name
            if entry.is_dir():
                yield from names(entry)

    found = list(names(resources.files("site_builder") / "starter"))
    assert "dot-gitignore" in found
    assert [one for one in found if one.startswith(".")] == []


def test_the_starter_says_nothing_of_the_demo() -> None:
    said = b"\n".join(
        data for path, data in made().items() if not path.startswith("schemas/")
    ).decode()
    assert [
        word
        for word in ("Learning Works", "Millbrook", "Harbor City", "learning-works")
        if word in said
    ] == []
