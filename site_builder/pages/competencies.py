# SPDX-License-Identifier: Apache-2.0
"""Frameworks and their competencies: an overview, a page per area, a page per competency."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder import addresses
from site_builder.catalog import Place
from site_builder.model import Area, Credential, Framework
from site_builder.pages import labels
from site_builder.pages.environment import slot_class
from site_builder.pages.frame import CatalogPage, Frame

LIST = (("Competencies", addresses.COMPETENCIES),)


def pages(frame: Frame) -> Iterator[CatalogPage]:
    """The overview of all frameworks, then their areas and competencies."""
    catalog = frame.catalog
    proved = _proved_by(frame)
    yield frame.page(
        addresses.COMPETENCIES,
        "competency-list.html",
        title="Competencies",
        description="What each micro-credential proves: areas and competencies, with alignment.",
        section=addresses.CATALOG,
        is_index=True,
        frameworks=[one for one in catalog.frameworks.values() if _is_offered(one, proved)],
        proved=proved,
    )
    for framework in catalog.frameworks.values():
        for slot, area in enumerate(framework.areas):
            yield _area(frame, framework, area, slot, proved)
    for place in catalog.competencies.values():
        yield _competency(frame, place, proved.get(place.competency.id, ()))


def _proved_by(frame: Frame) -> dict[str, tuple[Credential, ...]]:
    """Credentials that prove each competency, drafts left out."""
    found: dict[str, tuple[Credential, ...]] = {}
    for credential in frame.catalog.credentials.values():
        for competency in credential.competencies:
            if credential.status != "draft":
                found[competency] = (*found.get(competency, ()), credential)
    return found


def _is_offered(framework: Framework, proved: dict[str, tuple[Credential, ...]]) -> bool:
    """False for a framework of samples, all of whose credentials stay out of figures."""
    credentials = [
        credential
        for area in framework.areas
        for competency in area.competencies
        for credential in proved.get(competency.id, ())
    ]
    return not credentials or any(one.counted for one in credentials)


def _area(
    frame: Frame,
    framework: Framework,
    area: Area,
    slot: int,
    proved: dict[str, tuple[Credential, ...]],
) -> CatalogPage:
    title = frame.words(area.title)
    return frame.page(
        addresses.area_page(area.id),
        "area.html",
        title=title,
        description=frame.words(area.statement) or f"Competencies of the area {title}.",
        section=addresses.CATALOG,
        crumbs=LIST,
        crumb=area.code,
        edit_path=frame.source("framework", framework.id),
        framework=framework,
        area=area,
        css=slot_class(slot),
        proved=proved,
        labels=labels,
    )


def _competency(frame: Frame, place: Place, credentials: tuple[Credential, ...]) -> CatalogPage:
    area = place.area
    return frame.page(
        addresses.competency_page(place.competency.id),
        "competency.html",
        title=frame.words(place.competency.title),
        description=frame.words(place.competency.statement),
        section=addresses.CATALOG,
        crumbs=(*LIST, (frame.words(area.title), addresses.area_page(area.id))),
        crumb=place.competency.code,
        edit_path=frame.source("framework", place.framework.id),
        place=place,
        css=slot_class(place.slot),
        credentials=credentials,
        labels=labels,
    )
