# SPDX-License-Identifier: Apache-2.0
"""`badges deliver`: earners who publish nothing get theirs, signed, and nobody else does."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from site_builder.addresses import Site
from site_builder.baking import unbake
from site_builder.build.pictures import Pictures
from site_builder.cache import Cache
from site_builder.delivery import delivery
from site_builder.formats.status_list import decoded
from site_builder.keys import PREVIEW_KEY, SigningKey
from site_builder.problems import Unsignable
from site_builder.proofs import check_proof
from site_builder.signing import Signer
from tests.signed import REVOKED, SUSPENDED, WITHDRAWN, Json, rich_catalog, rich_repository
from tests.support import (
    AWARDS,
    PRIVATE_AWARD,
    PRIVATE_TEACHER,
    PUBLIC_AWARD,
    PUBLIC_TEACHER,
    UNLISTED_AWARD,
    UNLISTED_TEACHER,
    Ran,
    badges,
    differing,
    files_of,
    lines,
    modes_of,
    write,
)
from tests.verified import ENTRY, KEY, build, repository

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.catalog import Catalog

BASE = "https://badges.example.org"
NAMES = (b"Ada Okafor", b"Berit Solheim", b"Chidi Anand", b"ada-okafor")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("deliver") / "repository")


@pytest.fixture(scope="module")
def site(root: Path) -> dict[str, bytes]:
    """The signed site."""
    return build(root, root.parent / "site", "--key", "env:BADGES_KEY")


@pytest.fixture
def deliver(root: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the command with the key in BADGES_KEY."""

    def run(who: str, to: Path | None = None, where: Path = root) -> Ran:
        monkeypatch.setenv("BADGES_KEY", KEY._secret())
        chosen = () if to is None else ("--to", to)
        return badges("deliver", who, "--root", where, "--key", "env:BADGES_KEY", *chosen)

    return run


def holds(body: Json) -> bool:
    return [check_proof(body, one, KEY.public).state for one in body["proof"]] == ["passed"]


def names(*awards: str, hosted: bool) -> set[str]:
    kinds = ("json", "ob2.json", "png") if hosted else ("json", "png")
    return {f"{one}.{kind}" for one in awards for kind in kinds}


# What an earner gets.


def test_private_earner_gets_files_that_the_published_status_list_covers(
    deliver, site: dict[str, bytes], tmp_path: Path
):
    folder = tmp_path / "theirs"
    ran = deliver(PRIVATE_TEACHER, folder)
    files = files_of(folder)
    body = json.loads(files[f"{PRIVATE_AWARD}.json"])
    status = body["credentialStatus"]
    path = status["statusListCredential"].removeprefix(f"{BASE}/")
    bits = decoded(json.loads(site[path])["credentialSubject"]["encodedList"])
    index = int(status["statusListIndex"])

    assert ran == Ran(
        0,
        lines(
            f"Wrote one award and a learner record, signed with the key 'key-1', to {folder}.",
            f"All of it is in badges.zip too. It is for {PRIVATE_TEACHER} and for nobody else.",
        ),
        "",
    )
    assert files.keys() == names(PRIVATE_AWARD, hosted=False) | {
        "learner-record.json",
        "README.txt",
        "badges.zip",
    }
    assert body["id"] == f"{BASE}/awards/{PRIVATE_AWARD}.json"
    assert holds(body)
    assert "identifier" not in body["credentialSubject"]
    assert index == 12
    assert not bits[index // 8] & 0x80 >> index % 8
    assert [one for one in site if PRIVATE_AWARD in one] == []


def test_private_award_whose_bit_is_set_is_delivered_with_its_state(deliver, tmp_path: Path):
    text = rich_repository()[f"{AWARDS}/{PRIVATE_AWARD}.yml"]
    status = "status: {state: revoked, on: 2016-06-09, reason: Issued in error}\n"
    where = repository(tmp_path / "r", **{PRIVATE_AWARD: text + status})
    ran = deliver(PRIVATE_TEACHER, tmp_path / "theirs", where)
    files = files_of(tmp_path / "theirs")

    assert ran.out.startswith("Wrote one award, signed with the key 'key-1', to ")
    assert "learner-record.json" not in files
    assert f"{PRIVATE_AWARD}  Setting team norms, 2016-03-14, revoked (not published)\n" in (
        files["README.txt"].decode()
    )
    assert b"learner-record.json" not in files["README.txt"]


def test_files_of_published_awards_are_the_sites_own(
    deliver, site: dict[str, bytes], tmp_path: Path
):
    deliver(PUBLIC_TEACHER, tmp_path / "public")
    deliver(UNLISTED_TEACHER, tmp_path / "unlisted")
    public, unlisted = files_of(tmp_path / "public"), files_of(tmp_path / "unlisted")
    held = (PUBLIC_AWARD, REVOKED, SUSPENDED)

    for award in (*held, UNLISTED_AWARD):
        for kind in ("json", "ob2.json"):
            name = f"{award}.{kind}"
            assert (public | unlisted)[name] == site[f"awards/{name}"]
    assert public["learner-record.json"] == site["backpacks/ada-okafor.json"]
    assert unlisted["learner-record.json"] == site[f"backpacks/{UNLISTED_TEACHER}.json"]
    assert public.keys() == names(*held, hosted=True) | {
        "learner-record.json",
        "README.txt",
        "badges.zip",
    }


def test_each_picture_holds_what_lies_beside_it(deliver, tmp_path: Path):
    for who in (PUBLIC_TEACHER, PRIVATE_TEACHER):
        deliver(who, tmp_path / who)
        files = files_of(tmp_path / who)
        for name in [one for one in files if one.endswith(".png")]:
            held = {one.kind: json.loads(one.text) for one in unbake(files[name])}
            award = name.removesuffix(".png")
            wanted = {"ob3": json.loads(files[f"{award}.json"])}
            if f"{award}.ob2.json" in files:
                wanted["ob2"] = json.loads(files[f"{award}.ob2.json"])
            if "revoked" in wanted.get("ob2", {}):  # a picture holds it as it was issued
                assert "recipient" in held["ob2"]
                assert held.pop("ob2")["id"] == wanted.pop("ob2")["id"]
            assert held == wanted


def test_withdrawn_awards_stay_withdrawn(deliver, tmp_path: Path):
    ran = deliver(PUBLIC_TEACHER, tmp_path / "theirs")

    assert ran.out == lines(
        f"Wrote three awards and a learner record, signed with the key 'key-1', to {tmp_path}/theirs.",
        "Left out: one withdrawn award.",
        f"All of it is in badges.zip too. It is for {PUBLIC_TEACHER} and for nobody else.",
    )
    assert WITHDRAWN.encode() not in b"".join(files_of(tmp_path / "theirs").values())


def test_record_of_a_private_earner_holds_and_shares_no_address_with_a_published_one(
    deliver, tmp_path: Path
):
    deliver(PRIVATE_TEACHER, tmp_path / "theirs")
    files = files_of(tmp_path / "theirs")
    record = json.loads(files["learner-record.json"])

    assert record["id"] == f"{BASE}/backpacks/{PRIVATE_TEACHER}-complete.json"
    assert record["credentialSubject"]["verifiableCredential"] == [
        json.loads(files[f"{PRIVATE_AWARD}.json"])
    ]
    assert holds(record)


def given(catalog: Catalog, teacher: str) -> dict[str, bytes]:
    """What a teacher gets, signed with the key of previews."""
    site = Site(BASE)
    signer = Signer(None, catalog.issuer, site)
    pictures = Pictures(catalog, Cache())
    return dict(delivery(catalog.teachers[teacher], catalog, site, signer, pictures).files)


def test_record_with_an_award_the_backpack_does_not_show_is_another_record(tmp_path: Path):
    catalog = rich_catalog(tmp_path)
    award = catalog.awards[SUSPENDED]
    hidden = award.model_copy(update={"visibility": "private", "status": type(award.status)()})
    catalog = replace(catalog, awards={**catalog.awards, SUSPENDED: hidden})
    files = given(catalog, PUBLIC_TEACHER)
    record = json.loads(files["learner-record.json"])

    assert record["id"] == f"{BASE}/backpacks/{PUBLIC_TEACHER}-complete.json"
    assert len(record["credentialSubject"]["verifiableCredential"]) == 2
    assert f"{PUBLIC_AWARD}.ob2.json" in files
    assert f"{SUSPENDED}.ob2.json" not in files


def test_private_earners_of_the_demo_get_every_award_they_hold(demo_catalog: Catalog):
    private = [
        one
        for one in demo_catalog.teachers.values()
        if one.visibility == "private" and demo_catalog.awards_by_teacher.get(one.id)
    ]
    assert private != []
    for teacher in private[:2]:
        files = given(demo_catalog, teacher.id)
        for award in demo_catalog.awards_by_teacher[teacher.id]:
            body = json.loads(files[f"{award.id}.json"])
            assert check_proof(body, body["proof"][0], PREVIEW_KEY).state == "passed"
            assert "identifier" not in body["credentialSubject"]


# The letter and the ZIP.


def test_letter_word_for_word(deliver, tmp_path: Path):
    deliver(PRIVATE_TEACHER, tmp_path / "theirs")
    assert files_of(tmp_path / "theirs")["README.txt"].decode() == lines(
        "Your micro-credentials from Small Works",
        "",
        "For each award there is a signed file (.json) and a picture of the badge that holds the",
        "same file (.png). Keep both. Whoever you give one to can check it at",
        "  https://badges.example.org/verify/",
        "or with `badges verify FILE`. They learn who issued it and for what, whether it still",
        "stands, and your name only if you agreed to have it there.",
        "",
        f"{PRIVATE_AWARD}  Setting team norms, 2016-03-14 (not published)",
        "",
        "learner-record.json holds all of them that stand, in one signed file.",
        "",
        "An award that is not published has no page, by your choice: its address finds nothing.",
        "The file is genuine all the same.",
    )


def test_zip_holds_every_other_file_without_dates(deliver, tmp_path: Path):
    deliver(PUBLIC_TEACHER, tmp_path / "theirs")
    files = files_of(tmp_path / "theirs")
    with zipfile.ZipFile(io.BytesIO(files.pop("badges.zip"))) as archive:
        assert archive.testzip() is None
        assert {one.filename: archive.read(one) for one in archive.infolist()} == files
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.external_attr >> 16 for one in archive.infolist()} == {0o600}


def test_second_delivery_has_the_same_bytes(deliver, tmp_path: Path):
    for name in ("one", "two"):
        deliver(PUBLIC_TEACHER, tmp_path / name)
    assert differing(files_of(tmp_path / "one"), files_of(tmp_path / "two")) == []


# Where it goes, and who may see it.


def test_only_the_owner_can_read_what_is_written(deliver, tmp_path: Path):
    deliver(PRIVATE_TEACHER, tmp_path / "a" / "b")
    modes = modes_of(tmp_path / "a")

    assert {modes.pop("."), modes.pop("b")} == {0o700}
    assert set(modes.values()) == {0o600}


def test_without_a_folder_it_goes_beside_the_repository(deliver, tmp_path: Path):
    where = repository(tmp_path / "district")
    ran = deliver(PRIVATE_TEACHER, None, where)

    assert ran.code == 0
    assert (tmp_path / "delivered" / PRIVATE_TEACHER / "badges.zip").is_file()
    assert stat.S_IMODE((tmp_path / "delivered").stat().st_mode) == 0o700


def test_nothing_goes_into_the_repository_a_site_or_among_other_files(deliver, tmp_path: Path):
    where = repository(tmp_path / "district")
    write(tmp_path, {"site/.nojekyll": "", "full/mine.txt": "", "git/.git/HEAD": "", "file": ""})
    advice = "Name another folder with --to."
    in_repository = f"lies in a repository, where private awards would be committed. {advice}"
    refused = {
        where / "out": in_repository,
        where: in_repository,
        where / "site" / "out": in_repository,
        tmp_path / "git" / "out": in_repository,
        tmp_path / "site" / "out": (
            f"lies in a site, where private awards would be published. {advice}"
        ),
        tmp_path / "full": f"is not an empty folder; nothing there is replaced. {advice}",
    }
    for folder, why in refused.items():
        before = files_of(tmp_path)
        assert deliver(PRIVATE_TEACHER, folder, where) == Ran(2, "", f"badges: {folder} {why}\n")
        assert files_of(tmp_path) == before


def test_link_into_the_repository_is_followed_and_refused(deliver, tmp_path: Path):
    where = repository(tmp_path / "district")
    (tmp_path / "link").symlink_to(where / "awards")
    ran = deliver(PRIVATE_TEACHER, tmp_path / "link" / "out", where)

    assert ran.code == 2
    assert ran.err.startswith(f"badges: {where}/awards/out lies in a repository, ")


def test_folder_that_cannot_be_written_is_the_computers_problem(deliver, tmp_path: Path):
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "out"

    assert deliver(PRIVATE_TEACHER, folder) == Ran(
        3, "", f"badges: cannot write to {folder}: Not a directory.\n"
    )


# Whose it is.


def test_teacher_is_found_by_handle_and_never_named(deliver, tmp_path: Path):
    ran = deliver("Ada-Okafor", tmp_path / "theirs")

    assert ran.code == 0
    assert [one for one in NAMES if one in (ran.out + ran.err).encode()] == []


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        (PRIVATE_TEACHER[:-1] + "0", f"Did you mean '{PRIVATE_TEACHER}'?"),
        ("ada-okafo", "An id is the name of a file in awards/teachers/, without .yml."),
        ("", "An id is the name of a file in awards/teachers/, without .yml."),
    ],
)
def test_unknown_teacher_is_told_the_closest_id_and_no_handle(
    deliver, tmp_path: Path, word: str, hint: str
):
    assert deliver(word, tmp_path / "theirs") == Ran(
        2, "", f"badges: no teacher has this id or handle. {hint}\n"
    )
    assert not (tmp_path / "theirs").exists()


def test_teacher_without_awards_gets_no_folder(deliver, tmp_path: Path):
    files = {
        path: text
        for path, text in rich_repository().items()
        if not path.endswith(f"/{PRIVATE_AWARD}.yml")
    }
    files["catalog/issuer.yml"] += ENTRY
    where = write(tmp_path / "r", files)

    assert deliver(PRIVATE_TEACHER, tmp_path / "theirs", where) == Ran(
        2, "", f"badges: {PRIVATE_TEACHER} has no award to deliver.\n"
    )
    assert not (tmp_path / "theirs").exists()


def test_teacher_with_withdrawn_awards_only_is_told_so(deliver, tmp_path: Path):
    text = rich_repository()[f"{AWARDS}/{PRIVATE_AWARD}.yml"]
    withdrawn = text + "status: {state: withdrawn, on: 2016-06-15}\n"
    where = repository(tmp_path / "r", **{PRIVATE_AWARD: withdrawn})

    assert deliver(PRIVATE_TEACHER, tmp_path / "theirs", where) == Ran(
        2, "", f"badges: {PRIVATE_TEACHER} has no award to deliver, only withdrawn ones.\n"
    )


# Keys and content.


def test_delivery_asks_for_a_key(root: Path):
    ran = badges("deliver", PRIVATE_TEACHER, "--root", root)

    assert (ran.code, ran.out) == (2, "")
    assert "Error: Missing option '--key'.\n" in ran.err


def test_key_that_is_not_the_issuers_delivers_nothing(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = SigningKey(bytes(range(1, 33)))
    monkeypatch.setenv("BADGES_KEY", other._secret())
    ran = badges(
        "deliver",
        PRIVATE_TEACHER,
        "--root",
        root,
        "--key",
        "env:BADGES_KEY",
        "--to",
        tmp_path / "t",
    )

    assert ran == Ran(
        5,
        "",
        f"badges: the public half of this key, {other.public}, does not stand under `keys:` in "
        "catalog/issuer.yml; whoever checks a signature looks for it there.\n",
    )
    assert not (tmp_path / "t").exists()


def test_repository_with_errors_delivers_nothing(deliver, tmp_path: Path):
    where = repository(tmp_path / "r", issuer="name: 7\n")
    ran = deliver(PRIVATE_TEACHER, tmp_path / "theirs", where)

    assert (ran.code, ran.err) == (1, "")
    assert ran.out.endswith("\nNothing was written.\n")
    assert not (tmp_path / "theirs").exists()


def test_award_that_cannot_be_signed_is_named_with_its_file(tmp_path: Path):
    """A build does not look at private awards, so that nobody has met this problem before."""
    catalog = rich_catalog(tmp_path)
    award = catalog.awards[PUBLIC_AWARD]
    bell = award.evidence[1].model_copy(update={"narrative": "ring \a ring"})
    unfit = award.model_copy(update={"visibility": "private", "evidence": (bell,)})
    with pytest.raises(Unsignable) as caught:
        given(replace(catalog, awards={**catalog.awards, PUBLIC_AWARD: unfit}), PUBLIC_TEACHER)

    (problem,) = caught.value.problems
    assert (problem.code, problem.place.path) == ("SG001", f"{AWARDS}/{PUBLIC_AWARD}.yml")
    assert problem.message == (
        "the award cannot be signed: in its credential, $.evidence[0].narrative: holds a control "
        "character, which cannot be signed."
    )


# Checked by its holder.


def test_missing_page_says_that_not_publishing_is_the_holders_choice(site: dict[str, bytes]):
    page = " ".join(re.sub(r"<[^>]+>", "", site["404.html"].decode()).split())

    assert (
        "If a credential brought you here, it may be one that is not published, by its holder’s "
        "choice. A credential without a page can be genuine all the same. Ask its holder for the "
        "signed file or the picture of the badge, and check that on the checking page."
    ) in page
