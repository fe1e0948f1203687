# SPDX-License-Identifier: Apache-2.0
"""MkDocs adapter: the catalog's pages as virtual Markdown files, the stamped pages beside them.

Thin on purpose, and with engine.py the only module that imports mkdocs: it must stay replaceable.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config import base, config_options
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.utils import write_file

from site_builder import __version__
from site_builder.addresses import Site
from site_builder.pages import catalog_pages as pages
from site_builder.pages.footer import footer
from site_builder.problems import EnvironmentProblem, UsageProblem, render

if TYPE_CHECKING:
    import jinja2
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files

    from site_builder.catalog import Catalog
    from site_builder.directory import Roll
    from site_builder.signing import Signer

log = get_plugin_logger("badges")  # below `mkdocs.`, so that its warnings fail --strict
ASSETS = "assets/badges"
OUR_ASSETS = (
    "tokens.css", "theme.css", "theme.js", "scheme.js", "facets.js", "search.js", "words.js",
)  # fmt: skip
GUIDE = "guide/index.md"
PALETTE = [
    {
        "media": f"(prefers-color-scheme: {media})",
        "scheme": scheme,
        "primary": "custom",
        "accent": "custom",
        "toggle": {"icon": "material/brightness-6", "name": f"Switch to {other}"},
    }
    for media, scheme, other in (("light", "default", "dark"), ("dark", "slate", "light"))
]


class BadgesConfig(base.Config):  # type: ignore[no-untyped-call]
    """Options in mkdocs.yml; everything about the issuer stands in catalog/issuer.yml."""

    edit_url = config_options.Optional(config_options.URL(is_dir=True))
    """Where files of this repository are edited, such as https://forge.example.org/org/repo/edit/main/."""
    records = config_options.Type(bool, default=True)
    """Whether the stamped pages and files are written too; `badges build` writes them itself."""
    watch_awards = config_options.Type(bool, default=True)
    """Whether `mkdocs serve` also watches the awards; switch off above some thousands."""


class BadgesPlugin(BasePlugin[BadgesConfig]):  # type: ignore[no-untyped-call]
    """Adds a catalog kept as YAML to a MkDocs site."""

    signer_of: Callable[[Catalog, Site], Signer] | None = None
    """Set by `badges serve`: what signs its previews, so that checks work there too."""

    def __init__(self) -> None:
        self.is_serving = False
        self.catalog: Catalog | None = None
        self.is_given = False
        self.roll: Roll | None = None
        self.report = ""
        self.left_out = ""
        self.site = Site("")
        self.written: frozenset[str] = frozenset()

    @contextlib.contextmanager
    def using(self, catalog: Catalog, known: Roll | None = None) -> Iterator[None]:
        """Takes a catalog checked already, for one build, and leaves its records to the caller."""
        self.catalog, self.is_given, self.roll = catalog, True, known
        self.config.records = False
        try:
            yield
        finally:
            self.is_given, self.roll = (
                False,
                None,
            )  # MkDocs keeps this object for the next configuration

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Notes the command; because of this hook MkDocs keeps the instance between rebuilds."""
        del dirty
        self.is_serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Reads the catalog, adds our theme folder, style and watched folders."""
        if not config.use_directory_urls:
            msg = "The badges plugin needs use_directory_urls: true; badges name these addresses."
            raise PluginError(msg)
        self._load(config)
        templates = str(resources.files("site_builder") / "templates" / "theme")
        # A user's own custom_dir stays first.
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, templates)
        config.theme["logo"] = config.theme.get("logo") or f"{ASSETS}/logo.svg"
        if config.theme.get("favicon") in (None, "assets/images/favicon.png"):
            config.theme["favicon"] = f"{ASSETS}/favicon.svg"
        config.theme["palette"] = config.theme.get("palette") or PALETTE
        if self.catalog is None:
            config.nav = [{"Problems": "index.md"}]
        elif config.nav is None:
            config.nav = [{title: path} for title, path in pages.NAVIGATION]
            if (Path(config.docs_dir) / GUIDE).is_file():
                config.nav.append({"Guide": GUIDE})
        config.extra_css = [f"{ASSETS}/tokens.css", f"{ASSETS}/theme.css", *config.extra_css]
        config.extra_javascript = [f"{ASSETS}/theme.js", *config.extra_javascript]
        return config

    def _load(self, config: MkDocsConfig) -> None:
        if self.is_given and self.catalog is not None:
            self.site = Site(self.catalog.issuer.base_url)
            config.site_url = self.site.url("")
            return
        from site_builder.build import load  # noqa: PLC0415 - `import site_builder.plugin` is light
        from site_builder.build.sample import sample  # noqa: PLC0415

        try:
            if self.is_serving:
                seen = sample(self._root(config))
                self.catalog, found = seen.loaded.catalog, seen.loaded.problems
                self.left_out = seen.words
            else:
                self.catalog, found = load(self._root(config))
        except (UsageProblem, EnvironmentProblem) as problem:
            raise PluginError(str(problem)) from None
        found = tuple(one for one in found if one.severity != "note")
        self.report = render(found, "text", tool_version=__version__)
        if self.catalog is None and not self.is_serving:
            msg = f"The catalog has problems; nothing was built.\n{self.report}"
            raise PluginError(msg)
        if self.catalog is None:
            log.warning(self.report)
        if self.is_serving:
            # Serving differs from a build in its base URL, so that everything works locally.
            self.site = Site((config.site_url or "http://127.0.0.1:8000").rstrip("/"))
        elif self.catalog is not None:
            self.site = Site(self.catalog.issuer.base_url)
            config.site_url = self.site.url("")

    def _root(self, config: MkDocsConfig) -> Path:
        return Path(config.config_file_path or "mkdocs.yml").resolve().parent

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Adds the catalog's pages and our assets; a page a person wrote at the same path wins."""
        for name in OUR_ASSETS:
            data = (resources.files("site_builder") / "assets" / name).read_bytes()
            files.append(File.generated(config, f"{ASSETS}/{name}", content=data))
        if self.catalog is None:
            for file in files.documentation_pages():
                files.remove(file)  # they link to pages that cannot be made now
            page = pages.problems_page(self.report)
            files.append(File.generated(config, "index.md", content=page))
            return files
        # A page that mkdocs.yml names in nav is in the navigation all the same.
        inclusion, edit_url = InclusionLevel.NOT_IN_NAV, self.config.edit_url or ""
        for one in pages.catalog_pages(self.catalog, self.site, edit_url=edit_url, roll=self.roll):
            if one.src in files.src_uris:
                log.info("docs/%s replaces the generated page", one.src)
                continue
            text = one.markdown()
            files.append(File.generated(config, one.src, content=text, inclusion=inclusion))
        return files

    def on_env(
        self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files
    ) -> jinja2.Environment:
        """Gives our theme's footer the issuer's contact and links."""
        del config
        self.written = frozenset(files.src_uris)
        if self.catalog is None:  # 404.html shows them at every address
            env.globals["problems"] = pages.problems_block(self.report)
        else:
            env.globals["badges"] = footer(self.catalog, self.written)
        return env

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Writes the stamped pages and files beside the built ones; opens no key."""
        if self.catalog is None or not self.config.records:
            return
        from site_builder import build  # noqa: PLC0415 - see _load
        from site_builder.cache import Cache  # noqa: PLC0415
        from site_builder.kept import Kept  # noqa: PLC0415

        make = type(self).signer_of
        cache = Cache(Kept(self._root(config) / ".badges" / "kept"))
        for path, data in build.artifacts(
            self.catalog,
            self.site,
            cache,
            written=self.written,
            is_preview=self.is_serving,
            signer=make(self.catalog, self.site) if make and self.is_serving else None,
        ):
            write_file(data, str(Path(config.site_dir) / path))

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        """Reloads on a change of a catalog or award file; of a sample's awards none is watched."""
        del builder
        if self.left_out:
            logging.getLogger("mkdocs.livereload").info(self.left_out)
        watches = self.config.watch_awards and not self.left_out
        folders = ("catalog", "awards") if watches else ("catalog",)
        for folder in folders:
            if (path := self._root(config) / folder).is_dir():
                server.watch(str(path))
        return server
