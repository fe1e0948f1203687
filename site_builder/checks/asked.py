# SPDX-License-Identifier: Apache-2.0
"""What one version of a credential asks of its awards, looked up once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from site_builder.catalog import Catalog
from site_builder.model import Credential, Rubric, Rule
from site_builder.pathways import Held, Progress, credentials_in, evaluate


@dataclass(frozen=True, eq=False, slots=True)
class Rating:
    """A rubric by its names.

    Attributes:
        criteria: ids in rubric order.
        ranks: rank of each level.
    """

    rubric: Rubric
    criteria: Mapping[str, None]
    ranks: Mapping[str, int]
    pass_rank: int

    def is_below(self, level: str | None) -> bool:
        """True for a level below the pass level; an unknown one is told as AW011."""
        return self.ranks.get(level or "", self.pass_rank) < self.pass_rank


@dataclass(frozen=True, eq=False, slots=True)
class Prerequisite:
    """A rule somebody must meet before; how far people are depends on few of their awards."""

    rule: Rule
    catalog: Catalog
    named: tuple[str, ...]
    _known: dict[tuple[tuple[str, str, str | None], ...], Progress] = field(default_factory=dict)

    def progress(self, have: Held) -> Progress:
        """How far somebody is who holds `have`."""
        key = tuple(
            (one, have[one].credential, have[one].level) for one in self.named if one in have
        )
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = evaluate(self.rule, have, self.catalog)
        return found


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """One version of a credential, as the checks of awards look at it.

    Attributes:
        rating: None without a rubric.
        prompts: ids of the evidence asked for.
        required: what must be held before.
    """

    credential: Credential
    rating: Rating | None
    prompts: tuple[str, ...]
    required: tuple[Prerequisite, ...]


def asked_by(credential: Credential, catalog: Catalog) -> Asked:
    """What a version of a credential asks."""
    rubric, before = credential.rubric, credential.prerequisites
    rules: list[Rule] = []
    if before is not None and before.strength == "required":
        rules = [*before.all_of, *([Rule(any_of=before.any_of)] if before.any_of else [])]
    return Asked(
        credential,
        _rating(rubric) if rubric is not None else None,
        tuple(item.id for item in credential.evidence),
        tuple(Prerequisite(rule, catalog, credentials_in(rule, catalog)) for rule in rules),
    )


def _rating(rubric: Rubric) -> Rating:
    ranks: dict[str, int] = {}
    for level in rubric.levels:
        ranks.setdefault(level.id, level.rank)
    criteria = dict.fromkeys(criterion.id for criterion in rubric.criteria)
    return Rating(rubric, criteria, ranks, rubric.pass_rank)
