# SPDX-License-Identifier: Apache-2.0
"""Profiles on request: what the EU recommendation and a label ask beyond our own check."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.build import load_tree
from site_builder.problems import render
from site_builder.sources import read_tree
from tests.support import ROOT, badges

CREDENTIAL = "catalog/credentials/team-norms.yml"


def told(root: Path, *profiles: str) -> list[str]:
    """Codes and messages of the profiles' problems."""
    text = render(load_tree(read_tree(root), profiles).problems, "text", tool_version="0")
    return [line for line in text.splitlines() if " LP0" in line]


def without(root: Path, path: str, *keys: str) -> None:
    """Takes keys of the top level, with what stands below them, out of a file."""
    kept, is_out = [], False
    for line in (root / path).read_text("utf-8").splitlines():
        if not line.startswith((" ", "-")):
            is_out = line.startswith(keys)
        if not is_out:
            kept.append(line)
    (root / path).write_text("\n".join(kept) + "\n", "utf-8")


@pytest.mark.parametrize("profile", ["eu-2022", "digital-promise"])
def test_the_demo_meets_every_profile(profile: str):
    assert told(ROOT, profile) == []


def test_a_profile_nobody_asked_for_says_nothing(small: Path):
    assert told(small) == []


def test_each_missing_element_of_the_eu_recommendation_is_named(small: Path):
    without(small, "catalog/issuer.yml", "quality")
    without(small, CREDENTIAL, "participation", "assessment")
    asks = "warning: LP001 the profile eu-2022 asks for"
    assert told(small, "eu-2022") == [
        f"{CREDENTIAL}:1:1: {asks} the form of participation, which is missing.",
        f"{CREDENTIAL}:1:1: {asks} the type of assessment, which is missing.",
        f"catalog/issuer.yml:1:1: {asks} the type of quality assurance, which is missing.",
    ]


def test_a_micro_credential_without_a_researched_method_is_named(small: Path):
    without(small, CREDENTIAL, "method", "research")
    assert [line.partition("LP002 ")[2] for line in told(small, "digital-promise")] == [
        "the profile digital-promise asks for a key method with its components, which is missing.",
        "the profile digital-promise asks for the research behind the method, which is missing.",
    ]


def test_a_mistyped_profile_is_refused_with_the_known_ones(small: Path):
    ran = badges("check", "--root", small, "--profile", "eu-2023")
    assert ran.code == 2
    assert "'digital-promise', 'eu-2022'" in ran.err
