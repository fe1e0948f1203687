# SPDX-License-Identifier: Apache-2.0
"""From when until when a credential holds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from site_builder.verify.report import Finding, finding

# VC-DATA-MODEL 2.0 section 4.9 (XMLSCHEMA11-2 dateTimeStamp): a zone is asked for
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
Stamp = tuple[dt.datetime, str]  # with the text it was read from


def moment(value: Any) -> dt.datetime | None:
    """The moment of a date-time with zone; None for anything else."""
    return _moment(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)  # many badges are of one day
def _moment(text: str) -> dt.datetime | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    micro = int(f"{match[7] or '.'}000000"[1:7])
    hours, minutes = int(match[9] or 0), int(match[10] or 0)
    if hours > 14 or minutes > 59:  # XMLSCHEMA11-2 section 3.3.7: no zone is further away
        return None
    zone = dt.timedelta(hours=hours, minutes=minutes) * (-1 if match[8] == "-" else 1)
    try:
        return dt.datetime(
            year, month, day, hour, minute, second, micro, dt.timezone(zone)
        ).astimezone(dt.UTC)
    except (ValueError, OverflowError):  # 30 February; the year 0; beyond the year 9999 in UTC
        return None


def day(text: str) -> str:
    """The day of a date-time as written, in its own zone."""
    return text[:10]


def strictest(values: Iterable[Any], *, first: bool) -> Stamp | None:
    """The earliest or latest of the values that can be read; None where none can."""
    stamps = [(found, one) for one in values if (found := moment(one)) is not None]
    if not stamps:
        return None
    choose = min if first else max
    return choose(stamps, key=lambda one: one[0])


def judge(
    begins: Iterable[Any], ends: Iterable[Any], now: dt.datetime, more_ends: Iterable[Any] = ()
) -> Finding:
    """Whether a credential is in force.

    Args:
        begins: what it gives as its beginning, in every spelling; the latest counts.
        ends: what it gives as its end; the earliest counts.
        now: with zone.
        more_ends: when its signature ends, which is no end anybody set for the award itself.
    """
    begins, own = list(begins), list(ends)
    ends = [*own, *more_ends]
    over = strictest(own, first=True)
    if over is not None and over[0] < now:
        return finding("dates.ended", until=day(over[1]))
    since, until = strictest(begins, first=False), strictest(ends, first=True)
    if until is not None and until[0] < now:
        return finding("dates.proof_ended", until=day(until[1]))
    if since is not None and since[0] > now:
        return finding("dates.future", **{"from": day(since[1])})
    for value in (*begins, *ends):
        if moment(value) is None:
            return finding("dates.unreadable", value=value)
    if since is None:
        return finding("dates.missing")
    if until is None:
        return finding("dates.ok", **{"from": day(since[1])})
    return finding("dates.ok_until", **{"from": day(since[1])}, until=day(until[1]))
