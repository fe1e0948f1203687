# SPDX-License-Identifier: Apache-2.0
"""Invented careers for benchmarks: one teacher's number gives that teacher's files, and nothing else.

Pure: no file is read or written, nothing is drawn by chance, nobody depends on anybody before.
Proportions are the demo's: states of one award in each 556, a draft to each tenth award, 40 of 100
teachers public, 35 unlisted, 25 private.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from site_builder.catalog import criteria_sha256
from site_builder.model import Credential, add_period
from tests.demo.generate import review_rounds, visibility_of
from tests.demo.people import invented_name, number, random_looking_id
from tests.demo.plan import award_day, credentials_of

PER_PROGRAM = 5_000
PER_LIST, LIST_SIZE = 65_536, 131_072  # a list is left half full, as one drawn from is
YEARS = 10
# Awards of twenty teachers in turn; 80 in all.
COUNTS = (4, 3, 4, 3, 5, 1, 4, 2, 10, 4, 3, 6, 4, 3, 8, 4, 1, 3, 2, 6)
# What happened to a teacher's first award, by place among 139 teachers (556 awards).
STATES = {3: "suspended", 10: "revoked", 17: "withdrawn", 24: "superseded", 31: "renewed", 38: "expired"}  # fmt: skip
_ROUNDS = ((93, 1), (345, 2), (525, 3), (546, 4))  # the demo's rounds, summed up
_REASONS = {
    "suspended": "Under review after a question from the issuer",
    "revoked": "Issued in error",
}
# Further scripts than the lists of names have: given and family name, then romanised.
_FURTHER = (
    ("ar", ("ليلى", "layla", "يوسف", "yusuf"), ("الخطيب", "alkhatib", "حداد", "haddad")),
    ("he", ("נועה", "noa", "איתן", "eitan"), ("לוי", "levi", "פרידמן", "fridman")),
    ("hi", ("अनन्या", "ananya", "रोहन", "rohan"), ("शर्मा", "sharma", "वर्मा", "varma")),
    ("th", ("มะลิ", "mali", "สมชาย", "somchai"), ("ศรีสุข", "srisuk", "ทองดี", "thongdi")),
    ("zh", ("美玲", "meiling", "志伟", "zhiwei"), ("王", "wang", "陈", "chen")),
    ("ka", ("ნინო", "nino", "გიორგი", "giorgi"), ("ბერიძე", "beridze", "კაპანაძე", "kapanadze")),
    ("am", ("ሰላም", "selam", "ዳዊት", "dawit"), ("ተስፋዬ", "tesfaye", "በቀለ", "bekele")),
    ("vi", ("Ánh Dương", "anh duong", "Đức", "duc"), ("Nguyễn", "nguyen", "Trần", "tran")),
    ("yo", ("Adébáyọ̀", "adebayo", "Ọláwálé", "olawale"), ("Oyèlárán", "oyelaran", "Adéyẹmí", "adeyemi")),
)  # fmt: skip
_FAMILY_FIRST = {"zh", "vi"}
_AUTHORS = {"David Allen"}  # named in the catalog's texts, where `check` wants no teacher's name
Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Holder:
    """A teacher by number, with the numbers of that teacher's awards."""

    number: int
    first: int
    count: int


def holder(nth: int, awards: int) -> Holder:
    """The teacher of that number among so many awards; the last may have fewer than planned."""
    cycle, place = divmod(nth, len(COUNTS))
    first = cycle * sum(COUNTS) + sum(COUNTS[:place])
    return Holder(nth, first, max(0, min(COUNTS[place], awards - first)))


def holders(awards: int) -> int:
    """How many teachers it takes for so many awards."""
    cycle, left = divmod(awards, sum(COUNTS))
    place = next(n for n in range(len(COUNTS) + 1) if sum(COUNTS[:n]) >= left)
    return cycle * len(COUNTS) + place


def status_entry(award: int) -> Value:
    """The place in a status list of the award of that number; no two have the same."""
    full, place = divmod(award, PER_LIST)
    return {"list": full, "index": (place * 81_043 + 12_345) % LIST_SIZE}


class Careers:
    """Files of any teacher, by path.

    Args:
        versions: the catalog's credentials by pinned name.
        seed: another seed, other people.
    """

    def __init__(self, versions: Mapping[str, Credential], seed: int = 0) -> None:
        by_code = {(one.code or "").lower(): one for one in versions.values()}
        self.teams = [by_code[f"{area}{n}"] for area in "abc" for n in range(1, 7)]
        self.emerging = [by_code[f"d{n}"] for n in range(1, 5)]
        self.single = by_code["e1"]
        sample = by_code["s1"].id
        self.samples = (versions[f"{sample}@1.0.0"], versions[f"{sample}@2.0.0"])
        self.criteria = {name: criteria_sha256(one, "en") for name, one in versions.items()}
        self.seed = f"benchmark-{seed}"

    def files(self, who: Holder) -> Iterator[tuple[str, Value]]:
        """The teacher's file, then one for each award, then perhaps one for a draft."""
        career = Career(self, who)
        yield f"awards/teachers/{career.id}.yml", career.teacher()
        folder = f"awards/{career.year}-{(career.year + 1) % 100:02d}/{career.program}"
        for award_id, value in career.awards():
            yield f"{folder}/{award_id}.yml", value
        if who.number % 5 in (1, 3):
            draft_id, value = career.draft()
            yield f"{folder}/{draft_id}.yml", value


def program_of(award: int) -> tuple[str, int]:
    """Id and first year of the programme of the award of that number."""
    group = award // PER_PROGRAM
    return f"leaders-{group + 1:04d}", 2015 + group % YEARS


class Career:
    """One teacher of `Careers`."""

    def __init__(self, among: Careers, who: Holder) -> None:
        self.among, self.who = among, who
        self.key = f"{among.seed}-t{who.number}"
        self.id = random_looking_id(f"teacher:{self.key}")
        self.program, self.year = program_of(who.first)
        self.visibility = visibility_of(who.number)
        self.state = STATES.get(who.number % 139, "active")
        if self.state in ("superseded", "renewed") and who.count < 2:
            self.state = "active"
        self.credentials = self._credentials()
        self.days = self._days()
        self.award_ids = [self._id("award", nth) for nth in range(who.count)]
        self.shows_evidence = (
            self.visibility != "private" and number(f"evidence:{self.key}", 4) == 0
        )

    def _id(self, what: str, nth: int) -> str:
        return random_looking_id(f"{what}:{self.key}:{nth}")

    def _credentials(self) -> list[Credential]:
        nth, count, among = self.who.number, self.who.count, self.among
        if count == 1 and nth % 3 == 0:
            return [among.single]
        members = among.emerging if count <= 4 else among.teams
        codes = [str(place) for place in range(len(members))]
        found = [members[int(one)] for one in credentials_of(codes, count, nth, nth)]
        sampled = {"superseded": among.samples, "renewed": among.samples, "expired": among.samples[:1]}  # fmt: skip
        special = list(sampled.get(self.state, ()))
        return special + found[len(special) :]

    def _days(self) -> list[dt.date]:
        window = dt.date(self.year, 10, 5), dt.date(self.year + 1, 6, 24)
        count = self.who.count
        days = [award_day(window, self.who.number % 40, nth, count) for nth in range(count)]
        if self.state in ("superseded", "renewed"):
            days[:2] = dt.date(self.year, 10, 12), dt.date(self.year + 1, 6, 2)
        return days

    def teacher(self) -> Value:
        """The teacher's own file."""
        name, sort = _name(self.key)
        value: Value = {"name": name, "sort": sort}
        if self.visibility == "public":
            family, _, given = sort.partition(" ")
            base = re.sub(r"[^a-z0-9]+", "-", f"{given} {family}").strip("-")[:48]
            value["handle"] = f"{base.strip('-') or 'holder'}-{self.who.number}"
        value["visibility"] = self.visibility
        if self.visibility != "private":
            covers = ["profile", "awards"]
            covers += ["level"] * (number(f"level:{self.key}", 3) == 0)
            covers += ["evidence"] * self.shows_evidence
            form = f"form-{number(f'form:{self.key}', 900) + 100}"
            since = str(max(self.days))
            value["consent"] = [{"on": since, "text": "consent-2015", "covers": covers, "by": form}]
        if self.visibility == "public" and self.who.number % 4 == 0 and self.who.count > 3:
            shown = self.award_ids[-3:]
            value["collections"] = [{"title": "Work I would like to show", "awards": shown}]
        if self.visibility == "public" and number(f"registration:{self.key}", 3) == 0:
            years = {"from": f"{self.year}-07-01", "until": f"{self.year + 5}-06-30"}
            value["registration"] = {"scheme": "ctle-hours", **years}
        return value

    def awards(self) -> Iterator[tuple[str, Value]]:
        """Every award with its id."""
        for nth, award_id in enumerate(self.award_ids):
            yield award_id, self._award(nth)

    def _award(self, nth: int) -> Value:
        credential, day = self.credentials[nth], self.days[nth]
        key = f"{self.key}:{nth}"
        draw = number(f"rounds:{key}", _ROUNDS[-1][0])
        count = next(rounds for below, rounds in _ROUNDS if draw < below)
        rounds = review_rounds(key, credential, count, day, "met")
        levels = rounds[-1].get("criteria") or rounds[-1]["scores"][0]["criteria"]
        value: Value = {
            "teacher": self.id,
            "credential": credential.pinned,
            "program": self.program,
            "criteria_sha256": self.among.criteria[credential.pinned],
            "salt": self._id("salt", nth),
            "status_list": status_entry(self.who.first + nth),
            "rounds": rounds,
            "issued": str(day),
        }
        if credential.validity:
            value["expires"] = str(add_period(day, credential.validity))
        leads = all(level == "leading" for level in levels.values())
        value["level"] = "leading" if leads else "proficient"
        value["evidence"] = [self._evidence(nth, credential)]
        if self.state == "renewed" and nth == 1:
            value["renews"] = self.award_ids[0]
        value["status"] = self._status(nth)
        return value

    def _evidence(self, nth: int, credential: Credential) -> Value:
        item = credential.evidence[-1]
        found: Value = {"for": item.id, "title": (item.title or item.text)["en"]}
        found["visibility"] = "private"
        if self.shows_evidence and number(f"shown:{self.key}:{nth}", 3) == 0:
            place = self._id("evidence", nth)[:12]
            found["url"] = f"https://learningworks.example.org/evidence/{place}"
            found["visibility"] = "public"
        return found

    def _status(self, nth: int) -> Value:
        if nth or self.state in ("active", "renewed", "expired"):
            return {"state": "active"}
        if self.state == "superseded":
            return {"state": self.state, "on": str(self.days[1]), "by": self.award_ids[1]}
        on = str(self.days[0] + dt.timedelta(days=30))
        reason = {"reason": _REASONS[self.state]} if self.state in _REASONS else {}
        return {"state": self.state, "on": on, **reason}

    def draft(self) -> tuple[str, Value]:
        """Work that was returned once or twice and is not an award."""
        held = {one.id for one in self.credentials}
        offset = self.who.number % len(self.among.teams)
        order = self.among.teams[offset:] + self.among.teams[:offset]
        credential = next(one for one in order if one.id not in held)
        key, day = f"{self.key}:draft", dt.date(self.year + 1, 6, 10)
        count = 1 + number(f"open:{key}", 2)
        return random_looking_id(key), {
            "teacher": self.id,
            "credential": credential.pinned,
            "program": self.program,
            "rounds": review_rounds(key, credential, count, day, "revise"),
        }


def _name(key: str) -> tuple[str, str]:
    """A display name and its sort form; one in six is in a script the demo's lists lack."""
    if number(f"further:{key}", 6):
        return invented_name(key, set(_AUTHORS))
    script, given, family = _FURTHER[number(f"script:{key}", len(_FURTHER))]
    first, last = (2 * number(f"{part}:{key}", 2) for part in ("given", "family"))
    pair = (given[first], family[last])
    joint = "" if script == "zh" else " "
    name = joint.join(reversed(pair) if script in _FAMILY_FIRST else pair)
    return name, f"{family[last + 1]} {given[first + 1]}"
