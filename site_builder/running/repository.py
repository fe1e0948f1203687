# SPDX-License-Identifier: Apache-2.0
"""A repository as it was read. A build of what has not changed loads this and little else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.kept import Kept
from site_builder.running import versions
from site_builder.sources import Scan, Tree, read_tree, scan

if TYPE_CHECKING:
    from site_builder.addresses import Site
    from site_builder.catalog import Catalog
    from site_builder.problems import Problem
    from site_builder.records import Records
    from site_builder.running.shards import Job


@dataclass(frozen=True)
class Repository:
    """A repository as it was read: catalog/ whole, awards/ by name and digest.

    Attributes:
        root: its folder.
        tree: the files of catalog/.
        people: the files of awards/.
        records: of catalog/ alone.
        catalog: of these records, nothing checked yet; None without a readable issuer.
        problems: of reading the files of catalog/.
    """

    root: Path
    tree: Tree
    people: Scan
    kept: Kept

    @cached_property
    def _read(self) -> tuple[Records, list[Problem]]:
        from site_builder.build import read_documents  # noqa: PLC0415 - see above

        return read_documents(self.tree)

    @property
    def records(self) -> Records:
        return self._read[0]

    @property
    def problems(self) -> list[Problem]:
        return self._read[1]

    @cached_property
    def catalog(self) -> Catalog | None:
        from site_builder.checks import assemble  # noqa: PLC0415 - see above

        return assemble(self.records)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over catalog/ and the code that reads it."""
        return versions.key(versions.code(), versions.of_sources(self.tree.sources))

    @property
    def files(self) -> int:
        """Number of files read."""
        return len(self.tree.sources) + self.people.teachers + self.people.awards

    @property
    def site(self) -> Site:
        """The issuer's public addresses."""
        from site_builder.addresses import Site  # noqa: PLC0415 - see above

        return Site(self.catalog.issuer.base_url if self.catalog else "")

    def job(self) -> Job:
        """What all its shards share, nothing signed."""
        from site_builder.running.shards import Job  # noqa: PLC0415 - see above

        return Job(
            str(self.root), self.records, self.catalog, self.kept, self.site, digest=self.digest
        )


def read(root: Path, kept: Kept) -> Repository:
    """The repository at `root`.

    Raises:
        UsageProblem: there is no catalog folder.
        EnvironmentProblem: a file cannot be read.
    """
    return Repository(root, read_tree(root, with_people=False), scan(root, kept), kept)
