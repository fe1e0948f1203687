# SPDX-License-Identifier: Apache-2.0
"""A repository becomes a checked Catalog, and a Catalog becomes the files of a site.

MkDocs makes the browsable pages (see plugin.py); everything else is made here: stamped pages,
badge art, QR codes and JSON. Nothing here reads a clock, opens a connection or opens a key.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.art import favicon_svg, logo_svg, seam_svg
from site_builder.build.proofs import Proofs
from site_builder.cache import Cache, Recipe
from site_builder.catalog import Catalog
from site_builder.checks import check
from site_builder.documents import parse
from site_builder.pages.stamped import StampedPages
from site_builder.problems import Place, Problem, has_errors, tidy
from site_builder.records import read_records
from site_builder.sources import Tree, read_tree

if TYPE_CHECKING:
    from site_builder.signing import Signer

Artifact = tuple[str, bytes]


@dataclass(frozen=True)
class Loaded:
    """What a repository holds.

    Attributes:
        catalog: the checked catalog; None when a problem is an error.
        problems: every problem of every file, sorted; warnings and notes included.
        files: number of files read.
    """

    catalog: Catalog | None
    problems: tuple[Problem, ...] = ()
    files: int = field(default=0, compare=False)


def load_tree(tree: Tree, profiles: Collection[str] = ()) -> Loaded:
    """Parses and checks every file of a tree, on request against some profiles too; see `load`."""
    documents = [
        (source.kind, source.id, parse(source.path, source.data))
        for source in tree.sources
        if source.kind != "image"
    ]
    records, problems = read_records(documents)
    records.unread.update(tree.unread)
    records.images.update(
        {source.id: source.data for source in tree.sources if source.kind == "image"}
    )
    if not records.knows("issuer", "issuer"):
        problems.append(
            Problem(
                "IS004",
                Place("catalog/issuer.yml"),
                "there is no catalog/issuer.yml.",
                "`badges new` writes one; it says who issues and at which address.",
            )
        )
    catalog, found = check(records, profiles)
    everything = tidy([*tree.problems, *problems, *found])
    return Loaded(None if has_errors(everything) else catalog, tuple(everything), len(tree.sources))


def load(root: Path) -> tuple[Catalog | None, tuple[Problem, ...]]:
    """The checked catalog of a repository, or None, with every problem in it.

    Raises:
        UsageProblem: there is no catalog folder.
        EnvironmentProblem: a file cannot be read.
    """
    loaded = load_tree(read_tree(root))
    return loaded.catalog, loaded.problems


def artifacts(
    catalog: Catalog,
    site: Site,
    cache: Cache | None = None,
    *,
    written: Collection[str] = (),
    is_preview: bool = False,
    signer: Signer | None = None,
) -> Iterator[Artifact]:
    """Every file of a site that MkDocs does not make, as (path, bytes).

    Private people and awards are left out here, once, for every kind of file.

    Args:
        catalog: the checked catalog.
        site: public addresses; in a preview those of the local server.
        cache: keeps drawings and QR codes between builds; None makes each anew.
        written: sources of the pages MkDocs makes, so that footers link to no page nobody wrote.
        is_preview: True for pages MkDocs serves and reloads.
        signer: signs every published award; None leaves that to `badges sign`, or to nobody.

    Raises:
        Unsignable: an award holds what no signature would cover.
    """
    cache = cache or Cache(None)
    proofs = Proofs(catalog, site, cache, signer)
    maker = _Maker(catalog, site, cache, written, proofs, is_preview=is_preview)
    yield from maker.assets()
    yield from proofs.pictures.files()
    yield from proofs.hosted()
    yield from proofs.signed()
    yield from maker.stamped()
    yield from proofs.lists()
    yield from maker.maps()


class _Maker:
    """Makes the files of one site; each method is one kind of file."""

    def __init__(
        self,
        catalog: Catalog,
        site: Site,
        cache: Cache,
        written: Collection[str],
        proofs: Proofs,
        *,
        is_preview: bool,
    ) -> None:
        self.catalog = catalog
        self.site = site
        self.cache = cache
        self.written = written
        self.proofs = proofs
        self.is_preview = is_preview

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

    def stamped(self) -> Iterator[Artifact]:
        """Award and backpack pages with their QR codes."""
        pages = StampedPages(
            self.catalog,
            self.site,
            sources=self.written,
            is_preview=self.is_preview,
            is_signed=self.proofs.is_signed,
            is_trial=self.proofs.is_trial,
            pictures=self.proofs.kinds,
        )
        yield addresses.VERIFY, pages.verify().encode()
        withdrawn = pages.withdrawn().encode()
        for award in self.catalog.published:
            path = addresses.award_page(award.id)
            if award.status.state == "withdrawn":
                yield path, withdrawn
                continue
            qr, wallet = self._qr(path, "this award's address"), ""
            if self.proofs.is_signed:
                wallet = self._qr(addresses.award_json(award.id), "the signed file's address")
                yield addresses.wallet_qr(award.id), wallet.encode()
            page = pages.award(award, qr_svg=qr, wallet_qr_svg=wallet)
            yield path, page.encode()
            yield addresses.award_qr(award.id), qr.encode()
        for teacher in self.catalog.backpacks:
            slug = addresses.backpack_slug(teacher)
            qr = self._qr(addresses.backpack_page(slug), "this backpack's address")
            page = pages.backpack(teacher, qr_svg=qr, has_record=self.proofs.has_record(teacher))
            yield addresses.backpack_page(slug), page.encode()
            yield addresses.backpack_qr(slug), qr.encode()

    def _qr(self, path: str, what: str) -> str:
        label = f"QR code of {what} at {self.site.host}"
        return self.cache.made(Recipe("qr_svg", (self.site.url(path), label))).decode()

    def maps(self) -> Iterator[Artifact]:
        """The sitemap of public awards, and pages that lead from old names to new."""
        yield "sitemap-awards.xml", self._sitemap().encode()
        maps = "".join(
            f"Sitemap: {self.site.url(name)}\n" for name in ("sitemap.xml", "sitemap-awards.xml")
        )
        yield "robots.txt", f"User-agent: *\nAllow: /\n{maps}".encode()
        yield from self._old_names()

    def _sitemap(self) -> str:
        """Public awards and backpacks only; unlisted ones never stand in a list."""
        paths = [addresses.award_page(award.id) for award in self.catalog.listed]
        paths += [
            addresses.backpack_page(addresses.backpack_slug(teacher))
            for teacher in self.catalog.backpacks
            if teacher.visibility == "public"
        ]
        urls = "".join(f"<url><loc>{self._shown(path)}</loc></url>\n" for path in paths)
        schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{schema}">\n'
        return f"{head}{urls}</urlset>\n"

    def _shown(self, path: str) -> str:
        return html.escape(self.site.url(path))

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
                    yield page(alias), _moved(link, self._shown(page(name))).encode()


def _moved(link: str, canonical: str) -> str:
    """A page that leads on, with and without a browser that follows by itself."""
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Moved</title>\n'
        f'<meta http-equiv="refresh" content="0; url={link}">\n'
        f'<link rel="canonical" href="{canonical}">\n'
        f'<p>This page is now <a href="{link}">here</a>.</p></html>\n'
    )
