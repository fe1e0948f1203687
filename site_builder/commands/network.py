# SPDX-License-Identifier: Apache-2.0
"""The network as `badges verify` uses it: https only, small, slow to follow, never to the inside.

A badge may name any address. So that nobody makes a server of ours ask its own neighbours, hosts
on private networks are refused before a connection is opened, unless the address that was typed
lies on that very host.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import threading
import time
import urllib.error
import urllib.request
from functools import partial
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from site_builder import __version__
from site_builder.verify import Unreachable
from site_builder.verify.memory import Spent

LARGEST: Final = 5 << 20  # bytes
_MOST_REDIRECTS: Final = 3
_SECONDS: Final = 15  # until a host must have said something
_SECONDS_IN_ALL: Final = 60
_SECONDS_FOR_A_TARGET: Final = 120
_MOST_REQUESTS: Final = 200  # for one badge and what it names; more is an attack on somebody
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS: Final = {
    "User-Agent": f"badges-verify/{__version__}",
    "Accept": "application/json, application/ld+json, image/png, image/svg+xml, */*;q=0.5",
}


class Missing(Unreachable):
    """The host answered that there is no such file."""


class Network:
    """Reads addresses for one target.

    Args:
        typed: the URL somebody typed; its host may be on a private network. None for a file.
    """

    def __init__(self, typed: str | None = None) -> None:
        self._typed = _place(typed) if typed else None
        self._is_inside: bool | None = None  # the host that was typed, once it was found
        self._requests = 0
        self._until = time.monotonic() + _SECONDS_FOR_A_TARGET

    def fetch(self, url: str) -> bytes:
        """The bytes at a URL, which its own host must give.

        What an issuer says counts because it lies at the issuer's host. Many hosts lead on to
        whatever address stands in a URL of theirs, so following would let anybody speak for them.

        Raises:
            Unreachable: refused, or the host does not give it.
        """
        return self.read(url, only_host=True)[0]

    def read(self, url: str, *, only_host: bool = False) -> tuple[bytes, str]:
        """The bytes at a URL, and the URL they were read at after redirects.

        Args:
            url: where to begin.
            only_host: refuse to be led on to another host.

        Raises:
            Unreachable: refused, or the host does not give it.
        """
        for _ in range(_MOST_REDIRECTS + 1):
            self._requests += 1
            if self._requests > _MOST_REQUESTS:
                raise Spent(f"more than {_MOST_REQUESTS} addresses were asked for already")
            found = self._in_time(url)
            if isinstance(found, bytes):
                return found, url
            if only_host and not _is_same_host(url, found):
                raise Unreachable("it leads on to another host, which cannot speak for this one")
            url = found
        raise Unreachable(f"it leads on more than {_MOST_REDIRECTS} times")

    def _in_time(self, url: str) -> bytes | str:
        """As `_once`, but not longer than there is time, whatever the host does.

        A host may send one letter every ten seconds, or "100 Continue" without end; looking up
        its name knows no limit either. So somebody else waits, who ends with this process.
        """
        left = min(_SECONDS_IN_ALL, self._until - time.monotonic())
        if left <= 0:
            raise Spent(f"what it names took more than {_SECONDS_FOR_A_TARGET} seconds already")
        said: list[bytes | str | Unreachable] = []

        def ask() -> None:
            try:
                said.append(self._once(url))
            except Unreachable as trouble:
                said.append(trouble)

        waiting = threading.Thread(target=ask, daemon=True)
        waiting.start()
        waiting.join(left)
        if not said:
            raise Unreachable(f"it was not there after {left:.0f} seconds")
        if isinstance(said[0], Unreachable):
            raise said[0]
        return said[0]

    def _once(self, url: str) -> bytes | str:
        """The bytes at a URL, or the URL it leads on to."""
        url = url.partition("#")[0]
        opener = self._opener(url)
        try:
            request = urllib.request.Request(url, headers=_HEADERS)  # noqa: S310 - scheme was checked
            with opener.open(request, timeout=_SECONDS) as answer:
                return _body(answer)
        except urllib.error.HTTPError as error:
            with error:
                return self._answer(url, error)
        except urllib.error.URLError as error:
            raise Unreachable(_reason(error.reason)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(_reason(error)) from None

    @staticmethod
    def _answer(url: str, error: urllib.error.HTTPError) -> str:
        place = error.headers.get("Location")
        if error.code in (301, 302, 303, 307, 308) and place:
            try:
                return urljoin(url, place)
            except ValueError:
                raise Unreachable("it leads on to what is no address") from None
        if error.code in (404, 410):
            raise Missing("there is no such file")
        raise Unreachable(f"the host answered with {error.code}")

    def _opener(self, url: str) -> urllib.request.OpenerDirector:
        try:
            parts = urlsplit(url)
            name, _ = parts.hostname, parts.port
        except ValueError:
            raise Unreachable("it is no address") from None
        if name is None or "@" in parts.netloc or not all(33 <= ord(one) < 127 for one in url):
            raise Unreachable("it is no address of a host")
        if parts.scheme != "https" and not (parts.scheme == "http" and name in _LOCAL):
            raise Unreachable("only https is asked, and http on this computer")
        connect = partial(self._connect, is_typed=_place(url) == self._typed)
        made = urllib.request.OpenerDirector()  # without proxies, cookies, files and redirects
        for handler in (
            urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler(),
            _Handler(connect),
        ):
            made.add_handler(handler)
        return made

    def _connect(
        self, address: tuple[str, int], timeout: float, *_: Any, is_typed: bool
    ) -> socket.socket:
        """A connection to one of a host's addresses, looked at before it is opened.

        The very address that was looked at is the one connected to: a name may change its meaning.
        The host that was typed may be on a private network, but only if it was from the start.
        """
        host, port = address
        trouble: OSError = OSError("the host has no address")
        for *_others, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            number = str(place[0])
            is_inside = not _is_public(number)
            if is_typed and self._is_inside is None:
                self._is_inside = is_inside
            if is_inside and not (is_typed and self._is_inside):
                raise OSError(f"it is on a private network ({number}), which is not asked")
            try:
                return socket.create_connection((number, port), timeout)
            except OSError as error:
                trouble = error
        raise trouble


def _place(url: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port of a URL; None where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    return parts.scheme, parts.hostname, port


def _is_same_host(one: str, other: str) -> bool:
    """Whether two URLs lie on the same host, `www.` before it or not."""
    places = (_place(one), _place(other))
    names = [
        (place[0], (place[1] or "").removeprefix("www."), place[2]) for place in places if place
    ]
    return len(names) == 2 and names[0] == names[1]


def _body(answer: http.client.HTTPResponse) -> bytes:
    found, began = bytearray(), time.monotonic()
    while part := answer.read1(1 << 16):
        found += part
        if len(found) > LARGEST:
            raise Unreachable(f"it is larger than {LARGEST:,} bytes")
        if time.monotonic() - began > _SECONDS_IN_ALL:
            raise Unreachable(f"it was not there after {_SECONDS_IN_ALL} seconds")
    return bytes(found)


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return f"it did not answer within {_SECONDS} seconds"
    if isinstance(error, socket.gaierror):
        return "there is no such host, or no connection"
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (words[:1].lower() + words[1:] or type(error).__name__).rstrip(".")


# Addresses that stand for one of IPv4, which says whether they are public: NAT64, IPv4-translated
# and IPv4-compatible ones, the IPv4 address last. Source: RFC 6052, RFC 2765, RFC 4291.
_HOLD_IPV4: Final = tuple(
    ipaddress.IPv6Network(one) for one in ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")
)
# Of old and local use; Python counts some of them as public.
_NOT_ASKED: Final = tuple(
    ipaddress.IPv6Network(one) for one in ("fec0::/10", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


def _is_public(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in one for one in _NOT_ASKED):
            return False
        if address.ipv4_mapped or any(address in one for one in _HOLD_IPV4):
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.is_global and not address.is_multicast


class _Handler(urllib.request.HTTPSHandler):
    """Opens http and https with a connection of ours."""

    def __init__(self, connect: Any) -> None:
        super().__init__()
        self._connect = connect

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._made(http.client.HTTPConnection), request)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._made(http.client.HTTPSConnection), request)

    def _made(self, kind: type[http.client.HTTPConnection]) -> Any:
        def make(host: str, **options: Any) -> http.client.HTTPConnection:
            connection = kind(host, **options)
            connection._create_connection = self._connect  # type: ignore[attr-defined] # noqa: SLF001 - the one place where the library lets it be chosen
            return connection

        return make

    http_request = urllib.request.AbstractHTTPHandler.do_request_
    https_request = urllib.request.AbstractHTTPHandler.do_request_
