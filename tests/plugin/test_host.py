from __future__ import annotations

import asyncio
import copy
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from lrs.competency.evidence import Flag, RecordedEvidence, SubjectType, Tier
from lrs.competency.policy import Policy
from lrs.competency.profile import build_profile
from lrs.plugin import Aggregate, Evidence, Outcome, StatementView
from lrs.plugin.manager import PluginHost
from lrs.plugin.testing import host_with, statement
from lrs.xapi.timestamps import FIRST_US, LAST_US
from tests.plugin.fakes import RATED, Fixed, Model, Says, Shows, evidence, plugin

HOME = plugin(competency="juggling")
OTHER_VERB = "https://a.example/verbs/other"


def failure(answer: Any) -> str | None:
    """What is quarantined when a recogniser answers, or raises, this."""
    host = host_with(home=HOME, bad=plugin(Fixed("one", answer)))
    ((finding,),) = host.recognise([statement()])
    assert (finding.source.plugin, finding.evidence) == ("bad", ())
    return finding.failure


def test_evidence_comes_back_under_the_name_and_version_of_its_plugin() -> None:
    host = host_with(home=HOME, good=plugin(Fixed("one", [evidence()])))
    ((finding,),) = host.recognise([statement()])
    assert (finding.source.plugin, finding.source.version) == ("good", "0")
    assert (finding.evidence, finding.failure) == ((evidence(),), None)


def test_a_finding_names_the_source_that_the_host_says_the_plugin_is() -> None:
    host = host_with(home=HOME, good=plugin(Fixed("one", [evidence()])))
    ((finding,),) = host.recognise([statement()])
    assert finding.source == host.sources["good"]


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


def test_what_a_recogniser_does_to_a_statement_reaches_neither_another_nor_the_statement() -> None:
    def vandal(view: StatementView) -> None:
        shown: Any = view.statement
        shown["id"] = "another"
        shown["context"]["extensions"]["https://a.example/list"].append("more")

    context = {"extensions": {"https://a.example/list": ["one"]}}
    sent, as_sent = statement(context=context), statement(context=copy.deepcopy(context))
    witness = Fixed("b", [])
    host = host_with(home=HOME, one=plugin(Fixed("a", vandal), witness))
    host.recognise([sent])
    host.explain(sent)
    assert sent == as_sent
    assert [view.statement for view in witness.shown] == [as_sent, as_sent]


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (ValueError("no such\nthing"), "one: ValueError: no such thing"),
        (KeyError("x"), "one: KeyError: 'x'"),
        (RuntimeError(), "one: RuntimeError"),
        (SystemExit(3), "one: SystemExit: 3"),
        (asyncio.CancelledError(), "one: CancelledError"),
        (GeneratorExit(), "one: GeneratorExit"),
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


def test_a_recogniser_that_never_ends_is_a_failure() -> None:
    reason = "one: not evidence: it answered more than 1000 pieces for one statement"
    assert failure(lambda _view: itertools.repeat(evidence())) == reason


def test_as_many_pieces_as_there_may_be_are_kept() -> None:
    host = host_with(home=HOME, good=plugin(Fixed("one", [evidence()] * 1000)))
    ((finding,),) = host.recognise([statement()])
    assert len(finding.evidence) == 1000


def test_an_explanation_that_never_ends_is_cut() -> None:
    class Endless(Fixed):
        def explain(self, _view: StatementView) -> Iterator[Outcome]:
            return itertools.repeat(Outcome("on", matched=False))

    assert len(host_with(home=HOME, one=plugin(Endless("x", []))).explain(statement())) == 1000


def test_an_explanation_that_is_cancelled_is_a_failure() -> None:
    host = host_with(home=HOME, one=plugin(Fixed("x", asyncio.CancelledError())))
    assert host.explain(statement())[0].reasons == ("it failed: CancelledError",)


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
        ([evidence(observed_us=FIRST_US - 1)], "in the years 1 to 9999"),
        ([evidence(observed_us=LAST_US + 1)], "in the years 1 to 9999"),
        ([evidence(subject="Bob")], "subject is 'Bob'; it must be an agent key"),
        ([evidence(subject="mailto:bob@A.EXAMPLE")], "it must be an agent key, as agent_key() writes it"),
        ([evidence(subject="x" * 3000)], "…; it must be an agent key"),
        ([evidence(rater="system:\0")], "rater is 'system:\\x00'; there must be no NUL in it"),
        ([evidence(rater="x" * 2001)], "rater has 2001 characters; at most 2000 are right"),
        ([evidence(encounter="\0")], "encounter is '\\x00'; there must be no NUL in it"),
        ([evidence(encounter="x" * 2001)], "encounter has 2001 characters; at most 2000 are right"),
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
        {"rater": "x" * 2000, "encounter": "x" * 2000},
        {"subject": f"account:{'x' * 3000}@https://a.example"},
        {"observed_us": FIRST_US},
        {"observed_us": LAST_US},
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
        assert [finding.source.plugin for finding in (first, second, third)] == ["a_bad", "b_good", "c_bad"]
        assert (first.failure, second.evidence) == ("x: ValueError: a", (evidence(),))


def test_a_plugin_that_fails_in_one_recogniser_has_no_evidence_at_all_on_that_statement() -> None:
    both = plugin(Fixed("a", [evidence()]), Fixed("b", ValueError("no")), Fixed("c", ValueError("neither")))
    ((finding,),) = host_with(home=HOME, both=both).recognise([statement()])
    assert (finding.evidence, finding.failure) == ((), "b: ValueError: no; c: ValueError: neither")


def test_a_plugin_may_find_evidence_for_a_competency_of_another() -> None:
    host = host_with(zebra=HOME, aardvark=plugin(Fixed("one", [evidence()])))
    ((finding,),) = host.recognise([statement()])
    assert finding.source.plugin == "aardvark"


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


# A host of some plugins only


def test_a_host_of_some_plugins_shows_statements_to_them_alone() -> None:
    one, two = Fixed("x", [evidence(rule="one")]), Fixed("x", [evidence(rule="two")])
    host = host_with(home=HOME, one=plugin(one), two=plugin(two))
    ((finding,),) = host.only(["one"]).recognise([statement()])
    assert (finding.source, finding.evidence[0].rule) == (host.sources["one"], "one")
    assert two.shown == []


def test_a_host_of_some_plugins_still_knows_every_rubric_and_model() -> None:
    host = host_with(home=HOME, one=plugin(models=[Model("sure/1", SURE)]))
    some = host.only(["one"]).only([])
    assert (dict(some.rubrics), some.models.keys()) == (dict(host.rubrics), host.models.keys())
    assert (some.plugins, dict(some.sources)) == ((), {})


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


# Models, explanations, columns

SURE = Aggregate(score=1.0, posterior_mean=1.0, interval=(1.0, 1.0), probability=1.0)
NO_IDEA = Aggregate(score=0.0, posterior_mean=0.0, interval=(0.0, 0.0), probability=0.0)


def recorded(number: int) -> RecordedEvidence:
    """An acceptable rating of an encounter of its own, by one of two raters."""
    found = evidence(
        rating=4.0, rater=f"mailto:rater-{number % 2}@academy.example", encounter=f"shift-{number}"
    )
    return RecordedEvidence(
        evidence=found,
        statement_id=f"00000000-0000-4000-8000-{number:012d}",
        statement_sha256="0" * 64,
        stored_us=found.observed_us,
        authority="",
        plugin="home",
        plugin_version="0",
    )


def test_every_model_is_known_by_its_id() -> None:
    host = host_with(b=plugin(models=[Model("sure/1")]), a=plugin(models=[Model("doubt/2")]))
    assert sorted(host.models) == ["decayed_beta/1", "doubt/2", "sure/1"]
    assert all(host.models[id_].id == id_ for id_ in host.models)


def test_explanations_and_columns_come_by_plugin_and_then_by_name() -> None:
    def made() -> dict[str, Any]:
        return {
            "zebra": plugin(explanations=[Says("b"), Says("a")], report_columns=[Shows("d")]),
            "aardvark": plugin(explanations=[Says("c")], report_columns=[Shows("f"), Shows("e")]),
        }

    for names in (["zebra", "aardvark"], ["aardvark", "zebra"]):
        plugins = made()
        host = host_with(**{name: plugins[name] for name in names})
        assert [(one.plugin, one.explainer.name) for one in host.explainers] == [
            ("aardvark", "c"),
            ("zebra", "a"),
            ("zebra", "b"),
        ]
        assert [one.key for one in host.report_columns] == ["aardvark.e", "aardvark.f", "zebra.d"]


def test_which_model_is_asked_is_said_by_the_policy_and_never_by_the_order_of_loading() -> None:
    def verdicts(names: list[str]) -> dict[str, str]:
        made = {
            "home": plugin(competency="juggling"),
            "sure": plugin(models=[Model("sure/1", SURE)]),
            "doubt": plugin(models=[Model("doubt/1", NO_IDEA)]),
        }
        host = host_with(**{name: made[name] for name in names})
        found = [recorded(n) for n in range(6)]
        return {
            model: build_profile(
                evidence().subject,
                found,
                host.rubrics,
                Policy(model=model),
                evidence().observed_us,
                {},
                models=host.models,
            )
            .competencies[0]
            .assessment.estimate.verdict.value
            for model in ("decayed_beta/1", "sure/1", "doubt/1")
        }

    answers = [verdicts(list(names)) for names in itertools.permutations(["home", "sure", "doubt"])]
    assert answers == [answers[0]] * 6
    assert answers[0] == {
        "decayed_beta/1": "undetermined",
        "sure/1": "at_standard",
        "doubt/1": "below_standard",
    }
