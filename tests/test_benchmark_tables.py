# SPDX-License-Identifier: Apache-2.0
"""The tables of the benchmarks say what was measured; and rivals are asked for the same pages."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks import hotspots, measuring, rivals, scale_tables
from tests.benchmarks.measuring import Run
from tests.benchmarks.scale_tables import Figures
from tests.benchmarks.weighing import Weight, weight
from tests.support import write

if TYPE_CHECKING:
    from pathlib import Path

BUILD = "build, no cache"

TABLES = """\
| awards | `badges` | clock | processor | largest process | each award more than above | growth: clock, processor | of the stock chain |
|---|---|---|---|---|---|---|---|
| 1,000 | build, no cache | 2.00 s | 3.00 s | 90 MB |  |  | 0.188 |
| 10,000 | build, no cache | 18.00 s | 30.00 s | 95 MB | 3,000 us | 9.00 x, 10.00 x | 0.188 |

| awards | published | files | bytes | on the disk | files for each published | bytes | search by name | its first query, gzip, at most |
|---|---|---|---|---|---|---|---|---|
| 1,000 | 800 | 4,000 | 40 MB | 44 MB | 5.0 | 50.0 KB | 30, 0.5 MB | 9.0 KB |
| 10,000 | 8,000 | 40,000 | 400 MB | 440 MB | 5.0 | 50.0 KB | 300, 5.0 MB | 12.0 KB |

| one published award by plain library calls | processor |
|---|---|
| yaml | 2,000 us |
| qr | 18,000 us |
| all | 20,000 us |

| awards | the same plain pages by | clock | processor | largest process | to Jinja2: clock, processor | `badges build` to it: clock, processor |
|---|---|---|---|---|---|---|
| 10,000 | Jinja2 | 1.00 s | 1.00 s | 21 MB | 1.00 x, 1.00 x | 18.00 x, 30.00 x |
| 10,000 | Hugo | 2.00 s | 4.00 s | 300 MB | 2.00 x, 4.00 x | 9.00 x, 7.50 x |
| 100,000 | Jinja2 | 9.00 s | 9.00 s | 21 MB | 1.00 x, 1.00 x |  |

Medians of 3 interleaved runs. a machine.
"""


def test_tables_hold_medians_growth_and_ratios():
    figures = Figures(
        work={
            (1_000, BUILD): [Run(1, 2, 80), Run(2, 3, 90), Run(9, 9, 70)],
            (10_000, BUILD): [Run(9, 20, 95), Run(18, 30, 60), Run(27, 99, 60)],
        },
        rivals={
            (100_000, "Jinja2"): [Run(9, 9, 21)] * 3,
            (10_000, "Jinja2"): [Run(1, 1, 21)] * 3,
            (10_000, "Hugo"): [Run(2, 4, 300)] * 3,
        },
        weights={
            1_000: Weight(800, 4_000, 40_000_000, 44_000_000, 30, 500_000, 9_000),
            10_000: Weight(8_000, 40_000, 400_000_000, 440_000_000, 300, 5_000_000, 12_000),
        },
        stock=[{"yaml": 2_000.0, "qr": 18_000.0, "set-up": 9e9}] * 3,
    )
    assert scale_tables.text(figures, 3, "a machine") == TABLES


def test_a_table_replaces_the_one_between_its_marks(tmp_path: Path):
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- scale -->\nold\n<!-- scale -->\nafter\n", "utf-8")
    measuring.put("scale", "| new |\n", readme)
    assert readme.read_text("utf-8") == ("before\n<!-- scale -->\n| new |\n<!-- scale -->\nafter\n")


def test_the_command_that_fails_ends_the_measuring():
    with pytest.raises(SystemExit, match=r"^`false x` ended with 1$"):
        measuring.run(["false", "x"])


def test_a_command_that_may_fail_is_measured():
    assert measuring.run(["false"], fine=(1,)).seconds > 0


@pytest.mark.parametrize(
    ("file", "room"),
    [
        ("/w/site_builder/pages/stamped.py", "site_builder.pages.stamped"),
        ("/w/site_builder/claims.py", "site_builder.claims"),
        ("/v/site-packages/jinja2/runtime.py", "jinja2"),
        ("/usr/lib/python3.11/shutil.py", "Python's shutil"),
        ("<string>", "Python itself"),
    ],
)
def test_time_is_told_by_room_and_by_library(file: str, room: str):
    assert hotspots._room((file, 1, "work")) == room


def test_every_rival_gets_the_pages_that_plain_jinja_makes(tmp_path: Path):
    rivals.write_inputs(tmp_path, 12)
    rivals.loop(tmp_path / "pages.jsonl", tmp_path / "out")
    pages = list(rivals.pages(12))
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == sorted(
        f"{page['id']}.{kind}" for page in pages for kind in ("html", "json")
    )
    awkward = next(page for page in pages if "&" in page["holder"])
    html = (tmp_path / f"out/{awkward['id']}.html").read_text("utf-8")
    assert "<tr><th>Holder</th><td>O&#39;Neill &amp; Søn</td></tr>" in html.splitlines()
    assert json.loads((tmp_path / f"out/{awkward['id']}.json").read_text("utf-8")) == (
        rivals.record(awkward)
    )
    assert json.loads((tmp_path / "eleventy/_data/awards.json").read_text("utf-8")) == pages
    assert len(list((tmp_path / "hugo/content/awards").iterdir())) == len(pages)
    assert len(list((tmp_path / "mkdocs/docs").iterdir())) == len(pages) + 1


def test_a_site_is_weighed_with_its_search_apart(tmp_path: Path):
    files = {
        "index.html": "12345",
        "awards/one.html": "1",
        "awards/one.json": "12",
        "search/search_index.json": "of MkDocs",
        "search/index.json": "{}",
        "search/a.json": "[]",
        "search/b.json": "[" + "1,2," * 50 + "3]",
        "search/b/62.json": "[1]",
    }
    write(tmp_path, files)
    found = weight(tmp_path)
    packed = [
        len(gzip.compress(files[f"search/{name}.json"].encode(), mtime=0))
        for name in ("index", "b", "b/62")
    ]
    assert (found.published, found.files) == (1, len(files))
    assert found.bytes == sum(map(len, files.values()))
    assert (found.search_files, found.search_bytes) == (4, 210)
    assert found.search_query == sum(packed)
