# SPDX-License-Identifier: Apache-2.0
"""A made-up catalog of two credentials, and how to read the pages made from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.model import Award, Credential, Framework, Issuer, Pathway, Program, Teacher
from site_builder.pages.stamped import StampedPages

SITE = Site("https://badges.example.org")
QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img"><title>QR code</title></svg>'
AWARD_ID = "4kq7x2m5v3n8c6t9w2z7y4r3pa"
LATEST_ID = "8jt3e9m5n7q2r4v6w0y1z3c5db"
NEWER_ID = "7hs2d9k4m6p1q3t5v8x0z2b4ca"
TEACHER_ID = "9c3d5f7g1h2j4k6m8n0p2q4r6s"


def issuer(**fields: Any) -> Issuer:
    return Issuer.model_validate(
        {
            "name": "Learning Works",
            "type": "nonprofit",
            "base_url": SITE.base_url,
            "url": "https://learningworks.example.org",
            "contact": "badges@example.org",
            "region": {"country": "US"},
        }
        | fields
    )


def framework() -> Framework:
    competency = {"id": "norms", "code": "A.1", "title": "Norms", "statement": "Sets norms."}
    second = {"id": "protocols", "code": "A.2", "title": "Protocols", "statement": "Runs them."}
    area = {
        "id": "teams",
        "code": "A",
        "title": "Leading teams",
        "competencies": [competency, second],
    }
    return Framework.model_validate(
        {
            "id": "lead",
            "version": "1.0.0",
            "status": "published",
            "title": "Leadership",
            "areas": [area],
        }
    )


def credential(slug: str, competency: str, **fields: Any) -> Credential:
    levels = [
        {"id": one, "rank": rank}
        for rank, one in enumerate(("emerging", "proficient", "leading"), 1)
    ]
    criterion = {
        "id": "c1",
        "title": "Names the norms",
        "descriptors": {"proficient": "Three are named."},
    }
    return Credential.model_validate(
        {
            "id": slug,
            "class": "micro",
            "version": "1.1.0",
            "effective": "2015-01-01",
            "status": "active",
            "title": f"Running {slug}",
            "statement": "The educator runs a meeting.",
            "competencies": [competency],
            "workload": {"hours": {"min": 10, "typical": 15, "max": 20}},
            "credit": [{"scheme": "ctle-hours", "authority": "State office", "amount": 15}],
            "rubric": {
                "levels": levels,
                "pass": {"every_criterion": "proficient"},
                "criteria": [criterion],
            },
        }
        | fields
    )


def teacher(**fields: Any) -> Teacher:
    return Teacher.model_validate(
        {"id": TEACHER_ID, "name": "Maya Osei-Łukasik", "handle": "maya", "visibility": "public"}
        | fields
    )


def award(**fields: Any) -> Award:
    return Award.model_validate(
        {
            "id": AWARD_ID,
            "teacher": TEACHER_ID,
            "credential": "protocol@1.1.0",
            "program": "suburb",
            "issued": "2016-03-14",
            "level": "leading",
            "note": "internal canary",
            "evidence": [{"for": "e1", "title": "Notes of the meeting", "visibility": "public"}],
        }
        | fields
    )


def consenting(*covers: str) -> list[dict[str, Any]]:
    return [{"on": "2016-03-01", "text": "consent-1", "covers": list(covers), "by": "self"}]


def catalog(*awards: Award, person: Teacher | None = None, **fields: Any) -> Catalog:
    credentials = {
        one.id: one
        for one in (credential("norms-set", "norms"), credential("protocol", "protocols"))
    }
    program = {
        "id": "suburb", "title": "Teacher leadership, 2015-16", "school_year": "2015-16",
        "partner": {"name": "Millbrook", "type": "district"}, "starts": "2015-09-01",
        "ends": "2016-06-30", "status": "completed", "participation": "optional",
    }  # fmt: skip
    pathway = {
        "id": "leader",
        "version": "1.0.0",
        "title": "Team leader",
        "requires": {"all_in": {"area": "teams"}},
    }
    one = person or teacher()
    return replace(
        Catalog(
            issuer=issuer(),
            frameworks={"lead": framework()},
            credentials=credentials,
            versions={one.pinned: one for one in credentials.values()},
            pathways={"leader": Pathway.model_validate(pathway)},
            programs={"suburb": Program.model_validate(program)},
            teachers={one.id: one},
            awards={one.id: one for one in awards},
        ),
        **fields,
    )


def page_of(one: Award, person: Teacher | None = None, *others: Award) -> str:
    return StampedPages(catalog(one, *others, person=person), SITE).award(one, qr_svg=QR)


def backpack_of(*awards: Award, person: Teacher | None = None) -> str:
    who = person or teacher()
    return StampedPages(catalog(*awards, person=who), SITE).backpack(who, qr_svg=QR)


def parsed(page: str) -> Element:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True)
    root: Element = parser.parse(page)
    return root


def words(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def skeleton(element: Element) -> Any:
    """Elements and the names of their attributes, without any text."""
    return (str(element.tag), sorted(element.attrib), [skeleton(child) for child in element])


def metas(root: Element) -> dict[str, str]:
    found = root.iter("meta")
    return {one.get("property") or one.get("name") or "": one.get("content") or "" for one in found}
