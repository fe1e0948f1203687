# SPDX-License-Identifier: Apache-2.0
"""The next generation of a site: filled out of sight, then published in one step."""

from __future__ import annotations

import errno
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.problems import EnvironmentProblem
from site_builder.publish.files import Maker, cannot_write, in_plain_words, make_root, plain_files
from site_builder.publish.foreign import is_under, refuse_foreign
from site_builder.publish.journal import finish_interrupted, journal_of
from site_builder.publish.known import KnowledgeLost, Store
from site_builder.publish.leftovers import clear_away, put_back, remove_leftovers
from site_builder.publish.lock import locked
from site_builder.publish.parts import PartWriter, Receipt
from site_builder.publish.plan import Plan
from site_builder.publish.swap import beside, exchange, own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.publish.generation import Swap
    from site_builder.publish.known import Known, Part

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_WHOLE = "site"  # the part of whoever does not name any
_OUTPUT_ERRORS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}
)


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did. A file that moved from part to part counts as written and removed.

    Args:
        written: files that are new or hold other bytes; all of them when nothing was known.
        removed: files that the site before had; 0 when nothing was known.
        unchanged: files that stayed as they were.
        is_whole_generation: False when files were replaced in the site in place, or nothing was.
    """

    written: int
    removed: int
    unchanged: int
    is_whole_generation: bool


class Staging:
    """The next generation of a site, not yet visible; `staging()` gives one.

    The site's files come in named parts. A part stays (`keep`), is made anew (`part`, `adopt`), or
    is gone. Whoever knows no parts calls `write` and fills `folder`.

    Attributes:
        known: the parts of the site in place; None when nothing is known or it does not fit.
        reason: a sentence on why nothing is known; "" when it is, or when there is no site yet.
    """

    def __init__(
        self, site: Path, state: Path, swap: Swap, known: Known | None, reason: str
    ) -> None:
        self.known = known
        self.reason = reason
        self._site = site
        self._new = own(site)
        self._scratch = own(site, "-pages")
        self._store = Store(state)
        self._pending = own(site, "-parts")
        self._swap = swap
        self._kept: dict[str, Part] = {}
        self._begun: set[str] = set()
        self._default: PartWriter | None = None
        self._is_adopted = False
        self._is_published = False

    @property
    def folder(self) -> Path:
        """A fresh folder on the site's file system, for MkDocs, which empties it when it starts.

        What is in it when `publish` is called goes to the same part as what `write` wrote, unless
        `adopt` took it before.
        """
        with in_plain_words(self._site):
            make_root(self._scratch)
        return self._scratch

    def is_current(self, part: str, key: str) -> bool:
        """True when the site in place has this part, made from this key."""
        return self.known is not None and part in self.known.parts and self._line(part).key == key

    def extra_of(self, part: str) -> bytes:
        """The payload of a part: of one made anew once it is finished, else of the site in place.

        Raises:
            KnowledgeLost: it is gone or damaged.
        """
        is_new = part in self._begun and part not in self._kept
        line = Receipt.read(self._pending / part).part if is_new else self._line(part)
        return self._store.get(part, "extra", line.extra) if line.extra else b""

    def keep(self, part: str) -> None:
        """The part stays as it is; nothing of it is read or written."""
        self._begin(part)
        self._kept[part] = self._line(part)

    def part(self, part: str, key: str) -> PartWriter:
        """A writer for a part that is made anew; picklable, so another process may use it."""
        self._begin(part)
        with in_plain_words(self._site):
            make_root(self._new)
            make_root(self._pending)
        return PartWriter(
            part,
            key,
            maker=Maker(self._new, self._site),
            store=self._store,
            pending=self._pending,
            old=None if self.known is None else self.known.parts.get(part),
            is_whole=self.known is None,
        )

    def adopt(self, part: str, key: str, folder: Path, extra: bytes = b"") -> None:
        """A part made of a folder on the site's file system, which then is gone.

        Raises:
            EnvironmentProblem: one is a link or a special file, or cannot be moved.
        """
        writer = self.part(part, key)
        _move_all(folder, writer, self._site)
        writer.finish(extra)
        if folder == self._scratch:
            self._is_adopted = True

    def write(self, path: str, data: bytes) -> None:
        """One file of a site without parts; see `PartWriter.write`."""
        self._unnamed().write(path, data)

    def publish(self) -> Published:
        """What was done; the new site is in its place, on the disk, and known.

        Removing the old generation can take longer than all else and waits for the end of the
        `with` block, so that the caller can say before that it is done.

        Raises:
            ValueError: two parts have the same file, or one was not finished; our own bug.
            KnowledgeLost: what is known of the site is damaged.
            EnvironmentProblem: the disk would not; the site is whole, old or new, or it will be
                when the next build has finished what this one began.
        """
        if self._is_published:
            raise RuntimeError("this generation is published already")
        if self._scratch.is_dir() and not self._is_adopted:
            _move_all(self._scratch, self._unnamed(), self._site)
        if self._default is not None:
            self._default.finish()
        made = {part: self._pending / part for part in sorted(self._begun - self._kept.keys())}
        for part, receipt in made.items():
            if not receipt.exists():
                raise ValueError(f"the part {part!r} was begun and not finished")
        plan = Plan(self._site, self._store, self.known, self._kept, made)
        is_whole = plan.changes_files and not plan.is_small
        if is_whole:
            plan.publish_whole(self._new, self._swap)
        elif plan.changes_files:
            plan.publish_in_place(self._new)
        else:
            plan.publish_nothing()
        self._is_published = True
        return Published(plan.written, plan.removed, plan.files - plan.written, is_whole)

    def _unnamed(self) -> PartWriter:
        if self._default is None:
            self._default = self.part(_WHOLE, "")
        return self._default

    def _line(self, part: str) -> Part:
        if self.known is None or part not in self.known.parts:
            raise ValueError(f"the site in place has no part {part!r}")
        return self.known.parts[part]

    def _begin(self, part: str) -> None:
        if not _NAME.match(part):
            raise ValueError(f"{part!r} is no name for a part")
        if part in self._begun:
            raise ValueError(f"the part {part!r} comes twice")
        self._begun.add(part)


def check_writable(site: Path, *, state: Path, wait_seconds: float = 60.0) -> None:
    """Nothing, when a build may replace `site`; leaves no file, finishes what was interrupted.

    Args:
        site: the folder to publish; it need not exist.
        state: the build's own folder (`.badges`); it need not exist.
        wait_seconds: how long to wait for another build.

    Raises:
        UsageProblem: `site` is not a folder that a build may replace.
        EnvironmentProblem: it cannot be written, or another build is at work for too long.
    """
    final = Path(os.path.realpath(site))
    for parent in (final.parent, state.absolute()):
        existing = next(p for p in (parent, *parent.parents) if p.exists())
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            found = f"{existing} is not a folder that can be written to"
            raise EnvironmentProblem(f"{final} cannot be built: {found}.")
    if journal_of(final).exists():
        with staging(site, state=state, wait_seconds=wait_seconds):
            pass  # it finishes what was interrupted
    if final.parent.is_dir():
        with locked(beside(final, "lock"), final, wait_seconds), in_plain_words(final):
            put_back(final)
            refuse_foreign(final, state)


@contextmanager
def staging(
    site: Path, *, state: Path, wait_seconds: float = 60.0, swap: Swap = exchange
) -> Iterator[Staging]:
    """A fresh generation of `site`, in place only after its `publish()`.

    Args:
        site: the published folder; a symbolic link stays, and the folder it names is replaced.
        state: the build's own folder (`.badges`), for what is known of the site.
        wait_seconds: how long to wait for another build of the same site or the same state.
        swap: how two folders change places.

    Raises:
        UsageProblem, EnvironmentProblem: as in `check_writable`; also when the disk fails inside.
        KnowledgeLost: something kept of the last build turned out to be damaged; it is forgotten
            now, and the same work in another `staging` writes everything anew.
    """
    final = Path(os.path.realpath(site))
    for needed in (final.parent, state):
        with in_plain_words(needed):
            needed.mkdir(parents=True, exist_ok=True)
    store = Store(state)
    with (
        locked(state / "lock", final, wait_seconds, stays=True),
        locked(beside(final, "lock"), final, wait_seconds),
    ):
        with in_plain_words(final):
            put_back(final)
            finish_interrupted(final, state)
            refuse_foreign(final, state)
            remove_leftovers(final)
        with in_plain_words(store.folder):
            store.settle(final)
        known, reason = _known(store, final)
        try:
            yield Staging(final, state, swap, known, reason)
        except KnowledgeLost:
            store.forget()
            raise
        except OSError as error:  # MkDocs writes beside the site too, and its disk is full as well
            written = error.filename2 or error.filename  # of a copy that failed, the second is ours
            if error.errno not in _OUTPUT_ERRORS or not any(
                is_under(own(final, what), written) for what in ("", "-pages")
            ):
                raise
            raise cannot_write(final, error) from error
        finally:
            clear_away(final)


def _known(store: Store, final: Path) -> tuple[Known | None, str]:
    """What is known of the site, or why nothing is."""
    if not final.is_dir() or not any(final.iterdir()):
        return None, ""
    try:
        return store.known(final), ""
    except KnowledgeLost as lost:
        return None, str(lost)


def _move_all(folder: Path, writer: PartWriter, site: Path) -> None:
    """Every file of the folder into a part."""
    with in_plain_words(site):
        found = list(plain_files(folder))
    for path, source in found:
        writer.move(path, source)
