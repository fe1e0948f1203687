# SPDX-License-Identifier: Apache-2.0
"""Award and backpack pages and the page for checking, stamped outside MkDocs from our templates.

Hundreds of thousands of awards share a few dozen shapes of page. A page is filled into what was
learned from its template (see `compiled`); the template itself makes the first of each shape and
is the witness for a sample of the others.
"""

from __future__ import annotations

import copy
from collections.abc import Collection

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.model import Award, Teacher
from site_builder.pages import icons
from site_builder.pages.award import People
from site_builder.pages.award_pages import AwardPages
from site_builder.pages.backpack_pages import BackpackPages
from site_builder.pages.compiled import Learned
from site_builder.pages.site_frame import SiteFrame

# What a shard must have of the whole catalog: everything that pages are learned from.
_WHOLE = (
    "issuer",
    "frameworks",
    "credentials",
    "versions",
    "pathways",
    "pathway_versions",
    "programs",
)


class StampedPages:
    """Pages of one catalog's awards and backpacks; the same arguments give the same bytes.

    Keeps what it learned, which `of` shares with the pages of other people of the catalog.

    Args:
        catalog: the checked catalog.
        site: the issuer's public addresses, whatever machine serves the page.
        sources: paths of the hand-written pages below docs/, so that the footer links to no
            page nobody wrote.
        is_preview: True where MkDocs serves the pages and adds an inline script that reloads
            them; everywhere else their policy lets no inline script run.
        is_signed: each award has a signed file beside its page.
        is_trial: the files are signed with the key everybody has; every page says so.
        pictures: kinds of baked pictures beside each award, of "png" and "svg".
        qr_files: QR codes are also files beside their pages, which link to them.
        by_template: every page is its template's own, slowly: the witness for all others.
    """

    def __init__(
        self,
        catalog: Catalog,
        site: Site,
        *,
        sources: Collection[str] = (),
        is_preview: bool = False,
        is_signed: bool = False,
        is_trial: bool = False,
        pictures: frozenset[str] = frozenset(),
        qr_files: bool = True,
        by_template: bool = False,
    ) -> None:
        self._frame = SiteFrame(
            catalog,
            site,
            sources,
            {
                "is_preview": is_preview,
                "is_signed": is_signed,
                "is_trial": is_trial,
                "pictures": pictures,
                "qr_files": qr_files,
            },
        )
        self.learned = None if by_template else Learned()
        self._awards = AwardPages(self._frame, self.learned)
        self._backpacks = BackpackPages(self._frame, self.learned)
        self.people = People(catalog)

    def of(self, shard: Catalog) -> StampedPages:
        """Pages of other people of the same catalog, sharing everything learned so far.

        Takes microseconds, so that a process can do it for each of many shards.

        Args:
            shard: this catalog with other teachers, awards and drafts.

        Raises:
            ValueError: the shard is not of this catalog, which is our bug.
        """
        whole = self._frame.catalog
        if any(getattr(shard, name) != getattr(whole, name) for name in _WHOLE):
            raise ValueError("pages of a shard need the catalog the shard is of")
        pages = copy.copy(self)
        pages.people = People(shard)
        return pages

    def award(self, award: Award, *, qr_svg: str, wallet_qr_svg: str = "") -> str:
        """The page of an award that is published and not withdrawn, as text; see `award_file`."""
        return self.award_file(
            award, qr_svg=qr_svg.encode(), wallet_qr_svg=wallet_qr_svg.encode()
        ).decode()

    def award_file(self, award: Award, *, qr_svg: bytes, wallet_qr_svg: bytes = b"") -> bytes:
        """The page of an award that is published and not withdrawn.

        Args:
            qr_svg: code of the page's own address.
            wallet_qr_svg: code of the signed file's address; empty where there is no such file.

        Raises:
            PageDiffers: a compared page was not the template's own, which is our bug.
        """
        return self._awards.page(award, self.people, qr_svg, wallet_qr_svg)

    def backpack(self, teacher: Teacher, *, qr_svg: str, has_record: bool = False) -> str:
        """The page of a teacher's backpack, as text; see `backpack_file`."""
        return self.backpack_file(teacher, qr_svg=qr_svg.encode(), has_record=has_record).decode()

    def backpack_file(self, teacher: Teacher, *, qr_svg: bytes, has_record: bool = False) -> bytes:
        """The page of a teacher's backpack, as wide as the teacher chose.

        Args:
            qr_svg: code of the page's own address.
            has_record: a signed learner record stands beside the page.

        Raises:
            PageDiffers: a compared page or part was not the template's own, which is our bug.
        """
        return self._backpacks.page(teacher, self.people.catalog, qr_svg, has_record=has_record)

    def verify(self) -> str:
        """The page on which anybody checks badges, those of other issuers too.

        The only page that may read from other hosts; its script does so after a click.
        """
        shell = self._frame.shell(icons.VERIFY, reads="'self' https:")
        url = self._frame.site.url(addresses.VERIFY)
        return self._frame.rendered("verify.html", {"shell": shell, "url": url})

    def withdrawn(self) -> str:
        """What stands at the address of every withdrawn award: the same bytes for everybody."""
        return self._frame.rendered("withdrawn.html", {"shell": self._frame.shell(icons.WITHDRAWN)})
