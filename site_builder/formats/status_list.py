# SPDX-License-Identifier: Apache-2.0
"""Bitstring Status Lists: one bit for each award, set when it no longer stands.

Source: W3C Bitstring Status List v1.0, sections 2 and 3; design/standards.md section 4.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from site_builder import addresses
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


class Entry(NamedTuple):
    """What a status list holds of one award; plain values, so that a million of them are small.

    Attributes:
        place: its index in the list.
        is_set: True when the award no longer stands.
        newest: day of its issue or of its newest change of state, as `2016-03-14`.
    """

    place: int
    is_set: bool
    newest: str


def entry(award: Award) -> Entry:
    """The entry of an issued award.

    Raises:
        ValueError: it has no place in a status list, or no day.
    """
    days = [day for day in (award.issued, award.status.on) if day is not None]
    if not days:
        raise ValueError(f"award {award.id} has no day")
    return Entry(_index(award), award.status.state != "active", max(days).isoformat())


class Bits:
    """Flags of one status list, merged of any number of entries in any order; 32 KiB of memory.

    Bit i (leftmost bit of byte 0 is i = 0) is 1 when the award with index i is suspended, revoked,
    superseded or withdrawn: one purpose, because Open Badges 3.0 allows one status entry.

    Args:
        size: number of entries, a multiple of 8, at least 131,072 (16 KiB).

    Attributes:
        newest: the newest day of all entries, "" where there are none.

    Raises:
        ValueError: the size does not fit.

    Source: W3C Bitstring Status List v1.0, Bitstring Generation Algorithm.
    """

    def __init__(self, size: int = SIZE) -> None:
        if size < SIZE or size % 8:
            raise ValueError(f"not a size of a status list: {size}")
        self._size = size
        self._set, self._used = bytearray(size // 8), bytearray(size // 8)
        self.newest = ""

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Bits:
        """The flags of some entries; errors as in `add`."""
        made = cls()
        for one in entries:
            made.add(one)
        return made

    def add(self, one: Entry) -> None:
        """Adds an entry.

        Raises:
            ValueError: its index is out of range or used already.
        """
        index = one.place
        if not 0 <= index < self._size:
            raise ValueError(f"index {index} is out of range")
        byte, bit = index // 8, 0x80 >> index % 8
        if self._used[byte] & bit:
            raise ValueError(f"index {index} is used twice")
        self._used[byte] |= bit
        if one.is_set:
            self._set[byte] |= bit
        self.newest = max(self.newest, one.newest)

    @property
    def packed(self) -> bytes:
        """One bit for each place, not yet compressed."""
        return bytes(self._set)


def status_bits(awards: Iterable[Award], size: int = SIZE) -> bytes:
    """Revocation flags of one status list, packed one bit per award; see `Bits`.

    Args:
        awards: awards of this list; 0 <= index < size, all different.
        size: number of entries, a multiple of 8, at least 131,072 (16 KiB).

    Returns:
        size / 8 bytes, not yet compressed.

    Raises:
        ValueError: an index is out of range or used twice, or the size does not fit.
    """
    return _merged(awards, size).packed


def _merged(awards: Iterable[Award], size: int) -> Bits:
    made = Bits(size)
    for award in awards:
        one = entry(award)
        try:
            made.add(one)
        except ValueError as error:
            raise ValueError(f"award {award.id}: {error}") from None
    return made


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


def credential(number: int, awards: Iterable[Award], site: Site, size: int = SIZE) -> Json:
    """The BitstringStatusListCredential of one list, unsigned; see `credential_of`.

    Args:
        number: of the list.
        awards: its issued awards, as `lists` gives them.
        site: public addresses.
        size: number of entries.

    Raises:
        ValueError: no awards, or as in `status_bits`.
    """
    return credential_of(number, _merged(awards, size), site)


def credential_of(number: int, bits: Bits, site: Site) -> Json:
    """The BitstringStatusListCredential of one list, unsigned; its `id` is its URL.

    No `validUntil`: once it lapsed, verifiers would refuse every award of the list. Dated by the
    newest change, from the data and never from a clock.

    Args:
        number: of the list.
        bits: of all its issued awards, private ones included.
        site: public addresses; the issuer of the list is that of the awards.

    Raises:
        ValueError: there are no entries.
    """
    if not bits.newest:
        raise ValueError("a status list without awards")
    address = site.url(addresses.status_list(number))
    return {
        "@context": [CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": addresses.issuer_did(site),
        "validFrom": f"{bits.newest}T00:00:00Z",
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(bits.packed),
        },
    }
