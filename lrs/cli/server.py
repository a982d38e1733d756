"""`lrs init` and `lrs serve`."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import signal
import socket
import tempfile
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from lrs.cli.context import settings
from lrs.cli.output import say
from lrs.config import Config, share_metrics
from lrs.errors import ConfigError

if TYPE_CHECKING:
    from lrs.stores.base import Store


@click.command()
@click.option("--shard", is_flag=True, help="Spread what grows over the shards of a MongoDB cluster.")
@click.option("--no-users", is_flag=True, help="Make nobody who may sign in to the dashboard.")
def init(shard: bool, no_users: bool) -> None:
    """Create the store, or bring it up to this version. Running it again changes nothing.

    While nobody may sign in, it makes a user of each role, and shows their passwords this once.
    """
    from lrs.stores.opening import open_store, shown

    config = settings()
    store = open_store(config.store)
    try:
        store.initialise(shard=shard)
        if not no_users:
            _first_users(store, config.home_page)
    finally:
        store.close()
    say(f"The store {shown(store.url)} is ready. Next: lrs key create --name NAME, then lrs serve.")


def _first_users(store: Store, home_page: str) -> None:
    """Make a user of each role and show the passwords, unless there are users."""
    from lrs.cli.users import one_of_each_role, show_passwords
    from lrs.services.access.users import Users
    from lrs.services.audit import Audit

    def clock() -> int:
        return time.time_ns() // 1000

    made = one_of_each_role(Users(store, Audit(store, clock=clock), clock=clock), home_page)
    if made:
        show_passwords(made)
        say(
            "These passwords are shown this once; everybody chooses another at the first sign-in. Who is not needed: "
            "lrs user disable NAME."
        )


@click.command()
@click.option("--host", help="Address to listen on (default: setting host).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (default: setting port).")
@click.option("--workers", type=click.IntRange(1), help="Worker processes (default: setting workers).")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the LRS until it is told to stop (SIGTERM or Ctrl-C); requests under way are finished first."""
    config = settings()
    run(
        replace(config, host=host or config.host, port=port or config.port, workers=workers or config.workers)
    )


def run(config: Config) -> None:
    """Serve with these settings, in this process and its workers, until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from lrs.services.wiring import Rapport
    from lrs.stores.opening import shown

    # Fail here, once and in words, rather than in each worker.
    _try_address(config)
    rapport = Rapport.open(config)
    rapport.store.ping()
    rapport.store.close()
    server = Granian(
        "lrs.web:create_app",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        workers=config.workers,
        blocking_threads=config.threads,
        backpressure=max(config.threads * 4, 64),
        workers_kill_timeout=30,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.error,  # its words on threads are not ours; failures still show
    )
    say(f"Rapport serves {shown(config.store)} on {config.public_url}/ (workers: {config.workers}).")
    with tempfile.TemporaryDirectory(prefix="lrs-metrics-") as folder:
        if config.workers > 1:
            share_metrics(folder)
        share_imports()
        server.serve(target_loader=_Loader(config), wrap_loader=False)


def share_imports() -> None:
    """Import here what each worker would, where workers are forked: they share it, in time and in memory.

    Not before the metrics are shared: prometheus-client asks for that at its import.
    """
    if multiprocessing.get_start_method() == "fork":
        importlib.import_module("lrs.web")
        gc.collect()
        gc.freeze()  # what is shared stays shared: the collector writes into all that it looks at


def _try_address(config: Config) -> None:
    """Raise `ConfigError` when the address is taken.

    granian's sockets share their port, so that a second server would take half of the requests in silence.
    """
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((config.host, config.port))
    except (OSError, UnicodeError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise ConfigError(f"Cannot listen on {config.host}:{config.port}: {reason}.") from exc


class _Loader:
    """Makes the application inside a worker process; travels there by pickle."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def __call__(self, *_: Any) -> Any:
        # Until granian listens for signals here, a stop would be lost on the handlers inherited from the parent.
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, signal.SIG_DFL)
        from multiprocessing.util import Finalize

        from lrs.services.wiring import Rapport
        from lrs.web import create_app

        app = create_app(self._config, multiprocess=self._config.workers > 1)
        services: Rapport = app.extensions["rapport"]
        # A worker ends without the handlers of `atexit`. Its store stays open for what is still answered.
        Finalize(None, services.refusals.flush, exitpriority=0)
        spare_the_collector()
        return app


def spare_the_collector() -> None:
    """Let the garbage collector pass over what a worker is made of, and look less often.

    A batch makes a hundred thousand objects that reference counting frees; looking through them, and through every
    module, took a tenth of ingest.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
