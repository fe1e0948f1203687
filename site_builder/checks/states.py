# SPDX-License-Identifier: Apache-2.0
"""Checks of an award's state, and of the other awards it names."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.checks.context import Context
from site_builder.model import Award
from site_builder.problems import Problem, quoted
from site_builder.records import Record

_ASKED: dict[str, tuple[str, ...]] = {
    "active": (),
    "suspended": ("on", "reason"),
    "revoked": ("on", "reason"),
    "superseded": ("on", "by"),
    "withdrawn": ("on",),
}
_ALSO: dict[str, tuple[str, ...]] = {"superseded": ("reason",)}


def check_state(context: Context, record: Record, award: Award) -> Iterator[Problem]:
    """Problems of `status` and `renews`: a date, a public reason, the right other award."""
    status = award.status
    if (status.state, status.on, status.reason, status.by) != ("active", None, None, None):
        yield from _said(record, award)
    if status.state != "active" and award.issued is None:
        yield Problem(
            "AW013",
            record.place("status"),
            f"work that was never awarded cannot be {status.state}.",
            "Take the status out.",
        )
    if status.on is not None and award.issued is not None and status.on < award.issued:
        yield Problem(
            "AW013",
            record.place("status", "on"),
            f"{status.state} on {status.on}, before the award was issued on {award.issued}.",
            "Correct one of the two dates.",
        )
    if status.by is not None:
        yield from _other(context, record, award, ("status", "by"), status.by)
    if award.renews is not None:
        yield from _other(context, record, award, ("renews",), award.renews)


def _said(record: Record, award: Award) -> Iterator[Problem]:
    status, asked = award.status, _ASKED[award.status.state]
    words = {
        "on": "a date",
        "reason": "a public reason",
        "by": "the id of the newer award",
    }
    for key in asked:
        if getattr(status, key) is None:
            yield Problem(
                "AW013",
                record.place("status"),
                f"the award is {status.state} without {words[key]}.",
                f"Add {quoted(key + ':')} to status.",
            )
    for key in ("on", "reason", "by"):
        if getattr(status, key) is not None and key not in (*asked, *_ALSO.get(status.state, ())):
            yield Problem(
                "AW013",
                record.place("status", key, key=True),
                f"the award is {status.state}, and {quoted(key)} does not belong to that state.",
                "Take the key out, or write the state that was meant.",
            )


def _other(
    context: Context, record: Record, award: Award, loc: tuple[str, ...], other_id: str
) -> Iterator[Problem]:
    other = context.catalog.awards.get(other_id)
    if other is None:
        if ("award", other_id) not in context.records.unread:
            said = f"no issued award {quoted(other_id)}."
            yield Problem("AW019", record.place(*loc), said, "Name the file of the other award.")
    elif other.id == award.id:
        said = "an award cannot name itself here."
        yield Problem("AW019", record.place(*loc), said, "Name the file of the other award.")
    elif other.teacher != award.teacher or other.credential_slug != award.credential_slug:
        yield Problem(
            "AW019",
            record.place(*loc),
            f"the award {quoted(other_id)} is another person's or another credential's.",
            "Name an award of the same person and credential.",
        )
    elif loc == ("renews",) and (when := _not_earlier(other, award)):
        said = f"the award {quoted(other_id)} was issued {when} this one."
        yield Problem("AW019", record.place(*loc), said, "Renew an earlier one.")


def _not_earlier(one: Award, than: Award) -> str:
    """When an award was issued that was not issued earlier; "" for one that was.

    Of renewals each is strictly later, so that no chain of them can come back to where it began.
    """
    if one.issued is None or than.issued is None or one.issued < than.issued:
        return ""
    return "on the same day as" if one.issued == than.issued else "later than"
