# SPDX-License-Identifier: Apache-2.0
"""`badges build` and `badges serve`: the whole site, published at once or looked at."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from site_builder import engine
from site_builder.commands.shared import (
    STATE,
    counted,
    opened,
    repository,
    root_option,
    show,
    signer_of,
    site_option,
)
from site_builder.problems import UsageProblem, visible
from site_builder.publish import check_writable
from site_builder.running.site import Done, WorkersFor, local, site_of
from site_builder.running.wish import Wish


@click.command(
    epilog="""\b
Examples:
  badges build                     into site/, to look at
  badges build --site /var/www/badges
  badges build --strict            warnings stop the build, as in CI
  badges build --key file:KEY      sign every published award
  badges build --unsigned          sign later, elsewhere, with `badges sign site`
  badges build --executor dask:tcp://10.0.0.5:8786     on the machines of a cluster
  badges build --shard 2/4 --site part-2               one job of four; see `badges merge`
"""
)
@root_option
@site_option
@click.option(
    "--key",
    metavar="URI",
    help="Sign with this key: file:PATH or env:NAME. Left out: a preview, signed with a key that "
    "everybody has.",
)
@click.option(
    "--unsigned", is_flag=True, help="Write no signed files; `badges sign` can add them later."
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--executor",
    metavar="WHERE",
    default="local",
    show_default=True,
    help="What makes the files of people: local, or dask:ADDRESS for a Dask cluster.",
)
@click.option(
    "--shard",
    metavar="I/N",
    help="Make only the I-th of N parts of the people, as a parcel for `badges merge`.",
)
@click.option("--no-cache", is_flag=True, help="Take nothing from earlier builds.")
def build(
    root: Path,
    site_dir: Path | None,
    key: str | None,
    executor: str,
    shard: str | None,
    *,
    unsigned: bool,
    strict: bool,
    no_cache: bool,
) -> int:
    """Check the repository and write the whole site.

    Nothing is written when the check finds an error. Without --key and --unsigned the site is a
    preview: everything works, and every check of its signatures says that anyone could have made
    them.
    """
    started = time.perf_counter()
    wish = wished(root, site_dir, key, unsigned=unsigned, strict=strict, keeps=not no_cache)
    workers_for = _workers(executor, key)
    if shard is not None:
        number, of = _numbers(shard)
        from site_builder.running.matrix import parcel_of  # noqa: PLC0415 - a plain build is quicker

        if site_dir is None:
            raise UsageProblem("--shard needs --site: an empty folder for the parcel.")
        done = parcel_of(wish, number, of, workers_for, progress)
        if done.published is None:
            say_why_not(done)
            return 1
        seconds = time.perf_counter() - started
        click.echo(f"Made part {number} of {of} ({_sizes(done)}) in {seconds:.1f} s.")
        click.echo(f"Hand {wish.site} to `badges merge`, with the other parts.")
        return 0
    check_writable(wish.site, state=wish.state)
    return say(site_of(wish, workers_for, progress), wish, started)


def wished(
    root: Path, site_dir: Path | None, key: str | None, *, unsigned: bool, strict: bool, keeps: bool
) -> Wish:
    """How the site is wanted, from what the command line says.

    Raises:
        UsageProblem: it says what does not go together, or there is no repository.
        KeyProblem: there is no key.
    """
    if unsigned and key is not None:
        raise UsageProblem("--key signs and --unsigned does not; name one of them.")
    where = repository(root)
    engine.find_configuration(where)
    return Wish(
        where,
        site_dir or where / "site",
        where / STATE,
        is_signed=not unsigned,
        key=opened(key),
        is_strict=strict,
        keeps=keeps,
    )


def _workers(executor: str, key: str | None) -> WorkersFor:
    """What `--executor` names."""
    kind, _, address = executor.partition(":")
    if executor == "local":
        return local
    if kind == "dask" and address:
        from site_builder.running.cluster import cluster  # noqa: PLC0415 - needs an extra

        return lambda job, _: cluster(address, job, key)
    raise UsageProblem(f"there is no executor '{visible(executor)}'; use local or dask:ADDRESS.")


def _numbers(shard: str) -> tuple[int, int]:
    """I and N of "I/N"."""
    found = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", shard)
    if found is None or int(found[1]) > int(found[2]):
        raise UsageProblem(f"'{visible(shard)}' is no part such as 2/4.")
    return int(found[1]), int(found[2])


def say(done: Done, wish: Wish, started: float) -> int:
    """Says what came of a build, and gives the exit code."""
    if done.published is None:
        say_why_not(done)
        return 1
    if warnings := [one for one in done.problems if one.severity == "warning"]:
        show(warnings, "text", notes=False)
    if done.reason:
        click.echo(f"Everything was made anew: {done.reason}")
    if done.spoiled:
        entries = "1 entry was" if done.spoiled == 1 else f"{done.spoiled:,} entries were"
        click.echo(f"In .badges/kept {entries} damaged and not used.")
    click.echo(f"Built {_sizes(done)} in {time.perf_counter() - started:.1f} s{_changes(done)}.")
    click.echo(_how_signed(done, wish.site))
    click.echo(f"The site is in {wish.site}. Look at it with `badges serve`.")
    return 0


def progress(results: Iterator[Any], total: int) -> Iterator[Any]:
    """Passes results through and says on a terminal how far it is."""
    return counted(results, "Writing", total)


def say_why_not(done: Done) -> None:
    """Why there is no site, and that nothing has changed."""
    if not done.is_sound:
        show(done.problems, "text", notes=False)
        click.echo("Nothing was written.")
        return
    problems = done.refused.problems if done.refused is not None else ()
    if problems:
        show(problems, "text", notes=False)
    click.echo("Nothing was published.", err=not problems)  # MkDocs said why on standard error


def _sizes(done: Done) -> str:
    """How much there is, in words."""
    from site_builder.pages.labels import plural  # noqa: PLC0415 - loads the whole model

    nouns = {"micro": "micro-credential", "awards": "award page", "backpacks": "backpack"}
    return ", ".join(plural(done.sizes[name], noun) for name, noun in nouns.items())


def _changes(done: Done) -> str:
    """How much of the site was there already, in words."""
    published = done.published
    if published is None or not published.unchanged:
        return ""
    if not published.written and not published.removed:
        return "; nothing has changed"
    files = "file" if published.written == 1 else "files"
    words = [f"{published.written:,} {files} written"] if published.written else []
    words += [f"{published.removed} removed"] if published.removed else []
    return f"; {', '.join(words)}, {published.unchanged:,} unchanged"


def _how_signed(done: Done, target: Path) -> str:
    """Who signed, and what is still to be done before the site may be published."""
    if done.is_preview:
        return (
            "Preview: signed with a key that everybody has. Do not publish it; build with --key "
            "or --unsigned for that."
        )
    if done.signed_with:
        return f"Signed with the key '{done.signed_with}'."
    if done.has_keys:
        return f"Not signed yet. Before you publish it: badges sign {target} --key URI"
    return "Not signed: records are genuine because they are read from your address."


@click.command(
    epilog="""\b
Examples:
  badges serve                     http://127.0.0.1:8000/, or the next free port
  badges serve --port 9000
"""
)
@root_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=None,
    show_default="8000 or the next free one",
    help="Port to listen on.",
)
def serve(root: Path, host: str, port: int | None) -> int:
    """Build the site and show it on this computer, again after every change.

    Links, QR codes and records name this computer's address, so that checking works locally too.
    """
    where = repository(root)
    engine.find_configuration(where)
    chosen = port or engine.free_port(host)
    if chosen is None:
        raise UsageProblem(f"no port from 8000 to 8099 is free on {host}. Name one with --port.")
    engine.serve(where, host, chosen, lambda catalog, site: signer_of(None, catalog, site))
    return 0
