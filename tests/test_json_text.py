# SPDX-License-Identifier: Apache-2.0
"""JSON of every file: compact, UTF-8, in the order given."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from site_builder.json_text import compact, json_bytes

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def test_a_file_is_compact_keeps_its_order_and_ends_with_one_line_break():
    assert (
        json_bytes({"b": ["é", None], "a": {"c": 1}}) == '{"b":["é",null],"a":{"c":1}}\n'.encode()
    )


@given(VALUES)
def test_what_is_written_is_what_the_standard_library_writes(value: Any):
    assert compact(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
