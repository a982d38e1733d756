"""How many of the four stages were done in one piece of work, where a statement says which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from lrs.plugin import Alignment, Evidence, Flag, Outcome, StatementView, Tier

COMPETENCY: Final = "problem_solving"
COMPLETENESS: Final = "stage-completeness"
STAGES: Final = ("scan", "analyse", "respond", "assess")
EXTENSION: Final = "https://w3id.org/xapi/rapport/extensions/stages"
"""Result extension: an array of the stages that were done."""
INDICATOR: Final = f"https://w3id.org/xapi/rapport/indicators/{COMPETENCY}/{COMPLETENESS}"

_SAID_AS: Final = {
    **{stage: stage for stage in STAGES},
    "scanning": "scan",
    "analyze": "analyse",
    "analysis": "analyse",
    "response": "respond",
    "assessment": "assess",
}


class StageCompleteness:
    """Reads which stages were done, and gives the share of the four, 0 to 1 on `unit`.

    The extension `stages` lists them. Without it, `competency-scores` tells if it has a score for each of the four:
    those above 0 were done. A stage without a score is missing and not left out, so that fewer scores tell nothing.

    Whether the statement counts at all, of whom, by whom and of which tier, is for the alignment to say: it is shown
    the statement that the sender would have made had they counted themselves.
    """

    name = "problem_solving-stages"
    keys = frozenset({EXTENSION, f"{COMPETENCY}/{STAGES[0]}"})
    """What a statement must name, one or the other: without the extension there must be a score of each stage."""

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        self.verbs = alignment.verbs
        self.digest = f"{self.name}/1 {alignment.digest}"

    def recognise(self, view: StatementView) -> tuple[Evidence, ...]:
        """One piece of evidence of `stage-completeness`, or none."""
        done = stages_done(view)
        if done is None or self._said_already(view):
            return ()
        return self._placed(self._alignment.recognise(_counted(view, len(done))), view)

    def explain(self, view: StatementView) -> tuple[Outcome, ...]:
        """The same, with every reason why not."""
        if view.verb not in self.verbs:
            reason = f"it does not look at the verb {view.statement['verb']['id']}"
            return (Outcome(self.name, matched=False, reasons=(reason,)),)
        done = stages_done(view)
        if done is None:
            reason = (
                "it does not say which stages were done: neither the result extension stages, a list of "
                f"{', '.join(STAGES)}, nor a competency score for each of the four"
            )
            return (Outcome(self.name, matched=False, reasons=(reason,)),)
        if self._said_already(view):
            reason = "it says itself how many of the stages were done, or that it was not observed"
            return (Outcome(self.name, matched=False, reasons=(reason,)),)
        nearest = self._alignment.explain(_counted(view, len(done)))[0]
        counted = self._placed(nearest.evidence, view)
        if counted:
            return (Outcome(self.name, True, counted, (f"{len(done)} of {len(STAGES)} stages",)),)
        reason = "it is a test of knowledge, which shows nothing of what was done"
        return (Outcome(self.name, matched=False, reasons=(reason,) if nearest.matched else nearest.reasons),)

    def _said_already(self, view: StatementView) -> bool:
        """Whether there is a completeness without counting, or the rater has not seen it."""
        if Flag.NOT_OBSERVED in view.spoken_flags:
            return True
        return any(found.indicator == COMPLETENESS for found in self._alignment.recognise(view))

    def _placed(self, found: Iterable[Evidence], view: StatementView) -> tuple[Evidence, ...]:
        """The evidence under a name of our own, in the encounter of the statement as it was sent.

        A test of knowledge shows nothing of what was done.
        """
        return tuple(
            piece._replace(rule=self.name, encounter=view.encounter)
            for piece in found
            if piece.tier is not Tier.QUIZ
        )


def stages_done(view: StatementView) -> frozenset[str] | None:
    """The stages that were done, by a statement's own word; None when it does not say.

    Unknown names in the extension are left out.
    """
    listed = view.result_extensions.get(EXTENSION)
    if isinstance(listed, list):
        named = (str(name).strip().casefold() for name in listed)
        return frozenset(_SAID_AS[name] for name in named if name in _SAID_AS)
    scores = view.competency_scores
    found = {stage: scores.get(f"{COMPETENCY}/{stage}") for stage in STAGES}
    numbers = {stage: each for stage, each in found.items() if isinstance(each, int | float)}
    # True is an int, and no score.
    if len(numbers) < len(STAGES) or any(isinstance(each, bool) for each in numbers.values()):
        return None
    return frozenset(stage for stage, each in numbers.items() if each > 0)


def _counted(view: StatementView, done: int) -> StatementView:
    """The statement with the count as its score, speaking to `stage-completeness`; the one sent stays as it is."""
    target: dict[str, Any] = {**view.statement["object"], "id": INDICATOR}
    result = {"score": {"raw": done, "min": 0, "max": len(STAGES)}}
    return StatementView({**view.statement, "object": target, "result": result}, view.aliases)
