# SPDX-License-Identifier: Apache-2.0
"""Changes a YAML file in place: what is not changed keeps its bytes' meaning, comments and order.

The only `import ruamel.yaml`. What comes out is read again by `documents.parse`, and refused
unless it says exactly what the old file said, with the change.
"""

from __future__ import annotations

import copy
import datetime as dt
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from site_builder.documents import Document, parse
from site_builder.problems import EnvironmentProblem, UsageProblem

Change = Callable[[Any], None]


def edited(path: str, data: bytes, change: Change) -> bytes:
    """The file's new bytes.

    Args:
        path: what messages call the file.
        data: its bytes, which `documents.parse` accepts.
        change: changes a tree of dicts and lists in place; called twice, on different trees. Dates
            it sets are `datetime.date`.

    Raises:
        UsageProblem: the file cannot be read, or cannot be changed without changing more.
    """
    before = parse(path, data)
    if not isinstance(before, Document):
        raise UsageProblem(f"{path} cannot be read; see `badges check`.")
    wanted = copy.deepcopy(before.value)
    change(wanted)
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096  # no line is folded that was not
    # One date written at two places is two dates, not an anchor and its alias.
    yaml.representer.ignore_aliases = lambda _value: True
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        tree = yaml.load(data.decode("utf-8-sig"))
        change(tree)
        out = io.StringIO()
        yaml.dump(tree, out)
    except YAMLError:
        raise _by_hand(path) from None
    made = out.getvalue().encode()
    after = parse(path, made)
    if not isinstance(after, Document) or after.value != _plain(wanted):
        raise _by_hand(path)
    return made


def edit(path: Path, name: str, change: Change) -> None:
    """Changes a file in one step: a reader sees the old or the new one.

    Args:
        path: the file.
        name: what messages call it.
        change: as in `edited`.

    Raises:
        UsageProblem: as in `edited`.
        EnvironmentProblem: the file cannot be read or written.
    """
    try:
        made = edited(name, path.read_bytes(), change)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_bytes(made)
        fresh.chmod(path.stat().st_mode & 0o777)
        os.replace(fresh, path)  # noqa: PTH105 - the one that says it is atomic
    except OSError as error:
        raise EnvironmentProblem(f"{name} cannot be changed: {error.strerror}.") from None


def line(**entries: Any) -> Any:
    """A mapping that is written on one line, as `{id: key-1, ...}`."""
    made = CommentedMap(entries)
    made.fa.set_flow_style()
    return made


def _plain(value: Any) -> Any:
    """A tree as `documents.parse` gives it, where dates are text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _by_hand(path: str) -> UsageProblem:
    return UsageProblem(f"{path} cannot be changed by a program; change it by hand.")
