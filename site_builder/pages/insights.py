# SPDX-License-Identifier: Apache-2.0
"""The insights page: what came of the programmes, every figure with its denominator."""

from __future__ import annotations

from site_builder import addresses
from site_builder.insights import assumed_note, awards_by_month, census_of, overview
from site_builder.pages import labels, programs
from site_builder.pages.charts import Bar, Chart, funnel, rounds_chart, surveys
from site_builder.pages.frame import CatalogPage, Frame
from site_builder.texts import month_words


def page(frame: Frame) -> CatalogPage:
    """All charts of all counted programmes, then the programmes side by side."""
    catalog = frame.catalog
    ordered = programs.in_order(frame)
    census = census_of(catalog)
    months, runs = census.months, census.programs
    # The largest programme first: it says most.
    by_size = sorted(ordered, key=lambda one: -(one.joined or 0))
    return frame.page(
        addresses.INSIGHTS,
        "insights.html",
        title="What the programmes show",
        description="Awards, earners and surveys of each programme, with denominators.",
        section=addresses.INSIGHTS,
        crumb="Insights",
        is_index=True,
        totals={figure.id: figure for figure in overview(catalog)},
        assumed=assumed_note(catalog, "awards", "earners"),
        first_month=month_words(min(months)) if months else "",
        last_month=month_words(max(months)) if months else "",
        with_awards=sum(
            one.id in runs and bool(runs[one.id].counted or runs[one.id].later) for one in ordered
        ),
        funnels=[one for program in by_size if (one := funnel(catalog, program)) is not None],
        rounds=rounds_chart(catalog),
        surveys=[one for program in ordered for one in surveys(catalog, program)],
        months=_months(frame),
        rows=[
            (
                one,
                programs.key_figures(frame, one),
                [labels.support(support) for support in one.supports],
            )
            for one in ordered
        ],
        is_preliminary=any(
            one.outcomes and one.outcomes.confidence == "preliminary" for one in ordered
        ),
        labels=labels,
    )


def _months(frame: Frame) -> Chart | None:
    """Awards by month, small months hidden."""
    cells = awards_by_month(frame.catalog)
    known = [count for count in cells.values() if count is not None]
    if not known:
        return None
    return Chart(
        id="months",
        heading="Awards by month",
        caption="Day of the award, by calendar month. Months without awards are left out.",
        head="Month",
        unit="Awards",
        bars=tuple(
            Bar(month_words(month), count, None if count is None else 100 * count / max(known))
            for month, count in cells.items()
        ),
    )
