# SPDX-License-Identifier: Apache-2.0
"""Pages of the list of people, stamped, for sites with too many for one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.directory import Roll, Rows, sheet_people
from site_builder.pages.environment import environment, tongues
from site_builder.pages.footer import footer

_ICONS = ("list", "notice", "sun")


def people_pages(
    rows: Rows,
    known: Roll,
    catalog: Catalog,
    site: Site,
    *,
    sources: Collection[str] = (),
    is_preview: bool = False,
    is_trial: bool = False,
    part: int = 0,
    of: int = 1,
) -> Iterator[tuple[str, bytes]]:
    """Pages of the list of people as (path, bytes), or one part of them; none where they are few.

    Args:
        rows: gives the rows of the public backpacks anew at each call, in any order.
        known: what `directory.roll` gave for them.
        catalog: gives the frame of the pages; its people are not looked at.
        sources, is_preview, is_trial: as for the other stamped pages.
        part: which part, from 0, of how many.
    """
    if not known.sheets:
        return
    shared = {
        "catalog": catalog,
        "issuer": catalog.issuer,
        "site": site,
        **tongues(catalog),
        "is_preview": is_preview,
        "is_trial": is_trial,
        "assets": addresses.STYLE.removesuffix("look.css"),
        "guide": addresses.GUIDE if "guide/index.md" in sources else "",
        "footer": footer(catalog, sources).footer,
    }
    template = environment().get_template("stamped/people.html")
    shell = _shell(shared | {"origin": known.sheets[0].path})  # all lie in one folder
    for place, people in sheet_people(rows, known, part=part, of=of):
        sheet = known.sheets[place]
        page = template.render(
            shared,
            origin=sheet.path,
            shell=shell,
            url=site.url(sheet.path),
            sheet=sheet,
            people=people,
            near=known.near(sheet),
            before=known.sheets[place - 1] if place else None,
            after=known.sheets[place + 1] if place + 1 < len(known.sheets) else None,
        )
        yield sheet.path, page.encode()


def _shell(values: dict[str, Any]) -> dict[str, Any]:
    macros: Any = environment().get_template("stamped/shell.html").make_module(values)
    return {"head": macros.head("'self'"), "bar": macros.bar(_ICONS), "foot": macros.foot()}
