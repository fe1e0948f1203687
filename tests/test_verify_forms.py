# SPDX-License-Identifier: Apache-2.0
"""Badges checked by a form learned from the library: the library's bytes, verdicts and refusals."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.proofs import CONTEXTS, canonical, faults
from site_builder.verify import FormDiffers, Forms, Memory, Report, Unreachable, verify_in_folder
from site_builder.verify.cuts import _HOLES, fits
from site_builder.verify.forms import Known
from site_builder.verify.reading import read_json
from tests import mutations
from tests.attacks import attacks
from tests.mutations import signed_anyway
from tests.signed import put
from tests.verified import GOOD, KEY, NOW, OTHER_KEY, Hosted, codes, signed_again

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.mutations import Web
    from tests.signed import Json

NEVER = 10**12
LAYOUTS: Sequence[dict[str, Any]] = ({"separators": (",", ":")}, {}, {"indent": 1})


def plain(site: Hosted) -> Json:
    """An award of the site with plain addresses and words where badges differ."""
    made = site.json(GOOD)
    for number, one in enumerate(made["evidence"]):
        one |= {"id": f"https://docs.example.org/d/{number}_-x/edit?usp=sharing#h.1", "name": "N"}
        one |= {"narrative": "We met twice."}
    subject = made["credentialSubject"]
    subject["identifier"].append(
        {"type": "IdentityObject", "identityHash": "ada", "identityType": "ext:x", "hashed": False}
    )
    return made


def text(document: Json, layout: dict[str, Any] = LAYOUTS[0]) -> bytes:
    return json.dumps(document, ensure_ascii=False, **layout).encode()


def judged(
    site: Hosted, data: bytes, forms: Forms | None, web: Web | None = None, asked: str | None = None
) -> Report | None:
    def fetch(url: str) -> bytes:
        found = web[url] if web and url in web else site.fetch(url)
        if found is None:
            raise Unreachable("there is no such file")
        return found

    return verify_in_folder(
        data, now=NOW, fetch=fetch, recipient=asked, memory=Memory(), forms=forms
    )


def taught(site: Hosted, *documents: bytes, sample: int = NEVER) -> Forms:
    """Forms that saw each of these badges twice, but checked none of them."""
    forms = Forms(b"x", sample)
    for one in documents * 2:
        judged(site, one, forms)
    forms.filled = 0
    return forms


def chance(*words: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(words).encode()).digest(), "big")


def value_of(kind: str, dice: int) -> str:
    """A plain value of a kind, odder ones among them."""
    hexed = f"{dice:064x}"
    texts = ("x", " ", "_:c14n0", "_:b0", "@id", "@none", "%s %d", "<a>", "𝒜豈é", "e\u0301", "true", "نص", ":", "1e5",
             "https://example.org/", "urn:uuid:x", "^^<x>", "'", "$", "{}", "[]", ",", "null")  # fmt: skip
    made = {
        "web": f"https://{hexed[:5]}.example.org" + ("", "/", f"/{hexed[:3]}.json", f"/a/b%20c?x={hexed[5]}&y", "/~a#b")[dice % 5]
               + ("" if dice % 5 else f"/{hexed}"),
        "uuid": f"urn:uuid:{hexed[:8]}-{hexed[8:12]}-{hexed[12:16]}-{hexed[16:20]}-{hexed[20:32]}",
        "moment": f"{dice % 9000 + 1000}-{dice % 12 + 1:02}-{dice % 28 + 1:02}T{dice % 24:02}:00:59Z",
        "digits": str(dice % 10**9),
        "text": texts[dice % len(texts)] + texts[dice // 99 % len(texts)],
        "signature": "z" + "2" * 87,
    }[kind]  # fmt: skip
    assert fits(kind, made), (kind, made)
    return made


def refilled(known: Known, dice: int) -> bytes:
    """The text of a badge with other values in its holes."""
    parts = [known.form.pieces[0]]
    for number, hole in enumerate(known.form.holes):
        parts.append(value_of(hole.kind, chance(dice, number)).encode())
        parts.append(known.form.pieces[number + 1])
    return b"".join(parts)


def library_digests(document: Json) -> bytes:
    proof = document["proof"][0]
    body = {name: one for name, one in document.items() if name != "proof"}
    options = {"@context": document["@context"]} | proof
    del options["proofValue"]
    assert faults(body) == faults(options) == []
    return b"".join(hashlib.sha256(canonical(one)).digest() for one in (options, body))


# What a form gives.


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_form_gives_the_librarys_bytes_and_the_very_document_for_any_plain_values(
    site: Hosted, layout: dict[str, Any]
):
    data = text(signed_again(plain(site)), layout)
    forms = taught(site, data)
    known = forms.known(data)
    assert known is not None
    filled = 0
    for dice in range(150):
        other = refilled(known, dice)
        one = forms.known(other)
        if one is None:
            continue
        filled += 1
        assert one.document == read_json(other)
        assert one.digests() in (library_digests(one.document), None)
    assert filled > 140  # a few are left to the library for addresses that stand there twice


def test_blank_nodes_are_named_anew_by_what_they_say(site: Hosted):
    """Two holders without addresses change places in the canonical form with their names."""
    one = signed_again(plain(site))
    forms = taught(site, text(one))
    known = forms.known(text(one))
    assert known is not None
    orders = set()
    for name in "abcdefgh":
        other = put(one, ("credentialSubject", "identifier", 0, "identityHash"), name)
        found = forms.known(text(other))
        assert found is not None
        assert found.digests() == library_digests(other)
        labels = found.form.body._labels([found.values[n] for n in found.form.of_body])
        orders.add(tuple(labels or ()))
    assert len(orders) > 1


def test_badges_that_look_alike_from_one_step_away_are_left_to_the_library(site: Hosted):
    one = plain(site)
    first, second = one["credentialSubject"]["identifier"][:2]
    second |= {"identityType": first["identityType"]}
    forms = taught(site, text(signed_again(one)))
    second["identityHash"] = first["identityHash"]
    data = text(signed_again(one))
    known = forms.known(data)
    assert known is not None
    assert known.digests() is None
    report = judged(site, data, forms)
    assert report == judged(site, data, None)
    assert (codes(report)["proof"], forms.filled) == ("ok", 0)


def test_the_second_badge_of_a_form_is_the_first_one_checked_by_it(site: Hosted):
    forms, checked = Forms(b"x", NEVER), []
    for number in range(4):
        one = put(plain(site), ("id",), f"https://badges.example.org/awards/{number}.json")
        data = text(signed_again(one))
        assert judged(site, data, forms) == judged(site, data, None)
        checked.append(forms.filled)
    assert checked == [0, 1, 2, 3]


def test_where_no_two_badges_are_alike_forms_are_learned_from_a_second_one_only(
    site: Hosted, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("site_builder.verify.forms._HOPEFUL", 2)
    forms, kept = Forms(b"x", NEVER), []
    documents = [text(signed_again(plain(site) | {"name": f"Name {one}"})) for one in range(4)]
    for one in (*documents, *documents[2:], *documents):
        judged(site, one, forms)
        kept.append((forms.kept, forms.filled))
    assert kept[:6] == [(1, 0), (2, 0), (2, 0), (2, 0), (3, 0), (4, 0)]
    assert kept[-1] == (4, 4)


def test_a_badge_that_is_not_well_signed_teaches_nothing(site: Hosted):
    forged = put(signed_again(plain(site)), ("validFrom",), "2016-03-15T00:00:00Z")
    by_stranger = signed_again(plain(site), OTHER_KEY)
    forms = taught(site, text(forged), text(by_stranger))
    assert forms.known(text(forged)) is None
    assert forms.known(text(by_stranger)) is None


def test_strangers_cannot_fill_the_memory_with_forms(site: Hosted, monkeypatch: pytest.MonkeyPatch):
    documents = [text(signed_again(plain(site) | {"name": f"Name {one}"})) for one in range(5)]
    monkeypatch.setattr("site_builder.verify.forms._MOST_TEXT", 3 * len(documents[0]))
    forms = taught(site, *documents)
    assert [forms.known(one) is not None for one in documents] == [True] * 3 + [False] * 2


def test_a_form_that_disagrees_with_the_library_is_our_bug(site: Hosted):
    data = text(signed_again(plain(site)))
    known = taught(site, data).known(data)
    assert known is not None
    wrong = Forms(b"x", sample=1)
    wrong.keep(replace(known.form, schema=replace(known.form.schema, why="It is nice.")))
    with pytest.raises(FormDiffers) as trouble:
        judged(site, data, wrong)
    assert str(trouble.value) == f"on {known.document['id']}: Valid, Valid"


def test_a_sample_is_compared_and_the_salt_says_which(site: Hosted):
    one = signed_again(plain(site))
    known = taught(site, text(one)).known(text(one))
    assert known is not None
    many = [
        replace(known, values=(str(number).encode(), *known.values[1:])) for number in range(2000)
    ]
    chosen = [[one for one in range(2000) if Forms(salt, 100).is_sample(many[one])] for salt in (b"a", b"b", b"a")]  # fmt: skip
    assert chosen[0] == chosen[2] != chosen[1]
    assert all(5 <= len(one) <= 45 for one in chosen)


# What no form may take.

# As they stand between the quotes
ODD = (
    "", " https://example.org/x", "https://example.org/x ", "https://example.org/a b", "https://example.org/../x",
    "https://example.org/a/./b", "https://example.org/.x", "https://example.org//x", "https://example.org/%2e%2e/x",
    "https://user@example.org/", "https://example.org:443/", "https://EXAMPLE.org/", "https://example.org./", "HTTPS://example.org/",
    "https:example.org", "https:///x", "//example.org/x", "/x", "x", "#x", "?x", "../x", "_:b0", "_:c14n0", "@id", "@type", "@none",
    "@nonsense", "schema:name", "cred:x", "sec:proof", "id", "type", "name", "urn:x", "urn:uuid:x", "did:web:badges.example.org",
    "URN:UUID:00000000-0000-4000-8000-000000000000", "urn:uuid:ABCDEF00-0000-4000-8000-000000000000", "https://example.org/é",
    "https://example.org/x?a[0]=1", "https://example.org/x<y>", "https://example.org/x\\\\y", "https://example.org/{x}", "data:,x",
    "http://example.org/x", "javascript:x", "file:///x", "https://example.org/x\\u0020", "https://example.org/%zz", "https://xn--a.example/^",
    "\\u0041", "\\n", "a\\nb", 'a\\"b', "a\\\\b", "\\/", "\\t", "\\u0000", "\\ud800", "\\ud83d\\ude00", "\t", "\n", "\u007f", "\u0085", "\u2028",
    "\u00a0", "\ufffe", "\U000e0001", "\u202eevil", "\u200b", "\ufeff", "2016-03-14", "2016-03-14T00:00:00", "2016-03-14T00:00:00+00:00",
    "2016-03-14T00:00:00.0Z", "2016-03-14t00:00:00z", "2016-03-14T00:00:00Z ", "2016-99-99T99:99:99Z", "0000-00-00T00:00:00Z", "0000000000", "٢٠١٦-03-14T00:00:00Z", "-1", "+1", "1.0", "1e3", "٥",
    "12345678901", '","x":"y', '","id":"https://example.org/evil', '"],"x":["', '"},"x":{"y":"', "urn:badges-static:placeholder:0:",
    "https://mark-0000.invalid/placeholder", "mark 0001 of a badge's form", "9000-01-01T00:00:00Z", "z" + "1" * 88, "zIIII", "u" + "A" * 86,
)  # fmt: skip


def with_raw(known: Known, number: int, raw: bytes) -> bytes:
    """The text of a badge with some bytes in one of its holes."""
    values = [*known.values]
    values[number] = raw
    pieces = known.form.pieces
    return b"".join(one + two for one, two in zip(pieces, [*values, b""], strict=True))


def signed_as_read(data: bytes) -> bytes | None:
    """The text with a signature that fits what the library reads in it; None for no document."""
    try:
        document = json.loads(data)
        made = signed_anyway(document, KEY, more={"created": document["proof"][0]["created"]})
    except (ValueError, KeyError, RecursionError):
        return None
    if made is None:
        return None
    old, new = (one["proof"][0]["proofValue"].encode() for one in (document, made))
    return data.replace(old, new)


def test_what_is_odd_in_a_hole_gets_the_librarys_verdict(site: Hosted):
    data = text(signed_again(plain(site)))
    forms = taught(site, data)
    known = forms.known(data)
    assert known is not None
    wrong: list[Any] = []
    by_form = 0
    for number, hole in enumerate(known.form.holes):
        for odd in (*ODD, *known.values, *(one.place[-1] for one in known.form.holes)):
            raw = odd if isinstance(odd, bytes) else str(odd).encode("utf-8", "surrogatepass")
            made = with_raw(known, number, raw)
            for one in (made, signed_as_read(made) if forms.known(made) else None):
                before = forms.filled
                if one is None or forms.known(one) is None:
                    continue  # and so the library reads it
                if judged(site, one, forms) != judged(site, one, None):
                    wrong.append((hole.place, odd))
                by_form += forms.filled - before
    assert wrong == []
    assert by_form > 100  # of texts, where most of these are plain


def test_bytes_that_are_no_text_are_no_badge_of_a_form(site: Hosted):
    data = text(signed_again(plain(site)))
    forms = taught(site, data)
    known = forms.known(data)
    assert known is not None
    for number in range(len(known.values)):
        for raw in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", b"a\x00b"):
            assert forms.known(with_raw(known, number, raw)) is None


def test_blanks_behind_a_badge_make_no_other_badge_of_it(site: Hosted):
    data = text(signed_again(plain(site)))
    forms = taught(site, data + b"\n")
    for one in (data, data + b" \r\n\t"):
        assert judged(site, one, forms) == judged(site, one, None)
    assert forms.filled == 2


def test_a_badge_that_does_not_hold_by_its_form_has_the_librarys_whole_time(
    site: Hosted, monkeypatch: pytest.MonkeyPatch
):
    one = signed_again(plain(site))
    forms = taught(site, text(one))
    changed = text(put(one, ("validFrom",), "2016-03-15T00:00:00Z"))
    known = forms.known(changed)
    assert known is not None
    monkeypatch.setattr("site_builder.verify.memory._MOST_WORK", known.form.size * 3 // 2)
    assert codes(judged(site, changed, forms))["proof"] == "changed"


@pytest.mark.parametrize("ending", [b"x", b"\x0b", b"}", b"\0", b",", b'""'])
def test_more_behind_or_before_a_badge_makes_it_no_badge_of_the_form(site: Hosted, ending: bytes):
    data = text(signed_again(plain(site)))
    forms = taught(site, data)
    assert forms.known(data) is not None
    assert [forms.known(one) for one in (data + ending, ending + data, data[:-1])] == [None] * 3


# The corpora of the other tests, by folder and one by one.


def corpus(site: Hosted) -> Iterator[mutations.Case]:
    one = signed_again(plain(site))
    yield from mutations.altered("award", one)
    yield from mutations.as_texts("award", one)
    yield from mutations.with_other_contexts("award", one, KEY)
    yield from mutations.with_other_proofs("award", one, KEY, OTHER_KEY)
    yield from mutations.signed_anew("award", one, KEY, step=4)
    yield from attacks(site)


def test_every_attack_gets_in_a_folder_the_verdict_it_gets_alone(site: Hosted):
    one = signed_again(plain(site))
    bare = {name: value for name, value in site.json(GOOD).items() if name != "evidence"}
    forms = taught(site, *(text(one, layout) for layout in LAYOUTS), text(signed_again(bare)))
    cases = [
        case
        for number, case in enumerate(corpus(site))
        # What is of no known form goes the way it goes alone; some of these see to that.
        if number % 25 == 0 or forms.known(case.data) is not None
    ]
    differing = [
        case.name
        for case in cases
        if judged(site, case.data, forms, case.web, case.asked)
        != judged(site, case.data, None, case.web, case.asked)
    ]
    assert differing == []
    assert forms.filled > 20


def test_a_signature_holds_by_a_form_for_what_it_was_made_for_only(site: Hosted):
    one = signed_again(plain(site))
    forms = taught(site, text(one))
    known = forms.known(text(one))
    assert known is not None
    for number, hole in enumerate(known.form.holes):
        for dice in range(3):
            made = with_raw(known, number, value_of(hole.kind, chance(number, dice)).encode())
            assert forms.known(made) is not None, hole.place
            report = judged(site, made, forms)
            assert report == judged(site, made, None)
            assert codes(report)["proof"] in ("changed", "malformed"), hole.place
    assert forms.filled == 0


# What the forms rest on.


@cache
def schema() -> Json:
    name = "ob_v3p0_achievementcredential_schema.json"
    found: Json = json.loads(
        (resources.files("site_builder.verify") / "schemas" / name).read_bytes()
    )
    return found


def subschemas(one: Json, place: Sequence[str | int]) -> Iterator[Json]:
    """Every schema the standard applies to the value at a place."""
    if "$ref" in one:
        yield from subschemas(schema()["$defs"][one["$ref"].rpartition("/")[2]], place)
    for inner in (*one.get("oneOf", ()), *one.get("anyOf", ()), *one.get("allOf", ())):
        yield from subschemas(inner, place)
    if not place:
        yield one
    elif place[0] == "*" and isinstance(one.get("items"), dict):
        yield from subschemas(one["items"], place[1:])
    elif place[0] in one.get("properties", {}):
        yield from subschemas(one["properties"][place[0]], place[1:])


def test_the_schema_asks_for_text_in_every_hole_and_for_nothing_more():
    said = {"description", "$comment", "type", "format", "oneOf", "$ref", "propertyNames"}
    for place in _HOLES:
        for one in subschemas(schema(), place):
            assert one.keys() <= said | {"additionalProperties"}, place  # of an object, not a text


def test_no_context_gives_a_meaning_to_what_a_plain_address_begins_with():
    def names(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, one in value.items():
                yield name
                yield from names(one)
        elif isinstance(value, list):
            for one in value:
                yield from names(one)

    known = {name.lower() for url in CONTEXTS for name in names(CONTEXTS[url])}
    assert [one for one in known if one.partition(":")[0] in ("https", "http", "urn")] == []


def test_what_one_badge_is_shown_with_does_not_leak_into_another(site: Hosted):
    one = signed_again(plain(site))
    forms = taught(site, text(one))
    known = forms.known(text(one))
    assert known is not None
    before = copy.deepcopy(known.form.document)
    other = put(one, ("credentialSubject", "identifier", 0, "identityHash"), "Berit Solheim")
    found = forms.known(text(signed_again(other)))
    assert found is not None
    assert (found.document, known.form.document) == (signed_again(other), before)
