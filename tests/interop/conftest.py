# SPDX-License-Identifier: Apache-2.0
"""Signed sites, written once for every witness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from site_builder.addresses import Site
from tests.interop.signed_demo import publish, publish_demo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.interop.signed_demo import SignedSite


@pytest.fixture(scope="session")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawings")


@pytest.fixture(scope="session")
def signed_demo(drawings: Path, tmp_path_factory: pytest.TempPathFactory) -> SignedSite:
    """The demo, signed. Look for a missing verifier first, to spare the work."""
    return publish_demo(tmp_path_factory.mktemp("signed"), drawings)


@pytest.fixture(scope="session")
def signed_below_a_path(
    signed_demo: SignedSite, drawings: Path, tmp_path_factory: pytest.TempPathFactory
) -> SignedSite:
    """The same, at a base URL that has a path."""
    site = Site("https://district.example.org/our/badges")
    return publish(signed_demo.catalog, site, tmp_path_factory.mktemp("below"), drawings)
