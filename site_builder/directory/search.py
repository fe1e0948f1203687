# SPDX-License-Identifier: Apache-2.0
"""The files a browser searches people and awards with, without a server.

    search/index.json            how many there are, and which groups of first letters
    search/credentials-<n>.json  [slug, title, code, area, awards, more words] of what can be earned
    search/award/<slug>.json     the newest awards of a micro-credential
    search/<group>.json          everybody under a first letter, or a directory of starts of names
    search/<group>/<start>.json  everybody under a start of a name with their awards, or, where
                                 they are many, the first of them without
    search/<group>/<start>-<n>.json  everybody under the rarer letters that follow that start

A start is in hexadecimal UTF-8, so that every host and file system keeps it apart from others.
Where files are cut depends on what starts they hold, never on positions: one changed row changes
the few files it stands in.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from site_builder import addresses
from site_builder.catalog import Catalog
from site_builder.directory.cutting import part_of
from site_builder.directory.folding import group_of, keys
from site_builder.directory.rows import Holder, Rows, Shown
from site_builder.directory.starts import MOST_BYTES, Entry, group_files
from site_builder.model import Credential
from site_builder.texts import pick, plain

MOST_NEWEST = 100  # awards told of one micro-credential
_LONGEST_ENTRY = 3_000  # bytes; of more awards a backpack tells itself
_CREDENTIALS_PER_FILE = 200


def search_files(
    rows: Rows, catalog: Catalog, *, part: int = 0, of: int = 1
) -> Iterator[tuple[str, bytes]]:
    """Files of the search, as (path, bytes), or one part of them.

    Parts share nothing: each reads all rows and keeps what begins with its letters. All of them
    together give the same files as `part=0, of=1`. Nothing is made where nobody is listed.

    Args:
        rows: gives the rows anew at each call, in any order.
        catalog: what can be earned; its people are not looked at.
        part: which part, from 0; part 0 also makes what stands once.
        of: how many parts there are.
    """
    kept = _Kept(part, of)
    for holder in rows():
        if holder.counted:
            kept.add(holder)
    if not kept.people:
        return
    if part == 0:
        credentials = list(_credential_files(catalog, kept.counts))
        yield addresses.SEARCH, _json(_index(kept, len(credentials)))
        yield from credentials
    for slug in sorted(kept.newest):
        yield addresses.search_awards(slug), _newest(kept.newest[slug])
    order = sorted(range(len(kept.entries)), key=kept.ranks.__getitem__)
    place = {entry: number for number, entry in enumerate(order)}
    ranked = [kept.entries[one] for one in order]
    for group in sorted(kept.keys):
        yield from group_files(group, [(key, place[one]) for key, one in kept.keys[group]], ranked)


def parts_of(holder: Holder, of: int) -> frozenset[int]:
    """The parts of the search in which a person stands: only these change with the row.

    Part 0 counts everybody, so it is always among them.
    """
    return frozenset({0, *(part_of(name, of) for name in names_of(holder))})


def names_of(holder: Holder) -> tuple[str, ...]:
    """What a person is found by: groups of first letters and slugs of micro-credentials."""
    return (*holder.groups, *(award.credential for award in holder.awards))


class _Kept:
    """What one part keeps of the rows."""

    def __init__(self, part: int, of: int) -> None:
        self.part, self.of = part, of
        self.people = 0
        self.counts: Counter[str] = Counter()
        self.groups: set[str] = set()
        self.entries: list[Entry] = []
        self.ranks: list[tuple[int, str, str]] = []
        self.keys: dict[str, list[tuple[str, int]]] = {}  # with the place of the entry, by group
        self.newest: dict[str, list[tuple[str, str, Holder, Shown]]] = {}
        self._is_mine: dict[str, bool] = {}

    def add(self, holder: Holder) -> None:
        self.people += 1
        if self.part == 0:
            self.counts.update([award.credential for award in holder.awards])
            self.groups.update(holder.groups)
        for award in holder.awards:
            if self._mine(award.credential):
                self._push(holder, award)
        mine = {group for group in holder.groups if self._mine(group)}
        if mine:
            self._enter(holder, mine)

    def _enter(self, holder: Holder, mine: set[str]) -> None:
        digest = _digest(holder.slug)
        for key in keys(holder.name or ""):
            group = group_of(key)
            if group in mine:
                self.keys.setdefault(group, []).append((key + digest, len(self.entries)))
        self.entries.append(_entry(holder))
        self.ranks.append((-holder.standing, holder.sort, holder.slug))

    def _mine(self, name: str) -> bool:
        found = self._is_mine.get(name)
        if found is None:
            found = self._is_mine[name] = part_of(name, self.of) == self.part
        return found

    def _push(self, holder: Holder, award: Shown) -> None:
        heap = self.newest.setdefault(award.credential, [])
        item = (award.issued, award.id, holder, award)
        if len(heap) < MOST_NEWEST:
            heapq.heappush(heap, item)
        elif item[:2] > heap[0][:2]:
            heapq.heapreplace(heap, item)


def _digest(slug: str) -> str:
    """Keeps the keys of people of one name apart, whatever order they come in."""
    return blake2b(slug.encode(), digest_size=6).hexdigest()


def _entry(holder: Holder) -> Entry:
    """A person as the files hold it: [slug, name, language, standing, award, ...]."""
    head = _text([holder.slug, holder.name, holder.language, holder.standing])[:-1]
    awards, size = [], len(head.encode()) + 2
    for award in reversed(holder.awards):
        tail = f'"{award.id}","{award.issued}"'  # letters, digits and hyphens
        if award.state != "active":
            tail += f',"{award.state}"'
        size += len(tail) + 8
        if size > _LONGEST_ENTRY:
            break
        awards.append((award.credential, tail))
    return Entry(
        head=head,
        awards=tuple(awards),
        held=len(holder.awards),
        size=size,
    )


def _state(award: Shown) -> list[str]:
    return [] if award.state == "active" else [award.state]


def _newest(heap: list[tuple[str, str, Holder, Shown]]) -> bytes:
    """Awards of one micro-credential, newest first, in no more than `MOST_BYTES`."""
    lines, size = [], 20
    for _, _, holder, award in sorted(heap, key=lambda item: item[:2], reverse=True):
        line = _text([award.id, award.issued, holder.name, holder.language, *_state(award)])
        size += len(line.encode()) + 1
        if size > MOST_BYTES:
            break
        lines.append(line)
    return f'{{"awards":[{",".join(lines)}]}}\n'.encode()


def _index(kept: _Kept, files: int) -> dict[str, Any]:
    return {
        "people": kept.people,
        "awards": kept.counts.total(),
        "credentials": files,
        "groups": sorted(kept.groups),
    }


def _credential_files(catalog: Catalog, counts: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """What can be earned and was, cut by a digest of the slug into files of about one size."""
    language = catalog.issuer.language
    earned = [slug for slug in _slugs(catalog) if counts[slug]]
    files = max(1, -(-len(earned) // _CREDENTIALS_PER_FILE))
    cut: list[list[list[Any]]] = [[] for _ in range(files)]
    for slug in earned:
        row = _credential_row(catalog, slug, counts[slug])
        cut[part_of(slug, files)].append(row)
    for number, rows in enumerate(cut):
        body = {"language": language, "credentials": rows}
        yield addresses.search_credentials(number), _json(body)


def _slugs(catalog: Catalog) -> list[str]:
    """Everything that was ever offered, in catalog order, then what is offered no more."""
    old = sorted({one.id for one in catalog.versions.values()} - set(catalog.credentials))
    return [*catalog.credentials, *old]


def _credential_row(catalog: Catalog, slug: str, awards: int) -> list[Any]:
    credential = _credential(catalog, slug)
    place = catalog.place_of(credential)
    language = catalog.issuer.language
    title = plain(pick(credential.title, language, language).words)
    area = plain(pick(place.area.title, language, language).words) if place else ""
    more = {plain(said) for said in credential.title.values()} - {title}
    return [slug, title, catalog.code_of(credential), area, awards, *sorted(more)]


def _credential(catalog: Catalog, slug: str) -> Credential:
    if slug in catalog.credentials:
        return catalog.credentials[slug]
    return max(
        (one for one in catalog.versions.values() if one.id == slug), key=lambda one: one.pinned
    )


_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json(body: Any) -> bytes:
    return (_text(body) + "\n").encode()
