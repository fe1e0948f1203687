# SPDX-License-Identifier: Apache-2.0
"""`badges sign`: adds the signed files to a site that was built without a key."""

from __future__ import annotations

import os
import shutil
import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.build.lists import Held, Lists
from site_builder.build.once import Once
from site_builder.build.people import People
from site_builder.build.setting import Artifact, Setting
from site_builder.cache import Cache
from site_builder.commands.shared import (
    STATE,
    checked,
    counted,
    repository,
    root_option,
    signer_of,
    written_all,
)
from site_builder.directory import holders
from site_builder.kept import Kept
from site_builder.keys import PREVIEW_KEY
from site_builder.pages.labels import plural
from site_builder.problems import UsageProblem
from site_builder.publish import check_writable, staging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from site_builder.publish import Staging


@click.command(
    epilog="""\b
Examples:
  badges sign site --key env:BADGES_KEY     after `badges build --unsigned`, in a job of its own
  badges sign site --key file:KEY-2         again, with another key: same addresses
"""
)
@click.argument("site_dir", metavar="SITE", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--key",
    metavar="URI",
    required=True,
    help="Sign with this key: file:PATH or env:NAME.",
)
@root_option
def sign(site_dir: Path, key: str, root: Path) -> int:
    """Add the signed files to SITE, which `badges build` wrote from the same repository.

    Every credential is made anew from catalog/ and awards/; nothing that stands in SITE is signed,
    no page is changed, and no theme, plugin or hook runs beside the key. Signing again replaces the
    signed files at the same addresses. The old site stays whole until the new one is.
    """
    started = time.perf_counter()
    where = repository(root)
    state = where / STATE
    if not site_dir.is_dir():
        raise UsageProblem(f"there is no site in {site_dir}. Write it with `badges build`.")
    check_writable(site_dir, state=state)
    catalog = checked(where, "Nothing was signed.")
    if catalog is None:
        return 1
    site = Site(catalog.issuer.base_url)
    signer = signer_of(key, catalog, site)
    setting = Setting(catalog, site, Cache(Kept(state / "kept")), signer=signer)
    once, people = Once(setting), People(setting, catalog)
    rows = people.rows() | {"holders": [one.packed() for one in holders(catalog)]}
    lists = Lists(setting, Held(rows))
    _refuse_other_site(site_dir, people, chain(once.hosted(), once.machines(), lists.unsigned()))
    with staging(site_dir, state=state) as stage:
        _keep(Path(os.path.realpath(site_dir)), stage)
        made = chain(once.identity(), people.signed(), lists.status())
        if not written_all(stage, counted(made, "Signing", 2 * len(catalog.published) + 100)):
            return 1
        stage.publish()
    awards = plural(len(catalog.published), "published award")
    seconds = time.perf_counter() - started
    click.echo(f"Signed {awards} with the key '{signer.key_id}' in {seconds:.1f} s.")
    return 0


def _refuse_other_site(site_dir: Path, people: People, others: Iterable[Artifact]) -> None:
    """Nothing, when SITE was built from these files, as far as its unsigned files show."""
    advice = f"Build it anew: badges build --unsigned --site {site_dir}"
    identity = site_dir / addresses.DID
    if identity.is_file() and PREVIEW_KEY in identity.read_text("utf-8", "replace"):
        raise UsageProblem(f"{site_dir} is a preview, and its pages say so. {advice}")
    pages = {addresses.award_page(award.id) for award in people.catalog.published}
    found = {path.relative_to(site_dir).as_posix() for path in (site_dir / "awards").glob("*.html")}
    for path in sorted(pages ^ found):
        why = "is missing there" if path in pages else "is there and should not be"
        raise UsageProblem(f"{site_dir} was built from other files: {path} {why}. {advice}")
    for path, data in chain(people.records(), others):
        place = site_dir / path
        if not path.endswith((".png", ".svg")) and (
            not place.is_file() or place.read_bytes() != data
        ):
            raise UsageProblem(f"{site_dir} was built from other files: {path} differs. {advice}")


def _keep(old: Path, stage: Staging) -> None:
    """Everything of the old site but its signed files, without copying where links are possible."""
    for path in _files(old):
        if addresses.is_signed_file(path.relative_to(old).as_posix()):
            continue
        place = stage.folder / path.relative_to(old)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, place)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, place)


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
