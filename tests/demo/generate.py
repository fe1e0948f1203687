# SPDX-License-Identifier: Apache-2.0
"""Writes the demo's awards/ from the allocation plan, the names and the catalog.

Run `python -m tests.demo.generate` in the repository's root. The same input gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import yaml

from site_builder.catalog import criteria_sha256
from site_builder.documents import Document, parse, yaml_text
from site_builder.model import Credential
from site_builder.sources import read_tree
from tests.demo.people import handle, invented_name, number, random_looking_id
from tests.demo.plan import Earner, PlannedAward, earners, unfinished
from tests.demo.samples import sample_files

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
LIST_SIZE = 131_072
Files = dict[str, dict[str, Any]]


def plan() -> dict[str, Any]:
    """The allocation plan; not one of our records, so read with plain YAML and its number keys."""
    found: dict[str, Any] = yaml.safe_load((HERE / "allocation.yml").read_text("utf-8"))
    return found


def credentials(root: Path) -> dict[str, Credential]:
    """Current credentials of the catalog by slug, read without their awards."""
    found = {}
    for source in read_tree(root).sources:
        if source.kind == "credential" and "@" not in source.id:
            document = parse(source.path, source.data)
            if isinstance(document, Document):
                found[source.id] = Credential.model_validate({**document.value, "id": source.id})
    return found


class Demo:
    """Collects the files of awards/ by path."""

    def __init__(self, root: Path) -> None:
        self.files: Files = {}
        self.by_code: dict[str, Credential] = {}
        self.years: dict[str, str] = {}
        self.indexes: set[int] = set()
        self.names: set[str] = set()
        self.handles: set[str] = set()
        for one in credentials(root).values():
            self.by_code[(one.code or "").lower()] = one
        # The plan names emerging-leader credentials e1 to e4 and Assessment Matters' m1.
        for number_ in range(1, 5):
            self.by_code[f"plan-e{number_}"] = self.by_code[f"d{number_}"]
        self.by_code["plan-m1"] = self.by_code["e1"]

    def credential(self, code: str) -> Credential:
        return self.by_code.get(f"plan-{code}") or self.by_code[code]

    def status_index(self, key: str) -> int:
        """A free place in the first status list; drawn from the key, so repeatable."""
        attempt = 0
        while (index := number(f"status:{key}:{attempt}", LIST_SIZE)) in self.indexes:
            attempt += 1
        self.indexes.add(index)
        return index

    def teacher(self, key: str, visibility: str, since: dt.date, awards: list[str]) -> str:
        """Adds a teacher's file and gives the id."""
        teacher_id = random_looking_id(f"teacher:{key}")
        name, sort = invented_name(key, self.names)
        value: dict[str, Any] = {"name": name, "sort": sort}
        if visibility == "public":
            value["handle"] = handle(sort, self.handles)
        value["visibility"] = visibility
        if visibility != "private":
            covers = ["profile", "awards"]
            covers += ["level"] * (number(f"level:{key}", 3) == 0) + ["evidence"] * (
                number(f"evidence:{key}", 4) == 0
            )
            form = f"form-{number(f'form:{key}', 900) + 100}"
            value["consent"] = [
                {"on": str(since), "text": "consent-2015", "covers": covers, "by": form}
            ]
        if visibility == "public" and len(awards) > 3 and number(f"collection:{key}", 4) == 0:
            value["collections"] = [{"title": "Work I would like to show", "awards": awards[:3]}]
        if visibility == "public" and number(f"registration:{key}", 3) == 0:
            value["registration"] = {
                "scheme": "ctle-hours",
                "from": "2015-07-01",
                "until": "2020-06-30",
            }
        self.files[f"awards/teachers/{teacher_id}.yml"] = value
        return teacher_id

    def award(
        self, program: str, key: str, teacher_id: str, code: str, rounds: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Adds a file for one piece of work and gives its value, to be completed by an award."""
        credential = self.credential(code)
        value: dict[str, Any] = {
            "teacher": teacher_id,
            "credential": credential.pinned,
            "program": program,
        }
        if program == "suburb-teacher-leaders":
            value["cohort"] = "c1"
        value["rounds"] = rounds
        award_id = random_looking_id(f"award:{key}:{credential.id}")
        self.files[f"awards/{self.years[program]}/{program}/{award_id}.yml"] = value
        return value


FEEDBACK = (
    "Point to the place in the evidence where this can be seen.",
    "The claim is there; the example that carries it is not. Add one from your own team.",
    "Say what you decided, and then what made you decide it.",
    "Two of the attachments say the same thing. Keep one and add what came next.",
    "The plan names a goal. Name the sign by which you would know it was reached.",
    "Describe what the others did, not only what you did.",
    "The notes stop before the decision. Add who took which step and by when.",
    "Compare the two dates: what was different the second time?",
    "Separate what you saw from what you make of it.",
    "This could have been written before the meeting. Add what surprised you.",
)


def review_rounds(
    key: str, credential: Credential, count: int, last_day: dt.date, last: str
) -> list[dict[str, Any]]:
    """Review rounds ending on `last_day`, two weeks apart, the last with outcome `last`."""
    if credential.rubric is None:
        return []
    criteria = [one.id for one in credential.rubric.criteria]
    found = []
    for nth in range(count):
        decided = last_day - dt.timedelta(days=14 * (count - 1 - nth))
        is_last = nth == count - 1
        outcome = last if is_last else "revise"
        one: dict[str, Any] = {
            "submitted": str(decided - dt.timedelta(days=7)),
            "decided": str(decided),
            "outcome": outcome,
        }
        levels = _levels(f"{key}:{nth}", criteria, met=outcome == "met")
        two = credential.assessment is not None and credential.assessment.assessors > 1
        who = [
            f"assessor-{number(f'assessor:{key}:{step}', 12) + 1}"
            for step in range(2 if two else 1)
        ]
        if two and who[0] != who[1]:
            one["scores"] = [{"by": name, "criteria": levels} for name in who]
        else:
            one["assessors"], one["criteria"] = who[:1], levels
        below = [criterion for criterion, level in levels.items() if level == "developing"]
        if below:
            one["feedback"] = {
                criterion: FEEDBACK[number(f"feedback:{key}:{nth}:{criterion}", len(FEEDBACK))]
                for criterion in below
            }
        found.append(one)
    return found


def _levels(key: str, criteria: list[str], *, met: bool) -> dict[str, str]:
    levels = {
        criterion: "leading" if number(f"lead:{key}:{criterion}", 5) < 2 else "proficient"
        for criterion in criteria
    }
    if not met:
        for criterion in {
            criteria[number(f"below:{key}:{step}", len(criteria))] for step in range(2)
        }:
            levels[criterion] = "developing"
    return {criterion: levels[criterion] for criterion in criteria}


def complete(
    demo: Demo, value: dict[str, Any], key: str, planned: PlannedAward, *, shows_evidence: bool
) -> None:
    """Turns reviewed work into an award: criteria hash, salt, status index, date, level."""
    credential = demo.credential(planned.credential)
    last = value["rounds"][-1]
    levels = last.get("criteria") or last["scores"][0]["criteria"]
    rounds = value.pop("rounds")
    value["criteria_sha256"] = criteria_sha256(credential, "en")
    value["salt"] = random_looking_id(f"salt:{key}:{credential.id}")
    value["status_list"] = {"list": 0, "index": demo.status_index(f"{key}:{credential.id}")}
    value["rounds"] = rounds
    value["issued"] = str(planned.day)
    value["level"] = (
        "leading" if all(level == "leading" for level in levels.values()) else "proficient"
    )
    item = credential.evidence[-1]
    evidence: dict[str, Any] = {"for": item.id, "title": (item.title or item.text)["en"]}
    evidence["visibility"] = "private"
    if shows_evidence and number(f"shown:{key}:{credential.id}", 3) == 0:
        evidence["url"] = (
            f"https://learningworks.example.org/evidence/{random_looking_id(f'evidence:{key}:{credential.id}')[:12]}"
        )
        evidence["visibility"] = "public"
    value["evidence"] = [evidence]
    value["status"] = {"state": "active"}


def visibility_of(index: int) -> str:
    """The plan's `order.visibility`."""
    place = index % 20
    return "public" if place < 8 else "unlisted" if place < 15 else "private"


def build(root: Path = ROOT) -> dict[str, bytes]:
    """Every file of awards/ by path."""
    demo, wanted = Demo(root), plan()
    demo.years = {one["id"]: one["school_year"] for one in wanted["programs"]}
    everybody = earners(wanted)
    for earner in everybody:
        _earner(demo, earner)
    _unfinished(demo, wanted, everybody)
    demo.files.update(sample_files(demo.status_index, demo.by_code["s1"], root))
    return {path: yaml_text(value).encode() for path, value in sorted(demo.files.items())}


def _earner(demo: Demo, earner: Earner) -> None:
    visibility = visibility_of(earner.index)
    ids = [
        random_looking_id(f"award:{earner.key}:{demo.credential(one.credential).id}")
        for one in earner.awards
    ]
    since = max(one.day for one in earner.awards)
    teacher_id = demo.teacher(earner.key, visibility, since, ids)
    consent = demo.files[f"awards/teachers/{teacher_id}.yml"].get("consent")
    shows = bool(consent) and "evidence" in consent[0]["covers"]
    for planned in earner.awards:
        credential = demo.credential(planned.credential)
        key = f"{earner.key}:{credential.id}"
        rounds = review_rounds(key, credential, planned.rounds, planned.day, "met")
        value = demo.award(earner.program, earner.key, teacher_id, planned.credential, rounds)
        complete(demo, value, earner.key, planned, shows_evidence=shows)


def _unfinished(demo: Demo, wanted: dict[str, Any], everybody: list[Earner]) -> None:
    for program, earner, nth, code, day in unfinished(wanted, everybody):
        if earner is not None:
            key = earner.key
            teacher_id = random_looking_id(f"teacher:{key}")
        else:
            key = f"{program}-w{nth:03d}"
            teacher_id = demo.teacher(key, "private", day, [])
        credential = demo.credential(code)
        count = 1 + number(f"open:{key}:{credential.id}", 2)
        demo.award(
            program,
            key,
            teacher_id,
            code,
            review_rounds(f"open:{key}:{credential.id}", credential, count, day, "revise"),
        )


def write(root: Path = ROOT) -> int:
    """Replaces awards/ and gives the number of files."""
    files = build(root)
    folder = root / "awards"
    if folder.exists():
        shutil.rmtree(folder)
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return len(files)


if __name__ == "__main__":
    print(f"{write()} files written to awards/")
