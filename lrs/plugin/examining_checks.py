"""What `lrs plugin check` looks at, one by one, once a plugin is loaded."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib.resources.abc import Traversable
from typing import Any, Final

from lrs.competency.evidence import Evidence
from lrs.errors import Detail, PluginError
from lrs.plugin.authoring import in_words
from lrs.plugin.examining_examples import Example, difference, examples_in
from lrs.plugin.examining_purity import Watch
from lrs.plugin.examining_state import state_of
from lrs.plugin.host import PluginHost
from lrs.plugin.recogniser import Recogniser
from lrs.plugin.view import StatementView
from lrs.xapi.statement import Statement

GOOD, LOOK, BAD = "good", "look", "bad"
MOST_US: Final = 1000.0
"""A recogniser that takes longer for one statement, in microseconds, holds up a server that takes many."""

_ROUNDS: Final = 5
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `good`, `look` (worth a look) or `bad`."""

    check: str
    state: str
    found: str
    """In a sentence."""
    details: tuple[str, ...] = field(default=())
    """What is wrong, one by one."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, its members by name."""
        return asdict(self)


@dataclass(frozen=True)
class Subject:
    """A plugin that is examined: alone in its host, and once more by itself."""

    host: PluginHost
    recognisers: tuple[Recogniser, ...]
    folder: Traversable | None
    """Where its examples lie."""

    def wanting(self, recogniser: Recogniser, statements: Iterable[Statement]) -> list[Statement]:
        """The statements that the host would show to a recogniser."""
        if recogniser.verbs is None:
            return list(statements)
        right = StatementView(_EMPTY).aliases.right
        verbs = {right(verb) for verb in recogniser.verbs}
        return [each for each in statements if right(each["verb"]["id"]) in verbs]


_EMPTY: Final[Statement] = {"actor": {}, "verb": {"id": ""}, "object": {"id": ""}}


def looked_at(subject: Subject, more: Sequence[Statement]) -> Iterator[Check]:
    """Every check, in order; `more` are statements beside the examples. Nothing is raised."""
    yield _files(subject)
    try:
        examples = examples_in(subject.folder) if subject.folder is not None else ()
    except PluginError as exc:
        yield Check("examples", BAD, exc.message, listed(exc.details))
        examples = ()
    else:
        yield _examples(subject.host, examples)
    statements = [*(each.statement for each in examples), *more]
    yield _failures(subject.host, statements)
    yield _unchanged(subject, statements)
    yield _repeatable(subject.host, statements)
    copies = copy.deepcopy(statements)
    yield _stateless(subject, copies)
    yield _pure(subject, copies)
    yield from _times(subject, copies)


def _files(subject: Subject) -> Check:
    [info] = subject.host.plugins
    what = [*info.competencies, *info.models]
    return Check(
        "files",
        GOOD,
        f"{info.name} {info.version}: {', '.join(what) or 'no competency of its own'}; "
        f"recognisers: {', '.join(info.recognisers) or 'none'}.",
    )


def _examples(host: PluginHost, examples: Sequence[Example]) -> Check:
    if not examples:
        return Check("examples", LOOK, "There is no examples.json: nothing says what it must find.")
    wrong = []
    for example in examples:
        found, failure = _answer(host, example.statement)
        reason = f"it failed: {failure}" if failure else difference(example, found)
        if reason:
            wrong.append(f"{example.name}: {reason}")
    if wrong:
        return Check(
            "examples", BAD, f"{len(wrong)} of {len(examples)} are not as they must be.", tuple(wrong)
        )
    nothing = sum(not example.evidence for example in examples)
    if nothing in (0, len(examples)):
        one_sided = "is not evidence" if nothing == 0 else "is evidence"
        return Check("examples", LOOK, f"{len(examples)} hold, and none of them shows what {one_sided}.")
    return Check("examples", GOOD, f"{len(examples)} hold, {nothing} of them with no evidence.")


def _failures(host: PluginHost, statements: Sequence[Statement]) -> Check:
    failures = [failure for each in statements if (failure := _answer(host, each)[1])]
    if failures:
        distinct = tuple(dict.fromkeys(failures))
        return Check(
            "failures",
            BAD,
            f"It fails on {len(failures)} of {len(statements)} statements.",
            distinct[:_SHOWN],
        )
    return Check("failures", GOOD, f"It fails on none of {len(statements)} statements.")


def _unchanged(subject: Subject, statements: Sequence[Statement]) -> Check:
    for statement in statements:
        shown = copy.deepcopy(statement)
        # Not by the host, which shows a copy: then nothing could be seen of it here.
        for recogniser in subject.recognisers:
            if subject.wanting(recogniser, [shown]):
                _recognised(recogniser, StatementView(shown))
        if shown != statement:
            return Check(
                "unchanged", BAD, f"It changes the statement {statement.get('id')} that it is shown."
            )
    return Check("unchanged", GOOD, "It leaves statements as they are.")


def _repeatable(host: PluginHost, statements: Sequence[Statement]) -> Check:
    first = [_answer(host, each) for each in statements]
    again = [_answer(host, each) for each in statements]
    backwards = [_answer(host, each) for each in reversed(statements)][::-1]
    for order, other in (("shown again", again), ("in another order", backwards)):
        for statement, before, after in zip(statements, first, other, strict=True):
            if before != after:
                reason = f"The statement {statement.get('id')}, {order}, gives other evidence."
                return Check("repeatable", BAD, reason, (f"first: {before[0]}", f"then: {after[0]}"))
    return Check("repeatable", GOOD, "The same statements give the same evidence, in any order.")


def _stateless(subject: Subject, statements: Sequence[Statement]) -> Check:
    """What a recogniser has put by while it was shown these statements before may stay as it is; more may not come."""
    changed = []
    for recogniser in subject.recognisers:
        shown = subject.wanting(recogniser, statements)
        _show(recogniser, shown)
        before = state_of(recogniser)
        _show(recogniser, shown)
        after = state_of(recogniser)
        changed += [
            f"{recogniser.name}: {name} is another one after it was shown statements"
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        ]
    if changed:
        return Check("stateless", BAD, "It keeps something from one statement to the next.", tuple(changed))
    return Check("stateless", GOOD, "It keeps nothing from one statement to the next.")


def _pure(subject: Subject, statements: Sequence[Statement]) -> Check:
    watch = Watch()
    for recogniser in subject.recognisers:
        for statement in subject.wanting(recogniser, statements):
            view = StatementView(statement)
            with watch.on():
                _recognised(recogniser, view)
    if watch.offences:
        return Check("pure", BAD, "It asks for more than the statement.", tuple(watch.offences))
    return Check("pure", GOOD, "It asks no clock, network, file, store, process or dice.")


def _times(subject: Subject, statements: Sequence[Statement]) -> Iterator[Check]:
    for recogniser in subject.recognisers:
        shown = subject.wanting(recogniser, statements)
        if not shown:
            yield Check("time", LOOK, f"{recogniser.name}: no statement here has a verb that it looks at.")
            continue
        us = min(_seconds(recogniser, shown) for _ in range(_ROUNDS)) / len(shown) * 1e6
        state = GOOD if us <= MOST_US else BAD
        most = "" if us <= MOST_US else f"; at most {MOST_US:g} µs are right"
        yield Check(
            "time", state, f"{recogniser.name}: {us:.1f} µs a statement ({len(shown)} statements){most}."
        )


def _seconds(recogniser: Recogniser, statements: Sequence[Statement]) -> float:
    begun = time.perf_counter()
    _show(recogniser, statements)
    return time.perf_counter() - begun


def _show(recogniser: Recogniser, statements: Iterable[Statement]) -> None:
    for statement in statements:
        _recognised(recogniser, StatementView(statement))


def _recognised(recogniser: Recogniser, view: StatementView) -> None:
    with suppress(Exception, SystemExit):  # the check `failures` tells of it
        tuple(recogniser.recognise(view) or ())


def _answer(host: PluginHost, statement: Statement) -> tuple[tuple[Evidence, ...], str | None]:
    """The evidence of the only plugin that is asked, and why it failed, if it did. It is shown a copy."""
    [findings] = host.recognise([copy.deepcopy(statement)])
    return (findings[0].evidence, findings[0].failure) if findings else ((), None)


def listed(details: Iterable[Detail]) -> tuple[str, ...]:
    """Problems in a file, each in words."""
    return tuple(in_words((detail,)) for detail in details)
