# SPDX-License-Identifier: Apache-2.0
"""Checks of the names in a rule: pathways, prerequisites and ways to a role share them."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.checks.context import Context, meant
from site_builder.model import Rule, Selector
from site_builder.problems import Problem, quoted
from site_builder.records import Record

Loc = tuple[str | int, ...]


def check_rule(
    context: Context, record: Record, loc: Loc, rule: Rule, code: str
) -> Iterator[Problem]:
    """Problems of every name in a rule that leads nowhere.

    Args:
        context: what exists.
        record: the file the rule stands in, at `loc`.
        loc: keys and positions from the top of the file.
        rule: the rule, with all rules inside it.
        code: CR005, PW001 or RL001.
    """
    yield from _named_files(context, record, loc, rule, code)
    yield from _min_level(context, record, loc, rule, code)
    yield from _selectors(context, record, loc, rule, code)
    if rule.role_held is not None:
        at = (*loc, "role_held")
        if problem := context.unknown(code, record, at, "role", rule.role_held):
            yield problem
    for part in ("all_of", "any_of", "of"):
        inside = getattr(rule, part)
        if isinstance(inside, tuple):
            for index, one in enumerate(inside):
                yield from check_rule(context, record, (*loc, part, index), one, code)


def _named_files(
    context: Context, record: Record, loc: Loc, rule: Rule, code: str
) -> Iterator[Problem]:
    versions_of = {
        "credential": context.catalog.versions,
        "pathway": context.catalog.pathway_versions,
    }
    for kind, versions in versions_of.items():
        name = getattr(rule, kind)
        if name is None:
            continue
        slug = name.partition("@")[0]
        at = (*loc, kind)
        if problem := context.unknown(code, record, at, kind, slug):
            yield problem
        elif "@" in name and name not in versions and not context.is_unread(kind, slug=slug):
            known = sorted(one for one in versions if one.startswith(f"{slug}@"))
            said = f"no {kind} version {quoted(name)}."
            yield Problem(code, record.place(*at), said, "Known: " + ", ".join(known) + ".")


def _min_level(
    context: Context, record: Record, loc: Loc, rule: Rule, code: str
) -> Iterator[Problem]:
    if rule.min_level is None or rule.credential is None:
        return
    catalog, name = context.catalog, rule.credential
    credential = catalog.versions.get(name) if "@" in name else catalog.credentials.get(name)
    if credential is None:
        return
    levels = [level.id for level in credential.rubric.levels] if credential.rubric else []
    if rule.min_level not in levels:
        yield Problem(
            code,
            record.place(*loc, "min_level"),
            f"the rubric of {quoted(name)} has no level {quoted(rule.min_level)}.",
            meant(rule.min_level, levels),
        )


def _selectors(
    context: Context, record: Record, loc: Loc, rule: Rule, code: str
) -> Iterator[Problem]:
    catalog = context.catalog
    for part, selector in (("all_in", rule.all_in), ("of", rule.of)):
        if not isinstance(selector, Selector):
            continue
        areas = [area.id for one in catalog.frameworks.values() for area in one.areas]
        tags = sorted({tag for one in catalog.credentials.values() for tag in one.tags})
        for what, name, known, kind in (
            ("area", selector.area, areas, "framework"),
            ("tag", selector.tag, tags, "credential"),
            ("framework", selector.framework, list(catalog.frameworks), "framework"),
        ):
            if name is None or context.is_unread(kind):
                continue
            at = (*loc, part, what)
            if problem := context.unknown_among(code, record, at, what, name, known, "the catalog"):
                yield problem
