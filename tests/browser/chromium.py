# SPDX-License-Identifier: Apache-2.0
"""The machine's own Chromium; nothing is downloaded."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


def chromium_path() -> str:
    """Where Chromium is: BADGES_CHROMIUM, else `chromium` on the path, else nothing."""
    return os.environ.get("BADGES_CHROMIUM") or shutil.which("chromium") or ""


@contextlib.contextmanager
def started_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
