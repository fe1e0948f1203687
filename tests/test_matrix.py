# SPDX-License-Identifier: Apache-2.0
"""A site made by several jobs, or on other machines, is the site one machine makes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from site_builder.keys import SigningKey
from tests.sharded import award_files, changed, copied, made_repository, site_files
from tests.support import BADGES, ROOT, Ran, badges, differing, environment, files_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_repository(tmp_path_factory.mktemp("matrix") / "repository")


@pytest.fixture(scope="module")
def right(repository: Path) -> dict[str, bytes]:
    return site_files(repository)


@pytest.fixture(scope="module")
def parts(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """What three jobs left, each with a checkout of its own."""
    found = []
    for number in (1, 2, 3):
        home = tmp_path_factory.mktemp(f"job-{number}")
        root, part = copied(repository, home / "root"), home / "part"
        ran = badges("build", "--root", root, "--shard", f"{number}/3", "--site", part)
        assert (ran.code, ran.err) == (0, ""), ran
        assert re.match(rf"Made part {number} of 3 \(", ran.out)
        found.append(part)
    return tuple(found)


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Path:
    return copied(repository, tmp_path / "checkout")


def test_merged_parts_give_the_site_of_one_machine(
    parts: tuple[Path, ...], checkout: Path, right: dict[str, bytes], tmp_path: Path
):
    moved = [shutil.copytree(part, tmp_path / f"artifact-{part.parent.name}") for part in parts]
    ran = badges("merge", *reversed(moved), "--root", checkout)
    assert (ran.code, ran.err) == (0, ""), ran
    assert differing(files_of(checkout / "site"), right) == []


def test_a_missing_part_is_named_and_nothing_is_published(parts: tuple[Path, ...], checkout: Path):
    ran = badges("merge", parts[0], parts[2], "--root", checkout)
    said = "no parcel holds checked-shard-00001; every job of the matrix must have ended."
    assert ran == Ran(2, "", f"badges: {said}\n")
    assert not (checkout / "site").exists()


def test_a_part_given_twice_is_refused(parts: tuple[Path, ...], checkout: Path, tmp_path: Path):
    again = shutil.copytree(parts[0], tmp_path / "again")
    ran = badges("merge", parts[0], again, "--root", checkout)
    said = f"{parts[0]} and {again} hold the same checked-shard-00000."
    assert ran == Ran(2, "", f"badges: {said}\n")


def test_a_part_of_another_commit_is_refused(parts: tuple[Path, ...], checkout: Path):
    changed(checkout / "catalog" / "issuer.yml", "name: ", "name: The ")
    ran = badges("merge", *parts, "--root", checkout)
    said = "was made from another commit, with another key or by another version of badges."
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f"{said}\n")


def test_a_part_with_a_flipped_byte_is_refused(
    parts: tuple[Path, ...], checkout: Path, tmp_path: Path
):
    moved = shutil.copytree(parts[1], tmp_path / "moved")
    page = next((moved / "site" / "awards").glob("*.html"))
    data = bytearray(page.read_bytes())
    data[len(data) // 2] ^= 1
    page.write_bytes(data)
    ran = badges("merge", parts[0], moved, parts[2], "--root", checkout)
    assert ran == Ran(3, "", f"badges: {page} is not what was made; make the part anew.\n")
    assert not (checkout / "site").exists()


def test_a_folder_without_parts_is_refused(checkout: Path, tmp_path: Path):
    ran = badges("merge", tmp_path, "--root", checkout)
    assert ran == Ran(3, "", f"badges: {tmp_path} holds no parts of a site.\n")


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "x/y", "1/0"])
def test_a_part_that_is_none_is_refused(shard: str, checkout: Path, tmp_path: Path):
    ran = badges("build", "--root", checkout, "--shard", shard, "--site", tmp_path / "part")
    assert ran == Ran(2, "", f"badges: '{shard}' is no part such as 2/4.\n")


def test_an_unknown_executor_is_refused(checkout: Path):
    ran = badges("build", "--root", checkout, "--executor", "ray:here")
    said = "there is no executor 'ray:here'; use local or dask:ADDRESS."
    assert ran == Ran(2, "", f"badges: {said}\n")


# A real cluster of two processes on this machine.

_CLUSTER = """
import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    )
    pids = [worker.pid for worker in cluster.workers.values()]
    print(cluster.scheduler_address, *pids, flush=True)
    sys.stdin.read()
    cluster.close()
"""


class Cluster:
    """A Dask cluster of two worker processes, each with a nanny that starts it again."""

    def __init__(self, **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", _CLUSTER],
            env=environment(**variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.address, *pids = self.process.stdout.readline().split()
        self.workers = [int(pid) for pid in pids]

    def close(self) -> None:
        self.process.communicate()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    found = Cluster()
    yield found
    found.close()


def on_cluster(root: Path, address: str, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*BADGES, "build", "--root", str(root), "--executor", f"dask:{address}", *more],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_cluster_with_a_worker_killed_midway_gives_the_same_bytes(
    cluster: Cluster, checkout: Path, right: dict[str, bytes]
):
    process = on_cluster(checkout, cluster.address)
    killed = False
    while process.poll() is None:
        made = list(checkout.glob("site.badges-next-*/awards/*.html"))
        if made and not killed:
            os.kill(cluster.workers[0], signal.SIGKILL)
            killed = True
        time.sleep(0.01)
    out, err = process.communicate()
    assert process.returncode == 0, (out, err)
    assert killed
    assert differing(files_of(checkout / "site"), right) == []


def test_workers_without_the_key_sign_nothing(checkout: Path, tmp_path: Path):
    """The key is opened by each worker where it is; it is never sent."""
    pytest.importorskip("distributed")
    SigningKey(bytes(range(32))).save(tmp_path / "key")
    public = SigningKey(bytes(range(32))).public
    entry = f"keys:\n  - {{id: key-1, public: {public}, from: 2010-01-01}}"
    changed(checkout / "catalog" / "issuer.yml", "keys: []", entry)
    secret = (tmp_path / "key").read_text("utf-8").strip()
    here = environment(BADGES_TEST_KEY=secret)
    cluster = Cluster()
    try:
        done = subprocess.run(
            [*BADGES, "build", "--root", str(checkout), "--executor", f"dask:{cluster.address}",
             "--key", "env:BADGES_TEST_KEY"],
            env=here, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        cluster.close()
    assert done.returncode == 5, (done.stdout, done.stderr)
    assert "BADGES_TEST_KEY" in done.stderr
    assert secret not in done.stdout + done.stderr
    assert not (checkout / "site").exists()


def test_a_cluster_that_is_not_there_ends_with_3(checkout: Path):
    pytest.importorskip("distributed")
    process = on_cluster(checkout, "tcp://127.0.0.1:9")
    _, err = process.communicate()
    assert process.returncode == 3
    assert err.startswith("badges: the cluster at tcp://127.0.0.1:9 cannot be used: ")


def test_an_award_broken_elsewhere_is_told_where_it_is(cluster: Cluster, checkout: Path):
    path = award_files(checkout)[30]
    changed(path, "credential: ", "credential: no-")
    process = on_cluster(checkout, cluster.address)
    out, _ = process.communicate()
    assert process.returncode == 1
    assert out.startswith(f"{path.relative_to(checkout).as_posix()}:")


def test_nobody_needs_dask_who_names_no_cluster():
    done = subprocess.run(
        [sys.executable, "-c", "import sys, site_builder.commands.build as b; print('distributed' in sys.modules)"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "False\n"
