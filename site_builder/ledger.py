# SPDX-License-Identifier: Apache-2.0
"""What a site has published, so that a later one can be held against it; names nobody.

One entry for each award with a public address, unlisted ones included: who knows an award can find
its entry, and who does not learns only how many there are and in which state.

Source: design/trust.md section 3, "Nothing lost".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from site_builder.model import Award

Json = dict[str, Any]


def ledger(awards: Iterable[Award], issuer: str) -> Json:
    """The ledger of published awards, sorted by entry, so that its order tells nothing.

    Args:
        awards: `catalog.published`.
        issuer: the issuer's DID.
    """
    entries = [
        {"award": identity(one.id), "core": core(one, issuer), "state": one.status.state}
        for one in awards
    ]
    return {"issuer": issuer, "awards": sorted(entries, key=_by_award)}


def _by_award(entry: Mapping[str, str]) -> str:
    return entry["award"]


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
        award.id,
        award.credential,
        award.teacher,
        issuer,
        award.issued.isoformat() if award.issued else None,
        award.expires.isoformat() if award.expires else None,
    ]
    text = json.dumps([award.salt, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
