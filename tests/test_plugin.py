# SPDX-License-Identifier: Apache-2.0
"""The MkDocs adapter: `mkdocs build` and `mkdocs serve` on a small repository."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from site_builder.addresses import Site
from site_builder.build import artifacts, load
from tests.support import PUBLIC_AWARD, ROOT, files_of

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig

PAGE = "credentials/team-norms/index.html"
LOCAL = "http://127.0.0.1:8000/"


def configured(repository: Path, *, command: str = "build", strict: bool = False) -> MkDocsConfig:
    config = load_config(
        str(repository / "mkdocs.yml"), site_dir=str(repository.parent / "site"), strict=strict
    )
    config.plugins.on_startup(command=command, dirty=False)  # type: ignore[arg-type]
    return config


def built(repository: Path, *, strict: bool = False) -> dict[str, str]:
    """The site `mkdocs build` makes, its text files by path."""
    build(configured(repository, strict=strict))
    return site_of(repository)


def previewed(repository: Path) -> dict[str, str]:
    """The site `mkdocs serve` would show."""
    config = configured(repository, command="serve")
    config.site_url = LOCAL
    build(config, serve_url=LOCAL)
    return site_of(repository)


def site_of(repository: Path) -> dict[str, str]:
    files = files_of(repository.parent / "site")
    ends = (".html", ".json", ".xml", ".css", ".svg")
    return {path: data.decode() for path, data in files.items() if path.endswith(ends)}


def refused(repository: Path, caplog: pytest.LogCaptureFixture) -> str:
    """What `mkdocs build` says when it stops."""
    with pytest.raises(Abort):
        built(repository)
    return caplog.records[-1].getMessage()


def change(repository: Path, path: str, old: str, new: str) -> None:
    file = repository / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_a_build_holds_the_catalog_and_every_stamped_file(small: Path):
    site = built(small)
    assert "Setting team norms" in site[PAGE]
    catalog, _ = load(small)
    assert catalog is not None
    made = {path for path, _ in artifacts(catalog, Site(catalog.issuer.base_url))}
    assert made - files_of(small.parent / "site").keys() == set()


def test_a_strict_build_of_the_demo_has_nothing_to_say(tmp_path: Path, caplog):
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path / "site"), strict=True)
    config.plugins["badges"].config.records = False
    config.plugins.on_startup(command="build", dirty=False)
    with caplog.at_level(logging.WARNING, "mkdocs"):
        build(config)
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_canonical_links_and_sitemap_start_with_the_issuers_address(small: Path):
    change(small, "mkdocs.yml", "docs_dir", "site_url: https://elsewhere.example.org\ndocs_dir")
    site = built(small)
    canonical = "https://badges.example.org/credentials/team-norms/"
    assert f'<link rel="canonical" href="{canonical}">' in site[PAGE]
    assert f"<loc>{canonical}</loc>" in site["sitemap.xml"]
    assert not [path for path, text in site.items() if "elsewhere.example.org" in text]


def test_a_preview_uses_the_local_address_everywhere(small: Path):
    site = previewed(small)
    assert f'<link rel="canonical" href="{LOCAL}credentials/team-norms/">' in site[PAGE]
    assertion = json.loads(site[f"awards/{PUBLIC_AWARD}.ob2.json"])
    assert assertion["id"] == f"{LOCAL}awards/{PUBLIC_AWARD}.ob2.json"


def test_edit_links_follow_the_option(small: Path):
    change(small, "mkdocs.yml", "badges]", "badges: {edit_url: 'https://forge.example.org/e/'}]")
    assert (
        '<a href="https://forge.example.org/e/catalog/credentials/team-norms.yml" rel="edit">'
        in built(small)[PAGE]
    )


def test_a_page_somebody_wrote_replaces_the_generated_one(small: Path):
    page = small / "docs" / "index.md"
    page.write_text("# Our own first page\n", "utf-8")
    home = built(small)["index.html"]
    assert "Our own first page" in home
    assert "Where would you like to start?" not in home


def test_problems_stop_a_build_with_the_whole_report(small: Path, caplog):
    change(small, "catalog/programs/first-run.yml", "optional", "obliged")
    change(small, "catalog/frameworks/lead.yml", "published", "publisht")
    _, problems = load(small)
    assert len(problems) >= 2
    told = refused(small, caplog).splitlines()
    assert told[0] == "The catalog has problems; nothing was built."
    assert told[1].startswith("catalog/frameworks/lead.yml:2:9: ")
    assert [line for line in told if line.startswith("catalog/programs/first-run.yml:7:16: ")]
    assert told[-1] == "2 errors in 2 files"
    assert not (small.parent / "site").exists()


def test_a_missing_catalog_folder_is_one_sentence(small: Path, caplog):
    (small / "catalog").rename(small / "katalog")
    assert "\n" not in refused(small, caplog)


def test_a_preview_shows_problems_on_its_only_page(small: Path):
    change(small, "catalog/programs/first-run.yml", "optional", "<b>obliged</b>")
    site = previewed(small)
    assert '<h1 class="top">The catalog has problems</h1>' in site["index.html"]
    assert "<li><code>catalog/programs/first-run.yml:7:16: " in site["index.html"]
    assert "<b>obliged" not in site["index.html"]
    assert PAGE not in site


def test_a_preview_shows_problems_at_every_address_and_no_notes(small: Path, caplog):
    change(small, "catalog/programs/first-run.yml", "optional", "obliged")
    change(small, "catalog/issuer.yml", "source:", "languages: [en, es]\nsource:")
    (small / "docs" / "guide" / "index.md").write_text("# Guide\n\n[x](../competencies/index.md)\n")
    _, problems = load(small)
    assert {"error", "note"} == {one.severity for one in problems}
    with caplog.at_level(logging.WARNING, "mkdocs"):
        site = previewed(small)
    said = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert len(said) == 1
    assert said[0].startswith("badges: catalog/programs/first-run.yml:7:16: ")
    assert said[0].endswith("1 error in 1 file\n")
    for page in ("index.html", "404.html"):
        assert '<h1 class="top">The catalog has problems</h1>' in site[page], page
        assert "<li><code>catalog/programs/first-run.yml:7:16: " in site[page], page
        assert " note: " not in site[page], page
    assert not [path for path in site if path.startswith("guide/")]


def test_an_address_without_a_page_says_so_where_there_are_no_problems(small: Path):
    assert "There is no page at this address" in previewed(small)["404.html"]
    assert 'http-equiv="refresh"' not in previewed(small)["404.html"]


def test_stamped_pages_may_reload_in_a_preview_only(small: Path):
    page = f"awards/{PUBLIC_AWARD}.html"
    assert "script-src 'self' 'unsafe-inline'; " in previewed(small)[page]
    assert "unsafe-inline" not in built(small)[page]


def test_a_preview_recovers_when_the_problem_is_gone(small: Path):
    change(small, "catalog/programs/first-run.yml", "optional", "obliged")
    assert PAGE not in previewed(small)
    change(small, "catalog/programs/first-run.yml", "obliged", "optional")
    assert PAGE in previewed(small)


def test_addresses_without_folders_are_refused(small: Path, caplog):
    change(small, "mkdocs.yml", "docs_dir", "use_directory_urls: false\ndocs_dir")
    assert refused(small, caplog) == (
        "The badges plugin needs use_directory_urls: true; badges name these addresses."
    )


def test_search_knows_the_catalog_and_no_person(small: Path):
    index = json.loads(built(small)["search/search_index.json"])
    entries = {one["location"]: one["title"] for one in index["docs"]}
    assert entries["credentials/team-norms/"] == "Setting team norms"
    assert [one for one in entries if one.startswith("awards/")] == []
    text = json.dumps(index)
    assert [name for name in ("Ada Okafor", "Berit Solheim", "Chidi Anand") if name in text] == []


def test_the_bar_names_few_pages_and_marks_where_one_is(small: Path):
    page = built(small)[PAGE]
    bar = page[page.index('<nav class="bar__nav"') :]
    bar = bar[: bar.index("</nav>")]
    assert re.findall(r">([^<\n]+)</a>", bar) == [
        "Micro-credentials",
        "Pathways",
        "Programmes",
        "Backpacks",
        "Insights",
        "Guide",
    ]
    assert '<a href="../" aria-current="true">Micro-credentials</a>' in bar


def test_built_pages_ask_nothing_of_another_host(small: Path):
    for path, text in built(small).items():
        if path.endswith(".html"):
            loaded = re.findall(r'<(?:script|img|iframe|source)[^>]* src="([^"]*)"', text)
            loaded += re.findall(r'<link[^>]* rel="(?:stylesheet|icon|preconnect)"[^>]*>', text)
            assert [one for one in loaded if "//" in one] == [], path


def test_inline_scripts_are_the_themes_own_three(small: Path):
    site = built(small)
    scripts = {
        script
        for path, text in site.items()
        if path.endswith(".html") and not path.startswith(("awards/", "backpacks/a"))
        for script in re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    }
    assert len(scripts) == 3, scripts
    assert all("style=" not in site[path] for path in (PAGE, "index.html", "insights/index.html"))
