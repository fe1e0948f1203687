# SPDX-License-Identifier: Apache-2.0
"""One browser window on the site, and every fault seen while it was open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from tests.browser.hosting import route_to

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Response

HOME = "https://badges.example.org/"


@dataclass
class Visit:
    """A window at the site's own address.

    Attributes:
        page: what the window shows.
        home: the site's address, with a slash at the end.
        faults: foreign requests, answers other than the file, console and page errors, dialogs.
        missing: paths that are asked for and are not there on purpose.
    """

    page: Page
    home: str
    missing: frozenset[str]
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """The page at a path of the site, loaded; an award's after its record was judged."""
        self.page.goto(self.home + path)
        self.page.locator("main:not(:has(.s-pending[data-check]))").wait_for()
        return self.page

    def shade(self, scheme: Literal["light", "dark"]) -> Page:
        """The page after the visitor's system has gone over to a scheme, and it with it."""
        self.page.emulate_media(color_scheme=scheme)
        for _ in range(50):
            if is_dark(self.page) is (scheme == "dark"):
                return self.page
            self.page.wait_for_timeout(20)
        message = f"{self.path} does not turn {scheme} with the system"
        raise AssertionError(message)

    @property
    def path(self) -> str:
        """Where the window is now."""
        return self.page.url.removeprefix(self.home)

    def asked(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:" + self.home.rstrip("/"))):
            self.faults.append(f"asked {url}")

    def answered(self, response: Response) -> None:
        path = response.url.removeprefix(self.home)
        if response.status >= 400 and path not in self.missing:
            self.faults.append(f"{response.status} {response.url}")

    def said(self, line: ConsoleMessage) -> None:
        where = line.location.get("url", "").removeprefix(self.home)
        if line.type == "error" and where not in self.missing:
            self.faults.append(f"console: {line.text} ({where})")

    def interrupted(self, box: Dialog) -> None:
        self.faults.append(f"dialog: {box.message}")
        box.dismiss()


def new_visit(
    browser: Browser,
    site: Path | None,
    home: str = HOME,
    *,
    changed: Mapping[str, bytes | None] | None = None,
    missing: frozenset[str] = frozenset(),
    **options: Any,
) -> Visit:
    """A fresh window, with nothing stored.

    Args:
        browser: the running browser.
        site: folder to answer from; None when a server at `home` answers.
        home: the site's address, with a slash at the end.
        changed: files by path that are given out otherwise, None where there is none.
        missing: further paths that are not there on purpose.
        **options: of Playwright's `new_context`, as `viewport` and `color_scheme`.
    """
    context = browser.new_context(**{"reduced_motion": "reduce"} | options)
    context.set_default_timeout(15_000)
    others = changed or {}
    if site is not None:
        route_to(context, home, site, others)
    gone = missing | {path for path, body in others.items() if body is None}
    visit = Visit(context.new_page(), home, frozenset(gone))
    context.on("request", lambda request: visit.asked(request.url))
    context.on("response", visit.answered)
    context.on("console", visit.said)
    context.on("weberror", lambda fault: visit.faults.append(f"page: {fault.error}"))
    context.on("dialog", visit.interrupted)
    return visit


def colour_and_word(panel: Locator) -> tuple[str, str]:
    """What a panel with a verdict shows at first sight."""
    colour = (panel.get_attribute("class") or "").removeprefix("verdict s-")
    return colour, panel.locator(".band h2").inner_text()


def read(page: Page, script: str, given: object = None) -> Any:
    """What a script in the page returns."""
    return cast("Any", page.evaluate(script, given))


def is_dark(page: Page) -> bool:
    """Whether the ground of the page is nearer to black than to white."""
    color = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    return bool(sum(read(page, color)[:3]) < 3 * 128)
