# SPDX-License-Identifier: Apache-2.0
"""How lists of files are kept: 40 bytes a file and its path, and JSON under its own checksum."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIGEST_SIZE = 32
_ROW_SIZE = _DIGEST_SIZE + 8  # bytes: a sha256 and a length


def row(data: bytes) -> bytes:
    """Sha256 and length of a file, packed."""
    return hashlib.sha256(data).digest() + len(data).to_bytes(_ROW_SIZE - _DIGEST_SIZE, "little")


def sha256_of(packed_row: bytes) -> str:
    """The sha256 in a row, hexadecimal."""
    return packed_row[:_DIGEST_SIZE].hex()


def size_of(packed_row: bytes) -> int:
    """The length in a row, bytes."""
    return int.from_bytes(packed_row[_DIGEST_SIZE:], "little")


def packed(rows: Mapping[str, bytes]) -> bytes:
    """A list of files as bytes, the same for every order: count, rows, paths, sorted by path."""
    paths = sorted(rows)
    names = "\0".join(paths).encode("utf-8", "surrogateescape")
    return b"%d\n%b%b" % (len(paths), b"".join([rows[path] for path in paths]), names)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The list of files that `packed` made; its checksum is known to be right."""
    head = data.index(b"\n") + 1
    count = int(data[:head])
    end = head + count * _ROW_SIZE
    if not count:
        return {}
    paths = data[end:].decode("utf-8", "surrogateescape").split("\0")
    rows = [data[at : at + _ROW_SIZE] for at in range(head, end, _ROW_SIZE)]
    return dict(zip(paths, rows, strict=True))


def seal(content: object) -> bytes:
    """JSON after a line with its checksum."""
    data = json.dumps(content, separators=(",", ":")).encode("ascii")
    return hashlib.sha256(data).hexdigest().encode() + b"\n" + data


def unseal(data: bytes) -> dict[str, Any]:
    """What was sealed.

    Raises:
        ValueError: the checksum does not fit.
    """
    checksum, _, content = data.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != checksum:
        raise ValueError("the checksum does not fit")
    found: dict[str, Any] = json.loads(content)
    return found
