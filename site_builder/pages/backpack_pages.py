# SPDX-License-Identifier: Apache-2.0
"""Backpack pages, put together from what was learned from the templates of their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from site_builder import addresses
from site_builder.catalog import Catalog
from site_builder.model import Teacher
from site_builder.pages import icons
from site_builder.pages.award import without_scheme
from site_builder.pages.backpack import Shelves, View, view
from site_builder.pages.backpack_parts import BackpackParts
from site_builder.pages.compiled import Learned, inked, is_plain_id
from site_builder.pages.credits import CreditLog
from site_builder.pages.site_frame import SiteFrame, link


class Texts(NamedTuple):
    """What differs from backpack to backpack beside its lists, as the page writes it.

    Attributes:
        record: link of the signed learner record; empty where there is none.
    """

    name: str | None
    name_language: str | None
    lede: str
    not_counted: str
    url: str
    shown_url: str
    qr_file: str
    record: str
    record_url: str


_TEXTS = len(Texts._fields)


class BackpackPages:
    """Backpack pages of one site; what is learned for one serves all others."""

    def __init__(self, frame: SiteFrame, learned: Learned | None) -> None:
        self._frame = frame
        self._learned = learned
        self._shelves = Shelves(frame.catalog)
        self._root = without_scheme(frame.site.url(""))
        self._parts: BackpackParts | None = None
        if learned is not None:
            macros = frame.macros("backpack-parts.html")
            self._parts = BackpackParts(learned.parts, macros, self._root)

    def page(self, teacher: Teacher, people: Catalog, qr_svg: bytes, *, has_record: bool) -> bytes:
        """The page of a teacher's backpack.

        Args:
            people: the teacher's awards, at least.

        Raises:
            PageDiffers: a compared page or part was not the template's own, which is our bug.
        """
        shown = view(teacher, people, self._shelves)
        slug = addresses.backpack_slug(teacher)
        site, record = self._frame.site, addresses.backpack_json(slug)
        url = site.url(addresses.backpack_page(slug))
        texts = Texts(
            shown.name,
            shown.name_language,
            shown.lede,
            shown.not_counted,
            url,
            without_scheme(url),
            link(addresses.backpack_qr(slug)),
            link(record) if has_record else "",
            site.url(record),
        )

        def stock() -> str:
            qr = Markup(qr_svg.decode())  # noqa: S704 - drawn by art.py
            return self._rendered("backpack.html", shown, texts, {"qr": qr})

        learned, parts = self._learned, self._parts
        badges = [badge for group in shown.groups for badge in group.badges]
        fits = all(is_plain_id(badge.award.id) for badge in badges)
        if learned is None or parts is None or not fits:
            return stock().encode()
        return learned.pages.filled(
            ("backpack", shown.is_listed),
            (*map(inked, texts), qr_svg, *parts.lists(shown)),
            lambda tokens: self._drawn(tokens, is_listed=shown.is_listed),
            stock,
        )

    def _drawn(self, tokens: Sequence[Markup], *, is_listed: bool) -> str:
        texts = Texts._make(tokens[:_TEXTS])
        names = "qr", "quilts", "groups", "collections", "credit"
        made = dict(zip(names, tokens[_TEXTS:], strict=True))
        shown = View(
            texts.name,
            texts.name_language,
            is_listed,
            texts.lede,
            texts.not_counted,
            has_ends=False,
            groups=(),
            quilts=(),
            collections=(),
            credit=(CreditLog("", "", ()),) if made["credit"] else (),
        )
        return self._rendered("backpack-frame.html", shown, texts, made)

    def _rendered(
        self, template: str, shown: View, texts: Texts, made: Mapping[str, Markup]
    ) -> str:
        values: dict[str, Any] = {
            **texts._asdict(),
            **made,
            "shell": self._frame.shell(icons.BACKPACK),
            "view": shown,
            "root": self._root,
        }
        return self._frame.rendered(template, values)
