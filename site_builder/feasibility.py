# SPDX-License-Identifier: Apache-2.0
"""Whether the work a pathway asks for fits the time it allows.

Source: data-model.md, "window": three hours a school week, 36 school weeks a year. The published
account called eighteen micro-credentials in one year daunting, and two of ten finished.
"""

from __future__ import annotations

from decimal import Decimal

from site_builder.catalog import Catalog
from site_builder.model import Rule, period_days
from site_builder.pathways import credentials_in, pathway_named

HOURS_A_WEEK = 3  # what a full-time teacher can spare
SCHOOL_WEEKS_A_YEAR = 36


def typical_hours(slugs: tuple[str, ...], catalog: Catalog) -> Decimal:
    """Typical hours of some micro-credentials together; unknown ones count nothing."""
    return sum(
        (
            one.workload.hours.typical
            for slug in slugs
            if (one := catalog.credentials.get(slug)) is not None and one.workload is not None
        ),
        Decimal(0),
    )


def needed_hours(rule: Rule, catalog: Catalog, opened: frozenset[str] = frozenset()) -> Decimal:
    """Typical hours of the least work that meets a rule.

    Args:
        rule: any rule.
        catalog: knows the hours.
        opened: pathways the rule stands in, so that a circle ends.
    """

    def hours(one: Rule) -> Decimal:
        return needed_hours(one, catalog, opened)

    if rule.hours is not None:
        return rule.hours
    if rule.at_least is not None:
        single = credentials_in(rule, catalog)
        parts = (
            [hours(one) for one in rule.of]
            if isinstance(rule.of, tuple)
            else [typical_hours((slug,), catalog) for slug in single]
        )
        return sum(sorted(parts)[: rule.at_least], Decimal(0))
    if rule.any_of:
        return min(hours(one) for one in rule.any_of)
    if rule.all_of:
        return sum((hours(one) for one in rule.all_of), Decimal(0))
    if rule.pathway is not None:
        pathway = pathway_named(rule.pathway, catalog)
        if pathway is None or pathway.pinned in opened:
            return Decimal(0)
        return needed_hours(pathway.requires, catalog, opened | {pathway.pinned})
    return typical_hours(credentials_in(rule, catalog), catalog)


def school_weeks(window: str) -> Decimal:
    """School weeks in a length of time such as P1Y."""
    return Decimal(period_days(window)) * SCHOOL_WEEKS_A_YEAR / 365


def window_hours(window: str) -> Decimal:
    """Hours a teacher can spare in a length of time."""
    return school_weeks(window) * HOURS_A_WEEK
