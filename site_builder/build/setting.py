# SPDX-License-Identifier: Apache-2.0
"""What every file of one site is made with: made once in a process, used for each shard."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from site_builder.addresses import Site
from site_builder.art import qr_svg
from site_builder.build.pictures import Pictures
from site_builder.cache import Cache
from site_builder.catalog import Catalog
from site_builder.pages.stamped import StampedPages

if TYPE_CHECKING:
    from site_builder.signing import Signer

Artifact = tuple[str, bytes]


class Setting:
    """What the files of one site have in common.

    Args:
        catalog: the checked catalog; who earned what does not matter here.
        site: public addresses; in a preview those of the local server.
        cache: keeps drawings between builds.
        written: sources of the pages MkDocs makes, so that footers link to no page nobody wrote.
        is_preview: True for pages MkDocs serves and reloads.
        signer: makes the signatures; None where somebody else signs later, or nobody does.
    """

    def __init__(
        self,
        catalog: Catalog,
        site: Site,
        cache: Cache | None = None,
        *,
        written: Collection[str] = (),
        is_preview: bool = False,
        signer: Signer | None = None,
    ) -> None:
        self.catalog = catalog
        self.site = site
        self.signer = signer
        self.written = written
        self.is_preview = is_preview
        self.pictures = Pictures(catalog, cache or Cache(None))

    @property
    def is_signed(self) -> bool:
        """True when each award has a signed file, or will have once `badges sign` ran."""
        return self.signer is not None or any(one.is_in_use for one in self.catalog.issuer.keys)

    @property
    def is_trial(self) -> bool:
        """True when the signatures are made with the key that everybody has."""
        return self.signer is not None and self.signer.is_trial

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of pictures published at each award: "png", "svg"."""
        publish = self.catalog.issuer.publish
        found = {"png"} if publish.baked_png and (publish.ob2 or self.is_signed) else set()
        return frozenset(found | ({"svg"} if publish.baked_svg and self.is_signed else set()))

    @property
    def has_qr_files(self) -> bool:
        """True when each QR code is a file of its own too."""
        return self.catalog.issuer.publish.qr_files

    @cached_property
    def pages(self) -> StampedPages:
        """The stamped pages of the catalog's people."""
        return StampedPages(
            self.catalog,
            self.site,
            sources=self.written,
            is_preview=self.is_preview,
            is_signed=self.is_signed,
            is_trial=self.is_trial,
            pictures=self.kinds,
            qr_files=self.has_qr_files,
        )

    def qr(self, path: str, what: str) -> bytes:
        """The QR code of a path's URL, as SVG.

        Args:
            path: on the site.
            what: whose address it is, in words.
        """
        label = f"QR code of {what} at {self.site.host}"
        return qr_svg(self.site.url(path), label=label).encode()
