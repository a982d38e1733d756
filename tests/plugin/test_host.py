from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from lrs.competency.evidence import Flag, SubjectType, Tier
from lrs.plugin import Evidence, Outcome, StatementView
from lrs.plugin.manager import PluginHost
from lrs.plugin.testing import host_with, statement
from tests.plugin.fakes import RATED, Fixed, evidence, plugin

HOME = plugin(competency="juggling")
OTHER_VERB = "https://a.example/verbs/other"


def failure(answer: Any) -> str | None:
    """What is quarantined when a recogniser answers, or raises, this."""
    host = host_with(home=HOME, bad=plugin(Fixed("one", answer)))
    ((finding,),) = host.recognise([statement()])
    assert (finding.plugin, finding.evidence) == ("bad", ())
    return finding.failure


def test_evidence_comes_back_under_the_name_and_version_of_its_plugin() -> None:
    host = host_with(home=HOME, good=plugin(Fixed("one", [evidence()])))
    ((finding,),) = host.recognise([statement()])
    assert (finding.plugin, finding.plugin_version, finding.evidence) == ("good", "0", (evidence(),))
    assert finding.failure is None


@pytest.mark.parametrize("answer", [None, [], (), iter(())])
def test_no_evidence_is_no_finding(answer: Any) -> None:
    assert host_with(home=HOME, good=plugin(Fixed("one", answer))).recognise([statement()]) == [()]


def test_there_is_one_answer_per_statement_in_their_order() -> None:
    host = host_with(home=HOME, good=plugin(Fixed("one", lambda view: [evidence(encounter=view.id)])))
    statements = [statement(id="a"), statement(verb=OTHER_VERB), statement(id="b")]
    found = host.recognise(statements)
    assert [[e.encounter for finding in findings for e in finding.evidence] for findings in found] == [
        ["a"],
        [],
        ["b"],
    ]


def test_a_recogniser_is_shown_only_statements_with_its_verbs() -> None:
    wants_rated, wants_all, wants_none = Fixed("a", []), Fixed("b", [], None), Fixed("c", [], frozenset())
    host = host_with(home=HOME, one=plugin(wants_rated, wants_all, wants_none))
    host.recognise([statement(id="1"), statement(id="2", verb=OTHER_VERB)])
    assert [view.id for view in wants_rated.shown] == ["1"]
    assert [view.id for view in wants_all.shown] == ["1", "2"]
    assert wants_none.shown == []


@pytest.mark.parametrize("wanted", [RATED, RATED.replace("http:", "https:")])
@pytest.mark.parametrize("sent", [RATED, RATED.replace("http:", "https:")])
def test_a_verb_is_dispatched_in_any_spelling_that_is_known(wanted: str, sent: str) -> None:
    recogniser = Fixed("a", [], frozenset({wanted}))
    host_with(home=HOME, one=plugin(recogniser)).recognise([statement(verb=sent)])
    assert len(recogniser.shown) == 1


def test_all_recognisers_share_one_view_of_a_statement() -> None:
    first, second = Fixed("a", []), Fixed("b", [])
    host_with(home=HOME, one=plugin(first), two=plugin(second)).recognise([statement()])
    assert first.shown[0] is second.shown[0]


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (ValueError("no such\nthing"), "one: ValueError: no such thing"),
        (KeyError("x"), "one: KeyError: 'x'"),
        (RuntimeError(), "one: RuntimeError"),
        (SystemExit(3), "one: SystemExit: 3"),
        (RecursionError("deep"), "one: RecursionError: deep"),
        (ValueError("\ud800 and \0"), "one: ValueError: \\ud800 and \\0"),
    ],
)
def test_whatever_a_recogniser_raises_is_a_failure_with_type_and_message(
    raised: BaseException, reason: str
) -> None:
    assert failure(raised) == reason


def test_an_exception_that_cannot_even_be_printed_is_a_failure() -> None:
    class UnspeakableError(Exception):
        def __str__(self) -> str:
            raise ValueError

    assert failure(UnspeakableError()) == "one: UnspeakableError: its message cannot be read"


def test_a_long_reason_is_cut() -> None:
    reason = failure(ValueError("x" * 10_000))
    assert reason is not None
    assert len(reason) == 500


def test_a_generator_that_breaks_half_way_is_a_failure() -> None:
    def answer(_view: StatementView) -> Iterator[Evidence]:
        yield evidence()
        raise ValueError("half-way")

    assert failure(answer) == "one: ValueError: half-way"


def test_an_interrupt_from_the_keyboard_is_not_swallowed() -> None:
    host = host_with(home=HOME, bad=plugin(Fixed("one", KeyboardInterrupt())))
    with pytest.raises(KeyboardInterrupt):
        host.recognise([statement()])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (["evidence"], "it answered a str, and not Evidence"),
        ([None], "it answered None, and not Evidence"),
        (7, "TypeError"),
        ([evidence(competency="chess")], "no rubric defines the competency 'chess'"),
        ([evidence(indicator="drops")], "no indicator 'drops'"),
        ([evidence(scale="stars")], "no scale 'stars'"),
        ([evidence(rating=float("nan"))], "rating is nan; fto-7 goes from 1 to 7"),
        ([evidence(rating=float("inf"))], "rating is inf"),
        ([evidence(rating=8)], "rating is 8"),
        ([evidence(rating="5")], "must be a number or None"),
        ([evidence(rating=True)], "must be a number or None"),
        ([evidence(subject="")], "subject is ''; it must be text"),
        ([evidence(subject=None)], "subject is None; it must be text"),
        ([evidence(rater="\ud800")], "rater is"),
        ([evidence(encounter=7)], "encounter is 7"),
        ([evidence(rule=None)], "rule is None"),
        ([evidence(tier="field")], "tier is 'field'; it must be a Tier"),
        ([evidence(subject_type="unit")], "it must be a SubjectType"),
        ([evidence(flags=[Flag.NOT_RESPONDING])], "it must be a tuple of Flag"),
        ([evidence(flags=None)], "it must be a tuple of Flag"),
        ([evidence(flags=("nrt",))], "it must be a tuple of Flag"),
        ([evidence(observed_us=1.5)], "whole microseconds"),
        ([evidence(observed_us=2**80)], "whole microseconds"),
        ([evidence(tier=Tier.SURVEY)], "never of one officer"),
        ([evidence(flags=(Flag.NOT_OBSERVED,))], "what was not observed has no rating"),
        ([evidence(rater=evidence().subject)], "rater and subject are the same"),
        ([evidence(), evidence(rating=9.0)], "rating is 9.0"),
    ],
)
def test_what_is_not_valid_evidence_is_a_failure_that_says_why(answer: Any, words: str) -> None:
    reason = failure(answer)
    assert reason is not None
    assert words in reason


@pytest.mark.parametrize(
    "parts",
    [
        {"indicator": None},
        {"rating": None, "flags": (Flag.NOT_OBSERVED,)},
        {"flags": (Flag.NOT_RESPONDING,)},
        {"tier": Tier.SURVEY, "subject_type": SubjectType.UNIT},
        {"tier": Tier.SELF_REPORT, "rater": evidence().subject},
        {"rater": "system:mailto:ü@academy.example"},
        {"rating": 1},
    ],
)
def test_valid_evidence_passes_as_it_is(parts: dict[str, Any]) -> None:
    host = host_with(home=HOME, good=plugin(Fixed("one", [evidence(**parts)])))
    ((finding,),) = host.recognise([statement()])
    assert finding.evidence == (evidence(**parts),)


def test_a_whole_number_is_kept_as_the_float_that_it_equals() -> None:
    host = host_with(home=HOME, good=plugin(Fixed("one", [evidence(rating=5)])))
    ((finding,),) = host.recognise([statement()])
    assert repr(finding.evidence[0].rating) == "5.0"


def test_a_failing_plugin_disturbs_no_other() -> None:
    host = host_with(
        a_bad=plugin(Fixed("x", ValueError("a"))),
        b_good=plugin(Fixed("x", [evidence()]), competency="juggling"),
        c_bad=plugin(Fixed("x", [None])),
    )
    for _ in range(2):  # nor itself at the next statement
        ((first, second, third),) = host.recognise([statement()])
        assert [finding.plugin for finding in (first, second, third)] == ["a_bad", "b_good", "c_bad"]
        assert (first.failure, second.evidence) == ("x: ValueError: a", (evidence(),))


def test_a_plugin_that_fails_in_one_recogniser_has_no_evidence_at_all_on_that_statement() -> None:
    both = plugin(Fixed("a", [evidence()]), Fixed("b", ValueError("no")), Fixed("c", ValueError("neither")))
    ((finding,),) = host_with(home=HOME, both=both).recognise([statement()])
    assert (finding.evidence, finding.failure) == ((), "b: ValueError: no; c: ValueError: neither")


def test_a_plugin_may_find_evidence_for_a_competency_of_another() -> None:
    host = host_with(zebra=HOME, aardvark=plugin(Fixed("one", [evidence()])))
    ((finding,),) = host.recognise([statement()])
    assert finding.plugin == "aardvark"


def hosts_in_every_order() -> Iterator[PluginHost]:
    for order in itertools.permutations(["a", "b", "c"]):
        made = {
            "a": plugin(
                Fixed("y", [evidence(rule="a-y")]), Fixed("x", [evidence(rule="a-x")]), competency="chess"
            ),
            "b": plugin(Fixed("x", ValueError("b")), competency="juggling"),
            "c": plugin(Fixed("x", [evidence(rule="c-x")]), competency="archery"),
        }
        yield host_with(**{name: made[name] for name in order})


def test_the_order_of_registration_changes_nothing() -> None:
    first, *others = hosts_in_every_order()
    assert [info.name for info in first.plugins] == ["a", "b", "c"]
    assert list(first.rubrics) == ["archery", "chess", "juggling"]
    seen = statement()
    assert [e.rule for finding in first.recognise([seen])[0] for e in finding.evidence] == [
        "a-x",
        "a-y",
        "c-x",
    ]
    for host in others:
        assert host.plugins == first.plugins
        assert list(host.rubrics) == list(first.rubrics)
        assert host.recognise([seen]) == first.recognise([seen])
        assert host.explain(seen) == first.explain(seen)


# Explaining


class Explaining(Fixed):
    def explain(self, _view: StatementView) -> list[Outcome]:
        return [
            Outcome("near", matched=False, reasons=("a", "b")),
            Outcome("hit", matched=True, evidence=(evidence(),)),
        ]


def test_matches_come_first_and_everything_names_its_plugin() -> None:
    outcomes = host_with(home=HOME, one=plugin(Explaining("x", []))).explain(statement())
    assert [(outcome.plugin, outcome.rule, outcome.matched) for outcome in outcomes] == [
        ("one", "hit", True),
        ("one", "near", False),
    ]


def test_a_recogniser_that_does_not_explain_is_asked_for_its_evidence() -> None:
    host = host_with(home=HOME, a=plugin(Fixed("x", [evidence()])), b=plugin(Fixed("y", None)))
    assert host.explain(statement()) == [
        Outcome("x", matched=True, evidence=(evidence(),), plugin="a"),
        Outcome("y", matched=False, reasons=("it found no evidence, and does not say why",), plugin="b"),
    ]


def test_a_recogniser_that_does_not_explain_is_not_asked_about_other_verbs() -> None:
    recogniser = Fixed("x", ValueError("asked"))
    (outcome,) = host_with(home=HOME, a=plugin(recogniser)).explain(statement(verb=OTHER_VERB))
    assert outcome.reasons == (f"it does not look at the verb {OTHER_VERB}",)


def test_a_recogniser_that_fails_while_explaining_says_so() -> None:
    class Broken(Fixed):
        def explain(self, _view: StatementView) -> list[Outcome]:
            return [Outcome("a", matched=True, evidence=(evidence(rating=99.0),))]

    host = host_with(home=HOME, a=plugin(Fixed("x", ValueError("no"))), b=plugin(Broken("y", [])))
    first, second = host.explain(statement())
    assert first.reasons == ("it failed: ValueError: no",)
    assert second.reasons == ("it failed: not evidence: rating is 99.0; fto-7 goes from 1 to 7",)
