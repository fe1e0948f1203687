# SPDX-License-Identifier: Apache-2.0
"""Strangers' bytes as JSON or as a token, strictly: two readers must never see two documents."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
LARGEST = 1 << 20  # bytes of a credential's text
LARGEST_PICTURE = 5 << 20
LARGEST_LIST = 4 << 20  # bytes of a status list, whose encoding may hold 2 MiB
_DEEPEST = 64
_SAFE_INTEGER = 2**53 - 1  # beyond it, JavaScript reads another number
_SURROGATE = re.compile("[\ud800-\udfff]")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}")
# RFC 7519 section 7.2; the third part is empty where nothing signs it (RFC 7515 appendix A.5)
_TOKEN = re.compile(rb"\s*([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)\s*")


class Unreadable(Exception):  # noqa: N818 - about a document; a verdict says what follows
    """Bytes that are not what they should be; the message is a clause without a full stop."""


def read_json(data: bytes, most: int = LARGEST) -> Json:
    """The JSON object in some bytes.

    Raises:
        Unreadable: larger than `most`, not UTF-8, not strict JSON, or no object.
    """
    if len(data) > most:
        raise Unreadable(f"it is larger than {most:,} bytes")
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("it is not text in UTF-8") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is no JSON, line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise Unreadable("it is nested too deep") from None
    if not isinstance(value, dict):
        raise Unreadable("it is JSON, but no object")
    _look_through(value)
    return value


def _members(pairs: list[tuple[str, Any]]) -> Json:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(one for one, _ in pairs if one in seen or seen.add(one))  # type: ignore[func-returns-value]
        raise Unreadable(f"'{twice[:60]}' stands twice in one object")
    return made


def _integer(text: str) -> int:
    value = int(text) if len(text) <= 17 else _SAFE_INTEGER + 1
    if abs(value) > _SAFE_INTEGER:
        raise Unreadable("it holds a number too large to be read the same everywhere")
    return value


def _fraction(text: str) -> float:
    """The number; a whole one as a whole number, as JavaScript cannot tell 1.0 from 1."""
    value = float(text)
    if not math.isfinite(value) or abs(value) > _SAFE_INTEGER:
        raise Unreadable("it holds a number too large to be read the same everywhere")
    return int(value) if value.is_integer() else value


def _constant(text: str) -> float:
    raise Unreadable(f"it is no JSON: {text}")


def _look_through(value: Any) -> None:
    """Raises `Unreadable` for nesting too deep and for halves of characters."""
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, str):
            if not one.isascii() and _SURROGATE.search(one):
                raise Unreadable("it holds half a character (a lone surrogate)")
        elif isinstance(one, dict | list):
            if depth > _DEEPEST:
                raise Unreadable("it is nested too deep")
            inside = [*one.keys(), *one.values()] if isinstance(one, dict) else one
            waiting.extend((each, depth + 1) for each in inside)


def base64url(text: str) -> bytes:
    """The bytes of a base64url text, with or without padding.

    Raises:
        Unreadable: it is none.
    """
    if not _BASE64URL.fullmatch(text):
        raise Unreadable("it is not base64url")
    bare = text.rstrip("=")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        raise Unreadable("it is not base64url") from None


@dataclass(frozen=True, slots=True)
class Token:
    """A compact JWT, nothing of it proven yet.

    Attributes:
        signed: the bytes its signature covers.
        credential: the credential in its payload, without the claims of the token.
    """

    header: Json
    payload: Json
    credential: Json
    signed: bytes
    signature: bytes


_CLAIMS = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf"})


def looks_like_token(data: bytes) -> bool:
    """True for three base64url parts with dots between them and nothing else."""
    return len(data) <= LARGEST and _TOKEN.fullmatch(data) is not None


def read_token(data: bytes) -> Token:
    """The parts of a compact JWT that holds a credential.

    Raises:
        Unreadable: it is none, or its parts are no strict JSON objects.
    """
    found = _TOKEN.fullmatch(data) if len(data) <= LARGEST else None
    if found is None:
        raise Unreadable("it is no token of three parts")
    head, body, signature = (part.decode("ascii") for part in found.groups())
    header, payload = read_json(base64url(head)), read_json(base64url(body))
    inner = payload.get("vc")  # VC-DATA-MODEL 1.1 section 6.3.1; 2.0 puts the members at the top
    if isinstance(inner, dict) and "credentialSubject" in payload:
        raise Unreadable("it holds one credential under 'vc' and another beside it")
    credential = inner if isinstance(inner, dict) else payload
    rest = {name: value for name, value in credential.items() if name not in _CLAIMS}
    if inner is not None and "issuer" not in rest and "iss" in payload:
        rest["issuer"] = payload["iss"]
    return Token(
        header,
        payload,
        rest,
        f"{head}.{body}".encode(),
        base64url(signature),
    )


def listed(value: Any) -> list[Any]:
    """A value that JSON-LD lets stand alone or in a list, as a list; empty for null."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def values_in(value: Any) -> int:
    """How many values some JSON holds, itself and names of members included."""
    number, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        number += 1
        if isinstance(one, dict):
            number += len(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return number


def contexts_in(value: Any) -> int:
    """How often JSON names a context, in all its objects together."""
    number, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            number += len(listed(one.get("@context")))
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return number


def text_of(value: Any) -> str | None:
    """The value if it is a text with something in it."""
    return value if isinstance(value, str) and value else None


def member(value: Any, *path: str) -> Any:
    """What stands below some names, None where anything on the way is missing or no object."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
