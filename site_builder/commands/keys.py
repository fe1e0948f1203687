# SPDX-License-Identifier: Apache-2.0
"""`badges keys`: make a signing key, replace it, and see the public history of keys."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from site_builder.commands.shared import checked, repository, root_option, today
from site_builder.edits import edit, line
from site_builder.keys import SigningKey, generate
from site_builder.model.catalog_kinds import Key
from site_builder.problems import KeyProblem, UsageProblem, did_you_mean

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_NUMBERED = re.compile(r"key-([0-9]{1,6})")
_ISSUER = "catalog/issuer.yml"


@click.group(
    epilog="""\b
Examples:
  badges keys new ~/badges-key-1      a key of your own, outside the repository
  badges keys list                    the keys in catalog/issuer.yml
  badges keys rotate ~/badges-key-2   sign with a new key; what the old one signed holds
  badges keys compromised key-1       somebody else may have it: nothing it signed holds
"""
)
def keys() -> None:
    """Make a key to sign with, replace it, and see which keys there have been.

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
    key = _made(file, key_id, root)
    click.echo("\nPut its public half into catalog/issuer.yml:\n")
    click.echo("keys:")
    day = today().isoformat()
    click.echo(
        f"  - {{id: {key_id}, public: {key.public}, from: {day}, until: null, compromised: null}}"
    )
    click.echo(f"\nThen sign: badges build --key file:{file}")
    return 0


@keys.command(
    epilog="""\b
Examples:
  badges keys rotate ~/badges-key-2
  badges keys rotate /media/stick/next --id key-2016
"""
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--id", "key_id", help="The new key's public name.  [default: the next key-N]")
@root_option
def rotate(file: Path, key_id: str | None, root: Path) -> int:
    """Make a new key in FILE and let it follow those in use, in catalog/issuer.yml.

    What the old keys signed holds on: verifiers still find them in did.json.
    """
    where = repository(root)
    history = _history(where)
    if history is None:
        return 1
    chosen = key_id or _next_id([one.id for one in history])
    if chosen in {one.id for one in history}:
        raise KeyProblem(f"there is a key '{chosen}' in catalog/issuer.yml already")
    day = today()
    key = _made(file, chosen, where)

    def change(issuer: dict[str, Any]) -> None:
        entries = issuer.setdefault("keys", [])
        for one in entries:
            if one.get("until") is None and one.get("compromised") is None:
                one["until"] = day
        fields = {"id": chosen, "public": key.public, "from": day}
        entries.append(line(**fields, until=None, compromised=None))

    edit(where / _ISSUER, _ISSUER, change)
    ended = [one.id for one in history if one.is_in_use]
    click.echo(f"\nIn {_ISSUER}: '{chosen}' signs from {day}.")
    for one in ended:
        click.echo(f"'{one}' ended; what it signed holds on. Keep its line there.")
    click.echo(f"\nThen sign everything anew: badges build --key file:{file}")
    return 0


@keys.command(
    epilog="""\b
Examples:
  badges keys compromised key-1
  badges keys compromised key-1 --on 2026-11-20
"""
)
@click.argument("key_id", metavar="ID")
@click.option("--on", "day", metavar="DATE", help="Since when.  [default: today]")
@root_option
def compromised(key_id: str, day: str | None, root: Path) -> int:
    """Mark the key ID as known to somebody else, in catalog/issuer.yml.

    Once that is published nothing it signed holds any more, whenever it was signed: a thief can
    write any date. Sign everything anew with another key, at the same addresses.
    """
    where = repository(root)
    history = _history(where)
    if history is None:
        return 1
    known = {one.id: one for one in history}
    if key_id not in known:
        hint = did_you_mean(key_id, known)
        raise UsageProblem(f"there is no key '{key_id}' in catalog/issuer.yml. {hint}".rstrip())
    try:
        since = today() if day is None else dt.date.fromisoformat(day)
    except ValueError:
        raise UsageProblem(f"'{day}' is no date such as 2026-11-20.") from None

    def change(issuer: dict[str, Any]) -> None:
        for one in issuer["keys"]:
            if one["id"] == key_id:
                one["compromised"] = since

    edit(where / _ISSUER, _ISSUER, change)
    click.echo(f"In {_ISSUER}: '{key_id}' is compromised since {since}.")
    if not any(one.is_in_use for one in history if one.id != key_id):
        click.echo("\nNo other key is in use. Make one: badges keys rotate FILE")
    click.echo("\nThen sign everything anew and publish it, so that nothing of the old key holds:")
    click.echo("  badges build --key URI     or     badges sign SITE --key URI")
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
    history = _history(repository(root))
    if history is None:
        return 1
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


def _history(root: Path) -> tuple[Key, ...] | None:
    """The keys in `issuer.yml`; None when the repository has problems, after showing them."""
    catalog = checked(root)
    return None if catalog is None else catalog.issuer.keys


def _next_id(known: Sequence[str]) -> str:
    """The id after the highest `key-N`."""
    numbers = [int(found[1]) for one in known if (found := _NUMBERED.fullmatch(one))]
    return f"key-{max(numbers, default=0) + 1}"


def _made(file: Path, key_id: str, root: Path) -> SigningKey:
    """A new private key in a file outside the repository."""
    if not _ID.fullmatch(key_id):
        raise KeyProblem("a key's id has small letters a to z, digits and hyphens, such as key-2")
    if (root / "catalog").is_dir() and file.resolve().is_relative_to(root.resolve()):
        raise KeyProblem(f"'{file}' lies in the repository; keep private keys elsewhere")
    key = generate()
    key.save(file)
    click.echo(f"The private key is in {file}. Whoever has it can sign as you: keep it safe,")
    click.echo("keep a copy, and never put it into the repository.")
    return key
