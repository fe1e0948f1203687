# SPDX-License-Identifier: Apache-2.0
"""MkDocs in a process of its own, beside those that make the files of people."""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import click

from site_builder import engine
from site_builder.catalog import Catalog
from site_builder.directory import Roll
from site_builder.problems import EnvironmentProblem, UsageProblem
from site_builder.running.pool import tie_to

R = TypeVar("R")
_UNKNOWN = ("INHERIT", "!ENV", "snippets")  # in mkdocs.yml: it reads what nobody here sees


def are_known(root: Path, plan: engine.Plan) -> bool:
    """True when `inputs_of` covers all that MkDocs reads."""
    text = (root / "mkdocs.yml").read_text("utf-8", "replace")
    return plan.is_plain and not any(word in text for word in _UNKNOWN)


class Pages:
    """Builds the browsable pages while this process does something else.

    Args:
        root: the repository's folder.
        strict: True makes warnings errors.
    """

    def __init__(self, root: Path, *, strict: bool) -> None:
        self.root = root
        self.strict = strict
        self._executor: Executor | None = None
        self._planned: Answer[engine.Plan] | None = None
        self._plan: engine.Plan | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)

    def prepare(self) -> None:
        """Has the other process load MkDocs and its configuration, half a second's work."""
        if self._planned is None:
            self._planned = Answer(self._begun(engine.plan))

    def plan(self) -> engine.Plan:
        """What MkDocs is going to build.

        Raises:
            UsageProblem: mkdocs.yml cannot be used.
        """
        self.prepare()
        if self._plan is None and self._planned is not None:
            self._plan = self._planned.wait()
        if self._plan is None:
            raise AssertionError("a plan that was not asked for")
        return self._plan

    def build(self, folder: Path, catalog: Catalog, known: Roll) -> Answer[frozenset[str] | None]:
        """Begins to build the pages into a folder; see `engine.build_pages`."""
        return Answer(self._begun(engine.build_pages, folder, catalog, known=known))

    def _begun(self, function: Callable[..., Any], *given: Any, **named: Any) -> Future[Any]:
        if self._executor is None:
            method = "fork" if sys.platform == "linux" else "spawn"
            context = multiprocessing.get_context(method)
            self._executor = ProcessPoolExecutor(
                1, mp_context=context, initializer=tie_to, initargs=(os.getpid(),)
            )
        named["strict"] = self.strict
        return self._executor.submit(_told, function, (self.root, *given), named)


class Answer(Generic[R]):
    """What the other process is still working on.

    Args:
        future: gives what `_told` does.
    """

    def __init__(self, future: Future[Any]) -> None:
        self._future = future

    def wait(self) -> R:
        """The answer, after showing what MkDocs said on the way.

        Raises:
            UsageProblem, EnvironmentProblem: as the function asked; the latter also when the
                process was ended.
        """
        try:
            found, said, problem = self._future.result()
        except BrokenProcessPool:
            raise EnvironmentProblem("the process that builds the pages was ended.") from None
        click.echo(said, nl=False, err=True)
        if problem is not None:
            raise problem
        answer: R = found
        return answer


def _told(
    function: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, str, Exception | None]:
    """What a function gives, what it said on standard error, and why it gave up."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            return function(*given, **named), said.getvalue(), None
        except (UsageProblem, EnvironmentProblem) as problem:
            return None, said.getvalue(), problem
