# SPDX-License-Identifier: Apache-2.0
"""Whole processes measured, and tables for README.md.

Imports nothing of ours: the kernel counts a parent's memory at the start into the child's peak.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
BADGES = (sys.executable, "-c", "from site_builder.cli import main; main()")
README = Path(__file__).with_name("README.md")


@dataclass(frozen=True)
class Run:
    """One command: the clock, the processor (children included), the largest process's memory."""

    seconds: float
    processor_seconds: float  # tells on a busy machine what an idle one would take
    megabytes: float


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    output: Path | None = None,
    fine: Collection[int] = (0,),
) -> Run:
    """Runs a command as a process of its own; ends this one when that one fails.

    Args:
        command: program and words.
        cwd: where it runs.
        output: file for what it prints; nowhere unless given.
        fine: exit codes that are no failure.
    """
    words = [str(one) for one in command]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    with Path(output or os.devnull).open("wb") as said:
        started = time.perf_counter()
        process = subprocess.Popen(words, cwd=cwd, env=variables, stdout=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in fine:
        sys.exit(f"`{' '.join(words)}` ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is bytes there and KiB elsewhere
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def middle(runs: Sequence[Run]) -> Run:
    """Median times and the largest memory."""
    return Run(
        median(one.seconds for one in runs),
        median(one.processor_seconds for one in runs),
        max(one.megabytes for one in runs),
    )


def machine() -> str:
    """Processor, cores, system and Python, for under a table."""
    cpu = platform.processor() or platform.machine()
    with_name = Path("/proc/cpuinfo")
    if with_name.exists() and (
        found := re.search(r"model name\s*: (.*)", with_name.read_text("utf-8"))
    ):
        cpu = found[1]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cpu}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    first, *others = (f"| {' | '.join(cells)} |\n" for cells in (head, *rows))
    return f"{first}|{'---|' * len(head)}\n{''.join(others)}"


def put(mark: str, text: str, readme: Path = README) -> None:
    """Puts a text between the two marks of that name in a file, README.md unless given."""
    line = f"<!-- {mark} -->\n"
    before, after = readme.read_text("utf-8").split(line)[::2]
    readme.write_text(f"{before}{line}{text}{line}{after}", "utf-8")
