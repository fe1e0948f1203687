# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from site_builder.build import load_tree
from site_builder.catalog import Catalog
from site_builder.insights import (
    awards_by_month,
    completed,
    counted_awards,
    earner_counts,
    overview,
    percent,
    program_awards,
    program_figures,
    raw_figures,
    raw_overview,
    rounds,
    suppress,
)
from site_builder.problems import Problem
from site_builder.sources import Tree, read_tree
from tests.repositories import base_files, changed, load_files, sections

ROOT = Path(__file__).parent.parent


@cache
def tree() -> Tree:
    return read_tree(ROOT)


@cache
def demo() -> Catalog:
    catalog = load_tree(tree()).catalog
    assert catalog is not None
    return catalog


def made(folder: Path, changes: str) -> Catalog:
    loaded = load_files(changed(base_files(), sections(changes)), folder)
    assert loaded.catalog is not None, loaded.problems
    return loaded.catalog


def values(program: str) -> dict[str, tuple[int | None, int | None]]:
    figures = raw_figures(demo(), demo().programs[program])
    return {name: (figure.value, figure.percent) for name, figure in figures.items()}


def test_totals_of_the_demo_are_the_published_ones():
    found = raw_overview(demo())
    assert (found["awards"].value, found["earners"].value) == (546, 154)
    assert found["micro_credentials"].value == 23


def test_first_programme_has_fifty_who_joined_and_two_who_earned():
    found = values("assessment-matters")
    assert found["participants"] == (50, None)
    assert found["earners"] == (2, 4)
    assert found["awards"] == (2, None)
    assert found["survey:why-not:not-required"] == (27, 56)
    assert found["survey:why-not:no-incentive"] == (18, 38)


def test_earlier_pilot_has_thirty_awards_and_no_number_of_participants():
    found = values("pilot-2015")
    assert found == {"awards": (30, None), "earners": (19, None)}
    shown = {one.id: one for one in program_figures(demo(), demo().programs["pilot-2015"])}
    assert shown["awards"].confidence == "assumed"


def test_suburb_has_ten_teachers_eighteen_micro_credentials_in_three_areas_and_two_full_sets():
    found = values("suburb-teacher-leaders")
    assert found["participants"] == (10, None)
    assert found["awards"] == (100, None)
    assert found["earners"] == (10, 100)
    assert found["earners_full_set"] == (2, 20)
    assert found["completed"] == (2, 20)
    assert found["earners_at_least_6"] == (10, 100)
    pathway = demo().pathway_versions["teacher-leader@1.0.0"]
    places = [demo().place_of(demo().credentials[slug]) for slug in pathway.members]
    assert len(places) == 18
    assert Counter(place.area.id for place in places if place) == {
        "teams": 6, "evidence": 6, "growing-colleagues": 6,
    }  # fmt: skip


def test_city_has_191_who_joined_123_earners_and_115_who_completed():
    found = values("emerging-teacher-leaders")
    assert found["participants"] == (191, None)
    assert found["earners"] == (123, 64)
    assert found["awards"] == (414, None)
    assert found["completed"] == (115, 60)
    assert found["accepted"] == (109, 95)
    assert found["earners_full_set"] == (57, 30)
    assert found["survey:earned-none:too-much-work"] == (35, 70)
    assert found["survey:earned-none:would-with-ce-credit"] == (28, 56)


def test_second_year_is_planned_for_three_hundred_and_has_no_award():
    found = values("emerging-teacher-leaders-2016")
    assert found["participants_planned"] == (300, None)
    assert found["awards"] == (0, None)
    assert "participants" not in found


@pytest.mark.parametrize(
    ("program", "table"),
    [
        ("assessment-matters", {2: 1, 3: 1}),
        ("pilot-2015", {1: 6, 2: 15, 3: 9}),
        ("suburb-teacher-leaders", {1: 25, 2: 50, 3: 25}),
        ("emerging-teacher-leaders", {1: 62, 2: 186, 3: 145, 4: 21}),
    ],
)
def test_awards_by_number_of_rounds(program, table):
    assert rounds(demo(), demo().programs[program]) == table


def test_samples_are_counted_for_themselves_and_in_no_total():
    samples = demo().programs["samples"]
    assert len(program_awards(demo(), samples)) == 9  # ten, one of them revoked
    assert not [award for award in counted_awards(demo()) if award.program == "samples"]
    assert "sample-running-a-demonstration" not in earner_counts(demo())


def test_counts_by_credential_and_by_month_hide_what_is_small():
    found = earner_counts(demo())
    assert [found[slug] for slug in ("planning-for-assessment", "reading-student-work")] == [
        109,
        105,
    ]
    assert found["formative-assessment-leader"] is None
    assert len(found) == 23
    months = awards_by_month(demo())
    assert all(count is None or count == 0 or count >= 10 for count in months.values())


def without(path: str) -> tuple[Problem, ...]:
    kept = tuple(source for source in tree().sources if source.path != path)
    return load_tree(Tree(kept, tree().problems)).problems


@pytest.mark.parametrize(
    ("program", "figures"),
    [
        ("assessment-matters", {"awards", "earners"}),
        ("pilot-2015", {"awards"}),
        ("suburb-teacher-leaders", {"awards"}),
        ("emerging-teacher-leaders", {"awards"}),
    ],
)
def test_check_names_the_figure_when_any_award_is_removed(program, figures):
    in_lists = {
        award
        for one in demo().teachers.values()
        for item in one.collections
        for award in item.awards
    }
    paths = [
        source.path
        for source in tree().sources
        if source.kind == "award" and source.folders[1] == program and source.id in demo().awards
    ]
    for path in paths[:: max(1, len(paths) // 3)]:
        errors = [one for one in without(path) if one.severity == "error"]
        told = {re.findall(r"'([^']*)'", one.message)[0] for one in errors if one.code == "FG001"}
        assert figures <= told, path
        others = {one.code for one in errors} - {"FG001"}
        assert others == ({"TE003"} if path.rpartition("/")[2][:-4] in in_lists else set()), path


def test_removing_an_award_is_told_in_a_whole_sentence():
    path = next(
        f"awards/2014-15/assessment-matters/{award.id}.yml"
        for award in demo().awards.values()
        if award.program == "assessment-matters"
    )
    messages = [one.message for one in without(path) if one.code == "FG001"]
    assert messages == [
        "the figure 'awards' was published as 546, but 545 is counted in the award files.",
        "the figure 'earners' was published as 154, but 153 is counted in the award files.",
        (
            "the figure 'earners' was published as 2, but 1 is counted in the programme "
            "'assessment-matters'."
        ),
    ]


@pytest.mark.parametrize(
    ("value", "of", "whole"),
    [
        (1, 200, 1),
        (1, 201, 0),
        (1, 3, 33),
        (2, 3, 67),
        (1, 8, 13),
        (115, 191, 60),
        (109, 115, 95),
        (0, 5, 0),
        (5, 5, 100),
    ],
)
def test_percent_rounds_halves_up(value, of, whole):
    assert percent(value, of) == whole


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({"a": 20, "b": 30}, {"a": 20, "b": 30}),
        ({"a": 20, "b": 9, "c": 30}, {"a": None, "b": None, "c": 30}),
        ({"a": 9, "b": 1, "c": 30}, {"a": None, "b": None, "c": 30}),
        ({"a": 9, "b": 0}, {"a": None, "b": 0}),
        ({"a": 20, "b": 20, "c": 3}, {"a": None, "b": 20, "c": None}),
        ({"a": 10, "b": 0}, {"a": 10, "b": 0}),
        ({}, {}),
    ],
)
def test_small_cell_takes_a_second_one_with_it(cells, shown):
    assert suppress(cells, 10) == shown


SMALL = """=== edit catalog/issuer.yml
- source: private
+ publish: {suppress_below: 10}
=== edit catalog/programs/pilot.yml
- by_school: {s1: 1, s2: 2}
+ by_school: {s1: 10, s2: 20}
- participants: 3
+ participants: 30
"""


def test_small_figures_are_hidden_and_large_ones_are_not(tmp_path: Path):
    catalog = made(tmp_path, SMALL)
    shown = {one.id: one for one in program_figures(catalog, catalog.programs["pilot"])}
    assert (shown["earners"].value, shown["earners"].is_suppressed) == (None, True)
    assert (shown["participants"].value, shown["participants"].is_suppressed) == (30, False)
    assert (shown["completed"].value, shown["completed"].is_suppressed) == (0, False)
    assert [one.is_suppressed for one in overview(catalog)] == [True, True, True, False]


def test_figure_is_hidden_when_what_is_left_of_its_base_is_small(tmp_path: Path):
    survey = (
        "outcomes: {surveys: [{id: s, asked: all, n: 40, multiple: true, answers: {a: 35, b: 20}}]}"
    )
    catalog = made(tmp_path, SMALL + f"- status: completed\n+ {survey}\n+ status: completed\n")
    shown = {one.id: one.value for one in program_figures(catalog, catalog.programs["pilot"])}
    assert (shown["survey:s:a"], shown["survey:s:b"]) == (None, 20)


def test_answer_that_the_others_would_give_away_takes_a_second_one_with_it(tmp_path: Path):
    survey = "outcomes: {surveys: [{id: s, asked: all, n: 48, multiple: false, answers: {a: 27, b: 18, c: 3}}]}"
    catalog = made(tmp_path, SMALL + f"- status: completed\n+ {survey}\n+ status: completed\n")
    shown = {one.id: one.value for one in program_figures(catalog, catalog.programs["pilot"])}
    assert [shown[f"survey:s:{key}"] for key in "abc"] == [27, None, None]


def test_figure_that_is_public_elsewhere_is_shown_although_small(tmp_path: Path):
    changes = (
        SMALL
        + "- status: completed\n+ published: [{figure: earners, value: 2, source: r}]\n+ status: completed\n"
    )
    catalog = made(tmp_path, changes)
    (earners,) = [
        one for one in program_figures(catalog, catalog.programs["pilot"]) if one.id == "earners"
    ]
    assert (earners.value, earners.of, earners.percent, earners.source) == (2, 30, 7, "r")


AGAIN = """=== awards/2015-16/pilot/award300000000000000000000.yml
teacher: teacher1000000000000000000
credential: looking-at-work@1.0.0
criteria_sha256: current
salt: m3kz
program: pilot
status_list: {list: 0, index: 3}
rounds: [{submitted: 2016-03-02, decided: 2016-03-14, outcome: met, criteria: {c1: leading}}]
issued: DAY
STATUS
"""


@pytest.mark.parametrize(("day", "counted"), [("2016-06-24", 3), ("2016-06-25", 2)])
def test_programme_is_counted_as_of_its_last_day(tmp_path: Path, day: str, counted: int):
    catalog = made(tmp_path, AGAIN.replace("DAY", day).replace("STATUS\n", ""))
    pilot = catalog.programs["pilot"]
    assert raw_figures(catalog, pilot)["awards"].value == counted
    assert completed(catalog, pilot) == counted - 2


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        ("status: {state: withdrawn, on: 2016-05-01}", 3),
        ("status: {state: suspended, on: 2016-05-01, reason: r}", 3),
        ("status: {state: revoked, on: 2016-05-01, reason: r}", 2),
        ("status: {state: revoked, on: 2017-05-01, reason: r}", 2),
    ],
)
def test_withdrawn_and_suspended_awards_are_counted_and_revoked_ones_are_not(
    tmp_path: Path, status: str, counted: int
):
    catalog = made(tmp_path, AGAIN.replace("DAY", "2016-03-14").replace("STATUS", status))
    assert raw_figures(catalog, catalog.programs["pilot"])["awards"].value == counted
    assert raw_overview(catalog)["awards"].value == counted


def test_completion_credential_is_in_no_figure(tmp_path: Path):
    text = (
        Path(__file__).parent / "cases/check/ok-completion-without-competency-rubric-or-hours.txt"
    ).read_text("utf-8")
    catalog = made(tmp_path, text.partition("=== expect")[0])
    assert len(catalog.awards) == 3
    assert raw_figures(catalog, catalog.programs["pilot"])["awards"].value == 2
    assert raw_overview(catalog)["awards"].value == 2
    assert rounds(catalog, catalog.programs["pilot"]) == {1: 1, 2: 1}


def test_uncounted_programme_is_in_no_total(tmp_path: Path):
    changes = "=== edit catalog/programs/pilot.yml\n- status: completed\n+ counted: false\n+ status: completed\n"
    catalog = made(tmp_path, changes)
    assert raw_overview(catalog)["awards"].value == 0
    assert raw_figures(catalog, catalog.programs["pilot"])["awards"].value == 2
