# SPDX-License-Identifier: Apache-2.0
"""What is private stands in no byte of a site; what is unlisted stands in no list."""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import html
import io
import json
import posixpath
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote

import pytest
import zxingcpp
from PIL import Image

from site_builder import addresses
from site_builder.art import png
from tests.support import (
    AWARDS,
    PRIVATE_AWARD,
    PRIVATE_TEACHER,
    PUBLIC_AWARD,
    PUBLIC_TEACHER,
    UNLISTED_AWARD,
    UNLISTED_TEACHER,
    Files,
    award,
    badges_process,
    files_of,
    resolved,
    small_repository,
    teacher,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.conftest import Demo

BASE = "https://badges.example.org/"
EMAIL = "quillfeather.z@canary-district.example.org"
SALT = "canary-identity-salt-5531"
PUBLIC_AWARD_KEPT_BACK = "x4w1v7t2k5s8r3q6p9n0m2j4hg"  # public teacher, private award
PUBLIC_AWARD_UNLISTED = "m8k3h6g1f4d7c2b5z9y0x3w6vt"  # public teacher, unlisted award
WITHDRAWN = ("p3n6m9k2j5h8g1f4d7c0b3z6yx", "q7r1s4t8v2w5x9y3z6b0c4d7fg")
# Letters beyond ASCII, so that every form in which software writes them is tried.
NAME = "Zéphyrine Quillfeather-Łuk"

# What may stand nowhere, each with the words that say what it is.
SECRETS: dict[str, str] = {
    "name of a private teacher": NAME,
    "sort name of a private teacher": "quillfeather-luk zephyrine",
    "handle of a private teacher": "zephyrine-quillfeather",
    "handle of an unlisted teacher": "berit-canary-handle",
    "id of a private teacher": PRIVATE_TEACHER,
    "id of a private award": PRIVATE_AWARD,
    "id of a private award of a public teacher": PUBLIC_AWARD_KEPT_BACK,
    "e-mail in a private note": EMAIL,
    "local part of that e-mail": EMAIL.partition("@")[0],
    "unsalted hash of that e-mail": hashlib.sha256(EMAIL.encode()).hexdigest(),
    "unpublished identity hash": hashlib.sha256((EMAIL + SALT).encode()).hexdigest(),
    "salt of that hash": SALT,
    "note of a teacher": "canary note of a teacher",
    "note of an award": "canary note of an award",
    "note of a round": "canary note of a round",
    "feedback": "canary feedback to the earner",
    "assessor": "assessor-canary-17",
    "second assessor": "assessor-canary-23",
    "who approved": "approver-canary-9",
    "consent form": "form-canary-4471",
    "title of private evidence": "Canary evidence title",
    "narrative of private evidence": "Canary evidence narrative",
    "address of private evidence": "https://files.canary-district.example.org/e/9f",
    "hash of private evidence": "ca11ab1e" * 8,
    "salt of the ledger": "sa1tsa1tsa1tsa1tsa1tsa1t",
    "day of a refused submission": "2016-02-03",
    "that day in words": "3 February 2016",
    "comment in a file": "canary comment",
    "work without an award": "d2f5g8h1j4k7m0n3p6q9r2s5tv",
    "title of a private teacher's collection": "Canary collection",
    "registration scheme": "canary-hours",
}
FILES_OF_AN_AWARD = (".html", ".json", ".ob2.json", ".png", ".qr.svg", ".wallet.qr.svg")
# Holds the SHA-256 of each published id: who does not know the id learns nothing.
HASHED = {"ledger.json"}
# Not private in themselves, yet told by the review alone; they may stand on no page of a person.
REVIEW_WORDS = ("not-met", "revise", "outcome", "assessor", "submitted", "feedback")

_PRIVATE_PARTS = f"""\
note: {SECRETS["note of a teacher"]} {EMAIL}
sort: {SECRETS["sort name of a private teacher"]}
registration: {{scheme: canary-hours, from: 2015-07-01, until: 2020-06-30}}
identity: [{{type: emailAddress, hash: "sha256${SECRETS["unpublished identity hash"]}", salt: {SALT}}}]
# {SECRETS["comment in a file"]}
"""
_REVIEWED = f"""\
rounds:
  - submitted: 2016-02-01
    decided: 2016-02-03
    outcome: revise
    assessors: [{SECRETS["assessor"]}]
    criteria: {{c1: developing}}
    feedback: {{c1: {SECRETS["feedback"]}}}
    note: {SECRETS["note of a round"]}
  - submitted: 2016-03-02
    decided: 2016-03-14
    outcome: met
    scores:
      - {{by: {SECRETS["assessor"]}, criteria: {{c1: proficient}}}}
      - {{by: {SECRETS["second assessor"]}, criteria: {{c1: leading}}}}
approved_by: {SECRETS["who approved"]}
note: {SECRETS["note of an award"]}
evidence:
  - for: norms
    title: {SECRETS["title of private evidence"]}
    narrative: {SECRETS["narrative of private evidence"]}
    url: {SECRETS["address of private evidence"]}
    sha256: {SECRETS["hash of private evidence"]}
    visibility: private
level: leading
"""


def reviewed(text: str, more: str = "") -> str:
    """An award's file with everything a review leaves behind."""
    return text.partition("rounds:")[0] + _REVIEWED + more


def planted() -> Files:
    """The small repository with every secret in it."""
    files = small_repository()
    public = teacher(
        "Ada Okafor",
        "public",
        "ada-okafor",
        _PRIVATE_PARTS.replace("sort: quillfeather-luk zephyrine\n", ""),
    )
    public = public.replace("[profile, awards]", "[profile, awards, evidence]")
    unlisted = teacher("Berit Solheim", "unlisted", "berit-canary-handle").replace(
        "form-1", "form-canary-4471"
    )
    private = teacher(f'"{NAME}"', "private", "zephyrine-quillfeather", _PRIVATE_PARTS)
    collection = f"collections: [{{title: Canary collection, awards: [{PRIVATE_AWARD}]}}]\n"
    withdrawn = "status: {state: withdrawn, on: 2016-06-15}\n"
    files |= {
        f"awards/teachers/{PUBLIC_TEACHER}.yml": public,
        f"awards/teachers/{UNLISTED_TEACHER}.yml": unlisted,
        f"awards/teachers/{PRIVATE_TEACHER}.yml": private + collection,
        f"{AWARDS}/{PUBLIC_AWARD}.yml": reviewed(award(PUBLIC_TEACHER, 1)),
        f"{AWARDS}/{UNLISTED_AWARD}.yml": reviewed(award(UNLISTED_TEACHER, 2)),
        f"{AWARDS}/{PRIVATE_AWARD}.yml": reviewed(award(PRIVATE_TEACHER, 3)),
        f"{AWARDS}/{PUBLIC_AWARD_KEPT_BACK}.yml": reviewed(
            award(PUBLIC_TEACHER, 4, issued="2016-03-15"),
            "visibility: private\nstatus: {state: revoked, on: 2016-04-01, reason: Kept back}\n",
        ),
        f"{AWARDS}/{PUBLIC_AWARD_UNLISTED}.yml": reviewed(
            award(PUBLIC_TEACHER, 5, issued="2016-03-16"),
            "visibility: unlisted\nstatus: {state: suspended, on: 2016-04-02, reason: Looked at}\n",
        ),
        f"{AWARDS}/{WITHDRAWN[0]}.yml": reviewed(
            award(PUBLIC_TEACHER, 6, issued="2016-03-17"), withdrawn
        ),
        f"{AWARDS}/{WITHDRAWN[1]}.yml": reviewed(
            award(PRIVATE_TEACHER, 7, issued="2016-04-18"), withdrawn
        ),
        f"{AWARDS}/{SECRETS['work without an award']}.yml": (
            f"teacher: {UNLISTED_TEACHER}\ncredential: team-norms@1.0.0\nprogram: first-run\n"
            "rounds: [{submitted: 2016-05-02, decided: 2016-05-03, outcome: not-met, "
            "criteria: {c1: developing}, feedback: {c1: canary feedback to the earner}}]\n"
        ),
    }
    return files


@dataclass(frozen=True)
class Built:
    site: Path
    files: Mapping[str, bytes]

    @functools.cached_property
    def searched(self) -> dict[str, bytes]:
        """Every file as stored and as its reader sees it: compressed parts are opened."""
        return {
            path: b"\n".join([path.encode(), data, *opened(path, data)])
            for path, data in self.files.items()
        }

    def holding(self, *words: str) -> set[str]:
        """Files in which one of these stands, in any form."""
        wanted = [form for word in words for form in forms(word)]
        return {path for path, data in self.searched.items() if any(one in data for one in wanted)}


def opened(path: str, data: bytes) -> Iterator[bytes]:
    """What is packed inside a file."""
    if path.endswith(".gz"):
        yield gzip.decompress(data)
    if path.endswith(".png"):
        for kind, content in png_chunks(data):
            if kind == b"zTXt":
                yield zlib.decompress(content.split(b"\0", 1)[1][1:])
    if path.endswith((".html", ".svg", ".xml")):
        yield html.unescape(data.decode()).encode()
        yield unquote(data.decode()).encode()
    if path.endswith(".json"):
        yield json.dumps(json.loads(data), ensure_ascii=False).encode()


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += 12 + size


def forms(word: str) -> set[bytes]:
    """A word as software writes it: plain, escaped, encoded for addresses, in base64, as numbers."""
    plain = word.encode()
    found = {plain, word.upper().encode(), word.lower().encode(), word[::-1].encode()}
    found |= {
        word.encode("utf-16-le"),
        plain.hex().encode(),
        hashlib.sha256(plain).hexdigest().encode(),
    }
    found |= {
        quote(word).encode(),
        quote(word, safe="").encode(),
        quote_plus(word).encode(),
        html.escape(word).encode(),
    }
    found |= {json.dumps(word)[1:-1].encode(), json.dumps(word, ensure_ascii=False)[1:-1].encode()}
    found.add("".join(f"&#{ord(one)};" for one in word).encode())
    for shift in range(3):  # base64 has three ways to begin; the ends depend on the neighbours
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * shift + plain)[4 * (shift > 0) : -4].rstrip(b"="))
    return {one for one in found if len(one) >= 6}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = write(tmp_path_factory.mktemp("canaries") / "folder-canary-88", planted())
    ran = badges_process("build", "--root", root, SIGNING_KEY="environment-canary-61")
    assert ran.code == 0, ran.out + ran.err
    return Built(root / "site", files_of(root / "site"))


def test_the_search_finds_a_planted_word_in_every_form():
    for form in forms(NAME):
        assert Built(Path(), {"any.txt": b"x" + form + b"x"}).holding(NAME) == {"any.txt"}
    assert Built(Path(), {"a.gz": gzip.compress(NAME.encode())}).holding(NAME) == {"a.gz"}
    long = f"before it {NAME} and after"
    for cut in range(4):
        data = base64.b64encode(long[cut:].encode())
        assert Built(Path(), {"a.txt": data}).holding(NAME) == {"a.txt"}
    assert Built(Path(), {"a.html": b"Z&eacute;phyrine Quillfeather-&#x141;uk"}).holding(NAME)


@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_stands_in_no_file_of_the_site(built: Built, what: str):
    assert built.holding(SECRETS[what]) == set()


def test_neither_environment_nor_folder_of_the_build_stands_in_the_site(built: Built):
    assert built.holding("environment-canary-61", "folder-canary-88") == set()


def test_words_of_the_review_stand_on_no_page_or_record_of_a_person(built: Built):
    def said(data: bytes) -> list[str]:
        text = re.sub(r"<style.*?</style>|<script.*?</script>", "", data.decode(), flags=re.DOTALL)
        return [word for word in REVIEW_WORDS if re.search(rf"\b{word}", text, re.IGNORECASE)]

    of_people = {
        path: data
        for path, data in built.files.items()
        if (path.startswith(("awards/", "backpacks/", "status/")) and not path.endswith(".png"))
        or path in ("api/awards.json", "sitemap-awards.xml")
    }
    assert len(of_people) > 10
    assert {path: said(data) for path, data in of_people.items() if said(data)} == {}


def test_the_level_reached_is_shown_only_with_consent_for_it(built: Built):
    page = built.files[f"awards/{PUBLIC_AWARD}.html"].decode()
    assert "Members remind each other of a norm." not in page
    assert re.search(r"level reached", page, re.IGNORECASE) is None


def test_an_unlisted_award_stands_only_in_its_own_files_and_its_backpack(built: Built):
    own = {f"awards/{UNLISTED_AWARD}{end}" for end in FILES_OF_AN_AWARD}
    backpack = {f"backpacks/{UNLISTED_TEACHER}{end}" for end in (".html", ".json")}
    assert own <= built.files.keys()
    assert built.holding(UNLISTED_AWARD) == own | backpack | HASHED


def test_whoever_gets_an_unlisted_award_learns_the_name_but_not_the_backpack(built: Built):
    backpack = {f"backpacks/{UNLISTED_TEACHER}{end}" for end in (".html", ".json")}
    own = {f"awards/{UNLISTED_AWARD}{end}" for end in (".html", ".json", ".png")}
    assert built.holding("Berit Solheim") == backpack | own
    assert built.holding(UNLISTED_TEACHER) == backpack | {f"backpacks/{UNLISTED_TEACHER}.qr.svg"}


def test_an_unlisted_award_of_a_public_teacher_is_not_in_the_public_backpack(built: Built):
    own = {f"awards/{PUBLIC_AWARD_UNLISTED}{end}" for end in FILES_OF_AN_AWARD}
    assert built.holding(PUBLIC_AWARD_UNLISTED) == own | HASHED


def test_unlisted_and_withdrawn_pages_ask_search_engines_to_keep_away(built: Built):
    unlisted = [f"awards/{one}.html" for one in (UNLISTED_AWARD, PUBLIC_AWARD_UNLISTED, *WITHDRAWN)]
    for path in [*unlisted, f"backpacks/{UNLISTED_TEACHER}.html"]:
        assert robots(built.files[path]) == ["noindex"], path
    for path in (f"awards/{PUBLIC_AWARD}.html", "backpacks/ada-okafor.html"):
        assert robots(built.files[path]) == [], path


def robots(page: bytes) -> list[str]:
    return re.findall(r'<meta name="robots" content="([^"]*)">', page.decode())


def test_withdrawn_awards_have_the_same_page_whoever_earned_them(built: Built):
    first, second = (built.files[f"awards/{one}.html"] for one in WITHDRAWN)
    assert first == second


def test_a_withdrawn_award_keeps_its_addresses_and_stands_in_no_list(built: Built):
    for one in WITHDRAWN:
        own = {f"awards/{one}.{kind}" for kind in ("html", "json", "ob2.json", "png")}
        assert own <= built.files.keys()
        assert built.holding(one) - own <= {"status/ob2.json"} | HASHED
        record = json.loads(built.files[f"awards/{one}.ob2.json"])
        assert record.keys() == {"@context", "type", "id", "revoked", "revocationReason"}
    first, second = (built.files[f"awards/{one}.png"] for one in WITHDRAWN)
    assert first == second


def test_a_public_award_is_listed(built: Built):
    listed = json.loads(built.files["api/awards.json"])["awards"]
    assert [(one["id"], one["holder"]) for one in listed] == [(PUBLIC_AWARD, "Ada Okafor")]
    assert locations(built.files["sitemap-awards.xml"]) == {
        f"{BASE}awards/{PUBLIC_AWARD}.html",
        f"{BASE}backpacks/ada-okafor.html",
    }


def locations(sitemap: bytes) -> set[str]:
    return set(re.findall(r"<loc>([^<]*)</loc>", sitemap.decode()))


# The demo: the same promises over its own people.


@pytest.fixture(scope="module")
def demo_built(demo: Demo) -> Built:
    return Built(demo.site, files_of(demo.site))


def test_no_id_or_salt_of_what_is_private_stands_in_the_demo(demo: Demo, demo_built: Built):
    catalog = demo.catalog
    published = {one.id for one in catalog.published}
    secret = {one.id for one in (*catalog.awards.values(), *catalog.drafts.values())} - published
    secret |= {one.salt for one in catalog.awards.values() if one.salt}
    secret |= catalog.teachers.keys() - {one.id for one in catalog.backpacks}
    assert len(secret) > 600
    found = {
        (path, token.decode())
        for path, data in demo_built.files.items()
        for token in re.findall(rb"[0-9a-hjkmnp-tv-z]{26}", data)
        if token.decode() in secret
    }
    assert found == set()


def test_no_name_of_a_private_teacher_stands_in_the_demo(demo: Demo, demo_built: Built):
    everything = b"\n".join(
        data
        for path, data in demo_built.files.items()
        if path.endswith((".html", ".json", ".svg", ".xml", ".txt"))
    )
    names = [
        one.name
        for one in demo.catalog.teachers.values()
        if one.visibility == "private" and one.name
    ]
    assert len(names) > 30
    assert [
        name
        for name in names
        if name.encode() in everything or html.escape(name).encode() in everything
    ] == []


def test_names_of_unlisted_teachers_of_the_demo_stand_only_on_their_own_pages(
    demo: Demo, demo_built: Built
):
    catalog = demo.catalog
    own = {award.id: award.teacher for award in catalog.published}
    people = [one for one in catalog.teachers.values() if one.visibility == "unlisted" and one.name]
    names = {html.escape(one.name or "", quote=False): one.id for one in people}
    any_name = re.compile("|".join(map(re.escape, names)))
    assert len(names) > 50
    wrong = set()
    for path, data in demo_built.files.items():
        if not path.endswith((".html", ".json", ".svg", ".xml", ".txt")):
            continue
        stem = posixpath.basename(path).split(".")[0]
        for found in set(any_name.findall(data.decode())):
            if names[found] not in {stem, own.get(stem)}:
                wrong.add((path, found))
    assert wrong == set()


def test_unlisted_ids_of_the_demo_stand_only_in_their_own_files(demo: Demo, demo_built: Built):
    catalog = demo.catalog
    unlisted = {
        one.id: one
        for one in catalog.published
        if one not in catalog.listed and one.status.state != "withdrawn"
    }
    people = {one.id for one in catalog.backpacks if one.visibility == "unlisted"}
    assert len(unlisted) > 100
    for path, data in demo_built.files.items():
        stem = posixpath.basename(path).split(".")[0]
        for token in {one.decode() for one in re.findall(rb"[0-9a-hjkmnp-tv-z]{26}", data)}:
            if token in unlisted:
                assert path.startswith(f"awards/{token}.") or stem == unlisted[token].teacher, path
            if token in people:
                assert stem == token or catalog.awards[stem].teacher == token, path


def test_following_links_from_the_home_page_finds_exactly_who_agreed(demo: Demo, demo_built: Built):
    reached = crawl(demo_built.files)
    awards = {path for path in reached if re.fullmatch(r"awards/[^/]+\.html", path)}
    backpacks = {path for path in reached if re.fullmatch(r"backpacks/[^/]+\.html", path)} - {
        "backpacks/index.html"
    }
    counted = [one for one in demo.catalog.listed if demo.catalog.is_counted(one)]
    agreed = {addresses.award_page(one.id) for one in demo.catalog.listed}
    # Samples belong to nobody; whether pages lead to them is a matter of taste.
    assert {addresses.award_page(one.id) for one in counted} <= awards <= agreed
    public = [one for one in demo.catalog.backpacks if one.visibility == "public"]
    holders = {one.teacher for one in counted}
    assert (
        {backpack(one) for one in public if one.id in holders}
        <= backpacks
        <= {backpack(one) for one in public}
    )


def backpack(one) -> str:
    return addresses.backpack_page(addresses.backpack_slug(one))


def crawl(files: Mapping[str, bytes]) -> set[str]:
    """Paths of the HTML pages that links lead to, from the home page on."""
    waiting, seen = ["index.html"], {"index.html"}
    while waiting:
        page = waiting.pop()
        for link in re.findall(rb'\b(?:href|src)="?([^"\s>#?]+)', files[page]):
            path = resolved(page, html.unescape(link.decode()))
            if path in files and path not in seen:
                seen.add(path)
                if path.endswith(".html"):
                    waiting.append(path)
    return seen


def test_lists_of_the_demo_hold_exactly_the_public_awards(demo: Demo, demo_built: Built):
    listed = [one.id for one in demo.catalog.listed]
    assert [
        one["id"] for one in json.loads(demo_built.files["api/awards.json"])["awards"]
    ] == listed
    pages = {f"{BASE}{addresses.award_page(one)}" for one in listed}
    people = {
        f"{BASE}{backpack(one)}" for one in demo.catalog.backpacks if one.visibility == "public"
    }
    assert locations(demo_built.files["sitemap-awards.xml"]) == pages | people
    assert not [one for one in locations(demo_built.files["sitemap.xml"]) if "/awards/" in one]
    index = json.loads(demo_built.files["search/search_index.json"])["docs"]
    assert not [one["location"] for one in index if one["location"].startswith("awards/")]


def test_pictures_carry_no_text_beside_the_drawing(demo_built: Built):
    pictures = {
        path: data
        for path, data in demo_built.files.items()
        if path.endswith(".png") and path.startswith("credentials/")
    }
    assert len(pictures) > 20
    for path, data in pictures.items():
        assert {kind for kind, _ in png_chunks(data)} <= {
            b"IHDR",
            b"PLTE",
            b"tRNS",
            b"IDAT",
            b"IEND",
        }, path


def test_a_qr_code_says_the_address_of_its_page_and_nothing_else(demo_built: Built):
    codes = sorted(path for path in demo_built.files if path.endswith(".qr.svg"))
    for path in codes[:: len(codes) // 6]:
        image = Image.open(io.BytesIO(png(demo_built.files[path].decode(), 480)))
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
        assert [one.text for one in zxingcpp.read_barcodes(flat)] == [
            f"{BASE}{path.replace('.wallet.qr.svg', '.json').replace('.qr.svg', '.html')}"
        ]


def test_the_withdrawn_page_names_no_award_and_has_no_code(built: Built):
    page = built.files[f"awards/{WITHDRAWN[0]}.html"].decode()
    assert f"awards/{WITHDRAWN[0]}.qr.svg" not in built.files
    assert re.findall(r"[0-9a-hjkmnp-tv-z]{26}", page) == []
