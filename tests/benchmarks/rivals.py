# SPDX-License-Identifier: Apache-2.0
"""What other generators need for the same plain pages: one HTML and one JSON for each award.

The page is a heading, a table of eight rows, a link to a QR picture and one to the JSON. There is
no YAML to read, no signature and no QR code to draw: far less than `badges build` does.

`python -m tests.benchmarks.rivals inputs FOLDER N` writes everybody's input,
`python -m tests.benchmarks.rivals loop INPUT OUTPUT` is plain Jinja2.
Imports nothing of ours, so that the loop's memory is its own.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2

ROWS = (
    ("Holder", "holder"), ("Issuer", "issuer"), ("Issued", "issued"), ("Level", "level"),
    ("Programme", "program"), ("Credential", "credential"), ("Hours", "hours"), ("State", "state"),
)  # fmt: skip
_HOLDERS = (
    "Maya Osei-Łukasik",
    "ليلى منصور",
    "佐藤美咲",
    "Nguyễn Thị Ánh",
    "O'Neill & Søn",
    "Anna Lee",
)
Page = dict[str, str]


def pages(count: int) -> Iterator[Page]:
    """The fields of each page; the same each time."""
    for number in range(count):
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        yield {
            "id": digest[:26],
            "title": f"Planning a session {number % 23}",
            "holder": _HOLDERS[number % len(_HOLDERS)],
            "issuer": "Learning Works Collaborative",
            "issued": f"20{15 + number % 10}-0{1 + number % 9}-14",
            "level": "leading" if number % 3 else "proficient",
            "program": f"Teacher leaders, group {number // 5000 + 1}",
            "credential": f"planning-a-session@1.{number % 4}.0",
            "hours": str(8 + number % 20),
            "state": "active",
        }


def page_template(field: str, *, quoted: str = "{{ %s }}") -> str:
    """The page for Jinja2 and Nunjucks; `field` stands before each name, such as "award."."""

    def value(name: str) -> str:
        return quoted % f"{field}{name}"

    rows = "".join(f"<tr><th>{label}</th><td>{value(name)}</td></tr>\n" for label, name in ROWS)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{value("title")}</title>\n'
        '<link rel="stylesheet" href="../style.css"></head><body><main>\n'
        f"<h1>{value('title')}</h1>\n<table>\n{rows}</table>\n"
        f'<img src="{value("id")}.qr.svg" alt="QR code of this page" width="160">\n'
        f'<p><a href="{value("id")}.json">For programs</a></p>\n</main></body></html>\n'
    )


def record(page: Page) -> dict[str, str]:
    """The JSON beside each page."""
    return {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", **page}


def loop(source: Path, target: Path) -> None:
    """Plain Jinja2 with automatic escaping, one page after the other."""
    environment = jinja2.Environment(autoescape=True, keep_trailing_newline=True)
    template = environment.from_string(page_template(""))
    target.mkdir(parents=True)
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            (target / f"{page['id']}.html").write_text(template.render(page), "utf-8")
            text = json.dumps(record(page), ensure_ascii=False)
            (target / f"{page['id']}.json").write_text(text, "utf-8")


def write_inputs(folder: Path, count: int) -> None:
    """The same pages as each generator wants them, in folders of their names."""
    for name in ("hugo/content/awards", "hugo/layouts/_default", "eleventy/_data", "mkdocs/docs"):
        (folder / name).mkdir(parents=True)
    _hugo(folder / "hugo")
    _eleventy(folder / "eleventy")
    (folder / "mkdocs/mkdocs.yml").write_text(_MKDOCS, "utf-8")
    (folder / "mkdocs/docs/index.md").write_text("# Awards\n", "utf-8")
    with (
        (folder / "pages.jsonl").open("w", encoding="utf-8") as plain,
        (folder / "eleventy/_data/awards.json").open("w", encoding="utf-8") as listed,
    ):
        for number, page in enumerate(pages(count)):
            text = json.dumps(page, ensure_ascii=False)
            plain.write(f"{text}\n")
            listed.write(("[" if not number else ",\n") + text)
            _hugo_page(folder / "hugo/content/awards", page)
            _mkdocs_page(folder / "mkdocs/docs", page)
        listed.write("]\n")


def _hugo(folder: Path) -> None:
    settings = {
        "baseURL": "https://badges.example.org/",
        "title": "Badges",
        "uglyURLs": True,
        "disableKinds": ["home", "section", "taxonomy", "term", "rss", "sitemap", "robotsTXT", "404"],
        "outputs": {"page": ["HTML", "JSON"]},
    }  # fmt: skip
    (folder / "hugo.json").write_text(json.dumps(settings), "utf-8")
    html = page_template(".Params.").replace("{{ .Params.title }}", "{{ .Title }}")
    (folder / "layouts/_default/single.html").write_text(
        html.replace(".Params.id", ".Params.award")
    )
    fields = " ".join(f'"{name}" .Params.{name}' for _, name in ROWS)
    made = (
        '{{ dict "@context" "https://w3id.org/openbadges/v2" "type" "Assertion" '
        f'"id" .Params.award "title" .Title {fields} | jsonify }}}}'
    )
    (folder / "layouts/_default/single.json").write_text(made, "utf-8")


def _hugo_page(folder: Path, page: Page) -> None:
    front = {"award": page["id"], **{name: one for name, one in page.items() if name != "id"}}
    (folder / f"{page['id']}.md").write_text(json.dumps(front, ensure_ascii=False) + "\n", "utf-8")


def _eleventy(folder: Path) -> None:
    paged = '---\npagination: {data: awards, size: 1, alias: award}\npermalink: "awards/{{ award.id }}.%s"\n---\n'
    (folder / "page.njk").write_text(paged % "html" + page_template("award."), "utf-8")
    fields = ",".join(
        f'"{name}":{{{{ award.{name} | dump | safe }}}}' for name in ("id", "title", *(one for _, one in ROWS))
    )  # fmt: skip
    made = f'{{"@context":"https://w3id.org/openbadges/v2","type":"Assertion",{fields}}}'
    (folder / "record.njk").write_text(paged % "json" + made, "utf-8")


_MKDOCS = """\
site_name: Badges
theme: {name: material, font: false}
plugins: []
nav: [index.md]
not_in_nav: "*.md"
use_directory_urls: false
"""


def _mkdocs_page(folder: Path, page: Page) -> None:
    rows = "".join(f"| {label} | {page[name]} |\n" for label, name in ROWS)
    text = (
        f"# {page['title']}\n\n| | |\n|---|---|\n{rows}\n"
        f'<img src="{page["id"]}.qr.svg" alt="QR code of this page" width="160">\n\n'
        f"[For programs]({page['id']}.json)\n"
    )
    (folder / f"{page['id']}.md").write_text(text, "utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "inputs":
        write_inputs(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        loop(Path(sys.argv[2]), Path(sys.argv[3]))
