# SPDX-License-Identifier: Apache-2.0
"""Checks of texts: markup that would be removed, people who would be named, translations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from site_builder.checks.context import Context
from site_builder.model import Award, Teacher
from site_builder.problems import Problem, quoted
from site_builder.records import Record
from site_builder.texts import markdown_faults

# Lengths are bounded, so that a long word without an address is not searched again and again.
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")
_CATALOG_KINDS = ("framework", "credential", "pathway", "role", "program")
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
    """Author texts hold nothing that cleaning would remove, and name nobody."""
    names = _all_names(context)
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
    yield from _award_texts(context)


def _all_names(context: Context) -> re.Pattern[str] | None:
    names = sorted(
        {
            record.entry.name
            for record in context.records.of("teacher").values()
            if isinstance(record.entry, Teacher)
            and record.entry.name
            and len(record.entry.name) > 5
        }
    )
    # Beyond some thousands of names one pattern grows slow, and a match by chance likely.
    return re.compile("|".join(map(re.escape, names))) if 0 < len(names) <= 5_000 else None


def _award_texts(context: Context) -> Iterator[Problem]:
    """Titles, reasons and feedback must not name the earner; file names of evidence neither."""
    for record in context.records.of("award").values():
        award = record.entry
        if not isinstance(award, Award):
            continue
        teacher = context.catalog.teachers.get(award.teacher)
        name = teacher.name if teacher else None
        for loc, words in _award_strings(record, award):
            if _EMAIL.search(words):
                yield Problem(
                    "NM001",
                    record.place(*loc),
                    "the text holds an e-mail address.",
                    "Take it out: names and addresses belong in no record of work.",
                    "warning",
                )
            elif name and _names(name, words):
                yield Problem(
                    "NM001",
                    record.place(*loc),
                    "the text holds the earner's name.",
                    "Take it out: reviewers read without names, and names can change.",
                    "warning",
                )


def _names(name: str, words: str) -> bool:
    """True when the text holds the name; as a whole word where the script has words and cases."""
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
