# SPDX-License-Identifier: Apache-2.0
"""What tests of `badges verify` share: a small signed site, a fetcher of it, ways to sign again."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.build import load
from site_builder.formats import openbadges2
from site_builder.keys import SigningKey
from site_builder.proofs import sign
from site_builder.signing import Signer
from site_builder.verify import Memory, Report, Unreachable, verify
from tests.signed import Json, rich_repository
from tests.support import PUBLIC_AWARD, badges_process, files_of, write

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.catalog import Catalog

KEY = SigningKey(bytes(range(32)))
OTHER_KEY = SigningKey(bytes(range(1, 33)))
DID = "did:web:badges.example.org"
METHOD = f"{DID}#key-1"
SITE = Site("https://badges.example.org")
BASE = "https://badges.example.org/"
NOW = dt.datetime(2017, 1, 1, tzinfo=dt.UTC)  # the awards hold from 2016 until 2019
GOOD = f"awards/{PUBLIC_AWARD}.json"
GOOD_OB2 = f"awards/{PUBLIC_AWARD}.ob2.json"


def entry(name: str = "key-1", key: SigningKey = KEY, **changes: str) -> str:
    """A line under `keys:`."""
    said = {"from": "2015-01-01", "until": "null", "compromised": "null"} | changes
    words = ", ".join(f"{field}: {value}" for field, value in said.items())
    return f"  - {{id: {name}, public: {key.public}, {words}}}\n"


ENTRY = "keys:\n" + entry()


def text(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


@dataclass
class Hosted:
    """Files by URL, as hosts would give them; `asked` says what was asked for.

    Do not change `files` of a shared one: `with_file` gives a copy.
    """

    files: dict[str, bytes]
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.files:
            raise Unreachable("there is no such file")
        return self.files[url]

    def json(self, path: str) -> Json:
        """A copy of the JSON at a path of the site."""
        return json.loads(self.files[BASE + path])

    def with_file(self, path: str, body: Any) -> Hosted:
        """The same hosts with another file, or without one where it is None."""
        url = path if "://" in path else BASE + path
        files = {name: data for name, data in self.files.items() if name != url}
        if body is not None:
            files[url] = body if isinstance(body, bytes) else text(body)
        return Hosted(files)

    def verify(self, body: Any, **changes: Any) -> Report:
        """The verdict on a file of somebody's; read from no URL unless said."""
        options = {"now": NOW, "fetch": self.fetch, "memory": Memory()} | changes
        return verify(body if isinstance(body, bytes) else text(body), **options)

    def verify_at(self, path: str, **changes: Any) -> Report:
        return self.verify(self.files[BASE + path], read_from=BASE + path, **changes)


def signed_catalog(folder: Path, more: str = ENTRY) -> Catalog:
    files = rich_repository()
    files["catalog/issuer.yml"] += more
    found, problems = load(write(folder, files))
    assert found is not None, [str(one) for one in problems if one.severity == "error"]
    return found


def signed_site(folder: Path, key: SigningKey = KEY, more: str = ENTRY) -> Hosted:
    """The rich repository's signed and hosted files, as its host would give them."""
    catalog = signed_catalog(folder, more)
    files = Signer(key, catalog.issuer, SITE).files(catalog)
    made: dict[str, Json] = {path: json.loads(data) for path, data in files}
    made[addresses.ISSUER_OB2] = openbadges2.issuer(catalog, SITE)
    made[addresses.REVOCATIONS_OB2] = openbadges2.revocation_list(
        openbadges2.revoked(catalog), SITE
    )
    for one in catalog.versions.values():
        made[addresses.badge_class(one)] = openbadges2.badge_class(one, catalog, SITE)
    for award in catalog.published:
        made[addresses.award_ob2(award.id)] = openbadges2.assertion(award, catalog, SITE)
    return Hosted({BASE + path: text(body) for path, body in made.items()})


def repository(folder: Path, *entries: str, **changes: str) -> Path:
    """The rich repository with these keys; changes are texts by file name without its ending."""
    files = rich_repository()
    files["catalog/issuer.yml"] += "keys:\n" + "".join(entries or (entry(),))
    for path in files:
        name = path.rpartition("/")[2].removesuffix(".yml")
        files[path] = changes.get(name, files[path])
    return write(folder, files)


def build(root: Path, site: Path, *words: str, **variables: str | None) -> dict[str, bytes]:
    """Builds in a process of its own, with the key in BADGES_KEY, and gives the site's files."""
    variables = {"BADGES_KEY": KEY._secret(), **variables}
    ran = badges_process("build", "--root", root, "--site", site, *words, **variables)
    assert (ran.code, ran.err) == (0, "")
    return files_of(site)


def signed_again(document: Json, key: SigningKey = KEY, method: str = METHOD) -> Json:
    """A document with its signature replaced by one that holds."""
    bare = {name: copy.deepcopy(one) for name, one in document.items() if name != "proof"}
    return sign(bare, key, method=method, created="2016-06-30T00:00:00Z")


def codes(report: Report) -> dict[str, str]:
    """What each check found, without its sentence."""
    return {one.check: one.code.partition(".")[2] for one in report.checks}


def why(report: Report, check: str) -> str:
    """The whole words of one check: its code, state and sentence."""
    one = next(one for one in report.checks if one.check == check)
    return f"{one.code} [{one.state}] {one.why}"


VALID = {
    "file": "ok",
    "proof": "ok",
    "key_owner": "ok",
    "key_state": "ok",
    "address": "ok",
    "dates": "ok_until",
    "status": "ok",
    "schema": "ok",
    "recipient": "named",
}
VALID_HOSTED = {
    "file": "ok",
    "proof": "hosted",
    "key_owner": "hosted",
    "key_state": "hosted",
    "address": "hosted",
    "dates": "ok_until",
    "status": "hosted_ok",
    "schema": "ok",
    "recipient": "nameless",
}
