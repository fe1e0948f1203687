# SPDX-License-Identifier: Apache-2.0
"""The files a badge can be checked by: hosted records, signed credentials, pictures that hold them.

`badges build` writes them with the pages; `badges sign` adds the signed ones to a site built
without a key. Both make every body anew from the checked catalog.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.baking import bake_png, bake_svg
from site_builder.build.pictures import Pictures
from site_builder.cache import Cache
from site_builder.catalog import Catalog
from site_builder.formats import clr, openbadges2, read_api
from site_builder.ledger import ledger
from site_builder.model import Award, Teacher

if TYPE_CHECKING:
    from site_builder.signing import Signer

Artifact = tuple[str, bytes]
Json = Mapping[str, Any]


def json_bytes(body: Json) -> bytes:
    """JSON as UTF-8, keys in the order given, one final newline."""
    return (json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


class Proofs:
    """What badges of one site are checked by.

    Args:
        catalog: the checked catalog.
        site: public addresses.
        cache: keeps drawings between builds.
        signer: makes the signatures; None where somebody else signs later, or nobody does.
    """

    def __init__(self, catalog: Catalog, site: Site, cache: Cache, signer: Signer | None) -> None:
        self.catalog = catalog
        self.site = site
        self.signer = signer
        self.pictures = Pictures(catalog, cache)

    @property
    def is_signed(self) -> bool:
        """True when each award has a signed file, or will have once `badges sign` ran."""
        return self.signer is not None or any(one.is_in_use for one in self.catalog.issuer.keys)

    @property
    def is_trial(self) -> bool:
        """True when the signatures are made with the key that everybody has."""
        return self.signer is not None and self.signer.is_trial

    def has_record(self, teacher: Teacher) -> bool:
        """True when a teacher's backpack has, or will have, a signed learner record."""
        return self.is_signed and teacher.id in self._with_record

    @cached_property
    def _with_record(self) -> frozenset[str]:
        return frozenset(one.id for one in clr.teachers(self.catalog))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of pictures published at each award: "png", "svg"."""
        publish = self.catalog.issuer.publish
        found = {"png"} if publish.baked_png and (publish.ob2 or self.is_signed) else set()
        return frozenset(found | ({"svg"} if publish.baked_svg and self.is_signed else set()))

    def hosted(self) -> Iterator[Artifact]:
        """Open Badges 2.0 files, and pictures that hold them where nobody signs."""
        catalog, site = self.catalog, self.site
        if not catalog.issuer.publish.ob2:
            return
        yield addresses.ISSUER_OB2, json_bytes(openbadges2.issuer(catalog, site))
        yield addresses.REVOCATIONS_OB2, json_bytes(openbadges2.revocation_list(catalog, site))
        for credential in catalog.versions.values():
            if credential.status != "draft":
                yield (
                    addresses.badge_class(credential),
                    json_bytes(
                        openbadges2.badge_class(credential, catalog, site, is_signed=self.is_signed)
                    ),
                )
        for award in catalog.published:
            yield addresses.award_ob2(award.id), self._record(award)
            if not self.is_signed:
                yield from self._baked(award, None)

    def lists(self) -> Iterator[Artifact]:
        """The read API and the ledger."""
        catalog, site = self.catalog, self.site
        yield addresses.api("catalog"), json_bytes(read_api.index(catalog, site))
        yield addresses.api("competencies"), json_bytes(read_api.competencies(catalog, site))
        yield addresses.api("credentials"), json_bytes(read_api.credentials(catalog, site))
        yield addresses.api("pathways"), json_bytes(read_api.pathways(catalog, site))
        awards = read_api.awards(catalog, site, is_signed=self.is_signed)
        yield addresses.api("awards"), json_bytes(awards)
        yield addresses.api("insights"), json_bytes(read_api.insights(catalog))
        made = ledger(catalog.published, addresses.issuer_did(site))
        yield addresses.LEDGER, json_bytes(made)

    def signed(self) -> Iterator[Artifact]:
        """Signed files and who signed them, and pictures that hold them; see signing.py.

        Raises:
            Unsignable: an award holds what no signature would cover.
        """
        if self.signer is None:
            return
        waiting = {addresses.award_json(one.id): one for one in self.catalog.published}
        for path, body in self.signer.files(self.catalog):
            data = json_bytes(body)
            yield path, data
            if path in waiting:
                yield from self._baked(waiting[path], data)

    def _baked(self, award: Award, signed: bytes | None) -> Iterator[Artifact]:
        """The pictures at an award: of a withdrawn one the same neutral picture for everybody."""
        is_withdrawn = award.status.state == "withdrawn"
        svg, png = self.pictures.badge(self.catalog.versions[award.credential])
        ob3 = signed.decode().rstrip() if signed is not None else None
        if "png" in self.kinds:
            if is_withdrawn:
                yield addresses.award_png(award.id), self.pictures.neutral
            else:
                ob2 = None
                if self.catalog.issuer.publish.ob2:
                    record = openbadges2.full(
                        award, self.catalog, self.site, is_signed=self.is_signed
                    )
                    ob2 = json_bytes(record).decode().rstrip()
                yield addresses.award_png(award.id), bake_png(png, ob2=ob2, ob3=ob3)
        if "svg" in self.kinds and ob3 is not None and not is_withdrawn:
            yield addresses.award_svg(award.id), bake_svg(svg, ob3=ob3)

    def _record(self, award: Award) -> bytes:
        made = openbadges2.assertion(award, self.catalog, self.site, is_signed=self.is_signed)
        return json_bytes(made)
