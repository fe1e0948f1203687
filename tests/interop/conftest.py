# SPDX-License-Identifier: Apache-2.0
"""Signed sites, written once for every witness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from site_builder.addresses import Site
from tests.interop.signed_demo import publish, publish_demo

pytest.register_assert_rewrite("tests.interop.questions")

if TYPE_CHECKING:
    from pathlib import Path

    from tests.interop.signed_demo import SignedSite
    from tests.interop.witnesses import Said, Witness


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


@pytest.fixture(scope="module")
def witness(request: pytest.FixtureRequest) -> Witness:
    """The verifier that a test file is about."""
    found: Witness = request.module.WITNESS
    return found


@pytest.fixture(scope="module")
def demo(witness: Witness, request: pytest.FixtureRequest) -> SignedSite:
    """The signed demo, written only where the verifier is there to judge it."""
    witness.look()
    return request.getfixturevalue("signed_demo")


@pytest.fixture(scope="module")
def said(witness: Witness, demo: SignedSite) -> Said:
    """The verdicts on each group of cases of the demo."""
    return witness.in_groups(demo)
