# SPDX-License-Identifier: Apache-2.0
"""check(records) -> Catalog: references, dates, rules, consent; every problem in one run.

Also in parts: `check_catalog` once, `check_people` for each shard, `settled` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from site_builder.catalog import Catalog
from site_builder.checks.assemble import assemble, with_people
from site_builder.checks.context import Context
from site_builder.checks.credentials import check_credentials
from site_builder.checks.figures import check_figures
from site_builder.checks.frameworks import check_frameworks, check_issuer
from site_builder.checks.images import check_images
from site_builder.checks.pathways import check_pathways
from site_builder.checks.people_checked import MOST_NAMES, PeopleChecked
from site_builder.checks.profiles import PROFILES, check_profile
from site_builder.checks.programs import check_programs, check_roles
from site_builder.checks.shards import Conflicts, check_people, conflicts, entangled, settled
from site_builder.checks.words import check_texts, check_translations
from site_builder.problems import Problem
from site_builder.records import Records

__all__ = [
    "MOST_NAMES",
    "PROFILES",
    "Conflicts",
    "PeopleChecked",
    "assemble",
    "check",
    "check_catalog",
    "check_people",
    "conflicts",
    "entangled",
    "settled",
    "with_people",
]

_CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    check_issuer,
    check_frameworks,
    check_credentials,
    check_images,
    check_pathways,
    check_roles,
    check_programs,
    check_figures,
    check_texts,
    check_translations,
)


def check_catalog(
    records: Records, catalog: Catalog, profiles: Collection[str] = (), names: Collection[str] = ()
) -> list[Problem]:
    """Every problem of the catalog's own files, and of what figures say about people.

    Args:
        records: the catalog's files; people's files beside them are not looked at. `unread` is of
            the whole repository: no figure is recounted while any file cannot be read.
        catalog: what the records make, with all people in it or a census of them.
        profiles: keys of `PROFILES` to check as well.
        names: of all teachers, which no published text should hold; more than `MOST_NAMES` are
            not looked for.
    """
    context = Context(records, catalog, tuple(names))
    problems = [problem for one in _CHECKS for problem in one(context)]
    for profile in profiles:
        problems.extend(check_profile(context, profile))
    return problems


def check(records: Records, profiles: Collection[str] = ()) -> tuple[Catalog | None, list[Problem]]:
    """The catalog the records make, with every problem found in it.

    The catalog may be used only when no problem is an error; it is None when there is no
    readable issuer, without which nothing else can be judged.

    Args:
        records: every record of a repository.
        profiles: keys of `PROFILES` to check as well.
    """
    catalog = assemble(records)
    if catalog is None:
        return None, []
    people = check_people(records, catalog)
    found = check_catalog(records, catalog, profiles, people.names)
    return catalog, [*found, *people.problems]
