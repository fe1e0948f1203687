# SPDX-License-Identifier: Apache-2.0
"""Quads on their way to one text: loose lines, and blocks of lines that are in order already.

Much of a credential is the same in many, such as its achievement; those lines are put in order once
and then taken over a stretch at a time.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BLANK = b"_:c14n"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Lines in order, each once."""

    lines: Sequence[bytes]

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> Block:
        """A block of lines in any order."""
        return cls(list(dict.fromkeys(sorted(lines))))

    def describes(self, address: bytes) -> bool:
        """True when there is a line about an address."""
        begin = b"<" + address + b"> "
        place = bisect_left(self.lines, begin)
        return place < len(self.lines) and self.lines[place].startswith(begin)


@dataclass(frozen=True, slots=True)
class Quads:
    """The quads of a document, blank nodes named as in its canonical form.

    Attributes:
        lines: without blank nodes, in any order, and not always each once.
        blank: those with one, and perhaps others.
        blocks: more of those without.
    """

    lines: Sequence[bytes]
    blank: Sequence[bytes]
    blocks: tuple[Block, ...] = ()

    @classmethod
    def of(cls, canonical: bytes) -> Quads:
        lines = canonical.splitlines(keepends=True)
        return cls(
            [one for one in lines if BLANK not in one], [one for one in lines if BLANK in one]
        )

    def canonical(self) -> bytes:
        """All of them in order, each once."""
        return merged([*self.blocks, Block.of([*self.lines, *self.blank])])

    def describes(self, address: bytes) -> bool:
        """True where there is a line about an address; elsewhere only if one names it."""
        begin = b"<" + address + b"> "
        return begin in b"".join([*self.lines, *self.blank]) or any(
            one.describes(address) for one in self.blocks
        )


def merged(blocks: Iterable[Block]) -> bytes:
    """The lines of all blocks in order, each once, taken over in stretches as long as can be."""
    heads = [(one.lines[0], number, 0, one) for number, one in enumerate(blocks) if one.lines]
    heapq.heapify(heads)
    parts: list[bytes] = []
    while len(heads) > 1:
        _, number, begun, block = heads[0]
        # The second smallest head stands directly below the smallest one.
        least = heads[1][0] if len(heads) < 3 or heads[1][0] < heads[2][0] else heads[2][0]
        end = bisect_left(block.lines, least, begun)
        parts += block.lines[begun:end]
        if end < len(block.lines) and block.lines[end] == least:
            end += 1  # the other block has it too
        if end < len(block.lines):
            heapq.heapreplace(heads, (block.lines[end], number, end, block))
        else:
            heapq.heappop(heads)
    for _, _, begun, block in heads:
        parts += block.lines[begun:]
    return b"".join(parts)
