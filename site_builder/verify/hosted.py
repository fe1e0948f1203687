# SPDX-License-Identifier: Apache-2.0
"""Verdict on a hosted Open Badges 2.0 assertion: what counts is what its own address says.

Nothing is signed: who can change the file at that address can change the badge. So it is read there
and compared, and its issuer must answer for that address.

Source: Open Badges v2.0, sections "Verification" and "Hosted verification"; design/standards.md 2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from site_builder.verify import dates, recipient
from site_builder.verify.memory import Run, Unreachable
from site_builder.verify.places import host as _host
from site_builder.verify.reading import Unreadable, listed, member, text_of
from site_builder.verify.recipient import Identity
from site_builder.verify.report import About, Finding, finding, worst

Json = dict[str, Any]
KIND = "Open Badges 2.0"
_CONTEXT = "https://w3id.org/openbadges/v2"
_OLD_CONTEXT = "https://w3id.org/openbadges/v1"
NOT_BADGES = (
    "BadgeClass",
    "Issuer",
    "Profile",
    "RevocationList",
    "CryptographicKey",
    "Achievement",
    "VerifiablePresentation",
)


def is_assertion(document: Json) -> bool:
    """True for an Open Badges 2.0 assertion, whatever else is wrong with it."""
    return "Assertion" in listed(document.get("type")) and _CONTEXT in _contexts(document)


def not_read(document: Json) -> str | None:
    """The name of a kind that is known but gets no verdict here."""
    types = listed(document.get("type"))
    if "Assertion" in types and _OLD_CONTEXT in _contexts(document):
        return "Open Badges 1.1"
    signed = ("SignedBadge", "signed")
    if is_assertion(document) and member(document, "verification", "type") in signed:
        return f"Signed {KIND}"
    return next((one for one in NOT_BADGES if one in types), None)


def _contexts(document: Json) -> list[Any]:
    return listed(document.get("@context"))


@dataclass
class _Asked:
    """What the addresses an assertion names said.

    Attributes:
        record: the assertion at its own address; None where it could not be had.
        badge, issuer: what it was awarded for and by whom; empty where they could not be had.
        issuer_url: where the issuer's profile was read.
        address: findings on the address, the worst of which counts.
    """

    record: Json | None = None
    badge: Json = field(default_factory=dict)
    issuer: Json = field(default_factory=dict)
    issuer_url: str = ""
    address: list[Finding] = field(default_factory=list)


def judge(
    given: Json, run: Run, read_from: str | None, asked: str | None
) -> tuple[About, list[Finding]]:
    """What an assertion says of itself, and the eight findings on it.

    Args:
        given: the assertion as read.
        run: asks the address the assertion names, unless it was read there.
        read_from: the URL it was read from, after redirects; None for a file or picture.
        asked: name or e-mail address of who it should be about.
    """
    own = text_of(given.get("id")) or ""
    found = _Asked()
    _ask_record(given, own, read_from, run, found)
    _ask_issuer(given, own, run, found)
    since, until = given.get("issuedOn"), given.get("expires")
    ends = [] if until is None else [until]
    holder = _holder(given)
    about = About(
        kind=KIND,
        id=own or None,
        title=text_of(found.badge.get("name")),
        issuer=text_of(found.issuer.get("name")),
        issuer_id=found.issuer_url or None,
        host=_host(own),
        holder=recipient.name_of(holder),
        issued=since if dates.moment(since) else None,
        until=until if dates.moment(until) else None,
    )
    return about, [
        finding("proof.hosted"),
        finding("key_owner.hosted"),
        finding("key_state.hosted"),
        worst([*found.address, finding("address.hosted", host=_host(own))]),
        dates.judge([] if since is None else [since], ends, run.now),
        _status(given, own, run, found),
        _form(given, found),
        recipient.judge(holder, asked),
    ]


def _holder(given: Json) -> list[Identity]:
    one = given.get("recipient")
    value = text_of(member(one, "identity"))
    if value is None:
        return []
    salt = text_of(member(one, "salt")) or ""
    is_hashed = member(one, "hashed") is True
    return [Identity(text_of(member(one, "type")) or "", value, is_hashed, salt)]


def _ask_record(given: Json, own: str, read_from: str | None, run: Run, found: _Asked) -> None:
    """The assertion as its own address has it."""
    if _host(own) is None:
        why = "it is no address on the web"
        found.address.append(finding("address.hosted_unread", id=own or "nothing", why=why))
        return
    if read_from is not None:
        if read_from.partition("#")[0] == own:
            found.record = given
        else:
            found.address.append(finding("address.hosted_other", **{"from": read_from}, id=own))
        return
    try:
        found.record = run.document(own)
    except (Unreachable, Unreadable) as trouble:
        found.address.append(finding("address.hosted_unread", id=own, why=trouble))
        return
    if not _same(found.record, given) and found.record.get("revoked") is not True:
        found.address.append(finding("address.hosted_differs", id=own))


def _same(one: Json, other: Json) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _ask_issuer(given: Json, own: str, run: Run, found: _Asked) -> None:
    """The badge class and its issuer, and whether the issuer answers for the address."""
    if given.get("badge") is None and given.get("revoked") is True:
        return  # a stub of what was taken back need not name them
    host = _host(own)
    try:
        found.badge, _ = _object(given.get("badge"), run)
        found.issuer, found.issuer_url = _object(found.badge.get("issuer"), run)
    except (Unreachable, Unreadable) as trouble:
        found.address.append(finding("address.hosted_unread", id=own or "nothing", why=trouble))
        return
    if not _answers_for(found, own):
        said = found.issuer.get("id") or found.issuer_url or "nobody"
        found.address.append(finding("address.hosted_issuer", issuer=said, host=host))


def _object(value: Any, run: Run) -> tuple[Json, str]:
    """An object given as its URL or embedded, with its URL.

    One that is embedded never counts for itself where it has an address: whoever writes it can
    write somebody else's address into it, also of the same host, and leave out what was revoked.
    """
    url = text_of(value) or text_of(member(value, "id")) or ""
    if _host(url) is not None:
        return run.document(url), url
    if isinstance(value, dict) or not url:
        return (value if isinstance(value, dict) else {}), url
    raise Unreadable(f"'{url[:80]}' is no address on the web")


def _answers_for(found: _Asked, own: str) -> bool:
    """Whether the issuer's profile lets assertions lie at this address."""
    issuer, home, host = found.issuer, _host(found.issuer_url), _host(own)
    if home is None or _host(issuer.get("id", found.issuer_url)) != home:
        return False
    allowed = listed(member(issuer, "verification", "allowedOrigins"))
    starts = listed(member(issuer, "verification", "startsWith"))
    if starts and not any(isinstance(one, str) and own.startswith(one) for one in starts):
        return False
    return host in (allowed or [home])


def _status(given: Json, own: str, run: Run, found: _Asked) -> Finding:
    if found.record is None:
        if given.get("revoked") is True:
            return _taken_back(given)
        return finding("status.hosted_unread")
    if found.record.get("revoked") is True:
        return _taken_back(found.record)
    if not found.issuer:
        return finding("status.hosted_unread")  # nobody knows whether it names a list
    url = found.issuer.get("revocationList")
    if url is None:
        return finding("status.hosted_ok")
    if _host(url) is None:
        return finding("status.unreachable", url=url, why="it is no address on the web")
    try:
        entries = run.memory.derived(url, run.document(url), _revoked)
    except Unreachable as trouble:
        return finding("status.unreachable", url=url, why=trouble)
    except Unreadable as trouble:
        return finding("status.bad_list", url=url, why=trouble)
    names = [own, *([given["uid"]] if text_of(given.get("uid")) else [])]
    said = [entries[name] for name in names if name in entries]
    if said:
        _, one = min(said, key=lambda each: each[0])
        return _taken_back(one if isinstance(one, dict) else {})
    return finding("status.hosted_ok")


def _revoked(document: Json) -> dict[str, tuple[int, Any]]:
    """The entries of a revocation list, with their place there, by each name they give."""
    found: dict[str, tuple[int, Any]] = {}
    for number, one in enumerate(listed(document.get("revokedAssertions"))):
        said = [one] if isinstance(one, str) else [member(one, "id"), member(one, "uid")]
        for name in said:
            if isinstance(name, str):
                found.setdefault(name, (number, one))
    return found


def _taken_back(record: Json) -> Finding:
    said = text_of(record.get("revocationReason"))
    return finding("status.taken_back", reason=f": {said.rstrip('.')}" if said else "")


def _form(given: Json, found: _Asked) -> Finding:
    """Whether the members the standard asks for are there, each of its kind."""
    why = _missing(given)
    if not why and found.badge:
        why = _misses(found.badge, "badge class", ("name", "description", "image", "criteria"))
    if not why and found.badge and not isinstance(found.badge.get("issuer"), str | dict):
        why = "its badge class has no 'issuer'"
    if not why and found.issuer:
        why = _misses(found.issuer, "issuer", ("name",))
    if why:
        return finding("schema.failed", standard=KIND, why=why)
    return finding("schema.ok", standard=KIND)


def _missing(given: Json) -> str:
    """A clause about the first thing wrong with the assertion itself; "" for nothing."""
    if _host(given.get("id")) is None:
        return "its 'id' is no address on the web"
    revoked = given.get("revoked")
    if revoked is not None and not isinstance(revoked, bool):
        return "its 'revoked' is neither true nor false"
    if revoked is True:
        return ""  # Open Badges 2.0, "Assertion": what was taken back may be a stub
    holder = given.get("recipient")
    identity = text_of(member(holder, "identity"))
    if identity is None or text_of(member(holder, "type")) is None:
        return "it has no 'recipient' with type and identity"
    is_hashed = member(holder, "hashed")
    if is_hashed is not None and not isinstance(is_hashed, bool):
        return "its recipient's 'hashed' is neither true nor false"
    if is_hashed is True and not identity.startswith(("sha256$", "md5$")):
        return "its recipient's identity is not hashed, as it says"
    if not isinstance(given.get("badge"), str | dict):
        return "it has no 'badge'"
    kinds = listed(member(given, "verification", "type"))
    if not {"HostedBadge", "hosted"} & {one for one in kinds if isinstance(one, str)}:
        return "it has no 'verification' of a kind that is known"
    if not isinstance(given.get("issuedOn"), str):
        return "it has no 'issuedOn'"
    image = given.get("image")
    picture = text_of(image) or text_of(member(image, "id")) or ""
    if picture.startswith("data:"):
        return "its 'image' is a picture and not an address"
    return ""


def _misses(body: Json, name: str, members: tuple[str, ...]) -> str:
    missing = [one for one in members if not isinstance(body.get(one), str | dict) or not body[one]]
    return f"its {name} has no '{missing[0]}'" if missing else ""
