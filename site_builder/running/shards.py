# SPDX-License-Identifier: Apache-2.0
"""What is done with one shard, wherever that runs: check it, or make its files.

Both are pure: the same shard and the same job give the same bytes in every process.
"""

from __future__ import annotations

import base64
import json
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from site_builder.addresses import Site
from site_builder.art import learned_symbols, remember_symbols
from site_builder.build.lists import Lists, Source, stamps
from site_builder.build.people import People, Rows
from site_builder.build.setting import Setting
from site_builder.cache import Cache
from site_builder.catalog import Catalog
from site_builder.catalog.census import Census
from site_builder.checks import PeopleChecked, check_people, with_people
from site_builder.directory import Roll, holders
from site_builder.documents import Document, parse
from site_builder.insights import census
from site_builder.json_text import compact
from site_builder.kept import Kept
from site_builder.problems import Problem, Unsignable
from site_builder.records import Records, read_records
from site_builder.running import versions
from site_builder.sources.scan import ShardFiles, read_file, shard_mark

if TYPE_CHECKING:
    from site_builder.publish import PartWriter
    from site_builder.signing import Signer, SignerPlan

Parsed = tuple[str, str, Document | list[Problem]]


@dataclass(frozen=True)
class Job:
    """What all shards of one run share.

    Attributes:
        root: the repository's folder.
        records: of catalog/ alone.
        catalog: of these records, references not yet checked; None without a readable issuer.
        kept: what was worked out before.
        site: public addresses.
        digest: SHA-256 over catalog/ and all code.
        signer: makes the signatures, if anybody does.
        is_preview: True for pages MkDocs serves and reloads.
    """

    root: str
    records: Records
    catalog: Catalog | None
    kept: Kept
    site: Site
    digest: str = ""
    signer: Signer | None = None
    is_preview: bool = False
    settings: dict[frozenset[str], Setting] = field(default_factory=dict, compare=False)

    def setting(self, written: frozenset[str], catalog: Catalog | None = None) -> Setting:
        """What files are made with; the same one for all shards of a process.

        Args:
            written: sources of the pages MkDocs makes.
            catalog: with the census, where the files are about all people.
        """
        if catalog is None and written in self.settings:
            return self.settings[written]
        of = catalog or self.catalog
        if of is None:
            raise ValueError("a catalog that cannot be read")
        found = Setting(
            of,
            self.site,
            Cache(self.kept),
            written=written,
            is_preview=self.is_preview,
            signer=self.signer,
        )
        if catalog is None:
            self.settings[written] = found
        return found


_job: list[Job] = []  # of this process


def begin(job: Job) -> None:
    """Called first in each process: what all its tasks share."""
    _job[:] = [job]


def begin_elsewhere(job: Job, plan: SignerPlan | None) -> None:
    """`begin` in another process, with a signer of its own made from a plan."""
    signer = plan.signer(Learned(job.kept)) if plan is not None else None
    begin(replace(job, signer=signer))
    if kept := job.kept.get(_CODES):
        code, learned = json.loads(kept)
        if code == versions.code():
            remember_symbols(learned)


_CODES = "codes"  # what was learned of QR codes
_GROWN = 50  # equations more than were kept last, before they are kept again
_kept_equations = [0]


def _keep_codes(job: Job) -> None:
    """Keeps what this process has learned of QR codes, for those after it."""
    learned = learned_symbols()
    count = sum(map(len, learned.values()))
    if count >= _kept_equations[0] + _GROWN:
        _kept_equations[0] = count
        job.kept.put(_CODES, compact([versions.code(), learned]).encode())


class Learned:
    """Where signers keep what they learned, for the processes after them.

    Args:
        kept: the folder; entries are sealed by the signer, which trusts nothing that lies here.
    """

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def get(self, key: str) -> bytes | None:
        """What was put, or None."""
        return self._kept.get(f"learned/{key}")

    def put(self, key: str, data: bytes) -> None:
        """Keeps bytes under a name of hexadecimal digits."""
        self._kept.put(f"learned/{key}", data)


@dataclass(frozen=True)
class Checked:
    """What the check of one shard came to.

    Attributes:
        people: problems, and what other shards must know.
        census: what these people add to the figures; None without a catalog.
        strays: awards whose teacher belongs to another shard than a first look said.
        holders: rows of their public backpacks, packed.
    """

    people: PeopleChecked
    census: Census | None
    strays: tuple[str, ...] = ()
    holders: bytes = b""

    def packed(self) -> bytes:
        """The outcome as JSON, for `unpacked`."""
        counted = self.census.to_json() if self.census is not None else None
        holders = base64.b64encode(self.holders).decode()
        return json.dumps([self.people.as_json(), counted, self.strays, holders]).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> Checked:
        people, counted, strays, holders = json.loads(data)
        found = Census.from_json(counted) if counted is not None else None
        return cls(PeopleChecked.from_json(people), found, tuple(strays), base64.b64decode(holders))


def sources(job: Job, shard: ShardFiles) -> Iterator[bytes]:
    """The bytes of a shard's files, in their order, from this machine's disk.

    Raises:
        EnvironmentProblem: a file cannot be read, or is not what it was.
    """
    return (read_file(job.root, one) for one in shard.files())


def documents(shard: ShardFiles, data: Iterable[bytes]) -> list[Parsed]:
    """The parsed files of a shard, sorted by path."""
    return [
        (one.kind, one.id, parse(one.path, each))
        for one, each in zip(shard.files(), data, strict=True)
    ]


def records_of(job: Job, parsed: list[Parsed]) -> tuple[Records, list[Problem]]:
    """The records of a shard's people; `unread` names the catalog's unread files too."""
    records, problems = read_records(parsed)
    records.unread |= job.records.unread
    return records, problems


def checked(
    job: Job, shard: ShardFiles, data: Iterable[bytes], *, keeps_parsed: bool = False
) -> Checked:
    """Every problem of a shard, and what its people add up to.

    Args:
        job: what all shards share.
        shard: its files.
        data: their bytes.
        keeps_parsed: True leaves what was parsed where `people` finds it.
    """
    parsed = documents(shard, data)
    records, problems = records_of(job, parsed)
    strays = tuple(
        record.id
        for record in records.of("award").values()
        if _shard_of(getattr(record.entry, "teacher", ""), shard) != shard.number
    )
    if job.catalog is None:
        return Checked(PeopleChecked(tuple(problems), array("Q")), None, strays)
    catalog = with_people(job.catalog, records)
    people = check_people(records, catalog)
    if keeps_parsed and not problems:
        job.kept.put(f"parsed/{shard.name}", _as_json(shard, parsed))
    people = replace(people, problems=(*problems, *people.problems))
    is_sound = not any(one.severity == "error" for one in people.problems)
    rows = {"holders": [one.packed() for one in holders(catalog)] if is_sound else []}
    return Checked(people, census(catalog), strays, zlib.compress(pack_rows(rows), 1))


def _shard_of(teacher: str, shard: ShardFiles) -> int:
    return int.from_bytes(shard_mark(teacher), "little") & (shard.of - 1)


def _as_json(shard: ShardFiles, parsed: list[Parsed]) -> bytes:
    """Values of documents without a problem, so that nobody parses them again."""
    values = [one.value for _, _, one in parsed if isinstance(one, Document)]
    return json.dumps([shard.digest, values], ensure_ascii=False, separators=(",", ":")).encode()


def _parsed(job: Job, shard: ShardFiles) -> list[Parsed]:
    """The documents of a checked shard: as `checked` left them, else parsed anew."""
    kept = job.kept.get(f"parsed/{shard.name}")
    if kept is None:
        return documents(shard, sources(job, shard))
    digest, values = json.loads(kept)
    if digest != shard.digest:
        return documents(shard, sources(job, shard))
    return [
        (one.kind, one.id, Document(one.path, value, b""))
        for one, value in zip(shard.files(), values, strict=True)
    ]


def people(job: Job, parsed: list[Parsed], written: frozenset[str]) -> People:
    """What is made of the people of a checked shard.

    Args:
        job: what all shards share.
        parsed: the shard's files.
        written: sources of the pages MkDocs makes.
    """
    setting = job.setting(written)
    records, _ = records_of(job, parsed)
    return People(setting, with_people(setting.catalog, records))


@dataclass(frozen=True)
class Making:
    """One shard to be made.

    Attributes:
        shard: its files.
        key: digest of all that goes into what is made of it.
        written: sources of the pages MkDocs makes.
        writer: where its files go.
    """

    shard: ShardFiles
    key: str
    written: frozenset[str]
    writer: PartWriter


def check_task(task: tuple[ShardFiles, bool]) -> bytes:
    """`checked` in a worker; its outcome crosses as bytes, as it lies in the cache."""
    shard, keeps_parsed = task
    found = checked(_job[0], shard, sources(_job[0], shard), keeps_parsed=keeps_parsed)
    return found.packed()


@dataclass(frozen=True)
class Listing:
    """One list over all people to be made, or a part of one.

    Attributes:
        name, part: which; see `build.lists.LISTS`.
        rows: rows of all shards.
        known: who is listed.
        written: sources of the pages MkDocs makes.
        writer: where its files go.
    """

    name: str
    part: int
    rows: Source
    known: Roll
    written: frozenset[str]
    writer: PartWriter


def list_task(task: Listing) -> None:
    """Writes a list over all people."""
    lists = Lists(_job[0].setting(task.written), task.rows, task.known)
    for path, data in lists.part(task.name, task.part):
        task.writer.write(path, data)
    task.writer.finish()


def make_task(task: Making) -> tuple[Problem, ...]:
    """Writes a shard's files and its rows; the problems, where an award cannot be signed."""
    made = people(_job[0], _parsed(_job[0], task.shard), task.written)
    try:
        for path, data in made.files():
            task.writer.write(path, data)
    except Unsignable as found:
        return tuple(found.problems)
    task.writer.finish(pack_rows(made.rows()))
    _keep_codes(_job[0])
    return ()


def pack_rows(rows: Rows) -> bytes:
    """Rows as they are kept beside a part: their stamps, then for each kind its name and rows."""
    marks = {name: one for kind, some in rows.items() for name, one in stamps(kind, some).items()}
    lines = [compact(marks)]
    for kind, several in rows.items():
        lines += [kind, *map(compact, several)]
    return "\n".join(lines).encode()


def stamps_of(data: bytes) -> dict[str, str]:
    """The stamps of the rows in what `pack_rows` wrote."""
    found: dict[str, str] = json.loads(data.partition(b"\n")[0])
    return found


def row_lines(data: bytes, kind: str) -> Iterator[str]:
    """The rows of one kind in what `pack_rows` wrote, each as the text of a JSON array."""
    is_wanted = False
    for line in data.decode().split("\n")[1:]:
        if not line.startswith("["):
            is_wanted = line == kind
        elif is_wanted:
            yield line
