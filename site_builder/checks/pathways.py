# SPDX-License-Identifier: Apache-2.0
"""Checks of pathways: references, circles, rules nobody can meet, kept lists, time."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.catalog import Catalog
from site_builder.checks.context import Context
from site_builder.checks.rules import check_rule
from site_builder.checks.versions import check_version
from site_builder.feasibility import HOURS_A_WEEK, needed_hours, typical_hours, window_hours
from site_builder.model import Pathway, Rule, Selector
from site_builder.pathways import below, credentials_in, pathway_named
from site_builder.problems import Problem, quoted
from site_builder.records import Record
from site_builder.texts import amount_words, period_words


def check_pathways(context: Context) -> Iterator[Problem]:
    """Every pathway can be met, in the time it allows."""
    for name, record in context.records.of("pathway").items():
        pathway = record.entry
        if not isinstance(pathway, Pathway):
            continue
        unknown = list(check_rule(context, record, ("requires",), pathway.requires, "PW001"))
        yield from unknown
        current = context.catalog.pathways.get(name.partition("@")[0])
        yield from check_version(context, "PW009", record, pathway, current)
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
        there_hours = typical_hours(credentials_in(rule, catalog), catalog)
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
