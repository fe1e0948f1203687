# SPDX-License-Identifier: Apache-2.0
"""Filled pages are the template's own, byte for byte, whoever and whatever they name."""

from __future__ import annotations

import html
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.addresses import Site
from site_builder.build import load
from site_builder.pages.compiled import Moulds, PageDiffers, inked, is_plain_id
from site_builder.pages.stamped import StampedPages
from tests.stamped_records import (
    AWARD_ID,
    LATEST_ID,
    NEWER_ID,
    QR,
    SITE,
    TEACHER_ID,
    award,
    catalog,
    consenting,
    credential,
    issuer,
    parsed,
    teacher,
    words,
)
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from site_builder.catalog import Catalog
    from site_builder.model import Award, Teacher

SETTINGS: list[dict[str, Any]] = [
    {},
    {"is_signed": True, "qr_files": False},
    {"is_signed": True, "is_trial": True, "pictures": frozenset({"png"}), "is_preview": True},
]
HOSTILE = [
    "</script><b>&\"'",
    "<!--<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "hole0x000hole0x001 hole1x002",
    "%s %(name)s {0} \\1 \\g<0> $1",
    "&amp;&lt;&#39;",
    "ليلى منصور الخطيب",
    "Adébáyọ̀ 佐藤 🪡 \u200f\u00ad",
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip),
)


@cache
def demo_catalog() -> Catalog:
    found, _ = load(ROOT)
    assert found is not None
    return found


def page(pages: StampedPages, one: Award) -> bytes:
    return pages.award_file(one, qr_svg=QR.encode(), wallet_qr_svg=QR.encode())


def backpack(pages: StampedPages, one: Teacher) -> bytes:
    return pages.backpack_file(one, qr_svg=QR.encode(), has_record=True)


def shown(data: Catalog) -> list[Award]:
    return [one for one in data.published if one.status.state != "withdrawn"]


def wordy(title: str, statement: str) -> dict[str, Any]:
    """Fields of a credential whose every text is somebody else's."""
    return {
        "title": title,
        "statement": statement,
        "credit": [{"scheme": "ctle-hours", "authority": title, "amount": 15}],
    }


def hostile_catalog(text: str, other: str, *awards: Award, person: Teacher) -> Catalog:
    """A catalog of two credentials: one with plain words, one with these."""
    data = catalog(*awards, person=person)
    ours = [
        credential("norms-set", "norms", **wordy(text, other)),
        credential("protocol", "protocols"),
    ]
    program = data.programs["suburb"].model_copy(update={"title": {"": text}})
    return replace(
        data,
        issuer=issuer(name=other),
        credentials={one.id: one for one in ours},
        versions={one.pinned: one for one in ours},
        programs={"suburb": program},
    )


# ---- the template is the witness -------------------------------------------------------------


@pytest.mark.parametrize("how", SETTINGS)
def test_every_award_page_of_the_demo_is_the_template_s_own(how: dict[str, Any]):
    data = demo_catalog()
    filled = StampedPages(data, SITE, **how)
    slow = StampedPages(data, SITE, by_template=True, **how)
    assert [one.id for one in shown(data) if page(filled, one) != page(slow, one)] == []


@pytest.mark.parametrize("how", SETTINGS)
def test_every_backpack_of_the_demo_is_the_template_s_own(how: dict[str, Any]):
    data = demo_catalog()
    filled = StampedPages(data, SITE, **how)
    slow = StampedPages(data, SITE, by_template=True, **how)
    wrong = [one.id for one in data.backpacks if backpack(filled, one) != backpack(slow, one)]
    assert wrong == []


@settings(max_examples=60, deadline=None)
@given(
    text=TEXTS,
    other=TEXTS,
    case=st.fixed_dictionaries(
        {
            "state": st.sampled_from(["active", "suspended", "revoked", "superseded"]),
            "covers": st.sets(st.sampled_from(["level", "evidence"])),
            "visibility": st.sampled_from(["public", "unlisted"]),
            "expires": st.sampled_from([None, "2019-03-14"]),
        }
    ),
    how=st.sampled_from(SETTINGS),
)
def test_hostile_words_fill_a_page_learned_from_plain_ones(
    text: str, other: str, case: dict[str, Any], how: dict[str, Any]
):
    """The plain award comes first, so that the hostile one is filled into its mould."""

    def one(award_id: str, pinned: str, said: str) -> Award:
        piece = {"for": "e1", "title": said, "visibility": "public", "narrative": said}
        where = piece | {"url": "https://example.org/?a=1&b=2"}
        return award(
            id=award_id,
            credential=pinned,
            expires=case["expires"],
            status={"state": case["state"], "on": "2016-06-09", "reason": said, "by": LATEST_ID},
            evidence=[piece, where],
        )

    consent = consenting(*sorted(case["covers"]))
    plain_person = teacher(
        name="Ada", language="en", visibility=case["visibility"], consent=consent
    )
    person = teacher(
        name=text,
        language=other,
        visibility=case["visibility"],
        consent=consent,
        collections=[{"title": {"en": "Mine", "es": text}, "awards": [NEWER_ID, AWARD_ID]}],
    )
    plain, hostile = (
        one(AWARD_ID, "protocol@1.1.0", "error"),
        one(NEWER_ID, "norms-set@1.1.0", text),
    )
    renewing = award(id=LATEST_ID, renews=NEWER_ID, issued="2017-01-02")
    data = hostile_catalog(text, other, plain, hostile, renewing, person=person)
    filled = StampedPages(replace(data, teachers={TEACHER_ID: plain_person}), SITE, **how)
    page(filled, plain)
    backpack(filled, plain_person)
    filled = filled.of(data)
    slow = StampedPages(data, SITE, by_template=True, **how)
    assert page(filled, hostile) == page(slow, hostile)
    assert page(filled, plain) == page(slow, plain)
    assert backpack(filled, person) == backpack(slow, person)


@pytest.mark.parametrize("name", HOSTILE)
def test_name_filled_into_a_page_reads_back_as_written(name: str):
    pages = StampedPages(catalog(award(), person=teacher(name="Ada")), SITE)
    page(pages, award())
    root = parsed(page(pages.of(catalog(award(), person=teacher(name=name))), award()).decode())
    assert {words(one) for one in root.iter("bdi")} == {" ".join(name.split())}


def test_words_that_look_like_tokens_are_left_as_they_are():
    looks = " ".join(f"hole{number}x{number:03}" for number in range(20))
    data = hostile_catalog(looks, looks, award(), person=teacher(name=looks))
    filled = StampedPages(data, SITE)
    slow = StampedPages(data, SITE, by_template=True)
    assert page(filled, award()) == page(slow, award())
    assert page(filled, award()) == page(slow, award())


def test_address_with_an_ampersand_is_escaped_as_the_template_does():
    site = Site("https://example.org/a&b='c'")
    for pictures in (frozenset[str](), frozenset({"png"})):
        filled = StampedPages(demo_catalog(), site, pictures=pictures)
        slow = StampedPages(demo_catalog(), site, pictures=pictures, by_template=True)
        for one in shown(demo_catalog())[:20]:
            assert page(filled, one) == page(slow, one)


def test_id_that_escaping_would_change_is_left_to_the_template():
    odd = award(id="a&b")
    data = catalog(odd)
    filled = StampedPages(data, SITE)
    slow = StampedPages(data, SITE, by_template=True)
    assert page(filled, odd) == page(slow, odd)
    assert backpack(filled, teacher()) == backpack(slow, teacher())
    assert filled.learned is not None
    assert len(filled.learned.pages) == len(filled.learned.parts) == 0


def test_page_as_text_and_as_bytes_is_the_same_page():
    pages = StampedPages(catalog(award()), SITE)
    assert pages.award(award(), qr_svg=QR).encode() == pages.award_file(award(), qr_svg=QR.encode())
    assert pages.backpack(teacher(), qr_svg=QR).encode() == pages.backpack_file(
        teacher(), qr_svg=QR.encode()
    )


# ---- what was learned is shared, and changes nothing -----------------------------------------


def test_page_is_the_same_as_the_first_and_as_the_thousandth_of_its_shape():
    first = page(StampedPages(catalog(award()), SITE), award())
    others = [award(id=f"{number:026d}") for number in range(1100)]
    pages = StampedPages(catalog(award(), *others), SITE)
    for one in others[:998]:
        page(pages, one)
    places = [page(pages, award()) for _ in range(3)]  # the 999th to the 1001st
    assert places == [first] * 3
    assert pages.learned is not None
    assert (pages.learned.pages.learned, pages.learned.pages.compared) == (1, 2)


def test_backpack_is_the_same_as_the_first_and_as_the_thousandth():
    people = [
        teacher(id=f"{number:026d}", name=f"N{number}", handle=None) for number in range(1001)
    ]
    awards = [award(id=f"{1}{number:025d}", teacher=one.id) for number, one in enumerate(people)]
    data = replace(catalog(*awards), teachers={one.id: one for one in people})
    pages = StampedPages(data, SITE)
    made = [backpack(pages, one) for one in people]
    assert made[-1] == backpack(StampedPages(data, SITE), people[-1])
    assert made[999] == backpack(StampedPages(data, SITE, by_template=True), people[999])


def test_shards_together_give_the_pages_of_the_whole():
    data = demo_catalog()
    whole = StampedPages(data, SITE)
    ids = sorted(data.teachers)
    for part in range(4):
        mine = set(ids[part::4])
        shard = replace(
            data,
            teachers={one: data.teachers[one] for one in mine},
            awards={key: one for key, one in data.awards.items() if one.teacher in mine},
        )
        pages = whole.of(shard)
        assert [one.id for one in shown(shard) if page(pages, one) != page(whole, one)] == []
        for one in shard.backpacks:
            assert backpack(pages, one) == backpack(whole, one)


def test_second_shard_of_the_same_shapes_learns_nothing():
    pages = StampedPages(catalog(), SITE)
    learned = pages.learned
    assert learned is not None
    for name in ("Maya", "Noor"):
        person = teacher(name=name)
        shard = catalog(award(), person=person)
        shard = replace(shard, **{field: getattr(pages.people.catalog, field) for field in WHOLE})
        page(pages.of(shard), award())
        backpack(pages.of(shard), person)
        if name == "Maya":
            counts = learned.pages.learned, learned.parts.learned
    assert (learned.pages.learned, learned.parts.learned) == counts


WHOLE = (
    "issuer",
    "frameworks",
    "credentials",
    "versions",
    "pathways",
    "pathway_versions",
    "programs",
)


def test_renewal_in_a_shard_is_linked_from_the_award_it_renews():
    newer = award(id=NEWER_ID, renews=AWARD_ID, issued="2017-01-02")
    pages = StampedPages(catalog(award()), SITE)
    before = page(pages, award())
    after = page(pages.of(catalog(award(), newer)), award())
    link = f'<dt>Renewed by</dt><dd><a href="../awards/{NEWER_ID}.html">A later award</a></dd>'
    assert (link.encode() in before, link.encode() in after) == (False, True)


def test_shard_of_another_catalog_is_refused():
    pages = StampedPages(catalog(award()), SITE)
    with pytest.raises(ValueError, match=r"^pages of a shard need the catalog the shard is of$"):
        pages.of(replace(catalog(award()), issuer=issuer(name="Somebody else")))


# ---- pages without separate code files -------------------------------------------------------


def test_pages_link_to_no_code_file_where_there_is_none():
    pages = StampedPages(catalog(award()), SITE, qr_files=False)
    for made in (page(pages, award()), backpack(pages, teacher())):
        assert (b".qr.svg" in made, b"QR code (SVG)" in made) == (False, False)


def test_sheet_of_paper_holds_the_code_itself_where_it_is_no_file():
    pages = StampedPages(catalog(award()), SITE, qr_files=False)
    root = parsed(pages.award(award(), qr_svg=QR))
    code = root.find(".//article[@class='cert']//div[@class='qr']")
    assert words(code) == "QR code"


def test_pages_link_to_the_code_files_there_are():
    pages = StampedPages(catalog(award()), SITE)
    assert page(pages, award()).count(f"../awards/{AWARD_ID}.qr.svg".encode()) == 2
    assert backpack(pages, teacher()).count(b"../backpacks/maya.qr.svg") == 1


# ---- moulds ----------------------------------------------------------------------------------


def drawn(tokens: Sequence[Markup]) -> str:
    return f"<p>{tokens[0]} and {tokens[0]}{tokens[1]}</p>"


@given(st.lists(st.tuples(TEXTS, st.one_of(st.none(), TEXTS)), min_size=2, max_size=5))
def test_filled_text_is_the_one_its_template_draws(values: list[tuple[str, str | None]]):
    moulds = Moulds(most=8)
    for first, second in values:
        expected = (
            f"<p>{html.escape(first)} and {html.escape(first)}{html.escape(second or '')}</p>"
        )
        made = moulds.filled("p", (inked(first), inked(second)), drawn).decode()
        assert html.unescape(made) == html.unescape(expected)


def test_value_that_the_template_writes_in_two_ways_is_found_out():
    moulds = Moulds(most=8)
    with pytest.raises(PageDiffers, match=r"^of the shape 'link'$"):
        moulds.filled("link", (inked("a b"),), lambda one: f"{one[0]}?{quote_plus(one[0])}")


def test_text_that_depends_on_more_than_its_shape_is_found_out_at_the_thousandth():
    moulds = Moulds(most=8)
    for number in range(999):
        moulds.filled("p", (b"a",), lambda one: f"<p>{one[0]}</p>")
        assert moulds.compared == 1, number
    with pytest.raises(PageDiffers, match=r"^of the shape 'p'$"):
        moulds.filled("p", (b"a",), lambda one: f"<b>{one[0]}</b>")


def test_no_more_moulds_are_kept_than_asked_for():
    moulds = Moulds(most=2)
    for shape in "abcabc":
        assert moulds.filled(shape, (b"x",), lambda one, shape=shape: f"{shape}{one[0]}") == (
            f"{shape}x".encode()
        )
    assert (len(moulds), moulds.learned) == (2, 6)


def test_mould_used_lately_is_kept_longest():
    moulds = Moulds(most=2)
    for shape in "abaca":
        moulds.filled(shape, (b"x",), lambda one, shape=shape: f"{shape}{one[0]}")
    assert moulds.learned == 3


def test_empty_value_has_a_shape_of_its_own():
    moulds = Moulds(most=8)

    def optional(tokens: Sequence[Markup]) -> str:
        return f"<p>{tokens[0]}</p>" if tokens[0] else "nothing"

    made = [moulds.filled("p", (one,), optional) for one in (b"a", None, b"b", b"")]
    assert made == [b"<p>a</p>", b"nothing", b"<p>b</p>", b"nothing"]


def test_text_without_any_value_is_a_mould_too():
    moulds = Moulds(most=8)
    assert [moulds.filled("p", (), lambda _: "<p>") for _ in range(2)] == [b"<p>", b"<p>"]


@pytest.mark.parametrize(
    ("award_id", "expected"),
    [(AWARD_ID, True), ("index", False), ("a&b", False), ("é" * 26, False), ("a." * 13, False)],
)
def test_ids_of_files_are_plain_and_others_are_not(award_id: str, *, expected: bool):
    assert is_plain_id(award_id) is expected
