# SPDX-License-Identifier: Apache-2.0
"""Checks of awards: references, dates, review rounds, state, and what stands twice."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.checks.context import Context
from site_builder.checks.rounds import check_rounds
from site_builder.model import Award, Credential, Rule, add_period
from site_builder.pathways import evaluate, held
from site_builder.problems import Problem, did_you_mean, quoted
from site_builder.records import Record

STATUS_LIST_SIZE = 131_072  # entries; W3C Bitstring Status List v1.0, minimum 16 KiB
_WIDTH = {"private": 0, "unlisted": 1, "public": 2}


def check_awards(context: Context) -> Iterator[Problem]:
    """Every award stands on its own; then what may not stand twice among all of them."""
    for record in context.records.of("award").values():
        award = record.entry
        if isinstance(award, Award):
            yield from _references(context, record, award)
            yield from _folder(context, record, award)
            credential = context.catalog.versions.get(award.credential)
            if credential is not None:
                yield from check_rounds(record, award, credential)
                if award.issued is not None:
                    yield from _issue(context, record, award, credential)
            yield from _state(context, record, award)
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
            if problem := context.unknown_among(
                "AW002",
                record,
                ("cohort",),
                "cohort",
                award.cohort,
                cohorts,
                f"the programme {quoted(program.id)}",
            ):
                yield problem
    elif award.cohort:
        yield Problem(
            "AW002",
            record.place("cohort"),
            "a cohort is named, but no programme.",
            "Add `program:`.",
        )
    slug = award.credential_slug
    if not context.records.knows("credential", slug):
        hint = did_you_mean(
            slug, [name for name in context.records.of("credential") if "@" not in name]
        )
        yield Problem(
            "AW003",
            record.place("credential"),
            f"no credential {quoted(slug)} in catalog/credentials.",
            hint,
        )
    elif award.credential not in context.catalog.versions and not any(
        kind == "credential" and name.partition("@")[0] == slug
        for kind, name in context.records.unread
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
    if len(parts) != 4 or award.program is None:
        return
    _, year, program_folder, _ = parts
    if program_folder != award.program:
        yield Problem(
            "AW018",
            record.place("program"),
            f"the file lies in the folder {quoted(program_folder)}, but the programme is {quoted(award.program)}.",
            "Move the file or correct the programme.",
        )
    program = context.catalog.programs.get(award.program)
    if program is not None and program.school_year != year:
        yield Problem(
            "AW018",
            record.place("program"),
            f"the file lies in the folder {quoted(year)}, but the programme's school year is {quoted(program.school_year)}.",
            "Move the file.",
        )


def _issue(
    context: Context, record: Record, award: Award, credential: Credential
) -> Iterator[Problem]:
    issued = award.issued
    if issued is None:
        return
    if issued < credential.effective:
        yield Problem(
            "AW005",
            record.place("issued"),
            f"issued on {issued}, before {quoted(credential.pinned)} came into force on {credential.effective}.",
            "Correct the date, or name the version that was in force.",
        )
    if credential.retired is not None and issued > credential.retired:
        yield Problem(
            "AW005",
            record.place("issued"),
            f"issued on {issued}, after {quoted(credential.pinned)} was retired on {credential.retired}.",
            "Correct the date, or name the version that was in force.",
        )
    if credential.status == "draft":
        yield Problem(
            "AW005",
            record.place("credential"),
            f"the credential {quoted(credential.pinned)} is still a draft.",
            "Set it to `status: active` first.",
        )
    yield from _expiry(record, award, credential)
    if (
        credential.rubric is not None
        and award.level is not None
        and credential.rubric.rank(award.level) is None
    ):
        levels = [level.id for level in credential.rubric.levels]
        yield Problem(
            "AW011",
            record.place("level"),
            f"the rubric has no level {quoted(award.level)}.",
            did_you_mean(award.level, levels) or "Known: " + ", ".join(levels) + ".",
        )
    for key, value in (
        ("criteria_sha256", award.criteria_sha256),
        ("salt", award.salt),
        ("status_list", award.status_list),
    ):
        if value is None:
            yield Problem(
                "AW020",
                record.place("issued"),
                f"an issued award needs {quoted(key)}.",
                "It is added when the award is made; copy no award by hand.",
            )
    yield from _prerequisites(context.catalog, record, award, credential)
    prompts = [item.id for item in credential.evidence]
    for index, item in enumerate(award.evidence):
        if item.for_ not in prompts:
            yield Problem(
                "AW023",
                record.place("evidence", index, "for"),
                f"the credential asks for no evidence {quoted(item.for_)}.",
                did_you_mean(item.for_, prompts) or "Known: " + ", ".join(prompts) + ".",
            )


def _expiry(record: Record, award: Award, credential: Credential) -> Iterator[Problem]:
    if award.issued is None:
        return
    due = add_period(award.issued, credential.validity) if credential.validity else None
    if award.expires == due:
        return
    if due is None:
        yield Problem(
            "AW006",
            record.place("expires"),
            f"expires is {award.expires}, but {quoted(credential.pinned)} does not expire.",
            "Take the line out.",
        )
    elif award.expires is None:
        yield Problem(
            "AW006",
            record.place("issued"),
            f"{quoted(credential.pinned)} is valid for {credential.validity}, so the award needs an expiry.",
            f"Add `expires: {due}`.",
        )
    else:
        yield Problem(
            "AW006",
            record.place("expires"),
            f"expires is {award.expires}; issue plus {credential.validity} is {due}.",
            f"Write `expires: {due}`.",
        )


def _prerequisites(
    catalog: Catalog, record: Record, award: Award, credential: Credential
) -> Iterator[Problem]:
    asked = credential.prerequisites
    if asked is None or asked.strength != "required" or award.issued is None:
        return
    others = [one for one in catalog.awards_by_teacher.get(award.teacher, ()) if one.id != award.id]
    have = held(others, award.issued)
    rules = [*asked.all_of] + ([Rule(any_of=asked.any_of)] if asked.any_of else [])
    for rule in rules:
        progress = evaluate(rule, have, catalog)
        if not progress.is_met:
            yield Problem(
                "AW012",
                record.place("credential"),
                f"on {award.issued} the teacher did not yet meet the prerequisite: {progress.words}.",
                "Award the prerequisite first"
                + (f" (missing: {', '.join(progress.missing)})." if progress.missing else "."),
            )


def _state(context: Context, record: Record, award: Award) -> Iterator[Problem]:
    status = award.status
    if status.state in ("suspended", "revoked"):
        for key in ("on", "reason"):
            if getattr(status, key) is None:
                word = "a date" if key == "on" else "a public reason"
                yield Problem(
                    "AW013",
                    record.place("status"),
                    f"the award is {status.state} without {word}.",
                    f"Add {quoted(key + ':')} to status.",
                )
    if status.state in ("superseded", "withdrawn") and status.on is None:
        yield Problem(
            "AW013",
            record.place("status"),
            f"the award is {status.state} without a date.",
            "Add 'on:' to status.",
        )
    if status.state == "superseded" and status.by is None:
        yield Problem(
            "AW013",
            record.place("status"),
            "the award is superseded, but 'by' does not say by which.",
            "Add 'by:' with the id of the newer award.",
        )
    if status.state != "active" and award.issued is None:
        yield Problem(
            "AW013",
            record.place("status"),
            f"work that was never awarded cannot be {status.state}.",
            "Take the status out.",
        )
    if status.on is not None and award.issued is not None and status.on < award.issued:
        yield Problem(
            "AW013",
            record.place("status", "on"),
            f"{status.state} on {status.on}, before the award was issued on {award.issued}.",
            "Correct one of the two dates.",
        )
    for loc, other_id in ((("status", "by"), status.by), (("renews",), award.renews)):
        if other_id is None:
            continue
        other = context.catalog.awards.get(other_id)
        if other is None:
            if ("award", other_id) not in context.records.unread:
                yield Problem(
                    "AW019",
                    record.place(*loc),
                    f"no issued award {quoted(other_id)}.",
                    "Name the file of the other award.",
                )
        elif other.teacher != award.teacher or other.credential_slug != award.credential_slug:
            yield Problem(
                "AW019",
                record.place(*loc),
                f"the award {quoted(other_id)} is another person's or another credential's.",
                "Name an award of the same person and credential.",
            )


def _visibility(context: Context, record: Record, award: Award) -> Iterator[Problem]:
    teacher = context.catalog.teachers.get(award.teacher)
    if teacher is None:
        return
    if award.visibility != "inherit" and _WIDTH[award.visibility] > _WIDTH[teacher.visibility]:
        yield Problem(
            "AW014",
            record.place("visibility"),
            f"visibility is {quoted(award.visibility)}, wider than the teacher's {quoted(teacher.visibility)}.",
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
    for awards in context.catalog.awards_by_teacher.values():
        active: dict[str, list[Award]] = {}
        for award in awards:
            if award.status.state == "active":
                active.setdefault(award.credential_slug, []).append(award)
        for slug, several in active.items():
            renewed = {award.renews for award in several}
            for later in several[1:]:
                if later.renews is None and later.id not in renewed:
                    record = context.records.of("award")[later.id]
                    earlier = context.records.of("award")[several[0].id].document.path
                    yield Problem(
                        "AW016",
                        record.place("credential"),
                        f"the same person holds an active award of {quoted(slug)} in {earlier}.",
                        "Say `renews:` with its id, or supersede one of the two.",
                    )
