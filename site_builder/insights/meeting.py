# SPDX-License-Identifier: Apache-2.0
"""Whether a rule is met, and nothing else: `pathways.evaluate` for a hundred thousand people.

`evaluate` says how far somebody is, in words, which costs a hundred times more. It decides what
is right: a test compares the two, and rules of a shape not known here are left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from site_builder.catalog.types import Catalog
from site_builder.model import Rule, Selector
from site_builder.pathways import Held, below, credentials_in, evaluate, pathway_named

Met = Callable[[Held], bool]


def met(rule: Rule, catalog: Catalog) -> Met:
    """What tells of somebody's awards, by credential slug, whether they meet `rule`.

    Args:
        rule: a pathway's `requires`.
        catalog: resolves areas, tags, frameworks and pathways; its people are not looked at.
    """
    try:
        return _met(rule, catalog, ())
    except _UnseenError:
        return lambda have: evaluate(rule, have, catalog).is_met


class _UnseenError(Exception):
    """A rule has a shape that is left to `evaluate`."""


def _met(rule: Rule, catalog: Catalog, opened: tuple[str, ...]) -> Met:
    if rule.credential is not None:
        return _single(rule, catalog)
    if rule.role_held is not None:
        return lambda _: False  # roles are declared by people, not earned
    if isinstance(rule.of, Selector) or rule.all_in is not None:
        return _selected(rule, catalog)
    if rule.hours is not None:
        return _listed_hours(rule, catalog)
    parts = _parts(rule, catalog, opened)
    if rule.at_least is not None:
        return _some(parts, rule.at_least)
    if not parts:  # an unknown pathway, a circle or an empty list: nobody meets it
        return lambda _: False
    return _some(parts, len(parts) if rule.all_of is not None else 1)


def _parts(rule: Rule, catalog: Catalog, opened: tuple[str, ...]) -> tuple[Met, ...]:
    if rule.pathway is None:
        return tuple(_met(part, catalog, opened) for part in below(rule))
    pathway = pathway_named(rule.pathway, catalog)
    if pathway is None or pathway.pinned in opened:
        return ()
    return (_met(pathway.requires, catalog, (*opened, pathway.pinned)),)


def _some(parts: tuple[Met, ...], needed: int) -> Met:
    return lambda have: sum(part(have) for part in parts) >= needed


def _single(rule: Rule, catalog: Catalog) -> Met:
    """One micro-credential, at any level or at one that reaches the level asked for."""
    slug = (rule.credential or "").partition("@")[0]
    if rule.min_level is None:
        return lambda have: slug in have
    enough = set(_reaching(slug, rule.min_level, catalog))
    return lambda have: (
        (one := have.get(slug)) is not None and (one.credential, one.level) in enough
    )


def _reaching(slug: str, wanted: str, catalog: Catalog) -> Iterable[tuple[str, str]]:
    """(version, level) of each version of a credential that reaches the level `wanted`."""
    for pinned, credential in catalog.versions.items():
        rubric = credential.rubric
        least = rubric.rank(wanted) if rubric is not None and credential.id == slug else None
        if rubric is None or least is None:
            continue
        for level in rubric.levels:
            rank = rubric.rank(level.id)
            if rank is not None and rank >= least:
                yield pinned, level.id


def _selected(rule: Rule, catalog: Catalog) -> Met:
    """All of an area, tag or framework, or a number or hours of it."""
    members = credentials_in(rule, catalog)
    if rule.hours is not None:
        return _hours(members, rule.hours, catalog)
    if rule.at_least is None and not members:
        return lambda _: False
    names = frozenset(members)
    needed = len(names) if rule.at_least is None else rule.at_least
    return lambda have: len(names & have.keys()) >= needed


def _listed_hours(rule: Rule, catalog: Catalog) -> Met:
    """Hours of the micro-credentials listed; a list of anything else is left to `evaluate`."""
    if not all(part.credential is not None and part.min_level is None for part in below(rule)):
        raise _UnseenError
    return _hours(credentials_in(rule, catalog), rule.hours or Decimal(0), catalog)


def _hours(members: tuple[str, ...], needed: Decimal, catalog: Catalog) -> Met:
    """Typical hours, of the version that was earned."""
    hours = {
        pinned: one.workload.hours.typical
        for pinned, one in catalog.versions.items()
        if one.workload is not None
    }

    def is_met(have: Held) -> bool:
        done = (hours.get(have[slug].credential, 0) for slug in members if slug in have)
        return sum(done, Decimal(0)) >= needed

    return is_met
