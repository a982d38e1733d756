"""A group of commands that are imported when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

Place = tuple[str, str, str]
"""Module of a command, its name in there, and the line that help shows."""


class LazyGroup(click.Group):
    """A group that knows where its commands are, so that neither help nor another command imports them."""

    def __init__(self, *args: Any, lazy: Mapping[str, Place], **options: Any) -> None:
        """`lazy`: by the command's name, in the order in which help shows them."""
        super().__init__(*args, **options)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in order."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, imported; None when there is none of that name."""
        if name not in self._lazy:
            return None
        module, attribute, _ = self._lazy[name]
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their lines."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in self._lazy.items()])
