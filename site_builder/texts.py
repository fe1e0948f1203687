# SPDX-License-Identifier: Apache-2.0
"""Interface strings, language maps with fallback, and cleaned Markdown for author texts."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from typing import NamedTuple

import markdown
import nh3

from site_builder.documents import Document, parse

MARKDOWN_LIMIT = 8_000  # characters; Python-Markdown is quadratic on some inputs
_TAGS = {"p", "strong", "em", "code", "a", "ul", "ol", "li", "br", "blockquote"}
_HTML = re.compile(r"<[A-Za-z/!?]")
# Without any of these a text holds words, emphasis and code only, and need not be rendered.
_MORE_THAN_WORDS = re.compile(r"[\[#=\n\t]| {4}|^[ ]*[-*_]")
_WEB_ADDRESS = re.compile(r"https?://|mailto:|[/#]", re.IGNORECASE)
_REMOVED = {
    "img": "a picture",
    "hr": "a line across the page",
    "pre": "a block of code",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "a heading"),
}
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# Longer marks first; a mark stands at the edge of a word, so snake_case and 2*3 stay.
_MARKED = tuple(
    re.compile(rf"(?<![\w*_`]){mark}(?=\S)([^*_`\n]*?)(?<=\S){mark}(?![\w*_`])")
    for mark in (r"\*\*\*", r"\*\*", "__", r"\*", "_", "`")
)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve")  # fmt: skip
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


class Picked(NamedTuple):
    """One language's words of a text.

    Attributes:
        words: the text; empty when there is none at all.
        language: the language the words are in, for the `lang` attribute.
        is_fallback: True when the wanted language was missing.
    """

    words: str
    language: str
    is_fallback: bool


def pick(text: Mapping[str, str] | None, language: str, default: str) -> Picked:
    """The words of `text` in `language`, else in a related tag, the default language, or any.

    Source: RFC 4647 section 3.4 (lookup) for `pt-BR` -> `pt`; the rest is data-model.md "Text".
    """
    if not text:
        return Picked("", language, is_fallback=False)
    tag = language
    while tag:
        if tag in text:
            return Picked(text[tag], tag, is_fallback=False)
        tag = tag.rpartition("-")[0]
    if "" in text:
        return Picked(text[""], default, is_fallback=language != default)
    if default in text:
        return Picked(text[default], default, is_fallback=True)
    first = next(iter(text))
    return Picked(text[first], first, is_fallback=True)


def markdown_faults(words: str) -> Iterator[str]:
    """What cleaning would remove from an author's text, each as a short sentence."""
    if len(words) > MARKDOWN_LIMIT:
        yield f"is longer than {MARKDOWN_LIMIT} characters"
        return
    if _HTML.search(words):
        yield "holds HTML, which is not allowed in texts"
    if _MORE_THAN_WORDS.search(words):
        yield from dict.fromkeys(_lost(words))


def _lost(words: str) -> Iterator[str]:
    """What stands in the rendered text and no longer in the cleaned one."""
    engine = markdown.Markdown()
    rendered = _rendered(words, engine)
    parts = _parts(rendered)
    targets = {value for _, name, value in parts if name in ("href", "src")}
    for tag, name, value in parts - _parts(_cleaned(rendered)):
        if not name:
            yield f"holds {_REMOVED.get(tag, f'the element {tag}')}, which would be removed"
        elif (tag, name) == ("a", "title"):
            yield "gives a link a title, which would be removed"
        elif tag == "a" and _WEB_ADDRESS.match(value):
            yield f"links to '{value[:60]}', which would be removed"
    for _, name, value in parts:
        if name == "href" and not _WEB_ADDRESS.match(value):
            yield f"links to '{value[:60]}', which is not a web address"
    for label, (target, _) in engine.references.items():
        if html.unescape(target) not in targets:
            yield f"gives an address for [{label[:60]}], which no link uses"


class _Parts(HTMLParser):
    """Counts the elements of a page, ("a", "", ""), and their attributes, ("a", "href", "/")."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, str, str]] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag, "", ""] += 1
        self.found.update((tag, name, value or "") for name, value in attrs)


def _parts(page: str) -> Counter[tuple[str, str, str]]:
    parser = _Parts()
    parser.feed(page)
    parser.close()
    return parser.found


def _rendered(words: str, engine: markdown.Markdown) -> str:
    return engine.convert(html.escape(words[:MARKDOWN_LIMIT], quote=False).replace("&gt;", ">"))


@cache
def markdown_html(words: str) -> str:
    """Cleaned HTML of an author's Markdown: paragraphs, lists, emphasis, code and links only."""
    return _cleaned(_rendered(words, markdown.Markdown()))


def _cleaned(rendered: str) -> str:
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}, "*": set()},  # "*": not the `lang` and `title` it would keep
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    ).strip()


def plain(words: str) -> str:
    """The text without Markdown marks, on one line, for titles and descriptions."""
    text = _LINKED.sub(r"\1", words)
    for mark in _MARKED:
        text = mark.sub(r"\1", text)
    return " ".join(text.split())


@cache
def strings(language: str) -> Mapping[str, str]:
    """Interface words of a language by key; missing ones are English.

    Raises:
        ValueError: a file of locales/ is not strict YAML, which is our bug.
    """
    folder = resources.files("site_builder") / "locales"
    found: dict[str, str] = {}
    for tag in dict.fromkeys(("en", language)):
        file = folder / f"{tag}.yml"
        if file.is_file():
            document = parse(f"locales/{tag}.yml", file.read_bytes())
            if not isinstance(document, Document):
                raise ValueError(str(document[0]))
            found |= document.value
    return found


def date_words(day: dt.date) -> str:
    """A date in words, such as 14 March 2016."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_words(month: str) -> str:
    """A month such as "2016-03" in words: March 2016."""
    year, number = month.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def number_words(number: int) -> str:
    """Small numbers as words, from thirteen on as digits."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def period_words(period: str) -> str:
    """A length of time in words: P1Y is "one year", P6M "six months"."""
    parts = []
    for digits, unit in re.findall(r"([0-9]+)([YMWD])", period):
        name = _UNITS[unit] + ("" if int(digits) == 1 else "s")
        parts.append(f"{number_words(int(digits))} {name}")
    return " and ".join(parts)


def amount_words(amount: Decimal | float) -> str:
    """A number without trailing zeros and with thousands marked: 12,500 or 2.5."""
    number = Decimal(amount)
    return (
        f"{int(number):,}" if number == number.to_integral_value() else f"{number.normalize():,f}"
    )


def money_words(amount: Decimal, currency: str) -> str:
    """An amount of money: $500 for USD, else the currency's letters first."""
    words = amount_words(amount)
    return f"${words}" if currency == "USD" else f"{currency} {words}"
