# SPDX-License-Identifier: Apache-2.0
"""Whether a badge holds: an independent witness, for our own badges and other people's.

It shares with the builder only how keys, proofs and pictures are read, never what a credential of
ours looks like. Nothing is ever raised for anything a file may hold: everything is in the Report.
Opens no connection; who calls says how a URL is read.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from site_builder import baking
from site_builder.verify import credential, hosted
from site_builder.verify.forms import Forms, Known
from site_builder.verify.memory import Fetch, Memory, Run, Unreachable, Work
from site_builder.verify.reading import (
    LARGEST,
    LARGEST_PICTURE,
    Token,
    Unreadable,
    listed,
    looks_like_token,
    read_json,
    read_token,
    text_of,
)
from site_builder.verify.report import About, Finding, Report, finding

__all__ = [
    "LARGEST_PICTURE",
    "Fetch",
    "Finding",
    "FormDiffers",
    "Forms",
    "Memory",
    "Report",
    "Unreachable",
    "addresses_of_page",
    "is_no_badge",
    "unreachable",
    "verify",
    "verify_in_folder",
]

Json = dict[str, Any]
_DEEPEST = 4  # credentials inside credentials; each is canonicalised once more for each level
_PREFERRED = ("ob3", "clr", "ob2")


def verify(
    data: bytes,
    *,
    now: dt.datetime,
    fetch: Fetch,
    read_from: str | None = None,
    recipient: str | None = None,
    memory: Memory | None = None,
) -> Report:
    """The verdict on a credential: JSON, a token (JWT), or a picture that holds one.

    Args:
        data: the file as it is.
        now: the moment that counts as now, with zone.
        fetch: bytes of a URL, or raises `Unreachable`.
        read_from: the URL it was read from, after redirects; None for a file.
        recipient: name or e-mail address of who it should be about.
        memory: kept between calls of one run, so that an issuer is asked once.
    """
    run = Run(now, fetch, memory or Memory())
    return _Verdict(run, read_from, recipient).of(data)


class FormDiffers(Exception):  # noqa: N818 - our bug, with its traceback
    """A form gave another verdict than the library."""


class _Beside(Exception):  # noqa: N818 - no error
    """A file that is no badge."""


def verify_in_folder(
    data: bytes,
    *,
    now: dt.datetime,
    fetch: Fetch,
    recipient: str | None = None,
    memory: Memory | None = None,
    forms: Forms | None = None,
) -> Report | None:
    """The verdict on one of many files, as `verify` gives it; None where `is_no_badge`.

    Args:
        data, now, fetch, recipient, memory: as for `verify`.
        forms: kept between calls of one run; badges of a known form are then checked by it, and a
            sample of them by the library too. None: the library checks every one.

    Raises:
        FormDiffers: the two disagreed, which is our bug.
    """
    run = Run(now, fetch, memory or Memory())
    try:
        return _Verdict(run, None, recipient, forms=forms, passes_over=True).of(data)
    except _Beside:
        return None


def unreachable(url: str, why: str, now: dt.datetime) -> Report:
    """The verdict on a URL that could not be loaded."""
    return _stopped(finding("file.unreachable", url=url, why=why), now, url)


_PAGE = re.compile(
    r"(https?://[^/?#]+/(?:[^?#]*?/)??)(?:([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)/)?"
    r"((?:awards|backpacks)/[^/?#]+)\.html"
)
_TELLTALE = ("proof", "credentialSubject", "recipient", "badge", "verifiableCredential", "vc")
_BADGES = ("Assertion", "OpenBadgeCredential", "AchievementCredential", "ClrCredential")


def addresses_of_page(url: str) -> tuple[str, ...]:
    """Where the badge of an award's or backpack's page lies, best first; the URL itself for others.

    Pages stand once for each language below its name, badges once for all.
    """
    found = _PAGE.fullmatch(url.partition("#")[0].partition("?")[0])
    if found is None:
        return (url,)
    base, language, path = found.groups()
    folders = (f"{base}{language}/", base) if language else (base,)
    return tuple(f"{one}{path}{end}" for one in folders for end in (".json", ".ob2.json"))


def is_no_badge(data: bytes) -> bool:
    """True for files that lie beside badges: status lists, keys, classes of badges, plain pictures.

    A badge with something wrong is none of these.
    """
    try:
        if baking.is_picture(data):
            return not baking.unbake(data, most=LARGEST)
        document = read_json(data)
    except (baking.BadPicture, Unreadable):
        return False
    return _lies_beside(document)


def _lies_beside(document: Json) -> bool:
    kind = credential.kind_of(document)
    if kind is not None:
        return kind == credential.OTHER and credential.not_read(document) in credential.LISTS
    if hosted.is_assertion(document) or document.get("status") == "withdrawn":
        return False
    # Whatever a document calls itself: what could pass for a badge gets its verdict.
    return not any(one in document for one in _TELLTALE) and not any(
        one in _BADGES for one in listed(document.get("type"))
    )


def _stopped(
    found: Finding, now: dt.datetime, read_from: str | None, about: About | None = None
) -> Report:
    return Report(about=about or About(), checks=(found,), checked=now, read_from=read_from)


class _Verdict:
    """One credential, or one inside another."""

    def __init__(
        self,
        run: Run,
        read_from: str | None,
        asked: str | None,
        depth: int = 0,
        *,
        forms: Forms | None = None,
        passes_over: bool = False,
    ) -> None:
        self.run = run
        self.read_from = read_from
        self.asked = asked
        self.depth = depth
        self.forms = forms
        self.passes_over = passes_over  # raises _Beside for what is no badge
        self.is_picture = False  # then its URL is not the badge's

    def of(self, data: bytes) -> Report:
        if baking.is_picture(data):
            return self._picture(data)
        if len(data) > LARGEST:
            return self.stop(finding("file.too_big", limit=f"{LARGEST:,} bytes"))
        return self.text(data, f"{len(data):,} bytes")

    def stop(self, found: Finding, about: About | None = None) -> Report:
        return _stopped(found, self.run.now, self.read_from, about)

    def _picture(self, data: bytes) -> Report:
        self.is_picture = True
        if len(data) > LARGEST_PICTURE:
            if self.passes_over and is_no_badge(data):
                raise _Beside
            return self.stop(finding("file.too_big", limit=f"{LARGEST_PICTURE:,} bytes"))
        try:
            found = {one.kind: one.text for one in baking.unbake(data, most=LARGEST)}
        except baking.BadPicture as trouble:
            return self.stop(finding("file.bad_picture", why=f"it {trouble}"))
        text = next((found[kind] for kind in _PREFERRED if kind in found), None)
        if not found and self.passes_over:
            raise _Beside
        if text is None:
            return self.stop(finding("file.no_badge_in_picture"))
        size = f"{len(data):,} bytes"
        url = text.strip()
        if url.startswith(("https://", "http://")) and len(url) <= 2000:  # Baking 2.0, "verify"
            try:
                inner = self.run.fetch(url)
            except Unreachable as trouble:
                return self.stop(finding("file.unreachable", url=url, why=trouble))
            return _Verdict(self.run, url, self.asked).text(inner, size)
        return self.text(text.encode("utf-8", "surrogatepass"), size)

    def text(self, data: bytes, size: str) -> Report:
        if self.forms is None:
            return self._read(data, size)[0]
        known = self.forms.known(data)
        quick = self._by_form(known, size) if known is not None else None
        if known is not None and quick is not None:
            if not self.forms.is_sample(known):
                self.forms.filled += 1
                return quick
            self.forms.compared += 1
        report, document = self._read(data, size)
        if quick is not None and quick != report:
            raise FormDiffers(f"on {report.about.id}: {quick.headline}, {report.headline}")
        if known is None and document is not None:
            self._learn(data, document, report, size)
        return report

    def _read(self, data: bytes, size: str) -> tuple[Report, Json | None]:
        """The verdict by the library, and the document where it is no token."""
        try:
            if looks_like_token(data):
                token = read_token(data)
                return self.document(token.credential, size, token), None
            document = read_json(data)
        except Unreadable as trouble:
            return self.stop(finding("file.unreadable", why=trouble)), None
        if self.passes_over and not self.is_picture and _lies_beside(document):
            raise _Beside
        return self.document(document, size), document

    def _by_form(self, known: Known, size: str) -> Report | None:
        """The verdict by a form; None where the signature does not hold by it."""
        document = known.document
        apart = replace(self.run, work=Work())  # the library's work must not hang on whether it did
        checks = credential.judge(document, credential.BADGE, apart, asked=self.asked, known=known)
        report = self._report(credential.about(document, credential.BADGE), size, checks)
        return report if report.code("proof") == "proof.ok" else None

    def _learn(self, data: bytes, document: Json, report: Report, size: str) -> None:
        """Keeps the form of a well signed badge if it gives the very verdict of the library."""
        found = {one.check: one for one in report.checks}
        is_fit = (
            report.about.kind == credential.BADGE
            and found["proof"].code == "proof.ok"
            and found["schema"].state == "passed"
            and not report.parts
        )
        if self.forms is None or not is_fit:
            return
        known = self.forms.proposed(data, document, found["schema"])
        if known is not None and self._by_form(known, size) == report:
            self.forms.keep(known.form)

    def document(self, document: Json, size: str, token: Token | None = None) -> Report:
        name = text_of(document.get("id"))
        if document.get("status") == "withdrawn" and "type" not in document:
            return self.stop(finding("file.withdrawn"), About(id=name))
        other = credential.not_read(document) or hosted.not_read(document)
        if token is not None and hosted.is_assertion(document):
            other = f"Signed {hosted.KIND}"
        if other is not None:
            return self.stop(finding("file.kind_not_read", kind=other), About(id=name))
        kind = credential.kind_of(document)
        if kind is not None:
            return self._credential(document, kind, size, token)
        if hosted.is_assertion(document):
            place = None if self.is_picture else self.read_from
            about, checks = hosted.judge(document, self.run, place, self.asked)
            return self._report(about, size, checks)
        types = ", ".join(str(one) for one in listed(document.get("type"))) or "nothing"
        return self.stop(finding("file.not_a_badge", why=f"it calls itself {types}"))

    def _credential(self, document: Json, kind: str, size: str, token: Token | None) -> Report:
        checks = credential.judge(
            document,
            kind,
            self.run,
            token=token,
            read_from=self.read_from,
            asked=self.asked,
        )
        inside = tuple(self._part(one, kind) for one in credential.parts(document))
        return self._report(credential.about(document, kind), size, checks, inside)

    def _report(
        self, about: About, size: str, checks: list[Finding], inside: tuple[Report, ...] = ()
    ) -> Report:
        return Report(
            about=about,
            checks=(finding("file.ok", kind=about.kind, size=size), *checks),
            checked=self.run.now,
            read_from=self.read_from,
            parts=inside,
        )

    def _part(self, one: Any, outer: str) -> Report:
        """The verdict on an embedded credential; who was asked for holds it in a learner record."""
        asked = self.asked if outer == credential.RECORD else None
        if isinstance(one, dict) and credential.kind_of(one) == credential.ENDORSEMENT:
            asked = None
        part = _Verdict(self.run, None, asked, self.depth + 1)
        if self.depth >= _DEEPEST:
            return part.stop(finding("file.kind_not_read", kind="A credential so deep inside"))
        if isinstance(one, str):
            return part.text(one.encode("utf-8", "surrogatepass"), "inside this file")
        if not isinstance(one, dict):
            return part.stop(finding("file.not_a_badge", why="it is no object"))
        if hosted.is_assertion(one):
            return part.stop(finding("file.kind_not_read", kind=hosted.KIND))
        return part.document(one, "inside this file")
