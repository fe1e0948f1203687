# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import pickle
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.documents import Document, parse, yaml_text
from site_builder.documents.events import Parser, PurePythonParser
from site_builder.documents.reading import parse_with
from site_builder.documents.usual import usual_value
from site_builder.documents.words import FORBIDDEN, FORBIDDEN_RAW, INTEGER, has_hidden
from site_builder.problems import Problem, render
from site_builder.sources import read_tree
from tests.support import ROOT

CASES = sorted((Path(__file__).parent / "cases" / "documents").glob("*.txt"))


def read_case(path: Path) -> tuple[bytes, str]:
    """The input's bytes and the expected output of one case file."""
    head, expected = path.read_text(encoding="utf-8").split("--- expect\n")
    if body := head.removeprefix("--- input escaped\n").removeprefix("--- input\n"):
        if head.startswith("--- input escaped"):
            one_line = body.replace("\\n\n", "\\n").replace("\n", "")
            return one_line.encode().decode("unicode_escape").encode("latin-1"), expected
        return body.encode(), expected
    return b"", expected


def told(result: Document | list[Problem]) -> str:
    if isinstance(result, list):
        return render(result, "text", tool_version="0")
    return json.dumps(result.value, indent=1) + "\n"


def value(text: str | bytes) -> object:
    result = parse("case.yml", text if isinstance(text, bytes) else text.encode())
    assert isinstance(result, Document), told(result)
    return result.value


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_is_told_as_expected(path: Path):
    data, expected = read_case(path)
    assert told(parse("case.yml", data)) == expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_parser_without_libyaml_gives_the_same_verdict(path: Path):
    data, expected = read_case(path)
    result = parse_with(PurePythonParser, "case.yml", data)
    # problems are worded and placed a little differently, but the file is refused all the same
    assert (told(result) == expected) if isinstance(result, Document) else ("YM" in expected)


def test_the_c_parser_is_used_here():
    assert Parser is not PurePythonParser


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[[{a: "])
@pytest.mark.parametrize("times", [20_000, 200_000])
def test_deep_nesting_is_told_and_does_not_crash(opening: str, times: int):
    result = parse(
        "deep.yml", ("a: " + "\n" * (opening in "- ? ") + opening * times)[:1_000_000].encode()
    )
    assert isinstance(result, list)
    assert result[-1].code == "YM015"


def test_thirty_two_levels_are_accepted_and_thirty_three_are_not():
    assert value("a: " + "[" * 31 + "]" * 31)
    result = parse("deep.yml", ("a: " + "[" * 32 + "]" * 32).encode())
    assert told(result) == (
        "deep.yml:1:35: YM015 Values are nested more than 32 levels deep here.\n"
        "    Take some brackets or indentation away. (docs: reference/problems/#ym015)\n"
        "1 error in 1 file\n"
    )


def test_one_megabyte_is_read_and_one_byte_more_is_not():
    text = b"a: " + b"x" * (1_048_576 - 3)
    assert value(text)
    assert told(parse("big.yml", text + b"x")) == (
        "big.yml:1:1: YM002 The file has 1,048,577 bytes; at most 1,048,576 (1 MB) are read.\n"
        "    Move long texts, pictures or other records out of it."
        " (docs: reference/problems/#ym002)\n"
        "1 error in 1 file\n"
    )


def test_only_a_hundred_problems_of_a_file_are_listed():
    result = parse("many.yml", b"a: [" + b"&x 1, " * 5_000 + b"]")
    assert isinstance(result, list)
    assert len(result) == 100
    assert result[-1].hint.endswith(" Only the first 100 problems of this file are listed.")


PLACES = b"""\xef\xbb\xbftitle: {en: One, es: "Uno"}
rounds:
  - {submitted: 2016-02-11}
  - submitted: 2016-03-02
    "outcome": |
      met
"""


@pytest.mark.parametrize(
    ("loc", "at", "key_at"),
    [
        ((), (1, 1), (1, 1)),
        (("title",), (1, 8), (1, 1)),
        (("title", "es"), (1, 22), (1, 18)),
        (("title", "fr"), (1, 8), (1, 8)),
        (("rounds",), (3, 3), (2, 1)),
        (("rounds", 0, "submitted"), (3, 17), (3, 6)),
        (("rounds", 1), (4, 5), (4, 5)),
        (("rounds", 1, "outcome"), (5, 16), (5, 5)),
        (("rounds", 1, "outcome", "deeper", 3), (5, 16), (5, 16)),
        (("rounds", 9, "submitted"), (3, 3), (3, 3)),
        (("nothing", "title"), (1, 1), (1, 1)),
    ],
)
def test_place_of_value_key_or_nearest_ancestor(loc, at, key_at):
    document = parse("p.yml", PLACES)
    assert isinstance(document, Document)
    place, key_place = document.place(loc), document.place(loc, key=True)
    assert (place.line, place.column) == at
    assert (key_place.line, key_place.column) == key_at


def test_place_is_looked_up_in_bytes_that_are_read_when_it_is_asked_for():
    read = []

    def again() -> bytes:
        read.append(1)
        return b"a: 1\nb:\n  - c: 2\n"

    document = Document("x.yml", {"a": 1, "b": [{"c": 2}]}, again)
    assert read == []
    assert str(document.place(("b", 0, "c"))) == "x.yml:3:8"
    assert str(document.place(("a",))) == "x.yml:1:4"
    assert read == [1]


def test_place_in_a_file_that_is_another_now_is_its_start():
    document = Document("x.yml", {"a": {"b": 1}}, lambda: b"[")
    assert str(document.place(("a", "b"))) == "x.yml:1:1"


def test_document_survives_a_process_pool():
    document = parse("p.yml", PLACES)
    assert isinstance(document, Document)
    document.place(("title",))
    copy = pickle.loads(pickle.dumps(document))  # noqa: S301 - our own bytes
    assert (copy.path, copy.value, copy.place(("title",))) == (
        "p.yml",
        document.value,
        document.place(("title",)),
    )


# YAML-like soup finds more than random bytes do
SOUP = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            ": ",
            ":",
            "\n",
            "  ",
            "- ",
            "? ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "&x ",
            "*x",
            "!t ",
            "|",
            ">",
            "'",
            '"',
            "\\",
            "#",
            " #",
            "%",
            "---\n",
            "...\n",
            "~",
            "<<",
            "1",
            "0x1",
            "é",
            "\t",
            "\r\n",
            "\r",
            "\x85",
            "\u2028",
            "\ufeff",
            "null",
            "True",
            "\\ud800",
            "@",
            "🙂",
        ]
    ),
    max_size=30,
).map(lambda parts: "".join(parts).encode())
BYTES = st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode), SOUP)


@settings(deadline=None, max_examples=1_500)
@given(BYTES)
def test_any_bytes_give_a_document_or_problems_at_existing_places(data: bytes):
    result = parse("any.yml", data)
    if isinstance(result, Document):
        json.dumps(result.value).encode()
        return
    assert result
    lines = data.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    for problem in result:
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1


@settings(deadline=None, max_examples=800)
@given(SOUP)
def test_both_parsers_agree_on_any_text(data: bytes):
    ours, other = parse("any.yml", data), parse_with(PurePythonParser, "any.yml", data)
    if isinstance(ours, Document) and isinstance(other, Document):
        assert ours.value == other.value


# A character that YAML files may hold
CHARACTERS = st.characters(exclude_categories=["Cs"]).filter(
    lambda char: not FORBIDDEN.search(char)
)
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=30),
    st.text(st.sampled_from(" \n:#-?[]{},'\"\\|>&*!%@`~aé.0+x=<"), max_size=12),
    st.from_regex(r"[-+.0-9eExob_]{1,20}|null|~|True|no|on|\.inf", fullmatch=True),
)
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**15) + 1, 10**15 - 1), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)


@settings(deadline=None, max_examples=1_500)
@given(st.dictionaries(TEXTS, DATA, max_size=4), st.integers(1, 5), st.sampled_from([20, 100]))
def test_written_text_reads_back_as_the_same_data(data, flow_depth, width):
    text = yaml_text(data, flow_depth=flow_depth, width=width)
    result = parse("back.yml", text.encode())
    assert isinstance(result, Document), told(result) + text
    assert result.value == data
    assert json.dumps(result.value) == json.dumps(data)  # 1 is not true, order kept


def test_award_is_written_as_in_the_data_model():
    award = {
        "teacher": "7k2m4q",
        "credential": "looking-at-student-work@1.1.0",
        "status_list": {"list": 0, "index": 48213},
        "rounds": [
            {"submitted": "2016-02-11", "feedback": {"c1": "Say why: this protocol."}},
            {"submitted": date(2016, 3, 2), "scores": [{"by": "a-3"}]},
        ],
        "level": "proficient",
        "hours": Decimal("2.5"),
        "version": "1.10",
        "renews": None,
        "language": "no",
        "tags": ["a", "b"],
        "text": "One\n\n  two\n",
    }
    assert yaml_text(award) == (
        "teacher: 7k2m4q\n"
        "credential: looking-at-student-work@1.1.0\n"
        "status_list: {list: 0, index: 48213}\n"
        "rounds:\n"
        '  - {submitted: 2016-02-11, feedback: {c1: "Say why: this protocol."}}\n'
        "  - {submitted: 2016-03-02, scores: [{by: a-3}]}\n"
        "level: proficient\n"
        "hours: 2.5\n"
        'version: "1.10"\n'
        "renews: null\n"
        'language: "no"\n'
        "tags: [a, b]\n"
        "text: |\n  One\n\n    two\n"
    )


def test_deeper_blocks_are_written_on_request():
    data = {"method": {"name": {"en": "Plan"}, "parts": [{"id": "m1", "text": "One\ntwo"}]}}
    assert yaml_text(data, flow_depth=4, width=20) == (
        "method:\n"
        "  name: {en: Plan}\n"
        "  parts:\n"
        "    - id: m1\n"
        "      text: |-\n"
        "        One\n"
        "        two\n"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"a": "x\u202ey"}, "U+202E is not accepted in YAML files"),
        ({"a": 10**15}, "1000000000000000 has more than 15 digits; pass it as text"),
        ({"a": float("nan")}, "nan is no number"),
        ({"a" * 1001: 1}, "a key has more than 1,000 characters"),
        ({"a": json.loads("[" * 32 + "]" * 32)}, "nested more than 32 levels deep"),
    ],
)
def test_data_that_strict_yaml_does_not_have_is_refused(data, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        yaml_text(data)


def test_value_of_another_type_is_refused():
    with pytest.raises(TypeError, match=r"^set has no form in strict YAML$"):
        yaml_text({"a": {1}})


@given(st.from_regex(r"[-+]?[0-9]{1,18}", fullmatch=True))
def test_plain_integer_is_typed_refused_or_kept_as_typed(text: str):
    result = parse("n.yml", f"a: {text}\n".encode())
    if isinstance(result, Document):
        assert str(result.value["a"]) == text
        assert isinstance(result.value["a"], int) == bool(INTEGER.fullmatch(text))


# The usual form of people's files, against the parser.

PEOPLE = [one.data.decode() for one in read_tree(ROOT).sources if one.kind in ("teacher", "award")]
SHORT = [
    "status: {state: active}\n",
    "a: [b, c]\nd:\n  - {e: f}\n  - {e: 2015-03-01}\n",
    'evidence:\n  - {for: a, title: "b: c", url: https://example.org/x, n: 3}\n',
    "a: {b: [c, {d: e}], f: null}\nissued: 2015-03-01\n",
]
BITS = [
    *"{}[]:,-?#&*!|>'\"%@` \n.0129+_aetfnENxo\\/<=~é²١", ": ", ",", " #", "- ", "\n  - ", "\nk: ", "true", "null",
    "True", "0x1F", "0o7", "-0", "1.5", "1e3", ".inf", "NaN", "Infinity", "-Infinity", "<<", "---", "'it''s'", '"q"',
    '"q": ', "{}", "[]", "12345678901234567", "{a: b}", "[a, b]", "a" * 1100 + ": ", "\r\n", "\u00a0", "http://a?b",
    "[" * 40, "]" * 40, "[{}], [",
]  # fmt: skip
_EDIT = st.tuples(st.integers(0, 2000), st.integers(0, 3), st.sampled_from(BITS))


@pytest.mark.parametrize("text", SHORT)
def test_comments_and_blank_lines_belong_to_the_usual_form(text: str):
    assert json.dumps(usual_value(text)) == told_by_parser(text)


@pytest.mark.parametrize(
    "bit",
    ["a ", "a, ", "a: ", "{", "[", '"', "a\n", "a: {\n", "https://", "  - {}\n", "a: b\n", "}"],
)
@pytest.mark.parametrize("end", ["#]\n", "]", "}\n"])
def test_a_megabyte_of_anything_is_refused_in_one_pass(bit: str, end: str):
    text = "x: [" + bit * (1_000_000 // len(bit)) + end
    assert usual_value(text) is None


def test_every_file_of_the_demos_people_has_the_usual_form():
    for text in PEOPLE:
        assert json.dumps(usual_value(text)) == told_by_parser(text)


def told_by_parser(text: str) -> str:
    found = parse_with(Parser, "x.yml", text.encode())
    return json.dumps(found.value) if isinstance(found, Document) else told(found)


@given(st.sampled_from(SHORT * 40 + PEOPLE), st.lists(_EDIT, min_size=1, max_size=4))
@settings(max_examples=1500, deadline=None)
def test_what_is_read_without_the_parser_is_what_the_parser_reads(text: str, edits):
    for start, length, bit in edits:
        at = start % (len(text) + 1)
        text = text[:at] + bit + text[at + length :]
    found = usual_value(text) if not FORBIDDEN_RAW.search(text) else None
    assert found is None or json.dumps(found) == told_by_parser(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "# a\n", "a: b\n \n", "a: b\r\n", "a:\n", "a:\nb: c\n", "a: b\n  - {c: d}\n", "  - {a: b}\n", "a: b\na: c\n",
        "true: a\n", "A: b\n", "a: b \n", "a: 'b'\n", "a: b: c\n", "a: b # c\n", "a: True\n", "a: 0x1F\n", "a: -\n", "a: ~\n",
        "a: {b: c, b: d}\n", "a: {b}\n", "a: {b: }\n", "a: {b:c}\n", "a: {b: c }\n", "a: {b: c,}\n", "a: {b: c}}\n", "a: {b: c} d\n",
        "a: {b: c}, {d: e}\n", "a: {true: b}\n", "a: {1: b}\n", "a: {1.5: b}\n", "a: {b: True}\n", "a: {b: -0}\n", "a: {b: 0o7}\n",
        "a: {b: 1234567890123456}\n", "a: {b: 01}\n", "a: {b: NaN, c: -Infinity}\n", "a: {b: 'c'}\n", 'a: {b: "c\\n"}\n',
        'a: {"b": c}\n', 'a: {b: "c"d}\n', 'a: {b: c "d"}\n', "a: {b: c?}\n", "a: {b: c:d}\n", "a: {b: &c d}\n", "a: [b: c]\n",
        "a: [[b], [c]\nd: [e], [f]]\n", f"a: {'[' * 33}{']' * 33}\n", f"a: {{{'b' * 1100}: c}}\n", "---\na: b\n",
    ],
)  # fmt: skip
def test_form_that_is_not_the_usual_one_is_left_to_the_parser(text: str):
    assert usual_value(text) is None


@given(
    st.binary(max_size=80) | st.text("a\r\n\t \ufeffé\x85\u2028\x7f", max_size=12).map(str.encode)
)
def test_hidden_characters_are_found_among_ordinary_ones(data: bytes):
    text = data.decode("utf-8", "ignore")
    assert has_hidden(text.encode(), text) == bool(FORBIDDEN_RAW.search(text))
