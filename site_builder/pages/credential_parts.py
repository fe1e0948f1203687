# SPDX-License-Identifier: Apache-2.0
"""What every award page of one credential version says alike, made once."""

from __future__ import annotations

import html
from typing import NamedTuple

from markupsafe import Markup

from site_builder import addresses
from site_builder.model import Credential, Pathway
from site_builder.pages.award import level_title
from site_builder.pages.compiled import Value, inked
from site_builder.pages.credits import credits_of
from site_builder.pages.environment import slot_class, spoken
from site_builder.pages.sharing import Written
from site_builder.pages.site_frame import SiteFrame, link
from site_builder.pathways import credentials_in
from site_builder.texts import pick, plain

_LONG_TITLE = 80  # characters; a certificate with a longer one leaves the statement out
_LONG_STATEMENT = 280


class CredentialParts(NamedTuple):
    """Parts of an award page that the credential version alone decides.

    Attributes:
        title: the whole title; `shown_title` names its language if it is not the page's.
        name, name_in_query, name_in_html: the title in plain words; see `Written`.
        shared_picture: URL of the picture without a record, escaped for HTML.
    """

    slug: str
    code: str
    title: str
    shown_title: str | Markup
    name: str
    name_in_query: str
    name_in_html: str
    area_class: str
    badge: str
    badge_class: str
    plain_png: str
    shared_picture: str
    open_graph: Markup
    picture: Markup
    area_tag: Markup
    statement: Markup
    work: Markup
    judged: Markup
    toward: Markup
    criteria: Markup
    certificate: Markup
    certificate_rows: Markup


class AllCredentialParts:
    """Parts of each credential version of a catalog, made when first asked for."""

    def __init__(self, frame: SiteFrame) -> None:
        self._catalog = frame.catalog
        self._site = frame.site
        self._tongues = frame.tongues
        self._macros = frame.macros("credential.html")
        self._known: dict[str, tuple[CredentialParts, tuple[Value, ...]]] = {}

    def of(self, pinned: str) -> tuple[CredentialParts, tuple[Value, ...]]:
        """Parts of `slug@version`, and the same as values of a mould."""
        found = self._known.get(pinned)
        if found is None:
            parts = self._made(self._catalog.versions[pinned])
            found = self._known[pinned] = (parts, tuple(map(inked, parts)))
        return found

    def _made(self, credential: Credential) -> CredentialParts:
        macros = self._macros
        catalog, issuer = self._catalog, self._catalog.issuer
        place = catalog.place_of(credential)
        slot = place.slot if place else 0
        image = self._site.url(addresses.badge_png(credential))
        completed = catalog.pathways.get(credential.pathway) if credential.pathway else None
        granted = credits_of(credential)
        title = pick(credential.title, *self._tongues)
        name = Written.of(plain(title.words))
        return CredentialParts(
            slug=credential.id,
            code=catalog.code_of(credential),
            title=title.words,
            shown_title=spoken(title),
            name=name.words,
            name_in_query=name.query,
            name_in_html=name.html,
            area_class=f" {slot_class(slot)}" if place else "",
            badge=link(addresses.badge_svg(credential)),
            badge_class=link(addresses.badge_class(credential)),
            plain_png=link(addresses.badge_png(credential)),
            shared_picture=html.escape(image),
            open_graph=macros.open_graph(credential, image, issuer.name),
            picture=macros.picture(credential),
            area_tag=macros.area_tag(place, slot),
            statement=macros.statement(credential),
            work=macros.work(credential, granted),
            judged=macros.judged(credential),
            toward=macros.toward(self._toward(credential)),
            criteria=macros.criteria(credential, self._pass_level(credential), completed),
            certificate=macros.certificate(credential, self._short_statement(credential, name)),
            certificate_rows=macros.certificate_rows(credential, place, granted),
        )

    def _short_statement(self, credential: Credential, name: Written) -> str | Markup:
        """What a certificate says below the title; empty where it would not fit on the sheet."""
        picked = pick(credential.statement, *self._tongues)
        words = plain(picked.words)
        if len(name.words) > _LONG_TITLE or len(words) > _LONG_STATEMENT:
            return ""
        return spoken(picked._replace(words=words))

    def _pass_level(self, credential: Credential) -> str | Markup:
        rubric = credential.rubric
        if rubric is None:
            return ""
        return level_title(credential, rubric.pass_.every_criterion, self._tongues)

    def _toward(self, credential: Credential) -> tuple[tuple[Pathway, int], ...]:
        """Pathways a credential counts for, with how many credentials each names."""
        named = (
            (pathway, credentials_in(pathway.requires, self._catalog))
            for pathway in self._catalog.pathways.values()
        )
        return tuple((pathway, len(slugs)) for pathway, slugs in named if credential.id in slugs)
