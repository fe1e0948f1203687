# SPDX-License-Identifier: Apache-2.0
"""The census: adds up over shards, counts what a plain recount counts, and holds no people."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import random
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.build import load
from site_builder.catalog import Catalog
from site_builder.catalog.census import (
    NAMED,
    OUTSIDE,
    Census,
    Listing,
    Named,
    Run,
    Totals,
    merged,
)
from site_builder.engine import newest_day
from site_builder.formats import read_api
from site_builder.insights import (
    Rounds,
    census,
    census_of,
    program_rounds,
    raw_figures,
    raw_overview,
    shared_rounds,
)
from site_builder.insights.plan import plan_of
from site_builder.model import Award, Pathway, Program, Teacher
from site_builder.pages.catalog_pages import catalog_pages
from site_builder.pathways import credentials_in, evaluate
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

PUBLISHED = dt.date(2016, 6, 30)  # the day as of which the demo's totals were published
CREDENTIAL = "planning-for-assessment"


@cache
def demo() -> Catalog:
    found, problems = load(ROOT)
    assert found is not None, problems
    return found


def part(catalog: Catalog, teachers: Iterable[str]) -> Catalog:
    """The shard with these teachers."""
    names = set(teachers)
    return replace(
        catalog,
        teachers={name: one for name, one in catalog.teachers.items() if name in names},
        awards={name: one for name, one in catalog.awards.items() if one.teacher in names},
        drafts={name: one for name, one in catalog.drafts.items() if one.teacher in names},
    )


def shards(catalog: Catalog, number: int) -> list[Catalog]:
    names = sorted(catalog.teachers)
    return [part(catalog, names[index::number]) for index in range(number)]


def small(catalog: Catalog, counted: Census) -> Catalog:
    """The catalog without people, with what they add up to."""
    return replace(catalog, teachers={}, awards={}, drafts={}, census=counted)


def pages(catalog: Catalog) -> dict[str, str]:
    site = Site(catalog.issuer.base_url)
    return {one.path: one.markdown() for one in catalog_pages(catalog, site)}


# A recount from the definitions in docs/reference/figures.md, one figure after the other.


def is_earned(award: Award, catalog: Catalog) -> bool:
    credential = catalog.versions.get(award.credential)
    is_completion = credential is not None and credential.class_ == "completion"
    return award.issued is not None and award.status.state != "revoked" and not is_completion


def counted_plainly(catalog: Catalog, day: dt.date | None = None) -> list[Award]:
    return [
        one
        for one in catalog.awards.values()
        if is_earned(one, catalog)
        and catalog.is_counted(one)
        and (day is None or str(one.issued) <= str(day))
    ]


def of_program(catalog: Catalog, program: Program) -> list[Award]:
    found = [
        one
        for one in catalog.awards.values()
        if one.program == program.id
        and is_earned(one, catalog)
        and str(one.issued) <= str(program.ends)
    ]
    return sorted(found, key=lambda one: (str(one.issued), one.id))


def run_plainly(catalog: Catalog, program: Program) -> Run:
    awards, people = of_program(catalog, program), dict[str, dict[str, Award]]()
    for one in awards:
        if one.expires is None or one.expires >= program.ends:
            people.setdefault(one.teacher, {})[one.credential_slug] = one
    pathway = catalog.pathway_versions.get(program.pathway or "")
    members = set(credentials_in(pathway.requires, catalog)) if pathway else set()
    every = counted_plainly(catalog)
    within, entering = {one.id for one in awards}, {one.id for one in every}
    return Run(
        awards=len(awards),
        earners=len({one.teacher for one in awards}),
        completed=sum(
            pathway is not None and evaluate(pathway.requires, have, catalog).is_met
            for have in people.values()
        ),
        rounds=rounds_of(awards),
        held=Counter(len(members & set(have)) for have in people.values()) if pathway else {},
        counted=rounds_of(one for one in awards if one.id in entering),
        later=rounds_of(one for one in every if one.program == program.id and one.id not in within),
    )


def rounds_of(awards: Iterable[Award]) -> dict[int, int]:
    return Counter(len(one.rounds) for one in awards)


def totals_plainly(catalog: Catalog, day: dt.date | None) -> Totals:
    awards = counted_plainly(catalog, day)
    earners = {one.teacher for one in awards}
    return Totals(len(awards), len(earners), sum(len(one.rounds) > 1 for one in awards))


def named_plainly(catalog: Catalog) -> dict[str, Listing]:
    found: dict[str, list[Named]] = {}
    listed = {one.id for one in catalog.listed}
    for one in counted_plainly(catalog):
        if one.id in listed and one.status.state == "active":
            who = catalog.teachers[one.teacher]
            entry = Named(who.sort or who.name or "", one.id, who.name, who.language)
            found.setdefault(one.credential_slug, []).append(entry)
    return {
        slug: Listing(len(names), tuple(sorted(names)[:NAMED])) for slug, names in found.items()
    }


def census_plainly(catalog: Catalog, days: Iterable[dt.date]) -> Census:
    every = counted_plainly(catalog)
    outside = rounds_of(one for one in every if (one.program or "") not in catalog.programs)
    runs = {name: run_plainly(catalog, one) for name, one in catalog.programs.items()}
    changes = [one.status.on for one in catalog.awards.values() if one.status.on]
    public = [one for one in catalog.backpacks if one.visibility == "public"]
    return Census(
        totals={day: totals_plainly(catalog, day) for day in (*days, None)},
        programs=runs | {OUTSIDE: Run(later=outside)},
        months=Counter(str(one.issued)[:7] for one in every),
        earners=Counter(slug for slug, _ in {(one.credential_slug, one.teacher) for one in every}),
        named=named_plainly(catalog),
        criteria=Counter(
            (one.credential, one.criteria_sha256)
            for one in catalog.awards.values()
            if one.criteria_sha256
        ),
        newest=max(
            (*changes, *(one.issued for one in catalog.awards.values() if one.issued)),
            default=None,
        ),
        published=len(catalog.published),
        listed=len(catalog.listed),
        backpacks=len(catalog.backpacks),
        public_backpacks=len(public),
        named_backpacks=sum(
            any(catalog.is_counted(one) for one in catalog.shown_in_backpack(who)) for who in public
        ),
    )


def without_empty(counted: Census) -> Census:
    programs = {name: run for name, run in counted.programs.items() if run != Run()}
    return replace(counted, programs=programs)


def shared_rounds_plainly(catalog: Catalog) -> Rounds | None:
    """The third rule of docs/reference/figures.md, by the awards themselves."""
    cells: Counter[int] = Counter()
    with_table: list[str] = []
    for program in catalog.programs.values():
        table = program_rounds(catalog, program) if program.counted else None
        if table is not None:
            awards = of_program(catalog, program)
            with_table += [one.id for one in awards]
            cells += rounds_of(awards) if None not in table.awards.values() else Counter()
    rest = rounds_of(one for one in counted_plainly(catalog) if one.id not in with_table)
    rest.pop(0, None)
    if all(count >= catalog.issuer.publish.suppress_below for count in rest.values()):
        cells += rest
    cells.pop(0, None)
    return Rounds(dict(sorted(cells.items())), cells.total()) if cells else None


def muddled(chance: random.Random) -> Catalog:
    """Some of the demo's people, with anything changed that decides where an award counts."""
    catalog = demo()
    days = [one.issued for one in catalog.awards.values() if one.issued]
    days += [*(one.ends for one in catalog.programs.values()), PUBLISHED] * 20
    names = chance.sample(sorted(catalog.teachers), chance.randrange(60))
    found = part(catalog, names)
    states = ("active", "active", "suspended", "revoked", "superseded", "withdrawn")

    def award(old: Award) -> Award:
        choices: dict[str, Any] = {
            "program": chance.choice([None, "unknown", *catalog.programs]),
            "credential": chance.choice(["unknown@1.0.0", *catalog.versions]),
            "issued": chance.choice(days),
            "expires": chance.choice([None, chance.choice(days)]),
            "rounds": old.rounds[:1] * chance.randrange(4),
            "visibility": chance.choice(["inherit", "private", "unlisted", "public"]),
            "status": old.status.model_copy(
                update={"state": chance.choice(states), "on": chance.choice([None, *days])}
            ),
        }
        kept = chance.sample(sorted(choices), chance.randrange(3))
        return old.model_copy(update={name: choices[name] for name in kept})

    def teacher(old: Teacher) -> Teacher:
        visibility = chance.choice(["private", "unlisted", "public", old.visibility])
        return old.model_copy(update={"visibility": visibility})

    return replace(
        found,
        awards={name: award(one) for name, one in found.awards.items()},
        teachers={name: teacher(one) for name, one in found.teachers.items()},
    )


muddles = st.randoms(use_true_random=True).map(muddled)


def test_demo_counts_what_a_plain_recount_counts():
    assert without_empty(census(demo())) == without_empty(census_plainly(demo(), [PUBLISHED]))


@settings(max_examples=100, deadline=None)
@given(muddles)
def test_anybodys_awards_count_what_a_plain_recount_counts(catalog: Catalog):
    counted = census(catalog)
    assert without_empty(counted) == without_empty(census_plainly(catalog, [PUBLISHED]))
    assert shared_rounds(catalog) == shared_rounds_plainly(catalog)
    assert Census.from_json(json.loads(json.dumps(counted.to_json()))) == counted
    assert pickle.loads(pickle.dumps(counted)) == counted  # noqa: S301 - our own


@settings(max_examples=50, deadline=None)
@given(muddles, st.integers(1, 5))
def test_censuses_of_any_shards_add_up_in_any_order_and_grouping(catalog: Catalog, number: int):
    parts = [census(one) for one in shards(catalog, number)]
    whole = census(catalog)
    assert merged(parts) == whole
    assert merged(reversed(parts)) == whole
    assert merged(parts[:2]) + merged(parts[2:]) == whole


@pytest.mark.parametrize("number", [1, 2, 7, 50])
def test_catalog_without_people_has_the_pages_and_figures_of_the_whole(number: int):
    counted = merged(census(one) for one in shards(demo(), number))
    assert counted == census(demo())
    bare = small(demo(), counted)
    assert read_api.insights(bare) == read_api.insights(demo())
    assert newest_day(bare) == newest_day(demo())
    assert raw_overview(bare, PUBLISHED) == raw_overview(demo(), PUBLISHED)
    for program in demo().programs.values():
        assert raw_figures(bare, program) == raw_figures(demo(), program)
    whole, found = whole_pages(), pages(bare)
    # The list of backpacks is of people, not of figures.
    assert [path for path in whole if found[path] != whole[path]] == [addresses.BACKPACKS]


@cache
def whole_pages() -> dict[str, str]:
    return pages(demo())


def test_census_as_text_is_the_same_in_whatever_order_it_was_added():
    parts = [census(one) for one in shards(demo(), 7)]
    texts = {json.dumps(merged(order).to_json()) for order in (parts, parts[::-1])}
    assert texts == {json.dumps(census(demo()).to_json())}


def test_census_of_nobody_adds_nothing():
    counted = census(demo())
    assert (Census() + counted, counted + Census()) == (counted, counted)
    assert census(part(demo(), [])) + counted == counted
    assert Census.from_json(Census().to_json()) == Census()


def test_sizes_are_those_of_the_lists_of_the_catalog():
    counted = census_of(demo())
    assert (counted.published, counted.listed, counted.backpacks) == (
        len(demo().published), len(demo().listed), len(demo().backpacks),
    )  # fmt: skip


def test_censuses_as_of_different_days_are_not_added():
    other = census(demo(), [dt.date(2016, 1, 1)])
    with pytest.raises(ValueError, match=r"^these censuses count as of different days$"):
        census(demo()) + other


def test_totals_of_any_day_are_counted_where_the_awards_are_at_hand():
    days = [dt.date(2014, 1, 1), dt.date(2015, 6, 30), dt.date(2016, 3, 14), dt.date(2020, 1, 1)]
    found = [raw_overview(demo(), day)["awards"].value for day in days]
    assert found == [len(counted_plainly(demo(), day)) for day in days]
    assert all(one is not None and two is not None and one < two for one, two in pairwise(found))
    with pytest.raises(KeyError):
        raw_overview(small(demo(), census(demo())), days[1])


def test_award_of_an_unknown_teacher_is_counted_and_named_nowhere():
    counted = census(replace(demo(), teachers={}))
    assert counted.totals == census_of(demo()).totals
    assert (counted.named, counted.listed, counted.backpacks) == ({}, 0, 0)


def test_shards_of_one_catalog_share_what_was_made_of_its_records():
    one, other = shards(demo(), 2)
    assert plan_of(one) is plan_of(other)
    assert plan_of(one) is not plan_of(replace(one, programs=dict(one.programs)))


PATHWAYS = {
    "a circle": {"any_of": [{"pathway": "circle"}, {"credential": CREDENTIAL}]},
    "hours of an area": {"hours": 30, "of": {"area": "teams"}},
    "hours of a list": {
        "hours": 10, "of": [{"credential": CREDENTIAL}, {"credential": "reading-student-work"}],
    },
    "hours of a list of lists": {
        "hours": 10, "of": [{"all_in": {"area": "teams"}}, {"credential": CREDENTIAL}],
    },
    "hours at a level": {
        "hours": 10, "of": [{"credential": CREDENTIAL, "min_level": "leading"}],
    },
    "a level": {"credential": CREDENTIAL, "min_level": "leading"},
    "an unknown level": {"credential": CREDENTIAL, "min_level": "unknown"},
    "some of an area": {"at_least": 3, "of": {"area": "teams"}},
    "all of nothing": {"all_in": {"area": "nowhere"}},
    "none of nothing": {"at_least": 0, "of": {"area": "nowhere"}},
    "some of a list": {
        "at_least": 1,
        "of": [{"all_in": {"area": "teams"}}, {"credential": CREDENTIAL}, {"pathway": "circle"}],
    },
    "a role or one": {"any_of": [{"role_held": "teacher-leader"}, {"credential": CREDENTIAL}]},
    "another pathway": {"all_of": [{"pathway": "emerging-teacher-leader@1.0.0"}]},
    "no pathway": {"pathway": "nowhere"},
    "an empty list": {"any_of": []},
    "all of an empty list": {"all_of": []},
    "none of an empty list": {"at_least": 0, "of": []},
}  # fmt: skip


@pytest.mark.parametrize("name", PATHWAYS)
def test_completions_are_those_that_the_evaluation_of_pathways_finds(name: str):
    pathway = Pathway.model_validate(
        {"id": "circle", "version": "1.0.0", "title": "t", "requires": PATHWAYS[name]}
    )
    runs = {
        key: one.model_copy(update={"pathway": "circle@1.0.0"})
        for key, one in demo().programs.items()
    }
    catalog = replace(
        demo(),
        programs=runs,
        pathways={**demo().pathways, "circle": pathway},
        pathway_versions={**demo().pathway_versions, "circle@1.0.0": pathway},
    )
    counted = census(catalog).programs
    for key, program in runs.items():
        run = counted.get(key, Run())
        assert (run.completed, run.held) == (
            run_plainly(catalog, program).completed,
            run_plainly(catalog, program).held,
        ), key


def listed(number: int) -> Catalog:
    """The demo with this many public awards of one credential, of teachers in disorder."""
    name = next(
        name
        for name, one in demo().awards.items()
        if one.credential_slug == CREDENTIAL and one.status.state == "active"
    )
    teachers, awards = {}, {}
    for index in range(number):
        who, what = f"{index:026}", f"{37 * index % 1000:026}"
        teachers[who] = Teacher(id=who, name=f"Teacher {37 * index % 1000:03}", visibility="public")
        old = demo().awards[name]
        awards[what] = old.model_copy(update={"id": what, "teacher": who, "visibility": "inherit"})
    return replace(demo(), teachers=teachers, awards=awards)


def test_page_of_a_credential_names_everybody_up_to_fifty():
    body = pages(listed(NAMED))[addresses.credential_page(CREDENTIAL)]
    assert body.count('<li><a href="../../awards/') == 50
    assert '<p class="small muted">50 chose to be listed by name:</p>' in body


def test_page_of_a_credential_names_the_first_fifty_of_many_and_says_where_the_others_are():
    catalog = listed(143)
    body = pages(catalog)[addresses.credential_page(CREDENTIAL)]
    names = [line.partition("<bdi>")[2].partition("</bdi>")[0] for line in body.splitlines()]
    shown = [one for one in names if one.startswith("Teacher ")]
    assert shown == sorted(one.name or "" for one in catalog.teachers.values())[:50]
    assert (
        '<p class="small muted">143 chose to be listed by name. Here are the first 50. '
        '<a href="../../backpacks/">Look somebody up</a></p>\n'
        "<div data-search-exclude><details><summary>Show 50 names</summary>"
    ) in body
    counted = merged(census(one) for one in shards(catalog, 4))
    assert pages(small(catalog, counted))[addresses.credential_page(CREDENTIAL)] == body
