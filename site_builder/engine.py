# SPDX-License-Identifier: Apache-2.0
"""Runs MkDocs in this process; with plugin.py the only `import mkdocs`."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from site_builder.problems import EnvironmentProblem, UsageProblem

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from site_builder.addresses import Site
    from site_builder.catalog import Catalog
    from site_builder.directory import Roll
    from site_builder.signing import Signer

# They read what MkDocs itself reads, and nothing else.
_KNOWN_PLUGINS = {"badges", "search", "material/search"}


def find_configuration(root: Path) -> Path:
    """The repository's mkdocs.yml, which keeps the looks; everything else stands in issuer.yml."""
    path = root / "mkdocs.yml"
    if not path.is_file():
        raise UsageProblem(f"{path} is missing. `badges new` writes one to copy from.")
    return path


def _configuration(root: Path, site: Path | None, *, strict: bool) -> MkDocsConfig:
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.config import load_config  # noqa: PLC0415 - half a second, not for `badges check`
    from mkdocs.exceptions import Abort, ConfigurationError  # noqa: PLC0415

    path = find_configuration(root)
    extra = {} if site is None else {"site_dir": str(site)}
    with _shown_warnings():
        try:
            config = load_config(str(path), strict=strict, **extra)
        except ConfigurationError as error:
            raise UsageProblem(_in_one_line(path, error)) from None
        except Abort:  # every fault is shown by now
            raise UsageProblem(f"{path} cannot be used as it is.") from None
    if "badges" not in config.plugins:
        raise UsageProblem(f"{path} does not name the plugin. Add `- badges` under `plugins:`.")
    return config


def _in_one_line(path: Path, error: Exception) -> str:
    """Where and why a configuration cannot be read."""
    fault = error.__context__  # PyYAML's own error, where it is one
    mark = getattr(fault, "problem_mark", None)
    if mark is None:
        return f"{path} cannot be read: {error}"
    said = getattr(fault, "problem", None) or "not valid YAML"
    return f"{path}:{mark.line + 1}:{mark.column + 1}: {said}."


def declared_epoch() -> str:
    """What SOURCE_DATE_EPOCH says, which MkDocs writes into the sitemap; empty for nothing."""
    return os.environ.get("SOURCE_DATE_EPOCH", "")


def newest_day(catalog: Catalog) -> dt.date:
    """The newest day in the data: what a build says instead of today, so that bytes repeat."""
    from site_builder.insights import census_of  # noqa: PLC0415 - loads the whole model

    newest = census_of(catalog).newest
    days = [one.effective for one in catalog.credentials.values()]
    return max(days if newest is None else [*days, newest], default=dt.date(2015, 1, 1))


@contextlib.contextmanager
def _dated(day: dt.date) -> Iterator[None]:
    """SOURCE_DATE_EPOCH set to `day` unless the user set one; MkDocs writes it in the sitemap.

    Source: reproducible-builds.org, SOURCE_DATE_EPOCH specification.
    """
    if "SOURCE_DATE_EPOCH" in os.environ:
        yield
        return
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(moment.timestamp()))
    try:
        yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]


class _Warnings(logging.Handler):
    """Shows MkDocs' warnings, each once, without its timestamps."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text not in self.seen:
            self.seen.add(text)
            first = text.partition("\n")[0]  # below it stands a traceback or what it was shown in
            click.echo(f"{record.levelname.lower()}: {first}", err=True)


@contextlib.contextmanager
def _shown_warnings() -> Iterator[None]:
    logger, handler = logging.getLogger("mkdocs"), _Warnings()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@dataclass(frozen=True)
class Plan:
    """What MkDocs is going to read.

    Attributes:
        written: paths of the sources people wrote, such as `guide/start.md`.
        is_plain: True when nothing but mkdocs.yml, docs/ and installed code goes into the pages.
    """

    written: frozenset[str]
    is_plain: bool


def plan(root: Path, *, strict: bool) -> Plan:
    """What MkDocs is going to read; builds nothing.

    Raises:
        UsageProblem: mkdocs.yml is missing or cannot be used.
    """
    config = _configuration(root, None, strict=strict)
    from mkdocs.structure.files import (  # noqa: PLC0415 - see _configuration
        InclusionLevel,
        get_files,
        set_exclusions,
    )

    files = get_files(config)
    set_exclusions(files, config)
    is_plain = (
        set(config.plugins) <= _KNOWN_PLUGINS
        and not config.hooks
        and config.theme.custom_dir is None
        and Path(config.docs_dir) == root / "docs"
    )
    written = frozenset(
        one.src_uri for one in files if one.inclusion.value > InclusionLevel.DRAFT.value
    )
    return Plan(written, is_plain)


def build_pages(
    root: Path, folder: Path, catalog: Catalog, *, strict: bool, known: Roll | None = None
) -> frozenset[str] | None:
    """Builds the browsable pages into `folder`; None when MkDocs refused, after saying why.

    Args:
        root: the repository's folder.
        folder: where they go.
        catalog: with all people, or with their census.
        strict: True makes warnings errors.
        known: who is listed, where the catalog holds no people.

    Returns:
        Paths of the pages' sources, those people wrote included, such as `guide/start.md`.
    """
    config = _configuration(root, folder, strict=strict)
    from mkdocs.commands.build import build  # noqa: PLC0415 - see _configuration
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

    plugin = config.plugins["badges"]
    given = plugin.using(catalog, known)  # type: ignore[attr-defined]
    try:
        with given, _shown_warnings(), _dated(newest_day(catalog)):
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
    except (MkDocsException, SystemExit) as error:
        click.echo(f"The pages could not be built: {error}", err=True)
        return None
    except UnicodeDecodeError:  # MkDocs has named the page
        click.echo("The pages could not be built: a page is not UTF-8 text.", err=True)
        return None
    except LookupError as error:
        if type(error).__module__ != "jinja2.exceptions":  # the only door to jinja2 is pages/
            raise
        click.echo("The pages could not be built: a page names a missing template.", err=True)
        return None
    finally:
        config.plugins.on_shutdown()
    written: frozenset[str] = plugin.written  # type: ignore[attr-defined]
    return written


def free_port(host: str) -> int | None:
    """The first free port from 8000 to 8099, or None."""
    for port in range(8000, 8100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    return None


def serve(root: Path, host: str, port: int, signer_of: Callable[[Catalog, Site], Signer]) -> None:
    """Serves the site with live reload until interrupted.

    Args:
        signer_of: what signs the served site, with its local addresses.
    """
    config = _configuration(root, None, strict=False)
    # MkDocs makes the plugin anew from its own reading of mkdocs.yml; the class is the same.
    type(config.plugins["badges"]).signer_of = staticmethod(signer_of)  # type: ignore[attr-defined]
    from mkdocs.commands.serve import serve as mkdocs_serve  # noqa: PLC0415 - see _configuration

    click.echo(f"Building; the site will be at http://{host}:{port}/ (Ctrl+C stops).")
    # Of MkDocs' own words only "Serving on ..." and what changed are news to anybody.
    logger = logging.getLogger("mkdocs")
    logger.addHandler(logging.StreamHandler(sys.stdout))
    logger.setLevel(logging.WARNING)
    logging.getLogger("mkdocs.livereload").setLevel(logging.INFO)
    try:
        mkdocs_serve(
            config_file=str(find_configuration(root)),
            dev_addr=f"{host}:{port}",
            open_in_browser=False,
        )
    except OSError as error:
        raise EnvironmentProblem(
            f"cannot listen on {host}:{port}: {error.strerror}. Try --port."
        ) from None
