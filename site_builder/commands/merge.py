# SPDX-License-Identifier: Apache-2.0
"""`badges merge`: the site from the parts that the jobs of a CI matrix made."""

from __future__ import annotations

import time
from pathlib import Path

import click

from site_builder.commands.build import progress, say, wished
from site_builder.commands.shared import root_option, site_option
from site_builder.publish import check_writable
from site_builder.running.matrix import merging
from site_builder.running.site import local, site_of


@click.command(
    epilog="""\b
Examples:
  badges merge part-1 part-2 --key env:KEY     after `badges build --shard 1/2` and `2/2` elsewhere
  badges merge parts/* --unsigned              a shell lists the folders
"""
)
@click.argument(
    "parts",
    metavar="PART...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
)
@root_option
@site_option
@click.option("--key", metavar="URI", help="The key the parts were signed with.")
@click.option("--unsigned", is_flag=True, help="The parts are not signed.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def merge(
    parts: tuple[Path, ...],
    root: Path,
    site_dir: Path | None,
    key: str | None,
    *,
    unsigned: bool,
    strict: bool,
) -> int:
    """Make one site of the PARTs that `badges build --shard` left, in jobs of their own.

    Needs the same commit as they were made from. Checks what shows only over all people, makes the
    catalog's pages, the lists and what is signed over all, and publishes. A part of another commit,
    with another key or by another version is refused, and so is a missing one.
    """
    started = time.perf_counter()
    wish = wished(root, site_dir, key, unsigned=unsigned, strict=strict, keeps=True)
    check_writable(wish.site, state=wish.state)
    return say(site_of(wish, merging(parts, local), progress), wish, started)
