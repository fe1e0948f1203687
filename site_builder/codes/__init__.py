# SPDX-License-Identifier: Apache-2.0
"""Every problem code we promise to keep, with what it means and how to mend it.

A code is never reused and never changes its meaning: people search for it, and
`reference/problems/` has one anchor per code. The first two letters say the stage or kind:
YM yaml text, SR files, FD fields, IS issuer, FW framework, CR credential, PW pathway, RL role,
PR programme, TE teacher, SP public source, AW award, FG figures, TX texts, NM names,
I18 translations, LP profiles on request.
"""

from __future__ import annotations

from site_builder.codes.content import CONTENT
from site_builder.codes.files import SOURCES, YAML
from site_builder.codes.profiles import PROFILES
from site_builder.codes.rule import Rule, Severity

REGISTRY: dict[str, Rule] = {rule.code: rule for rule in (*YAML, *SOURCES, *CONTENT, *PROFILES)}

__all__ = ["REGISTRY", "Rule", "Severity"]
