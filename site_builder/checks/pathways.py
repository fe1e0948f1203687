# SPDX-License-Identifier: Apache-2.0
"""Checks of pathways: references, circles, rules nobody can meet, kept lists, time."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from site_builder.catalog import Catalog
from site_builder.checks.context import Context
from site_builder.checks.rules import check_rule
from site_builder.model import Pathway, Rule, Selector, period_days
from site_builder.pathways import below, credentials_in, pathway_named
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
        unknown = list(check_rule(context, record, ("requires",), pathway.requires, "PW001"))
        yield from unknown
        yield from _version(context, name, record, pathway)
        if cycle := _cycle(pathway, context.catalog):
            yield Problem(
                "PW002",
                record.place("requires"),
                f"the pathway leads back to itself: {' -> '.join(cycle)}.",
                "Take one of these out of the other's rule.",
            )
            continue
        yield from _leads_to(context, record, pathway)
        if not unknown and not context.is_unread("credential", "framework", "pathway"):
            yield from _impossible(context.catalog, record, ("requires",), pathway.requires)
            yield from _members(context.catalog, record, pathway)
            yield from _feasible(context.catalog, record, pathway)


def _version(context: Context, name: str, record: Record, pathway: Pathway) -> Iterator[Problem]:
    slug, _, version = name.partition("@")
    if not version:
        return
    path = f"catalog/pathways/{slug}.yml"
    current = context.catalog.pathways.get(slug)
    if version != pathway.version:
        said = f"the file is named for version {quoted(version)}, but says "
        said += f"version {quoted(pathway.version)}."
        yield Problem(
            "PW009", record.place("version"), said, "Rename the file or correct the version."
        )
    elif current is not None and current.version == version:
        yield Problem(
            "PW009",
            record.place("version"),
            f"version {quoted(version)} is also the current version in {path}.",
            "Give the current file a higher version, or take this file out.",
        )
    if not context.records.knows("pathway", slug):
        yield Problem(
            "PW009",
            record.place("version"),
            f"there is no current version {path}.",
            "Keep the newest version under the plain name.",
        )


def _pathways_named(rule: Rule) -> Iterator[str]:
    if rule.pathway is not None:
        yield rule.pathway
    for part in below(rule):
        yield from _pathways_named(part)


def _cycle(pathway: Pathway, catalog: Catalog) -> list[str] | None:
    """The names on a way from a pathway back to itself, or None."""
    seen: set[str] = set()

    def walk(at: Pathway, trail: tuple[str, ...]) -> list[str] | None:
        for name in _pathways_named(at.requires):
            following = pathway_named(name, catalog)
            if following is None:
                continue
            if following.pinned == pathway.pinned:
                return [*trail, name]
            if following.pinned not in seen:
                seen.add(following.pinned)
                if found := walk(following, (*trail, name)):
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
                f"nobody can meet this rule: it asks for {amount_words(rule.hours)} of "
                f"{amount_words(there_hours)} hours.",
                "Ask for fewer hours, or name more micro-credentials.",
            )
    for part in ("all_of", "any_of", "of"):
        inside = getattr(rule, part)
        if isinstance(inside, tuple):
            if not inside:
                yield Problem(
                    "PW003",
                    record.place(*loc, part),
                    f"nobody can meet this rule: {quoted(part)} is empty.",
                    "Name at least one requirement.",
                )
            for index, one in enumerate(inside):
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
        or any(_has_selector(one) for one in below(rule))
    )


def _members(catalog: Catalog, record: Record, pathway: Pathway) -> Iterator[Problem]:
    """What "all in an area" stood for when the version was published must not change silently."""
    if not _has_selector(pathway.requires):
        return
    now = credentials_in(pathway.requires, catalog)
    is_pinned = any(program.pathway == pathway.pinned for program in catalog.programs.values())
    if pathway.members:
        added = sorted(set(now) - set(pathway.members))
        gone = sorted(set(pathway.members) - set(now))
        changes = [f"{verb} {', '.join(x)}" for verb, x in (("adds", added), ("loses", gone)) if x]
        if changes:
            yield Problem(
                "PW006",
                record.place("members"),
                f"the list changed without a new version: it {' and '.join(changes)}.",
                f"Keep version {pathway.version} as '{pathway.pinned}.yml' with its list spelled "
                "out, and give this file a new version.",
            )
    elif is_pinned:
        yield Problem(
            "PW008",
            record.place("requires"),
            f"a programme pins {quoted(pathway.pinned)}, but the file does not keep what its "
            "areas and tags stood for.",
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


def needed_hours(rule: Rule, catalog: Catalog, opened: frozenset[str] = frozenset()) -> Decimal:
    """Typical hours of the least work that meets a rule.

    Args:
        rule: any rule.
        catalog: knows the hours.
        opened: pathways the rule stands in, so that a circle ends.
    """

    def hours(one: Rule) -> Decimal:
        return needed_hours(one, catalog, opened)

    if rule.hours is not None:
        return rule.hours
    if rule.at_least is not None:
        single = credentials_in(rule, catalog)
        parts = (
            [hours(one) for one in rule.of]
            if isinstance(rule.of, tuple)
            else [_typical_hours((slug,), catalog) for slug in single]
        )
        return sum(sorted(parts)[: rule.at_least], Decimal(0))
    if rule.any_of:
        return min(hours(one) for one in rule.any_of)
    if rule.all_of:
        return sum((hours(one) for one in rule.all_of), Decimal(0))
    if rule.pathway is not None:
        pathway = pathway_named(rule.pathway, catalog)
        if pathway is None or pathway.pinned in opened:
            return Decimal(0)
        return needed_hours(pathway.requires, catalog, opened | {pathway.pinned})
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
    hint = "Ask for less, allow more time, or accept it with `accept: [{code: PW007, why: ...}]`."
    yield Problem(
        "PW007",
        record.place("window"),
        f"about {amount_words(needed)} hours in {period_words(pathway.window)}; at "
        f"{HOURS_A_WEEK} hours a school week there are {there:.0f}.",
        "Accepted in this file." if accepted else hint,
        "note" if accepted else "warning",
    )
