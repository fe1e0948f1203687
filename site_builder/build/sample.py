# SPDX-License-Identifier: Apache-2.0
"""A repository to look at while it is edited: all of it, or of many people some."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from site_builder.build.loading import Loaded, load_tree
from site_builder.kept import Kept
from site_builder.sources import Scan, Source, read_tree, scan
from site_builder.sources.scan import read_file

MOST_AWARDS = 3_000  # that are all shown; a change then shows within some seconds
_ENOUGH = 500  # of more
_FIGURES = "FG"  # codes of problems about figures, which are others in a sample


@dataclass(frozen=True)
class Sample:
    """What is shown of a repository.

    Attributes:
        loaded: its catalog with the people that are shown.
        awards, teachers: files of those people.
        of: everybody's.
    """

    loaded: Loaded
    awards: int
    teachers: int
    of: Scan

    @property
    def is_whole(self) -> bool:
        """True when everybody is shown."""
        return self.awards == self.of.awards

    @property
    def words(self) -> str:
        """What is shown, as sentences; empty for everything."""
        if self.is_whole:
            return ""
        return (
            f"Showing {self.awards:,} of {self.of.awards:,} awards, those of {self.teachers:,} of "
            f"{self.of.teachers:,} teachers; figures and lists are of these alone. A change in "
            "awards/ shows after a restart. `badges build` makes everything."
        )


def sample(root: Path, *, most: int = MOST_AWARDS) -> Sample:
    """The repository at `root`, or, of more than so many awards, some people of it.

    Always the same people, as long as the number of awards stays about the same. Problems are those
    of the files that are shown.

    Raises:
        UsageProblem: there is no catalog folder.
        EnvironmentProblem: a file cannot be read.
    """
    found = scan(root, Kept(root / ".badges" / "kept"))
    if found.awards <= most:
        loaded = load_tree(read_tree(root))
        return Sample(loaded, found.awards, found.teachers, found)
    sources: list[Source] = []
    for shard in found.shards:
        sources += [
            Source(one.path, one.kind, one.id, read_file(str(root), one)) for one in shard.files()
        ]
        if sum(one.kind == "award" for one in sources) >= _ENOUGH:
            break
    tree = read_tree(root, with_people=False)
    everything = replace(tree, sources=(*tree.sources, *sorted(sources, key=_path)))
    awards = sum(one.kind == "award" for one in sources)
    loaded = load_tree(everything, without=_FIGURES)
    return Sample(loaded, awards, len(sources) - awards, found)


def _path(source: Source) -> str:
    return source.path
