# SPDX-License-Identifier: Apache-2.0
"""What every check gets: the records with their places, and the catalog they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from site_builder.catalog import Catalog
from site_builder.problems import Problem, did_you_mean, quoted
from site_builder.records import Record, Records

FOLDERS = {
    "framework": "catalog/frameworks",
    "credential": "catalog/credentials",
    "pathway": "catalog/pathways",
    "role": "catalog/roles",
    "program": "catalog/programs",
    "teacher": "awards/teachers",
    "award": "awards",
}


@dataclass(frozen=True, slots=True)
class Context:
    """The input of a check.

    Attributes:
        records: typed records with their places.
        catalog: the same records by id, references not yet checked.
    """

    records: Records
    catalog: Catalog

    def unknown(
        self, code: str, record: Record, loc: tuple[str | int, ...], kind: str, name: str
    ) -> Problem | None:
        """A problem when no file of `kind` has the name; None when there is one."""
        if self.records.knows(kind, name):
            return None
        said = f"no {kind} {quoted(name)} in {FOLDERS[kind]}."
        # Teachers' and awards' ids are random: the nearest one is never what was meant.
        hint = did_you_mean(name, self.records.of(kind)) if kind not in ("teacher", "award") else ""
        return Problem(code, record.place(*loc), said, hint)

    def unknown_among(
        self,
        code: str,
        record: Record,
        loc: tuple[str | int, ...],
        what: str,
        name: str,
        known: Iterable[str],
        where: str,
    ) -> Problem | None:
        """A problem when `name` is not among the known ids of a part of a file."""
        options = list(known)
        if name in options:
            return None
        hint = did_you_mean(name, options) or (
            "Known: " + ", ".join(options[:20]) + "." if options else ""
        )
        return Problem(code, record.place(*loc), f"no {what} {quoted(name)} in {where}.", hint)
