# SPDX-License-Identifier: Apache-2.0
"""Files of one generation: each made once, by plain calls, with the modes a web server needs."""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder.problems import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER_PATH = ".nojekyll"  # GitHub Pages needs this file to serve .well-known
MARKER = b"Written by badges build, which replaces this whole folder each time.\n"
# Two names may begin with a dot; a host skips or hides every other such name.
_SAFE = re.compile(r"(?:\.well-known(?=/|\Z)|\.nojekyll\Z|(?!\.)[^/]+)(?:/(?!\.)[^/]+)*", re.DOTALL)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\:\ud800-\udfff]|[. ](?=/|\Z)")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Maker:
    """Makes new files under one folder, which exists.

    Args:
        folder: where they go.
        called: what messages call that folder.
    """

    def __init__(self, folder: Path, called: Path) -> None:
        self.folder = folder
        self.called = called
        self._changes_modes: bool | None = None  # whether the umask takes bits away, once known

    def make(self, path: str, data: bytes) -> None:
        """A new file, mode 0644, that holds `data`.

        Raises:
            FileExistsError: the path is taken, or a file stands where a folder should be.
            EnvironmentProblem: the disk is full, read-only or broken.
        """
        place = f"{self.folder}/{path}"
        try:
            try:
                fd = os.open(place, _CREATE, 0o644)
            except FileNotFoundError:  # cheaper than a look at the folder before each file
                make_folders(self.folder, path)
                fd = os.open(place, _CREATE, 0o644)
            try:
                written = os.write(fd, data)
                while written < len(data):  # a disk that fills up takes a part first
                    written += os.write(fd, data[written:])
                if self._changes_modes is None:
                    self._changes_modes = stat.S_IMODE(os.fstat(fd).st_mode) != 0o644
                if self._changes_modes:
                    Path(place).chmod(0o644)
            finally:
                os.close(fd)
        except FileExistsError:
            raise
        except NotADirectoryError as error:
            raise FileExistsError(*error.args) from error
        except OSError as error:
            raise cannot_write(self.called / path, error) from error


def make_root(folder: Path) -> None:
    """The folder, 0755, whatever the umask; its parent exists, and it may."""
    with suppress(FileExistsError):
        folder.mkdir(0o755)
        folder.chmod(0o755)


def make_folders(root: Path, path: str) -> None:
    """The folders on the way to `path`; never `root`, which a newer build may have removed."""
    segments = path.split("/")
    for end in range(1, len(segments)):
        folder = "/".join((str(root), *segments[:end]))
        with suppress(FileExistsError):
            os.mkdir(folder, 0o755)  # noqa: PTH102 - as the files: plain calls
            os.chmod(folder, 0o755)  # noqa: PTH101, S103 - whatever the umask; a web server reads it


def refuse_unsafe(path: str) -> None:
    """Nothing, when each part of the path is a safe name on every file system we know.

    Raises:
        ValueError: it leaves the site or hides in it; that is our own bug.
    """
    if not _SAFE.fullmatch(path) or _UNSAFE.search(path):
        raise ValueError(f"{path!r} is not a path inside the site")


def plain_files(folder: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Every file under `folder`: its path from there, and where it is; in order of names.

    Raises:
        EnvironmentProblem: a link or a special file. A later write could leave the folder
            through a link.
    """
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from plain_files(Path(entry.path), f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            yield path, Path(entry.path)
        else:
            raise EnvironmentProblem(f"{path} in the new site is neither a file nor a folder.")


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


def write_synced(place: Path, data: bytes) -> None:
    """A file on the disk: written, and known to be there when this returns."""
    with place.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
