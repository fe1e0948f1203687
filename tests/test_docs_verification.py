# SPDX-License-Identifier: Apache-2.0
"""Pages about verification and keys say what the programs say, and what they show can be run.

    python -m tests.test_docs_verification

writes the parts of reference/verification.md that follow from the code.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.verify import unreachable
from site_builder.verify.report import WORDS
from tests.signed import REVOKED
from tests.support import PUBLIC_AWARD, ROOT, badges_process, environment
from tests.test_docs import blocks, section
from tests.verified import GOOD, signed_site

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs" / "reference" / "verification.md"
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def findings() -> str:
    """Every code by check, with its state and its sentence."""
    lines = []
    for check, label in WORDS["checks"].items():
        lines += ["", f"**{label}**", ""]
        for code, (state, sentence) in WORDS["findings"].items():
            if code.startswith(f"{check}."):
                said = re.sub(r"\{(\w+)\}", lambda one: f"*{one[1].replace('_', ' ')}*", sentence)
                lines.append(f"- `{code}`, {state}: {said}")
    return "\n".join(lines[1:])


def contexts() -> str:
    """A table of the contexts that are known."""
    folder = resources.files("site_builder") / "contexts"
    index = json.loads((folder / "index.json").read_bytes())
    rows = [f"| `{url}` | `{one['file']}` |" for url, one in index.items()]
    return "\n".join(["| context | file in `site_builder/contexts/` |", "|---|---|", *rows])


def bundle() -> str:
    """The hash of the browser's verifier."""
    data = (resources.files("site_builder") / "assets" / "verify.js").read_bytes()
    return f"```\n{hashlib.sha256(data).hexdigest()}  verify.js\n```"


MADE = {"contexts": contexts, "findings": findings, "bundle": bundle}


def written(text: str) -> str:
    """The page with the parts that follow from the code."""
    for name, make in MADE.items():
        pattern = rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)"
        text = re.sub(pattern, lambda _, make=make: f"\n{make()}\n\n", text, flags=re.DOTALL)
    return text


@pytest.mark.parametrize("name", MADE)
def test_made_part_is_current(name: str):
    text = PAGE.read_text("utf-8")
    found = re.search(rf"<!-- {name} -->\n\n(.*?)\n\n<!-- /{name} -->", text, re.DOTALL)
    assert found is not None
    assert found[1] == MADE[name](), "run: python -m tests.test_docs_verification"


def test_every_check_is_explained_under_the_name_readers_see():
    text = section(PAGE.read_text("utf-8"), "The verifiers").partition("### Findings")[0]
    rows = re.findall(r"^\| ([A-Z][^|]*) \| ", text, re.MULTILINE)
    assert rows == list(WORDS["checks"].values())


def test_report_in_the_page_has_the_members_of_a_report():
    (shown,) = blocks(PAGE.read_text("utf-8"), "json")
    sample: dict[str, Any] = json.loads(shown)
    report = unreachable("https://badges.example.org/", "it does not answer", NOW).as_json()
    assert list(sample) == ["target", *report, "asked"]
    (check,) = sample["checks"]
    assert list(check) == list(report["checks"][0])
    state, why = WORDS["findings"][check["code"]]
    assert (check["state"], check["why"]) == (state, why.format(reason=""))
    assert check["label"] == WORDS["checks"][check["check"]]
    assert sample["headline"] in [
        words for code, _, words in WORDS["headlines"] if code == check["code"]
    ]


def test_answers_the_guide_explains_are_headlines():
    text = (ROOT / "docs" / "guide" / "check-a-badge.md").read_text("utf-8")
    given = {words for _, _, words in WORDS["headlines"]}
    given |= {WORDS[name][1] for name in ("valid", "valid_bare", "unfinished", "part_failed")}
    explained = re.findall(r"^\| \*\*([^*]+)\*\* \|", text, re.MULTILINE)
    assert len(explained) == 8
    assert set(explained) <= given


def run(number: int, *files: Path) -> subprocess.CompletedProcess[str]:
    """A program of the page, run as its first line says."""
    program = blocks(PAGE.read_text("utf-8"), "python")[number]
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, files)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machine files of a small signed site."""
    folder = tmp_path_factory.mktemp("signed")
    files = signed_site(tmp_path_factory.mktemp("repository")).files
    for url, data in files.items():
        place = folder / url.removeprefix("https://badges.example.org/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def test_program_that_checks_a_signature_by_hand_says_that_it_holds(site: Path):
    assert run(0, site / GOOD, site / "did.json").stdout == "The signature holds.\n"


def test_program_that_checks_a_signature_by_hand_refuses_what_was_changed(
    site: Path, tmp_path: Path
):
    changed = tmp_path / "changed.json"
    document = json.loads((site / GOOD).read_bytes())
    changed.write_text(json.dumps(document | {"name": "Something else"}), "utf-8")
    ran = run(0, changed, site / "did.json")
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == "cryptography.exceptions.InvalidSignature"


@pytest.mark.parametrize(
    ("award", "said"), [(PUBLIC_AWARD, "Stands.\n"), (REVOKED, "No longer stands.\n")]
)
def test_program_that_reads_the_bit_says_what_the_list_says(site: Path, award: str, said: str):
    assert run(1, site / "awards" / f"{award}.json", site / "status" / "0.json").stdout == said


# The drill


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Each command of the blocks in which commands and answers stand, with its answer."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(blocks(text, "console")).splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def alike(text: str, home: Path) -> list[str]:
    """The lines of an answer without what differs from one run to the next."""
    text = text.replace(str(home), "/home/you")
    for pattern, name in (
        (r"z6Mk\w+", "KEY"),
        (r"\d{4}-\d\d-\d\d", "DATE"),
        (r"[0-9a-hjkmnp-tv-z]{26}", "ID"),
        (r"\d+\.\d s", "TIME"),
    ):
        text = re.sub(pattern, name, text)
    return text.splitlines()


def test_drill_for_a_stolen_key_answers_what_the_guide_shows(tmp_path: Path):
    home = tmp_path.resolve()
    repository = home / "my-district"
    text = (ROOT / "docs" / "guide" / "keys.md").read_text("utf-8")
    badges_process("new", repository, cwd=home)

    def run_there(command: str) -> list[str]:
        words = command.replace("~", str(home)).replace("$HOME", str(home)).split()
        return alike(badges_process(*words[1:], cwd=repository).out, home)

    first, _ = blocks(text, "text")
    answer = run_there("badges keys new ~/badges-key-1")
    assert answer == alike(first, home)
    public = re.search(r"z6Mk\w+", (home / "badges-key-1").read_text("ascii"))
    assert public is not None
    with (repository / "catalog" / "issuer.yml").open("a") as issuer:
        issuer.write(
            f"keys:\n  - {{id: key-1, public: {public[0]}, from: 2026-09-01, until: null, compromised: null}}\n"
        )
    run_there("badges build --key file:$HOME/badges-key-1")
    (saved,) = set((repository / "site" / "awards").glob("*.json")) - set(
        (repository / "site" / "awards").glob("*.ob2.json")
    )
    (home / "saved.json").write_bytes(saved.read_bytes())

    for command, shown in steps(text):
        answer = run_there(command)
        said = iter(answer)
        missing = [
            line for line in alike("\n".join(shown), home) if line != "..." and line not in said
        ]
        assert missing == [], "\n".join([command, *answer])


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
