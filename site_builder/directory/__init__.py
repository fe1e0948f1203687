# SPDX-License-Identifier: Apache-2.0
"""Public lists of a large site: search, pages of people, sitemaps. Pure: rows in, files out."""

from __future__ import annotations

from site_builder.directory.cutting import cut, gathered, part_of
from site_builder.directory.rows import Holder, Listed, Rows, Shown, holders, listed
from site_builder.directory.search import names_of, parts_of, search_files
from site_builder.directory.sheets import Roll, Sheet, roll, sheet_people
from site_builder.directory.sitemaps import sitemaps

__all__ = [
    "Holder",
    "Listed",
    "Roll",
    "Rows",
    "Sheet",
    "Shown",
    "cut",
    "gathered",
    "holders",
    "listed",
    "names_of",
    "part_of",
    "parts_of",
    "roll",
    "search_files",
    "sheet_people",
    "sitemaps",
]
