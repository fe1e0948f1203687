# SPDX-License-Identifier: Apache-2.0
"""What one award page says about the award itself: facts, dates and links its reader may have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.claims import public_evidence
from site_builder.model import Award, Credential, EvidenceItem, Teacher
from site_builder.pages.environment import spoken, time_html
from site_builder.texts import date_words, pick

Tongues = tuple[str, str]  # the language wanted of author words and the catalog's default


@dataclass(frozen=True, slots=True)
class AwardView:
    """What one award page says, in the words and links of its template.

    Attributes:
        name: as the holder writes it; None where no name may be shown.
        on, until, issued: dates as `<time>`.
        level, evidence: only with the holder's consent; has_evidence: whether any is recorded.
        newer, older, renewal, backpack: links that give away no address this page's reader may not
            know.
    """

    title: str
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


def renewals(catalog: Catalog) -> Mapping[str, tuple[Award, ...]]:
    """Awards that renew each award, by its id, the latest first; revoked ones renew nothing."""
    found: dict[str, list[Award]] = {}
    for award in catalog.awards.values():
        if award.renews and award.status.state != "revoked":
            found.setdefault(award.renews, []).append(award)
    return {
        renewed: tuple(sorted(awards, key=lambda one: (str(one.issued), one.id), reverse=True))
        for renewed, awards in found.items()
    }


def view(
    award: Award, catalog: Catalog, site: Site, tongues: Tongues, renewed_by: Sequence[Award] = ()
) -> AwardView:
    """What the page of a published award says about it.

    Level and evidence are left out unless the holder's consent covers them.

    Args:
        renewed_by: awards that renew this one, the latest first; see `renewals`.
    """
    teacher = catalog.teachers[award.teacher]
    credential = catalog.versions[award.credential]
    path = addresses.award_page(award.id)
    url = site.url(path)
    status = award.status
    return AwardView(
        title=pick(credential.title, *tongues).words,
        name=catalog.display_name(teacher),
        name_language=teacher.language,
        url=url,
        shown_url=without_scheme(url),
        record=addresses.relative(addresses.award_ob2(award.id), path),
        record_url=site.url(addresses.award_ob2(award.id)),
        signed_file=addresses.relative(addresses.award_json(award.id), path),
        signed_url=site.url(addresses.award_json(award.id)),
        qr_file=addresses.relative(addresses.award_qr(award.id), path),
        check_page=f"{addresses.relative(addresses.VERIFY, path)}#{award.id}",
        is_listed=catalog.visibility(award) == "public",
        state=status.state,
        on=_time(status.on),
        reason=status.reason.rstrip(". ") if status.reason else None,
        issued=_time(award.issued) or Markup("a date not recorded"),
        until=_time(award.expires),
        until_words=date_words(award.expires) if award.expires else None,
        programme=_programme(award, catalog, tongues),
        level=_level(award, teacher, credential, tongues),
        has_evidence=bool(award.evidence),
        evidence=public_evidence(award, catalog),
        backpack=_backpack(teacher, path),
        newer=_other(status.by, award, catalog),
        older=_other(award.renews, award, catalog),
        renewal=_renewal(renewed_by, award, catalog),
    )


def level_title(credential: Credential, level: str, tongues: Tongues) -> str | Markup:
    """A rubric level's title, else its id as a word."""
    levels = credential.rubric.levels if credential.rubric else ()
    titles = {one.id: spoken(pick(one.title, *tongues)) for one in levels}
    return titles.get(level) or level.replace("-", " ").capitalize()


def without_scheme(url: str) -> str:
    """A URL as people read it aloud: from the host name on."""
    return url.partition("://")[2]


def _time(day: dt.date | None) -> Markup | None:
    return time_html(day) if day else None


def _programme(award: Award, catalog: Catalog, tongues: Tongues) -> Markup | str | None:
    program = catalog.program_of(award)
    if program is None:
        return None
    title = spoken(pick(program.title, *tongues))
    if not program.counted:
        return title
    origin = addresses.award_page(award.id)
    path = addresses.relative(addresses.program_page(program.id), origin)
    return Markup('<a href="{}">{}</a>').format(path, title)


def _level(
    award: Award, teacher: Teacher, credential: Credential, tongues: Tongues
) -> str | Markup | None:
    if award.level is None or not teacher.consents_to("level"):
        return None
    return level_title(credential, award.level, tongues)


def _backpack(teacher: Teacher, origin: str) -> str | None:
    """Public backpacks only: one shared award must not open the rest of an unlisted one."""
    if teacher.visibility != "public":
        return None
    return addresses.relative(addresses.backpack_page(addresses.backpack_slug(teacher)), origin)


def _other(award_id: str | None, here: Award, catalog: Catalog) -> str | None:
    """Link to another award of the same holder, unless fewer people may see that one."""
    other = catalog.awards.get(award_id) if award_id else None
    if other is None or other.status.state == "withdrawn":
        return None
    seen = catalog.visibility(other)
    if seen == "private" or (seen == "unlisted" and catalog.visibility(here) == "public"):
        return None
    return addresses.relative(addresses.award_page(other.id), addresses.award_page(here.id))


def _renewal(renewed_by: Sequence[Award], here: Award, catalog: Catalog) -> str | None:
    """Link to the latest renewal this page's reader may see; None if the banner has it already."""
    for one in renewed_by:
        if (link := _other(one.id, here, catalog)) is not None:
            return None if one.id == here.status.by else link
    return None
