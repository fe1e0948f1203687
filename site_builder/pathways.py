# SPDX-License-Identifier: Apache-2.0
"""Rule evaluation: who has what, what is missing, and what a rule says in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from site_builder.catalog.types import Catalog
from site_builder.model import Award, Pathway, Rule, Selector
from site_builder.texts import amount_words, number_words, pick

Held = Mapping[str, Award]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is with one rule.

    Attributes:
        words: the rule in words.
        have, need: counted in `unit` ("micro-credentials", "hours" or "parts").
        earned, missing: slugs of micro-credentials under this rule, in rule order.
        parts: progress with the rules below this one.
    """

    rule: Rule
    words: str
    is_met: bool
    have: int
    need: int
    unit: str
    earned: tuple[str, ...]
    missing: tuple[str, ...]
    parts: tuple[Progress, ...] = ()


def held(awards: Iterable[Award], as_of: dt.date | None = None) -> dict[str, Award]:
    """The award that counts for each credential slug, as of the end of a day.

    Revoked, suspended and withdrawn awards do not count; superseded ones count through the
    award that replaced them; expired ones do not count from their last day on.

    Args:
        awards: awards of one person, in any order.
        as_of: the day to judge; None judges by state alone, whatever the dates.
    """
    found: dict[str, Award] = {}
    for award in sorted(awards, key=lambda one: (str(one.issued), one.id)):
        if award.issued is None or award.status.state != "active":
            continue
        if as_of is not None and (
            award.issued > as_of or (award.expires is not None and award.expires < as_of)
        ):
            continue
        found[award.credential_slug] = award
    return found


def pathway_named(name: str, catalog: Catalog) -> Pathway | None:
    """A pathway by `slug` (current version) or `slug@version`."""
    return catalog.pathway_versions.get(name) if "@" in name else catalog.pathways.get(name)


def _selected(selector: Selector, catalog: Catalog) -> tuple[str, ...]:
    return catalog.members(area=selector.area, tag=selector.tag, framework=selector.framework)


def _slug(reference: str) -> str:
    return reference.partition("@")[0]


def credentials_in(rule: Rule, catalog: Catalog) -> tuple[str, ...]:
    """Slugs of every micro-credential a rule names, in rule order, each once."""
    found: list[str] = []
    if rule.credential is not None:
        found.append(_slug(rule.credential))
    if rule.all_in is not None:
        found.extend(_selected(rule.all_in, catalog))
    if isinstance(rule.of, Selector):
        found.extend(_selected(rule.of, catalog))
    if rule.pathway is not None and (pathway := pathway_named(rule.pathway, catalog)):
        found.extend(credentials_in(pathway.requires, catalog))
    for part in (*(rule.all_of or ()), *(rule.any_of or ()), *_rules(rule.of)):
        found.extend(credentials_in(part, catalog))
    return tuple(dict.fromkeys(found))


def _rules(of: tuple[Rule, ...] | Selector | None) -> tuple[Rule, ...]:
    return of if isinstance(of, tuple) else ()


def evaluate(
    rule: Rule, have: Held, catalog: Catalog, roles: frozenset[str] = frozenset()
) -> Progress:
    """How far the holder of `have` is with `rule`.

    Args:
        rule: a pathway's `requires`, or any node of it.
        have: see `held`.
        catalog: resolves areas, tags, frameworks and pathways.
        roles: slugs of roles the person is declared to hold.
    """
    members = credentials_in(rule, catalog)
    earned = tuple(slug for slug in members if slug in have)
    missing = tuple(slug for slug in members if slug not in have)
    said = words(rule, catalog)
    unit = "micro-credentials"
    parts = _parts(rule, have, catalog, roles)
    if rule.credential is not None:
        met = bool(earned) and _level_reached(rule, have[earned[0]], catalog)
        return Progress(
            rule, said, met, int(met), 1, unit, earned if met else (), () if met else members
        )
    if rule.role_held is not None:
        met = rule.role_held in roles
        return Progress(rule, said, met, int(met), 1, "roles", (), ())
    if rule.hours is not None:
        hours = sum((_hours(slug, have, catalog) for slug in earned), Decimal(0))
        return Progress(
            rule, said, hours >= rule.hours, int(hours), int(rule.hours), "hours", earned, missing
        )
    if rule.at_least is not None:
        done = sum(part.is_met for part in parts) if parts else len(earned)
        return Progress(
            rule, said, done >= rule.at_least, done, rule.at_least, unit, earned, missing, parts
        )
    if rule.any_of is not None:
        best = max(parts, key=lambda part: (part.is_met, part.have / part.need if part.need else 1))
        return Progress(
            rule, said, best.is_met, best.have, best.need, best.unit, earned, missing, parts
        )
    if rule.all_of is not None:
        have_count, need = (
            sum(min(part.have, part.need) for part in parts),
            sum(part.need for part in parts),
        )
        met = all(part.is_met for part in parts)
        return Progress(rule, said, met, have_count, need, unit, earned, missing, parts)
    if rule.pathway is not None:
        inner = parts[0]
        return Progress(
            rule, said, inner.is_met, inner.have, inner.need, inner.unit, earned, missing, parts
        )
    return Progress(rule, said, not missing, len(earned), len(members), unit, earned, missing)


def _parts(rule: Rule, have: Held, catalog: Catalog, roles: frozenset[str]) -> tuple[Progress, ...]:
    below = (*(rule.all_of or ()), *(rule.any_of or ()), *_rules(rule.of))
    if rule.pathway is not None and (pathway := pathway_named(rule.pathway, catalog)):
        below = (pathway.requires,)
    return tuple(evaluate(part, have, catalog, roles) for part in below)


def _level_reached(rule: Rule, award: Award, catalog: Catalog) -> bool:
    if rule.min_level is None:
        return True
    credential = catalog.versions.get(award.credential)
    if credential is None or credential.rubric is None or award.level is None:
        return False
    reached, wanted = credential.rubric.rank(award.level), credential.rubric.rank(rule.min_level)
    return reached is not None and wanted is not None and reached >= wanted


def _hours(slug: str, have: Held, catalog: Catalog) -> Decimal:
    credential = catalog.versions.get(have[slug].credential)
    return credential.workload.hours.typical if credential and credential.workload else Decimal(0)


def words(rule: Rule, catalog: Catalog, language: str = "en") -> str:
    """A rule in words: "all six of Leading learning teams", "at least three of these four"."""
    default = catalog.issuer.language
    if rule.credential is not None:
        credential = catalog.credentials.get(_slug(rule.credential))
        title = pick(credential.title, language, default).words if credential else rule.credential
        return title + (f" at {rule.min_level} or above" if rule.min_level else "")
    if rule.pathway is not None:
        pathway = pathway_named(rule.pathway, catalog)
        return f"the pathway {pick(pathway.title, language, default).words if pathway else rule.pathway}"
    if rule.role_held is not None:
        role = catalog.roles.get(rule.role_held)
        return f"already holds the role {pick(role.title, language, default).words if role else rule.role_held}"
    if rule.all_in is not None:
        count = number_words(len(_selected(rule.all_in, catalog)))
        return f"all {count} of {_selector_words(rule.all_in, catalog, language)}"
    if rule.at_least is not None or rule.hours is not None:
        return _counted_words(rule, catalog, language)
    joined = [
        words(part, catalog, language) for part in (*(rule.all_of or ()), *(rule.any_of or ()))
    ]
    return (" and " if rule.all_of is not None else ", or ").join(joined)


def _counted_words(rule: Rule, catalog: Catalog, language: str) -> str:
    asked = (
        number_words(rule.at_least)
        if rule.at_least is not None
        else f"{amount_words(rule.hours or 0)} hours"
    )
    if isinstance(rule.of, Selector):
        return f"at least {asked} of {_selector_words(rule.of, catalog, language)}"
    return f"at least {asked} of these {number_words(len(_rules(rule.of)))}"


def _selector_words(selector: Selector, catalog: Catalog, language: str) -> str:
    default = catalog.issuer.language
    if selector.tag is not None:
        return f"those tagged {selector.tag}"
    for framework in catalog.frameworks.values():
        if framework.id == selector.framework:
            return pick(framework.title, language, default).words
        for area in framework.areas:
            if area.id == selector.area:
                return pick(area.title, language, default).words
    return str(selector.area or selector.framework)
