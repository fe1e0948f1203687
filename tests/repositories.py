# SPDX-License-Identifier: Apache-2.0
"""Tiny repositories as text: a base, the changes of one case, and the tree they make.

A case file holds sections. `=== path` gives a file, in place of the base's or beside it;
`=== edit path` changes the base's file by pairs of `- old` and `+ new` lines, each old text found
once; `=== delete path` takes a file out; `=== expect` is the whole output. A path may be cut
short with `...` where only one file of the base fits. `criteria_sha256: current` stands for the
hash of the credential as the case has it.
"""

from __future__ import annotations

import re
from pathlib import Path

from site_builder.build import Loaded, load_tree
from site_builder.catalog import criteria_sha256
from site_builder.documents import Document, parse
from site_builder.model import Credential
from site_builder.problems import render
from site_builder.sources import read_tree

CASES = Path(__file__).parent / "cases" / "check"


def sections(text: str) -> list[tuple[str, str]]:
    """Headings and bodies, in order."""
    parts = re.split(r"(?m)^=== (.*)\n", text)
    assert parts[0] == "", parts[0]
    return list(zip(parts[1::2], parts[2::2], strict=True))


def base_files() -> dict[str, str]:
    return dict(sections((CASES / "base.txt").read_text("utf-8")))


def changed(files: dict[str, str], changes: list[tuple[str, str]]) -> dict[str, str]:
    """The files after a case's changes."""
    result = dict(files)
    for heading, body in changes:
        what, _, rest = heading.partition(" ")
        if what == "delete":
            del result[_full(rest, result)]
        elif what == "edit":
            path = _full(rest, result)
            result[path] = _edited(result[path], body)
        else:
            result[_full(heading, result)] = body
    return result


def _full(path: str, files: dict[str, str]) -> str:
    if "..." not in path:
        return path
    pattern = ".*".join(map(re.escape, path.split("...")))
    (found,) = [name for name in files if re.fullmatch(pattern, name)]
    return found


def _edited(text: str, body: str) -> str:
    for old, new in re.findall(r"((?:^- .*\n)+)((?:^\+.*\n)*)", body, re.MULTILINE):
        before, after = re.sub(r"(?m)^- ", "", old)[:-1], re.sub(r"(?m)^\+ ?", "", new)[:-1]
        assert text.count(before) == 1, f"found {text.count(before)} times: {before}"
        text = text.replace(before, after)
    return text


def _with_hashes(files: dict[str, str]) -> dict[str, str]:
    hashes = {}
    for path, text in files.items():
        document = parse(path, text.encode())
        if path.startswith("catalog/credentials/") and isinstance(document, Document):
            name = path.rpartition("/")[2].removesuffix(".yml").partition("@")[0]
            try:
                one = Credential.model_validate({**document.value, "id": name})
            except ValueError:
                continue  # the case is about this file's fields
            hashes[one.pinned] = criteria_sha256(one, "en")
    result = {}
    for path, text in files.items():
        pinned = re.search(r"(?m)^credential: (\S+)", text)
        sha = hashes.get(pinned[1], "0" * 64) if pinned else ""
        result[path] = text.replace("criteria_sha256: current", f"criteria_sha256: {sha}")
    return result


def load_files(files: dict[str, str], folder: Path) -> Loaded:
    """What a repository of these files holds; written to disk, as users' are."""
    for path, text in _with_hashes(files).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return load_tree(read_tree(folder))


def told(loaded: Loaded) -> str:
    """The problems as a person reads them, without the links to the reference."""
    text = render(loaded.problems, "text", tool_version="0")
    text = re.sub(r" ?\(docs: reference/problems/#[a-z0-9]+\)$", "", text, flags=re.MULTILINE)
    return re.sub(r"(?m)^ +\n", "", text)
