# SPDX-License-Identifier: Apache-2.0
"""What pathways lead to: one page of all roles and a page each."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder import addresses
from site_builder.model import Pathway, Role
from site_builder.pages import labels
from site_builder.pages.frame import CatalogPage, Frame
from site_builder.pathways import words

LIST = (("Roles", addresses.ROLES),)
KINDS = {"alternative": "By evidence", "traditional": "As before"}


def pages(frame: Frame) -> Iterator[CatalogPage]:
    """The list, then a page per role; nothing at all where the catalog has no roles."""
    roles = tuple(frame.catalog.roles.values())
    if not roles:
        return
    yield frame.page(
        addresses.ROLES,
        "role-list.html",
        title="Roles",
        description="Roles that pathways lead to, the ways to qualify and what is said about pay.",
        section=addresses.PATHWAYS,
        is_index=True,
        roles=roles,
        labels=labels,
    )
    for role in roles:
        yield _page(frame, role)


def _page(frame: Frame, role: Role) -> CatalogPage:
    catalog = frame.catalog
    return frame.page(
        addresses.role_page(role.id),
        "role.html",
        title=frame.words(role.title),
        description=frame.words(role.description) or "A role, and the ways to qualify for it.",
        section=addresses.PATHWAYS,
        crumbs=LIST,
        edit_path=frame.source("role", role.id),
        role=role,
        ways=[
            (
                KINDS[way.kind],
                way.text,
                words(way.requires, catalog) if way.requires else "",
                _pathway(frame, way.requires.pathway if way.requires else None),
            )
            for way in role.ways
        ],
        implied=[catalog.roles[slug] for slug in role.implies if slug in catalog.roles],
        organization=next(
            (one for one in catalog.issuer.organizations if one.id == role.org), None
        ),
        labels=labels,
    )


def _pathway(frame: Frame, reference: str | None) -> Pathway | None:
    return frame.catalog.pathways.get((reference or "").partition("@")[0])
