# SPDX-License-Identifier: Apache-2.0
"""`badges build` and `badges serve`: the whole site, published at once or looked at."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder import engine
from site_builder.addresses import Site
from site_builder.build import artifacts, load_tree
from site_builder.cache import Cache
from site_builder.commands.shared import (
    STATE,
    counted,
    repository,
    root_option,
    show,
    signer_of,
    written_all,
)
from site_builder.pages.labels import plural
from site_builder.problems import UsageProblem
from site_builder.publish import check_writable, staging
from site_builder.sources import read_tree

if TYPE_CHECKING:
    from site_builder.catalog import Catalog
    from site_builder.signing import Signer


@click.command(
    epilog="""\b
Examples:
  badges build                     into site/, to look at
  badges build --site /var/www/badges
  badges build --strict            warnings stop the build, as in CI
  badges build --key file:KEY      sign every published award
  badges build --unsigned          sign later, elsewhere, with `badges sign site`
"""
)
@root_option
@click.option(
    "--site",
    "site_dir",
    default=None,
    show_default="site/ in the repository",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site goes. The old site stays whole until the new one is.",
)
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
@click.option("--no-cache", is_flag=True, help="Draw everything anew.")
def build(
    root: Path,
    site_dir: Path | None,
    key: str | None,
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
    if unsigned and key is not None:
        raise UsageProblem("--key signs and --unsigned does not; name one of them.")
    started = time.perf_counter()
    where = repository(root)
    engine.find_configuration(where)
    target, state = site_dir or where / "site", where / STATE
    check_writable(target, state=state)
    loaded = load_tree(read_tree(where))
    if loaded.catalog is None or (
        strict and any(one.severity == "warning" for one in loaded.problems)
    ):
        show(loaded.problems, "text", notes=False)
        click.echo("Nothing was written.")
        return 1
    warnings = [one for one in loaded.problems if one.severity == "warning"]
    if warnings:
        show(warnings, "text", notes=False)
    catalog, cache = loaded.catalog, Cache(None if no_cache else state / "cache")
    site = Site(catalog.issuer.base_url)
    signer = None if unsigned else signer_of(key, catalog, site)
    with staging(target, state=state) as stage:
        written = engine.build_pages(where, stage.folder, catalog, strict=strict)
        if written is None:
            click.echo("Nothing was published.", err=True)
            return 1
        total = (2 if signer is None else 3) * (len(catalog.published) + len(catalog.backpacks))
        made = artifacts(catalog, site, cache, written=written, signer=signer)
        if not written_all(stage, counted(made, "Writing", total + 200)):
            return 1
        stage.publish()
    click.echo(f"Built {_sizes(catalog)} in {time.perf_counter() - started:.1f} s.")
    click.echo(_how_signed(signer, catalog, target))
    click.echo(f"The site is in {target}. Look at it with `badges serve`.")
    return 0


def _how_signed(signer: Signer | None, catalog: Catalog, target: Path) -> str:
    """Who signed, and what is still to be done before the site may be published."""
    if signer is None:
        if any(one.is_in_use for one in catalog.issuer.keys):
            return f"Not signed yet. Before you publish it: badges sign {target} --key URI"
        return "Not signed: records are genuine because they are read from your address."
    if signer.is_trial:
        return (
            "Preview: signed with a key that everybody has. Do not publish it; build with --key "
            "or --unsigned for that."
        )
    return f"Signed with the key '{signer.key_id}'."


def _sizes(catalog: Catalog) -> str:
    """How much there is, in words."""
    return ", ".join(
        plural(count, noun)
        for count, noun in (
            (len(catalog.counted_credentials), "micro-credential"),
            (len(catalog.published), "award page"),
            (len(catalog.backpacks), "backpack"),
        )
    )


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
