# SPDX-License-Identifier: Apache-2.0
"""What is known of the site that is in place: its files by parts, and how its folders looked.

It lies in the state folder, never in the site, where it would name unlisted addresses. Each file
here carries or is named by its own checksum. What does not fit is worth nothing: the next build
then writes everything anew and asks nobody.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from contextlib import suppress
from dataclasses import astuple, dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from site_builder.problems import EnvironmentProblem
from site_builder.publish.files import MARKER_PATH
from site_builder.publish.packing import seal, sha256_of, size_of, unpacked, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FORMAT = 1
_INDEX, _NEXT = "index", "index.next"
_CLOCK_TICK_SECONDS = 0.02  # at which a file system may keep time; Linux: 1 to 10 ms
_LOOKED_AT = 20_000  # files; at 2 us each, no build waits for that
_MISSING = "missing"
Kind = Literal["rows", "extra"]


class KnowledgeLost(EnvironmentProblem):
    """What was kept of the last build does not fit; whoever starts again finds it forgotten."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a site: what it was made from, and the digests of what is kept of it.

    Args:
        key: the caller's digest of all inputs.
        rows: sha256 of its list of files, hexadecimal.
        extra: sha256 of its payload, hexadecimal; "" for an empty one.
        files: how many there are.
        size: their bytes together.
    """

    key: str
    rows: str
    extra: str
    files: int
    size: int


@dataclass(frozen=True)
class Known:
    """The parts of the site in place, and how it looked when it was left.

    Args:
        parts: by name.
        folders: each folder's inode and time of change (ns); "" is the site's own. A file that is
            added, removed or renamed changes its folder's time.
        files_seen: digest of how each file looked; "" when there are too many to look at. Only this
            shows that somebody wrote over a file in its place.
    """

    parts: Mapping[str, Part]
    folders: Mapping[str, tuple[int, int]]
    files_seen: str = ""


class Store:
    """The files kept of a site, in a folder of its own inside the state folder."""

    def __init__(self, state: Path) -> None:
        self.folder = Path(os.path.realpath(state)) / "published"

    def known(self, site: Path) -> Known:
        """What is known of the site in place, with folders that look as they were left.

        Raises:
            KnowledgeLost: there is nothing, it is damaged, or the site is not as it was left.
        """
        known = self.kept()
        if known is None:
            raise KnowledgeLost(f"Nothing is known about {site}.")
        if reason := self.misfit(known, site):
            raise KnowledgeLost(reason)
        return known

    def kept(self) -> Known | None:
        """What was known when the last build ended, whatever has become of its site.

        Raises:
            KnowledgeLost: it is damaged, or another version's.
        """
        place = self.folder / _INDEX
        try:
            known = _opened(place.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise KnowledgeLost(f"{place} is damaged.") from error
        if known is None:
            raise KnowledgeLost(f"{place} was written by another version of badges.")
        return known

    def look(self, parts: Mapping[str, Part], site: Path, folders: Iterable[str]) -> Known:
        """What is to be known of a site with these parts, as it looks now.

        It is late enough that whatever somebody changes from now on gets another time.
        """
        time.sleep(_CLOCK_TICK_SECONDS)
        return Known(parts, _folders(site, folders), self._files(parts, site))

    def misfit(self, known: Known, site: Path) -> str:
        """A sentence when the site is not as it was left; "" when it is.

        Raises:
            KnowledgeLost: the lists of its files are gone or damaged.
        """
        found = _folders(site, known.folders)
        if found.get("", (0, 0))[0] != known.folders[""][0]:
            return f"{site} is not the folder that the last build wrote."
        for folder, before in known.folders.items():
            if found.get(folder) != before:
                return f"{site / folder} was changed since the last build."
        if known.files_seen and self._files(known.parts, site) != known.files_seen:
            return f"A file in {site} was changed since the last build."
        return ""

    def save(self, known: Known) -> None:
        """From now on this is known; what nobody needs any more is removed."""
        self.prepare(known)
        self.confirm()
        self.prune(known)

    def prepare(self, known: Known) -> None:
        """What will be known when the next generation is in place: `confirm` or `settle` says."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / _NEXT).write_bytes(_sealed(known))

    def confirm(self) -> None:
        """What was prepared is what is known."""
        (self.folder / _NEXT).replace(self.folder / _INDEX)

    def settle(self, site: Path) -> None:
        """What a build prepared that was killed around its swap: known if its site is in place."""
        try:
            known = _opened((self.folder / _NEXT).read_bytes())
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            known = None
        with suppress(KnowledgeLost):
            if known is not None and not self.misfit(known, site):
                self.confirm()
                return
        (self.folder / _NEXT).unlink()

    def forget(self) -> None:
        """Nothing is known any more."""
        with suppress(OSError):
            (self.folder / _INDEX).unlink()

    def put(self, part: str, kind: Kind, data: bytes) -> str:
        """Keeps the bytes of a part under their own digest, which is given back."""
        digest = hashlib.sha256(data).hexdigest()
        place = self._place(part, kind, digest)
        try:
            if place.read_bytes() == data:
                return digest
        except OSError:
            self.folder.mkdir(parents=True, exist_ok=True)
        pending = place.with_name(f"{place.name}.{os.getpid()}")
        try:
            pending.write_bytes(data)
            pending.replace(place)
        except OSError:
            pending.unlink(missing_ok=True)  # half a file on a full disk would keep it full
            raise
        return digest

    def get(self, part: str, kind: Kind, digest: str) -> bytes:
        """The bytes of a part that have this digest.

        Raises:
            KnowledgeLost: there are none.
        """
        place = self._place(part, kind, digest)
        try:
            data = place.read_bytes()
        except OSError as error:
            raise KnowledgeLost(f"{place} cannot be read: {error.strerror}.") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise KnowledgeLost(f"{place} is damaged.")
        return data

    def rows(self, part: str, known: Part) -> dict[str, bytes]:
        """The files of a part by path, each as `row` packs it.

        Raises:
            KnowledgeLost: the list is gone or damaged.
        """
        return unpacked(self.get(part, "rows", known.rows))

    def prune(self, known: Known) -> None:
        """Removes every file that no part in `known` has."""
        wanted = {_INDEX, _NEXT}
        for name, part in known.parts.items():
            wanted.add(self._place(name, "rows", part.rows).name)
            wanted.add(self._place(name, "extra", part.extra).name)
        for entry in list(os.scandir(self.folder)):
            if entry.name not in wanted:
                Path(entry.path).unlink()

    def _files(self, parts: Mapping[str, Part], site: Path) -> str:
        """Digest of each file's kind, inode, size and time of change; "" when there are many."""
        if sum(part.files for part in parts.values()) > _LOOKED_AT:
            return ""
        digest = hashlib.sha256()
        paths = chain.from_iterable(self.rows(name, part) for name, part in sorted(parts.items()))
        for path in chain((MARKER_PATH,), paths):
            try:
                found = os.lstat(f"{site}/{path}")
            except (FileNotFoundError, NotADirectoryError):
                return _MISSING
            look = (found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns)
            digest.update(b"%d %d %d %d\n" % look)
        return digest.hexdigest()

    def _place(self, part: str, kind: Kind, digest: str) -> Path:
        return self.folder / f"{part}-{digest[:16]}.{kind}"


def manifest(state: Path) -> Iterator[tuple[str, str, int]]:
    """Path, sha256 (hexadecimal) and size of each file of the site last published, part by part.

    Raises:
        KnowledgeLost: the lists are gone or damaged.
    """
    store = Store(state)
    known = store.kept()
    for name, part in sorted(known.parts.items()) if known else ():
        for path, found in store.rows(name, part).items():
            yield path, sha256_of(found), size_of(found)


def table(parts: Mapping[str, Part]) -> dict[str, tuple[Any, ...]]:
    """Parts as JSON takes them."""
    return {name: astuple(part) for name, part in parts.items()}


def _folders(site: Path, folders: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Inode and time of change of those of the folders that are there."""
    found = {}
    for folder in folders:
        with suppress(FileNotFoundError, NotADirectoryError):
            status = os.lstat(f"{site}/{folder}")
            if stat.S_ISDIR(status.st_mode):
                found[folder] = (status.st_ino, status.st_mtime_ns)
    return found


def _sealed(known: Known) -> bytes:
    lines = {"parts": table(known.parts), "folders": dict(known.folders), "files": known.files_seen}
    return seal({"format": _FORMAT, **lines})


def _opened(data: bytes) -> Known | None:
    """What an index says; None when another version wrote it. ValueError: it is damaged."""
    found = unseal(data)
    if found.get("format") != _FORMAT:
        return None
    return Known(
        {name: Part(*values) for name, values in found["parts"].items()},
        {folder: (inode, at) for folder, (inode, at) in found["folders"].items()},
        found["files"],
    )
