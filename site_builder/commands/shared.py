# SPDX-License-Identifier: Apache-2.0
"""What several commands need: the repository's folder, problems on screen, progress."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from site_builder import __version__
from site_builder.problems import Format, Problem, Unsignable, UsageProblem, render, summary

if TYPE_CHECKING:
    from site_builder.addresses import Site
    from site_builder.catalog import Catalog
    from site_builder.keys import SigningKey
    from site_builder.publish import Staging
    from site_builder.running.wish import Workers
    from site_builder.signing import Signer

T = TypeVar("T")
R = TypeVar("R")
_LONGEST_EPOCH = 11  # digits; more is beyond the year 5000
STATE = ".badges"  # caches and the manifest; git-ignored, may be deleted at any time

root_option = click.option(
    "--root",
    default=".",
    show_default="this folder",
    type=click.Path(path_type=Path),
    help="The repository: the folder that holds catalog/ and awards/.",
)

site_option = click.option(
    "--site",
    "site_dir",
    default=None,
    show_default="site/ in the repository",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site goes. The old site stays whole until the new one is.",
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


def checked(root: Path, otherwise: str = "") -> Catalog | None:
    """The repository's catalog; None when it has errors, after showing them.

    Args:
        root: the repository's folder.
        otherwise: what did not happen then, a sentence shown below the problems.
    """
    from site_builder.build import load_tree  # noqa: PLC0415 - loads the whole model
    from site_builder.sources import read_tree  # noqa: PLC0415

    loaded = load_tree(read_tree(root))
    if loaded.catalog is None:
        show(loaded.problems, "text", notes=False)
        if otherwise:
            click.echo(otherwise)
    return loaded.catalog


def counted(items: Iterable[T], label: str, total: int) -> Iterator[T]:
    """Passes items through; on a terminal says how far it is, in a pipe says nothing."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length=total, label=label, file=sys.stderr) as bar:
        yield from bar


class Told:
    """Workers that say on a terminal how far they are.

    Args:
        workers: do the work.
        label: what it is, in a word.
    """

    def __init__(self, workers: Workers, label: str) -> None:
        self._workers = workers
        self._label = label

    def each(self, task: Callable[[T], R], items: Sequence[T]) -> Iterator[tuple[T, R]]:
        """As the workers do."""
        return counted(self._workers.each(task, items), self._label, len(items))


def today() -> dt.date:
    """Today, or the day SOURCE_DATE_EPOCH stands for.

    Source: reproducible-builds.org, SOURCE_DATE_EPOCH specification.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isascii() and epoch.isdecimal() and len(epoch) <= _LONGEST_EPOCH:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    return dt.datetime.now().astimezone().date()


def opened(uri: str | None) -> SigningKey | None:
    """The key at an address, after which nothing else can read it there; None for no address.

    MkDocs may run later in this process, and a line such as `site_name: !ENV BADGES_KEY` in
    mkdocs.yml would publish the variable.

    Args:
        uri: `file:PATH` or `env:NAME`.

    Raises:
        KeyProblem: there is no key.
    """
    if uri is None:
        return None
    from site_builder.keys import open_key  # noqa: PLC0415 - unsigned builds load no cryptography

    found = open_key(uri)
    kind, _, name = uri.partition(":")
    if kind == "env":
        os.environ.pop(name, None)
    return found


def signer_of(uri: str | None, catalog: Catalog, site: Site) -> Signer:
    """What signs with the key at an address; see `opened`.

    Args:
        uri: `file:PATH` or `env:NAME`; None takes the publicly known key of previews.

    Raises:
        KeyProblem: there is no key, or it may not sign.
    """
    from site_builder.signing import Signer  # noqa: PLC0415 - as in `opened`

    return Signer(opened(uri), catalog.issuer, site)


def written_all(stage: Staging, made: Iterable[tuple[str, bytes]]) -> bool:
    """Writes every file; False when one held what cannot be signed, after showing where."""
    try:
        for path, data in made:
            stage.write(path, data)
    except Unsignable as found:
        show(found.problems, "text", notes=False)
        click.echo("Nothing was published.")
        return False
    return True
