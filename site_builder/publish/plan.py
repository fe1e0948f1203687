# SPDX-License-Identifier: Apache-2.0
"""What differs between the site in place and the next one, and the cheapest safe way there."""

from __future__ import annotations

import shutil
from functools import cached_property
from typing import TYPE_CHECKING

from site_builder.problems import EnvironmentProblem
from site_builder.publish.files import cannot_write, in_plain_words, make_root
from site_builder.publish.generation import keep_second_names, link_unchanged, put_in_place
from site_builder.publish.journal import Journal, order
from site_builder.publish.known import Known, table
from site_builder.publish.parts import Changes, Receipt, folders_of, twice
from site_builder.publish.swap import own, sync_file_system

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from site_builder.publish.generation import Swap
    from site_builder.publish.known import Part, Store

_FEW_FILES = 2000  # so few are renamed within a tenth of a second
_FEW_OF = 5  # and fewer than a fifth of all
_UNFINISHED = "It holds files of two builds until the next one has finished what this one began."


class Plan:
    """The way from the site in place to the next one.

    Args:
        site: the site in place; it need not exist.
        store: what is kept of it.
        known: what is known of it.
        kept: parts that stay.
        receipts: where each new part's receipt lies.
    """

    def __init__(
        self,
        site: Path,
        store: Store,
        known: Known | None,
        kept: Mapping[str, Part],
        receipts: Mapping[str, Path],
    ) -> None:
        self._site = site
        self._store = store
        self._is_first = known is None
        self._known = known or Known({}, {})
        self._places = receipts
        self._receipts = {name: Receipt.read(place) for name, place in receipts.items()}
        made = {name: receipt.part for name, receipt in self._receipts.items()}
        self._parts = {**kept, **made}
        self._vanished = {
            name: part for name, part in self._known.parts.items() if name not in self._parts
        }
        self.files = sum(part.files for part in self._parts.values())
        self.written = sum(one.written for one in self._receipts.values())
        self.removed = sum(one.gone for one in self._receipts.values())
        self.removed += sum(part.files for part in self._vanished.values())

    @property
    def changes_files(self) -> bool:
        """False when the site in place is the next one."""
        return self._is_first or bool(self.written or self.removed)

    @property
    def is_small(self) -> bool:
        """True when the few changes may be put into the site in place."""
        few = self.written + self.removed
        return (
            not self._is_first
            and few <= _FEW_FILES
            and few * _FEW_OF < sum(part.files for part in self._known.parts.values())
            and not self._trades_folders_for_files
        )

    def publish_nothing(self) -> None:
        """The site stays; what is known is written only if it differs."""
        if self._parts != self._known.parts:
            with in_plain_words(self._store.folder):
                self._store.save(Known(self._parts, self._known.folders, self._known.files_seen))

    def publish_in_place(self, staging: Path) -> None:
        """The changed files in `staging` put into the site, by a journal."""
        self._refuse_touched()
        writes, gone = self._changes
        with in_plain_words(self._site):
            keep_second_names(self._site, own(self._site, "-old"), (*writes, *gone))
            self._drop_receipts()
            make_root(staging)  # there is none when files only go
            sync_file_system(staging)
            journal = Journal(
                staging.name,
                self._site.stat().st_ino,
                str(self._store.folder),
                table(self._parts),
                self._folders,
                [(path, (staging / path).stat().st_ino) for path in sorted(writes, key=order)],
                sorted(gone - writes.keys(), key=order),
            )
            journal.place(self._site)
        try:
            is_complete = journal.carry_out(self._site, self._store)
        except OSError as error:
            found = cannot_write(self._site, error)
            raise EnvironmentProblem(f"{found} {_UNFINISHED}") from error
        if not is_complete:
            raise _touched(f"{self._site} was changed.")

    def publish_whole(self, staging: Path, swap: Swap) -> None:
        """The site exchanged for `staging`, in which unchanged files become links."""
        with in_plain_words(self._site):
            make_root(staging)
            if not self._is_first:
                self._refuse_touched()
                for name, part in self._parts.items():
                    written = set(self._changes_of(name).written)
                    if len(written) < part.files:
                        rows = self._store.rows(name, part)
                        link_unchanged(self._site, staging, rows, written)
        self._drop_receipts()
        put_in_place(
            staging,
            self._site,
            store=self._store,
            parts=self._parts,
            folders=self._folders,
            swap=swap,
        )

    def _drop_receipts(self) -> None:
        """Removes them while they are in memory only: a file that has blocks is slow to remove."""
        shutil.rmtree(own(self._site, "-parts"), ignore_errors=True)

    def _refuse_touched(self) -> None:
        """Nothing, when the site in place is still the one that unchanged files were left in."""
        if reason := self._store.misfit(self._known, self._site):
            raise _touched(reason)

    @property
    def _folders(self) -> list[str]:
        """Every folder the new site may have, those of the old one included."""
        found = {"", *self._known.folders}
        for receipt in self._receipts.values():
            found.update(receipt.folders)
        return sorted(found)

    def _changes_of(self, name: str) -> Changes:
        return Receipt.changes(self._places[name]) if name in self._places else Changes()

    @cached_property
    def _changes(self) -> tuple[dict[str, bool], set[str]]:
        """Few changes only: each written path, whether its part had it not; and each that goes.

        Raises:
            ValueError: a part that is made anew has a file of a part that is not.
        """
        writes: dict[str, bool] = {}
        gone: set[str] = set()
        for name in self._receipts:
            changes = self._changes_of(name)
            writes.update(dict.fromkeys(changes.written, False))
            writes.update(dict.fromkeys(changes.added, True))
            gone.update(changes.gone)
        for name, part in self._vanished.items():
            gone.update(self._store.rows(name, part))
        for path, is_added in writes.items():
            # In place already, and nobody gives it up: it belongs to another part too.
            if is_added and path not in gone and (self._site / path).is_file():
                raise twice(path)
        return writes, gone

    @property
    def _trades_folders_for_files(self) -> bool:
        """True when a file must become a folder or the other way round; renames cannot do that."""
        writes, _ = self._changes
        added = [path for path, is_added in writes.items() if is_added]
        return any((self._site / path).is_dir() for path in added) or any(
            (self._site / folder).is_file() for folder in folders_of(added)
        )


def _touched(what: str) -> EnvironmentProblem:
    """Somebody else was at the site between this build's beginning and its end."""
    return EnvironmentProblem(
        f"{what} Nobody else may write there while a build does. Build again."
    )
