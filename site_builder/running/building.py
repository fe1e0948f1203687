# SPDX-License-Identifier: Apache-2.0
"""A whole site, part by part: what was made from the same inputs before is not made again.

Parts: "pages" are MkDocs' own, "once" what a site has once, "shard-00007" some people's files, and
the lists over all people. Each has a key, a digest of all that goes into it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from site_builder.build.lists import LISTS
from site_builder.build.once import Once
from site_builder.catalog import Catalog
from site_builder.directory import Holder, Roll, roll
from site_builder.insights import census_of
from site_builder.pages.footer import NAMED_PAGES
from site_builder.problems import Problem
from site_builder.running import versions
from site_builder.running.inputs import inputs_of
from site_builder.running.pages import Pages, are_known
from site_builder.running.shards import (
    Job,
    Listing,
    Making,
    list_task,
    make_task,
    row_lines,
    stamps_of,
)
from site_builder.running.spool import Spool
from site_builder.running.wish import Refused
from site_builder.sources import ShardFiles

if TYPE_CHECKING:
    from site_builder.publish import Staging
    from site_builder.running.checking import Outcome
    from site_builder.running.wish import Progress, Wish, Workers

_PAGES, _ONCE = "pages", "once"


class Build:
    """The parts of one site.

    Args:
        outcome: a repository whose check found no error.
        job: what all its shards share, with whoever signs.
        wish: how the site is wanted.
        stage: where the parts go.
        pages: MkDocs.
    """

    def __init__(
        self, outcome: Outcome, job: Job, wish: Wish, stage: Staging, pages: Pages
    ) -> None:
        if outcome.catalog is None:
            raise ValueError("a repository with errors")
        self.outcome = outcome
        self.catalog: Catalog = outcome.catalog
        self.repository = outcome.repository
        self.job = job
        self.stage = stage
        self.pages = pages
        self._wish = wish
        self._issuing = versions.key(self.repository.digest, wish.signed_by, job.site.base_url)
        self.is_plain = True
        self.reason = ""  # why the files of all people were made anew
        self.shards = outcome.repository.people.shards
        self._read_by_mkdocs = inputs_of(pages.root, strict=pages.strict)

    @property
    def sizes(self) -> dict[str, int]:
        """How much there is of what a site is said to hold."""
        found = census_of(self.catalog)
        return {
            "micro": len(self.catalog.counted_credentials),
            "awards": found.published,
            "backpacks": found.backpacks,
        }

    def _is_current(self, part: str, key: str) -> bool:
        return self._wish.keeps and self.stage.is_current(part, key)

    def make(self, workers: Workers, progress: Progress) -> Refused | None:
        """All parts, into the stage; or why not.

        Args:
            workers: run the shards.
            progress: passes results through and says how far it is.
        """
        key = versions.key(
            "pages", self.repository.digest, self._census, repr(self._roll), self._read_by_mkdocs
        )
        is_current = self._is_current(_PAGES, key)
        sources = self.sources()
        named = sources & NAMED_PAGES
        begun = None
        if is_current:
            self.stage.keep(_PAGES)
        else:
            begun = self.pages.build(self.stage.folder, self.catalog, self._roll)
        problems = self.people(workers, named, progress)
        if not problems:
            self._make_once(named)
            self._lists(workers, named)
        if problems or (begun is not None and begun.wait() is None):
            return Refused(tuple(problems))
        self.job.kept.drop("parsed")  # all of it has been used
        if begun is not None:
            self.is_plain = are_known(self.pages.root, self.pages.plan())
            kept = key if self.is_plain else ""
            extra = json.dumps([self._read_by_mkdocs, sorted(sources)]).encode()
            self.stage.adopt(_PAGES, kept, self.stage.folder, extra)
        return None

    def sources(self) -> frozenset[str]:
        """Paths of the pages people wrote; asks MkDocs only where what it reads has changed."""
        if self.stage.known is not None and _PAGES in self.stage.known.parts:
            before, sources = json.loads(self.stage.extra_of(_PAGES))
            if before == self._read_by_mkdocs:
                return frozenset(sources)
        return self.pages.plan().written

    @cached_property
    def _census(self) -> str:
        counted = self.catalog.census
        return json.dumps(counted.to_json() if counted is not None else None, sort_keys=True)

    def people(self, workers: Workers, named: frozenset[str], progress: Progress) -> list[Problem]:
        """The files of all people; the problems of awards that cannot be signed."""
        tasks = []
        for shard in self.shards:
            key = versions.key("people", self._issuing, *sorted(named), shard.digest)
            if self._is_current(shard.name, key):
                self.stage.keep(shard.name)
            else:
                tasks.append(Making(shard, key, named, self.stage.part(shard.name, key)))
        known = self.stage.known.parts if self.stage.known is not None else {}
        if len(tasks) == len(self.shards) and self._wish.keeps and self.shards[0].name in known:
            self.reason = "catalog/, who signs, or badges itself has changed."
        results = progress(workers.each(make_task, tasks), len(tasks))
        return [problem for _, problems in results for problem in problems]

    def _make_once(self, named: frozenset[str]) -> None:
        """The files that do not grow with the number of people."""
        key = versions.key("once", self._issuing, self._census, *sorted(named))
        if self._is_current(_ONCE, key):
            self.stage.keep(_ONCE)
            return
        writer = self.stage.part(_ONCE, key)
        for path, data in Once(self.job.setting(named, self.catalog)).files():
            writer.write(path, data)
        writer.finish()

    def _lists(self, workers: Workers, named: frozenset[str]) -> None:
        """The files over all people, from the rows of the shards."""
        shards = self.repository.people.shards
        marks = [
            stamps_of(self.stage.extra_of(shard.name)) | stamps_of(self._holders(shard))
            for shard in shards
        ]
        with Spool(
            self._wish.state / "rows"
        ) as spool:  # one build at a time: `staging` holds a lock
            tasks = []
            for name, kind in LISTS.items():
                total = sum(int(one[f"{kind.rows[0]}-count"]) for one in marks)
                for part in range(kind.of):
                    called = name if kind.of == 1 else f"{name}-{part}"
                    by = kind.stamps_of(name, part, total)
                    rows = [one.get(each, "") for one in marks for each in by]
                    key = versions.key(called, self._issuing, *sorted(named), *by, *rows)
                    if self._is_current(called, key):
                        self.stage.keep(called)
                        continue
                    writer = self.stage.part(called, key)
                    tasks.append(Listing(name, part, spool, self._roll, named, writer))
            for each in sorted({each for task in tasks for each in LISTS[task.name].rows}):
                spool.fill(each, self._rows(each))
            for _ in workers.each(list_task, tasks):
                pass

    @cached_property
    def _roll(self) -> Roll:
        return roll(lambda: map(Holder.unpacked, map(json.loads, self._rows("holders"))))

    def _rows(self, kind: str) -> Iterator[str]:
        for shard in self.repository.people.shards:
            packed = self._holders(shard) if kind == "holders" else self.stage.extra_of(shard.name)
            yield from row_lines(packed, kind)

    def _holders(self, shard: ShardFiles) -> bytes:
        return zlib.decompress(self.outcome.holders[shard.number])
