# SPDX-License-Identifier: Apache-2.0
"""Both of our verifiers, asked about the same files: in Node the browser's, and the Python one."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import verify
from tests.support import ROOT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from tests.mutations import Case, Web

Json = dict[str, Any]
BUILDER = ROOT / "site_builder"
BUNDLE = BUILDER / "assets/verify.js"
RUNNER = ROOT / "tests/verifier_node/run.mjs"
NOTHING = "there is nothing at that address"


def node() -> str:
    """Node.js; skips the test, or fails it, where there is none."""
    found = shutil.which("node")
    if found is None:
        missing("no Node.js, which runs the browser's verifier.")
    return found


def missing(reason: str) -> None:
    if "verifiers" in os.environ.get("BADGES_REQUIRE", ""):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def in_browser(
    cases: Sequence[Case], web: Web, now: dt.datetime, **more: Any
) -> Iterator[list[list[Json]]]:
    """A list that holds the reports of the browser's verifier once the block has ended.

    Args:
        cases: what to check.
        web: what the web holds.
        now: the moment that counts as now.
        more: other things run.mjs may be told.
    """
    asked = more | {
        "now": now.isoformat(),
        "web": _packed(web),
        "cases": [
            {
                "data": base64_of(one.data),
                "web": _packed(one.web) or None,
                "from": one.read_from,
                "recipient": one.asked,
            }
            for one in cases
        ],
    }
    reports: list[list[Json]] = []
    with TemporaryFile("w+") as given, TemporaryFile("w+") as said:
        json.dump(asked, given)
        given.seek(0)
        command = [node(), RUNNER, BUNDLE, BUILDER]
        with subprocess.Popen(command, stdin=given, stdout=said) as at_work:
            yield reports
        assert at_work.returncode == 0
        said.seek(0)
        reports.append(json.load(said)["verdicts"])


def _packed(held: Web) -> dict[str, str | None]:
    return {url: None if data is None else base64_of(data) for url, data in held.items()}


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def side_by_side(
    cases: Sequence[Case], web: Web, now: dt.datetime
) -> tuple[list[Json], list[Json]]:
    """Reports of the Python verifier and of the browser's, which works in a process of its own."""
    with in_browser(cases, web, now) as said:
        reports = on_command_line(cases, web, now)
    return reports, said[0]


def on_command_line(cases: Sequence[Case], web: Web, now: dt.datetime) -> list[Json]:
    """Reports of the Python verifier."""
    shared = verify.Memory()

    def judged(case: Case) -> Json:
        def fetch(url: str) -> bytes:
            found = case.web.get(url, web.get(url)) if url in case.web else web.get(url)
            if found is None:
                raise verify.Unreachable(NOTHING)
            return found

        report = verify.verify(
            case.data,
            now=now,
            fetch=fetch,
            read_from=case.read_from,
            recipient=case.asked,
            memory=verify.Memory() if case.web else shared,
        )
        return report.as_json()

    return [judged(one) for one in cases]
