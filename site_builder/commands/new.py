# SPDX-License-Identifier: Apache-2.0
"""`badges new`: a small district repository that checks and builds, to edit from there."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from site_builder.commands.shared import today
from site_builder.problems import UsageProblem, quoted
from site_builder.scaffold import (
    Answers,
    Marks,
    faults,
    option_words,
    refuse_taken,
    starter_files,
    write_all,
)

QUESTIONS = {
    "name": "Who issues the badges (the name people will read)",
    "url": "Address the site will have",
    "contact": "E-mail address of the office people may ask",
}
HOLDS = {
    "catalog": "who issues, and what can be earned: framework, credential, programme",
    "awards": "one made-up person with one award, to look at and then delete",
    "docs": "pages you write by hand",
    "schemas": "what editors check while you type",
}


@click.command(
    epilog="""\b
Examples:
  badges new my-district
  badges new my-district --name "Cedar Falls Schools" --url https://badges.cedarfalls.example
  badges new . --yes               in this empty folder, with every default
"""
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="Who issues the badges.")
@click.option("--url", help="The address the site will have, such as https://badges.example.org.")
@click.option("--contact", help="E-mail address shown on the site; an office's, not a person's.")
@click.option("--country", help="Country of the issuer, such as US.")
@click.option("--language", help="Main language of the site's texts, such as en.")
@click.option("--yes", is_flag=True, help="Ask nothing; take the default of what is not given.")
def new(folder: Path, *, yes: bool, **given: str | None) -> int:
    """Start a repository of your own in DIR, a new or empty folder.

    It holds samples to copy from and replace, checks without problems and builds into a site. On a
    terminal the command asks for what is missing; in a script it takes defaults.
    """
    refuse_taken(folder)
    said = {option: value for option, value in given.items() if value is not None}
    _refuse_faults(Answers(**said).tidy())
    if not yes and sys.stdin.isatty() and sys.stdout.isatty():
        for option, question in QUESTIONS.items():
            if option not in said:
                said[option] = click.prompt(
                    question, default=getattr(Answers(), option), value_proc=_accepted(option)
                )
    answers = Answers(**said).tidy()
    files = starter_files(answers, today=today(), marks=Marks())
    write_all(folder, files)
    _tell(folder, answers, files)
    return 0


def _refuse_faults(answers: Answers) -> None:
    found = faults(answers)
    if found:
        lines = [option_words(name, getattr(answers, name), fault) for name, fault in found.items()]
        raise UsageProblem("\n".join(lines))


def _accepted(option: str) -> Callable[[str], str]:
    """A check of one answer, after which click asks again."""

    def check(typed: str) -> str:
        answers = Answers(**{option: typed}).tidy()
        if fault := faults(answers).get(option):
            raise click.UsageError(f"{quoted(getattr(answers, option))}: {fault}")
        return typed

    return check


def _tell(folder: Path, answers: Answers, files: dict[str, bytes]) -> None:
    """What was made, what to change, and the next two commands."""
    counts = Counter(path.partition("/")[0] for path in files)
    click.echo(f"Made {len(files)} files in {quoted(str(folder))}:")
    for name, words in HOLDS.items():
        number = f"{counts[name]} file{'s' if counts[name] != 1 else ''}"
        click.echo(f"  {name + '/':<10} {words} ({number})")
    click.echo("README.md there says what each folder is and where to go next.")
    if answers.url == Answers().url:
        click.echo("The site's address is an example: set base_url in catalog/issuer.yml first.")
    if answers.language.partition("-")[0] != "en":
        click.echo("The samples are in English: put words in your own language in their place.")
    root = "" if folder == Path() else f" --root {shlex.quote(str(folder))}"
    click.echo("\nNext:")
    click.echo(f"  badges check{root}")
    click.echo(f"  badges serve{root}")
