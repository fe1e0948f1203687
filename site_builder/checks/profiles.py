# SPDX-License-Identifier: Apache-2.0
"""Profiles on request: what a recommendation or a label asks of a catalog beyond our own check."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from site_builder.checks.context import Context
from site_builder.model import Credential, Issuer
from site_builder.problems import Problem
from site_builder.records import Record

Missing = tuple[str, str]  # what is missing, and the line to add


def check_profile(context: Context, profile: str) -> Iterator[Problem]:
    """What the issuer and each offered micro-credential lack under one profile.

    Args:
        context: the records.
        profile: a key of `PROFILES`.
    """
    code, of_issuer, of_credential = PROFILES[profile]
    for record in context.records.of("issuer").values():
        if isinstance(record.entry, Issuer):
            yield from _problems(code, profile, record, of_issuer(record.entry))
    for record in context.records.of("credential").values():
        one = record.entry
        if isinstance(one, Credential) and one.class_ == "micro" and one.status == "active":
            yield from _problems(code, profile, record, of_credential(one))


def _problems(
    code: str, profile: str, record: Record, found: Iterator[Missing]
) -> Iterator[Problem]:
    for what, line in found:
        said = f"the profile {profile} asks for {what}, which is missing."
        yield Problem(code, record.place(), said, f"Add `{line}`.")


def _eu_issuer(issuer: Issuer) -> Iterator[Missing]:
    """Elements 3 and 11; the awarding body (4) is the issuer itself.

    Source: Council Recommendation of 16 June 2022 (2022/C 243/02), Annex I.
    """
    if issuer.quality is None or not (issuer.quality.assurance or issuer.quality.standard):
        yield "the type of quality assurance", "quality: {assurance: ..., standard: ...}"


def _eu_credential(one: Credential) -> Iterator[Missing]:
    """Elements 6 to 10; learner (1), title (2) and date (5) are required of every record."""
    if not one.competencies:
        yield "learning outcomes", "competencies: [...]"
    if one.workload is None:
        yield "the notional workload", "workload: {hours: {min: ..., typical: ..., max: ...}}"
    if one.eqf is None and one.rubric is None:
        yield "the level of the learning experience", "eqf: ..."
    if one.assessment is None:
        yield "the type of assessment", "assessment: {type: portfolio}"
    if one.participation is None:
        yield "the form of participation", "participation: online"


def _promise_issuer(issuer: Issuer) -> Iterator[Missing]:
    del issuer
    yield from ()


def _promise_credential(one: Credential) -> Iterator[Missing]:
    """One competency, one research-backed key method, submitted evidence, a rubric.

    Source: data-model.md, "Lint profiles"; catalog-page.md section 2.
    """
    if len(one.competencies) != 1:
        yield "exactly one competency", "competencies: [one]"
    if one.method is None or not one.method.components:
        yield "a key method with its components", "method: {name: ..., components: [...]}"
    if not one.research:
        yield "the research behind the method", "research: [{title: ...}]"
    if not one.evidence:
        yield "the evidence to submit", "evidence: [...]"
    if one.rubric is None:
        yield "a rubric or scoring guide", "rubric: {...}"


PROFILES: dict[
    str,
    tuple[str, Callable[[Issuer], Iterator[Missing]], Callable[[Credential], Iterator[Missing]]],
] = {
    "eu-2022": ("LP001", _eu_issuer, _eu_credential),
    "digital-promise": ("LP002", _promise_issuer, _promise_credential),
}
