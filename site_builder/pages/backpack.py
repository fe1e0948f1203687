# SPDX-License-Identifier: Apache-2.0
"""What a backpack page says: badges by area, pathways as quilts, collections, credit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from site_builder import pathways
from site_builder.catalog import Catalog, Place
from site_builder.model import Award, Credential, Pathway, Rule, Teacher
from site_builder.pages.credits import CreditLog, credit_logs
from site_builder.pages.days import NO_DAY, Day, day_of
from site_builder.pages.environment import slot_class
from site_builder.pathways import Progress, Rules
from site_builder.texts import month_words, number_words


class Spot(NamedTuple):
    """Where a credential stands on a backpack.

    Attributes:
        pinned: `slug@version` of the credential.
        area_class: colour of its area, empty for a full set.
        order: of its area among the groups of the page.
    """

    pinned: str
    credential: Credential
    place: Place | None
    area_class: str
    order: int


class Badge(NamedTuple):
    """One award on the page.

    Attributes:
        until: the last day of validity, empty where there is none. Whether it is over is for the
            viewer's clock.
    """

    award: Award
    spot: Spot
    issued: Day
    until: Day


class Group(NamedTuple):
    """Badges of one area; `place` is None for full sets."""

    place: Place | None
    area_class: str
    badges: tuple[Badge, ...]

    @property
    def in_force(self) -> int:
        """Number of the badges that stand."""
        return sum(_stands(badge) for badge in self.badges)


class Block(NamedTuple):
    """One place in a quilt: the award that fills it, or None."""

    spot: Spot
    award: Award | None


class Row(NamedTuple):
    """One row of a quilt: an area, or a rule in words.

    Attributes:
        have, need: in `unit`, which is empty where the blocks themselves are counted.
    """

    place: Place | None
    words: str
    have: int
    need: int
    unit: str
    blocks: tuple[Block, ...]


class Quilt(NamedTuple):
    """A pathway with at least one block earned; `have` never exceeds `need`."""

    pathway: Pathway
    is_met: bool
    have: int
    need: int
    unit: str
    rows: tuple[Row, ...]


class Collection(NamedTuple):
    title: Mapping[str, str]
    badges: tuple[Badge, ...]


class View(NamedTuple):
    """Everything a backpack page shows, in its order.

    Attributes:
        lede: how much that stands, and from when.
        not_counted: what the page shows beside it, such as "one revoked"; empty for nothing.
        has_ends: whether some award ends; which have ended is for the viewer's clock.
    """

    name: str | None
    name_language: str | None
    is_listed: bool
    lede: str
    not_counted: str
    has_ends: bool
    groups: tuple[Group, ...]
    quilts: tuple[Quilt, ...]
    collections: tuple[Collection, ...]
    credit: tuple[CreditLog, ...]


class Shelves:
    """Where a catalog's credentials stand on backpacks, and what its pathways ask; made once.

    Args:
        catalog: its people do not matter.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.rules = Rules(catalog)
        self._spots: dict[str, Spot] = {}
        self._rows: dict[int, tuple[Rule, Place | None, tuple[Spot, ...]]] = {}
        areas = ((one.framework.id, one.area.id) for one in catalog.competencies.values())
        self._order = {area: number for number, area in enumerate(dict.fromkeys(areas))}

    def spot(self, pinned: str) -> Spot:
        """Where a credential version stands; areas in framework order, full sets last."""
        found = self._spots.get(pinned)
        if found is None:
            found = self._spots[pinned] = self._spot(self.catalog.versions[pinned])
        return found

    def _spot(self, credential: Credential) -> Spot:
        place = self.catalog.place_of(credential)
        order = self._order[place.framework.id, place.area.id] if place else len(self._order)
        area_class = slot_class(place.slot) if place else ""
        return Spot(credential.pinned, credential, place, area_class, order)

    def row(self, rule: Rule) -> tuple[Rule, Place | None, tuple[Spot, ...]]:
        """A rule that is one row of a quilt, its area and its credentials."""
        found = self._rows.get(id(rule))  # the rule is kept, so that its number stays its own
        if found is None:
            known = self.catalog.credentials
            slugs = self.rules.members(rule)
            spots = tuple(self._spot(known[slug]) for slug in slugs if slug in known)
            whole_area = rule.all_in is not None and rule.all_in.area is not None
            place = spots[0].place if whole_area and spots else None
            found = self._rows[id(rule)] = (rule, place, spots)
        return found


def view(teacher: Teacher, catalog: Catalog, shelves: Shelves) -> View:
    """What the backpack of a teacher shows; counts and progress are over the awards shown.

    Args:
        catalog: the awards and people of a shard at least.
    """
    awards = catalog.shown_in_backpack(teacher)
    badges = tuple([_badge(award, shelves) for award in awards])
    shown = {badge.award.id: badge for badge in badges}
    return View(
        name=catalog.display_name(teacher),
        name_language=teacher.language,
        is_listed=teacher.visibility == "public",
        lede=_lede([badge for badge in badges if _stands(badge)]),
        not_counted=_not_counted(badges),
        has_ends=any(badge.award.expires for badge in badges),
        groups=_groups(badges),
        quilts=tuple(_quilts(teacher, awards, shelves)),
        collections=tuple(
            Collection(one.title, found)
            for one in teacher.collections
            if (found := tuple(shown[award] for award in one.awards if award in shown))
        ),
        credit=credit_logs((badge.spot.credential, badge.award) for badge in badges),
    )


def _badge(award: Award, shelves: Shelves) -> Badge:
    issued = day_of(award.issued) if award.issued else NO_DAY
    until = day_of(award.expires) if award.expires else NO_DAY
    return Badge(award, shelves.spot(award.credential), issued, until)


def _stands(badge: Badge) -> bool:
    return badge.award.status.state == "active"


def _not_counted(badges: Sequence[Badge]) -> str:
    """Badges that do not stand, by state: "one suspended, two revoked"."""
    states = [badge.award.status.state for badge in badges if not _stands(badge)]
    return ", ".join(f"{number_words(states.count(one))} {one}" for one in dict.fromkeys(states))


def _lede(badges: Sequence[Badge]) -> str:
    """How much and from when: "Ten micro-credentials, January to March 2016"."""
    micro = sum(badge.spot.credential.class_ == "micro" for badge in badges)
    sets = len(badges) - micro
    said = [_counted(micro, "micro-credential"), _counted(sets, "full set")]
    counts = " and ".join(part for part in said if part) or "No badges in force"
    months = sorted([badge.issued.iso[:7] for badge in badges if badge.award.issued])
    span = f", {_span(months[0], months[-1])}" if months else ""
    return f"{counts[0].upper()}{counts[1:]}{span}"


def _counted(count: int, noun: str) -> str:
    return f"{number_words(count)} {noun}{'' if count == 1 else 's'}" if count else ""


def _span(first: str, last: str) -> str:
    if first == last:
        return month_words(first)
    start = month_words(first)
    if first[:4] == last[:4]:
        start = start.rpartition(" ")[0]
    return f"{start} to {month_words(last)}"


def _groups(badges: tuple[Badge, ...]) -> tuple[Group, ...]:
    """Badges by area in framework order, full sets last, oldest first in each."""
    found: dict[int, list[Badge]] = {}
    for badge in badges:
        found.setdefault(badge.spot.order, []).append(badge)
    in_order = [found[order] for order in sorted(found)]
    return tuple(
        [Group(ones[0].spot.place, ones[0].spot.area_class, tuple(ones)) for ones in in_order]
    )


def _quilts(teacher: Teacher, awards: tuple[Award, ...], shelves: Shelves) -> Iterator[Quilt]:
    """Pathways with something earned, nearest to whole first."""
    catalog, rules, have = shelves.catalog, shelves.rules, pathways.held(awards)
    # A rule about levels must not give away a hidden one.
    knows_levels = teacher.consents_to("level")
    found = []
    for pathway in catalog.pathways.values():
        if rules.touches(pathway.requires, have):
            progress = pathways.evaluate(
                pathway.requires, have, catalog, rules=rules, knows_levels=knows_levels
            )
            if progress.earned:
                found.append((pathway, progress))
    for pathway, progress in sorted(found, key=lambda one: -_share(one[1])):
        rows = tuple(_rows(progress, have, shelves))
        done = min(progress.have, progress.need)
        unit = progress.unit if progress.need != 1 else progress.unit.removesuffix("s")
        yield Quilt(pathway, progress.is_met, done, progress.need, unit, rows)


def _share(progress: Progress) -> float:
    return min(progress.have / progress.need, 1) if progress.need else 1


def _rows(progress: Progress, have: Mapping[str, Award], shelves: Shelves) -> Iterator[Row]:
    """One row per rule node; single credentials of one rule share its row."""
    rule = progress.rule
    is_list = all(part.rule.credential is not None for part in progress.parts)
    if progress.parts and (rule.pathway is not None or not is_list):
        for part in progress.parts:
            yield from _rows(part, have, shelves)
        return
    _, place, spots = shelves.row(rule)
    if not spots:
        return
    blocks = tuple([Block(spot, have.get(spot.credential.id)) for spot in spots])
    unit = "" if progress.unit == "micro-credentials" else progress.unit
    done = min(progress.have, progress.need)
    words = "All of these" if rule.all_of is not None else progress.words
    yield Row(place, words, done, progress.need, unit, blocks)
