# SPDX-License-Identifier: Apache-2.0
"""One page of each template, found in the demo by what it shows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from site_builder import addresses

if TYPE_CHECKING:
    from site_builder.catalog import Catalog
    from site_builder.model import Award

STATES = (
    "active", "expired", "suspended", "revoked", "superseded", "renewed", "unlisted", "withdrawn"
)  # fmt: skip
CATALOG_KINDS = (
    "home", "credentials", "credential", "full set", "competencies", "area", "competency",
    "pathways", "pathway", "roles", "role", "programmes", "programme", "insights", "backpacks",
    "issuer", "verify", "guide", "404",
)  # fmt: skip
STAMPED_KINDS = ("backpack", "unlisted backpack", "award", *(f"{one} award" for one in STATES))
KINDS = (*CATALOG_KINDS, *STAMPED_KINDS)
NOWHERE = "no/such/page"
CREDENTIAL = "analysing-results"


def paths_of(catalog: Catalog) -> dict[str, str]:
    """Path of one page of each kind, as a visitor's address bar shows it."""
    people = catalog.teachers.values()
    most = {one.id: len(catalog.shown_in_backpack(one)) for one in people}
    public = max(
        (one for one in people if one.visibility == "public"), key=lambda one: most[one.id]
    )
    unlisted = max(
        (one for one in people if one.visibility == "unlisted"), key=lambda one: most[one.id]
    )
    area = next(iter(next(iter(catalog.frameworks.values())).areas))
    ordinary = next(one for one in catalog.listed if one.credential.startswith(CREDENTIAL))
    files = {
        "home": addresses.HOME,
        "credentials": addresses.CATALOG,
        "credential": addresses.credential_page(CREDENTIAL),
        "full set": addresses.credential_page("teacher-leader-full-set"),
        "competencies": addresses.COMPETENCIES,
        "area": addresses.area_page(area.id),
        "competency": addresses.competency_page(area.competencies[0].id),
        "pathways": addresses.PATHWAYS,
        "pathway": addresses.pathway_page("teacher-leader"),
        "roles": addresses.ROLES,
        "role": addresses.role_page(next(iter(catalog.roles))),
        "programmes": addresses.PROGRAMS,
        "programme": addresses.program_page("suburb-teacher-leaders"),
        "insights": addresses.INSIGHTS,
        "backpacks": addresses.BACKPACKS,
        "issuer": addresses.ISSUER,
        "verify": "verify/index.html",
        "guide": "guide/how-awards-are-decided/index.html",
        "404": NOWHERE,
        "backpack": addresses.backpack_page(addresses.backpack_slug(public)),
        "unlisted backpack": addresses.backpack_page(addresses.backpack_slug(unlisted)),
        "award": addresses.award_page(ordinary.id),
    }
    states = {f"{state} award": addresses.award_page(one.id) for state, one in samples(catalog)}
    return {kind: path.removesuffix("index.html") for kind, path in (files | states).items()}


def samples(catalog: Catalog) -> list[tuple[str, Award]]:
    """The samples programme's award of each state."""
    awards = [one for one in catalog.awards.values() if one.program == "samples"]
    return [(state, next(one for one in awards if _shows(catalog, one, state))) for state in STATES]


def _shows(catalog: Catalog, award: Award, state: str) -> bool:
    if award.status.state != "active":
        return award.status.state == state
    if catalog.visibility(award) == "unlisted":
        return state == "unlisted"
    if award.renews:
        return state == "renewed"
    is_over = award.expires is not None and award.expires < dt.datetime.now(dt.UTC).date()
    return state == ("expired" if is_over else "active")
