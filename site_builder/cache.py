# SPDX-License-Identifier: Apache-2.0
"""Recipes and a byte cache: what was drawn once is not drawn again, and never wrongly.

A recipe is a function's name and plain arguments; its digest, over the code's version and the
arguments, is its key. QR codes are no longer among them: drawing one takes less than reading it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources

from site_builder.art import png
from site_builder.kept import Kept

_SIZE = 480  # pixels of a badge picture, each way


def _badge_png(svg: str) -> bytes:
    return png(svg, _SIZE)


FUNCTIONS: dict[str, Callable[..., bytes]] = {"badge_png": _badge_png}


@cache
def code_version() -> str:
    """SHA-256 over all that draws: our code, its lettering and the libraries' versions."""
    digest = hashlib.sha256()
    digest.update(f"resvg-py {metadata.version('resvg-py')}\0".encode())
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
        kept: where entries lie, usually below `.badges/kept`; None keeps nothing.
    """

    def __init__(self, kept: Kept | None = None) -> None:
        self._kept = kept or Kept(None)
        self.hits = 0
        self.made_anew = 0

    def made(self, recipe: Recipe) -> bytes:
        """The bytes of a recipe, from the cache when they are there and whole."""
        if self._kept.folder is None:
            return recipe.make()
        name = f"drawn/{recipe.digest}"
        found = self._kept.get(name)
        if found is not None:
            self.hits += 1
            return found
        data = recipe.make()
        self.made_anew += 1
        self._kept.put(name, data)
        return data
