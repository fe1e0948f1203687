# SPDX-License-Identifier: Apache-2.0
"""Lists of large sites: rows, search files, pages of people, sitemaps, pages of the read API."""

from __future__ import annotations

import gzip
import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.addresses import Site
from site_builder.build import load
from site_builder.directory import (
    Holder,
    Listed,
    holders,
    listed,
    parts_of,
    roll,
    search_files,
    sheet_people,
    sitemaps,
)
from site_builder.directory.cutting import cut, gathered
from site_builder.directory.folding import folded, group_of, keys
from site_builder.directory.sheets import MOST_ON_A_SHEET, sort_key
from site_builder.directory.starts import MOST_BYTES
from site_builder.formats import read_api
from site_builder.pages.areas import groups
from site_builder.pages.catalog_pages import catalog_pages
from site_builder.pages.facets import facets
from site_builder.pages.frame import Frame
from site_builder.pages.sheets import people_pages
from tests.directory_people import CREDENTIALS, awards_of, holder, people
from tests.support import PUBLIC_AWARD, PUBLIC_TEACHER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from site_builder.catalog import Catalog

SITE = Site("https://badges.example.org")
MANY = people(4_000)


def made(rows: Sequence[Holder], catalog: Catalog, **part: int) -> dict[str, bytes]:
    found = list(search_files(lambda: iter(rows), catalog, **part))
    assert len(dict(found)) == len(found)
    return dict(found)


@pytest.fixture(scope="module")
def files(demo_catalog: Catalog) -> dict[str, bytes]:
    return made(MANY, demo_catalog)


# Rows


def test_rows_hold_public_people_and_their_listed_awards_only(small: Path):
    catalog, _ = load(small)
    assert catalog is not None
    (one,) = holders(catalog)
    assert (one.id, [award.id for award in one.awards]) == (PUBLIC_TEACHER, [PUBLIC_AWARD])
    assert [row.id for row in listed(catalog)] == [PUBLIC_AWARD]


def test_rows_come_back_from_json_as_they_were(demo_catalog: Catalog):
    for row in holders(demo_catalog):
        assert Holder.unpacked(json.loads(json.dumps(row.packed()))) == row
    for award in listed(demo_catalog):
        assert Listed.unpacked(json.loads(json.dumps(award.packed()))) == award


def test_awards_of_a_backpack_that_counts_none_are_listed_but_nobody_finds_it(
    demo_catalog: Catalog,
):
    uncounted = [row for row in holders(demo_catalog) if not row.counted]
    assert uncounted
    assert made(uncounted, demo_catalog) == {}
    assert roll(lambda: iter(uncounted)).total == 0


# Words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  María-José  GARCÍA ", "maria jose garcia"),
        ("O’Brien", "obrien"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Straße", "strasse"),
        ("Ólafur Þórsson", "olafur thorsson"),
        ("Ångström", "angstrom"),
        ("İpek Işık", "ipek isik"),
        ("Алексей Ёлкин", "алексеи елкин"),
        ("Ἀλέξανδρος", "αλεξανδροσ"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("प्रिया शर्मा", "प्रिया शर्मा"),
        ("สมชาย ใจดี", "สมชาย ใจดี"),
        ("山田　太郎", "山田 太郎"),
        ("ﾀﾅｶ", "タナカ"),
        ("김민준", "김민준"),
        ("Prof. №5 (Ⅳ)", "prof no5 iv"),
        ("…", ""),
    ],
)
def test_names_are_folded_in_every_script(name: str, shown: str):
    assert folded(name) == shown


def test_keys_name_each_word_with_each_other_word():
    assert keys("Ana Ruiz") == ["ana ruiz ", "ruiz ana "]
    assert keys("Prince") == ["prince  "]
    assert keys("Ana Ruiz Gil") == [
        "ana ruiz ", "ana gil ", "ruiz ana ", "ruiz gil ", "gil ana ", "gil ruiz ",
    ]  # fmt: skip
    assert keys("") == keys("...") == []


def test_a_name_without_spaces_is_found_from_each_of_its_letters():
    assert keys("山田太郎") == ["山田太郎  ", "田太郎  ", "太郎  ", "郎  "]
    assert keys("김 민준") == ["김 민준 ", "민준 김 ", "준 김 ", "김민준  ", "민준  ", "준  "]


# Search


class Reader:
    """Reads the files as assets/search.js does."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._read: dict[str, Any] = {}
        self.groups = json.loads(files["search/index.json"])["groups"]

    def under(self, start: str) -> tuple[int, set[str]]:
        """How many people stand under a start, and the slugs of those who are told."""
        group = group_of(start)
        if group not in self.groups:
            return 0, set()
        top = self._json(f"search/{group}.json")
        if "people" in top:
            return self._all(top, start)
        starts = top["starts"]
        longer = sorted((one for one in starts if one.startswith(start)), key=len)
        if longer and starts[longer[0]]:
            told = self._json(self._path(group, longer[0]))["first"]
            return starts[longer[0]][0], {one[0] for one in told}
        if longer:
            return self._all(self._json(self._path(group, longer[0])), start)
        above = max((one for one in starts if start.startswith(one)), key=len)
        if starts[above] == 0:
            return self._all(self._json(self._path(group, above)), start)
        shelves = starts[above][2]
        if not shelves:
            return 0, set()
        shelf = ord(start[len(above)]) % shelves
        return self._all(self._json(f"{self._path(group, above)[:-5]}-{shelf}.json"), start)

    def _path(self, group: str, start: str) -> str:
        return f"search/{group}/{start.encode().hex() or '0'}.json"

    def _json(self, path: str) -> Any:
        if path not in self._read:
            self._read[path] = json.loads(self.files[path])
        return self._read[path]

    def _all(self, body: Any, start: str) -> tuple[int, set[str]]:
        found = {
            one[0] for one in body["people"] if any(key.startswith(start) for key in keys(one[1]))
        }
        return len(found), found


def test_everybody_stands_under_every_start_of_their_name(files: dict[str, bytes]):
    reader = Reader(files)
    under: dict[str, set[str]] = {}
    for row in MANY:
        for key in keys(row.name or ""):
            for length in range(1, len(key) + 1):
                under.setdefault(key[:length], set()).add(row.slug)
    for start in sorted(under)[::17]:
        count, told = reader.under(start)
        assert count == len(under[start]), start
        assert told <= under[start]
        assert len(told) == min(count, 200)


def test_starts_of_nobodys_name_lead_to_nobody(files: dict[str, bytes]):
    reader = Reader(files)
    for start in ("zzz", "maria zzz", "ma ", "☃", "qx", "garcia garcia garcia"):
        assert reader.under(start) == (0, set())


def test_people_whose_whole_word_it_is_come_before_longer_words(demo_catalog: Catalog):
    rows = [holder(f"Ann Smith{place}", f"ann{place}") for place in range(150)]
    rows += [
        holder(f"Annika Jones{place}", f"annika{place}", credentials=CREDENTIALS * 4)
        for place in range(300)
    ]
    found = made(rows, demo_catalog)
    first = json.loads(found["search/61/616e6e.json"])["first"]
    assert len(first) == 200
    assert all(one[1].startswith("Ann ") for one in first[:150])
    assert all(one[1].startswith("Annika ") for one in first[150:])


def test_no_search_file_is_larger_than_a_first_query_may_be(
    files: dict[str, bytes], demo_catalog: Catalog
):
    long = [
        holder(f"{'長' * 300}{place} {'Ж' * 300}", f"long{place}", credentials=CREDENTIALS * 30)
        for place in range(300)
    ]
    for found in (files, made(long, demo_catalog)):
        assert max(map(len, found.values())) <= MOST_BYTES
    assert max(len(gzip.compress(one)) for one in files.values()) < 15_000


def test_a_thousand_people_of_one_name_are_all_found(demo_catalog: Catalog):
    rows = [holder("Kim Min", f"kim{place}") for place in range(1_000)]
    reader = Reader(found := made(rows, demo_catalog))
    assert reader.under("kim min ")[0] == 1_000
    slugs = {
        one[0]
        for path, body in found.items()
        if path.startswith("search/6b/")
        for one in json.loads(body).get("people", ())
    }
    assert slugs == {row.slug for row in rows}


def test_parts_together_are_the_whole_whatever_the_order_of_rows(
    files: dict[str, bytes], demo_catalog: Catalog
):
    shuffled = sorted(MANY, key=lambda row: row.slug)
    parts = [made(shuffled, demo_catalog, part=part, of=5) for part in range(5)]
    assert sum(map(len, parts)) == len(files)
    assert {path: data for part in parts for path, data in part.items()} == files


def test_a_changed_person_changes_few_files_and_only_parts_it_stands_in(
    files: dict[str, bytes], demo_catalog: Catalog
):
    for place in (7, 1_234, 3_999):
        changed = [row for row in MANY if row is not MANY[place]]
        for part in set(range(16)) - parts_of(MANY[place], 16):
            before = made(MANY, demo_catalog, part=part, of=16)
            assert made(changed, demo_catalog, part=part, of=16) == before
        after = made(changed, demo_catalog)
        differing = {path for path in files | after if files.get(path) != after.get(path)}
        assert 2 <= len(differing) <= 30
    assert len(files) > 150


def test_counts_of_the_index_are_those_of_the_rows(files: dict[str, bytes]):
    index = json.loads(files["search/index.json"])
    assert index["people"] == len(MANY)
    assert index["awards"] == sum(len(row.awards) for row in MANY)
    body = json.loads(files["search/credentials-0.json"])
    assert body["language"] == "en"
    assert {row[0]: row[4] for row in body["credentials"]} == {
        slug: sum(award.credential == slug for row in MANY for award in row.awards)
        for slug in CREDENTIALS
    }


def test_the_newest_awards_of_a_micro_credential_come_first(files: dict[str, bytes]):
    told = json.loads(files["search/award/analysing-results.json"])["awards"]
    every = sorted(
        (award.issued, award.id)
        for row in MANY
        for award in row.awards
        if award.credential == "analysing-results"
    )
    assert [(one[1], one[0]) for one in told] == every[:-101:-1]


# Pages of the list of people


def test_up_to_500_people_stand_on_one_page_in_the_order_of_their_sort_names():
    few = MANY[:500]
    known = roll(lambda: iter(few))
    assert known.total == 500
    assert list(known.holders) == sorted(few, key=lambda row: (row.sort, row.id))
    assert (known.sheets, known.letters) == ((), ())


@pytest.mark.parametrize("count", [501, 4_000])
def test_everybody_stands_on_one_page_in_order_and_no_page_is_empty_or_long(count: int):
    rows = MANY[:count]
    known = roll(lambda: iter(rows))
    assert known.holders == ()
    pages = dict(sheet_people(lambda: iter(rows), known))
    assert list(pages) == list(range(len(known.sheets)))
    assert [row for page in pages.values() for row in page] == sorted(rows, key=sort_key)
    for place, page in pages.items():
        assert 0 < len(page) == known.sheets[place].count <= MOST_ON_A_SHEET
    assert len({sheet.path for sheet in known.sheets}) == len(known.sheets)
    assert sum(people for _, people, _ in known.letters) == count


def test_pages_are_cut_in_every_script_and_hold_people_without_names():
    names = ["山田太郎", "Иван Петров", "سارة", "Ana", "", "김민준", "9th"]
    rows = [
        holder(
            names[place % 7], str(place), sort=names[place % 7] and f"{names[place % 7]} {place}"
        )
        for place in range(3_500)
    ]
    known = roll(lambda: iter(rows))
    assert [letter for letter, _, _ in known.letters] == ["", "9", "A", "И", "س", "山", "김"]
    assert {people for _, people, _ in known.letters} == {500}
    assert known.sheets[0].label == "No name (0) – No name (9)"
    assert all(re.fullmatch(r"backpacks/by/[a-z0-9_-]+\.html", one.path) for one in known.sheets)


def test_one_more_person_changes_one_page_or_cuts_it_in_two():
    before = roll(lambda: iter(MANY))
    for place in range(40):
        rows = [*MANY, holder("New Person", f"new{place}", sort=MANY[place * 97].sort)]
        after = roll(lambda rows=rows: iter(rows))
        kept = {(one.path, one.label, one.count) for one in before.sheets} & {
            (one.path, one.label, one.count) for one in after.sheets
        }
        assert len(kept) >= len(before.sheets) - 1


def test_pages_of_people_lead_to_each_other_and_back(demo_catalog: Catalog):
    rows = MANY[:1_500]
    known = roll(lambda: iter(rows))
    pages = dict(people_pages(lambda: iter(rows), known, demo_catalog, SITE))
    assert list(pages) == [sheet.path for sheet in known.sheets]
    first, second = (pages[sheet.path].decode() for sheet in known.sheets[:2])
    assert f'<a rel="next" href="../../{known.sheets[1].path}">' in first
    assert f'<a rel="prev" href="../../{known.sheets[0].path}">' in second
    assert 'rel="prev"' not in first
    assert '<a href="../../backpacks/">Search all</a>' in first
    links = re.findall(r'<li><a href="../../backpacks/([0-9a-z]{26})\.html"><bdi>', first)
    assert len(links) == known.sheets[0].count
    halves = [
        dict(people_pages(lambda: iter(rows), known, demo_catalog, SITE, part=part, of=2))
        for part in range(2)
    ]
    assert halves[0] | halves[1] == pages


def test_backpacks_page_names_letters_where_people_are_many(demo_catalog: Catalog):
    rows = MANY[:1_500]
    known = roll(lambda: iter(rows))
    (page,) = [
        one
        for one in catalog_pages(demo_catalog, SITE, roll=known)
        if one.path == "backpacks/index.html"
    ]
    assert "1,500 teachers chose to show what they have earned." in page.body
    assert f'<li><a href="../{known.letters[0][2]}">A <span' in page.body
    assert '<ul class="people"' not in page.body


# Sitemaps and the read API


def locations(data: bytes) -> list[str]:
    return [html.unescape(one) for one in re.findall(r"<loc>([^<]*)</loc>", data.decode())]


def test_one_sitemap_holds_everything_while_it_may():
    rows = MANY[:100]
    awards = awards_of(rows)
    (path, data), *more = sitemaps(lambda: iter(awards), lambda: iter(rows), SITE)
    assert (path, more) == ("sitemap-awards.xml", [])
    assert b"<urlset" in data
    assert locations(data) == [
        *(f"https://badges.example.org/awards/{one.id}.html" for one in awards),
        *(f"https://badges.example.org/backpacks/{one.slug}.html" for one in rows),
    ]


def test_beyond_the_limit_of_the_protocol_the_sitemap_is_an_index():
    awards = awards_of(MANY)
    files = dict(sitemaps(lambda: iter(awards), lambda: iter(MANY), SITE, most=300))
    index = files.pop("sitemap-awards.xml")
    assert b"<sitemapindex" in index
    assert locations(index) == [f"https://badges.example.org/{path}" for path in files]
    found = [url for data in files.values() for url in locations(data)]
    assert all(0 < len(locations(data)) <= 300 for data in files.values())
    assert len(found) == len(set(found)) == len(awards) + len(MANY)
    assert {path[:15] for path in files} == {"sitemap-awards-", "sitemap-backpac"}


def test_up_to_a_thousand_listed_awards_stand_in_one_file(demo_catalog: Catalog):
    rows = list(listed(demo_catalog))
    ((path, body),) = read_api.awards(lambda: iter(rows), SITE, has_ob2=True)
    assert path == "api/awards.json"
    assert list(body) == ["awards"]
    assert [one["id"] for one in body["awards"]] == [one.id for one in demo_catalog.listed]
    assert list(body["awards"][0]) == [
        "id", "credential", "holder", "issued", "expires", "state", "url", "assertion", "backpack",
    ]  # fmt: skip


def test_more_listed_awards_are_cut_into_pages_by_their_ids():
    rows = awards_of(MANY)
    files = dict(read_api.awards(lambda: iter(rows), SITE, has_ob2=False, is_signed=True))
    index = files.pop("api/awards.json")
    assert index == {
        "awards": [],
        "total": len(rows),
        "pages": [f"https://badges.example.org/{path}" for path in files],
    }
    assert len(files) == 32
    found = [one for body in files.values() for one in body["awards"]]
    assert [one["id"] for one in found] == [one.id for one in rows]
    for path, body in files.items():
        assert 0 < len(body["awards"]) <= 1_000
        assert {f"api/awards/{one['id'][0]}.json" for one in body["awards"]} == {path}
    ((_, whole),) = read_api.awards(lambda: iter(rows[:50]), SITE, has_ob2=False, is_signed=True)
    assert found[:50] == whole["awards"]
    assert found[0]["assertion"] is None
    assert found[0]["credential_url"] == f"https://badges.example.org/awards/{rows[0].id}.json"


def test_parts_of_sitemaps_and_of_the_read_api_together_are_the_whole():
    awards = awards_of(MANY)

    def maps(**part: int) -> dict[str, bytes]:
        return dict(sitemaps(lambda: iter(awards), lambda: iter(MANY), SITE, most=300, **part))

    def pages(**part: int) -> dict[str, Any]:
        return dict(read_api.awards(lambda: iter(awards), SITE, has_ob2=True, **part))

    for made_of in (maps, pages):
        parts = [made_of(part=part, of=3) for part in range(3)]
        assert all(parts)
        assert sum(map(len, parts)) == len(made_of())
        assert parts[0] | parts[1] | parts[2] == made_of()


def test_names_are_cut_where_too_many_begin_alike():
    names = ["a", "ab", "abc", "abcd", "abd", "b", "ca", "cb"]
    starts = cut(names, 2)
    assert starts == ["a", "ab", "abc", "abd", "b", "c"]
    assert [(start, found) for start, found in gathered(names, starts, str)] == [
        ("a", ["a"]),
        ("ab", ["ab"]),
        ("abc", ["abc", "abcd"]),
        ("abd", ["abd"]),
        ("b", ["b"]),
        ("c", ["ca", "cb"]),
    ]


# Filters of the list of micro-credentials


def test_filters_count_what_fits_each_choice(demo_catalog: Catalog):
    frame = Frame(demo_catalog, SITE)
    found = facets(frame, groups(demo_catalog))
    assert [one.name for one in found.facets] == ["area", "hours", "for", "evidence", "language"]
    for facet in found.facets:
        for option in facet.options:
            token = f"{facet.name}:{option.value}"
            assert option.count == sum(token in said.split() for said in found.fits.values())
    hours = {one.words: one.count for one in found.facets[1].options}
    assert hours == {"About 10": 7, "About 15": 12, "About 20": 4}
