# SPDX-License-Identifier: Apache-2.0
"""Texts: language fallback, cleaned Markdown, dates and amounts in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.texts import (
    amount_words,
    date_words,
    markdown_faults,
    markdown_html,
    money_words,
    period_words,
    pick,
    plain,
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The **educator** leads", "The educator leads"),
        ("*one* and _two_ and `three`", "one and two and three"),
        ("***both***", "both"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("a * b * c", "a * b * c"),
        ("see [the guide](https://example.org/a) now", "see the guide now"),
        ("two\nlines", "two lines"),
        ("**two words**, then", "two words, then"),
    ],
)
def test_plain_text_has_no_marks_and_loses_no_letters(words: str, expected: str) -> None:
    assert plain(words) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("es", ("hola", "es", False)),
        ("es-MX", ("hola", "es", False)),
        ("fr", ("hello", "en", True)),
        ("en", ("hello", "en", False)),
    ],
)
def test_a_missing_language_falls_back_and_says_so(language: str, expected: tuple) -> None:
    assert tuple(pick({"en": "hello", "es": "hola"}, language, "en")) == expected


def test_a_text_without_a_language_is_in_the_default_language() -> None:
    assert tuple(pick({"": "hello"}, "es", "en")) == ("hello", "en", True)
    assert tuple(pick({"": "hello"}, "en", "en")) == ("hello", "en", False)


def test_no_text_is_no_words() -> None:
    assert pick(None, "en", "en").words == ""


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        ("Plain, with 3 < 4 and a > b", []),
        ("<b>bold</b>", ["holds HTML, which is not allowed in texts"]),
        ("<!-- hidden -->", ["holds HTML, which is not allowed in texts"]),
        (
            "[x](javascript:alert(1))",
            ["links to 'javascript:alert(1)', which is not a web address"],
        ),
        ("[x](data:text/html,x)", ["links to 'data:text/html,x', which is not a web address"]),
        ("[x](https://example.org) and [y](/guide/)", []),
        ("[x](HTTPS://OK.example) and [y](MailTo:office@example.org)", []),
        ("See [x][r].\n\n[r]: https://example.org/a?b=1&c=2", []),
        (
            "See [x][r].\n\n[r]: javascript:go",
            ["links to 'javascript:go', which is not a web address"],
        ),
        ("[x](relative/page)", ["links to 'relative/page', which is not a web address"]),
        ('[x](https://example.org "why")', ["gives a link a title, which would be removed"]),
        ("One\n\n[note]: two", ["gives an address for [note], which no link uses"]),
        ("![x](https://example.org/x.png)", ["holds a picture, which would be removed"]),
        ("![x][r]\n\n[r]: https://example.org/x.png", ["holds a picture, which would be removed"]),
        ("# One\n\nTwo\n===", ["holds a heading, which would be removed"]),
        ("One\n\n---\n\nTwo", ["holds a line across the page, which would be removed"]),
        ("***", ["holds a line across the page, which would be removed"]),
        ("- - -", ["holds a line across the page, which would be removed"]),
        ("One\n\n    two", ["holds a block of code, which would be removed"]),
        ("1. one\n2. two\n    - three\n\n> quoted\n\n`code` **bold** *thin*", []),
        ("- one -- two", []),
        ("a" * 9000, ["is longer than 8000 characters"]),
    ],
)
def test_what_cleaning_would_remove_is_named(words: str, faults: list[str]) -> None:
    assert list(markdown_faults(words)) == faults


@given(st.text(max_size=300))
def test_no_text_becomes_a_script_a_handler_or_a_foreign_element(words: str) -> None:
    tree = html5lib.parseFragment(
        markdown_html(words), treebuilder="etree", namespaceHTMLElements=False
    )
    for element in tree.iter():
        if isinstance(element.tag, str):
            assert element.tag in {
                "DOCUMENT_FRAGMENT",
                "p",
                "strong",
                "em",
                "code",
                "a",
                "ul",
                "ol",
                "li",
                "br",
                "blockquote",
            }
            assert set(element.attrib) <= {"href", "rel"}
            assert element.attrib.get("href", "https://").startswith(("http", "mailto:", "/", "#"))


def test_dates_lengths_and_amounts_read_like_words() -> None:
    assert date_words(dt.date(2016, 3, 14)) == "14 March 2016"
    assert [period_words(one) for one in ("P1Y", "P6M", "P2W", "P1Y6M")] == [
        "one year",
        "six months",
        "two weeks",
        "one year and six months",
    ]
    assert [amount_words(Decimal(one)) for one in ("15", "2.50", "12500", "100")] == [
        "15",
        "2.5",
        "12,500",
        "100",
    ]
    assert money_words(Decimal(500), "USD") == "$500"
    assert money_words(Decimal(500), "EUR") == "EUR 500"
