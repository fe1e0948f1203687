# SPDX-License-Identifier: Apache-2.0
"""JSON as every file of a site holds it: compact, UTF-8, keys in the order given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# Made once: `json.dumps` makes an encoder anew for each call with settings of its own.
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_bytes(body: Mapping[str, Any]) -> bytes:
    """A file's bytes: compact JSON and one final newline."""
    return (compact(body) + "\n").encode()
