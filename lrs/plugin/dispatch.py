"""Whom to ask about a statement: by its verb, then by what it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lrs.competency.evidence import Source
from lrs.plugin.aliases import Aliases
from lrs.plugin.recogniser import Recogniser, keys_of
from lrs.plugin.view import StatementView
from lrs.xapi.mom import ASSERTED

Asked = tuple[tuple[Source, tuple[Recogniser, ...]], ...]
"""Plugins by name, each with its recognisers by name."""


class Chosen:
    """Those who want one verb, of whom a statement is shown only to those that it can concern.

    Each has a bit. A name that a statement may speak of stands for the bits of those who look for it, so that it
    takes one look per name, however many plugins there are.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._always = 0
        self._bits: dict[str, int] = {}
        for place, recogniser in enumerate(each for _, recognisers in asked for each in recognisers):
            keys = keys_of(recogniser)
            if keys is None:
                self._always |= 1 << place
            for key in keys or ():
                self._bits[key] = self._bits.get(key, 0) | 1 << place
        # Nearly every statement speaks of one competency or of none: for these it is worked out beforehand.
        usual = {self._always, *(self._always | bits for bits in self._bits.values())}
        self._known: Mapping[int, Asked] = {bits: self._of(bits) for bits in usual}

    def __bool__(self) -> bool:
        return bool(self._asked)

    def concerned(self, view: StatementView) -> Asked:
        """Those who may find something in a statement with the verb."""
        bits = self._always
        known = self._bits
        for key in view.spoken_of:
            if key in known:
                bits |= known[key]
        found = self._known.get(bits)
        return self._of(bits) if found is None else found

    def _of(self, bits: int) -> Asked:
        """Those whose bits are set, in the order in which they are asked."""
        place = 0
        found = []
        for source, recognisers in self._asked:
            some = tuple(each for at, each in enumerate(recognisers, place) if bits >> at & 1)
            place += len(recognisers)
            if some:
                found.append((source, some))
        return tuple(found)


class Dispatch:
    """Everybody, by verb. Nothing in it changes."""

    def __init__(self, plugins: Iterable[tuple[Source, Sequence[Recogniser]]], aliases: Aliases) -> None:
        """`plugins` are in the order in which they are asked."""
        self._plugins = tuple(plugins)
        self._aliases = aliases
        named = {
            aliases.right(verb)
            for _, recognisers in self._plugins
            for recogniser in recognisers
            for verb in recogniser.verbs or ()
        }
        chosen = {verb: Chosen(tuple(self._asked_about(verb))) for verb in named}
        self._by_verb = {sent: chosen[verb] for verb in named for sent in aliases.variants(verb)}
        # What was concluded must not be counted as something that was seen: nobody is asked, whatever they want.
        self._by_verb |= dict.fromkeys(aliases.variants(ASSERTED), Chosen(()))
        self._for_any_verb = Chosen(tuple(self._asked_about(None)))

    def chosen(self, verb: str) -> Chosen:
        """Those who want a verb, as it was sent; false when nobody does."""
        return self._by_verb.get(verb, self._for_any_verb)

    def wants(self, recogniser: Recogniser, verb: str | None) -> bool:
        """Whether it looks at a verb; None is one that nobody names."""
        return recogniser.verbs is None or any(
            self._aliases.right(wanted) == verb for wanted in recogniser.verbs
        )

    def _asked_about(self, verb: str | None) -> Iterator[tuple[Source, tuple[Recogniser, ...]]]:
        for source, recognisers in self._plugins:
            wanting = tuple(each for each in recognisers if self.wants(each, verb))
            if wanting:
                yield source, wanting
