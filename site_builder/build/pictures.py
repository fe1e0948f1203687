# SPDX-License-Identifier: Apache-2.0
"""Badge art of each credential version: what is drawn on it, as SVG and as a picture."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping
from functools import cached_property

from site_builder import addresses
from site_builder.art import BadgeSpec, badge_svg, distinct_suffixes, ghost_svg, logo_svg, mark_svg
from site_builder.cache import Cache, Recipe
from site_builder.catalog import Catalog
from site_builder.model import Credential
from site_builder.pathways import credentials_in
from site_builder.texts import pick, plain

_GHOST = 0.25  # of a given picture, where its badge is not earned


class Pictures:
    """Badge art of one catalog; each picture is made when first asked for.

    Args:
        catalog: the checked catalog.
        cache: keeps drawings between builds.
    """

    def __init__(self, catalog: Catalog, cache: Cache) -> None:
        self.catalog = catalog
        self.cache = cache
        self._badges: dict[str, tuple[bytes, bytes]] = {}

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

    def badge(self, credential: Credential) -> tuple[bytes, bytes]:
        """The badge of a credential version that is no draft, as (SVG, PNG)."""
        if credential.pinned not in self._badges:
            image = credential.image or ""
            given = self.catalog.images.get(image)
            if given is None:
                svg = badge_svg(self.spec(credential)).encode()
            elif image.endswith(".svg"):
                svg = given
            else:
                svg = _framed(given, image, self.spec(credential).title)
            if given is not None and image.endswith(".png"):
                png = given
            else:
                png = self.cache.made(Recipe("badge_png", (svg.decode(),)))
            self._badges[credential.pinned] = svg, png
        return self._badges[credential.pinned]

    @cached_property
    def neutral(self) -> bytes:
        """The picture at the address of every withdrawn award: it says nothing of any of them."""
        return self.cache.made(Recipe("badge_png", (logo_svg(),)))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Badge, mark and ghost of every version, and the badge as a picture."""
        for credential in self.catalog.versions.values():
            if credential.status == "draft":
                continue
            spec, image = self.spec(credential), credential.image or ""
            svg, png = self.badge(credential)
            given = self.catalog.images.get(image)
            if given is None:
                mark, ghost = mark_svg(spec).encode(), ghost_svg(spec).encode()
            else:
                mark, ghost = svg, _framed(given, image, spec.title, opacity=_GHOST)
            yield addresses.credential_mark(credential), mark
            yield addresses.credential_ghost(credential), ghost
            yield addresses.badge_svg(credential), svg
            yield addresses.badge_png(credential), png


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
