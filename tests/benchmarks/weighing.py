# SPDX-License-Identifier: Apache-2.0
"""What a site weighs: `python -m tests.benchmarks.weighing SITE` prints it as JSON.

A process of its own, for whoever measures others must stay small.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Weight:
    """Files and bytes of one site.

    Attributes:
        published: award pages.
        files: of the whole site.
        bytes: of all files.
        blocks: what they take on the disk, in bytes.
        search_files: files of the search for people and awards by name.
        search_bytes: their bytes.
        search_query: bytes after gzip of the most a first query reads of them.
    """

    published: int
    files: int
    bytes: int
    blocks: int
    search_files: int
    search_bytes: int
    search_query: int


def weight(site: Path) -> Weight:
    """Files and bytes of a site; nothing is kept of any file."""
    published = files = total = blocks = searched = in_search = 0
    largest: dict[int, int] = {}
    for entry, parts in _files(site):
        found = entry.stat()
        files, total, blocks = files + 1, total + found.st_size, blocks + found.st_blocks * 512
        published += parts[0] == "awards" and entry.name.endswith(".html")
        # MkDocs has the full text of the catalog beside the search by name.
        if parts[0] == "search" and entry.name != "search_index.json":
            searched, in_search = searched + 1, in_search + found.st_size
            # A query reads the index, then one file of each step further down.
            step = 0 if entry.name == "index.json" else len(parts)
            packed = len(gzip.compress(Path(entry.path).read_bytes(), mtime=0))
            largest[step] = max(packed, largest.get(step, 0))
    query = sum(largest.values())
    return Weight(published, files, total, blocks, searched, in_search, query)


def _files(
    folder: Path, above: tuple[str, ...] = ()
) -> Iterator[tuple[os.DirEntry[str], tuple[str, ...]]]:
    """Every file below a folder, with the names on its way."""
    with os.scandir(folder) as entries:
        for entry in entries:
            parts = (*above, entry.name)
            if entry.is_dir():
                yield from _files(Path(entry.path), parts)
            else:
                yield entry, parts


if __name__ == "__main__":
    print(json.dumps(asdict(weight(Path(sys.argv[1])))))
