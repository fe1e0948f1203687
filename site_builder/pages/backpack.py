# SPDX-License-Identifier: Apache-2.0
"""What a backpack page says: badges by area, pathways as quilts, collections, credit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from site_builder import pathways
from site_builder.catalog import Catalog, Place
from site_builder.model import Award, Credential, Pathway, Teacher
from site_builder.pages.credits import CreditLog, credit_logs
from site_builder.pages.environment import slot_class
from site_builder.pathways import Progress
from site_builder.texts import date_words, month_words, number_words


@dataclass(frozen=True, slots=True)
class Badge:
    """One award on the page.

    Attributes:
        area_class: colour of its area, empty for a full set.
        until_words: the last day of validity; whether it is over is for the viewer's clock.
    """

    award: Award
    credential: Credential
    area_class: str
    until_words: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Badges of one area; `place` is None for full sets."""

    place: Place | None
    area_class: str
    badges: tuple[Badge, ...]

    @property
    def in_force(self) -> int:
        """Number of the badges that stand."""
        return sum(_stands(badge) for badge in self.badges)


@dataclass(frozen=True, slots=True)
class Block:
    """One place in a quilt: the award that fills it, or None."""

    credential: Credential
    award: Award | None


@dataclass(frozen=True, slots=True)
class Row:
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


@dataclass(frozen=True, slots=True)
class Quilt:
    """A pathway with at least one block earned; `have` never exceeds `need`."""

    pathway: Pathway
    is_met: bool
    have: int
    need: int
    unit: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    title: Mapping[str, str]
    badges: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class View:
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


def view(teacher: Teacher, catalog: Catalog) -> View:
    """What the backpack of a teacher shows; counts and progress are over the awards shown."""
    awards = catalog.shown_in_backpack(teacher)
    badges = tuple(_badge(award, catalog) for award in awards)
    shown = {badge.award.id: badge for badge in badges}
    return View(
        name=catalog.display_name(teacher),
        name_language=teacher.language,
        is_listed=teacher.visibility == "public",
        lede=_lede(tuple(badge for badge in badges if _stands(badge))),
        not_counted=_not_counted(badges),
        has_ends=any(badge.award.expires for badge in badges),
        groups=_groups(badges, catalog),
        quilts=tuple(_quilts(teacher, awards, catalog)),
        collections=tuple(
            Collection(one.title, found)
            for one in teacher.collections
            if (found := tuple(shown[award] for award in one.awards if award in shown))
        ),
        credit=credit_logs((badge.credential, badge.award) for badge in badges),
    )


def _badge(award: Award, catalog: Catalog) -> Badge:
    credential = catalog.versions[award.credential]
    place = catalog.place_of(credential)
    until = date_words(award.expires) if award.expires else None
    return Badge(award, credential, slot_class(place.slot) if place else "", until)


def _stands(badge: Badge) -> bool:
    return badge.award.status.state == "active"


def _not_counted(badges: tuple[Badge, ...]) -> str:
    """Badges that do not stand, by state: "one suspended, two revoked"."""
    states = [badge.award.status.state for badge in badges if not _stands(badge)]
    return ", ".join(f"{number_words(states.count(one))} {one}" for one in dict.fromkeys(states))


def _lede(badges: tuple[Badge, ...]) -> str:
    """How much and from when: "Ten micro-credentials, January to March 2016"."""
    micro = sum(badge.credential.class_ == "micro" for badge in badges)
    sets = len(badges) - micro
    said = [_counted(micro, "micro-credential"), _counted(sets, "full set")]
    counts = " and ".join(part for part in said if part) or "No badges in force"
    months = sorted(f"{day:%Y-%m}" for badge in badges if (day := badge.award.issued))
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


def _groups(badges: tuple[Badge, ...], catalog: Catalog) -> tuple[Group, ...]:
    """Badges by area in framework order, full sets last, oldest first in each."""
    found: dict[tuple[str, str], list[Badge]] = {}
    for badge in badges:
        place = catalog.place_of(badge.credential)
        key = (place.framework.id, place.area.id) if place else ("", "")
        found.setdefault(key, []).append(badge)
    order = list(
        dict.fromkeys((one.framework.id, one.area.id) for one in catalog.competencies.values())
    )
    in_order = [found[key] for key in (*order, ("", "")) if key in found]
    return tuple(
        Group(catalog.place_of(ones[0].credential), ones[0].area_class, tuple(ones))
        for ones in in_order
    )


def _quilts(teacher: Teacher, awards: tuple[Award, ...], catalog: Catalog) -> Iterator[Quilt]:
    """Pathways with something earned, nearest to whole first."""
    if not teacher.consents_to("level"):  # a rule about levels must not give away a hidden one
        awards = tuple(award.model_copy(update={"level": None}) for award in awards)
    have = pathways.held(awards)
    found = [
        (pathway, progress)
        for pathway in catalog.pathways.values()
        if (progress := pathways.evaluate(pathway.requires, have, catalog)).earned
    ]
    for pathway, progress in sorted(found, key=lambda one: -_share(one[1])):
        rows = tuple(_rows(progress, have, catalog))
        done = min(progress.have, progress.need)
        unit = progress.unit if progress.need != 1 else progress.unit.removesuffix("s")
        yield Quilt(pathway, progress.is_met, done, progress.need, unit, rows)


def _share(progress: Progress) -> float:
    return min(progress.have / progress.need, 1) if progress.need else 1


def _rows(progress: Progress, have: Mapping[str, Award], catalog: Catalog) -> Iterator[Row]:
    """One row per rule node; single credentials of one rule share its row."""
    rule = progress.rule
    is_list = all(part.rule.credential is not None for part in progress.parts)
    if progress.parts and (rule.pathway is not None or not is_list):
        for part in progress.parts:
            yield from _rows(part, have, catalog)
        return
    slugs = pathways.credentials_in(rule, catalog)
    blocks = tuple(
        Block(catalog.credentials[slug], have.get(slug))
        for slug in slugs
        if slug in catalog.credentials
    )
    if not blocks:
        return
    places = [catalog.place_of(block.credential) for block in blocks]
    whole_area = rule.all_in is not None and rule.all_in.area is not None
    unit = "" if progress.unit == "micro-credentials" else progress.unit
    place = places[0] if whole_area else None
    done = min(progress.have, progress.need)
    words = "All of these" if rule.all_of is not None else progress.words
    yield Row(place, words, done, progress.need, unit, blocks)
