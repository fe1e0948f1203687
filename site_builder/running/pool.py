# SPDX-License-Identifier: Apache-2.0
"""Tasks on several processes: results as they come, none lost when a process dies."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from site_builder.problems import EnvironmentProblem

I = TypeVar("I")  # noqa: E741 - an item
R = TypeVar("R")
_TRIES = 3  # of one task, when the process it ran in died
_AHEAD = 3  # tasks handed out for each process, so that none waits and memory stays flat
_PDEATHSIG = 1  # prctl(2)


class Lost(EnvironmentProblem):
    """A task was given up: each process that ran it died."""


class Pool:
    """Runs tasks on an executor, and again on a new one when its processes die.

    Args:
        start: makes an executor.
        width: tasks it runs at once.
    """

    def __init__(self, start: Callable[[], Executor], width: int) -> None:
        self._start = start
        self._executor: Executor | None = None
        self.width = width

    def each(self, task: Callable[[I], R], items: Sequence[I]) -> Iterator[tuple[I, R]]:
        """Every item with what `task` made of it, in any order.

        Args:
            task: a function at the top of a module; run again for an item when a process died, so
                it must come to the same whoever runs it, and however often.

        Raises:
            Lost: a process died each time over the same task.
        """
        waiting: deque[tuple[I, int]] = deque((item, 1) for item in items)
        running: dict[Future[R], tuple[I, int]] = {}
        while waiting or running:
            try:
                while waiting and len(running) < self.width * _AHEAD:
                    item, nth = waiting.popleft()
                    try:
                        running[self._ready().submit(task, item)] = (item, nth)
                    except BrokenProcessPool:
                        waiting.appendleft((item, nth))
                        raise
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    found = future.result()
                    item, _ = running.pop(future)
                    yield item, found
            except BrokenProcessPool:
                again = [_once_more(*one) for one in running.values()]
                waiting.extendleft(reversed(again))
                running.clear()
                self.close()

    def _ready(self) -> Executor:
        if self._executor is None:
            self._executor = self._start()
        return self._executor

    def close(self) -> None:
        """Ends the processes; a later task starts new ones."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


class Alone:
    """Runs tasks in this process, one after the other.

    Args:
        begin: called before the first.
        given: its arguments.
    """

    def __init__(self, begin: Callable[..., None], *given: Any) -> None:
        self._begin = begin
        self._given = given

    def __enter__(self) -> Self:
        self._begin(*self._given)
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing has to be ended."""

    def each(self, task: Callable[[I], R], items: Sequence[I]) -> Iterator[tuple[I, R]]:
        """As `Pool.each`, in the order of the items."""
        for item in items:
            yield item, task(item)


def _once_more(item: I, nth: int) -> tuple[I, int]:
    if nth >= _TRIES:
        raise Lost(
            f"a process of the build was ended {nth} times over the same work, perhaps because "
            "memory ran out; nothing was published."
        )
    return item, nth + 1


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def processes(begin: Callable[..., None], *given: Any, most: int = 0) -> Iterator[Pool]:
    """A pool of processes of this machine, ended with the block.

    Args:
        begin: called first in each process.
        given: its arguments; where processes are forked they cross in memory, never in a file.
        most: how many processes; 0 for one on each processor.
    """
    width = most or processors()
    method = "fork" if sys.platform == "linux" else "spawn"

    def start() -> Executor:
        return ProcessPoolExecutor(
            width,
            mp_context=multiprocessing.get_context(method),
            initializer=_begin,
            initargs=(os.getpid(), begin, given),
        )

    pool = Pool(start, width)
    try:
        yield pool
    finally:
        pool.close()


def tie_to(parent: int) -> None:
    """Makes this process end with its parent, however that ends, and leave Ctrl+C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before this line
            os._exit(1)


def _begin(parent: int, begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    tie_to(parent)
    begin(*given)
    # Each collection would walk the whole catalog; what a shard leaves is freed by counting.
    gc.collect()
    gc.freeze()
    gc.disable()
