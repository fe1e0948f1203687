# SPDX-License-Identifier: Apache-2.0
"""Numbers and text as SVG wants them."""

from __future__ import annotations

import re
from html import escape

# What XML 1.0 cannot carry, and the marks that can turn a title's reading order round
# (embeddings, overrides, isolates). Joiners and single direction marks stay: Persian and
# Indic titles need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef"
    "\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The text without characters that XML forbids, its white space folded to single spaces."""
    return re.sub(r"[ \t\r\n\u2028\u2029]+", " ", _UNWANTED.sub("", text)).strip()


def escaped(text: str) -> str:
    """The text, fit for an element's content or a quoted attribute."""
    return escape(clean(text), quote=True)


def number(value: float) -> str:
    """At most six significant digits, no trailing zeros: the same on every machine."""
    return f"{value:.6g}" if value else "0"
