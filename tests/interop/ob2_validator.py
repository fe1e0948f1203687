# SPDX-License-Identifier: Apache-2.0
"""The Open Badges 2.0 reference validator's verdicts on a site that exists only as files.

Run by the Python of the validator's own environment (see install.sh), never imported:

    PYTHON ob2_validator.py SITE BASE_URL < cases.json > verdicts.json

Each case is an object; only `url` must be there:

    url        what the validator is asked to verify
    hosted     pages as somebody might have put them, by URL: a text, a JSON value, null for a page
               that was taken away, or a picture as a `data:` URL; they go before the files of SITE
    recipient  the profile of the person who claims the badge, such as {"email": "..."}

A verdict has `url`, `valid`, `errors` and `warnings` (the validator's own sentences), `kinds` (the
types of the objects it has read) and `unanswered` (addresses it asked for in vain: it takes an
error page for an image, we do not).

The validator's logic runs as published. Only what is below `requests` is replaced: addresses under
BASE_URL are files of SITE, the context is the vendored one, and everything else is a host that
cannot be reached. No socket is made: an audit hook refuses the interpreter's own calls for one.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import logging
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "openbadges2"
CONTEXTS = {"https://w3id.org/openbadges/v2": VECTORS / "context.json"}
TYPES = {".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml"}
PICTURE = "data:image/png;base64,"
Answer = tuple[int, str, bytes]


def refuse_sockets(event: str, _arguments: object) -> None:
    """Audit hook under which no socket can be made and no name looked up."""
    if event.startswith("socket."):
        raise OSError(f"{event} in a test that opens no connection")


sys.addaudithook(refuse_sockets)  # before `requests` comes in, which tries a socket when imported

import requests.sessions  # noqa: E402
from openbadges.verifier import verify  # noqa: E402
from requests.adapters import BaseAdapter  # noqa: E402
from urllib3 import HTTPResponse  # noqa: E402


class Web:
    """All that can be reached: the site, the contexts, and the pages of the case at hand."""

    def __init__(self, site: Path, base_url: str) -> None:
        self.site = site.resolve()
        self.base = base_url.rstrip("/") + "/"
        self.hosted: dict[str, Any] = {}
        self.unanswered: list[str] = []

    def begin(self, hosted: dict[str, Any]) -> None:
        """Forgets the last case."""
        self.hosted, self.unanswered = hosted, []

    def answer(self, url: str) -> Answer | None:
        """Status, type and body at a URL; None when the host cannot be reached."""
        if url in self.hosted:
            page = self.hosted[url]
            if page is None:
                return self.missing(url)
            if isinstance(page, str) and page.startswith(PICTURE):
                return 200, "image/png", base64.b64decode(page.removeprefix(PICTURE))
            text = page if isinstance(page, str) else json.dumps(page)
            return 200, "application/json", text.encode()
        if url in CONTEXTS:
            return 200, "application/ld+json", CONTEXTS[url].read_bytes()
        if not url.startswith(self.base):
            self.unanswered.append(url)
            return None
        return self.file(url)

    def file(self, url: str) -> Answer:
        """The file a static host would answer with."""
        path = (self.site / unquote(urlsplit(url[len(self.base) :]).path)).resolve()
        if not path.is_relative_to(self.site) or not path.is_file():
            return self.missing(url)
        return 200, TYPES.get(path.suffix, "application/octet-stream"), path.read_bytes()

    def missing(self, url: str) -> Answer:
        """What a static host says where there is nothing."""
        self.unanswered.append(url)
        return 404, "text/html", b"<!doctype html><title>Not found</title>"


def adapter_of(web: Web) -> type[BaseAdapter]:
    """A transport for `requests` that knows `web` and nothing else."""

    class Adapter(BaseAdapter):
        def send(
            self, request: requests.PreparedRequest, *_more: Any, **_options: Any
        ) -> requests.Response:
            found = web.answer(str(request.url))
            if found is None:
                raise requests.ConnectionError(f"{request.url} cannot be reached", request=request)
            status, kind, body = found
            response = requests.Response()
            response.status_code, response.url, response.request = status, str(request.url), request
            response.headers["Content-Type"], response.encoding = kind, "utf-8"
            response.raw = HTTPResponse(io.BytesIO(body), preload_content=False)
            return response

        def close(self) -> None:
            """Nothing is open."""

    return Adapter


def sentence(message: str) -> str:
    """A message on one line; of an exception its last words, without the stack and its paths."""
    _, is_exception, lines = message.partition("'> [")
    return str(ast.literal_eval(f"[{lines}")[0]).splitlines()[0] if is_exception else message


def verdict(case: dict[str, Any], web: Web) -> dict[str, Any]:
    """What the validator says of one case."""
    web.begin(case.get("hosted", {}))
    result = verify(case["url"], recipient_profile=case.get("recipient"))
    messages = result["report"]["messages"]
    kinds = {str(node.get("type")) for node in result["graph"]}
    return {
        "url": case["url"],
        "valid": result["report"]["valid"],
        "errors": [sentence(one["result"]) for one in messages if one["messageLevel"] == "ERROR"],
        "warnings": [
            sentence(one["result"]) for one in messages if one["messageLevel"] == "WARNING"
        ],
        "kinds": sorted(kinds),
        "unanswered": sorted(set(web.unanswered)),
    }


def main(site: str, base_url: str) -> None:
    """Verdicts on the cases of standard input, in their order, to standard output."""
    # It writes a traceback for malformed input and reports the error as well.
    logging.getLogger("openbadges.verifier").setLevel(logging.CRITICAL)
    web = Web(Path(site), base_url)
    requests.sessions.HTTPAdapter = adapter_of(web)  # what every new session mounts
    cases = json.load(sys.stdin)
    json.dump([verdict(case, web) for case in cases], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
