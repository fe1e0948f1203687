# SPDX-License-Identifier: Apache-2.0
"""A site's machine files in a folder, and the reference validator's verdicts on them."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from site_builder.build import artifacts
from tests.interop.witnesses import missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from site_builder.addresses import Site
    from site_builder.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("ob2_validator.py")
Json = dict[str, Any]


def validator_python() -> Path:
    """The Python of the validator's environment; skips the test, or fails it, when there is none."""
    default = ROOT / ".badges/interop/openbadges/bin/python"
    python = Path(os.environ.get("BADGES_OB2_PYTHON", default))
    if not python.exists():
        missing(f"no Open Badges 2.0 validator at {python}; tests/interop/install.sh makes it.")
    return python


@dataclass(frozen=True)
class Verdict:
    """What the validator says of one address; see ob2_validator.py."""

    url: str
    valid: bool
    errors: list[str]
    warnings: list[str]
    kinds: list[str]
    unanswered: list[str]


def accepted(url: str, *kinds: str) -> Verdict:
    """A verdict without a word of complaint, every address answered."""
    return Verdict(url, valid=True, errors=[], warnings=[], kinds=list(kinds), unanswered=[])


def verdicts(folder: Path, base_url: str, cases: Sequence[Json]) -> list[Verdict]:
    """Verdicts on the cases, in their order, from one process of the validator."""
    done = subprocess.run(
        [validator_python(), "-W", "ignore", SCRIPT, folder, base_url],
        input=json.dumps(cases),
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Verdict(**one) for one in json.loads(done.stdout)]


def write_machine_files(catalog: Catalog, site: Site, folder: Path) -> Path:
    """The JSON files and badge pictures of a site, written as a static host would serve them."""
    for path, data in artifacts(catalog, site):
        if path.endswith((".json", "/badge.png")):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    return folder
