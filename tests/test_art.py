# SPDX-License-Identifier: Apache-2.0
"""Badges, marks, QR codes and ornaments.

`python tests/test_art.py` rewrites the golden drawings; look at each of them before committing.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.art import (
    BadgeSpec,
    badge_svg,
    blocks,
    distinct_suffixes,
    favicon_svg,
    ghost_svg,
    lettering,
    logo_svg,
    mark_svg,
    qr,
    qr_matrix,
    qr_svg,
    seam_svg,
    shapes,
    titles,
)

CASES = Path(__file__).parent / "cases" / "art"
SVG = "{http://www.w3.org/2000/svg}"
ISSUER = "Learning Works Collaborative"
AWARD = "https://badges.example.org/awards/4kq7x2m5v3n8c6t9w2z7y4r3pa.html"
AREAS = (
    "Leading learning teams",
    "Using assessment and evidence",
    "Growing colleagues’ practice",
    "Emerging leader",
    "Assessment matters",
)


def spec(slug="looking-at-student-work", slot=0, code="A2", title="A title", **more: Any):
    letter = "ABCDE"[slot % 5]
    fields = {"area_code": letter, "area_title": AREAS[slot % 5], "pass_rank": 2, "levels": 3}
    return BadgeSpec(
        slug=slug, area_slot=slot, code=code, title=title, issuer=ISSUER, **(fields | more)
    )


GOLDEN = {
    "a2.svg": lambda: badge_svg(spec(title="Running a protocol for looking at student work")),
    "b1.svg": lambda: badge_svg(
        spec(
            "mapping-standards", 1, "B1", "Mapping essential standards to checks for understanding"
        )
    ),
    "c6.svg": lambda: badge_svg(
        spec("coaching-over-six-weeks", 2, "C6", "Coaching a colleague over six weeks")
    ),
    "d3.svg": lambda: badge_svg(
        spec("designing-professional-learning", 3, "D3", "Designing professional learning")
    ),
    "e1.svg": lambda: badge_svg(
        spec("formative-assessment-leader", 4, "E1", "Formative-assessment leader")
    ),
    "completion.svg": lambda: badge_svg(completion()),
    "mark-a2.svg": lambda: mark_svg(spec()),
    "ghost-a2.svg": lambda: ghost_svg(spec()),
    "long.svg": lambda: badge_svg(
        spec(
            "sharing-what-was-learned",
            7,
            "C1",
            "Supporting colleagues in using evidence of "
            "learning to plan the next steps in teaching, and telling the families what was found",
        )
    ),
    "vietnamese.svg": lambda: badge_svg(
        spec("lanh-dao", 3, "D1", "Lãnh đạo nhóm chuyên môn và phản hồi dạy học", language="vi")
    ),
    "arabic.svg": lambda: badge_svg(
        spec("tahlil", 4, "E2", "تحليل نتائج الطلاب مع الزملاء", language="ar")
    ),
    "japanese.svg": lambda: badge_svg(
        spec("kyoshi", 1, "B2", "教師チームの話し合いを進行するための実践", language="ja")
    ),
    "qr.svg": lambda: qr_svg(AWARD, label="QR code of this award's address"),
    "seam.svg": seam_svg,
    "logo.svg": logo_svg,
    "favicon.svg": favicon_svg,
}


def completion(**more: Any):
    fields = {"area_code": "", "area_title": "", "is_completion": True, "area_slots": (0, 1, 2)}
    return spec("teacher-leader-full-set", 0, "", "Teacher leader: full set", **(fields | more))


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own bytes


# Drawings


@pytest.mark.parametrize("name", GOLDEN)
def test_drawing_is_the_golden_one_byte_for_byte(name):
    assert GOLDEN[name]() == (CASES / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("draw", [badge_svg, mark_svg, ghost_svg])
def test_same_credential_gives_the_same_bytes_with_and_without_a_cache(draw):
    first = draw(spec())
    for cached in (
        lettering.layout,
        lettering.can_draw,
        titles.width,
        blocks.painted,
        blocks.seams,
    ):
        cached.cache_clear()
    assert draw(spec()) == first


def test_badge_names_its_title_area_and_issuer_and_nobody_else():
    root = parsed(badge_svg(spec(title="Giving feedback")))
    assert root.find(f"{SVG}title").text == "Giving feedback"
    assert root.find(f"{SVG}desc").text == f"Badge. Area A. Issued by {ISSUER}."
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [
        root.find(f"{SVG}title").get("id"),
        root.find(f"{SVG}desc").get("id"),
    ]


def test_completion_is_described_as_one_and_area_without_a_letter_by_its_title():
    desc = parsed(badge_svg(completion())).find(f"{SVG}desc").text
    assert desc == f"Badge. Completion credential. Issued by {ISSUER}."
    desc = parsed(badge_svg(spec(area_code=""))).find(f"{SVG}desc").text
    assert desc == f"Badge. Area Leading learning teams. Issued by {ISSUER}."


@pytest.mark.parametrize("draw", [badge_svg, mark_svg, ghost_svg])
def test_hostile_title_code_and_issuer_stay_text(draw):
    hostile = "\"'><script>alert(1)</script><a href='javascript:x'>&amp;]]>\x00\x1b\ud800\u202e"
    svg = draw(replace(spec(title=hostile, code=hostile), issuer=hostile, language=hostile))
    names = {element.tag.removeprefix(SVG) for element in parsed(svg).iter()}
    assert names <= {"svg", "title", "desc", "defs", "clipPath", "path", "g", "text"}
    svg.encode("utf-8")


@pytest.mark.parametrize("draw", [badge_svg, mark_svg, ghost_svg])
def test_drawing_asks_for_nothing_from_outside(draw):
    svg = draw(spec(title="Title 🎉 <b>"))
    links = re.findall(r"(?:href|src|url\(|https?:)[^ ]*", svg.replace('xmlns="http:', ""))
    assert all(link.startswith("url(#") for link in links)
    assert "style" not in svg


@settings(max_examples=60, deadline=None)
@given(title=st.text(max_size=130), code=st.text(max_size=12))
def test_any_title_and_code_give_well_formed_drawings(title, code):
    for draw in (badge_svg, mark_svg, ghost_svg):
        parsed(draw(spec(title=title, code=code)))


def test_drawings_of_one_page_share_no_ids():
    specs = [spec(f"credential-{i}", i) for i in range(40)]
    drawings = [draw(s) for s in specs for draw in (badge_svg, mark_svg, ghost_svg)]
    ids = [name for svg in drawings for name in re.findall(r' id="([^"]*)"', svg)]
    assert len(ids) == len(set(ids)) == 40 * 5


def test_badge_is_between_eight_and_twenty_kilobytes_and_mark_under_five():
    sizes = [len(GOLDEN[f"{name}.svg"]()) for name in ("a2", "b1", "c6", "d3", "e1", "completion")]
    assert 8_000 < min(sizes) <= max(sizes) < 20_000
    assert len(mark_svg(spec())) < 5_000


def test_decorative_mark_is_hidden_from_screen_readers_and_another_is_named_by_its_code():
    assert parsed(mark_svg(spec(), is_decorative=True)).get("aria-hidden") == "true"
    assert parsed(mark_svg(spec())).get("aria-label") == "A2"
    assert parsed(mark_svg(completion())).get("aria-label") == "Teacher leader: full set"


def test_ghost_has_no_filled_shape_but_its_code():
    fills = {e.get("fill") for e in parsed(ghost_svg(spec())).iter(f"{SVG}path")} - {None}
    assert fills == {"none", "currentColor"}


def test_pips_show_the_levels_and_the_one_that_passes():
    def pips(rank: int, levels: int) -> tuple[int, int]:
        paths = parsed(badge_svg(spec(title="", pass_rank=rank, levels=levels))).iter(f"{SVG}path")
        gold = [p.get("d").count("M") for p in paths if p.get("fill") == shapes.GOLD]
        paths = parsed(badge_svg(spec(title="", pass_rank=rank, levels=levels))).iter(f"{SVG}path")
        outlined = [p.get("d").count("M") for p in paths if p.get("stroke-opacity")]
        return sum(gold), sum(outlined)

    assert pips(2, 3) == (2, 1)
    assert pips(4, 4) == (4, 0)
    assert pips(1, 1) == (1, 0)
    assert pips(0, 0) == (0, 0)


# Areas and blocks


def test_five_areas_differ_in_colour_and_corner_and_twenty_five_in_the_pair():
    pairs = [(shapes.colours(slot), shapes.corner(slot)) for slot in range(25)]
    assert len({p[0] for p in pairs[:5]}) == len({p[1] for p in pairs[:5]}) == 5
    assert len(set(pairs)) == 25
    assert [shapes.corner(s) for s in range(4, 7)] == ["stepped", "cut", "notched"]


def test_block_of_looking_at_student_work_is_the_one_of_the_drawing_rule():
    assert blocks.quarter("looking-at-student-work") == (
        (("diamond", 1, 0), ("goose in", 0, 1), ("hourglass", 1, 3)),
        (("goose up", 0, 1), ("inward", 0, 3), ("goose up", 0, 2)),
        (("hourglass", 1, 3), ("goose in", 0, 2), ("hourglass", 1, 0)),
    )


def test_two_credentials_with_one_block_are_told_apart_by_a_suffix_on_the_later():
    twins = ("credential-146096", "credential-179993")  # found by trying 900,000 slugs
    assert blocks.quarter(twins[0]) == blocks.quarter(twins[1])
    assert distinct_suffixes(twins) == {twins[0]: "", twins[1]: "/2"}
    assert distinct_suffixes(reversed(twins)) == {twins[1]: "", twins[0]: "/2"}
    later = spec(twins[1], block_suffix="/2")
    assert blocks.quarter(later.block_name) != blocks.quarter(twins[0])


def test_a_thousand_credentials_have_a_thousand_blocks():
    slugs = [f"skill-{i}" for i in range(1000)]
    suffixes = distinct_suffixes(slugs)
    assert list(suffixes) == slugs
    assert len({blocks.quarter(slug + suffix) for slug, suffix in suffixes.items()}) == 1000


def test_suffix_changes_the_drawing():
    assert mark_svg(spec()) != mark_svg(spec(block_suffix="/2"))


# Lettering and titles


@pytest.mark.parametrize(
    "text",
    [
        "Running a protocol",
        "Señor Peña, São Tomé",
        "Lãnh đạo nhóm chuyên môn và phản hồi",
        "Ṣíṣe àyẹ̀wò iṣẹ́ akẹ́kọ̀ọ́",
        "Ị́kọ́ ọ̀rụ́",
        "Διδακτική ηγεσία",
        "Наставничество",
        "ʻŌlelo Hawaiʻi",
        "Łódź, Žižek, Şişli",
        "“Why?” – 100 % of €5…",
    ],
)
def test_text_of_latin_greek_and_cyrillic_is_drawn_as_outlines(text):
    assert lettering.can_draw(text)
    assert "<text" not in badge_svg(spec(title=text))


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("تحليل نتائج", "rtl"),
        ("ניתוח תוצאות", "rtl"),
        ("विद्यार्थियों के काम", None),
        ("教師の実践", None),
    ],
)
def test_other_scripts_keep_text_in_their_direction_and_the_code_in_outlines(text, direction):
    svg = badge_svg(spec(title=text, language="xx"))
    kept = parsed(svg).findall(f".//{SVG}text")
    assert " ".join(t.text for t in kept) == text
    assert {t.get("direction") for t in kept} == {direction}
    assert {t.get("lang") for t in kept} == {"xx"}
    assert mark_svg(spec(title=text)).count("<text") == 0


def test_composed_and_decomposed_letters_are_drawn_alike():
    assert lettering.layout("Pe\u0301gase") == lettering.layout("Pégase")


def test_marks_stack_above_the_letter_and_not_on_each_other():
    once, twice = lettering.layout("ọ́"), lettering.layout("ọ́\u0300")
    assert len(twice.parts) == len(once.parts) + 1
    assert twice.parts[-1][2] < once.parts[-1][2]
    assert twice.advance == once.advance


def test_pairs_are_kerned():
    assert lettering.advance("AV") < lettering.advance("A") + lettering.advance("V")


TITLES = [
    "One",
    "Running a protocol for looking at student work",
    (
        "Supporting colleagues in using formative assessment evidence to plan the next steps in "
        "teaching, for every learner in the group"
    ),
    "Donaudampfschifffahrtsgesellschaftskapitänsausbildung",
    "W" * 120,
    "i " * 60,
    "Formative-assessment-for-learning-communities-of-practice in schools",
]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("available", [330, 368])
def test_every_line_of_a_title_fits_the_plate(title, available):
    fitted = titles.fitted(title, available)
    assert all(lettering.advance(line) * fitted.size / 1000 <= available for line in fitted.lines)
    assert len(fitted.lines) * titles.LINE_HEIGHT * fitted.size <= titles.BLOCK_HEIGHT


def test_title_takes_the_largest_size_that_fits_in_balanced_lines():
    assert titles.fitted("Coaching a colleague over six weeks", 368) == (
        34,
        ("Coaching a colleague", "over six weeks"),
        True,
    )
    assert titles.fitted("Mapping essential standards to checks for understanding", 368) == (
        30,
        ("Mapping essential", "standards to checks", "for understanding"),
        True,
    )


def test_title_of_120_characters_is_shown_whole():
    title = TITLES[2]
    fitted = titles.fitted(title, 368)
    assert 115 <= len(title) <= 130
    assert (fitted.size, fitted.is_whole, " ".join(fitted.lines)) == (21, True, title)


def test_title_too_long_for_the_plate_ends_in_an_ellipsis_there_and_not_in_the_title_element():
    title = "Very long words " * 20 + "end"
    fitted = titles.fitted(title, 368)
    assert (fitted.is_whole, fitted.lines[-1][-1]) == (False, "…")
    assert parsed(badge_svg(spec(title=title))).find(f"{SVG}title").text == title


def test_word_wider_than_the_plate_is_broken_with_hyphens_and_loses_no_letter():
    word = "Donaudampfschifffahrtsgesellschaftskapitänsausbildung"
    lines = titles.fitted(word, 368).lines
    assert all(line.endswith("-") for line in lines[:-1])
    assert "".join(line.removesuffix("-") for line in lines) == word


def test_compound_is_broken_after_its_own_hyphens_first():
    lines = titles.fitted(TITLES[6], 368).lines
    assert lines == ("Formative-assessment-", "for-learning-communities-", "of-practice in schools")


def test_japanese_has_at_most_twelve_characters_a_line_and_no_line_begins_with_a_full_stop():
    fitted = titles.fitted("教師チームの話し合いを、進行するための実践。", 368)
    assert fitted.size == 30
    assert max(map(len, fitted.lines)) <= 12
    assert "".join(fitted.lines) == "教師チームの話し合いを、進行するための実践。"
    assert not any(line[0] in "、。ー" for line in fitted.lines)


def test_empty_title_and_code_leave_a_plain_plate_and_a_small_star():
    svg = badge_svg(spec(title="", code=""))
    assert shapes.star((240, 165.3), 46, 21.16) in svg
    assert "transform" not in svg.split("</g></g>")[1]


@pytest.mark.parametrize("code", ["A2", "A.12", "WWW", "LEAD-2024", "AREA-10-LONGCODE"])
def test_code_fits_its_medallion(code):
    svg = badge_svg(spec(title="", code=code))
    place = re.findall(r"translate\(([\d.]+) [\d.]+\)scale\((\.?[\d.]+)\)", svg)[-1]
    assert 166 + 4 < float(place[0]) < 240


# QR codes

URLS = [
    AWARD,
    "https://badges.example.org/",
    "https://a.example/b",
    "http://localhost:8000/awards/0123456789abcdefghjkmnpqrs.html",
    "https://badges.example.org/awards/" + "1" * 26 + ".html",
    *(f"https://district{i}.example.org/" + "path/" * (i * 3) + f"?q={i}#x" for i in range(1, 12)),
    "https://badges.example.org/" + "z" * 600,
    "https://xn--bdges-kva.example/%C3%A9l%C3%A8ve",
    "HTTPS://BADGES.EXAMPLE.ORG/AWARDS/ABC",
    "https://user@example.org/?a=1&b=%20&c=<>\"'",
    "1234567890",
]


def picture(svg, size):
    resvg_py = pytest.importorskip("resvg_py", reason="resvg-py draws the picture to be read")
    image = pytest.importorskip("PIL.Image", reason="Pillow opens the picture to be read")
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size))
    return image.open(io.BytesIO(png)).convert("L")


@pytest.mark.parametrize("url", URLS)
def test_qr_code_is_read_back_by_another_library(url):
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp reads the code back")
    svg = qr_svg(url, label="QR code")
    side = int(re.search(r"viewBox=\"0 0 (\d+)", svg)[1])
    found = zxingcpp.read_barcodes(picture(svg, 6 * side))
    assert [code.text for code in found] == [url]


@pytest.mark.parametrize("url", [u for u in URLS if u != "1234567890" and not u.isupper()])
def test_qr_matrix_is_what_qrcode_gives_with_this_mask(url):
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0, mask_pattern=qr.MASK)
    code.add_data(qrcode.util.QRData(url, mode=qrcode.util.MODE_8BIT_BYTE))
    code.make(fit=True)
    assert qr_matrix(url) == tuple(map(tuple, code.modules))


def test_award_address_takes_version_five_whatever_its_id():
    other = AWARD.replace("4kq7x2m5v3n8c6t9w2z7y4r3pa", "z" * 26)
    assert len(qr_matrix(AWARD)) == len(qr_matrix(other)) == 37


def test_qr_svg_is_black_on_white_with_four_quiet_modules_and_a_title():
    root = parsed(qr_svg(AWARD, label="QR code <of> this & that"))
    white, black = root.findall(f"{SVG}path")
    assert (root.get("viewBox"), root.get("role")) == ("0 0 45 45", "img")
    assert root.find(f"{SVG}title").text == "QR code <of> this & that"
    assert (white.get("fill"), white.get("d")) == ("#fff", "M0 0h45v45H0z")
    assert black.get("stroke") == "#000"
    assert black.get("d").startswith("M4 4.5h7")


@pytest.mark.parametrize("url", ["", "https://badges.example.org/é"])
def test_qr_code_of_an_empty_or_non_ascii_address_is_refused(url):
    with pytest.raises(
        ValueError, match=r"^a QR code needs an ASCII URL; encode other characters first$"
    ):
        qr_matrix(url)


def test_qr_code_holds_2331_characters_and_no_more():
    assert len(qr_matrix("a" * 2331)) == 177
    message = r"^a QR code at level M holds 2,331 characters; this URL has 2,332$"
    with pytest.raises(ValueError, match=message):
        qr_matrix("a" * 2332)


# Ornaments


@pytest.mark.parametrize("draw", [seam_svg, logo_svg, favicon_svg])
def test_ornament_is_well_formed_small_and_the_same_each_time(draw):
    assert parsed(draw()).tag == f"{SVG}svg"
    assert draw() == draw()
    assert len(draw()) < 1_500


if __name__ == "__main__":
    CASES.mkdir(parents=True, exist_ok=True)
    for name, draw in GOLDEN.items():
        (CASES / name).write_text(draw(), encoding="utf-8")
