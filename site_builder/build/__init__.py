# SPDX-License-Identifier: Apache-2.0
"""A repository becomes a checked Catalog, and a Catalog becomes the files of a site.

MkDocs makes the browsable pages (see plugin.py); everything else is made here: stamped pages,
badge art, QR codes and JSON. Nothing here reads a clock, opens a connection or opens a key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from site_builder.addresses import Site
from site_builder.build.lists import Held, Lists
from site_builder.build.loading import Loaded, load, load_tree, read_documents
from site_builder.build.once import Once
from site_builder.build.people import People
from site_builder.build.setting import Artifact, Setting
from site_builder.cache import Cache
from site_builder.catalog import Catalog
from site_builder.directory import holders

if TYPE_CHECKING:
    from site_builder.signing import Signer

__all__ = ["Loaded", "artifacts", "load", "load_tree", "read_documents"]


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

    Private people and awards are left out here, once, for every kind of file. The whole catalog is
    one shard here; running/ makes the same files of many.

    Args:
        catalog: the checked catalog.
        site: public addresses; in a preview those of the local server.
        cache: keeps drawings between builds; None makes each anew.
        written: sources of the pages MkDocs makes, so that footers link to no page nobody wrote.
        is_preview: True for pages MkDocs serves and reloads.
        signer: signs every published award; None leaves that to `badges sign`, or to nobody.

    Raises:
        Unsignable: an award holds what no signature would cover.
    """
    setting = Setting(catalog, site, cache, written=written, is_preview=is_preview, signer=signer)
    people = People(setting, catalog)
    yield from Once(setting).files()
    yield from people.files()
    rows = people.rows() | {"holders": [one.packed() for one in holders(catalog)]}
    yield from Lists(setting, Held(rows)).files()
