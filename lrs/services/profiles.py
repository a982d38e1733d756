"""Profiles and explanations: evidence rows in one indexed read, then the pure model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.cohort.standing import Standing, standings
from lrs.competency.assessment import weigh
from lrs.competency.decayed_beta import MODEL
from lrs.competency.evidence import RecordedEvidence, SubjectType
from lrs.competency.explanation import Explanation, explanation_of
from lrs.competency.policy import Policy
from lrs.competency.profile import OnRecord, Profile, profile_of
from lrs.competency.rubric import Rubric
from lrs.errors import Detail, InvalidParameter, NotFound
from lrs.plugin.manager import PluginHost
from lrs.services.in_force import InForce, in_force
from lrs.services.on_record import OnRecords
from lrs.services.remembering import Memory
from lrs.stores.base import EvidenceQuery, Quarantined, Store
from lrs.xapi.actors import agent_from_key, agent_key, escape_name
from lrs.xapi.timestamps import format_us, parse_us

_DATE_LENGTH = len("2026-11-23")
_MOST_NAMESAKES = 5
_MOST_QUARANTINED = 20


@dataclass(frozen=True, slots=True)
class Cohort:
    """Profiles in order of agent key; `next` is the `after` of the next page, None on the last."""

    as_of_us: int
    profiles: tuple[Profile, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Profiles in short, in order of agent key; `next` as in `Cohort`."""

    as_of_us: int
    standings: Mapping[str, Sequence[Standing]]
    """By officer: every scored competency, in order."""
    failures: Mapping[str, Sequence[str]]
    """By officer: failures of plugins on statements about them, in words."""
    next: str | None


class Profiles:
    """Answers questions about officers. Everything is computed on read, from evidence and nothing else.

    What neither the instant nor the policy changes is remembered for as long as the evidence is the same.
    """

    def __init__(
        self, store: Store, plugins: PluginHost, *, policy: Policy, on_record: OnRecords | None = None
    ) -> None:
        """`on_record`: where evidence is read; None: of its own."""
        self._store = store
        self._plugins = plugins
        self._on_record = on_record or OnRecords(store, Memory(store))
        self._policy = policy

    def in_force(self, as_of_us: int) -> InForce:
        """Which rubrics and which version of each plugin count at an instant."""
        return in_force(self._store, self._plugins, as_of_us)

    def as_of(self, text: str | None) -> int:
        """The instant a question is about: microseconds since the epoch.

        A date alone means its first instant, in UTC; nothing means now, or rather the newest instant up to
        which every statement is visible, so that the same question for that instant has the same answer ever
        after. Raises `InvalidParameter` for what is no date and for the future.
        """
        visible = self._store.consistent_through()
        if text is None:
            return visible
        try:
            moment = parse_us(f"{text}T00:00:00Z" if len(text) == _DATE_LENGTH else text)
        except ValueError as exc:
            raise _no_instant(text, "a date or timestamp (ISO 8601)") from exc
        if moment > visible:
            raise _no_instant(
                text, f"not later than {format_us(visible)}: what is recorded later is not known yet"
            )
        return moment

    def resolve(self, who: str) -> str:
        """The agent key of an officer or unit: a key as it is; an e-mail address; the name of an account.

        What is an agent key is never read as a name. Raises `NotFound` when no evidence was ever found on them: a
        misspelt name must not look like an officer without evidence. Raises `InvalidParameter` when it may mean
        several.
        """
        key = _as_key(who)
        if key is not None:
            meant = [key] if self._known(key) else []
        else:
            meant = list(self._store.subjects(prefix=f"account:{escape_name(who)}@", limit=_MOST_NAMESAKES))
            address = _as_key(f"mailto:{who}")
            if address is not None and self._known(address):
                meant.append(address)
        if len(meant) > 1:
            raise InvalidParameter(
                f"{who} may mean several; name one of them whole.", [Detail("agent", who, " or ".join(meant))]
            )
        if not meant:
            raise NotFound(
                f"Nothing is recorded of {who}.",
                [
                    Detail(
                        "agent",
                        who,
                        "an agent key (mailto:…, account:NAME@HOMEPAGE), address or account name",
                    )
                ],
            )
        return meant[0]

    def profile(self, subject: str, as_of_us: int, *, of: SubjectType | None = None) -> Profile:
        """The profile of an agent key; every competency `insufficient` when there is no evidence by then.

        `of` None: of the officer when there is evidence on an officer of that key by then, or else of the unit.
        """
        kind = self._kind(subject, as_of_us) if of is None else of
        record = self._on_record.of(subject, kind, as_of_us)
        failures = self._failures(subject, as_of_us)
        return self._built(subject, record, as_of_us, self.in_force(as_of_us), failures)

    def explanations(self, subject: str, as_of_us: int, competency: str | None = None) -> list[Explanation]:
        """Why the profile says what it says, for one competency or each. Raises `NotFound` for an unknown one."""
        now = self.in_force(as_of_us)
        _check_competency(competency, now)
        chosen = list(now.rubrics.values()) if competency is None else [now.rubrics[competency]]
        record = self._on_record.of(subject, self._kind(subject, as_of_us), as_of_us)
        failures = self._failures(subject, as_of_us)
        return [
            explanation_of(
                subject,
                record,
                one,
                self._policy,
                as_of_us,
                now.plugins,
                [*failures, *now.warnings(record.on(one).records)],
                models=self._plugins.models,
                explainers=self._plugins.explainers,
            )
            for one in chosen
        ]

    def cohort(self, as_of_us: int, *, after: str = "", limit: int = 100, prefix: str = "") -> Cohort:
        """A page of officers' profiles, in order of agent key, in a handful of reads however many they are.

        (Failures of plugins, where there are any, take one more read for each officer.)
        """
        officers = self._store.officers(as_of_us, after=after, limit=limit + 1, prefix=prefix)
        page = officers[:limit]
        by_officer = self._on_record.of_officers(page, as_of_us)
        any_failed = bool(self._store.quarantined(as_of_us=as_of_us, limit=1))
        now = self.in_force(as_of_us)
        return Cohort(
            as_of_us,
            tuple(
                self._built(
                    officer,
                    by_officer[officer],
                    as_of_us,
                    now,
                    self._failures(officer, as_of_us) if any_failed else [],
                )
                for officer in page
            ),
            page[-1] if len(officers) > limit else None,
        )

    def in_short(self, as_of_us: int, *, after: str = "", limit: int = 100, prefix: str = "") -> Listing:
        """A page of officers and where they stand, in a handful of reads however many they are.

        (Failures of plugins, where there are any, take one more read for each officer.)
        """
        officers = self._store.officers(as_of_us, after=after, limit=limit + 1, prefix=prefix)
        page = officers[:limit]
        return self.in_short_of(page, as_of_us, following=page[-1] if len(officers) > limit else None)

    def in_short_of(self, officers: Sequence[str], as_of_us: int, *, following: str | None = None) -> Listing:
        """Those officers (agent keys), in that order, and where they stand; `following` as `Listing.next`."""
        any_failed = bool(self._store.quarantined(as_of_us=as_of_us, limit=1))
        return Listing(
            as_of_us,
            self.standings(officers, as_of_us),
            {officer: self._failures(officer, as_of_us) if any_failed else [] for officer in officers},
            following,
        )

    def standings(
        self, officers: Sequence[str], as_of_us: int, competencies: Sequence[str] | None = None
    ) -> dict[str, list[Standing]]:
        """Where officers (agent keys) stand on each scored competency, by officer: profiles in short, all at once.

        The numbers are those of the profiles. `competencies` None: every one that is scored, of officers.
        Raises `NotFound` for an unknown one.
        """
        now = self.in_force(as_of_us)
        for competency in competencies or ():
            _check_competency(competency, now)
        rubrics = {
            name: rubric
            for name, rubric in now.rubrics.items()
            if rubric.scored
            and rubric.subject is SubjectType.OFFICER
            and (competencies is None or name in competencies)
        }
        quick = {name: one for name, one in rubrics.items() if self._policy.for_rubric(one).model == MODEL}
        coded = self._on_record.coded(officers, list(quick), as_of_us)
        found = standings(officers, coded, quick, self._policy, as_of_us)
        for name in rubrics.keys() - quick.keys():
            self._add_under_its_model(found, rubrics[name], as_of_us)
        return {officer: sorted(own, key=lambda one: one.competency) for officer, own in found.items()}

    def _add_under_its_model(self, found: dict[str, list[Standing]], rubric: Rubric, as_of_us: int) -> None:
        """Another model than the standard one is asked officer by officer."""
        for officer, [sorted_out] in self._on_record.of_cohort(
            list(found), {rubric.competency: rubric}, as_of_us
        ):
            assessed = weigh(sorted_out, self._policy, as_of_us, models=self._plugins.models)
            found[officer].append(Standing.of(officer, assessed))

    def evidence(
        self, as_of_us: int, *, subject: str, competency: str | None = None
    ) -> Sequence[RecordedEvidence]:
        """The evidence on a subject that was recorded, and not voided, by then."""
        _check_competency(competency, self.in_force(as_of_us))
        wanted = None if competency is None else [competency]
        return self._store.evidence(EvidenceQuery(subjects=[subject], competencies=wanted, as_of_us=as_of_us))

    def evidence_in(self, statement_id: str) -> Sequence[RecordedEvidence]:
        """All evidence found in one statement, voided or not."""
        return self._store.evidence_in(statement_id)

    def _kind(self, subject: str, as_of_us: int) -> SubjectType:
        """Whose evidence is shown of an agent key: the officer's, and the unit's only where there is no officer's.

        By all competencies, so that an explanation rests on what the profile does. Mixed, a survey of a unit that
        was sent under an officer's account would speak of that officer.
        """
        # What starts with the key is in order: the key itself comes first.
        officers = self._store.officers(as_of_us, prefix=subject, limit=1)
        return SubjectType.OFFICER if subject in officers else SubjectType.UNIT

    def _known(self, subject: str) -> bool:
        return subject in self._store.subjects(prefix=subject, limit=1)

    def _built(
        self,
        subject: str,
        record: OnRecord,
        as_of_us: int,
        now: InForce,
        failures: Sequence[str],
    ) -> Profile:
        return profile_of(
            subject,
            record,
            now.rubrics,
            self._policy,
            as_of_us,
            now.plugins,
            [*failures, *now.warnings(record.records)],
            models=self._plugins.models,
        )

    def _failures(self, subject: str, as_of_us: int) -> list[str]:
        """A failure of a plugin on a statement about the subject is said, never a silent gap."""
        failures = self._store.quarantined(as_of_us=as_of_us, subject=subject, limit=_MOST_QUARANTINED)
        return [_failure(failure) for failure in failures]


def recorded_as_dict(record: RecordedEvidence) -> Mapping[str, Any]:
    """One piece of evidence with its provenance, JSON-ready."""
    evidence = record.evidence
    return {
        "subject": evidence.subject,
        "subject_type": evidence.subject_type.value,
        "competency": evidence.competency,
        "indicator": evidence.indicator,
        "rating": evidence.rating,
        "scale": evidence.scale,
        "tier": evidence.tier.value,
        "rater": evidence.rater,
        "encounter": evidence.encounter,
        "observed": format_us(evidence.observed_us),
        "flags": [flag.value for flag in evidence.flags],
        "rule": evidence.rule,
        "authority": record.authority,
        "statement_id": record.statement_id,
        "sha256": record.statement_sha256,
        "stored": format_us(record.stored_us),
        "voided": None if record.voided_us is None else format_us(record.voided_us),
        "plugin": record.plugin,
        "plugin_version": record.plugin_version,
    }


def _check_competency(competency: str | None, now: InForce) -> None:
    if competency is not None and competency not in now.rubrics:
        raise NotFound(
            f"No plugin defines the competency {competency}.",
            [Detail("competency", competency, ", ".join(now.rubrics))],
        )


def _as_key(text: str) -> str | None:
    """The agent key that the text is, as it is kept; None when it is none."""
    try:
        return agent_key(agent_from_key(text))
    except ValueError:
        return None


def _failure(failure: Quarantined) -> str:
    return (
        f"Plugin {failure.plugin} {failure.plugin_version} failed on statement {failure.statement_id}; "
        f"evidence may be missing: {failure.reason}"
    )


def _no_instant(found: str, expected: str) -> InvalidParameter:
    return InvalidParameter(f"as_of is {found!r}; expected {expected}.", [Detail("as_of", found, expected)])
