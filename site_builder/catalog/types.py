# SPDX-License-Identifier: Apache-2.0
"""The checked catalog: every record by id, with no dangling reference, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from site_builder.catalog.census import Census
from site_builder.model import (
    Area,
    Award,
    Competency,
    Credential,
    Framework,
    Issuer,
    Pathway,
    Program,
    Role,
    Teacher,
    Visibility,
)

Shown = Literal["active", "suspended", "revoked", "superseded", "withdrawn"]
_WIDTH: dict[Visibility, int] = {"private": 0, "unlisted": 1, "public": 2}


def is_wider(one: Visibility, than: Visibility) -> bool:
    """True when `one` shows something to more people than `than` does."""
    return _WIDTH[one] > _WIDTH[than]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a competency stands.

    Attributes:
        slot: position of the area in its framework, from 0; decides its colour and corner.
    """

    framework: Framework
    area: Area
    competency: Competency
    slot: int


@dataclass(frozen=True, eq=False)
class Catalog:
    """All records of one repository after the check.

    Attributes:
        issuer: the one settings file.
        credentials: current versions by slug, in catalog order (framework, then code).
        versions: every version, current ones included, by `slug@version`.
        pathways: current versions by slug; `pathway_versions` by `slug@version`.
        awards: issued awards by id; `drafts` is work without an award yet.
        images: files of catalog/images by name.
        sources: path of each record's file by (kind, id), for edit links.
        census: this catalog holds no people, and here is what they add up to; None where they
            are held, or where nobody has counted.
    """

    issuer: Issuer
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    versions: Mapping[str, Credential] = field(default_factory=dict)
    pathways: Mapping[str, Pathway] = field(default_factory=dict)
    pathway_versions: Mapping[str, Pathway] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    programs: Mapping[str, Program] = field(default_factory=dict)
    teachers: Mapping[str, Teacher] = field(default_factory=dict)
    awards: Mapping[str, Award] = field(default_factory=dict)
    drafts: Mapping[str, Award] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)
    sources: Mapping[tuple[str, str], str] = field(default_factory=dict)
    census: Census | None = None

    @cached_property
    def competencies(self) -> Mapping[str, Place]:
        """Where each competency stands, by its id, in framework order."""
        return {
            competency.id: Place(framework, area, competency, slot)
            for framework in self.frameworks.values()
            for slot, area in enumerate(framework.areas)
            for competency in area.competencies
        }

    def place_of(self, credential: Credential) -> Place | None:
        """Area and competency a credential proves; None for a completion credential."""
        for competency in credential.competencies:
            if competency in self.competencies:
                return self.competencies[competency]
        return None

    def code_of(self, credential: Credential) -> str:
        """Short code on the badge: the credential's own, else its competency's without dots."""
        if credential.code:
            return credential.code
        place = self.place_of(credential)
        return place.competency.code.replace(".", "") if place else ""

    @cached_property
    def counted_credentials(self) -> tuple[Credential, ...]:
        """Micro-credentials that are offered and counted: no completions, samples or drafts."""
        return tuple(
            one
            for one in self.credentials.values()
            if one.class_ == "micro" and one.counted and one.status != "draft"
        )

    def members(
        self, *, area: str | None = None, tag: str | None = None, framework: str | None = None
    ) -> tuple[str, ...]:
        """Slugs of the micro-credentials an `all_in` or `of` selector names, in catalog order."""
        found = []
        for credential in self.credentials.values():
            place = self.place_of(credential)
            if credential.class_ != "micro" or credential.status == "draft":
                continue
            if (
                (area is not None and place is not None and place.area.id == area)
                or (tag is not None and tag in credential.tags)
                or (framework is not None and place is not None and place.framework.id == framework)
            ):
                found.append(credential.id)
        return tuple(found)

    def program_of(self, award: Award) -> Program | None:
        return self.programs.get(award.program) if award.program else None

    def is_counted(self, award: Award) -> bool:
        """True when the award enters figures: not a completion, not in an uncounted programme."""
        program = self.program_of(award)
        credential = self.versions.get(award.credential)
        return (program is None or program.counted) and (
            credential is None or (credential.class_ == "micro" and credential.counted)
        )

    def visibility(self, award: Award) -> Visibility:
        """How widely an award is shown: the narrower of the teacher's choice and its own."""
        teacher = self.teachers[award.teacher]
        if award.visibility == "inherit" or is_wider(award.visibility, teacher.visibility):
            return teacher.visibility
        return award.visibility

    @cached_property
    def published(self) -> tuple[Award, ...]:
        """Awards with a public address, unlisted ones included, sorted by id.

        A withdrawn award keeps its address for ever, whatever its teacher chose since.
        """
        return tuple(
            award
            for _, award in sorted(self.awards.items())
            if award.status.state == "withdrawn" or self.visibility(award) != "private"
        )

    @cached_property
    def listed(self) -> tuple[Award, ...]:
        """Awards that may stand in lists, search and the read API, sorted by id."""
        return tuple(
            award
            for award in self.published
            if award.status.state != "withdrawn" and self.visibility(award) == "public"
        )

    @cached_property
    def awards_by_teacher(self) -> Mapping[str, tuple[Award, ...]]:
        """Issued awards of each teacher, oldest first."""
        grouped: dict[str, list[Award]] = {}
        for award in self.awards.values():
            grouped.setdefault(award.teacher, []).append(award)
        return {
            teacher: tuple(sorted(awards, key=lambda one: (str(one.issued), one.id)))
            for teacher, awards in sorted(grouped.items())
        }

    @cached_property
    def backpacks(self) -> tuple[Teacher, ...]:
        """Teachers with a backpack page: those who agreed and have an award to show."""
        with_page = {award.teacher for award in self.published if award.status.state != "withdrawn"}
        return tuple(
            teacher
            for _, teacher in sorted(self.teachers.items())
            if teacher.id in with_page and teacher.visibility != "private"
        )

    def shown_in_backpack(self, teacher: Teacher) -> tuple[Award, ...]:
        """Awards a teacher's backpack shows, oldest first.

        A public backpack lists public awards only: an unlisted one would be listed with it.
        """
        if teacher.visibility == "private":
            return ()
        return tuple(
            award
            for award in self.awards_by_teacher.get(teacher.id, ())
            if award.status.state != "withdrawn"
            and not is_wider(teacher.visibility, self.visibility(award))
        )

    def display_name(self, teacher: Teacher) -> str | None:
        """The name the teacher chose to show; None where no name may be shown."""
        return teacher.name if teacher.visibility != "private" else None
