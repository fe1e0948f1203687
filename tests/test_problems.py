# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import re

import pytest

from site_builder.problems import (
    REGISTRY,
    Place,
    Problem,
    did_you_mean,
    has_errors,
    quoted,
    render,
    summary,
    tidy,
)

ANCHOR = Problem(
    "YM008", Place("awards/a.yml", 3, 13), "The anchor '&x' is not accepted.", "Delete it."
)
AGAIN = Problem(
    "YM014", Place("awards/a.yml", 2, 1), "The key 'a' stands here again; it is first on line 1."
)
OTHER = Problem(
    "SR004", Place("catalog/b, c: 100%.txt"), "The file is not read.", "Move it,\nplease."
)


def test_place_reads_as_path_line_column():
    assert str(Place("a.yml", 3, 13)) == "a.yml:3:13"
    assert Place("a.yml", 9, 1) < Place("a.yml", 10, 1) < Place("b.yml", 1, 1)


def test_unregistered_code_is_our_bug():
    with pytest.raises(ValueError, match=r"^no problem code 'XX999' in codes\.py$"):
        Problem("XX999", Place("a.yml"), "x")


def test_severity_is_the_rules_own_unless_given():
    assert ANCHOR.severity == "error"
    assert OTHER.severity == "warning"
    assert Problem("SR004", Place("a"), "x", severity="note").severity == "note"
    assert has_errors([ANCHOR, OTHER])
    assert not has_errors([OTHER])


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Reading", "'Reading'"),
        ("Łukasik 🙂", "'Łukasik 🙂'"),
        ("a\nb\x1b[31m\x85", "'a\\u000ab\\u001b[31m\\u0085'"),
        ("a\u202eb\u2028\u200f", "'a\\u202eb\\u2028\\u200f'"),
        ("\U000e0067\ud800", "'\\U000e0067\\ud800'"),
        ("x" * 200, "'" + "x" * 200 + "'"),
        ("x" * 201, "'" + "x" * 199 + "…'"),
        (True, "'true'"),
        (None, "'null'"),
        (12, "'12'"),
    ],
)
def test_quoted_value_is_visible_and_short(value, shown):
    assert quoted(value) == shown


def test_message_and_hint_never_hold_control_characters():
    problem = Problem("YM008", Place("a.yml"), "one\x1b[2J", "two\u202e")
    assert (problem.message, problem.hint) == ("one\\u001b[2J", "two\\u202e")


@pytest.mark.parametrize(
    ("word", "candidates", "sentence"),
    [
        ("anlysing-results", ["analysing-results", "reading"], "Did you mean 'analysing-results'?"),
        ("Team_Norms", ["team-norms", "team-forms"], "Did you mean 'team-norms'?"),
        ("cat", ["bat", "rat", "hat"], "Did you mean 'bat'?"),
        ("cat", {"rat", "hat", "bat"}, "Did you mean 'bat'?"),
        ("titel", ["title", "tile"], "Did you mean 'title'?"),
        ("xyz", ["title"], ""),
        ("", ["title"], ""),
        ("title" * 100, ["title" * 100 + "s"], ""),
    ],
)
def test_closest_candidate_is_suggested(word, candidates, sentence):
    assert did_you_mean(word, candidates) == sentence


def test_problems_are_sorted_and_told_once():
    assert tidy([OTHER, ANCHOR, AGAIN, ANCHOR]) == [AGAIN, ANCHOR, OTHER]
    later = Problem("YM008", Place("awards/a.yml", 10, 2), "x")
    assert tidy([later, ANCHOR]) == [ANCHOR, later]


def test_text_has_place_first_then_hint_and_a_count():
    assert render([OTHER, ANCHOR, AGAIN], "text", tool_version="1") == (
        "awards/a.yml:2:1: YM014 The key 'a' stands here again; it is first on line 1.\n"
        "    (docs: reference/problems/#ym014)\n"
        "awards/a.yml:3:13: YM008 The anchor '&x' is not accepted.\n"
        "    Delete it. (docs: reference/problems/#ym008)\n"
        "catalog/b, c: 100%.txt:1:1: warning: SR004 The file is not read.\n"
        "    Move it,\\u000aplease. (docs: reference/problems/#sr004)\n"
        "2 errors, 1 warning in 2 files\n"
    )


def test_nothing_wrong_is_said_so():
    assert render([], "text", tool_version="1") == "no problems\n"
    assert render([], "github", tool_version="1") == "no problems\n"
    assert summary([ANCHOR]) == "1 error in 1 file"


def test_github_annotations_are_escaped():
    assert render([OTHER, ANCHOR], "github", tool_version="1") == (
        "::error file=awards/a.yml,line=3,col=13,title=YM008::"
        "The anchor '&x' is not accepted.%0ADelete it.\n"
        "::warning file=catalog/b%2C c%3A 100%25.txt,line=1,col=1,title=SR004::"
        "The file is not read.%0AMove it,\\u000aplease.\n"
        "1 error, 1 warning in 2 files\n"
    )


def test_json_carries_every_field_and_the_counts():
    assert json.loads(render([ANCHOR, OTHER], "json", tool_version="1.2")) == {
        "tool": {"name": "badges", "version": "1.2"},
        "summary": {"errors": 1, "warnings": 1, "notes": 0, "files": 2},
        "problems": [
            {
                "code": "YM008",
                "severity": "error",
                "path": "awards/a.yml",
                "line": 3,
                "column": 13,
                "message": "The anchor '&x' is not accepted.",
                "hint": "Delete it.",
                "docs": "reference/problems/#ym008",
            },
            {
                "code": "SR004",
                "severity": "warning",
                "path": "catalog/b, c: 100%.txt",
                "line": 1,
                "column": 1,
                "message": "The file is not read.",
                "hint": "Move it,\\u000aplease.",
                "docs": "reference/problems/#sr004",
            },
        ],
    }


def sarif_run(problems):
    log = json.loads(render(problems, "sarif", tool_version="1.2"))
    assert log["version"] == "2.1.0"
    return log["runs"][0]


def test_sarif_names_rules_places_and_levels():
    run = sarif_run([OTHER, ANCHOR])
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("badges", "1.2")
    assert [rule["id"] for rule in driver["rules"]] == ["SR004", "YM008"]
    assert [(it["ruleId"], it["ruleIndex"], it["level"]) for it in run["results"]] == [
        ("YM008", 1, "error"),
        ("SR004", 0, "warning"),
    ]
    assert run["results"][1]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "catalog/b%2C%20c%3A%20100%25.txt"},
                "region": {"startLine": 1, "startColumn": 1},
            }
        }
    ]
    assert "invocations" not in run


def fingerprints(problems):
    return [it["partialFingerprints"]["badges/v1"] for it in sarif_run(problems)["results"]]


def test_sarif_fingerprint_survives_a_shifted_line():
    moved = Problem(
        "YM014",
        Place("awards/a.yml", 12, 1),
        "The key 'a' stands here again; it is first on line 11.",
    )
    assert fingerprints([AGAIN]) == fingerprints([moved])


def test_sarif_fingerprints_of_equal_problems_differ():
    twin = Problem("YM008", Place("awards/a.yml", 9, 13), ANCHOR.message, ANCHOR.hint)
    assert len(set(fingerprints([ANCHOR, twin]))) == 2


def test_sarif_lists_five_thousand_errors_first_and_says_so():
    warnings = [Problem("SR004", Place("a.txt", line), "x") for line in range(1, 3_002)]
    errors = [Problem("YM008", Place("b.yml", line), "x") for line in range(1, 3_001)]
    run = sarif_run([*warnings, *errors])
    assert len(run["results"]) == 5_000
    assert sum(it["level"] == "error" for it in run["results"]) == 3_000
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == (
        "5,000 of 6,001 problems are listed, errors first."
    )


def test_file_name_that_is_not_text_can_be_told_in_every_format():
    problem = Problem("SR005", Place("awards/\udcff.yml"), "x")
    for output_format in ("text", "json", "github", "sarif"):
        assert render([problem], output_format, tool_version="1").encode("utf-8")


def test_every_rule_has_a_code_a_title_and_an_explanation():
    for code, rule in REGISTRY.items():
        assert code == rule.code
        assert re.fullmatch(r"[A-Z][A-Z0-9]\d{1}\d{2}|I18\d{3}", code), code
        assert rule.title, code
        assert not rule.title.endswith("."), code
        assert rule.explanation.endswith("."), code
        assert rule.severity in ("error", "warning", "note"), code
