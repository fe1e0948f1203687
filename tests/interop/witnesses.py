# SPDX-License-Identifier: Apache-2.0
"""Other people's verifiers of signed credentials, each asked in one process of its own."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from site_builder.formats import clr, openbadges3
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tests.interop.signed_demo import SignedSite

HERE = Path(__file__).parent
VECTORS = ROOT / "tests" / "vectors"
SCHEMAS = {
    openbadges3.SCHEMA: VECTORS / "openbadges3/achievementcredential-compact.schema.json",
    clr.SCHEMA: VECTORS / "clr2/clrcredential.schema.json",
}
Json = dict[str, Any]
Said = dict[str, list[Any]]  # a witness's verdicts on each group of cases


@dataclass(frozen=True)
class Witness:
    """How somebody's verifier is asked, and what it must answer; see questions.py.

    Attributes:
        look: skips the test, or fails it, where the verifier is missing.
        verdicts: what it says of cases, in their order, from one process.
        accepted: its verdict on an award that stands.
        forgeries: its verdict on each forgery, by name.
        keyless: its verdict on an award whose key is not in the DID document.
        standing: of how many awards that stand it is asked at the least.
        groups: what it is asked of a site.
    """

    look: Callable[[], object]
    verdicts: Callable[[SignedSite, Iterable[Json]], list[Any]]
    accepted: Any
    forgeries: Mapping[str, Any]
    keyless: Any
    standing: int = 401
    groups: Callable[[SignedSite], Mapping[str, Sequence[Json]]] = lambda site: site.groups()

    def in_groups(self, site: SignedSite) -> Said:
        """The verdicts on each group of cases, all asked for at once: starting takes a second."""
        groups = self.groups(site)
        said = iter(self.verdicts(site, [case for cases in groups.values() for case in cases]))
        return {name: list(itertools.islice(said, len(cases))) for name, cases in groups.items()}


def missing(reason: str) -> NoReturn:
    """Skips the test for want of a verifier, or fails it where verifiers are required."""
    if "verifiers" in os.environ.get("BADGES_REQUIRE", ""):
        pytest.fail(reason)
    pytest.skip(reason)


def node_with(package: str) -> tuple[str, Path]:
    """Node and the folder in which it finds a package."""
    folder = Path(os.environ.get("BADGES_NODE_VERIFIER", ROOT / ".badges/interop/node"))
    node = shutil.which("node")
    if node is None:
        missing("no Node.js; tests/interop/install-node.sh installs the verifiers that need it.")
    if not (folder / "node_modules" / package).is_dir():
        missing(f"no {package} in {folder}; tests/interop/install-node.sh installs it.")
    return node, folder


def ask_node(script: str, package: str, site: SignedSite, cases: Iterable[Json]) -> list[Json]:
    """Verdicts on the cases, in their order, from one process of a script in node/."""
    node, folder = node_with(package)
    source = (HERE / "node" / script).read_text("utf-8")
    # A script given in words looks for its packages in the folder it is run in.
    return _answer([node, "--input-type=module", "--eval", source], site, cases, folder)


def openvc_python() -> Path:
    """The Python of openvc's environment."""
    default = ROOT / ".badges/interop/openvc/bin/python"
    python = Path(os.environ.get("BADGES_OPENVC_PYTHON", default))
    if not python.exists():
        missing(f"no openvc at {python}; tests/interop/install.sh makes its environment.")
    return python


def ask_openvc(site: SignedSite, cases: Iterable[Json]) -> list[Json]:
    """Verdicts on the cases, in their order, from one process of openvc_verifier.py."""
    command = [openvc_python(), "-I", "-B", "-W", "ignore", HERE / "openvc_verifier.py"]
    return _answer(command, site, cases, HERE)


def answer_of(command: Sequence[str | Path], asked: Any, folder: Path | None = None) -> Any:
    """What a program that reads JSON writes as JSON; run in the folder, if one is given."""
    # From a file: Node.js 18 may find a pipe empty for a moment and give up.
    with TemporaryFile("w+", encoding="utf-8") as given:
        json.dump(asked, given)
        given.seek(0)
        done = subprocess.run(
            command, cwd=folder, stdin=given, capture_output=True, encoding="utf-8", check=False
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _answer(
    command: list[str | Path], site: SignedSite, cases: Iterable[Json], folder: Path
) -> list[Json]:
    contexts = ROOT / "site_builder" / "contexts"
    index = json.loads((contexts / "index.json").read_text("utf-8"))
    asked = {
        "base": site.site.base_url,
        "site": str(site.folder),
        "contexts": {url: str(contexts / one["file"]) for url, one in index.items()},
        "schemas": {url: str(file) for url, file in SCHEMAS.items()},
        "cases": list(cases),
    }
    return answer_of(command, asked, folder)
