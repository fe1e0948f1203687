# SPDX-License-Identifier: Apache-2.0
"""Recipes and a byte cache: what was drawn once is not drawn again, and never wrongly.

A recipe is a function's name and plain arguments; its digest, over the code's version and the
arguments, is its key. An entry carries a checksum of its own bytes: one flipped bit makes it
worthless, and it is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from site_builder.art import png, qr_svg

_SIZE = 480  # pixels of a badge picture, each way


def _badge_png(svg: str) -> bytes:
    return png(svg, _SIZE)


def _qr_svg(url: str, label: str) -> bytes:
    return qr_svg(url, label=label).encode()


FUNCTIONS: dict[str, Callable[..., bytes]] = {"badge_png": _badge_png, "qr_svg": _qr_svg}


@cache
def code_version() -> str:
    """SHA-256 over all that draws: our code, its lettering and the libraries' versions."""
    digest = hashlib.sha256()
    for library in ("qrcode", "resvg-py"):
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    digest.update(f"{_SIZE} pixels\0".encode())
    package = resources.files("site_builder")
    for folder in (package / "art", package / "assets" / "lettering"):
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.is_file():
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make some bytes: picklable, so fit for any executor, and its own cache key."""

    function: str
    arguments: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the code, the function and its arguments, hexadecimal."""
        text = json.dumps([code_version(), self.function, *self.arguments])
        return hashlib.sha256(text.encode()).hexdigest()

    def make(self) -> bytes:
        """Runs the recipe."""
        return FUNCTIONS[self.function](*self.arguments)


class Cache:
    """Bytes by recipe in a folder that may be deleted at any time.

    Args:
        folder: where entries lie, usually `.badges/cache`; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.hits = 0
        self.made_anew = 0

    def made(self, recipe: Recipe) -> bytes:
        """The bytes of a recipe, from the cache when they are there and whole."""
        if self._folder is None:
            return recipe.make()
        digest = recipe.digest
        path = self._folder / digest[:2] / digest[2:]
        kept = _whole(path)
        if kept is not None:
            self.hits += 1
            return kept
        data = recipe.make()
        self.made_anew += 1
        _keep(path, data)
        return data


def _whole(path: Path) -> bytes | None:
    """The entry's bytes, or None when there is none or its checksum does not fit."""
    try:
        entry = path.read_bytes()
    except OSError:
        return None
    checksum, data = entry[:32], entry[32:]
    return data if hashlib.sha256(data).digest() == checksum else None


def _keep(path: Path, data: bytes) -> None:
    """Writes an entry whole or not at all; a cache that cannot be written is only slower."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(hashlib.sha256(data).digest() + data)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
