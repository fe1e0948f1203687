# SPDX-License-Identifier: Apache-2.0
"""Checks of the issuer and of frameworks."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.checks.context import Context, used_twice
from site_builder.model import Framework, Issuer
from site_builder.problems import Problem, quoted


def check_issuer(context: Context) -> Iterator[Problem]:
    """Languages and organisations of the issuer agree with themselves."""
    for record in context.records.of("issuer").values():
        issuer = record.entry
        if not isinstance(issuer, Issuer):
            continue
        if issuer.language not in issuer.languages:
            yield Problem(
                "IS001",
                record.place("languages"),
                f"the default language {quoted(issuer.language)} is not among the languages.",
                f"Add it: languages: [{', '.join((issuer.language, *issuer.languages))}].",
            )
        if issuer.base_url.endswith("/") or "?" in issuer.base_url or "#" in issuer.base_url:
            yield Problem(
                "IS002",
                record.place("base_url"),
                f"base_url {quoted(issuer.base_url)} ends in '/' or holds '?' or '#'.",
                "Write only the address every published URL starts with, such as "
                "https://badges.example.org.",
            )
        yield from used_twice(
            record, ("organizations",), [one.id for one in issuer.organizations], "IS003"
        )


def check_frameworks(context: Context) -> Iterator[Problem]:
    """Areas hold competencies, ids are unique, and every competency can be proved."""
    proved = {slug for one in context.catalog.versions.values() for slug in one.competencies}
    judged = not context.is_unread("credential")  # an unread one may prove it
    owner: dict[str, str] = {}
    areas: dict[str, str] = {}
    for record in context.records.of("framework").values():
        framework = record.entry
        if not isinstance(framework, Framework):
            continue
        for a, area in enumerate(framework.areas):
            if area.id in areas:
                yield Problem(
                    "FW002",
                    record.place("areas", a, "id"),
                    f"the area id {quoted(area.id)} is used in {areas[area.id]} already.",
                    "Give each area an id of its own.",
                )
            areas.setdefault(area.id, record.document.path)
            if not area.competencies:
                yield Problem(
                    "FW001",
                    record.place("areas", a),
                    f"the area {quoted(area.id)} has no competency.",
                    "Add one, or take the area out.",
                )
            for c, competency in enumerate(area.competencies):
                loc = ("areas", a, "competencies", c, "id")
                if competency.id in owner:
                    yield Problem(
                        "FW002",
                        record.place(*loc),
                        f"the competency id {quoted(competency.id)} is used in "
                        f"{owner[competency.id]} already.",
                        "Give each competency an id of its own.",
                    )
                owner.setdefault(competency.id, record.document.path)
                if framework.status == "published" and competency.id not in proved and judged:
                    yield Problem(
                        "FW003",
                        record.place(*loc),
                        f"no credential proves the competency {quoted(competency.id)}.",
                        "Write a credential for it, or mark the framework as a draft.",
                        "warning",
                    )
