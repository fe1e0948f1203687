# SPDX-License-Identifier: Apache-2.0
"""What one earner gets by hand: every award signed, private ones included, and all in one file.

Of a published award these are the site's own bytes. A private one gets what it would have there,
at the address it would have; its bit in the published status list covers it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.baking import bake_png
from site_builder.catalog import Catalog
from site_builder.formats import clr, openbadges2
from site_builder.json_text import json_bytes
from site_builder.model import Award, Teacher
from site_builder.problems import Problem, Unsignable
from site_builder.texts import pick, plain

if TYPE_CHECKING:
    from site_builder.build.pictures import Pictures
    from site_builder.signing import Signed, Signer

RECORD = "learner-record.json"
LETTER = "README.txt"
ZIP = "badges.zip"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first day a ZIP file can name


@dataclass(frozen=True)
class Delivery:
    """The files for one teacher.

    Attributes:
        files: (name, bytes), without folders; the last one holds all others.
        awards: those that are in it, oldest first.
        has_record: whether a learner record is among them: some award stands.
        left_out: number of withdrawn awards. Their holder took them back, and their bit is set.
    """

    files: tuple[tuple[str, bytes], ...]
    awards: tuple[Award, ...]
    has_record: bool
    left_out: int


def delivery(
    teacher: Teacher, catalog: Catalog, site: Site, signer: Signer, pictures: Pictures
) -> Delivery:
    """What one teacher gets: signed files, pictures that hold them, a learner record, a ZIP.

    Args:
        teacher: any teacher of the catalog, whoever may see their awards.
        catalog: the checked catalog.
        site: public addresses.
        signer: signs with one of the issuer's keys.
        pictures: the badges, plain.

    Raises:
        Unsignable: an award holds what no signature would cover.
    """
    everything = catalog.awards_by_teacher.get(teacher.id, ())
    awards = tuple(one for one in everything if one.status.state != "withdrawn")
    signed = _signed(awards, catalog, signer)
    files: list[tuple[str, bytes]] = []
    for award in awards:
        files += _of_award(award, signed[award.id].data, catalog, site, pictures)
    held = clr.standing(awards)
    if held:
        shown = catalog.shown_in_backpack(teacher)
        is_published = clr.has_record(teacher, catalog) and clr.standing(shown) == held
        record = signer.record(
            teacher,
            [signed[one.id] for one in held],
            catalog,
            awards=shown if is_published else awards,
            # Another choice of awards than the published one is another record.
            slug=None if is_published else f"{teacher.id}-complete",
        )
        files.append((RECORD, record.data))
    files.append((LETTER, _letter(awards, catalog, site, has_record=bool(held)).encode()))
    files.append((ZIP, _packed(files)))
    return Delivery(tuple(files), awards, bool(held), len(everything) - len(awards))


def _signed(awards: Iterable[Award], catalog: Catalog, signer: Signer) -> dict[str, Signed]:
    """Each award signed, by its id; see `delivery` for errors."""
    made: dict[str, Signed] = {}
    problems: list[Problem] = []
    for award in awards:
        try:
            made[award.id] = signer.award(award, catalog)
        except Unsignable as found:
            problems += found.problems
    if problems:
        raise Unsignable(dict.fromkeys(problems))
    return made


def _of_award(
    award: Award, signed: bytes, catalog: Catalog, site: Site, pictures: Pictures
) -> Iterator[tuple[str, bytes]]:
    """The signed file and the picture of one award; a hosted record only where one is hosted."""
    yield f"{award.id}.json", signed
    hosted = None
    if catalog.issuer.publish.ob2 and catalog.visibility(award) != "private":
        made = openbadges2.assertion(award, catalog, site, is_signed=True)
        yield f"{award.id}.ob2.json", json_bytes(made)
        full = openbadges2.full(award, catalog, site, is_signed=True)
        hosted = json_bytes(full).decode().rstrip()
    _, png = pictures.badge(catalog.versions[award.credential])
    yield f"{award.id}.png", bake_png(png, ob2=hosted, ob3=signed.decode().rstrip())


def _letter(awards: Iterable[Award], catalog: Catalog, site: Site, *, has_record: bool) -> str:
    """What the files are and how anybody can check them; no name in it."""
    language = catalog.issuer.language
    lines = [
        f"Your micro-credentials from {catalog.issuer.name}",
        "",
        "For each award there is a signed file (.json) and a picture of the badge that holds the",
        "same file (.png). Keep both. Whoever you give one to can check it at",
        f"  {site.url(addresses.VERIFY)}",
        "or with `badges verify FILE`. They learn who issued it and for what, whether it still",
        "stands, and your name only if you agreed to have it there.",
        "",
    ]
    for award in awards:
        title = plain(pick(catalog.versions[award.credential].title, language, language).words)
        seen = "not published" if catalog.visibility(award) == "private" else "published"
        state = "" if award.status.state == "active" else f", {award.status.state}"
        lines.append(f"{award.id}  {title}, {award.issued}{state} ({seen})")
    if has_record:
        lines += ["", f"{RECORD} holds all of them that stand, in one signed file."]
    lines += [
        "",
        "An award that is not published has no page, by your choice: its address finds nothing.",
        "The file is genuine all the same.",
    ]
    return "\n".join(lines) + "\n"


def _packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP file with the same bytes on every computer: no dates, no compression."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system = 3  # Unix, wherever it was made
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
    return packed.getvalue()
