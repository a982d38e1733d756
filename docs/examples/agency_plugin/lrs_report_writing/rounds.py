"""How early a report was accepted: a rating that has to be computed, which an alignment cannot."""

from __future__ import annotations

from lrs.plugin import Evidence, Outcome, StatementView, Tier

ACCEPTED = "https://review.example/verbs/accepted"
ROUNDS = "https://review.example/rounds"
AUTHOR = "https://review.example/author"
CASE = "https://review.example/case"
HOME_PAGE = "https://academy.example"

MOST_ROUNDS = 5
"""A report that took so many rounds of correction, or more, is rated 0."""


class AcceptedEarly:
    """Accepted at once is 1 on `unit`, and each round of correction takes off its part of `most_rounds`."""

    name = "report_writing-rounds"
    verbs = frozenset({ACCEPTED})

    def __init__(self, most_rounds: int) -> None:
        self._most = most_rounds
        # What is computed has changed when this has: generations of evidence are told apart by it.
        self.digest = f"{self.name}/1 {most_rounds}"

    def recognise(self, view: StatementView) -> tuple[Evidence, ...]:
        """One piece of evidence of `accepted-early`, or none."""
        if self._missing(view):
            return ()
        rounds: int = view.result_extensions[ROUNDS]
        return (
            Evidence(
                subject=f"account:{view.context_extensions[AUTHOR]}@{HOME_PAGE}",
                competency="report_writing",
                indicator="accepted-early",
                rating=max(0.0, 1 - rounds / self._most),
                scale="unit",
                tier=Tier.QUIZ,  # it is counted by a tool, and nobody judged it: it shall weigh little
                rater=f"system:{view.authority_key}",
                encounter=view.context_extensions[CASE],
                observed_us=view.timestamp_us,
                rule="accepted-early",
            ),
        )

    def explain(self, view: StatementView) -> tuple[Outcome, ...]:
        """The same for the dry run, with every reason why not."""
        if view.verb not in self.verbs:
            return (Outcome("accepted-early", matched=False, reasons=(f"the verb is not {ACCEPTED}",)),)
        missing = self._missing(view)
        return (Outcome("accepted-early", not missing, self.recognise(view), missing),)

    def _missing(self, view: StatementView) -> tuple[str, ...]:
        rounds = view.result_extensions.get(ROUNDS)
        author, case = view.context_extensions.get(AUTHOR), view.context_extensions.get(CASE)
        reasons = []
        # True is an int, and no number of rounds.
        if not isinstance(rounds, int) or isinstance(rounds, bool) or rounds < 0:
            reasons.append(f"the result extension {ROUNDS} is {rounds!r}, and not a number of rounds")
        if not isinstance(author, int | str) or isinstance(author, bool) or not str(author).strip():
            reasons.append(f"the context extension {AUTHOR} is {author!r}, and not an employee number")
        if not isinstance(case, str) or not case.strip():
            reasons.append(f"the context extension {CASE} is {case!r}, and not the number of a case")
        return tuple(reasons)
