# SPDX-License-Identifier: Apache-2.0
"""Checks of a rubric: levels, criteria, descriptors and evidence items fit each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from site_builder.checks.context import meant, used_twice
from site_builder.model import Credential, Rubric
from site_builder.problems import Problem, quoted
from site_builder.records import Record


def check_rubric(record: Record, credential: Credential, rubric: Rubric) -> Iterator[Problem]:
    """Problems of one version's rubric and evidence items."""
    levels = [level.id for level in rubric.levels]
    criteria = [criterion.id for criterion in rubric.criteria]
    yield from used_twice(record, ("rubric", "levels"), levels, "CR004")
    yield from used_twice(record, ("rubric", "criteria"), criteria, "CR004")
    if not criteria:
        yield Problem(
            "CR004",
            record.place("rubric", "criteria"),
            "the rubric has no criterion, so that any work would pass.",
            "Add at least one.",
        )
    ranks = Counter(level.rank for level in rubric.levels)
    for index, level in enumerate(rubric.levels):
        if ranks[level.rank] > 1:
            yield Problem(
                "CR004",
                record.place("rubric", "levels", index, "rank"),
                f"two levels have the rank {level.rank}.",
                "Give each level a rank of its own, the lowest first.",
            )
    wanted = rubric.pass_.every_criterion
    if wanted not in levels:
        yield Problem(
            "CR004",
            record.place("rubric", "pass", "every_criterion"),
            f"the pass level {quoted(wanted)} is not one of the levels.",
            meant(wanted, levels),
        )
    evidence = [item.id for item in credential.evidence]
    for index, criterion in enumerate(rubric.criteria):
        loc = ("rubric", "criteria", index)
        for item, name in enumerate(criterion.evidence):
            if name not in evidence:
                yield Problem(
                    "CR004",
                    record.place(*loc, "evidence", item),
                    f"no evidence item {quoted(name)} in this file.",
                    meant(name, evidence),
                )
        yield from _descriptors(record, loc, list(criterion.descriptors), levels)


def _descriptors(
    record: Record, loc: tuple[str | int, ...], given: list[str], levels: list[str]
) -> Iterator[Problem]:
    for level in given:
        if level not in levels:
            yield Problem(
                "CR004",
                record.place(*loc, "descriptors", level, key=True),
                f"the descriptor {quoted(level)} belongs to no level.",
                meant(level, levels),
            )
    for level in levels:
        if level not in given:
            yield Problem(
                "CR004",
                record.place(*loc, "descriptors"),
                f"the level {quoted(level)} has no descriptor.",
                "Say what a reader can see at that level.",
            )
