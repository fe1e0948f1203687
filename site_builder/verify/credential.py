# SPDX-License-Identifier: Apache-2.0
"""Verdict on a signed Verifiable Credential: badge, learner record, endorsement or another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from site_builder.verify import dates, places, proving, recipient, schema, status
from site_builder.verify.forms import Known
from site_builder.verify.memory import Run
from site_builder.verify.reading import Token, listed, member, text_of
from site_builder.verify.report import About, Finding

Json = dict[str, Any]
BADGE, RECORD, ENDORSEMENT, OTHER = (
    "Open Badges 3.0",
    "Comprehensive Learner Record 2.0",
    "Endorsement",
    "Verifiable Credential",
)
_KINDS = {
    "OpenBadgeCredential": BADGE,
    "AchievementCredential": BADGE,
    "ClrCredential": RECORD,
    "EndorsementCredential": ENDORSEMENT,
}
# Lawful credentials about which there is no verdict here
LISTS = ("BitstringStatusListCredential", "StatusList2021Credential")
_NOT_READ = (*LISTS, "EnvelopedVerifiableCredential")


def kind_of(document: Json) -> str | None:
    """The kind of a Verifiable Credential; None for any other document."""
    types = listed(document.get("type"))
    if "VerifiableCredential" not in types:
        return None
    return next((kind for one, kind in _KINDS.items() if one in types), OTHER)


def not_read(document: Json) -> str | None:
    """The name of a kind that is known but gets no verdict here."""
    return next((one for one in _NOT_READ if one in listed(document.get("type"))), None)


def about(document: Json, kind: str) -> About:
    """What a credential says of itself, unproven."""
    issuer = status.issuer_of(document)
    since, until = _bounds(document)
    subject = document.get("credentialSubject")
    first = listed(subject)[:1]
    one = first[0] if first else None
    title = text_of(member(one, "achievement", "name")) if kind == BADGE else None
    return About(
        kind=kind,
        id=text_of(document.get("id")),
        title=title or text_of(document.get("name")),
        issuer=text_of(member(document.get("issuer"), "name")),
        issuer_id=issuer,
        host=places.host_of(issuer),
        holder=recipient.name_of(recipient.identities(one)),
        issued=since,
        until=until,
    )


def _bounds(document: Json) -> tuple[str | None, str | None]:
    since = dates.strictest(_of(document, "validFrom", "issuanceDate"), first=False)
    until = dates.strictest(_of(document, "validUntil", "expirationDate"), first=True)
    return (since[1] if since else None, until[1] if until else None)


def _of(document: Json, *names: str) -> list[Any]:
    return [document[name] for name in names if document.get(name) is not None]


def judge(
    document: Json,
    kind: str,
    run: Run,
    *,
    token: Token | None = None,
    read_from: str | None = None,
    asked: str | None = None,
    known: Known | None = None,
) -> list[Finding]:
    """The eight findings on a credential, in the order of `words.json`.

    Args:
        document: as read.
        kind: as `kind_of` says.
        run: may ask the issuer's host.
        token: the JWT it came in, whose signature then is the one that counts.
        read_from: URL it was read from.
        asked: name or e-mail address of who it should be about.
        known: the same document as one of a known form, by which it is then checked.
    """
    issuer = status.issuer_of(document)
    if token is None:
        proven = proving.judge(document, issuer, run, known)
    else:
        proven = proving.judge_token(token, issuer, run)
    subjects = listed(document.get("credentialSubject"))
    given = [one for subject in subjects for one in recipient.identities(subject)]
    return [
        proven.proof,
        proven.owner,
        proven.state,
        places.judge(document.get("id"), issuer, read_from),
        _dates(document, token, run),
        status.judge(document, issuer, run),
        schema.judge(document, kind) if known is None else known.form.schema,
        recipient.judge(given, asked),
    ]


def _dates(document: Json, token: Token | None, run: Run) -> Finding:
    begins = _of(document, "validFrom", "issuanceDate")
    ends = _of(document, "validUntil", "expirationDate")
    if token is not None:
        begins += [_stamp(token.payload[one]) for one in ("nbf",) if one in token.payload]
        more = [_stamp(token.payload[one]) for one in ("exp",) if one in token.payload]
        return dates.judge(begins, ends, run.now, more)
    proofs = listed(document.get("proof"))
    more = [one["expires"] for one in proofs if isinstance(one, dict) and "expires" in one]
    return dates.judge(begins, ends, run.now, more)


def _stamp(value: Any) -> Any:
    """A NumericDate (RFC 7519 section 2) as a date-time; what is none stays as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 4e9:
        return dt.datetime.fromtimestamp(int(value), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


_PARTS = ("verifiableCredential", "endorsement", "endorsementJwt")


def parts(value: Any) -> Iterator[Any]:
    """The credentials embedded in one, in the order they stand there, each not looked into.

    A part may be anything: an object, the text of a token, or a mistake.
    """
    if isinstance(value, list):
        for one in value:
            yield from parts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in _PARTS:
                yield from listed(one)
            elif name != "proof":
                yield from parts(one)
