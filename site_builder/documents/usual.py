# SPDX-License-Identifier: Apache-2.0
"""The usual form of people's files, read without a YAML parser: most of a catalog is in it.

    teacher: 13wz58sp1zee2jswg9xzchtb62
    rounds:
      - {submitted: 2015-12-03, outcome: met, criteria: {c1: leading}, feedback: {c1: "So: yes"}}
    evidence: []

Lines of `key: value`, lists of `  - {...}`, comments on lines of their own. What stands in brackets
becomes JSON by putting its words in quotes; a form that this does not know is not JSON then, and
is left to the parser.
"""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import Any

from .words import CONSTANTS, INTEGER, ODD_NUMBER, SPELLED_WRONG, SUSPECT

# Groups: key, brackets, words, words in quotes; or an entry of the list above; or nothing.
_LINES = re.compile(
    r"^(?:([a-z][a-z0-9_]{0,62}):"
    r'(?: (?:([\[{].*[\]}])|([^\W_][^:#\n]*)(?<! )|"([^"\\\n]*)"))?'
    r"|  - (\{.*\})|[ ]*#.*|)$",
    re.MULTILINE,
)
_NOT_TEXT = "|".join([*CONSTANTS, *(one for one in SPELLED_WRONG if one != "~")])
_REST = r"[^,\[\]{}:?#\"\\\n]*+(?<! )(?=[,\]}])"
# Words in brackets that are text to everybody (from a sign to the next, so that no place is looked
# at twice): keys before ": ", values before the next sign.
# Whole numbers, true, false and null stay bare, which is what JSON calls them too.
_WORDS = re.compile(
    r"(?:(?<=[{\[])|(?<=[,:] ))("
    rf"(?!(?:{_NOT_TEXT})[,\]}}:])[^\W\d_](?:[A-Za-z0-9_-]{{0,62}}+(?:(?=[,\]}}])|(?=: ))|{_REST})"
    rf"|(?!(?:[0-9]+|0[xo][0-9a-fA-F]+)[,\]}}])[0-9]{_REST}"
    r"|https?://[A-Za-z0-9./_~%=&+-]*+(?=[,\]}])"
    r")"
)
_MOST_BRACKETS = 30  # in one line, fewer than the levels the parser accepts
_NO_KEYS = ("true", "false", "null")


class _UnusualError(ValueError):
    """Something the parser must look at."""


def usual_value(text: str) -> dict[str, Any] | None:
    """What `parse` reads from a text in the usual form; None for any other, right or wrong.

    Args:
        text: the file, with nothing in it that `FORBIDDEN_RAW` finds.
    """
    lines = _LINES.findall(text)
    if len(lines) != text.count("\n") + 1 or "\r" in text:  # also counts what follows the last
        return None
    try:
        return _value(lines) or None
    except ValueError:
        return None


def _value(lines: list[tuple[str, str, str, str, str]]) -> dict[str, Any]:
    inside = [one for line in lines if (one := line[1] or line[4])]
    values = iter(_bracketed(inside)) if inside else iter(())
    fields: dict[str, Any] = {}
    entries: list[Any] | None = None
    for key, brackets, words, quoted, entry in lines:
        if entry:
            if entries is None:
                raise _UnusualError
            entries.append(next(values))
            continue
        if not key:
            continue
        if entries == [] or key in fields or key in _NO_KEYS:
            raise _UnusualError
        entries = None
        if brackets:
            fields[key] = next(values)
        elif words:
            fields[key] = _scalar(words) if words[0] in SUSPECT else words
        elif quoted:
            fields[key] = quoted
        else:
            entries = fields[key] = []
    if entries == []:
        raise _UnusualError
    return fields


def _scalar(words: str) -> str | int | bool | None:
    if words in CONSTANTS:
        return CONSTANTS[words]
    if INTEGER.fullmatch(words):
        return int(words)
    if words in SPELLED_WRONG or ODD_NUMBER.fullmatch(words):
        raise _UnusualError
    return words


def _bracketed(several: list[str]) -> list[Any]:
    """The values of texts in brackets."""
    text = "\n".join(several)
    if "\\" in text or '":' in text:  # an escape; a key in quotes
        raise _UnusualError
    if '"' in text:
        pieces = text.split('"')  # every second one stands in quotes
        pieces[::2] = ['"'.join(_WORDS.split(piece)) for piece in pieces[::2]]
    else:
        pieces = _WORDS.split(text)
    found = []
    for line in '"'.join(pieces).split("\n"):
        if line.count("{") + line.count("[") > _MOST_BRACKETS:
            raise _UnusualError
        value, end = _decode(line)
        if end != len(line):
            raise _UnusualError
        found.append(value)
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _UnusualError
    return fields


def _whole(words: str) -> int:
    if not INTEGER.fullmatch(words):
        raise _UnusualError
    return int(words)


def _refuse(words: str) -> Any:
    raise _UnusualError(words)


_decode = JSONDecoder(
    object_pairs_hook=_unique, parse_int=_whole, parse_float=_refuse, parse_constant=_refuse
).raw_decode
