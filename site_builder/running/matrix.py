# SPDX-License-Identifier: Apache-2.0
"""One site by several jobs that share nothing but the commit: each makes some shards, one merges.

A job leaves a parcel: its shards' files, and beside them what their check came to. Whoever merges
has the same commit, so it knows the key of each part, and takes only parts made from that key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from site_builder.catalog.census import merged
from site_builder.kept import Kept
from site_builder.pages.footer import NAMED_PAGES
from site_builder.problems import Problem, UsageProblem, has_errors, tidy
from site_builder.publish import Parcel, staging
from site_builder.publish.parcel import SITE, STATE
from site_builder.running import checking
from site_builder.running.building import Build
from site_builder.running.checking import Outcome
from site_builder.running.pages import Pages
from site_builder.running.repository import Repository, read
from site_builder.running.shards import Checked, Job, Making, check_task, make_task
from site_builder.running.site import Done, WorkersFor, signer_for
from site_builder.running.wish import Progress, Refused, Wish, Workers
from site_builder.sources import ShardFiles

I = TypeVar("I")  # noqa: E741 - an item
R = TypeVar("R")
_LISTS = 2  # tasks enough to start processes for


def parcel_of(
    wish: Wish, number: int, of: int, workers_for: WorkersFor, progress: Progress
) -> Done:
    """Some of the shards of a site, into a parcel at `wish.site`.

    What only shows over all people is left to whoever merges: figures, what stands twice.

    Args:
        wish: how the site is wanted.
        number: which of the parcels, from 1.
        of: how many there are.
        workers_for: run the shards.
        progress: passes results through and says how far it is.
    """
    repository = read(wish.root, Kept(wish.state / "kept" if wish.keeps else None))
    signer = signer_for(wish, repository)
    job = replace(repository.job(), signer=signer)
    mine = repository.people.shards[number - 1 :: of]
    with (
        workers_for(job, len(mine)) as workers,
        Pages(wish.root, strict=wish.is_strict) as pages,
    ):
        packed = {
            shard: found
            for (shard, _), found in workers.each(check_task, [(one, True) for one in mine])
        }
        found = [Checked.unpacked(one) for one in packed.values()]
        problems = _own(repository, found)
        if has_errors(problems) or job.catalog is None:
            return Done(problems, is_sound=False)
        census = merged(one.census for one in found if one.census is not None)
        outcome = Outcome(replace(job.catalog, census=census), problems, repository)
        with staging(wish.site / SITE, state=wish.site / STATE) as stage:
            build = Build(outcome, job, wish, stage, pages)
            build.shards = mine
            unsigned = build.people(workers, build.sources() & NAMED_PAGES, progress)
            for shard, data in packed.items():
                key = checking.key_of(job, shard)
                stage.part(f"checked-{shard.name}", key).finish(data)
            if unsigned:
                return Done(problems, refused=Refused(tuple(unsigned)))
            return Done(problems, published=stage.publish(), sizes=build.sizes)


def _own(repository: Repository, found: list[Checked]) -> tuple[Problem, ...]:
    """What a check of some shards can tell, without what needs all of them."""
    everything = [*repository.tree.problems, *repository.people.problems, *repository.problems]
    everything += [problem for one in found for problem in one.people.problems]
    return tuple(tidy(everything))


class Merged:
    """Workers that take what parcels hold, and do the rest themselves.

    Args:
        folders: parcels that jobs left.
        job: what all shards of the same commit share.
        workers: do the rest.

    Raises:
        UsageProblem: two parcels hold the same shard.
        EnvironmentProblem: a parcel is damaged.
    """

    def __init__(self, folders: Sequence[Path], job: Job, workers: Workers) -> None:
        self._job = job
        self._workers = workers
        self._by_part: dict[str, Parcel] = {}
        for parcel in map(Parcel, folders):
            for part in parcel.keys:
                if part in self._by_part:
                    other = self._by_part[part].folder
                    raise UsageProblem(f"{other} and {parcel.folder} hold the same {part}.")
                self._by_part[part] = parcel

    def each(self, task: Callable[[I], R], items: Sequence[I]) -> Iterator[tuple[I, R]]:
        """As the workers do.

        Raises:
            UsageProblem: no parcel holds a shard, or only one made from other files.
        """
        given: Any = {check_task: self._checked, make_task: self._made}.get(task)
        if given is None:
            yield from self._workers.each(task, items)
            return
        for item in items:
            yield item, given(item)

    def _checked(self, item: tuple[ShardFiles, bool]) -> bytes:
        shard, _ = item
        part = f"checked-{shard.name}"
        return self._holder(part, checking.key_of(self._job, shard)).extra_of(part)

    def _made(self, item: Making) -> tuple[Problem, ...]:
        part = item.shard.name
        parcel = self._holder(part, item.key)
        for path, data in parcel.files(part):
            item.writer.write(path, data)
        item.writer.finish(parcel.extra_of(part))
        return ()

    def _holder(self, part: str, key: str) -> Parcel:
        parcel = self._by_part.get(part)
        if parcel is None:
            raise UsageProblem(f"no parcel holds {part}; every job of the matrix must have ended.")
        if parcel.keys[part] != key:
            raise UsageProblem(
                f"{parcel.folder} was made from another commit, with another key or by another "
                "version of badges."
            )
        return parcel


def merging(folders: Sequence[Path], workers_for: WorkersFor) -> WorkersFor:
    """Workers for `site_of` that take what parcels hold."""

    @contextmanager
    def workers(job: Job, tasks: int) -> Iterator[Workers]:
        del tasks  # only the lists are left to do
        with workers_for(job, _LISTS) as local:
            yield Merged(folders, job, local)

    return workers
