# SPDX-License-Identifier: Apache-2.0
"""What credentials lead to: rules over them, pathways, roles."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from site_builder.model.scalars import (
    Amount,
    Bool,
    Count,
    Currency,
    Entry,
    LooseRef,
    Model,
    Period,
    Slug,
    Str,
    Text,
    Version,
)

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
