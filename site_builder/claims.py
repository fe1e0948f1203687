# SPDX-License-Identifier: Apache-2.0
"""What a badge claims, in words and values that no standard owns; formats write it their way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.model import Award, Credential, EvidenceItem
from site_builder.texts import pick, plain


@dataclass(frozen=True, slots=True)
class Aligned:
    """Something a credential matches.

    Attributes:
        is_ours: True for a competency of this catalog, False for somebody else's standard.
    """

    name: str
    url: str
    framework: str
    code: str
    is_ours: bool


def first_second(day: dt.date) -> str:
    """The first second of a day, as a date-time with zone."""
    return f"{day.isoformat()}T00:00:00Z"


def last_second(day: dt.date) -> str:
    """The last second of a day: an award holds through the day it expires on."""
    return f"{day.isoformat()}T23:59:59Z"


def uri(url: str) -> str:
    """A URL in the characters of RFC 3986; verifiers refuse `?q=años`, browsers do not."""
    head, mark, fragment = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", url).partition("#")
    safe = "%/:?@!$&'()*+,;=~"
    return quote(head, safe=safe) + mark + quote(fragment, safe=safe)


def criteria_narrative(credential: Credential, language: str) -> str:
    """What an earner had to show, as Markdown: statement, evidence, criteria at the pass level."""
    lines = [pick(credential.statement, language, language).words]
    if credential.evidence:
        lines.append("\n**Evidence**\n")
        lines += [f"- {line(item.title or item.text, language)}" for item in credential.evidence]
    if credential.rubric is not None:
        wanted = credential.rubric.pass_.every_criterion
        titles = {one.id: one.title for one in credential.rubric.levels}
        level = line(titles.get(wanted), language) or wanted
        lines.append(f"\n**Every criterion at {level} or above**\n")
        for criterion in credential.rubric.criteria:
            texts = criterion.title, criterion.descriptors.get(wanted)
            lines.append("- " + ": ".join(line(one, language) for one in texts if one))
    return "\n".join(lines)


def line(text: Mapping[str, str] | None, language: str) -> str:
    """A text on one line, so that it stays one item of a Markdown list."""
    return " ".join(pick(text, language, language).words.split())


def aligned(credential: Credential, catalog: Catalog, site: Site) -> Iterator[Aligned]:
    """The competencies a credential proves, each followed by what it matches elsewhere."""
    language = catalog.issuer.language
    for place in filter(None, map(catalog.competencies.get, credential.competencies)):
        competency = place.competency
        yield Aligned(
            plain(pick(competency.title, language, language).words),
            site.url(addresses.competency_page(competency.id)),
            plain(pick(place.framework.title, language, language).words),
            competency.code,
            is_ours=True,
        )
        for one in competency.align or place.area.align:
            title = plain(pick(one.title, language, language).words)
            name = title or f"{one.framework} {one.code}"
            yield Aligned(name, uri(one.url), one.framework, one.code, is_ours=False)


def public_evidence(award: Award, catalog: Catalog) -> tuple[EvidenceItem, ...]:
    """Evidence items the teacher agreed to publish."""
    if not catalog.teachers[award.teacher].consents_to("evidence"):
        return ()
    return tuple(item for item in award.evidence if item.visibility == "public")
