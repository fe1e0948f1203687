# SPDX-License-Identifier: Apache-2.0
"""Builds killed at any moment. `BADGES_KILLS=200` asks for 200 kills of each kind, 10 unless told."""

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

from site_builder.publish import check_writable, manifest_of, staging

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("BADGES_KILLS", "10"))
NAMES = ["index.html", *(f"awards/{n}.html" for n in range(40))]

# Publishes A, B, A, B ... for ever; each generation also has a file of its own.
PUBLISHER = """
import itertools, sys, time
from pathlib import Path
from site_builder import publish
site, names = Path(sys.argv[1]), sys.argv[3].split()
for letter in itertools.cycle("AB"):
    with publish.staging(site, state=site.parent / ".badges", swap=getattr(publish, sys.argv[2])) as new:
        for name in [*names, f"only-{letter}/x.json"]:
            new.write(name, letter.encode() * 2000)
        new.publish()
    print(letter, flush=True)
    time.sleep(float(sys.argv[4]))
"""


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def publisher(
    site: Path, swap: str = "exchange", pause: float = 0
) -> Iterator[subprocess.Popen[str]]:
    """A process that publishes for ever, past its first publication; killed at the end."""
    process = run(PUBLISHER, str(site), swap, " ".join(NAMES), str(pause))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "A\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def write(site: Path, letter: str) -> bytes:
    with staging(site, state=site.parent / ".badges") as new:
        for name in [*NAMES, f"only-{letter}/x.json"]:
            new.write(name, letter.encode() * 2000)
        return new.publish()


@pytest.mark.parametrize("swap", ["exchange", "two_renames"])
def test_site_is_wholly_one_generation_after_a_kill_at_any_moment(tmp_path: Path, swap: str):
    site, state = tmp_path / "out/site", tmp_path / "out/.badges"
    whole = {letter: write(tmp_path / letter / "site", letter) for letter in "AB"}
    moments = random.Random(2026)  # noqa: S311 - moments to kill at
    seen = []
    for _ in range(KILLS):
        with publisher(site, swap):
            time.sleep(moments.uniform(0, 0.12))
        if swap == "two_renames":
            check_writable(site, state=state)  # the documented repair by the next run
        found = manifest_of(site)
        assert found in whole.values()
        seen.append(found)
        with staging(site, state=state):
            assert sum(p.is_dir() for p in site.parent.glob("site.badges-*")) == 1
        assert (state / "manifest.json").read_bytes() == found
        assert {p.name for p in site.parent.iterdir()} == {"site", ".badges"}
    if len(seen) >= 10:
        assert set(seen) == set(whole.values())  # the kills did fall into both


def test_reader_finds_every_file_whole_while_generations_are_exchanged(tmp_path: Path):
    site = tmp_path / "site"
    reads = 0
    letters = set()
    with publisher(site):
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
    whole = {write(tmp_path / letter / "site", letter) for letter in "AB"}
    with publisher(site, pause=0.1), publisher(site, pause=0.1):
        for _ in range(50):
            time.sleep(0.01)
            assert (site / "index.html").stat().st_size == 2000
    assert manifest_of(site) in whole


ORPHAN_MAKER = """
import os, sys, time
from pathlib import Path
from site_builder.publish import staging
site = Path(sys.argv[1])
with staging(site, state=site.parent / ".badges") as new:
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
