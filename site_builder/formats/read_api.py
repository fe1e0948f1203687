# SPDX-License-Identifier: Apache-2.0
"""The small read API: catalog, competencies, credentials, pathways, public awards, figures.

Stable shapes for other programs. Keys are only ever added. Nothing unlisted stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.directory import Listed, cut, gathered, part_of
from site_builder.insights import (
    Figure,
    Rounds,
    awards_by_month,
    earner_counts,
    overview,
    program_figures,
    program_rounds,
    shared_rounds,
)
from site_builder.model import Credential
from site_builder.pathways import credentials_in, words
from site_builder.texts import strings

Json = dict[str, Any]
MOST_AWARDS = 1_000  # in one file


def _texts(catalog: Catalog, text: dict[str, str] | None) -> dict[str, str]:
    """A language map with the default language named."""
    return {tag or catalog.issuer.language: said for tag, said in (text or {}).items()}


def _record(catalog: Catalog, site: Site, path: str) -> str | None:
    """URL of an Open Badges 2.0 file; None where the issuer switched them off."""
    return site.url(path) if catalog.issuer.publish.ob2 else None


def index(catalog: Catalog, site: Site) -> Json:
    """Where everything else is."""
    return {
        "issuer": {
            "name": catalog.issuer.name,
            "url": catalog.issuer.url,
            "id": _record(catalog, site, addresses.ISSUER_OB2),
        },
        "languages": list(catalog.issuer.languages),
        "counts": {
            "credentials": len(catalog.counted_credentials),
            "pathways": len(catalog.pathways),
        },
        "parts": {
            name: site.url(addresses.api(name))
            for name in ("competencies", "credentials", "pathways", "awards", "insights")
        },
    }


def competencies(catalog: Catalog, site: Site) -> Json:
    return {
        "frameworks": [
            {
                "id": framework.id,
                "version": framework.version,
                "title": _texts(catalog, framework.title),
                "areas": [
                    {
                        "id": area.id,
                        "code": area.code,
                        "title": _texts(catalog, area.title),
                        "competencies": [
                            {
                                "id": one.id,
                                "code": one.code,
                                "title": _texts(catalog, one.title),
                                "statement": _texts(catalog, one.statement),
                                "url": site.url(addresses.competency_page(one.id)),
                            }
                            for one in area.competencies
                        ],
                    }
                    for area in framework.areas
                ],
            }
            for framework in catalog.frameworks.values()
        ]
    }


def _credential(credential: Credential, catalog: Catalog, site: Site) -> Json:
    place = catalog.place_of(credential)
    body: Json = {
        "id": credential.id,
        "version": credential.version,
        "class": credential.class_,
        "code": catalog.code_of(credential),
        "status": credential.status,
        "counted": credential.counted,
        "title": _texts(catalog, credential.title),
        "statement": _texts(catalog, credential.statement),
        "competencies": list(credential.competencies),
        "area": place.area.id if place else None,
        "url": site.url(addresses.credential_page(credential.id)),
        "badge_class": _record(catalog, site, addresses.badge_class(credential)),
        "image": site.url(addresses.badge_svg(credential)),
    }
    if credential.workload:
        hours = credential.workload.hours
        body["hours"] = {
            "min": float(hours.min),
            "typical": float(hours.typical),
            "max": float(hours.max),
        }
    if credential.validity:
        body["validity"] = credential.validity
    return body


def credentials(catalog: Catalog, site: Site) -> Json:
    return {
        "credentials": [
            _credential(one, catalog, site)
            for one in catalog.credentials.values()
            if one.status != "draft"
        ]
    }


def pathways(catalog: Catalog, site: Site) -> Json:
    return {
        "pathways": [
            {
                "id": pathway.id,
                "version": pathway.version,
                "title": _texts(catalog, pathway.title),
                "window": pathway.window,
                "rule": words(pathway.requires, catalog),
                "credentials": list(credentials_in(pathway.requires, catalog)),
                "leads_to": [one.role for one in pathway.leads_to],
                "url": site.url(addresses.pathway_page(pathway.id)),
            }
            for pathway in catalog.pathways.values()
        ]
    }


def _award(row: Listed, home: str, *, has_ob2: bool, is_signed: bool) -> Json:
    body = {
        "id": row.id,
        "credential": row.credential,
        "holder": row.holder,
        "issued": row.issued,
        "expires": row.expires,
        "state": row.state,
        "url": home + addresses.award_page(row.id),
        "assertion": home + addresses.award_ob2(row.id) if has_ob2 else None,
        "backpack": home + addresses.backpack_page(row.slug),
    }
    if is_signed:
        body["credential_url"] = home + addresses.award_json(row.id)
    return body


def awards(
    rows: Callable[[], Iterator[Listed]],
    site: Site,
    *,
    has_ob2: bool,
    is_signed: bool = False,
    most: int = MOST_AWARDS,
    total: int | None = None,
    part: int = 0,
    of: int = 1,
) -> Iterator[tuple[str, Json]]:
    """Public awards only, sorted by id, as (path, body): one file, beyond 1,000 awards many.

    Then `api/awards.json` has no awards but `total` and `pages`, the URLs of files of the same
    shape, each with the awards whose ids begin in one way.

    Args:
        rows: gives the listed awards anew at each call, sorted by id; for other parts than 0 those
            of the part are enough.
        has_ob2: each award has an Open Badges 2.0 file.
        is_signed: each award has a signed file, whose address is given.
        most: awards in one file.
        total: how many there are, where `rows` does not give all.
        part: which part, from 0, of how many: it makes the pages of the first characters whose
            `directory.part_of` it is, and part 0 also `api/awards.json`.
    """
    home = site.url("")

    def body(found: Iterable[Listed]) -> Json:
        made = [_award(row, home, has_ob2=has_ob2, is_signed=is_signed) for row in found]
        return {"awards": made}

    if total is None:
        total = sum(1 for _ in rows())
    if total <= most:
        if part == 0:
            yield addresses.api("awards"), body(rows())
        return
    starts = cut((row.id for row in rows()), most)
    mine = (row for row in rows() if part_of(row.id[0], of) == part)
    for start, found in gathered(mine, starts, lambda row: row.id):
        yield addresses.api_awards(start), body(found)
    if part == 0:
        pages = [home + addresses.api_awards(start) for start in starts]
        yield addresses.api("awards"), {"awards": [], "total": total, "pages": pages}


def _figure(figure: Figure) -> Json:
    return {
        "id": figure.id,
        "label": _label(figure),
        "value": figure.value,
        "of": figure.of,
        "of_label": figure.of_label or None,
        "percent": figure.percent,
        "how": figure.how,
        "confidence": figure.confidence,
        "source": figure.source,
        "note": figure.note or None,
        "suppressed": figure.is_suppressed,
    }


def _label(figure: Figure) -> str:
    """The words of the pages, also for a survey's answer."""
    if not figure.id.startswith("survey:"):
        return figure.label
    answer = figure.id.rpartition(":")[2]
    words_of = strings("en").get(answer, answer.replace("-", " "))
    return words_of[:1].upper() + words_of[1:]


def _rounds(table: Rounds | None) -> Json | None:
    if table is None:
        return None
    return {"of": table.of, "awards": {str(number): one for number, one in table.awards.items()}}


def insights(catalog: Catalog) -> Json:
    """The counted and reported figures of the insights, programme and credential pages.

    A hidden number is null here as it is hidden there. Programmes that are not counted are not
    here, as on the pages.

    Returns:
        overview: totals; rounds: awards by number of rounds; months: awards by month; earners:
        teachers by micro-credential; programs: figures and rounds of each counted programme.
    """
    return {
        "overview": [_figure(figure) for figure in overview(catalog)],
        "rounds": _rounds(shared_rounds(catalog)),
        "months": awards_by_month(catalog),
        "earners": earner_counts(catalog),
        "programs": {
            name: {
                "counted": program.counted,
                "figures": [_figure(figure) for figure in program_figures(catalog, program)],
                "rounds": _rounds(program_rounds(catalog, program)),
            }
            for name, program in catalog.programs.items()
            if program.counted
        },
    }
