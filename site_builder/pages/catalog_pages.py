# SPDX-License-Identifier: Apache-2.0
"""catalog_pages(catalog, site): every browsable page of the catalog, whatever builds the site."""

from __future__ import annotations

import html
from collections.abc import Iterator

from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.directory import Roll
from site_builder.pages import (
    competencies,
    credentials,
    home,
    insights,
    pathways,
    people,
    programs,
    roles,
)
from site_builder.pages.frame import CatalogPage, Frame

__all__ = ["NAVIGATION", "CatalogPage", "catalog_pages", "problems_page"]

# What the bar names where mkdocs.yml has no nav: few entries, never a page per record.
NAVIGATION = (
    ("Home", "index.md"),
    ("Micro-credentials", "credentials/index.md"),
    ("Pathways", "pathways/index.md"),
    ("Programmes", "programs/index.md"),
    ("Backpacks", "backpacks/index.md"),
    ("Insights", "insights/index.md"),
)


def catalog_pages(
    catalog: Catalog, site: Site, *, edit_url: str = "", roll: Roll | None = None
) -> Iterator[CatalogPage]:
    """Every browsable page, in a fixed order.

    Args:
        site: its base URL is the issuer's, or the local address while serving.
        edit_url: where the repository's files are edited, ending in a slash; empty draws no links.
        roll: who is listed, where the catalog holds no people; None counts its own.
    """
    frame = Frame(catalog, site, edit_url, roll)
    yield home.page(frame)
    for kind in (credentials, competencies, pathways, roles, programs, people):
        yield from kind.pages(frame)
    yield insights.page(frame)


def problems_page(report: str) -> str:
    """Markdown of the one page of a preview whose catalog has problems.

    Args:
        report: the problems as text, a line each.
    """
    matter = "---\ntitle: Problems in the catalog\ntemplate: catalog.html\n---\n\n"
    return f"{matter}{problems_block(report)}\n"


def problems_block(report: str) -> str:
    """The same problems as one block of HTML."""
    found: list[str] = []
    for line in filter(str.strip, report.splitlines()):
        if line.startswith(" ") and found:
            found[-1] += f"<br>{html.escape(line.strip())}"  # what to do about the problem above
        else:
            found.append(html.escape(line))
    lines = "".join(f"<li><code>{one}</code></li>" for one in found)
    return (
        '<div class="bl"><h1 class="top">The catalog has problems</h1>\n'
        "<p>Correct these and save; the preview is built again by itself.</p>\n"
        f"<ul>{lines}</ul></div>"
    )
