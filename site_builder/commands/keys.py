# SPDX-License-Identifier: Apache-2.0
"""`badges keys`: make a signing key, and see the public history of keys."""

from __future__ import annotations

import re
from pathlib import Path

import click

from site_builder.build import load_tree
from site_builder.commands.shared import repository, root_option, show, today
from site_builder.keys import generate
from site_builder.model.catalog_kinds import Key
from site_builder.problems import KeyProblem
from site_builder.sources import read_tree

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@click.group(
    epilog="""\b
Examples:
  badges keys new ~/badges-key-1      a key of your own, outside the repository
  badges keys list                    the keys in catalog/issuer.yml
"""
)
def keys() -> None:
    """Make a key to sign with, and see which keys there have been.

    A private key stays with whoever signs. Only its public half stands in catalog/issuer.yml.
    """


@keys.command(
    epilog="""\b
Examples:
  badges keys new ~/badges-key-1
  badges keys new /media/stick/key-2 --id key-2
"""
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--id", "key_id", default="key-1", show_default=True, help="The key's public name.")
@root_option
def new(file: Path, key_id: str, root: Path) -> int:
    """Write a new private key to FILE, which only you can read, and print its public half.

    FILE must lie outside the repository, where it would be committed some day.
    """
    if not _ID.fullmatch(key_id):
        raise KeyProblem("a key's id has small letters a to z, digits and hyphens, such as key-2")
    if (root / "catalog").is_dir() and file.resolve().is_relative_to(root.resolve()):
        raise KeyProblem(f"'{file}' lies in the repository; keep private keys elsewhere")
    key = generate()
    key.save(file)
    click.echo(f"The private key is in {file}. Whoever has it can sign as you: keep it safe,")
    click.echo("keep a copy, and never put it into the repository.")
    click.echo("\nPut its public half into catalog/issuer.yml:\n")
    click.echo("keys:")
    day = today().isoformat()
    click.echo(
        f"  - {{id: {key_id}, public: {key.public}, from: {day}, until: null, compromised: null}}"
    )
    click.echo(f"\nThen sign: badges build --key file:{file}")
    return 0


@keys.command(
    name="list",
    epilog="""\b
Examples:
  badges keys list
  badges keys list --root ~/my-district
""",
)
@root_option
def list_(root: Path) -> int:
    """Show every key in catalog/issuer.yml, past ones included, with its state."""
    loaded = load_tree(read_tree(repository(root)))
    if loaded.catalog is None:
        show(loaded.problems, "text", notes=False)
        return 1
    history = loaded.catalog.issuer.keys
    if not history:
        click.echo("No keys. Make one with `badges keys new`.")
    for one in history:
        click.echo(f"{one.id}  {one.public}  {_state(one)}")
    return 0


def _state(key: Key) -> str:
    if key.compromised is not None:
        return f"compromised on {key.compromised}: what it signed no longer holds"
    if key.until is not None:
        return f"{key.from_} to {key.until}: what it signed holds, it signs nothing more"
    return f"in use from {key.from_}"
