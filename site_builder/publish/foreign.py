# SPDX-License-Identifier: Apache-2.0
"""Folders that no build may replace."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from site_builder.problems import EnvironmentProblem, UsageProblem
from site_builder.publish.files import MARKER, MARKER_PATH
from site_builder.publish.known import manifest


def refuse_foreign(final: Path, state: Path) -> None:
    """Nothing, when the folder may be replaced as a whole.

    Raises:
        UsageProblem: somebody else's, or needed, or no folder at all.
    """
    if not os.path.lexists(final):
        return
    reason = None
    if not final.is_dir():
        reason = "it is not a folder"
    elif os.path.ismount(final):
        reason = "it is a mount point, which cannot be replaced as a whole"
    elif any(is_under(final, place) for place in (Path.cwd(), os.path.realpath(state))):
        reason = "the folder this build works in lies inside it"
    elif os.path.lexists(final / ".git"):
        reason = "it is a git working tree"
    elif any(final.iterdir()) and not _is_ours(final, state):
        reason = "it holds files that no earlier build wrote"
    if reason:
        advice = "Name a new or an empty folder for the site."
        raise UsageProblem(f"{final} is left alone: {reason}. {advice}")


def is_under(folder: Path, place: object) -> bool:
    """True when `place` is `folder` or inside it; also when an error names no place at all."""
    return not isinstance(place, str | os.PathLike) or Path(place).is_relative_to(folder)


def _is_ours(final: Path, state: Path) -> bool:
    """True when an earlier build wrote this folder: by its marker, else by what is kept of it."""
    with suppress(OSError):
        if (final / MARKER_PATH).read_bytes() == MARKER:
            return True
    with suppress(EnvironmentProblem):
        known = {path.split("/")[0] for path, _, _ in manifest(state)}
        return {entry.name for entry in final.iterdir()} <= known | {MARKER_PATH}
    return False
