# SPDX-License-Identifier: Apache-2.0
"""openvc's verdicts on credentials of a built site, without a network.

Run by the Python of its own environment (see install.sh), never imported. Reads what
node/verify.mjs reads, and writes a list of {fault, why}: the kind of error the verifier raised and
its words, both empty where it accepts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def refuse_sockets(event: str, _arguments: object) -> None:
    """Audit hook under which no socket can be made and no name looked up."""
    if event.startswith("socket."):
        raise OSError(f"{event} in a test that opens no connection")


sys.addaudithook(refuse_sockets)

from openvc import VerificationPolicy, verify_many  # noqa: E402
from openvc.did.base import DidResolverRegistry  # noqa: E402
from openvc.did.did_key import DidKeyResolver  # noqa: E402
from openvc.did.did_web import DidWebResolver  # noqa: E402
from openvc.resolvers import default_status_list_resolver  # noqa: E402
from openvc.status import StatusListError  # noqa: E402

POLICY = VerificationPolicy(require_status_issuer_binding=True)


class Web:
    """The site as files, and pages of the case at hand that go before them."""

    def __init__(self, base: str, site: str, hosted: Json) -> None:
        self.base, self.site, self.hosted = base, Path(site).resolve(), hosted

    def page(self, url: str) -> Json:
        """The JSON object at an address."""
        if url in self.hosted:
            return single(self.hosted[url])
        path = (self.site / url.removeprefix(f"{self.base}/")).resolve()
        if url.startswith(self.base) and path.is_relative_to(self.site) and path.is_file():
            return single(json.loads(path.read_bytes()))
        raise StatusListError(f"{url} cannot be reached")


def single(document: Json) -> Json:
    """The document with a list of one proof as that proof: openvc reads no list."""
    proof = document.get("proof")
    return (
        document | {"proof": proof[0]} if isinstance(proof, list) and len(proof) == 1 else document
    )


def verdicts(asked: Json) -> list[Json]:
    """What openvc says of each case; cases that share their pages are asked of it together."""
    contexts = {url: json.loads(Path(file).read_bytes()) for url, file in asked["contexts"].items()}
    said: dict[int, Json] = {}
    groups: dict[str, list[int]] = {}
    for number, case in enumerate(asked["cases"]):
        groups.setdefault(json.dumps(case.get("hosted", {})), []).append(number)
    for hosted, numbers in groups.items():
        web = Web(asked["base"], asked["site"], json.loads(hosted))
        resolver = DidResolverRegistry([DidKeyResolver(), DidWebResolver(web.page)])
        results = verify_many(
            [single(asked["cases"][number]["credential"]) for number in numbers],
            policy=POLICY,
            resolver=resolver,
            resolve_status_list=default_status_list_resolver(
                resolver=resolver,
                extra_contexts=contexts,
                fetch=lambda url, web=web: json.dumps(web.page(url)),
            ),
            extra_contexts=contexts,
        )
        for number, one in zip(numbers, results, strict=True):
            fault = "" if one.ok else type(one.error).__name__
            said[number] = {"fault": fault, "why": "" if one.ok else str(one.error)}
    return [said[number] for number in range(len(said))]


if __name__ == "__main__":
    json.dump(verdicts(json.load(sys.stdin)), sys.stdout)
