# SPDX-License-Identifier: Apache-2.0
"""What a signed site has besides: credentials, status lists, and who the issuer's keys are.

The only room that brings a private key and a catalog together. A build without a key does not
load it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from site_builder import addresses, claims, keys
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.formats import did, openbadges3, status_list
from site_builder.keys import SigningKey
from site_builder.model import Issuer
from site_builder.model.catalog_kinds import Key
from site_builder.problems import KeyProblem
from site_builder.proofs import sign
from site_builder.proofs.template import Templates

Json = dict[str, Any]


class Signer:
    """Signs the files of one site with one of the issuer's keys.

    Args:
        key: the private half of a key in `catalog/issuer.yml` that is in use.
        issuer: the issuer, with the public halves of all its keys.
        site: public addresses.

    Raises:
        KeyProblem: the key is not the issuer's, is no longer in use, or cannot be told apart.
    """

    def __init__(self, key: SigningKey, issuer: Issuer, site: Site) -> None:
        self._key = key
        self._site = site
        self._entry = entry_of(key.public, issuer)
        self._templates = Templates(openbadges3.CONSTANT_PATHS)

    @property
    def key_id(self) -> str:
        """The key's name in `issuer.yml`."""
        return self._entry.id

    def files(self, catalog: Catalog) -> Iterator[tuple[str, Json]]:
        """The signed files of a site and those that say who signed, as (path, JSON).

        Private awards have none; their bit in the status list says nothing about whose it is.
        """
        site, history = self._site, catalog.issuer.keys
        document = did.document(history, site)
        yield addresses.DID, document
        yield addresses.DID_WELL_KNOWN, document
        yield addresses.KEYS, did.history(history, site)
        yield addresses.PROFILE, openbadges3.profile(catalog, site)
        for one in catalog.versions.values():
            if one.status != "draft":
                yield addresses.achievement(one), openbadges3.achievement(one, catalog, site)
        shared = openbadges3.Achievements(catalog, site)
        for award in catalog.published:
            path = addresses.award_json(award.id)
            if award.status.state == "withdrawn":
                yield path, openbadges3.stub(award, site)
            else:
                yield path, self._signed(openbadges3.credential(award, catalog, site, shared))
        for number, awards in status_list.lists(catalog.awards.values()).items():
            body = status_list.credential(number, awards, site)
            yield addresses.status_list(number), self._signed(body)

    def _signed(self, body: Json) -> Json:
        # From the data, never from a clock, and never before there was a key to sign with.
        created = max(body["validFrom"], claims.first_second(self._entry.from_))
        return sign(
            body,
            self._key,
            method=addresses.key_method(self._entry.id, self._site),
            created=created,
            canonicalise=self._templates.canonical,
        )


def entry_of(public: str, issuer: Issuer) -> Key:
    """What `issuer.yml` says about a key that may sign.

    Raises:
        KeyProblem: it may not, or one of the keys there is no key.
    """
    for one in issuer.keys:
        keys.public_bytes(one.public)  # all of them are published, the unused ones too
    twice = [name for name, count in Counter(one.id for one in issuer.keys).items() if count > 1]
    if twice:
        raise KeyProblem(f"two keys in catalog/issuer.yml have the id '{twice[0]}'")
    if public in keys.DENIED:
        raise KeyProblem("this is the key of previews, which everybody has; it signs nothing")
    entries = [one for one in issuer.keys if one.public == public]
    if not entries:
        raise KeyProblem(
            f"the public half of this key, {public}, does not stand under `keys:` in "
            "catalog/issuer.yml; whoever checks a signature looks for it there"
        )
    for one in entries:
        if one.compromised is not None:
            raise KeyProblem(f"the key '{one.id}' is marked compromised in catalog/issuer.yml")
        if one.until is not None:
            raise KeyProblem(f"the key '{one.id}' ended on {one.until}; sign with its successor")
    return entries[0]
