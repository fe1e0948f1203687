# SPDX-License-Identifier: Apache-2.0
"""A repository of so many awards: `python -m tests.benchmarks.data N FOLDER`.

The demo's catalog and documentation with invented people. Same N and seed, same bytes; memory
does not grow with N.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from site_builder.build import load
from site_builder.documents import Document, parse, yaml_text
from site_builder.keys import SigningKey
from tests.benchmarks.careers import PER_PROGRAM, Careers, holder, holders, program_of
from tests.support import ROOT

KEY = SigningKey(bytes(range(32)))
PARTICIPANTS = 1_600  # of one programme; at most 1,270 of them earn something


def write(
    folder: Path,
    awards: int,
    *,
    seed: int = 0,
    qr_files: bool = True,
    key: Path | None = None,
    teachers_each: int = 1_000,
) -> int:
    """Writes a repository of `awards` issued awards into a new folder; gives the number of files.

    Besides the issued awards there is a draft to each tenth, as in the demo.

    Args:
        folder: must not be there yet.
        awards: how many are issued.
        seed: another seed, other people.
        qr_files: False asks for pages that hold their QR code and no file of it.
        key: new file for a private key that everybody can compute; its public half goes into
            issuer.yml, so that `badges build --key file:KEY` signs what `badges verify` accepts.
        teachers_each: of one task; several tasks go to two processes.
    """
    if awards < 1:
        raise ValueError(f"{awards} is no number of awards")
    folder.mkdir(parents=True)
    for name in ("catalog", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy2(ROOT / "mkdocs.yml", folder)
    _issuer(folder / "catalog/issuer.yml", qr_files=qr_files, is_signed=key is not None)
    if key is not None:
        KEY.save(key)
    for path in sorted((folder / "catalog/programs").glob("*.yml")):
        _without_figures(path)
    for first in range(0, awards, PER_PROGRAM):
        _program(folder, *program_of(first))
    (folder / "awards/teachers").mkdir(parents=True)
    everybody = holders(awards)
    tasks = [
        (folder, awards, seed, first, min(first + teachers_each, everybody))
        for first in range(0, everybody, teachers_each)
    ]
    if len(tasks) == 1:
        return sum(map(_people, tasks))
    with ProcessPoolExecutor(2) as pool:
        return sum(pool.map(_people, tasks))


def _people(task: tuple[Path, int, int, int, int]) -> int:
    """Writes the files of some teachers."""
    folder, awards, seed, first, last = task
    careers, count = _careers(seed), 0
    for nth in range(first, last):
        for path, value in careers.files(holder(nth, awards)):
            place = os.open(folder / path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            os.write(place, yaml_text(value).encode())
            os.close(place)
            count += 1
    return count


_KEPT: dict[int, Careers] = {}


def _careers(seed: int) -> Careers:
    if seed not in _KEPT:
        catalog, _ = load(ROOT)
        if catalog is None:
            sys.exit("the demo has an error; run `badges check`")
        _KEPT[seed] = Careers(catalog.versions, seed)
    return _KEPT[seed]


def _read(path: Path) -> dict[str, Any]:
    found = parse(path.name, path.read_bytes())
    if not isinstance(found, Document):
        raise TypeError(f"{path} cannot be read")
    return dict(found.value)


def _issuer(path: Path, *, qr_files: bool, is_signed: bool) -> None:
    """The demo's issuer without published figures, and without pictures for each award."""
    value = _read(path)
    del value["published"]
    if is_signed:
        value["keys"] = [{"id": "key-1", "public": KEY.public, "from": "2015-01-01"}]
    value["publish"] = {"baked_png": False, "baked_svg": False, "ob2": True}
    if not qr_files:
        value["publish"]["qr_files"] = False
    path.write_text(yaml_text(value, flow_depth=3), "utf-8")


def _without_figures(path: Path) -> None:
    """A programme of the demo as it was before anybody earned anything; pages link to it."""
    value = _read(path)
    for key in ("published", "outcomes"):
        value.pop(key, None)
    path.write_text(yaml_text(value, flow_depth=3), "utf-8")


def _program(folder: Path, name: str, year: int) -> None:
    group = int(name.rpartition("-")[2])
    school_year = f"{year}-{(year + 1) % 100:02d}"
    pathway = "teacher-leader" if group % 2 else "emerging-teacher-leader"
    value = {
        "title": {"en": f"Teacher leaders, group {group}"},
        "description": {"en": "One of many groups, invented to see how a large catalog fares."},
        "partner": {
            "name": "Harbor City Schools",
            "type": "district",
            "org": "harbor",
            "locale": "city",
        },
        "school_year": school_year,
        "starts": f"{year}-09-08",
        "ends": f"{year + 1}-06-30",
        "counted": True,
        "status": "completed",
        "participation": "optional",
        "pathway": f"{pathway}@1.0.0",
        "participants": PARTICIPANTS,
        "supports": [{"kind": "coaching", "mode": "online"}, {"kind": "workshop"}],
        "inducements": [],
    }
    text = yaml_text(value, flow_depth=2)
    (folder / f"catalog/programs/{name}.yml").write_text(text, "utf-8")
    (folder / f"awards/{school_year}/{name}").mkdir(parents=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.data", description="Makes a repository of many awards."
    )
    parser.add_argument("awards", type=int, help="how many are issued")
    parser.add_argument("folder", type=Path, help="where; must not be there yet")
    parser.add_argument("--seed", type=int, default=0, help="another number, other people")
    parser.add_argument(
        "--no-qr-files", action="store_true", help="publish: {qr_files: false} in issuer.yml"
    )
    parser.add_argument("--key", type=Path, help="new file for a private key everybody has")
    wants = parser.parse_args()
    began = time.perf_counter()
    files = write(
        wants.folder,
        wants.awards,
        seed=wants.seed,
        qr_files=not wants.no_qr_files,
        key=wants.key,
    )
    print(
        f"{wants.awards:,} issued awards, {files:,} files of people in {wants.folder}, "
        f"{time.perf_counter() - began:.1f} s"
    )


if __name__ == "__main__":
    main()
