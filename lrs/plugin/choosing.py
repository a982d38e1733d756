"""Which rules of one verb can match a statement: remembered, for most statements differ from others in other things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lrs.plugin.rule import Rule
from lrs.plugin.view import StatementView

_MOST_KNOWN = 256
_LONGEST_VALUE = 100
"""Characters; what a vendor writes into an extension may be as long as the statement, and would be kept."""
_ABSENT: Final = ("absent",)  # no value of an extension: JSON has no tuples


class Choice:
    """The rules for one verb, in order.

    Conditions on facets (`lrs.plugin.conditions.Facet`) are tried once for every combination of values that is met;
    after that it is one look for all rules together. What is remembered never changes an answer.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        sought = {keys for rule in self._rules for _, keys in rule.facets if keys}
        self._keys = tuple(sorted(one[0] for one in sought if len(one) == 1))
        self._several = tuple(sorted(some for some in sought if len(some) > 1))
        self._known: dict[tuple[Any, ...], tuple[Rule, ...]] = {}

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    @property
    def remembered(self) -> int:
        """How many combinations of values it remembers: 256 at most."""
        return len(self._known)

    def fitting(self, view: StatementView) -> tuple[Rule, ...]:
        """Those whose conditions on facets hold."""
        sent = view.context_extensions
        values = (
            view.object_type,
            view.interaction_type,
            view.actor_type,
            *[sent.get(key, _ABSENT) for key in self._keys],
        )
        if self._several:
            values += tuple([_first(sent, keys) for keys in self._several])
        try:
            return self._known[values]
        except KeyError:
            found = self._tried(view)
            if not any(isinstance(value, str) and len(value) > _LONGEST_VALUE for value in values):
                self._remember(values, found)
            return found
        except TypeError:  # an array or object in an extension
            return self._tried(view)

    def _tried(self, view: StatementView) -> tuple[Rule, ...]:
        return tuple(rule for rule in self._rules if rule.fits(view))

    def _remember(self, values: tuple[Any, ...], found: tuple[Rule, ...]) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[values] = found


def _first(sent: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """What stands under the first of the keys that is there."""
    return next((sent[key] for key in keys if key in sent), _ABSENT)
