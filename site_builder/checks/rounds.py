# SPDX-License-Identifier: Apache-2.0
"""Checks of review rounds: dates in order, feedback given, the pass rule met."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.checks.context import meant
from site_builder.model import Award, Credential, Round, Rubric
from site_builder.problems import Problem, quoted
from site_builder.records import Record


def check_rounds(record: Record, award: Award, credential: Credential) -> Iterator[Problem]:
    """Problems of an award's rounds against the rubric of its pinned version."""
    for index, one in enumerate(award.rounds):
        yield from _dates(record, award, index, one)
        yield from _criteria(record, index, one, credential)
        if one.outcome in ("revise", "not-met"):
            yield from _feedback(record, index, one, credential)
    if award.issued is not None and credential.class_ == "micro":
        yield from _passed(record, award, credential)


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


def _criteria(record: Record, index: int, one: Round, credential: Credential) -> Iterator[Problem]:
    if credential.rubric is None:
        return
    known = [criterion.id for criterion in credential.rubric.criteria]
    levels = [level.id for level in credential.rubric.levels]
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


def _below_pass(one: Round, credential: Credential) -> list[str]:
    """Criteria of a round that somebody scored below the pass level, in rubric order."""
    if credential.rubric is None:
        return []
    given, rubric = one.levels(), credential.rubric
    return [
        criterion.id
        for criterion in rubric.criteria
        if any(_is_below(level, rubric) for level in given.get(criterion.id, ()))
    ]


def _is_below(level: str, rubric: Rubric) -> bool:
    rank = rubric.rank(level)  # None: no such level, which is told as AW011
    return rank is not None and rank < rubric.pass_rank


def _feedback(record: Record, index: int, one: Round, credential: Credential) -> Iterator[Problem]:
    below = _below_pass(one, credential)
    silent = [criterion for criterion in below if criterion not in one.feedback]
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


def _passed(record: Record, award: Award, credential: Credential) -> Iterator[Problem]:
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
    if credential.rubric is None:
        return
    given, below = last.levels(), _below_pass(last, credential)
    unscored = [
        criterion.id for criterion in credential.rubric.criteria if criterion.id not in given
    ]
    wanted = quoted(credential.rubric.pass_.every_criterion)
    for criterion in below:
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
    yield from _level(record, award, credential.rubric)


def _level(record: Record, award: Award, rubric: Rubric) -> Iterator[Problem]:
    """The award's level is one that every criterion reached in at least one score."""
    rank = rubric.rank(award.level) if award.level is not None else None
    if rank is None:  # no level, or none of the rubric, which is told as AW011
        return
    shown = quoted(award.level)
    if rank < rubric.pass_rank:
        said = f"level is {shown}, below the pass level {quoted(rubric.pass_.every_criterion)}."
        yield Problem("AW025", record.place("level"), said, "Write a level that passes.")
        return
    given = award.rounds[-1].levels()
    best = {
        criterion.id: max(rubric.rank(level) or 0 for level in given[criterion.id])
        for criterion in rubric.criteria
        if criterion.id in given
    }
    # What is below the pass level is told as AW009.
    short = [name for name, reached in best.items() if rubric.pass_rank <= reached < rank]
    if short:
        said = f"level is {shown}, but nobody gave {', '.join(short)} that level in the last round."
        hint = "Write the highest level that every criterion reached."
        yield Problem("AW025", record.place("level"), said, hint)
