# SPDX-License-Identifier: Apache-2.0
"""Texts that are much alike, fast: a template is asked once for each shape, then only filled in.

The first text of a shape is rendered with a token in each place that may differ; cut at the
tokens it is the mould. Later ones are the mould with their own values in the gaps. That gives the
template's bytes as long as

- the shape is the same: whatever the template decides by, and which values are empty; and
- a value stands in the text as it is given, already escaped. What is escaped twice or stands in
  an address too must be letters and digits, which no escaping changes, or come as one value for
  each way it is written.

A token never occurs in the text it is cut from: one is taken that the text does not hold, and
values are never searched for tokens. The first text of each shape and a sample of the others are
compared with the template's own.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from operator import itemgetter

from markupsafe import Markup, escape

Value = bytes | None  # escaped and encoded; None or empty: the template leaves it out
_SAMPLE = 1000  # of so many texts of one shape one is compared, beginning with the first
_ID_LENGTH = 26  # data-model.md: ids
_DIGITS = 3  # of a token's number


class PageDiffers(Exception):  # noqa: N818 - our bug, with its traceback
    """A mould gave other bytes than its template."""


class Moulds:
    """Moulds of one set of templates with the same settings; one for each process.

    Args:
        most: number of moulds to keep; the one not used for the longest time goes first.

    Attributes:
        learned, compared: how many moulds were made, how many texts compared with the template's.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, _Mould] = OrderedDict()
        self.learned = self.compared = 0

    def __len__(self) -> int:
        return len(self._known)

    def filled(
        self,
        shape: Hashable,
        values: Sequence[Value],
        drawn: Callable[[Sequence[Markup]], str],
        stock: Callable[[], str] | None = None,
    ) -> bytes:
        """The template's text, as bytes.

        Args:
            shape: everything the text depends on but the values.
            values: what differs from text to text, in the order `drawn` takes it.
            drawn: the template's text with these in the place of the values.
            stock: the template's text itself, where `drawn` with the values would be no witness.

        Raises:
            PageDiffers: a compared text was another one, which is our bug.
        """
        empty = () if all(values) else tuple([not value for value in values])
        key = (shape, empty)
        mould = self._known.get(key)
        if mould is None:
            return self._learn(key, values, drawn, stock)
        self._known.move_to_end(key)
        mould.count += 1
        found = mould.filled(values)
        if mould.count % _SAMPLE == 0:
            self._compare(shape, found, _stock(values, drawn, stock).encode())
        return found

    def _learn(
        self,
        key: tuple[Hashable, tuple[bool, ...]],
        values: Sequence[Value],
        drawn: Callable[[Sequence[Markup]], str],
        stock: Callable[[], str] | None,
    ) -> bytes:
        text = _stock(values, drawn, stock)
        mark = _unused(text)
        tokens = [
            Markup(f"{mark}{number:0{_DIGITS}}" if value else "")  # noqa: S704 - letters, digits
            for number, value in enumerate(values)
        ]
        mould = _Mould(drawn(tokens), mark)
        found = mould.filled(values)
        self._compare(key[0], found, text.encode())
        self._known[key] = mould
        self.learned += 1
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return found

    def _compare(self, shape: Hashable, found: bytes, expected: bytes) -> None:
        self.compared += 1
        if found != expected:
            raise PageDiffers(f"of the shape {shape!r}")


class Learned:
    """What one process learned of one site's pages.

    Attributes:
        pages: moulds of whole pages, of about 12 KB each.
        parts: moulds of parts of pages, of less than 1 KB each.
    """

    def __init__(self) -> None:
        self.pages = Moulds(most=512)
        self.parts = Moulds(most=16_384)


class _Mould:
    """A text with gaps: what is constant, and which value goes into each gap."""

    __slots__ = ("_chosen", "_pieces", "count")

    def __init__(self, text: str, mark: str) -> None:
        pieces = re.split(rf"{mark}([0-9]{{{_DIGITS}}})", text)
        self._chosen = _chooser([int(number) for number in pieces[1::2]])
        self._pieces = [piece.encode() for piece in pieces]
        self.count = 1

    def filled(self, values: Sequence[Value]) -> bytes:
        pieces = self._pieces.copy()
        pieces[1::2] = self._chosen(values)
        return b"".join(pieces)


def _chooser(numbers: Sequence[int]) -> Callable[[Sequence[Value]], Sequence[bytes]]:
    """Picks values by number, as a sequence however few there are."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda values: [values[number] or b"" for number in numbers]


def _stock(
    values: Sequence[Value],
    drawn: Callable[[Sequence[Markup]], str],
    stock: Callable[[], str] | None,
) -> str:
    if stock is not None:
        return stock()
    return drawn([Markup((value or b"").decode()) for value in values])  # noqa: S704 - escaped


def _unused(text: str) -> str:
    """The beginning of tokens, of letters and digits, that does not occur in a text."""
    number = 0
    while (mark := f"hole{number}x") in text:
        number += 1
    return mark


def inked(value: str | None) -> Value:
    """A value as it stands in a page: escaped unless it is markup, and encoded."""
    if not value:
        return None
    return (value if type(value) is Markup else escape(value)).encode()


def is_plain_id(award_id: str) -> bool:
    """True for an id that every kind of escaping leaves as it is, as all ids in files are."""
    return len(award_id) == _ID_LENGTH and award_id.isascii() and award_id.isalnum()
