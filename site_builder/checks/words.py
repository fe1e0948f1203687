# SPDX-License-Identifier: Apache-2.0
"""Checks of texts: markup that would be removed, people who would be named, translations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Any

from site_builder.checks.context import Context
from site_builder.checks.people_checked import MOST_NAMES
from site_builder.model import Award
from site_builder.problems import Problem, quoted
from site_builder.records import Record
from site_builder.texts import markdown_faults

# Lengths are bounded, so that a long word without an address is not searched again and again.
_EMAIL = re.compile(r"[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,63}")
_CATALOG_KINDS = ("framework", "credential", "pathway", "role", "program")
_SHORTEST_PART = 4  # letters; shorter parts of names are words of many texts
_Loc = tuple[str | int, ...]


def _strings(value: Any, loc: _Loc = ()) -> Iterator[tuple[_Loc, str]]:
    """Every text in a tree with its place."""
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _strings(one, (*loc, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _strings(one, (*loc, index))


def check_texts(context: Context) -> Iterator[Problem]:
    """Texts of the catalog hold nothing that cleaning would remove, and name nobody."""
    names = _pattern(context.names)
    for kind in ("issuer", *_CATALOG_KINDS):
        for record in context.records.of(kind).values():
            for loc, words in _strings(record.document.value):
                for fault in markdown_faults(words):
                    yield Problem(
                        "TX001",
                        record.place(*loc),
                        f"the text {fault}.",
                        "Use plain Markdown: paragraphs, lists, **bold**, *italic* and [links](https://...).",
                    )
                if loc != ("contact",) and _EMAIL.search(words):
                    yield Problem(
                        "NM001",
                        record.place(*loc),
                        "the text holds an e-mail address.",
                        "Name a role or a web page instead; this text is published.",
                        "warning",
                    )
                if names and names.search(words):
                    yield Problem(
                        "NM001",
                        record.place(*loc),
                        "the text holds the name of a teacher in awards/teachers.",
                        "Take the name out; this text is published.",
                        "warning",
                    )


def check_teacher_texts(context: Context) -> Iterator[Problem]:
    """What pages show of a teacher holds no e-mail address; it is not told, for logs are public."""
    for record in context.records.of("teacher").values():
        value = record.document.value
        shown: list[tuple[_Loc, Any]] = [
            ((key,), value.get(key)) for key in ("name", "sort", "handle")
        ]
        for index, one in enumerate(value.get("collections") or ()):
            shown.append((("collections", index, "title"), one.get("title")))
        for start, tree in shown:
            for loc, words in _strings(tree, start):
                if _EMAIL.search(words):
                    yield Problem(
                        "TE005",
                        record.place(*loc),
                        f"{'a title' if start[0] == 'collections' else start[0]} holds an e-mail "
                        "address.",
                        "Take it out: pages show this to everybody they are for.",
                    )


def _pattern(names: Collection[str]) -> re.Pattern[str] | None:
    """A pattern of teachers' names; None when there are none or too many."""
    if not 0 < len(names) <= MOST_NAMES:
        return None
    return re.compile("|".join(map(re.escape, sorted(names))))


def check_award_texts(context: Context) -> Iterator[Problem]:
    """Titles, reasons and feedback must not name the earner; file names of evidence neither."""
    marks: dict[str, tuple[str, ...]] = {}  # by teacher
    for record in context.records.of("award").values():
        award = record.entry
        if not isinstance(award, Award):
            continue
        teacher = context.catalog.teachers.get(award.teacher)
        name = teacher.name if teacher else None
        if award.teacher not in marks:
            marks[award.teacher] = ("@", *_marks(name)) if name else ("@",)
        texts = _joined(record, award)
        if not any(mark in texts for mark in marks[award.teacher]):
            continue  # nothing that what follows could find, which takes ten times as long
        for loc, words in _award_strings(record, award):
            if _EMAIL.search(words):
                yield Problem(
                    "NM001",
                    record.place(*loc),
                    "the text holds an e-mail address.",
                    "Take it out: names and addresses belong in no record of work.",
                    "warning",
                )
            elif name and (found := _name_in(name, words, is_public=_may_be_public(loc))):
                yield Problem(
                    "NM001",
                    record.place(*loc),
                    f"the text holds {found}.",
                    "Take it out: reviewers read without names, and names can change.",
                    "warning",
                )


def _joined(record: Record, award: Award) -> str:
    """All texts of `_award_strings` in one, as one asks for any of several words in it."""
    value = record.document.value
    texts = [value.get("note"), award.status.reason]
    for item in value.get("evidence") or ():
        texts += item.values()
    for one in award.rounds:
        texts += one.feedback.values()
    joined = "\n".join([one for one in texts if isinstance(one, str)])
    return joined if joined.isascii() else unicodedata.normalize("NFC", joined)


def _marks(name: str) -> list[str]:
    """What a text must hold to hold the name or one of its parts."""
    return [unicodedata.normalize("NFC", one) for one in (name, *_parts(name))]


def _may_be_public(loc: _Loc) -> bool:
    """True for texts of an award that are published where the holder agreed."""
    return loc == ("status", "reason") or (
        loc[0] == "evidence" and loc[-1] in ("title", "narrative")
    )


def _name_in(name: str, words: str, *, is_public: bool) -> str:
    """What of a name the text holds, in words for a message; "" for nothing.

    Args:
        name: the earner's whole name.
        words: the text.
        is_public: also look for its parts, which notes and feedback may share by chance.
    """
    if _names(name, words):
        return "the earner's name"
    if is_public and any(_names(part, words) for part in _parts(name)):
        return "a part of the earner's name"
    return ""


def _parts(name: str) -> list[str]:
    """Parts of a name that have four letters or more."""
    parts = re.split(r"[\s\-'’.,]+", name)
    return [part for part in parts if sum(map(str.isalpha, part)) >= _SHORTEST_PART]


def _names(name: str, words: str) -> bool:
    """True when the text holds the name; as a whole word where the script has words and cases."""
    name, words = unicodedata.normalize("NFC", name), unicodedata.normalize("NFC", words)
    if name.lower() == name.upper():
        return name in words
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None


def _award_strings(record: Record, award: Award) -> Iterator[tuple[_Loc, str]]:
    for key in ("evidence", "note"):
        yield from _strings(record.document.value.get(key), (key,))
    if award.status.reason:
        yield ("status", "reason"), award.status.reason
    for index, one in enumerate(award.rounds):
        for criterion, words in one.feedback.items():
            yield ("rounds", index, "feedback", criterion), words


def check_translations(context: Context) -> Iterator[Problem]:
    """One note per file and language: how many texts have no translation."""
    issuer = context.catalog.issuer
    for kind in _CATALOG_KINDS:
        for record in context.records.of(kind).values():
            maps = list(_language_maps(record.document.value, set(issuer.languages)))
            for language in issuer.languages:
                missing = [loc for loc, tags in maps if language not in tags]
                if not missing:
                    continue
                is_none = len(missing) == len(maps)
                texts = "1 text" if len(maps) == 1 else f"{len(maps)} texts"
                verb = "has" if len(missing) == 1 else "have"
                instead = "another" if language == issuer.language else "the default"
                yield Problem(
                    "I18001",
                    record.place() if is_none else record.place(*missing[0]),
                    f"none of {texts} has {quoted(language)}."
                    if is_none
                    else f"{len(missing)} of {texts} {verb} no {quoted(language)}.",
                    f"Shown in {instead} language, marked as such.",
                    "note",
                )


def _language_maps(
    value: Any, languages: set[str], loc: _Loc = ()
) -> Iterator[tuple[_Loc, set[str]]]:
    if isinstance(value, dict):
        if (
            value
            and set(value) <= languages
            and all(isinstance(one, str | int) for one in value.values())
        ):
            yield loc, set(value)
        else:
            for key, one in value.items():
                yield from _language_maps(one, languages, (*loc, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _language_maps(one, languages, (*loc, index))
