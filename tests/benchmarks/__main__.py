# SPDX-License-Identifier: Apache-2.0
"""How long the demo takes, and how much memory: `python -m tests.benchmarks` prints a table.

Figures, never gates: no test runs this. `--write` puts the table into README.md beside this file.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.support import BADGES, copy_demo, environment

RUNS = 3
README = Path(__file__).with_name("README.md")


@dataclass(frozen=True)
class Run:
    seconds: float
    processor_seconds: float  # tells on a busy machine what an idle one would take
    megabytes: float


@dataclass(frozen=True)
class Row:
    """One line of the table: median time, largest memory, and the goals."""

    what: str
    goal_seconds: float
    runs: tuple[Run, ...]

    def line(self) -> str:
        seconds = median(one.seconds for one in self.runs)
        processor = median(one.processor_seconds for one in self.runs)
        memory = max(one.megabytes for one in self.runs)
        return f"| {self.what} | {seconds:.2f} s | {processor:.2f} s | {self.goal_seconds:g} s | {memory:.0f} MB | 300 MB |"


def run(root: Path, *words: str) -> Run:
    """One command as a process of its own: time by the clock, memory as the kernel saw it."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [*BADGES, *words, "--root", str(root)], env=environment(), stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        sys.exit(f"`badges {' '.join(words)}` ended with {os.waitstatus_to_exitcode(status)}")
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is bytes there and KiB elsewhere
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def cold(root: Path) -> Run:
    for left in ("site", ".badges"):
        shutil.rmtree(root / left, ignore_errors=True)
    return run(root, "build")


def after_a_change(root: Path, nth: int, pause: float) -> Run:
    """A build after one award was suspended, the caches of the build before still there.

    Args:
        root: the repository.
        nth: which award.
        pause: seconds since the build before; ext4 takes a second to delete files it wrote
            some seconds ago, and next to nothing later.
    """
    time.sleep(pause)
    award = sorted((root / "awards").glob("*/emerging-teacher-leaders/*.yml"))[nth]
    text = award.read_text("utf-8")
    changed = "status: {state: suspended, on: 2016-06-20, reason: Looked at again}"
    award.write_text(text.replace("status: {state: active}", changed), "utf-8")
    try:
        return run(root, "build")
    finally:
        award.write_text(text, "utf-8")


def machine() -> str:
    cpu = platform.processor() or platform.machine()
    with_name = Path("/proc/cpuinfo")
    if with_name.exists() and (
        found := re.search(r"model name\s*: (.*)", with_name.read_text("utf-8"))
    ):
        cpu = found[1]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cpu}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def table() -> str:
    """The figures as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        root = copy_demo(Path(folder) / "demo")
        run(root, "check")  # modules compiled, files in memory
        rows = (
            Row("`badges check`", 1, tuple(run(root, "check") for _ in range(RUNS))),
            Row("`badges build`, no cache", 8, tuple(cold(root) for _ in range(RUNS))),
            Row(
                "`badges build`, one award changed, 20 s after the last build",
                3,
                tuple(after_a_change(root, nth, 20) for nth in range(RUNS)),
            ),
            Row(
                "the same at once after another build",
                3,
                tuple(after_a_change(root, nth, 0) for nth in range(RUNS)),
            ),
        )
        awards = len(list((root / "awards").glob("*/*/*.yml")))
    head = (
        "| on the demo | median of 3 | processor | goal | peak memory | goal |",
        "|---|---|---|---|---|---|",
    )
    lines = [*head, *(row.line() for row in rows)]
    return "\n".join(
        [*lines, "", f"{awards} awards and pieces of work under review. {machine()}.", ""]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Measures the demo."
    )
    parser.add_argument("--write", action="store_true", help="put the table into README.md too")
    wants = parser.parse_args()
    found = table()
    print(found, end="")
    if wants.write:
        before, after = README.read_text("utf-8").split("<!-- table -->\n")[::2]
        README.write_text(f"{before}<!-- table -->\n{found}<!-- table -->\n{after}", "utf-8")


main()
