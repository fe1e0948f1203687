# SPDX-License-Identifier: Apache-2.0
"""`badges verify`: whether badges hold, ours or anybody's, one or a folder full."""

from __future__ import annotations

import codecs
import datetime as dt
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from site_builder.commands import verdicts
from site_builder.commands.inbox import Batch, Judge, Terms, batches, read, shown
from site_builder.commands.network import Missing, Network
from site_builder.commands.sheet import Sheet
from site_builder.commands.verdicts import Verdict, Wish
from site_builder.problems import EnvironmentProblem, UsageProblem, visible
from site_builder.verify import (
    LARGEST_PICTURE,
    Memory,
    Report,
    Unreachable,
    addresses_of_page,
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
@click.option(
    "--thorough", is_flag=True, help="In large folders too, let the library read every badge."
)
def verify(
    targets: tuple[str, ...],
    site: Path | None,
    recipient: str | None,
    when: str | None,
    table: str | None,
    *,
    online: bool,
    wants_json: bool,
    thorough: bool,
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
    wish = Wish(row=table is None and not wants_json, csv=table is not None, json=wants_json)
    session = _Session(Judge.by(Terms(_moment(when), site, recipient, online, thorough, wish)))
    started = time.perf_counter()
    is_one = len(targets) == 1 and not _is_folder(targets[0])
    with Sheet() as sheet:
        one = session.verdict(targets[0]) if is_one else None
        for batch in session.batches(targets) if one is None else [_alone(one, wish)]:
            sheet.add(batch)
        seconds = time.perf_counter() - started
        if table is not None:
            _write(table, sheet.csv())
        if one is not None and wants_json:
            click.echo(verdicts.as_json(one, session.asked))
        elif one is not None and table is None:
            click.echo(verdicts.in_full(one, session.asked))
        elif wants_json:
            for text in sheet.json(session.asked):
                click.echo(text, nl=False)
        else:
            if table is None and sheet.badges:
                click.echo(sheet.table())
            said = visible(f"{sheet.summary()} {session.asked} {seconds:.1f} s.")
            click.echo(said, err=table == "-")
        return sheet.exit_code


def _alone(one: Verdict, wish: Wish) -> Batch:
    return Batch((verdicts.told(one, wish),))


def _write(name: str, texts: Iterable[str]) -> None:
    if name == "-":
        for text in texts:
            click.echo(text, nl=False)
        return
    try:
        with Path(name).open("wb") as file:
            file.write(codecs.BOM_UTF8)  # or Excel reads names as Latin letters
            file.writelines(one.encode("utf-8", "backslashreplace") for one in texts)
    except OSError as error:
        raise EnvironmentProblem(f"cannot write '{shown(name)}': {error.strerror}.") from None


def _moment(text: str | None) -> dt.datetime:
    """The moment that counts as now. Never SOURCE_DATE_EPOCH: CI sets it for other reasons."""
    if text is None:
        return dt.datetime.now(dt.UTC)
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"'{shown(text)}' is no date such as 2026-11-20.") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


@dataclass
class _Session:
    """One run: what was learned from hosts serves all its targets.

    Attributes:
        judge: of files.
        of_urls: what hosts said of targets that are URLs: others were asked than for files.
    """

    judge: Judge
    of_urls: Memory = field(default_factory=Memory)
    has_url: bool = False

    @property
    def asked(self) -> str:
        """A sentence about where keys and lists came from."""
        site = self.judge.site
        if site is not None:
            return (
                f"Keys and lists came from the folder {site.folder}, which stood in for "
                f"{site.base}; that host was not asked."
            )
        if self.judge.terms.is_online or self.has_url:
            return "Keys and lists were asked for over the network."
        return "Nobody was asked over the network; --online does that."

    def batches(self, targets: Sequence[str]) -> Iterator[Batch]:
        """The verdict on each target, and on each badge in folders."""
        for target in targets:
            if _is_folder(target):
                yield from batches(Path(target), self.judge)
            else:
                yield _alone(self.verdict(target), self.judge.terms.wish)

    def verdict(self, target: str) -> Verdict:
        """The verdict on a URL, a file, or what comes in."""
        if _is_url(target):
            self.has_url = True
            return Verdict(target, self._url(target))
        if target == "-":
            data = sys.stdin.buffer.read(LARGEST_PICTURE + 1)
            return Verdict("standard input", self.judge.report(data))
        if not _is(Path.is_file, Path(target)):
            raise UsageProblem(
                f"there is no file or folder '{shown(target)}'; an address begins with https://."
            )
        return Verdict(target, self.judge.report(read(target)))

    def _url(self, target: str) -> Report:
        """The verdict on what lies at a URL; beside it, for the page of an award."""
        read_at: Callable[[str], tuple[bytes, str]]
        terms, site = self.judge.terms, self.judge.site
        if site is not None:
            fetch, read_at = site.fetch, lambda url: (site.fetch(url), url)
        else:
            network = Network(target)
            fetch, read_at = network.fetch, network.read
        places = addresses_of_page(target)
        for place in places:
            try:
                data, final = read_at(place)
            except Unreachable as trouble:
                if place != places[-1] and (site or isinstance(trouble, Missing)):
                    continue
                return unreachable(place, str(trouble), terms.now)
            return judge(
                data,
                now=terms.now,
                fetch=fetch,
                read_from=final,
                recipient=terms.recipient,
                memory=self.of_urls,
            )
        raise AssertionError(target)  # the last address either gives something or returns above


def _is_url(target: str) -> bool:
    return target.startswith(("https://", "http://"))


def _is_folder(target: str) -> bool:
    return not _is_url(target) and target != "-" and _is(Path.is_dir, Path(target))


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """Whether a path is a file or folder; who may not look there is told so."""
    try:
        return kind(path)
    except OSError as error:
        raise EnvironmentProblem(f"cannot read '{shown(path)}': {error.strerror}.") from None
