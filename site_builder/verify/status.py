# SPDX-License-Identifier: Apache-2.0
"""Whether a credential still stands, by the status lists it names: own reading, with limits.

Source: W3C Bitstring Status List v1.0, section 3.2 (Validate Algorithm); W3C Status List 2021.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, replace
from typing import Any

from site_builder.verify import dates, places, proving
from site_builder.verify.memory import Run, Unreachable, Work
from site_builder.verify.reading import (
    LARGEST_LIST,
    Unreadable,
    base64url,
    listed,
    member,
    text_of,
    values_in,
)
from site_builder.verify.report import Finding, clause, finding, worst

Json = dict[str, Any]
_MOST_ENTRIES = 8
_MOST_PACKED = 2 << 20
_MOST_BITS = 16 << 20  # bytes
_FEWEST_BITS = 16 << 10  # bytes; section 3.1: fewer entries would tell whose status is asked for
_INDEX = re.compile(r"[0-9]{1,10}")
# Type of the entry: types of the list's credential and of its subject
_KINDS = {
    "BitstringStatusListEntry": ("BitstringStatusListCredential", "BitstringStatusList"),
    "StatusList2021Entry": ("StatusList2021Credential", "StatusList2021"),
}
_TAKES_BACK = ("revocation", "suspension")
_SAYS_ELSE = ("refresh", "message")  # section 2.2: about anything but whether it still stands
_MOST_VALUES = 2_000  # in a list; ours has about thirty


@dataclass(frozen=True, slots=True)
class _List:
    """A list as fetched and judged once per run.

    Attributes:
        trouble: a finding that makes the list of no use whoever asks; None: it can be read.
        doubt: a clause why it is not proven to be its issuer's; "" when it is.
        is_forged: its signature fails, or is not its issuer's: not even a set bit counts.
    """

    trouble: Finding | None = None
    doubt: str = ""
    is_forged: bool = False
    issuer: str | None = None
    purposes: tuple[str, ...] = ()
    bits: bytes = b""
    as_of: str = ""

    @property
    def is_passing(self) -> bool:
        """True for a judgement that may be another the next time."""
        if self.trouble is not None:
            return self.trouble.code == "status.unreachable"
        return bool(self.doubt) and not self.is_forged


def judge(document: Json, issuer: str | None, run: Run) -> Finding:
    """Whether a credential was taken back or set aside.

    Args:
        document: the credential.
        issuer: its issuer's id; a list by anybody else proves nothing.
        run: may ask the host of the list.
    """
    entries = listed(document.get("credentialStatus"))
    if not entries:
        return finding("status.none")
    if len(entries) > _MOST_ENTRIES:
        return finding("status.unsupported", kind=f"more than {_MOST_ENTRIES} lists")
    return worst([_entry(one, issuer, run) for one in entries])


def _entry(entry: Any, issuer: str | None, run: Run) -> Finding:
    kinds = listed(member(entry, "type"))
    kind = next((one for one in kinds if isinstance(one, str) and one in _KINDS), None)
    if kind is None:
        return finding("status.unsupported", kind=kinds[0] if kinds else "no kind")
    url, purpose = entry.get("statusListCredential"), entry.get("statusPurpose")
    if places.web(url) is None:
        return finding("status.unreachable", url=url, why="it is no https address")
    index = _index(entry.get("statusListIndex"))
    if index is None or not isinstance(purpose, str) or not _is_one(entry.get("statusSize", 1)):
        return finding("status.bad_list", url=url, why="its place in it cannot be read")
    if purpose in _SAYS_ELSE:
        return finding("status.none")
    if purpose not in _TAKES_BACK:
        return finding("status.unsupported", kind=f"one about '{purpose}'")
    key = f"{kind} {url}"
    found = run.memory.lists.get(key) or run.memory.keep_list(key, _fetched(url, kind, run))
    return _read(found, url, purpose, index, issuer)


def _is_one(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value == 1


def _index(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if _INDEX.fullmatch(value) else None
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_number else None


def _read(one: _List, url: str, purpose: str, index: int, issuer: str | None) -> Finding:
    """What a list says of one place in it."""
    if one.trouble is not None:
        return one.trouble
    if one.issuer != issuer:
        return finding("status.unproven_list", url=url, why=f"it is by {one.issuer or 'nobody'}")
    if one.is_forged:
        return finding("status.unproven_list", url=url, why=one.doubt)
    if purpose not in one.purposes:
        return finding("status.bad_list", url=url, why=f"it is not about '{purpose}'")
    if index >= len(one.bits) * 8:
        return finding("status.bad_list", url=url, why="it is too short to hold this one")
    is_set = bool(one.bits[index // 8] & (0x80 >> index % 8))  # bit 0 is the leftmost
    if is_set:
        if one.doubt:
            return finding("status.said_taken_back", url=url, why=one.doubt)
        code = "taken_back" if purpose == "revocation" else "suspended"
        return finding(f"status.{code}", reason="")
    if one.doubt:
        return finding("status.unproven_list", url=url, why=one.doubt)
    return finding("status.ok", as_of=one.as_of)


def _fetched(url: str, kind: str, run: Run) -> _List:
    try:
        document = run.document(url, LARGEST_LIST)
    except Unreachable as trouble:
        return _List(finding("status.unreachable", url=url, why=trouble))
    except Unreadable as trouble:
        return _List(finding("status.bad_list", url=url, why=trouble))
    if values_in(document) > _MOST_VALUES:
        why = "it holds more than any list needs"
        return _List(finding("status.bad_list", url=url, why=why))
    whole, part = _KINDS[kind]
    subject = document.get("credentialSubject")
    types = listed(document.get("type"))
    if whole not in types or part not in listed(member(subject, "type")):
        return _List(finding("status.bad_list", url=url, why="it is no status list"))
    try:
        bits = _bits(member(subject, "encodedList"))
    except Unreadable as trouble:
        return _List(finding("status.bad_list", url=url, why=trouble))
    late = _time_trouble(document, url, run)
    if late is not None:
        return _List(late)
    issuer = issuer_of(document)
    doubt, is_forged = _doubt(document, url, issuer, run)
    purposes = listed(member(subject, "statusPurpose"))
    begins = [document.get("validFrom"), document.get("issuanceDate")]
    since = dates.strictest(begins, first=False)
    return _List(
        doubt=doubt,
        is_forged=is_forged,
        issuer=issuer,
        purposes=tuple(one for one in purposes if isinstance(one, str)),
        bits=bits,
        as_of=dates.day(since[1]) if since else run.now.strftime("%Y-%m-%d"),
    )


def issuer_of(document: Json) -> str | None:
    """The id of a credential's issuer, given alone or with what is said of it."""
    issuer = document.get("issuer")
    return text_of(issuer) or text_of(member(issuer, "id"))


def _time_trouble(document: Json, url: str, run: Run) -> Finding | None:
    begins = [document[one] for one in ("validFrom", "issuanceDate") if one in document]
    ends = [document[one] for one in ("validUntil", "expirationDate") if one in document]
    found = dates.judge(begins, ends, run.now)
    if found.code == "dates.ended":
        until = dates.strictest(ends, first=True)
        return finding("status.stale_list", url=url, until=dates.day(until[1] if until else ""))
    if found.state == "failed" or found.code == "dates.unreadable":
        return finding("status.bad_list", url=url, why=clause(found.why))
    return None


def _doubt(document: Json, url: str, issuer: str | None, run: Run) -> tuple[str, bool]:
    """Why a list is not proven to be its issuer's, and whether it is proven not to be."""
    # With an account of its own: what is kept of it must not hang on who asked first.
    proven = proving.judge(document, issuer, replace(run, work=Work()))
    found = (proven.proof, proven.owner, proven.state)
    bad = next((one for one in found if one.state == "failed"), None)
    if bad is not None:
        return clause(bad.why), True
    if proven.proof.state != "passed":
        return clause(proven.proof.why), True
    own = document.get("id")
    if own is not None and own != url:
        return f"it says that it belongs at {own}", False
    open_ = next((one for one in found if one.state != "passed"), None)
    return (clause(open_.why), False) if open_ else ("", False)


def _bits(encoded: Any) -> bytes:
    """The bits of an encoded list: multibase base64url (or bare, as in 2021) of gzip.

    Raises:
        Unreadable: it is none, is cut short, or is larger or smaller than any list may be.
    """
    if not isinstance(encoded, str):
        raise Unreadable("it holds no list")
    packed = base64url(encoded.removeprefix("u"))  # gzip in base64 never begins with u
    if len(packed) > _MOST_PACKED:
        raise Unreadable("it is larger than any list need be")
    inflate = zlib.decompressobj(31)  # with a gzip header and its checksum
    try:
        bits = inflate.decompress(packed, _MOST_BITS + 1)
    except zlib.error:
        raise Unreadable("it is not compressed as it should be") from None
    if len(bits) > _MOST_BITS:
        raise Unreadable("it is larger than any list need be")
    if not inflate.eof or inflate.unused_data:
        raise Unreadable("it is cut short, or has more behind it")
    if len(bits) < _FEWEST_BITS:
        raise Unreadable("it has fewer than 131,072 entries")
    return bits
