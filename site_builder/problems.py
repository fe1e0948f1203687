# SPDX-License-Identifier: Apache-2.0
"""Problems found in the input: collected, never raised one by one, and how they are printed.

A `Problem` is wrong input. It never carries a person's name: logs are public.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import quote as percent_encode

from .codes import REGISTRY, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "REGISTRY",
    "EnvironmentProblem",
    "Format",
    "Place",
    "Problem",
    "Rule",
    "Severity",
    "Unsignable",
    "UsageProblem",
    "did_you_mean",
    "docs_link",
    "has_errors",
    "quoted",
    "render",
    "summary",
    "tidy",
]

Format = Literal["text", "json", "github", "sarif"]

_MAX_QUOTED = 200  # trust.md section 3, Messages
_MAX_SARIF = 5_000  # GitHub code scanning shows at most 5,000 results of a run
_RANK: Mapping[str, int] = {"error": 0, "warning": 1, "note": 2}


class UsageProblem(Exception):  # noqa: N818 - not a bug, not content: the command ends with 2
    """One sentence about how the command was called or set up; exit code 2."""


class EnvironmentProblem(Exception):  # noqa: N818 - the computer, not the content: exit code 3
    """One sentence about the disk, permissions or another part of the computer; exit code 3."""


class KeyProblem(Exception):  # noqa: N818 - not a bug, not content: the command ends with 5
    """One sentence about a key that cannot be used; exit code 5. Never holds key material."""


class Unsignable(Exception):  # noqa: N818 - wrong content, found while signing; exit code 1
    """Records that hold what no signature would cover; `problems` says which and where."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems")


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A spot in a file: path as given, line and column counted from 1 in characters."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the input: where, what was found, what was expected, what to do.

    Args:
        code: a key of `REGISTRY`.
        place: where to look.
        message: a full sentence; invisible characters in it are escaped.
        hint: what to do, a full sentence or "".
        severity: the rule's own unless given.

    Raises:
        ValueError: the code is not registered, which is our bug.
    """

    code: str
    place: Place
    message: str
    hint: str = ""
    severity: Severity = ""  # type: ignore[assignment] # "" is replaced by the rule's below

    def __post_init__(self) -> None:
        rule = REGISTRY.get(self.code)
        if rule is None:
            raise ValueError(f"no problem code {self.code!r} in codes.py")
        object.__setattr__(self, "message", visible(self.message))
        object.__setattr__(self, "hint", visible(self.hint))
        object.__setattr__(self, "severity", self.severity or rule.severity)


def visible(text: str) -> str:
    r"""The text with each control, format and unassigned-looking character as a \u escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _escape(char) if unicodedata.category(char) in _UNSEEN or char in _BLANK else char
        for char in text
    )


# Cc control, Cf format (bidi, tags, zero width), Co private, Cs surrogates, Zl and Zp separators
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
# Letters and signs by their category, and nothing to be seen: fillers of Hangul, blank Braille
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")


# A sign of YAML, then small letters and digits without a space or an @
_NO_NAME = re.compile(r"[&*!~]?[a-z0-9_.:/+-]{0,40}|True|TRUE|False|FALSE|Null|NULL")


def _escape(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def quoted(value: object) -> str:
    r"""The value as shown in messages: in single quotes, cut at 200 characters, escapes as \u.

    true, false and null are spelled as in YAML.
    """
    if isinstance(value, str):
        text = value
    elif value is None or isinstance(value, bool):
        text = json.dumps(value)
    else:
        text = str(value)
    if len(text) > _MAX_QUOTED:
        text = text[: _MAX_QUOTED - 1] + "…"
    return f"'{visible(text)}'"


def quoted_in(path: str, value: object) -> str:
    """The value as `quoted`; in people's files "(not shown)" for words that may be a name.

    Logs of a forge are public. What looks like an id, a key or a number is never a name.
    """
    if path.startswith("awards/") and not _NO_NAME.fullmatch(str(value)):
        return "(not shown)"
    return quoted(value)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """'Did you mean 'x'?' for the closest candidate, or "" when none is close.

    Capitals, `_` and spaces count as small letters and hyphens. Of equally close candidates the
    first in alphabetical order is named.
    """
    if not 0 < len(word) <= 100:  # a longer word is no typo of an id or a key
        return ""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(_plain(word))
    best, best_ratio = "", 0.6
    for candidate in sorted(set(candidates)):
        matcher.set_seq1(_plain(candidate))
        if (
            matcher.real_quick_ratio() > best_ratio
            and matcher.quick_ratio() > best_ratio
            and (ratio := matcher.ratio()) > best_ratio
        ):
            best, best_ratio = candidate, ratio
    return f"Did you mean {quoted(best)}?" if best else ""


def _plain(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")


def tidy(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without repeats, sorted by path, line, column, code, then text."""
    return sorted(
        set(problems),
        key=lambda it: (it.place, it.code, it.message, it.hint, _RANK[it.severity]),
    )


def has_errors(problems: Iterable[Problem]) -> bool:
    """True when at least one problem is an error: nothing may be written then."""
    return any(problem.severity == "error" for problem in problems)


def docs_link(code: str) -> str:
    """Where the reference explains a code, relative to the documentation's root."""
    return f"reference/problems/#{code.lower()}"


def summary(problems: Iterable[Problem]) -> str:
    """'3 errors, 1 warning in 2 files', or 'no problems'."""
    found = tidy(problems)
    if not found:
        return "no problems"
    counts = Counter(problem.severity for problem in found)
    parts = [_count(counts[word], word) for word in get_args(Severity) if counts[word]]
    return f"{', '.join(parts)} in {_count(len({it.place.path for it in found}), 'file')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def render(problems: Iterable[Problem], format: Format, *, tool_version: str) -> str:  # noqa: A002
    """All problems as one text that ends in a newline, in one of the four formats.

    text is for people; json for scripts; github for annotations in a GitHub Actions log; sarif
    (2.1.0) for code scanning.
    """
    found = tidy(problems)
    if format == "json":
        return _json(found, tool_version)
    if format == "github":
        return _github(found)
    if format == "sarif":
        return _sarif(found, tool_version)
    return _text(found)


def _text(found: list[Problem]) -> str:
    lines = []
    for problem in found:
        level = "" if problem.severity == "error" else f"{problem.severity}: "
        lines.append(f"{visible(str(problem.place))}: {level}{problem.code} {problem.message}")
        hint = f"{problem.hint} " if problem.hint else ""
        lines.append(f"    {hint}(docs: {docs_link(problem.code)})")
    return "\n".join([*lines, summary(found)]) + "\n"


def _json(found: list[Problem], tool_version: str) -> str:
    counts = Counter(problem.severity for problem in found)
    body = {
        "tool": {"name": "badges", "version": tool_version},
        "summary": {
            "errors": counts["error"],
            "warnings": counts["warning"],
            "notes": counts["note"],
            "files": len({problem.place.path for problem in found}),
        },
        "problems": [
            {
                "code": problem.code,
                "severity": problem.severity,
                "path": problem.place.path,
                "line": problem.place.line,
                "column": problem.place.column,
                "message": problem.message,
                "hint": problem.hint,
                "docs": docs_link(problem.code),
            }
            for problem in found
        ],
    }
    return _dump(body)


def _dump(body: object) -> str:
    # ASCII only: a file name may hold a lone surrogate, which UTF-8 cannot carry
    return json.dumps(body, indent=2, ensure_ascii=True) + "\n"


_GITHUB_LEVEL: Mapping[str, str] = {"error": "error", "warning": "warning", "note": "notice"}


def _github(found: list[Problem]) -> str:
    lines = []
    for problem in found:
        place = problem.place
        body = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
        lines.append(
            f"::{_GITHUB_LEVEL[problem.severity]} file={_property(visible(place.path))},"
            f"line={place.line},col={place.column},title={problem.code}::{_command(body)}"
        )
    return "\n".join([*lines, summary(found)]) + "\n"


def _command(text: str) -> str:
    # GitHub's runner undoes exactly these (actions/toolkit, core/src/command.ts)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(found: list[Problem], tool_version: str) -> str:
    shown = tidy(sorted(found, key=lambda problem: _RANK[problem.severity])[:_MAX_SARIF])
    codes = sorted({problem.code for problem in shown})
    seen: Counter[str] = Counter()
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "badges",
                "version": tool_version,
                "rules": [_sarif_rule(REGISTRY[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(problem, codes, seen) for problem in shown],
    }
    if len(found) > len(shown):
        text = f"{len(shown):,} of {len(found):,} problems are listed, errors first."
        note = {"level": "warning", "message": {"text": text}}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [note]}]
    return _dump(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        }
    )


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    help_text = rule.explanation + (f"\n\nExample:\n\n{rule.example}" if rule.example else "")
    return {
        "id": rule.code,
        "name": re.sub(r"\W+", "", rule.title.title()),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": rule.severity},
    }


def _sarif_result(problem: Problem, codes: list[str], seen: Counter[str]) -> dict[str, Any]:
    place = problem.place
    # Same code, file and words mean the same problem wherever its line has moved to; line
    # numbers named inside the words move too, and equal ones are told apart by their order.
    words = re.sub(r"\bline \d+", "line", problem.message)
    same = f"{problem.code}\0{place.path}\0{words}"
    seen[same] += 1
    digest = hashlib.sha256(f"{same}\0{seen[same]}".encode("utf-8", "surrogatepass")).hexdigest()
    uri = percent_encode(place.path.encode("utf-8", "surrogateescape"), safe="/")
    return {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": problem.severity,
        "message": {"text": f"{problem.message} {problem.hint}".rstrip()},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {"startLine": place.line, "startColumn": place.column},
                }
            }
        ],
        "partialFingerprints": {"badges/v1": digest},
    }
