# SPDX-License-Identifier: Apache-2.0
"""The finished site, put in place whole or not at all; the only writer into it.

A build hands over the site in named parts. What is known of the site in place, part by part, lies
in the state folder and says which files differ: only those are written, out of sight, beside the
site. A few are then renamed into the site by a journal; many become a whole new generation that
changes places with the old one. Killed at any moment a build leaves the old site whole or the new
site whole, or a journal that the next build carries out. What it leaves beside the site
(`<site>.badges-*`) is put right by the next build.
"""

from __future__ import annotations

from site_builder.publish.files import MARKER, MARKER_PATH
from site_builder.publish.known import KnowledgeLost, Known, Part, manifest
from site_builder.publish.parcel import Parcel
from site_builder.publish.parts import PartWriter
from site_builder.publish.restored import recognise
from site_builder.publish.staging import Published, Staging, check_writable, staging
from site_builder.publish.swap import exchange, two_renames

__all__ = [
    "MARKER",
    "MARKER_PATH",
    "KnowledgeLost",
    "Known",
    "Parcel",
    "Part",
    "PartWriter",
    "Published",
    "Staging",
    "check_writable",
    "exchange",
    "manifest",
    "recognise",
    "staging",
    "two_renames",
]
