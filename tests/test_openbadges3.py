# SPDX-License-Identifier: Apache-2.0
"""Open Badges 3.0 credentials say what the records say, and no more than their holder agreed to."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import addresses, keys
from site_builder.addresses import Site, subject_id
from site_builder.build import load
from site_builder.formats import openbadges2, openbadges3
from site_builder.proofs import check_proof, faults, sign
from tests.signed import (
    REVOKED,
    SUSPENDED,
    WITHDRAWN,
    agreeing,
    rich_catalog,
    validator,
)
from tests.support import PRIVATE_AWARD, PUBLIC_AWARD, ROOT, UNLISTED_AWARD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.catalog import Catalog

SITE = Site("https://badges.example.org")
KEY = keys.preview()
Json = dict[str, Any]
ACHIEVEMENT = "https://badges.example.org/credentials/team-norms/1.0.0/achievement.json"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return rich_catalog(tmp_path_factory.mktemp("rich"))


VARIANTS = {
    name: validator(f"openbadges3/achievementcredential-{name}") for name in ("compact", "arrays")
}


def body(catalog: Catalog, award_id: str = PUBLIC_AWARD) -> Json:
    return openbadges3.credential(catalog.awards[award_id], catalog, SITE)


def signed(document: Json) -> Json:
    return sign(
        document, KEY, method="did:web:badges.example.org#key-1", created=document["validFrom"]
    )


def empties(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (one for one in value.values() if one in (None, "", [], {}))
        for one in value.values():
            yield from empties(one)
    elif isinstance(value, list):
        for one in value:
            yield from empties(one)


def test_credential_of_an_award_with_everything_word_for_word(catalog: Catalog):
    found = body(catalog)
    achieved = found["credentialSubject"].pop("achievement")
    assert found == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": f"https://badges.example.org/awards/{PUBLIC_AWARD}.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Setting team norms",
        "issuer": {
            "id": "did:web:badges.example.org",
            "type": ["Profile"],
            "name": "Small Works",
            "url": "https://smallworks.example.org",
            "email": "badges@example.org",
            "description": "We set norms.",
        },
        "validFrom": "2016-03-14T00:00:00Z",
        "validUntil": "2019-03-14T23:59:59Z",
        "credentialSubject": {
            "id": subject_id(catalog.awards[PUBLIC_AWARD], SITE),
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityHash": "Ada Okafor",
                    "identityType": "name",
                    "hashed": False,
                }
            ],
            "result": [
                {
                    "id": f"https://badges.example.org/awards/{PUBLIC_AWARD}.json#level",
                    "type": ["Result"],
                    "resultDescription": f"{ACHIEVEMENT}#level",
                    "achievedLevel": f"{ACHIEVEMENT}#level-leading",
                }
            ],
        },
        "evidence": [
            {
                "id": "https://example.org/e?q=a%C3%B1os%5B1%5D&p=100%25",
                "type": ["Evidence"],
                "name": "The norms",
            },
            {
                "id": f"https://badges.example.org/awards/{PUBLIC_AWARD}.html#evidence-2",
                "type": ["Evidence"],
                "name": "What changed",
                "narrative": "We met **twice**.",
            },
        ],
        "credentialSchema": [
            {
                "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
                "type": "1EdTechJsonSchemaValidator2019",
            }
        ],
        "credentialStatus": {
            "id": "https://badges.example.org/status/0.json#10",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "10",
            "statusListCredential": "https://badges.example.org/status/0.json",
        },
    }
    assert achieved["id"] == ACHIEVEMENT


def test_achievement_word_for_word(catalog: Catalog):
    found = openbadges3.achievement(catalog.credentials["team-norms"], catalog, SITE)
    results = found.pop("resultDescription")
    assert found == {
        "@context": list(openbadges3.CONTEXTS[:2]),
        "id": ACHIEVEMENT,
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": "Setting team norms",
        "description": "The educator agrees norms with a team and keeps them alive.",
        "criteria": {
            "id": "https://badges.example.org/credentials/team-norms/",
            "narrative": "The educator agrees norms with a team and keeps them alive.\n\n**Evidence**\n\n"
            "- The norms\n\n**Every criterion at Proficient or above**\n\n"
            "- Agreed together: Every member proposed one norm.",
        },
        "image": {
            "id": "https://badges.example.org/credentials/team-norms/1.0.0/badge.png",
            "type": "Image",
        },
        "version": "1.0.0",
        "inLanguage": "en",
        "humanCode": "A1",
        "alignment": [
            {
                "id": f"{ACHIEVEMENT}#alignment-1",
                "type": ["Alignment"],
                "targetName": "Norms",
                "targetUrl": "https://badges.example.org/competencies/norms/",
                "targetFramework": "Leadership",
                "targetCode": "A.1",
                "targetType": "ceasn:Competency",
            },
            {
                "id": f"{ACHIEVEMENT}#alignment-2",
                "type": ["Alignment"],
                "targetName": "tlms-2011 I",
                "targetUrl": "https://example.org/tlms#1",
                "targetFramework": "tlms-2011",
                "targetCode": "I",
            },
        ],
        "related": [
            {
                "id": "https://badges.example.org/credentials/team-norms/1.0.0/badgeclass.json",
                "type": ["Related"],
            }
        ],
        "tag": ["teams", "norms"],
    }
    assert [(one["id"], one["name"], one["requiredLevel"]) for one in results] == [
        (f"{ACHIEVEMENT}#level", "Level", f"{ACHIEVEMENT}#level-proficient"),
        (
            f"{ACHIEVEMENT}#criterion-c1",
            "Agreed together",
            f"{ACHIEVEMENT}#criterion-c1-proficient",
        ),
    ]
    assert results[1]["rubricCriterionLevel"][2] == {
        "id": f"{ACHIEVEMENT}#criterion-c1-leading",
        "type": ["RubricCriterionLevel"],
        "name": "Leading",
        "level": "3",
        "description": "Members remind each other of a norm.",
    }


def test_level_reached_is_one_the_achievement_describes(catalog: Catalog):
    subject = body(catalog)["credentialSubject"]
    (described, *_) = subject["achievement"]["resultDescription"]
    (result,) = subject["result"]
    assert result["resultDescription"] == described["id"]
    assert result["achievedLevel"] in [one["id"] for one in described["rubricCriterionLevel"]]
    assert described["requiredLevel"] in [one["id"] for one in described["rubricCriterionLevel"]]


def test_brief_achievements_keep_the_level_and_drop_the_descriptors(catalog: Catalog):
    brief = openbadges3.Achievements(catalog, SITE, is_brief=True)
    found = openbadges3.credential(catalog.awards[PUBLIC_AWARD], catalog, SITE, brief)
    (described,) = found["credentialSubject"]["achievement"]["resultDescription"]
    assert described["id"] == f"{ACHIEVEMENT}#level"
    assert (
        len(
            openbadges3.achievement(catalog.credentials["team-norms"], catalog, SITE)[
                "resultDescription"
            ]
        )
        == 2
    )


def test_subject_is_the_one_of_open_badges_2(catalog: Catalog):
    hosted = openbadges2.assertion(catalog.awards[UNLISTED_AWARD], catalog, SITE)
    assert (
        body(catalog, UNLISTED_AWARD)["credentialSubject"]["id"] == hosted["recipient"]["identity"]
    )


def test_criteria_are_those_of_open_badges_2(catalog: Catalog):
    credential = catalog.credentials["team-norms"]
    hosted = openbadges2.badge_class(credential, catalog, SITE)
    assert openbadges3.achievement(credential, catalog, SITE)["criteria"] == hosted["criteria"]


# Consent


def test_name_only_with_consent_to_the_profile(catalog: Catalog):
    assert "identifier" not in body(agreeing(catalog, "awards", "level"))["credentialSubject"]


def test_level_only_with_consent_to_it(catalog: Catalog):
    found = body(agreeing(catalog, "profile", "awards", "evidence"))
    assert "result" not in found["credentialSubject"]
    assert "#level-leading" not in json.dumps(found | {"credentialSubject": {}})


def test_evidence_only_with_consent_to_it(catalog: Catalog):
    assert "evidence" not in body(agreeing(catalog, "profile", "awards", "level"))


def test_private_evidence_is_never_in_it(catalog: Catalog):
    assert "canary" not in json.dumps(body(catalog))
    assert "example.org/private" not in json.dumps(body(catalog))


def test_private_holder_without_consent_has_a_credential_without_a_name(catalog: Catalog):
    found = body(catalog, PRIVATE_AWARD)
    assert list(found["credentialSubject"]) == ["id", "type", "achievement"]
    assert "Chidi" not in json.dumps(found)


def test_holder_without_a_name_has_no_identifier(catalog: Catalog):
    found = body(agreeing(catalog, "profile", "awards", name=None))
    assert "identifier" not in found["credentialSubject"]


# States


@pytest.mark.parametrize("award_id", [REVOKED, SUSPENDED])
def test_award_that_ended_keeps_its_credential(catalog: Catalog, award_id: str):
    award = catalog.awards[award_id]
    active = award.model_copy(update={"status": type(award.status)()})
    assert body(catalog, award_id) == openbadges3.credential(active, catalog, SITE)


def test_withdrawn_award_has_a_stub_that_says_nothing_of_anybody(catalog: Catalog):
    award = catalog.awards[WITHDRAWN]
    assert openbadges3.stub(award, SITE) == {
        "id": f"https://badges.example.org/awards/{WITHDRAWN}.json",
        "status": "withdrawn",
        "reason": "No longer published",
    }
    with pytest.raises(ValueError, match=rf"^award {WITHDRAWN} is not issued or was withdrawn$"):
        openbadges3.credential(award, catalog, SITE)


def test_award_without_a_place_in_a_list_is_not_signed(catalog: Catalog):
    award = catalog.awards[PUBLIC_AWARD].model_copy(update={"status_list": None})
    with pytest.raises(ValueError, match=rf"^award {PUBLIC_AWARD} has no place in a status list$"):
        openbadges3.credential(award, catalog, SITE)


# Schemas and safe mode


@pytest.mark.parametrize("variant", VARIANTS)
def test_signed_credentials_of_every_kind_fit_the_schema(catalog: Catalog, variant: str):
    for award_id in (PUBLIC_AWARD, UNLISTED_AWARD, PRIVATE_AWARD, REVOKED, SUSPENDED):
        document = signed(body(catalog, award_id))
        assert [one.message for one in VARIANTS[variant].iter_errors(document)] == []


def test_every_published_award_of_the_demo_fits_both_schemas_and_is_safe_to_sign():
    catalog, _ = load(ROOT)
    assert catalog is not None
    shared = openbadges3.Achievements(catalog, SITE)
    seen = set()
    for award in catalog.published:
        if award.status.state == "withdrawn":
            continue
        document = openbadges3.credential(award, catalog, SITE, shared)
        assert list(empties(document)) == []
        assert faults(document, signing=True) == []
        shape = (award.credential, *document, *document["credentialSubject"])
        if shape not in seen:  # the schemas are slow and see no difference within a shape
            seen.add(shape)
            for variant in VARIANTS.values():
                variant.validate(document)


@pytest.mark.parametrize(
    ("place", "value"), [("credentialStatus", [{}]), ("credentialSubject", {}), ("validFrom", 2016)]
)
def test_schema_notices_what_does_not_fit(catalog: Catalog, place: str, value: Any):
    document = body(catalog) | {place: value}
    assert all(list(one.iter_errors(document)) for one in VARIANTS.values())


def test_profile_fits_its_schema_and_is_the_issuer_of_credentials(catalog: Catalog):
    found = openbadges3.profile(catalog, SITE)
    validator("openbadges3/profile").validate(found)
    assert faults(found, signing=True) == []
    assert {key: value for key, value in found.items() if key != "@context"} == body(catalog)[
        "issuer"
    ]


def test_odd_language_tag_is_left_out_rather_than_refused_by_the_schema(catalog: Catalog):
    credential = catalog.credentials["team-norms"]
    titled = credential.model_copy(update={"title": {"es-419-x-school": "Acordar normas"}})
    assert "inLanguage" not in openbadges3.achievement(titled, catalog, SITE)


# Names


@pytest.mark.parametrize(
    "name",
    [
        "Maya Osei-Łukasik",
        "Ọlá O'Neill",
        "נועה לוי",
        "أمل \u200fحداد",
        "山田 花子",
        "Nguyễn Thị Hồng",
        'J. "Jo" \\ Ruiz',
        "🦉",
    ],
)
def test_name_in_any_script_survives(catalog: Catalog, name: str):
    document = signed(body(agreeing(catalog, "profile", "awards", name=name)))
    read = json.loads(json.dumps(document, ensure_ascii=False).encode())
    assert read["credentialSubject"]["identifier"][0]["identityHash"] == name
    assert check_proof(read, read["proof"][0], KEY.public).state == "passed"


# Addresses


@pytest.mark.parametrize(
    ("base", "did"),
    [
        ("https://badges.example.org", "did:web:badges.example.org"),
        ("https://District.example/credentials/", "did:web:district.example:credentials"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://x.example:8443/a/b", "did:web:x.example%3A8443:a:b"),
    ],
)
def test_did_follows_the_base_address(base: str, did: str):
    assert addresses.issuer_did(Site(base)) == did
    assert addresses.key_method("key-1", Site(base)) == f"{did}#key-1"


def test_golden_credential_has_not_changed_by_accident(catalog: Catalog):
    """Fields in the order people will read them."""
    assert list(body(catalog)) == [
        "@context", "id", "type", "name", "issuer", "validFrom", "validUntil", "credentialSubject",
        "evidence", "credentialSchema", "credentialStatus",
    ]  # fmt: skip


def test_achievements_serve_every_shard_of_their_catalog_and_know_no_people(catalog: Catalog):
    shard = replace(catalog, teachers={}, awards={})
    made = openbadges3.Achievements(catalog, SITE)

    assert made.serves(catalog)
    assert made.serves(shard)
    assert not made.serves(replace(catalog, versions=dict(catalog.versions)))
    assert (made.catalog.teachers, made.catalog.awards, made.catalog.drafts) == ({}, {}, {})
    one = catalog.credentials["team-norms"]
    assert openbadges3.achievement(one, shard, SITE, made) == openbadges3.achievement(
        one, catalog, SITE
    )
