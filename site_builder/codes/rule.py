# SPDX-License-Identifier: Apache-2.0
"""What one problem code stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one code stands for; the reference page and SARIF are made from it.

    Args:
        code: two or more capitals or digits, then three digits: "AW003".
        title: short name, no full stop: "Unknown credential".
        explanation: why it is refused, in plain sentences.
        example: a line or two that shows the mistake, "" where none helps.
        severity: what a problem of this code is unless it says otherwise.
    """

    code: str
    title: str
    explanation: str
    example: str = ""
    severity: Severity = "error"
