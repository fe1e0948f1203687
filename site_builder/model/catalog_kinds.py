# SPDX-License-Identifier: Apache-2.0
"""What can be earned: issuer, frameworks, credentials, pathways, roles."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from site_builder.model.scalars import (
    Amount,
    Bool,
    Count,
    Currency,
    Date,
    EmailAddress,
    Entry,
    Language,
    LooseRef,
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


class Publish(Model):
    baked_png: Bool = True
    baked_svg: Bool = False
    ob2: Bool = True
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


_RULES = ("credential", "pathway", "all_of", "any_of", "at_least", "all_in", "hours", "role_held")


class Selector(Model):
    """Names a set of credentials: those of an area, with a tag, or of a framework."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    area: Slug | None = None
    tag: Slug | None = None
    framework: Slug | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(value is not None for value in (self.area, self.tag, self.framework)) != 1:
            raise PydanticCustomError("expected", "name one of area, tag or framework")
        return self


def _one_rule(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [{"required": [name]} for name in _RULES]


class Rule(Model):
    """One node of a pathway: exactly one of its kinds of requirement."""

    model_config = ConfigDict(json_schema_extra=_one_rule)

    credential: LooseRef | None = None
    min_level: Slug | None = None
    pathway: LooseRef | None = None
    all_of: tuple[Rule, ...] | None = None
    any_of: tuple[Rule, ...] | None = None
    at_least: Count | None = None
    of: tuple[Rule, ...] | Selector | None = None
    all_in: Selector | None = None
    hours: Amount | None = None
    role_held: Slug | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [name for name in _RULES if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "expected", "write exactly one of {names}", {"names": ", ".join(_RULES)}
            )
        needs_of = given[0] in ("at_least", "hours")
        if needs_of != (self.of is not None):
            raise PydanticCustomError(
                "expected", "'of' belongs to at_least and hours, and both need it"
            )
        if self.min_level is not None and given[0] != "credential":
            raise PydanticCustomError("expected", "'min_level' belongs to a credential")
        return self


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


class Acceptance(Model):
    """A warning someone has read and decided to live with."""

    code: Str
    why: Text


class RoleRef(Model):
    role: Slug


class Pathway(Entry):
    """A stack: a rule over credentials and what it leads to."""

    version: Version
    title: Text
    description: Text | None = None
    window: Period | None = None
    accept: tuple[Acceptance, ...] = ()
    requires: Rule
    members: tuple[Slug, ...] = ()
    leads_to: tuple[RoleRef, ...] = ()
    completion_credential: Slug | None = None
    aliases: tuple[Slug, ...] = ()

    @property
    def pinned(self) -> str:
        return f"{self.id}@{self.version}"


class Pay(Model):
    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["amount"]}, {"required": ["up_to"]}]}
    )

    amount: Amount | None = None
    up_to: Amount | None = None
    currency: Currency
    permanent: Bool = False
    per: Slug | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.amount is None) == (self.up_to is None):
            raise PydanticCustomError("expected", "write either amount or up_to")
        return self


class Way(Model):
    kind: Literal["alternative", "traditional"]
    requires: Rule | None = None
    text: Text | None = None


class Role(Entry):
    """What pathways lead to, with the ways to qualify."""

    title: Text
    description: Text | None = None
    org: Slug | None = None
    ways: tuple[Way, ...]
    pay: Pay | None = None
    validity: Period | None = None
    implies: tuple[Slug, ...] = ()
    aliases: tuple[Slug, ...] = ()
