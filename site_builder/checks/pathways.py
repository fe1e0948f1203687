# SPDX-License-Identifier: Apache-2.0
"""Checks of pathways, roles and programmes: references, cycles, rules nobody can meet, time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from site_builder.catalog import Catalog
from site_builder.checks.context import Context
from site_builder.checks.credentials import rule_references
from site_builder.model import Pathway, Program, Role, Rule, Selector, period_days
from site_builder.pathways import credentials_in, pathway_named
from site_builder.problems import Problem, quoted
from site_builder.records import Record
from site_builder.texts import amount_words, period_words

HOURS_A_WEEK = 3  # what a full-time teacher can spare; more was called "daunting" (data-model.md)
SCHOOL_WEEKS_A_YEAR = 36


def check_pathways(context: Context) -> Iterator[Problem]:
    """Every pathway can be met, in the time it allows."""
    for name, record in context.records.of("pathway").items():
        pathway = record.entry
        if not isinstance(pathway, Pathway):
            continue
        yield from rule_references(context, record, ("requires",), pathway.requires, "PW001")
        yield from _selectors(context, record, ("requires",), pathway.requires)
        if version_problem := _version(name, record, pathway):
            yield version_problem
        if cycle := _cycle(pathway, context.catalog):
            yield Problem(
                "PW002",
                record.place("requires"),
                f"the pathway leads back to itself: {' -> '.join(cycle)}.",
                "Take one of these out of the other's rule.",
            )
            continue
        yield from _impossible(context.catalog, record, ("requires",), pathway.requires)
        yield from _leads_to(context, record, pathway)
        yield from _members(context.catalog, record, pathway)
        yield from _feasible(context.catalog, record, pathway)


def _version(name: str, record: Record, pathway: Pathway) -> Problem | None:
    _, _, version = name.partition("@")
    if version and version != pathway.version:
        return Problem(
            "PW009",
            record.place("version"),
            f"the file is named for version {quoted(version)}, but says version {quoted(pathway.version)}.",
            "Rename the file or correct the version.",
        )
    return None


def _selectors(
    context: Context, record: Record, loc: tuple[str | int, ...], rule: Rule
) -> Iterator[Problem]:
    catalog = context.catalog
    areas = [area.id for framework in catalog.frameworks.values() for area in framework.areas]
    tags = sorted({tag for one in catalog.credentials.values() for tag in one.tags})
    for part, selector in (("all_in", rule.all_in), ("of", rule.of)):
        if not isinstance(selector, Selector):
            continue
        for what, name, known in (
            ("area", selector.area, areas),
            ("tag", selector.tag, tags),
            ("framework", selector.framework, list(catalog.frameworks)),
        ):
            if name and (
                problem := context.unknown_among(
                    "PW001", record, (*loc, part, what), what, name, known, "the catalog"
                )
            ):
                yield problem
    for part in ("all_of", "any_of", "of"):
        below = getattr(rule, part)
        if isinstance(below, tuple):
            for index, one in enumerate(below):
                yield from _selectors(context, record, (*loc, part, index), one)


def _below(rule: Rule) -> tuple[Rule, ...]:
    return (
        *(rule.all_of or ()),
        *(rule.any_of or ()),
        *(rule.of if isinstance(rule.of, tuple) else ()),
    )


def _pathways_named(rule: Rule) -> Iterator[str]:
    if rule.pathway is not None:
        yield rule.pathway
    for part in _below(rule):
        yield from _pathways_named(part)


def _cycle(pathway: Pathway, catalog: Catalog) -> list[str] | None:
    """The names on a way from a pathway back to itself, or None."""

    def walk(at: Pathway, trail: tuple[str, ...]) -> list[str] | None:
        for name in _pathways_named(at.requires):
            following = pathway_named(name, catalog)
            if following is None:
                continue
            if following.id == pathway.id:
                return [*trail, following.id]
            if following.id not in trail and (found := walk(following, (*trail, following.id))):
                return found
        return None

    return walk(pathway, (pathway.id,))


def _impossible(
    catalog: Catalog, record: Record, loc: tuple[str | int, ...], rule: Rule
) -> Iterator[Problem]:
    """Rules that ask for more than there is."""
    if rule.all_in is not None and not credentials_in(rule, catalog):
        yield Problem(
            "PW003",
            record.place(*loc, "all_in"),
            "nobody can meet this rule: it names no micro-credential.",
            "Name an area, tag or framework that has some.",
        )
    if rule.at_least is not None:
        there = len(rule.of) if isinstance(rule.of, tuple) else len(credentials_in(rule, catalog))
        if rule.at_least > there:
            yield Problem(
                "PW003",
                record.place(*loc, "at_least"),
                f"nobody can meet this rule: it asks for {rule.at_least} of {there}.",
                "Ask for fewer, or name more.",
            )
    if rule.hours is not None:
        there_hours = _typical_hours(credentials_in(rule, catalog), catalog)
        if rule.hours > there_hours:
            yield Problem(
                "PW003",
                record.place(*loc, "hours"),
                f"nobody can meet this rule: it asks for {amount_words(rule.hours)} of {amount_words(there_hours)} hours.",
                "Ask for fewer hours, or name more micro-credentials.",
            )
    for part in ("all_of", "any_of", "of"):
        below = getattr(rule, part)
        if isinstance(below, tuple):
            if not below:
                yield Problem(
                    "PW003",
                    record.place(*loc, part),
                    f"{quoted(part)} is empty.",
                    "Name at least one requirement.",
                )
            for index, one in enumerate(below):
                yield from _impossible(catalog, record, (*loc, part, index), one)


def _leads_to(context: Context, record: Record, pathway: Pathway) -> Iterator[Problem]:
    for index, reference in enumerate(pathway.leads_to):
        if problem := context.unknown(
            "PW005", record, ("leads_to", index, "role"), "role", reference.role
        ):
            yield problem
    slug = pathway.completion_credential
    if slug is None:
        return
    if problem := context.unknown("PW004", record, ("completion_credential",), "credential", slug):
        yield problem
    elif (
        slug in context.catalog.credentials
        and context.catalog.credentials[slug].class_ != "completion"
    ):
        yield Problem(
            "PW004",
            record.place("completion_credential"),
            f"the credential {quoted(slug)} is not a completion credential.",
            "Set `class: completion` there, or name another.",
        )


def _has_selector(rule: Rule) -> bool:
    return (
        rule.all_in is not None
        or isinstance(rule.of, Selector)
        or any(_has_selector(one) for one in _below(rule))
    )


def _members(catalog: Catalog, record: Record, pathway: Pathway) -> Iterator[Problem]:
    """What "all in an area" stood for when the version was published must not change silently."""
    if not _has_selector(pathway.requires):
        return
    now = credentials_in(pathway.requires, catalog)
    is_pinned = any(program.pathway == pathway.pinned for program in catalog.programs.values())
    if pathway.members:
        added, gone = (
            sorted(set(now) - set(pathway.members)),
            sorted(set(pathway.members) - set(now)),
        )
        if added or gone:
            changes = [f"adds {', '.join(added)}"] * bool(added) + [
                f"loses {', '.join(gone)}"
            ] * bool(gone)
            yield Problem(
                "PW006",
                record.place("members"),
                f"the list changed without a new version: it {' and '.join(changes)}.",
                f"Keep version {pathway.version} as '{pathway.id}@{pathway.version}.yml' with its list spelled out, and give this file a new version.",
            )
    elif is_pinned:
        yield Problem(
            "PW008",
            record.place("requires"),
            f"a programme pins {quoted(pathway.pinned)}, but the file does not keep what its areas and tags stood for.",
            f"Add `members: [{', '.join(now)}]`.",
        )


def _typical_hours(slugs: tuple[str, ...], catalog: Catalog) -> Decimal:
    return sum(
        (
            one.workload.hours.typical
            for slug in slugs
            if (one := catalog.credentials.get(slug)) is not None and one.workload is not None
        ),
        Decimal(0),
    )


def needed_hours(rule: Rule, catalog: Catalog) -> Decimal:
    """Typical hours of the least work that meets a rule."""
    if rule.hours is not None:
        return rule.hours
    if rule.at_least is not None:
        parts = (
            sorted(needed_hours(one, catalog) for one in rule.of)
            if isinstance(rule.of, tuple)
            else sorted(_typical_hours((slug,), catalog) for slug in credentials_in(rule, catalog))
        )
        return sum(parts[: rule.at_least], Decimal(0))
    if rule.any_of:
        return min(needed_hours(one, catalog) for one in rule.any_of)
    if rule.all_of:
        return sum((needed_hours(one, catalog) for one in rule.all_of), Decimal(0))
    return _typical_hours(credentials_in(rule, catalog), catalog)


def window_hours(window: str) -> Decimal:
    """Hours a teacher can spare in a window: three a school week, 36 school weeks a year."""
    return Decimal(period_days(window)) / 365 * SCHOOL_WEEKS_A_YEAR * HOURS_A_WEEK


def _feasible(catalog: Catalog, record: Record, pathway: Pathway) -> Iterator[Problem]:
    if pathway.window is None:
        return
    needed, there = needed_hours(pathway.requires, catalog), window_hours(pathway.window)
    if needed <= there:
        return
    accepted = any(one.code == "PW007" for one in pathway.accept)
    yield Problem(
        "PW007",
        record.place("window"),
        f"about {amount_words(needed)} hours in {period_words(pathway.window)}; at {HOURS_A_WEEK} hours a school week there are {there:.0f}.",
        "Accepted in this file."
        if accepted
        else "Ask for less, allow more time, or accept it with `accept: [{code: PW007, why: ...}]`.",
        "note" if accepted else "warning",
    )


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
                yield from rule_references(
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
    organizations = [one.id for one in context.catalog.issuer.organizations]
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
        slug = (program.pathway or "").partition("@")[0]
        if (
            program.pathway
            and program.pathway not in context.catalog.pathway_versions
            and ("pathway", slug) not in context.records.unread
        ):
            known = sorted(context.catalog.pathway_versions)
            yield from filter(
                None,
                [
                    context.unknown_among(
                        "PR001",
                        record,
                        ("pathway",),
                        "pathway version",
                        program.pathway,
                        known,
                        "catalog/pathways",
                    )
                ],
            )
        if (
            program.next
            and program.next.program
            and (
                problem := context.unknown(
                    "PR004", record, ("next", "program"), "program", program.next.program
                )
            )
        ):
            yield problem
        if program.partner.org and (
            problem := context.unknown_among(
                "PR005",
                record,
                ("partner", "org"),
                "organization",
                program.partner.org,
                organizations,
                "catalog/issuer.yml",
            )
        ):
            yield problem
        ids = [cohort.id for cohort in program.cohorts]
        for index, cohort in enumerate(program.cohorts):
            if cohort.id in ids[:index]:
                yield Problem(
                    "PR003",
                    record.place("cohorts", index, "id"),
                    f"the cohort id {quoted(cohort.id)} is used twice.",
                    "Give each cohort an id of its own.",
                )
            for school in cohort.by_school:
                if program.partner.schools and school not in program.partner.schools:
                    yield Problem(
                        "PR006",
                        record.place("cohorts", index, "by_school", school, key=True),
                        f"no school {quoted(school)} in partner.schools.",
                        "Known: " + ", ".join(program.partner.schools) + ".",
                    )
