# SPDX-License-Identifier: Apache-2.0
"""A repository becomes a checked Catalog, and a Catalog becomes the files of a site.

MkDocs makes the browsable pages (see plugin.py); everything else is made here: stamped pages,
badge art, QR codes and JSON. Nothing here reads a clock, opens a connection or opens a key.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.art import (
    BadgeSpec,
    badge_svg,
    distinct_suffixes,
    favicon_svg,
    ghost_svg,
    logo_svg,
    mark_svg,
    seam_svg,
)
from site_builder.cache import Cache, Recipe
from site_builder.catalog import Catalog
from site_builder.checks import check
from site_builder.documents import parse
from site_builder.formats import openbadges2, read_api
from site_builder.model import Credential
from site_builder.pages.stamped import StampedPages
from site_builder.pathways import credentials_in
from site_builder.problems import Place, Problem, has_errors, tidy
from site_builder.records import read_records
from site_builder.sources import Tree, read_tree
from site_builder.texts import pick, plain

if TYPE_CHECKING:
    from site_builder.signing import Signer

Artifact = tuple[str, bytes]
_GHOST = 0.25  # of a given picture, where its badge is not earned


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
        signer: signs every published award; None makes an unsigned site.
    """
    maker = _Maker(
        catalog, site, cache or Cache(None), written, is_preview=is_preview, signer=signer
    )
    yield from maker.assets()
    yield from maker.art()
    yield from maker.records()
    yield from maker.signed()
    yield from maker.stamped()
    yield from maker.lists()


def json_bytes(body: Mapping[str, Any]) -> bytes:
    """JSON as UTF-8, keys in the order given, one final newline."""
    return (json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


class _Maker:
    """Makes the files of one site; each method is one kind of file."""

    def __init__(
        self,
        catalog: Catalog,
        site: Site,
        cache: Cache,
        written: Collection[str],
        *,
        is_preview: bool,
        signer: Signer | None,
    ) -> None:
        self.catalog = catalog
        self.site = site
        self.cache = cache
        self.written = written
        self.is_preview = is_preview
        self.signer = signer

    def assets(self) -> Iterator[Artifact]:
        """Style, script and ornaments of the stamped pages."""
        folder = resources.files("site_builder") / "assets"
        for path in (addresses.STYLE, addresses.SCRIPT):
            yield path, (folder / path.rpartition("/")[2]).read_bytes()
        base = addresses.STYLE.rpartition("/")[0]
        for name, svg in (("logo", logo_svg()), ("favicon", favicon_svg()), ("seam", seam_svg())):
            yield f"{base}/{name}.svg", svg.encode()

    @cached_property
    def _suffixes(self) -> Mapping[str, str]:
        return distinct_suffixes(self.catalog.credentials)

    def spec(self, credential: Credential) -> BadgeSpec:
        """What is drawn on a credential's badge; never anything of a person."""
        language, place = self.catalog.issuer.language, self.catalog.place_of(credential)
        rubric = credential.rubric
        return BadgeSpec(
            slug=credential.id,
            area_slot=place.slot if place else 0,
            area_code=place.area.code if place else "",
            area_title=plain(pick(place.area.title, language, language).words) if place else "",
            code=self.catalog.code_of(credential),
            title=plain(pick(credential.title, language, language).words),
            issuer=self.catalog.issuer.name,
            pass_rank=rubric.pass_rank if rubric else 0,
            levels=len(rubric.levels) if rubric else 0,
            is_completion=credential.class_ == "completion",
            area_slots=self._area_slots(credential),
            block_suffix=self._suffixes.get(credential.id, ""),
            language=language,
        )

    def _area_slots(self, credential: Credential) -> tuple[int, ...]:
        """Areas a completion credential asks for, in the order of its pathway."""
        pathway = self.catalog.pathways.get(credential.pathway or "")
        if pathway is None:
            return ()
        places = (
            self.catalog.place_of(self.catalog.credentials[slug])
            for slug in credentials_in(pathway.requires, self.catalog)
        )
        return tuple(dict.fromkeys(place.slot for place in places if place))

    def art(self) -> Iterator[Artifact]:
        """Badge, mark and ghost of every version, and the badge as a picture."""
        for credential in self.catalog.versions.values():
            if credential.status == "draft":
                continue
            spec, image = self.spec(credential), credential.image or ""
            given = self.catalog.images.get(image)
            if given is None:
                badge, mark = badge_svg(spec).encode(), mark_svg(spec).encode()
                ghost = ghost_svg(spec).encode()
            else:
                badge = given if image.endswith(".svg") else _framed(given, image, spec.title)
                mark, ghost = badge, _framed(given, image, spec.title, opacity=_GHOST)
            yield addresses.credential_mark(credential), mark
            yield addresses.credential_ghost(credential), ghost
            yield addresses.badge_svg(credential), badge
            if given is not None and image.endswith(".png"):
                yield addresses.badge_png(credential), given
            else:
                yield (
                    addresses.badge_png(credential),
                    self.cache.made(Recipe("badge_png", (badge.decode(),))),
                )

    def records(self) -> Iterator[Artifact]:
        """Open Badges 2.0 files; see formats/openbadges2.py."""
        catalog, site = self.catalog, self.site
        if not catalog.issuer.publish.ob2:
            return
        yield addresses.ISSUER_OB2, json_bytes(openbadges2.issuer(catalog, site))
        yield addresses.REVOCATIONS_OB2, json_bytes(openbadges2.revocation_list(catalog, site))
        for credential in catalog.versions.values():
            if credential.status != "draft":
                yield (
                    addresses.badge_class(credential),
                    json_bytes(openbadges2.badge_class(credential, catalog, site)),
                )
        for award in catalog.published:
            yield (
                addresses.award_ob2(award.id),
                json_bytes(openbadges2.assertion(award, catalog, site)),
            )

    def signed(self) -> Iterator[Artifact]:
        """Open Badges 3.0 files, status lists and keys; see signing.py."""
        if self.signer is not None:
            for path, body in self.signer.files(self.catalog):
                yield path, json_bytes(body)

    def stamped(self) -> Iterator[Artifact]:
        """Award and backpack pages with their QR codes."""
        pages = StampedPages(
            self.catalog,
            self.site,
            sources=self.written,
            is_preview=self.is_preview,
            is_signed=self.signer is not None,
        )
        withdrawn = pages.withdrawn().encode()
        for award in self.catalog.published:
            path = addresses.award_page(award.id)
            if award.status.state == "withdrawn":
                yield path, withdrawn
                continue
            qr = self._qr(path, "award")
            yield path, pages.award(award, qr_svg=qr).encode()
            yield addresses.award_qr(award.id), qr.encode()
        for teacher in self.catalog.backpacks:
            slug = addresses.backpack_slug(teacher)
            qr = self._qr(addresses.backpack_page(slug), "backpack")
            yield addresses.backpack_page(slug), pages.backpack(teacher, qr_svg=qr).encode()
            yield addresses.backpack_qr(slug), qr.encode()

    def _qr(self, path: str, what: str) -> str:
        label = f"QR code of this {what}'s address at {self.site.host}"
        return self.cache.made(Recipe("qr_svg", (self.site.url(path), label))).decode()

    def lists(self) -> Iterator[Artifact]:
        """The read API, the sitemap of public awards, and pages that lead from old names to new."""
        catalog, site = self.catalog, self.site
        yield addresses.api("catalog"), json_bytes(read_api.index(catalog, site))
        yield addresses.api("competencies"), json_bytes(read_api.competencies(catalog, site))
        yield addresses.api("credentials"), json_bytes(read_api.credentials(catalog, site))
        yield addresses.api("pathways"), json_bytes(read_api.pathways(catalog, site))
        awards = read_api.awards(catalog, site, is_signed=self.signer is not None)
        yield addresses.api("awards"), json_bytes(awards)
        yield addresses.api("insights"), json_bytes(read_api.insights(catalog))
        yield "sitemap-awards.xml", self._sitemap().encode()
        maps = "".join(
            f"Sitemap: {site.url(name)}\n" for name in ("sitemap.xml", "sitemap-awards.xml")
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


def _framed(picture: bytes, name: str, title: str, opacity: float = 1) -> bytes:
    """An SVG that shows a given picture whole, whatever its shape: it is in the file itself."""
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    data = f"data:{kind};base64,{base64.b64encode(picture).decode()}"
    shown = "" if opacity == 1 else f' opacity="{opacity:g}"'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" role="img">'
        f"<title>{html.escape(title)}</title>"
        f'<image href="{data}" width="480" height="480"{shown}/></svg>\n'
    ).encode()


def _moved(link: str, canonical: str) -> str:
    """A page that leads on, with and without a browser that follows by itself."""
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Moved</title>\n'
        f'<meta http-equiv="refresh" content="0; url={link}">\n'
        f'<link rel="canonical" href="{canonical}">\n'
        f'<p>This page is now <a href="{link}">here</a>.</p></html>\n'
    )
