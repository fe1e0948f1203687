# SPDX-License-Identifier: Apache-2.0
"""Open Badges 2.0, hosted verification: issuer, badge classes, assertions, revocation list.

Source: Open Badges v2.0 (IMS Global, 2018), "Data classes"; traps in design/standards.md section 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from site_builder import addresses, claims
from site_builder.texts import date_words, pick, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from site_builder.addresses import Site
    from site_builder.catalog import Catalog
    from site_builder.model import Award, Credential

CONTEXT = "https://w3id.org/openbadges/v2"
Json = dict[str, Any]


def issuer(catalog: Catalog, site: Site) -> Json:
    """The Issuer profile; its `id` is the URL it is published at."""
    one = catalog.issuer
    body: Json = {
        "@context": CONTEXT,
        "type": "Issuer",
        "id": site.url(addresses.ISSUER_OB2),
        "name": one.name,
        "url": claims.uri(one.url),
        "email": one.contact,
        "revocationList": site.url(addresses.REVOCATIONS_OB2),
        # Only what lies under awards/ is an assertion of ours; `allowedOrigins` is left out,
        # because validators then take the host of this profile, which is what we mean.
        "verification": {"type": "VerificationObject", "startsWith": site.url("awards/")},
    }
    if one.description:
        body["description"] = plain(pick(one.description, one.language, one.language).words)
    return body


def badge_class(
    credential: Credential, catalog: Catalog, site: Site, *, is_signed: bool = False
) -> Json:
    """The BadgeClass of one credential version; immutable once awarded.

    Args:
        is_signed: the site has the Open Badges 3.0 achievement too, which is then named.
    """
    language = catalog.issuer.language
    title = pick(credential.title, language, language)
    body: Json = {
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": site.url(addresses.badge_class(credential)),
        "name": plain(title.words),
        "description": plain(pick(credential.statement, language, language).words),
        "image": site.url(addresses.badge_png(credential)),
        "criteria": {
            "id": site.url(addresses.credential_page(credential.id)),
            "narrative": claims.criteria_narrative(credential, language),
        },
        "issuer": site.url(addresses.ISSUER_OB2),
        "version": credential.version,
        "@language": title.language,
    }
    if credential.tags:
        body["tags"] = list(credential.tags)
    alignment = _alignment(credential, catalog, site)
    if alignment:
        body["alignment"] = alignment
    if is_signed:
        body["related"] = _related("Achievement", site.url(addresses.achievement(credential)))
    return body


def _related(kind: str, url: str) -> list[Json]:
    """The same thing in Open Badges 3.0, whose kinds this context does not know by name."""
    return [{"id": url, "type": [f"https://purl.imsglobal.org/spec/vc/ob/vocab.html#{kind}"]}]


def _alignment(credential: Credential, catalog: Catalog, site: Site) -> list[Json]:
    """The competencies a credential proves, each followed by what it matches elsewhere."""
    return [
        {
            "targetName": one.name,
            "targetUrl": one.url,
            "targetFramework": one.framework,
            "targetCode": one.code,
        }
        for one in claims.aligned(credential, catalog, site)
    ]


def assertion(award: Award, catalog: Catalog, site: Site, *, is_signed: bool = False) -> Json:
    """The hosted Assertion of one published award, or the stub of one that no longer stands.

    Its `id` is exactly the URL it is published at. The recipient is an opaque `urn:uuid:` of the
    award; a salted e-mail hash stands there only where the teacher asked for it.

    Args:
        is_signed: the site has the signed credential too, which is then named.
    """
    body: Json = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": site.url(addresses.award_ob2(award.id)),
    }
    if award.status.state != "active":
        return body | {"revoked": True, "revocationReason": reason(award)}
    return full(award, catalog, site, is_signed=is_signed)


def full(award: Award, catalog: Catalog, site: Site, *, is_signed: bool = False) -> Json:
    """The Assertion of an award as it was issued, whatever became of it: what pictures hold.

    A picture stays as it is when an award no longer stands; who checks it reads the hosted record.

    Raises:
        ValueError: the award is not issued.
    """
    if award.issued is None:
        raise ValueError(f"award {award.id} is not issued")
    body: Json = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": site.url(addresses.award_ob2(award.id)),
    }
    credential = catalog.versions[award.credential]
    body |= {
        "recipient": _recipient(award, catalog, site),
        "badge": site.url(addresses.badge_class(credential)),
        "verification": {"type": "HostedBadge"},
        "issuedOn": claims.first_second(award.issued),
    }
    if award.expires is not None:
        body["expires"] = claims.last_second(award.expires)
    evidence = _evidence(award, catalog)
    if evidence:
        body["evidence"] = evidence
    if is_signed:
        url = site.url(addresses.award_json(award.id))
        body["related"] = _related("OpenBadgeCredential", url)
    return body


def _recipient(award: Award, catalog: Catalog, site: Site) -> Json:
    teacher = catalog.teachers[award.teacher]
    for one in teacher.identity:
        # The check refuses a published hash without consent; nobody's hash hangs on that alone.
        if one.published and teacher.consents_to("email-hash"):
            return {"type": "email", "hashed": True, "salt": one.salt, "identity": one.hash}
    return {"type": "id", "hashed": False, "identity": addresses.subject_id(award, site)}


def _evidence(award: Award, catalog: Catalog) -> list[Json]:
    """Evidence items the teacher agreed to publish."""
    found = []
    for item in claims.public_evidence(award, catalog):
        one: Json = {"type": "Evidence", "name": item.title}
        if item.url:
            one["id"] = claims.uri(item.url)
        if item.narrative:
            one["narrative"] = item.narrative
        found.append(one)
    return found


def reason(award: Award) -> str:
    """Why an award no longer stands, in words fit for the public."""
    status = award.status
    when = f" on {date_words(status.on)}" if status.on else ""
    said = f": {status.reason}" if status.reason else ""
    return {
        "suspended": f"Suspended{when}{said}",
        "revoked": f"Revoked{when}{said}",
        "superseded": f"Replaced by a newer award{when}",
        "withdrawn": "No longer published",  # the same words for everybody
    }.get(status.state, "")


def revoked(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Id and `reason` of each public award that does not stand, sorted."""
    for award in catalog.listed:
        if award.status.state != "active":
            yield award.id, reason(award)


def revocation_list(ended: Iterable[Sequence[str]], site: Site) -> Json:
    """The RevocationList the issuer names.

    Only public awards stand in it: listing an unlisted one would publish its address, and its own
    stub says the same.

    Args:
        ended: as `revoked` gives them.
        site: public addresses.
    """
    listed = [
        {"id": site.url(addresses.award_ob2(award)), "revocationReason": why}
        for award, why in ended
    ]
    return {
        "@context": CONTEXT,
        "type": "RevocationList",
        "id": site.url(addresses.REVOCATIONS_OB2),
        "issuer": site.url(addresses.ISSUER_OB2),
        "revokedAssertions": listed,
    }
