# SPDX-License-Identifier: Apache-2.0
"""The check of a whole repository in shards; what was checked before is not checked again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from site_builder.catalog import Catalog
from site_builder.catalog.census import Census
from site_builder.checks import check_catalog, settled
from site_builder.documents import parse
from site_builder.problems import Problem, has_errors, tidy
from site_builder.records import Records
from site_builder.running import versions
from site_builder.running.repository import Repository
from site_builder.running.shards import Checked, Job, check_task, documents, records_of, sources
from site_builder.running.wish import Workers
from site_builder.sources import ShardFiles, scan

I = TypeVar("I")  # noqa: E741 - an item
R = TypeVar("R")


@dataclass(frozen=True)
class Outcome:
    """What the check of a repository came to.

    Attributes:
        catalog: without people, but with their census; None when a problem is an error.
        problems: every problem of every file, sorted.
        repository: as it was checked.
        holders: rows of public backpacks, packed, by shard.
        checked_anew: number of shards that were not checked before as they are now.
    """

    catalog: Catalog | None
    problems: tuple[Problem, ...]
    repository: Repository
    holders: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    checked_anew: int = field(default=0, compare=False)


def check(
    repository: Repository,
    job: Job,
    workers: Workers,
    *,
    profiles: Collection[str] = (),
    keeps_parsed: bool = False,
) -> Outcome:
    """Every problem of a repository, and its catalog.

    Args:
        repository: as `read` gave it.
        job: what all its shards share.
        workers: run the checks of the shards.
        profiles: checked as well; see `checks.check_catalog`.
        keeps_parsed: True leaves what is parsed for the tasks that make files.
    """
    shards, found = repository.people.shards, dict[int, Checked]()
    waiting = [one for one in shards if not _known(job, one, found)]
    for task, packed in workers.each(check_task, [(one, keeps_parsed) for one in waiting]):
        shard = task[0]
        found[shard.number] = Checked.unpacked(packed)
        key = key_of(job, shard)
        repository.kept.put(f"checked/{shard.name}", key.encode() + b"\n" + packed)
    if any(one.strays for one in found.values()):
        return check(
            _with_care(repository), job, workers, profiles=profiles, keeps_parsed=keeps_parsed
        )
    catalog, problems = _merged(repository, job, found, profiles)
    everything = tuple(tidy(problems))
    return Outcome(
        None if has_errors(everything) else catalog,
        everything,
        repository,
        {number: one.holders for number, one in found.items()},
        len(waiting),
    )


def _known(job: Job, shard: ShardFiles, found: dict[int, Checked]) -> bool:
    """True when a shard was checked before as it is now; its outcome is then in `found`."""
    kept = job.kept.get(f"checked/{shard.name}")
    if kept is None:
        return False
    key, _, packed = kept.partition(b"\n")
    if key.decode() != key_of(job, shard):
        return False
    found[shard.number] = Checked.unpacked(packed)
    return True


def key_of(job: Job, shard: ShardFiles) -> str:
    """Digest of all that the check of a shard goes by."""
    return versions.key("checked", job.digest, shard.digest)


def _with_care(repository: Repository) -> Repository:
    """The repository with each award file parsed for the teacher it names."""
    people = scan(repository.root, repository.kept, _teacher_of)
    return replace(repository, people=people)


def _teacher_of(data: bytes) -> str | None:
    parsed = parse("", data)
    named = None if isinstance(parsed, list) else parsed.value.get("teacher")
    return named if isinstance(named, str) else None


def _merged(
    repository: Repository, job: Job, found: dict[int, Checked], profiles: Collection[str]
) -> tuple[Catalog | None, list[Problem]]:
    problems = [*repository.tree.problems, *repository.people.problems, *repository.problems]
    if job.catalog is None:
        problems += [problem for one in found.values() for problem in one.people.problems]
        return None, problems
    people = {number: one.people for number, one in found.items()}
    problems += settled(people, partial(_records, repository, job), job.catalog)
    added = sum((one.census for one in found.values() if one.census), Census())
    small = replace(job.catalog, census=added)
    names = sorted({name for one in people.values() for name in one.names})
    unread = {one for each in people.values() for one in each.unread}
    everything = replace(
        repository.records,
        unread=repository.records.unread | unread | set(repository.people.unread),
    )
    problems += check_catalog(everything, small, profiles, names)
    return small, problems


def _records(repository: Repository, job: Job, number: int) -> Records:
    shard = repository.people.shards[number]
    return records_of(job, documents(shard, sources(job, shard)))[0]
