# SPDX-License-Identifier: Apache-2.0
"""How long the demo takes, and how much memory: `python -m tests.benchmarks` prints a table.

Figures, never gates: no test runs this. `--write` puts the table into README.md beside this file.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measuring import BADGES, Run, machine, middle, put, run, table
from tests.support import copy_demo

RUNS = 3


@dataclass(frozen=True)
class Row:
    """One line of the table: median time, largest memory, and the goals."""

    what: str
    goal_seconds: float
    runs: tuple[Run, ...]

    def cells(self) -> list[str]:
        found = middle(self.runs)
        times = f"{found.seconds:.2f} s", f"{found.processor_seconds:.2f} s"
        return [
            self.what,
            *times,
            f"{self.goal_seconds:g} s",
            f"{found.megabytes:.0f} MB",
            "300 MB",
        ]


def badges(root: Path, word: str) -> Run:
    return run([*BADGES, word, "--root", root])


def cold(root: Path) -> Run:
    for left in ("site", ".badges"):
        shutil.rmtree(root / left, ignore_errors=True)
    return badges(root, "build")


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
        return badges(root, "build")
    finally:
        award.write_text(text, "utf-8")


def figures() -> str:
    """The figures as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        root = copy_demo(Path(folder) / "demo")
        badges(root, "check")  # modules compiled, files in memory
        rows = (
            Row("`badges check`", 1, tuple(badges(root, "check") for _ in range(RUNS))),
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
    head = ("on the demo", "median of 3", "processor", "goal", "peak memory", "goal")
    rows_text = table(head, [row.cells() for row in rows])
    return f"{rows_text}\n{awards} awards and pieces of work under review. {machine()}.\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Measures the demo."
    )
    parser.add_argument("--write", action="store_true", help="put the table into README.md too")
    wants = parser.parse_args()
    found = figures()
    print(found, end="")
    if wants.write:
        put("table", found)


main()
