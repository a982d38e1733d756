"""The contract of keys and of the server's own secrets."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from lrs.errors import Conflict, NotFound
from lrs.stores.base import Key, Store
from lrs.stores.contract_fixtures import StoreFixtures

VENDOR_KEY = Key(
    id="vendor-1",
    name="VR vendor",
    secret_sha256=bytes(range(32)),
    scopes=frozenset({"statements/write", "statements/read/mine"}),
    created_us=1_768_464_000_000_000,
)


class AccessContract(StoreFixtures):
    """Who may come in."""

    def test_a_key_comes_back_as_it_was(self, store: Store) -> None:
        store.add_key(VENDOR_KEY)
        assert store.key("vendor-1") == VENDOR_KEY

    def test_an_unknown_key_is_none(self, store: Store) -> None:
        store.add_key(VENDOR_KEY)
        assert store.key("vendor-2") is None

    def test_keys_are_listed_oldest_first(self, store: Store) -> None:
        older = replace(VENDOR_KEY, id="z", name="older", created_us=5, scopes=frozenset())
        store.add_key(VENDOR_KEY)
        store.add_key(older)
        assert list(store.keys()) == [older, VENDOR_KEY]

    def test_a_taken_id_is_a_conflict(self, store: Store) -> None:
        store.add_key(VENDOR_KEY)
        with pytest.raises(Conflict):
            store.add_key(replace(VENDOR_KEY, name="another"))
        assert list(store.keys()) == [VENDOR_KEY]

    def test_a_taken_name_is_a_conflict_until_that_key_is_revoked(self, store: Store) -> None:
        again = replace(VENDOR_KEY, id="vendor-2")
        store.add_key(VENDOR_KEY)
        with pytest.raises(Conflict):
            store.add_key(again)
        store.revoke_key("vendor-1", 7)
        store.add_key(again)
        assert store.key("vendor-2") == again

    def test_a_revoked_key_says_since_when_and_revoking_again_changes_nothing(self, store: Store) -> None:
        store.add_key(VENDOR_KEY)
        revoked = replace(VENDOR_KEY, revoked_us=7)
        assert store.revoke_key("vendor-1", 7) == revoked
        assert store.revoke_key("vendor-1", 9) == revoked
        assert store.key("vendor-1") == revoked

    def test_revoking_an_unknown_key_is_an_error(self, store: Store) -> None:
        with pytest.raises(NotFound):
            store.revoke_key("nobody", 7)

    def test_a_revoked_key_is_revoked_for_every_process(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        store.add_key(VENDOR_KEY)
        other = reopen()
        assert other.key("vendor-1") == VENDOR_KEY
        store.revoke_key("vendor-1", 7)
        assert other.key("vendor-1") == replace(VENDOR_KEY, revoked_us=7)

    def test_a_server_secret_is_made_once_and_kept(self, store: Store, reopen: Callable[[], Store]) -> None:
        secret = store.server_secret("more")
        assert len(secret) == 32
        assert store.server_secret("more") == secret
        assert reopen().server_secret("more") == secret

    def test_server_secrets_of_different_names_differ(self, store: Store) -> None:
        assert store.server_secret("more") != store.server_secret("session")

    def test_everyone_who_asks_first_gets_the_same_secret(
        self, store: Store, reopen: Callable[[], Store]
    ) -> None:
        stores = [store, reopen(), reopen()] * 4
        with ThreadPoolExecutor(len(stores)) as pool:
            secrets = set(pool.map(lambda one: one.server_secret("more"), stores))
        assert len(secrets) == 1
