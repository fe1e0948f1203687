# SPDX-License-Identifier: Apache-2.0
"""check(records) -> Catalog: references, dates, rules, consent; every problem in one run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from site_builder.catalog import Catalog
from site_builder.checks.assemble import assemble
from site_builder.checks.awards import check_awards
from site_builder.checks.context import Context
from site_builder.checks.credentials import check_credentials
from site_builder.checks.figures import check_figures
from site_builder.checks.frameworks import check_frameworks, check_issuer
from site_builder.checks.images import check_images
from site_builder.checks.pathways import check_pathways
from site_builder.checks.people import check_public_source, check_teachers
from site_builder.checks.profiles import PROFILES, check_profile
from site_builder.checks.programs import check_programs, check_roles
from site_builder.checks.words import check_texts, check_translations
from site_builder.problems import Problem
from site_builder.records import Records

__all__ = ["PROFILES", "check"]

_CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    check_issuer,
    check_frameworks,
    check_credentials,
    check_images,
    check_pathways,
    check_roles,
    check_programs,
    check_teachers,
    check_public_source,
    check_awards,
    check_figures,
    check_texts,
    check_translations,
)


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
    context = Context(records, catalog)
    problems = [problem for one in _CHECKS for problem in one(context)]
    for profile in profiles:
        problems.extend(check_profile(context, profile))
    return catalog, problems
