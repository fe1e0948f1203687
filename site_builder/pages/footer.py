# SPDX-License-Identifier: Apache-2.0
"""What the foot of every page inside the theme says: contact, about, files for machines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from site_builder import addresses
from site_builder.catalog import Catalog

_ABOUT = (
    ("How awards are decided", "guide/how-awards-are-decided"),
    ("Privacy", "guide/privacy"),
)
# Pages people may have written that stamped pages then link to.
NAMED_PAGES = frozenset({"guide/index.md", *(f"{path}.md" for _, path in _ABOUT)})


@dataclass(frozen=True, slots=True)
class Link:
    """Words, and a path below the site's root; empty where there is nothing to follow."""

    words: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class LinkList:
    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Footer:
    contact: str
    footer: tuple[LinkList, ...]


def footer(catalog: Catalog, sources: Collection[str]) -> Footer:
    """The footer's words and links.

    Args:
        sources: paths of the Markdown sources; a link to a page nobody wrote is left out.
    """
    about = [Link(words, f"{path}/") for words, path in _ABOUT if f"{path}.md" in sources]
    about.append(Link("Check a badge", addresses.VERIFY.removesuffix("index.html")))
    licences = sorted({one.license for one in catalog.frameworks.values() if one.license})
    machines = [
        Link("Catalog as JSON", addresses.api("catalog")),
        Link("Issuer", "issuer/"),
        *(Link(f"Content licence {name}") for name in licences),
    ]
    return Footer(
        catalog.issuer.contact,
        (LinkList("About", tuple(about)), LinkList("For machines", tuple(machines))),
    )
