# SPDX-License-Identifier: Apache-2.0
"""Open Badges 2.0, hosted verification: issuer, badge classes, assertions, revocation list.

Source: Open Badges v2.0 (IMS Global, 2018), "Data classes"; traps in design/standards.md section 2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from site_builder import addresses
from site_builder.texts import date_words, pick, plain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from site_builder.addresses import Site
    from site_builder.catalog import Catalog
    from site_builder.model import Award, Credential

CONTEXT = "https://w3id.org/openbadges/v2"
Json = dict[str, Any]


def _start(day: dt.date) -> str:
    """The first second of a day, as the date-time with zone the standard asks for."""
    return f"{day.isoformat()}T00:00:00Z"


def _end(day: dt.date) -> str:
    """The last second of a day: an award holds through the day it expires on."""
    return f"{day.isoformat()}T23:59:59Z"


def _uri(url: str) -> str:
    """A URL in the characters of RFC 3986; validators refuse `?q=años`, browsers do not."""
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", url), safe="%/:?#@!$&'()*+,;=~")


def issuer(catalog: Catalog, site: Site) -> Json:
    """The Issuer profile; its `id` is the URL it is published at."""
    one = catalog.issuer
    body: Json = {
        "@context": CONTEXT,
        "type": "Issuer",
        "id": site.url(addresses.ISSUER_OB2),
        "name": one.name,
        "url": _uri(one.url),
        "email": one.contact,
        "revocationList": site.url(addresses.REVOCATIONS_OB2),
        # Only what lies under awards/ is an assertion of ours; `allowedOrigins` is left out,
        # because validators then take the host of this profile, which is what we mean.
        "verification": {"type": "VerificationObject", "startsWith": site.url("awards/")},
    }
    if one.description:
        body["description"] = plain(pick(one.description, one.language, one.language).words)
    return body


def badge_class(credential: Credential, catalog: Catalog, site: Site) -> Json:
    """The BadgeClass of one credential version; immutable once awarded."""
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
            "narrative": criteria_narrative(credential, language),
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
    return body


def criteria_narrative(credential: Credential, language: str) -> str:
    """What an earner had to show, as Markdown: statement, evidence, criteria at the pass level."""
    lines = [pick(credential.statement, language, language).words]
    if credential.evidence:
        lines.append("\n**Evidence**\n")
        lines += [f"- {_line(item.title or item.text, language)}" for item in credential.evidence]
    if credential.rubric is not None:
        wanted = credential.rubric.pass_.every_criterion
        titles = {one.id: one.title for one in credential.rubric.levels}
        level = _line(titles.get(wanted), language) or wanted
        lines.append(f"\n**Every criterion at {level} or above**\n")
        for criterion in credential.rubric.criteria:
            texts = criterion.title, criterion.descriptors.get(wanted)
            lines.append("- " + ": ".join(_line(one, language) for one in texts if one))
    return "\n".join(lines)


def _line(text: Mapping[str, str] | None, language: str) -> str:
    """A text on one line, so that it stays one item of a Markdown list."""
    return " ".join(pick(text, language, language).words.split())


def _alignment(credential: Credential, catalog: Catalog, site: Site) -> list[Json]:
    """The competencies a credential proves, each followed by what it matches elsewhere."""
    language, found = catalog.issuer.language, []
    places = [catalog.competencies.get(name) for name in credential.competencies]
    for place in filter(None, places):
        competency = place.competency
        found.append(
            {
                "targetName": plain(pick(competency.title, language, language).words),
                "targetUrl": site.url(addresses.competency_page(competency.id)),
                "targetFramework": plain(pick(place.framework.title, language, language).words),
                "targetCode": competency.code,
            }
        )
        for one in competency.align or place.area.align:
            title = plain(pick(one.title, language, language).words)
            found.append(
                {
                    "targetName": title or f"{one.framework} {one.code}",
                    "targetUrl": _uri(one.url),
                    "targetFramework": one.framework,
                    "targetCode": one.code,
                }
            )
    return found


def assertion(award: Award, catalog: Catalog, site: Site) -> Json:
    """The hosted Assertion of one published award, or the stub of one that no longer stands.

    Its `id` is exactly the URL it is published at. The recipient is an opaque `urn:uuid:` of the
    award; a salted e-mail hash stands there only where the teacher asked for it.
    """
    body: Json = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": site.url(addresses.award_ob2(award.id)),
    }
    if award.status.state != "active":
        return body | {"revoked": True, "revocationReason": reason(award)}
    if award.issued is None:
        raise ValueError(f"award {award.id} is not issued")
    credential = catalog.versions[award.credential]
    body |= {
        "recipient": _recipient(award, catalog, site),
        "badge": site.url(addresses.badge_class(credential)),
        "verification": {"type": "HostedBadge"},
        "issuedOn": _start(award.issued),
    }
    if award.expires is not None:
        body["expires"] = _end(award.expires)
    evidence = _evidence(award, catalog)
    if evidence:
        body["evidence"] = evidence
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
    if not catalog.teachers[award.teacher].consents_to("evidence"):
        return []
    found = []
    for item in award.evidence:
        if item.visibility != "public":
            continue
        one: Json = {"type": "Evidence", "name": item.title}
        if item.url:
            one["id"] = _uri(item.url)
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


def revocation_list(catalog: Catalog, site: Site) -> Json:
    """The RevocationList the issuer names.

    Only public awards stand in it: listing an unlisted one would publish its address, and its own
    stub says the same.
    """
    revoked = [
        {"id": site.url(addresses.award_ob2(award.id)), "revocationReason": reason(award)}
        for award in catalog.listed
        if award.status.state != "active"
    ]
    return {
        "@context": CONTEXT,
        "type": "RevocationList",
        "id": site.url(addresses.REVOCATIONS_OB2),
        "issuer": site.url(addresses.ISSUER_OB2),
        "revokedAssertions": revoked,
    }
