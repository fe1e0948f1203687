# SPDX-License-Identifier: Apache-2.0
"""Open Badges 3.0: issuer profile, achievements, unsigned credentials.

Lists stand wherever the model allows more than one value, and nothing is null or empty: two
variants of the published JSON Schema circulate and both must pass. Nodes have addresses wherever
the schema lets them, which keeps the canonical form cheap; only a name's IdentityObject cannot.

Source: Open Badges 3.0 (1EdTech, 2024), Appendix B "Data Models"; design/standards.md section 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from site_builder import addresses, claims
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.model import Award, Credential, Rubric
from site_builder.texts import pick, plain

Json = dict[str, Any]
CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",  # credentialSchema's type
)
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
# Parts that many credentials share word for word: what the template of proofs takes as constant.
CONSTANT_PATHS = (("issuer",), ("credentialSchema",), ("credentialSubject", "achievement"))
# Both schema variants; our own language tags may hold more, such as es-419-x-school.
_SCHEMA_LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def profile(catalog: Catalog, site: Site) -> Json:
    """The issuer's Profile as a document of its own; its `id` is the DID, not its address."""
    return {"@context": list(CONTEXTS[:2])} | issuer(catalog, site)


def issuer(catalog: Catalog, site: Site) -> Json:
    """The issuer as it stands inside a credential."""
    one = catalog.issuer
    body: Json = {
        "id": addresses.issuer_did(site),
        "type": ["Profile"],
        "name": one.name,
        "url": claims.uri(one.url),
        "email": one.contact,
    }
    if one.description:
        body["description"] = plain(pick(one.description, one.language, one.language).words)
    return body


def achievement(
    credential: Credential, catalog: Catalog, site: Site, achievements: Achievements | None = None
) -> Json:
    """The Achievement of one credential version as a document; immutable once awarded."""
    shared = achievements or Achievements(catalog, site)
    return {"@context": list(CONTEXTS[:2])} | shared.of(credential)


class Achievements:
    """Achievements as they stand inside credentials, each made once; knows no people.

    One for each process: it serves every shard of a catalog, see `serves`.

    Args:
        catalog: the checked catalog or a shard of it.
        site: public addresses.
        is_brief: leave out what each level of each criterion asks, about half of a credential's
            bytes; the achievement's own document says it.
    """

    def __init__(self, catalog: Catalog, site: Site, *, is_brief: bool = False) -> None:
        self.catalog = replace(catalog, teachers={}, awards={}, drafts={})
        self.site = site
        self.is_brief = is_brief
        self.issuer = issuer(catalog, site)
        self._made: dict[str, Json] = {}

    def serves(self, catalog: Catalog) -> bool:
        """True for the catalog these are of and for its shards in this process."""
        mine = self.catalog
        return (
            catalog.issuer is mine.issuer
            and catalog.versions is mine.versions
            and catalog.frameworks is mine.frameworks
            and catalog.pathways is mine.pathways
        )

    def of(self, credential: Credential) -> Json:
        """The achievement of a credential version; the same object every time. Do not change it."""
        if credential.pinned not in self._made:
            made = _achievement(credential, self.catalog, self.site)
            if self.is_brief and "resultDescription" in made:
                del made["resultDescription"][1:]
            self._made[credential.pinned] = made
        return self._made[credential.pinned]


def _achievement(credential: Credential, catalog: Catalog, site: Site) -> Json:
    language = catalog.issuer.language
    title = pick(credential.title, language, language)
    address = site.url(addresses.achievement(credential))
    body: Json = {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "MicroCredential" if credential.class_ == "micro" else "Certificate",
        "name": plain(title.words),
        "description": plain(pick(credential.statement, language, language).words),
        "criteria": {
            "id": site.url(addresses.credential_page(credential.id)),
            "narrative": claims.criteria_narrative(credential, language),
        },
        "image": {"id": site.url(addresses.badge_png(credential)), "type": "Image"},
        "version": credential.version,
    }
    if _SCHEMA_LANGUAGE.fullmatch(title.language):
        body["inLanguage"] = title.language
    code = catalog.code_of(credential)
    if code:
        body["humanCode"] = code
    alignment = [
        _alignment(one, f"{address}#alignment-{number}")
        for number, one in enumerate(claims.aligned(credential, catalog, site), 1)
    ]
    if alignment:
        body["alignment"] = alignment
    if catalog.issuer.publish.ob2:
        # The same in Open Badges 2.0.
        body["related"] = [{"id": site.url(addresses.badge_class(credential)), "type": ["Related"]}]
    if credential.tags:
        body["tag"] = list(credential.tags)
    if credential.rubric is not None:
        body["resultDescription"] = _result_descriptions(credential.rubric, address, language)
    return body


def _alignment(one: claims.Aligned, address: str) -> Json:
    body: Json = {
        "id": address,
        "type": ["Alignment"],
        "targetName": one.name,
        "targetUrl": one.url,
        "targetFramework": one.framework,
        "targetCode": one.code,
    }
    return body | {"targetType": "ceasn:Competency"} if one.is_ours else body


def _result_descriptions(rubric: Rubric, address: str, language: str) -> list[Json]:
    """The level as a whole first, then each criterion with its descriptors, lowest level first."""
    levels = sorted(rubric.levels, key=lambda one: one.rank)
    wanted = rubric.pass_.every_criterion
    names = {one.id: claims.line(one.title, language) or one.id for one in levels}
    groups: list[tuple[str, str, Mapping[str, Mapping[str, str]]]] = [("level", "Level", {})]
    groups += [
        (f"criterion-{one.id}", claims.line(one.title, language), one.descriptors)
        for one in rubric.criteria
    ]
    found = []
    for fragment, name, descriptors in groups:
        steps = []
        for level in levels:
            step: Json = {
                "id": f"{address}#{fragment}-{level.id}",
                "type": ["RubricCriterionLevel"],
                "name": names[level.id],
                "level": str(level.rank),
            }
            if level.id in descriptors:
                step["description"] = claims.line(descriptors[level.id], language)
            steps.append(step)
        found.append(
            {
                "id": f"{address}#{fragment}",
                "type": ["ResultDescription"],
                "name": name,
                "resultType": "RubricCriterionLevel",
                "requiredLevel": f"{address}#{fragment}-{wanted}",
                "rubricCriterionLevel": steps,
            }
        )
    return found


def credential(
    award: Award, catalog: Catalog, site: Site, achievements: Achievements | None = None
) -> Json:
    """The OpenBadgeCredential of one award, unsigned; its `id` is the URL it is published at.

    Suspended, revoked and superseded awards keep theirs: the status list tells. The holder's name,
    the level and evidence stand in it only where the holder's consent covers each.

    Args:
        award: an issued award that is not withdrawn.
        catalog: the checked catalog.
        site: public addresses.
        achievements: keeps what awards share; a builder passes the same one for all awards.

    Raises:
        ValueError: the award is not issued, was withdrawn, or has no place in a status list.
    """
    if award.issued is None or award.status.state == "withdrawn":
        raise ValueError(f"award {award.id} is not issued or was withdrawn")
    if award.status_list is None:
        raise ValueError(f"award {award.id} has no place in a status list")
    shared = achievements or Achievements(catalog, site)
    one = shared.of(catalog.versions[award.credential])
    body: Json = {
        "@context": list(CONTEXTS),
        "id": site.url(addresses.award_json(award.id)),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": one["name"],
        "issuer": shared.issuer,
        "validFrom": claims.first_second(award.issued),
    }
    if award.expires is not None:
        body["validUntil"] = claims.last_second(award.expires)
    body["credentialSubject"] = _subject(award, one, catalog, site)
    evidence = _evidence(award, catalog, site)
    if evidence:
        body["evidence"] = evidence
    status = site.url(addresses.status_list(award.status_list.list))
    body["credentialSchema"] = [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]
    # One object: the JSON Schema refuses a list here, and the older variant wants its id.
    body["credentialStatus"] = {
        "id": f"{status}#{award.status_list.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(award.status_list.index),
        "statusListCredential": status,
    }
    return body


def _subject(award: Award, achieved: Json, catalog: Catalog, site: Site) -> Json:
    teacher = catalog.teachers[award.teacher]
    body: Json = {"id": addresses.subject_id(award, site), "type": ["AchievementSubject"]}
    if teacher.name and teacher.consents_to("profile"):
        # Without it anybody could show somebody else's badge as theirs. No further members: the
        # schema allows none.
        body["identifier"] = [
            {
                "type": "IdentityObject",
                "identityHash": teacher.name,
                "identityType": "name",
                "hashed": False,
            }
        ]
    body["achievement"] = achieved
    if award.level and teacher.consents_to("level") and "resultDescription" in achieved:
        body["result"] = [
            {
                "id": f"{site.url(addresses.award_json(award.id))}#level",
                "type": ["Result"],
                "resultDescription": f"{achieved['id']}#level",
                "achievedLevel": f"{achieved['id']}#level-{award.level}",
            }
        ]
    return body


def _evidence(award: Award, catalog: Catalog, site: Site) -> list[Json]:
    """Evidence items the teacher agreed to publish."""
    found = []
    for number, item in enumerate(claims.public_evidence(award, catalog), 1):
        address = claims.uri(item.url) if item.url else None
        one: Json = {
            "id": address or addresses.evidence_anchor(award, number, site),
            "type": ["Evidence"],
            "name": item.title,
        }
        if item.narrative:
            one["narrative"] = item.narrative
        found.append(one)
    return found


def stub(award: Award, site: Site) -> Json:
    """What stands at the address of a withdrawn award: that it is withdrawn, and nothing else.

    No verifier takes it for a credential, and it is the same for everybody but for its address.
    """
    return {
        "id": site.url(addresses.award_json(award.id)),
        "status": "withdrawn",
        "reason": "No longer published",
    }
