# SPDX-License-Identifier: Apache-2.0
"""Checks of awards: references, dates, review rounds, state, and what stands twice."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.catalog.types import is_wider
from site_builder.checks.asked import Asked
from site_builder.checks.context import Context, meant
from site_builder.checks.rounds import check_rounds
from site_builder.checks.states import check_state
from site_builder.model import Award, Credential, add_period
from site_builder.pathways import held
from site_builder.problems import Problem, did_you_mean, quoted
from site_builder.records import Record

STATUS_LIST_SIZE = 131_072  # entries; W3C Bitstring Status List v1.0, minimum 16 KiB


def check_awards(context: Context) -> Iterator[Problem]:
    """Every award stands on its own; then what may not stand twice among all of them."""
    for record in context.records.of("award").values():
        award = record.entry
        if isinstance(award, Award):
            yield from _references(context, record, award)
            yield from _folder(context, record, award)
            asked = context.asked(award.credential)
            if asked is not None:
                yield from check_rounds(record, award, asked)
                if award.issued is not None:
                    yield from _issue(context, record, award, asked)
            yield from check_state(context, record, award)
            yield from _visibility(context, record, award)
    yield from _status_indexes(context)
    yield from _twice_active(context)


def _references(context: Context, record: Record, award: Award) -> Iterator[Problem]:
    if problem := context.unknown("AW001", record, ("teacher",), "teacher", award.teacher):
        yield problem
    if award.program:
        if problem := context.unknown("AW002", record, ("program",), "program", award.program):
            yield problem
        program = context.catalog.programs.get(award.program)
        if program is not None and award.cohort:
            cohorts = [one.id for one in program.cohorts]
            if award.cohort not in cohorts:
                where = f"the programme {quoted(program.id)}"
                said = f"no cohort {quoted(award.cohort)} in {where}."
                yield Problem("AW002", record.place("cohort"), said, meant(award.cohort, cohorts))
    elif award.cohort:
        yield Problem(
            "AW002",
            record.place("cohort"),
            "a cohort is named, but no programme.",
            "Add `program:`.",
        )
    slug = award.credential_slug
    if not context.knows("credential", slug):
        hint = did_you_mean(slug, [name for name in context.named("credential") if "@" not in name])
        yield Problem(
            "AW003",
            record.place("credential"),
            f"no credential {quoted(slug)} in catalog/credentials.",
            hint,
        )
    elif award.credential not in context.catalog.versions and not context.is_unread(
        "credential", slug=slug
    ):
        known = sorted(one for one in context.catalog.versions if one.startswith(f"{slug}@"))
        yield Problem(
            "AW004",
            record.place("credential"),
            f"no version {quoted(award.credential)}.",
            "Known: " + ", ".join(known) + ".",
        )


def _folder(context: Context, record: Record, award: Award) -> Iterator[Problem]:
    parts = record.document.path.split("/")
    if len(parts) != 4:
        return
    _, year, folder, _ = parts
    if award.program is None:
        if folder in context.catalog.programs:
            yield Problem(
                "AW018",
                record.place(),
                f"the file lies in the folder of {quoted(folder)}, but names no programme.",
                f"Add {quoted('program: ' + folder)}, or move the file.",
            )
        return
    if folder != award.program and context.knows("program", award.program):
        yield Problem(
            "AW018",
            record.place("program"),
            f"the file lies in the folder {quoted(folder)}, but the programme is "
            f"{quoted(award.program)}.",
            "Move the file or correct the programme.",
        )
    program = context.catalog.programs.get(award.program)
    if program is not None and program.school_year != year:
        yield Problem(
            "AW018",
            record.place("program"),
            f"the file lies in the folder {quoted(year)}, but the programme's school year is "
            f"{quoted(program.school_year)}.",
            "Move the file.",
        )


def _issue(context: Context, record: Record, award: Award, asked: Asked) -> Iterator[Problem]:
    yield from _in_force(record, award, asked.credential)
    yield from _expiry(record, award, asked.credential)
    levels = asked.rating.ranks if asked.rating else {}
    if asked.rating is not None and award.level is not None and award.level not in levels:
        yield Problem(
            "AW011",
            record.place("level"),
            f"the rubric has no level {quoted(award.level)}.",
            meant(award.level, levels),
        )
    for key in ("criteria_sha256", "salt", "status_list"):
        if getattr(award, key) is None:
            yield Problem(
                "AW020",
                record.place("issued"),
                f"an issued award needs {quoted(key)}.",
                "It is added when the award is made; copy no award by hand.",
            )
    if asked.required and not context.records.unread:  # an unread file may be the prerequisite
        yield from _prerequisites(context.catalog, record, award, asked)
    for index, item in enumerate(award.evidence):
        if item.for_ not in asked.prompts:
            yield Problem(
                "AW023",
                record.place("evidence", index, "for"),
                f"the credential asks for no evidence {quoted(item.for_)}.",
                meant(item.for_, asked.prompts),
            )


def _in_force(record: Record, award: Award, credential: Credential) -> Iterator[Problem]:
    issued, pinned = award.issued, quoted(credential.pinned)
    hint = "Correct the date, or name the version that was in force."
    if issued is not None and issued < credential.effective:
        said = f"issued on {issued}, before {pinned} came into force on {credential.effective}."
        yield Problem("AW005", record.place("issued"), said, hint)
    if issued is not None and credential.retired is not None and issued > credential.retired:
        said = f"issued on {issued}, after {pinned} was retired on {credential.retired}."
        yield Problem("AW005", record.place("issued"), said, hint)
    if credential.status == "draft":
        yield Problem(
            "AW005",
            record.place("credential"),
            f"the credential {pinned} is still a draft.",
            "Set it to `status: active` first.",
        )


def _expiry(record: Record, award: Award, credential: Credential) -> Iterator[Problem]:
    if award.issued is None:
        return
    due = add_period(award.issued, credential.validity) if credential.validity else None
    if award.expires == due:
        return
    pinned = quoted(credential.pinned)
    if due is None:
        said = f"expires is {award.expires}, but {pinned} does not expire."
        yield Problem("AW006", record.place("expires"), said, "Take the line out.")
    elif award.expires is None:
        said = f"{pinned} is valid for {credential.validity}, so the award needs an expiry."
        yield Problem("AW006", record.place("issued"), said, f"Add `expires: {due}`.")
    else:
        said = f"expires is {award.expires}; issue plus {credential.validity} is {due}."
        yield Problem("AW006", record.place("expires"), said, f"Write `expires: {due}`.")


def _prerequisites(
    catalog: Catalog, record: Record, award: Award, asked: Asked
) -> Iterator[Problem]:
    others = [one for one in catalog.awards_by_teacher.get(award.teacher, ()) if one.id != award.id]
    have = held(others, award.issued)
    for rule in asked.required:
        progress = rule.progress(have)
        if not progress.is_met:
            lacking = f" (missing: {', '.join(progress.missing)})" if progress.missing else ""
            yield Problem(
                "AW012",
                record.place("credential"),
                f"on {award.issued} the teacher did not yet meet the prerequisite: "
                f"{progress.words}.",
                f"Award the prerequisite first{lacking}.",
            )


def _visibility(context: Context, record: Record, award: Award) -> Iterator[Problem]:
    teacher = context.catalog.teachers.get(award.teacher)
    if teacher is None:
        return
    if award.visibility != "inherit" and is_wider(award.visibility, teacher.visibility):
        yield Problem(
            "AW014",
            record.place("visibility"),
            f"visibility is {quoted(award.visibility)}, wider than the teacher's "
            f"{quoted(teacher.visibility)}.",
            "An award may be narrower than its teacher's choice, never wider.",
        )
    for index, item in enumerate(award.evidence):
        if item.visibility != "private" and not teacher.consents_to("evidence"):
            yield Problem(
                "AW015",
                record.place("evidence", index, "visibility"),
                f"the evidence is {quoted(item.visibility)}, but no consent covers evidence.",
                "Record the consent, or set `visibility: private`.",
            )


def _status_indexes(context: Context) -> Iterator[Problem]:
    taken: dict[tuple[int, int], str] = {}
    for record in context.records.of("award").values():
        award = record.entry
        if not isinstance(award, Award) or award.status_list is None:
            continue
        entry = award.status_list
        if entry.index >= STATUS_LIST_SIZE:
            yield Problem(
                "AW024",
                record.place("status_list", "index"),
                f"the status index {entry.index} is not below {STATUS_LIST_SIZE}.",
                "Open a further list.",
            )
        other = taken.setdefault((entry.list, entry.index), record.document.path)
        if other != record.document.path:
            yield Problem(
                "AW017",
                record.place("status_list", "index"),
                f"the status index {entry.index} of list {entry.list} is taken by {other}.",
                "Before publication, draw another; a published index never moves.",
            )


def _twice_active(context: Context) -> Iterator[Problem]:
    """Two active awards of one credential to one person, unless one renews the other."""
    records = context.records.of("award")
    for awards in context.catalog.awards_by_teacher.values():
        active: dict[str, list[Award]] = {}
        for award in awards:
            if award.status.state == "active":
                active.setdefault(award.credential_slug, []).append(award)
        for slug, several in active.items():
            renewed = {award.renews for award in several if award.renews != award.id}
            for index, later in enumerate(several):
                open_ = [one for one in several[:index] if _overlaps(one, later, renewed)]
                if open_ and later.id not in renewed:
                    yield Problem(
                        "AW016",
                        records[later.id].place("credential"),
                        f"the same person holds an active award of {quoted(slug)} in "
                        f"{records[open_[0].id].document.path}.",
                        "Say `renews:` with its id, or supersede one of the two.",
                    )


def _overlaps(earlier: Award, later: Award, renewed: set[str | None]) -> bool:
    """True when the earlier award still holds on the day the later one is issued."""
    is_over = (
        earlier.expires is not None and later.issued is not None and earlier.expires < later.issued
    )
    return earlier.id not in renewed and not is_over
