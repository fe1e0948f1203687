# SPDX-License-Identifier: Apache-2.0
"""Codes of the profiles one can ask `badges check` for."""

from __future__ import annotations

from site_builder.codes.rule import Rule

PROFILES = (
    Rule(
        "LP001",
        "Element of the EU recommendation missing",
        "`badges check --profile eu-2022` looks for the elements that the Council Recommendation "
        "of 16 June 2022 on micro-credentials (2022/C 243/02, Annex I) lists as mandatory.",
        severity="warning",
    ),
    Rule(
        "LP002",
        "Part of a research-backed micro-credential missing",
        "`badges check --profile digital-promise` looks for one competency, a key method with the "
        "research behind it, evidence to submit, and a rubric.",
        severity="warning",
    ),
)
