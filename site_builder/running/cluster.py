# SPDX-License-Identifier: Apache-2.0
"""Shards on the machines of a Dask cluster: their files' bytes go there, what is made comes back.

Machines share no disk with this one and need no copy of the repository, only the same version of
this package. No private key is ever sent: each worker opens the address of the key itself.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from site_builder.kept import Kept
from site_builder.problems import EnvironmentProblem, KeyProblem, Problem, Unsignable, UsageProblem
from site_builder.running import shards, versions
from site_builder.running.pool import Lost
from site_builder.running.shards import Job, Making, check_task, make_task
from site_builder.sources import ShardFiles

if TYPE_CHECKING:
    from distributed import Client, Future

I = TypeVar("I")  # noqa: E741 - an item
R = TypeVar("R")
_AHEAD = 3  # tasks handed out for each thread of the cluster
_WAIT_SECONDS = 60.0  # for a worker, where none is left
_LOOK_SECONDS = 5.0
_TRIES = 3  # of a task whose worker died
_GIVEN_UP = "workers of the cluster died over the same work again and again; nothing was published."

Call = tuple[Any, ...]  # a function of this module, a shard, and what else it takes

Made = tuple[list[tuple[str, bytes]], bytes, tuple[Problem, ...]]


@contextmanager
def cluster(address: str, job: Job, key_uri: str | None) -> Iterator[Cluster]:
    """The workers of the Dask scheduler at an address, for one run.

    Args:
        address: such as `tcp://10.0.0.5:8786`.
        job: what all shards share.
        key_uri: where each worker finds the key that signs; None where none does, or for previews.

    Raises:
        UsageProblem: Dask is not installed here.
        EnvironmentProblem: nobody answers there, or a worker runs other code.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - only who names a cluster needs it
    except ImportError:
        raise UsageProblem(
            "--executor dask needs Dask, the package `distributed`; the extra [cluster] names it."
        ) from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else "no answer"
        raise EnvironmentProblem(f"the cluster at {address} cannot be used: {said}.") from None
    try:
        yield Cluster(client, job, key_uri)
    finally:
        client.close()


class Cluster:
    """Runs the tasks of shards on other machines, and all other tasks here.

    Args:
        client: of the cluster's scheduler.
        job: what all shards share.
        key_uri: as `cluster` has it.
    """

    def __init__(self, client: Client, job: Job, key_uri: str | None) -> None:
        self._client = client
        self._job = job
        shards.begin(job)
        signs = None if job.signer is None else ("" if job.signer.is_trial else key_uri or "")
        wanted = None if job.signer is None else job.signer.public
        bare = replace(job, root="", kept=Kept(None), signer=None, settings={})
        self._blob = pickle.dumps((versions.code(), bare, signs, wanted))
        self._sent: Future | None = None

    def each(self, task: Callable[[I], R], items: Sequence[I]) -> Iterator[tuple[I, R]]:
        """Every item with what `task` made of it, in any order.

        Raises:
            Lost: workers died over the same task again and again, or none is left.
        """
        remote: Any = {check_task: self._check, make_task: self._make}.get(task)
        if remote is None:
            for item in items:
                yield item, task(item)
            return
        yield from remote(items)

    def _check(self, items: Sequence[Any]) -> Iterator[tuple[Any, bytes]]:
        calls = ((item, (remote_check, item[0])) for item in items)
        yield from self._results(calls)

    def _make(self, items: Sequence[Making]) -> Iterator[tuple[Making, tuple[Problem, ...]]]:
        calls = ((item, (remote_make, item.shard, item.written)) for item in items)
        for item, (files, rows, problems) in self._results(calls):
            if not problems:
                for path, data in files:
                    item.writer.write(path, data)
                item.writer.finish(rows)
            yield item, problems

    def _results(self, calls: Iterator[tuple[Any, Call]]) -> Iterator[tuple[Any, Any]]:
        """Each item with the result of its call; only so many are under way at a time."""
        from distributed import KilledWorker  # noqa: PLC0415 - as above

        running: dict[Future, tuple[Any, Call, int]] = {}
        again: list[tuple[Any, Call, int]] = []
        left = True
        while left or running or again:
            while (left or again) and len(running) < self._width():
                if again:
                    item, call, nth = again.pop()
                else:
                    following = next(calls, None)
                    if following is None:
                        left = False
                        break
                    (item, call), nth = following, 1
                running[self._submitted(call)] = (item, call, nth)
            for future in self._done(running):
                item, call, nth = running.pop(future)
                try:
                    found = future.result()
                except (CancelledError, KilledWorker):
                    # What a dead worker held is lost with it, the job among it.
                    if nth >= _TRIES:
                        raise Lost(_GIVEN_UP) from None
                    self._sent = None
                    again.append((item, call, nth + 1))
                else:
                    yield item, found

    def _submitted(self, call: Call) -> Future:
        if self._sent is None:
            self._sent = self._client.scatter(self._blob, broadcast=True, hash=False)
        function, shard, *others = call
        data = list(shards.sources(self._job, shard))
        return self._client.submit(function, self._sent, shard, data, *others, pure=False)

    def _width(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return max(1, threads) * _AHEAD

    def _done(self, running: dict[Future, Any]) -> list[Future]:
        """Those that are finished; waits for one."""
        from distributed import wait  # noqa: PLC0415 - as above

        idle = 0.0
        while running:
            try:
                return list(
                    wait(list(running), timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED").done
                )
            except CancelledError:  # some are lost, and each of those will say so itself
                return [one for one in running if one.status == "cancelled"] or list(running)
            except TimeoutError:
                idle = 0.0 if self._client.nthreads() else idle + _LOOK_SECONDS
                if idle >= _WAIT_SECONDS:
                    raise Lost("no worker of the cluster is left; nothing was published.") from None
        return []


def remote_check(blob: bytes, shard: ShardFiles, data: list[bytes]) -> bytes:
    """`shards.checked` on a worker."""
    return shards.checked(_job_of(blob), shard, data).packed()


def remote_make(blob: bytes, shard: ShardFiles, data: list[bytes], written: frozenset[str]) -> Made:
    """What is made of a shard on a worker: files, rows, and problems of what cannot be signed."""
    made = shards.people(_job_of(blob), shards.documents(shard, data), written)
    try:
        return list(made.files()), shards.pack_rows(made.rows()), ()
    except Unsignable as found:
        return [], b"", tuple(found.problems)


def _job_of(blob: bytes) -> Job:
    digest = hashlib.sha256(blob).digest()
    if digest not in _jobs:
        _jobs.clear()
        _jobs[digest] = _opened(blob)
    return _jobs[digest]


_jobs: dict[bytes, Job] = {}  # of this worker: the last run's


def _opened(blob: bytes) -> Job:
    """The job a run sent, with a signer of this worker's own.

    Raises:
        EnvironmentProblem: this worker runs other code.
        KeyProblem: it has no key at the address, or another one.
    """
    found: tuple[str, Job, str | None, str | None] = pickle.loads(blob)  # noqa: S301 - as Dask does
    code, job, signs, wanted = found
    if code != versions.code():
        raise EnvironmentProblem(
            "a worker of the cluster runs another version of badges, Python or a library."
        )
    if signs is None or job.catalog is None:
        return replace(job, settings={})
    from site_builder.keys import open_key  # noqa: PLC0415 - unsigned runs load no cryptography
    from site_builder.signing import Signer  # noqa: PLC0415

    key = open_key(signs) if signs else None
    signer = Signer(key, job.catalog.issuer, job.site)
    if signer.public != wanted:
        raise KeyProblem(f"the key at {signs} of a worker is not the one that is at it here")
    return replace(job, signer=signer, settings={})
