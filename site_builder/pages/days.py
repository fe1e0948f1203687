# SPDX-License-Identifier: Apache-2.0
"""A day in the ways stamped pages write it, each day worked out once."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from site_builder.pages.environment import time_html
from site_builder.texts import date_words

_YEARS = 20 * 366  # awards of one catalog are of fewer days than these


class Day(NamedTuple):
    """One day.

    Attributes:
        html: `<time datetime="2016-03-14">14 March 2016</time>`.
        words: 14 March 2016.
        year, month: 2016 and 3, as they stand in the query of an address.
        iso: 2016-03-14.
    """

    html: Markup
    words: str
    year: str
    month: str
    iso: str


NO_DAY = Day(Markup(), "", "", "", "")


@lru_cache(maxsize=_YEARS)
def day_of(day: dt.date) -> Day:
    return Day(time_html(day), date_words(day), str(day.year), str(day.month), day.isoformat())
