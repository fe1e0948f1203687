# SPDX-License-Identifier: Apache-2.0
"""Fixtures of several test files: the demo built once, a small repository, no foreign network."""

from __future__ import annotations

import contextlib
import functools
import http.server
import ipaddress
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.build import load
from tests.support import badges_process, copy_demo, small_repository, write
from tests.verified import GOOD, signed_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from site_builder.catalog import Catalog
    from tests.signed import Json
    from tests.verified import Hosted

os.environ["NO_MKDOCS_2_WARNING"] = "1"


def _stay_here(event: str, details: tuple[Any, ...]) -> None:
    """Refuses a connection off this machine: no test may need, or tell, anybody else."""
    if event != "socket.connect":
        return
    address = details[1]
    if not isinstance(address, tuple) or address[0] == "localhost":
        return  # a Unix socket has a path for an address
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(address[0]).is_loopback:
            return
    message = f"a test tried to reach {address[0]}"
    raise AssertionError(message)


sys.addaudithook(_stay_here)


@dataclass(frozen=True)
class Demo:
    """The demo, built once for all tests that only look.

    Attributes:
        repository: a copy of its inputs. Do not change it; `copy_demo` gives one of your own.
        site: the site `badges build` made from it.
        catalog: the checked catalog.
    """

    repository: Path
    site: Path
    catalog: Catalog


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    repository = copy_demo(folder / "repository")
    ran = badges_process("build", "--root", repository, "--site", folder / "site", "--no-cache")
    assert ran.code == 0, ran.out + ran.err
    catalog, _ = load(repository)
    assert catalog is not None
    return Demo(repository, folder / "site", catalog)


@pytest.fixture(scope="session")
def demo_site(demo: Demo) -> Path:
    return demo.site


@pytest.fixture(scope="session")
def demo_catalog(demo: Demo) -> Catalog:
    return demo.catalog


@pytest.fixture(scope="session")
def demo_url(demo: Demo) -> Iterator[str]:
    """Address of the built demo on this machine, without a slash at the end."""
    handler = functools.partial(_Quiet, directory=str(demo.site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A repository of one credential, three teachers and three awards; see support.py."""
    return write(tmp_path / "small", small_repository())


# For the tests of the verifier. Some other files have a `site` of their own kind.


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Hosted:
    """The files of a small signed site, as its host would give them; see verified.py."""
    return signed_site(tmp_path_factory.mktemp("site") / "repository")


@pytest.fixture(scope="module")
def good(site: Hosted) -> Json:
    """An award of that site which stands."""
    return site.json(GOOD)
