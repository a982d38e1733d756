"""What most commands start with: the settings in force and the services over the store they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from lrs.config import Config, load

if TYPE_CHECKING:
    from lrs.services.wiring import Rapport


def settings() -> Config:
    """The settings in force, with `--config` if it was given."""
    return load(file=click.get_current_context().find_root().obj)


@contextmanager
def services(config: Config | None = None) -> Iterator[Rapport]:
    """The services over the store of the settings, closed at the end."""
    from lrs.services.wiring import Rapport

    rapport = Rapport.open(config or settings())
    try:
        yield rapport
    finally:
        rapport.close()
