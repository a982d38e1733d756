"""`lrs audit verify`, `list`, `export`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json, show_table, visible
from lrs.cohort.roster import short_name

_SHOWN_SUBJECTS = 3


@click.group()
def audit() -> None:
    """Who read whose record, who changed what, and whether the log is what was written."""


@audit.command()
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="HASH",
    help="A hash that was written down earlier and has to be in the chain; may be repeated.",
)
@json_option
def verify(expected: tuple[str, ...], as_json: bool) -> None:
    """Compute every hash of the audit log anew. Exit code 1 names the first entry that is not what was written."""
    from lrs.errors import BrokenChain

    with services() as rapport:
        try:
            found = rapport.audit.verify(expected=expected)
        except BrokenChain as exc:
            if not as_json:
                raise
            show_json({"holds": False, "broken": exc.message})
            sys.exit(1)
    if as_json:
        show_json({"holds": True, **found.as_dict()})
        return
    click.echo(f"The chain holds. Entries: {found.entries:,}. Newest hash:\n{found.head}")
    say("Write the hash down elsewhere: --expect proves later that nothing was cut off.")


@audit.command("list")
@click.option("--person", help="Only about this person: account name, e-mail address or agent key.")
@click.option("--actor", help="Only by this one: a user's name, user:ID, key:ID or system.")
@click.option("--action", help="Only this action, such as `read profile`.")
@click.option("--since", help="At or after this date or timestamp.")
@click.option("--until", help="Before this date or timestamp.")
@click.option("--before", type=click.IntRange(1), help="Only numbers below this: how the list goes on.")
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Most entries.")
@json_option
def list_entries(
    *,
    person: str | None,
    actor: str | None,
    action: str | None,
    since: str | None,
    until: str | None,
    before: int | None,
    limit: int,
    as_json: bool,
) -> None:
    """Show entries, newest first."""
    from lrs.services.access.permissions import Action
    from lrs.services.reports import instant
    from lrs.stores.audit import AuditQuery

    with services() as rapport:
        sight = rapport.sights.of_system()
        query = AuditQuery(
            subject=None if person is None else rapport.records.officer(sight, person, Action.READ_AUDIT),
            actor=None if actor is None else rapport.users.actor(actor),
            action=action,
            since_us=instant("since", since),
            until_us=instant("until", until),
            before=before,
            limit=limit,
        )
        entries = rapport.audit.page(sight, query)
        names = {f"user:{one.id}": one.name for one in rapport.users.listed()}
    if as_json:
        show_json(entries)
        return
    show_table(
        ("number", "at", "who", "did", "about", "detail"),
        [
            (
                one["number"],
                one["at"][:19] + "Z",
                names.get(one["actor"], one["actor"]),
                one["action"],
                _about(one["subjects"]),
                "; ".join(f"{name} {value}" for name, value in one["detail"].items()) or "-",
            )
            for one in entries
        ],
    )


@audit.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="File to write, readable for its owner only. Default: standard output.",
)
def export(output: Path | None) -> None:
    """Write every entry as JSON lines, oldest first, with all that its hash is computed over."""
    with services() as rapport:
        count = 0
        with _opened(output) as file:
            for entry in rapport.audit.export(rapport.sights.of_system()):
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                count += 1
    say(f"Entries written: {count:,}.")


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a new file that nobody else may read. A name that is taken is an error."""
    if output is None:
        yield sys.stdout
        return
    output.touch(mode=0o600, exist_ok=False)
    with output.open("w", encoding="utf-8") as file:
        yield file


def _about(subjects: list[str]) -> str:
    shown = [visible(short_name(one)) for one in subjects[:_SHOWN_SUBJECTS]]
    more = len(subjects) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "") or "-"
