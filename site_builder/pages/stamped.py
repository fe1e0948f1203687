# SPDX-License-Identifier: Apache-2.0
"""Award and backpack pages and the page for checking, stamped outside MkDocs from our templates.

Thousands of awards share a few dozen credentials, so what a page says about the credential and
the page's frame are rendered once and kept; the rest is one small template per page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import Template
from jinja2.environment import TemplateModule
from markupsafe import Markup

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.model import Award, Credential, Pathway, Teacher
from site_builder.pages import award as award_words
from site_builder.pages import backpack
from site_builder.pages.credits import credits_of
from site_builder.pages.environment import environment, slot_class, spoken, tongues
from site_builder.pages.footer import footer
from site_builder.pages.sharing import Sharing, sharing
from site_builder.pathways import credentials_in
from site_builder.texts import pick, plain

ASSETS = addresses.STYLE.removesuffix("look.css")
_ORIGIN = addresses.award_page("any")  # every stamped page is one folder below the root
_PICTURES = {"png": addresses.award_png, "svg": addresses.award_svg}
_ON_EVERY_PAGE = ("list", "notice", "sun")
_STATES = ("expired", "revoked", "superseded", "suspended", "unchecked", "valid", "withdrawn")
_AWARD_ICONS = (*_ON_EVERY_PAGE, *_STATES, "copy", "down", "person", "print", "qr")
_BACKPACK_ICONS = (*_ON_EVERY_PAGE, "cal", "clock", "copy", "down", "expired", "print", "revoked",
                   "superseded", "suspended")  # fmt: skip
_VERIFY_ICONS = (*_ON_EVERY_PAGE, *_STATES, "down", "file", "person")
_WITHDRAWN_ICONS = (*_ON_EVERY_PAGE, "withdrawn")
_LONG_TITLE = 80  # characters; a certificate with a longer one leaves the statement out
_LONG_STATEMENT = 280


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page: what stands in its head, above and below its content."""

    head: Markup
    bar: Markup
    foot: Markup


@dataclass(frozen=True, slots=True)
class CredentialParts:
    """What every award page of one credential version says alike."""

    slug: str
    code: str
    name: str
    title: str | Markup
    area_class: str
    badge: str
    badge_class: str
    plain_png: str
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


class StampedPages:
    """Pages of one catalog's awards and backpacks; the same arguments give the same bytes.

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
    ) -> None:
        self._catalog = catalog
        self._site = site
        self._tongues = (catalog.issuer.language, catalog.issuer.language)
        self._parts: dict[str, CredentialParts] = {}
        self._shared: dict[str, Any] = {
            "catalog": catalog,
            "issuer": catalog.issuer,
            "site": site,
            "origin": _ORIGIN,
            **tongues(catalog),
            "is_preview": is_preview,
            "assets": ASSETS,
            "guide": addresses.GUIDE if "guide/index.md" in sources else "",
            "footer": footer(catalog, sources).footer,
            "ob2": catalog.issuer.publish.ob2,
            "is_signed": is_signed,
            "is_trial": is_trial,
            "pictures": pictures,
        }
        self._links: dict[str, Any] = {
            "home": _link(addresses.HOME),
            "catalog_page": _link(addresses.CATALOG),
            "backpacks_page": _link(addresses.BACKPACKS),
            "issuer_record": _link(addresses.ISSUER_OB2),
            "revocations": _link(addresses.REVOCATIONS_OB2),
            "did_document": _link(addresses.DID),
            "verify_page": _link(addresses.VERIFY),
        }

    def award(self, award: Award, *, qr_svg: str, wallet_qr_svg: str = "") -> str:
        """The page of an award that is published and not withdrawn.

        Args:
            qr_svg: code of the page's own address.
            wallet_qr_svg: code of the signed file's address; empty where there is no such file.
        """
        parts = self._parts_of(self._catalog.versions[award.credential])
        return self._award_template.render(
            self._shared,
            **self._links,
            shell=self._award_shell,
            parts=parts,
            view=award_words.view(
                award, self._catalog, self._site, self._tongues, self._renewals.get(award.id, ())
            ),
            files={kind: path(award.id).rpartition("/")[2] for kind, path in _PICTURES.items()},
            share=self._sharing(award, parts) if award.status.state == "active" else None,
            qr=Markup(qr_svg),  # noqa: S704 - drawn by art.py
            wallet_qr=Markup(wallet_qr_svg),  # noqa: S704 - drawn by art.py
        )

    def backpack(self, teacher: Teacher, *, qr_svg: str, has_record: bool = False) -> str:
        """The page of a teacher's backpack, as wide as the teacher chose.

        Args:
            qr_svg: code of the page's own address.
            has_record: a signed learner record stands beside the page.
        """
        slug = addresses.backpack_slug(teacher)
        path = addresses.backpack_page(slug)
        record = addresses.backpack_json(slug)
        template = environment().get_template("stamped/backpack.html")
        return template.render(
            self._shared | {"origin": path},
            **self._links,
            shell=self._shell(_BACKPACK_ICONS),
            view=backpack.view(teacher, self._catalog),
            url=self._site.url(path),
            shown_url=award_words.without_scheme(self._site.url(path)),
            root=award_words.without_scheme(self._site.url("")),
            qr_file=_link(addresses.backpack_qr(slug)),
            record=_link(record) if has_record else "",
            record_url=self._site.url(record),
            qr=Markup(qr_svg),  # noqa: S704 - drawn by art.py
        )

    def verify(self) -> str:
        """The page on which anybody checks badges, those of other issuers too.

        The only page that may read from other hosts; its script does so after a click.
        """
        template = environment().get_template("stamped/verify.html")
        return template.render(
            self._shared,
            **self._links,
            shell=self._shell(_VERIFY_ICONS, reads="'self' https:"),
            url=self._site.url(addresses.VERIFY),
        )

    def withdrawn(self) -> str:
        """What stands at the address of every withdrawn award: the same bytes for everybody."""
        template = environment().get_template("stamped/withdrawn.html")
        return template.render(self._shared, shell=self._shell(_WITHDRAWN_ICONS))

    @cached_property
    def _renewals(self) -> Mapping[str, tuple[Award, ...]]:
        return award_words.renewals(self._catalog)

    @cached_property
    def _award_template(self) -> Template:
        return environment().get_template("stamped/award.html")

    @cached_property
    def _award_shell(self) -> Shell:
        return self._shell(_AWARD_ICONS)

    @cached_property
    def _credential_macros(self) -> TemplateModule:
        return environment().get_template("stamped/credential.html").make_module(self._shared)

    def _shell(self, icons: tuple[str, ...], reads: str = "'self'") -> Shell:
        macros: Any = environment().get_template("stamped/shell.html").make_module(self._shared)
        return Shell(head=macros.head(reads), bar=macros.bar(icons), foot=macros.foot())

    def _sharing(self, award: Award, parts: CredentialParts) -> Sharing:
        has_png = "png" in self._shared["pictures"]
        return sharing(
            award,
            title=parts.name,
            issued_by=self._catalog.issuer.name,
            url=self._site.url(addresses.award_page(award.id)),
            picture=self._site.url(
                addresses.award_png(award.id)
                if has_png
                else addresses.badge_png(self._catalog.versions[award.credential])
            ),
        )

    def _parts_of(self, credential: Credential) -> CredentialParts:
        found = self._parts.get(credential.pinned)
        if found is None:
            found = self._parts[credential.pinned] = self._made_parts(credential)
        return found

    def _made_parts(self, credential: Credential) -> CredentialParts:
        macros: Any = self._credential_macros
        catalog, issuer = self._catalog, self._catalog.issuer
        place = catalog.place_of(credential)
        slot = place.slot if place else 0
        image = self._site.url(addresses.badge_png(credential))
        completed = catalog.pathways.get(credential.pathway) if credential.pathway else None
        granted = credits_of(credential)
        name = plain(pick(credential.title, *self._tongues).words)
        return CredentialParts(
            slug=credential.id,
            code=catalog.code_of(credential),
            name=name,
            title=spoken(pick(credential.title, *self._tongues)),
            area_class=f" {slot_class(slot)}" if place else "",
            badge=_link(addresses.badge_svg(credential)),
            badge_class=_link(addresses.badge_class(credential)),
            plain_png=_link(addresses.badge_png(credential)),
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

    def _short_statement(self, credential: Credential, name: str) -> str | Markup:
        """What a certificate says below the title; empty where it would not fit on the sheet."""
        picked = pick(credential.statement, *self._tongues)
        words = plain(picked.words)
        if len(name) > _LONG_TITLE or len(words) > _LONG_STATEMENT:
            return ""
        return spoken(picked._replace(words=words))

    def _pass_level(self, credential: Credential) -> str | Markup:
        rubric = credential.rubric
        if rubric is None:
            return ""
        return award_words.level_title(credential, rubric.pass_.every_criterion, self._tongues)

    def _toward(self, credential: Credential) -> tuple[tuple[Pathway, int], ...]:
        """Pathways a credential counts for, with how many credentials each names."""
        named = (
            (pathway, credentials_in(pathway.requires, self._catalog))
            for pathway in self._catalog.pathways.values()
        )
        return tuple((pathway, len(slugs)) for pathway, slugs in named if credential.id in slugs)


def _link(path: str) -> str:
    return addresses.relative(path, _ORIGIN)
