# SPDX-License-Identifier: Apache-2.0
"""`badges build --key` and `badges keys`: what is signed, by which key, and what never shows."""

from __future__ import annotations

import datetime as dt
import json
import re
import stat
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from site_builder import keys
from site_builder.addresses import Site, is_signed_file
from site_builder.baking import unbake
from site_builder.build import load
from site_builder.formats import clr
from site_builder.formats.status_list import decoded
from site_builder.keys import PREVIEW_SEED, SigningKey
from site_builder.model.catalog_kinds import Key
from site_builder.problems import Place, Unsignable
from site_builder.proofs import Outcome, check_proof, proofs_of, sign
from site_builder.signing import Signer
from site_builder.verify import Report, Unreachable, verify
from tests.signed import REVOKED, SUSPENDED, WITHDRAWN, Json, rich_repository
from tests.support import (
    PRIVATE_AWARD,
    PUBLIC_AWARD,
    PUBLIC_TEACHER,
    UNLISTED_AWARD,
    UNLISTED_TEACHER,
    Ran,
    badges,
    badges_process,
    differing,
    environment,
    files_of,
    lines,
    modes_of,
    write,
)
from tests.verified import DID, KEY, METHOD, OTHER_KEY, build, entry, repository

if TYPE_CHECKING:
    from pathlib import Path

    from site_builder.catalog import Catalog

NEXT = OTHER_KEY
BASE = "https://badges.example.org"
STANDING = (PUBLIC_AWARD, UNLISTED_AWARD, REVOKED, SUSPENDED)
ISSUER = "catalog/issuer.yml"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("signing") / "repository")


@pytest.fixture(scope="module")
def signed(root: Path) -> dict[str, bytes]:
    return build(root, root.parent / "signed", "--key", "env:BADGES_KEY")


@pytest.fixture(scope="module")
def unsigned(root: Path) -> dict[str, bytes]:
    """Built without a key, for `badges sign` to complete."""
    return build(root, root.parent / "unsigned", "--unsigned")


@pytest.fixture(scope="module")
def keyless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Of an issuer who has no key at all."""
    folder = tmp_path_factory.mktemp("keyless")
    return build(write(folder / "r", rich_repository()), folder / "s", "--unsigned")


@pytest.fixture(scope="module")
def trial(root: Path) -> dict[str, bytes]:
    """A preview: nobody named a key."""
    return build(root, root.parent / "trial")


def holds(body: Json, public: str = KEY.public) -> list[Outcome]:
    return [check_proof(body, one, public) for one in proofs_of(body)]


# What is published.


@pytest.mark.parametrize("award", STANDING)
def test_a_published_award_is_signed_at_its_own_address(award: str, signed: dict[str, bytes]):
    body = json.loads(signed[f"awards/{award}.json"])

    assert body["id"] == f"{BASE}/awards/{award}.json"
    assert body["issuer"]["id"] == DID
    assert body["credentialStatus"]["statusListCredential"] == f"{BASE}/status/0.json"
    assert [(one["verificationMethod"], one["cryptosuite"]) for one in body["proof"]] == [
        (METHOD, "eddsa-rdfc-2022")
    ]
    assert holds(body) == [Outcome("passed")]


def test_each_signed_file_fails_with_another_key(signed: dict[str, bytes]):
    why = "The signature does not belong to this content and this key."
    for path in [f"awards/{one}.json" for one in STANDING] + ["status/0.json"]:
        assert holds(json.loads(signed[path]), NEXT.public) == [Outcome("failed", why)]


def test_a_withdrawn_award_leaves_a_stub_that_says_nothing_else(signed: dict[str, bytes]):
    assert json.loads(signed[f"awards/{WITHDRAWN}.json"]) == {
        "id": f"{BASE}/awards/{WITHDRAWN}.json",
        "status": "withdrawn",
        "reason": "No longer published",
    }


def test_a_private_award_and_its_holder_stand_in_no_file(signed: dict[str, bytes]):
    for name in (PRIVATE_AWARD, "Chidi Anand"):
        assert [path for path in signed if name in path] == []
        assert [path for path, data in signed.items() if name.encode() in data] == []


def test_an_unlisted_award_is_named_by_its_own_files_and_its_holders_backpack(
    signed: dict[str, bytes],
):
    kinds = ("html", "json", "ob2.json", "png", "qr.svg", "wallet.qr.svg")
    own = {f"awards/{UNLISTED_AWARD}.{kind}" for kind in kinds}
    found = {
        path for path, data in signed.items() if UNLISTED_AWARD.encode() in path.encode() + data
    }

    backpack = {f"backpacks/{UNLISTED_TEACHER}.{kind}" for kind in ("html", "json")}
    assert found == own | backpack


def test_the_status_list_is_signed_and_sets_the_bits_of_what_no_longer_stands(
    signed: dict[str, bytes],
):
    body = json.loads(signed["status/0.json"])
    bits = decoded(body["credentialSubject"]["encodedList"])
    found = [number for number in range(len(bits) * 8) if bits[number // 8] & 0x80 >> number % 8]
    fallen = [
        int(json.loads(signed[f"awards/{one}.json"])["credentialStatus"]["statusListIndex"])
        for one in (REVOKED, SUSPENDED)
    ]

    assert holds(body) == [Outcome("passed")]
    assert body["issuer"] == DID
    assert found == sorted([*fallen, 15])  # 15 is the withdrawn one's


def test_the_issuers_keys_stand_in_both_places_and_in_the_history(signed: dict[str, bytes]):
    document = json.loads(signed["did.json"])

    assert signed[".well-known/did.json"] == signed["did.json"]
    assert document["id"] == DID
    assert document["assertionMethod"] == [METHOD]
    assert [one["publicKeyMultibase"] for one in document["verificationMethod"]] == [KEY.public]
    assert json.loads(signed["keys/index.json"]) == {
        "issuer": DID,
        "keys": [{"id": METHOD, "publicKeyMultibase": KEY.public, "from": "2015-01-01"}],
    }


def test_profile_and_achievement_say_what_the_credential_says(signed: dict[str, bytes]):
    body = json.loads(signed[f"awards/{PUBLIC_AWARD}.json"])
    contexts = {"@context": body["@context"][:2]}

    profile = json.loads(signed["issuer/profile.json"])
    assert profile == contexts | body["issuer"]
    achievement = json.loads(signed["credentials/team-norms/1.0.0/achievement.json"])
    assert achievement == contexts | body["credentialSubject"]["achievement"]
    assert achievement["id"] == f"{BASE}/credentials/team-norms/1.0.0/achievement.json"


def test_awards_of_a_second_list_have_their_bits_there_and_pass(tmp_path: Path):
    root = repository(tmp_path / "r")
    for award in (UNLISTED_AWARD, REVOKED):
        path = root / f"awards/2015-16/first-run/{award}.yml"
        moved = path.read_text("utf-8").replace("status_list: {list: 0,", "status_list: {list: 1,")
        path.write_text(moved, "utf-8")
    site = build(root, tmp_path / "site", "--key", "env:BADGES_KEY")

    def set_bits(path: str) -> list[int]:
        bits = decoded(json.loads(site[path])["credentialSubject"]["encodedList"])
        return [one for one in range(len(bits) * 8) if bits[one // 8] & 0x80 >> one % 8]

    where = {
        award: json.loads(site[f"awards/{award}.json"])["credentialStatus"] for award in STANDING
    }
    assert {one: where[one]["statusListCredential"] for one in STANDING} == {
        PUBLIC_AWARD: f"{BASE}/status/0.json",
        UNLISTED_AWARD: f"{BASE}/status/1.json",
        REVOKED: f"{BASE}/status/1.json",
        SUSPENDED: f"{BASE}/status/0.json",
    }
    assert set_bits("status/1.json") == [int(where[REVOKED]["statusListIndex"])]
    assert int(where[SUSPENDED]["statusListIndex"]) in set_bits("status/0.json")
    found = {one: verdict(site[f"awards/{one}.json"], site).code("status") for one in STANDING}
    assert found == {
        PUBLIC_AWARD: "status.ok",
        UNLISTED_AWARD: "status.ok",
        REVOKED: "status.taken_back",
        SUSPENDED: "status.taken_back",
    }


def test_a_key_signs_nothing_before_its_first_day(tmp_path: Path):
    root = repository(tmp_path / "r", entry(**{"from": "2016-05-20"}))
    site = build(root, tmp_path / "site", "--key", "env:BADGES_KEY")
    award, listing = (
        json.loads(site[one]) for one in (f"awards/{PUBLIC_AWARD}.json", "status/0.json")
    )

    assert award["validFrom"] == "2016-03-14T00:00:00Z"
    assert award["proof"][0]["created"] == "2016-05-20T00:00:00Z"
    assert listing["validFrom"] == listing["proof"][0]["created"] == "2016-06-15T00:00:00Z"


def test_a_key_that_was_replaced_stays_where_verifiers_look(tmp_path: Path):
    old, new = entry(until="2016-05-20"), entry("key-2", NEXT, **{"from": "2016-05-20"})
    root = repository(tmp_path / "r", old, new)
    site = build(root, tmp_path / "site", "--key", "env:BADGES_KEY", BADGES_KEY=NEXT._secret())
    body = json.loads(site[f"awards/{PUBLIC_AWARD}.json"])

    assert json.loads(site["did.json"])["assertionMethod"] == [METHOD, f"{DID}#key-2"]
    assert body["proof"][0]["verificationMethod"] == f"{DID}#key-2"
    assert holds(body, NEXT.public) == [Outcome("passed")]


def test_every_signed_file_of_the_demo_holds_for_its_key_and_for_no_other(demo_catalog: Catalog):
    """The check canonicalises with the library; the build signed what its template wrote."""
    key = Key.model_validate({"id": "key-1", "public": KEY.public, "from": "2015-01-01"})
    issuer = demo_catalog.issuer.model_copy(update={"keys": (key,)})
    catalog = replace(demo_catalog, issuer=issuer)
    files = Signer(KEY, issuer, Site(issuer.base_url)).files(catalog)
    bodies = [json.loads(data) for _, data in files]
    found = [body for body in bodies if "proof" in body]
    withdrawn = [one for one in catalog.published if one.status.state == "withdrawn"]
    why = "The signature does not belong to this content and this key."

    records = len(clr.teachers(catalog))
    assert records > 100
    assert len(found) == len(catalog.published) - len(withdrawn) + records + 1  # the status list
    assert {outcome for body in found for outcome in holds(body)} == {Outcome("passed")}
    assert {outcome for body in found[-20:] for outcome in holds(body, NEXT.public)} == {
        Outcome("failed", why)
    }


# Signed and unsigned.


ADDED = sorted(
    [
        *(f"awards/{one}.{kind}" for one in (*STANDING, WITHDRAWN) for kind in ("json", "png")),
        *(f"backpacks/{one}.json" for one in ("ada-okafor", UNLISTED_TEACHER)),
        ".well-known/did.json",
        "credentials/team-norms/1.0.0/achievement.json",
        "did.json",
        "issuer/profile.json",
        "keys/index.json",
        "status/0.json",
    ]
)


def test_signing_adds_files_and_changes_none(signed: dict[str, bytes], unsigned: dict[str, bytes]):
    assert differing(signed, unsigned) == ADDED
    assert [path for path in signed if is_signed_file(path)] == ADDED


def test_a_site_signed_afterwards_has_the_bytes_of_one_signed_at_once(
    root: Path, tmp_path: Path, signed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BADGES_KEY", KEY._secret())
    site = tmp_path / "site"
    build(root, site, "--unsigned")
    ran = badges("sign", site, "--root", root, "--key", "env:BADGES_KEY")

    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(
        r"Signed five published awards with the key 'key-1' in [0-9.]+ s\.\n", ran.out
    )
    assert differing(files_of(site), signed) == []
    assert modes_of(site) == modes_of(root.parent / "signed")


def test_hosted_records_name_their_signed_twins_and_back(
    signed: dict[str, bytes], keyless: dict[str, bytes]
):
    record, twin = (f"awards/{PUBLIC_AWARD}.{kind}" for kind in ("ob2.json", "json"))
    vocabulary = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
    version = "credentials/team-norms/1.0.0"

    assert json.loads(signed[record])["related"] == [
        {"id": f"{BASE}/{twin}", "type": [f"{vocabulary}OpenBadgeCredential"]}
    ]
    assert json.loads(signed[f"{version}/badgeclass.json"])["related"] == [
        {"id": f"{BASE}/{version}/achievement.json", "type": [f"{vocabulary}Achievement"]}
    ]
    achievement = json.loads(signed[f"{version}/achievement.json"])
    assert achievement["related"] == [
        {"id": f"{BASE}/{version}/badgeclass.json", "type": ["Related"]}
    ]
    assert "related" not in json.loads(keyless[record])


def test_signing_again_changes_nothing(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    site = tmp_path / "site"
    before = build(root, site, "--key", "env:BADGES_KEY")
    monkeypatch.setenv("BADGES_KEY", KEY._secret())

    assert badges("sign", site, "--root", root, "--key", "env:BADGES_KEY").code == 0
    assert differing(files_of(site), before) == []


OTHER_SITES = {
    "a page too many": (
        f"awards/{PUBLIC_AWARD[:-1]}0.html",
        b"x",
        f"awards/{PUBLIC_AWARD[:-1]}0.html is there and should not be",
    ),
    "a page too few": (
        f"awards/{PUBLIC_AWARD}.html",
        None,
        f"awards/{PUBLIC_AWARD}.html is missing there",
    ),
    "another entry": ("ledger.json", b"{}", "ledger.json differs"),
    "another record": (
        f"awards/{PUBLIC_AWARD}.ob2.json",
        b"{}",
        f"awards/{PUBLIC_AWARD}.ob2.json differs",
    ),
}


@pytest.mark.parametrize("name", OTHER_SITES)
def test_a_site_built_from_other_files_is_not_signed(
    name: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path, data, said = OTHER_SITES[name]
    site = tmp_path / "site"
    build(root, site, "--unsigned")
    (site / path).unlink(missing_ok=True)
    if data is not None:
        (site / path).write_bytes(data)
    before = files_of(site)
    monkeypatch.setenv("BADGES_KEY", KEY._secret())
    ran = badges("sign", site, "--root", root, "--key", "env:BADGES_KEY")

    advice = f"Build it anew: badges build --unsigned --site {site}"
    assert ran == Ran(2, "", f"badges: {site} was built from other files: {said}. {advice}\n")
    assert files_of(site) == before


def test_a_preview_is_not_signed(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its pages say that it is one."""
    site = tmp_path / "site"
    before = build(root, site)
    monkeypatch.setenv("BADGES_KEY", KEY._secret())
    ran = badges("sign", site, "--root", root, "--key", "env:BADGES_KEY")

    said = f"badges: {site} is a preview, and its pages say so. Build it anew: badges build --unsigned --site {site}\n"
    assert ran == Ran(2, "", said)
    assert files_of(site) == before


def test_a_folder_that_is_no_site_is_not_signed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BADGES_KEY", KEY._secret())
    ran = badges("sign", tmp_path / "none", "--root", root, "--key", "env:BADGES_KEY")
    said = f"badges: there is no site in {tmp_path / 'none'}. Write it with `badges build`.\n"
    assert ran == Ran(2, "", said)


def test_a_build_without_a_key_says_what_is_left_to_do(tmp_path: Path):
    site = tmp_path / "s"
    with_key, without = repository(tmp_path / "k"), write(tmp_path / "n", rich_repository())

    asked = badges("build", "--root", with_key, "--site", site, "--unsigned").out
    assert f"Not signed yet. Before you publish it: badges sign {site} --key URI\n" in asked
    asked = badges("build", "--root", without, "--site", site, "--unsigned").out
    assert "Not signed: records are genuine because they are read from your address.\n" in asked


def test_a_key_and_no_signature_cannot_be_asked_for_at_once(root: Path):
    ran = badges("build", "--root", root, "--unsigned", "--key", "env:BADGES_KEY")
    said = "badges: --key signs and --unsigned does not; name one of them.\n"
    assert ran == Ran(2, "", said)


def test_an_issuer_without_keys_publishes_pictures_that_hold_hosted_records(
    keyless: dict[str, bytes],
):
    found = unbake(keyless[f"awards/{PUBLIC_AWARD}.png"])

    assert [path for path in keyless if is_signed_file(path)] == [
        f"awards/{one}.png" for one in sorted((*STANDING, WITHDRAWN))
    ]
    assert [one.kind for one in found] == ["ob2"]
    assert json.loads(found[0].text) == json.loads(keyless[f"awards/{PUBLIC_AWARD}.ob2.json"])


# Previews.


def test_a_preview_signs_everything_with_the_key_that_everybody_has(trial: dict[str, bytes]):
    body = json.loads(trial[f"awards/{PUBLIC_AWARD}.json"])

    assert body["proof"][0]["verificationMethod"] == f"{DID}#preview"
    assert holds(body, keys.PREVIEW_KEY) == [Outcome("passed")]
    assert json.loads(trial["did.json"])["assertionMethod"] == [METHOD, f"{DID}#preview"]


def test_a_preview_has_the_files_of_a_signed_site(
    trial: dict[str, bytes], signed: dict[str, bytes]
):
    assert trial.keys() == signed.keys()


def test_two_previews_have_the_same_bytes(root: Path, tmp_path: Path, trial: dict[str, bytes]):
    assert differing(build(root, tmp_path / "again", "--no-cache"), trial) == []


def test_a_preview_says_so_on_the_screen(root: Path, tmp_path: Path):
    ran = badges("build", "--root", root, "--site", tmp_path / "s")
    assert (
        "Preview: signed with a key that everybody has. Do not publish it; build with --key or "
        "--unsigned for that.\n"
    ) in ran.out


@pytest.mark.parametrize("kind", ["json", "png"])
def test_every_verdict_on_a_preview_says_that_anyone_could_have_made_it(
    kind: str, trial: dict[str, bytes]
):
    for path, data in trial.items():
        if re.fullmatch(rf"awards/({'|'.join(STANDING)})\.{kind}|backpacks/.*\.{kind}", path):
            said = verdict(data, trial)
            assert said.overall == "not valid"
            assert said.headline == "Preview: anyone could have made this"


# Another key.


def test_after_a_rotation_what_the_old_key_signed_holds_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The drill of docs/guide/keys.md, first half."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1463702400")
    root, site, file = repository(tmp_path / "r"), tmp_path / "site", tmp_path / "key-2"
    kept = build(root, site, "--key", "env:BADGES_KEY")
    ran = badges("keys", "rotate", file, "--root", root)
    assert ran.out.endswith(
        lines(
            "In catalog/issuer.yml: 'key-2' signs from 2016-05-20.",
            "'key-1' ended; what it signed holds on. Keep its line there.",
            "",
            f"Then sign everything anew: badges build --key file:{file}",
        )
    )
    assert badges("sign", site, "--root", root, "--key", f"file:{file}").code == 0

    now = files_of(site)
    assert now.keys() == kept.keys()
    for path in (f"awards/{PUBLIC_AWARD}.json", f"awards/{PUBLIC_AWARD}.png"):
        assert now[path] != kept[path]
        for data in (kept[path], now[path]):
            assert key_of(verdict(data, now)) == ["proof.ok", "key_owner.ok", "key_state.ok"]


def test_after_a_theft_nothing_of_the_old_key_holds_and_every_award_is_signed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The drill of docs/guide/keys.md, second half."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1463702400")
    root, site, file = repository(tmp_path / "r"), tmp_path / "site", tmp_path / "key-2"
    kept = build(root, site, "--key", "env:BADGES_KEY")
    forged = json.dumps(forge(json.loads(kept[f"awards/{PUBLIC_AWARD}.json"]))).encode()
    assert key_of(verdict(forged, kept)) == ["proof.ok", "key_owner.ok", "key_state.ok"]

    assert badges("keys", "rotate", file, "--root", root).code == 0
    ran = badges("keys", "compromised", "key-1", "--root", root, "--on", "2016-05-18")
    assert ran == Ran(
        0,
        lines(
            "In catalog/issuer.yml: 'key-1' is compromised since 2016-05-18.",
            "",
            "Then sign everything anew and publish it, so that nothing of the old key holds:",
            "  badges build --key URI     or     badges sign SITE --key URI",
        ),
        "",
    )
    assert badges("sign", site, "--root", root, "--key", f"file:{file}").code == 0

    now = files_of(site)
    assert now.keys() == kept.keys()
    for data in (forged, kept[f"awards/{PUBLIC_AWARD}.json"], kept[f"awards/{PUBLIC_AWARD}.png"]):
        said = verdict(data, now)
        assert (said.overall, said.code("key_state")) == ("not valid", "key_state.compromised")
    for path, data in now.items():
        if re.fullmatch(rf"awards/({'|'.join(STANDING)})\.(json|png)", path):
            assert key_of(verdict(data, now)) == ["proof.ok", "key_owner.ok", "key_state.ok"]


def forge(body: Json) -> Json:
    """What a thief makes: another holder's name, dated long before the theft."""
    bare = {key: value for key, value in body.items() if key != "proof"}
    bare["credentialSubject"] = bare["credentialSubject"] | {"id": "urn:uuid:" + "1" * 36}
    return sign(bare, KEY, method=METHOD, created=bare["validFrom"])


def key_of(report: Report) -> list[str]:
    return [report.code(one) for one in ("proof", "key_owner", "key_state")]


def verdict(data: bytes, site: dict[str, bytes]) -> Report:
    """What our own verifier says of a file, with the site to ask."""

    def fetch(url: str) -> bytes:
        path = url.removeprefix(f"{BASE}/")
        if path not in site:
            raise Unreachable("there is no such file")
        return site[path]

    return verify(data, now=dt.datetime(2017, 1, 1, tzinfo=dt.UTC), fetch=fetch)


def test_a_first_key_can_be_made_and_named_in_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1463702400")
    root, file = write(tmp_path / "r", rich_repository()), tmp_path / "key"
    assert badges("keys", "rotate", file, "--root", root).code == 0

    public = keys.open_key(f"file:{file}").public
    assert (
        badges("keys", "list", "--root", root).out == f"key-1  {public}  in use from 2016-05-20\n"
    )
    assert (
        "Signed with the key 'key-1'.\n"
        in badges("build", "--root", root, "--key", f"file:{file}").out
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("compromised", "key-3"), 2, "there is no key 'key-3' in catalog/issuer.yml. Did you mean 'key-1'?"),
        (("compromised", "key-1", "--on", "2016-02-30"), 2, "'2016-02-30' is no date such as 2026-11-20."),
        (("rotate", "KEY", "--id", "key-1"), 5, "there is a key 'key-1' in catalog/issuer.yml already."),
        (("rotate", "KEY", "--id", "Key 1"), 5, "a key's id has small letters a to z, digits and hyphens, such as key-2."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_with_keys_changes_nothing(
    words: tuple[str, ...], code: int, said: str, tmp_path: Path
):
    root = repository(tmp_path / "r")
    before = (root / ISSUER).read_bytes()
    asked = [str(tmp_path / "key") if one == "KEY" else one for one in words]

    assert badges("keys", *asked, "--root", root) == Ran(code, "", f"badges: {said}\n")
    assert (root / ISSUER).read_bytes() == before
    assert not (tmp_path / "key").exists()


def test_the_read_api_names_a_signed_file_where_there_is_one(
    signed: dict[str, bytes], keyless: dict[str, bytes]
):
    awards = json.loads(signed["api/awards.json"])["awards"]

    assert {one["id"]: one["credential_url"] for one in awards} == {
        one: f"{BASE}/awards/{one}.json" for one in (PUBLIC_AWARD, REVOKED, SUSPENDED)
    }
    plain = json.loads(keyless["api/awards.json"])["awards"]
    assert plain == [
        {key: value for key, value in one.items() if key != "credential_url"} for one in awards
    ]


def words_of(page: bytes) -> str:
    """What a reader sees of a page, without its drawings."""
    text = re.sub(r"<(svg|script|style)\b.*?</\1>", "", page.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize("award", STANDING)
def test_a_signed_awards_page_offers_its_files_and_says_that_nobody_checked_it(
    award: str, signed: dict[str, bytes]
):
    page = signed[f"awards/{award}.html"]

    for file in (f"../awards/{award}.json", f"{award}.png", f"../awards/{award}.ob2.json"):
        assert f'href="{file}"'.encode() in page
    assert "Not checked yet" in words_of(page)
    assert "carry no signature" not in words_of(page)


def test_an_unsigned_awards_page_says_that_there_is_no_signature(keyless: dict[str, bytes]):
    page = keyless[f"awards/{PUBLIC_AWARD}.html"]

    assert "Signature: none to check This site publishes hosted" in words_of(page)
    assert b"Open Badges 3.0" not in page


def test_evidence_without_an_address_is_to_be_found_where_the_credential_says(
    signed: dict[str, bytes],
):
    body = json.loads(signed[f"awards/{PUBLIC_AWARD}.json"])
    address = body["evidence"][1]["id"]

    assert address == f"{BASE}/awards/{PUBLIC_AWARD}.html#evidence-2"
    assert (
        b'<span class="item" id="evidence-2">What changed' in signed[f"awards/{PUBLIC_AWARD}.html"]
    )


def test_two_signed_builds_have_the_same_bytes(root: Path, tmp_path: Path, signed: dict[str, Any]):
    file = tmp_path / "key"
    KEY.save(file)
    again = build(
        root,
        tmp_path / "again",
        "--key",
        f"file:{file}",
        "--no-cache",
        PYTHONHASHSEED="7",
        TZ="XXX-14",
    )

    assert differing(signed, again) == []


def test_what_no_signature_would_cover_is_a_problem_with_its_place(tmp_path: Path):
    """The strict reader of YAML lets no such text through; a model made by a program might."""
    found, _ = load(repository(tmp_path / "r"))
    assert found is not None
    holder = found.teachers[PUBLIC_TEACHER].model_copy(update={"name": "Ada\x07"})
    catalog = replace(found, teachers=found.teachers | {PUBLIC_TEACHER: holder})
    site = Site(catalog.issuer.base_url)
    with pytest.raises(Unsignable) as caught:
        list(Signer(KEY, catalog.issuer, site).files(catalog))

    path, where = (
        f"awards/2015-16/first-run/{PUBLIC_AWARD}.yml",
        "$.credentialSubject.identifier[0].identityHash",
    )
    why = "holds a control character, which cannot be signed"
    mine = [one for one in caught.value.problems if one.place == Place(path)]
    assert [(one.code, one.message) for one in mine] == [
        (
            "SG001",
            f"the award cannot be signed: in its credential, {where}: {why}.",
        )
    ]
    assert {one.place.path for one in caught.value.problems} == {
        f"awards/2015-16/first-run/{one}.yml" for one in (PUBLIC_AWARD, REVOKED, SUSPENDED)
    }


# The key itself.


def test_no_file_and_no_output_holds_the_private_key(tmp_path: Path):
    root = repository(tmp_path / "r")
    settings = (root / "mkdocs.yml").read_text("utf-8")
    leaking = settings.replace(
        "site_name: Small Works", "site_name: !ENV [BADGES_KEY, Small Works]"
    )
    assert leaking != settings
    write(root, {"mkdocs.yml": leaking})
    ran = badges_process(
        "build", "--root", root, "--key", "env:BADGES_KEY", BADGES_KEY=KEY._secret()
    )
    written = files_of(tmp_path)  # the repository with its site and its caches

    assert (ran.code, ran.err) == (0, "")
    assert "Signed with the key 'key-1'.\n" in ran.out
    for secret in (KEY._secret(), bytes(range(32)).hex()):
        assert secret not in ran.out
        assert [path for path, data in written.items() if secret.encode() in data] == []
    assert b"Small Works" in written["r/site/index.html"]


def test_mkdocs_and_the_plugin_sign_nothing(root: Path, tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-f", root / "mkdocs.yml", "-d", tmp_path / "s"],
        env=environment(BADGES_KEY=KEY._secret(), NO_MKDOCS_2_WARNING="1"),
        check=True,
        capture_output=True,
    )  # fmt: skip

    written = files_of(tmp_path / "s")
    assert f"awards/{PUBLIC_AWARD}.html" in written
    assert [one for one in written if one in ("did.json", f"awards/{PUBLIC_AWARD}.json")] == []


def refusal(*sentences: str) -> Ran:
    return Ran(5, "", lines(*(f"badges: {one}" for one in sentences)))


ENTRIES = {
    "compromised": (
        [entry(compromised="2016-05-01")],
        "the key 'key-1' is marked compromised in catalog/issuer.yml.",
    ),
    "ended": (
        [entry(until="2016-05-01")],
        "the key 'key-1' ended on 2016-05-01; sign with its successor.",
    ),
    "another one": (
        [entry(key=NEXT)],
        (
            f"the public half of this key, {KEY.public}, does not stand under `keys:` in "
            "catalog/issuer.yml; whoever checks a signature looks for it there."
        ),
    ),
    "two of one name": (
        [entry(), entry(key=NEXT)],
        "two keys in catalog/issuer.yml have the id 'key-1'.",
    ),
    "no key": (
        [entry(), "  - {id: key-2, public: z6Mkoops, from: 2016-01-01}\n"],
        "'z6Mkoops' is no Ed25519 public key as a Multikey (z6Mk...).",
    ),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_key_the_issuer_does_not_stand_by_signs_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    entries, said = ENTRIES[name]
    root = repository(tmp_path / "r", *entries)
    monkeypatch.setenv("BADGES_KEY", KEY._secret())

    assert badges("build", "--root", root, "--key", "env:BADGES_KEY") == refusal(said)
    assert not (root / "site").exists()


def test_the_key_of_previews_signs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    preview = keys.preview()
    root = repository(tmp_path / "r", entry(key=preview))
    monkeypatch.setenv("BADGES_KEY", SigningKey(PREVIEW_SEED)._secret())

    assert badges("build", "--root", root, "--key", "env:BADGES_KEY") == refusal(
        "this is the key of previews, which everybody has; it signs nothing."
    )


ADDRESSES = {
    "key": "write the key's address as file:PATH or env:NAME, such as env:BADGES_KEY.",
    "": "write the key's address as file:PATH or env:NAME, such as env:BADGES_KEY.",
    "env:NOT_SET_ANYWHERE": "the environment variable 'NOT_SET_ANYWHERE' is empty or not set.",
    "file:/no/such/key": (
        "cannot read the key at '/no/such/key': No such file or directory; `badges keys new` makes one."
    ),
}


@pytest.mark.parametrize("uri", ADDRESSES)
def test_an_address_without_a_key_is_explained(uri: str, root: Path, tmp_path: Path):
    ran = badges("build", "--root", root, "--site", tmp_path / "s", "--key", uri)

    assert ran == refusal(ADDRESSES[uri])
    assert not (tmp_path / "s").exists()


# badges keys.


def test_a_new_key_is_for_its_owner_only_and_signs_once_its_public_half_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1463702400")
    root, file = write(tmp_path / "r", rich_repository()), tmp_path / "key"
    ran = badges("keys", "new", file, "--root", root)
    secret = file.read_text("ascii").splitlines()[1]
    public = keys.open_key(f"file:{file}").public
    line = f"  - {{id: key-1, public: {public}, from: 2016-05-20, until: null, compromised: null}}"

    assert ran == Ran(
        0,
        lines(
            f"The private key is in {file}. Whoever has it can sign as you: keep it safe,",
            "keep a copy, and never put it into the repository.",
            "",
            "Put its public half into catalog/issuer.yml:",
            "",
            "keys:",
            line,
            "",
            f"Then sign: badges build --key file:{file}",
        ),
        "",
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in ran.out
    with (root / ISSUER).open("a", encoding="utf-8") as issuer:
        issuer.write(f"keys:\n{line}\n")
    built = badges("build", "--root", root, "--key", f"file:{file}")
    assert (built.code, built.err) == (0, "")
    assert "Signed with the key 'key-1'.\n" in built.out


def test_a_key_is_never_replaced(tmp_path: Path):
    file = tmp_path / "key"
    KEY.save(file)
    before = file.read_bytes()

    assert badges("keys", "new", file) == refusal(
        f"there is a file at '{file}' already; keys are never replaced."
    )
    assert file.read_bytes() == before


def test_a_private_key_is_kept_out_of_the_repository(root: Path):
    file = root / "catalog" / "key"

    assert badges("keys", "new", file, "--root", root) == refusal(
        f"'{file}' lies in the repository; keep private keys elsewhere."
    )
    assert not file.exists()


def test_the_name_of_a_key_fits_into_an_address(tmp_path: Path):
    assert badges("keys", "new", tmp_path / "key", "--id", "Key 1") == refusal(
        "a key's id has small letters a to z, digits and hyphens, such as key-2."
    )
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_keys_says_the_state_of_each(tmp_path: Path):
    third = SigningKey(bytes(range(2, 34)))
    root = repository(
        tmp_path / "r",
        entry(until="2016-01-01", compromised="2016-03-01"),
        entry("key-2", NEXT, **{"from": "2016-01-01", "until": "2016-05-20"}),
        entry("key-3", third, **{"from": "2016-05-20"}),
    )

    assert badges("keys", "list", "--root", root) == Ran(
        0,
        lines(
            f"key-1  {KEY.public}  compromised on 2016-03-01: what it signed no longer holds",
            f"key-2  {NEXT.public}  2016-01-01 to 2016-05-20: what it signed holds, it signs nothing more",
            f"key-3  {third.public}  in use from 2016-05-20",
        ),
        "",
    )


def test_a_repository_without_keys_is_told_how_to_make_one(small: Path):
    assert badges("keys", "list", "--root", small) == Ran(
        0, "No keys. Make one with `badges keys new`.\n", ""
    )


def test_the_list_of_keys_shows_problems_where_there_are_any(small: Path):
    write(small, {ISSUER: "name: 7\n"})
    ran = badges("keys", "list", "--root", small)

    assert (ran.code, ran.err) == (1, "")
    assert "catalog/issuer.yml" in ran.out
