# SPDX-License-Identifier: Apache-2.0
"""The files of one generation: written once each, listed with their hashes, given their modes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.problems import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

# These may begin with a dot; a host skips or hides every other such name.
_DOTTED = frozenset({".well-known", ".nojekyll"})
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\:\ud800-\udfff]|[. ]\Z")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Writer:
    """Writes files under one folder, each path once; picklable, so pool workers can have their own.

    Args:
        folder: where the files go; it exists.
        site: what messages call that folder.
        old: an earlier generation on the same file system. A file that has the same bytes there is
            linked rather than written, and removing its other name later costs next to nothing;
            on ext4 removing a file that has only one costs about a millisecond.
    """

    def __init__(self, folder: Path, site: Path, old: Path | None = None) -> None:
        self.folder = folder
        self.site = site
        self.old = old

    def write(self, path: str, data: bytes) -> None:
        """A new file at `path` (relative, with slashes) that holds `data`.

        Raises:
            ValueError: the path leaves the folder or exists already; that is our own bug.
            EnvironmentProblem: the disk is full, read-only or broken.
        """
        segments = _segments(path)
        place = "/".join((str(self.folder), *segments))
        try:
            if self.old is not None and self._linked(
                "/".join((str(self.old), *segments)), data, place
            ):
                return
            try:
                fd = os.open(place, _CREATE, 0o644)
            except FileNotFoundError:  # cheaper than a look at the folder before each file
                _make_folders(self.folder, segments[:-1])
                fd = os.open(place, _CREATE, 0o644)
            try:
                written = os.write(fd, data)
                while written < len(data):  # a disk that fills up takes a part first
                    written += os.write(fd, data[written:])
            finally:
                os.close(fd)
        except (FileExistsError, NotADirectoryError) as error:
            raise ValueError(f"{path!r} is written twice in one build") from error
        except OSError as error:
            raise cannot_write(self.site / path, error) from error

    def _linked(self, earlier: str, data: bytes, place: str) -> bool:
        """True when `place` is now another name of an earlier file with the same bytes."""
        try:
            found = os.lstat(earlier)
            if not stat.S_ISREG(found.st_mode) or found.st_size != len(data):
                return False
            with open(earlier, "rb") as file:  # noqa: PTH123 - a third of the time of Path.open
                if file.read(len(data) + 1) != data:
                    return False
            try:
                os.link(earlier, place, follow_symlinks=False)
            except FileNotFoundError:
                _make_folders(self.folder, list(Path(place).relative_to(self.folder).parts[:-1]))
                os.link(earlier, place, follow_symlinks=False)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):  # not there, or a file system without hard links
            return False
        return True


def manifest_of(folder: Path) -> bytes:
    """The path, sha256 and size of every file under `folder`, as JSON sorted by path.

    The files are read, not remembered: MkDocs and its plugins write there too.
    """
    lines = []
    for path, entry in sorted(_tree(folder), key=lambda item: item[0]):
        if not entry.is_dir(follow_symlinks=False):
            data = Path(entry.path).read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            lines.append(json.dumps({"path": path, "sha256": digest, "bytes": len(data)}))
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode("ascii")


def set_modes(folder: Path) -> None:
    """0755 on folders and 0644 on files, whatever the umask; anything else is refused.

    A link is refused because a later write could leave the folder through it.
    """
    folder.chmod(0o755)
    for path, entry in _tree(folder):
        mode = entry.stat(follow_symlinks=False).st_mode
        if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
            raise EnvironmentProblem(f"{path} in the new site is neither a file nor a folder.")
        wanted = 0o755 if stat.S_ISDIR(mode) else 0o644
        if stat.S_IMODE(mode) != wanted:
            Path(entry.path).chmod(wanted)


@contextmanager
def in_plain_words(place: Path) -> Iterator[None]:
    """Turns an operating system's error inside into one sentence about `place`."""
    try:
        yield
    except OSError as error:
        raise cannot_write(place, error) from error


def cannot_write(place: Path, error: OSError) -> EnvironmentProblem:
    """The sentence for an output that could not be written."""
    return EnvironmentProblem(f"{place} cannot be written: {error.strerror or error}.")


def _tree(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every entry under `folder` with its path from there, folders before what they hold."""
    waiting = [("", str(folder))]
    while waiting:
        prefix, place = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                yield prefix + entry.name, entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{prefix}{entry.name}/", entry.path))


def _segments(path: str) -> list[str]:
    """The path's parts, each safe as a name on every file system we know."""
    segments = path.split("/")
    for index, segment in enumerate(segments):
        is_hidden = segment.startswith(".") and (index > 0 or segment not in _DOTTED)
        if not segment or is_hidden or _UNSAFE.search(segment):
            raise ValueError(f"{path!r} is not a path inside the site")
    return segments


def _make_folders(root: Path, segments: list[str]) -> None:
    """The folders on the way; never `root` itself, which a newer build may have removed."""
    for end in range(1, len(segments) + 1):
        with suppress(FileExistsError):
            root.joinpath(*segments[:end]).mkdir(0o755)
