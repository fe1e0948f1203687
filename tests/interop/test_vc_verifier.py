# SPDX-License-Identifier: Apache-2.0
"""Digital Bazaar's verifier accepts every signed award that stands and refuses what does not."""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import addresses, keys
from site_builder.addresses import Site
from site_builder.build import artifacts, load
from site_builder.formats import openbadges3, status_list
from site_builder.keys import SigningKey
from site_builder.model.catalog_kinds import Key
from site_builder.proofs import sign
from site_builder.signing import Signer
from tests.interop.published import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from site_builder.catalog import Catalog
    from site_builder.model import Award

pytestmark = pytest.mark.verifier

Json = dict[str, Any]
SCRIPT = Path(__file__).parent / "node" / "verify.mjs"
TODAY = dt.datetime.now(dt.UTC).date()  # the verifier's own clock
KEY, OTHER = SigningKey(bytes(range(32))), SigningKey(bytes(range(1, 33)))


@dataclass(frozen=True)
class Verdict:
    """What the verifier says of one credential; see verify.mjs."""

    verified: bool
    listed: bool | None
    why: str


ACCEPTED = Verdict(verified=True, listed=False, why="")
LISTED = Verdict(verified=True, listed=True, why="")  # genuine, and its status bit is set


def verifier() -> tuple[str, Path]:
    """Node and the verifier's folder; skips the test, or fails it, where there is none."""
    folder = Path(os.environ.get("BADGES_NODE_VERIFIER", ROOT / ".badges/interop/node"))
    node = shutil.which("node")
    if node is None or not (folder / "node_modules/@digitalbazaar/vc").is_dir():
        what = "no Node.js" if node is None else f"no verifier in {folder}"
        reason = f"{what}; tests/interop/install-node.sh installs the verifier."
        if "verifiers" in os.environ.get("BADGES_REQUIRE", ""):
            pytest.fail(reason)
        pytest.skip(reason)
    return node, folder


def verdicts(folder: Path, base: str, cases: Sequence[Json]) -> list[Verdict]:
    """Verdicts on the cases, in their order, from one process of the verifier."""
    node, home = verifier()
    contexts = ROOT / "site_builder" / "contexts"
    index = json.loads((contexts / "index.json").read_text("utf-8"))
    asked = {
        "base": base,
        "site": str(folder),
        "contexts": {url: str(contexts / one["file"]) for url, one in index.items()},
        "cases": list(cases),
    }
    done = subprocess.run(
        [node, "--input-type=module", "--eval", SCRIPT.read_text("utf-8")],
        cwd=home,  # where a script given in words looks for its packages
        input=json.dumps(asked),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Verdict(**one) for one in json.loads(done.stdout)]


def write_signed(catalog: Catalog, site: Site, folder: Path) -> Path:
    """The JSON files of a signed site, as a static host would serve them."""
    signer = Signer(KEY, catalog.issuer, site)
    for path, data in artifacts(catalog, site, signer=signer):
        if path.endswith(".json"):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    return folder


@dataclass(frozen=True)
class Demo:
    """The demo, signed, with the verifier's verdict on every award by its id."""

    catalog: Catalog
    site: Site
    folder: Path
    verdicts: dict[str, Verdict]

    def credential(self, award: Award) -> Json:
        return json.loads((self.folder / addresses.award_json(award.id)).read_bytes())

    def of(self, state: str) -> list[Award]:
        """Published awards of a state whose time is not over."""
        return [
            one
            for one in self.catalog.published
            if one.status.state == state and not (one.expires and one.expires < TODAY)
        ]

    def one(self) -> Json:
        """A credential that stands."""
        return self.credential(self.of("active")[0])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    verifier()  # before the work of building
    found, _ = load(ROOT)
    assert found is not None
    entry = Key.model_validate({"id": "key-1", "public": KEY.public, "from": "2015-01-01"})
    catalog = replace(found, issuer=found.issuer.model_copy(update={"keys": (entry,)}))
    site = Site(catalog.issuer.base_url)
    folder = write_signed(catalog, site, tmp_path_factory.mktemp("signed"))
    ids = [one.id for one in catalog.published]
    cases = [
        {"credential": json.loads((folder / addresses.award_json(one)).read_bytes())} for one in ids
    ]
    said = verdicts(folder, site.base_url, cases)
    return Demo(catalog, site, folder, dict(zip(ids, said, strict=True)))


def test_every_award_that_stands_passes(demo: Demo):
    standing = demo.of("active")

    assert len(standing) > 400
    assert {demo.verdicts[one.id] for one in standing} == {ACCEPTED}


@pytest.mark.parametrize("state", ["suspended", "revoked", "superseded"])
def test_an_award_that_no_longer_stands_is_genuine_but_listed(demo: Demo, state: str):
    """Those of the samples that also expired are made young again, so that the bit is reached."""
    awards = [one for one in demo.catalog.published if one.status.state == state]
    cases = []
    for award in awards:
        young = award.model_copy(update={"expires": None})
        body = openbadges3.credential(young, demo.catalog, demo.site)
        cases.append({"credential": signed(body)})

    assert awards
    assert set(verdicts(demo.folder, demo.site.base_url, cases)) == {LISTED}
    assert ACCEPTED not in {demo.verdicts[one.id] for one in awards}


def test_a_withdrawn_award_is_no_credential_any_more(demo: Demo):
    withdrawn = demo.of("withdrawn")

    assert withdrawn
    assert {demo.verdicts[one.id].verified for one in withdrawn} == {False}


def test_an_award_whose_time_is_over_is_refused_for_its_date(demo: Demo):
    ended = [one for one in demo.catalog.published if one.expires and one.expires < TODAY]

    assert ended
    for award in ended:
        said = demo.verdicts[award.id]
        assert not said.verified
        assert said.why.endswith(f'is after "validUntil" ({award.expires}T23:59:59Z).')


# Forgeries. Each takes a credential that stands and gives one that must not pass.


def signed(body: Json, key: SigningKey = KEY, method: str = "key-1") -> Json:
    return sign(
        body,
        key,
        method=method if ":" in method else f"did:web:badges.example.org#{method}",
        created=body["validFrom"],
    )


def bare(body: Json) -> Json:
    return {key: value for key, value in body.items() if key != "proof"}


def with_name(body: Json) -> Json:
    body["credentialSubject"]["identifier"] = [
        {
            "type": "IdentityObject",
            "identityHash": "Eve",
            "identityType": "name",
            "hashed": False,
        }
    ]
    return body


def with_title(body: Json) -> Json:
    body["credentialSubject"]["achievement"]["name"] = "Doctor of everything"
    return body


def with_an_earlier_date(body: Json) -> Json:
    return body | {"validFrom": "2010-01-01T00:00:00Z"}


def with_own_place_in_the_list(body: Json) -> Json:
    body["credentialStatus"]["statusListIndex"] = "131071"
    return body


def without_status(body: Json) -> Json:
    del body["credentialStatus"]
    return body


def by_a_key_of_a_stranger(body: Json) -> Json:
    return signed(bare(body), OTHER)


def by_a_did_of_a_strangers_own(body: Json) -> Json:
    did = f"did:key:{OTHER.public}"
    return signed(bare(body), OTHER, f"{did}#{OTHER.public}")


def by_the_preview_key(body: Json) -> Json:
    return signed(bare(body), keys.preview())


def by_a_key_the_issuer_does_not_have(body: Json) -> Json:
    return signed(bare(body), OTHER, "key-2")


def in_the_name_of_another_issuer(body: Json) -> Json:
    body["issuer"]["id"] = "did:web:elsewhere.example.net"
    return signed(bare(body))


def with_an_unknown_word(body: Json) -> Json:
    return body | {"honours": "all of them"}


def without_proof(body: Json) -> Json:
    return bare(body)


def with_no_proof_in_the_list(body: Json) -> Json:
    return body | {"proof": []}


CHANGED = "Invalid signature."
NOT_THEIRS = "Credential issuer must match the verification method controller."
UNPROVEN = "No matching proofs found in the given document."
FORGERIES: dict[Callable[[Json], Json], str] = {
    with_name: CHANGED,
    with_title: CHANGED,
    with_an_earlier_date: CHANGED,
    with_own_place_in_the_list: CHANGED,
    without_status: CHANGED,
    by_a_key_of_a_stranger: CHANGED,
    by_a_did_of_a_strangers_own: NOT_THEIRS,
    by_the_preview_key: CHANGED,
    by_a_key_the_issuer_does_not_have: (
        "did:web:badges.example.org#key-2 is not in the DID document"
    ),
    in_the_name_of_another_issuer: NOT_THEIRS,
    with_an_unknown_word: "Safe mode validation error.",
    without_proof: UNPROVEN,
    with_no_proof_in_the_list: UNPROVEN,
}


def test_every_forgery_is_refused_with_the_reason(demo: Demo):
    cases = [{"credential": forge(copy.deepcopy(demo.one()))} for forge in FORGERIES]
    said = verdicts(demo.folder, demo.site.base_url, cases)

    found = {forge.__name__: one for forge, one in zip(FORGERIES, said, strict=True)}
    assert found == {
        forge.__name__: Verdict(verified=False, listed=None, why=why)
        for forge, why in FORGERIES.items()
    }


def test_an_award_fails_with_a_status_list_that_is_forged_or_gone(demo: Demo):
    body = demo.one()
    url = body["credentialStatus"]["statusListCredential"]
    listing = json.loads((demo.folder / addresses.status_list(0)).read_bytes())
    empty = copy.deepcopy(listing)
    empty["credentialSubject"]["encodedList"] = status_list.encoded(bytes(status_list.SIZE // 8))
    hosted = [{url: empty}, {url: bare(listing)}, {url: signed(bare(empty), OTHER)}]
    cases = [{"credential": body, "hosted": one} for one in hosted]

    said = verdicts(demo.folder, demo.site.base_url, cases)
    assert [one.verified for one in said] == [False, False, False]


def test_an_award_fails_when_its_key_was_taken_out_of_the_did_document(demo: Demo):
    document = json.loads((demo.folder / addresses.DID_WELL_KNOWN).read_bytes())
    emptied = document | {"verificationMethod": [], "assertionMethod": []}
    url = demo.site.url(addresses.DID_WELL_KNOWN)
    case = {"credential": demo.one(), "hosted": {url: emptied}}

    assert [one.verified for one in verdicts(demo.folder, demo.site.base_url, [case])] == [False]


def test_a_site_below_a_path_is_accepted(demo: Demo, tmp_path: Path):
    site = Site("https://district.example.org/our/badges")
    folder = write_signed(demo.catalog, site, tmp_path)
    cases = [
        {"credential": json.loads((folder / addresses.award_json(one.id)).read_bytes())}
        for one in demo.of("active")[:5]
    ]

    assert verdicts(folder, site.base_url, cases) == [ACCEPTED] * 5
