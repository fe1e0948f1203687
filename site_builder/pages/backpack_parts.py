# SPDX-License-Identifier: Apache-2.0
"""The lists of a backpack page from moulds of their parts, as `stamped/backpack.html` has them.

No two backpacks hold the same badges, so no page is a mould; cards, quilts and logs are.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from site_builder.model import Award
from site_builder.pages.backpack import Badge, Block, Collection, Group, Quilt, Row, View
from site_builder.pages.compiled import Moulds, Value, inked
from site_builder.pages.credits import CreditLog, CreditRow
from site_builder.pages.days import day_of
from site_builder.texts import amount_words, number_words


class BackpackParts:
    """Parts of the backpack pages of one site.

    Args:
        moulds: those of parts.
        macros: those of `stamped/backpack-parts.html`.
        root: the site's address as people read it aloud.
    """

    def __init__(self, moulds: Moulds, macros: Any, root: str) -> None:
        self._moulds = moulds
        self._macros = macros
        self._root = root
        self._ghosts: dict[str, bytes] = {}  # blocks not earned, by credential version

    def lists(self, view: View) -> tuple[bytes, bytes, bytes, bytes]:
        """Quilts, groups of badges, collections and credit logs of a page."""
        ends = view.has_ends
        quilts = [self._quilt(one, no, has_ends=ends) for no, one in enumerate(view.quilts, 1)]
        return (
            b"".join(quilts),
            b"".join([self._group(one) for one in view.groups]),
            b"".join([self._collection(one, no) for no, one in enumerate(view.collections, 1)]),
            b"".join([self._log(one, no) for no, one in enumerate(view.credit, 1)]),
        )

    def _quilt(self, quilt: Quilt, number: int, *, has_ends: bool) -> bytes:
        pathway = quilt.pathway
        return self._moulds.filled(
            ("quilt", pathway.pinned, number, quilt.is_met, has_ends),
            (
                amount_words(quilt.have).encode(),
                amount_words(quilt.need).encode(),
                inked(quilt.unit),
                b"".join([self._row(row) for row in quilt.rows]),
            ),
            lambda values: self._macros.quilt(
                pathway, number, number == 1, quilt.is_met, *values[:3], has_ends,
                caller=lambda: values[3],
            ),
        )  # fmt: skip

    def _row(self, row: Row) -> bytes:
        place = row.place
        return self._moulds.filled(
            ("row", (place.framework.id, place.area.id) if place else None),
            (
                inked(row.words),
                amount_words(row.have).encode(),
                amount_words(row.need).encode(),
                inked(row.unit),
                b"".join([self._block(block) for block in row.blocks]),
            ),
            lambda values: self._macros.row(place, *values[:4], caller=lambda: values[4]),
        )

    def _block(self, block: Block) -> bytes:
        pinned, credential, *_ = block.spot
        if block.award is not None:
            return self._moulds.filled(
                ("block", pinned),
                (block.award.id.encode(),),
                lambda values: self._macros.block(credential, values[0]),
            )
        ghost = self._ghosts.get(pinned)
        if ghost is None:
            ghost = self._ghosts[pinned] = self._macros.block(credential, None).encode()
        return ghost

    def _group(self, group: Group) -> bytes:
        place = group.place
        return self._moulds.filled(
            ("group", (place.framework.id, place.area.id) if place else None),
            (
                b"%d" % group.in_force,
                b"".join([self._card(badge, "h4") for badge in group.badges]),
            ),
            lambda values: self._macros.group(
                place, group.area_class, values[0], caller=lambda: values[1]
            ),
        )

    def _collection(self, collection: Collection, number: int) -> bytes:
        """Titles are their holder's own, so that this part is as its template makes it."""
        cards = b"".join([self._card(badge, "h3") for badge in collection.badges]).decode()
        made: str = self._macros.collection(
            collection.title,
            number,
            caller=lambda: Markup(cards),  # noqa: S704 - made by our template
        )
        return made.encode()

    def _card(self, badge: Badge, heading: str) -> bytes:
        award, spot = badge.award, badge.spot
        state = award.status.state
        values: tuple[Value, ...] = (
            award.id.encode(),
            badge.issued.html.encode(),
            badge.until.html.encode(),
            badge.until.iso.encode(),
        )
        return self._moulds.filled(
            ("card", spot.pinned, heading, state),
            values,
            lambda values: self._macros.card(
                spot.credential, spot.area_class, heading, state, *values
            ),
        )

    def _log(self, log: CreditLog, number: int) -> bytes:
        suffix, count = "" if number == 1 else number, len(log.rows)
        return self._moulds.filled(
            ("log", suffix, count == 1),
            (
                inked(log.scheme),
                inked(log.authority),
                number_words(count).capitalize().encode(),
                amount_words(log.total).encode(),
                b"".join([self._credit_row(row) for row in log.rows]),
            ),
            lambda values: self._macros.credit_log(
                values[0], values[1], suffix, values[2], "award" if count == 1 else "awards",
                values[3], caller=lambda: values[4],
            ),
        )  # fmt: skip

    def _credit_row(self, row: CreditRow) -> bytes:
        award_id = row.award.id
        return self._moulds.filled(
            ("credit", row.credential.pinned, row.amount),
            (award_id.encode(), award_id[:8].encode(), _html(row.award)),
            lambda values: self._macros.credit_row(
                row.credential, *values, amount_words(row.amount), self._root
            ),
        )


def _html(award: Award) -> bytes | None:
    return day_of(award.issued).html.encode() if award.issued else None
