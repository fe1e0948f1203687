# SPDX-License-Identifier: Apache-2.0
"""The `samples` programme: one award in each state, outside every figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from site_builder.catalog import criteria_sha256
from site_builder.documents import Document, parse
from site_builder.model import Credential, add_period
from tests.demo.people import random_looking_id

# Chosen to show scripts and long names on a page; invented like everybody else here.
PEOPLE = {
    "active": ("Maya Osei-Łukasik", "osei-lukasik maya", "maya-osei"),
    "expired": ("ليلى منصور الخطيب", "alkhatib layla mansour", "layla-mansour"),
    "suspended": ("Tomás Rey-Abara", "rey-abara tomas", "tomas-rey-abara"),
    "revoked": ("Inés Halvorsen", "halvorsen ines", "ines-halvorsen"),
    "superseded": ("佐藤美咲", "sato misaki", "misaki-sato"),
    "renewed": ("Nguyễn Thị Ánh Dương", "nguyen thi anh duong", "anh-duong"),
    "withdrawn": (None, None, None),
    "unlisted": ("Adébáyọ̀ Oyelaran-Whitcombe", "oyelaran-whitcombe adebayo", None),
}
FIRST, LATER = "1.0.0", "2.0.0"
Award = dict[str, Any]


def sample_files(
    status_index: Callable[[str], int], current: Credential, root: Path
) -> dict[str, Award]:
    """Files of the samples programme by path: eight teachers, ten awards."""
    versions = {LATER: current, FIRST: _version(root, current.id, FIRST)}
    files: dict[str, Award] = {}

    def award(who: str, version: str, issued: str, **extra: Any) -> str:
        credential = versions[version]
        award_id = random_looking_id(f"award:sample:{who}:{version}:{issued}")
        files[f"awards/2015-16/samples/{award_id}.yml"] = _award(
            who, credential, issued, status_index, extra
        )
        return award_id

    def status(state: str, on: str, **more: str) -> Award:
        return {"status": {"state": state, "on": on, **more}}

    award("active", LATER, "2016-03-14")
    award("expired", FIRST, "2015-10-05")
    award(
        "suspended",
        LATER,
        "2016-02-08",
        **status("suspended", "2016-05-03", reason="Under review after a question from the issuer"),
    )
    award(
        "revoked", LATER, "2016-04-11", **status("revoked", "2016-06-09", reason="Issued in error")
    )
    newer = award("superseded", LATER, "2016-06-02")
    award("superseded", FIRST, "2015-11-09", **status("superseded", "2016-06-02", by=newer))
    earlier = award("renewed", FIRST, "2015-10-12")
    award("renewed", LATER, "2016-06-20", renews=earlier)
    award("withdrawn", LATER, "2016-01-25", **status("withdrawn", "2016-06-15"))
    award("unlisted", LATER, "2016-05-16")
    for who, (name, sort, handle) in PEOPLE.items():
        files[f"awards/teachers/{random_looking_id(f'teacher:sample:{who}')}.yml"] = _teacher(
            who, name, sort, handle
        )
    return files


def _teacher(who: str, name: str | None, sort: str | None, handle: str | None) -> Award:
    visibility = {"withdrawn": "private", "unlisted": "unlisted"}.get(who, "public")
    value: Award = {"name": name, "sort": sort, "handle": handle, "visibility": visibility}
    if visibility != "private":
        covers = ["profile", "awards"] + ["level"] * (who == "active")
        value["consent"] = [
            {"on": "2015-09-15", "text": "consent-2015", "covers": covers, "by": f"sample-{who}"}
        ]
    return {key: one for key, one in value.items() if one is not None}


def _version(root: Path, slug: str, version: str) -> Credential:
    path = f"catalog/credentials/{slug}@{version}.yml"
    document = parse(path, (root / path).read_bytes())
    if not isinstance(document, Document):
        raise TypeError(f"{path} cannot be read")
    return Credential.model_validate({**document.value, "id": slug})


def _award(
    who: str, credential: Credential, issued: str, status_index: Callable[[str], int], extra: Award
) -> Award:
    day = dt.date.fromisoformat(issued)
    key = f"sample:{who}:{credential.version}:{issued}"
    criteria = (
        {one.id: "proficient" for one in credential.rubric.criteria} if credential.rubric else {}
    )
    value: Award = {
        "teacher": random_looking_id(f"teacher:sample:{who}"),
        "credential": credential.pinned,
        "program": "samples",
        "criteria_sha256": criteria_sha256(credential, "en"),
        "salt": random_looking_id(f"salt:{key}"),
        "status_list": {"list": 0, "index": status_index(key)},
        "rounds": [
            {
                "submitted": str(day - dt.timedelta(days=7)),
                "decided": issued,
                "outcome": "met",
                "assessors": ["assessor-1"],
                "criteria": criteria,
            }
        ],
        "issued": issued,
        "expires": str(add_period(day, credential.validity)) if credential.validity else None,
        "level": "proficient",
    }
    value.update(extra)
    value.setdefault("status", {"state": "active"})
    return {name: one for name, one in value.items() if one is not None}
