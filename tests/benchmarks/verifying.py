# SPDX-License-Identifier: Apache-2.0
"""Figures for checking many: `python -m tests.benchmarks.verifying [number of badges]`.

Makes badges of every kind as `badges build` would, runs `badges verify FOLDER --offline SITE` on
them, with forms and `--thorough`, and says where the time goes. Prints, never fails.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from site_builder import addresses, keys
from site_builder.addresses import Site
from site_builder.baking import bake_png
from site_builder.build import load
from site_builder.build.pictures import Pictures
from site_builder.cache import Cache
from site_builder.commands.site_folder import SiteFolder
from site_builder.formats import openbadges2, openbadges3, status_list
from site_builder.json_text import json_bytes
from site_builder.kept import Kept
from site_builder.keys import SigningKey
from site_builder.model.catalog_kinds import Key
from site_builder.proofs import canonical, faults
from site_builder.signing import Signer
from site_builder.verify import Forms, Memory, schema, verify_in_folder
from site_builder.verify.reading import read_json
from tests.benchmarks.proofs import synthetic
from tests.support import BADGES, ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from site_builder.catalog import Catalog

KEY = SigningKey(bytes(range(32)))
FEW = 200  # badges whose parts are timed
KINDS = ("ob3", "ob2", "png", "clr")


def signing(catalog: Catalog) -> tuple[Catalog, Site, Signer]:
    entry = Key.model_validate({"id": "key-1", "public": KEY.public, "from": "2015-01-01"})
    issuer = catalog.issuer.model_copy(update={"keys": (entry,)})
    site = Site(issuer.base_url)
    return replace(catalog, issuer=issuer), site, Signer(KEY, issuer, site)


def write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def make(folder: Path, count: int, kinds: Sequence[str] = KINDS) -> None:
    """A site with `count` awards, and folders of their badges, each of one kind.

    Of pictures there is a tenth; of learner records as many as the demo has.
    """
    found, _ = load(ROOT)
    assert found is not None
    catalog, site, signer = signing(found)
    host = folder / "site"
    shared, pictures = (
        openbadges3.Achievements(catalog, site),
        Pictures(catalog, Cache(Kept(folder / "cache"))),
    )
    lists: dict[int, list[Any]] = {}
    for number, one in enumerate(synthetic(catalog, count)):
        if one.status_list is not None:
            lists.setdefault(one.status_list.list, []).append(one)
        ob2 = json_bytes(openbadges2.assertion(one, catalog, site, is_signed=True))
        ob3 = json_bytes(signer.award(one, catalog, shared) or {})
        if "ob3" in kinds:
            write(folder / "ob3" / f"{one.id}.json", ob3)
        if "ob2" in kinds:
            write(folder / "ob2" / f"{one.id}.ob2.json", ob2)
            write(host / addresses.award_ob2(one.id), ob2)
        if "png" in kinds and number % 10 == 0:
            _, png = pictures.badge(catalog.versions[one.credential])
            baked = bake_png(png, ob2=ob2.decode().rstrip(), ob3=ob3.decode().rstrip())
            write(folder / "png" / f"{one.id}.png", baked)
    for path, body in signer.files(catalog):
        write(host / path, json_bytes(body))
        if "clr" in kinds and path.startswith("backpacks/"):
            write(folder / "clr" / Path(path).name, json_bytes(body))
    for listed, awards in lists.items():
        made = signer.signed(status_list.credential(listed, awards, site))
        write(host / addresses.status_list(listed), json_bytes(made))
    write(host / addresses.ISSUER_OB2, json_bytes(openbadges2.issuer(catalog, site)))
    write(
        host / addresses.REVOCATIONS_OB2,
        json_bytes(openbadges2.revocation_list(openbadges2.revoked(catalog), site)),
    )
    for version in catalog.versions.values():
        body = openbadges2.badge_class(version, catalog, site)
        write(host / addresses.badge_class(version), json_bytes(body))


def run(folder: Path, kind: str, *words: str) -> None:
    """`badges verify` on a folder of one kind as a process; prints time and memory."""
    count = sum(1 for _ in os.scandir(folder / kind))
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [*BADGES, "verify", str(folder / kind), "--offline", str(folder / "site"), *words]
    with (folder / "said.txt").open("wb") as said:
        actions = [(os.POSIX_SPAWN_DUP2, said.fileno(), 1)]
        process = os.posix_spawn(command[0], command, environment(), file_actions=actions)
        _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    last = (folder / "said.txt").read_text("utf-8").strip().splitlines()[-1]
    print(
        f"{kind} {' '.join(words):<11}{count:>8,} badges{seconds:8.1f} s{spent / count * 1e6:8.0f} us "
        f"of processors each, {usage.ru_maxrss / 1024:,.0f} MB, exit "
        f"{os.waitstatus_to_exitcode(status)}: {last[: last.find('. ') + 1]}",
        flush=True,
    )


def each(name: str, count: int, work: Callable[[], Any]) -> None:
    began = time.process_time()
    work()
    print(f"  {name:<52}{(time.process_time() - began) / count * 1e6:8.0f} us", flush=True)


def parts(folder: Path) -> None:
    """Where the time of one badge goes, in this process."""
    site, now = SiteFolder(folder / "site"), dt.datetime.now(dt.UTC)
    paths = sorted((folder / "ob3").iterdir())
    few = [one.read_bytes() for one in paths[:FEW]]
    documents = [read_json(one) for one in few]
    bodies = [{name: one for name, one in body.items() if name != "proof"} for body in documents]
    value = KEY.sign(bytes(64))

    def judged(data: Sequence[bytes], forms: Forms | None, memory: Memory) -> None:
        for one in data:
            verify_in_folder(one, now=now, fetch=site.fetch, memory=memory, forms=forms)

    print("one Open Badges 3.0 credential, by the library:")
    each("all", FEW, lambda: judged(few, None, Memory()))
    each("canonical N-Quads", FEW, lambda: [canonical(one) for one in bodies])
    each("safe-mode check", FEW, lambda: [faults(one) for one in bodies])
    each("form by the standard's schema", FEW, lambda: [schema.judge(one, "Open Badges 3.0") for one in documents])  # fmt: skip
    each("reading strict JSON", FEW, lambda: [read_json(one) for one in few])
    each("signature", FEW, lambda: [keys.verify(KEY.public, value, bytes(64)) for _ in range(FEW)])

    forms, memory = Forms(b"benchmark"), Memory()
    many = [one.read_bytes() for one in paths[:4000]]
    judged(many, forms, memory)
    known = [found for one in many if (found := forms.known(one)) is not None]
    print(f"the same by a form ({len(known):,} of {len(many):,} are of {forms.kept} known forms):")
    few = [one for one in many if forms.known(one) is not None][: FEW * 5]
    each("all, a sample by the library included", len(few), lambda: judged(few, forms, memory))
    each("reading it", len(few), lambda: [forms.known(one) for one in few])
    each("canonical N-Quads and their hashes", len(known), lambda: [one.digests() for one in known])
    each("signature", FEW, lambda: [keys.verify(KEY.public, value, bytes(64)) for _ in range(FEW)])
    each("reading the file", len(paths[:4000]), lambda: [one.read_bytes() for one in paths[:4000]])


def main(count: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="badges-verifying-"))
    try:
        make(folder, count)
        for kind in KINDS:
            run(folder, kind)
        run(folder, "ob3", "--json")
        run(folder, "ob3", "--csv", str(folder / "table.csv"))
        if count <= 3_000:
            run(folder, "ob3", "--thorough")
        parts(folder)
        print(json.dumps({"machine": os.uname().machine, "processors": os.cpu_count()}))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
