"""Ralph's own API over a dictionary: what its API could do at most, with a store that takes no time.

Runs in Ralph's environment, and nowhere else: `uvicorn --factory in_dict:create_app`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ralph.backends import loader
from ralph.backends.data.base import BaseOperationType, DataBackendStatus
from ralph.backends.lrs.base import BaseLRSBackend, BaseLRSBackendSettings, StatementQueryResult

_KEYS = ("mbox", "mbox_sha1sum", "openid", "account__name", "account__home_page")

Statement = dict[str, Any]


class DictBackend(BaseLRSBackend[BaseLRSBackendSettings]):
    """Statements by id, and by actor; of the filters of GET it knows `agent` alone, which is what is asked."""

    name = "dict"
    settings_class = BaseLRSBackendSettings
    default_operation_type = BaseOperationType.CREATE
    unsupported_operation_types = frozenset[BaseOperationType]()

    def __init__(self, settings: BaseLRSBackendSettings | None = None) -> None:
        super().__init__(settings)
        self._by_id: dict[str, Statement] = {}
        self._by_actor: dict[tuple[Any, ...], list[Statement]] = {}

    def status(self) -> DataBackendStatus:
        """It is there."""
        return DataBackendStatus.OK

    def write(self, data: Iterable[Statement], *_: Any, **__: Any) -> int:
        """Keep statements, newest last."""
        before = len(self._by_id)
        for statement in data:
            self._by_id[statement["id"]] = statement
            self._by_actor.setdefault(_key(statement["actor"]), []).append(statement)
        return len(self._by_id) - before

    def query_statements(self, params: Any, target: str | None = None) -> StatementQueryResult:
        """The newest ones, of one actor when that is asked for."""
        agent = params.agent or {}
        given = agent if isinstance(agent, dict) else agent.model_dump()
        key = tuple(given.get(name) for name in _KEYS)
        found: Sequence[Statement] = self._by_actor.get(key, []) if any(key) else list(self._by_id.values())
        page = list(reversed(found[-params.limit :] if params.limit else found))
        return StatementQueryResult(statements=page, search_after=page[-1]["id"] if page else None)

    def query_statements_by_ids(self, ids: Sequence[str], target: str | None = None) -> Iterator[Statement]:
        """Those of them that are there."""
        return (self._by_id[one] for one in ids if one in self._by_id)

    def close(self) -> None:
        """Nothing is open."""

    def _read_bytes(self, *_: Any, **__: Any) -> Iterator[bytes]:
        raise NotImplementedError

    def _read_dicts(self, *_: Any, **__: Any) -> Iterator[Statement]:
        raise NotImplementedError

    def _write_bytes(self, *_: Any, **__: Any) -> int:
        raise NotImplementedError

    def _write_dicts(self, *_: Any, **__: Any) -> int:
        raise NotImplementedError


def create_app() -> Any:
    """Ralph's application, which asks once for the backends that there are when its routes are imported."""
    loader.get_lrs_backends = lambda: {DictBackend.name: DictBackend}
    from ralph.api import app

    return app


def _key(actor: Statement) -> tuple[Any, ...]:
    account = actor.get("account") or {}
    told = {**actor, "account__name": account.get("name"), "account__home_page": account.get("homePage")}
    return tuple(told.get(name) for name in _KEYS)
