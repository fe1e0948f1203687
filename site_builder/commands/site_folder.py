# SPDX-License-Identifier: Apache-2.0
"""A folder with a built site that answers in its host's place, for checks without a network."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from site_builder.problems import UsageProblem
from site_builder.verify import LARGEST_PICTURE, Unreachable
from site_builder.verify.places import did_web, web
from site_builder.verify.reading import Unreadable, read_json

_DOCUMENTS = ("did.json", ".well-known/did.json")
_ISSUER = "issuer/ob2.json"


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
        root = self.folder.resolve()
        try:
            place = (root / path).resolve()
            if not place.is_relative_to(root) or not place.is_file():
                raise Unreachable(f"there is no such file in {self.folder}")
            with place.open("rb") as file:
                return file.read(LARGEST_PICTURE + 1)
        except (OSError, ValueError) as error:
            raise Unreachable(f"it cannot be read in {self.folder} ({error})") from None


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
