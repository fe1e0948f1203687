# SPDX-License-Identifier: Apache-2.0
"""JSON-LD contexts from this package, by address; every file's hash is checked when it is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

Json = dict[str, Any]


class UnknownContext(Exception):  # noqa: N818 - about a document; a verdict says "not checked"
    """A document asks for a context that is not in this package; contexts are never fetched."""


class Vendored(Mapping[str, Json]):
    """The `@context` value of each vendored context, by its address; read when first asked for.

    Raises:
        RuntimeError: a file has other bytes than the index says: the package is damaged.
    """

    def __init__(self) -> None:
        self._folder = resources.files("site_builder") / "contexts"
        self._index: Json = json.loads((self._folder / "index.json").read_bytes())
        self._read: dict[str, Json] = {}

    def __getitem__(self, url: str) -> Json:
        if url not in self._read:
            entry = self._index[url]
            data = (self._folder / entry["file"]).read_bytes()
            if hashlib.sha256(data).hexdigest() != entry["sha256"]:
                raise RuntimeError(f"contexts/{entry['file']} has been changed")
            self._read[url] = json.loads(data)["@context"]
        return self._read[url]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)


CONTEXTS: Mapping[str, Json] = Vendored()


def addresses_of(context: Any) -> tuple[str, ...]:
    """The context addresses of an `@context` entry, in order.

    Raises:
        UnknownContext: it holds something else than addresses, such as an inline context.
    """
    entries = context if isinstance(context, list) else [context]
    if not entries or not all(isinstance(one, str) for one in entries):
        raise UnknownContext("'@context' must be a list of addresses; inline ones are not accepted")
    return tuple(entries)


def find(url: str, contexts: Mapping[str, Json]) -> Json:
    """The context at an address.

    Raises:
        UnknownContext: it is not among the given ones.
    """
    try:
        return contexts[url]
    except KeyError:
        raise UnknownContext(
            f"the context '{shown(url)}' is not one we know, and none is ever fetched"
        ) from None


def shown(value: str) -> str:
    """A value as messages show it: cut, without characters that cannot be seen."""
    if len(value) <= 80 and value.isprintable():
        return value
    return "".join(char if char.isprintable() else "?" for char in value[:80])
