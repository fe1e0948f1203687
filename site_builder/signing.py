# SPDX-License-Identifier: Apache-2.0
"""What a signed site has besides: credentials, status lists, and who the issuer's keys are.

The only room that brings a private key and a catalog together. An unsigned build does not load it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from site_builder import addresses, claims, keys
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.formats import clr, did, openbadges3, status_list
from site_builder.formats.status_list import Bits, Entry
from site_builder.json_text import json_bytes
from site_builder.keys import PREVIEW_KEY, SigningKey, preview
from site_builder.model import Award, Issuer, Teacher
from site_builder.model.catalog_kinds import Key
from site_builder.problems import KeyProblem, Place, Problem, Unsignable
from site_builder.proofs import UnsafeDocument
from site_builder.proofs.notary import Notary, Signed
from site_builder.proofs.stored import Store

__all__ = ["Signed", "Signer", "SignerPlan", "entry_of"]
Artifact = tuple[str, bytes]
Json = dict[str, Any]
# Older than any award, so that what a preview signs is dated like the award itself.
_PREVIEW = Key.model_validate({"id": "preview", "public": PREVIEW_KEY, "from": "2000-01-01"})


class Signer:
    """Signs the files of one site with one of the issuer's keys, or with the key of previews.

    One for each process: it learns what credentials are like and keeps what they share, and no
    call costs more for a larger catalog. `plan` makes another one in another process.

    Args:
        key: the private half of a key in `catalog/issuer.yml` that is in use; None takes the
            publicly known key of previews, on which no verdict says "valid".
        issuer: the issuer, with the public halves of all its keys.
        site: public addresses.
        store: keeps what is learned for other processes; what lies there need not be trusted.

    Raises:
        KeyProblem: the key is not the issuer's, is no longer in use, or cannot be told apart.
    """

    def __init__(
        self, key: SigningKey | None, issuer: Issuer, site: Site, store: Store | None = None
    ) -> None:
        self.is_trial = key is None
        self._key = key or preview()
        self._issuer = issuer
        self._site = site
        self._entry = entry_of(key.public, issuer) if key else _PREVIEW
        self._first = claims.first_second(self._entry.from_)
        self._history = (*issuer.keys, *(() if key else (_PREVIEW,)))
        method = addresses.key_method(self._entry.id, site)
        self._notary = Notary(self._key, method, openbadges3.CONSTANT_PATHS, store)
        self._shared: openbadges3.Achievements | None = None

    @property
    def key_id(self) -> str:
        """The key's name in `issuer.yml`."""
        return self._entry.id

    @property
    def public(self) -> str:
        """The public half of the key, as a Multikey."""
        return self._key.public

    @property
    def plan(self) -> SignerPlan:
        """What another process of ours needs to make the same signer."""
        seed = None if self.is_trial else self._key.seed()
        return SignerPlan(self._issuer, self._site, seed)

    def files(self, catalog: Catalog) -> Iterator[Artifact]:
        """The signed files of a site and those that say who signed, as (path, bytes).

        Private awards have none; their bit in the status list says nothing about whose it is.

        Raises:
            Unsignable: after all others are done, when some held what a signature would not cover.
        """
        yield from self.identity_files(catalog)
        unsignable = None
        try:
            yield from self.of_people(catalog)
        except Unsignable as found:
            unsignable = found
        for number, awards in status_list.lists(catalog.awards.values()).items():
            yield self.status_list(number, map(status_list.entry, awards))
        if unsignable is not None:
            raise unsignable

    def identity_files(self, catalog: Catalog) -> Iterator[Artifact]:
        """Who the issuer is, by which keys, and what it awards; of people nothing is asked."""
        site = self._site
        document = json_bytes(did.document(self._history, site))
        yield addresses.DID, document
        yield addresses.DID_WELL_KNOWN, document
        yield addresses.KEYS, json_bytes(did.history(self._history, site))
        yield addresses.PROFILE, json_bytes(openbadges3.profile(catalog, site))
        for one in catalog.versions.values():
            if one.status != "draft":
                body = openbadges3.achievement(one, catalog, site, self._achievements(catalog))
                yield addresses.achievement(one), json_bytes(body)

    def of_people(self, shard: Catalog) -> Iterator[Artifact]:
        """The signed files of a shard's people, teacher by teacher.

        Each published award once, stubs of withdrawn ones included, and after a teacher's awards
        their learner record. What was signed is kept until then and no longer.

        Args:
            shard: the catalog with some of its teachers, each with all their awards.

        Raises:
            Unsignable: after all others are done, when some held what a signature would not cover.
        """
        problems: list[Problem] = []
        for teacher_id, awards in shard.awards_by_teacher.items():
            teacher = shard.teachers[teacher_id]
            shown = shard.shown_in_backpack(teacher)
            held = {one.id for one in clr.held(teacher, shown)}
            kept: dict[str, Signed] = {}
            for award in awards:
                path = addresses.award_json(award.id)
                if award.status.state == "withdrawn":
                    yield path, json_bytes(openbadges3.stub(award, self._site))
                elif shard.visibility(award) != "private":
                    try:
                        made = self.award(award, shard)
                    except Unsignable as found:
                        problems += found.problems
                        continue
                    yield path, made.data
                    if award.id in held:
                        kept[award.id] = made
            if held and len(kept) == len(held):
                made = self.record(teacher, list(kept.values()), shard, awards=shown)
                yield addresses.backpack_json(addresses.backpack_slug(teacher)), made.data
        if problems:
            raise Unsignable(dict.fromkeys(problems))

    def status_list(self, number: int, entries: Iterable[Entry] | Bits) -> Artifact:
        """The signed status list with a number, as (path, bytes).

        Args:
            number: of the list.
            entries: of all its issued awards, private ones included, in any order; or merged.

        Raises:
            ValueError: no entries, or an index is out of range or used twice.
        """
        if not isinstance(entries, Bits):
            entries = Bits.of(entries)
        body = status_list.credential_of(number, entries, self._site)
        return addresses.status_list(number), self._signed(body).data

    def award(self, award: Award, catalog: Catalog) -> Signed:
        """The signed credential of one award, whoever may see it.

        Args:
            award: an issued award that is not withdrawn.
            catalog: the checked catalog, or a shard with the award's teacher.

        Raises:
            Unsignable: it holds what a signature would not cover.
        """
        body = openbadges3.credential(award, catalog, self._site, self._achievements(catalog))
        try:
            return self._signed(body)
        except UnsafeDocument as found:
            path = catalog.sources.get(("award", award.id), f"awards/{award.id}.yml")
            raise Unsignable(
                Problem(
                    "SG001",
                    Place(path),
                    f"the award cannot be signed: in its credential, {fault}.",
                    "Change the text in this file or in what it names.",
                )
                for fault in found.faults
            ) from None

    def record(
        self,
        teacher: Teacher,
        credentials: Sequence[Signed],
        catalog: Catalog,
        *,
        awards: Sequence[Award],
        slug: str | None = None,
    ) -> Signed:
        """The signed learner record of one teacher; see `clr.record` for what is asked of each."""
        body = clr.record(
            teacher,
            [one.document for one in credentials],
            catalog,
            self._site,
            awards=awards,
            slug=slug,
            shared=self._achievements(catalog),
        )
        return self._notary.record(body, self._created(body), credentials)

    def _signed(self, body: Json) -> Signed:
        return self._notary.signed(body, self._created(body))

    def _created(self, body: Json) -> str:
        """From the data, never from a clock, and never before there was a key to sign with."""
        return max(str(body["validFrom"]), self._first)

    def _achievements(self, catalog: Catalog) -> openbadges3.Achievements:
        """What awards share, made once for all shards of a catalog."""
        if self._shared is None or not self._shared.serves(catalog):
            self._shared = openbadges3.Achievements(catalog, self._site)
        return self._shared


@dataclass(frozen=True, slots=True)
class SignerPlan:
    """What another process of ours needs to make the same signer; fit for a process pool.

    It holds the private key: hand it to workers as a pool's initialiser argument and nowhere else,
    neither to a file nor to another machine. What is printed of it names no key.

    Attributes:
        seed: the private key; None for that of previews.
    """

    issuer: Issuer
    site: Site
    seed: bytes | None = field(repr=False)

    def signer(self, store: Store | None = None) -> Signer:
        """The signer; errors as of `Signer`."""
        key = SigningKey(self.seed) if self.seed is not None else None
        return Signer(key, self.issuer, self.site, store)


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
