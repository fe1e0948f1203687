# SPDX-License-Identifier: Apache-2.0
"""What one process learned of documents, kept for the next ones in a store of bytes.

Whoever could write a template could have anything signed. So an entry is sealed with a secret of
whoever signs, and one that is changed, moved, foreign or of other code is as good as none. Only
what gave the library's bytes is kept. No entry holds a word about a person: those are the holes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from functools import cache
from importlib import metadata, resources
from typing import Any, Protocol

from site_builder.json_text import compact
from site_builder.proofs.blocks import Block
from site_builder.proofs.pattern import Line, Template

Json = dict[str, Any]
_SEAL = 32  # bytes


class Store(Protocol):
    """Bytes by name; a cache will do. It may forget, and need not be trusted."""

    def get(self, key: str) -> bytes | None:
        """The bytes last put there, or None."""

    def put(self, key: str, data: bytes) -> None:
        """Keeps bytes under a name of 64 hexadecimal digits."""


class Memory:
    """Values of JSON in a store, each under a seal.

    Args:
        store: where they lie.
        secret: what only those have who sign with one key.
    """

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = secret

    def get(self, kind: str, what: str) -> Any:
        """What was put, or None where there is nothing, or nothing to be trusted."""
        name = self._name(kind, what)
        entry = self._store.get(name)
        if entry is None:
            return None
        seal, data = entry[:_SEAL], entry[_SEAL:]
        return json.loads(data) if hmac.compare_digest(seal, self._seal(name, data)) else None

    def put(self, kind: str, what: str, value: Any) -> None:
        name = self._name(kind, what)
        data = compact(value).encode()
        self._store.put(name, self._seal(name, data) + data)

    def _name(self, kind: str, what: str) -> str:
        text = f"name\0{code_version()}\0{kind}\0{what}"
        return hmac.new(self._secret, text.encode(errors="surrogatepass"), "sha256").hexdigest()

    def _seal(self, name: str, data: bytes) -> bytes:
        return hmac.digest(self._secret, b"seal\0" + name.encode() + b"\0" + data, "sha256")


@cache
def code_version() -> str:
    """SHA-256 over all that decides what is learned: this folder, the contexts, the library."""
    digest = hashlib.sha256(f"pyoxigraph {metadata.version('pyoxigraph')}\0".encode())
    package = resources.files("site_builder")
    files = [
        *(package / "proofs").iterdir(),
        package / "contexts" / "index.json",
        package / "json_text.py",
    ]
    for file in sorted(files, key=lambda one: one.name):
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def template_json(one: Template) -> Json:
    """A template as JSON can hold it."""
    return {
        "constant": [line.decode() for line in one.constant.lines],
        "form": one.form,
        "order": one.order,
        "first_blank": one.first_blank,
        "is_address": one.is_address,
        "contexts": one.contexts,
        "addresses": sorted(one.addresses),
        "hashes": one.hashes,
        "touching": [[[line.texts, line.fills] for line in about] for about in one.touching],
    }


def template_from(kept: Json) -> Template:
    """The template that `template_json` gave."""
    return Template(
        constant=Block.of(map(str.encode, kept["constant"])),
        form=kept["form"],
        order=tuple(kept["order"]),
        first_blank=kept["first_blank"],
        is_address=tuple(kept["is_address"]),
        contexts=tuple(kept["contexts"]),
        addresses=frozenset(kept["addresses"]),
        hashes=tuple(kept["hashes"]),
        touching=tuple(
            tuple(Line(tuple(texts), tuple(fills)) for texts, fills in about)
            for about in kept["touching"]
        ),
    )


def part_json(one: Block) -> Sequence[str]:
    """The quads of a part as JSON can hold them."""
    return [line.decode() for line in one.lines]


def part_from(kept: Sequence[str]) -> Block:
    """The quads that `part_json` gave."""
    return Block.of(map(str.encode, kept))
