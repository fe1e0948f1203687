# SPDX-License-Identifier: Apache-2.0
"""Award and backpack pages say what the records say, to whom they may, and nothing else runs."""

from __future__ import annotations

import base64
import gzip
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.art import png
from site_builder.build import artifacts
from site_builder.catalog import Catalog
from site_builder.pages.stamped import StampedPages
from tests.stamped_records import (
    AWARD_ID,
    LATEST_ID,
    NEWER_ID,
    QR,
    SITE,
    TEACHER_ID,
    award,
    backpack_of,
    catalog,
    consenting,
    credential,
    issuer,
    metas,
    page_of,
    parsed,
    skeleton,
    teacher,
    words,
)

HOSTILE = [
    "Maya Osei-Łukasik",
    "</script><b>&\"'",
    "<!--<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "ليلى منصور الخطيب",
    "佐藤 美咲",
    "Adébáyọ̀ Oyelaran",
    "Wolfeschlegelsteinhausenbergerdorff " * 8 + "the Third",
]


def facts(page: str) -> dict[str, str]:
    rows = parsed(page).find(".//dl")
    assert rows is not None
    return {
        words(dt): words(dd) for dt, dd in zip(rows.findall("dt"), rows.findall("dd"), strict=True)
    }


def all_pages() -> list[str]:
    hostile = teacher(name=HOSTILE[1], consent=consenting("level", "evidence"), language="ar")
    revoked = award(status={"state": "revoked", "on": "2016-06-09", "reason": HOSTILE[2]})
    plain = StampedPages(catalog(award()), SITE)
    signed = StampedPages(catalog(award(), person=hostile), SITE, is_signed=True, is_trial=True)
    return [page_of(award()), page_of(revoked, hostile), backpack_of(award(), person=hostile),
            plain.withdrawn(), signed.award(award(), qr_svg=QR, wallet_qr_svg=QR),
            signed.backpack(hostile, qr_svg=QR, has_record=True)]  # fmt: skip


# ---- text stays text -------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_name_on_an_award_page_reads_back_as_written(name: str):
    root = parsed(page_of(award(), teacher(name=name)))
    found = [words(one) for one in root.iter("bdi")]
    assert found == [" ".join(name.split())] * 4  # crumbs, heading, panel, certificate


@pytest.mark.parametrize("name", HOSTILE)
def test_name_on_a_backpack_reads_back_as_written(name: str):
    assert words(parsed(backpack_of(award(), person=teacher(name=name))).find(".//h1")) == " ".join(
        name.split()
    )


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=("C",)), min_size=1).filter(str.strip))
def test_elements_of_a_page_do_not_depend_on_the_words_in_it(text: str):
    status = {"state": "revoked", "on": "2016-06-09"}
    plain = page_of(award(status=status | {"reason": "error"}), teacher(name="Ada"))
    hostile = page_of(award(status=status | {"reason": f"<{text}"}), teacher(name=text))
    assert skeleton(parsed(hostile)) == skeleton(parsed(plain))


def test_holder_s_language_is_on_the_name():
    root = parsed(page_of(award(), teacher(name="佐藤 美咲", language="ja")))
    assert {one.get("lang") for one in root.iter("bdi")} == {"ja"}


# ---- nothing runs, nothing is loaded from elsewhere -----------------------------------------


@pytest.mark.parametrize("page", all_pages())
def test_page_has_no_inline_script_style_or_handler(page: str):
    for element in parsed(page).iter():
        assert element.tag != "style"
        assert element.tag != "script" or (element.get("src") and not element.text)
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not str(element.get("href", "")).startswith("javascript:")


@pytest.mark.parametrize("page", all_pages())
def test_policy_stands_right_after_the_character_set(page: str):
    head = parsed(page).find("head")
    assert head is not None
    assert [head[0].attrib, head[1].attrib] == [
        {"charset": "utf-8"},
        {
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'",
        },
    ]
    assert metas(parsed(page))["referrer"] == "no-referrer"


@pytest.mark.parametrize("page", all_pages())
def test_everything_a_page_loads_is_beside_it(page: str):
    root = parsed(page)
    loaded = [one.get("src") for one in (*root.iter("script"), *root.iter("img"))]
    loaded += [
        one.get("href") for one in root.iter("link") if one.get("rel") in ("stylesheet", "icon")
    ]
    assert loaded
    assert [one for one in loaded if one is None or not one.startswith("../")] == []


def test_award_page_without_its_qr_code_is_light():
    assert len(gzip.compress(page_of(award()).encode())) < 12_000


# ---- what an award page says ----------------------------------------------------------------


def test_award_page_names_holder_issuer_and_date():
    root = parsed(page_of(award()))
    assert words(root.find(".//h1")) == "Running protocol"
    assert (
        words(root.find(".//p[@class='to']"))
        == "Issued to Maya Osei-Łukasik by Learning Works on 14 March 2016"
    )


def test_facts_of_an_award_without_consent_to_more():
    assert facts(page_of(award())) == {
        "Programme": "Teacher leadership, 2015-16",
        "Work": "About 15 hours. 15 CTLE hours, State office.",
        "Expires": "Does not expire",
        "Judged by": "Rubric of version 1.1.0, kept as it was on the day of award",
        "Evidence": "Kept private by the holder",
        "Toward": "Team leader, one of 2",
    }


def test_evidence_that_was_never_recorded_is_not_said_to_be_kept_private():
    assert "Evidence" not in facts(page_of(award(evidence=[])))


def test_level_is_shown_with_consent_only():
    assert "Level reached" not in facts(page_of(award(), teacher(consent=consenting("awards"))))
    assert (
        facts(page_of(award(), teacher(consent=consenting("level"))))["Level reached"] == "Leading"
    )


def test_withdrawn_consent_hides_the_level_again():
    taken_back = consenting("level")[0] | {"withdrawn": "2017-01-01"}
    assert "Level reached" not in facts(page_of(award(), teacher(consent=[taken_back])))


def test_evidence_needs_both_consent_and_a_public_item():
    private = award(evidence=[{"for": "e1", "title": "Notes of the meeting"}])
    agreed = teacher(consent=consenting("evidence"))
    assert facts(page_of(award(), agreed))["Evidence"] == "Notes of the meeting"
    assert facts(page_of(private, agreed))["Evidence"] == "Kept private by the holder"


def test_criteria_of_the_pinned_version_are_on_the_page():
    root = parsed(page_of(award()))
    section = root.find(".//section[@aria-labelledby='criteria']")
    assert words(section) == (
        "Criteria The criterion had to reach Proficient or above. This is what that level asks. "
        "Names the norms Three are named. The micro-credential as it is offered now"
    )


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (
            {"state": "suspended", "on": "2016-05-03"},
            "Suspended. Set aside on 3 May 2016 while the issuer looks into it. Do not rely on it until then.",
        ),
        (
            {"state": "revoked", "on": "2016-06-09", "reason": "issued in error."},
            "Revoked. Taken back by the issuer on 9 June 2016. Reason given: issued in error.",
        ),
        (
            {"state": "superseded", "on": "2016-09-02", "by": NEWER_ID},
            "Superseded. Replaced by a newer award on 2 September 2016. Open the newer one",
        ),
    ],
)
def test_award_not_in_force_says_so_above_everything_else(status: dict[str, str], sentence: str):
    page = page_of(award(status=status), None, award(id=NEWER_ID))
    (banner,) = [one for one in parsed(page).iter("div") if "notice" in one.get("class", "")]
    assert words(banner) == sentence


def test_active_award_has_no_banner():
    assert 'class="notice' not in page_of(award())


@pytest.mark.parametrize("state", ["active", "suspended", "revoked", "superseded"])
def test_no_page_carries_a_verdict_in_its_source(state: str):
    panel = parsed(page_of(award(status={"state": state}))).find(".//section[@id='standing']")
    assert panel is not None
    assert words(panel.find(".//h2")) == "Not checked yet"
    assert [words(one) for one in panel.findall(".//li/div/b")] == [
        "Signature: none to check",
        "Standing: not checked yet",
        "Issued to Maya Osei-Łukasik",
    ]


def test_whether_an_award_has_ended_is_left_to_the_reader_s_clock():
    page = page_of(award(expires="2019-03-14"))
    assert facts(page)["Expires"] == "Valid until 14 March 2019"
    assert "expired" not in words(parsed(page).find("body")).lower()


def test_newer_award_that_fewer_people_may_see_is_not_linked():
    old = award(status={"state": "superseded", "by": NEWER_ID})
    assert f"{NEWER_ID}.html" in page_of(old, None, award(id=NEWER_ID))
    assert NEWER_ID not in page_of(old, None, award(id=NEWER_ID, visibility="unlisted"))


def test_renewed_award_links_its_latest_renewal():
    again = award(id=NEWER_ID, issued="2019-03-10", renews=AWARD_ID)
    latest = award(id=LATEST_ID, issued="2022-03-10", renews=AWARD_ID)
    page = page_of(award(expires="2019-03-14"), None, again, latest)
    assert facts(page)["Renewed by"] == "A later award"
    assert f'<a href="../awards/{LATEST_ID}.html">A later award</a>' in page
    assert NEWER_ID not in page


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": "private"},
        {"visibility": "unlisted"},
        {"status": {"state": "withdrawn"}},
        {"status": {"state": "revoked", "on": "2020-01-01"}},
    ],
)
def test_renewal_that_this_page_s_reader_may_not_see_or_rely_on_is_not_linked(
    fields: dict[str, object],
):
    page = page_of(award(), None, award(id=NEWER_ID, renews=AWARD_ID, **fields))
    assert "Renewed by" not in facts(page)
    assert NEWER_ID not in page


def test_renewal_that_replaced_the_award_is_linked_once():
    old = award(status={"state": "superseded", "on": "2016-09-02", "by": NEWER_ID})
    page = page_of(old, None, award(id=NEWER_ID, renews=AWARD_ID))
    assert page.count(f"{NEWER_ID}.html") == 1


def test_internal_note_is_on_no_page():
    assert "canary" not in page_of(award()) + backpack_of(award())


# ---- languages ------------------------------------------------------------------------------


def spanish() -> Catalog:
    return replace(catalog(award()), issuer=issuer(language="es", languages=["es", "en"]))


def test_page_is_in_the_language_of_the_interface_and_author_words_name_their_own():
    pages = StampedPages(spanish(), SITE)
    award_root = parsed(pages.award(spanish().awards[AWARD_ID], qr_svg=QR))
    backpack_root = parsed(pages.backpack(teacher(), qr_svg=QR))
    withdrawn_root = parsed(pages.withdrawn())
    assert [one.get("lang") for one in (award_root, backpack_root, withdrawn_root)] == ["en"] * 3
    in_spanish = {words(one) for one in award_root.iter() if one.get("lang") == "es"}
    assert in_spanish == {
        "Running protocol",
        "Leading teams",
        "The educator runs a meeting.",
        "Teacher leadership, 2015-16",
        "Team leader",
        "Names the norms",
        "Three are named.",
    }
    assert {words(one) for one in backpack_root.iter() if one.get("lang") == "es"} == {
        "Running protocol",
        "Leading teams",
        "Team leader",
    }


def test_words_in_the_language_of_the_interface_name_none():
    root = parsed(page_of(award()))
    assert [one.get("lang") for one in root.iter() if one.get("lang")] == ["en"]


# ---- preview --------------------------------------------------------------------------------


def test_only_a_preview_lets_mkdocs_reload_the_page():
    served = StampedPages(catalog(award()), SITE, is_preview=True)
    built = StampedPages(catalog(award()), SITE)
    one = award()
    for page, plain in (
        (served.award(one, qr_svg=QR), built.award(one, qr_svg=QR)),
        (served.backpack(teacher(), qr_svg=QR), built.backpack(teacher(), qr_svg=QR)),
        (served.withdrawn(), built.withdrawn()),
    ):
        assert page.replace("script-src 'self' 'unsafe-inline';", "script-src 'self';") == plain
        assert page != plain


# ---- how widely -----------------------------------------------------------------------------


def test_preview_of_a_public_award_leaves_the_holder_out():
    found = {
        name: value
        for name, value in metas(parsed(page_of(award()))).items()
        if name.startswith("og:")
    }
    assert found == {
        "og:type": "website",
        "og:site_name": "Learning Works",
        "og:title": "Running protocol",
        "og:description": "A micro-credential issued by Learning Works: what it asked for, and how to check it.",
        "og:image": "https://badges.example.org/credentials/protocol/1.1.0/badge.png",
        "og:image:alt": "Badge: Running protocol",
        "og:url": f"https://badges.example.org/awards/{AWARD_ID}.html",
    }


def test_unlisted_award_asks_not_to_be_indexed_and_offers_no_preview():
    found = metas(parsed(page_of(award(), teacher(visibility="unlisted"))))
    assert found["robots"] == "noindex"
    assert [name for name in found if name.startswith("og:")] == []
    assert "robots" not in metas(parsed(page_of(award())))


def test_award_page_does_not_open_an_unlisted_backpack():
    assert TEACHER_ID not in page_of(award(), teacher(visibility="unlisted"))
    assert "../backpacks/maya.html" in page_of(award())


def test_withdrawn_awards_all_show_the_same_bytes():
    one = StampedPages(catalog(award(status={"state": "withdrawn"})), SITE).withdrawn()
    other = StampedPages(
        catalog(award(id=NEWER_ID, status={"state": "withdrawn"})), SITE
    ).withdrawn()
    assert one == other
    for told in (AWARD_ID, NEWER_ID, TEACHER_ID, "Maya", "protocol", "QR", "canonical"):
        assert told not in one


# ---- backpack -------------------------------------------------------------------------------


def test_backpack_counts_what_it_shows():
    page = backpack_of(
        award(), award(id=NEWER_ID, credential="norms-set@1.1.0", visibility="unlisted")
    )
    root = parsed(page)
    assert words(root.find(".//p[@class='lede']")) == (
        "One micro-credential, March 2016, from Learning Works. Shown here by its holder’s choice."
    )
    assert [words(one) for one in root.findall(".//div[@class='qrow']/p")] == [
        "A Leading teams 1 of 2"
    ]
    assert [one.get("alt") for one in root.findall(".//div[@class='qrow']//img")] == [
        "Running norms-set, not earned",
        "Running protocol, earned",
    ]
    assert NEWER_ID not in page


def test_backpack_marks_awards_not_in_force_and_leaves_them_out_of_progress_and_credit():
    revoked = award(status={"state": "revoked", "on": "2016-06-09"})
    root = parsed(backpack_of(revoked, award(id=NEWER_ID, credential="norms-set@1.1.0")))
    assert [words(one) for one in root.findall(".//span[@class='state s-revoked']")] == ["Revoked"]
    assert [words(one) for one in root.findall(".//div[@class='qrow']/p")] == [
        "A Leading teams 1 of 2"
    ]
    assert words(root.find(".//tfoot")) == "One award in all 15"


def lede_of(page: str) -> str:
    return words(parsed(page).find(".//p[@class='lede']"))


def test_first_line_of_a_backpack_counts_what_stands_and_names_the_rest():
    revoked = award(status={"state": "revoked", "on": "2016-06-09"})
    other = award(id=NEWER_ID, credential="norms-set@1.1.0", issued="2016-05-01")
    assert lede_of(backpack_of(revoked, other)) == (
        "One micro-credential, May 2016, from Learning Works. Not counted: one revoked. "
        "Shown here by its holder’s choice."
    )
    assert lede_of(backpack_of(revoked)) == (
        "No badges in force, from Learning Works. Not counted: one revoked. "
        "Shown here by its holder’s choice."
    )


def test_count_beside_an_area_is_of_the_badges_that_stand():
    revoked = award(status={"state": "revoked", "on": "2016-06-09"})
    root = parsed(backpack_of(revoked, award(id=NEWER_ID, credential="norms-set@1.1.0")))
    assert words(root.find(".//section[@class='group']/h3")) == "A Leading teams 1"


def test_credit_log_carries_whole_addresses_for_print():
    cell = parsed(backpack_of(award())).find(".//tbody//td[@class='mono']")
    assert cell is not None
    assert [(one.get("class"), words(one)) for one in cell] == [
        ("noprint", "4kq7x2m5…"),
        ("inprint", f"badges.example.org/awards/{AWARD_ID}.html"),
    ]


def test_collection_shows_only_awards_the_backpack_shows():
    chosen = teacher(collections=[{"title": "For my portfolio", "awards": [AWARD_ID, NEWER_ID]}])
    root = parsed(backpack_of(award(), award(id=NEWER_ID, visibility="private"), person=chosen))
    section = root.find(".//section[@aria-labelledby='c1']")
    assert section is not None
    assert words(section.find("h2")) == "For my portfolio"
    assert [one.get("href") for one in section.iter("a")] == [f"../awards/{AWARD_ID}.html"]


def test_backpack_of_sixty_badges_names_each_award_once():
    ids = [f"{number:026d}" for number in range(60)]
    page = backpack_of(*(award(id=one) for one in ids))
    cards = [one for one in parsed(page).iter("li") if "card" in one.get("class", "").split()]
    assert [link.get("href") for card in cards for link in card.iter("a")] == [
        f"../awards/{one}.html" for one in ids
    ]


def test_unlisted_backpack_asks_not_to_be_indexed():
    assert (
        metas(parsed(backpack_of(award(), person=teacher(visibility="unlisted"))))["robots"]
        == "noindex"
    )


def test_same_catalog_gives_the_same_bytes():
    data = catalog(award())
    first, second = StampedPages(data, SITE), StampedPages(data, SITE)
    second.withdrawn()
    assert first.award(award(), qr_svg=QR) == second.award(award(), qr_svg=QR)
    assert first.backpack(teacher(), qr_svg=QR) == second.backpack(teacher(), qr_svg=QR)


def test_ids_on_a_page_are_unique():
    for page in all_pages():
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids))


# ---- pictures an issuer gives ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["own.png", "own.svg"])
def test_every_drawing_of_a_given_picture_shows_it(name: str):
    given = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"/>'
    if name.endswith(".png"):
        given = png(given.decode(), 8)
    one = credential("protocol", "protocols", image=name)
    held = catalog(credentials={one.id: one}, versions={one.pinned: one}, images={name: given})
    files = dict(artifacts(held, SITE))
    folder = "credentials/protocol/1.1.0/"
    inside = base64.b64encode(given)
    assert files[f"{folder}badge.svg"] == files[f"{folder}mark.svg"]
    for kind in ("badge", "mark", "ghost"):
        file = files[f"{folder}{kind}.svg"]
        assert inside in file or file == given, kind
    assert b'opacity="0.25"' in files[f"{folder}ghost.svg"]
    assert files[f"{folder}badge.png"] == (
        given if name.endswith(".png") else png(given.decode(), 480)
    )
