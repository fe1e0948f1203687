# SPDX-License-Identifier: Apache-2.0
"""What all stamped pages of a site have in common: settings, links, head, bar and foot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.pages.award import ORIGIN, Tongues
from site_builder.pages.environment import environment, tongues
from site_builder.pages.footer import footer

ASSETS = addresses.STYLE.removesuffix("look.css")


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page: what stands in its head, above and below its content."""

    head: Markup
    bar: Markup
    foot: Markup


class SiteFrame:
    """The frame of one site's stamped pages.

    Args:
        catalog: its people do not matter.
        settings: what the templates decide by: `is_signed`, `qr_files` and so on.
    """

    def __init__(
        self,
        catalog: Catalog,
        site: Site,
        sources: Collection[str],
        settings: Mapping[str, Any],
    ) -> None:
        self.catalog = catalog
        self.site = site
        self.tongues: Tongues = (catalog.issuer.language, catalog.issuer.language)
        self.shared: Mapping[str, Any] = {
            "catalog": catalog,
            "issuer": catalog.issuer,
            "site": site,
            "origin": ORIGIN,
            **tongues(catalog),
            "assets": ASSETS,
            "guide": addresses.GUIDE if "guide/index.md" in sources else "",
            "footer": footer(catalog, sources).footer,
            "ob2": catalog.issuer.publish.ob2,
            **settings,
            "home": link(addresses.HOME),
            "catalog_page": link(addresses.CATALOG),
            "backpacks_page": link(addresses.BACKPACKS),
            "issuer_record": link(addresses.ISSUER_OB2),
            "revocations": link(addresses.REVOCATIONS_OB2),
            "did_document": link(addresses.DID),
            "verify_page": link(addresses.VERIFY),
        }
        self.shell = cache(self._shell)

    def rendered(self, template: str, values: Mapping[str, Any]) -> str:
        """A template of `stamped/` with these values."""
        return environment().get_template(f"stamped/{template}").render(self.shared, **values)

    def macros(self, template: str) -> Any:
        """Macros of a template of `stamped/`, as they are on a page one folder deep."""
        return environment().get_template(f"stamped/{template}").make_module(dict(self.shared))

    def _shell(self, icons: tuple[str, ...], reads: str = "'self'") -> Shell:
        macros = self.macros("shell.html")
        return Shell(head=macros.head(reads), bar=macros.bar(icons), foot=macros.foot())


def link(path: str) -> str:
    """Link from any stamped page."""
    return addresses.relative(path, ORIGIN)
