# SPDX-License-Identifier: Apache-2.0
"""Strict YAML: bytes in, a `Document` whose values know their line and column out.

Read from libyaml's events, never through a composer: that refuses what a reviewer cannot see
(duplicate keys, anchors, merge keys, hidden characters), does not crash on deep nesting, and is
faster than the usual loaders. This folder is the only door to PyYAML.
"""

from .reading import Document, parse
from .survey import Loc
from .words import MAX_BYTES, MAX_DEPTH
from .writing import yaml_text

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Document", "Loc", "parse", "yaml_text"]
