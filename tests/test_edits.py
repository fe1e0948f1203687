# SPDX-License-Identifier: Apache-2.0
"""edits: a YAML file changed in place, with its comments, or left alone."""

from __future__ import annotations

import datetime as dt
import stat
from typing import TYPE_CHECKING, Any

import pytest

from site_builder.edits import edit, edited, line
from site_builder.problems import EnvironmentProblem, UsageProblem
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ISSUER = """\
# Who issues.
name: "Small Works"   # as on the sign
languages: [en, es]   # first one first

published:
  - {figure: awards, value: 546, as_of: 2016-06-30}  # counted
keys: []
publish: {ob2: true}
"""
DAY = dt.date(2026, 11, 20)


def add_key(tree: Any) -> None:
    tree["keys"].append(line(id="key-1", **{"from": DAY}, until=None))


def test_comments_quotes_and_order_stay_as_they_were():
    assert edited("issuer.yml", ISSUER.encode(), add_key).decode() == ISSUER.replace(
        "keys: []\n", "keys:\n  - {id: key-1, from: 2026-11-20, until: null}\n"
    )


def test_one_date_at_two_places_is_written_twice():
    def change(tree: Any) -> None:
        add_key(tree)
        tree["keys"][0]["until"] = DAY

    made = edited("issuer.yml", ISSUER.encode(), change).decode()
    assert "{id: key-1, from: 2026-11-20, until: 2026-11-20}" in made


def test_a_change_can_be_made_again_and_again():
    data = ISSUER.encode()
    for number in range(3):

        def change(tree: Any, name: str = f"key-{number}") -> None:
            tree["keys"].append(line(id=name))

        data = edited("issuer.yml", data, change)
    assert data.decode() == ISSUER.replace(
        "keys: []\n", "keys:\n  - {id: key-0}\n  - {id: key-1}\n  - {id: key-2}\n"
    )


def test_the_demos_issuer_keeps_every_line_but_its_keys():
    before = (ROOT / "catalog" / "issuer.yml").read_text("utf-8")
    after = edited("issuer.yml", before.encode(), add_key).decode()
    gone = [one for one in before.splitlines() if one not in after.splitlines()]
    assert gone == ["keys: []"]


@pytest.mark.parametrize("data", [b"name: [", b"a: 1\na: 2\n", b"\xff"])
def test_a_file_that_cannot_be_read_is_left_alone(data: bytes, tmp_path: Path):
    file = tmp_path / "issuer.yml"
    file.write_bytes(data)
    with pytest.raises(UsageProblem) as caught:
        edit(file, "catalog/issuer.yml", add_key)
    assert str(caught.value) == "catalog/issuer.yml cannot be read; see `badges check`."
    assert file.read_bytes() == data


def test_a_change_that_would_say_something_else_is_refused():
    times = iter(("one", "two"))

    def change(tree: Any) -> None:
        tree["name"] = next(times)

    with pytest.raises(UsageProblem) as caught:
        edited("catalog/issuer.yml", ISSUER.encode(), change)
    assert str(caught.value) == (
        "catalog/issuer.yml cannot be changed by a program; change it by hand."
    )


def test_the_file_keeps_its_mode_and_nothing_is_left_beside_it(tmp_path: Path):
    file = tmp_path / "issuer.yml"
    file.write_text(ISSUER, "utf-8")
    file.chmod(0o640)
    edit(file, "catalog/issuer.yml", add_key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["issuer.yml"]


def test_a_missing_file_is_one_sentence(tmp_path: Path):
    with pytest.raises(EnvironmentProblem) as caught:
        edit(tmp_path / "none.yml", "catalog/issuer.yml", add_key)
    assert str(caught.value) == ("catalog/issuer.yml cannot be changed: No such file or directory.")
