# SPDX-License-Identifier: Apache-2.0
"""Many documents signed fast are signed as one is; what is kept between processes is never trusted."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder import keys
from site_builder.addresses import Site
from site_builder.formats import clr, openbadges3
from site_builder.json_text import compact
from site_builder.keys import SigningKey
from site_builder.proofs import UnsafeDocument, canonical, faults, safe, sign, stored
from site_builder.proofs.blocks import Block, Quads, merged
from site_builder.proofs.notary import Notary, Signed
from site_builder.proofs.stored import Memory
from site_builder.proofs.template import TemplateDiffers, Templates
from tests.signed import drop, leaves, published, put, rich_catalog, second_opinion
from tests.support import PUBLIC_AWARD, PUBLIC_TEACHER
from tests.test_proofs import ADDRESSES, CREDENTIALS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.catalog import Catalog

Json = dict[str, Any]
BASE = "https://badges.example.org"
SITE = Site(BASE)
METHOD = "did:web:badges.example.org#key-1"
KEY, OTHER = keys.preview(), SigningKey(b"\7" * 32)
PARTS = openbadges3.CONSTANT_PATHS
ACHIEVEMENT = ("credentialSubject", "achievement")


class Bytes(dict[str, bytes]):
    """A store in memory."""

    def put(self, key: str, data: bytes) -> None:
        self[key] = data


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return rich_catalog(tmp_path_factory.mktemp("rich"))


@pytest.fixture(scope="module")
def document(catalog: Catalog) -> Json:
    return openbadges3.credential(catalog.awards[PUBLIC_AWARD], catalog, SITE)


def notary(store: Bytes | None = None, key: SigningKey = KEY) -> Notary:
    return Notary(key, METHOD, PARTS, store)


def bodies(catalog: Catalog, few: int | None = None) -> Iterator[Json]:
    """Credentials of a catalog's published awards, made as a build does."""
    shared = openbadges3.Achievements(catalog, SITE)
    for award in catalog.published[:few]:
        if award.status.state != "withdrawn":
            yield openbadges3.credential(award, catalog, SITE, shared)


def by_the_library(body: Json) -> Json:
    return sign(body, KEY, method=METHOD, created=body["validFrom"])


def same(made: Signed, body: Json) -> None:
    """What the notary made is what `sign` makes, and its text is that as JSON."""
    expected = by_the_library(body)
    assert made.document == expected
    assert made.text == compact(expected)
    assert made.data == (compact(expected) + "\n").encode()


# The same as one by one.


def test_every_award_of_the_demo_is_signed_as_the_library_has_it(demo_catalog: Catalog):
    fast = notary()
    for body in bodies(demo_catalog):
        same(fast.signed(body, body["validFrom"]), body)
    assert fast.templates.asked == 0
    # Shapes without the achievement, and achievements without the rest: not each with each.
    assert len(fast.templates._frames) < 15
    assert len(fast.templates._parts) <= 1 + len(demo_catalog.versions)


FAST = notary()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CREDENTIALS, st.data())
def test_whatever_is_written_is_signed_and_published_as_the_library_has_it(
    body: Json, data: st.DataObject
):
    second = published(body)
    for place, value in list(leaves(body)):
        if place[-1] in ("name", "narrative", "identityHash", "targetName"):
            second = put(second, place, data.draw(WORDS))
        elif place[-1] in ("id", "achievedLevel") and isinstance(value, str):
            second = put(second, place, data.draw(ADDRESSES))
    for one in (body, second):
        if not faults(one, signing=True):
            same(FAST.signed(one, one["validFrom"]), one)


@pytest.mark.parametrize("words", ["100% %s %d", 'a "b" \\ c', "\u2028\u2029", "🦉", "%", ""])
def test_words_that_look_like_formats_stay_words(document: Json, words: str):
    fast = notary()
    for _ in range(2):
        body = put(document, ("evidence", 1, "narrative"), words)
        body = put(body, (*ACHIEVEMENT, "description"), words)
        same(fast.signed(body, body["validFrom"]), body)


def test_records_are_signed_as_the_library_has_them(demo_catalog: Catalog):
    fast, catalog = notary(), demo_catalog
    shared = openbadges3.Achievements(catalog, SITE)
    for teacher in clr.teachers(catalog)[::8]:
        held = clr.standing(catalog.shown_in_backpack(teacher))
        inside = [
            fast.signed(body, body["validFrom"])
            for body in (openbadges3.credential(one, catalog, SITE, shared) for one in held)
        ]
        documents = [one.document for one in inside]
        body = clr.record(teacher, documents, catalog, SITE, shared=shared)
        same(fast.record(body, body["validFrom"], inside), body)
    assert fast.records.asked == 0


def test_a_record_takes_over_only_what_stands_in_it(catalog: Catalog, document: Json):
    fast = notary()
    one = fast.signed(document, document["validFrom"])
    body = clr.record(catalog.teachers[PUBLIC_TEACHER], [one.document], catalog, SITE)
    for wrong in ([], [fast.signed(document, document["validFrom"])], [one, one]):
        with pytest.raises(
            ValueError, match=r"^the record holds other credentials than those given$"
        ):
            fast.record(body, body["validFrom"], wrong)


def test_what_sign_refuses_is_refused(document: Json):
    fast = notary()
    signed = fast.signed(document, document["validFrom"]).document
    with pytest.raises(ValueError, match=r"^the document has a proof already$"):
        fast.signed(signed, document["validFrom"])
    with pytest.raises(ValueError, match=r"^not a date-time with zone: '2016'$"):
        fast.signed(document, "2016")
    with pytest.raises(UnsafeDocument):
        fast.signed(put(document, ("honours",), "many"), document["validFrom"])


def test_proofs_of_many_days_are_no_burden(document: Json, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("site_builder.proofs.notary._DAYS", 3)
    fast = notary()
    for day in range(1, 9):
        body = put(document, ("validFrom",), f"2016-03-{day:02d}T00:00:00Z")
        same(fast.signed(body, body["validFrom"]), body)
    assert len(fast._heads) <= 3


# Parts.


def test_an_achievement_is_learned_once_for_all_shapes(document: Json):
    templates = Templates(PARTS)
    others = (
        document,
        drop(document, ("evidence",)),
        drop(document, ("validUntil",)),
        drop(document, ("credentialSubject", "identifier")),
    )
    for one in others:
        assert templates.canonical(one) == canonical(one) == second_opinion(one)
    assert (len(templates._frames), len(templates._parts)) == (4, 2)  # the issuer is one as well
    assert (templates.filled, templates.asked) == (4, 0)


def test_a_part_means_what_it_means_at_its_place(document: Json):
    """The same object as an achievement and, in another document, where nothing defines it."""
    templates = Templates([*PARTS, ("evidence",), ("refreshService",)])
    issuer = {"id": "https://x.example/", "type": ["Profile"], "name": "X"}
    for one in (
        put(document, ("issuer",), issuer),
        put(document, ("refreshService",), issuer),
        put(document, ("evidence",), issuer | {"type": ["Evidence"]}),
        put(document, ("type",), ["VerifiableCredential"]),
    ):
        if faults(one, signing=True):
            with pytest.raises(UnsafeDocument):
                templates.canonical(one)
        else:
            assert templates.canonical(one) == canonical(one) == second_opinion(one)


@pytest.mark.parametrize(
    "place", [(*ACHIEVEMENT, "criteria", "id"), (*ACHIEVEMENT, "image", "id"), (*ACHIEVEMENT, "id")]
)
def test_an_object_without_an_address_makes_its_achievement_no_part(
    document: Json, place: tuple[str, ...]
):
    templates = Templates(PARTS)
    body = drop(document, place)
    for name in ("one", "two"):
        one = put(body, ("name",), name)
        assert templates.canonical(one) == canonical(one) == second_opinion(one)
    assert len(templates._parts) == 1  # the issuer
    assert templates.asked == 0


def test_lists_and_contexts_inside_make_no_part(document: Json):
    templates = Templates(PARTS)
    for value in ([{"id": "urn:x:1"}], "urn:x:1", {"id": "urn:x:1", "@context": []}):
        assert not templates._reader.read(put(document, ("issuer",), value)).parts[1:]


def test_an_achievement_that_describes_the_credential_is_not_signed(document: Json):
    templates = Templates(PARTS)
    assert templates.canonical(document)
    body = put(document, (*ACHIEVEMENT, "image", "id"), document["id"])
    with pytest.raises(UnsafeDocument, match=r"describes the document itself once more"):
        templates.canonical(body)
    # Known from another credential, where it describes nothing.
    assert templates.canonical(put(body, ("id",), "urn:x:other"))
    with pytest.raises(UnsafeDocument, match=r"describes the document itself once more"):
        templates.canonical(body)


def test_an_achievement_may_name_the_credential_without_a_word_about_it(document: Json):
    templates = Templates(PARTS)
    for name in (document["id"], "urn:x:other"):
        body = put(put(document, ("id",), name), (*ACHIEVEMENT, "image"), {"id": document["id"]})
        assert templates.canonical(body) == canonical(body) == second_opinion(body)


def test_what_is_unsafe_inside_an_achievement_is_not_signed(document: Json):
    templates = Templates(PARTS)
    assert templates.canonical(document)
    for place, value in (
        ((*ACHIEVEMENT, "honours"), "many"),
        ((*ACHIEVEMENT, "name"), "bell\x07"),
        ((*ACHIEVEMENT, "image", "id"), "images/a.png"),
    ):
        with pytest.raises(UnsafeDocument):
            templates.canonical(put(document, place, value))


def test_an_achievement_changed_in_place_is_noticed(document: Json):
    fast, body = notary(), published(document)
    same(fast.signed(body, body["validFrom"]), body)
    body["credentialSubject"]["achievement"]["name"] = "Renamed in place"
    same(fast.signed(body, body["validFrom"]), body)


def test_a_part_with_other_lines_than_the_librarys_stops_the_build(
    document: Json, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "site_builder.proofs.template.part_of",
        lambda *_: stored.part_from(["<urn:x> <urn:y> <urn:z> .\n"]),
    )
    with pytest.raises(TemplateDiffers) as caught:
        Templates(PARTS).canonical(document)
    assert str(caught.value) == f"of {document['id']}"


# Lines in order.

LINES = st.binary(max_size=3).map(lambda one: one.replace(b"\n", b"") + b"\n")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(LINES, max_size=9), max_size=5))
def test_merged_lines_are_in_order_and_each_once(several: list[list[bytes]]):
    everything = sorted({line for lines in several for line in lines})
    assert merged([Block.of(lines) for lines in several]) == b"".join(everything)


def test_quads_of_a_canonical_form_give_it_back(document: Json):
    written = canonical(document)
    found = Quads.of(written)
    assert found.canonical() == written
    assert len(found.blank) == 5
    assert found.describes(document["id"].encode())
    assert not found.describes(document["id"].encode()[:-1])


# Kept for other processes.


def test_what_was_learned_is_remembered(demo_catalog: Catalog):
    store, some = Bytes(), list(bodies(demo_catalog, 60))
    first, second = notary(store), notary(store)
    made = [first.signed(one, one["validFrom"]).data for one in some]
    entries = dict(store)
    assert [second.signed(one, one["validFrom"]).data for one in some] == made
    assert first.templates.learned == len(entries) == second.templates.remembered > 10
    assert (second.templates.learned, second.templates.asked) == (0, 0)
    assert second.templates.compared == 1  # the first one all the same
    assert store == entries


def test_no_word_about_a_person_is_kept(demo_catalog: Catalog):
    store = Bytes()
    fast = notary(store)
    people = set()
    for body in bodies(demo_catalog, 60):
        fast.signed(body, body["validFrom"])
        people |= {one["identityHash"] for one in body["credentialSubject"].get("identifier", [])}
        people |= {body["id"], body["credentialSubject"]["id"]}
    kept = b"".join(store.values()).decode("utf-8", "replace")
    assert len(people) > 60
    assert [one for one in people if one in kept] == []


def flipped(data: bytes) -> bytes:
    return data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]


def forged(data: bytes) -> bytes:
    """Resealed by somebody who does not have the key."""
    return hmac.digest(b"a guess", data[32:], "sha256") + data[32:]


SPOILT = {
    "a flipped bit": lambda store: {name: flipped(data) for name, data in store.items()},
    "cut": lambda store: {name: data[:-1] for name, data in store.items()},
    "empty": lambda store: dict.fromkeys(store, b""),
    "no seal": lambda store: {name: data[32:] for name, data in store.items()},
    "another seal": lambda store: {name: forged(data) for name, data in store.items()},
    "changed places": lambda store: dict(zip(store, [*list(store.values())[1:], b""], strict=True)),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_store_is_ignored_and_mended(document: Json, how: str):
    store = Bytes()
    notary(store).signed(document, document["validFrom"])
    whole = dict(store)
    store |= SPOILT[how](whole)
    fast = notary(store)

    same(fast.signed(document, document["validFrom"]), document)
    assert (fast.templates.remembered, fast.templates.learned) == (0, len(whole))
    assert store == whole


def test_what_was_learned_under_another_key_is_foreign(document: Json):
    store = Bytes()
    notary(store, OTHER).signed(document, document["validFrom"])
    theirs = dict(store)
    fast = notary(store)

    same(fast.signed(document, document["validFrom"]), document)
    assert fast.templates.remembered == 0
    assert {name: store[name] for name in theirs} == theirs
    assert len(store) == 2 * len(theirs)


def test_what_other_code_learned_is_not_read(document: Json, monkeypatch: pytest.MonkeyPatch):
    store = Bytes()
    notary(store).signed(document, document["validFrom"])
    monkeypatch.setattr("site_builder.proofs.stored.code_version", lambda: "another")
    fast = notary(store)
    fast.signed(document, document["validFrom"])
    assert fast.templates.remembered == 0


def test_the_code_version_covers_this_folder_the_contexts_and_the_library():
    assert re.fullmatch(r"[0-9a-f]{64}", stored.code_version())


def test_a_sealed_template_with_other_lines_stops_the_build(document: Json):
    """Whoever has the key could seal one; the first document of a process is compared anyway."""
    store = Bytes()
    notary(store).signed(document, document["validFrom"])
    secret = notary(store).templates._memory
    assert isinstance(secret, Memory)
    for name, data in store.items():
        wrong = data[32:].replace(b"#Evidence", b"#Nothing")
        store[name] = secret._seal(name, wrong) + wrong
    with pytest.raises(TemplateDiffers):
        notary(store).signed(document, document["validFrom"])


def test_the_secret_of_the_store_is_no_signature_anybody_sees(document: Json):
    store = Bytes()
    fast = notary(store)
    made = fast.signed(document, document["validFrom"])
    memory = fast.templates._memory
    assert isinstance(memory, Memory)
    assert memory._secret not in b"".join(store.values())
    assert keys.decode58(made.document["proof"][0]["proofValue"][1:]) != memory._secret
    assert hashlib.sha256(KEY.sign(b"\0" * 64)).digest() != memory._secret


def test_a_store_that_forgets_is_only_slower(document: Json):
    class Forgetful(Bytes):
        def put(self, key: str, data: bytes) -> None:
            pass

    for _ in range(2):
        fast = notary(Forgetful())
        same(fast.signed(document, document["validFrom"]), document)
        assert fast.templates.remembered == 0


# Addresses, read once.


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        ADDRESSES,
        st.text("ahtps:/?#%0F.@é[] \u00a0\ue000", max_size=14),
        st.from_regex(r"\A(https?|urn|did):(//)?[a-z.%0-9:@/?#]{0,12}\Z"),
    )
)
def test_an_address_is_one_as_before(text: str):
    """The pattern never gives characters back; one that does finds the same."""
    slow = re.compile(re.sub(r"(?<=[+*])\+", "", safe.IRI.pattern))
    assert slow.pattern != safe.IRI.pattern
    found, expected = safe.IRI.fullmatch(text), slow.fullmatch(text)
    assert (found and found.groups()) == (expected and expected.groups())


def test_json_of_a_signed_file_reads_back_as_the_document(catalog: Catalog):
    named = replace(
        catalog,
        teachers=catalog.teachers
        | {
            PUBLIC_TEACHER: catalog.teachers[PUBLIC_TEACHER].model_copy(
                update={"name": 'Ada "%s" \\ Ōkafor 🦉'}
            )
        },
    )
    body = openbadges3.credential(named.awards[PUBLIC_AWARD], named, SITE)
    made = notary().signed(body, body["validFrom"])
    assert json.loads(made.data) == made.document
