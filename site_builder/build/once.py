# SPDX-License-Identifier: Apache-2.0
"""The files a site has once: style and scripts, badge art, who issues, the catalog for machines."""

from __future__ import annotations

import html
from collections.abc import Iterator
from importlib import resources

from site_builder import addresses
from site_builder.art import favicon_svg, logo_svg, seam_svg
from site_builder.build.setting import Artifact, Setting
from site_builder.formats import openbadges2, read_api
from site_builder.json_text import json_bytes


class Once:
    """The files of one site that do not grow with its people.

    Args:
        setting: what all files of the site are made with.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.catalog = setting.catalog
        self.site = setting.site

    def files(self) -> Iterator[Artifact]:
        """Every one of them."""
        yield from self.assets()
        yield from self.setting.pictures.files()
        yield from self.hosted()
        yield from self.identity()
        yield addresses.VERIFY, self.setting.pages.verify().encode()
        yield from self.machines()
        yield "robots.txt", self._robots().encode()
        yield from self._old_names()

    def hosted(self) -> Iterator[Artifact]:
        """Who issues and what can be earned, in the words of Open Badges 2.0."""
        catalog, site = self.catalog, self.site
        if not catalog.issuer.publish.ob2:
            return
        yield addresses.ISSUER_OB2, json_bytes(openbadges2.issuer(catalog, site))
        for credential in catalog.versions.values():
            if credential.status != "draft":
                made = openbadges2.badge_class(
                    credential, catalog, site, is_signed=self.setting.is_signed
                )
                yield addresses.badge_class(credential), json_bytes(made)

    def identity(self) -> Iterator[Artifact]:
        """Whose signatures they are, where there are any; see signing.py."""
        if self.setting.signer is not None:
            yield from self.setting.signer.identity_files(self.catalog)

    def machines(self) -> Iterator[Artifact]:
        """The catalog's part of the read API; the figures too."""
        catalog, site = self.catalog, self.site
        yield addresses.api("catalog"), json_bytes(read_api.index(catalog, site))
        yield addresses.api("competencies"), json_bytes(read_api.competencies(catalog, site))
        yield addresses.api("credentials"), json_bytes(read_api.credentials(catalog, site))
        yield addresses.api("pathways"), json_bytes(read_api.pathways(catalog, site))
        yield addresses.api("insights"), json_bytes(read_api.insights(catalog))

    def assets(self) -> Iterator[Artifact]:
        """Style, scripts and ornaments of the stamped pages, and what a check in them loads."""
        package = resources.files("site_builder")
        for path in (
            addresses.STYLE,
            addresses.SCRIPT,
            addresses.CHECK_SCRIPT,
            addresses.CHECK_PAGE_SCRIPT,
            addresses.REPORT_SCRIPT,
            addresses.VERIFIER,
            addresses.BAKE_SCRIPT,
        ):
            yield path, (package / "assets" / path.rpartition("/")[2]).read_bytes()
        base = addresses.STYLE.rpartition("/")[0]
        for name, folder in (
            ("contexts", package / "contexts"),
            ("schemas", package / "verify" / "schemas"),
        ):
            for file in sorted(folder.iterdir(), key=lambda one: one.name):
                if file.name.endswith((".json", ".txt")):
                    yield f"{base}/{name}/{file.name}", file.read_bytes()
        for name, svg in (("logo", logo_svg()), ("favicon", favicon_svg()), ("seam", seam_svg())):
            yield f"{base}/{name}.svg", svg.encode()

    def _robots(self) -> str:
        """What may be read, which is everything, and where the sitemaps are."""
        maps = (self.site.url(name) for name in ("sitemap.xml", addresses.SITEMAP))
        return "User-agent: *\nAllow: /\n" + "".join(f"Sitemap: {one}\n" for one in maps)

    def _old_names(self) -> Iterator[Artifact]:
        """A stub at every address a catalog record had before it was renamed."""
        kinds = (
            (self.catalog.credentials, addresses.credential_page),
            (self.catalog.pathways, addresses.pathway_page),
            (self.catalog.roles, addresses.role_page),
            (self.catalog.programs, addresses.program_page),
        )
        for entries, page in kinds:
            for name, entry in entries.items():
                for alias in entry.aliases:
                    link = html.escape(addresses.relative(page(name), page(alias)))
                    yield page(alias), _moved(link, html.escape(self.site.url(page(name)))).encode()


def _moved(link: str, canonical: str) -> str:
    """A page that leads on, with and without a browser that follows by itself."""
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Moved</title>\n'
        f'<meta http-equiv="refresh" content="0; url={link}">\n'
        f'<link rel="canonical" href="{canonical}">\n'
        f'<p>This page is now <a href="{link}">here</a>.</p></html>\n'
    )
