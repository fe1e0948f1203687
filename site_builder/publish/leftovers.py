# SPDX-License-Identifier: Apache-2.0
"""What a build has beside the site while it works, and what a killed one left there."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from site_builder.publish.journal import journal_of
from site_builder.publish.swap import beside, own

if TYPE_CHECKING:
    from pathlib import Path


def clear_away(final: Path) -> None:
    """Removes what was not published and the generation before; the next build removes the rest."""
    left = [own(final, what) for what in ("-pages", "-parts", "-old")]
    left.append(beside(final, "old"))
    if not journal_of(final).exists():  # it needs the files
        left.append(own(final))
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)


def put_back(final: Path) -> None:
    """The old site in its place again, when `two_renames` was cut short between the two."""
    old = beside(final, "old")
    if old.is_dir() and not os.path.lexists(final):
        old.rename(final)


def remove_leftovers(final: Path) -> None:
    """Removes what killed builds left beside the site; the lock is held, so nobody uses it."""
    for entry in list(final.parent.iterdir()):
        if entry.name.startswith((f"{final.name}.badges-next-", f"{final.name}.badges-old")):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
