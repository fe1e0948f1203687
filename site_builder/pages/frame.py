# SPDX-License-Identifier: Apache-2.0
"""What every browsable page has in common: its place, front matter, crumbs and edit link."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.directory import Roll
from site_builder.pages.environment import render
from site_builder.texts import pick, plain

DESCRIPTION_LENGTH = 160  # characters; what search engines and link previews show
_BLANK_LINES = re.compile(r"\n\s*(?:\n\s*)*")


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """One browsable page, for any engine that builds Markdown with front matter.

    Attributes:
        src: path among the Markdown sources, such as `credentials/looking-at-student-work.md`.
        path: path of the page on the site, as `addresses` gives it.
        title, description: plain text, not escaped.
        body: one HTML block without blank lines.
        edit_path: path of the YAML source in the repository; None for pages made of many records.
        section: path of the section the page belongs to, for the bar; empty for the home page.
        nav: True when the navigation names this page.
        search: True when the page enters the search index.
        image: path of a picture for link previews; empty for none.
        boost: how much more a match on this page weighs than on others.
    """

    src: str
    path: str
    title: str
    description: str
    body: str
    edit_path: str | None
    section: str
    nav: bool
    search: bool
    boost: int = 1
    image: str = ""

    def markdown(self) -> str:
        """The page as a Markdown file: front matter and the body.

        Title and description are escaped here because themes put front matter into
        attributes as it is.
        """
        matter: dict[str, Any] = {
            "title": html.escape(self.title),
            "description": html.escape(self.description),
            "template": "catalog.html",
            "section": self.section,
            "made_by": "badges",
            "hide": ["navigation", "toc"],
        }
        if self.image:
            matter["image"] = self.image
        if not self.search:
            matter["search"] = {"exclude": True}
        elif self.boost != 1:
            matter["search"] = {"boost": self.boost}
        lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in matter.items())
        return "---\n" + "\n".join(lines) + f"\n---\n\n{self.body}\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """Draws catalog pages of one site.

    Attributes:
        edit_url: where the repository's files are edited, ending in a slash; empty draws no link.
        roll: who is listed; None counts the catalog's own people.
    """

    catalog: Catalog
    site: Site
    edit_url: str = ""
    roll: Roll | None = None

    def words(self, text: Mapping[str, str] | None) -> str:
        """An author's text in the site's language, without Markdown marks."""
        language = self.catalog.issuer.language
        return plain(pick(text, language, language).words)

    def source(self, kind: str, record: str) -> str | None:
        """Path of the YAML file of a record; None when the catalog was not read from files."""
        return self.catalog.sources.get((kind, record))

    def page(
        self,
        path: str,
        template: str,
        *,
        title: str,
        description: str,
        section: str = "",
        crumbs: tuple[tuple[str, str], ...] = (),
        crumb: str = "",
        edit_path: str | None = None,
        is_index: bool = False,
        boost: int = 1,
        image: str = "",
        **values: Any,
    ) -> CatalogPage:
        """One page.

        Args:
            path: the page's path on the site.
            template: file below `templates/catalog/`.
            crumbs: (words, path) of the pages between home and this one.
            crumb: what the last crumb says; the title when empty.
            is_index: True for the page of a section, which the navigation names.
        """
        body = render(
            f"catalog/{template}",
            catalog=self.catalog,
            site=self.site,
            origin=path,
            title=title,
            crumbs=crumbs,
            crumb=crumb or title,
            edit_href=self.edit_url + edit_path if self.edit_url and edit_path else "",
            **values,
        )
        return CatalogPage(
            src=_source(path, is_index=is_index),
            path=path,
            title=title,
            description=shortened(description),
            body=one_block(body),
            edit_path=edit_path,
            section=section.removesuffix("index.html"),
            nav=is_index,
            search=True,
            boost=boost,
            image=image,
        )


def _source(path: str, *, is_index: bool) -> str:
    if is_index or path == addresses.HOME:
        return path.removesuffix(".html") + ".md"
    return path.removesuffix("/index.html") + ".md"


def one_block(body: str) -> str:
    """HTML without blank lines and indents, which Markdown would read as the end of the block."""
    return _BLANK_LINES.sub("\n", body).strip()


def shortened(words: str, length: int = DESCRIPTION_LENGTH) -> str:
    """The first words of a text, with an ellipsis where some are left out."""
    line = " ".join(words.split())
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
