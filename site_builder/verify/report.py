# SPDX-License-Identifier: Apache-2.0
"""A verdict: named checks, each passed, failed, not checked or with nothing there, and their sum.

The words stand in `words.json`, which the browser's verifier reads too.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from site_builder.problems import visible

Json = dict[str, Any]
State = Literal["passed", "failed", "not checked", "nothing there"]
Overall = Literal["valid", "not valid", "could not be fully checked"]
WORDS: Json = json.loads((resources.files("site_builder.verify") / "words.json").read_bytes())
CHECKS: Mapping[str, str] = WORDS["checks"]
_LONGEST = 300  # characters of a stranger's text in a sentence of ours


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        code: such as `proof.ok`; the part before the dot is the check.
        state: "failed" means that it does not hold; "not checked" that nobody here can tell.
        why: one or two full sentences.
    """

    code: str
    state: State
    why: str

    @property
    def check(self) -> str:
        return self.code.partition(".")[0]

    @property
    def label(self) -> str:
        return CHECKS[self.check]

    @property
    def state_words(self) -> str:
        """The state as readers see it; who holds a badge is always theirs to look at."""
        is_theirs = self.check == "recipient" and self.state == "nothing there"
        words: str = WORDS["states"]["recipient" if is_theirs else self.state]
        return words


def finding(code: str, **values: object) -> Finding:
    """The finding of a code in `words.json`, its sentence filled with values as `shown`."""
    return _filled(code, tuple([(name, shown(one)) for name, one in values.items()]))


@lru_cache(maxsize=4096)  # badges of one issuer have most in common
def _filled(code: str, values: tuple[tuple[str, str], ...]) -> Finding:
    state, sentence = WORDS["findings"][code]
    return Finding(code, state, sentence.format_map(dict(values)))


def shown(value: object) -> str:
    """A stranger's text as sentences of ours show it: cut, nothing in it that cannot be seen."""
    text = str(value)
    return visible(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def clause(sentence: str) -> str:
    """A sentence as it stands after a colon inside another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


_WORST: Sequence[State] = ("failed", "not checked", "passed", "nothing there")


def worst(found: Sequence[Finding]) -> Finding:
    """The finding that decides among several of one check; the first of equally bad ones."""
    return min(found, key=lambda one: _WORST.index(one.state))


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a credential says of itself; none of it is proven by standing here.

    Attributes:
        kind: such as "Open Badges 3.0"; "" where nothing could be read.
        issued, until: date-times as written, where they can be read.
        holder: name of the person it was issued to, where it gives one.
    """

    kind: str = ""
    id: str | None = None
    title: str | None = None
    issuer: str | None = None
    issuer_id: str | None = None
    host: str | None = None
    holder: str | None = None
    issued: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The verdict on one credential and on those inside it.

    Attributes:
        checks: all nine in the order of `words.json`; only `file` where that did not pass.
        parts: verdicts on embedded credentials and endorsements, which weigh like its own checks;
            those whose time is over weigh nothing, because a record tells a history.
        read_from: URL it was read from; None for a file.
        checked: the moment that counted as now.
    """

    about: About
    checks: tuple[Finding, ...]
    checked: dt.datetime
    read_from: str | None = None
    parts: tuple[Report, ...] = ()

    @property
    def overall(self) -> Overall:
        parts = [one.overall for one in self.parts if not one.is_history]
        if self.failed or "not valid" in parts:
            return "not valid"
        if any(one.state == "not checked" for one in self.checks) or set(parts) - {"valid"}:
            return "could not be fully checked"
        return "valid"

    @property
    def is_history(self) -> bool:
        """True for what is genuine and was never taken back, and whose time is over."""
        bad = [one.code for one in self.checks if one.state in ("failed", "not checked")]
        parts = [one for one in self.parts if not one.is_history]
        return bad == ["dates.ended"] and all(one.overall == "valid" for one in parts)

    @property
    def failed(self) -> list[Finding]:
        return [one for one in self.checks if one.state == "failed"]

    @property
    def headline(self) -> str:
        return self._head()[1]

    @property
    def look(self) -> str:
        """State as the style sheet names it; never shown without the headline's words."""
        return self._head()[0]

    def _head(self) -> tuple[str, str]:
        if self.is_history:
            look, words = WORDS["history"]
            return look, words.format(until=str(self.about.until)[:10])
        loud = [
            one.code
            for one in self.checks
            if one.state == "failed" or (one.check == "file" and one.state != "passed")
        ]
        for code, look, words in WORDS["headlines"] if loud else ():
            if any(one == code or (code[-1] == "." and one.startswith(code)) for one in loud):
                return look, words
        name = {"not valid": "part_failed", "could not be fully checked": "unfinished"}.get(
            self.overall, "valid_bare" if self.code("address") == "address.bare" else "valid"
        )
        if name == "valid" and any(one.is_history for one in self.parts):
            name = "valid_with_history"
        look, words = WORDS[name]
        return look, words

    def code(self, check: str) -> str | None:
        """Code of what a check found; None where the file could not be read that far."""
        return next((one.code for one in self.checks if one.check == check), None)

    def as_json(self) -> Json:
        """The report as `badges verify --json` prints it and the browser gets it."""
        about = self.about
        return {
            "overall": self.overall,
            "headline": self.headline,
            "look": self.look,
            "kind": about.kind,
            "id": about.id,
            "title": about.title,
            "issuer": about.issuer,
            "issuer_id": about.issuer_id,
            "host": about.host,
            "holder": about.holder,
            "issued": about.issued,
            "until": about.until,
            "read_from": self.read_from,
            "checked": self.checked.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "checks": [
                {
                    "check": one.check,
                    "label": one.label,
                    "code": one.code,
                    "state": one.state,
                    "why": one.why,
                }
                for one in self.checks
            ],
            "parts": [one.as_json() for one in self.parts],
        }
