# SPDX-License-Identifier: Apache-2.0
"""Bitstring Status Lists: one bit for each award, set when it no longer stands.

Source: W3C Bitstring Status List v1.0, sections 2 and 3; design/standards.md section 4.
"""

from __future__ import annotations

import base64
import datetime as dt
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from site_builder import addresses, claims
from site_builder.addresses import Site
from site_builder.model import Award

Json = dict[str, Any]
CONTEXT = "https://www.w3.org/ns/credentials/v2"
SIZE = 131_072  # entries; fewer would let a reader guess whose status is asked for
_NAMELESS_GZIP = b"\x1f\x8b\x08" + b"\0" * 7  # no date, no level, no operating system


def lists(awards: Iterable[Award]) -> Mapping[int, tuple[Award, ...]]:
    """The issued awards of each status list, private ones included, sorted by index."""
    found: dict[int, list[Award]] = {}
    for award in awards:
        if award.issued is not None and award.status_list is not None:
            found.setdefault(award.status_list.list, []).append(award)
    return {number: tuple(sorted(found[number], key=_index)) for number in sorted(found)}


def _index(award: Award) -> int:
    if award.status_list is None:
        raise ValueError(f"award {award.id} has no place in a status list")
    return award.status_list.index


def status_bits(awards: Iterable[Award], size: int = SIZE) -> bytes:
    """Revocation flags of one status list, packed one bit per award.

    Bit i (leftmost bit of byte 0 is i = 0) is 1 when the award with index i is suspended, revoked,
    superseded or withdrawn: one purpose, because Open Badges 3.0 allows one status entry.

    Args:
        awards: awards of this list; 0 <= index < size, all different.
        size: number of entries, a multiple of 8, at least 131,072 (16 KiB).

    Returns:
        size / 8 bytes, not yet compressed.

    Raises:
        ValueError: an index is out of range or used twice, or the size does not fit.

    Source: W3C Bitstring Status List v1.0, Bitstring Generation Algorithm.
    """
    if size < SIZE or size % 8:
        raise ValueError(f"not a size of a status list: {size}")
    bits, used = bytearray(size // 8), set()
    for award in awards:
        index = _index(award)
        if not 0 <= index < size:
            raise ValueError(f"award {award.id}: index {index} is out of range")
        if index in used:
            raise ValueError(f"award {award.id}: index {index} is used twice")
        used.add(index)
        if award.status.state != "active":
            bits[index // 8] |= 0x80 >> index % 8
    return bytes(bits)


def encoded(bits: bytes) -> str:
    """`u` and the base64url of the gzipped bits; the same text on every computer with one zlib.

    Other builds of zlib may compress otherwise: compare what `decoded` gives.
    """
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    trailer = zlib.crc32(bits).to_bytes(4, "little") + len(bits).to_bytes(4, "little")
    packed = _NAMELESS_GZIP + squeeze.compress(bits) + squeeze.flush() + trailer
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bits of a list of our own making; readers of other people's lists need limits."""
    packed = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    return zlib.decompress(packed, 31)


def credential(number: int, awards: Sequence[Award], site: Site, size: int = SIZE) -> Json:
    """The BitstringStatusListCredential of one list, unsigned; its `id` is its URL.

    No `validUntil`: once it lapsed, verifiers would refuse every award of the list.

    Args:
        number: of the list.
        awards: its issued awards, as `lists` gives them.
        site: public addresses; the issuer of the list is that of the awards.
        size: number of entries.

    Raises:
        ValueError: no awards, or as in `status_bits`.
    """
    address = site.url(addresses.status_list(number))
    return {
        "@context": [CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": addresses.issuer_did(site),
        "validFrom": claims.first_second(_newest_change(awards)),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(status_bits(awards, size)),
        },
    }


def _newest_change(awards: Sequence[Award]) -> dt.date:
    """The day of the newest award or status change, from the data and never from a clock."""
    days = [day for one in awards for day in (one.issued, one.status.on) if day is not None]
    if not days:
        raise ValueError("a status list without awards")
    return max(days)
