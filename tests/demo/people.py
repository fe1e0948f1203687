# SPDX-License-Identifier: Apache-2.0
"""Invented people: names, handles, ids, choices, all by hash of a key, never by chance."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from functools import cache
from pathlib import Path

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, small letters
HERE = Path(__file__).parent
# Written as people there write them; elsewhere the romanised form, as in a US staff list.
NATIVE_SCRIPTS = {"JP", "KR", "GR", "AM", "RU"}
FAMILY_FIRST = {"JP", "KR", "HU"}
# Shares of a large US city's staff, roughly; every country with both lists occurs.
COUNTRIES = (
    "US", "US", "US", "US", "US", "US", "GB", "GB", "IE", "MX", "MX", "MX", "AR", "ES", "PT", "BR",
    "IT", "IT", "FR", "DE", "DK", "IS", "PL", "PL", "CZ", "LT", "HU", "GR", "TR", "RU", "AM", "IN",
    "IN", "JP", "KR", "KR",
)  # fmt: skip


def number(key: str, below: int) -> int:
    """A whole number under `below` that depends on `key` alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % below


def random_looking_id(key: str) -> str:
    """26 characters that depend on `key` alone; real ids are drawn, these must be repeatable."""
    value = int.from_bytes(hashlib.sha256(f"demo:{key}".encode()).digest(), "big")
    return "".join(ALPHABET[(value >> (5 * place)) & 31] for place in range(26))


@cache
def _names(file: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            localized, romanized = row["Localized Name"].strip(), row["Romanized Name"].strip()
            if localized and romanized:
                found.setdefault(row["Country"], []).append((localized, romanized))
    return found


def invented_name(key: str, taken: set[str]) -> tuple[str, str]:
    """A display name and its sort form, different from every name taken before.

    Args:
        key: whose name.
        taken: names given already; the new one is added.
    """
    for attempt in range(100):
        country = COUNTRIES[number(f"country:{key}:{attempt}", len(COUNTRIES))]
        given = _names("forenames.csv").get(country, [])
        family = _names("surnames.csv").get(country, [])
        if not given or not family:
            continue
        first = given[number(f"given:{key}:{attempt}", len(given))]
        last = family[number(f"family:{key}:{attempt}", len(family))]
        localized = country in NATIVE_SCRIPTS or _is_latin(first[0] + last[0])
        is_one_script = _is_latin(first[0]) == _is_latin(last[0])
        form = 0 if localized and is_one_script else 1
        pair = (
            (last[form], first[form])
            if country in FAMILY_FIRST and form == 0
            else (first[form], last[form])
        )
        joint = "" if country == "JP" and form == 0 else " "
        name = joint.join(pair)
        if name not in taken:
            taken.add(name)
            return name, plain(f"{last[1]} {first[1]}")
    raise ValueError(f"no free name for {key}")


def _is_latin(text: str) -> bool:
    return all("LATIN" in unicodedata.name(char, "") for char in text if char.isalpha())


def plain(name: str) -> str:
    """Small plain letters for sorting: accents taken off."""
    spelled = name.translate(
        str.maketrans(
            {
                "ł": "l",
                "Ł": "L",
                "ø": "o",
                "Ø": "O",
                "đ": "d",
                "ı": "i",
                "æ": "ae",
                "ð": "d",
                "þ": "th",
                "ß": "ss",
            }
        )
    )
    stripped = "".join(
        char for char in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(char)
    )
    return " ".join(stripped.lower().split())


def handle(sort: str, taken: set[str]) -> str:
    """A free public handle: given name, then family name, from the sort form."""
    family, _, given = sort.partition(" ")
    base = re.sub(r"[^a-z0-9]+", "-", f"{given} {family}").strip("-") or "holder"
    candidate, count = base, 2
    while candidate in taken:
        candidate, count = f"{base}-{count}", count + 1
    taken.add(candidate)
    return candidate
