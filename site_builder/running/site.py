# SPDX-License-Identifier: Apache-2.0
"""From a repository's folder to its published site: read, check, make, publish."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from site_builder.kept import Kept
from site_builder.problems import Place, Problem
from site_builder.publish import KnowledgeLost, Published, Staging, recognise, staging
from site_builder.running import versions
from site_builder.running.inputs import inputs_of
from site_builder.running.pool import Alone, processes
from site_builder.running.repository import Repository, read
from site_builder.running.wish import Progress, Refused, Wish, Workers

if TYPE_CHECKING:
    from site_builder.running.shards import Job
    from site_builder.signing import Signer

WorkersFor = Callable[["Job", int], AbstractContextManager[Workers]]
_WHOLE = "whole"  # a part without files: all that went into the site


@dataclass(frozen=True)
class Done:
    """What came of it.

    Attributes:
        problems: every problem of every file, sorted.
        is_sound: False when one of them is an error, or a warning where none is wanted.
        published: None when nothing was published.
        refused: why there is no site although the check found no error.
        sizes: how much there is: "awards" and "backpacks" with a page, "micro" credentials.
        signed_with: the id of the key; empty for a preview, and where nobody signed.
        is_preview: True when the key that everybody has signed.
        has_keys: the issuer has a key to sign with.
        reason: why everything was made anew, a sentence; empty when it was not, or was the first.
        spoiled: entries of what was kept that were damaged.
    """

    problems: tuple[Problem, ...]
    is_sound: bool = True
    published: Published | None = None
    refused: Refused | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    signed_with: str = ""
    is_preview: bool = False
    has_keys: bool = False
    reason: str = ""
    spoiled: int = 0


def local(job: Job, tasks: int) -> AbstractContextManager[Workers]:
    """Processes of this machine; this one alone where there is little to do."""
    from site_builder.running.shards import begin, begin_elsewhere  # noqa: PLC0415 - see _attempt

    if tasks <= 1:
        return Alone(begin, job)
    plan = job.signer.plan if job.signer is not None else None
    return processes(begin_elsewhere, replace(job, signer=None, settings={}), plan)


def site_of(wish: Wish, workers_for: WorkersFor, progress: Progress) -> Done:
    """The site of a repository, checked, made and published as far as it changed.

    Raises:
        UsageProblem, EnvironmentProblem, KeyProblem: as the commands say.
    """
    repository = read(wish.root, Kept(wish.state / "kept" if wish.keeps else None))
    if wish.keeps:
        recognise(wish.site, state=wish.state)  # a CI restores both as copies
    try:
        return _attempt(wish, repository, workers_for, progress)
    except KnowledgeLost as lost:
        # It is forgotten by now, so the second attempt writes everything.
        done = _attempt(wish, repository, workers_for, progress)
        return replace(done, reason=str(lost))


def _attempt(
    wish: Wish, repository: Repository, workers_for: WorkersFor, progress: Progress
) -> Done:
    with staging(wish.site, state=wish.state) as stage:
        whole = versions.key(
            "whole",
            repository.digest,
            repository.people.digest,
            inputs_of(wish.root, strict=wish.is_strict),
            wish.signed_by,
        )
        if wish.keeps and stage.is_current(_WHOLE, whole):
            return _nothing_to_do(stage)
        # Half a second to load, which a build of what has not changed does without.
        from site_builder.running.building import Build  # noqa: PLC0415
        from site_builder.running.checking import check  # noqa: PLC0415
        from site_builder.running.pages import Pages  # noqa: PLC0415

        signer = signer_for(wish, repository)
        job = replace(repository.job(), signer=signer)
        with (
            workers_for(job, len(repository.people.shards)) as workers,
            Pages(wish.root, strict=wish.is_strict) as pages,
        ):
            pages.prepare()
            outcome = check(repository, job, workers, keeps_parsed=True)
            is_sound = outcome.catalog is not None and not (
                wish.is_strict and any(one.severity == "warning" for one in outcome.problems)
            )
            if not is_sound:
                return Done(outcome.problems, is_sound=False)
            build = Build(outcome, job, wish, stage, pages)
            refused = build.make(workers, progress)
        if refused is not None:
            return Done(outcome.problems, refused=refused)
        done = Done(
            outcome.problems,
            sizes=build.sizes,
            signed_with=signer.key_id if signer is not None and not signer.is_trial else "",
            is_preview=signer is not None and signer.is_trial,
            has_keys=any(one.is_in_use for one in build.catalog.issuer.keys),
            reason=stage.reason or build.reason,
            spoiled=repository.kept.spoiled,
        )
        if build.is_plain:
            stage.part(_WHOLE, whole).finish(_packed(done))
        return replace(done, published=stage.publish())


def signer_for(wish: Wish, repository: Repository) -> Signer | None:
    """Who signs; nobody where the check will find that nobody can."""
    if not wish.is_signed or repository.catalog is None:
        return None
    from site_builder.running.shards import Learned  # noqa: PLC0415 - see _attempt
    from site_builder.signing import Signer  # noqa: PLC0415 - unsigned builds load no cryptography

    learned = Learned(repository.kept)
    return Signer(wish.key, repository.catalog.issuer, repository.site, learned)


_SAID = ("sizes", "signed_with", "is_preview", "has_keys")


def _packed(done: Done) -> bytes:
    problems = [asdict(one) for one in done.problems]
    return json.dumps([problems, {name: getattr(done, name) for name in _SAID}]).encode()


def _nothing_to_do(stage: Staging) -> Done:
    """What the build before said: nothing has changed since."""
    found, said = json.loads(stage.extra_of(_WHOLE))
    problems = tuple(Problem(**{**one, "place": Place(**one["place"])}) for one in found)
    files = sum(one.files for one in stage.known.parts.values()) if stage.known else 0
    unchanged = Published(0, 0, files, is_whole_generation=False)
    return Done(problems, published=unchanged, **said)
