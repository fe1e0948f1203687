# SPDX-License-Identifier: Apache-2.0
"""The house as architecture.md draws it: who imports whom, one door per dependency, small rooms."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest

from site_builder.json_schemas import schema_text
from site_builder.model import KINDS
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "site_builder"

# Rooms of the core and what each may import of ours; edges may import anything below them.
MAY_IMPORT: dict[str, set[str]] = {
    "codes": set(),
    "problems": {"codes"},
    "ids": set(),
    "keys": {"problems"},
    "proofs": {"json_text", "keys", "problems"},
    "claims": {"", "addresses", "catalog", "model", "texts"},
    "model": set(),
    "baking": set(),
    "documents": {"problems"},
    "kept": set(),
    "sources": {"kept", "problems"},
    "publish": {"problems"},
    "addresses": {"model"},
    "texts": {"documents", "model", "problems"},  # its strings are YAML too
    # A witness: no room that builds, and of the proofs only what the library canonicalises.
    "verify": {"baking", "keys", "problems", "proofs"},
    "catalog": {"model"},
    "json_schemas": {"model"},
    "records": {"documents", "model", "problems"},
    "pathways": {"catalog", "model", "texts"},
    "insights": {"catalog", "model", "pathways"},
    "feasibility": {"catalog", "model", "pathways"},
    "checks": {"catalog", "feasibility", "insights", "model", "pathways", "problems", "records", "texts"},
    "formats": {
        "", "addresses", "catalog", "claims", "directory", "insights", "model", "pathways", "texts",
    },
    "art": set(),
    "directory": {"addresses", "catalog", "model", "texts"},
    "pages": {"addresses", "catalog", "claims", "directory", "feasibility", "insights", "model", "pathways", "texts"},
    "cache": {"art", "kept"},
    "signing": {
        "", "addresses", "catalog", "claims", "formats", "json_text", "keys", "model", "problems", "proofs",
    },
    "build": {
        "addresses", "art", "baking", "cache", "ledger", "catalog", "checks", "directory", "documents", "formats", "json_text", "kept", "model", "pages", "pathways",
        "problems", "records", "signing", "sources", "texts",
    },
    "delivery": {
        "", "addresses", "baking", "build", "catalog", "formats", "json_text", "model", "problems", "signing",
        "texts",
    },
    # Edges.
    "scaffold": {"", "catalog", "documents", "ids", "json_schemas", "model", "problems", "texts"},
    "edits": {"documents", "problems"},
    "ledger": {"json_text", "model"},
    "json_text": set(),
    "engine": {"addresses", "catalog", "directory", "insights", "problems", "signing"},
    "plugin": {"", "addresses", "build", "cache", "catalog", "directory", "kept", "pages", "problems", "signing"},
    "running": {
        "addresses", "art", "build", "cache", "catalog", "checks", "directory", "documents", "engine", "insights", "json_text", "kept", "keys",
        "model", "pages", "problems", "publish", "records", "signing", "sources",
    },
}  # fmt: skip
NOBODY_IMPORTS = {"cli", "commands", "plugin"}

# Where each dependency may enter. Annotations alone open no door.
DOORS: dict[str, set[str]] = {
    "yaml": {"documents"},
    "jinja2": {"pages"},
    "markupsafe": {"pages"},
    "qrcode": {"art"},
    "resvg_py": {"art"},
    "cryptography": {"keys"},
    "jsonschema": {"verify"},
    "referencing": {"verify"},
    "ruamel": {"edits"},
    "pyoxigraph": {"proofs"},
    "mkdocs": {"plugin", "engine"},
    "nh3": {"texts"},
    "markdown": {"texts"},
    "pydantic": {"model", "records", "scaffold"},
    "pydantic_core": {"model", "records"},
    "distributed": {"running"},
    "click": {"cli", "commands", "engine", "running"},
}
# Standard modules that ask the clock, chance, the network or other programs.
RESTRICTED: dict[str, set[str]] = {
    "time": {"commands", "publish"},  # how long it took; how long to wait for a lock
    "random": set(),
    "secrets": {"ids", "keys"},
    "socket": {"engine", "commands"},  # which port is free; where a host name leads
    "subprocess": set(),
    "http": {"commands"},
    "ssl": set(),
    "tempfile": {"scaffold", "commands"},  # reports too many to be held, until they are shown
    "multiprocessing": {"running"},
}
_CLOCK = {"now", "today", "utcnow", "uuid1", "uuid4", "urandom", "time_ns", "getrandom"}
MAY_ASK_THE_CLOCK = {"commands"}
MAY_READ_THE_ENVIRONMENT = {"commands", "engine", "keys"}  # keys: those named `env:NAME`


@cache
def modules() -> dict[str, Path]:
    """Modules of the package by their name below it; "" is the package itself."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if "starter" not in parts:
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text("utf-8"))


def imports(module: str, *, annotations: bool = True) -> Iterator[str]:
    """Full dotted names a module imports, also inside functions."""
    waiting: list[ast.AST] = [tree(module)]
    while waiting:
        node = waiting.pop()
        if (
            isinstance(node, ast.If)
            and "TYPE_CHECKING" in ast.unparse(node.test)
            and not annotations
        ):
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            yield from (f"{base}.{name.name}" for name in node.names)
        waiting.extend(ast.iter_child_nodes(node))


def _absolute(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    above = ["site_builder", *filter(None, module.split("."))]
    is_package = modules()[module].name == "__init__.py"
    kept = above[: len(above) - node.level + is_package]
    return ".".join([*kept, *filter(None, [node.module])])


def ours(name: str) -> str:
    """The module of ours a dotted name lies in."""
    parts = name.split(".")[1:]
    while parts and ".".join(parts) not in modules():
        parts.pop()
    return ".".join(parts)


def room(module: str) -> str:
    return module.partition(".")[0]


def links() -> dict[str, set[str]]:
    """Modules of ours each module imports."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in modules():
        for name in imports(module):
            if name == "site_builder" or name.startswith("site_builder."):
                found[module].add(ours(name))
    return found


def test_each_room_imports_only_what_lies_below_it():
    wrong = {
        (module, other)
        for module, others in links().items()
        for other in others
        if room(module) in MAY_IMPORT
        and room(other) != room(module)
        and room(other) not in MAY_IMPORT[room(module)]
    }
    assert wrong == set()


def test_every_room_stands_in_the_table():
    assert {room(one) for one in modules()} - MAY_IMPORT.keys() == {"", "cli", "commands"}


def test_nobody_imports_an_edge():
    wrong = {
        (module, other)
        for module, others in links().items()
        for other in others
        if room(other) in NOBODY_IMPORTS and room(module) not in {room(other), "cli"}
    }
    assert wrong == set()


def test_modules_import_each_other_in_no_circle():
    graph = links()
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, f"circle: {' -> '.join((*path, module))}"
        if module not in done:
            for other in graph.get(module, set()) - {module}:
                visit(other, (*path, module))
            done.add(module)

    for module in modules():
        visit(module, ())


def test_formats_never_import_each_other():
    wrong = {
        (module, other)
        for module, others in links().items()
        for other in others
        if room(module) == room(other) == "formats"
        and other not in {module, "formats"}
        and (module, other) != ("formats.clr", "formats.openbadges3")
    }
    assert wrong == set()


def test_the_plugin_reaches_no_module_that_could_open_a_key():
    reached: set[str] = set()
    waiting = ["plugin", "build"]
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            found = imports(module, annotations=False)
            waiting += [ours(one) for one in found if one.startswith("site_builder")]
    assert {room(one) for one in reached} & {"keys", "signing", "proofs"} == set()


def outside(table: dict[str, set[str]]) -> set[tuple[str, str]]:
    """(module, dependency) of each import through a door that is not in the table."""
    return {
        (module, top)
        for module in modules()
        for top in (name.partition(".")[0] for name in imports(module, annotations=False))
        if top in table and room(module) not in table[top]
    }


def test_each_dependency_has_one_door():
    assert outside(DOORS) == set()


def test_clock_chance_network_and_processes_enter_at_the_edges_only():
    assert outside(RESTRICTED) == set()


def test_no_dependency_enters_unseen():
    known = sys.stdlib_module_names | DOORS.keys() | {"site_builder"}
    assert {
        (one, name)
        for one in modules()
        for name in imports(one)
        if name.partition(".")[0] not in known
    } == set()


def test_nothing_below_the_edges_asks_what_time_it_is():
    wrong = {
        (module, ast.unparse(node))
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _CLOCK
        and room(module) not in MAY_ASK_THE_CLOCK
    }
    assert wrong == set()


def test_nothing_below_the_edges_reads_the_environment():
    wrong = {
        (module, ast.unparse(node))
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv", "getlogin", "gethostname"}
        and room(module) not in MAY_READ_THE_ENVIRONMENT
    }
    assert wrong == set()


def test_no_handler_swallows_every_exception():
    """What catches everything cleans up and raises again."""
    wrong = set()
    for module in modules():
        for node in ast.walk(tree(module)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = ast.unparse(node.type) if node.type else "everything"
            raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if (
                caught in {"everything", "BaseException"} and not raises_again
            ) or caught == "Exception":
                wrong.add((module, node.lineno))
    assert wrong == set()


def test_modules_have_at_most_400_lines():
    sizes = {
        module: len(path.read_text("utf-8").splitlines()) for module, path in modules().items()
    }
    assert {module: size for module, size in sizes.items() if size > 400} == {}


def test_functions_have_at_most_50_lines():
    assert [
        (module, node.name)
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > 50
    ] == []


def test_no_module_is_called_utils_helpers_or_manager():
    assert [
        one for one in modules() if re.search(r"util|helper|manager|handler|common|misc", one)
    ] == []


# Files of the repository.

_SKIPPED = {"site", "dist", "build", "node_modules", "__pycache__"}
_DOTTED = {".ci", ".github", ".forgejo", ".gitea", ".vscode"}


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file people wrote, as git would track them."""
    found, waiting = [], [ROOT]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            if path.name in _SKIPPED or path.name.endswith(".egg-info") or path.is_symlink():
                continue
            if path.is_dir():
                if not path.name.startswith(".") or path.name in _DOTTED:
                    waiting.append(path)
            else:
                found.append(path)
    return tuple(found)


def test_every_python_file_begins_with_its_licence():
    missing = [
        str(path.relative_to(ROOT))
        for path in repository_files()
        if path.suffix == ".py"
        and (text := path.read_text("utf-8"))
        and not text.startswith("# SPDX-License-Identifier: Apache-2.0\n")
    ]
    assert missing == []


# Hosts of package registries, in pieces: no file of ours may name one, this one included.
_REGISTRIES = (
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("crates", "io"),
    ("rubygems", "org"), ("proxy", "golang", "org"), ("registry", "yarnpkg", "com"), ("unpkg", "com"),
    ("cdn", "jsdelivr", "net"), ("repo1", "maven", "org"), ("deb", "debian", "org"),
)  # fmt: skip


def test_no_file_names_a_package_registrys_host():
    hosts = re.compile(
        "|".join(re.escape(".".join(parts)) for parts in _REGISTRIES).encode(), re.IGNORECASE
    )
    found = [
        (str(path.relative_to(ROOT)), match[0])
        for path in repository_files()
        for match in [hosts.search(path.read_bytes())]
        if match
    ]
    assert found == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_json_schema_is_current(kind: str):
    assert (PACKAGE / "schemas" / f"{kind}.json").read_text("utf-8") == schema_text(kind)


def test_the_committed_json_schemas_are_all_there_are():
    assert sorted(path.name for path in (PACKAGE / "schemas").iterdir()) == sorted(
        f"{kind}.json" for kind in KINDS
    )


def test_names_of_tests_are_sentences():
    short = [
        f"{path.name}: {node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and node.name.count("_") < 3
    ]
    assert short == []


def test_tests_replace_none_of_our_modules_by_mocks():
    users = [
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom) and "mock" in ast.unparse(node)
    ]
    assert users == []
