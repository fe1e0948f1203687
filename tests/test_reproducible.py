# SPDX-License-Identifier: Apache-2.0
"""The same repository gives the same bytes and modes, whoever builds it, where and when."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from site_builder.build import load
from site_builder.engine import newest_day
from tests.support import (
    BADGES,
    badges,
    copy_demo,
    differing,
    environment,
    files_of,
    modes_of,
    small_repository,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.conftest import Demo

# Read by Python at its start: folders list in the opposite order and the clock is years off.
ANOTHER_COMPUTER = """
import os, time
_shift = int(os.environ["CLOCK_OFF_BY_DAYS"]) * 86400
_listdir, _scandir, _time, _gmtime, _localtime = os.listdir, os.scandir, time.time, time.gmtime, time.localtime

class _Backwards:
    def __init__(self, *where):
        with _scandir(*where) as entries:
            self.entries = iter(sorted(entries, key=lambda one: one.name, reverse=True))
    def __enter__(self): return self
    def __exit__(self, *_): return None
    def __iter__(self): return self.entries
    def __next__(self): return next(self.entries)
    def close(self): pass

os.listdir = lambda *where: sorted(_listdir(*where), reverse=True)
os.scandir = _Backwards
time.time = lambda: _time() + _shift
time.time_ns = lambda: int((_time() + _shift) * 10**9)
time.gmtime = lambda when=None: _gmtime(time.time() if when is None else when)
time.localtime = lambda when=None: _localtime(time.time() if when is None else when)

import datetime
class _Ahead(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return cls.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls): return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)
class _Day(datetime.date):
    @classmethod
    def today(cls): return _Ahead.now().date()
import copyreg  # days made from the real classes cross to other processes all the same
copyreg.pickle(datetime.date, lambda day: (_Day, (day.year, day.month, day.day)))
datetime.datetime, datetime.date = _Ahead, _Day
"""


def build(
    root: Path,
    site: Path,
    *words: str,
    umask: str = "022",
    command: Sequence[str] = BADGES,
    **variables: str | None,
) -> Path:
    """Builds a repository from the folder `/` and gives the site."""
    arguments = words or ("build", "--root", str(root), "--site", str(site))
    done = subprocess.run(
        ["sh", "-c", f'umask {umask}; exec "$@"', "sh", *command, *arguments],
        cwd="/",
        env=environment(SOURCE_DATE_EPOCH=None, **variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return site


def assert_same(one: Path, other: Path) -> None:
    assert differing(files_of(one), files_of(other)) == []
    assert modes_of(one) == modes_of(other)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small repository's site, built plainly."""
    folder = tmp_path_factory.mktemp("here")
    return build(write(folder / "r", small_repository()), folder / "site", PYTHONHASHSEED="1")


VARIATIONS: dict[str, dict[str, str | None]] = {
    "time zone ahead": {"TZ": "XXX-14", "LC_ALL": "C.UTF-8"},
    "time zone behind": {
        "TZ": "YYY+12",
        "LANGUAGE": "de:es",
        "LANG": "de_DE.UTF-8",
        "LC_ALL": None,
    },
    "locale C, no UTF-8 mode": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "private umask": {"umask": "077", "PYTHONHASHSEED": "2"},
    "open umask": {"umask": "000", "PYTHONHASHSEED": "random"},
    "another person": {"HOME": "/nonexistent", "USER": "somebody", "LOGNAME": "somebody"},
    "no home": {"HOME": None, "USER": None, "COLUMNS": "20", "TERM": "dumb"},
    "optimised": {"PYTHONOPTIMIZE": "2"},
}


@pytest.mark.parametrize("variation", VARIATIONS)
def test_a_build_elsewhere_gives_the_same_site(here: Path, tmp_path: Path, variation: str):
    root = write(tmp_path / "a folder" / "ünïcode" / "repository", small_repository())
    assert_same(build(root, tmp_path / "other", **VARIATIONS[variation]), here)  # type: ignore[arg-type]


def another_computer(folder: Path) -> str:
    """A search path on which Python finds another clock and another order of files."""
    return f"{write(folder, {'sitecustomize.py': ANOTHER_COMPUTER})}{os.pathsep}{environment()['PYTHONPATH']}"


@pytest.mark.parametrize("days", ["7300", "-16000"])
def test_neither_the_clock_nor_the_order_of_files_changes_a_byte(
    here: Path, tmp_path: Path, days: str
):
    elsewhere = {"PYTHONPATH": another_computer(tmp_path / "start"), "CLOCK_OFF_BY_DAYS": days}
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, datetime; print(datetime.datetime.now().year, os.listdir('.'))",
        ],
        cwd=write(tmp_path / "two", {"a": "", "b": ""}),
        env=environment(**elsewhere),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert re.fullmatch(r"(19[78]|20[456])\d \['b', 'a'\]\n", seen)
    root = write(tmp_path / "r", small_repository())
    assert_same(build(root, tmp_path / "site", **elsewhere), here)


def test_files_written_in_another_order_give_the_same_site(here: Path, tmp_path: Path):
    backwards = dict(reversed(small_repository().items()))
    assert_same(build(write(tmp_path / "r", backwards), tmp_path / "site"), here)


def test_files_with_other_modes_and_line_ends_give_the_same_site(here: Path, tmp_path: Path):
    root = tmp_path / "r"
    for path, content in small_repository().items():
        assert isinstance(content, str)
        ends = (
            content.replace("\n", "\r\n") if path.startswith(("catalog/", "awards/")) else content
        )
        write(root, {path: ends})
        (root / path).chmod(0o600)
    assert_same(build(root, tmp_path / "site"), here)


def test_a_second_build_over_the_first_gives_the_same_site(here: Path, tmp_path: Path):
    root = write(tmp_path / "r", small_repository())
    build(root, tmp_path / "site")
    assert_same(build(root, tmp_path / "site"), here)


def test_a_site_has_modes_that_web_servers_can_read(here: Path):
    modes = {
        ("folder" if path.is_dir() else "file", stat.S_IMODE(path.stat().st_mode))
        for path in (here, *here.rglob("*"))
    }
    assert modes == {("folder", 0o755), ("file", 0o644)}


def test_the_demo_gives_the_same_site_under_everything_at_once(demo: Demo, tmp_path: Path):
    """The session's build had no cache, this one makes and then uses one."""
    root = copy_demo(tmp_path / "somewhere else")
    changed = {
        "TZ": "XXX-14",
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
        "PYTHONHASHSEED": "2",
        "HOME": "/nonexistent",
        "PYTHONPATH": another_computer(tmp_path / "start"),
        "CLOCK_OFF_BY_DAYS": "7300",
    }
    assert_same(build(root, tmp_path / "site", umask="077", **changed), demo.site)
    assert any((root / ".badges" / "kept").iterdir())
    assert_same(build(root, tmp_path / "site", PYTHONHASHSEED="3"), demo.site)


def test_mkdocs_build_gives_the_same_files_as_an_unsigned_build(tmp_path: Path):
    """Only the marker that says `badges build` may replace the folder is missing.

    The sitemap's dates are MkDocs' own: it says today unless SOURCE_DATE_EPOCH says otherwise.
    """
    root = copy_demo(tmp_path / "r")
    catalog, _ = load(root)
    assert catalog is not None
    day = newest_day(catalog).strftime("%s")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--quiet",
            "--strict",
            "-f",
            root / "mkdocs.yml",
            "-d",
            tmp_path / "site",
        ],
        env=environment(TZ="UTC", SOURCE_DATE_EPOCH=day),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert badges("build", "--unsigned", "--root", root).code == 0
    assert differing(files_of(tmp_path / "site"), files_of(root / "site")) == [".nojekyll"]
