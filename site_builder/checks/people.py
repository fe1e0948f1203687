# SPDX-License-Identifier: Apache-2.0
"""Checks of teachers: consent, handles, collections, and what a public repository may hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Literal

from site_builder.checks.context import Context
from site_builder.checks.people_checked import folded
from site_builder.model import Award, Teacher
from site_builder.problems import Problem, quoted
from site_builder.records import Record

# backpacks/index.html lists the backpacks; the others cannot be file names on Windows.
_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2100, 1, 1)
_RESERVED = re.compile(r"index|con|prn|aux|nul|(?:com|lpt)[0-9]")


def check_teachers(context: Context) -> Iterator[Problem]:
    """Nobody is shown more widely than they agreed to, and handles are unique."""
    handles: dict[str, str] = {}
    for record in context.records.of("teacher").values():
        teacher = record.entry
        if not isinstance(teacher, Teacher):
            continue
        yield from _consent(record, teacher)
        yield from _consent_dates(record, teacher)
        yield from _handle(record, teacher, handles)
        yield from _collections(context, record, teacher)
        if teacher.registration and teacher.registration.until < teacher.registration.from_:
            yield Problem(
                "TE006",
                record.place("registration", "until"),
                f"the registration ends on {teacher.registration.until}, before it begins.",
                "Correct one of the two dates.",
            )


def _consent(record: Record, teacher: Teacher) -> Iterator[Problem]:
    if teacher.visibility != "private":
        needed: tuple[Literal["profile", "awards"], ...] = ("profile", "awards")
        missing = [what for what in needed if not teacher.consents_to(what)]
        if missing:
            yield Problem(
                "TE002",
                record.place("visibility"),
                f"visibility is {quoted(teacher.visibility)}, but no consent covers "
                f"{' and '.join(missing)}.",
                "Record the consent, or set `visibility: private`.",
            )
    for index, identity in enumerate(teacher.identity):
        if identity.published and not teacher.consents_to("email-hash"):
            yield Problem(
                "TE002",
                record.place("identity", index, "published"),
                "the e-mail hash is published, but no consent covers email-hash.",
                "Record the consent, or set `published: false`.",
            )


def _consent_dates(record: Record, teacher: Teacher) -> Iterator[Problem]:
    """Dates of consents that are slips of the pen; no clock is read, so every check agrees."""
    for index, one in enumerate(teacher.consent):
        for key, day in (("on", one.on), ("withdrawn", one.withdrawn)):
            if day is not None and not _FIRST <= day <= _LAST:
                yield Problem(
                    "TE007",
                    record.place("consent", index, key),
                    f"{day} is not a plausible date of a consent.",
                    f"Write a day from {_FIRST} to {_LAST}.",
                )
        if one.withdrawn is not None and one.withdrawn < one.on:
            yield Problem(
                "TE007",
                record.place("consent", index, "withdrawn"),
                f"the consent was withdrawn on {one.withdrawn}, before it was given on {one.on}.",
                "Correct one of the two dates.",
            )


def _handle(record: Record, teacher: Teacher, handles: dict[str, str]) -> Iterator[Problem]:
    if teacher.handle is None:
        if teacher.visibility == "public":
            yield Problem(
                "TE004",
                record.place("visibility"),
                "a public backpack needs a handle for its address.",
                "Add `handle:`, or set `visibility: unlisted`.",
            )
        return
    name = folded(teacher.handle)
    # The handle itself is not told: it is a name as a rule, and logs are public.
    if _RESERVED.fullmatch(name):
        yield Problem(
            "TE001",
            record.place("handle"),
            "this handle is reserved: a page of its own or a device has that name.",
            "Choose another.",
        )
    if name in handles:
        yield Problem(
            "TE001",
            record.place("handle"),
            f"this handle is taken by {handles[name]}.",
            "Choose another; a handle that was used is never given to someone else.",
        )
    handles.setdefault(name, record.document.path)


def _collections(context: Context, record: Record, teacher: Teacher) -> Iterator[Problem]:
    for index, collection in enumerate(teacher.collections):
        for item, award_id in enumerate(collection.awards):
            loc = ("collections", index, "awards", item)
            award = context.catalog.awards.get(award_id)
            if award is not None and award.teacher != teacher.id:
                yield Problem(
                    "TE003",
                    record.place(*loc),
                    f"the award {quoted(award_id)} belongs to somebody else.",
                    "Take it out of the collection.",
                )
            elif award is None and ("award", award_id) not in context.records.unread:
                yield Problem(
                    "TE003",
                    record.place(*loc),
                    f"no issued award {quoted(award_id)}.",
                    "Take it out of the collection.",
                )


def check_public_source(context: Context) -> Iterator[Problem]:
    """A repository that anybody can read may not hold what is private.

    Source: data-model.md, "Where the source lives is declared".
    """
    if context.catalog.issuer.source != "public":
        return
    hint = (
        "Move it to a private repository, or declare `source: private` where this one is not "
        "public."
    )
    for record in context.records.of("teacher").values():
        teacher = record.entry
        if not isinstance(teacher, Teacher):
            continue
        if teacher.visibility != "public":
            yield Problem(
                "SP001",
                record.place("visibility"),
                f"the repository is public, but this teacher is {quoted(teacher.visibility)}.",
                hint,
            )
        for key, value in (("identity", teacher.identity), ("note", teacher.note)):
            if value:
                yield Problem(
                    "SP001",
                    record.place(key, key=True),
                    f"the repository is public, so it may not hold {quoted(key)}.",
                    hint,
                )
    for record in context.records.of("award").values():
        award = record.entry
        if isinstance(award, Award):
            yield from _private_parts(record, award, hint)


def _private_parts(record: Record, award: Award, hint: str) -> Iterator[Problem]:
    if award.visibility in ("private", "unlisted"):
        yield Problem(
            "SP001",
            record.place("visibility"),
            f"the repository is public, but this award is {quoted(award.visibility)}.",
            hint,
        )
    if award.note:
        yield Problem(
            "SP001",
            record.place("note", key=True),
            "the repository is public, so it may not hold 'note'.",
            hint,
        )
    for index, round_ in enumerate(award.rounds):
        for key, value in (("feedback", round_.feedback), ("note", round_.note)):
            if value:
                yield Problem(
                    "SP001",
                    record.place("rounds", index, key, key=True),
                    f"the repository is public, so it may not hold {quoted(key)}.",
                    hint,
                )
    for index, item in enumerate(award.evidence):
        if item.visibility != "public":
            yield Problem(
                "SP001",
                record.place("evidence", index),
                "the repository is public, so it may not hold private evidence.",
                hint,
            )
