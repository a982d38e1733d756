"""The command group, and how an expected error ends a command: one sentence, its details, exit code 1."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from lrs import __version__
from lrs.cli.output import fail
from lrs.errors import LrsError

_COMMANDS = {
    "init": ("lrs.cli.server", "Create the store, or bring it up to this version."),
    "serve": ("lrs.cli.server", "Serve the LRS over HTTP."),
    "demo": ("lrs.cli.demo", "Serve a generated academy, to look around in."),
    "key": ("lrs.cli.keys", "Credentials for vendors and readers."),
    "user": ("lrs.cli.users", "People who sign in to the dashboard."),
    "audit": ("lrs.cli.auditing", "Who read whose record, who changed what."),
    "statements": ("lrs.cli.statements", "Statements in and out as JSON lines."),
    "profile": ("lrs.cli.profiles", "The competency profile of one officer."),
    "profiles": ("lrs.cli.exporting", "Profiles of many officers: export, assert."),
    "report": ("lrs.cli.report", "What a training officer asks of a cohort."),
    "roster": ("lrs.cli.roster", "Who is in training, where and with whom."),
    "reprofile": ("lrs.cli.reprofile", "Show all stored statements to the plugins anew."),
    "plugin": ("lrs.cli.plugins", "Scoring plugins."),
    "backup": ("lrs.cli.moving", "Everything that is kept into one file."),
    "restore": ("lrs.cli.moving", "A backup into a new store."),
    "copy": ("lrs.cli.moving", "Everything from one store into another."),
    "doctor": ("lrs.cli.doctor", "Check the installation and say what to do."),
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[name][0]), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lrs")
@click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False),
    help="Settings file (TOML). Default: $LRS_CONFIG, else rapport.toml if there is one here.",
)
@click.pass_context
def group(ctx: click.Context, config_file: str | None) -> None:
    """Rapport: a learning record store that turns training evidence into competency profiles."""
    ctx.obj = config_file


def main() -> None:
    """Run the command line. Never shows a traceback for an expected error."""
    try:
        group(standalone_mode=False)
    except click.ClickException as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    except LrsError as exc:
        fail(exc)
    except (OSError, UnicodeError) as exc:  # a full disk, a missing folder, a name that is no UTF-8
        fail(LrsError(f"{exc}."))
