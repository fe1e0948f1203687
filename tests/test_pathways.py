# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.catalog import Catalog
from site_builder.model import Award, Credential, Framework, Issuer, Pathway, Role, Rule
from site_builder.pathways import Rules, credentials_in, evaluate, held, words

DAY = dt.date(2016, 6, 24)
ISSUER = Issuer.model_validate(
    {
        "name": "L", "type": "nonprofit", "base_url": "https://b.example.org",
        "url": "https://l.example.org", "contact": "b@example.org", "region": {"country": "US"},
    }
)  # fmt: skip


def credential(slug: str, area: str, hours: str, tags: list[str]) -> Credential:
    levels = [
        {"id": "developing", "rank": 1},
        {"id": "proficient", "rank": 2},
        {"id": "leading", "rank": 3},
    ]
    return Credential.model_validate(
        {
            "id": slug, "class": "micro", "version": "1.0.0", "effective": "2015-01-01",
            "status": "active", "title": slug.upper(), "competencies": [f"{area}-{slug}"],
            "statement": "s", "tags": tags,
            "workload": {"hours": {"min": 1, "typical": hours, "max": 99}},
            "rubric": {"levels": levels, "pass": {"every_criterion": "proficient"}, "criteria": []},
        }
    )  # fmt: skip


CREDENTIALS = [
    credential("a1", "a", "10", ["engage"]),
    credential("a2", "a", "2.5", ["engage"]),
    credential("b1", "b", "20", ["implement"]),
    credential("b2", "b", "20", []),
]
FRAMEWORK = Framework.model_validate(
    {
        "id": "fw", "version": "1.0.0", "status": "published", "title": "Framework",
        "areas": [
            {"id": area, "code": area.upper(), "title": f"Area {area}", "competencies": [
                {"id": f"{area}-{area}{n}", "code": f"{area}.{n}", "title": "t", "statement": "s"}
                for n in (1, 2)
            ]}
            for area in ("a", "b")
        ],
    }
)  # fmt: skip


def pathway(slug: str, requires: dict[str, Any], version: str = "1.0.0") -> Pathway:
    return Pathway.model_validate(
        {"id": slug, "version": version, "title": slug.title(), "requires": requires}
    )


def catalog(*pathways: Pathway) -> Catalog:
    return Catalog(
        issuer=ISSUER,
        frameworks={"fw": FRAMEWORK},
        credentials={one.id: one for one in CREDENTIALS},
        versions={one.pinned: one for one in CREDENTIALS},
        pathways={one.id: one for one in pathways},
        pathway_versions={one.pinned: one for one in pathways},
        roles={"coach": Role.model_validate({"id": "coach", "title": "Coach", "ways": []})},
    )


def award(slug: str, issued: str | None = "2016-03-14", **more: Any) -> Award:
    value = {
        "id": f"{slug}-{issued}",
        "teacher": "0" * 26,
        "credential": f"{slug}@1.0.0",
        "issued": issued,
    }
    return Award.model_validate(value | more)


def progress(rule: dict[str, Any], *slugs: str, levels: dict[str, str] | None = None, **more: Any):
    have = {slug: award(slug, level=(levels or {}).get(slug, "proficient")) for slug in slugs}
    roles = more.pop("roles", frozenset())
    return evaluate(Rule.model_validate(rule), have, more.pop("catalog", catalog()), roles)


def short(found: Any) -> tuple[Any, ...]:
    return found.is_met, found.have, found.need, found.unit, found.earned, found.missing


ALL = ("a1", "a2", "b1", "b2")


@pytest.mark.parametrize(
    ("rule", "slugs", "expected"),
    [
        ({"credential": "a1"}, ["a1"], (True, 1, 1, "micro-credentials", ("a1",), ())),
        ({"credential": "a1"}, ["a2"], (False, 0, 1, "micro-credentials", (), ("a1",))),
        ({"all_in": {"area": "a"}}, ["a1", "b1"],
         (False, 1, 2, "micro-credentials", ("a1",), ("a2",))),
        ({"all_in": {"area": "a"}}, ["a1", "a2"],
         (True, 2, 2, "micro-credentials", ("a1", "a2"), ())),
        ({"all_in": {"tag": "engage"}}, ["a2"],
         (False, 1, 2, "micro-credentials", ("a2",), ("a1",))),
        ({"all_in": {"framework": "fw"}}, ALL, (True, 4, 4, "micro-credentials", ALL, ())),
        ({"all_in": {"area": "nowhere"}}, ALL, (False, 0, 0, "micro-credentials", (), ())),
        ({"at_least": 1, "of": {"area": "a"}}, ["a2"],
         (True, 1, 1, "micro-credentials", ("a2",), ("a1",))),
        ({"at_least": 2, "of": [{"credential": "a1"}, {"credential": "b1"}, {"credential": "b2"}]},
         ["b2"], (False, 1, 2, "micro-credentials", ("b2",), ("a1", "b1"))),
        ({"all_of": [{"credential": "a1"}, {"all_in": {"area": "b"}}]}, ["a1", "b2"],
         (False, 2, 3, "micro-credentials", ("a1", "b2"), ("b1",))),
        ({"any_of": [{"all_in": {"area": "a"}}, {"credential": "b1"}]}, ["a1"],
         (False, 1, 2, "micro-credentials", ("a1",), ("a2", "b1"))),
        ({"any_of": [{"all_in": {"area": "a"}}, {"credential": "b1"}]}, ["b1"],
         (True, 1, 1, "micro-credentials", ("b1",), ("a1", "a2"))),
        ({"hours": 12, "of": {"area": "a"}}, ["a1"], (False, 10, 12, "hours", ("a1",), ("a2",))),
        ({"hours": 12, "of": {"area": "a"}}, ["a1", "a2"], (True, 12, 12, "hours", ("a1", "a2"), ())),
        ({"hours": "12.6", "of": {"area": "a"}}, ["a1", "a2"],
         (False, 12, 13, "hours", ("a1", "a2"), ())),
        ({"role_held": "coach"}, ALL, (False, 0, 1, "roles", (), ())),
        ({"any_of": []}, ALL, (False, 0, 1, "parts", (), ())),
        ({"all_of": []}, ALL, (False, 0, 1, "parts", (), ())),
        ({"pathway": "nowhere"}, ALL, (False, 0, 1, "parts", (), ())),
        ({"at_least": 1, "of": []}, ALL, (False, 0, 1, "micro-credentials", (), ())),
    ],
)  # fmt: skip
def test_each_kind_of_rule_counts_what_it_asks(rule, slugs, expected):
    assert short(progress(rule, *slugs)) == expected


def test_nested_rules_of_a_tiered_pathway():
    rule = {
        "all_of": [
            {"at_least": 1, "of": {"tag": "engage"}},
            {
                "any_of": [
                    {"credential": "b1"},
                    {"at_least": 2, "of": [{"credential": "b2"}, {"credential": "a1"}]},
                ]
            },
        ]
    }
    assert short(progress(rule, "a1", "b2")) == (
        True,
        3,
        3,
        "micro-credentials",
        ("a1", "b2"),
        ("a2", "b1"),
    )
    assert short(progress(rule, "a2"))[:3] == (False, 1, 2)


def test_at_least_of_whole_areas_counts_parts():
    rule = {"at_least": 1, "of": [{"all_in": {"area": "a"}}, {"all_in": {"area": "b"}}]}
    assert short(progress(rule, "a1", "b1"))[:4] == (False, 0, 1, "parts")
    assert short(progress(rule, "b1", "b2"))[:4] == (True, 1, 1, "parts")


def test_rules_in_different_units_are_counted_in_parts():
    rule = {
        "all_of": [{"hours": 10, "of": {"area": "a"}}, {"credential": "b1"}, {"role_held": "coach"}]
    }
    found = progress(rule, "a1", roles=frozenset({"coach"}))
    assert (found.is_met, found.have, found.need, found.unit) == (False, 2, 3, "parts")


@pytest.mark.parametrize(
    ("level", "is_met"),
    [("developing", False), ("proficient", True), ("leading", True), (None, False)],
)
def test_min_level_is_reached_from_that_level_up(level, is_met):
    rule = {"credential": "a1", "min_level": "proficient"}
    assert progress(rule, "a1", levels={"a1": level}).is_met is is_met


def test_award_below_the_min_level_is_named_as_missing_all_the_way_up():
    rule = {"all_of": [{"credential": "a1", "min_level": "leading"}, {"credential": "b1"}]}
    assert short(progress(rule, "a1", "b1")) == (False, 1, 2, "micro-credentials", ("b1",), ("a1",))


def test_unknown_min_level_is_never_reached():
    assert not progress({"credential": "a1", "min_level": "expert"}, "a1").is_met


def test_pathway_in_a_rule_is_opened_at_its_version():
    both = catalog(
        pathway("p", {"credential": "a1"}, "2.0.0"),
    )
    both = Catalog(**{**vars_of(both), "pathway_versions": {
        "p@1.0.0": pathway("p", {"credential": "b1"}), "p@2.0.0": pathway("p", {"credential": "a1"}, "2.0.0"),
    }})  # fmt: skip
    assert progress({"pathway": "p"}, "a1", catalog=both).is_met
    assert not progress({"pathway": "p@1.0.0"}, "a1", catalog=both).is_met
    assert progress({"pathway": "p@1.0.0"}, "b1", catalog=both).is_met
    assert credentials_in(Rule(pathway="p@1.0.0"), both) == ("b1",)


def vars_of(one: Catalog) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Catalog.__dataclass_fields__}


def test_circle_of_pathways_ends_and_is_not_met():
    round_ = catalog(
        pathway("p", {"all_of": [{"credential": "a1"}, {"pathway": "q"}]}),
        pathway("q", {"all_of": [{"credential": "b1"}, {"pathway": "p"}]}),
    )
    rule = Rule(pathway="p")
    assert credentials_in(rule, round_) == ("a1", "b1")
    found = progress({"pathway": "p"}, "a1", "b1", catalog=round_)
    assert not found.is_met
    assert progress(
        {"any_of": [{"credential": "a1"}, {"pathway": "q"}]}, "a1", catalog=round_
    ).is_met


def test_rule_that_names_a_credential_twice_lists_it_once():
    rule = Rule.model_validate({"all_of": [{"credential": "a2"}, {"all_in": {"area": "a"}}]})
    assert credentials_in(rule, catalog()) == ("a2", "a1")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"credential": "a1", "min_level": "leading"}, "A1 at leading or above"),
        ({"credential": "gone"}, "gone"),
        ({"all_in": {"area": "a"}}, "all two of Area a"),
        ({"all_in": {"framework": "fw"}}, "all four of Framework"),
        ({"at_least": 1, "of": {"tag": "engage"}}, "at least one of those tagged engage"),
        (
            {"at_least": 1, "of": [{"credential": "a1"}, {"credential": "b1"}]},
            "at least one of these two",
        ),
        ({"hours": "12.5", "of": {"area": "a"}}, "at least 12.5 hours of Area a"),
        ({"role_held": "coach"}, "already holds the role Coach"),
        ({"role_held": "gone"}, "already holds the role gone"),
        ({"pathway": "p"}, "the pathway P"),
        ({"all_of": [{"credential": "a1"}, {"credential": "b1"}]}, "A1 and B1"),
        ({"any_of": [{"credential": "a1"}, {"credential": "b1"}]}, "A1, or B1"),
    ],
)
def test_rule_is_said_in_words(rule, said):
    assert words(Rule.model_validate(rule), catalog(pathway("p", {"credential": "a1"}))) == said


def test_award_counts_from_its_day_on():
    one = award("a1", str(DAY))
    assert held([one], DAY - dt.timedelta(days=1)) == {}
    assert held([one], DAY) == {"a1": one}
    assert held([one]) == {"a1": one}
    assert held([award("a1", None)]) == {}


def test_award_counts_up_to_and_with_its_last_day():
    one = award("a1", expires=str(DAY))
    assert held([one], DAY) == {"a1": one}
    assert held([one], DAY + dt.timedelta(days=1)) == {}


def test_renewal_counts_when_the_first_has_expired():
    first = award("a1", "2015-10-01", expires="2016-01-01")
    second = award("a1", "2015-12-20", expires="2019-12-20", renews="1" * 26)
    assert held([second, first], dt.date(2015, 11, 1)) == {"a1": first}
    assert held([second, first], DAY) == {"a1": second}


@pytest.mark.parametrize("state", ["revoked", "suspended", "superseded"])
def test_state_counts_from_its_own_day_on(state):
    one = award("a1", status={"state": state, "on": str(DAY), "reason": "r", "by": "1" * 26})
    assert held([one]) == {}
    assert held([one], DAY) == {}
    assert held([one], DAY - dt.timedelta(days=1)) == {"a1": one}
    assert held([award("a1", status={"state": state})], DAY) == {}


def test_withdrawn_award_is_not_shown_yet_stays_earned():
    one = award("a1", status={"state": "withdrawn", "on": "2016-04-01"})
    assert held([one]) == {}
    assert held([one], DAY) == {"a1": one}


def test_two_people_of_the_same_credential_are_told_apart_by_the_caller_and_order_never_matters():
    first, second = award("a1", "2016-01-01"), award("a1", "2016-02-01")
    assert held([first, second]) == held([second, first]) == {"a1": second}


# ---- rules worked out once -------------------------------------------------------------------

SLUGS = st.sampled_from([one.id for one in CREDENTIALS])
SINGLE = st.fixed_dictionaries(
    {"credential": SLUGS}, optional={"min_level": st.sampled_from(["proficient", "leading"])}
)
SELECTOR = st.sampled_from([{"area": "a"}, {"area": "b"}, {"framework": "fw"}])
LEAF = st.one_of(
    SINGLE,
    st.just({"role_held": "coach"}),
    st.sampled_from([{"pathway": "one"}, {"pathway": "two"}]),
    st.fixed_dictionaries({"all_in": SELECTOR}),
    st.fixed_dictionaries({"hours": st.integers(1, 60), "of": SELECTOR}),
)
RULES = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all_of": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any_of": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries(
            {"at_least": st.integers(1, 3), "of": st.lists(inner, min_size=1, max_size=3)}
        ),
    ),
    max_leaves=8,
)
HELD = st.dictionaries(SLUGS, st.sampled_from([None, "developing", "proficient", "leading"]))


@given(RULES, RULES, st.lists(HELD, min_size=1, max_size=3))
def test_rules_worked_out_once_say_the_same_for_everybody(one: Any, two: Any, people: Any):
    data = catalog(pathway("one", one), pathway("two", two))
    rules = Rules(data)
    for levels in people:
        have = {slug: award(slug, level=level) for slug, level in levels.items()}
        for path in data.pathways.values():
            found = evaluate(path.requires, have, data, rules=rules)
            assert found == evaluate(path.requires, have, data)
            assert rules.touches(path.requires, have) or not found.earned


@given(RULES, HELD)
def test_levels_that_are_not_known_count_as_none(rule: Any, levels: Any):
    data = catalog(pathway("one", rule), pathway("two", {"credential": "a1"}))
    (requires, _) = (path.requires for path in data.pathways.values())
    have = {slug: award(slug, level=level) for slug, level in levels.items()}
    bare = {slug: award(slug, level=None) for slug in levels}
    assert evaluate(requires, have, data, knows_levels=False) == evaluate(requires, bare, data)
