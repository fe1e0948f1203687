# SPDX-License-Identifier: Apache-2.0
"""The allocation plan, walked: who earns what, in how many rounds, on which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class PlannedAward:
    """One award of the plan; `rounds` and `day` follow the plan's own rules."""

    credential: str
    day: dt.date
    rounds: int


@dataclass(slots=True)
class Earner:
    """One earner of the plan, `index` counted over all programmes."""

    program: str
    number: int
    index: int
    awards: list[PlannedAward] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.program}-t{self.number:03d}"


def credentials_of(members: list[str], count: int, number: int, nth_with_three: int) -> list[str]:
    """Codes one teacher earns: the plan's `order.which_credentials`."""
    if count == len(members):
        return list(members)
    if len(members) == 18:
        start = (5 * number) % 18
        return [members[(start + step) % 18] for step in range(count)]
    if count == 3:
        left_out = members[3 - nth_with_three % 4]
        return [code for code in members if code != left_out]
    return members[:count]


def round_counts(rounds: Mapping[int, int], awards: int) -> Iterator[int]:
    """Number of rounds at each position: the plan's `order.rounds`."""
    given = dict.fromkeys(rounds, 0)
    for position in range(awards):
        # rounds[r] * (p + 1) / awards - given[r], compared as whole numbers
        best = max(
            sorted(rounds), key=lambda r: (rounds[r] * (position + 1) - given[r] * awards, -r)
        )
        given[best] += 1
        yield best


def award_day(window: tuple[dt.date, dt.date], number: int, nth: int, count: int) -> dt.date:
    """The day of a teacher's `nth` award of `count`: the plan's `order.dates`."""
    start, end = window
    days = (end - start).days
    offset = min(days, days * (nth + 1) // (count + 1) + (7 * number) % 15)
    day = start + dt.timedelta(days=offset)
    while day.weekday() > 4:
        day -= dt.timedelta(days=1)
    return day


def earners(plan: Mapping[str, Any]) -> list[Earner]:
    """Every earner with the planned awards, in the plan's walking order."""
    found: list[Earner] = []
    for program in plan["programs"]:
        if not program["awards"]:
            continue
        members = plan["credential_sets"][program["set"]]
        counts = [
            count
            for count, teachers in sorted(program["earners_by_award_count"].items(), reverse=True)
            for _ in range(teachers if count else 0)
        ]
        first, last = (dt.date.fromisoformat(day) for day in program["issue_window"])
        rounds = round_counts(program["rounds"], program["awards"])
        with_three = 0
        for number, count in enumerate(counts):
            earner = Earner(program["id"], number, len(found))
            for nth, code in enumerate(credentials_of(members, count, number, with_three)):
                day = award_day((first, last), number, nth, count)
                earner.awards.append(PlannedAward(code, day, next(rounds)))
            with_three += count == 3 and len(members) == 4
            found.append(earner)
    return found


def unfinished(
    plan: Mapping[str, Any], all_earners: list[Earner]
) -> Iterator[tuple[str, Earner | None, int, str, dt.date]]:
    """Work without an award: (programme, earner or None, number, code, last decision day).

    Half of the emerging teacher leaders' unfinished work is by teachers who earned none.
    """
    for program in plan["programs"]:
        wanted = plan["in_progress"].get(program["id"], 0)
        if not wanted:
            continue
        members = plan["credential_sets"][program["set"]]
        end = dt.date.fromisoformat(program["issue_window"][1])
        of_others = wanted // 2 if program["set"] == "ETL4" else 0
        short = [
            one
            for one in all_earners
            if one.program == program["id"] and len(one.awards) < len(members)
        ]
        for number in range(wanted - of_others):
            earner, lap = short[number % len(short)], number // len(short)
            open_codes = [
                code for code in members if code not in {one.credential for one in earner.awards}
            ]
            yield program["id"], earner, number, open_codes[lap], _school_day(end, number)
        for number in range(of_others):
            yield (
                program["id"],
                None,
                number,
                members[number % len(members)],
                _school_day(end, number + 3),
            )


def _school_day(end: dt.date, number: int) -> dt.date:
    day = end - dt.timedelta(days=5 + 3 * (number % 30))
    while day.weekday() > 4:
        day -= dt.timedelta(days=1)
    return day
