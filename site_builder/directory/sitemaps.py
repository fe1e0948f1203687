# SPDX-License-Identifier: Apache-2.0
"""Sitemaps of public awards and backpacks: one file while it may be one, else an index of many.

Source: sitemaps.org, protocol 0.9: at most 50,000 addresses and 50 MB in a file, and as many
files in an index.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.directory.cutting import cut, gathered, part_of
from site_builder.directory.rows import Holder, Listed

MOST_ADDRESSES = 50_000
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemaps(
    awards: Callable[[], Iterator[Listed]],
    people: Callable[[], Iterator[Holder]],
    site: Site,
    *,
    most: int = MOST_ADDRESSES,
    part: int = 0,
    of: int = 1,
) -> Iterator[tuple[str, bytes]]:
    """`sitemap-awards.xml` and, beyond 50,000 addresses, the files it then leads to.

    Args:
        awards: gives the listed awards anew at each call, sorted by id.
        people: gives the public backpacks anew at each call, sorted by teacher's id.
        most: addresses in one file.
        part: which part, from 0, of how many: it makes what begins with the characters whose
            `part_of` it is, and part 0 also what leads to all.
    """
    total = sum(1 for _ in awards()) + sum(1 for _ in people())
    if total <= most:
        if part == 0:
            paths = [_award(row) for row in awards()] + [_backpack(row.slug) for row in people()]
            yield addresses.SITEMAP, _urls(site, paths)
        return
    starts = cut((row.id for row in awards()), most)
    slugs = sorted(row.slug for row in people())
    names = cut(slugs, most, deepest=6)
    mine = (row for row in awards() if part_of(row.id[0], of) == part)
    for start, rows in gathered(mine, starts, _id):
        yield addresses.sitemap_part("awards", start), _urls(site, map(_award, rows))
    backpacks = (slug for slug in slugs if part_of(slug[0], of) == part)
    for start, found in gathered(backpacks, names, str):
        yield addresses.sitemap_part("backpacks", start), _urls(site, map(_backpack, found))
    if part == 0:
        made = [addresses.sitemap_part("awards", start) for start in starts]
        made += [addresses.sitemap_part("backpacks", start) for start in names]
        yield addresses.SITEMAP, _index(site, made)


def _index(site: Site, paths: list[str]) -> bytes:
    home = html.escape(site.url(""))
    maps = "".join(f"<sitemap><loc>{home}{path}</loc></sitemap>\n" for path in paths)
    return f'{_HEAD}<sitemapindex xmlns="{_SCHEMA}">\n{maps}</sitemapindex>\n'.encode()


def _id(row: Listed) -> str:
    return row.id


def _award(row: Listed) -> str:
    return addresses.award_page(row.id)


def _backpack(slug: str) -> str:
    return addresses.backpack_page(slug)


def _urls(site: Site, paths: Iterable[str]) -> bytes:
    home = html.escape(site.url(""))
    urls = "".join(f"<url><loc>{home}{html.escape(path)}</loc></url>\n" for path in paths)
    return f'{_HEAD}<urlset xmlns="{_SCHEMA}">\n{urls}</urlset>\n'.encode()
