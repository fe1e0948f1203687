# SPDX-License-Identifier: Apache-2.0
"""A site that came back from an archive, as between two runs of CI, and is known again."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.problems import EnvironmentProblem
from site_builder.publish.files import MARKER, MARKER_PATH, in_plain_words, plain_files
from site_builder.publish.known import KnowledgeLost, Store
from site_builder.publish.lock import locked
from site_builder.publish.packing import row
from site_builder.publish.parts import folders_of
from site_builder.publish.swap import beside

if TYPE_CHECKING:
    from site_builder.publish.known import Known


def recognise(site: Path, *, state: Path, wait_seconds: float = 60.0) -> bool:
    """True when the site holds exactly what is known of it; `staging` then knows it, too.

    A copy has other inodes and times, so `staging` alone would take it for a stranger's. Here
    every file is read, once, which costs about what writing them did, and making them nothing.

    Args:
        site: the published folder; it need not exist.
        state: the build's own folder (`.badges`), restored with it.
        wait_seconds: how long to wait for another build of the same site or the same state.
    """
    final = Path(os.path.realpath(site))
    store = Store(state)
    if not final.is_dir() or not store.folder.is_dir():
        return False
    with (
        locked(state / "lock", final, wait_seconds, stays=True),
        locked(beside(final, "lock"), final, wait_seconds),
        in_plain_words(final),
    ):
        try:
            known = store.kept()
            if known is None:
                return False
            if not store.misfit(known, final):
                return True
            folders = _folders_of_whole(store, known, final)
        except KnowledgeLost:
            return False
        if folders is None:
            return False
        with in_plain_words(store.folder):
            store.save(store.look(known.parts, final, folders))
    return True


def _folders_of_whole(store: Store, known: Known, site: Path) -> set[str] | None:
    """The folders of a site in which every file is as listed; None when one is not, or is more."""
    try:
        found = {path for path, _ in plain_files(site)}
    except EnvironmentProblem:  # a link
        return None
    if MARKER_PATH not in found or (site / MARKER_PATH).read_bytes() != MARKER:
        return None
    found.remove(MARKER_PATH)
    folders = {"", *folders_of(found)}
    for name, part in known.parts.items():
        for path, listed in store.rows(name, part).items():
            if path not in found or not _is_as_listed(f"{site}/{path}", listed):
                return None
            found.remove(path)
    return None if found else folders


def _is_as_listed(place: str, listed: bytes) -> bool:
    with open(place, "rb") as file:  # noqa: PTH123 - a third of the time of Path.open
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        return row(file.read()) == listed and mode in {0o644, 0o666}  # Windows has no other
