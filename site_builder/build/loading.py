# SPDX-License-Identifier: Apache-2.0
"""A repository becomes a checked Catalog, all of it in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from site_builder.catalog import Catalog
from site_builder.checks import check
from site_builder.documents import parse
from site_builder.problems import Place, Problem, has_errors, tidy
from site_builder.records import Records, read_records
from site_builder.sources import Tree, read_tree


@dataclass(frozen=True)
class Loaded:
    """What a repository holds.

    Attributes:
        catalog: the checked catalog; None when a problem is an error.
        problems: every problem of every file, sorted; warnings and notes included.
        files: number of files read.
    """

    catalog: Catalog | None
    problems: tuple[Problem, ...] = ()
    files: int = field(default=0, compare=False)


def read_documents(tree: Tree) -> tuple[Records, list[Problem]]:
    """Every record of a tree, images included, with the problems of parsing its files."""
    documents = [
        (source.kind, source.id, parse(source.path, source.data))
        for source in tree.sources
        if source.kind != "image"
    ]
    records, problems = read_records(documents)
    records.unread.update(tree.unread)
    records.images.update(
        {source.id: source.data for source in tree.sources if source.kind == "image"}
    )
    if not records.knows("issuer", "issuer"):
        problems.append(
            Problem(
                "IS004",
                Place("catalog/issuer.yml"),
                "there is no catalog/issuer.yml.",
                "`badges new` writes one; it says who issues and at which address.",
            )
        )
    return records, problems


def load_tree(tree: Tree, profiles: Collection[str] = (), *, without: str = "") -> Loaded:
    """Parses and checks every file of a tree; see `load`.

    Args:
        tree: the files.
        profiles: checked as well; see `checks.check_catalog`.
        without: problems whose codes begin so are left out; empty for none.
    """
    records, problems = read_documents(tree)
    catalog, found = check(records, profiles)
    if without:
        found = [one for one in found if not one.code.startswith(without)]
    everything = tidy([*tree.problems, *problems, *found])
    return Loaded(None if has_errors(everything) else catalog, tuple(everything), len(tree.sources))


def load(root: Path) -> tuple[Catalog | None, tuple[Problem, ...]]:
    """The checked catalog of a repository, or None, with every problem in it.

    Raises:
        UsageProblem: there is no catalog folder.
        EnvironmentProblem: a file cannot be read.
    """
    loaded = load_tree(read_tree(root))
    return loaded.catalog, loaded.problems
