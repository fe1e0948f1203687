# SPDX-License-Identifier: Apache-2.0
"""Checks of roles and programmes: references, circles, dates, cohorts."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.checks.context import Context, meant
from site_builder.checks.rules import check_rule
from site_builder.model import Program, Role
from site_builder.problems import Problem, quoted
from site_builder.records import Record


def check_roles(context: Context) -> Iterator[Problem]:
    """Ways to qualify refer to what exists; no role implies itself."""
    organizations = [one.id for one in context.catalog.issuer.organizations]
    for name, record in context.records.of("role").items():
        role = record.entry
        if not isinstance(role, Role):
            continue
        if role.org and (
            problem := context.unknown_among(
                "RL001",
                record,
                ("org",),
                "organization",
                role.org,
                organizations,
                "catalog/issuer.yml",
            )
        ):
            yield problem
        for index, way in enumerate(role.ways):
            if way.requires is not None:
                yield from check_rule(
                    context, record, ("ways", index, "requires"), way.requires, "RL001"
                )
            if way.requires is None and way.text is None:
                yield Problem(
                    "RL003",
                    record.place("ways", index),
                    "this way says neither what it requires nor how it works.",
                    "Add `requires:` or `text:`.",
                )
        for index, other in enumerate(role.implies):
            if problem := context.unknown("RL002", record, ("implies", index), "role", other):
                yield problem
            elif name in _implied(other, context.catalog, set()):
                yield Problem(
                    "RL002",
                    record.place("implies", index),
                    f"the role {quoted(other)} leads back to {quoted(name)}.",
                    "A role cannot imply itself.",
                )


def _implied(name: str, catalog: Catalog, seen: set[str]) -> set[str]:
    if name not in seen:
        seen.add(name)
        for other in catalog.roles[name].implies if name in catalog.roles else ():
            _implied(other, catalog, seen)
    return seen


def check_programs(context: Context) -> Iterator[Problem]:
    """Programmes refer to what exists and end after they start."""
    for record in context.records.of("program").values():
        program = record.entry
        if not isinstance(program, Program):
            continue
        if program.ends < program.starts:
            yield Problem(
                "PR002",
                record.place("ends"),
                f"the programme ends on {program.ends}, before it starts on {program.starts}.",
                "Correct one of the two dates.",
            )
        yield from _references(context, record, program)
        yield from _cohorts(record, program)


def _references(context: Context, record: Record, program: Program) -> Iterator[Problem]:
    pinned = program.pathway
    if pinned and not context.is_unread("pathway", slug=pinned.partition("@")[0]):
        known = sorted(context.catalog.pathway_versions)
        if problem := context.unknown_among(
            "PR001", record, ("pathway",), "pathway version", pinned, known, "catalog/pathways"
        ):
            yield problem
    following = program.next.program if program.next else None
    if following and (
        problem := context.unknown("PR004", record, ("next", "program"), "program", following)
    ):
        yield problem
    org, organizations = program.partner.org, context.catalog.issuer.organizations
    known = [one.id for one in organizations]
    if org and (
        problem := context.unknown_among(
            "PR005", record, ("partner", "org"), "organization", org, known, "catalog/issuer.yml"
        )
    ):
        yield problem


def _cohorts(record: Record, program: Program) -> Iterator[Problem]:
    seen: set[str] = set()
    schools = program.partner.schools
    for index, cohort in enumerate(program.cohorts):
        if cohort.id in seen:
            yield Problem(
                "PR003",
                record.place("cohorts", index, "id"),
                f"the cohort id {quoted(cohort.id)} is used twice.",
                "Give each cohort an id of its own.",
            )
        seen.add(cohort.id)
        for school in cohort.by_school:
            if schools and school not in schools:
                yield Problem(
                    "PR006",
                    record.place("cohorts", index, "by_school", school, key=True),
                    f"no school {quoted(school)} in partner.schools.",
                    meant(school, schools),
                )
