# SPDX-License-Identifier: Apache-2.0
"""Who ran and who earned what: programmes, teachers, awards with their review rounds."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from site_builder.model.catalog_kinds import Confidence, OrganizationType, PublishedFigure
from site_builder.model.scalars import (
    Amount,
    Bool,
    Count,
    Currency,
    Date,
    Entry,
    Model,
    PinnedRef,
    RandomId,
    SchoolYear,
    Sha256,
    Slug,
    Str,
    Text,
    Url,
)

Visibility = Literal["private", "unlisted", "public"]
Covers = Literal["profile", "awards", "level", "evidence", "email-hash", "feed"]


class Partner(Model):
    name: Str
    type: OrganizationType
    org: Slug | None = None
    locale: Literal["city", "suburb", "town", "rural"] | None = None
    schools: tuple[Slug, ...] = ()


class Agreement(Model):
    parties: tuple[Slug, ...]
    date: Date
    text: Text | None = None
    url: Url | None = None


class NextRun(Model):
    program: Slug | None = None
    changed: Text


class Cohort(Model):
    id: Slug
    title: Text | None = None
    participants: Count | None = None
    by_school: Annotated[dict[Slug, Count], Field(default_factory=dict)]


class Support(Model):
    kind: Slug
    mode: Literal["onsite", "online"] | None = None
    every: Slug | None = None
    days: Count | None = None
    count: Count | None = None
    hours: Amount | None = None
    text: Text | None = None


class Inducement(Model):
    kind: Slug
    amount: Amount | None = None
    up_to: Amount | None = None
    currency: Currency | None = None
    permanent: Bool = False
    per: Slug | None = None
    requires: Slug | None = None
    wording: Literal["chance", "promise"] | None = None
    text: Text | None = None


class Accepted(Model):
    into: Literal["role", "pool"]
    count: Count
    of: Literal["completed", "earners"]
    note: Text | None = None


class Survey(Model):
    id: Slug
    asked: Slug
    question: Text | None = None
    n: Count
    population: Count | None = None
    multiple: Bool
    answers: dict[Slug, Count]
    note: Text | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.multiple and sum(self.answers.values()) > self.n:
            raise PydanticCustomError(
                "expected", "the answers add up to more than n, yet multiple is false"
            )
        if any(count > self.n for count in self.answers.values()):
            raise PydanticCustomError("expected", "no answer can be given by more people than n")
        return self


class Outcomes(Model):
    accepted: Accepted | None = None
    surveys: tuple[Survey, ...] = ()
    confidence: Confidence | None = None


class Program(Entry):
    """A district's run of a pathway: participants, supports, inducements, outcomes."""

    title: Text
    description: Text | None = None
    partner: Partner
    school_year: SchoolYear
    starts: Date
    ends: Date
    counted: Bool = True
    assumed: Bool = False
    eligible: Count | None = None
    participants: Count | None = None
    participants_planned: Count | None = None
    published: tuple[PublishedFigure, ...] = ()
    agreement: Agreement | None = None
    next: NextRun | None = None
    status: Literal["planned", "running", "completed"]
    participation: Literal["optional", "required"]
    pathway: PinnedRef | None = None
    cohorts: tuple[Cohort, ...] = ()
    coaches: Count | None = None
    supports: tuple[Support, ...] = ()
    inducements: tuple[Inducement, ...] = ()
    outcomes: Outcomes | None = None
    aliases: tuple[Slug, ...] = ()

    @property
    def joined(self) -> int | None:
        """Participants: typed for the programme, or the sum of its cohorts; None when unknown."""
        if self.participants is not None:
            return self.participants
        sizes = [cohort.participants for cohort in self.cohorts]
        known = [size for size in sizes if size is not None]
        return sum(known) if known and len(known) == len(sizes) else None


class Consent(Model):
    on: Date
    text: Slug
    covers: tuple[Covers, ...]
    by: Slug
    withdrawn: Date | None = None


class Collection(Model):
    title: Text
    awards: tuple[RandomId, ...]


class Registration(Model):
    scheme: Slug
    from_: Annotated[Date, Field(alias="from")]
    until: Date


class Identity(Model):
    type: Literal["emailAddress"]
    hash: Annotated[str, Field(pattern=r"^sha256\$[0-9a-f]{64}$")]
    salt: Str
    published: Bool = False


class Teacher(Entry):
    """One person, in the file that person owns."""

    name: Str | None = None
    sort: Str | None = None
    handle: Slug | None = None
    visibility: Visibility = "private"
    consent: tuple[Consent, ...] = ()
    collections: tuple[Collection, ...] = ()
    registration: Registration | None = None
    identity: tuple[Identity, ...] = ()
    language: Str | None = None
    note: Str | None = None

    def consents_to(self, what: Covers) -> bool:
        """True when a consent that was not withdrawn covers `what`."""
        return any(what in one.covers and one.withdrawn is None for one in self.consent)


class Score(Model):
    by: Slug
    criteria: dict[Slug, Slug]


class Round(Model):
    """One submission and what the reviewers decided; never published."""

    submitted: Date
    decided: Date | None = None
    outcome: Literal["revise", "met", "not-met"] | None = None
    assessors: tuple[Slug, ...] = ()
    criteria: Annotated[dict[Slug, Slug], Field(default_factory=dict)]
    scores: tuple[Score, ...] = ()
    feedback: Annotated[dict[Slug, Str], Field(default_factory=dict)]
    note: Str | None = None

    def levels(self) -> dict[str, list[str]]:
        """Every level given in this round, by criterion."""
        given: dict[str, list[str]] = {}
        for criteria in (self.criteria, *(score.criteria for score in self.scores)):
            for criterion, level in criteria.items():
                given.setdefault(criterion, []).append(level)
        return given


class StatusEntry(Model):
    list: Count
    index: Count


class EvidenceItem(Model):
    for_: Annotated[Slug, Field(alias="for")]
    title: Str
    url: Url | None = None
    narrative: Str | None = None
    visibility: Visibility = "private"
    sha256: Sha256 | None = None


class Status(Model):
    state: Literal["active", "suspended", "revoked", "superseded", "withdrawn"] = "active"
    on: Date | None = None
    reason: Str | None = None
    by: RandomId | None = None


class Award(Entry):
    """One award, or work on the way to one while `issued` is absent."""

    teacher: RandomId
    credential: PinnedRef
    criteria_sha256: Sha256 | None = None
    salt: RandomId | None = None
    program: Slug | None = None
    cohort: Slug | None = None
    status_list: StatusEntry | None = None
    rounds: tuple[Round, ...] = ()
    issued: Date | None = None
    expires: Date | None = None
    level: Slug | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    renews: RandomId | None = None
    approved_by: Slug | None = None
    visibility: Literal["inherit", "private", "unlisted", "public"] = "inherit"
    status: Status = Status()
    note: Str | None = None

    @property
    def credential_slug(self) -> str:
        return self.credential.partition("@")[0]
