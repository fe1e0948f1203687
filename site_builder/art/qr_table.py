# SPDX-License-Identifier: Apache-2.0
"""Symbols of many addresses of one length, fast: one is the XOR of others already drawn.

With length, version, level, mask and a single byte segment fixed, everything in a QR symbol is
either constant or a linear function over GF(2) of the data bits: error correction is a linear code,
placement moves bits, masking flips fixed ones. So when the payload of an address is the XOR of an
odd number of payloads drawn before, its symbol is the XOR of their symbols.

Nothing is computed ahead: what the library draws is kept as one more equation, until the addresses
asked for are combinations of those kept. For award addresses, which differ in an id of 26
characters of six varying bits each, that is the case after about 157 of one length; a site of
three awards draws three codes, as before.

What is not plain is drawn by the library: a payload that is not all printable ASCII (of a block of
zero bytes `qrcode` 8.2 makes an error, `glog(0)`), and versions above 10, where the equations grow
large and no address of ours comes. The first symbol of each length, and a sample of the others,
are compared with the library.

Source: ISO/IEC 18004:2015, sections 7.4.5 (byte mode), 7.5 (error correction), 7.6 (final
message), 7.7.3 (placement), 7.8 (masking); design/performance.md section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

_SAMPLE = 1000  # of so many combined symbols of a length one is compared, the first to begin with
_PRINTABLE = bytes(range(0x20, 0x7F))


class SymbolDiffers(Exception):  # noqa: N818 - our bug, with its traceback
    """XOR gave another symbol than the library."""


class Symbols:
    """Symbols of payloads of one length, kept as equations.

    An equation is one integer: a one, the bits of a payload, the bits of its symbol. The XOR of
    equations is an equation again, so they are kept in echelon form: each has a highest bit no
    other has, and is found by its place. A payload from which they take all bits is a combination
    of them, and what then stands in the symbol's place is its symbol. The leading one sees to it
    that an odd number was combined. Two threads may learn at once: each equation is true by itself.

    Args:
        draw: the library's symbol of a payload, `size` bytes.
        size: bytes of a symbol.

    Attributes:
        combined: how many symbols were made by XOR.
        drawn: how many the library was asked for, comparisons aside.
        compared: how many of the combined ones were compared with the library.
    """

    def __init__(self, draw: Callable[[bytes], bytes], size: int) -> None:
        self._draw = draw
        self._size = size
        self._bits = 8 * size
        self._equations: dict[int, int] = {}
        self.combined = self.drawn = self.compared = 0

    def symbol(self, payload: bytes) -> bytes:
        """What the library draws for a payload, usually without asking it.

        Raises:
            SymbolDiffers: a compared symbol was another one, which is our bug.
        """
        if payload.translate(None, _PRINTABLE):
            self.drawn += 1
            return self._draw(payload)
        left = int.from_bytes(b"\1" + payload, "big") << self._bits
        equations, bits = self._equations, self._bits
        while (place := left.bit_length()) > bits:
            equation = equations.get(place)
            if equation is None:
                return self._learned(payload, left)
            left ^= equation
        found = left.to_bytes(self._size, "big")
        if self.combined % _SAMPLE == 0:
            self.compared += 1
            if found != self._draw(payload):
                raise SymbolDiffers(f"of an address of {len(payload)} characters")
        self.combined += 1
        return found

    @property
    def learned(self) -> list[str]:
        """Its equations in hexadecimal, for `remember`."""
        return [f"{one:x}" for one in self._equations.values()]

    def remember(self, equations: Iterable[str]) -> None:
        """Takes what another process has learned of the same length, by the same library.

        The next symbol that is combined is compared with the library all the same.
        """
        for one in equations:
            equation = int(one, 16)
            self._equations.setdefault(equation.bit_length(), equation)

    def _learned(self, payload: bytes, left: int) -> bytes:
        """The library's symbol of a payload; what it adds to the equations is kept.

        Args:
            payload: as for `symbol`.
            left: what is left of it, its highest bit in a place without an equation.
        """
        self.drawn += 1
        drawn = self._draw(payload)
        left ^= int.from_bytes(drawn, "big")
        self._equations.setdefault(left.bit_length(), left)
        return drawn
