# SPDX-License-Identifier: Apache-2.0
"""What the list of micro-credentials can be filtered by, and what each of them fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from site_builder.model import Credential
from site_builder.pages.areas import Group
from site_builder.pages.frame import Frame
from site_builder.pages.labels import label
from site_builder.pathways import credentials_in
from site_builder.texts import amount_words

_MOST_AMOUNTS = 6  # different numbers of hours; more are put together in bands
_BANDS = (5, 10, 20, 40)
_LANGUAGES = {
    "ar": "العربية", "bn": "বাংলা", "de": "Deutsch", "en": "English", "es": "Español",
    "fr": "Français", "he": "עברית", "hi": "हिन्दी", "ht": "Kreyòl ayisyen", "it": "Italiano",
    "ja": "日本語", "ko": "한국어", "pl": "Polski", "pt": "Português", "ru": "Русский",
    "so": "Soomaali", "ur": "اردو", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """A choice.

    Attributes:
        css, code: colour class and letter of an area; empty elsewhere.
        language: of the words, where it is not the page's.
    """

    value: str
    words: str
    count: int
    css: str = ""
    code: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A question with its choices.

    Attributes:
        name: in the address, such as `hours`.
    """

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Facets:
    """All filters of the list.

    Attributes:
        fits: what each micro-credential fits, by slug, as `name:value` with spaces between.
    """

    facets: tuple[Facet, ...]
    fits: Mapping[str, str]


def facets(frame: Frame, groups: tuple[Group, ...]) -> Facets:
    """Filters that tell the micro-credentials of these areas apart."""
    members = [one for group in groups for one in group.credentials]
    kinds = [
        ("area", "Area", _areas(frame, groups)),
        ("hours", "Hours", _hours(members)),
        ("for", "Counts for", _counts_for(frame, members)),
        ("evidence", "Evidence", _evidence(members)),
        ("language", "Language", _languages(frame, members)),
    ]
    made = []
    fits: dict[str, list[str]] = {one.id: [] for one in members}
    for name, title, found in kinds:
        options = tuple(_counted(found, fits, name))
        if len(options) > 1 or any(one.count < len(members) for one in options):
            made.append(Facet(name, title, options))
    shown = {facet.name for facet in made}
    return Facets(
        tuple(made),
        {
            slug: " ".join(one for one in said if one.partition(":")[0] in shown)
            for slug, said in fits.items()
        },
    )


Found = Iterator[tuple[Option, list[str]]]  # a choice and the slugs that fit it


def _counted(found: Found, fits: dict[str, list[str]], name: str) -> Iterator[Option]:
    """The choices that something fits, each noted with what fits it."""
    for option, slugs in found:
        members = [slug for slug in dict.fromkeys(slugs) if slug in fits]
        for slug in members:
            fits[slug].append(f"{name}:{option.value}")
        if members:
            yield Option(
                option.value, option.words, len(members), option.css, option.code, option.language
            )


def _areas(frame: Frame, groups: tuple[Group, ...]) -> Found:
    for group in groups:
        words = frame.words(group.area.title)
        option = Option(group.area.id, words, 0, group.css, group.area.code)
        yield option, [one.id for one in group.credentials]


def _hours(members: list[Credential]) -> Found:
    typical = {one.id: one.workload.hours.typical for one in members if one.workload}
    amounts = sorted(set(typical.values()))
    if len(amounts) <= _MOST_AMOUNTS:
        for amount in amounts:
            words = f"About {amount_words(amount)}"
            yield Option(amount_words(amount), words, 0), _between(typical, amount, amount)
        return
    low = Decimal(0)
    for high in _BANDS:
        words = f"Up to {high}" if not low else f"More than {low}, up to {high}"
        yield Option(f"{low}-{high}", words, 0), _between(typical, low, Decimal(high), above=True)
        low = Decimal(high)
    yield Option(f"{low}-", f"More than {low}", 0), _between(typical, low, None, above=True)


def _between(
    typical: Mapping[str, Decimal], low: Decimal, high: Decimal | None, *, above: bool = False
) -> list[str]:
    return [
        slug
        for slug, hours in typical.items()
        if (hours > low if above else hours >= low) and (high is None or hours <= high)
    ]


def _counts_for(frame: Frame, members: list[Credential]) -> Found:
    """Credit by its scheme, then pathways and the roles they lead to."""
    schemes: dict[str, list[str]] = {}
    for one in members:
        for credit in one.credit:
            schemes.setdefault(credit.scheme, []).append(one.id)
    for scheme, slugs in schemes.items():
        yield Option(f"credit-{scheme}", label(scheme), 0), slugs
    roles: dict[str, list[str]] = {}
    for pathway in frame.catalog.pathways.values():
        slugs = list(credentials_in(pathway.requires, frame.catalog))
        yield Option(f"pathway-{pathway.id}", f"Pathway: {frame.words(pathway.title)}", 0), slugs
        for leads in pathway.leads_to:
            roles.setdefault(leads.role, []).extend(slugs)
    for role, slugs in roles.items():
        if role in frame.catalog.roles:
            title = frame.words(frame.catalog.roles[role].title)
            yield Option(f"role-{role}", f"Role: {title}", 0), slugs


def _evidence(members: list[Credential]) -> Found:
    kinds: dict[str, list[str]] = {}
    for one in members:
        for prompt in one.evidence:
            kinds.setdefault(prompt.kind, []).append(one.id)
    for kind in sorted(kinds, key=label):
        yield Option(kind, label(kind), 0), kinds[kind]


def _languages(frame: Frame, members: list[Credential]) -> Found:
    own = frame.catalog.issuer.language
    for tag in frame.catalog.issuer.languages:
        slugs = [
            one.id
            for one in members
            if tag in one.statement or (tag == own and "" in one.statement)
        ]
        yield Option(tag, _LANGUAGES.get(tag.partition("-")[0], tag), 0, language=tag), slugs
