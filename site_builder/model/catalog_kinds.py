# SPDX-License-Identifier: Apache-2.0
"""What can be earned: issuer, frameworks, credentials."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from site_builder.model.pathway_kinds import Rule
from site_builder.model.scalars import (
    Amount,
    Bool,
    Count,
    Date,
    EmailAddress,
    Entry,
    Language,
    Model,
    Period,
    Slug,
    Str,
    Text,
    Url,
    Version,
)

OrganizationType = Literal["district", "nonprofit", "university", "union", "state-agency", "school"]
Confidence = Literal["preliminary", "assumed", "audited"]


class Region(Model):
    country: Str
    state: Str | None = None


class Quality(Model):
    assurance: Str | None = None
    standard: Str | None = None


class Organization(Model):
    id: Slug
    name: Str
    type: OrganizationType
    does: tuple[Literal["author", "assessor", "recognizer", "partner"], ...] = ()
    url: Url | None = None


class PublishedFigure(Model):
    """A figure that is public elsewhere already: recounted by the check, shown although small."""

    figure: Str
    value: Amount
    source: Str
    as_of: Date | None = None
    note: Text | None = None
    confidence: Confidence | None = None


class Key(Model):
    id: Slug
    public: Str
    from_: Annotated[Date, Field(alias="from")]
    until: Date | None = None
    compromised: Date | None = None

    @property
    def is_in_use(self) -> bool:
        """True for a key that may sign; a date in the future ends it too, as no clock is asked."""
        return self.until is None and self.compromised is None


class Publish(Model):
    baked_png: Bool = True
    baked_svg: Bool = False
    ob2: Bool = True
    qr_files: Bool = True
    suppress_below: Count = 10


class Issuer(Entry):
    """Who issues: the one settings file of a catalog."""

    name: Str
    type: OrganizationType
    base_url: Url
    url: Url
    contact: EmailAddress
    description: Text | None = None
    region: Region
    language: Language = "en"
    languages: tuple[Language, ...] = ("en",)
    quality: Quality | None = None
    source: Literal["private", "public", "demo"] = "private"
    organizations: tuple[Organization, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    keys: tuple[Key, ...] = ()
    publish: Publish = Publish()


class Alignment(Model):
    framework: Slug
    code: Str
    url: Url
    title: Text | None = None


class Indicator(Model):
    id: Slug
    text: Text


class Competency(Model):
    id: Slug
    code: Str
    title: Text
    statement: Text
    indicators: tuple[Indicator, ...] = ()
    align: tuple[Alignment, ...] = ()
    ctid: Str | None = None


class Area(Model):
    id: Slug
    code: Str
    title: Text
    statement: Text | None = None
    align: tuple[Alignment, ...] = ()
    competencies: tuple[Competency, ...] = ()


class Framework(Entry):
    """Areas and their competencies."""

    version: Version
    status: Literal["draft", "published", "deprecated"]
    license: Str | None = None
    title: Text
    description: Text | None = None
    areas: tuple[Area, ...]
    aliases: tuple[Slug, ...] = ()
    ctid: Str | None = None


class Recognition(Model):
    org: Slug
    for_: Annotated[Text, Field(alias="for")]
    url: Url | None = None


class Audience(Model):
    roles: tuple[Slug, ...] = ()
    levels: tuple[Slug, ...] = ()
    needs_own_students: Bool | None = None


class Component(Model):
    id: Slug
    title: Text | None = None
    text: Text


class Method(Model):
    name: Text
    description: Text | None = None
    components: tuple[Component, ...] = ()


class Research(Model):
    title: Str
    url: Url | None = None
    why: Text | None = None


class Resource(Model):
    title: Str
    url: Url | None = None
    cost: Str | None = None
    license: Str | None = None
    checked: Date | None = None


class Hours(Model):
    min: Amount
    typical: Amount
    max: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.min <= self.typical <= self.max:
            raise PydanticCustomError("expected", "min, typical and max must not fall")
        return self


class Workload(Model):
    hours: Hours
    window: Period | None = None


class Assessment(Model):
    type: Slug
    mode: Literal["asynchronous", "synchronous"] = "asynchronous"
    assessors: Count = 1
    blind: Bool | None = None
    identity_check: Slug | None = None
    turnaround_days: Count | None = None
    attempts: Count | Literal["unlimited"] = "unlimited"
    coach_after: Count | None = None


class Prerequisites(Model):
    strength: Literal["recommended", "required"]
    all_of: tuple[Rule, ...] = ()
    any_of: tuple[Rule, ...] = ()


class Words(Model):
    min: Count | None = None
    max: Count | None = None


class EvidencePrompt(Model):
    id: Slug
    part: Literal["overview", "artifacts", "reflection"]
    kind: Slug
    title: Text | None = None
    words: Words | None = None
    count: Count | None = None
    required: Bool = True
    text: Text


class Level(Model):
    id: Slug
    rank: Count
    title: Text | None = None


class PassRule(Model):
    every_criterion: Slug


class Criterion(Model):
    id: Slug
    evidence: tuple[Slug, ...] = ()
    title: Text
    descriptors: dict[Slug, Text]


class Rubric(Model):
    levels: tuple[Level, ...]
    pass_: Annotated[PassRule, Field(alias="pass")]
    criteria: tuple[Criterion, ...]

    def rank(self, level: str) -> int | None:
        """Rank of a level, or None when the rubric has no such level."""
        return next((one.rank for one in self.levels if one.id == level), None)

    @property
    def pass_rank(self) -> int:
        return self.rank(self.pass_.every_criterion) or 0


class Credit(Model):
    scheme: Slug
    authority: Str
    amount: Amount
    jurisdiction: Str | None = None
    valid_from: Date | None = None
    valid_until: Date | None = None
    approval_id: Str | None = None


class Credential(Entry):
    """One micro-credential, or a completion credential; one file is one version."""

    class_: Annotated[Literal["micro", "completion"], Field(alias="class")]
    code: Str | None = None
    version: Version
    effective: Date
    retired: Date | None = None
    author: Slug | None = None
    accepted_by: tuple[Recognition, ...] = ()
    status: Literal["draft", "active", "paused", "retired"]
    counted: Bool = True
    title: Text
    competencies: tuple[Slug, ...] = ()
    tags: tuple[Slug, ...] = ()
    aliases: tuple[Slug, ...] = ()
    statement: Text
    summary: Text | None = None
    description: Text | None = None
    audience: Audience | None = None
    method: Method | None = None
    research: tuple[Research, ...] = ()
    resources: tuple[Resource, ...] = ()
    workload: Workload | None = None
    assessment: Assessment | None = None
    participation: Literal["online", "onsite", "blended"] | None = None
    prerequisites: Prerequisites | None = None
    supports: tuple[Slug, ...] = ()
    evidence: tuple[EvidencePrompt, ...] = ()
    rubric: Rubric | None = None
    authenticity: Text | None = None
    fees: Text | None = None
    validity: Period | None = None
    credit: tuple[Credit, ...] = ()
    eqf: Count | None = None
    pathway: Slug | None = None
    image: Str | None = None
    image_alt: Text | None = None
    ctid: Str | None = None

    @property
    def pinned(self) -> str:
        """The name awards pin, such as `looking-at-student-work@1.1.0`."""
        return f"{self.id}@{self.version}"
