# SPDX-License-Identifier: Apache-2.0
"""Every link, anchor and file named on any page of the site is there; no browser is needed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from tests.browser.hosting import served
from tests.support import badges_process, copy_demo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Visits

HOME = "https://badges.example.org/"
UNDER = "https://badges.example.org/sub/"
_NAMING = {"href", "src", "data-record", "data-list", "data-src", "data-signed", "data-ob2", "data-ob3",
           "data-plain", "poster"}  # fmt: skip
CHECKING = "verify/"  # what stands after # there names what to check
_MOVED = re.compile(r"url=(\S+)")


@dataclass
class Named(HTMLParser):
    """Addresses a page names and the anchors it has."""

    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in _NAMING:
                self.links.append(value)
        if given.get("http-equiv") == "refresh":
            self.links += _MOVED.findall(given.get("content") or "")


def broken(site: Path, home: str) -> list[str]:
    """One line for each link of a page that leads to nothing on this site."""

    @cache
    def named(file: Path) -> Named:
        page = Named()
        page.feed(file.read_text("utf-8"))
        return page

    @cache
    def fault(url: str) -> str:
        """Why a whole address leads to nothing; empty when it leads to something."""
        bare, anchor = urldefrag(url)
        path = unquote(urlsplit(bare).path).removeprefix(urlsplit(home).path)
        file = site / path / "index.html" if path.endswith("/") or not path else site / path
        if not file.is_file():
            return "no such file"
        if anchor and path == CHECKING and anchor not in named(file).anchors:
            return fault(anchor if "://" in anchor else f"{home}awards/{anchor}.html")
        if anchor and file.suffix == ".html" and unquote(anchor) not in named(file).anchors:
            return "no such anchor"
        return ""

    faults = []
    host = home.split("/", 3)[2]
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        here = urljoin(home, path.removesuffix("index.html"))
        for link in sorted(set(named(file).links)):
            url = urljoin(here, link)
            if urlsplit(url).hostname != host:
                continue
            why = "outside the site" if not url.startswith(home) else fault(url)
            if why:
                faults.append(f"{path}: {link}: {why}")
    return faults


def test_every_link_and_anchor_leads_somewhere(demo_site: Path):
    assert broken(demo_site, HOME) == []


def test_a_missing_file_and_a_missing_anchor_are_seen(tmp_path: Path):
    (tmp_path / "index.html").write_text(
        '<a href="gone.html"></a><a href="#here" id="here"></a><a href="#gone"></a>'
    )
    assert broken(tmp_path, HOME) == [
        "index.html: #gone: no such anchor",
        "index.html: gone.html: no such file",
    ]


@pytest.fixture(scope="module")
def site_under_a_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo of an issuer whose site stands in a folder of its host."""
    folder = tmp_path_factory.mktemp("under")
    repository = copy_demo(folder / "repository")
    issuer = repository / "catalog" / "issuer.yml"
    text = issuer.read_text("utf-8")
    changed = re.sub(r"(?m)^base_url:.*$", f"base_url: {UNDER.rstrip('/')}", text)
    assert changed != text
    issuer.write_text(changed, "utf-8")
    ran = badges_process("build", "--root", repository, "--site", folder / "site", "--no-cache")
    assert ran.code == 0, ran.out + ran.err
    return folder / "site"


def test_every_link_of_a_site_under_a_path_stays_below_it(site_under_a_path: Path):
    assert broken(site_under_a_path, UNDER) == []


@pytest.mark.browser
def test_site_under_a_path_works_from_a_static_host(
    visits: Visits, site_under_a_path: Path, paths: dict[str, str]
):
    with served(site_under_a_path, "/sub/") as home:
        visit = visits(site=None, home=home, missing=frozenset({paths["404"]}))
        for kind in ("home", "credential", "award", "backpack", "404"):
            page = visit.open(paths[kind])
            assert page.get_by_role("heading", level=1).count() == 1
        assert visit.page.get_by_role("link", name="Go to the first page").is_visible()
        visit.page.get_by_role("link", name="Go to the first page").click()
        assert visit.path == ""
        visit.open(paths["award"])
        words = visit.page.locator("#standing").get_by_role("heading").inner_text()
        assert words == "Preview on this computer"


@pytest.mark.browser
def test_award_of_a_site_under_a_path_stands_at_its_own_address(
    visits: Visits, site_under_a_path: Path, paths: dict[str, str]
):
    page = visits(site=site_under_a_path, home=UNDER).open(paths["award"])
    words = page.locator("#standing").get_by_role("heading").inner_text()
    assert words == "The record at this address stands"
