# SPDX-License-Identifier: Apache-2.0
"""The Open Badges 2.0 reference validator accepts what stands and refuses what does not."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.baking import bake_png
from site_builder.build import load
from site_builder.formats import openbadges2
from site_builder.model.people_kinds import EvidenceItem, Identity
from tests.interop.published import (
    ROOT,
    Verdict,
    accepted,
    validator_python,
    verdicts,
    write_machine_files,
)
from tests.interop.tamperings import EXPIRED, LET_PASS, REFUSED, STUB, Scene

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.catalog import Catalog
    from site_builder.model import Award
    from tests.interop.signed_demo import SignedSite

pytestmark = pytest.mark.verifier

ASSERTION = ("Assertion", "BadgeClass", "Issuer")
TODAY = dt.datetime.now(dt.UTC).date()  # the validator's own clock


@dataclass(frozen=True)
class Demo:
    """The demo as published, with the validator's verdict on every assertion by award id."""

    catalog: Catalog
    site: Site
    folder: Path
    verdicts: dict[str, Verdict]

    def url(self, award: Award) -> str:
        return self.site.url(addresses.award_ob2(award.id))

    def ended(self) -> list[Award]:
        return [
            one
            for one in self.catalog.published
            if one.status.state == "active" and one.expires and one.expires < TODAY
        ]

    def standing(self) -> list[Award]:
        ended = {one.id for one in self.ended()}
        return [
            one
            for one in self.catalog.published
            if one.status.state == "active" and one.id not in ended
        ]

    def scene(self) -> Scene:
        """The first award that stands and never expires."""
        award = next(one for one in self.standing() if one.expires is None)
        credential = self.catalog.versions[award.credential]
        paths = (
            addresses.award_ob2(award.id),
            addresses.badge_class(credential),
            addresses.ISSUER_OB2,
        )
        records = [json.loads((self.folder / path).read_bytes()) for path in paths]
        return Scene(self.site.base_url, *records)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    validator_python()  # before the work of building
    catalog, _ = load(ROOT)
    assert catalog is not None
    site = Site(catalog.issuer.base_url)
    folder = write_machine_files(catalog, site, tmp_path_factory.mktemp("demo"))
    ids = [one.id for one in catalog.published]
    cases = [{"url": site.url(addresses.award_ob2(one))} for one in ids]
    found = verdicts(folder, site.base_url, cases)
    return Demo(catalog, site, folder, dict(zip(ids, found, strict=True)))


@pytest.fixture(scope="module")
def tampered(demo: Demo) -> dict[str, Verdict]:
    scene = demo.scene()
    forgeries = {name: one.forge for name, one in REFUSED.items()} | LET_PASS
    pairs = [forge(scene) for forge in forgeries.values()]
    cases = [{"url": url, "hosted": hosted} for url, hosted in pairs]
    return dict(zip(forgeries, verdicts(demo.folder, scene.base, cases), strict=True))


def test_every_award_that_stands_is_accepted_without_a_word(demo: Demo):
    standing = demo.standing()

    assert len(standing) > 400
    assert [demo.verdicts[one.id] for one in standing] == [
        accepted(demo.url(one), *ASSERTION) for one in standing
    ]


def test_every_award_that_ended_is_refused_for_its_date(demo: Demo):
    ended = demo.ended()

    assert len(ended) == 2
    for one in ended:
        said = EXPIRED.format(url=demo.url(one), expires=f"{one.expires}T23:59:59Z")
        assert (demo.verdicts[one.id].valid, demo.verdicts[one.id].errors) == (False, [said])


@pytest.mark.parametrize("state", ["suspended", "revoked", "superseded", "withdrawn"])
def test_the_stub_of_an_award_that_no_longer_stands_is_refused(demo: Demo, state: str):
    found = [one for one in demo.catalog.published if one.status.state == state]

    assert found
    for one in found:
        said = [error.format(url=demo.url(one)) for error in STUB]
        assert (demo.verdicts[one.id].valid, demo.verdicts[one.id].errors) == (False, said)


def test_each_published_award_is_one_of_these(demo: Demo):
    states = ("suspended", "revoked", "superseded", "withdrawn")
    fallen = [one for one in demo.catalog.published if one.status.state in states]

    assert len(demo.standing()) + len(demo.ended()) + len(fallen) == len(demo.verdicts)


def test_issuer_badge_classes_and_revocation_list_are_accepted_by_themselves(demo: Demo):
    classes = sorted(demo.folder.glob("credentials/*/*/badgeclass.json"))
    expected = [
        accepted(demo.site.url(addresses.ISSUER_OB2), "Issuer"),
        accepted(demo.site.url(addresses.REVOCATIONS_OB2), "RevocationList"),
        *(
            accepted(demo.site.url(one.relative_to(demo.folder).as_posix()), "BadgeClass", "Issuer")
            for one in classes
        ),
    ]

    cases = [{"url": one.url} for one in expected]
    assert verdicts(demo.folder, demo.site.base_url, cases) == expected
    assert len(classes) >= 23


@pytest.mark.parametrize("name", REFUSED)
def test_a_tampered_award_is_refused(name: str, demo: Demo, tampered: dict[str, Verdict]):
    scene, found = demo.scene(), tampered[name]
    said = [
        error.format(
            url=scene.url,
            short=f"{scene.url[:48]}...",
            badge=scene.badge["id"],
            issuer=scene.issuer["id"],
            identity=scene.assertion["recipient"]["identity"],
            base=scene.base,
        )
        for error in REFUSED[name].errors
    ]

    assert (found.valid, found.errors) == (False, said)


@pytest.mark.parametrize("name", LET_PASS)
def test_what_the_validator_lets_pass_is_known(name: str, tampered: dict[str, Verdict]):
    assert tampered[name] == accepted(tampered[name].url, *ASSERTION)


def test_a_site_below_a_path_is_accepted(demo: Demo, tmp_path: Path):
    site = Site("https://district.example.org/our/badges")
    folder = write_machine_files(demo.catalog, site, tmp_path)
    standing = demo.standing()[:20]

    expected = [accepted(site.url(addresses.award_ob2(one.id)), *ASSERTION) for one in standing]
    assert verdicts(folder, site.base_url, [{"url": one.url} for one in expected]) == expected


def test_a_picture_with_both_kinds_of_badge_is_accepted(signed_demo: SignedSite):
    demo = signed_demo
    urls = [demo.site.url(addresses.award_png(one.id)) for one in demo.of("active")[::20]]

    assert len(urls) > 20
    assert verdicts(demo.folder, demo.site.base_url, [{"url": one} for one in urls]) == [
        accepted(one, *ASSERTION) for one in urls
    ]


@pytest.mark.parametrize("state", ["suspended", "revoked", "superseded", "withdrawn"])
def test_the_picture_of_an_award_that_no_longer_stands_is_refused(
    signed_demo: SignedSite, state: str
):
    """Also the one that somebody kept from when it stood: the record it names is a stub now."""
    demo = signed_demo
    award = next(one for one in demo.catalog.published if one.status.state == state)
    stood = award.model_copy(update={"status": demo.of("active")[0].status})
    kept = json.dumps(openbadges2.assertion(stood, demo.catalog, demo.site))
    plain = demo.folder / addresses.badge_png(demo.catalog.versions[award.credential])
    picture = base64.b64encode(bake_png(plain.read_bytes(), ob2=kept)).decode()
    url = demo.site.url(addresses.award_png(award.id))
    hosted = {url: f"data:image/png;base64,{picture}"}

    cases = [{"url": url}, {"url": url, "hosted": hosted}]
    now, then = verdicts(demo.folder, demo.site.base_url, cases)
    record = demo.site.url(addresses.award_ob2(award.id))
    stub = (False, [error.format(url=record) for error in STUB])
    empty = f"Resource {url[:48]}... was an image of known type but no baked Open Badges data was"
    plain_picture = (False, [f"{empty} available"])
    assert (then.valid, then.errors) == stub
    assert (now.valid, now.errors) == (plain_picture if state == "withdrawn" else stub)


def asking_demo(demo: Demo) -> tuple[Catalog, Award]:
    """The demo with one teacher who asked for an e-mail hash and for evidence to be shown."""
    award = next(one for one in demo.standing() if demo.catalog.visibility(one) == "public")
    teacher = demo.catalog.teachers[award.teacher]
    digest = hashlib.sha256(b"maya@school.example.org" + b"sea salt").hexdigest()
    identity = Identity(
        type="emailAddress", hash=f"sha256${digest}", salt="sea salt", published=True
    )
    covers = (*teacher.consent[0].covers, "email-hash", "evidence")
    consent = teacher.consent[0].model_copy(update={"covers": covers})
    asking = teacher.model_copy(update={"identity": (identity,), "consent": (consent,)})
    evidence = EvidenceItem.model_validate(
        {
            "for": "artifact",
            "title": "Acta de la reunión 佐藤",
            "url": "https://example.org/e?q=años[1]&p=100%",
            "narrative": "Lo que **decidimos**.",
            "visibility": "public",
        }
    )
    teachers = {**demo.catalog.teachers, teacher.id: asking}
    return replace(demo.catalog, teachers=teachers), award.model_copy(
        update={"evidence": (evidence,)}
    )


def test_a_published_email_hash_is_matched_by_its_owner_and_by_nobody_else(demo: Demo):
    catalog, award = asking_demo(demo)
    url = demo.url(award)
    hosted = {url: openbadges2.assertion(award, catalog, demo.site)}
    people = [
        {"id": "_:claimant", "type": "Profile", "email": f"{one}@school.example.org"}
        for one in ("maya", "eve")
    ]

    cases = [{"url": url, "hosted": hosted, "recipient": one} for one in people]
    owner, other = verdicts(demo.folder, demo.site.base_url, cases)
    assert owner == accepted(url, *ASSERTION, "Profile")
    digest = hosted[url]["recipient"]["identity"]
    said = (
        "Profile _:claimant identifier(s) eve@school.example.org of type email did not match "
        f"assertion {url[:48]}... recipient hash {digest}."
    )
    assert (other.valid, other.errors) == (False, [said])


def test_every_other_host_is_out_of_reach(demo: Demo):
    url = "https://elsewhere.example.net/award.json"

    assert verdicts(demo.folder, demo.site.base_url, [{"url": url}]) == [
        Verdict(
            url=url,
            valid=False,
            errors=[
                f"requests.exceptions.ConnectionError: {url} cannot be reached",
            ],
            warnings=[],
            kinds=[],
            unanswered=[url],
        )
    ]


UPSTREAM = {  # the outcomes that upstream's OB20Tests assert
    "basic-assertion.json": True,
    "basic-assertion-no-public-key.json": True,
    "basic-assertion-with-allowed-origins.json": True,
    "basic-assertion-with-language.json": True,
    "assertion-with-data-image.json": False,
    "basic-assertion-expired.json": False,
    "basic-assertion-in-future.json": False,
    "basic-assertion-invalid-context.json": False,
    "basic-assertion-invalid-type.json": False,
}


def test_1edtechs_own_examples_get_1edtechs_own_verdicts():
    folder = ROOT / "tests/vectors/openbadges2/1edtech"
    picture = "http://example.org/robotics-badge.png"  # the others are named with https
    assets = {picture: "a picture"} | {
        f"{scheme}://example.org/{name}": one.read_text("utf-8")
        for scheme in ("http", "https")
        for one in (folder / "assets").glob("*.json")
        for name in (one.name, one.stem)
    }
    url = "https://example.org/beths-robotics-badge.json"
    cases = [
        {"url": url, "hosted": assets | {url: (folder / name).read_text("utf-8")}}
        for name in UPSTREAM
    ]

    found = verdicts(folder / "assets", "https://example.org", cases)
    assert {name: one.valid for name, one in zip(UPSTREAM, found, strict=True)} == UPSTREAM
