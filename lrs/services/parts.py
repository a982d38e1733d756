"""A worker's share of a rebuild: takes a part, shows its statements to the plugins, keeps what they find."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from lrs.competency.evidence import Finding
from lrs.plugin.manager import PluginHost
from lrs.stores.base import GenerationStore, Part
from lrs.xapi.statement import StoredStatement
from lrs.xapi.strict_json import parse_again

_Found = tuple[StoredStatement, Sequence[Finding]]

# Few enough that a parsed statement is still in the processor's cache when it is looked at, and its memory is used
# again for the next: with 500 at a time, parsing alone takes twice as long.
_AT_ONCE = 16
_LEASES_LONG = 20
_LONGEST_LEASE_US = 60_000_000


class Worker:
    """Works on one rebuild. Not for several threads."""

    def __init__(
        self, store: GenerationStore, plugins: PluginHost, rebuild: int, *, name: str, lease_us: int
    ) -> None:
        """Nothing is done yet.

        Args:
            store: where the rebuild is.
            plugins: those that look at the statements, and no others.
            rebuild: its number.
            name: unique among workers.
            lease_us: within how many microseconds a part is usually finished, many times over. A part that is not
                may be done by another worker as well; what counts is what the first of them keeps.
        """
        self._store = store
        self._plugins = plugins
        self._rebuild = rebuild
        self._name = name
        self._lease_us = lease_us

    def do_part(self) -> bool:
        """Do the next part; False when none is to be had now."""
        part = self._store.take_part(self._rebuild, self._name, lease_us=self._lease_us)
        if part is None:
            return False
        began = time.perf_counter()
        self._store.finish_part(part, self._found(part))
        took_us = int((time.perf_counter() - began) * 1e6)
        # A plugin may be so slow that no part is ever finished within the lease; then the lease grows.
        self._lease_us = max(self._lease_us, min(took_us * _LEASES_LONG, _LONGEST_LEASE_US))
        return True

    def _found(self, part: Part) -> list[_Found]:
        recognise = self._plugins.recognise
        found: list[_Found] = []
        for some in _in_groups(self._store.scan_part(part)):
            findings = recognise([parse_again(statement.raw) for statement in some])
            found += [pair for pair in zip(some, findings, strict=True) if pair[1]]
        return found


@contextmanager
def spared_collector() -> Iterator[None]:
    """Let the garbage collector rest: statements and findings hold no cycles, reference counting frees them."""
    was_on = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.unfreeze()


def _in_groups(statements: Iterable[StoredStatement]) -> Iterator[list[StoredStatement]]:
    rest = iter(statements)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
