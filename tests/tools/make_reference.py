# SPDX-License-Identifier: Apache-2.0
"""Write the reference pages that follow from the code.

    python -m tests.tools.make_reference

Commands come from click, problem codes from the registry, fields from the model with a line each
from `field_words.py`. The pages are committed; a test says that they are current.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter

from site_builder.cli import commands
from site_builder.json_schemas import FILES, schema
from site_builder.model import KINDS, scalars
from site_builder.problems import REGISTRY, Rule
from tests.tools.field_words import WORDS

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
# Search shows what teachers look for first; these pages hold nearly every word there is.
MADE = "---\nsearch:\n  boost: 0.2\n---\n\n<!-- Made by tests/tools/make_reference.py: change the code, then run it again. -->\n"

_SCALARS = {
    "Str": "text",
    "Slug": "[name](#names)",
    "RandomId": "26-character id",
    "Version": "version, as 1.0.0",
    "PinnedRef": "[name](#names)@version",
    "LooseRef": "[name](#names), or name@version",
    "Language": "language tag, as en",
    "Sha256": "SHA-256",
    "SchoolYear": "school year, as 2015-16",
    "Url": "web address",
    "EmailAddress": "e-mail address",
    "Currency": "currency, as USD",
    "Bool": "true or false",
    "Count": "whole number",
    "Amount": "number",
    "Date": "date, as 2016-03-14",
    "Period": "length of time, as P1Y",
    "Text": "[text](#texts)",
}

# ---- problems.md

_STAGES = {
    "YM": "YAML text",
    "SR": "Files and folders",
    "FD": "Fields",
    "IS": "Issuer",
    "FW": "Frameworks",
    "CR": "Credentials",
    "PW": "Pathways",
    "RL": "Roles",
    "PR": "Programmes",
    "TE": "Teachers",
    "SP": "Public repositories",
    "AW": "Awards",
    "FG": "Figures",
    "TX": "Texts",
    "NM": "Names in texts",
    "I1": "Translations",
    "IM": "Images",
}


def problems_page() -> str:
    """docs/reference/problems.md: every code with its anchor, by stage."""
    parts = [
        MADE,
        "# Problems\n",
        (
            "Every problem that `badges check` can report. A code is never reused and never changes its\n"
            "meaning. An **error** stops the build and nothing is written; a **warning** does so only with\n"
            "`--strict`; a **note** is worth knowing and shows with `--notes`.\n"
        ),
    ]
    for stage in dict.fromkeys(code[:2] for code in REGISTRY):
        parts.append(f"## {_STAGES.get(stage, stage)}\n")
        parts += [_problem(rule) for code, rule in REGISTRY.items() if code[:2] == stage]
    return "\n".join(parts)


def _problem(rule: Rule) -> str:
    level = "" if rule.severity == "error" else f"*{rule.severity.capitalize()}.* "
    lines = [
        f"### {rule.code}: {_safe(rule.title)} {{ #{rule.code.lower()} }}\n",
        f"{level}{_safe(rule.explanation)}\n",
    ]
    if rule.example:
        lines.append(
            f"```yaml\n{rule.example}\n```\n"
            if ":" in rule.example or "\n" in rule.example
            else f"```\n{rule.example}\n```\n"
        )
    return "\n".join(lines)


def _safe(words: str) -> str:
    """Words that Markdown shows as they stand: code stays code, angle brackets stay brackets."""
    pieces = words.split("`")
    return "`".join(
        piece if index % 2 else piece.replace("<", "&lt;").replace("*", "\\*")
        for index, piece in enumerate(pieces)
    )


# ---- fields.md

_FIELDS_HEAD = """\
# Fields

Every field of every kind of record. The folder says the kind and the file name is the id, so neither
is written inside. A key that is not listed here is refused, with a suggestion. An optional field may
also be `null`. The same rules stand as JSON Schemas in `site_builder/schemas/` for editors
(`badges schema KIND` prints one).

`rounds[].submitted` means: `submitted` in each entry of the list `rounds`.

## Texts

A *text* is what readers see: either words in the issuer's default language, or a map of languages to
words. Paragraphs, lists, `**bold**`, `*italic*` and links to web addresses are kept; HTML is refused.

```yaml
title: Planning a meeting
# or
title: {en: Planning a meeting, es: Planificar una reunión}
```

## Names

A *name* has 1 to 63 small letters a to z, digits and hyphens, and starts with no hyphen. It is the name
of a file in its folder, the `id` of an entry, or a word of your own choice such as `onsite-coaching`.
Ids of teachers and awards have 26 characters of 0-9 and a-z without i, l, o and u, drawn at random.
"""

_NAMES = {
    json.dumps(TypeAdapter(getattr(scalars, name)).json_schema(), sort_keys=True): words
    for name, words in _SCALARS.items()
}


def fields_page() -> str:
    """docs/reference/fields.md: one table per kind, and one each for rules and selectors."""
    parts = [MADE, _FIELDS_HEAD]
    for kind in KINDS:
        body = schema(kind)
        where = ", ".join(f"`{place}`" for place in FILES[kind])
        parts += [
            f"## {kind.capitalize()} {{ #{kind} }}\n",
            f"{body['description']} File: {where}.\n",
        ]
        parts.append(_table(kind_fields(kind)))
    definitions = schema("pathway")["definitions"]
    for name in ("Rule", "Selector"):
        parts += [f"## {name} {{ #{name.lower()} }}\n", f"{definitions[name]['description']}\n"]
        parts.append(_table(_rows(name, definitions[name], definitions, "")))
    return "\n".join(parts)


Row = tuple[str, str, str, str]


def kind_fields(kind: str) -> Iterator[Row]:
    """Every field of a kind as (path, type, required or default, line)."""
    body = schema(kind)
    yield from _rows(KINDS[kind].__name__, body, body.get("definitions", {}), "")


def _table(rows: Iterator[Row]) -> str:
    lines = [f"| `{path}` | {kind} | {need} | {words} |" for path, kind, need, words in rows]
    return "| field | takes | required | |\n|---|---|---|---|\n" + "\n".join(lines) + "\n"


def _rows(
    model: str, body: dict[str, Any], definitions: dict[str, Any], prefix: str
) -> Iterator[Row]:
    for name, field in body["properties"].items():
        path = prefix + name
        need = "yes" if name in body.get("required", ()) else _default(field)
        yield path, _type(field), need, WORDS[model][name]
        below = _reference(field)
        if below and below not in ("Rule", "Selector"):
            step = "[]." if _bare(field).get("type") == "array" else "."
            yield from _rows(below, definitions[below], definitions, path + step)


def _bare(field: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without its default and without `or null`."""
    if list(field) == ["allOf"] or ("allOf" in field and len(field["allOf"]) == 1):
        return dict(field["allOf"][0])
    kept = {key: value for key, value in field.items() if key not in ("default", "description")}
    if "anyOf" in kept:
        choices = [one for one in kept["anyOf"] if one != {"type": "null"}]
        return dict(choices[0]) if len(choices) == 1 else {"anyOf": choices}
    return kept


def _reference(field: dict[str, Any]) -> str:
    """The model a field holds, alone or in a list; "" for plain values and for choices."""
    bare = _bare(field)
    inner = bare.get("items", bare)
    return str(inner.get("$ref", "")).rpartition("/")[2]


def _type(field: dict[str, Any]) -> str:
    bare = _bare(field)
    if words := _NAMES.get(json.dumps(bare, sort_keys=True)):
        return words
    if "$ref" in bare:
        name = bare["$ref"].rpartition("/")[2]
        return (
            f"[{name.lower()}](#{name.lower()})"
            if name in ("Rule", "Selector")
            else "keys and values"
        )
    if "enum" in bare:
        return " \\| ".join(f"`{one}`" for one in bare["enum"])
    if "const" in bare:
        return f"`{bare['const']}`"
    if bare.get("type") == "array":
        return (
            f"list of {_type(bare['items'])}"
            if "$ref" not in bare["items"] or _is_rule(bare["items"])
            else "list"
        )
    if bare.get("type") == "object":
        values = bare.get("additionalProperties") or next(iter(bare["patternProperties"].values()))
        return f"map of name to {_type(values)}"
    if "anyOf" in bare:
        return " or ".join(_type(one) for one in bare["anyOf"])
    return "text of a fixed form" if "pattern" in bare else "text"


def _is_rule(item: dict[str, Any]) -> bool:
    return str(item.get("$ref", "")).endswith(("/Rule", "/Selector"))


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    if value is None or value in ([], {}) or isinstance(value, dict):
        return "no"
    return f"no: `{json.dumps(value)}`" if not isinstance(value, str) else f"no: `{value}`"


# ---- commands.md

_COMMANDS_HEAD = """\
# Commands

`badges` reads the repository it is started in, or the one named with `--root`. Results go to standard
output, trouble to standard error. `badges --help` and `badges COMMAND --help` print what stands here.

| exit code | means |
|---|---|
| 0 | fine |
| 1 | problems in the content, and nothing was written; of `badges verify`: something is not valid |
| 2 | wrong use, or a configuration that is missing or wrong |
| 3 | the computer: disk, permissions, a port in use, processes or workers of a cluster that died |
| 4 | a promise to those already published to would be broken |
| 5 | keys |
| 6 | of `badges verify`: nothing is not valid, and something could not be fully checked |
| 130 | stopped with Ctrl+C |

Code 4 is kept for commands that come later.
"""


def commands_page() -> str:
    """docs/reference/commands.md: every command and option, as click knows them."""
    context = click.Context(commands, info_name="badges", **commands.context_settings)
    parts = [MADE, _COMMANDS_HEAD, "## badges { #badges }\n", _options(commands, context)]
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        if command is None:
            raise ValueError(name)
        parts.append(_command(command, click.Context(command, info_name=name, parent=context)))
    return "\n".join(parts)


def _command(command: click.Command, context: click.Context, level: str = "##") -> str:
    usage = " ".join(command.collect_usage_pieces(context))
    name = context.command_path
    anchor = name.removeprefix("badges ").replace(" ", "-")
    parts = [
        f"{level} {name} {{ #{anchor} }}\n",
        f"```\n{name} {usage}\n```\n",
        "\n".join(line.strip() for line in (command.help or "").splitlines()).strip() + "\n",
        _options(command, context),
    ]
    if command.epilog:
        lines = [
            line.removeprefix("  ")
            for line in command.epilog.splitlines()
            if line not in ("\b", "Examples:")
        ]
        parts.append("```sh\n" + "\n".join(lines) + "\n```\n")
    if isinstance(command, click.Group):
        parts += [
            _command(one, click.Context(one, info_name=name, parent=context), f"{level}#")
            for name, one in command.commands.items()
        ]
    return "\n".join(parts)


def _options(command: click.Command, context: click.Context) -> str:
    lines = ["| option | takes | default | |", "|---|---|---|---|"]
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option):
            names = ", ".join(f"`{one}`" for one in (*parameter.opts, *parameter.secondary_opts))
            lines.append(
                f"| {names} | {_takes(parameter)} | {_shown_default(parameter)} | {parameter.help or ''} |"
            )
        else:
            lines.append(
                f"| `{parameter.human_readable_name.strip('[]')}` | {_takes(parameter)} | | {_need(parameter)} |"
            )
    return "\n".join(lines) + "\n"


def _need(parameter: click.Parameter) -> str:
    return "Needed." if parameter.required else "May be left out."


def _takes(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option) and parameter.is_flag:
        return ""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return " \\| ".join(f"`{one}`" for one in kind.choices)
    if isinstance(kind, click.IntRange):
        return f"{kind.min} to {kind.max}"
    if isinstance(kind, click.Path):
        return "folder" if not kind.file_okay or parameter.name == "root" else "path"
    return "whole number" if kind is click.INT else "text"


def _shown_default(option: click.Option) -> str:
    if isinstance(option.show_default, str):
        return option.show_default
    if option.is_flag or option.default is None or not isinstance(option.default, str | int):
        return ""
    return f"`{option.default}`"


PAGES = {"commands.md": commands_page, "problems.md": problems_page, "fields.md": fields_page}


def main() -> None:
    """Writes the three pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
