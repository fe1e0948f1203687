# SPDX-License-Identifier: Apache-2.0
"""Builds of one small repository with several shards, in every way a build can run."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from site_builder.running.site import Done, WorkersFor, local, site_of
from site_builder.running.wish import Wish
from tests.benchmarks import data
from tests.support import files_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AWARDS = 700  # issued; with drafts, four shards


def made_repository(folder: Path) -> Path:
    """A repository of some hundreds of awards and the demo's catalog."""
    data.write(folder, AWARDS)
    return folder


def copied(repository: Path, folder: Path) -> Path:
    """The repository again, in a new folder, without what commands left."""
    shutil.copytree(repository, folder, ignore=shutil.ignore_patterns(".badges", "site"))
    return folder


def quietly(results: Iterator[Any], _: int) -> Iterator[Any]:
    return results


def built(
    root: Path, workers_for: WorkersFor = local, *, site: Path | None = None, **wished: Any
) -> Done:
    """A build of the repository in this process, with such workers."""
    wish = Wish(root, site or root / "site", root / ".badges", **wished)
    return site_of(wish, workers_for, quietly)


def clean_site(root: Path, folder: Path) -> dict[str, bytes]:
    """What a build that remembers nothing makes of the repository."""
    return site_files(copied(root, folder))


def site_files(root: Path) -> dict[str, bytes]:
    """The site's files after a build."""
    done = built(root)
    assert done.published is not None, done
    return files_of(root / "site")


def award_files(root: Path) -> list[Path]:
    return sorted((root / "awards").glob("20*/*/*.yml"))


def changed(path: Path, old: str, new: str) -> None:
    """One exact replacement in a file."""
    text = path.read_text("utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, 1), "utf-8")
