# SPDX-License-Identifier: Apache-2.0
"""The finished site, put in place whole or not at all; the only writer into it.

A build writes a fresh generation beside the site, on the same file system, and swaps the two at
the end. Killed at any moment it leaves the old site whole or the new site whole. What it leaves
beside the site (`<site>.badges-*`) is put right by the next build.
"""

from __future__ import annotations

from site_builder.publish.files import Writer, manifest_of
from site_builder.publish.staging import MARKER, MARKER_PATH, Staging, check_writable, staging
from site_builder.publish.swap import exchange, two_renames

__all__ = [
    "MARKER",
    "MARKER_PATH",
    "Staging",
    "Writer",
    "check_writable",
    "exchange",
    "manifest_of",
    "staging",
    "two_renames",
]
