# SPDX-License-Identifier: Apache-2.0
"""The `badges` command: thin, and the only place that chooses an exit code.

Exit codes: 0 fine, 1 problems in the content, 2 wrong use or configuration, 3 the computer (disk,
permissions), 4 a broken promise to those already published to, 5 keys, 6 a badge that could not be
fully checked.
"""

from __future__ import annotations

import errno
import importlib
import io
import os
import sys
from typing import ClassVar

import click

from site_builder import __version__
from site_builder.problems import EnvironmentProblem, KeyProblem, UsageProblem

EXAMPLES = """\b
Examples:
  badges new my-district        start a repository of your own
  badges check                  every problem of every file, nothing written
  badges build                  check, then write the whole site into site/
  badges serve                  look at it on this computer while you edit
  badges verify badge.png       whether a badge holds, ours or anybody's
"""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class _Lazy(click.Group):
    """Loads a command's module when that is asked for, so that `badges check` starts fast."""

    where: ClassVar[dict[str, str]] = {
        "check": "site_builder.commands.check:check",
        "build": "site_builder.commands.build:build",
        "merge": "site_builder.commands.merge:merge",
        "serve": "site_builder.commands.build:serve",
        "sign": "site_builder.commands.sign:sign",
        "verify": "site_builder.commands.verify:verify",
        "deliver": "site_builder.commands.deliver:deliver",
        "new": "site_builder.commands.new:new",
        "keys": "site_builder.commands.keys:keys",
        "schema": "site_builder.commands.schema:schema",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.where)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        place = self.where.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion for a mistyped command."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.where:
            from site_builder.problems import did_you_mean  # noqa: PLC0415 - only when it went wrong

            hint = did_you_mean(name, self.where)
            ctx.fail(f"There is no command '{name}'. {hint or 'See `badges --help`.'}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Lazy,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="badges")
def commands() -> None:
    """Educator micro-credentials as a static site: YAML in, catalog and verifiable JSON out."""


def main(args: list[str] | None = None) -> None:
    """Runs the command line and ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a letter the console does not know
    try:
        code = commands.main(args, prog_name="badges", standalone_mode=False)
    except click.Abort:
        click.echo("Stopped.", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except UsageProblem as error:
        click.echo(f"badges: {error}", err=True)
        code = 2
    except EnvironmentProblem as error:
        click.echo(f"badges: {error}", err=True)
        code = 3
    except KeyProblem as error:
        click.echo(f"badges: {error}.", err=True)
        code = 5
    except OSError as error:
        if error.filename is not None or error.errno not in _FULL:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or it fails again at exit
        click.echo(f"badges: the output cannot be written: {error.strerror}.", err=True)
        code = 3
    sys.exit(code if isinstance(code, int) else 0)
