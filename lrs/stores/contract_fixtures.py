"""What each part of the contract suite builds on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lrs.stores.base import Store


class StoreFixtures:
    """The fixtures that the test file of a store provides."""

    histories = 100
    """How many random histories are tried, each in a store of its own. Where that takes long, fewer."""

    @pytest.fixture
    def store(self) -> Store:
        """An initialised, empty store; closed after the test."""
        raise NotImplementedError

    @pytest.fixture
    def reopen(self) -> Callable[[], Store]:
        """Opens another store on the same data; closed after the test."""
        raise NotImplementedError

    @pytest.fixture
    def fresh(self) -> Callable[[], Store]:
        """Makes a store that is initialised, empty and no other; closed after the test."""
        raise NotImplementedError
