# SPDX-License-Identifier: Apache-2.0
"""`badges check`: every problem of every file, nothing written."""

from __future__ import annotations

import time
from pathlib import Path

import click

from site_builder.checks import PROFILES
from site_builder.commands.shared import STATE, Told, repository, root_option, show
from site_builder.kept import Kept
from site_builder.problems import Format, has_errors
from site_builder.running import checking
from site_builder.running.repository import read
from site_builder.running.site import local

EXAMPLES = """\b
Examples:
  badges check                           problems of this repository
  badges check --notes                   also what is worth knowing, such as missing translations
  badges check --profile eu-2022         also the EU recommendation's mandatory elements
  badges check --format github           annotations in a pull request
  badges check --format sarif > out.sarif
"""


@click.command(epilog=EXAMPLES)
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="For people, programs, pull requests or code scanning.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice(sorted(PROFILES)),
    help="Look also for what a recommendation or a label asks; may be given twice.",
)
@click.option("--notes", is_flag=True, help="Show notes too.")
@click.option("--no-cache", is_flag=True, help="Check everything anew.")
def check(
    root: Path,
    form: Format,
    *,
    strict: bool,
    profiles: tuple[str, ...],
    notes: bool,
    no_cache: bool,
) -> int:
    """Check every file of catalog/ and awards/.

    Shows all problems at once, each with file, line, column and what to do. Writes nothing but what
    it remembers of files it has checked, in .badges/.
    """
    started = time.perf_counter()
    where = repository(root)
    found = read(where, Kept(None if no_cache else where / STATE / "kept"))
    job = found.job()
    with local(job, len(found.people.shards)) as workers:
        outcome = checking.check(found, job, Told(workers, "Checking"), profiles=profiles)
    show(outcome.problems, form, notes=notes)
    if form == "text":
        click.echo(f"{found.files:,} files checked in {time.perf_counter() - started:.1f} s.")
    failed = has_errors(outcome.problems) or (
        strict and any(one.severity == "warning" for one in outcome.problems)
    )
    return int(failed)
