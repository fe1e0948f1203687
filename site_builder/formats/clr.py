# SPDX-License-Identifier: Apache-2.0
"""CLR 2.0: the learner record of one teacher, with the signed credentials inside, unsigned.

A record holds the awards that stand, those whose time is over included: no clock is read here.
What was revoked, suspended or replaced is left out: its status bit is set, and a verifier that
weighs every part would refuse the whole record for it. The record has no status of its own, because
each credential inside has one and the record is written anew at its address whenever one of them
changes.

Source: Comprehensive Learner Record 2.0 (1EdTech, 2024), "Data Models"; design/standards.md
section 3.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from site_builder import addresses, claims
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.formats import openbadges3
from site_builder.model import Award, Teacher
from site_builder.pathways import credentials_in

Json = dict[str, Any]
CONTEXTS = (
    openbadges3.CONTEXTS[0],
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    *openbadges3.CONTEXTS[1:],
)
SCHEMA = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"

# The same for everybody: whether something is left out is for the holder to say.
DESCRIPTION = (
    "Awards that had not been taken back when this record was made and that its holder chose to "
    "have in it. There may be others."
)


def teachers(catalog: Catalog) -> tuple[Teacher, ...]:
    """Teachers whose record is published: those with a backpack and an award in it that stands."""
    return tuple(one for one in catalog.backpacks if has_record(one, catalog))


def has_record(teacher: Teacher, catalog: Catalog) -> bool:
    """True when a teacher agreed to a record and shows an award that stands."""
    return bool(held(teacher, catalog.shown_in_backpack(teacher)))


def held(teacher: Teacher, shown: Iterable[Award]) -> tuple[Award, ...]:
    """Those of the awards a backpack shows that its published record holds; () for no record."""
    return standing(shown) if teacher.consents_to("awards") else ()


def standing(awards: Iterable[Award]) -> tuple[Award, ...]:
    """Those of the awards that a record holds, in the same order."""
    return tuple(one for one in awards if one.status.state == "active")


def record(
    teacher: Teacher,
    credentials: Sequence[Json],
    catalog: Catalog,
    site: Site,
    *,
    awards: Sequence[Award] | None = None,
    slug: str | None = None,
    shared: openbadges3.Achievements | None = None,
) -> Json:
    """The ClrCredential of a teacher's awards, unsigned; its `id` is its URL.

    Args:
        teacher: whose awards they are; for a published record one of `teachers(catalog)`.
        credentials: the signed credentials of `standing(awards)`, as published and in that order.
        catalog: the checked catalog.
        site: public addresses.
        awards: all the record is about, those it leaves out included: its date is their newest.
            What the teacher's backpack shows, unless given.
        slug: last part of the record's address, the backpack's unless given; another choice of
            awards needs another, since two records with one address count as one.
        shared: what the credentials were made with; a builder passes the same one for all.

    Raises:
        ValueError: no credentials, or others than those.
    """
    awards = catalog.shown_in_backpack(teacher) if awards is None else awards
    slug = slug or addresses.backpack_slug(teacher)
    within = standing(awards)
    shared = shared or openbadges3.Achievements(catalog, site)
    wanted = [site.url(addresses.award_json(one.id)) for one in within]
    if not wanted or [one["id"] for one in credentials] != wanted:
        raise ValueError(f"not the credentials of the awards of {teacher.id} that stand")
    subject = _holder(teacher, slug, site) | {"verifiableCredential": list(credentials)}
    association = list(_parts_of_full_sets(within, shared.catalog, site))
    if association:
        subject["association"] = association
    return {
        "@context": list(CONTEXTS),
        "id": site.url(addresses.backpack_json(slug)),
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": f"Learner record from {catalog.issuer.name}",
        # Not `partial: true`: pyoxigraph (0.5.13) leaves it out of what is signed, others do not.
        "description": DESCRIPTION,
        "issuer": shared.issuer,
        "validFrom": _newest_change(awards),
        "credentialSubject": subject,
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def _holder(teacher: Teacher, slug: str, site: Site) -> Json:
    """Who holds one record, by an opaque id: a UUIDv5 of the backpack's URL."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, site.url(addresses.backpack_page(slug)))
    body: Json = {"id": f"urn:uuid:{name}", "type": ["ClrSubject"]}
    if teacher.name and teacher.consents_to("profile"):
        shown = {"identityHash": teacher.name, "identityType": "name", "hashed": False}
        body["identifier"] = [{"type": "IdentityObject"} | shown]
    return body


def _newest_change(awards: Iterable[Award]) -> str:
    """The day of the newest award or change of state, so that a newer record replaces an older.

    Source: Comprehensive Learner Record 2.0, "Credential equality and comparison algorithm".
    """
    days = [day for one in awards for day in (one.issued, one.status.on) if day is not None]
    return claims.first_second(max(days))


def _parts_of_full_sets(held: Sequence[Award], catalog: Catalog, site: Site) -> Iterator[Json]:
    """Which achievements in the record belong to a full set in it."""
    versions = {one.credential: catalog.versions[one.credential] for one in held}
    for whole in versions.values():
        pathway = catalog.pathways.get(whole.pathway or "")
        if whole.class_ != "completion" or pathway is None:
            continue
        slugs = _credentials_in(pathway.id, catalog)
        for part in versions.values():
            if part.id in slugs and part is not whole:
                yield {
                    "type": "Association",
                    "associationType": "isPartOf",
                    "sourceId": site.url(addresses.achievement(part)),
                    "targetId": site.url(addresses.achievement(whole)),
                }


@lru_cache(maxsize=256)
def _credentials_in(pathway: str, catalog: Catalog) -> frozenset[str]:
    """What a pathway asks for; reading its rules takes longer the larger the catalog is.

    Args:
        pathway: slug of a current one.
        catalog: without people, as it is kept for a while.
    """
    return frozenset(credentials_in(catalog.pathways[pathway].requires, catalog))
