# SPDX-License-Identifier: Apache-2.0
"""Checks of review rounds: dates in order, feedback given, the pass rule met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from site_builder.checks.asked import Asked, Rating
from site_builder.checks.context import meant
from site_builder.model import Award, Round
from site_builder.problems import Problem, quoted
from site_builder.records import Record


def check_rounds(record: Record, award: Award, asked: Asked) -> Iterator[Problem]:
    """Problems of an award's rounds against the rubric of its pinned version."""
    rating = asked.rating
    for index, one in enumerate(award.rounds):
        yield from _dates(record, award, index, one)
        if rating is not None and not _is_rated(one, rating):
            yield from _criteria(record, index, one, rating)
        if one.outcome in ("revise", "not-met"):
            yield from _feedback(record, index, one, rating)
    if award.issued is not None and asked.credential.class_ == "micro":
        yield from _passed(record, award, rating)


def _dates(record: Record, award: Award, index: int, one: Round) -> Iterator[Problem]:
    if one.decided is not None and one.decided < one.submitted:
        yield Problem(
            "AW007",
            record.place("rounds", index, "decided"),
            f"round {index + 1} was decided on {one.decided}, before it was submitted on "
            f"{one.submitted}.",
            "Correct one of the two dates.",
        )
    last = one.decided or one.submitted
    if award.issued is not None and last > award.issued:
        yield Problem(
            "AW007",
            record.place("rounds", index),
            f"round {index + 1} ends on {last}, after the award was issued on {award.issued}.",
            "Correct one of the two dates.",
        )
    if index:
        yield from _follows(record, index, one, award.rounds[index - 1])
    if (one.decided is None) != (one.outcome is None):
        missing = "decided" if one.decided is None else "outcome"
        yield Problem(
            "AW007",
            record.place("rounds", index),
            f"round {index + 1} lacks {quoted(missing)}.",
            "A round has both a decision date and an outcome, or neither.",
        )


def _follows(record: Record, index: int, one: Round, before: Round) -> Iterator[Problem]:
    """Problems of a round with the one before it: work comes back only after it was returned."""
    at = ("rounds", index, "submitted")
    if one.submitted < before.submitted:
        said = f"round {index + 1} was submitted before round {index}."
        yield Problem("AW007", record.place(*at), said, "Write the rounds in order of time.")
    elif before.decided is not None and one.submitted < before.decided:
        said = (
            f"round {index + 1} was submitted on {one.submitted}, before round {index} was decided "
            f"on {before.decided}."
        )
        yield Problem("AW007", record.place(*at), said, "Correct one of the two dates.")
    if before.decided is None and before.outcome is None:
        said = f"round {index + 1} follows round {index}, which is not decided."
        yield Problem("AW007", record.place("rounds", index), said, "Record the decision.")
    if before.outcome == "met":
        yield Problem(
            "AW007",
            record.place("rounds", index),
            f"round {index + 1} follows round {index}, in which the criteria were met.",
            "The round with the outcome 'met' is the last; take the other one out.",
        )


def _is_rated(one: Round, rating: Rating) -> bool:
    """True when a round names only criteria and levels of the rubric."""
    criteria, levels = rating.criteria.keys(), rating.ranks.keys()
    for given in (one.criteria, *[score.criteria for score in one.scores]):
        if not (criteria >= given.keys() and levels >= set(given.values())):
            return False
    return criteria >= one.feedback.keys()


def _criteria(record: Record, index: int, one: Round, rating: Rating) -> Iterator[Problem]:
    known, levels = list(rating.criteria), list(rating.ranks)
    blocks: list[tuple[tuple[str | int, ...], dict[str, str] | None]] = [
        (("criteria",), one.criteria),
        (("feedback",), dict.fromkeys(one.feedback, "")),
        *(
            (("scores", number, "criteria"), score.criteria)
            for number, score in enumerate(one.scores)
        ),
    ]
    for loc, block in blocks:
        for criterion, level in (block or {}).items():
            at = ("rounds", index, *loc, criterion)
            if criterion not in known:
                yield Problem(
                    "AW022",
                    record.place(*at, key=True),
                    f"the rubric has no criterion {quoted(criterion)}.",
                    meant(criterion, known),
                )
            elif level and level not in levels:
                yield Problem(
                    "AW011",
                    record.place(*at),
                    f"the rubric has no level {quoted(level)}.",
                    meant(level, levels),
                )


def _below_pass(one: Round, rating: Rating | None) -> list[str]:
    """Criteria of a round that somebody scored below the pass level, in rubric order."""
    if rating is None:
        return []
    if not one.scores:
        return [name for name in rating.criteria if rating.is_below(one.criteria.get(name))]
    given = one.levels()
    return [name for name in rating.criteria if any(map(rating.is_below, given.get(name, ())))]


def _feedback(record: Record, index: int, one: Round, rating: Rating | None) -> Iterator[Problem]:
    silent = [name for name in _below_pass(one, rating) if name not in one.feedback]
    if silent:
        yield Problem(
            "AW010",
            record.place("rounds", index),
            f"round {index + 1} returns the work without feedback on {', '.join(silent)}.",
            "Say for each criterion what would meet it.",
        )
    elif not one.feedback:
        yield Problem(
            "AW010",
            record.place("rounds", index),
            f"round {index + 1} returns the work without any feedback.",
            "Say for each criterion what would meet it.",
        )


def _passed(record: Record, award: Award, rating: Rating | None) -> Iterator[Problem]:
    if not award.rounds:
        yield Problem(
            "AW008",
            record.place("issued"),
            "the award has no review round.",
            "Record the round in which the criteria were met.",
        )
        return
    index, last = len(award.rounds) - 1, award.rounds[-1]
    if last.outcome != "met":
        yield Problem(
            "AW008",
            record.place("rounds", index),
            f"the last round's outcome is {quoted(last.outcome or 'open')}; an award needs 'met'.",
            "Take 'issued' out while the work is under review.",
        )
        return
    if rating is None:
        return
    given = last.levels()
    unscored = [name for name in rating.criteria if name not in given]
    for criterion in _below_pass(last, rating):
        wanted = quoted(rating.rubric.pass_.every_criterion)
        yield Problem(
            "AW009",
            record.place("rounds", index),
            f"criterion {quoted(criterion)} is below {wanted} in the last round.",
            "Return the work for another round, or correct the score.",
        )
    if unscored:
        yield Problem(
            "AW009",
            record.place("rounds", index),
            f"the last round gives no level for {', '.join(unscored)}.",
            "Every criterion needs a level before an award.",
        )
    if award.level is not None and award.level in rating.ranks:  # no other: told as AW011
        yield from _level(record, award.level, given, rating)


def _level(
    record: Record, level: str, given: Mapping[str, list[str]], rating: Rating
) -> Iterator[Problem]:
    """The award's level is one that every criterion reached in at least one score."""
    rank = rating.ranks[level]
    if rank == rating.pass_rank:
        return
    if rank < rating.pass_rank:
        wanted = quoted(rating.rubric.pass_.every_criterion)
        said = f"level is {quoted(level)}, below the pass level {wanted}."
        yield Problem("AW025", record.place("level"), said, "Write a level that passes.")
        return
    best = {
        name: max(rating.ranks.get(one, 0) for one in given[name])
        for name in rating.criteria
        if name in given
    }
    # What is below the pass level is told as AW009.
    short = [name for name, reached in best.items() if rating.pass_rank <= reached < rank]
    if short:
        shown = f"level is {quoted(level)}, but nobody gave {', '.join(short)} that level"
        said = f"{shown} in the last round."
        hint = "Write the highest level that every criterion reached."
        yield Problem("AW025", record.place("level"), said, hint)
