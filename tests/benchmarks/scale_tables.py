# SPDX-License-Identifier: Apache-2.0
"""Figures of `tests.benchmarks.scale` as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.measuring import Run, middle, table
from tests.benchmarks.weighing import Weight


@dataclass
class Figures:
    """Everything measured: runs by number of awards and name, and the stock chain by step."""

    work: dict[tuple[int, str], list[Run]]
    rivals: dict[tuple[int, str], list[Run]]
    weights: dict[int, Weight] = field(default_factory=dict)
    stock: list[dict[str, float]] = field(default_factory=list)
    hotspots: list[tuple[str, float]] = field(default_factory=list)


def text(figures: Figures, runs: int, on: str) -> str:
    """The tables, with the machine they were measured on."""
    parts = [_work(figures), _sites(figures), _stock(figures)]
    if figures.rivals:
        parts.append(_rivals(figures))
    if figures.hotspots:
        rows = [(name, f"{share:.1%}") for name, share in figures.hotspots]
        parts.append(table(("a build of the smallest, by the profiler", "of the time"), rows))
    many = "one run" if runs == 1 else f"medians of {runs} interleaved runs"
    return "\n".join([*parts, f"{many[0].upper()}{many[1:]}. {on}.\n"])


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 100 else f"{value:,.0f} s"


def _smaller(size: int, sizes: list[int]) -> int | None:
    """The size before this one."""
    return max((one for one in sizes if one < size), default=None)


def _work(figures: Figures) -> str:
    sizes = sorted({awards for awards, _ in figures.work})
    names = dict.fromkeys(name for _, name in figures.work)
    rows = []
    for name in names:
        for awards in sizes:
            runs = figures.work[awards, name]
            one, before = middle(runs), _smaller(awards, sizes)
            further = growth = share = ""
            if before:
                than = figures.work[before, name]
                spent = one.processor_seconds - middle(than).processor_seconds
                further = f"{spent / (awards - before) * 1e6:,.0f} us"
                growth = _ratio(runs, than)
            if name == "build, no cache":
                share = f"{_to_libraries(figures, awards, runs):.3f}"
            times = _seconds(one.seconds), _seconds(one.processor_seconds)
            rest = f"{one.megabytes:,.0f} MB", further, growth, share
            rows.append((f"{awards:,}", name, *times, *rest))
    head = (
        "awards", "`badges`", "clock", "processor", "largest process",
        "each award more than above", "growth: clock, processor", "of the stock chain",
    )  # fmt: skip
    return table(head, rows)


def _to_libraries(figures: Figures, awards: int, runs: list[Run]) -> float:
    """Processor time against what the stock chain would take for the published ones."""
    published = figures.weights[awards].published
    return median(
        one.processor_seconds / (published * _sum(steps) / 1e6)
        for one, steps in zip(runs, figures.stock, strict=True)
    )


def _sites(figures: Figures) -> str:
    rows = [
        (
            f"{awards:,}", f"{one.published:,}", f"{one.files:,}", f"{one.bytes / 1e6:,.0f} MB",
            f"{one.blocks / 1e6:,.0f} MB", f"{one.files / one.published:.1f}",
            f"{one.bytes / one.published / 1e3:.1f} KB",
            f"{one.search_files:,}, {one.search_bytes / 1e6:.1f} MB",
            f"{one.search_query / 1e3:.1f} KB",
        )
        for awards, one in figures.weights.items()
    ]  # fmt: skip
    head = (
        "awards", "published", "files", "bytes", "on the disk", "files for each published", "bytes",
        "search by name", "its first query, gzip, at most",
    )  # fmt: skip
    return table(head, rows)


def _sum(steps: dict[str, float]) -> float:
    return sum(one for step, one in steps.items() if step != "set-up")


def _stock(figures: Figures) -> str:
    steps = figures.stock[0]
    each = {step: median(one[step] for one in figures.stock) for step in steps}
    rows = [(step, f"{one:,.0f} us") for step, one in each.items() if step != "set-up"]
    rows.append(("all", f"{_sum(each):,.0f} us"))
    head = ("one published award by plain library calls", "processor")
    return table(head, rows)


def _rivals(figures: Figures) -> str:
    return table(
        (
            "awards", "the same plain pages by", "clock", "processor", "largest process",
            "to Jinja2: clock, processor", "`badges build` to it: clock, processor",
        ),
        list(_rival_rows(figures)),
    )  # fmt: skip


def _rival_rows(figures: Figures) -> Iterator[tuple[str, ...]]:
    for (awards, name), runs in sorted(figures.rivals.items(), key=lambda one: one[0][0]):
        one, plain = middle(runs), figures.rivals[awards, "Jinja2"]
        ours = figures.work.get((awards, "build, no cache"))
        yield (
            f"{awards:,}", name, _seconds(one.seconds), _seconds(one.processor_seconds),
            f"{one.megabytes:,.0f} MB", _ratio(runs, plain), _ratio(ours, runs) if ours else "",
        )  # fmt: skip


def _ratio(runs: list[Run], than: list[Run]) -> str:
    """Clock and processor of one against the other's, round by round; the medians of that."""
    pairs = list(zip(runs, than, strict=True))
    clock = median(one.seconds / other.seconds for one, other in pairs)
    processor = median(one.processor_seconds / other.processor_seconds for one, other in pairs)
    return f"{clock:.2f} x, {processor:.2f} x"
