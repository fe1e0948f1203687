# SPDX-License-Identifier: Apache-2.0
"""Who a credential was issued to: the name it gives, or whether it fits what was asked for.

Source: Open Badges 3.0, IdentityObject; Open Badges 2.0, IdentityObject and "Identity hashing".
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from site_builder.verify.reading import listed, member, text_of
from site_builder.verify.report import Finding, finding

Json = dict[str, Any]
_EMAIL, _NAME = ("email", "emailAddress"), ("name",)


@dataclass(frozen=True, slots=True)
class Identity:
    """One identifier of a holder: its kind, its words or their hash, and the hash's salt."""

    kind: str
    value: str
    is_hashed: bool
    salt: str = ""


def identities(subject: Any) -> list[Identity]:
    """The identifiers of an Open Badges 3.0 subject that can be read."""
    found = []
    for one in listed(member(subject, "identifier")):
        value, is_hashed = text_of(member(one, "identityHash")), member(one, "hashed")
        if value and isinstance(is_hashed, bool):
            kind = text_of(member(one, "identityType")) or ""
            found.append(Identity(kind, value, is_hashed, text_of(member(one, "salt")) or ""))
    return found


def name_of(given: Iterable[Identity]) -> str | None:
    """The holder's name in clear, where there is one."""
    return next((one.value for one in given if one.kind in _NAME and not one.is_hashed), None)


def judge(given: Iterable[Identity], asked: str | None) -> Finding:
    """Who it was issued to, or whether that is who was asked for.

    Args:
        given: what the credential says of its holder.
        asked: a name or an e-mail address; None when nobody was asked for.
    """
    found = list(given)
    if asked is None:
        name = name_of(found)
        return finding("recipient.named", name=name) if name else finding("recipient.nameless")
    if any(_fits(one, asked) for one in found):
        return finding("recipient.matches")
    kinds = _EMAIL if "@" in asked else _NAME
    if any(one.kind in kinds and _is_comparable(one) for one in found):
        return finding("recipient.differs")
    return finding("recipient.cannot_tell")


def _is_comparable(one: Identity) -> bool:
    return not one.is_hashed or one.value.startswith("sha256$")


def _fits(one: Identity, asked: str) -> bool:
    if not one.is_hashed:
        return _plain(one.value) == _plain(asked)
    words = " ".join(asked.split())
    hashes = {
        "sha256$" + hashlib.sha256(f"{spelled}{one.salt}".encode()).hexdigest()
        for spelled in (words, words.lower())
    }
    return one.value.lower() in hashes


def _plain(text: str) -> str:
    return " ".join(
        unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split()
    )
