# SPDX-License-Identifier: Apache-2.0
"""Every kind of record in teachers' words, as frozen values; the JSON Schemas come from here."""

from __future__ import annotations

from site_builder.model import scalars
from site_builder.model.catalog_kinds import (
    Alignment,
    Area,
    Audience,
    Competency,
    Credential,
    Credit,
    Criterion,
    EvidencePrompt,
    Framework,
    Indicator,
    Issuer,
    Organization,
    PublishedFigure,
    Rubric,
)
from site_builder.model.pathway_kinds import Acceptance, Pathway, Pay, Role, Rule, Selector
from site_builder.model.people_kinds import (
    Accepted,
    Award,
    Consent,
    EvidenceItem,
    Inducement,
    Program,
    Round,
    Status,
    Support,
    Survey,
    Teacher,
    Visibility,
)
from site_builder.model.scalars import Entry, add_period, period_days

KINDS: dict[str, type[Entry]] = {
    "issuer": Issuer,
    "framework": Framework,
    "credential": Credential,
    "pathway": Pathway,
    "role": Role,
    "program": Program,
    "teacher": Teacher,
    "award": Award,
}

__all__ = [
    "KINDS",
    "Acceptance",
    "Accepted",
    "Alignment",
    "Area",
    "Audience",
    "Award",
    "Competency",
    "Consent",
    "Credential",
    "Credit",
    "Criterion",
    "Entry",
    "EvidenceItem",
    "EvidencePrompt",
    "Framework",
    "Indicator",
    "Inducement",
    "Issuer",
    "Organization",
    "Pathway",
    "Pay",
    "Program",
    "PublishedFigure",
    "Role",
    "Round",
    "Rubric",
    "Rule",
    "Selector",
    "Status",
    "Support",
    "Survey",
    "Teacher",
    "Visibility",
    "add_period",
    "period_days",
    "scalars",
]
