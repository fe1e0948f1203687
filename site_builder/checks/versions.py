# SPDX-License-Identifier: Apache-2.0
"""Checks of files that hold an earlier version: `<slug>@<version>.yml`."""

from __future__ import annotations

from collections.abc import Iterator

from site_builder.checks.context import Context
from site_builder.model import Credential, Pathway
from site_builder.problems import Problem, quoted
from site_builder.records import Record


def check_version(
    context: Context,
    code: str,
    record: Record,
    entry: Credential | Pathway,
    current: Credential | Pathway | None,
) -> Iterator[Problem]:
    """Problems of one file's name against its version and the current one.

    Args:
        context: knows which files there are.
        code: of the problems.
        record: the file.
        entry: what it holds.
        current: the entry under the plain name, if that can be read.
    """
    slug, _, version = record.id.partition("@")
    if not version:
        return
    place, path = record.place("version"), f"catalog/{record.kind}s/{slug}.yml"
    if version != entry.version:
        said = f"the file is named for version {quoted(version)}, but says "
        said += f"version {quoted(entry.version)}."
        yield Problem(code, place, said, "Rename the file or correct the version.")
    elif current is not None and current.version == version:
        said = f"version {quoted(version)} is also the current version in {path}."
        hint = "Give the current file a higher version, or take this file out."
        yield Problem(code, place, said, hint)
    if not context.records.knows(record.kind, slug):
        hint = "Keep the newest version under the plain name."
        yield Problem(code, place, f"there is no current version {path}.", hint)
