# SPDX-License-Identifier: Apache-2.0
"""Proofs agree with the standard and with other people's software, and cover every word."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder import keys
from site_builder.addresses import Site
from site_builder.build import load
from site_builder.formats import openbadges3, status_list
from site_builder.proofs import (
    TooSymmetric,
    UnknownContext,
    UnsafeDocument,
    canonical,
    check_proof,
    faults,
    proofs_of,
    sign,
)
from site_builder.proofs.contexts import CONTEXTS, Vendored
from site_builder.proofs.template import TemplateDiffers, Templates
from site_builder.proofs.terms import Active, extend
from tests.signed import (
    VECTORS,
    branches,
    drop,
    leaves,
    other,
    published,
    put,
    rich_catalog,
    second_opinion,
)
from tests.support import PUBLIC_AWARD, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.catalog import Catalog

FOLDER = VECTORS / "eddsa-rdfc-2022"
W3C = json.loads((FOLDER / "w3c.json").read_text("utf-8"))
W3C_CONTEXTS = {**CONTEXTS, **W3C["contexts"]}
THIRD_PARTY = json.loads((FOLDER / "verified.json").read_text("utf-8"))
SITE = Site("https://badges.example.org")
METHOD = "did:web:badges.example.org#key-1"
KEY = keys.preview()
END = "https://www.w3.org/2018/credentials#validUntil"
FORGED = "The signature does not belong to this content and this key."
Json = dict[str, Any]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return rich_catalog(tmp_path_factory.mktemp("rich"))


@pytest.fixture(scope="module")
def document(catalog: Catalog) -> Json:
    """A credential with every field one of ours can have."""
    return openbadges3.credential(catalog.awards[PUBLIC_AWARD], catalog, SITE)


@pytest.fixture(scope="module")
def signed(document: Json) -> Json:
    return published(sign(document, KEY, method=METHOD, created=document["validFrom"]))


def verdict(signed: Json, public: str = KEY.public) -> tuple[str, str]:
    (proof,) = proofs_of(signed)
    found = check_proof(signed, proof, public)
    return found.state, found.why


# The standard's own figures


def test_document_hash_is_the_standards():
    found = canonical(W3C["document"], W3C_CONTEXTS)
    assert hashlib.sha256(found).hexdigest() == W3C["documentHash"]


def test_proof_of_the_standard_verifies():
    signed = W3C["document"] | {"proof": W3C["proof"]}
    found = check_proof(signed, W3C["proof"], W3C["publicKeyMultibase"], W3C_CONTEXTS)
    assert (found.state, found.why) == ("passed", "")


def test_proof_options_hash_is_the_standards():
    options = {key: value for key, value in W3C["proof"].items() if key != "proofValue"}
    found = canonical({"@context": W3C["document"]["@context"]} | options, W3C_CONTEXTS)
    assert hashlib.sha256(found).hexdigest() == W3C["optionsHash"]


# Other people's signed files


@pytest.mark.parametrize("name", [one for one, said in THIRD_PARTY.items() if said != "no proof"])
def test_third_party_proof_is_judged_as_elsewhere(name: str):
    signed = json.loads((FOLDER / name).read_text("utf-8"))
    (proof,) = proofs_of(signed)
    method = proof["verificationMethod"]
    # Only did:key says whose key it is; for the others the fragment names it, as the fixtures do.
    key = keys.did_key(method) or method.partition("#")[2]
    state = check_proof(signed, proof, key).state
    assert state == ("passed" if THIRD_PARTY[name].endswith("ok") else "failed")


@pytest.mark.parametrize("name", [one for one, said in THIRD_PARTY.items() if said.endswith("ok")])
def test_canonical_forms_of_third_party_files_agree(name: str):
    signed = json.loads((FOLDER / name).read_text("utf-8"))
    body = drop(signed, ("proof",))
    assert canonical(body) == second_opinion(body)


def test_document_without_proof_has_none():
    assert (
        proofs_of(json.loads((FOLDER / "1edtech/ob30-simple-noproof.json").read_text("utf-8")))
        == []
    )


# Signing


def test_proof_holds_what_the_standard_asks_and_is_a_list_of_one(signed: Json):
    (proof,) = signed["proof"]
    assert list(proof) == [
        "type",
        "cryptosuite",
        "created",
        "verificationMethod",
        "proofPurpose",
        "proofValue",
    ]
    assert proof | {"proofValue": ""} == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2016-03-14T00:00:00Z",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        "proofValue": "",
    }
    assert verdict(signed) == ("passed", "")


def test_same_document_and_key_give_the_same_bytes(document: Json):
    twice = [
        sign(document, KEY, method=METHOD, created=document["validFrom"], canonicalise=how)
        for how in (None, Templates().canonical, Templates(openbadges3.CONSTANT_PATHS).canonical)
    ]
    assert twice[0] == twice[1] == twice[2]


def test_proof_options_go_through_the_template_too(document: Json):
    templates = Templates()
    for created in ("2016-03-14T00:00:00Z", "2016-03-15T00:00:00Z"):
        signed = sign(
            document, KEY, method=METHOD, created=created, canonicalise=templates.canonical
        )
        assert signed == sign(document, KEY, method=METHOD, created=created)
    assert (templates.filled, templates.asked) == (4, 0)


def test_signing_twice_or_without_a_zone_is_a_mistake(signed: Json, document: Json):
    with pytest.raises(ValueError, match=r"^the document has a proof already$"):
        sign(signed, KEY, method=METHOD, created=document["validFrom"])
    with pytest.raises(ValueError, match=r"^not a date-time with zone: '2016-03-14'$"):
        sign(document, KEY, method=METHOD, created="2016-03-14")


UNSAFE = {
    "undefined term": (
        ("shoeSize",),
        "43",
        "$.shoeSize: 'shoeSize' is not defined by the contexts, so nothing signs it",
    ),
    "undefined term deep down": (
        ("credentialSubject", "achievement", "criteria", "points"),
        "5",
        "$.credentialSubject.achievement.criteria.points: 'points' is not defined by the contexts, so nothing signs it",
    ),
    "undefined type": (
        ("type", 1),
        "OpenBadge",
        "$.type[1]: 'OpenBadge' is not a full address, so nothing signs it",
    ),
    "relative address": (
        ("id",),
        "awards/x.json",
        "$.id: 'awards/x.json' is not a full address, so nothing signs it",
    ),
    "address with a space": (
        ("credentialSubject", "achievement", "image", "id"),
        "https://x/a b",
        "$.credentialSubject.achievement.image.id: 'https://x/a b' is not a full address, so nothing signs it",
    ),
    "address with a bracket": (
        ("evidence", 0, "id"),
        "https://x/?a[1]",
        "$.evidence[0].id: 'https://x/?a[1]' is not a full address, so nothing signs it",
    ),
    "blank node": (("id",), "_:b0", "$.id: '_:b0' is not a full address, so nothing signs it"),
    "abbreviated address": (
        ("id",),
        "name:x",
        "$.id: 'name:x' begins like an abbreviation of the contexts",
    ),
    "control character": (
        ("name",),
        "a\x0bb",
        "$.name: holds a control character, which cannot be signed",
    ),
    "delete character": (
        ("name",),
        "a\x7f",
        "$.name: holds a control character, which cannot be signed",
    ),
    "half a surrogate": (
        ("name",),
        "\ud83d",
        "$.name: holds a control character, which cannot be signed",
    ),
    "null": (("name",), None, "$.name: null says nothing; leave it out"),
    "null type": (("issuer", "type"), None, "$.issuer.type: a type must be text"),
    "empty list": (("evidence",), [], "$.evidence: an empty list; leave it out"),
    "empty object": (
        ("credentialStatus",),
        {},
        "$.credentialStatus: an empty object; leave it out",
    ),
    "fraction": (("name",), 1.5, "$.name: a fraction; write it as text"),
    "language map": (
        ("name",),
        {"en": "Norms"},
        "$.name.en: 'en' is not defined by the contexts, so nothing signs it",
    ),
    "number as an address": (("id",), 7, "$.id: an address must be text"),
    "keyword": (
        ("@graph",),
        [{"id": "https://x/"}],
        "$.@graph: the unusual spelling '@graph'",
    ),
    "property by its address": (
        (END,),
        "2030-01-01T00:00:00Z",
        f"$.{END}: '{END}' is not defined by the contexts, so nothing signs it",
    ),
    "kind as a property": (
        ("credentialSubject", "achievement", "Criteria"),
        {"narrative": "x"},
        "$.credentialSubject.achievement.Criteria: 'Criteria' is the name of a kind, not of a property",
    ),
    "type by its address": (
        ("issuer", "type", 0),
        "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile",
        "$.issuer.type[0]: write 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile' as the contexts name it",
    ),
    "value object": (
        ("validUntil",),
        {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": "2030-01-01T00:00:00Z"},
        "$.validUntil: a value written as an object is not accepted",
    ),
    "the document described again": (
        ("evidence", 0),
        {"id": f"https://badges.example.org/awards/{PUBLIC_AWARD}.json", "name": "x"},
        "$.evidence[0]: describes the document itself once more",
    ),
    "list in a list": (
        ("evidence",),
        [[{"id": "https://x/"}]],
        "$.evidence[0]: a list in a list is not accepted",
    ),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_what_no_signature_would_cover_is_not_signed(name: str, document: Json):
    place, value, _ = UNSAFE[name]
    changed = put(document, place, value)
    templates = Templates(openbadges3.CONSTANT_PATHS)
    assert templates.canonical(document)
    for how in (None, templates.canonical):
        with pytest.raises(UnsafeDocument) as caught:
            sign(changed, KEY, method=METHOD, created=document["validFrom"], canonicalise=how)
        assert UNSAFE[name][2] in [str(one) for one in caught.value.faults]


def test_unknown_and_inline_contexts_are_never_fetched(document: Json):
    for context, message in (
        (
            "https://example.org/context.json",
            "the context 'https://example.org/context.json' is not one we know, and none is ever fetched",
        ),
        (
            {"name": "https://example.org/name"},
            "'@context' must be a list of addresses; inline ones are not accepted",
        ),
    ):
        changed = put(document, ("@context",), [*document["@context"], context])
        for how in (None, Templates().canonical):
            with pytest.raises(UnknownContext) as caught:
                sign(changed, KEY, method=METHOD, created=document["validFrom"], canonicalise=how)
            assert str(caught.value) == message


def test_changed_context_file_stops_everything():
    damaged = Vendored()
    damaged._index["https://www.w3.org/ns/did/v1"]["sha256"] = "0" * 64
    with pytest.raises(RuntimeError) as caught:
        damaged["https://www.w3.org/ns/did/v1"]
    assert str(caught.value) == "contexts/did-v1.json has been changed"


def test_every_vendored_context_has_the_bytes_of_its_index_and_a_licence():
    for url in CONTEXTS:
        assert isinstance(CONTEXTS[url], dict)
    index = json.loads((ROOT / "site_builder/contexts/index.json").read_text("utf-8"))
    assert all(set(one) == {"file", "sha256", "licence", "source"} for one in index.values())


# Tampering


def test_changing_any_leaf_breaks_the_proof(signed: Json):
    still = [
        place
        for place, value in leaves(signed)
        if verdict(put(signed, place, other(value)))[0] == "passed"
    ]
    assert still == []


def test_dropping_anything_breaks_the_proof(signed: Json):
    still = []
    for place in branches(signed):
        changed = drop(signed, place)
        if proofs_of(changed) and verdict(changed)[0] == "passed":
            still.append(place)
    assert still == []


def test_changed_word_is_a_failed_proof(signed: Json):
    assert verdict(put(signed, ("name",), "Something grander")) == ("failed", FORGED)


def test_other_key_is_a_failed_proof(signed: Json):
    assert verdict(signed, W3C["publicKeyMultibase"]) == ("failed", FORGED)


def test_order_of_keys_does_not_matter(signed: Json):
    assert verdict(dict(reversed(signed.items()))) == ("passed", "")


DISGUISES = {
    "status under its full address": (
        "credentialStatus",
        "https://www.w3.org/2018/credentials#credentialStatus",
        "is not defined by the contexts, so nothing signs it.",
    ),
    "end under its full address": (
        "validUntil",
        END,
        "is not defined by the contexts, so nothing signs it.",
    ),
}


@pytest.mark.parametrize("name", DISGUISES)
def test_statement_under_another_name_is_not_valid(name: str, signed: Json):
    """JSON-LD reads both alike, and so would the signature; a reader of JSON would miss it."""
    usual, address, why = DISGUISES[name]
    value = signed[usual]
    if usual == "validUntil":
        value = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": value}
    changed = drop(signed, (usual,)) | {address: value}
    assert second_opinion(drop(changed, ("proof",))) == second_opinion(drop(signed, ("proof",)))
    state, said = verdict(changed)
    assert state == "failed"
    assert said == f"In the document, $.{address}: '{address}' {why}"


def test_date_written_as_an_object_is_not_valid(signed: Json):
    value = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": signed["validUntil"]}
    assert verdict(put(signed, ("validUntil",), value)) == (
        "not checked",
        "In the document, $.validUntil: a value written as an object is not accepted.",
    )


def test_date_in_a_list_is_not_valid(signed: Json):
    assert verdict(put(signed, ("validUntil",), [signed["validUntil"]])) == (
        "not checked",
        "In the document, $.validUntil: a list of dates is not accepted.",
    )


def test_truth_in_quotes_is_not_valid(signed: Json):
    place = ("credentialSubject", "identifier", 0, "hashed")
    assert verdict(put(signed, place, "false")) == (
        "failed",
        "In the document, $.credentialSubject.identifier[0].hashed: write true or false without quotes.",
    )


def terms(active: Active) -> Iterator[tuple[str, str]]:
    """Every term below a context, with what it stands for."""
    for name, term in active.terms.items():
        if term.iri and not term.iri.startswith("@"):
            yield term.iri, name
        if term.has_scope and term.scoped is not None:
            yield from terms(extend(Active(), term.scoped))


def test_no_two_properties_of_the_vendored_contexts_mean_the_same():
    """Else one could be renamed to the other, and a reader of JSON would miss it."""
    names: dict[str, set[str]] = {}
    for url in CONTEXTS:
        for iri, name in terms(extend(Active(), CONTEXTS[url])):
            if not name[:1].isupper():  # kinds are refused as properties
                names.setdefault(iri, set()).add(name)
    assert {iri: found for iri, found in names.items() if len(found) > 1} == {}


PROOFS = {
    "not an object": ("x", "failed", "The proof is not an object."),
    "no kind": ({}, "not checked", "Proofs of the kind 'None' are not read here."),
    "another suite": (
        {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"},
        "not checked",
        "Proofs of the kind 'eddsa-jcs-2022' are not read here.",
    ),
    "no purpose": (
        {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"},
        "failed",
        "The proof was not made to assert anything (proofPurpose).",
    ),
}


@pytest.mark.parametrize("name", PROOFS)
def test_odd_proof_is_never_valid(name: str, document: Json):
    proof, state, why = PROOFS[name]
    found = check_proof(document | {"proof": proof}, proof, KEY.public)
    assert (found.state, found.why) == (state, why)


@pytest.mark.parametrize(
    "value", ["", None, 5, "z", "zz", "u" + "A" * 86, "z" + "1" * 64 + "0", ["z"]]
)
def test_odd_signature_is_a_failed_proof(value: Any, signed: Json):
    assert verdict(put(signed, ("proof", 0, "proofValue"), value)) == (
        "failed",
        "The proof holds no Ed25519 signature (proofValue).",
    )


def test_key_of_another_kind_could_not_be_checked(signed: Json):
    assert verdict(signed, "zDnae") == (
        "not checked",
        "'zDnae' is no Ed25519 public key as a Multikey (z6Mk...).",
    )


def test_unknown_context_could_not_be_checked(signed: Json):
    assert verdict(put(signed, ("@context", 2), "https://example.org/c")) == (
        "not checked",
        "The context 'https://example.org/c' is not one we know, and none is ever fetched.",
    )


def test_proof_inside_another_context_could_not_be_checked(signed: Json):
    assert verdict(put(signed, ("proof", 0, "@context"), ["https://www.w3.org/ns/did/v1"])) == (
        "not checked",
        "The proof and the document have different contexts.",
    )


def test_deep_document_could_not_be_checked(signed: Json):
    deep: Json = {"narrative": "x"}
    for _ in range(600):
        deep = {"endorsement": deep}
    state, why = verdict(signed | {"endorsement": deep})
    assert state == "not checked"
    assert why.endswith(": nested more than 40 deep.")


def poisoned() -> Json:
    child = {"type": ["Alignment"], "targetName": "x"}
    parent = {"type": ["ResultDescription"], "alignment": [child] * 12}
    return {
        "@context": list(openbadges3.CONTEXTS),
        "id": "https://example.org/poison",
        "type": ["Achievement"],
        "resultDescription": [parent, parent],
    }


def test_document_made_to_take_for_ever_could_not_be_checked():
    begun = time.perf_counter()
    with pytest.raises(TooSymmetric) as caught:
        canonical(poisoned())
    assert (
        str(caught.value) == "the document repeats itself in a way that cannot be checked in time"
    )
    assert time.perf_counter() - begun < 2


def test_repeated_alignments_are_no_poison():
    document = poisoned()
    document["resultDescription"] = [document["resultDescription"][0]]
    assert canonical(document) == second_opinion(document)


def test_nulls_and_empty_lists_of_others_are_read(signed: Json):
    assert verdict(
        signed | {"evidence": [*signed["evidence"]], "endorsement": [], "image": None}
    ) == ("passed", "")


# The fast path


def same_everywhere(templates: Templates, document: Json) -> None:
    found = templates.canonical(document)
    assert found == canonical(document)
    assert found == second_opinion(document)


def test_template_gives_the_libraries_bytes_on_every_award_of_the_demo():
    catalog, _ = load(ROOT)
    assert catalog is not None
    shared = openbadges3.Achievements(catalog, SITE)
    templates = Templates(openbadges3.CONSTANT_PATHS)
    awards = [one for one in catalog.published if one.status.state != "withdrawn"]
    for award in awards:
        same_everywhere(templates, openbadges3.credential(award, catalog, SITE, shared))
    assert (templates.filled, templates.asked) == (len(awards), 0)


def test_template_gives_the_libraries_bytes_on_status_lists_profile_and_achievement(
    catalog: Catalog,
):
    templates = Templates()
    credential = catalog.credentials["team-norms"]
    ((number, awards),) = status_list.lists(catalog.awards.values()).items()
    for document in (
        status_list.credential(number, awards, SITE),
        openbadges3.profile(catalog, SITE),
        openbadges3.achievement(credential, catalog, SITE),
    ):
        same_everywhere(templates, document)


WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        st.sampled_from("\\\"'\n\r\t<>^@_:. \u0085\u2028\u200e\u202eאبéł山🦉"),
    ),
    max_size=30,
)
DATES = st.datetimes().map(lambda one: f"{one:%Y-%m-%dT%H:%M:%SZ}".zfill(20))
ADDRESSES = st.from_regex(
    r"\Ahttps://[a-z]{1,9}\.example/([a-z0-9é山.~-]|%[0-9A-F]{2}){0,9}(\?[a-z=&]{1,5})?(#[a-z-]{1,9})?\Z"
)
ITEMS = st.fixed_dictionaries(
    {"type": st.just(["Evidence"]), "name": WORDS},
    optional={"id": ADDRESSES, "narrative": WORDS, "genre": WORDS},
)
PEOPLE = st.fixed_dictionaries(
    {
        "type": st.just("IdentityObject"),
        "identityHash": WORDS,
        "identityType": st.just("name"),
        "hashed": st.booleans(),
    },
    optional={"salt": WORDS},
)
ALIGNMENTS = st.fixed_dictionaries(
    {"type": st.just(["Alignment"]), "targetName": WORDS, "targetUrl": ADDRESSES},
    optional={"id": ADDRESSES, "targetCode": WORDS},
)
RESULTS = st.fixed_dictionaries(
    {"type": st.just(["Result"]), "achievedLevel": ADDRESSES, "resultDescription": ADDRESSES},
    optional={"id": ADDRESSES},
)
ACHIEVEMENTS = st.fixed_dictionaries(
    {
        "id": ADDRESSES,
        "type": st.just(["Achievement"]),
        "name": WORDS,
        "description": WORDS,
        "criteria": st.fixed_dictionaries({"narrative": WORDS}, optional={"id": ADDRESSES}),
    },
    optional={
        "alignment": st.lists(ALIGNMENTS, min_size=1, max_size=3),
        "tag": st.lists(WORDS, min_size=1, max_size=3),
    },
)
CREDENTIALS = st.fixed_dictionaries(
    {
        "@context": st.just(list(openbadges3.CONTEXTS)),
        "id": ADDRESSES,
        "type": st.just(["VerifiableCredential", "OpenBadgeCredential"]),
        "issuer": st.fixed_dictionaries(
            {"id": ADDRESSES, "type": st.just(["Profile"]), "name": WORDS}
        ),
        "validFrom": DATES,
        "credentialSubject": st.fixed_dictionaries(
            {"type": st.just(["AchievementSubject"]), "achievement": ACHIEVEMENTS},
            optional={
                "id": ADDRESSES,
                "identifier": st.lists(PEOPLE, min_size=1, max_size=3),
                "result": st.lists(RESULTS, min_size=1, max_size=2),
            },
        ),
    },
    optional={
        "validUntil": DATES,
        "name": WORDS,
        "evidence": st.lists(ITEMS, min_size=1, max_size=3),
    },
)
LEARNED = Templates()
LEARNED_PARTS = Templates(openbadges3.CONSTANT_PATHS)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(CREDENTIALS, st.data())
def test_template_gives_the_libraries_bytes_whatever_is_written(
    document: Json, data: st.DataObject
):
    """Blank nodes, equal addresses in several places and equal people included."""
    if faults(document, signing=True):  # an item with the credential's own address
        return
    second = published(document)
    for place, value in list(leaves(document)):
        if place[-1] in ("name", "narrative", "identityHash", "targetName"):
            second = put(second, place, data.draw(WORDS))
        elif place[-1] in ("id", "achievedLevel") and isinstance(value, str):
            second = put(second, place, data.draw(ADDRESSES))
    for one in (document, second):
        if faults(one, signing=True):
            continue
        expected = canonical(one)
        assert LEARNED.canonical(one) == expected
        assert LEARNED_PARTS.canonical(one) == expected
        assert second_opinion(one) == expected


def test_people_who_look_alike_go_to_the_library(document: Json):
    person = document["credentialSubject"]["identifier"][0]
    doubled = put(
        document, ("credentialSubject", "identifier"), [person, person | {"identityHash": "Bo"}]
    )
    templates = Templates(openbadges3.CONSTANT_PATHS)
    same_everywhere(templates, doubled)
    assert (templates.filled, templates.asked) == (1, 0)
    same_everywhere(
        templates,
        put(
            doubled, ("credentialSubject", "identifier", 1, "identityHash"), person["identityHash"]
        ),
    )
    assert (templates.filled, templates.asked) == (1, 1)


def test_two_addresses_that_become_one_are_one(document: Json):
    templates = Templates(openbadges3.CONSTANT_PATHS)
    same_everywhere(templates, document)
    same_everywhere(templates, put(document, ("evidence", 1, "id"), document["evidence"][0]["id"]))
    same_everywhere(templates, put(document, ("evidence", 1, "id"), document["issuer"]["id"]))
    assert templates.asked == 0


def test_changed_shared_part_is_noticed(document: Json):
    changed = published(document)
    templates = Templates(openbadges3.CONSTANT_PATHS)
    same_everywhere(templates, changed)
    changed["credentialSubject"]["achievement"]["name"] = "Renamed in place"
    same_everywhere(templates, changed)


def test_template_forgets_shapes_rather_than_growing(document: Json):
    templates = Templates(most=4)
    for number in range(1, 12):
        same_everywhere(templates, put(document, ("evidence",), document["evidence"][:1] * number))
    assert len(templates._frames) == 4


CONTEXTS_OF_RECORDS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
)


def test_template_that_differs_from_the_library_stops_the_build(
    document: Json, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("site_builder.proofs.pattern._ESCAPES", str.maketrans({"\n": "n"}))
    changed = put(document, ("evidence", 1, "narrative"), "two\nlines")
    with pytest.raises(TemplateDiffers) as caught:
        Templates().canonical(changed)
    assert str(caught.value) == f"of {document['id']}"


def test_no_witness_can_reach_the_template_by_importing_proofs():
    sources = Path(ROOT / "site_builder/proofs").glob("*.py")
    importing = {one.name for one in sources if "proofs.template import" in one.read_text("utf-8")}
    assert importing == {"embedded.py", "notary.py"}
    imported = (ROOT / "site_builder/proofs/__init__.py").read_text("utf-8")
    assert not [one for one in ("embedded", "notary") if f"proofs.{one}" in imported]


def test_term_the_library_would_leave_out_in_silence_could_not_be_checked(signed: Json):
    """Two kinds with terms of their own: pyoxigraph knows only the last one's."""
    body = signed | {
        "@context": [CONTEXTS_OF_RECORDS[0], CONTEXTS_OF_RECORDS[1], *signed["@context"][1:]],
        "type": ["VerifiableCredential", "ClrCredential"],
        "partial": True,
    }
    said = check_proof(body, proofs_of(signed)[0], KEY.public)
    assert (said.state, said.why) == (
        "not checked",
        "In the document, $.partial: what 'partial' means here is not read.",
    )
