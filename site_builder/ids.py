# SPDX-License-Identifier: Apache-2.0
"""Random names, salts and status places: minted once, never derived from a person.

With `keys` the only place where randomness enters.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

# Crockford's base 32 in small letters, without i, l, o and u
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26  # 130 bits: an unlisted address that nobody can guess
STATUS_LIST_SIZE = 131_072  # entries; W3C Bitstring Status List v1.0, minimum 16 KiB


def mint_id() -> str:
    """A new id of an award, a teacher or an unlisted backpack: 26 characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def mint_salt() -> str:
    """A new salt of an award's core hash, as strong as an id."""
    return mint_id()


def status_index(taken: Collection[int] = ()) -> int:
    """A place in a status list that is not taken; drawn, so that it says nothing about order.

    Args:
        taken: places of this list in use, each 0 <= place < `STATUS_LIST_SIZE`.

    Raises:
        ValueError: the list is half full; open a further one.
    """
    used = set(taken)
    if 2 * len(used) >= STATUS_LIST_SIZE:
        raise ValueError("the status list is half full")
    while (index := secrets.randbelow(STATUS_LIST_SIZE)) in used:
        pass
    return index
