# SPDX-License-Identifier: Apache-2.0
"""Figures for signing and checking: `python -m tests.benchmarks.proofs [number of credentials]`.

CPU time of one process, so that other work on the machine changes little. Prints, never fails.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from typing import TYPE_CHECKING, Any

from site_builder import keys
from site_builder.addresses import Site
from site_builder.build import load
from site_builder.formats import openbadges3
from site_builder.proofs import canonical, check_proof, faults, sign
from site_builder.proofs.template import Templates
from tests.signed import second_opinion
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from site_builder.catalog import Catalog
    from site_builder.model import Award

METHOD = "did:web:badges.example.org#key-1"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def synthetic(catalog: Catalog, count: int) -> Iterator[Award]:
    """Awards like the demo's, each with an id and a status entry of its own; no randomness."""
    awards = [one for one in catalog.published if one.status.state != "withdrawn"]
    for number in range(count):
        bits = int.from_bytes(hashlib.sha256(str(number).encode()).digest(), "big")
        name = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(26))
        model = awards[number % len(awards)]
        entry = (
            model.status_list.model_copy(update={"list": number // 65536, "index": number % 65536})
            if model.status_list
            else None
        )
        yield model.model_copy(update={"id": name, "status_list": entry})


def each(name: str, count: int, work: Callable[[], Any]) -> None:
    """Prints the time of one of `count` pieces of work."""
    begun, clock = time.process_time(), time.perf_counter()
    work()
    cpu, wall = time.process_time() - begun, time.perf_counter() - clock
    print(f"{name:<58}{cpu / count * 1000:9.4f} ms CPU {wall / count * 1000:9.4f} ms wall")


def main(count: int) -> None:
    catalog, _ = load(ROOT)
    assert catalog is not None
    site, key = Site(catalog.issuer.base_url), keys.preview()
    shared = openbadges3.Achievements(catalog, site)
    few = [openbadges3.credential(one, catalog, site, shared) for one in synthetic(catalog, 200)]
    signed = [sign(one, key, method=METHOD, created=one["validFrom"]) for one in few]
    read = [json.loads(json.dumps(one)) for one in signed]
    size, quads = len(json.dumps(signed[0], separators=(",", ":"))), canonical(few[0]).count(b"\n")
    print(f"one credential: {size:,} bytes of compact JSON, {quads} quads")
    each("canonical N-Quads, pyoxigraph", 200, lambda: [canonical(one) for one in few])
    each("canonical N-Quads, pyld", 20, lambda: [second_opinion(one) for one in few[:20]])
    each("safe-mode check", 200, lambda: [faults(one) for one in few])
    each(
        "proof check, library (1,000 awards: x 1,000)",
        200,
        lambda: [check_proof(one, one["proof"][0], key.public) for one in read],
    )

    templates = Templates(openbadges3.CONSTANT_PATHS)
    each(
        "template, shapes learned (200 first credentials)",
        200,
        lambda: [templates.canonical(one) for one in few],
    )
    each("template, canonical N-Quads", 200, lambda: [templates.canonical(one) for one in few])

    spent = {"body": 0.0, "proof": 0.0, "json": 0.0}
    total = 0
    for award in synthetic(catalog, count):
        begun = time.process_time()
        body = openbadges3.credential(award, catalog, site, shared)
        ready = time.process_time()
        made = sign(
            body, key, method=METHOD, created=body["validFrom"], canonicalise=templates.canonical
        )
        proven = time.process_time()
        total += len(json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode())
        spent["body"] += ready - begun
        spent["proof"] += proven - ready
        spent["json"] += time.process_time() - proven
    for name, seconds in spent.items():
        print(f"{f'{count:,} credentials: {name}':<58}{seconds / count * 1000:9.4f} ms CPU")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{total / 1e6:,.0f} MB of JSON; filled {templates.filled:,}, asked the library {templates.asked:,}, "
        f"compared {templates.compared:,}; peak memory {peak:,.0f} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
