# SPDX-License-Identifier: Apache-2.0
"""Rule evaluation: who has what, what is missing, and what a rule says in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import NamedTuple

from site_builder.catalog.types import Catalog
from site_builder.model import Award, Pathway, Rule, Selector
from site_builder.texts import amount_words, number_words, pick

Held = Mapping[str, Award]


class Progress(NamedTuple):
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

    Revoked and suspended awards do not count; superseded ones count through the award that
    replaced them; expired ones count up to and with their last day. A withdrawn award is not
    shown, so it does not count without a day; what was earned by a day it stays earned.

    Args:
        awards: awards of one person, in any order.
        as_of: the day to judge, by the states of that day; None judges by today's state alone,
            whatever the dates.
    """
    found: dict[str, Award] = {}
    for award in sorted(awards, key=lambda one: (str(one.issued), one.id)):
        if award.issued is None:
            continue
        if as_of is None:
            counts = award.status.state == "active"
        else:
            counts = award.issued <= as_of and _stood(award, as_of)
        if counts:
            found[award.credential_slug] = award
    return found


def _stood(award: Award, day: dt.date) -> bool:
    """True when an award issued before was neither expired nor taken back on `day`."""
    if award.expires is not None and award.expires < day:
        return False
    status = award.status
    begins_later = status.on is not None and status.on > day
    return status.state in ("active", "withdrawn") or begins_later


def pathway_named(name: str, catalog: Catalog) -> Pathway | None:
    """A pathway by `slug` (current version) or `slug@version`."""
    return catalog.pathway_versions.get(name) if "@" in name else catalog.pathways.get(name)


def _selected(selector: Selector, catalog: Catalog) -> tuple[str, ...]:
    return catalog.members(area=selector.area, tag=selector.tag, framework=selector.framework)


def _slug(reference: str) -> str:
    return reference.partition("@")[0]


def credentials_in(rule: Rule, catalog: Catalog) -> tuple[str, ...]:
    """Slugs of every micro-credential a rule names, in rule order, each once."""
    return tuple(dict.fromkeys(_named(rule, catalog, set())))


def _named(rule: Rule, catalog: Catalog, opened: set[str]) -> Iterator[str]:
    """Slugs under a rule; each pathway is opened once, so that a circle ends (PW002 tells it)."""
    if rule.credential is not None:
        yield _slug(rule.credential)
    for selector in (rule.all_in, rule.of):
        if isinstance(selector, Selector):
            yield from _selected(selector, catalog)
    pathway = pathway_named(rule.pathway, catalog) if rule.pathway is not None else None
    if pathway is not None and pathway.pinned not in opened:
        opened.add(pathway.pinned)
        yield from _named(pathway.requires, catalog, opened)
    for part in below(rule):
        yield from _named(part, catalog, opened)


def below(rule: Rule) -> tuple[Rule, ...]:
    """The rules written inside a rule; a pathway it names is not opened."""
    listed = rule.of if isinstance(rule.of, tuple) else ()
    return (*(rule.all_of or ()), *(rule.any_of or ()), *listed)


class Rules:
    """What the rules of one catalog name and say, each worked out once for any number of people.

    Args:
        catalog: resolves areas, tags, frameworks and pathways; its people do not matter.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        # By number of the rule; the rule is kept, so that no other can come to have its number.
        self._known: dict[int, tuple[Rule, tuple[str, ...], str, frozenset[str]]] = {}

    def members(self, rule: Rule) -> tuple[str, ...]:
        """See `credentials_in`."""
        return self._of(rule)[1]

    def words(self, rule: Rule) -> str:
        """See `words`."""
        return self._of(rule)[2]

    def touches(self, rule: Rule, have: Held) -> bool:
        """False when nothing a person holds can count for the rule."""
        return not self._of(rule)[3].isdisjoint(have)

    def _of(self, rule: Rule) -> tuple[Rule, tuple[str, ...], str, frozenset[str]]:
        found = self._known.get(id(rule))
        if found is None:
            members = credentials_in(rule, self.catalog)
            found = (rule, members, words(rule, self.catalog), frozenset(members))
            self._known[id(rule)] = found
        return found


def evaluate(
    rule: Rule,
    have: Held,
    catalog: Catalog,
    roles: frozenset[str] = frozenset(),
    *,
    rules: Rules | None = None,
    knows_levels: bool = True,
) -> Progress:
    """How far the holder of `have` is with `rule`.

    Args:
        rule: a pathway's `requires`, or any node of it.
        have: see `held`.
        catalog: resolves areas, tags, frameworks and pathways.
        roles: slugs of roles the person is declared to hold.
        rules: of the same catalog, for whoever asks about many people.
        knows_levels: False counts every award as one without a level.
    """
    return _Evaluation(have, catalog, roles, rules or Rules(catalog), knows_levels).of(rule, ())


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """One person's awards and roles, against any rule."""

    have: Held
    catalog: Catalog
    roles: frozenset[str]
    rules: Rules
    knows_levels: bool

    def of(self, rule: Rule, opened: tuple[str, ...]) -> Progress:
        """Progress with `rule`; `opened` are the pathways it stands in."""
        if rule.credential is not None or rule.role_held is not None:
            return self._single(rule)
        members = self.rules.members(rule)
        parts = self._parts(rule, opened)
        if parts:
            lacking = {slug for part in parts for slug in part.missing}
        else:
            lacking = set(members).difference(self.have)
        earned = tuple([slug for slug in members if slug not in lacking])
        missing = tuple([slug for slug in members if slug in lacking])
        met, have, need, unit = self._count(rule, parts, earned, members)
        said = self.rules.words(rule)
        return Progress(rule, said, met, have, need, unit, earned, missing, parts)

    def _single(self, rule: Rule) -> Progress:
        said = self.rules.words(rule)
        if rule.credential is None:
            met = rule.role_held in self.roles
            return Progress(rule, said, met, int(met), 1, "roles", (), ())
        slug = _slug(rule.credential)
        met = slug in self.have and (rule.min_level is None or self._level_reached(rule, slug))
        earned, missing = ((slug,), ()) if met else ((), (slug,))
        return Progress(rule, said, met, int(met), 1, "micro-credentials", earned, missing)

    def _level_reached(self, rule: Rule, slug: str) -> bool:
        award = self.have[slug]
        credential = self.catalog.versions.get(award.credential)
        if credential is None or credential.rubric is None:
            return False
        if award.level is None or rule.min_level is None or not self.knows_levels:
            return False
        rank = credential.rubric.rank
        reached, wanted = rank(award.level), rank(rule.min_level)
        return reached is not None and wanted is not None and reached >= wanted

    def _parts(self, rule: Rule, opened: tuple[str, ...]) -> tuple[Progress, ...]:
        if rule.pathway is None:
            return tuple(self.of(part, opened) for part in below(rule))
        pathway = pathway_named(rule.pathway, self.catalog)
        if pathway is None or pathway.pinned in opened:
            return ()
        return (self.of(pathway.requires, (*opened, pathway.pinned)),)

    def _count(
        self,
        rule: Rule,
        parts: tuple[Progress, ...],
        earned: tuple[str, ...],
        members: tuple[str, ...],
    ) -> tuple[bool, int, int, str]:
        """Whether the rule is met, and how much of what it asks there is, in which unit."""
        if rule.hours is not None:
            hours = sum((_hours(slug, self.have, self.catalog) for slug in earned), Decimal(0))
            return hours >= rule.hours, floor(hours), ceil(rule.hours), "hours"
        if rule.at_least is not None:
            done = sum(part.is_met for part in parts) if parts else len(earned)
            unit = "micro-credentials" if _are_single(parts) else "parts"
            return done >= rule.at_least, done, rule.at_least, unit
        if rule.all_in is not None:
            is_met = bool(members) and len(earned) == len(members)
            return is_met, len(earned), len(members), "micro-credentials"
        if not parts:  # an unknown pathway, a circle or an empty list: nobody meets it
            return False, 0, 1, "parts"
        if rule.all_of is None:  # the best of any_of, or the one pathway
            best = max(parts, key=lambda part: (part.is_met, _share(part)))
            return best.is_met, best.have, best.need, best.unit
        met = all(part.is_met for part in parts)
        units = {part.unit for part in parts}
        if len(units) > 1:
            return met, sum(part.is_met for part in parts), len(parts), "parts"
        done = sum(min(part.have, part.need) for part in parts)
        return met, done, sum(part.need for part in parts), units.pop()


def _are_single(parts: tuple[Progress, ...]) -> bool:
    return all(part.rule.credential is not None for part in parts)


def _share(part: Progress) -> float:
    return part.have / part.need if part.need else 1.0


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
        title = pick(pathway.title, language, default).words if pathway else rule.pathway
        return f"the pathway {title}"
    if rule.role_held is not None:
        role = catalog.roles.get(rule.role_held)
        title = pick(role.title, language, default).words if role else rule.role_held
        return f"already holds the role {title}"
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
    return f"at least {asked} of these {number_words(len(below(rule)))}"


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
