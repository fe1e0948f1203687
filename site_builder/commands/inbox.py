# SPDX-License-Identifier: Apache-2.0
"""Folders full of badges: found in order, judged here or by several processes, told in short.

What comes back of each badge is only what is to be shown, so that a hundred thousand reports are
never held at once.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import click

from site_builder.commands.network import Network
from site_builder.commands.site_folder import SiteFolder
from site_builder.commands.verdicts import Told, Verdict, Wish, told
from site_builder.problems import EnvironmentProblem, visible
from site_builder.verify import (
    LARGEST_PICTURE,
    Fetch,
    Forms,
    Memory,
    Report,
    Unreachable,
    verify,
    verify_in_folder,
)

MANY = 500  # files of a folder; with fewer a second process and forms cost more than they bring
_MOST_PROCESSES = 4  # each keeps what hosts said and the forms it learned
_BATCH = 100  # files sent to a process at once
_AHEAD = 4  # batches for each process, so that none waits for work
_SUFFIXES = frozenset({".json", ".png", ".svg", ".jwt"})
_USUAL_SIZE = 1 << 16


@dataclass(frozen=True, slots=True)
class Terms:
    """What every file of a run is judged by; fit to be sent to another process.

    Attributes:
        now: the moment that counts as now, with zone.
        site: the folder that answers in its host's place.
        recipient: name or e-mail address of who should hold the badges.
        is_online: hosts may be asked.
        is_thorough: every signature is checked over the library's own bytes.
        wish: what is to be told.
    """

    now: dt.datetime
    site: Path | None
    recipient: str | None
    is_online: bool
    is_thorough: bool
    wish: Wish


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some files.

    Attributes:
        files: how many there were.
        passed_over: of them no badges.
        by_form: signatures checked by a form learned from the library.
        compared: of known forms, checked by the library as well.
    """

    told: tuple[Told, ...]
    files: int = 1
    passed_over: int = 0
    by_form: int = 0
    compared: int = 0


def nobody(_: str) -> bytes:
    """Asks no host."""
    raise Unreachable("not asked to go online")


@dataclass(slots=True)
class Judge:
    """Judges files; what was learned from hosts and of forms serves all of them."""

    terms: Terms
    site: SiteFolder | None
    memory: Memory = field(default_factory=Memory)
    forms: Forms | None = None

    @classmethod
    def by(cls, terms: Terms) -> Judge:
        return cls(terms, SiteFolder(terms.site) if terms.site else None)

    def knows_forms(self) -> None:
        """From now on badges of one form are checked by it, unless all is to be thorough."""
        if self.forms is None and not self.terms.is_thorough:
            self.forms = Forms(self.terms.now.isoformat().encode())

    def fetch(self) -> Fetch:
        """What one file may ask."""
        if self.site is not None:
            return self.site.fetch
        return Network().fetch if self.terms.is_online else nobody

    def report(self, data: bytes) -> Report:
        """The verdict on one file."""
        terms = self.terms
        return verify(
            data,
            now=terms.now,
            fetch=self.fetch(),
            recipient=terms.recipient,
            memory=self.memory,
        )

    def batch(self, paths: Iterable[str]) -> Batch:
        """The verdicts on some files of a folder."""
        terms, found, files = self.terms, [], 0
        before = (self.forms.filled, self.forms.compared) if self.forms else (0, 0)
        for files, path in enumerate(paths, 1):  # noqa: B007 - the last one counts
            report = verify_in_folder(
                read(path),
                now=terms.now,
                fetch=self.fetch(),
                recipient=terms.recipient,
                memory=self.memory,
                forms=self.forms,
            )
            if report is not None:
                found.append(told(Verdict(path.replace(os.sep, "/"), report), terms.wish))
        after = (self.forms.filled, self.forms.compared) if self.forms else (0, 0)
        return Batch(
            told=tuple(found),
            files=files,
            passed_over=files - len(found),
            by_form=after[0] - before[0],
            compared=after[1] - before[1],
        )


def batches(folder: Path, judge: Judge) -> Iterator[Batch]:
    """The verdicts on the badges in a folder and those below it, in the order of their paths.

    Many files are shared among processes; hosts are always asked by one.

    Raises:
        EnvironmentProblem: something there cannot be read, or a process was ended from outside.
    """
    paths = paths_in(folder)
    first = list(islice(paths, MANY))
    if len(first) < MANY:
        yield from _counted(map(judge.batch, _parts(first, 1)), len(first))
        return
    total = sum(1 for _ in paths_in(folder)) if sys.stderr.isatty() else 0
    every, processes = chain(first, paths), _processes()
    if judge.terms.is_online or processes < 2:
        judge.knows_forms()
        yield from _counted(map(judge.batch, _parts(every, _BATCH)), total)
        return
    yield from _counted(_shared(every, judge.terms, processes), total)


def _processes() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, _MOST_PROCESSES)


_HERE: list[Judge] = []  # of a process of the pool: its own


def _begin(terms: Terms) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who waits for this process ends it
    judge = Judge.by(terms)
    judge.knows_forms()
    _HERE[:] = [judge]


def _batch(paths: tuple[str, ...]) -> Batch:
    return _HERE[0].batch(paths)


def _shared(paths: Iterable[str], terms: Terms, processes: int) -> Iterator[Batch]:
    """The verdicts by several processes, in the order of the paths."""
    waiting: deque[Future[Batch]] = deque()
    pool = ProcessPoolExecutor(processes, initializer=_begin, initargs=(terms,))
    try:
        for part in _parts(paths, _BATCH):
            waiting.append(pool.submit(_batch, part))
            if len(waiting) > processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise EnvironmentProblem(
            "a process that checked badges was ended from outside, so nothing is said about "
            "any of them. Was there too little memory?"
        ) from None
    finally:
        # Waits: one left to end by itself may write to a pipe that is closed (CPython 3.11).
        pool.shutdown(wait=True, cancel_futures=True)


def _parts(paths: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    waiting = iter(paths)
    while part := tuple(islice(waiting, size)):
        yield part


def _counted(made: Iterable[Batch], total: int) -> Iterator[Batch]:
    """Passes them through; on a terminal says how far it is, in a pipe says nothing."""
    if not sys.stderr.isatty():
        yield from made
        return
    with click.progressbar(length=total, label="Checking", file=sys.stderr) as bar:
        for one in made:
            yield one
            bar.update(one.files)


def paths_in(folder: Path) -> Iterator[str]:
    """The files in a folder and below that may be badges, as `sorted` would have their paths.

    Raises:
        EnvironmentProblem: somewhere one may not look.
    """
    place = str(folder)
    yield from _below("" if place == "." else place)


def _below(place: str) -> Iterator[str]:
    try:
        with os.scandir(place or ".") as found:
            entries = sorted(found, key=lambda one: one.name)
        for one in entries:
            path = os.path.join(place, one.name)  # noqa: PTH118 - a Path takes ten times as long
            if one.is_dir(follow_symlinks=False):
                yield from _below(path)
            elif _suffix(one.name) in _SUFFIXES and one.is_file():
                yield path
    except OSError as error:
        raise EnvironmentProblem(
            f"cannot read '{shown(error.filename or place)}': {error.strerror}."
        ) from None


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - as above


def read(path: str | Path) -> bytes:
    """The bytes of a file, at most one more than the largest picture may have.

    Raises:
        EnvironmentProblem: it cannot be read.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            # Room for the largest picture takes longer to get than most badges to read.
            data = file.read(_USUAL_SIZE)
            if len(data) < _USUAL_SIZE:
                return data
            return data + file.read(LARGEST_PICTURE + 1 - _USUAL_SIZE)
    except OSError as error:
        raise EnvironmentProblem(f"cannot read '{shown(path)}': {error.strerror}.") from None


def shown(name: object) -> str:
    """A name of somebody's file: cut, and without what would move the cursor."""
    return visible(str(name)[:200])
