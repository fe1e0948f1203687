# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from site_builder.build import load_tree
from site_builder.catalog import Catalog
from site_builder.formats import read_api
from site_builder.insights import (
    Figure,
    Rounds,
    awards_by_month,
    census_of,
    completed,
    earner_counts,
    overview,
    percent,
    program_figures,
    program_rounds,
    raw_figures,
    raw_overview,
    rounds,
    shared_rounds,
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
    assert raw_figures(demo(), samples)["awards"].value == 9  # ten, one of them revoked
    run = census_of(demo()).programs["samples"]
    assert (run.counted, run.later) == ({}, {})
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
        ({"a": 100, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),
        ({"a": 100, "b": 4, "c": 5, "d": 20}, {"a": 100, "b": None, "c": None, "d": None}),
        ({"a": 100, "b": 4, "c": 6}, {"a": 100, "b": None, "c": None}),
        ({}, {}),
    ],
)
def test_cells_are_hidden_until_the_hidden_ones_together_reach_the_limit(cells, shown):
    assert suppress(cells, 10) == shown


def test_cell_that_was_published_is_not_hidden_for_another_one():
    assert suppress({"a": 20, "b": 12, "c": 3}, 10, public={"b"}) == {
        "a": None, "b": 12, "c": None,
    }  # fmt: skip
    assert suppress({"a": 20, "b": 3}, 10, public={"b"}) == {"a": 20, "b": 3}


def test_cell_hidden_for_its_small_rest_takes_a_second_one_with_it():
    assert suppress({"a": 187, "b": 30, "c": 40}, 10, hidden={"a"}) == {
        "a": None, "b": None, "c": 40,
    }  # fmt: skip


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


def test_last_answer_is_shown_where_the_published_ones_leave_only_it():
    shown = shown_of(demo(), "assessment-matters")
    answers = {name: one.value for name, one in shown.items() if name.startswith("survey:")}
    assert list(answers.values()) == [27, 18, 3]
    changed_catalog = with_published("assessment-matters", {"participants", "earners"})
    hidden = shown_of(changed_catalog, "assessment-matters")
    assert [hidden[name].value for name in answers] == [27, None, None]


@pytest.mark.parametrize(
    ("published", "value", "share"),
    [
        ("{figure: earners, value: 2, source: r}", 2, 7),
        ("{figure: earners_percent, value: 7, source: r}", None, 7),
        (None, None, None),
    ],
)
def test_small_figure_is_shown_in_the_form_in_which_it_was_published(
    tmp_path: Path, published: str | None, value: int | None, share: int | None
):
    line = f"published: [{published}]\n+ " if published else ""
    catalog = made(tmp_path, SMALL + f"- status: completed\n+ {line}status: completed\n")
    earners = shown_of(catalog, "pilot")["earners"]
    assert (earners.value, earners.percent) == (value, share)
    assert earners.is_suppressed is (value is None)
    assert earners.of == (None if value is None and share else 30)


def test_published_share_tells_a_small_rest_but_never_a_small_count():
    accepted = shown_of(demo(), "emerging-teacher-leaders")["accepted"]
    assert (accepted.value, accepted.of, accepted.percent) == (109, 115, 95)
    unpublished = with_published("emerging-teacher-leaders", set())
    assert shown_of(unpublished, "emerging-teacher-leaders")["accepted"].value is None


def test_group_that_is_hidden_is_no_denominator(tmp_path: Path):
    outcome = "outcomes: {accepted: {into: pool, count: 1, of: earners}}"
    catalog = made(tmp_path, SMALL + f"- status: completed\n+ {outcome}\n+ status: completed\n")
    accepted = shown_of(catalog, "pilot")["accepted"]
    assert (accepted.value, accepted.of) == (None, None)


def shown_of(catalog: Catalog, program: str) -> dict[str, Figure]:
    return {one.id: one for one in program_figures(catalog, catalog.programs[program])}


def with_published(program: str, kept: set[str]) -> Catalog:
    """The demo with only some of a programme's figures published elsewhere."""
    old = demo().programs[program]
    published = tuple(one for one in old.published if one.figure in kept)
    changed_one = old.model_copy(update={"published": published})
    return replace(demo(), programs={**demo().programs, program: changed_one})


def test_all_programmes_of_the_demo_add_up_in_the_open():
    found = {name: shown_of(demo(), name)["awards"].value for name in demo().programs}
    del found["samples"]
    assert found == {
        "assessment-matters": 2,
        "emerging-teacher-leaders": 414,
        "emerging-teacher-leaders-2016": 0,
        "pilot-2015": 30,
        "suburb-teacher-leaders": 100,
    }


def test_programme_that_the_total_would_give_away_takes_a_second_one_with_it():
    catalog = with_published("assessment-matters", set())
    for name, city, suburb in (("awards", 414, 100), ("earners", 123, 10)):
        assert {one: shown_of(catalog, one)[name].value for one in catalog.programs} == {
            "assessment-matters": None,
            "pilot-2015": None,
            "suburb-teacher-leaders": suburb,
            "emerging-teacher-leaders": city,
            "emerging-teacher-leaders-2016": 0,
            "samples": None,
        }
    assert program_rounds(catalog, catalog.programs["pilot-2015"]) is None


def test_figure_that_counts_the_same_as_a_published_one_is_shown_with_it():
    small = shown_of(demo(), "assessment-matters")
    assert [small[name].value for name in ("awards", "completed", "earners_full_set")] == [2, 2, 2]
    suburb = shown_of(demo(), "suburb-teacher-leaders")
    assert (suburb["completed"].value, suburb["earners_full_set"].value) == (2, 2)


def test_rounds_over_all_programmes_give_nothing_away_when_those_shown_are_taken_off():
    tables = {
        name: program_rounds(demo(), one) for name, one in demo().programs.items() if one.counted
    }
    assert tables == {
        "assessment-matters": None,
        "emerging-teacher-leaders": Rounds({1: 62, 2: 186, 3: 145, 4: 21}, 414),
        "emerging-teacher-leaders-2016": None,
        "pilot-2015": Rounds({1: None, 2: 15, 3: None}, 30),
        "suburb-teacher-leaders": Rounds({1: 25, 2: 50, 3: 25}, 100),
    }
    assert shared_rounds(demo()) == Rounds({1: 87, 2: 236, 3: 170, 4: 21}, 514)
    several = {one.id: one for one in overview(demo())}["several_rounds"]
    assert (several.value, several.of, several.percent) == (427, 514, 83)


def test_awards_of_small_programmes_enter_the_shared_rounds_where_they_are_many_together():
    # Without its programmes the demo's awards are one large group: none of its numbers is small.
    one = demo().programs["pilot-2015"].model_copy(update={"id": "none"})
    assert shared_rounds(replace(demo(), programs={"none": one})) == Rounds(
        {1: 93, 2: 252, 3: 180, 4: 21}, 546
    )


def test_totals_say_how_much_of_them_is_assumed():
    notes = {one.id: one.note for one in overview(demo())}
    assert notes == {
        "awards": "includes 30 awards of a programme whose figures are assumed",
        "earners": "includes 19 teachers of a programme whose figures are assumed",
        "several_rounds": "of the awards whose numbers of rounds can be shown",
        "micro_credentials": "",
    }


def test_figures_for_programs_are_the_ones_of_the_pages():
    found = read_api.insights(demo())
    assert list(found) == ["overview", "rounds", "months", "earners", "programs"]
    assert "samples" not in found["programs"]
    assert found["rounds"] == {
        "of": 514,
        "awards": {"1": 87, "2": 236, "3": 170, "4": 21},
    }
    assert found["programs"]["pilot-2015"]["rounds"] == {
        "of": 30,
        "awards": {"1": None, "2": 15, "3": None},
    }
    assert found["programs"]["assessment-matters"]["rounds"] is None
    assert found["months"]["2015-02"] is None
    assert found["earners"]["planning-for-assessment"] == 109
    labels = {
        one["id"]: one["label"]
        for program in found["programs"].values()
        for one in program["figures"]
    }
    assert labels["survey:earned-none:would-with-ce-credit"] == (
        "Would take part for continuing-education credit"
    )
    said = {one["label"] for one in found["programs"]["assessment-matters"]["figures"]}
    assert "earned the one it names" in said


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
salt: 5a1t0000000000000000000m3z
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
