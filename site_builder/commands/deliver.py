# SPDX-License-Identifier: Apache-2.0
"""`badges deliver`: hands one earner the signed files of their awards, private ones included."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.addresses import Site
from site_builder.build.pictures import Pictures
from site_builder.cache import Cache
from site_builder.commands.shared import STATE, checked, repository, root_option, show, signer_of
from site_builder.delivery import ZIP, delivery
from site_builder.kept import Kept
from site_builder.pages.labels import plural
from site_builder.problems import EnvironmentProblem, Unsignable, UsageProblem, did_you_mean
from site_builder.publish import MARKER_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from site_builder.catalog import Catalog
    from site_builder.model import Teacher


@click.command(
    epilog="""\b
Examples:
  badges deliver 9c3d5f7g1h2j4k6m8n0p2q4r6s --key file:KEY
  badges deliver ada-okafor --key env:BADGES_KEY --to /media/stick/for-ada
"""
)
@click.argument("teacher")
@click.option(
    "--key", metavar="URI", required=True, help="Sign with this key: file:PATH or env:NAME."
)
@click.option(
    "--to",
    "folder",
    default=None,
    show_default="delivered/TEACHER's id, beside the repository",
    type=click.Path(path_type=Path, file_okay=False),
    help="A new or empty folder, outside the repository and outside any site.",
)
@root_option
def deliver(teacher: str, key: str, folder: Path | None, root: Path) -> int:
    """Write everything TEACHER has earned into a folder only you can read.

    TEACHER is the id or the handle of a teacher, whether they publish their awards or not. There is
    a signed file and a picture for each award, a learner record, and one ZIP file of it all. Give
    them to their holder and to nobody else.
    """
    where = repository(root)
    catalog = checked(where, "Nothing was written.")
    if catalog is None:
        return 1
    person = _found(teacher, catalog)
    target = Path(os.path.realpath(folder or where.parent / "delivered" / person.id))
    _refuse_exposed(target, where)
    site = Site(catalog.issuer.base_url)
    signer = signer_of(key, catalog, site)
    pictures = Pictures(catalog, Cache(Kept(where / STATE / "kept")))
    try:
        made = delivery(person, catalog, site, signer, pictures)
    except Unsignable as found:
        show(found.problems, "text", notes=False)
        click.echo("Nothing was written.")
        return 1
    if not made.awards:
        said = "no award to deliver" + (", only withdrawn ones" if made.left_out else "")
        raise UsageProblem(f"{person.id} has {said}.")
    _write(target, made.files)
    awards = plural(len(made.awards), "award")
    record = " and a learner record" if made.has_record else ""
    click.echo(f"Wrote {awards}{record}, signed with the key '{signer.key_id}', to {target}.")
    if made.left_out:
        click.echo(f"Left out: {plural(made.left_out, 'withdrawn award')}.")
    click.echo(f"All of it is in {ZIP} too. It is for {person.id} and for nobody else.")
    return 0


def _found(word: str, catalog: Catalog) -> Teacher:
    """The teacher with this id or handle; handles are names as a rule and are never printed."""
    if word in catalog.teachers:
        return catalog.teachers[word]
    wanted = unicodedata.normalize("NFKC", word).casefold()
    for one in catalog.teachers.values():
        if one.handle and unicodedata.normalize("NFKC", one.handle).casefold() == wanted:
            return one
    hint = did_you_mean(word, catalog.teachers)
    hint = hint or "An id is the name of a file in awards/teachers/, without .yml."
    raise UsageProblem(f"no teacher has this id or handle. {hint}")


def _refuse_exposed(target: Path, where: Path) -> None:
    """Nothing, when files in `target` are neither committed nor published nor mixed with others."""
    advice = "Name another folder with --to."
    parents = (target, *target.parents)
    if where in parents or any((one / ".git").exists() for one in parents):
        raise UsageProblem(
            f"{target} lies in a repository, where private awards would be committed. {advice}"
        )
    if any((one / MARKER_PATH).exists() for one in parents):
        raise UsageProblem(
            f"{target} lies in a site, where private awards would be published. {advice}"
        )
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageProblem(f"{target} is not an empty folder; nothing there is replaced. {advice}")


def _write(target: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """New files that only their owner can read, in a folder of the same kind."""
    try:
        for one in reversed((target, *target.parents)):
            if not one.exists():
                one.mkdir(mode=0o700)
        target.chmod(0o700)
        for name, data in files:
            handle = os.open(target / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
    except OSError as error:
        raise EnvironmentProblem(f"cannot write to {target}: {error.strerror}.") from None
