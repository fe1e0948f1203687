# SPDX-License-Identifier: Apache-2.0
"""`badges verify`: whether badges hold, ours or anybody's, one or a folder full."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from site_builder.commands import verdicts
from site_builder.commands.network import Missing, Network
from site_builder.commands.shared import counted
from site_builder.commands.site_folder import SiteFolder
from site_builder.commands.verdicts import Verdict
from site_builder.problems import EnvironmentProblem, UsageProblem, visible
from site_builder.verify import (
    LARGEST_PICTURE,
    Fetch,
    Memory,
    Report,
    Unreachable,
    addresses_of_page,
    is_no_badge,
    unreachable,
)
from site_builder.verify import verify as judge

EXAMPLES = """\b
Examples:
  badges verify https://badges.example.org/awards/4kq7x2m5v3n8c6t9w2z7y4r3pa.html
  badges verify badge.png --online            a picture somebody sent; its issuer is asked
  badges verify badge.json --recipient "Ada Okafor"
  badges verify inbox/ --online --csv verdicts.csv
  badges verify site/awards --offline site    before you publish; nobody is asked
  badges verify - --json < badge.json

\b
Exit codes: 0 all valid, 1 any not valid, 6 some could not be fully checked, 2 wrong use.
"""
_SUFFIXES = frozenset({".json", ".png", ".svg", ".jwt"})


@click.command(epilog=EXAMPLES)
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--online", is_flag=True, help="Let the issuers of files be asked over the network.")
@click.option(
    "--offline",
    "site",
    metavar="SITE",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder with a built site: it answers in its host's place, and no network is used.",
)
@click.option("--recipient", metavar="WHO", help="Name or e-mail address of who should hold it.")
@click.option("--at", "when", metavar="DATE", help="Judge as of that day instead of now.")
@click.option("--json", "wants_json", is_flag=True, help="The whole report for programs.")
@click.option("--csv", "table", metavar="FILE", help="A table for a spreadsheet; - writes it here.")
def verify(
    targets: tuple[str, ...],
    site: Path | None,
    recipient: str | None,
    when: str | None,
    table: str | None,
    *,
    online: bool,
    wants_json: bool,
) -> int:
    """Check whether badges hold: Open Badges 3.0 and 2.0, learner records, ours or anybody's.

    TARGET is a URL (of an award's page, of its JSON or of a picture), a file, a picture, a folder,
    or - for standard input. A URL is read over the network with the keys and lists it names; for a
    file nobody is asked unless you say so with --online.
    """
    if online and site:
        raise UsageProblem("--online and --offline exclude each other.")
    if recipient is not None and not recipient.strip():
        raise UsageProblem("--recipient needs a name or an e-mail address.")
    if wants_json and table == "-":
        raise UsageProblem("--json and --csv - both write here; give the table a file.")
    now = _moment(when)
    session = _Session(SiteFolder(site) if site else None, recipient, online=online, now=now)
    started = time.perf_counter()
    found = list(session.verdicts(targets))
    seconds = time.perf_counter() - started
    is_one = len(targets) == 1 and len(found) == 1 and not session.has_folder
    if table is not None:
        _write(table, verdicts.as_csv(found))
    if wants_json:
        said = verdicts.as_json(found, session.asked, session.passed_over, is_one=is_one)
        click.echo(said)
    elif table is None and is_one:
        click.echo(verdicts.in_full(found[0], session.asked))
    else:
        if table is None and found:
            click.echo(verdicts.table(found))
        counts = verdicts.summary(found, session.passed_over)
        said = visible(f"{counts} {session.asked} {seconds:.1f} s.")
        click.echo(said, err=table == "-")
    return verdicts.exit_code(found)


def _write(name: str, text: str) -> None:
    if name == "-":
        click.echo(text, nl=False)
        return
    try:
        # With a mark of its encoding, or Excel reads names as Latin letters.
        Path(name).write_bytes(text.encode("utf-8-sig", "backslashreplace"))
    except OSError as error:
        raise EnvironmentProblem(f"cannot write '{_shown(name)}': {error.strerror}.") from None


def _moment(text: str | None) -> dt.datetime:
    """The moment that counts as now. Never SOURCE_DATE_EPOCH: CI sets it for other reasons."""
    if text is None:
        return dt.datetime.now(dt.UTC)
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"'{_shown(text)}' is no date such as 2026-11-20.") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _nobody(_: str) -> bytes:
    raise Unreachable("not asked to go online")


@dataclass
class _Session:
    """One run: what was learned from hosts serves all its targets.

    Attributes:
        passed_over: files of folders that are no badges.
        has_folder: a folder was among the targets.
    """

    site: SiteFolder | None
    recipient: str | None
    online: bool = field(kw_only=True)
    now: dt.datetime = field(kw_only=True)
    of_files: Memory = field(default_factory=Memory)
    of_urls: Memory = field(default_factory=Memory)  # others were asked than for files
    passed_over: int = 0
    has_folder: bool = False
    has_url: bool = False

    @property
    def asked(self) -> str:
        """A sentence about where keys and lists came from."""
        if self.site is not None:
            return (
                f"Keys and lists came from the folder {self.site.folder}, which stood in for "
                f"{self.site.base}; that host was not asked."
            )
        if self.online or self.has_url:
            return "Keys and lists were asked for over the network."
        return "Nobody was asked over the network; --online does that."

    def verdicts(self, targets: Sequence[str]) -> Iterator[Verdict]:
        """The verdict on each target, and on each badge in folders."""
        for target in targets:
            if target.startswith(("https://", "http://")):
                self.has_url = True
                yield Verdict(target, self._url(target))
            elif target == "-":
                data = sys.stdin.buffer.read(LARGEST_PICTURE + 1)
                yield Verdict("standard input", self._file(data))
            elif _is(Path.is_dir, Path(target)):
                self.has_folder = True
                yield from self._folder(Path(target))
            elif _is(Path.is_file, Path(target)):
                yield Verdict(target, self._file(_read(Path(target))))
            else:
                raise UsageProblem(
                    f"there is no file or folder '{_shown(target)}'; an address begins with https://."
                )

    def _folder(self, folder: Path) -> Iterator[Verdict]:
        paths = sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in _SUFFIXES and _is(Path.is_file, path)
        )
        for path in counted(paths, "Checking", len(paths)):
            data = _read(path)
            if is_no_badge(data):
                self.passed_over += 1
            else:
                yield Verdict(path.as_posix(), self._file(data))

    def _fetch_for_files(self) -> Fetch:
        if self.site is not None:
            return self.site.fetch
        return Network().fetch if self.online else _nobody

    def _file(self, data: bytes) -> Report:
        return self._judged(data, self._fetch_for_files(), None)

    def _judged(self, data: bytes, fetch: Fetch, read_from: str | None) -> Report:
        return judge(
            data,
            now=self.now,
            fetch=fetch,
            read_from=read_from,
            recipient=self.recipient,
            memory=self.of_files if read_from is None else self.of_urls,
        )

    def _url(self, target: str) -> Report:
        """The verdict on what lies at a URL; beside it, for the page of an award."""
        read: Callable[[str], tuple[bytes, str]]
        if self.site is not None:
            site = self.site
            fetch, read = site.fetch, lambda url: (site.fetch(url), url)
        else:
            network = Network(target)
            fetch, read = network.fetch, network.read
        places = addresses_of_page(target)
        for place in places:
            try:
                data, final = read(place)
            except Unreachable as trouble:
                if place != places[-1] and (self.site or isinstance(trouble, Missing)):
                    continue
                return unreachable(place, str(trouble), self.now)
            return self._judged(data, fetch, final)
        raise AssertionError(target)  # the last address either gives something or returns above


def _shown(name: object) -> str:
    """A name of somebody's file: cut, and without what would move the cursor."""
    return visible(str(name)[:200])


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """Whether a path is a file or folder; who may not look there is told so."""
    try:
        return kind(path)
    except OSError as error:
        raise EnvironmentProblem(f"cannot read '{_shown(path)}': {error.strerror}.") from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_PICTURE + 1)
    except OSError as error:
        raise EnvironmentProblem(f"cannot read '{_shown(path)}': {error.strerror}.") from None
