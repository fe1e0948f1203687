# SPDX-License-Identifier: Apache-2.0
"""Award pages, each filled into what was learned from the template for its shape."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from site_builder import addresses
from site_builder.model import Award, EvidenceItem
from site_builder.pages import icons
from site_builder.pages.award import Facts, Kind, People, Titles, evidence, facts, kind, view
from site_builder.pages.compiled import Learned, Moulds, Value, inked, is_plain_id
from site_builder.pages.credential_parts import AllCredentialParts, CredentialParts
from site_builder.pages.days import Day
from site_builder.pages.sharing import Sharing, Written, sharing
from site_builder.pages.site_frame import SiteFrame

_FACTS = len(Facts._fields)
_PARTS = _FACTS + len(CredentialParts._fields)
_FILES = {"png": addresses.award_png, "svg": addresses.award_svg}


class AwardPages:
    """Award pages of one site; what is learned for one award serves all others."""

    def __init__(self, frame: SiteFrame, learned: Learned | None) -> None:
        self._frame = frame
        self._learned = learned
        self._titles = Titles(frame.catalog, frame.tongues)
        self._parts = AllCredentialParts(frame)
        self._issuer = Written.of(frame.catalog.issuer.name)
        self._evidence_item = frame.macros("sharing.html").evidence_item

    def page(self, award: Award, people: People, qr_svg: bytes, wallet_qr_svg: bytes) -> bytes:
        """The page of a published award.

        Raises:
            PageDiffers: a compared page was not the template's own, which is our bug.
        """
        what, said = kind(award, people.catalog), facts(award, people, self._titles)
        parts, part_values = self._parts.of(award.credential)
        shown = evidence(award, people.catalog)

        def stock() -> str:
            codes = Markup(qr_svg.decode()), Markup(wallet_qr_svg.decode())  # noqa: S704 - from art
            return self._rendered("award.html", what, said, parts, codes, evidence_items=shown)

        learned = self._learned
        if learned is None or not is_plain_id(award.id):
            return stock().encode()
        pieces = self._evidence(shown, learned.parts)
        values = (*map(inked, said), *part_values, qr_svg, wallet_qr_svg, pieces)
        return learned.pages.filled(
            ("award", *what), values, lambda tokens: self._drawn(what, tokens), stock
        )

    def _drawn(self, what: Kind, tokens: Sequence[Markup]) -> str:
        said = Facts._make(tokens[:_FACTS])
        parts = CredentialParts._make(tokens[_FACTS:_PARTS])
        *codes, shown = tokens[_PARTS:]
        return self._rendered("award-frame.html", what, said, parts, codes, evidence=shown)

    def _rendered(
        self,
        template: str,
        what: Kind,
        said: Facts,
        parts: CredentialParts,
        codes: Sequence[Markup],
        *,
        evidence_items: tuple[EvidenceItem, ...] = (),
        **values: Any,
    ) -> str:
        return self._frame.rendered(
            template,
            {
                "shell": self._frame.shell(icons.AWARD),
                "parts": parts,
                "view": view(what, said, self._frame.site, evidence_items),
                "files": {key: path(said.id).rpartition("/")[2] for key, path in _FILES.items()},
                "share": self._sharing(said, parts) if what.state == "active" else None,
                "qr": codes[0],
                "wallet_qr": codes[1],
                **values,
            },
        )

    def _sharing(self, said: Facts, parts: CredentialParts) -> Sharing:
        site, pictures = self._frame.site, self._frame.shared["pictures"]
        baked = html.escape(site.url(addresses.award_png(said.id)))
        issued = said.issued, said.issued_words, said.issued_year, said.issued_month, ""
        until = said.until, said.until_words, said.until_year, said.until_month, ""
        return sharing(
            said.id,
            Day._make(issued) if said.issued else None,
            Day._make(until) if said.until else None,
            title=Written(parts.name, parts.name_in_query, parts.name_in_html),
            issued_by=self._issuer,
            url=site.url(addresses.award_page(said.id)),
            picture=baked if "png" in pictures else parts.shared_picture,
        )

    def _evidence(self, shown: tuple[EvidenceItem, ...], moulds: Moulds) -> Value:
        """Pieces of evidence as the page shows them; empty where it shows none."""
        is_signed = self._frame.shared["is_signed"]
        return b"".join(
            [
                moulds.filled(
                    "evidence",
                    (
                        inked(item.title),
                        inked(item.url),
                        inked(item.narrative),
                        b"%d" % number if is_signed else None,
                    ),
                    lambda tokens: self._evidence_item(*tokens),
                )
                for number, item in enumerate(shown, 1)
            ]
        )
