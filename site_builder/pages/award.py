# SPDX-License-Identifier: Apache-2.0
"""What one award page says about the award itself: facts, dates and links its reader may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.claims import public_evidence
from site_builder.model import Award, Credential, EvidenceItem, Teacher
from site_builder.pages.days import NO_DAY, day_of
from site_builder.pages.environment import spoken
from site_builder.texts import pick

ORIGIN = addresses.award_page("any")  # every stamped page is one folder below the root
Tongues = tuple[str, str]  # the language wanted of author words and the catalog's default


class Kind(NamedTuple):
    """What decides which parts an award page has, beside which facts there are.

    Attributes:
        state: of the award; one that stands has parts to share and to print.
        is_listed: everybody may find the page.
        has_evidence: whether any is recorded, shown or not.
    """

    state: str
    is_listed: bool
    has_evidence: bool


class Facts(NamedTuple):
    """What differs from award to award, as the page writes it; empty where there is nothing.

    Attributes:
        name: as the holder writes it; empty where no name may be shown.
        on, issued, until: dates as `<time>`; the next three of a date are as in `Day`.
        level: only with the holder's consent.
        backpack, newer, older, renewal: links that give away no address this page's reader may not
            know.
    """

    id: str
    name: str | None
    name_language: str | None
    on: Markup | None
    reason: str | None
    issued: Markup
    issued_words: str
    issued_year: str
    issued_month: str
    until: Markup
    until_words: str
    until_year: str
    until_month: str
    programme: Markup | str | None
    level: Markup | str | None
    backpack: str | None
    newer: str | None
    older: str | None
    renewal: str | None


@dataclass(frozen=True, slots=True)
class AwardView:
    """What an award page says, in the words and links of its template.

    Attributes:
        is_listed, has_evidence, state: see `Kind`.
        evidence: items the holder agreed to publish.
    """

    name: str | None
    name_language: str | None
    url: str
    shown_url: str
    record: str
    record_url: str
    signed_file: str
    signed_url: str
    qr_file: str
    check_page: str
    is_listed: bool
    state: str
    on: Markup | None
    reason: str | None
    issued: Markup
    until: Markup | None
    until_words: str | None
    programme: Markup | str | None
    level: str | Markup | None
    has_evidence: bool
    evidence: tuple[EvidenceItem, ...]
    backpack: str | None
    newer: str | None
    older: str | None
    renewal: str | None


class Titles:
    """What a catalog's programmes and levels are called on award pages, each worked out once."""

    def __init__(self, catalog: Catalog, tongues: Tongues) -> None:
        self._catalog = catalog
        self._tongues = tongues
        self._programmes: dict[str, Markup | str] = {}
        self._levels: dict[tuple[str, str], Markup | str] = {}

    def programme(self, slug: str | None) -> Markup | str | None:
        """A programme's title, with a link if it has a page; None where there is no programme."""
        if slug is None or slug not in self._catalog.programs:
            return None
        found = self._programmes.get(slug)
        if found is None:
            found = self._programmes[slug] = _programme(self._catalog, slug, self._tongues)
        return found

    def level(self, pinned: str, level: str) -> Markup | str:
        """The title of a level of a credential version."""
        found = self._levels.get((pinned, level))
        if found is None:
            title = level_title(self._catalog.versions[pinned], level, self._tongues)
            found = self._levels[pinned, level] = title
        return found


class People:
    """The people and awards of a catalog or a shard of it, and which award renews which.

    Attributes:
        catalog: all awards of each of its teachers, at least.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def renewals(self) -> Mapping[str, tuple[Award, ...]]:
        """Awards that renew each award, by its id, the latest first; revoked ones renew nothing."""
        found: dict[str, list[Award]] = {}
        for award in self.catalog.awards.values():
            if award.renews and award.status.state != "revoked":
                found.setdefault(award.renews, []).append(award)
        return {
            renewed: tuple(sorted(awards, key=lambda one: (str(one.issued), one.id), reverse=True))
            for renewed, awards in found.items()
        }


def kind(award: Award, catalog: Catalog) -> Kind:
    """Which parts the page of a published award has."""
    return Kind(award.status.state, catalog.visibility(award) == "public", bool(award.evidence))


def facts(award: Award, people: People, titles: Titles) -> Facts:
    """What the page of a published award says about it."""
    catalog = people.catalog
    teacher = catalog.teachers[award.teacher]
    status = award.status
    issued = day_of(award.issued) if award.issued else NO_DAY
    until = day_of(award.expires) if award.expires else NO_DAY
    has_level = award.level is not None and teacher.consents_to("level")
    return Facts(
        award.id,
        catalog.display_name(teacher),
        teacher.language,
        day_of(status.on).html if status.on else None,
        status.reason.rstrip(". ") if status.reason else None,
        *issued[:4],
        *until[:4],
        titles.programme(award.program),
        titles.level(award.credential, award.level or "") if has_level else None,
        _backpack(teacher),
        _other(status.by, award, catalog) if status.by else None,
        _other(award.renews, award, catalog) if award.renews else None,
        _renewal(people.renewals.get(award.id, ()), award, catalog),
    )


def view(
    kind: Kind, facts: Facts, site: Site, evidence: tuple[EvidenceItem, ...] = ()
) -> AwardView:
    """Facts with every address of the award, in the names of the template."""
    path = addresses.award_page(facts.id)
    url = site.url(path)
    return AwardView(
        name=facts.name,
        name_language=facts.name_language,
        url=url,
        shown_url=without_scheme(url),
        record=addresses.relative(addresses.award_ob2(facts.id), path),
        record_url=site.url(addresses.award_ob2(facts.id)),
        signed_file=addresses.relative(addresses.award_json(facts.id), path),
        signed_url=site.url(addresses.award_json(facts.id)),
        qr_file=addresses.relative(addresses.award_qr(facts.id), path),
        check_page=f"{addresses.relative(addresses.VERIFY, path)}#{facts.id}",
        is_listed=kind.is_listed,
        state=kind.state,
        on=facts.on,
        reason=facts.reason,
        issued=facts.issued or Markup("a date not recorded"),
        until=facts.until or None,
        until_words=facts.until_words or None,
        programme=facts.programme,
        level=facts.level,
        has_evidence=kind.has_evidence,
        evidence=evidence,
        backpack=facts.backpack,
        newer=facts.newer,
        older=facts.older,
        renewal=facts.renewal,
    )


def evidence(award: Award, catalog: Catalog) -> tuple[EvidenceItem, ...]:
    """Evidence the page shows: public items, with the holder's consent."""
    return public_evidence(award, catalog) if award.evidence else ()


def level_title(credential: Credential, level: str, tongues: Tongues) -> str | Markup:
    """A rubric level's title, else its id as a word."""
    levels = credential.rubric.levels if credential.rubric else ()
    titles = {one.id: spoken(pick(one.title, *tongues)) for one in levels}
    return titles.get(level) or level.replace("-", " ").capitalize()


def without_scheme(url: str) -> str:
    """A URL as people read it aloud: from the host name on."""
    return url.partition("://")[2]


def _programme(catalog: Catalog, slug: str, tongues: Tongues) -> Markup | str:
    program = catalog.programs[slug]
    title = spoken(pick(program.title, *tongues))
    if not program.counted:
        return title
    path = addresses.relative(addresses.program_page(program.id), ORIGIN)
    return Markup('<a href="{}">{}</a>').format(path, title)


def _backpack(teacher: Teacher) -> str | None:
    """Public backpacks only: one shared award must not open the rest of an unlisted one."""
    if teacher.visibility != "public":
        return None
    return addresses.relative(addresses.backpack_page(addresses.backpack_slug(teacher)), ORIGIN)


def _other(award_id: str, here: Award, catalog: Catalog) -> str | None:
    """Link to another award of the same holder, unless fewer people may see that one."""
    other = catalog.awards.get(award_id)
    if other is None or other.status.state == "withdrawn":
        return None
    seen = catalog.visibility(other)
    if seen == "private" or (seen == "unlisted" and catalog.visibility(here) == "public"):
        return None
    return addresses.relative(addresses.award_page(other.id), ORIGIN)


def _renewal(renewed_by: Sequence[Award], here: Award, catalog: Catalog) -> str | None:
    """Link to the latest renewal this page's reader may see; None if the banner has it already."""
    for one in renewed_by:
        if (link := _other(one.id, here, catalog)) is not None:
            return None if one.id == here.status.by else link
    return None
