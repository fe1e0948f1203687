# SPDX-License-Identifier: Apache-2.0
"""What a run of `badges verify` says about many badges, gathered without holding all of it."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Any, Self

from site_builder.commands import verdicts
from site_builder.commands.inbox import Batch
from site_builder.verify.report import WORDS

_MOST_LISTED = 1_000  # lines on the screen; of more badges only those that are not valid
_IN_MEMORY = 1 << 20  # characters of tables and reports; more lies on the disk until it is shown
_PIECE = 1 << 16


def _spool() -> IO[str]:
    return tempfile.SpooledTemporaryFile(
        _IN_MEMORY, "w+", encoding="utf-8", errors="backslashreplace", newline=""
    )


class Sheet:
    """Verdicts added up; what is told of each goes to the disk when it is much.

    Attributes:
        counts: badges by verdict.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._passed_over = self._by_form = self._compared = 0
        self._rows: list[tuple[str, str, str]] = []
        self._others: list[tuple[str, str, str]] = []  # not valid, or not fully checked
        self._csv, self._json = _spool(), _spool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._csv.close()
        self._json.close()

    @property
    def badges(self) -> int:
        return sum(self.counts.values())

    @property
    def exit_code(self) -> int:
        return verdicts.exit_code(self.counts.keys())

    def add(self, batch: Batch) -> None:
        self._passed_over += batch.passed_over
        self._by_form += batch.by_form
        self._compared += batch.compared
        for one in batch.told:
            if one.json:
                self._json.write(f"{',' if self.badges else ''}\n{one.json}")
            self._csv.write(one.csv)
            for rows in (self._rows, self._others) if one.overall != "valid" else (self._rows,):
                if len(rows) < _MOST_LISTED:
                    rows.append(one.row)
            self.counts[one.overall] += 1

    def table(self) -> str:
        """One line per badge; of many only for those that are not valid, and what is left out."""
        if self.badges <= _MOST_LISTED:
            return verdicts.table(self._rows)
        others = self.badges - self.counts["valid"]
        lines = [verdicts.table(self._others)] if others else []
        if others > len(self._others):
            more = others - len(self._others)
            lines.append(f"And {more:,} more that are not valid or could not be fully checked.")
        lines.append(
            f"Of more than {_MOST_LISTED:,} badges the valid ones are not listed here; "
            "--csv FILE or --json lists all."
        )
        return "\n".join(lines)

    def summary(self) -> str:
        """How many badges there were and how many of them hold, such as '2 badges: 2 valid.'."""
        parts = [f"{self.counts[name]:,} {name}" for name in WORDS["overall"] if self.counts[name]]
        badges = f"{self.badges:,} {'badge' if self.badges == 1 else 'badges'}"
        said = f"{badges}: {', '.join(parts)}." if parts else "No badges."
        if self._passed_over:
            one = self._passed_over == 1
            files = "1 other file was" if one else f"{self._passed_over:,} other files were"
            said += f" {files} passed over: no badges."
        if self._by_form:
            said += (
                f" {self._by_form:,} signatures were checked over a form learned from the library, "
                f"{self._compared:,} more over both to compare them, all others over the library's "
                "own bytes; --thorough does that for all."
            )
        return said

    def csv(self) -> Iterator[str]:
        """A table for a spreadsheet, in pieces."""
        yield verdicts.csv_line(verdicts.COLUMNS)
        yield from _pieces(self._csv)

    def json(self, asked: str) -> Iterator[str]:
        """The reports for programs with their sum, in pieces."""
        body: dict[str, Any] = {
            "asked": asked,
            "summary": {name: self.counts[name] for name in WORDS["overall"]}
            | {"passed over": self._passed_over},
            "signatures by form": {"not compared": self._by_form, "compared": self._compared},
            "reports": [],
        }
        yield json.dumps(body, indent=2).removesuffix("]\n}")
        yield from _pieces(self._json)
        yield "\n  ]\n}\n" if self.badges else "]\n}\n"


def _pieces(spool: IO[str]) -> Iterator[str]:
    spool.seek(0)
    while piece := spool.read(_PIECE):
        yield piece
