# SPDX-License-Identifier: Apache-2.0
"""Verdicts as people and programs read them: on the screen, as JSON, as a spreadsheet's table."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent

from site_builder.problems import visible
from site_builder.verify import Report
from site_builder.verify.report import CHECKS, WORDS, About, Overall

COLUMNS = (
    "file",
    "verdict",
    "headline",
    "why",
    "issued to",
    "title",
    "issuer",
    "issuer id",
    "issued",
    "until",
    "kind",
    "id",
    *(f"check: {label}" for label in CHECKS.values()),
)
# Also the wide forms, which spreadsheets of East Asia take for the same
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where semicolons part cells, what follows one begins a cell of its own.
_NEXT_CELL = re.compile(r"([;|][\s\"']*)(?=[=+\-@＝＋－＠])")
_LONGEST = 300  # characters of a name or title on the screen


@dataclass(frozen=True, slots=True)
class Verdict:
    """A report with the target as it was typed or found."""

    target: str
    report: Report


@dataclass(frozen=True, slots=True)
class Wish:
    """What of each verdict is to be told: a row on the screen, one of a table, all as JSON."""

    row: bool
    csv: bool
    json: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict in short; empty what nobody wished for.

    Attributes:
        row: the verdict with its reason, who it was issued to, where it lies.
        csv: a line of a spreadsheet's table.
        json: the report, as it stands in a list.
    """

    overall: Overall
    row: tuple[str, str, str] = ("", "", "")
    csv: str = ""
    json: str = ""


def told(one: Verdict, wish: Wish) -> Told:
    """A verdict in the words that were wished for."""
    report = one.report
    row = ("", "", "")
    if wish.row:
        holder = _cut(report.about.holder or "(no name)")
        row = (visible(headline(report)), visible(holder), visible(one.target))
    return Told(
        report.overall,
        row,
        csv_line(_row(one)) if wish.csv else "",
        indent(_json(one), "    ") if wish.json else "",
    )


def exit_code(found: Collection[str]) -> int:
    """0 all valid, 1 any not valid, 6 some could not be fully checked, or there were none."""
    if "not valid" in found:
        return 1
    return 0 if set(found) == {"valid"} else 6


def headline(report: Report) -> str:
    """The verdict with its reason: 'Not valid: Changed after signing', 'Valid'."""
    overall, said = str(WORDS["overall"][report.overall]), report.headline
    return said if said.startswith(overall) else f"{overall}: {said}"


def in_full(one: Verdict, asked: str) -> str:
    """One verdict with a line for each check.

    Args:
        one: the verdict.
        asked: a sentence about who was asked for keys and lists.
    """
    about, report = one.report.about, one.report
    lines = [headline(report)]
    if about.title:
        lines.append(f"  {_cut(about.title)}")
    if about.kind:
        by = _cut(about.issuer or about.issuer_id or "nobody")
        where = f" ({_cut(_issuers_place(about))})" if about.issuer_id else ""
        lines.append(f"  {about.kind}, issued by {by}{where}")
    lines += [f"  {one.target}", "", *_checks(report)]
    for number, part in enumerate(report.parts, 1):
        lines += ["", *_part(part, f"Part {number} of {len(report.parts)}", about.holder)]
    when = f"{report.checked:%Y-%m-%d %H:%M} UTC"
    lines += ["", f"Checked {when}. {asked}"]
    return "\n".join(map(visible, lines))


def _issuers_place(about: About) -> str:
    """The issuer's host; its whole address where it is one of many there."""
    host, name = about.host, about.issuer_id or ""
    if host is None:
        return name
    own = (f"did:web:{host.replace(':', '%3A')}", f"https://{host}")
    is_hosted = about.kind == "Open Badges 2.0"  # there the host answers, whatever the profile
    return host if is_hosted or name.removesuffix("/") in own else name


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _checks(report: Report) -> Iterator[str]:
    for one in report.checks:
        yield f"{one.label}: {one.state_words}. {one.why}"


def _part(report: Report, name: str, holder: str | None) -> Iterator[str]:
    """A part in short: its verdict, each check that did not pass, and whose it is if not theirs."""
    title = f" ({_cut(report.about.title)})" if report.about.title else ""
    yield f"{name}: {headline(report)}{title}"
    if report.about.holder not in (None, holder):
        yield f"  Issued to: {_cut(str(report.about.holder))}"
    for one in report.checks:
        if one.state in ("failed", "not checked"):
            yield f"  {one.label}: {one.state_words}. {one.why}"
    for number, part in enumerate(report.parts, 1):
        inner = _part(part, f"Part {number} of {len(report.parts)}", report.about.holder)
        yield from (f"  {line}" for line in inner)


def table(rows: Sequence[tuple[str, str, str]]) -> str:
    """One line per target: the verdict, who it was issued to, where it lies."""
    widths = [max((_width(row[column]) for row in rows), default=0) for column in range(2)]
    return "\n".join(
        f"{_padded(row[0], widths[0])}  {_padded(row[1], widths[1])}  {row[2]}" for row in rows
    )


def _width(text: str) -> int:
    """Columns a terminal gives a text."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def as_json(one: Verdict, asked: str) -> str:
    """The report on the only target for programs."""
    return json.dumps({"target": one.target, **one.report.as_json(), "asked": asked}, indent=2)


def _json(one: Verdict) -> str:
    # ASCII only: what cannot be seen in a stranger's text is seen as its escape
    return json.dumps({"target": one.target, **one.report.as_json()}, indent=2)


def csv_line(values: Iterable[str | None]) -> str:
    """A line of a spreadsheet's table, in which nothing is taken for a formula."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_cell(value) for value in values])
    return text.getvalue()


def _row(one: Verdict) -> list[str | None]:
    report, about = one.report, one.report.about
    states = {each.check: each.state_words for each in report.checks}
    bad = [each.why for each in report.checks if each.state in ("failed", "not checked")]
    return [
        one.target,
        report.overall,
        report.headline,
        " ".join(bad),
        about.holder,
        about.title,
        about.issuer,
        about.issuer_id,
        about.issued,
        about.until,
        about.kind,
        about.id,
        *(states.get(check, "") for check in CHECKS),
    ]


def _cell(value: str | None) -> str:
    text = visible(value or "")
    text = _NEXT_CELL.sub(r"\1'", text)
    return f"'{text}" if text.lstrip("\"' ").startswith(_FORMULA) else text
