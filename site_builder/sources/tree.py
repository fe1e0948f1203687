# SPDX-License-Identifier: Apache-2.0
"""Every file of `catalog/` and `awards/` as bytes, held in memory at once."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from site_builder.problems import (
    EnvironmentProblem,
    Place,
    Problem,
    UsageProblem,
    did_you_mean,
    quoted,
    tidy,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Kind", "Source", "Tree", "read_tree"]

Kind = Literal[
    "issuer",
    "framework",
    "credential",
    "pathway",
    "role",
    "program",
    "teacher",
    "award",
    "image",
]

_MAX_BYTES = 1_048_576
_RECORDS: dict[str, Kind] = {
    "frameworks": "framework",
    "credentials": "credential",
    "pathways": "pathway",
    "roles": "role",
    "programs": "program",
}
_SLUG = r"[a-z0-9][a-z0-9-]{0,62}"
_NUMBER = r"(?:0|[1-9][0-9]{0,5})"
_VERSIONED = re.compile(rf"({_SLUG})(?:@{_NUMBER}\.{_NUMBER}\.{_NUMBER})?")
_PLAIN = re.compile(rf"({_SLUG})")
RANDOM = re.compile(r"([0-9a-hjkmnp-tv-z]{26})")
_SLUG_SAYS = "A name has 1 to 63 small letters, digits and hyphens and starts with no hyphen"
_RANDOM_SAYS = "A name has 26 characters of 0-9 and a-z without i, l, o and u"
# Devices of Windows whatever their ending, and the page that web servers show for a folder
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]|index")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: path relative to the repository with `/`, kind, id and bytes.

    The id is the file name without `.yml` ("team-norms@1.0.0"); of an image it is the whole file
    name; of the issuer it is "issuer". `folders` are the folders between awards/ and an award:
    school year and program.
    """

    path: str
    kind: Kind
    id: str
    data: bytes = field(repr=False)
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """All inputs of one repository, sorted by path, and what was wrong with the files.

    `unread` is (kind, id) of files that are there but were not read: none is called missing.
    """

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    unread: tuple[tuple[Kind, str], ...] = ()


def read_tree(root: Path, *, with_people: bool = True) -> Tree:
    """Every input file below `root`, read once.

    Args:
        root: the repository's folder.
        with_people: False leaves out what lies in awards/; see `scan`.

    Raises:
        UsageProblem: there is no catalog folder here.
        EnvironmentProblem: a file or folder cannot be read.
    """
    if not (root / "catalog").is_dir():
        raise UsageProblem(
            f"There is no folder 'catalog' in {quoted(str(root))}; "
            "name the repository's folder, or make a new one with 'badges new DIR'."
        )
    reader = Reader(root)
    reader.top("catalog", reader.catalog)
    if with_people:
        reader.top("awards", reader.awards)
    return Tree(
        tuple(sorted(reader.sources, key=lambda source: source.path)),
        tuple(tidy(reader.problems)),
        tuple(reader.unread),
    )


class Reader:
    """Collects sources and problems while it walks."""

    def __init__(self, root: Path) -> None:
        self.root = os.fspath(root) + os.sep  # plain strings: 100,000 Path objects are slow
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self.unread: list[tuple[Kind, str]] = []

    def top(self, name: str, walk: Callable[[], None]) -> None:
        """Walk one of the two folders if it is there and no link."""
        try:
            mode = os.lstat(self.root + name).st_mode
        except FileNotFoundError:
            return
        except OSError as error:
            raise cannot_read(name, error) from error
        if stat.S_ISDIR(mode):
            walk()
        else:
            self._special(name)

    def catalog(self) -> None:
        folders, files = self._entries("catalog")
        for name in files:
            if name == "issuer.yml":
                self._read("catalog/issuer.yml", "issuer", "issuer")
            else:
                self._misplaced("catalog", name, ["issuer.yml"])
        for name in folders:
            path = f"catalog/{name}"
            if name == "images":
                self._images(path)
            elif kind := _RECORDS.get(name):
                pattern = _VERSIONED if kind in ("credential", "pathway") else _PLAIN
                self._records(path, kind, pattern, _SLUG_SAYS)
            else:
                self._unexpected_folder(path, name, [*_RECORDS, "images"])

    def awards(self) -> None:
        years, files = self._entries("awards")
        for name in files:
            self._misplaced("awards", name, [])
        for year in years:
            if year == "teachers":
                self._records("awards/teachers", "teacher", RANDOM, _RANDOM_SAYS)
            elif _is_school_year(year):
                self._year(year)
            else:
                self._unexpected_folder(f"awards/{year}", year, ["teachers"])

    def _year(self, year: str) -> None:
        programs, files = self._entries(f"awards/{year}")
        for name in files:
            self._misplaced(f"awards/{year}", name, [])
        for program in programs:
            path = f"awards/{year}/{program}"
            if self._is_good_name(path, program, _PLAIN, _SLUG_SAYS):
                self._records(path, "award", RANDOM, _RANDOM_SAYS, (year, program))

    def _records(
        self,
        folder: str,
        kind: Kind,
        pattern: re.Pattern[str],
        says: str,
        folders: tuple[str, ...] = (),
    ) -> None:
        inner, files = self._entries(folder)
        for name in inner:
            self._unexpected_folder(f"{folder}/{name}", name, [])
        for name in files:
            if not name.endswith(".yml"):
                self._other_file(folder, name)
            elif self._is_good_name(f"{folder}/{name}", name[:-4], pattern, says):
                self._read(f"{folder}/{name}", kind, name[:-4], folders)

    def _images(self, folder: str) -> None:
        inner, files = self._entries(folder)
        for name in inner:
            self._unexpected_folder(f"{folder}/{name}", name, [])
        for name in files:
            path = f"{folder}/{name}"
            if not name.endswith((".svg", ".png")):
                self._other_file(folder, name)
            elif self._is_good_name(path, name[:-4], _PLAIN, _SLUG_SAYS):
                self._read(path, "image", name)

    def _entries(self, folder: str) -> tuple[list[str], list[str]]:
        """Names of the folders and of the files, each sorted; what is neither is a problem."""
        folders: list[str] = []
        files: list[str] = []
        seen: dict[str, str] = {}
        try:
            with os.scandir(self.root + folder) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if _is_left_out(entry.name):
                        continue
                    same = unicodedata.normalize("NFC", entry.name).casefold()
                    if same in seen:
                        self._same_name(folder, entry.name, seen[same])
                    seen.setdefault(same, entry.name)
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                    elif entry.is_file(follow_symlinks=False):
                        files.append(entry.name)
                    else:
                        self._special(f"{folder}/{entry.name}")
        except OSError as error:
            raise cannot_read(folder, error) from error
        return folders, files

    def _read(self, path: str, kind: Kind, name: str, folders: tuple[str, ...] = ()) -> None:
        try:
            data = read_bytes(self.root + path)
        except OSError as error:
            raise cannot_read(path, error) from error
        if data is None:
            self._too_large(path, kind, name)
        else:
            self.sources.append(Source(path, kind, name, data, folders))

    def _too_large(self, path: str, kind: Kind, name: str) -> None:
        self.unread.append((kind, name))
        self._add(
            "SR007",
            path,
            f"The file is larger than 1 MB ({_MAX_BYTES:,} bytes), the most that is read.",
            "Make it smaller.",
        )

    # problems

    def _add(self, code: str, path: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, Place(path), message, hint))

    def _is_good_name(self, path: str, name: str, pattern: re.Pattern[str], says: str) -> bool:
        found = pattern.fullmatch(name)
        if found is None:
            more = " (and '@' with a version such as 1.0.0)" if pattern is _VERSIONED else ""
            self._add("SR005", path, f"{quoted(name)} is not a valid id.", f"{says}{more}.")
        elif _RESERVED.fullmatch(found[1]):
            self._add("SR008", path, f"The name {quoted(name)} is reserved.", "Choose another.")
            return False
        return found is not None

    def _misplaced(self, folder: str, name: str, expected: list[str]) -> None:
        if not name.endswith(".yml"):
            self._other_file(folder, name)
            return
        self._add(
            "SR003",
            f"{folder}/{name}",
            f"No file {quoted(name)} is expected in {folder}/.",
            did_you_mean(name, expected) or "Move it to the folder of its kind.",
        )

    def _other_file(self, folder: str, name: str) -> None:
        path = f"{folder}/{name}"
        if name.lower().endswith((".yaml", ".yml")):
            right = name[: name.rindex(".")] + ".yml"
            self._add(
                "SR002",
                path,
                f"The file name {quoted(name)} does not end in '.yml'.",
                f"Rename it to {quoted(right)}.",
            )
        else:
            self._add(
                "SR004", path, f"The file {quoted(name)} is not read.", "Move it out of here."
            )

    def _unexpected_folder(self, path: str, name: str, expected: list[str]) -> None:
        self._add(
            "SR009",
            path,
            f"No folder {quoted(name)} is expected here.",
            did_you_mean(name, expected)
            or (
                "School years look like '2015-16'."
                if path.count("/") == 1 and path.startswith("awards/")
                else "Move its files to the folder of their kind."
            ),
        )

    def _same_name(self, folder: str, name: str, other: str) -> None:
        self._add(
            "SR006",
            f"{folder}/{name}",
            f"{quoted(name)} and {quoted(other)} are the same name on many computers.",
            "Rename one of the two.",
        )

    def _special(self, path: str) -> None:
        self._add(
            "SR001",
            path,
            "This is a link or a special file; only ordinary files and folders are read.",
            "Put the file itself here.",
        )


def _is_left_out(name: str) -> bool:
    """True for a README and for what editors and systems hide; a hidden record is refused."""
    hidden_record = name.endswith(".yml") and not name.startswith(
        ".#"
    )  # Emacs' mark of an open file
    return name == "README.md" or (name.startswith(".") and not hidden_record)


def _is_school_year(name: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", name):
        return False
    return (int(name[:4]) + 1) % 100 == int(name[5:])


# O_NOFOLLOW: a link put here since the folder was listed; O_NONBLOCK: a pipe put here
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


def read_bytes(path: str) -> bytes | None:
    """The file's bytes, or None when there are more than 1 MB of them."""
    handle = os.open(path, _FLAGS)
    try:
        if os.fstat(handle).st_size > _MAX_BYTES:
            return None
        parts = []
        while part := os.read(handle, _MAX_BYTES + 1):
            parts.append(part)
            if sum(map(len, parts)) > _MAX_BYTES:
                return None
        return b"".join(parts)
    finally:
        os.close(handle)


def cannot_read(path: str, error: OSError) -> EnvironmentProblem:
    return EnvironmentProblem(f"Cannot read {quoted(path)}: {error.strerror or error}.")
