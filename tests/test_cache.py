# SPDX-License-Identifier: Apache-2.0
"""A cache only saves time: whatever happens to its files, the bytes are the right ones."""

from __future__ import annotations

import os
import pickle
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from site_builder import cache as cache_module
from site_builder.cache import Cache, Recipe, code_version
from site_builder.kept import Kept
from tests.support import badges, differing, files_of

if TYPE_CHECKING:
    from pathlib import Path

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M{} 1h2v2z"/></svg>'
RECIPE = Recipe("badge_png", (SVG.format(1),))
OTHER = Recipe("badge_png", (SVG.format(2),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def entry(folder: Path) -> Path:
    (found,) = (one for one in folder.rglob("*") if one.is_file())
    return found


def test_what_was_made_once_is_not_made_again(folder: Path):
    first, second = Cache(Kept(folder)), Cache(Kept(folder))
    assert first.made(RECIPE) == second.made(RECIPE) == RECIPE.make()
    assert (first.hits, first.made_anew) == (0, 1)
    assert (second.hits, second.made_anew) == (1, 0)


def test_every_flipped_byte_is_found_and_the_entry_made_anew(folder: Path):
    right = Cache(Kept(folder)).made(RECIPE)
    place = entry(folder)
    whole = place.read_bytes()
    rng = random.Random(7)  # noqa: S311 - any places will do
    for at in {0, 31, 32, len(whole) - 1, *rng.sample(range(len(whole)), 60)}:
        spoiled = bytearray(whole)
        spoiled[at] ^= 1 << rng.randrange(8)
        place.write_bytes(spoiled)
        cache = Cache(Kept(folder))
        assert cache.made(RECIPE) == right
        assert cache.made_anew == 1
        assert place.read_bytes() == whole


@pytest.mark.parametrize("left", [0, 1, 31, 32, 33, 500])
def test_a_truncated_entry_is_made_anew(folder: Path, left: int):
    right = Cache(Kept(folder)).made(RECIPE)
    place = entry(folder)
    whole = place.read_bytes()
    place.write_bytes(whole[:left])
    assert Cache(Kept(folder)).made(RECIPE) == right
    assert place.read_bytes() == whole


def test_an_entry_longer_than_it_was_is_made_anew(folder: Path):
    right = Cache(Kept(folder)).made(RECIPE)
    with entry(folder).open("ab") as file:
        file.write(b"\n")
    assert Cache(Kept(folder)).made(RECIPE) == right


def test_a_folder_in_the_place_of_an_entry_costs_time_only(folder: Path):
    right = Cache(Kept(folder)).made(RECIPE)
    place = entry(folder)
    place.unlink()
    place.mkdir()
    assert Cache(Kept(folder)).made(RECIPE) == right
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    assert Cache(Kept(tmp_path / "file" / "cache")).made(RECIPE) == RECIPE.make()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_cache_that_cannot_be_read_costs_time_only(folder: Path):
    right = Cache(Kept(folder)).made(RECIPE)
    folder.chmod(0)
    try:
        assert Cache(Kept(folder)).made(RECIPE) == right
    finally:
        folder.chmod(0o755)


def test_no_cache_keeps_nothing(tmp_path: Path):
    assert Cache().made(RECIPE) == RECIPE.make()
    assert list(tmp_path.iterdir()) == []


def test_other_arguments_or_functions_have_other_entries():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    recipes = [
        RECIPE,
        OTHER,
        Recipe("badge_png", (svg,)),
        Recipe("another", (svg,)),
        Recipe("badge_png", (svg, "")),
        Recipe("badge_png", ("", svg)),
    ]
    assert len({one.digest for one in recipes}) == len(recipes)


def test_changed_drawing_code_makes_every_entry_anew(folder: Path, monkeypatch: pytest.MonkeyPatch):
    Cache(Kept(folder)).made(RECIPE)
    monkeypatch.setattr(cache_module, "code_version", lambda: "0" * 64)
    changed = Cache(Kept(folder))
    changed.made(RECIPE)
    assert (changed.hits, changed.made_anew) == (0, 1)


def test_the_code_version_covers_the_drawing_code_and_its_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = tmp_path / "site_builder"
    (package / "art").mkdir(parents=True)
    (package / "assets" / "lettering").mkdir(parents=True)
    (package / "art" / "badge.py").write_text("one")
    monkeypatch.setattr(cache_module.resources, "files", lambda _: package)

    def version() -> str:
        code_version.cache_clear()
        return code_version()

    try:
        first = version()
        (package / "art" / "badge.py").write_text("two")
        second = version()
        (package / "assets" / "lettering" / "a.json").write_text("{}")
        third = version()
        monkeypatch.setattr(cache_module.metadata, "version", lambda _: "99.0")
        assert len({first, second, third, version()}) == 4
    finally:
        code_version.cache_clear()


def test_a_recipe_travels_to_another_process():
    assert pickle.loads(pickle.dumps(RECIPE)) == RECIPE  # noqa: S301 - our own bytes


def test_a_site_built_from_a_spoiled_cache_is_the_right_one(small: Path):
    assert badges("build", "--root", small, "--no-cache").code == 0
    right = files_of(small / "site")
    for _ in range(2):  # the second time with what the first has kept
        shutil.rmtree(small / ".badges" / "published")
        assert badges("build", "--root", small).code == 0
    kept = [one for one in (small / ".badges" / "kept").rglob("*") if one.is_file()]
    assert len(kept) > 3
    for number, place in enumerate(kept):
        data = bytearray(place.read_bytes())
        data[number * 97 % len(data)] ^= 0xFF
        place.write_bytes(data)
    assert badges("build", "--root", small).code == 0
    assert differing(files_of(small / "site"), right) == []
