# SPDX-License-Identifier: Apache-2.0
"""What is made of some people and their awards: pages, records, and their rows in the lists.

The one pure function behind every build: a catalog with some of the people goes in, files and rows
come out, and nothing is kept. A whole site is this over all of its people; see running/.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from site_builder import addresses
from site_builder.baking import bake_png, bake_svg
from site_builder.build.setting import Artifact, Setting
from site_builder.catalog import Catalog
from site_builder.directory import listed
from site_builder.formats import clr, openbadges2
from site_builder.json_text import json_bytes
from site_builder.ledger import entry
from site_builder.model import Award, Teacher

Rows = dict[str, list[Any]]
"""What people add to the lists of a site, by the name of the list; plain JSON."""


class People:
    """The files and rows of some people of one site.

    Args:
        setting: what all files of the site are made with.
        catalog: the site's catalog with these people, each with all awards.
    """

    def __init__(self, setting: Setting, catalog: Catalog) -> None:
        self.setting = setting
        self.catalog = catalog
        self.site = setting.site

    def files(self) -> Iterator[Artifact]:
        """Every file of these people.

        Raises:
            Unsignable: after all others, when an award held what no signature would cover.
        """
        yield from self.records()
        yield from self.signed()
        yield from self.pages()

    def records(self) -> Iterator[Artifact]:
        """Hosted Open Badges 2.0 records, and pictures that hold them where nobody signs."""
        if not self.catalog.issuer.publish.ob2:
            return
        for award in self.catalog.published:
            made = openbadges2.assertion(
                award, self.catalog, self.site, is_signed=self.setting.is_signed
            )
            yield addresses.award_ob2(award.id), json_bytes(made)
            if not self.setting.is_signed:
                yield from self._baked(award, None)

    def signed(self) -> Iterator[Artifact]:
        """Signed credentials and learner records, and pictures that hold them; see signing.py.

        Raises:
            Unsignable: as `files`.
        """
        if self.setting.signer is None:
            return
        waiting = {addresses.award_json(one.id): one for one in self.catalog.published}
        for path, data in self.setting.signer.of_people(self.catalog):
            yield path, data
            if path in waiting:
                yield from self._baked(waiting[path], data)

    def pages(self) -> Iterator[Artifact]:
        """Award and backpack pages with their QR codes."""
        setting, stamped = self.setting, self.setting.pages.of(self.catalog)
        withdrawn = b""
        for award in self.catalog.published:
            path = addresses.award_page(award.id)
            if award.status.state == "withdrawn":
                withdrawn = withdrawn or stamped.withdrawn().encode()
                yield path, withdrawn
                continue
            qr, wallet = setting.qr(path, "this award's address"), b""
            if setting.is_signed:
                wallet = setting.qr(addresses.award_json(award.id), "the signed file's address")
            yield path, stamped.award_file(award, qr_svg=qr, wallet_qr_svg=wallet)
            if setting.has_qr_files:
                yield addresses.award_qr(award.id), qr
                if wallet:
                    yield addresses.wallet_qr(award.id), wallet
        for teacher in self.catalog.backpacks:
            slug = addresses.backpack_slug(teacher)
            qr = setting.qr(addresses.backpack_page(slug), "this backpack's address")
            page = stamped.backpack_file(teacher, qr_svg=qr, has_record=self._has_record(teacher))
            yield addresses.backpack_page(slug), page
            if setting.has_qr_files:
                yield addresses.backpack_qr(slug), qr

    def rows(self) -> Rows:
        """What these people add to the lists of the site, but `holders`; see lists.py."""
        catalog = self.catalog
        issuer = addresses.issuer_did(self.site)
        lists: dict[int, tuple[str, list[int]]] = {}
        for award in catalog.awards.values():
            if award.status_list is not None:
                number, index = award.status_list.list, award.status_list.index
                newest, taken = lists.get(number, ("", []))
                days = (newest, *(str(day) for day in (award.issued, award.status.on) if day))
                if award.status.state != "active":
                    taken.append(index)
                lists[number] = max(days), taken
        return {
            "ledger": [entry(one, issuer) for one in catalog.published],
            "listed": [one.packed() for one in listed(catalog)],
            "revoked": [list(one) for one in openbadges2.revoked(catalog)],
            "status": [[number, day, taken] for number, (day, taken) in sorted(lists.items())],
        }

    def _has_record(self, teacher: Teacher) -> bool:
        """True when a teacher's backpack has, or will have, a signed learner record."""
        return self.setting.is_signed and clr.has_record(teacher, self.catalog)

    def _baked(self, award: Award, signed: bytes | None) -> Iterator[Artifact]:
        """The pictures at an award: of a withdrawn one the same neutral picture for everybody."""
        kinds = self.setting.kinds
        if not kinds:
            return
        is_withdrawn = award.status.state == "withdrawn"
        svg, png = self.setting.pictures.badge(self.catalog.versions[award.credential])
        ob3 = signed.decode().rstrip() if signed is not None else None
        if "png" in kinds:
            if is_withdrawn:
                yield addresses.award_png(award.id), self.setting.pictures.neutral
            else:
                ob2 = None
                if self.catalog.issuer.publish.ob2:
                    record = openbadges2.full(
                        award, self.catalog, self.site, is_signed=self.setting.is_signed
                    )
                    ob2 = json_bytes(record).decode().rstrip()
                yield addresses.award_png(award.id), bake_png(png, ob2=ob2, ob3=ob3)
        if "svg" in kinds and ob3 is not None and not is_withdrawn:
            yield addresses.award_svg(award.id), bake_svg(svg, ob3=ob3)
