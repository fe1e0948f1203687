# SPDX-License-Identifier: Apache-2.0
"""A site's files as every static host gives them out: to a socket, or straight to a browser."""

from __future__ import annotations

import contextlib
import mimetypes
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import BrowserContext, Route

_TYPES = {".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Answer:
    """What a static host says to one request."""

    status: int
    content_type: str
    body: bytes
    location: str = ""


def answer(site: Path, url_path: str, under: str = "/") -> Answer:
    """The file at a path; a folder's index.html; 404.html where there is nothing.

    Args:
        site: folder of the published files.
        url_path: path of the request, percent-encoded.
        under: where the site stands on its host, `/` at both ends.
    """
    path = unquote(url_path)
    if not path.startswith(under):
        return Answer(404, "text/plain", b"not this site")
    place = (site / path.removeprefix(under)).resolve()
    if place.is_dir() and not path.endswith("/"):
        return Answer(301, "text/plain", b"", url_path + "/")
    file = place / "index.html" if place.is_dir() else place
    if file.is_relative_to(site.resolve()) and file.is_file():
        return Answer(200, content_type(file.name), file.read_bytes())
    return Answer(404, "text/html; charset=utf-8", (site / "404.html").read_bytes())


def content_type(name: str) -> str:
    suffix = Path(name).suffix
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    texts = ("text/", "application/json", "image/svg")
    return f"{kind}; charset=utf-8" if kind.startswith(texts) else kind


@contextlib.contextmanager
def served(site: Path, under: str = "/") -> Iterator[str]:
    """Address of the site on this machine while it is served, with a slash at the end."""

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = answer(site, urlsplit(self.path).path, under)
            self.send_response(given.status)
            self.send_header("Content-Type", given.content_type)
            self.send_header("Content-Length", str(len(given.body)))
            if given.location:
                self.send_header("Location", given.location)
            self.end_headers()
            self.wfile.write(given.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}{under}"
        server.shutdown()


def route_to(
    context: BrowserContext,
    base_url: str,
    site: Path,
    changed: Mapping[str, bytes | None] | None = None,
) -> None:
    """Lets a browser open the site at its own address; every other request is refused.

    Args:
        context: whose requests are answered.
        base_url: the site's address, with a slash at the end.
        site: folder of the published files.
        changed: files by path that the host gives out otherwise; None where it has none.
    """
    others = changed or {}

    def give(route: Route) -> None:
        url = route.request.url
        if not url.startswith(base_url):
            route.abort("addressunreachable")
            return
        given = answer(site, urlsplit(url).path, urlsplit(base_url).path)
        path = urlsplit(url).path.removeprefix(urlsplit(base_url).path)
        if path in others:
            body = others[path]
            given = Answer(404 if body is None else 200, content_type(path), body or b"")
        headers = {"Location": given.location} if given.location else {}
        route.fulfill(
            status=given.status,
            headers={"Content-Type": given.content_type} | headers,
            body=given.body,
        )

    context.route("**/*", give)
