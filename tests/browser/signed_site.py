# SPDX-License-Identifier: Apache-2.0
"""A small signed site without the pages MkDocs makes: awards, backpacks, the page for checking."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from site_builder.addresses import Site
from site_builder.build import artifacts
from site_builder.signing import Signer
from tests.verified import KEY, signed_catalog

if TYPE_CHECKING:
    from pathlib import Path

THEN = "2017-01-01T12:00:00Z"  # a day on which the awards are in force


def write_signed_site(folder: Path, home: str) -> Path:
    """The site's folder, made for the address it will be served at.

    Args:
        folder: where to put it and the repository it is made from.
        home: its address, with a slash at the end.
    """
    catalog = signed_catalog(folder / "repository")
    site, root = Site(home.rstrip("/")), folder / "site"
    made = dict(artifacts(catalog, site, signer=Signer(KEY, catalog.issuer, site)))
    # Where the rest of a site comes from: the theme's own style, and the host's word for nothing.
    tokens = resources.files("site_builder") / "assets" / "tokens.css"
    made |= {
        "assets/badges/tokens.css": tokens.read_bytes(),
        "404.html": b"<title>Not here</title>",
    }
    for path, data in made.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return root
