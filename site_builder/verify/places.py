# SPDX-License-Identifier: Apache-2.0
"""Addresses: which host stands behind an issuer, and whether a credential lies there.

Source: did:web Method Specification, "Read (Resolve)"; Decentralized Identifiers v1.0, section 3.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from site_builder import keys
from site_builder.verify.report import Finding, finding

_MOST_KEPT = 1024  # addresses: a badge's is looked at from several sides, an issuer's by many
_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[::1\]")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._~-]+")
_SEEN = re.compile(r"[\x21-\x7e]+")
# Readers of URLs follow these upwards, out of the folder an address seems to lie in.
_UPWARDS = re.compile(r"(?:/|\\|%2f|%5c)(?:\.|%2e){1,2}(?:/|\\|%2f|%5c|\?|$)", re.IGNORECASE)


def is_local(host: str) -> bool:
    """True for a host name that means this computer, with or without a port."""
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name in _LOCAL


def web(url: object) -> SplitResult | None:
    """The parts of an https URL (http on this computer only); None for any other value."""
    parts = _parts(url)
    if parts is None or (parts.scheme == "http" and not is_local(parts.netloc)):
        return None
    return parts


def host(url: object) -> str | None:
    """Host of an https or http URL, port included, small letters; None for any other value.

    Only hosts that everybody reads and types alike: none with other letters than those of ASCII
    (their `xn--` form is fine), percent signs, a dot at the end or a user before them.
    """
    parts = _parts(url)
    return parts.netloc if parts is not None else None


def _parts(url: object) -> SplitResult | None:
    return _split(url) if isinstance(url, str) else None


@lru_cache(maxsize=_MOST_KEPT)
def _split(url: str) -> SplitResult | None:
    if not _SEEN.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    name, _, port = _split_port(parts.netloc.lower())
    if not _HOST.fullmatch(name) or (port and not _PORT.fullmatch(port)):
        return None  # user names too: they make one host look like another
    if parts.scheme not in ("https", "http"):
        return None
    return parts._replace(netloc=f"{name}:{port}" if port else name)


def _split_port(host: str) -> tuple[str, str, str]:
    if host.endswith("]") or ":" not in host:
        return host, "", ""
    return host.rpartition(":")


def origin(url: object) -> str | None:
    """Scheme and host of a URL that `web` reads, the usual port left out."""
    parts = web(url)
    if parts is None:
        return None
    usual = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"


@lru_cache(maxsize=_MOST_KEPT)
def did_web(did: str) -> str | None:
    """The folder of a did:web's document, with a slash at the end: `https://host/path/`.

    None for a DID that is no lawful did:web.
    """
    method, _, rest = did.partition("did:web:")
    if method or not rest:
        return None
    host, *path = rest.split(":")
    name, colon, port = host.replace("%3a", "%3A").partition("%3A")
    is_lawful = _HOST.fullmatch(name.lower()) and (not colon or _PORT.fullmatch(port))
    if not is_lawful or not all(_SEGMENT.fullmatch(one) for one in path):
        return None
    scheme = "http" if name.lower() in _LOCAL else "https"
    netloc = name.lower() + (f":{port}" if port else "")
    return "/".join([f"{scheme}://{netloc}", *path, ""])


def did_document(did: str) -> str | None:
    """Where a did:web's document lies; None for a DID that is no lawful did:web."""
    folder = did_web(did)
    if folder is None:
        return None
    return folder + ("did.json" if ":" in did.removeprefix("did:web:") else ".well-known/did.json")


@lru_cache(maxsize=_MOST_KEPT)
def host_of(issuer: str | None) -> str | None:
    """The host a did:web or https issuer stands for, port included; None for any other."""
    if issuer is None:
        return None
    parts = web(did_web(issuer) if issuer.startswith("did:") else issuer)
    return parts.netloc if parts else None


def judge(own: object, issuer: str | None, read_from: str | None) -> Finding:
    """Whether a signed credential's own address is one of its issuer's.

    Args:
        own: its `id`.
        issuer: the issuer's id.
        read_from: the URL it was read from; None for a file.
    """
    if issuer is not None and keys.did_key(issuer) is not None:
        return finding("address.bare")
    url = str(own).partition("#")[0]
    if web(url) is None:
        return finding("address.none")
    root = did_web(issuer or "") or f"{origin(issuer)}/"
    path, folder = (one.partition("://")[2].partition("/")[2] for one in (url, root))
    if origin(url) != origin(root) or not path.startswith(folder) or _UPWARDS.search(url):
        return finding("address.elsewhere", id=own, host=host_of(issuer) or issuer)
    if read_from is not None and read_from.partition("#")[0] != url:
        return finding("address.copy", **{"from": read_from}, id=own)
    return finding("address.ok", host=host_of(issuer))
