"""An attribute that is computed when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """Like `functools.cached_property`, without the lock that Python 3.11 takes around it.

    A view belongs to one thread, and the lock costs more than most of what a view computes.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object | None, owner: type) -> T:
        if instance is None:
            return self  # type: ignore[return-value]  # on the class: for tools that document it
        value = self._compute(instance)
        # A plain attribute of the instance hides a descriptor without __set__: from now on Python finds that. Not by
        # way of __dict__, which would have to be made for it.
        setattr(instance, self._name, value)
        return value
