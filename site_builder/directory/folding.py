# SPDX-License-Identifier: Apache-2.0
"""Names and titles as words that a search compares, in every script.

assets/search.js folds what is typed in the same way; a test runs both over the same texts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD_LENGTH = 12  # characters of a word that the index keeps
_MOST_WORDS = 8  # of one name
_MOST_PAIRED = 5
# Accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs and the long line that
# stretches a word. In other scripts marks are part of the word and stay.
_DROPPED = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670'\u2019\u02bc\u02bb`]")
_SPELLED = str.maketrans(
    {
        "ß": "ss", "ς": "σ", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae",
        "œ": "oe", "þ": "th", "ى": "ي", "ة": "ه",
    }
)  # fmt: skip
# Written without spaces between words: what is typed may begin anywhere in such a word. Thai, Lao,
# Myanmar, Hangul (apart and whole), Khmer, kana, Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f"
    "\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


def folded(text: str) -> str:
    """Words in small letters without accents, one space between them.

    Source: Unicode Standard Annex 15, forms KD and KC.
    """
    return " ".join(filter(None, map(_folded, text.split())))


@lru_cache(maxsize=20_000)  # names are few words, each many people's
def _folded(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.lower()).lower()
    plain = unicodedata.normalize("NFKC", _DROPPED.sub("", apart)).translate(_SPELLED)
    kept = (one if one.isalnum() or unicodedata.category(one)[0] == "M" else " " for one in plain)
    return " ".join("".join(kept).split())


def is_unspaced(word: str) -> bool:
    """True for a word with letters of a script that puts no spaces between words."""
    return not word.isascii() and _UNSPACED.search(word) is not None


@lru_cache(maxsize=20_000)
def starts(word: str) -> tuple[str, ...]:
    """Where a search may begin in a word: at its start; in an unspaced script at each letter."""
    if not is_unspaced(word):
        return (word[:WORD_LENGTH],)
    return tuple(
        word[place : place + WORD_LENGTH]
        for place in range(min(len(word), _MOST_WORDS))
        if unicodedata.category(word[place])[0] != "M"
    )


def keys(name: str) -> list[str]:
    """Under what a name is found: each start of each word, followed by each other word.

    "Ana Ruiz" gives "ana ruiz " and "ruiz ana "; "Prince" gives "prince  ". A key ends in a space
    and the second word stands between the first space and that.
    """
    parts = folded(name).split()[:_MOST_WORDS]
    found = [
        f"{start} {other[:WORD_LENGTH]} "
        for place, word in enumerate(parts)
        for start in starts(word)
        for other in (_others(parts, place) or [""])
    ]
    if len(parts) > 1 and all(is_unspaced(word) for word in parts):
        found += [f"{start}  " for start in starts("".join(parts))]
    return list(dict.fromkeys(found))


def _others(parts: list[str], place: int) -> list[str]:
    return [word for number, word in enumerate(parts[:_MOST_PAIRED]) if number != place]


def groups(name: str) -> tuple[str, ...]:
    """Which groups of files a name is found in, sorted: one for each first letter of a key."""
    return tuple(sorted({group_of(key) for key in keys(name)}))


def group_of(key: str) -> str:
    """Which files a start of a name stands in: its first letter, or 64 signs together.

    Signs from U+2E80 on are thousands; each alone would make thousands of small files.
    """
    code = ord(key[0])
    return f"{code:x}" if code < 0x2E80 else f"{code >> 6:x}s"
