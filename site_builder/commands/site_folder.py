# SPDX-License-Identifier: Apache-2.0
"""A folder with a built site that answers in its host's place, for checks without a network."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import unquote

from site_builder.problems import UsageProblem
from site_builder.verify import LARGEST_PICTURE, Unreachable
from site_builder.verify.places import did_web, web
from site_builder.verify.reading import Unreadable, read_json

_DOCUMENTS = ("did.json", ".well-known/did.json")
_ISSUER = "issuer/ob2.json"
_USUAL_SIZE = 1 << 16


class SiteFolder:
    """The files of a built site, by the addresses they have on its host.

    Args:
        folder: as `badges build` writes it.

    Raises:
        UsageProblem: it is none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = _base(folder)
        self._root = folder.resolve()
        self._folders: dict[str, str] = {}  # by their path in a URL: those that lie in the site

    def fetch(self, url: str) -> bytes:
        """The bytes of the file an address stands for.

        Raises:
            Unreachable: it is not below the site's base URL, or there is no such file.
        """
        plain = url.partition("#")[0].partition("?")[0]
        if not plain.startswith(self.base):
            raise Unreachable("no network is used, and the folder does not answer for that address")
        path = unquote(plain.removeprefix(self.base))
        path = f"{path}index.html" if path.endswith("/") or not path else path
        try:
            place = self._place(path)
            if place is None:
                raise Unreachable(f"there is no such file in {self.folder}")
            with open(place, "rb") as file:  # noqa: PTH123 - a Path takes several times as long
                data = file.read(_USUAL_SIZE)
                more = (
                    file.read(LARGEST_PICTURE + 1 - _USUAL_SIZE) if data[_USUAL_SIZE - 1 :] else b""
                )
                return data + more
        except (OSError, ValueError) as error:
            raise Unreachable(f"it cannot be read in {self.folder} ({error})") from None

    def _place(self, path: str) -> str | None:
        """Where a file of the site lies; None where there is none, or it lies elsewhere."""
        folder, _, name = path.rpartition("/")
        inside = self._inside(folder)
        if inside is not None and name not in ("", ".", "..") and "\\" not in name:
            place = f"{inside}{os.sep}{name}"
            try:
                kind = os.lstat(place).st_mode
            except FileNotFoundError:
                return None
            if not stat.S_ISLNK(kind):
                return place if stat.S_ISREG(kind) else None
        found = (self._root / path).resolve()  # a link may lead anywhere
        is_here = found.is_relative_to(self._root) and found.is_file()
        return str(found) if is_here else None

    def _inside(self, folder: str) -> str | None:
        """Where a folder of the site lies, links followed once per run; None for none there."""
        if folder not in self._folders:
            found = (self._root / folder).resolve()
            if not found.is_relative_to(self._root) or not found.is_dir():
                return None
            self._folders[folder] = str(found)
        return self._folders[folder]


def _base(folder: Path) -> str:
    for name in _DOCUMENTS:
        base = did_web(_id_in(folder / name))
        if base is not None:
            return base
    own = _id_in(folder / _ISSUER)
    if own.endswith(f"/{_ISSUER}") and web(own) is not None:
        return own.removesuffix(_ISSUER)
    raise UsageProblem(
        f"{folder} is no built site: neither did.json nor {_ISSUER} there says for which address "
        "it stands."
    )


def _id_in(path: Path) -> str:
    try:
        found = read_json(path.read_bytes()).get("id") if path.is_file() else None
    except (Unreadable, OSError):
        return ""
    return found if isinstance(found, str) else ""
