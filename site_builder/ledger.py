# SPDX-License-Identifier: Apache-2.0
"""What a site has published, so that a later one can be held against it; names nobody.

One entry for each award with a public address, unlisted ones included: who knows an award can find
its entry, and who does not learns only how many there are and in which state.

Source: design/trust.md section 3, "Nothing lost".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from site_builder.json_text import compact
from site_builder.model import Award

Json = dict[str, Any]
LEDGER = "ledger.json"
MOST_TOGETHER = 10_000  # entries; a file of some megabytes, written anew with each change


def entry(award: Award, issuer: str) -> list[str]:
    """What the ledger says of a published award: its identity, core and state.

    Raises:
        ValueError: the award has no salt; the check asks for one.
    """
    return [identity(award.id), core(award, issuer), award.status.state]


def ledger_files(
    entries: Callable[[], Iterator[Sequence[str]]],
    issuer: str,
    *,
    most: int = MOST_TOGETHER,
    total: int | None = None,
    part: int = 0,
    of: int = 1,
) -> Iterator[tuple[str, Json]]:
    """The ledger, as (path, JSON): in one file, beyond some thousands of awards in 256 more.

    Sorted by identity, so that the order tells nothing. Each of the many holds those whose identity
    begins with the same two digits: one changed award changes one of them.

    Args:
        entries: gives what `entry` made anew at each call, sorted; for other parts than 0 those of
            the part are enough.
        issuer: the issuer's DID.
        most: entries that still stand in one file.
        total: how many there are, where `entries` does not give all.
        part: which part, from 0, of how many (a divisor of 16): it makes the files of the first
            digits that leave it as a rest, and part 0 also `ledger.json`.
    """
    if total is None:
        total = sum(1 for _ in entries())
    if total <= most:
        if part == 0:
            yield LEDGER, {"issuer": issuer, "awards": list(map(_named, entries()))}
        return
    parts = []
    for start, group in groupby(entries(), _start):
        parts.append(f"ledger/{start}.json")
        if int(start[0], 16) % of == part:
            yield parts[-1], {"issuer": issuer, "awards": list(map(_named, group))}
    if part == 0:
        yield LEDGER, {"issuer": issuer, "awards": [], "total": total, "parts": parts}


def _start(one: Sequence[str]) -> str:
    return one[0][:2]


def _named(one: Sequence[str]) -> Json:
    return dict(zip(("award", "core", "state"), one, strict=True))


def identity(award_id: str) -> str:
    """SHA-256 of an award's id, hexadecimal; ids are random, so nobody guesses one."""
    return hashlib.sha256(award_id.encode()).hexdigest()


def core(award: Award, issuer: str) -> str:
    """Salted SHA-256 of what must never change in silence about an award, hexadecimal.

    That is: its id, the version of the credential, the holder's opaque id, the issuer, and its
    dates. A holder's name and all prose may change.

    Raises:
        ValueError: the award has no salt; the check asks for one.
    """
    if award.salt is None:
        raise ValueError(f"award {award.id} has no salt")
    fields = [
        award.salt,
        award.id,
        award.credential,
        award.teacher,
        issuer,
        award.issued.isoformat() if award.issued else None,
        award.expires.isoformat() if award.expires else None,
    ]
    return hashlib.sha256(compact(fields).encode()).hexdigest()
