# SPDX-License-Identifier: Apache-2.0
"""Checks of credentials: versions, references, completeness, what was awarded already."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.catalog import criteria_sha256
from site_builder.checks.context import Context
from site_builder.checks.rubrics import check_rubric
from site_builder.checks.rules import check_rule
from site_builder.checks.versions import check_version
from site_builder.insights import census_of
from site_builder.model import Credential
from site_builder.problems import Problem, quoted
from site_builder.records import Record


def check_credentials(context: Context) -> Iterator[Problem]:
    """Every version of every credential is complete and refers to what exists."""
    for name, record in context.records.of("credential").items():
        if isinstance(record.entry, Credential):
            current = context.catalog.credentials.get(name.partition("@")[0])
            yield from check_version(context, "CR006", record, record.entry, current)
            yield from _references(context, record, record.entry)
            yield from _completeness(record, record.entry)
            if record.entry.rubric is not None:
                yield from check_rubric(record, record.entry, record.entry.rubric)
    yield from _aliases(context)
    yield from _changed_versions(context)


def _references(context: Context, record: Record, credential: Credential) -> Iterator[Problem]:
    yield from _competencies(context, record, credential)
    organizations = [one.id for one in context.catalog.issuer.organizations]
    named: list[tuple[tuple[str | int, ...], str | None]] = [
        (("author",), credential.author),
        *((("accepted_by", i, "org"), one.org) for i, one in enumerate(credential.accepted_by)),
    ]
    for loc, name in named:
        if name is not None and (
            problem := context.unknown_among(
                "CR008", record, loc, "organization", name, organizations, "catalog/issuer.yml"
            )
        ):
            yield problem
    if credential.prerequisites is not None:
        for part in ("all_of", "any_of"):
            for index, rule in enumerate(getattr(credential.prerequisites, part)):
                at = ("prerequisites", part, index)
                yield from check_rule(context, record, at, rule, "CR005")
    if credential.pathway and (
        problem := context.unknown("CR010", record, ("pathway",), "pathway", credential.pathway)
    ):
        yield problem
    if credential.image and credential.image not in context.catalog.images:
        yield Problem(
            "CR009",
            record.place("image"),
            f"no image {quoted(credential.image)} in catalog/images.",
            "Put the file there, or take the line out: a badge is then drawn from title and area.",
        )


def _competencies(context: Context, record: Record, credential: Credential) -> Iterator[Problem]:
    if not context.is_unread("framework"):
        known = context.catalog.competencies
        for index, name in enumerate(credential.competencies):
            loc = ("competencies", index)
            if problem := context.unknown_among(
                "CR001", record, loc, "competency", name, known, "catalog/frameworks"
            ):
                yield problem
    count = len(credential.competencies)
    if credential.class_ == "micro" and count != 1:
        yield Problem(
            "CR002",
            record.place("competencies"),
            f"a micro-credential proves exactly one competency; this one names {count}.",
            "Split it, or make it a completion credential with `class: completion`.",
        )


def _completeness(record: Record, credential: Credential) -> Iterator[Problem]:
    if credential.status == "retired" and credential.retired is None:
        yield Problem(
            "CR003",
            record.place("status"),
            "a retired credential must say since when.",
            "Add 'retired:' with the last day on which it could be awarded.",
        )
    if credential.class_ != "micro" or credential.status == "draft":
        return
    for key, value in (
        ("rubric", credential.rubric),
        ("evidence", credential.evidence),
        ("workload", credential.workload),
    ):
        if not value:
            said = "the hours it takes" if key == "workload" else f"its {key}"
            yield Problem(
                "CR003",
                record.place(),
                f"a micro-credential that is {quoted(credential.status)} must say {said}.",
                f"Add {quoted(key + ':')}, or set `status: draft`.",
            )


def _aliases(context: Context) -> Iterator[Problem]:
    """An old name may lead to one thing only, and never hide a present one."""
    for kind in ("framework", "credential", "pathway", "role", "program"):
        taken: set[str] = set()
        for name, record in context.records.of(kind).items():
            if "@" in name:
                continue
            for index, alias in enumerate(getattr(record.entry, "aliases", ())):
                if context.records.knows(kind, alias) or alias in taken:
                    yield Problem(
                        "CR011",
                        record.place("aliases", index),
                        f"the old name {quoted(alias)} is in use for a {kind} already.",
                        "Take it out: an address may lead to one thing only.",
                    )
                taken.add(alias)


def _changed_versions(context: Context) -> Iterator[Problem]:
    """A version that has been awarded may not change what it asks."""
    pinned: dict[str, dict[str, int]] = {}
    for (version, sha), count in census_of(context.catalog).criteria.items():
        pinned.setdefault(version, {})[sha] = count
    for record in context.records.of("credential").values():
        credential = record.entry
        if not isinstance(credential, Credential) or credential.pinned not in pinned:
            continue
        now = criteria_sha256(credential, context.catalog.issuer.language)
        others = {sha: count for sha, count in pinned[credential.pinned].items() if sha != now}
        for sha, count in sorted(others.items()):
            awards = "1 award pins" if count == 1 else f"{count} awards pin"
            yield Problem(
                "CR007",
                record.place("version"),
                f"{awards} the criteria {sha[:12]} of {quoted(credential.pinned)}, but the file's "
                f"criteria are now {now[:12]}.",
                "Put the awarded text back, keep it as "
                f"'{credential.pinned}.yml' and give the changed text a new version.",
            )
