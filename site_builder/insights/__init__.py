# SPDX-License-Identifier: Apache-2.0
"""Counted figures: awards, earners, completions, rounds; small numbers hidden.

Counted as of each programme's last day, never today, so that a figure once published stays what
it was. Revoked awards count nowhere; suspended, superseded and withdrawn ones stay in history.
"""

from __future__ import annotations

from site_builder.insights.counting import (
    Figure,
    completed,
    counted_awards,
    counts,
    figure_name,
    is_share,
    percent,
    program_awards,
    raw_figures,
    raw_overview,
    rounds,
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

__all__ = [
    "Figure",
    "Rounds",
    "assumed_note",
    "awards_by_month",
    "completed",
    "counted_awards",
    "counts",
    "earner_counts",
    "figure_name",
    "is_share",
    "overview",
    "percent",
    "program_awards",
    "program_figures",
    "program_rounds",
    "raw_figures",
    "raw_overview",
    "rounds",
    "shared_rounds",
    "suppress",
]
