# SPDX-License-Identifier: Apache-2.0
"""Digests of what a build is made by and made from; equal digests, equal bytes."""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from site_builder.sources import Source

_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = (
    "click", "cryptography", "jinja2", "markdown", "markupsafe", "mkdocs", "mkdocs-material", "nh3",
    "pydantic", "pydantic-core", "pymdown-extensions", "pyoxigraph", "pyyaml", "qrcode", "resvg-py",
)  # fmt: skip


@cache
def code() -> str:
    """SHA-256 over every file of this package and the versions of what it stands on."""
    digest = hashlib.sha256(f"Python {sys.version}, zlib {zlib.ZLIB_RUNTIME_VERSION}\n".encode())
    for name in _LIBRARIES:
        digest.update(f"{name} {_version(name)}\n".encode())
    for path in sorted(_PACKAGE.rglob("*")):
        if "__pycache__" not in path.parts and path.is_file():
            data = path.read_bytes()
            digest.update(f"{path.relative_to(_PACKAGE)} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def of_sources(sources: Iterable[Source]) -> str:
    """SHA-256 over paths and bytes of files that were read."""
    digest = hashlib.sha256()
    for one in sources:
        digest.update(f"{one.path} {len(one.data)}\n".encode() + one.data)
    return digest.hexdigest()


def of_folder(folder: Path) -> str:
    """SHA-256 over paths and bytes of everything below a folder; of no folder too."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            digest.update(f"{path.relative_to(folder)} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def key(*parts: str) -> str:
    """One SHA-256 over several, hexadecimal."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
