# SPDX-License-Identifier: Apache-2.0
"""`badges build` and `badges serve`: the whole site, published at once or looked at."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder import engine
from site_builder.addresses import Site
from site_builder.build import artifacts, load_tree
from site_builder.cache import Cache
from site_builder.commands.shared import counted, repository, root_option, show
from site_builder.pages.labels import plural
from site_builder.problems import UsageProblem
from site_builder.publish import check_writable, staging
from site_builder.sources import read_tree

if TYPE_CHECKING:
    from site_builder.catalog import Catalog
    from site_builder.signing import Signer

STATE = ".badges"  # caches and the manifest; git-ignored, may be deleted at any time


@click.command(
    epilog="""\b
Examples:
  badges build                     into site/, ready for any static host
  badges build --site /var/www/badges
  badges build --strict            warnings stop the build, as in CI
  badges build --key env:BADGES_KEY    sign every published award
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
    help="Sign with this key: file:PATH or env:NAME. Left out: the site carries no signatures.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--no-cache", is_flag=True, help="Draw everything anew.")
def build(
    root: Path, site_dir: Path | None, key: str | None, *, strict: bool, no_cache: bool
) -> int:
    """Check the repository and write the whole site.

    Nothing is written when the check finds an error.
    """
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
    signer = _signer(key, catalog, site) if key is not None else None
    with staging(target, state=state) as stage:
        written = engine.build_pages(where, stage.folder, catalog, strict=strict)
        if written is None:
            click.echo("Nothing was published.", err=True)
            return 1
        total = (2 if signer is None else 3) * (len(catalog.published) + len(catalog.backpacks))
        made = artifacts(catalog, site, cache, written=written, signer=signer)
        for path, data in counted(made, "Writing", total + 200):
            stage.write(path, data)
        stage.publish()
    click.echo(f"Built {_sizes(catalog)} in {time.perf_counter() - started:.1f} s.")
    if signer is not None:
        click.echo(f"Signed with the key '{signer.key_id}'.")
    click.echo(f"The site is in {target}. Look at it with `badges serve`.")
    return 0


def _signer(uri: str, catalog: Catalog, site: Site) -> Signer:
    """What signs with the key at an address, after which nothing else can read the key there.

    MkDocs runs later in this process, and a line such as `site_name: !ENV BADGES_KEY` in
    mkdocs.yml would publish the variable.
    """
    from site_builder.keys import open_key  # noqa: PLC0415 - unsigned builds load no cryptography
    from site_builder.signing import Signer  # noqa: PLC0415

    signer = Signer(open_key(uri), catalog.issuer, site)
    kind, _, name = uri.partition(":")
    if kind == "env":
        os.environ.pop(name, None)
    return signer


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
    engine.serve(where, host, chosen)
    return 0
