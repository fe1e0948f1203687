# SPDX-License-Identifier: Apache-2.0
"""The browsable pages: whole, escaped, linked, and silent about private people."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.build import artifacts, load
from site_builder.documents import parse
from site_builder.model import Inducement, Pay, Support
from site_builder.pages import labels
from site_builder.pages.catalog_pages import NAVIGATION, CatalogPage, catalog_pages
from site_builder.pages.frame import one_block, shortened
from site_builder.pages.pathways import load as load_of
from tests.support import ROOT, small_repository, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from site_builder.catalog import Catalog

EDIT = "https://forge.example.org/learning-works/badges/edit/main/"
Pages = dict[str, CatalogPage]


@dataclass
class Seen(HTMLParser):
    """What a test asks of a page."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, attribute: str) -> list[str]:
        return [value for _, given in self.tags if (value := given.get(attribute)) is not None]


def seen(page: CatalogPage) -> Seen:
    found = Seen()
    found.feed(page.body)
    return found


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    found, problems = load(ROOT)
    assert found is not None, problems
    return found


@pytest.fixture(scope="module")
def site(catalog: Catalog) -> Site:
    return Site(catalog.issuer.base_url)


@pytest.fixture(scope="module")
def pages(catalog: Catalog, site: Site) -> Pages:
    return {page.path: page for page in catalog_pages(catalog, site, edit_url=EDIT)}


def small_pages(folder: Path, changes: Mapping[str, str] | None = None) -> Pages:
    files = small_repository()
    for path, content in (changes or {}).items():
        files[path] = content
    found, problems = load(write(folder, files))
    assert found is not None, problems
    return {page.path: page for page in catalog_pages(found, Site(found.issuer.base_url))}


def a2(pages: Pages) -> CatalogPage:
    return pages[addresses.credential_page("looking-at-student-work")]


def test_every_kind_of_record_has_its_pages(pages: Pages, catalog: Catalog):
    wanted = {
        *(addresses.credential_page(slug) for slug in catalog.credentials),
        *(addresses.competency_page(slug) for slug in catalog.competencies),
        *(addresses.pathway_page(slug) for slug in catalog.pathways),
        *(addresses.role_page(slug) for slug in catalog.roles),
        *(addresses.program_page(slug) for slug in catalog.programs),
        *(
            addresses.area_page(area.id)
            for one in catalog.frameworks.values()
            for area in one.areas
        ),
    }
    sections = {
        addresses.HOME,
        addresses.CATALOG,
        addresses.COMPETENCIES,
        addresses.PATHWAYS,
        addresses.ROLES,
        addresses.PROGRAMS,
        addresses.INSIGHTS,
        addresses.BACKPACKS,
        addresses.ISSUER,
    }
    assert set(pages) == wanted | sections


def test_the_navigation_names_pages_that_exist(pages: Pages):
    sources = {page.src for page in pages.values() if page.nav}
    assert {path for _, path in NAVIGATION} <= sources


def test_a_body_is_one_block_of_html_without_blank_lines(pages: Pages):
    for page in pages.values():
        assert page.body.startswith('<div class="bl">'), page.path
        assert page.body.endswith("</div>"), page.path
        assert all(line and line == line.lstrip() for line in page.body.splitlines()), page.path


def test_a_page_carries_no_script_style_or_handler(pages: Pages):
    for page in pages.values():
        for tag, attributes in seen(page).tags:
            assert tag not in {"script", "style", "iframe", "link"}, page.path
            assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_pages_are_the_same_on_a_second_run(pages: Pages, catalog: Catalog, site: Site):
    again = {page.path: page for page in catalog_pages(catalog, site, edit_url=EDIT)}
    assert again == pages


def test_every_link_inside_the_site_leads_somewhere(pages: Pages, catalog: Catalog, site: Site):
    known = {path for path, _ in artifacts(catalog, site)} | set(pages)
    missing = []
    for page in pages.values():
        found = seen(page)
        for link in (*found.values("href"), *found.values("src")):
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), parts.path))
            target = "" if target == "." else target
            if parts.path.endswith("/"):
                target = posixpath.join(target, "index.html")
            if target not in known:
                missing.append((page.path, link))
    assert missing == []


def test_every_fragment_and_label_names_an_id_that_is_there_once(pages: Pages):
    for page in pages.values():
        found = seen(page)
        ids = found.values("id")
        assert len(ids) == len(set(ids)), page.path
        for link in found.values("href"):
            if link.startswith("#"):
                assert link[1:] in ids, (page.path, link)
        for label in found.values("aria-labelledby"):
            assert label in ids, (page.path, label)


def test_every_page_has_one_first_heading_and_every_picture_an_alt(pages: Pages):
    for page in pages.values():
        found = seen(page)
        assert [tag for tag, _ in found.tags].count("h1") == 1, page.path
        assert all("alt" in given for tag, given in found.tags if tag == "img"), page.path


def test_nobody_who_is_not_public_appears_on_any_page(pages: Pages, catalog: Catalog):
    hidden = [one for one in catalog.teachers.values() if one.visibility != "public"]
    assert hidden
    everything = "\n".join(page.markdown() for page in pages.values())
    assert [one.id for one in hidden if one.name and f">{one.name}<" in everything] == []
    assert [one.id for one in catalog.teachers.values() if one.id in everything] == []
    listed = {award.id for award in catalog.listed}
    assert [award for award in catalog.awards if award not in listed and award in everything] == []


def test_edit_links_lead_to_the_yaml_source(pages: Pages):
    assert a2(pages).edit_path == "catalog/credentials/looking-at-student-work.yml"
    assert f'href="{EDIT}catalog/credentials/looking-at-student-work.yml"' in a2(pages).body
    assert pages[addresses.CATALOG].edit_path is None
    assert EDIT not in pages[addresses.CATALOG].body


def test_without_an_edit_address_no_edit_link_is_drawn(catalog: Catalog, site: Site):
    assert all('rel="edit"' not in page.body for page in catalog_pages(catalog, site))


def test_a_credential_page_shows_the_whole_anatomy(pages: Pages):
    ids = seen(a2(pages)).values("id")
    assert ids == [
        "method",
        "what-to-send",
        "how-it-is-judged",
        "reading",
        "counts-for",
        "earned-by",
        "supports",
        "needs",
        "terms",
        "aligned",
        "versions",
    ]


def test_time_and_worth_come_before_any_prose(pages: Pages):
    text = seen(a2(pages)).text
    assert text.index("About 15 hours") < text.index("15 CTLE hours") < text.index("The method:")
    assert "between 10 and 20, within six months" in text
    assert "Answer in 10 working days" in text


def test_the_rubric_is_a_table_with_caption_and_marked_pass_level(pages: Pages):
    body = a2(pages).body
    table = body[body.index('<table class="rubric"') : body.index("</table>")]
    assert (
        "<caption>Version 1.1.0, in force since "
        '<time datetime="2015-01-01">1 January 2015</time>. '
        "Teacher, coach and reviewer see the same text.</caption>"
    ) in table
    assert table.count('<span class="pl">pass level</span>') == 1
    assert table.count('data-l="Proficient, the pass level"') == table.count('scope="row"') == 4


def test_evidence_is_named_by_part_and_size(pages: Pages):
    text = seen(a2(pages)).text
    assert "Part 1. The question and why this protocol" in text
    assert "Written, 250 to 300 words" in text
    assert "Artifact, two pieces" in text


def test_few_earners_are_not_shown_as_a_number(pages: Pages):
    assert "Who has earned it Not shown Counted from award records." in seen(a2(pages)).text


def test_many_earners_are_counted_and_the_public_ones_linked(pages: Pages, catalog: Catalog):
    page = pages[addresses.credential_page("reading-student-work")]
    assert "Who has earned it 105 teachers" in seen(page).text
    linked = set(re.findall(r"\.\./\.\./awards/([0-9a-z]{26})\.html", page.body))
    assert linked == {
        award.id
        for award in catalog.listed
        if award.credential_slug == "reading-student-work" and award.status.state == "active"
    }


def test_spanish_text_is_marked_as_spanish(pages: Pages):
    body = a2(pages).body
    start = body.index('<details class="panel" lang="es">')
    spanish = body[start : body.index("</details>", start)]
    assert "Dirigir un protocolo para analizar trabajos del alumnado" in spanish
    assert 'lang="es"' not in pages[addresses.credential_page("reading-student-work")].body


def test_what_it_counts_for_promises_nothing(pages: Pages):
    text = seen(a2(pages)).text
    assert (
        "One of the 18 micro-credentials it names. The whole pathway is one way to qualify for the "
        "role Teacher leader , which pays a permanent raise of $500. It promises no post."
    ) in text


def test_a_year_that_asks_too_much_is_said_to(pages: Pages, catalog: Catalog):
    text = seen(pages[addresses.pathway_page("teacher-leader")]).text
    assert (
        "This is a heavy load. About 250 hours within one year come to 6.9 hours in each school week"
    ) in text
    light = load_of(catalog.pathways["emerging-teacher-leader"], catalog)
    assert (light.hours, light.weekly, light.is_heavy) == (45, "1.2", False)


def test_a_role_says_up_to_and_that_qualifying_is_no_offer(pages: Pages):
    text = seen(pages[addresses.role_page("peer-coach")]).text
    assert "Pay Up to $12,500 for each year in the role" in text
    assert "Qualifying is not an offer. The employer decides who is appointed." in text


@pytest.mark.parametrize(
    "words",
    [
        "546 awards to 154 teachers in four programmes",
        "Joined reported 191",
        "Earned at least one 123 of 191, 64 %",
        "Completed the pathway 115 of 191, 60 %",
        "Accepted into the candidate pool reported 109 of 115, 95 %",
        "Earned at least one 2 of 50, 4 %",
        "Completed the pathway 2 of 50, 4 %",
        "The total includes 30 awards and 19 teachers of a programme whose figures are assumed.",
        "Rounds of all programmes Only programmes whose own table of rounds hides nothing",
        "Earned all 18 2 of 10",
        "It was not required 27 56 %",
        "There was no incentive 18 38 %",
        "It was too much work 35 70 %",
        "Would take part for continuing-education credit 28 56 %",
        "The second try is the usual one",
        "Assessment Matters: 2 of 50 earned at least one",
        "before they were accepted. 514 of 546 awards, those whose rounds can be shown.",
        "Two 236 46 %",
        "Other 3 6 %",
        "Acceptance is a chance to interview. It does not promise a role or pay.",
        "300 planned",
    ],
)
def test_insights_show_the_published_figure(pages: Pages, words: str):
    assert words in seen(pages[addresses.INSIGHTS]).text


@pytest.mark.parametrize(
    "words",
    [
        "credentials awarded 546",
        "teachers who earned one or more 154",
        "accepted after two or more rounds: 427 of 514 awards 83 %",
        "earned all 18, of 10 who joined 2",
        "The total includes 30 awards and 19 teachers of a programme whose figures are assumed.",
    ],
)
def test_home_shows_each_share_with_what_it_is_a_share_of(pages: Pages, words: str):
    assert words in seen(pages[addresses.HOME]).text


def test_a_survey_that_few_answered_is_not_drawn(catalog: Catalog, site: Site):
    program = catalog.programs["assessment-matters"]
    assert program.outcomes is not None
    (survey,) = program.outcomes.surveys
    few = survey.model_copy(update={"n": 9, "population": 9, "answers": {"other": 9}})
    outcomes = program.outcomes.model_copy(update={"surveys": (few,)})
    changed = program.model_copy(update={"outcomes": outcomes, "published": ()})
    made = replace(catalog, programs={**catalog.programs, program.id: changed})
    (page,) = [
        one for one in catalog_pages(made, site) if one.path == addresses.program_page(program.id)
    ]
    assert "Why did you not pursue" not in seen(page).text


def test_a_small_figure_published_as_a_percentage_is_drawn_as_one(catalog: Catalog, site: Site):
    program = catalog.programs["assessment-matters"]
    share = next(one for one in program.published if one.figure == "earners")
    share = share.model_copy(update={"figure": "earners_percent", "value": Decimal(4)})
    changed = program.model_copy(update={"published": (share,)})
    made = replace(catalog, programs={**catalog.programs, program.id: changed})
    (page,) = [one for one in catalog_pages(made, site) if one.path == addresses.INSIGHTS]
    text = seen(page).text
    assert "Earned at least one 4 %" in text
    assert "Earned at least one 2" not in text


def test_a_hidden_figure_has_no_length(pages: Pages):
    body = pages[addresses.INSIGHTS].body
    row = body[body.index('<th scope="row">February 2015</th>') :]
    row = row[: row.index("</tr>")]
    assert "not shown" in row
    assert 'class="f"' not in row


def test_the_samples_programme_has_no_figures(pages: Pages):
    page = pages[addresses.program_page("samples")]
    assert "Nothing in it is counted." in seen(page).text
    assert addresses.program_page("samples") not in pages[addresses.PROGRAMS].body
    assert "<table" not in page.body


def test_backpacks_list_public_teachers_only(pages: Pages, catalog: Catalog):
    handles = {one.handle for one in catalog.teachers.values() if one.visibility == "public"}
    found = set(re.findall(r'href="\.\./backpacks/([^"]+)\.html"', pages[addresses.BACKPACKS].body))
    assert found
    assert found <= handles


def test_hostile_words_stay_words(tmp_path: Path):
    small, _ = load(write(tmp_path, small_repository()))
    assert small is not None
    # The check refuses such words; pages must not rely on that.
    hostile = "X & \"q\" 'y' {{ 7*7 }} </h1><img src=x onerror=alert(1)>"
    program = small.programs["first-run"]
    partner = program.partner.model_copy(update={"name": hostile})
    changed = program.model_copy(
        update={"title": {"en": hostile}, "description": {"en": hostile}, "partner": partner}
    )
    catalog = replace(small, programs={"first-run": changed})
    for page in catalog_pages(catalog, Site("https://badges.example.org")):
        assert "img" not in [tag for tag, given in seen(page).tags if given.get("src") == "x"]
        assert "<img src=x" not in page.markdown()
        if page.path == addresses.program_page("first-run"):
            assert seen(page).text.count(hostile) >= 3


def test_front_matter_is_yaml_with_escaped_title_and_description():
    page = CatalogPage(
        src="x.md",
        path="x/index.html",
        title='A "b" <c>\n---',
        description="It's & more",
        body='<div class="bl"></div>',
        edit_path=None,
        section="credentials/",
        nav=False,
        search=False,
    )
    head, body = page.markdown().removeprefix("---\n").split("\n---\n\n")
    assert parse("x.md", head.encode()).value == {
        "title": "A &quot;b&quot; &lt;c&gt;\n---",
        "description": "It&#x27;s &amp; more",
        "template": "catalog.html",
        "section": "credentials/",
        "made_by": "badges",
        "hide": ["navigation", "toc"],
        "search": {"exclude": True},
    }
    assert body == '<div class="bl"></div>\n'


def test_a_small_catalog_says_what_is_not_there_yet(tmp_path: Path):
    made = small_pages(tmp_path)
    assert "No pathways yet." in seen(made[addresses.PATHWAYS]).text
    assert addresses.ROLES not in made
    assert "Browse 1 micro-credential Check a badge" in seen(made[addresses.HOME]).text
    assert (
        "No figures can be shown for this programme."
        in seen(made[addresses.program_page("first-run")]).text
    )


def test_a_draft_has_a_page_that_says_so_and_no_picture(tmp_path: Path):
    files = small_repository()
    text = files["catalog/credentials/team-norms.yml"]
    assert isinstance(text, str)
    draft = text.replace("status: active", "status: draft").replace("team norms", "draft norms")
    made = small_pages(tmp_path, {"catalog/credentials/draft-norms.yml": draft})
    page = made[addresses.credential_page("draft-norms")]
    assert "Draft: cannot be earned yet" in seen(page).text
    assert "/badge.svg" not in page.body
    assert "In draft" in seen(made[addresses.CATALOG]).text
    assert "draft-norms/1.0.0/mark.svg" not in made[addresses.CATALOG].body


def test_one_block_drops_blank_lines_and_indents():
    assert one_block("\n<div>\n\n   <p>a</p>\n \n</div>\n") == "<div>\n<p>a</p>\n</div>"


def test_a_long_description_ends_at_a_word():
    assert shortened("Each word, stays whole", 12) == "Each word…"
    assert shortened("Short  enough\n") == "Short enough"


def test_pay_is_said_with_care():
    assert labels.pay(Pay(up_to="12500", currency="USD", per="year-in-role")) == (
        "up to $12,500 for each year in the role"
    )
    assert labels.pay(Pay(amount="500", currency="USD", permanent=True)) == (
        "a permanent raise of $500"
    )


def test_an_inducement_without_words_of_its_own_is_said_with_care():
    pool = Inducement(kind="interview-pool", requires="pathway", wording="chance")
    assert labels.inducement(pool) == (
        "A place in the candidate pool after completing the pathway, which is a chance to interview"
    )
    salary = Inducement(
        kind="salary", up_to="12500", currency="USD", per="year-in-role", requires="role"
    )
    assert labels.inducement(salary) == (
        "Up to $12,500 for each year in the role for those appointed"
    )


def test_supports_are_said_in_words():
    assert labels.support(Support(kind="induction", days=3)) == "Induction, three days"
    assert labels.support(Support(kind="coaching", mode="onsite", every="two-weeks")) == (
        "Onsite coaching, every two weeks"
    )
    assert labels.support(Support(kind="workshop", count=4, hours="2.5")) == (
        "Workshop, four times, 2.5 hours each"
    )
