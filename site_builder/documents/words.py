# SPDX-License-Identifier: Apache-2.0
"""Which words YAML takes for something else than text, and what its complaints mean."""

from __future__ import annotations

import re

MAX_BYTES = 1_048_576
MAX_DEPTH = 32

# C0 and C1 controls but tab and newline, line and paragraph separators, direction embeddings,
# overrides and isolates (CVE-2021-42574), byte order mark inside the text, tag characters
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f"
)
# In a value, however it was written. Surrogates: PyYAML's own scanner lets "\ud800" through.
FORBIDDEN = re.compile(f"[{_HIDDEN}\ud800-\udfff]")
# In the file itself: CR only before LF, no tab, and the two that YAML 1.2 (5.1) excludes
FORBIDDEN_RAW = re.compile(f"\r(?!\n)|(?!\r)[{_HIDDEN}\t\ufffe\uffff]")
_ORDINARY = b"\n" + bytes(range(0x20, 0x7F))

CONSTANTS = {"true": True, "false": False, "null": None}
INTEGER = re.compile(r"(?!-0)-?(?:0|[1-9][0-9]{0,14})")
# A YAML 1.2 reader (core schema, 10.3.2) takes these for numbers that we cannot keep as typed
ODD_NUMBER = re.compile(
    r"-0|-?[1-9][0-9]{15,}|\+[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
# All that a YAML 1.2 reader (core schema) takes for a number; the rest is text to everybody
_NUMBER_12 = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
SPELLED_WRONG = {
    "True": "true",
    "TRUE": "true",
    "False": "false",
    "FALSE": "false",
    "Null": "null",
    "NULL": "null",
    "~": "null",
}
# First characters of all plain words that are not simply text
SUSPECT = frozenset("0123456789-+.~tTfFnN")


def has_hidden(data: bytes, text: str) -> bool:
    """True when a file holds what `FORBIDDEN_RAW` finds.

    Args:
        data: its bytes; those of ordinary ASCII are taken out first, which is faster than to look
            at each character.
        text: what they say.
    """
    rest = data.translate(None, _ORDINARY)
    if not rest:
        return False
    # What is left of a CR before LF is looked at again in its place.
    return bool(FORBIDDEN_RAW.search(rest.decode()) and FORBIDDEN_RAW.search(text))


def is_text(plain: str) -> bool:
    """True when every YAML 1.2 reader takes this unquoted word for a text."""
    return bool(plain) and (
        plain[0] not in SUSPECT
        or (
            plain not in CONSTANTS
            and plain not in SPELLED_WRONG
            and not _NUMBER_12.fullmatch(plain)
        )
    )


_QUOTES = "Put the whole text in quotes."
_BRACKET = "Look for a bracket or a quote that is not closed, or a comma that is missing."
_INDENT = "Fields of one mapping start in the same column; a text with ': ' in it needs quotes."
_ESCAPE = "Write \\\\ for a backslash, or use single quotes."
_BLOCK = "After | or > only + or -, a digit and a comment may follow on the same line."

# What libyaml and PyYAML's own parser say -> what it means, what to do. In order; the first
# entry whose words occur in the complaint is taken.
_COMPLAINTS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "A ':' is not expected here.", _INDENT),
    ("could not find expected ':'", "A ':' is missing after this key.", _INDENT),
    ("sequence entries are not allowed", "A list entry '-' is not expected here.", _INDENT),
    ("mapping keys are not allowed", "A '?' is not expected here.", _QUOTES),
    (
        "found unexpected end of stream",
        "A quote opened here is never closed.",
        "Close it, or double a single quote that belongs to the text.",
    ),
    (
        "found unexpected document indicator",
        "A quote opened here is not closed before the next '---' or '...'.",
        "Close it.",
    ),
    ("unknown escape character", "A backslash in double quotes starts no known escape.", _ESCAPE),
    ("hexdecimal", "A backslash escape lacks hexadecimal digits.", _ESCAPE),
    ("hexadecimal", "A backslash escape lacks hexadecimal digits.", _ESCAPE),
    ("invalid Unicode character escape", "A backslash escape names no character.", _ESCAPE),
    ("chr()", "A backslash escape names no character.", _ESCAPE),
    ("did not find expected ',' or ']'", "A list in [ ] is not closed or lacks a comma.", _BRACKET),
    (
        "did not find expected ',' or '}'",
        "A mapping in { } is not closed or lacks a comma.",
        _BRACKET,
    ),
    ("expected ',' or ']'", "A list in [ ] is not closed or lacks a comma.", _BRACKET),
    ("expected ',' or '}'", "A mapping in { } is not closed or lacks a comma.", _BRACKET),
    ("did not find expected key", "This line does not fit the lines above it.", _INDENT),
    ("did not find expected '-' indicator", "This line does not fit the list above it.", _INDENT),
    ("expected <block end>", "This line does not fit the lines above it.", _INDENT),
    ("node content", "A value is expected here.", _BRACKET),
    ("<document start>", "This line does not belong to the record above it.", _INDENT),
    ("comment or line break", "A text block starts wrongly.", _BLOCK),
    ("comment or a line break", "A text block starts wrongly.", _BLOCK),
    ("indentation indicator", "A text block starts wrongly.", _BLOCK),
    ("chomping or indentation", "A text block starts wrongly.", _BLOCK),
    ("leading space", "A blank line of a text block is indented more than its text.", _INDENT),
    ("alphabetic or numeric character", "'&' and '*' have a meaning of their own.", _QUOTES),
)


def explain(complaint: str, found: str) -> tuple[str, str]:
    """What a parser's complaint means in plain words, and what to do.

    Args:
        complaint: the parser's words.
        found: the character at the place, "" at the end of the text.
    """
    if "cannot start any token" in complaint:
        return f"A text cannot start with '{found}'.", _QUOTES
    for words, meaning, hint in _COMPLAINTS:
        if words in complaint:
            return meaning, hint
    return "This cannot be read as YAML.", _INDENT
