# SPDX-License-Identifier: Apache-2.0
"""Learner records hold what their holder shows and what stands, signed, at the backpack's address."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder import keys
from site_builder.addresses import Site
from site_builder.formats import clr, openbadges3
from site_builder.keys import SigningKey
from site_builder.model.catalog_kinds import Key
from site_builder.proofs import UnsafeDocument, canonical, check_proof, faults, sign
from site_builder.proofs.embedded import Records
from site_builder.proofs.template import TemplateDiffers, Templates
from site_builder.signing import Signer
from tests.signed import (
    REVOKED,
    SUSPENDED,
    WITHDRAWN,
    Json,
    agreeing,
    drop,
    leaves,
    other,
    published,
    put,
    rich_catalog,
    second_opinion,
    validator,
)
from tests.support import PRIVATE_TEACHER, PUBLIC_AWARD, PUBLIC_TEACHER, UNLISTED_TEACHER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.catalog import Catalog
    from site_builder.model import Award

BASE = "https://badges.example.org"
SITE = Site(BASE)
KEY = keys.preview()
METHOD = "did:web:badges.example.org#key-1"
FULL_SET = "teacher-leader-full-set@1.0.0"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return rich_catalog(tmp_path_factory.mktemp("rich"))


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft201909Validator:
    return validator("clr2/clrcredential")


class Signing:
    """Signs as a build does: templates for credentials, their parts put together for records."""

    def __init__(self) -> None:
        self.templates = Templates(openbadges3.CONSTANT_PATHS)
        self.records = Records(self.templates)

    def __call__(self, body: Json) -> Json:
        return sign(
            body,
            KEY,
            method=METHOD,
            created=body["validFrom"],
            canonicalise=self.records.canonical,
        )

    def credentials(self, awards: Sequence[Award], catalog: Catalog) -> list[Json]:
        return [self(openbadges3.credential(one, catalog, SITE)) for one in clr.standing(awards)]


def body(catalog: Catalog, teacher: str = PUBLIC_TEACHER, signing: Signing | None = None) -> Json:
    """The unsigned record of a teacher."""
    person = catalog.teachers[teacher]
    inside = (signing or Signing()).credentials(catalog.shown_in_backpack(person), catalog)
    return clr.record(person, inside, catalog, SITE)


def changed(catalog: Catalog, award_id: str, **changes: Any) -> Catalog:
    """The catalog with one award changed, whatever the check would say."""
    award = catalog.awards[award_id].model_copy(update=changes)
    return replace(catalog, awards={**catalog.awards, award_id: award})


def state(catalog: Catalog, award_id: str, name: str, on: str = "2016-07-01") -> Catalog:
    status = type(catalog.awards[award_id].status).model_validate({"state": name, "on": on})
    return changed(catalog, award_id, status=status)


def inside(record: Json) -> list[str]:
    """Ids of the awards in a record."""
    found = record["credentialSubject"]["verifiableCredential"]
    return [one["id"].removeprefix(f"{BASE}/awards/").removesuffix(".json") for one in found]


# What a record says.


def test_record_word_for_word(catalog: Catalog):
    found = body(catalog)
    (credential,) = found["credentialSubject"].pop("verifiableCredential")

    assert credential["id"] == f"{BASE}/awards/{PUBLIC_AWARD}.json"
    assert credential["proof"][0]["verificationMethod"] == METHOD
    assert found == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": f"{BASE}/backpacks/ada-okafor.json",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Learner record from Small Works",
        "description": "Awards that had not been taken back when this record was made and that its "
        "holder chose to have in it. There may be others.",
        "issuer": {
            "id": "did:web:badges.example.org",
            "type": ["Profile"],
            "name": "Small Works",
            "url": "https://smallworks.example.org",
            "email": "badges@example.org",
            "description": "We set norms.",
        },
        "validFrom": "2016-06-09T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:9ba0aa9f-6642-5d4f-969a-722b2cff5725",
            "type": ["ClrSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityHash": "Ada Okafor",
                    "identityType": "name",
                    "hashed": False,
                }
            ],
        },
        "credentialSchema": [
            {
                "id": "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json",
                "type": "1EdTechJsonSchemaValidator2019",
            }
        ],
    }


def test_record_holds_the_signed_credentials_as_they_are_published(catalog: Catalog):
    signing = Signing()
    alone = signing(openbadges3.credential(catalog.awards[PUBLIC_AWARD], catalog, SITE))

    assert body(catalog)["credentialSubject"]["verifiableCredential"] == [alone]


def test_unlisted_backpack_has_its_record_at_its_random_address(catalog: Catalog):
    assert body(catalog, UNLISTED_TEACHER)["id"] == f"{BASE}/backpacks/{UNLISTED_TEACHER}.json"


def test_name_stands_in_it_only_with_consent_to_the_profile(catalog: Catalog):
    found = body(agreeing(catalog, "awards"))

    assert "identifier" not in found["credentialSubject"]
    assert "Okafor" not in json.dumps(found, ensure_ascii=False)


def test_record_has_no_status_of_its_own_and_each_part_has_one(catalog: Catalog):
    found = body(catalog)

    assert "credentialStatus" not in found
    assert all(
        one["credentialStatus"]["type"] == "BitstringStatusListEntry"
        for one in found["credentialSubject"]["verifiableCredential"]
    )


def test_parts_of_a_full_set_point_to_it(demo_catalog: Catalog):
    catalog, teacher = with_full_set(demo_catalog)
    found = body(catalog, teacher)
    achievement = f"{BASE}/credentials/{{}}/{{}}/achievement.json"
    held = [catalog.awards[one].credential.split("@") for one in inside(found)]

    assert found["credentialSubject"]["association"] == [
        {
            "type": "Association",
            "associationType": "isPartOf",
            "sourceId": achievement.format(*one),
            "targetId": achievement.format(*FULL_SET.split("@")),
        }
        for one in held[:-1]
    ]
    assert len(held) == 19


# What it leaves out.


def test_awards_that_do_not_stand_are_left_out(catalog: Catalog):
    shown = {one.id for one in catalog.shown_in_backpack(catalog.teachers[PUBLIC_TEACHER])}

    assert shown == {PUBLIC_AWARD, REVOKED, SUSPENDED}
    assert inside(body(catalog)) == [PUBLIC_AWARD]


@pytest.mark.parametrize("name", ["suspended", "revoked", "superseded", "withdrawn"])
def test_no_record_where_nothing_stands_any_more(catalog: Catalog, name: str):
    assert [one.id for one in clr.teachers(catalog)] == [PUBLIC_TEACHER, UNLISTED_TEACHER]
    assert [one.id for one in clr.teachers(state(catalog, PUBLIC_AWARD, name))] == [
        UNLISTED_TEACHER
    ]


def test_reinstated_award_is_in_it_again(catalog: Catalog):
    found = body(state(catalog, SUSPENDED, "active"))

    assert sorted(inside(found)) == sorted([PUBLIC_AWARD, SUSPENDED])
    assert found["validFrom"] == "2016-07-01T00:00:00Z"


def test_no_record_without_consent_to_awards(catalog: Catalog):
    found = clr.teachers(agreeing(catalog, "profile"))
    assert [one.id for one in found] == [UNLISTED_TEACHER]


def test_private_teacher_has_no_published_record(catalog: Catalog):
    assert PRIVATE_TEACHER not in [one.id for one in clr.teachers(catalog)]
    with pytest.raises(
        ValueError, match=rf"^not the credentials of the awards of {PRIVATE_TEACHER} that stand$"
    ):
        clr.record(catalog.teachers[PRIVATE_TEACHER], [], catalog, SITE)


def test_public_record_leaves_out_what_its_backpack_does_not_show(catalog: Catalog):
    active = state(catalog, SUSPENDED, "active")
    for narrower in ("unlisted", "private"):
        assert inside(body(changed(active, SUSPENDED, visibility=narrower))) == [PUBLIC_AWARD]


def test_record_is_dated_by_the_newest_change_that_its_backpack_shows(catalog: Catalog):
    """A record without an award that was revoked must replace the one with it."""
    assert body(catalog)["validFrom"] == "2016-06-09T00:00:00Z"  # the revocation
    hidden = changed(catalog, REVOKED, visibility="private")
    assert body(hidden)["validFrom"] == "2016-05-03T00:00:00Z"  # the suspension
    assert catalog.awards[WITHDRAWN].status.on is not None
    assert str(catalog.awards[WITHDRAWN].status.on) == "2016-06-15"  # shown to nobody


def test_other_credentials_than_those_that_stand_are_refused(catalog: Catalog):
    person = catalog.teachers[PUBLIC_TEACHER]
    revoked = Signing()(openbadges3.credential(catalog.awards[REVOKED], catalog, SITE))
    said = rf"^not the credentials of the awards of {PUBLIC_TEACHER} that stand$"
    for credentials in ([], [revoked]):
        with pytest.raises(ValueError, match=said):
            clr.record(person, credentials, catalog, SITE)


# Schema, safe mode, proof.


def with_full_set(catalog: Catalog) -> tuple[Catalog, str]:
    """The demo with a full set for the teacher with most awards, and who that is."""
    most = max(
        clr.teachers(catalog), key=lambda one: len(clr.standing(catalog.shown_in_backpack(one)))
    )
    last = catalog.awards_by_teacher[most.id][-1]
    place = type(last.status_list).model_validate({"list": 0, "index": 131_071})  # type: ignore[union-attr]
    extra = {"credential": FULL_SET, "id": "z" * 26, "status_list": place, "level": None}
    award = last.model_copy(update=extra)
    return replace(catalog, awards={**catalog.awards, award.id: award}), most.id


def test_signed_records_fit_the_schema(
    catalog: Catalog, demo_catalog: Catalog, schema: jsonschema.Draft201909Validator
):
    signing = Signing()
    whole, teacher = with_full_set(demo_catalog)
    for document in (
        body(catalog),
        body(catalog, UNLISTED_TEACHER),
        body(agreeing(catalog, "awards")),
        body(whole, teacher),
    ):
        assert [one.message for one in schema.iter_errors(signing(document))] == []
        assert faults(document, signing=True) == []


@pytest.mark.parametrize(
    ("place", "value"), [("name", None), ("credentialSubject", {}), ("validFrom", 2016)]
)
def test_schema_notices_what_does_not_fit(
    catalog: Catalog, schema: jsonschema.Draft201909Validator, place: str, value: Any
):
    assert list(schema.iter_errors(body(catalog) | {place: value})) != []


def test_a_record_in_which_anything_is_changed_does_not_hold(catalog: Catalog):
    document = published(Signing()(body(state(catalog, SUSPENDED, "active"))))
    (proof,) = document["proof"]
    assert check_proof(document, proof, KEY.public).state == "passed"

    places = [(place, value) for place, value in leaves(document) if place[0] != "proof"]
    for place, value in places[::5]:
        forged = put(document, place, other(value))
        assert check_proof(forged, proof, KEY.public).state != "passed", place


def test_what_can_be_left_out_of_a_record_is_said_elsewhere_in_it_and_its_part_no_longer_holds(
    catalog: Catalog,
):
    """One graph holds what all credentials say, so that the record's own proof sees it once."""
    document = published(Signing()(body(state(catalog, SUSPENDED, "active"))))
    (proof,) = document["proof"]
    places = [place for place, _ in leaves(document) if place[0] not in ("@context", "proof")]
    said_twice = []
    for place in places[::5]:
        forged = drop(document, place)
        if check_proof(forged, proof, KEY.public).state == "passed":
            said_twice.append(place)
            if place[:2] == PART[:2]:
                part = forged[PART[0]][PART[1]][int(place[2])]
                assert check_proof(part, part["proof"][0], KEY.public).state == "failed"
            else:
                assert place[0] == "issuer"

    assert said_twice != []


def test_a_record_without_one_of_its_credentials_does_not_hold(catalog: Catalog):
    document = Signing()(body(state(catalog, SUSPENDED, "active")))
    (proof,) = document["proof"]
    for number in (0, 1):
        forged = drop(document, ("credentialSubject", "verifiableCredential", number))
        assert check_proof(forged, proof, KEY.public).state == "failed"


# Canonical forms, put together.


def demo_records(catalog: Catalog, signing: Signing) -> list[Json]:
    return [body(catalog, one.id, signing) for one in clr.teachers(catalog)]


def test_records_of_the_demo_are_put_together_as_two_libraries_write_them(demo_catalog: Catalog):
    signing, wanted = Signing(), {1, 2, 4, 10, 18}
    for document in demo_records(demo_catalog, signing):
        count = len(inside(document))
        found = signing.records.canonical(document)
        if count in wanted:
            wanted.discard(count)
            assert found == canonical(document)
            assert found == second_opinion(document)

    assert wanted == set()
    assert signing.records.asked == 0
    assert signing.records.composed == len(clr.teachers(demo_catalog))
    assert signing.records.compared == 1 + (signing.records.composed - 1) // 1000


def test_record_with_a_full_set_is_put_together_as_two_libraries_write_it(demo_catalog: Catalog):
    signing = Signing()
    document = body(*with_full_set(demo_catalog), signing)
    found = signing.records.canonical(document)

    assert len(document["credentialSubject"]["association"]) == 18
    assert found == canonical(document)
    assert found == second_opinion(document)
    assert signing.records.asked == 0


ODD = [
    'J. "Jo" \\ Ruiz',
    "_:c14n0 <https://w3id.org/security#proof> _:c14n1 .",
    '" _:c14n0 .\n_:c14n1 <x:y> "',
    "tab\tand line\nand return\r",
    "100% %s %d",
    "נועה לוי 🦉",
    "_:c14n1",
]


@pytest.mark.parametrize("name", ODD)
def test_words_that_look_like_quads_stay_words(catalog: Catalog, name: str):
    named = agreeing(catalog, "profile", "awards", "evidence", name=name)
    signing = Signing()
    document = body(state(named, SUSPENDED, "active"), signing=signing)
    signing.records.canonical(document)  # the first one is compared anyway
    document["name"] = document["credentialSubject"]["verifiableCredential"][0]["name"] = name
    found = signing.records.canonical(document)

    assert (signing.records.asked, signing.records.compared) == (0, 1)
    assert found == canonical(document)
    assert found == second_opinion(document)


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=12)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.lists(st.one_of(words, st.sampled_from(ODD)), min_size=4, max_size=4))
def test_whatever_the_words_the_library_writes_the_same(catalog: Catalog, said: list[str]):
    signing = Signing()
    document = body(state(catalog, SUSPENDED, "active"), signing=signing)
    signing.records.canonical(document)
    changed = copy.deepcopy(document)
    changed["description"] = said[0]
    changed["credentialSubject"]["identifier"][0]["identityHash"] = said[1]
    for one, word in zip(
        changed["credentialSubject"]["verifiableCredential"], said[2:], strict=True
    ):
        one["credentialSubject"]["identifier"][0]["identityHash"] = word
        one["evidence"][1]["narrative"] = word

    assert signing.records.canonical(changed) == canonical(changed)


def proofs_twice(document: Json) -> Json:
    part = document["credentialSubject"]["verifiableCredential"][0]
    return put(
        document,
        ("credentialSubject", "verifiableCredential", 0, "proof"),
        [*part["proof"], part["proof"][0] | {"created": "2017-01-01T00:00:00Z"}],
    )


PART = ("credentialSubject", "verifiableCredential", 0)
UNUSUAL = {
    "a single credential": lambda one: put(one, PART[:-1], one[PART[0]][PART[1]][0]),
    "two proofs": proofs_twice,
    "a proof that is no list": lambda one: put(
        one, (*PART, "proof"), one[PART[0]][PART[1]][0]["proof"][0]
    ),
    "no proof": lambda one: drop(one, (*PART, "proof")),
    "a proof with an address": lambda one: put(one, (*PART, "proof", 0, "id"), "urn:x:y"),
    "another kind": lambda one: put(one, (*PART, "type"), ["VerifiableCredential"]),
    "contexts in another order": lambda one: put(
        one, (*PART, "@context"), openbadges3.CONTEXTS[:1] + openbadges3.CONTEXTS[:0:-1]
    ),
    "no credentials": lambda one: put(one, PART[:-1], []),
    "a subject of another kind": lambda one: put(one, ("credentialSubject", "type"), ["Profile"]),
    "a newer context": lambda one: put(
        one, ("@context", 1), "https://purl.imsglobal.org/spec/clr/v2p0/context.json"
    ),
    "a part that names the record": lambda one: put(one, (*PART, "evidence", 0, "id"), one["id"]),
}


@pytest.mark.parametrize("name", [one for one in UNUSUAL if "names the record" not in one])
def test_for_an_unusual_record_the_library_is_asked(catalog: Catalog, name: str):
    records = Signing().records
    document = published(UNUSUAL[name](published(body(catalog))))
    if faults(document, signing=True):
        with pytest.raises(UnsafeDocument):
            records.canonical(document)
    else:
        assert records.canonical(document) == canonical(document)
    assert (records.composed, records.asked) == (0, 1)


def test_record_whose_part_describes_the_record_is_not_signed(catalog: Catalog):
    document = UNUSUAL["a part that names the record"](body(catalog))
    with pytest.raises(
        UnsafeDocument,
        match=r"^\$\.credentialSubject\.verifiableCredential\[0\]\.evidence\[0\]: "
        r"describes the document itself once more$",
    ):
        Signing()(document)


@pytest.mark.parametrize(
    "place", [(), ("credentialSubject",), PART, (*PART, "proof", 0), (*PART, "credentialSubject")]
)
def test_words_no_context_defines_are_not_signed(catalog: Catalog, place: tuple[str | int, ...]):
    document = put(body(catalog), (*place, "honours"), "many")
    with pytest.raises(UnsafeDocument):
        Signing()(document)


def test_equal_credentials_under_two_addresses_are_told_apart(catalog: Catalog):
    """All but the address alike: the blank nodes differ by what they hang on."""
    signing = Signing()
    document = body(catalog, signing=signing)
    twin = copy.deepcopy(document["credentialSubject"]["verifiableCredential"][0])
    twin["id"] += "x"
    document["credentialSubject"]["verifiableCredential"].append(twin)
    found = signing.records.canonical(document)

    # The proofs are one another's copy, the two names hang on one subject: nothing tells them
    # apart from one step away.
    assert signing.records.asked == 1
    assert found == canonical(document)


def test_equal_words_in_one_part_are_said_once(catalog: Catalog):
    """Quads with blank nodes that become one count once when the nodes are told apart."""
    signing = Signing()
    place = (*PART, "credentialSubject", "achievement")
    bare = drop(
        drop(body(state(catalog, SUSPENDED, "active")), (*place, "id")), (*place, "related")
    )
    for tags in (["x", "y"], ["x", "x"]):
        document = put(bare, (*place, "tag"), tags)
        assert signing.records.canonical(document) == canonical(document)
    assert (signing.records.composed, signing.records.asked) == (2, 0)


def test_a_part_whose_achievement_describes_the_record_is_not_signed(catalog: Catalog):
    """An achievement is learned by itself, where it may still be lawful."""
    signing = Signing()
    document = body(catalog, signing=signing)
    image = (*PART, "credentialSubject", "achievement", "image", "id")
    assert signing.records.canonical(put(document, image, "urn:x:image"))
    named = put(document, image, "urn:x:backpack")
    assert signing.records.canonical(put(named, ("id",), "urn:x:other"))
    with pytest.raises(UnsafeDocument, match=r"describes the document itself once more$"):
        signing.records.canonical(put(named, ("id",), "urn:x:backpack"))


@pytest.mark.parametrize(
    "change",
    [
        {"proofValue": "z0OIl"},
        {"proofValue": "not base 58"},
        {"proofValue": 7},
        {"nonce": "abc"},
        {"nonce": "abc", "challenge": "abc"},
        {"domain": ["a.example", "b.example"]},
        {"created": "2016-03-14T00:00:00Z", "expires": "2026-03-14T00:00:00Z"},
    ],
)
def test_proofs_of_other_forms_are_written_as_the_library_writes_them(
    catalog: Catalog, change: Json
):
    signing = Signing()
    document = body(catalog, signing=signing)
    proof = document["credentialSubject"]["verifiableCredential"][0]["proof"][0]
    changed = put(document, (*PART, "proof"), [proof | change])
    if faults(changed, signing=True):
        with pytest.raises(UnsafeDocument):
            signing.records.canonical(changed)
    else:
        assert signing.records.canonical(changed) == canonical(changed)


def test_proofs_of_many_days_are_no_burden(catalog: Catalog, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("site_builder.proofs.embedded._DAYS", 3)
    signing = Signing()
    document = body(catalog, signing=signing)
    for day in range(1, 7):
        one = put(document, (*PART, "proof", 0, "created"), f"2016-04-{day:02d}T00:00:00Z")
        assert signing.records.canonical(one) == canonical(one)
    assert len(signing.records._forms) <= 3


def test_record_that_differs_from_the_library_stops_the_build(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("site_builder.proofs.embedded._PROVES", b"> <urn:x:proof> ")
    with pytest.raises(TemplateDiffers) as caught:
        Signing()(body(catalog))

    assert str(caught.value) == f"of {BASE}/backpacks/ada-okafor.json"


# As a build does it.


def test_each_record_a_build_signs_holds_with_all_its_parts(demo_catalog: Catalog):
    key = SigningKey(bytes(range(32)))
    entry = Key.model_validate({"id": "key-1", "public": key.public, "from": "2015-01-01"})
    issuer = demo_catalog.issuer.model_copy(update={"keys": (entry,)})
    catalog = replace(demo_catalog, issuer=issuer)
    made = Signer(key, issuer, Site(issuer.base_url)).files(catalog)
    files = {path: json.loads(data) for path, data in made}
    records = {path: one for path, one in files.items() if path.startswith("backpacks/")}
    backpacks = {f"backpacks/{one.handle or one.id}.json" for one in clr.teachers(catalog)}

    assert records.keys() == backpacks
    for document in list(records.values())[::12]:
        (proof,) = document["proof"]
        assert check_proof(document, proof, key.public).state == "passed"
        for part in document["credentialSubject"]["verifiableCredential"]:
            assert part == files[part["id"].removeprefix(f"{BASE}/")]
