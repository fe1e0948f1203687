# SPDX-License-Identifier: Apache-2.0
"""Figures for checking and writing many: `python -m tests.benchmarks.verifying [signed] [checked]`.

Signs and writes so many credentials as `badges build` would (100,000 unless said otherwise), then
runs `badges verify FOLDER --offline SITE` on so many of them (1,000). Prints, never fails.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.build import load
from site_builder.build.proofs import json_bytes
from site_builder.formats import openbadges3, status_list
from site_builder.keys import SigningKey
from site_builder.model.catalog_kinds import Key
from site_builder.signing import Signer
from tests.benchmarks.proofs import synthetic
from tests.support import BADGES, ROOT, environment

if TYPE_CHECKING:
    from site_builder.catalog import Catalog

KEY = SigningKey(bytes(range(32)))


def signing(catalog: Catalog) -> tuple[Catalog, Site, Signer]:
    entry = Key.model_validate({"id": "key-1", "public": KEY.public, "from": "2015-01-01"})
    issuer = catalog.issuer.model_copy(update={"keys": (entry,)})
    site = Site(issuer.base_url)
    return replace(catalog, issuer=issuer), site, Signer(KEY, issuer, site)


def write_many(folder: Path, count: int) -> None:
    """Signs and writes `count` credentials; prints time and memory."""
    found, _ = load(ROOT)
    assert found is not None
    catalog, site, signer = signing(found)
    shared, total = openbadges3.Achievements(catalog, site), 0
    (folder / "awards").mkdir(parents=True)
    began, clock = time.process_time(), time.perf_counter()
    for award in synthetic(catalog, count):
        data = json_bytes(signer.award(award, catalog, shared) or {})
        total += len(data)
        (folder / addresses.award_json(award.id)).write_bytes(data)
    cpu, wall = time.process_time() - began, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} credentials made, signed and written: {wall:.1f} s, {cpu / count * 1000:.3f} ms "
        f"processor each, {total / 1e6:,.0f} MB, peak memory {peak:,.0f} MB"
    )


def check_many(folder: Path, count: int) -> None:
    """`badges verify` on `count` signed awards in a folder; prints time and memory."""
    found, _ = load(ROOT)
    assert found is not None
    catalog, site, signer = signing(found)
    inbox, host = folder / "inbox", folder / "site"
    inbox.mkdir()
    awards = [one for one in synthetic(catalog, count * 2) if one.status.state == "active"][:count]
    shared = openbadges3.Achievements(catalog, site)
    for one in awards:
        body = signer.award(one, catalog, shared)
        (inbox / f"{one.id}.json").write_text(json.dumps(body), "utf-8")
    for path, body in signer.files(replace(catalog, awards={})):
        place = host / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(json_bytes(body))
    listing = signer.signed(status_list.credential(0, awards, site))
    (host / "status").mkdir()
    (host / addresses.status_list(0)).write_bytes(json_bytes(listing))
    began = time.perf_counter()
    command = [*BADGES, "verify", str(inbox), "--offline", str(host)]
    with (folder / "said.txt").open("wb") as said:
        actions = [(os.POSIX_SPAWN_DUP2, said.fileno(), 1)]
        process = os.posix_spawn(command[0], command, environment(), file_actions=actions)
        _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    last = (folder / "said.txt").read_text("utf-8").strip().splitlines()[-1]
    print(
        f"badges verify FOLDER, {count:,} awards: {seconds:.1f} s, processor "
        f"{usage.ru_utime + usage.ru_stime:.1f} s, peak memory {usage.ru_maxrss / 1024:,.0f} MB, "
        f"exit {os.waitstatus_to_exitcode(status)}: {last}"
    )


def main(signed: int, checked: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="badges-verifying-"))
    try:
        check_many(folder, checked)
        write_many(folder / "many", signed)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:3]]
    main(*(given + [100_000, 1_000][len(given) :]))
