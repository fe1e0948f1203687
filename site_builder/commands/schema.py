# SPDX-License-Identifier: Apache-2.0
"""`badges schema`: JSON Schemas for editors and other programs."""

from __future__ import annotations

from pathlib import Path

import click

from site_builder.json_schemas import schema_text
from site_builder.model import KINDS
from site_builder.problems import EnvironmentProblem


@click.command(
    epilog="""\b
Examples:
  badges schema award              print one schema
  badges schema --write schemas/   write all eight into a folder
"""
)
@click.argument("kind", required=False, metavar="[KIND]", type=click.Choice(list(KINDS)))
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write all schemas into this folder.",
)
def schema(kind: str | None, folder: Path | None) -> int:
    """Print or write the JSON Schema of a kind of record."""
    if (kind is None) == (folder is None):
        raise click.UsageError(f"Name one kind ({', '.join(KINDS)}) or a folder with --write.")
    if kind is not None:
        click.echo(schema_text(kind), nl=False)
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in KINDS:
                (folder / f"{name}.json").write_text(schema_text(name), "utf-8")
        except OSError as error:
            raise EnvironmentProblem(
                f"{error.filename} cannot be written: {error.strerror}."
            ) from None
        click.echo(f"{len(KINDS)} schemas written to {folder}.")
    return 0
