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

from site_builder import addresses, keys, ledger
from site_builder.addresses import Site
from site_builder.build import load
from site_builder.formats import clr, openbadges2, openbadges3, status_list
from site_builder.json_text import json_bytes
from site_builder.proofs import canonical, check_proof, faults, sign
from site_builder.proofs.notary import Notary
from site_builder.signing import Signer
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

    learning(few)
    making(catalog, site, count)
    records(catalog, site)


class Kept(dict[str, bytes]):
    """A store of bytes in memory."""

    def put(self, key: str, data: bytes) -> None:
        self[key] = data


def learning(few: list[dict[str, Any]]) -> None:
    """What the first credentials of a process cost, without and with what others learned."""
    store = Kept()
    for name in ("what is learned anew", "what was kept from another process"):
        notary = Notary(keys.preview(), METHOD, openbadges3.CONSTANT_PATHS, store)
        each(
            f"first 200 credentials, {name}",
            200,
            lambda notary=notary: [notary.signed(one, one["validFrom"]) for one in few],
        )
        made = notary.templates
        print(
            f"    learned {made.learned}, remembered {made.remembered}, compared {made.compared}; "
            f"{len(store)} entries, {sum(map(len, store.values())):,} bytes"
        )


def making(catalog: Catalog, site: Site, count: int) -> None:
    """Everything of `count` awards that is signed, hosted or listed, one at a time, kept nowhere."""
    signer = Signer(None, catalog.issuer, site)
    awards = list(synthetic(catalog, count))
    for award in awards[:2000]:
        signer.award(award, catalog)
    issuer = addresses.issuer_did(site)
    for name, work in (
        ("OB 3.0, from award to signed bytes", lambda one: signer.award(one, catalog).data),
        (
            "OB 2.0 assertion, bytes",
            lambda one: json_bytes(openbadges2.assertion(one, catalog, site, is_signed=True)),
        ),
        ("ledger row", lambda one: ledger.row(one, issuer)),
        ("entry of a status list", status_list.entry),
    ):
        each(f"{count:,}: {name}", count, lambda work=work: [len(work(one)) for one in awards])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")


def records(catalog: Catalog, site: Site) -> None:
    """Learner records of four awards, which were signed before."""
    signer = Signer(None, catalog.issuer, site)
    some = []
    for teacher in clr.teachers(catalog):
        shown = catalog.shown_in_backpack(teacher)
        held = clr.held(teacher, shown)
        if len(held) == 4:
            some.append((teacher, [signer.award(one, catalog) for one in held], shown))
    for _ in range(2):  # the first one is compared with the library
        each(
            f"{len(some)} learner records of four signed awards",
            len(some),
            lambda: [
                signer.record(teacher, inside, catalog, awards=shown).data
                for teacher, inside, shown in some
            ],
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
