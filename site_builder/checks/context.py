# SPDX-License-Identifier: Apache-2.0
"""What every check gets: the records with their places, and the catalog they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from site_builder.catalog import Catalog
from site_builder.checks.asked import Asked, asked_by
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


def meant(name: str, options: Iterable[str]) -> str:
    """The hint for a name that is not among the options: the nearest one, or the first twenty."""
    known = list(dict.fromkeys(options))
    listed = "Known: " + ", ".join(known[:20]) + "." if known else ""
    return did_you_mean(name, known) or listed


@dataclass(frozen=True, eq=False)
class Context:
    """The input of a check.

    Attributes:
        records: typed records with their places: all, the catalog's, or those of some people.
        catalog: the same records by id, references not yet checked; always the whole catalog.
        names: of all teachers, for the check of what must not name them.
    """

    records: Records
    catalog: Catalog
    names: tuple[str, ...] = ()

    def knows(self, kind: str, name: str) -> bool:
        """True when a file of this name exists, readable or not."""
        return (kind, name) in self.catalog.sources or (kind, name) in self.records.unread

    def named(self, kind: str) -> list[str]:
        """Names of the catalog's readable files of one kind, in the order of their paths."""
        return self._named.get(kind, [])

    def asked(self, pinned: str) -> Asked | None:
        """What a version of a credential asks of its awards; None for an unknown version."""
        if pinned not in self._asked:
            credential = self.catalog.versions.get(pinned)
            self._asked[pinned] = asked_by(credential, self.catalog) if credential else None
        return self._asked[pinned]

    @cached_property
    def _asked(self) -> dict[str, Asked | None]:
        return {}

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for kind, name in self.catalog.sources:
            if kind not in ("teacher", "award"):
                found.setdefault(kind, []).append(name)
        return found

    @cached_property
    def _unread(self) -> dict[str, set[str]]:
        """Names without versions of the files that could not be read, by kind."""
        found: dict[str, set[str]] = {}
        for kind, name in self.records.unread:
            found.setdefault(kind, set()).add(name.partition("@")[0])
        return found

    def unknown(
        self, code: str, record: Record, loc: tuple[str | int, ...], kind: str, name: str
    ) -> Problem | None:
        """A problem when no file of `kind` has the name; None when there is one."""
        if self.knows(kind, name):
            return None
        said = f"no {kind} {quoted(name)} in {FOLDERS[kind]}."
        # Teachers' and awards' ids are random: the nearest one is never what was meant.
        hint = did_you_mean(name, self.named(kind))
        return Problem(code, record.place(*loc), said, hint or "Add its file, or correct the name.")

    def unknown_among(  # noqa: PLR0917 - as `unknown`, and where it looked
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
        said = f"no {what} {quoted(name)} in {where}."
        return Problem(code, record.place(*loc), said, meant(name, options))

    def is_unread(self, *kinds: str, slug: str | None = None) -> bool:
        """True when a file of one of these kinds could not be read, so what it holds is unknown.

        Args:
            kinds: "credential", "award" and so on.
            slug: only files of this name, in any version.
        """
        return any(
            self._unread[kind] if slug is None else slug in self._unread[kind]
            for kind in kinds
            if kind in self._unread
        )


def used_twice(
    record: Record, loc: tuple[str | int, ...], ids: list[str], code: str
) -> Iterator[Problem]:
    """Each id that stands in a list a second time, at its second place."""
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            yield Problem(
                code,
                record.place(*loc, index, "id"),
                f"the id {quoted(one)} is used twice in this list.",
                "Give each entry an id of its own.",
            )
        seen.add(one)
