# SPDX-License-Identifier: Apache-2.0
"""Counted figures: awards, earners, completions, rounds; small numbers hidden.

Counted as of each programme's last day, never today, so that a figure once published stays what
it was. Revoked awards count nowhere; suspended, superseded and withdrawn ones stay in history.
"""

from __future__ import annotations

from site_builder.insights.counting import (
    Figure,
    completed,
    figure_name,
    is_share,
    percent,
    raw_figures,
    raw_overview,
    rounds,
    totals,
)
from site_builder.insights.shown import (
    Rounds,
    assumed_note,
    awards_by_month,
    earner_counts,
    overview,
    program_figures,
    program_rounds,
    shared_rounds,
)
from site_builder.insights.suppression import suppress
from site_builder.insights.taking import census, census_of

__all__ = [
    "Figure",
    "Rounds",
    "assumed_note",
    "awards_by_month",
    "census",
    "census_of",
    "completed",
    "earner_counts",
    "figure_name",
    "is_share",
    "overview",
    "percent",
    "program_figures",
    "program_rounds",
    "raw_figures",
    "raw_overview",
    "rounds",
    "shared_rounds",
    "suppress",
    "totals",
]
