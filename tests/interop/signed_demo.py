# SPDX-License-Identifier: Apache-2.0
"""The demo as it is published with a key, and ways to forge an award of it, for every witness."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from site_builder import addresses, keys
from site_builder.addresses import Site
from site_builder.build import artifacts, load
from site_builder.cache import Cache
from site_builder.formats import openbadges3, status_list
from site_builder.kept import Kept
from site_builder.keys import SigningKey
from site_builder.model.catalog_kinds import Key
from site_builder.proofs import sign
from site_builder.signing import Signer
from tests.signed import branches, drop, leaves, other, put
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from site_builder.catalog import Catalog
    from site_builder.model import Award

Json = dict[str, Any]
TODAY = dt.datetime.now(dt.UTC).date()  # every witness asks its own clock
FALLEN = ("suspended", "revoked", "superseded")
KEY, OTHER = SigningKey(bytes(range(32))), SigningKey(bytes(range(1, 33)))


@dataclass(frozen=True)
class SignedSite:
    """A signed site's machine files and pictures, with the catalog they were made from."""

    catalog: Catalog
    site: Site
    folder: Path

    def read(self, path: str) -> Json:
        return json.loads((self.folder / path).read_bytes())

    def credential(self, award: Award) -> Json:
        return self.read(addresses.award_json(award.id))

    def case(self, award: Award) -> Json:
        return {"credential": self.credential(award)}

    @cached_property
    def ended(self) -> list[Award]:
        return [one for one in self.catalog.published if one.expires and one.expires < TODAY]

    def of(self, *states: str) -> list[Award]:
        """Published awards of a state whose time is not over."""
        return [
            one
            for one in self.catalog.published
            if one.status.state in states and one not in self.ended
        ]

    def fallen(self, state: str) -> list[Json]:
        """Cases of awards that no longer stand, made young again, so that the bit is reached."""
        return [
            {"credential": signed(openbadges3.credential(young, self.catalog, self.site))}
            for one in self.catalog.published
            if one.status.state == state
            for young in [one.model_copy(update={"expires": None})]
        ]

    @cached_property
    def records(self) -> list[Json]:
        """Cases of every fourth of the learner records: they hold each award a second time."""
        paths = sorted(self.folder.glob("backpacks/*.json"))[::4]
        return [{"credential": json.loads(one.read_bytes())} for one in paths]

    def groups(self, standing: int | None = None) -> dict[str, list[Json]]:
        """Cases of all that is asked of every witness, by what they have in common.

        Args:
            standing: about how many of the awards that stand, spread evenly; None takes all.
        """
        active = self.of("active")
        shown = [one for one in self.catalog.published if one.status.state in FALLEN]
        return {
            "standing": [
                self.case(one) for one in active[:: len(active) // (standing or len(active))]
            ],
            "ended": [self.case(one) for one in self.ended],
            "withdrawn": [self.case(one) for one in self.of("withdrawn")],
            "fallen": [self.case(one) for one in shown],
            **{state: self.fallen(state) for state in FALLEN},
            "records": self.records,
            "forgeries": list(self.forgeries().values()),
            "false lists": list(self.false_lists().values()),
            "altered": list(self.alterations().values()),
        }

    def forgeries(self) -> dict[str, Json]:
        """Cases of every way to forge an award, by its name."""
        standing = self.credential(self.of("active")[0])
        return {
            forge.__name__: {"credential": forge(copy.deepcopy(standing))} for forge in FORGERIES
        }

    def false_lists(self) -> dict[str, Json]:
        """Cases of an award that stands, whose status list says less than it did, or is gone."""
        body = self.credential(self.of("active")[0])
        url = body["credentialStatus"]["statusListCredential"]
        listing = self.read(addresses.status_list(0))
        empty = copy.deepcopy(listing)
        empty["credentialSubject"]["encodedList"] = status_list.encoded(
            bytes(status_list.SIZE // 8)
        )
        cut = copy.deepcopy(listing)
        cut["credentialSubject"]["encodedList"] = listing["credentialSubject"]["encodedList"][:40]
        foreign = bare(empty) | {"issuer": f"did:key:{OTHER.public}"}
        method = f"did:key:{OTHER.public}#{OTHER.public}"
        lists = {
            "emptied": empty,
            "without_proof": bare(listing),
            "by_a_key_of_a_stranger": signed(bare(empty), OTHER),
            "by_a_did_of_a_strangers_own": signed(foreign, OTHER, method),
            "cut_short_and_signed": signed(bare(cut)),
            "another_file": {"nothing": "here"},
        }
        return {name: {"credential": body, "hosted": {url: one}} for name, one in lists.items()}

    def alterations(self) -> dict[str, Json]:
        """Cases of an award that stands with one value changed, or one thing taken out of it."""
        body = self.credential(self.of("active")[0])
        changed = {("change", *place): put(body, place, other(one)) for place, one in leaves(body)}
        dropped = {("drop", *place): drop(body, place) for place in branches(body)}
        return {
            " ".join(map(str, place)): {"credential": one}
            for place, one in (changed | dropped).items()
        }

    def without_key(self) -> Json:
        """The case of an award that stands, whose key was taken out of the DID document."""
        document = self.read(addresses.DID_WELL_KNOWN)
        emptied = document | {"verificationMethod": [], "assertionMethod": []}
        url = self.site.url(addresses.DID_WELL_KNOWN)
        return self.case(self.of("active")[0]) | {"hosted": {url: emptied}}


def publish(catalog: Catalog, site: Site, folder: Path, drawings: Path) -> SignedSite:
    """The machine files and pictures of a signed site, written as a static host would serve them.

    Args:
        catalog: the checked catalog, whose issuer has KEY.
        site: public addresses.
        folder: where to write.
        drawings: a cache, so that a second site need not draw them anew.
    """
    signer = Signer(KEY, catalog.issuer, site)
    for path, data in artifacts(catalog, site, Cache(Kept(drawings)), signer=signer):
        if not path.endswith(".html"):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    return SignedSite(catalog, site, folder)


def publish_demo(folder: Path, drawings: Path) -> SignedSite:
    """The demo, signed with KEY."""
    found, _ = load(ROOT)
    assert found is not None
    entry = Key.model_validate({"id": "key-1", "public": KEY.public, "from": "2015-01-01"})
    catalog = replace(found, issuer=found.issuer.model_copy(update={"keys": (entry,)}))
    return publish(catalog, Site(catalog.issuer.base_url), folder, drawings)


def signed(body: Json, key: SigningKey = KEY, method: str = "key-1") -> Json:
    return sign(
        body,
        key,
        method=method if ":" in method else f"did:web:badges.example.org#{method}",
        created=body["validFrom"],
    )


def bare(body: Json) -> Json:
    return {key: value for key, value in body.items() if key != "proof"}


# Forgeries. Each takes a credential that stands and gives one that must not pass.


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


def with_a_later_end(body: Json) -> Json:
    return body | {"validUntil": "2999-01-01T00:00:00Z"}


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


def with_the_proof_of_another_award(body: Json) -> Json:
    other = bare(body) | {"id": f"{body['id']}?another"}
    return body | {"proof": signed(other)["proof"]}


def with_an_unknown_word(body: Json) -> Json:
    return body | {"honours": "all of them"}


def with_an_unknown_context(body: Json) -> Json:
    unknown = [*body["@context"], "https://elsewhere.example.net/context.json"]
    return body | {"@context": unknown}


def without_proof(body: Json) -> Json:
    return bare(body)


def with_no_proof_in_the_list(body: Json) -> Json:
    return body | {"proof": []}


FORGERIES: tuple[Callable[[Json], Json], ...] = (
    with_name,
    with_title,
    with_an_earlier_date,
    with_a_later_end,
    with_own_place_in_the_list,
    without_status,
    by_a_key_of_a_stranger,
    by_a_did_of_a_strangers_own,
    by_the_preview_key,
    by_a_key_the_issuer_does_not_have,
    in_the_name_of_another_issuer,
    with_the_proof_of_another_award,
    with_an_unknown_word,
    with_an_unknown_context,
    without_proof,
    with_no_proof_in_the_list,
)
