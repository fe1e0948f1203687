# SPDX-License-Identifier: Apache-2.0
"""The list of micro-credentials and a page for each, with its whole anatomy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from site_builder import addresses
from site_builder.catalog.census import Listing
from site_builder.insights import census_of, earner_counts
from site_builder.model import Credential, Pathway, Role
from site_builder.pages import labels
from site_builder.pages.areas import Group, area_of, completions, drafts, groups
from site_builder.pages.facets import facets
from site_builder.pages.frame import CatalogPage, Frame
from site_builder.pathways import credentials_in, words
from site_builder.texts import amount_words, period_words

LIST = (("Micro-credentials", addresses.CATALOG),)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line at the head of the page: an icon, what, and the detail."""

    icon: str
    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A pathway this credential is part of.

    Attributes:
        size: micro-credentials the pathway names.
    """

    pathway: Pathway
    size: int
    rule: str
    roles: tuple[Role, ...]


def pages(frame: Frame) -> Iterator[CatalogPage]:
    """The list, then a page per credential, drafts included (they say so)."""
    yield _list(frame)
    earners = earner_counts(frame.catalog)
    census = census_of(frame.catalog)
    for credential in frame.catalog.credentials.values():
        yield _page(
            frame,
            credential,
            earners=earners.get(credential.id),
            is_earned=credential.id in census.earners,
            public=census.named.get(credential.id),
        )


def _list(frame: Frame) -> CatalogPage:
    shown: tuple[Group, ...] = groups(frame.catalog)
    offered = len(frame.catalog.counted_credentials)
    return frame.page(
        addresses.CATALOG,
        "credential-list.html",
        title="Micro-credentials",
        description=f"{offered} micro-credentials by area, with hours and what each counts for.",
        section=addresses.CATALOG,
        is_index=True,
        groups=shown,
        filters=facets(frame, shown),
        completions=completions(frame.catalog),
        drafts=drafts(frame.catalog),
        offered=offered,
        labels=labels,
    )


def _page(
    frame: Frame,
    credential: Credential,
    *,
    earners: int | None,
    is_earned: bool,
    public: Listing | None,
) -> CatalogPage:
    catalog = frame.catalog
    title = frame.words(credential.title)
    versions = [one for one in catalog.versions.values() if one.id == credential.id]
    language = catalog.issuer.language
    return frame.page(
        addresses.credential_page(credential.id),
        "credential.html",
        title=title,
        description=frame.words(credential.summary or credential.statement),
        section=addresses.CATALOG,
        crumbs=LIST,
        crumb=catalog.code_of(credential) or title,
        edit_path=frame.source("credential", credential.id),
        boost=2,  # what most people look for; its competency says nearly the same words
        image="" if credential.status == "draft" else addresses.badge_png(credential),
        credential=credential,
        area=area_of(catalog, credential),
        facts=facts(credential),
        judged=judged(credential),
        places=[
            catalog.competencies[one]
            for one in credential.competencies
            if one in catalog.competencies
        ],
        levels=sorted(credential.rubric.levels, key=lambda one: one.rank)
        if credential.rubric
        else [],
        memberships=_memberships(frame, credential),
        completes=_completed_by(frame, credential),
        needs=_needs(frame, credential),
        organizations={one.id: one for one in catalog.issuer.organizations},
        earners=earners,
        is_earned=is_earned,
        public=public,
        versions=sorted(versions, key=_number, reverse=True),
        translations=[
            (tag, lambda text, tag=tag: _said(text, tag))
            for tag in catalog.issuer.languages
            if tag != language and tag in credential.statement
        ],
        labels=labels,
    )


def _number(credential: Credential) -> tuple[int, ...]:
    """A version as numbers, so that 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in credential.version.split("."))


def _said(text: Mapping[str, str] | None, tag: str) -> str:
    return (text or {}).get(tag, "")


def facts(credential: Credential) -> list[Fact]:
    """Time and worth first: hours, credit, how long it lasts, when an answer comes."""
    found = []
    if work := credential.workload:
        span = f"between {amount_words(work.hours.min)} and {amount_words(work.hours.max)}"
        window = f", within {period_words(work.window)}" if work.window else ""
        found.append(Fact("clock", labels.label(labels.hours(credential)), span + window))
    found.extend(
        Fact("seal", labels.credit_amount(one), one.authority) for one in credential.credit
    )
    found.append(Fact("calendar", labels.validity(credential)))
    assessment = credential.assessment
    if assessment and assessment.turnaround_days:
        tries = (
            "as many tries as you need"
            if assessment.attempts == "unlimited"
            else f"up to {labels.plural(int(assessment.attempts), 'try', 'tries')}"
        )
        found.append(Fact("list", f"Answer in {assessment.turnaround_days} working days", tries))
    return found


def judged(credential: Credential) -> str:
    """Who reads the work and against how many criteria, as one sentence."""
    if credential.rubric is None:
        return ""
    criteria = labels.plural(len(credential.rubric.criteria), "criterion", "criteria")
    if credential.assessment is None:
        return f"Your work is read against {criteria}."
    readers = labels.plural(credential.assessment.assessors, "reviewer")
    verb = "reads" if credential.assessment.assessors == 1 else "read"
    blind = ", without seeing your name," if credential.assessment.blind else ""
    return f"{readers.capitalize()} {verb} your work{blind} against {criteria}."


def _memberships(frame: Frame, credential: Credential) -> list[Member]:
    found = []
    for pathway in frame.catalog.pathways.values():
        members = credentials_in(pathway.requires, frame.catalog)
        if credential.id in members:
            roles = tuple(
                frame.catalog.roles[one.role]
                for one in pathway.leads_to
                if one.role in frame.catalog.roles
            )
            found.append(
                Member(pathway, len(members), words(pathway.requires, frame.catalog), roles)
            )
    return found


def _completed_by(frame: Frame, credential: Credential) -> list[Credential]:
    """For a completion credential, the micro-credentials its pathway asks for."""
    pathway = frame.catalog.pathways.get(credential.pathway or "")
    if pathway is None:
        return []
    return [
        frame.catalog.credentials[slug] for slug in credentials_in(pathway.requires, frame.catalog)
    ]


def _needs(frame: Frame, credential: Credential) -> list[tuple[Credential | None, str]]:
    """What to have first: (micro-credential or None for another kind of rule, rule in words)."""
    wanted = credential.prerequisites
    if wanted is None:
        return []
    rules = (*wanted.all_of, *wanted.any_of)
    return [
        (
            frame.catalog.credentials.get((rule.credential or "").partition("@")[0]),
            words(rule, frame.catalog),
        )
        for rule in rules
    ]
