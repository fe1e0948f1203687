# SPDX-License-Identifier: Apache-2.0
"""Which numbers are hidden: small ones, and those that would give a small one away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from site_builder.catalog.types import Catalog
from site_builder.insights.counting import Figure, answers, figure_name, is_share
from site_builder.model import Program, PublishedFigure, Rule, Survey
from site_builder.pathways import credentials_in

K = TypeVar("K")
_STEPS = ("earners", "completed")  # shares of those who joined, each within the earners


def is_small(count: int | None, threshold: int) -> bool:
    return count is not None and 0 < count < threshold


def suppress(
    cells: Mapping[K, int],
    threshold: int,
    *,
    hidden: Collection[K] = (),
    public: Collection[K] = (),
) -> dict[K, int | None]:
    """Counts with small ones hidden, and as many others as keep a sum from telling them.

    At least two are hidden, the smallest first, and together they count `threshold` or more, as
    far as there are cells left to hide.

    Args:
        cells: counts that add up to a total known elsewhere.
        threshold: counts from 1 to threshold - 1 are hidden.
        hidden: cells that are hidden for another reason.
        public: cells that everybody knows; never hidden.
    """
    gone = {
        key
        for key, count in cells.items()
        if key not in public and (key in hidden or is_small(count, threshold))
    }
    others = sorted(
        (count, str(key), key)
        for key, count in cells.items()
        if count and key not in gone and key not in public
    )
    for _, _, key in others:
        if not gone or (len(gone) > 1 and sum(cells[one] for one in gone) >= threshold):
            break
        gone.add(key)
    return {key: None if key in gone else count for key, count in cells.items()}


class Published:
    """What was published elsewhere before, by figure and by form."""

    def __init__(self, declared: Iterable[PublishedFigure]) -> None:
        known = tuple(declared)
        self.shares = {figure_name(one.figure): one for one in known if is_share(one.figure)}
        self.counts = {one.figure: one for one in known if not is_share(one.figure)}

    def __contains__(self, figure: str) -> bool:
        return figure in self.counts or figure in self.shares

    def guarded(self, figure: Figure, threshold: int) -> Figure:
        """The figure as it may be shown, in the form in which it was published.

        A small count is shown where the count was published, and as a bare percentage where only
        that was. What is left of the denominator may be small where either was: a percentage
        tells about the rest as much as about the count.
        """
        declared = self.counts.get(figure.id) or self.shares.get(figure.id)
        if declared is not None:
            figure = replace(
                figure,
                source=declared.source,
                confidence=declared.confidence or figure.confidence,
            )
        rest = None if figure.value is None or figure.of is None else figure.of - figure.value
        if is_small(figure.value, threshold) and figure.id not in self.counts:
            share = figure.percent if figure.id in self.shares else None
            # The base beside the percentage would be the count again.
            return replace(hide(figure), share=share, of=None if share is not None else figure.of)
        return hide(figure) if is_small(rest, threshold) and figure.id not in self else figure


def hide(figure: Figure) -> Figure:
    return replace(figure, value=None, is_suppressed=True)


def told(
    catalog: Catalog, program: Program, figures: Mapping[str, Figure], published: Published
) -> set[str]:
    """Small figures that need no hiding: a published one gives them away by what they count.

    Whoever completes a pathway that asks for everything has the full set; where a programme is
    about one micro-credential, awards, earners and completions are the same number.
    """
    pathway = catalog.pathway_versions.get(program.pathway or "")
    found: set[str] = set()
    if pathway is not None:
        same: list[set[str]] = []
        if _asks_for_all(pathway.requires):
            same.append({"completed", "earners_full_set"})
        if len(credentials_in(pathway.requires, catalog)) == 1:
            same.append({"awards", "earners", "completed", "earners_full_set"})
        for group in (one & set(figures) for one in same):
            for name in group & set(published.counts):
                found |= {one for one in group if figures[one].value == figures[name].value}
    # Nobody is left where a published step already has everybody who joined.
    steps = [one.value for name, one in published.counts.items() if name.startswith(_STEPS)]
    if program.joined is not None and program.joined in steps:
        found.add("earners")
    for survey in program.outcomes.surveys if program.outcomes else ():
        found.update(_last_answer(survey, published))
    return found - set(published.counts)


def _asks_for_all(rule: Rule) -> bool:
    if rule.all_of:
        return all(_asks_for_all(one) for one in rule.all_of)
    return rule.all_in is not None or (rule.credential is not None and rule.min_level is None)


def _last_answer(survey: Survey, published: Published) -> Iterator[str]:
    """The one answer that was not published, where the others leave only it."""
    names = [figure.id for figure in answers(survey)]
    left = [name for name in names if name not in published]
    if _is_whole(survey) and len(left) == 1:
        yield from left


def _is_whole(survey: Survey) -> bool:
    return not survey.multiple and sum(survey.answers.values()) == survey.n


def given_away(
    survey: Survey, shown: Mapping[str, Figure], public: Collection[str], threshold: int
) -> set[str]:
    """Answers to hide as well, where the sum of one answer each would tell the hidden ones."""
    if not _is_whole(survey):
        return set()
    cells = {figure.id: figure.value or 0 for figure in answers(survey)}
    hidden = {name for name in cells if shown[name].is_suppressed}
    if not hidden:
        return set()
    safe = suppress(
        cells, threshold, hidden=hidden, public={name for name in public if name not in hidden}
    )
    return {name for name, value in safe.items() if value is None}
