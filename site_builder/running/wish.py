# SPDX-License-Identifier: Apache-2.0
"""How a site is wanted, by whom it is made, and why there may be none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from site_builder.problems import Problem

if TYPE_CHECKING:
    from site_builder.keys import SigningKey

I = TypeVar("I")  # noqa: E741 - an item
R = TypeVar("R")
Progress = Callable[[Iterator[Any], int], Iterator[Any]]


@dataclass(frozen=True)
class Wish:
    """How a site is wanted.

    Attributes:
        root: the repository's folder.
        site: where the site goes.
        state: the build's own folder.
        is_signed: False leaves the signed files to `badges sign`.
        key: signs; None takes the publicly known key of previews.
        is_strict: True makes warnings errors.
        keeps: False takes nothing from earlier builds, so that everything is made anew.
    """

    root: Path
    site: Path
    state: Path
    is_signed: bool = True
    key: SigningKey | None = None
    is_strict: bool = False
    keeps: bool = True

    @property
    def signed_by(self) -> str:
        """What tells one signer from another in the keys of parts; nothing secret."""
        if not self.is_signed:
            return "nobody"
        return self.key.public if self.key is not None else "preview"


class Workers(Protocol):
    """Whatever runs tasks: this process, several, or other machines; see pool.py."""

    def each(self, task: Callable[[I], R], items: Sequence[I]) -> Iterator[tuple[I, R]]:
        """Every item with what `task` made of it, in any order."""


@dataclass(frozen=True)
class Refused:
    """Why there is no site: problems of awards that cannot be signed, or pages MkDocs refused."""

    problems: tuple[Problem, ...] = ()
