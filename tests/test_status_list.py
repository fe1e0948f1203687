# SPDX-License-Identifier: Apache-2.0
"""Status lists and the DID document: who still stands, and which keys may say so."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import keys
from site_builder.addresses import Site
from site_builder.formats import did, openbadges3, status_list
from site_builder.model import Award
from site_builder.model.catalog_kinds import Key
from site_builder.proofs import canonical, check_proof, faults, sign
from tests.signed import (
    REVOKED,
    SUSPENDED,
    VECTORS,
    WITHDRAWN,
    published,
    rich_catalog,
    second_opinion,
)
from tests.support import PRIVATE_AWARD, PUBLIC_AWARD, UNLISTED_AWARD

if TYPE_CHECKING:
    from site_builder.catalog import Catalog

SITE = Site("https://badges.example.org")
OLD, NEW = keys.SigningKey(b"\1" * 32), keys.SigningKey(b"\2" * 32)
Json = dict[str, Any]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return rich_catalog(tmp_path_factory.mktemp("rich"))


def award(number: int, index: int, state: str = "active", lists: int = 0) -> Award:
    return Award.model_validate(
        {
            "id": f"{number:026d}",
            "teacher": "7" * 26,
            "credential": "team-norms@1.0.0",
            "issued": "2016-03-14",
            "status_list": {"list": lists, "index": index},
            "status": {"state": state},
        }
    )


def bit(bits: bytes, index: int) -> int:
    return bits[index // 8] >> (7 - index % 8) & 1


@pytest.mark.parametrize(
    ("state", "flag"),
    [("active", 0), ("suspended", 1), ("revoked", 1), ("superseded", 1), ("withdrawn", 1)],
)
def test_every_state_but_active_sets_the_bit(state: str, flag: int):
    bits = status_list.status_bits([award(1, 48213, state)])
    assert bit(bits, 48213) == flag
    assert sum(one.bit_count() for one in bits) == flag


def test_first_entry_is_the_leftmost_bit_of_the_first_byte():
    bits = status_list.status_bits([award(1, 0, "revoked"), award(2, 131_071, "revoked")])
    assert (bits[0], bits[-1], len(bits)) == (0x80, 0x01, 16_384)


@pytest.mark.parametrize("index", [131_072, 10**9])
def test_index_beyond_the_list_is_a_mistake(index: int):
    with pytest.raises(ValueError, match=rf"^award 0{{25}}1: index {index} is out of range$"):
        status_list.status_bits([award(1, index)])


def test_index_used_twice_is_a_mistake():
    with pytest.raises(ValueError, match=r"^award 0{25}2: index 5 is used twice$"):
        status_list.status_bits([award(1, 5), award(2, 5)])


@pytest.mark.parametrize("size", [0, 131_064, 131_073])
def test_list_too_small_for_privacy_is_a_mistake(size: int):
    with pytest.raises(ValueError, match=rf"^not a size of a status list: {size}$"):
        status_list.status_bits([], size)


@given(st.sets(st.integers(0, 131_071), max_size=200))
def test_encoded_bits_are_read_back_by_anybody(revoked: set[int]):
    bits = status_list.status_bits(
        [award(number, one, "revoked") for number, one in enumerate(revoked)]
    )
    text = status_list.encoded(bits)
    assert text[0] == "u"
    assert "=" not in text
    packed = base64.urlsafe_b64decode(text[1:] + "==")
    assert packed[:10] == b"\x1f\x8b\x08" + bytes(7)  # no clock, no computer in the bytes
    assert gzip.decompress(packed) == bits == status_list.decoded(text)


def test_list_of_others_has_the_bit_their_revoked_credential_names():
    """1EdTech's own fixtures: which end of a byte comes first is easily mistaken."""
    folder = VECTORS / "eddsa-rdfc-2022/1edtech"
    theirs = json.loads((folder / "ob30-testlist.json").read_text("utf-8"))
    revoked = json.loads((folder / "ob30-credential-status-revoked.json").read_text("utf-8"))
    bits = status_list.decoded(theirs["credentialSubject"]["encodedList"])
    index = revoked["credentialStatus"]["statusListIndex"]
    assert bits == status_list.status_bits([award(1, index, "revoked")])


def test_lists_hold_private_awards_too_and_no_work_under_review(catalog: Catalog):
    draft = award(9, 9).model_copy(update={"issued": None})
    found = status_list.lists([*catalog.awards.values(), award(8, 3, lists=2), draft])
    assert {number: [one.id for one in awards] for number, awards in found.items()} == {
        0: [PUBLIC_AWARD, UNLISTED_AWARD, PRIVATE_AWARD, REVOKED, SUSPENDED, WITHDRAWN],
        2: [award(8, 3).id],
    }


def test_list_credential_word_for_word(catalog: Catalog):
    awards = status_list.lists(catalog.awards.values())[0]
    found = status_list.credential(0, awards, SITE)
    bits = status_list.decoded(found["credentialSubject"].pop("encodedList"))
    assert found == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://badges.example.org/status/0.json",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:badges.example.org",
        "validFrom": "2016-06-15T00:00:00Z",  # the newest change in the data
        "credentialSubject": {
            "id": "https://badges.example.org/status/0.json#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
        },
    }
    assert [index for index in range(131_072) if bit(bits, index)] == [13, 14, 15]


def test_credential_and_list_point_at_each_other(catalog: Catalog):
    awards = status_list.lists(catalog.awards.values())[0]
    found = status_list.credential(0, awards, SITE)
    bits = status_list.decoded(found["credentialSubject"]["encodedList"])
    for one in awards:
        if one.status.state == "withdrawn":
            continue
        entry = openbadges3.credential(one, catalog, SITE)["credentialStatus"]
        assert entry["statusListCredential"] == found["id"]
        assert entry["statusPurpose"] == found["credentialSubject"]["statusPurpose"]
        assert bit(bits, int(entry["statusListIndex"])) == (one.status.state != "active")


def test_list_credential_is_safe_to_sign_and_verifies(catalog: Catalog):
    awards = status_list.lists(catalog.awards.values())[0]
    found = status_list.credential(0, awards, SITE)
    assert faults(found, signing=True) == []
    assert canonical(found) == second_opinion(found)
    signed = published(
        sign(found, NEW, method="did:web:badges.example.org#key-1", created=found["validFrom"])
    )
    assert check_proof(signed, signed["proof"][0], NEW.public).state == "passed"


def test_list_without_awards_is_a_mistake():
    with pytest.raises(ValueError, match=r"^a status list without awards$"):
        status_list.credential(0, [], SITE)


# Keys over time


def key(key_id: str, of: keys.SigningKey, **dates: str) -> Key:
    return Key.model_validate({"id": key_id, "public": of.public, "from": "2015-01-01", **dates})


def trusted(document: Json, signed: Json) -> str:
    """What a verifier concludes from a DID document, as the standard tells it to."""
    (proof,) = signed["proof"]
    method = proof["verificationMethod"]
    if method not in document["assertionMethod"]:
        return "no such key"
    (public,) = [
        one["publicKeyMultibase"] for one in document["verificationMethod"] if one["id"] == method
    ]
    return check_proof(signed, proof, public).state


def credential_by(catalog: Catalog, by: keys.SigningKey, key_id: str) -> Json:
    one = openbadges3.credential(catalog.awards[PUBLIC_AWARD], catalog, SITE)
    return published(
        sign(one, by, method=f"did:web:badges.example.org#{key_id}", created=one["validFrom"])
    )


def test_did_document_word_for_word():
    assert did.document([key("key-1", OLD)], SITE) == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": "did:web:badges.example.org",
        "verificationMethod": [
            {
                "id": "did:web:badges.example.org#key-1",
                "type": "Multikey",
                "controller": "did:web:badges.example.org",
                "publicKeyMultibase": OLD.public,
            }
        ],
        "assertionMethod": ["did:web:badges.example.org#key-1"],
    }


def test_did_document_has_no_undefined_term():
    document = did.document([key("key-1", OLD), key("key-2", NEW)], SITE)
    assert faults(document, signing=True) == []


def test_after_a_rotation_old_and_new_signatures_hold(catalog: Catalog):
    document = did.document([key("key-1", OLD, until="2020-01-01"), key("key-2", NEW)], SITE)
    assert trusted(document, credential_by(catalog, OLD, "key-1")) == "passed"
    assert trusted(document, credential_by(catalog, NEW, "key-2")) == "passed"
    assert trusted(document, credential_by(catalog, OLD, "key-2")) == "failed"


def test_after_a_compromise_only_new_signatures_hold(catalog: Catalog):
    document = did.document(
        [key("key-1", OLD, until="2020-01-01", compromised="2019-12-24"), key("key-2", NEW)], SITE
    )
    assert OLD.public not in str(document)
    assert trusted(document, credential_by(catalog, OLD, "key-1")) == "no such key"
    assert trusted(document, credential_by(catalog, NEW, "key-2")) == "passed"


def test_history_names_every_key_with_its_dates():
    found = did.history(
        [key("key-1", OLD, until="2020-01-01", compromised="2019-12-24"), key("key-2", NEW)], SITE
    )
    assert found == {
        "issuer": "did:web:badges.example.org",
        "keys": [
            {
                "id": "did:web:badges.example.org#key-1",
                "publicKeyMultibase": OLD.public,
                "from": "2015-01-01",
                "until": "2020-01-01",
                "compromised": "2019-12-24",
            },
            {
                "id": "did:web:badges.example.org#key-2",
                "publicKeyMultibase": NEW.public,
                "from": "2015-01-01",
            },
        ],
    }


# Lists of plain entries, as shards give them.


def test_entries_say_of_an_award_what_its_list_needs_and_no_more(catalog: Catalog):
    place = catalog.awards[REVOKED].status_list
    assert place is not None
    assert status_list.entry(catalog.awards[REVOKED]) == (place.index, True, "2016-06-09")
    assert status_list.entry(award(1, 7)) == (7, False, "2016-03-14")
    assert json.loads(json.dumps(status_list.entry(award(1, 7)))) == [7, False, "2016-03-14"]


def test_an_award_without_place_or_day_has_no_entry():
    placeless = award(1, 7).model_copy(update={"status_list": None})
    with pytest.raises(ValueError, match=r"^award 0{25}1 has no place in a status list$"):
        status_list.entry(placeless)
    with pytest.raises(ValueError, match=r"^award 0{25}1 has no day$"):
        status_list.entry(award(1, 7).model_copy(update={"issued": None}))


@given(st.data())
def test_a_list_of_entries_is_the_list_of_their_awards_in_any_order(data: st.DataObject):
    indices = data.draw(st.lists(st.integers(0, 131_071), min_size=1, max_size=50, unique=True))
    states = st.sampled_from(["active", "revoked", "suspended"])
    awards = [
        award(number, one, data.draw(states)).model_copy(
            update={"issued": dt.date(2016, 1, 1) + dt.timedelta(data.draw(st.integers(0, 900)))}
        )
        for number, one in enumerate(indices)
    ]
    entries = data.draw(st.permutations([status_list.entry(one) for one in awards]))
    made = status_list.credential_of(3, status_list.Bits.of(entries), SITE)

    assert made == status_list.credential(3, awards, SITE)


def test_entries_out_of_range_or_at_one_place_are_a_mistake():
    bits = status_list.Bits()
    bits.add(status_list.entry(award(1, 5)))
    for wrong, said in (
        (5, "index 5 is used twice"),
        (-1, "index -1 is out of range"),
        (131_072, "index 131072 is out of range"),
    ):
        with pytest.raises(ValueError, match=rf"^{said}$"):
            bits.add(status_list.entry(award(2, 6, "revoked"))._replace(place=wrong))
    assert (bits.packed, bits.newest) == (bytes(16_384), "2016-03-14")


def test_a_list_of_no_entries_is_a_mistake():
    with pytest.raises(ValueError, match=r"^a status list without awards$"):
        status_list.credential_of(0, status_list.Bits(), SITE)
