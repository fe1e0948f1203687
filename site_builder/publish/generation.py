# SPDX-License-Identifier: Apache-2.0
"""A whole new generation: completed from the old one, then put in its place in one step."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from site_builder.publish.files import MARKER, MARKER_PATH, Maker, in_plain_words, make_folders
from site_builder.publish.parts import twice
from site_builder.publish.swap import sync_file_system, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from site_builder.publish.known import Part, Store

    Swap = Callable[[Path, Path], None]


def link_unchanged(old: Path, new: Path, paths: Iterable[str], written: Collection[str]) -> None:
    """Gives each file that was not written its old bytes: by a link, which reads nothing.

    Removing a file that has a second name costs next to nothing later; on ext4 removing one that
    has only one costs up to a millisecond.

    Raises:
        ValueError: another part wrote one of them; that is our own bug.
    """
    for path in paths:
        if path not in written:
            try:
                try:
                    _link(f"{old}/{path}", f"{new}/{path}")
                except FileNotFoundError:
                    make_folders(new, path)
                    _link(f"{old}/{path}", f"{new}/{path}")
            except (FileExistsError, NotADirectoryError) as error:
                raise twice(path) from error


def keep_second_names(site: Path, folder: Path, paths: Iterable[str]) -> None:
    """Another name, in a new folder, for those of the files that are in the site.

    Whoever then replaces or removes one frees no blocks, which takes milliseconds a file on some
    disks; that is left to whoever removes the folder.
    """
    folder.mkdir()
    for number, path in enumerate(paths):
        with suppress(OSError, NotImplementedError):  # new, or a file system without links
            os.link(f"{site}/{path}", f"{folder}/{number}", follow_symlinks=False)


def put_in_place(
    new: Path,
    final: Path,
    *,
    store: Store,
    parts: Mapping[str, Part],
    folders: Collection[str],
    swap: Swap,
) -> None:
    """The folder `new` in the place of the site, on the disk, and known.

    Args:
        new: a complete generation but for the marker; afterwards the old site, if there was one.
        final: the site; it need not exist.
        store: keeps what is then known.
        parts: the parts of the new site.
        folders: every folder the new site may have; "" is its own.
        swap: how two folders change places.
    """
    with in_plain_words(final):
        with suppress(FileExistsError):
            Maker(new, final).make(MARKER_PATH, MARKER)
        sync_file_system(new)
    with in_plain_words(store.folder):
        known = store.look(parts, new, folders)
        store.prepare(known)  # not synced: what a power cut leaves of it does not fit its checksum
    with in_plain_words(final):
        if os.path.lexists(final):
            swap(new, final)
        else:
            new.rename(final)
        sync_folder(final.parent)
    with in_plain_words(store.folder):
        if not store.misfit(known, final):
            store.confirm()
            store.prune(known)
        else:  # a file system that gives a folder another inode or time with another name
            store.save(store.look(parts, final, folders))


def _link(source: str, place: str) -> None:
    """A second name for a file; a copy where the file system knows no links."""
    try:
        os.link(source, place, follow_symlinks=False)
    except (FileExistsError, FileNotFoundError, NotADirectoryError):
        raise
    except (OSError, NotImplementedError):
        shutil.copyfile(source, place)
