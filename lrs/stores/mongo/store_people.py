"""The part of `MongoStore` that is about people: users, the audit log, contests; and what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lrs.stores.audit import AuditEntry, AuditQuery, Happening
from lrs.stores.contests import Contest, ContestState, Rejoinder
from lrs.stores.mongo import audit, people, refusals
from lrs.stores.mongo.models import by
from lrs.stores.mongo.one_database import OneDatabase
from lrs.stores.people import check_one_given
from lrs.stores.refusals import Refusal, in_order
from lrs.stores.users import Session, User

_SCAN_ROWS = 500


class MongoPeople(OneDatabase):
    """Implements `lrs.stores.users.UserStore`, `audit.AuditStore`, `contests.ContestStore`, `refusals.RefusalStore`."""

    # Users and sessions. All is in the journals of a majority when a call returns.

    def add_user(self, user: User) -> None:
        """See `UserStore.add_user`."""
        with self._asking() as hands:
            people.add_user(hands.cluster, user)

    def user(self, user_id: str) -> User | None:
        """See `UserStore.user`."""
        with self._asking() as hands:
            return people.read_user(hands.cluster, user_id)

    def user_named(self, name: str) -> User | None:
        """See `UserStore.user_named`."""
        with self._asking() as hands:
            return people.read_named(hands.cluster, name)

    def user_of_sign_on(self, issuer: str, subject: str) -> User | None:
        """See `UserStore.user_of_sign_on`."""
        with self._asking() as hands:
            return people.read_of_sign_on(hands.cluster, issuer, subject)

    def users(self) -> Sequence[User]:
        """See `UserStore.users`."""
        with self._asking() as hands:
            return people.read_users(hands.cluster)

    def swap_user(self, expected: User, new: User) -> bool:
        """See `UserStore.swap_user`."""
        with self._asking() as hands:
            return people.swap_user(hands.cluster, expected, new)

    def add_session(self, session: Session) -> None:
        """See `UserStore.add_session`."""
        with self._asking() as hands:
            people.add_session(hands.cluster, session)

    def session(self, token_sha256: str) -> Session | None:
        """See `UserStore.session`."""
        with self._asking() as hands:
            return people.read_session(hands.cluster, token_sha256)

    def touch_session(self, token_sha256: str, seen_us: int) -> None:
        """See `UserStore.touch_session`."""
        with self._asking() as hands:
            people.touch_session(hands.cluster, token_sha256, seen_us)

    def drop_sessions(self, *, token_sha256: str | None = None, user: str | None = None) -> int:
        """See `UserStore.drop_sessions`."""
        check_one_given(token_sha256, user)
        wanted = {"user": user} if token_sha256 is None else {"_id": bytes.fromhex(token_sha256)}
        with self._asking() as hands:
            return people.drop_sessions(hands.cluster, wanted)

    def drop_ended_sessions(self, at_us: int) -> int:
        """See `UserStore.drop_ended_sessions`."""
        with self._asking() as hands:
            return people.drop_sessions(hands.cluster, {"ends": by(at_us - 1)})

    # The audit log

    def append_audit(self, happening: Happening) -> AuditEntry:
        """See `AuditStore.append_audit`. In the journals of a majority when it returns."""
        with self._asking() as hands:
            return hands.audit.append(happening)

    def audit(self, query: AuditQuery) -> Sequence[AuditEntry]:
        """See `AuditStore.audit`."""
        with self._asking() as hands:
            return audit.read_audit(hands.cluster, query)

    def scan_audit(self, after: int = 0) -> Iterator[AuditEntry]:
        """See `AuditStore.scan_audit`. Entries appended while it runs are met as well."""
        while True:
            with self._asking() as hands:
                chunk = list(audit.scan(hands.cluster, after, _SCAN_ROWS))
            yield from chunk
            if len(chunk) < _SCAN_ROWS:
                return
            after = chunk[-1].number

    def audit_head(self) -> AuditEntry | None:
        """See `AuditStore.audit_head`."""
        with self._asking() as hands:
            return audit.read_head(hands.cluster)

    # Contests and rejoinders. All is in the journals of a majority when a call returns.

    def add_contest(self, contest: Contest) -> None:
        """See `ContestStore.add_contest`."""
        with self._asking() as hands:
            people.add_contest(hands.cluster, contest)

    def contest(self, contest_id: str) -> Contest | None:
        """See `ContestStore.contest`."""
        with self._asking() as hands:
            return people.read_contest(hands.cluster, contest_id)

    def contests(
        self,
        *,
        officers: Sequence[str] | None = None,
        statement_ids: Sequence[str] | None = None,
        state: ContestState | None = None,
    ) -> Sequence[Contest]:
        """See `ContestStore.contests`."""
        with self._asking() as hands:
            return people.read_contests(
                hands.cluster, officers=officers, statement_ids=statement_ids, state=state
            )

    def swap_contest(self, expected: Contest, new: Contest) -> bool:
        """See `ContestStore.swap_contest`."""
        with self._asking() as hands:
            return people.swap_contest(hands.cluster, expected, new)

    def add_rejoinder(self, rejoinder: Rejoinder) -> None:
        """See `ContestStore.add_rejoinder`."""
        with self._asking() as hands:
            people.add_rejoinder(hands.cluster, rejoinder)

    def rejoinders(
        self, *, officers: Sequence[str] | None = None, statement_ids: Sequence[str] | None = None
    ) -> Sequence[Rejoinder]:
        """See `ContestStore.rejoinders`."""
        with self._asking() as hands:
            return people.read_rejoinders(hands.cluster, officers=officers, statement_ids=statement_ids)

    # What was refused

    def add_refusals(self, rows: Sequence[Refusal]) -> None:
        """See `RefusalStore.add_refusals`. In the journals of a majority when it returns."""
        self._do(lambda unit: refusals.add(unit, rows))

    def refusals(self, since_day: str, until_day: str) -> Sequence[Refusal]:
        """See `RefusalStore.refusals`."""
        with self._asking() as hands:
            return in_order(refusals.read_refusals(hands.cluster, since_day, until_day))
