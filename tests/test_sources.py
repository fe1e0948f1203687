# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from site_builder.problems import EnvironmentProblem, UsageProblem, quoted, render
from site_builder.sources import Source, read_tree

if TYPE_CHECKING:
    from pathlib import Path

TEACHER = "7k2m4q8n3v5c6t9w2z7y4r3pab"
AWARD = "4kq7x2m5v3n8c6t9w2z7y4r3pa"


def lay(root: Path, *paths: str) -> Path:
    for path in ("catalog/issuer.yml", *paths):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(path.encode("utf-8", "surrogateescape"))
    return root


def told(root: Path) -> str:
    return render(read_tree(root).problems, "text", tool_version="0")


def one(place: str, message: str, hint: str, count: str = "1 error in 1 file") -> str:
    code = message.split()[0 if message[:2] == "SR" else 1].lower()
    return f"{place}:1:1: {message}\n    {hint} (docs: reference/problems/#{code})\n{count}\n"


def test_every_kind_is_read_in_the_order_of_paths(tmp_path: Path):
    lay(
        tmp_path,
        "awards/2015-16/suburb/" + AWARD + ".yml",
        f"awards/teachers/{TEACHER}.yml",
        "catalog/credentials/team-norms.yml",
        "catalog/credentials/team-norms@1.0.0.yml",
        "catalog/frameworks/f.yml",
        "catalog/images/team-norms.svg",
        "catalog/pathways/p@2.10.0.yml",
        "catalog/programs/suburb.yml",
        "catalog/roles/r.yml",
        "catalog/README.md",
        "catalog/roles/.gitkeep",
        "awards/.DS_Store",
    )
    tree = read_tree(tmp_path)
    assert tree.problems == ()
    assert [(it.path, it.kind, it.id, it.folders) for it in tree.sources] == [
        (f"awards/2015-16/suburb/{AWARD}.yml", "award", AWARD, ("2015-16", "suburb")),
        (f"awards/teachers/{TEACHER}.yml", "teacher", TEACHER, ()),
        ("catalog/credentials/team-norms.yml", "credential", "team-norms", ()),
        ("catalog/credentials/team-norms@1.0.0.yml", "credential", "team-norms@1.0.0", ()),
        ("catalog/frameworks/f.yml", "framework", "f", ()),
        ("catalog/images/team-norms.svg", "image", "team-norms.svg", ()),
        ("catalog/issuer.yml", "issuer", "issuer", ()),
        ("catalog/pathways/p@2.10.0.yml", "pathway", "p@2.10.0", ()),
        ("catalog/programs/suburb.yml", "program", "suburb", ()),
        ("catalog/roles/r.yml", "role", "r", ()),
    ]
    assert all(it.data == it.path.encode() for it in tree.sources)


def test_awards_folder_may_be_missing(tmp_path: Path):
    assert read_tree(lay(tmp_path)).sources == (
        Source("catalog/issuer.yml", "issuer", "issuer", b"catalog/issuer.yml"),
    )


def test_missing_catalog_folder_is_one_sentence(tmp_path: Path):
    with pytest.raises(UsageProblem) as caught:
        read_tree(tmp_path)
    assert str(caught.value) == (
        f"There is no folder 'catalog' in {quoted(str(tmp_path))}; "
        "name the repository's folder, or make a new one with 'badges new DIR'."
    )


SLUG = "A name has 1 to 63 small letters, digits and hyphens and starts with no hyphen"
RANDOM = "A name has 26 characters of 0-9 and a-z without i, l, o and u."
VERSION = " (and '@' with a version such as 1.0.0)."


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("catalog/roles/Lead.yml", "SR005 'Lead' is not a valid id.", f"{SLUG}."),
        ("catalog/roles/-a.yml", "SR005 '-a' is not a valid id.", f"{SLUG}."),
        ("catalog/roles/a\n.yml", "SR005 'a\\u000a' is not a valid id.", f"{SLUG}."),
        ("catalog/roles/" + "a" * 64 + ".yml", f"SR005 '{'a' * 64}' is not a valid id.", f"{SLUG}."),
        ("catalog/roles/a@1.0.0.yml", "SR005 'a@1.0.0' is not a valid id.", f"{SLUG}."),
        ("catalog/credentials/a@1.0.yml", "SR005 'a@1.0' is not a valid id.", SLUG + VERSION),
        ("catalog/pathways/a@01.0.0.yml", "SR005 'a@01.0.0' is not a valid id.", SLUG + VERSION),
        ("catalog/roles/con.yml", "SR008 The name 'con' is reserved.", "Choose another."),
        ("catalog/credentials/index@1.0.0.yml", "SR008 The name 'index@1.0.0' is reserved.", "Choose another."),
        ("awards/2015-16/nul/x.txt", "SR008 The name 'nul' is reserved.", "Choose another."),
        ("awards/teachers/maya.yml", "SR005 'maya' is not a valid id.", RANDOM),
        (f"awards/teachers/{'u' * 26}.yml", f"SR005 '{'u' * 26}' is not a valid id.", RANDOM),
        ("catalog/roles/a.yaml", "SR002 The file name 'a.yaml' does not end in '.yml'.", "Rename it to 'a.yml'."),
        ("catalog/roles/a.YML", "SR002 The file name 'a.YML' does not end in '.yml'.", "Rename it to 'a.yml'."),
        ("catalog/issuers.yml", "SR003 No file 'issuers.yml' is expected in catalog/.", "Did you mean 'issuer.yml'?"),
        ("awards/x.yml", "SR003 No file 'x.yml' is expected in awards/.", "Move it to the folder of its kind."),
        ("awards/2015-16/x.yml", "SR003 No file 'x.yml' is expected in awards/2015-16/.", "Move it to the folder of its kind."),
        ("catalog/images/A b.svg", "SR005 'A b' is not a valid id.", f"{SLUG}."),
    ],
)  # fmt: skip
def test_file_in_the_wrong_place_or_with_a_wrong_name_is_told(tmp_path, path, message, hint):
    at = path.replace("\n", "\\u000a")
    if "nul" in path:
        at = "awards/2015-16/nul"
    assert told(lay(tmp_path, path)) == one(at, message, hint)


@pytest.mark.parametrize(
    ("path", "place", "name", "hint"),
    [
        ("catalog/credential/a.yml", "catalog/credential", "credential", "Did you mean 'credentials'?"),
        ("catalog/roles/old/a.yml", "catalog/roles/old", "old", "Move its files to the folder of their kind."),
        ("awards/2015-2016/p/a.yml", "awards/2015-2016", "2015-2016", "School years look like '2015-16'."),
        ("awards/2015-17/p/a.yml", "awards/2015-17", "2015-17", "School years look like '2015-16'."),
    ],
)  # fmt: skip
def test_unexpected_folder_is_told_once(tmp_path, path, place, name, hint):
    message = f"SR009 No folder '{name}' is expected here."
    assert told(lay(tmp_path, path)) == one(place, message, hint)


def test_school_year_may_cross_a_century(tmp_path: Path):
    assert told(lay(tmp_path, f"awards/2099-00/p/{AWARD}.yml")) == "no problems\n"


def test_other_file_types_are_a_warning(tmp_path: Path):
    assert told(lay(tmp_path, "catalog/roles/notes.txt")) == one(
        "catalog/roles/notes.txt",
        "warning: SR004 The file 'notes.txt' is not read.",
        "Move it out of here.",
        "1 warning in 1 file",
    )


def test_links_are_never_followed(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yml").write_bytes(b"a: 1")
    root = lay(tmp_path / "root", "catalog/roles/a.yml")
    (root / "catalog/roles/b.yml").symlink_to(outside / "secret.yml")
    (root / "catalog/pathways").symlink_to(outside)
    (root / "awards").symlink_to(outside)
    os.mkfifo(root / "catalog/roles/pipe.yml")
    tree = read_tree(root)
    assert [it.path for it in tree.sources] == ["catalog/issuer.yml", "catalog/roles/a.yml"]
    text = "This is a link or a special file; only ordinary files and folders are read."
    assert [(it.code, it.place.path, it.message) for it in tree.problems] == [
        ("SR001", "awards", text),
        ("SR001", "catalog/pathways", text),
        ("SR001", "catalog/roles/b.yml", text),
        ("SR001", "catalog/roles/pipe.yml", text),
    ]


def test_names_that_differ_only_in_case_are_told(tmp_path: Path):
    lay(tmp_path, "catalog/images/a.svg", "catalog/images/A.svg")
    assert [(it.code, it.place.path, it.message) for it in read_tree(tmp_path).problems] == [
        ("SR005", "catalog/images/A.svg", "'A' is not a valid id."),
        (
            "SR006",
            "catalog/images/a.svg",
            "'a.svg' and 'A.svg' are the same name on many computers.",
        ),
    ]


def test_file_over_a_megabyte_is_refused_unread(tmp_path: Path):
    lay(tmp_path, "catalog/roles/a.yml")
    os.truncate(tmp_path / "catalog/roles/a.yml", 5_000_000_000)  # sparse: reading it would show
    assert told(tmp_path) == one(
        "catalog/roles/a.yml",
        "SR007 The file is larger than 1 MB (1,048,576 bytes), the most that is read.",
        "Make it smaller.",
    )


def test_unreadable_file_is_a_matter_of_the_computer(tmp_path: Path, monkeypatch):
    lay(tmp_path, "catalog/roles/a.yml")
    (tmp_path / "catalog/roles/a.yml").chmod(0)
    if os.access(tmp_path / "catalog/roles/a.yml", os.R_OK):  # the superuser reads everything

        def refuse(*_args: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
        expected = "Cannot read 'catalog/issuer.yml': Permission denied."
    else:
        expected = "Cannot read 'catalog/roles/a.yml': Permission denied."
    with pytest.raises(EnvironmentProblem) as caught:
        read_tree(tmp_path)
    assert str(caught.value) == expected


def test_file_name_that_is_not_text_is_told(tmp_path: Path):
    lay(tmp_path, "catalog/roles/\udcff.yml")
    assert told(tmp_path) == one(
        "catalog/roles/\\udcff.yml", "SR005 '\\udcff' is not a valid id.", f"{SLUG}."
    )
