# SPDX-License-Identifier: Apache-2.0
"""Edge: the files of `catalog/` and `awards/`, as bytes; the only reader of inputs.

The folder says the kind, the file name is the id. Links are never followed. What lies in the
wrong place is a problem, because silently left out is worse than refused.
"""

from __future__ import annotations

from site_builder.sources.scan import PeopleFile, Scan, ShardFiles, scan
from site_builder.sources.tree import Kind, Source, Tree, read_tree

__all__ = [
    "Kind",
    "PeopleFile",
    "Scan",
    "ShardFiles",
    "Source",
    "Tree",
    "read_tree",
    "scan",
]
