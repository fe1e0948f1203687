# SPDX-License-Identifier: Apache-2.0
"""What several commands need: the repository's folder, problems on screen, progress."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click

from site_builder import __version__
from site_builder.problems import Format, Problem, UsageProblem, render, summary

T = TypeVar("T")

root_option = click.option(
    "--root",
    default=".",
    show_default="this folder",
    type=click.Path(path_type=Path),
    help="The repository: the folder that holds catalog/ and awards/.",
)


def repository(root: Path) -> Path:
    """The repository's folder, absolute; a folder without catalog/ is refused with a way on."""
    if not root.is_dir():
        raise UsageProblem(f"there is no folder {root}.")
    found = root.resolve()
    if not (found / "catalog").is_dir():
        raise UsageProblem(
            f"{root} holds no catalog/ folder. Go to your repository, name it with --root, "
            "or start one with `badges new`."
        )
    return found


def show(problems: Iterable[Problem], form: Format, *, notes: bool) -> None:
    """Prints problems: machine formats whole to standard output, text without notes by default."""
    found = list(problems)
    if form != "text":
        click.echo(render(found, form, tool_version=__version__), nl=False)
        return
    shown = found if notes else [one for one in found if one.severity != "note"]
    if shown:
        click.echo(render(shown, "text", tool_version=__version__).rstrip().rpartition("\n")[0])
    hidden = len(found) - len(shown)
    more = " (see them with --notes)" if hidden else ""
    click.echo(f"{summary(found)}{more}" if found else "No problems.")


def counted(items: Iterable[T], label: str, total: int) -> Iterator[T]:
    """Passes items through; on a terminal says how far it is, in a pipe says nothing."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length=total, label=label, file=sys.stderr) as bar:
        yield from bar


def today() -> dt.date:
    """Today, or the day SOURCE_DATE_EPOCH stands for.

    Source: reproducible-builds.org, SOURCE_DATE_EPOCH specification.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    return dt.datetime.now().astimezone().date()
