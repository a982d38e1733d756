"""`lrs copy`, `lrs backup` and `lrs restore`: everything that is kept, into another store or a file, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lrs.cli.context import settings
from lrs.cli.output import json_option, say, show_json, show_table
from lrs.cli.progress import Telling
from lrs.xapi.timestamps import format_us

if TYPE_CHECKING:
    from lrs.services.sums import Sum

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("urls", nargs=2, metavar="FROM TO")
@json_option
def copy(urls: tuple[str, str], as_json: bool) -> None:
    """Copy everything from one store into another; both are URLs like the setting `store`.

    FROM may be in service. TO is made when it is not there, and must be empty or an earlier copy of FROM: what came
    since is copied then. After an interruption run it again: it goes on where it was.
    """
    from lrs.services.copying import copy as copy_store
    from lrs.stores.opening import open_store, shown

    with closing(open_store(urls[0])) as source, closing(open_store(urls[1])) as target, _telling() as tell:
        source.count_statements()  # says what to do where there is no store, before another is made
        target.initialise()
        copied = copy_store(source, target, progress=tell)
    if as_json:
        show_json(
            {
                "from": shown(urls[0]),
                "to": shown(urls[1]),
                "through": format_us(copied.through_us),
                "new_statements": copied.new_statements,
                "kinds": _as_dict(copied.sums),
            }
        )
    else:
        _show(copied.sums)
    say(
        f"{shown(urls[1])} is what {shown(urls[0])} was at {format_us(copied.through_us)}. "
        f"New statements: {copied.new_statements:,}. Both were read and compared."
    )


@click.command()
@click.argument("file", type=_FILE)
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write everything that the store holds into a new FILE, whatever its engine; it may be in service.

    FILE is readable for its owner only, and appears once it is whole and was read from end to end.
    """
    from lrs.services.archives import back_up
    from lrs.stores.opening import open_store

    with closing(open_store(settings().store)) as store, _telling() as tell:
        made = back_up(store, file, progress=tell)
    if as_json:
        show_json(
            {
                "file": str(file),
                "bytes": file.stat().st_size,
                "through": format_us(made.through_us),
                "kinds": _as_dict(made.sums),
            }
        )
    else:
        _show(made.sums)
    say(f"{file} holds everything until {format_us(made.through_us)}. Keep it as the store is kept.")


@click.command()
@click.argument("file", type=_FILE)
@json_option
def restore(file: Path, as_json: bool) -> None:
    """Fill the store of the settings, new or empty, with what a backup FILE holds.

    FILE is held against its hashes before, and the store against FILE after. After an interruption run it again.
    """
    from lrs.services.archives import restore as restore_store
    from lrs.stores.opening import open_store, shown

    url = settings().store
    with closing(open_store(url)) as store, _telling() as tell:
        restored = restore_store(file, store, progress=tell)
    if as_json:
        show_json(
            {
                "store": shown(url),
                "through": format_us(restored.through_us),
                "kinds": _as_dict(restored.sums),
            }
        )
    else:
        _show(restored.sums)
    say(f"{shown(url)} is as it was at {format_us(restored.through_us)}. Next: lrs doctor, then lrs serve.")


@contextmanager
def _telling() -> Iterator[_Steps]:
    steps = _Steps()
    try:
        yield steps
    finally:
        steps.end()


class _Steps:
    """Tells of one step after the other, each with a bar of its own."""

    def __init__(self) -> None:
        self._what = ""
        self._telling: Telling | None = None

    def __call__(self, what: str, done: int, of: int) -> None:
        """See `lrs.services.whole.Tell`."""
        if self._telling is None or what != self._what:
            self.end()
            self._what, self._telling = what, Telling(what)
        self._telling(done, of)

    def end(self) -> None:
        """Close the bar."""
        if self._telling is not None:
            self._telling.__exit__(None, None, None)
            self._telling = None


def _show(sums: Mapping[str, Sum]) -> None:
    rows = [(kind, f"{one.count:,}", f"{one.sha256[:16]}…") for kind, one in sums.items()]
    show_table(("kind", "count", "sha256"), rows)


def _as_dict(sums: Mapping[str, Sum]) -> dict[str, Any]:
    return {kind: asdict(one) for kind, one in sums.items()}
