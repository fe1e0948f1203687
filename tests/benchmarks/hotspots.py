# SPDX-License-Identifier: Apache-2.0
"""Where the time of a command goes, by room of the package and by library.

The profiler makes small functions look dearer than they are: read shares, not seconds. It sees one
process, so have the command use one.
"""

from __future__ import annotations

import pstats
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import run

_PROFILED = """
import cProfile, sys
from site_builder.cli import main
profile = cProfile.Profile()
try:
    profile.runcall(main, sys.argv[2:])
finally:
    profile.dump_stats(sys.argv[1])
"""
SHOWN = 16
Function = tuple[str, int, str]


def shares(words: list[str], folder: Path) -> list[tuple[str, float]]:
    """Shares of the time of one `badges` command, largest first, small ones summed up.

    Args:
        words: the command's words.
        folder: for the profile.
    """
    file = folder / "build.profile"
    run([sys.executable, "-c", _PROFILED, file, *words])
    found: Any = pstats.Stats(str(file))
    spent: dict[str, float] = defaultdict(float)
    for function, (_, _, own, _, callers) in found.stats.items():
        if function[0] != "~":
            spent[_room(function)] += own
            continue
        # What is built in counts for who called it.
        for caller, (_, _, part, _) in callers.items():
            spent[_room(caller)] += part
    total = sum(spent.values())
    ranked = sorted(((name, one / total) for name, one in spent.items()), key=lambda one: -one[1])
    rest = sum(share for _, share in ranked[SHOWN:])
    return [*ranked[:SHOWN], ("everything else", rest)]


def _room(function: Function) -> str:
    parts = Path(function[0]).parts
    if "site_builder" in parts:
        inside = parts[parts.index("site_builder") :][:3]
        return ".".join(inside).removesuffix(".py")
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1].removesuffix(".py")
    if function[0] == "~" or function[0].startswith("<"):
        return "Python itself"
    return f"Python's {Path(function[0]).stem}"
