# SPDX-License-Identifier: Apache-2.0
"""How the commands fare with many awards: `python -m tests.benchmarks.scale` prints tables.

Whole processes on repositories made by `tests.benchmarks.data`, against plain library calls
(`stock`) and other generators (`rivals`). In each round everything runs once, so that what else
the machine does hits all alike; the tables hold medians. Figures, never gates.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import hotspots, scale_tables
from tests.benchmarks.measuring import BADGES, Run, machine, put, run
from tests.benchmarks.scale_tables import Figures
from tests.benchmarks.weighing import Weight

STOCK_SAMPLE = 200
SLOW_RIVALS_UP_TO = 10_000


@dataclass(frozen=True)
class Tools:
    """Programs of the rivals; None or "" where one is not there."""

    hugo: str | None
    eleventy: str | None
    mkdocs: str | None

    def missing(self) -> Iterator[str]:
        """One line for each that is not there."""
        for name, program in vars(self).items():
            if not program:
                yield f"{name} is left out: no such program here; name one with --{name}."


class Ground:
    """A generated repository, and what has been built from it.

    Args:
        folder: where it is made.
        awards: how many.
        build_words: further words for `badges build`.
    """

    def __init__(self, folder: Path, awards: int, build_words: Sequence[str] = ()) -> None:
        self.root = folder / f"of-{awards}"
        self.key = folder / f"key-{awards}"
        self.awards = awards
        self.build_words = [*build_words, "--key", f"file:{self.key}"]
        self._aside = 0
        made: list[str | Path] = [str(awards), self.root, "--key", self.key]
        run([sys.executable, "-m", "tests.benchmarks.data", *made])

    @property
    def site(self) -> Path:
        return self.root / "site"

    def work(self) -> Iterator[tuple[str, Run]]:
        """Every command once, each with its name, on caches it would find."""
        self._set_aside(".badges")
        yield "check, no cache", self._badges("check")
        yield "check again", self._badges("check")
        self._set_aside("site", ".badges")
        yield "build, no cache", self._build()
        words: list[str | Path] = ["verify", self.site / "awards", "--offline", self.site]
        yield "verify", run([*BADGES, *words], fine=(0, 1, 6))  # some are revoked
        yield "build, nothing changed", self._build()
        yield "build, one award suspended", self._after_a_change()

    def _badges(self, *words: str | Path) -> Run:
        return run([*BADGES, *words, "--root", self.root])

    def _build(self) -> Run:
        return self._badges("build", *self.build_words)

    def _set_aside(self, *names: str) -> None:
        # Renamed and deleted at the end: ext4 is many times slower just after a large delete.
        for name in names:
            if (self.root / name).exists():
                self._aside += 1
                (self.root / name).rename(self.root.parent / f"{self.root.name}-old-{self._aside}")

    def _after_a_change(self) -> Run:
        award, text = self._published()
        suspended = "status: {state: suspended, on: 2026-06-20, reason: Looked at again}"
        award.write_text(text.replace("status: {state: active}", suspended), "utf-8")
        try:
            return self._build()
        finally:
            award.write_text(text, "utf-8")

    def _published(self) -> tuple[Path, str]:
        """An active award that has a page, with its text."""
        program = min((self.root / "awards").glob("*/leaders-0001"))
        for award in sorted(program.iterdir()):
            text = award.read_text("utf-8")
            page = self.site / "awards" / f"{award.stem}.html"
            if "\nstatus: {state: active}" in text and page.exists():
                return award, text
        raise LookupError("no award is both active and published")

    def weight(self) -> Weight:
        """What the site weighs."""
        said = self.root.parent / "weight.json"
        run([sys.executable, "-m", "tests.benchmarks.weighing", self.site], output=said)
        return Weight(**json.loads(said.read_text("utf-8")))


def stock_steps(ground: Ground, folder: Path) -> dict[str, float]:
    """Microseconds of plain library calls for one award, by step."""
    said = folder / "stock.json"
    chain = [sys.executable, "-m", "tests.benchmarks.stock"]
    run([*chain, ground.root, ground.site, ground.key, str(STOCK_SAMPLE)], output=said)
    found: dict[str, float] = json.loads(said.read_text("utf-8"))
    return found


def rival_runs(inputs: Path, awards: int, tools: Tools, nth: int) -> Iterator[tuple[str, Run]]:
    """Each generator once on the same pages, into folders that were not there."""
    out = inputs / f"out-{nth}"
    loop = [sys.executable, "-m", "tests.benchmarks.rivals", "loop"]
    yield "Jinja2", run([*loop, inputs / "pages.jsonl", out / "jinja2"])
    if tools.hugo:
        hugo = [tools.hugo, "--quiet", f"--destination={out / 'hugo'}"]
        yield "Hugo", run(hugo, cwd=inputs / "hugo")
    if awards > SLOW_RIVALS_UP_TO:
        return
    if tools.eleventy:
        eleventy = [tools.eleventy, "--quiet", f"--output={out / 'eleventy'}"]
        yield "Eleventy", run(eleventy, cwd=inputs / "eleventy")
    if tools.mkdocs:
        mkdocs = [*shlex.split(tools.mkdocs), "build", "--quiet", f"--site-dir={out / 'mkdocs'}"]
        yield "MkDocs, HTML only", run(mkdocs, cwd=inputs / "mkdocs")


def measure(wants: argparse.Namespace, tools: Tools, folder: Path) -> Figures:
    """Everything, interleaved, as often as wanted."""
    sizes = sorted(wants.awards)
    grounds = [Ground(folder, awards, shlex.split(wants.build_words)) for awards in sizes]
    compared = sorted(wants.rival_awards or sizes) if wants.rivals else []
    inputs = {awards: folder / f"rivals-{awards}" for awards in compared}
    for awards, place in inputs.items():
        run([sys.executable, "-m", "tests.benchmarks.rivals", "inputs", place, str(awards)])
    figures = Figures(work=defaultdict(list), rivals=defaultdict(list))
    for nth in range(wants.runs):
        for ground in grounds:
            for name, one in ground.work():
                figures.work[ground.awards, name].append(one)
                _tell(ground.awards, name, one)
            if not nth:
                figures.weights[ground.awards] = ground.weight()
        figures.stock.append(stock_steps(grounds[0], folder))
        for awards, place in inputs.items():
            for name, one in rival_runs(place, awards, tools, nth):
                figures.rivals[awards, name].append(one)
                _tell(awards, name, one)
    if wants.profile:
        words = [str(one) for one in ("--root", grounds[0].root, *grounds[0].build_words)]
        figures.hotspots = hotspots.shares(["build", "--no-cache", *words], folder)
    return figures


def _tell(awards: int, name: str, one: Run) -> None:
    """Progress, for a run of many minutes."""
    said = f"{one.seconds:8.2f} s {one.processor_seconds:8.2f} s {one.megabytes:6.0f} MB"
    print(f"{said}  {awards:,} {name}", file=sys.stderr, flush=True)


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


def wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.scale", description="Measures the commands on many awards."
    )
    parser.add_argument(
        "--awards",
        default=[1000, 10_000],
        metavar="N,M",
        type=_numbers,
        help="how many; 1000,10000 unless given",
    )
    parser.add_argument("--runs", type=int, default=3, help="rounds; 3 unless given")
    parser.add_argument("--rivals", action="store_true", help="other generators too")
    parser.add_argument(
        "--rival-awards", type=_numbers, metavar="N,M", help="for them; as --awards unless given"
    )
    parser.add_argument("--profile", action="store_true", help="where the time of a build goes")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md too")
    parser.add_argument("--build-words", default="", help="further words for `badges build`")
    parser.add_argument("--hugo", default=shutil.which("hugo"), help="the program Hugo")
    parser.add_argument("--eleventy", default=shutil.which("eleventy"), help="the program Eleventy")
    parser.add_argument("--mkdocs", default=f"{sys.executable} -m mkdocs", help="how to run MkDocs")
    parser.add_argument(
        "--folder", type=Path, help="where to work; the system's for temporary files"
    )
    return parser.parse_args()


def main() -> None:
    wants = wanted()
    tools = Tools(wants.hugo, wants.eleventy, wants.mkdocs)
    if wants.rivals:
        print("".join(f"{one}\n" for one in tools.missing()), end="", file=sys.stderr)
    folder = Path(tempfile.mkdtemp(prefix="badges-scale-", dir=wants.folder))
    try:
        found = scale_tables.text(measure(wants, tools, folder), wants.runs, machine())
        print(found, end="", flush=True)
        if wants.write:
            put("scale", found)
    finally:
        shutil.rmtree(folder)  # takes a minute where there are a million files


if __name__ == "__main__":
    main()
