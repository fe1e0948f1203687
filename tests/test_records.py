# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import contextlib
import copy
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import SchemaValidator, core_schema

from site_builder.documents import Document, Loc, parse
from site_builder.model import KINDS, scalars
from site_builder.model.quick import quick_validator
from site_builder.records import Record, read_record, read_records
from site_builder.sources import read_tree
from tests.repositories import base_files
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from site_builder.model import Entry

PATHS = {
    "issuer": "catalog/issuer.yml",
    "credential": "catalog/credentials/team-norms.yml",
    "pathway": "catalog/pathways/team-leader.yml",
    "role": "catalog/roles/team-leader.yml",
    "program": "catalog/programs/pilot.yml",
    "teacher": "awards/teachers/teacher1000000000000000000.yml",
    "award": "awards/2015-16/pilot/award100000000000000000000.yml",
}
SLUG = "use small letters a to z, digits and hyphens, at most 63 characters"
GENERAL = "The page of fields (reference/fields/) says what each key takes."
RANDOM = "use a 26-character id of 0-9 and a-z without i, l, o and u"


def read(kind: str, text: str) -> Record | list[str]:
    """The record, or its problems in a line each, the general hint left out."""
    document = parse("x.yml", text.encode())
    assert isinstance(document, Document), document
    found = read_record(kind, "x", document)
    if isinstance(found, Record):
        return found
    told = [f"{one.place.line}:{one.code} {one.message} {one.hint}" for one in found]
    return [one.removesuffix(GENERAL).rstrip() for one in told]


@pytest.mark.parametrize(
    ("kind", "old", "new", "message"),
    [
        ("role", "title: Team leader", "title: true",
         "1:FD003 title is 'true'; write text here, in quotes if the word is meant."),
        ("role", "title: Team leader", "title: [a]",
         "1:FD003 title does not fit; write text here."),
        ("role", "title: Team leader", "title: ''",
         "1:FD003 title is ''; write at least one word, or leave the key out."),
        ("role", "title: Team leader", "title: {}",
         "1:FD003 title does not fit; write the text, or one text per language."),
        ("role", "title: Team leader", "title: {english: x}",
         "1:FD003 title does not fit; 'english' is not a language tag; use tags such as en or es."),
        ("role", "kind: alternative", "kind: alternativ",
         ("3:FD003 ways[1].kind is 'alternativ'; write one of alternative, traditional."
         " Did you mean 'alternative'?")),
        ("role", "title: Team leader", "title: T\npay: {currency: usd}",
         "2:FD003 pay.currency is 'usd'; write a currency as three capitals, such as USD."),
        ("role", "title: Team leader", "title: T\npay: {currency: USD}",
         "2:FD003 pay does not fit; write either amount or up_to."),
        ("role", "title: Team leader", "title: T\npay: {currency: USD, amount: -1}",
         "2:FD003 pay.amount is '-1'; write a number of 0 or more, such as 15 or 2.5."),
        ("role", "title: Team leader", "title: T\nvalidity: 3 years",
         "2:FD003 validity is '3 years'; write a length of time such as P1Y, P6M, P2W or P10D."),
        ("issuer", "type: nonprofit", "type: charity",
         ("2:FD003 type is 'charity'; write one of district, nonprofit, university, union, "
         "state-agency, school.")),
        ("issuer", "base_url: https://badges.example.org", "base_url: badges.example.org",
         ("3:FD003 base_url is 'badges.example.org'; write a full address that starts with "
         "https:// and holds no spaces.")),
        ("issuer", "contact: badges@example.org", "contact: badges at example.org",
         "5:FD003 contact is 'badges at example.org'; write an e-mail address."),
        ("issuer", "region: {country: US}", "region: US",
         "6:FD003 region is 'US'; write keys and values here."),
        ("issuer", "languages: [en]", "languages: English",
         "7:FD003 languages is 'English'; write a list here, such as [one, two]."),
        ("issuer", "languages: [en]", "languages: [en, English]",
         "7:FD003 languages[2] is 'English'; write a language tag such as en or pt-BR."),
        ("issuer", "languages: [en]", "languages: [en]\npublish: {ob2: no}",
         "8:FD003 publish.ob2 is 'no'; write true or false, without quotes."),
        ("credential", "version: 1.0.0", "version: 1.0",
         "2:FD003 version is '1.0'; write a version as MAJOR.MINOR.PATCH, such as 1.0.0."),
        ("credential", "effective: 2015-01-01", "effective: 2015-02-29",
         ("3:FD003 effective is '2015-02-29'; there is no such day. Look it up in a calendar; a day "
         "is written as 2016-03-14.")),
        ("credential", "{min: 5, typical: 10, max: 15}", "{min: 5, typical: 20, max: 15}",
         "9:FD003 workload.hours does not fit; min, typical and max must not fall."),
        ("credential", "tags: [start]", "tags: [Start]", f"7:FD003 tags[1] is 'Start'; {SLUG}."),
        ("credential", "tags: [start]", "assessment: {type: portfolio, attempts: often}",
         ("7:FD003 assessment.attempts is 'often'; write a whole number, without quotes, or write "
         "unlimited.")),
        ("pathway", "requires: {all_in: {area: teams}}", "requires: {at_least: 2}",
         "4:FD003 requires does not fit; 'of' belongs to at_least and hours, and both need it."),
        ("pathway", "requires: {all_in: {area: teams}}", "requires: {at_least: 2, of: 5}",
         ("4:FD003 requires.of is '5'; write a list here, such as [one, two], or write keys and "
         "values here.")),
        ("pathway", "requires: {all_in: {area: teams}}", "requires: {at_least: 2, of: {aera: a}}",
         "4:FD001 there is no key 'aera' in requires.of. Did you mean 'area'?"),
        ("pathway", "requires: {all_in: {area: teams}}",
         "requires: {at_least: 2, of: [{credentail: a}]}",
         "4:FD001 there is no key 'credentail' in requires.of[1]. Did you mean 'credential'?"),
        ("pathway", "requires: {all_in: {area: teams}}", "requires: {all_in: {area: a, tag: b}}",
         "4:FD003 requires.all_in does not fit; name one of area, tag or framework."),
        ("pathway", "requires: {all_in: {area: teams}}", "requires: {credential: a, hours: 2}",
         ("4:FD003 requires does not fit; write exactly one of credential, pathway, all_of, any_of, "
         "at_least, all_in, hours, role_held.")),
        ("pathway", "requires: {all_in: {area: teams}}", "requires: {role_held: a, min_level: b}",
         "4:FD003 requires does not fit; 'min_level' belongs to a credential."),
        ("pathway", "leads_to: [{role: team-leader}]", "leads_to: [{}]",
         "6:FD002 'role' is missing in leads_to[1]. Add a line 'role: ...'."),
        ("program", "participants: 3", "participants: -3",
         "9:FD003 cohorts[1].participants is '-3'; write a whole number, 0 or more."),
        ("program", "school_year: 2015-16", "school_year: 2015",
         "3:FD003 school_year is '2015'; write a school year such as 2015-16."),
        ("program", "{s1: 1, s2: 2}", "{S 1: 1}",
         f"9:FD003 the key 'S 1' in cohorts[1].by_school does not fit; {SLUG}."),
        ("teacher", "handle: siobhan", "handle: Siobhán O'Neill",
         f"2:FD003 handle does not fit; {SLUG}."),
        ("teacher", "visibility: public", "visibility: publik",
         ("3:FD003 visibility is 'publik'; write one of private, unlisted, public."
         " Did you mean 'public'?")),
        ("teacher", "visibility: public",
         "identity: [{type: emailAddress, hash: maya@example.org, salt: x}]",
         "3:FD003 identity[1].hash does not fit; write 'sha256$' and 64 hexadecimal digits."),
        ("award", "teacher: teacher1000000000000000000", "teacher: Maya Osei",
         f"1:FD003 teacher does not fit; {RANDOM}."),
        ("award", "credential: team-norms@1.0.0", "credential: team-norms",
         ("2:FD003 credential is 'team-norms'; write the name and its version, such as "
         "looking-at-work@1.0.0.")),
        ("award", "issued: 2016-03-14", "issued: 14.3.2016",
         ("14:FD003 issued is '14.3.2016'; write a date as YYYY-MM-DD. Write a day as "
         "2016-03-14.")),
        ("award", "criteria_sha256: current", "criteria_sha256: current1",
         "3:FD003 criteria_sha256 does not fit; write a SHA-256 as 64 hexadecimal digits."),
        ("award", "status_list: {list: 0, index: 1}", "status_list: {list: 0, indx: 1}",
         "7:FD001 there is no key 'indx' in status_list. Did you mean 'index'?"),
    ],
)  # fmt: skip
def test_field_that_does_not_fit_says_what_to_write(kind, old, new, message):
    text = base_files()[PATHS[kind]].replace("sha256: current\n", f"sha256: {'a1' * 32}\n")
    old = old.replace("sha256: current", f"sha256: {'a1' * 32}")
    assert text.count(old) == 1
    found = read(kind, text.replace(old, new))
    assert isinstance(found, list)
    assert message in found
    assert all("is missing" in one for one in found if one != message)


def test_key_of_another_kind_is_listed_with_the_known_ones():
    text = base_files()[PATHS["pathway"]].replace("{role: team-leader}", "{xyz: a, role: b}")
    assert read("pathway", text) == [
        "6:FD001 there is no key 'xyz' in leads_to[1]. Known keys here: role."
    ]


def test_of_many_keys_the_eight_nearest_are_listed():
    text = base_files()[PATHS["credential"]] + "hardness: 1\n"
    keys = "aliases, assessment, audience, class, code, fees, research, resources and 28 more"
    assert read("credential", text) == [
        f"23:FD001 there is no key 'hardness' here. Known keys here: {keys}."
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("title: 5\nways: [{kind: a}]\n", GENERAL),
        ("title: {S 1: 1}\nways: []\n", GENERAL),
        ("title: 5\nways: [{kind: alternativ}]\n", "Did you mean 'alternative'?"),
    ],
)
def test_value_that_does_not_fit_always_has_a_hint(text: str, hint: str):
    document = parse("x.yml", text.encode())
    assert isinstance(document, Document)
    found = read_record("role", "x", document)
    assert isinstance(found, list)
    assert [(one.code, one.hint) for one in found] == [("FD003", hint)]


def test_every_problem_of_a_file_is_told_at_once():
    assert read("role", "id: x\nkind: role\ntitle: 5\nways: [{kind: a}, 5]\n") == [
        "1:FD004 'id' does not belong in the file: the file name is the id. Take the line out.",
        "2:FD004 'kind' does not belong in the file: the folder says the kind. Take the line out.",
        "4:FD003 ways[1].kind is 'a'; write one of alternative, traditional.",
        "4:FD003 ways[2] is '5'; write keys and values here.",
    ]


def test_whole_number_is_a_text_where_text_is_asked_for():
    found = read("role", "title: 2016\nways: [{kind: traditional, text: {en: 7}}]\n")
    assert isinstance(found, Record)
    assert found.entry.title == {"": "2016"}
    assert found.entry.ways[0].text == {"en": "7"}


def test_earlier_version_has_the_slug_as_its_own_id():
    document = parse("x.yml", base_files()[PATHS["credential"]].encode())
    assert isinstance(document, Document)
    found = read_record("credential", "team-norms@1.0.0", document)
    assert isinstance(found, Record)
    assert (found.id, found.entry.id) == ("team-norms@1.0.0", "team-norms")


def test_file_with_a_problem_is_known_but_holds_nothing():
    good = parse("a.yml", base_files()[PATHS["role"]].encode())
    bad = parse("b.yml", b"title: x")
    broken = parse("c.yml", b"title: [")
    records, problems = read_records(
        [("role", "a", good), ("role", "b", bad), ("role", "c", broken)]
    )
    assert list(records.of("role")) == ["a"]
    assert records.unread == {("role", "b"), ("role", "c")}
    assert [records.knows("role", name) for name in "abcd"] == [True, True, True, False]
    assert [problem.place.path for problem in problems] == ["b.yml", "c.yml"]


# The quick validator, against the model.

PEOPLE = [
    (one.kind, one.id, document.value)
    for one in read_tree(ROOT).sources
    if one.kind != "image" and isinstance(document := parse(one.path, one.data), Document)
]
ODD = [
    None, True, False, 0, 7, -1, 2**70, 1.5, "", " ", "\x1c", "\u3000", "x", "A", "7", "a-b", "a b", "é", "²", "a\n", "\na", "a" * 64,
    "2015-02-28", "2015-02-29", "2015-2-28", "0000-01-01", "0999-12-31", "2015-03-01T00:00:00", "1449100800", "２０１５-03-01",
    "public", "Public", "met", "zzzzzzzzzzzzzzzzzzzzzzzzzz", "a@1.0.0", "a@01.0.0", "https://a.b/c", "https://a.b/c?d#e", "https://a b", "a@b.cd",
    [], ["x"], ["x", 5], {}, {"x": "y"}, {"c1": "leading"}, {"x": None}, {"en": "x"},
]  # fmt: skip
EXTRA = [
    "note",
    "level",
    "renews",
    "status",
    "evidence",
    "rounds",
    "expires",
    "visibility",
    "id",
    "x",
]


def leaves(value: Any, at: Loc = ()) -> Iterator[Loc]:
    yield at
    entries = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in entries:
        yield from leaves(one, (*at, key))


def judged(make: Callable[[], Entry]) -> tuple[Entry, str] | None:
    try:
        entry = make()
    except ValidationError:
        return None
    return entry, repr(entry) + repr(sorted(entry.model_fields_set))


def test_quick_validator_makes_every_award_and_teacher_of_the_demo():
    for kind, name, value in PEOPLE:
        whole = {**value, "id": name.partition("@")[0]}
        quick = judged(
            lambda kind=kind, whole=whole: quick_validator_of(kind).validate_python(whole)
        )
        assert quick is not None or kind not in ("award", "teacher", "credential")
        assert quick in (
            None,
            judged(lambda kind=kind, whole=whole: KINDS[kind].model_validate(whole)),
        )


@cache
def quick_validator_of(kind: str) -> SchemaValidator:
    return quick_validator(KINDS[kind])


@given(st.sampled_from(PEOPLE), st.data())
@settings(max_examples=800, deadline=None)
def test_what_the_quick_validator_makes_is_what_the_model_makes(
    one: tuple[str, str, Any], data: st.DataObject
):
    kind, name, original = one
    value = copy.deepcopy({**original, "id": name.partition("@")[0]})
    for _ in range(data.draw(st.integers(0, 2))):
        *above, key = data.draw(
            st.sampled_from([*list(leaves(value))[1:], *((one,) for one in EXTRA)])
        )
        target = value
        for part in above:
            target = target[part]
        target[key] = data.draw(st.sampled_from(ODD))
    quick = judged(lambda: quick_validator_of(kind).validate_python(value))
    assert quick is None or quick == judged(lambda: KINDS[kind].model_validate(value))


@pytest.mark.parametrize("check", scalars.PLAIN_PATTERNS)
def test_plain_pattern_takes_nothing_that_the_check_refuses(check: Callable[[str], str]):
    pattern = scalars.PLAIN_PATTERNS[check]
    core = SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$", strict=True))

    @given(st.from_regex(pattern, alphabet=st.characters(codec="ascii")) | st.text(max_size=8))
    @settings(max_examples=60)
    def compare(text: str) -> None:
        for one in (text, text.strip(), text + "\n", text + "²"):
            with contextlib.suppress(ValidationError):
                assert check(core.validate_python(one)) == one

    compare()
