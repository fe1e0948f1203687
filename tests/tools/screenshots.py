# SPDX-License-Identifier: Apache-2.0
"""Pictures of the demo's main pages for the README: python -m tests.tools.screenshots [FOLDER].

Builds the demo into a temporary folder and opens it in Chromium at the issuer's own address, which
is answered from that folder; nothing leaves the machine. Each page is taken twice: as a laptop
shows it by day and as a phone shows it by night.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from site_builder.build import load
from tests.browser.chromium import started_chromium
from tests.browser.kinds import paths_of
from tests.browser.visits import new_visit
from tests.support import ROOT, badges_process, copy_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

IMAGES = ROOT / "docs" / "images"
PAGES = {
    "home": "home",
    "micro-credential": "credential",
    "pathway": "pathway",
    "award": "active award",
    "verdict": "active award",  # the same, after its signature was checked
    "backpack": "backpack",
    "insights": "insights",
}
NOON = "2026-11-22T12:00:00Z"
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "has_touch": True,
}


def built_demo(folder: Path) -> tuple[Path, dict[str, str]]:
    """The demo's site, and the path of one page of each kind.

    Raises:
        SystemExit: the demo does not build; says why.
    """
    repository, key = copy_demo(folder / "repository"), folder / "key"
    for words in (
        ("keys", "rotate", key),
        ("build", "--key", f"file:{key}", "--site", folder / "site", "--no-cache"),
    ):
        ran = badges_process(*words, "--root", repository)
        if ran.code:
            raise SystemExit(ran.out + ran.err)
    catalog, _ = load(repository)
    if catalog is None:
        raise SystemExit("the demo has problems")
    return folder / "site", paths_of(catalog)


def pictures(browser: Browser, site: Path, paths: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """File name and PNG of each page on each device."""
    for device, options in (("", LAPTOP), ("-phone-dark", PHONE)):
        visit = new_visit(browser, site, **options)
        visit.page.clock.set_fixed_time(
            NOON
        )  # so that the pictures do not tell when they were made
        for name, kind in PAGES.items():
            visit.open(paths[kind])
            if name == "verdict":
                visit.page.get_by_role("button", name="Check the signature").click()
                visit.page.get_by_role("heading", name="Valid").wait_for()
            yield f"{name}{device}.png", smaller(visit.page.screenshot())
        if visit.faults:
            raise SystemExit("\n".join(visit.faults))
        visit.page.context.close()


def smaller(png: bytes) -> bytes:
    """The same picture in 256 colours, enough for flat pages, without a trace of when or where it was made."""
    flat = Image.open(io.BytesIO(png)).convert("RGB")
    few = flat.quantize(256, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main(folder: Path = IMAGES) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    with tempfile.TemporaryDirectory() as made:
        site, paths = built_demo(Path(made))
        with started_chromium() as browser:
            for name, png in pictures(browser, site, paths):
                (folder / name).write_bytes(png)
                total += len(png)
                print(f"{folder / name}  {len(png) / 1000:.0f} kB")
    print(f"{total / 1e6:.2f} MB in all")


if __name__ == "__main__":
    main(*(Path(one) for one in sys.argv[1:2]))
