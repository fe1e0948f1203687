# SPDX-License-Identifier: Apache-2.0
"""What a signed site has besides: credentials, status lists, and who the issuer's keys are.

The only room that brings a private key and a catalog together. An unsigned build does not load it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from site_builder import addresses, claims, keys
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.formats import clr, did, openbadges3, status_list
from site_builder.keys import PREVIEW_KEY, SigningKey, preview
from site_builder.model import Award, Issuer
from site_builder.model.catalog_kinds import Key
from site_builder.problems import KeyProblem, Place, Problem, Unsignable
from site_builder.proofs import UnsafeDocument, sign
from site_builder.proofs.embedded import Records
from site_builder.proofs.template import Templates

Json = dict[str, Any]
# Older than any award, so that what a preview signs is dated like the award itself.
_PREVIEW = Key.model_validate({"id": "preview", "public": PREVIEW_KEY, "from": "2000-01-01"})


class Signer:
    """Signs the files of one site with one of the issuer's keys, or with the key of previews.

    Args:
        key: the private half of a key in `catalog/issuer.yml` that is in use; None takes the
            publicly known key of previews, on which no verdict says "valid".
        issuer: the issuer, with the public halves of all its keys.
        site: public addresses.

    Raises:
        KeyProblem: the key is not the issuer's, is no longer in use, or cannot be told apart.
    """

    def __init__(self, key: SigningKey | None, issuer: Issuer, site: Site) -> None:
        self.is_trial = key is None
        self._key = key or preview()
        self._site = site
        self._entry = entry_of(key.public, issuer) if key else _PREVIEW
        self._history = (*issuer.keys, *(() if key else (_PREVIEW,)))
        self._canonical = Records(Templates(openbadges3.CONSTANT_PATHS)).canonical
        self._problems: list[Problem] = []

    @property
    def key_id(self) -> str:
        """The key's name in `issuer.yml`."""
        return self._entry.id

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What stood in the way of signing, so far."""
        return tuple(dict.fromkeys(self._problems))

    def files(self, catalog: Catalog) -> Iterator[tuple[str, Json]]:
        """The signed files of a site and those that say who signed, as (path, JSON).

        Private awards have none; their bit in the status list says nothing about whose it is.

        Raises:
            Unsignable: after all others are done, when some held what a signature would not cover.
        """
        site = self._site
        document = did.document(self._history, site)
        yield addresses.DID, document
        yield addresses.DID_WELL_KNOWN, document
        yield addresses.KEYS, did.history(self._history, site)
        yield addresses.PROFILE, openbadges3.profile(catalog, site)
        for one in catalog.versions.values():
            if one.status != "draft":
                yield addresses.achievement(one), openbadges3.achievement(one, catalog, site)
        shared = openbadges3.Achievements(catalog, site)
        yield from self._awards(catalog, shared)
        yield from self._learner_records(catalog, shared)
        for number, awards in status_list.lists(catalog.awards.values()).items():
            body = status_list.credential(number, awards, site)
            yield addresses.status_list(number), self.signed(body)
        if self._problems:
            raise Unsignable(self.problems)

    def _awards(
        self, catalog: Catalog, shared: openbadges3.Achievements
    ) -> Iterator[tuple[str, Json]]:
        for award in catalog.published:
            path = addresses.award_json(award.id)
            if award.status.state == "withdrawn":
                yield path, openbadges3.stub(award, self._site)
                continue
            made = self.award(award, catalog, shared)
            if made is not None:
                yield path, made

    def _learner_records(
        self, catalog: Catalog, shared: openbadges3.Achievements
    ) -> Iterator[tuple[str, Json]]:
        for teacher in clr.teachers(catalog):
            held = clr.standing(catalog.shown_in_backpack(teacher))
            # Signed once more rather than kept: the same bytes in 0.3 ms, and no site in memory.
            made = [self.award(one, catalog, shared) for one in held]
            credentials = [one for one in made if one is not None]
            if len(credentials) == len(held):
                body = clr.record(teacher, credentials, catalog, self._site)
                yield addresses.backpack_json(addresses.backpack_slug(teacher)), self.signed(body)

    def award(
        self, award: Award, catalog: Catalog, shared: openbadges3.Achievements | None = None
    ) -> Json | None:
        """The signed credential of one award, whoever may see it; None where it has a problem.

        Args:
            award: an issued award that is not withdrawn.
            catalog: the checked catalog.
            shared: keeps what awards share; pass the same one for many.
        """
        body = openbadges3.credential(award, catalog, self._site, shared)
        try:
            return self.signed(body)
        except UnsafeDocument as found:
            path = catalog.sources.get(("award", award.id), f"awards/{award.id}.yml")
            for fault in found.faults:
                self._problems.append(
                    Problem(
                        "SG001",
                        Place(path),
                        f"the award cannot be signed: in its credential, {fault}.",
                        "Change the text in this file or in what it names.",
                    )
                )
            return None

    def signed(self, body: Json) -> Json:
        """A document with this key's proof.

        Raises:
            UnsafeDocument: something in it would not be covered by the proof.
        """
        # From the data, never from a clock, and never before there was a key to sign with.
        created = max(body["validFrom"], claims.first_second(self._entry.from_))
        return sign(
            body,
            self._key,
            method=addresses.key_method(self._entry.id, self._site),
            created=created,
            canonicalise=self._canonical,
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
