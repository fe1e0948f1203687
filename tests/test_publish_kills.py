# SPDX-License-Identifier: Apache-2.0
"""Builds killed at any moment, in both ways of publishing.

`BADGES_KILLS=200` asks for 200 kills of each kind, 10 unless told: at random moments, and before
calls of the operating system (every one of them, when there are fewer).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from site_builder.problems import EnvironmentProblem
from site_builder.publish import MARKER, check_writable, exchange, staging, two_renames
from site_builder.publish.journal import journal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from site_builder.publish.generation import Swap

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("BADGES_KILLS", "10"))
FEW, MANY = 0, 300  # files that stay; beside many, those that change go into the site in place
NAMES = ("index.html", "ledger.json", *(f"awards/{n}.html" for n in range(20)))

# Publishes A, B, A, B ... for ever.
PUBLISHER = """
import itertools, sys, time
from pathlib import Path
from site_builder import publish
from tests.test_publish_kills import build
for letter in itertools.cycle("AB"):
    build(Path(sys.argv[1]), letter, int(sys.argv[2]), getattr(publish, sys.argv[3]))
    print(letter, flush=True)
    time.sleep(float(sys.argv[4]))
"""


def site_of(letter: str, rest: int) -> dict[str, dict[str, bytes]]:
    """The parts of a site: one that stays, and one in which every file says A or B."""
    names = (*NAMES, f"only-{letter}/x.json")
    return {
        "rest": {f"rest/{number}.html": b"rest" for number in range(rest)},
        "changing": dict.fromkeys(names, letter.encode() * 2000),
    }


def wanted(letter: str, rest: int) -> dict[str, bytes]:
    parts = site_of(letter, rest)
    return {".nojekyll": MARKER, **parts["rest"], **parts["changing"]}


def build(site: Path, letter: str, rest: int, swap: Swap = exchange) -> None:
    """Publishes the site of that letter, and of it only what is not current."""
    with staging(site, state=site.parent / ".badges", swap=swap) as stage:
        for part, files in site_of(letter, rest).items():
            key = letter if part == "changing" else "key"
            if stage.is_current(part, key):
                stage.keep(part)
                continue
            writer = stage.part(part, key)
            for path, data in files.items():
                writer.write(path, data)
            writer.finish()
        stage.publish()


def files_of(site: Path) -> dict[str, bytes]:
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def publisher(
    site: Path, rest: int, swap: str = "exchange", pause: float = 0
) -> Iterator[subprocess.Popen[str]]:
    """A process that publishes for ever, past its first publication; killed at the end."""
    process = run(PUBLISHER, str(site), str(rest), swap, str(pause))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "A\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def whole_again(site: Path, rest: int) -> str:
    """The letter of the site that the next command finds or makes; it is what is known, too."""
    was_journalled = journal_of(site).exists()
    if not was_journalled and site.exists():
        assert files_of(site) in (wanted("A", rest), wanted("B", rest))
    check_writable(site, state=site.parent / ".badges")
    found = files_of(site)
    assert found in (wanted("A", rest), wanted("B", rest))
    letter = found["index.html"][:1].decode()
    with staging(site, state=site.parent / ".badges") as stage:
        if stage.known is not None:
            assert stage.is_current("changing", letter)
            assert stage.is_current("rest", "key")
        else:
            assert not was_journalled
    assert {p.name for p in site.parent.iterdir()} == {"site", ".badges"}
    return letter


@pytest.mark.parametrize(
    ("rest", "swap"), [(FEW, "exchange"), (FEW, "two_renames"), (MANY, "exchange")]
)
def test_site_is_wholly_one_generation_after_a_kill_at_any_moment(
    tmp_path: Path, rest: int, swap: str
):
    site = tmp_path / "site"
    moments = random.Random(2026)  # noqa: S311 - moments to kill at
    seen = set()
    for _ in range(KILLS):
        with publisher(site, rest, swap):
            time.sleep(moments.uniform(0, 0.2))
        seen.add(whole_again(site, rest))
    if KILLS >= 10:
        assert seen == {"A", "B"}  # the kills did fall into both


_CALLS = {"open", "os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.chmod"}


def calls_until_killed(work: Callable[[], None], last: int | None = None) -> int | None:
    """How many calls a child makes that change files; None when it was killed before the last."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        made = 0

        def count(event: str, _: object) -> None:
            nonlocal made
            if event in _CALLS:
                made += 1
                if made == last:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        work()
        os.write(writer, str(made).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return int(answer) if answer else None


@pytest.mark.parametrize(("rest", "swap"), [(FEW, exchange), (FEW, two_renames), (MANY, exchange)])
def test_site_is_whole_again_after_a_kill_before_any_call(tmp_path: Path, rest: int, swap: Swap):
    site = tmp_path / "site"
    build(site, "A", rest, swap)
    total = calls_until_killed(lambda: build(site, "B", rest, swap))
    assert total is not None
    letters = []
    chosen = random.Random(total).sample(range(1, total), min(total - 1, KILLS))  # noqa: S311
    for number in sorted(chosen):
        build(site, "A", rest, swap)
        assert calls_until_killed(lambda: build(site, "B", rest, swap), number) is None
        letters.append(whole_again(site, rest))
        build(site, "B", rest, swap)
        assert files_of(site) == wanted("B", rest)
    # One moment decides: before it the site is the old one, after it the new one.
    assert letters == sorted(letters)


def test_journal_that_is_interrupted_again_and_again_is_carried_out(tmp_path: Path):
    site = tmp_path / "site"
    state = tmp_path / ".badges"
    build(site, "A", MANY)
    number = 1
    while not journal_of(site).exists():
        number += 10
        calls_until_killed(lambda: build(site, "B", MANY), number)
    step = 5
    while calls_until_killed(lambda: check_writable(site, state=state), step) is None:
        step += 3
    assert whole_again(site, MANY) == "B"


@pytest.mark.parametrize("rest", [FEW, MANY])
def test_reader_finds_every_file_whole_while_generations_change(tmp_path: Path, rest: int):
    site = tmp_path / "site"
    reads = 0
    letters = set()
    with publisher(site, rest):
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            for name in NAMES:
                data = (site / name).read_bytes()
                assert data in {b"A" * 2000, b"B" * 2000}
                letters.add(data[:1])
                reads += 1
    assert letters == {b"A", b"B"}
    assert reads > 1000


def test_two_publishers_at_once_leave_one_whole_generation(tmp_path: Path):
    site = tmp_path / "site"
    with publisher(site, FEW, pause=0.1), publisher(site, FEW, pause=0.1):
        for _ in range(50):
            time.sleep(0.01)
            assert (site / "index.html").stat().st_size == 2000
    assert whole_again(site, FEW) in "AB"


ORPHAN_MAKER = """
import os, sys, time
from pathlib import Path
from site_builder.publish import staging
site = Path(sys.argv[1])
with staging(site, state=site.parent / ".badges") as new:
    writer = new.part("one", "key")
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        time.sleep(60)
    os.wait()
"""


def test_worker_that_outlives_its_killed_build_does_not_hold_up_the_next(tmp_path: Path):
    site = tmp_path / "site"
    process = run(ORPHAN_MAKER, str(site))
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    process.kill()
    process.wait()
    try:
        with staging(site, state=tmp_path / ".badges", wait_seconds=0.5) as new:
            new.publish()
    finally:
        os.kill(worker, signal.SIGKILL)
        process.stdout.close()
    assert {p.name for p in tmp_path.iterdir()} == {"site", ".badges"}


def test_worker_that_outlives_its_killed_build_writes_nowhere(tmp_path: Path):
    site = tmp_path / "site"
    with staging(site, state=tmp_path / ".badges") as stage:
        orphan = stage.part("one", "key")
        orphan.write("a.html", b"early")
        late = stage.part("two", "key")
    for writer in (orphan, late):  # what they write into is gone
        with pytest.raises(
            EnvironmentProblem, match="cannot be written: No such file or directory"
        ):
            writer.write("b.html", b"late")
    build(site, "A", FEW)
    assert files_of(site) == wanted("A", FEW)
