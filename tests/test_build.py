# SPDX-License-Identifier: Apache-2.0
"""A repository becomes a site: which files there are, and when nothing is written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from site_builder.addresses import Site
from site_builder.art import png
from site_builder.build import artifacts, load
from tests.support import (
    AWARDS,
    PRIVATE_AWARD,
    PUBLIC_AWARD,
    PUBLIC_TEACHER,
    UNLISTED_AWARD,
    UNLISTED_TEACHER,
    Ran,
    award,
    badges,
    copy_demo,
    differing,
    environment,
    files_of,
    lines,
    resolved,
    small_repository,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Demo

ISSUER = "catalog/issuer.yml"
CREDENTIAL = "catalog/credentials/team-norms.yml"
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7H1z" fill="#123456"/></svg>\n'


def built(root: Path, *words: str) -> dict[str, bytes]:
    ran = badges("build", "--root", root, *words)
    assert ran.code == 0, ran.out + ran.err
    return files_of(root / "site")


def change(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert text.count(old) == 1
    (root / path).write_text(text.replace(old, new), "utf-8")


def made(root: Path, base_url: str = "https://badges.example.org") -> dict[str, bytes]:
    """What we make ourselves, without MkDocs."""
    catalog, problems = load(root)
    assert catalog is not None, problems
    return dict(artifacts(catalog, Site(base_url)))


BROKEN = f"{AWARDS}/{PUBLIC_AWARD}.yml"
BROKEN_SAYS = lines(
    f"{BROKEN}:2:13: AW003 no credential 'team-norm' in catalog/credentials.",
    "    Did you mean 'team-norms'? (docs: reference/problems/#aw003)",
    "1 error in 1 file",
    "Nothing was written.",
)


def test_nothing_is_written_when_the_check_fails(small: Path):
    change(small, BROKEN, "credential: team-norms@1.0.0", "credential: team-norm@1.0.0")
    before = files_of(small)
    assert badges("build", "--root", small) == Ran(1, BROKEN_SAYS, "")
    assert files_of(small) == before
    assert not (small / "site").exists()


def test_the_old_site_stays_untouched_when_the_check_fails(small: Path):
    built(small)
    before = files_of(small)
    change(small, BROKEN, "credential: team-norms@1.0.0", "credential: team-norm@1.0.0")
    before[BROKEN] = (small / BROKEN).read_bytes()
    inode = (small / "site").stat().st_ino
    assert badges("build", "--root", small).code == 1
    assert files_of(small) == before
    assert (small / "site").stat().st_ino == inode


def test_nothing_is_published_when_a_page_cannot_be_built(small: Path):
    built(small)
    before = files_of(small / "site")
    write(small, {"docs/guide/broken.md": "[nowhere](missing.md)\n"})
    ran = badges("build", "--root", small, "--strict")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err == lines(
        "warning: Doc file 'guide/broken.md' contains a link 'missing.md', but the target 'guide/missing.md' is "
        "not found among documentation files.",
        "The pages could not be built: Aborted with 1 warnings in strict mode!",
        "Nothing was published.",
    )
    assert files_of(small / "site") == before


def test_mkdocs_build_leaves_the_old_site_when_the_check_fails(small: Path):
    built(small)
    before = files_of(small / "site")
    change(small, BROKEN, "credential: team-norms@1.0.0", "credential: team-norm@1.0.0")
    command = [sys.executable, "-m", "mkdocs", "build", "-f", str(small / "mkdocs.yml")]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{BROKEN_SAYS.partition('1 error')[0]}" in done.stderr
    assert "Traceback" not in done.stderr
    assert files_of(small / "site") == before


def test_a_warning_stops_a_strict_build_only(small: Path):
    change(small, ISSUER, "name: Small Works", "name: Works of Ada Okafor")
    warning = lines(
        f"{ISSUER}:1:7: warning: NM001 the text holds the name of a teacher in awards/teachers.",
        "    Take the name out; this text is published. (docs: reference/problems/#nm001)",
        "1 warning in 1 file",
    )
    assert badges("build", "--root", small, "--strict") == Ran(
        1, warning + "Nothing was written.\n", ""
    )
    ran = badges("build", "--root", small)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(warning + "Built one micro-credential")


def test_one_changed_award_changes_its_own_files_and_lists_only(demo: Demo, tmp_path: Path):
    root = copy_demo(tmp_path / "r")
    award_id = next(
        one.id
        for one in demo.catalog.listed
        if one.status.state == "active" and demo.catalog.is_counted(one)
    )
    one = demo.catalog.awards[award_id]
    path = demo.catalog.sources["award", award_id]
    change(
        root,
        path,
        "status: {state: active}",
        "status: {state: suspended, on: 2016-06-20, reason: Looked at again}",
    )
    changed = differing(built(root), files_of(demo.site))
    own = {f"awards/{award_id}.html", f"awards/{award_id}.ob2.json"}
    handle = demo.catalog.teachers[one.teacher].handle
    backpack = [f"backpacks/{handle}.html", f"backpacks/{handle}.json"]
    assert own <= set(changed)
    others = [path for path in changed if path not in own]
    # Pages that count or list awards may change, pages of other people may not.
    found = [path for path in others if path.startswith(("awards/", "backpacks/"))]
    assert found == ["backpacks/index.html", *backpack]  # the list counts awards that stand
    assert "status/0.json" in others
    assert not [path for path in others if path.endswith((".svg", ".png", ".css", ".js"))]


def test_a_rebuild_without_a_change_gives_the_same_bytes(small: Path):
    first = built(small)
    assert differing(built(small), first) == []


def test_a_removed_award_leaves_nothing_behind(small: Path):
    built(small)
    (small / f"{AWARDS}/{PUBLIC_AWARD}.yml").unlink()
    left = built(small)
    assert [
        path for path, data in left.items() if PUBLIC_AWARD.encode() in path.encode() + data
    ] == []


def test_an_old_name_leads_to_the_new_page(small: Path):
    change(small, CREDENTIAL, "class: micro\n", "class: micro\naliases: [norms-and-roles]\n")
    change(
        small, "catalog/programs/first-run.yml", "school_year:", "aliases: [pilot]\nschool_year:"
    )
    files = built(small)
    for old, new in (
        ("credentials/norms-and-roles", "credentials/team-norms"),
        ("programs/pilot", "programs/first-run"),
    ):
        page = files[f"{old}/index.html"].decode()
        assert re.findall(r'(?:href|url)="?([^"\s>]*)"', page) == [
            f"../../{new}/",
            f"https://badges.example.org/{new}/",
            f"../../{new}/",
        ]


def test_open_badges_2_files_are_left_out_where_they_are_switched_off(small: Path):
    change(small, ISSUER, "ob2: true", "ob2: false")
    files = built(small)
    records = {"issuer/ob2.json", "status/ob2.json"}
    assert [
        path for path in files if path.endswith((".ob2.json", "badgeclass.json")) or path in records
    ] == []
    dead = {
        path
        for path, data in files.items()
        if b"ob2.json" in data and path.endswith((".html", ".json"))
    }
    assert dead == set()


def test_a_given_drawing_is_the_badge(small: Path):
    change(small, CREDENTIAL, "class: micro\n", "class: micro\nimage: square.svg\n")
    write(small, {"catalog/images/square.svg": SQUARE})
    files = made(small)
    assert files["credentials/team-norms/1.0.0/badge.svg"].decode() == SQUARE
    assert files["credentials/team-norms/1.0.0/badge.png"] == png(SQUARE, 480)


def test_a_given_picture_is_the_badge_and_its_marks_are_made_of_it(small: Path):
    drawn = made(small)
    picture = png(SQUARE, 64)
    change(small, CREDENTIAL, "class: micro\n", "class: micro\nimage: square.png\n")
    write(small, {"catalog/images/square.png": picture})
    files = made(small)
    assert files["credentials/team-norms/1.0.0/badge.png"] == picture
    own = f"awards/{PUBLIC_AWARD}.png", f"awards/{UNLISTED_AWARD}.png"
    assert [one for one in differing(files, drawn) if one not in own] == [
        f"credentials/team-norms/1.0.0/{one}"
        for one in ("badge.png", "badge.svg", "ghost.svg", "mark.svg")
    ]


def test_a_base_url_with_a_path_stands_before_every_address(small: Path):
    change(small, ISSUER, "https://badges.example.org", "https://district.example.org/badges")
    files = built(small)
    record = json.loads(files[f"awards/{PUBLIC_AWARD}.ob2.json"])
    assert record["id"] == f"https://district.example.org/badges/awards/{PUBLIC_AWARD}.ob2.json"
    assert files["robots.txt"].decode() == lines(
        "User-agent: *",
        "Allow: /",
        "Sitemap: https://district.example.org/badges/sitemap.xml",
        "Sitemap: https://district.example.org/badges/sitemap-awards.xml",
    )
    listed = re.findall(
        r"https://district[^<\"\s]*",
        files["sitemap.xml"].decode() + files["sitemap-awards.xml"].decode(),
    )
    assert len(listed) > 5
    assert [
        one for one in listed if not one.startswith("https://district.example.org/badges/")
    ] == []
    assert [
        path
        for path, data in files.items()
        if b"badges.example.org" in data and b"badges@example.org" not in data
    ] == []
    # Links are relative, so a folder of a host serves them as well as its root. A host shows 404.html at any depth.
    absolute = [
        path
        for path, data in files.items()
        if path.endswith(".html") and re.search(rb'(?:href|src)="/', data)
    ]
    assert [path for path in absolute if path != "404.html"] == []


def test_a_draft_credential_has_a_page_that_says_so_and_nothing_to_earn(small: Path):
    framework = "catalog/frameworks/lead.yml"
    added = "      - {id: drafted, code: A.2, title: {en: Two}, statement: {en: Two.}}\n"
    change(small, framework, "      - {id: norms", f"{added}      - {{id: norms")
    text = (small / CREDENTIAL).read_text("utf-8").replace("status: active", "status: draft")
    text = text.replace("[norms]", "[drafted]", 1).replace(
        "Setting team norms", "Canary draft title"
    )
    write(small, {"catalog/credentials/canary-draft.yml": text})
    files = built(small)
    assert [path for path in files if "canary-draft" in path] == [
        "credentials/canary-draft/index.html"
    ]
    assert b"Draft: cannot be earned yet" in files["credentials/canary-draft/index.html"]
    named = {
        path for path, data in files.items() if b"canary-draft" in data or b"Canary draft" in data
    }
    assert [
        path
        for path in named
        if path.startswith(("api/", "awards/", "backpacks/", "issuer/", "status/"))
    ] == []


def test_no_built_file_names_this_computer(demo: Demo):
    """The guide and the reference tell people what `badges serve` says; they are left out."""
    theirs = ("guide/", "reference/", "assets/", "search/")
    files = {
        path: data for path, data in files_of(demo.site).items() if not path.startswith(theirs)
    }
    assert len(files) > 1_000
    named = [
        path
        for path, data in files.items()
        if re.search(rb"localhost|127\.0\.0\.1|file://|/tmp/", data)
    ]
    assert named == []


def test_work_under_review_has_no_page(small: Path):
    work = "d2f5g8h1j4k7m0n3p6q9r2s5tv"
    write(
        small,
        {
            f"{AWARDS}/{work}.yml": f"teacher: {PUBLIC_TEACHER}\ncredential: team-norms@1.0.0\nprogram: first-run\nrounds: [{{submitted: 2016-05-02}}]\n"
        },
    )
    assert [
        path for path, data in made(small).items() if work.encode() in path.encode() + data
    ] == []


def test_each_published_award_and_backpack_has_its_files_and_no_others(small: Path):
    paths = [path for path in made(small) if path.startswith(("awards/", "backpacks/"))]
    assert sorted(paths) == sorted(
        [
            f"awards/{one}{end}"
            for one in (PUBLIC_AWARD, UNLISTED_AWARD)
            for end in (".html", ".ob2.json", ".png", ".qr.svg")
        ]
        + [
            f"backpacks/{one}{end}"
            for one in ("ada-okafor", UNLISTED_TEACHER)
            for end in (".html", ".qr.svg")
        ]
    )
    assert PRIVATE_AWARD not in "".join(paths)


def test_the_last_award_made_private_takes_the_backpack_with_it(small: Path):
    write(
        small,
        {f"{AWARDS}/{PUBLIC_AWARD}.yml": award(PUBLIC_TEACHER, 1, more="visibility: private\n")},
    )
    assert [
        path for path, data in made(small).items() if b"ada-okafor" in path.encode() + data
    ] == []


def test_every_file_is_made_once(demo: Demo):
    paths = [path for path, _ in artifacts(demo.catalog, Site(demo.catalog.issuer.base_url))]
    assert len(paths) == len(set(paths))
    assert len({path.casefold() for path in paths}) == len(paths)


def test_every_link_of_the_demo_leads_to_a_file(demo: Demo):
    files = files_of(demo.site)
    dead = set()
    for page in (path for path in files if path.endswith(".html") and path != "404.html"):
        for link in re.findall(r'\s(?:href|src)="?([^"&\s>#?]+)', files[page].decode()):
            if not re.match(r"[a-z]+:", link) and resolved(page, link) not in files:
                dead.add((page.split("/")[0], link))
    assert dead == set()


def test_a_build_needs_no_awards(small: Path):
    shutil.rmtree(small / "awards")
    files = built(small)
    assert json.loads(files["api/awards.json"]) == {"awards": []}


@pytest.mark.parametrize("path", ["catalog/issuer.yml", CREDENTIAL])
def test_a_build_changes_none_of_its_inputs(small: Path, path: str):
    before = (small / path).stat()
    built(small)
    after = (small / path).stat()
    assert (before.st_mtime_ns, before.st_ino, before.st_mode) == (
        after.st_mtime_ns,
        after.st_ino,
        after.st_mode,
    )


def test_the_small_repository_is_as_the_tests_say():
    assert len(small_repository()) == 12
