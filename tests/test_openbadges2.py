# SPDX-License-Identifier: Apache-2.0
"""Open Badges 2.0 files say what the records say, at their own address, to whom they may."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.build import artifacts, load
from site_builder.formats import openbadges2
from tests.support import (
    AWARDS,
    PRIVATE_AWARD,
    PRIVATE_TEACHER,
    PUBLIC_AWARD,
    PUBLIC_TEACHER,
    UNLISTED_AWARD,
    UNLISTED_TEACHER,
    award,
    small_repository,
    write,
)

if TYPE_CHECKING:
    from site_builder.catalog import Catalog

CASES = Path(__file__).parent / "cases/openbadges2"
SITE = Site("https://badges.example.org")
REVOKED = "5n1b8s3x6v0k4h7d2g9w1c3z5q"
SUSPENDED = "6p2c9t4y7w1m5j8e3h0x2d4a6r"
WITHDRAWN = "8q4e1v6a9y3p7k0g5j2z4f6c8t"
HASH = "sha256$" + "ab" * 32
IDENTITY = f'identity: [{{type: emailAddress, hash: "{HASH}", salt: sea, published: %s}}]\n'
EVIDENCE = """\
evidence:
  - {for: norms, title: The norms, url: "https://example.org/e?q=años[1]&p=100%", visibility: public}
  - {for: norms, title: What changed, narrative: We met **twice**., visibility: public}
  - {for: norms, title: internal canary, url: "https://example.org/private", visibility: private}
"""
REVOCATION = "status: {state: revoked, on: 2016-06-09, reason: Issued in error}\n"
CREDENTIAL_FILE = "catalog/credentials/team-norms.yml"
FRAMEWORK_FILE = "catalog/frameworks/lead.yml"
ISSUER_FILE = "catalog/issuer.yml"
Json = dict[str, Any]


@dataclass
class Repository:
    """The small repository as text, to be changed and then published."""

    files: dict[str, str]
    root: Path
    awards: dict[str, tuple[str, str]] = field(default_factory=dict)

    def put(self, award_id: str, teacher_id: str, more: str = "") -> None:
        """An award, written when all is: it holds the fingerprint of the credential."""
        self.awards[award_id] = (teacher_id, more)

    def swap(self, path: str, old: str, new: str) -> None:
        assert old in self.files[path]
        self.files[path] = self.files[path].replace(old, new)

    def let_in(self, *covers: str, more: str = "") -> None:
        """The public teacher's consent covers more, and the teacher's file holds more."""
        path = f"awards/teachers/{PUBLIC_TEACHER}.yml"
        self.swap(path, "[profile, awards]", f"[{', '.join(('profile', 'awards', *covers))}]")
        self.files[path] += more

    def catalog(self) -> Catalog:
        for index, (one, (teacher_id, more)) in enumerate(self.awards.items(), 10):
            self.files[f"{AWARDS}/{one}.yml"] = award(
                teacher_id, index, credential=self.files[CREDENTIAL_FILE], more=more
            )
        found, problems = load(write(self.root, self.files))
        assert found is not None, [str(one) for one in problems if one.severity == "error"]
        return found

    def published(self, site: Site = SITE) -> dict[str, Json]:
        """Open Badges 2.0 files by path."""
        files = dict(artifacts(self.catalog(), site))
        return {
            path: json.loads(data)
            for path, data in files.items()
            if b"w3id.org/openbadges/v2" in data and path.endswith(".json")
        }

    def assertion(self, award_id: str = PUBLIC_AWARD) -> Json:
        catalog = self.catalog()
        return openbadges2.assertion(catalog.awards[award_id], catalog, SITE)

    def badge_class(self) -> Json:
        catalog = self.catalog()
        return openbadges2.badge_class(catalog.credentials["team-norms"], catalog, SITE)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Public, unlisted and private teachers with one award each; three more that ended."""
    repo = Repository({path: str(text) for path, text in small_repository().items()}, tmp_path)
    repo.put(PUBLIC_AWARD, PUBLIC_TEACHER)
    repo.put(UNLISTED_AWARD, UNLISTED_TEACHER)
    repo.put(PRIVATE_AWARD, PRIVATE_TEACHER)
    repo.put(REVOKED, PUBLIC_TEACHER, REVOCATION)
    repo.put(
        SUSPENDED,
        PUBLIC_TEACHER,
        "status: {state: suspended, on: 2016-05-03, reason: Under review}\n",
    )
    repo.put(WITHDRAWN, PUBLIC_TEACHER, "status: {state: withdrawn, on: 2016-06-15}\n")
    return repo


def without_consent(catalog: Catalog) -> Catalog:
    """A catalog the check would have refused: the public teacher has agreed to nothing."""
    person = catalog.teachers[PUBLIC_TEACHER].model_copy(update={"consent": ()})
    return replace(catalog, teachers={**catalog.teachers, PUBLIC_TEACHER: person})


def rich(repository: Repository) -> Repository:
    """The repository with every field our Open Badges 2.0 files can show."""
    repository.swap(ISSUER_FILE, "source:", "description: {en: We *set* norms.}\nsource:")
    repository.swap(
        FRAMEWORK_FILE,
        "title: {en: Norms},",
        "title: {en: Norms}, align: [{framework: tlms-2011, code: I, url: 'https://example.org/tlms#1'}],",
    )
    repository.swap(CREDENTIAL_FILE, "competencies:", "tags: [teams, norms]\ncompetencies:")
    repository.swap(CREDENTIAL_FILE, "workload:", "validity: P3Y\nworkload:")
    repository.let_in("evidence", "email-hash", more=IDENTITY % "true")
    for one, (teacher_id, more) in repository.awards.items():
        repository.put(one, teacher_id, f"{more}expires: 2019-03-14\n")
    repository.put(PUBLIC_AWARD, PUBLIC_TEACHER, f"{EVIDENCE}expires: 2019-03-14\n")
    return repository


@pytest.mark.parametrize(
    ("case", "path"),
    [
        ("issuer", addresses.ISSUER_OB2),
        ("revocation-list", addresses.REVOCATIONS_OB2),
        ("badge-class", "credentials/team-norms/1.0.0/badgeclass.json"),
        ("assertion", addresses.award_ob2(PUBLIC_AWARD)),
        ("stub", addresses.award_ob2(REVOKED)),
    ],
)
def test_each_kind_of_file_is_as_its_golden_copy(case: str, path: str, repository: Repository):
    made = json.dumps(rich(repository).published()[path], ensure_ascii=False, indent=2) + "\n"

    assert made == (CASES / f"{case}.json").read_text("utf-8")


@pytest.mark.parametrize("base", ["https://badges.example.org", "https://d.example.org/our/badges"])
def test_the_id_of_every_file_is_the_address_it_is_published_at(base: str, repository: Repository):
    site = Site(base)

    published = repository.published(site)
    assert {path: record["id"] for path, record in published.items()} == {
        path: f"{base}/{path}" for path in published
    }
    assert len(published) == 8  # issuer, list, badge class, and five of the six awards


def test_every_address_in_a_file_lies_below_a_base_url_with_a_path(repository: Repository):
    published = repository.published(Site("https://d.example.org/our/badges"))

    assertion = published[addresses.award_ob2(PUBLIC_AWARD)]
    badge = published["credentials/team-norms/1.0.0/badgeclass.json"]
    issuer = published[addresses.ISSUER_OB2]
    assert {
        "badge": assertion["badge"],
        "image": badge["image"],
        "criteria": badge["criteria"]["id"],
        "issuer": badge["issuer"],
        "alignment": badge["alignment"][0]["targetUrl"],
        "revocationList": issuer["revocationList"],
        "startsWith": issuer["verification"]["startsWith"],
    } == {
        "badge": "https://d.example.org/our/badges/credentials/team-norms/1.0.0/badgeclass.json",
        "image": "https://d.example.org/our/badges/credentials/team-norms/1.0.0/badge.png",
        "criteria": "https://d.example.org/our/badges/credentials/team-norms/",
        "issuer": "https://d.example.org/our/badges/issuer/ob2.json",
        "alignment": "https://d.example.org/our/badges/competencies/norms/",
        "revocationList": "https://d.example.org/our/badges/status/ob2.json",
        "startsWith": "https://d.example.org/our/badges/awards/",
    }


def test_every_address_of_ours_that_a_file_names_is_published(repository: Repository):
    catalog = repository.catalog()
    paths = {path for path, _ in artifacts(catalog, SITE)}

    records = repository.published().values()
    named = {
        record[name].removeprefix("https://badges.example.org/")
        for record in records
        for name in ("badge", "image", "issuer", "revocationList")
        if name in record
    }
    assert named - paths == set()


def test_a_private_award_and_its_teacher_are_nowhere(repository: Repository):
    text = json.dumps(repository.published(), ensure_ascii=False)

    assert [one for one in (PRIVATE_AWARD, PRIVATE_TEACHER, "Chidi") if one in text] == []


def test_nobodys_name_or_file_name_stands_in_any_file(repository: Repository):
    text = json.dumps(repository.published(), ensure_ascii=False)

    people = (PUBLIC_TEACHER, UNLISTED_TEACHER, "Okafor", "ada-okafor", "Solheim")
    assert [one for one in people if one in text] == []


def test_an_unlisted_award_has_its_file_and_stands_in_no_other(repository: Repository):
    published = repository.published()

    holding = [path for path, record in published.items() if UNLISTED_AWARD in json.dumps(record)]
    assert holding == [addresses.award_ob2(UNLISTED_AWARD)]


def test_a_revoked_unlisted_award_has_its_stub_but_is_not_in_the_revocation_list(
    repository: Repository,
):
    repository.put(UNLISTED_AWARD, UNLISTED_TEACHER, REVOCATION)
    published = repository.published()

    assert published[addresses.award_ob2(UNLISTED_AWARD)] == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"https://badges.example.org/awards/{UNLISTED_AWARD}.ob2.json",
        "revoked": True,
        "revocationReason": "Revoked on 9 June 2016: Issued in error",
    }
    assert UNLISTED_AWARD not in json.dumps(published[addresses.REVOCATIONS_OB2])


def test_a_withdrawn_award_says_the_same_words_for_everybody_and_is_in_no_list(
    repository: Repository,
):
    published = repository.published()

    assert published[addresses.award_ob2(WITHDRAWN)] == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"https://badges.example.org/awards/{WITHDRAWN}.ob2.json",
        "revoked": True,
        "revocationReason": "No longer published",
    }
    assert WITHDRAWN not in json.dumps(published[addresses.REVOCATIONS_OB2])


def test_a_replaced_award_names_no_successor(repository: Repository):
    status = f"status: {{state: superseded, on: 2016-06-02, by: {PUBLIC_AWARD}}}\n"
    repository.put(REVOKED, PUBLIC_TEACHER, status)

    found = repository.assertion(REVOKED)
    assert found["revocationReason"] == "Replaced by a newer award on 2 June 2016"
    assert PUBLIC_AWARD not in json.dumps(found)


def test_evidence_without_consent_stays_away_even_if_the_check_were_skipped(
    repository: Repository,
):
    repository.put(PUBLIC_AWARD, PUBLIC_TEACHER, EVIDENCE)
    repository.let_in("evidence")

    catalog = without_consent(repository.catalog())
    assert "evidence" not in openbadges2.assertion(catalog.awards[PUBLIC_AWARD], catalog, SITE)


def test_with_consent_public_evidence_is_shown_and_private_evidence_is_not(repository: Repository):
    repository.put(PUBLIC_AWARD, PUBLIC_TEACHER, EVIDENCE)
    repository.let_in("evidence")

    assert repository.assertion()["evidence"] == [
        {
            "type": "Evidence",
            "name": "The norms",
            # as browsers send it, in the characters of RFC 3986
            "id": "https://example.org/e?q=a%C3%B1os%5B1%5D&p=100%25",
        },
        {"type": "Evidence", "name": "What changed", "narrative": "We met **twice**."},
    ]


def test_the_recipient_is_an_opaque_id_of_the_award_not_of_the_person(repository: Repository):
    other = "a1r5f2w7b0z4q8m1h6k3a5g7d9"
    repository.files[f"{AWARDS}/{other}.yml"] = award(
        PUBLIC_TEACHER,
        99,
        issued="2016-03-15",
        credential=repository.files[CREDENTIAL_FILE],
        more=f"renews: {PUBLIC_AWARD}\n",
    )
    catalog = repository.catalog()
    first, second = (
        openbadges2.assertion(catalog.awards[one], catalog, SITE)["recipient"]
        for one in (PUBLIC_AWARD, other)
    )

    assert first["identity"] != second["identity"]
    assert first == {
        "type": "id",
        "hashed": False,
        "identity": addresses.subject_id(catalog.awards[PUBLIC_AWARD], SITE),
    }


def test_an_email_hash_is_shown_where_the_teacher_asked_for_it(repository: Repository):
    repository.let_in("email-hash", more=IDENTITY % "true")

    assert repository.assertion()["recipient"] == {
        "type": "email",
        "hashed": True,
        "salt": "sea",
        "identity": HASH,
    }


def test_an_email_hash_that_is_not_to_be_published_stays_away(repository: Repository):
    repository.let_in("email-hash", more=IDENTITY % "false")

    assert HASH not in json.dumps(repository.published())


def test_an_email_hash_without_consent_stays_away_even_if_the_check_were_skipped(
    repository: Repository,
):
    repository.let_in("email-hash", more=IDENTITY % "true")

    catalog = without_consent(repository.catalog())
    found = openbadges2.assertion(catalog.awards[PUBLIC_AWARD], catalog, SITE)
    assert found["recipient"]["type"] == "id"


def test_an_award_holds_from_the_first_second_of_its_first_day_to_the_last_of_its_last(
    repository: Repository,
):
    found = rich(repository).assertion()

    assert (found["issuedOn"], found["expires"]) == ("2016-03-14T00:00:00Z", "2019-03-14T23:59:59Z")


def test_an_award_that_never_expires_has_no_such_field(repository: Repository):
    assert "expires" not in repository.assertion()


def test_work_without_an_award_has_no_assertion(repository: Repository):
    catalog = repository.catalog()
    draft = catalog.awards[PUBLIC_AWARD].model_copy(update={"issued": None})

    with pytest.raises(ValueError, match=f"^award {PUBLIC_AWARD} is not issued$"):
        openbadges2.assertion(draft, catalog, SITE)


@pytest.mark.parametrize("title", ["佐藤の約束", "قواعد الفريق", "Nguyên tắc của nhóm", "Ọ̀rọ̀ ẹgbẹ́"])
def test_words_of_any_script_survive_unescaped(title: str, repository: Repository):
    repository.swap(CREDENTIAL_FILE, "{en: Setting team norms}", f"{{en: {title}}}")

    assert repository.badge_class()["name"] == title
    path = "credentials/team-norms/1.0.0/badgeclass.json"
    data = dict(artifacts(repository.catalog(), SITE))[path]
    assert f'"name":"{title}",'.encode() in data


def test_titles_and_descriptions_carry_no_markdown_marks(repository: Repository):
    repository.swap(CREDENTIAL_FILE, "{en: The educator", "{en: The *educator*")

    badge = repository.badge_class()
    said = "The educator agrees norms with a team and keeps them alive."
    assert badge["description"] == said
    assert badge["criteria"]["narrative"].startswith("The *educator* agrees norms")


def test_a_text_of_several_lines_stays_one_item_of_the_criteria(repository: Repository):
    repository.swap(
        CREDENTIAL_FILE, "{en: Every member proposed one norm.}", '{en: "Every member\\nproposed."}'
    )

    narrative = repository.badge_class()["criteria"]["narrative"]
    assert narrative.splitlines()[-1] == "- Agreed together: Every member proposed."


def test_a_level_without_a_title_goes_by_its_id(repository: Repository):
    repository.swap(CREDENTIAL_FILE, "rank: 2, title: {en: Proficient}", "rank: 2")

    narrative = repository.badge_class()["criteria"]["narrative"]
    assert "**Every criterion at proficient or above**" in narrative.splitlines()


def test_a_badge_class_says_the_language_its_name_is_in(repository: Repository):
    repository.swap(CREDENTIAL_FILE, "{en: Setting team norms}", "{es: Acordar normas}")

    badge = repository.badge_class()
    assert (badge["name"], badge["@language"]) == ("Acordar normas", "es")


def test_a_badge_class_is_aligned_to_every_competency_it_proves(repository: Repository):
    more = "      - {id: trust, code: A.2, title: {en: Trust}, statement: {en: Builds trust.}}\n"
    repository.files[FRAMEWORK_FILE] += more
    catalog = repository.catalog()
    completion = catalog.credentials["team-norms"].model_copy(
        update={"class_": "completion", "competencies": ("norms", "trust")}
    )

    found = openbadges2.badge_class(completion, catalog, SITE)
    codes = [one["targetCode"] for one in found["alignment"]]
    assert codes == ["A.1", "A.2"]


def test_a_draft_credential_has_no_badge_class(repository: Repository):
    draft = repository.files[CREDENTIAL_FILE].replace("status: active", "status: draft")
    repository.files["catalog/credentials/later.yml"] = draft.replace("Setting team", "Later")

    classes = [path for path in repository.published() if path.endswith("badgeclass.json")]
    assert classes == ["credentials/team-norms/1.0.0/badgeclass.json"]


def test_an_issuer_who_wants_no_open_badges_2_gets_none(repository: Repository):
    repository.swap(ISSUER_FILE, "{ob2: true}", "{ob2: false}")

    assert repository.published() == {}
