# SPDX-License-Identifier: Apache-2.0
"""Checks of the issuer, frameworks and credentials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from site_builder.catalog import criteria_sha256
from site_builder.checks.context import Context
from site_builder.model import Credential, Framework, Issuer, Rubric, Rule
from site_builder.problems import Problem, quoted
from site_builder.records import Record


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
                "Write only the address every published URL starts with, such as https://badges.example.org.",
            )
        yield from _twice(
            record, ("organizations",), [one.id for one in issuer.organizations], "IS003"
        )


def _twice(
    record: Record, loc: tuple[str | int, ...], ids: list[str], code: str
) -> Iterator[Problem]:
    """Each id that stands in a list a second time, at its second place."""
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            yield Problem(
                code,
                record.place(*loc, index, "id"),
                f"the id {quoted(one)} is used twice in this list.",
                "Give each entry an id of its own.",
            )
        seen.add(one)


def check_frameworks(context: Context) -> Iterator[Problem]:
    """Areas hold competencies, ids are unique, and every competency can be proved."""
    proved = {slug for one in context.catalog.versions.values() for slug in one.competencies}
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
                        f"the competency id {quoted(competency.id)} is used in {owner[competency.id]} already.",
                        "Give each competency an id of its own.",
                    )
                owner.setdefault(competency.id, record.document.path)
                if framework.status == "published" and competency.id not in proved:
                    yield Problem(
                        "FW003",
                        record.place(*loc),
                        f"no credential proves the competency {quoted(competency.id)}.",
                        "Write a credential for it, or mark the framework as a draft.",
                        "warning",
                    )


def check_credentials(context: Context) -> Iterator[Problem]:
    """Every version of every credential is complete and refers to what exists."""
    for name, record in context.records.of("credential").items():
        if isinstance(record.entry, Credential):
            yield from _version(context, name, record, record.entry)
            yield from _references(context, record, record.entry)
            yield from _completeness(record, record.entry)
            if record.entry.rubric is not None:
                yield from _rubric(record, record.entry, record.entry.rubric)
    yield from _aliases(context)
    yield from _changed_versions(context)


def _version(
    context: Context, name: str, record: Record, credential: Credential
) -> Iterator[Problem]:
    slug, _, version = name.partition("@")
    if version and version != credential.version:
        yield Problem(
            "CR006",
            record.place("version"),
            f"the file is named for version {quoted(version)}, but says version {quoted(credential.version)}.",
            "Rename the file or correct the version.",
        )
    current = context.catalog.credentials.get(slug)
    if version and current is not None and current.version == credential.version:
        yield Problem(
            "CR006",
            record.place("version"),
            f"version {quoted(version)} is also the current version in catalog/credentials/{slug}.yml.",
            "Give the current file a higher version, or take this file out.",
        )
    if version and current is None and not context.records.knows("credential", slug):
        yield Problem(
            "CR006",
            record.place("version"),
            f"there is no current version catalog/credentials/{slug}.yml.",
            "Keep the newest version under the plain name.",
        )


def _references(context: Context, record: Record, credential: Credential) -> Iterator[Problem]:
    known = context.catalog.competencies
    for index, competency in enumerate(credential.competencies):
        if problem := context.unknown_among(
            "CR001",
            record,
            ("competencies", index),
            "competency",
            competency,
            known,
            "catalog/frameworks",
        ):
            yield problem
    if credential.class_ == "micro" and len(credential.competencies) != 1:
        yield Problem(
            "CR002",
            record.place("competencies"),
            f"a micro-credential proves exactly one competency; this one names {len(credential.competencies)}.",
            "Split it, or make it a completion credential with `class: completion`.",
        )
    organizations = [one.id for one in context.catalog.issuer.organizations]
    named = [(("author",), credential.author)] if credential.author else []
    named += [(("accepted_by", i, "org"), one.org) for i, one in enumerate(credential.accepted_by)]  # type: ignore[misc]
    for loc, name in named:
        if problem := context.unknown_among(
            "CR008", record, loc, "organization", str(name), organizations, "catalog/issuer.yml"
        ):
            yield problem
    if credential.prerequisites is not None:
        for part in ("all_of", "any_of"):
            for index, rule in enumerate(getattr(credential.prerequisites, part)):
                yield from rule_references(
                    context, record, ("prerequisites", part, index), rule, "CR005"
                )
    if credential.pathway and (
        problem := context.unknown("CR010", record, ("pathway",), "pathway", credential.pathway)
    ):
        yield problem
    if credential.image and credential.image not in context.catalog.images:
        yield Problem(
            "CR009",
            record.place("image"),
            f"no image {quoted(credential.image)} in catalog/images.",
            "Put the file there, or take the line out: a badge is then drawn from title and area.",
        )


def rule_references(
    context: Context, record: Record, loc: tuple[str | int, ...], rule: Rule, code: str
) -> Iterator[Problem]:
    """Problems of every name in a rule that leads nowhere."""
    for kind in ("credential", "pathway"):
        name = getattr(rule, kind)
        if name is None:
            continue
        slug = name.partition("@")[0]
        if problem := context.unknown(code, record, (*loc, kind), kind, slug):
            yield problem
        elif "@" in name:
            versions = (
                context.catalog.versions
                if kind == "credential"
                else context.catalog.pathway_versions
            )
            if name not in versions and not context.records.unread:
                yield Problem(
                    code,
                    record.place(*loc, kind),
                    f"no {kind} version {quoted(name)}.",
                    "Known: "
                    + ", ".join(sorted(one for one in versions if one.startswith(f"{slug}@")))
                    + ".",
                )
    if rule.role_held and (
        problem := context.unknown(code, record, (*loc, "role_held"), "role", rule.role_held)
    ):
        yield problem
    for part in ("all_of", "any_of", "of"):
        below = getattr(rule, part)
        if isinstance(below, tuple):
            for index, one in enumerate(below):
                yield from rule_references(context, record, (*loc, part, index), one, code)


def _completeness(record: Record, credential: Credential) -> Iterator[Problem]:
    if credential.class_ != "micro" or credential.status == "draft":
        return
    for key, value in (
        ("rubric", credential.rubric),
        ("evidence", credential.evidence),
        ("workload", credential.workload),
    ):
        if not value:
            said = "the hours it takes" if key == "workload" else f"its {key}"
            yield Problem(
                "CR003",
                record.place(),
                f"a {credential.status} micro-credential must say {said}.",
                f"Add {quoted(key + ':')}, or set `status: draft`.",
            )


def _rubric(record: Record, credential: Credential, rubric: Rubric) -> Iterator[Problem]:
    levels = [level.id for level in rubric.levels]
    evidence = [item.id for item in credential.evidence]
    yield from _twice(record, ("rubric", "levels"), levels, "CR004")
    yield from _twice(record, ("rubric", "criteria"), [one.id for one in rubric.criteria], "CR004")
    yield from _twice(record, ("evidence",), evidence, "CR004")
    ranks = Counter(level.rank for level in rubric.levels)
    for index, level in enumerate(rubric.levels):
        if ranks[level.rank] > 1:
            yield Problem(
                "CR004",
                record.place("rubric", "levels", index, "rank"),
                f"two levels have the rank {level.rank}.",
                "Give each level a rank of its own, the lowest first.",
            )
    if rubric.pass_.every_criterion not in levels:
        yield Problem(
            "CR004",
            record.place("rubric", "pass", "every_criterion"),
            f"the pass level {quoted(rubric.pass_.every_criterion)} is not one of the levels.",
            "Known: " + ", ".join(levels) + ".",
        )
    for index, criterion in enumerate(rubric.criteria):
        loc = ("rubric", "criteria", index)
        for item, name in enumerate(criterion.evidence):
            if name not in evidence:
                yield Problem(
                    "CR004",
                    record.place(*loc, "evidence", item),
                    f"no evidence item {quoted(name)} in this file.",
                    "Known: " + ", ".join(evidence) + ".",
                )
        yield from _descriptors(record, loc, set(criterion.descriptors), levels)


def _descriptors(
    record: Record, loc: tuple[str | int, ...], given: set[str], levels: Iterable[str]
) -> Iterator[Problem]:
    for level in sorted(given - set(levels)):
        yield Problem(
            "CR004",
            record.place(*loc, "descriptors", level, key=True),
            f"the descriptor {quoted(level)} belongs to no level.",
            "Known: " + ", ".join(levels) + ".",
        )
    for level in levels:
        if level not in given:
            yield Problem(
                "CR004",
                record.place(*loc, "descriptors"),
                f"the level {quoted(level)} has no descriptor.",
                "Say what a reader can see at that level.",
            )


def _aliases(context: Context) -> Iterator[Problem]:
    """An old name may lead to one thing only, and never hide a present one."""
    for kind in ("framework", "credential", "pathway", "role", "program"):
        taken: dict[str, str] = {}
        for name, record in context.records.of(kind).items():
            if "@" in name:
                continue
            for index, alias in enumerate(getattr(record.entry, "aliases", ())):
                other = name if context.records.knows(kind, alias) else taken.get(alias)
                if other is not None:
                    yield Problem(
                        "CR011",
                        record.place("aliases", index),
                        f"the old name {quoted(alias)} is in use for another {kind}.",
                        "Take it out: an address may lead to one thing only.",
                    )
                taken[alias] = name


def _changed_versions(context: Context) -> Iterator[Problem]:
    """A version that has been awarded may not change what it asks."""
    pinned: dict[str, Counter[str]] = {}
    for award in context.catalog.awards.values():
        if award.criteria_sha256 is not None:
            pinned.setdefault(award.credential, Counter())[award.criteria_sha256] += 1
    for record in context.records.of("credential").values():
        credential = record.entry
        if not isinstance(credential, Credential) or credential.pinned not in pinned:
            continue
        now = criteria_sha256(credential, context.catalog.issuer.language)
        others = {sha: count for sha, count in pinned[credential.pinned].items() if sha != now}
        for sha, count in sorted(others.items()):
            yield Problem(
                "CR007",
                record.place("version"),
                f"{count} award(s) of {quoted(credential.pinned)} pin the criteria {sha[:12]}, but the file's criteria are now {now[:12]}.",
                "Put the awarded text back, keep it as "
                f"'{credential.id}@{credential.version}.yml' and give the changed text a new version.",
            )
