"""The part of `SqliteStore` that is about people: users, the audit log, contests; and what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lrs.stores.audit import AuditEntry, AuditQuery, Happening
from lrs.stores.contests import Contest, ContestState, Rejoinder
from lrs.stores.people import check_one_given
from lrs.stores.refusals import Refusal, in_order
from lrs.stores.sqlite import audit, contests, refusals, users
from lrs.stores.sqlite.jobs import CallJob
from lrs.stores.sqlite.one_file import OneFile
from lrs.stores.users import Session, User

_SCAN_ROWS = 500


class SqlitePeople(OneFile):
    """Implements `lrs.stores.users.UserStore`, `audit.AuditStore`, `contests.ContestStore`, `refusals.RefusalStore`."""

    # Users and sessions. All is on the disk when a call returns.

    def add_user(self, user: User) -> None:
        """See `UserStore.add_user`."""
        self._do(CallJob(users.adding(user)))

    def user(self, user_id: str) -> User | None:
        """See `UserStore.user`."""
        with self._reading() as connection:
            return users.read_user(connection, user_id)

    def user_named(self, name: str) -> User | None:
        """See `UserStore.user_named`."""
        with self._reading() as connection:
            return users.read_named(connection, name)

    def user_of_sign_on(self, issuer: str, subject: str) -> User | None:
        """See `UserStore.user_of_sign_on`."""
        with self._reading() as connection:
            return users.read_of_sign_on(connection, issuer, subject)

    def users(self) -> Sequence[User]:
        """See `UserStore.users`."""
        with self._reading() as connection:
            return users.read_users(connection)

    def swap_user(self, expected: User, new: User) -> bool:
        """See `UserStore.swap_user`."""
        return bool(self._do(CallJob(users.swapping(expected, new))))

    def add_session(self, session: Session) -> None:
        """See `UserStore.add_session`."""
        self._do(CallJob(users.adding_session(session)))

    def session(self, token_sha256: str) -> Session | None:
        """See `UserStore.session`."""
        with self._reading() as connection:
            return users.read_session(connection, token_sha256)

    def touch_session(self, token_sha256: str, seen_us: int) -> None:
        """See `UserStore.touch_session`."""
        self._do(CallJob(users.touching(token_sha256, seen_us)))

    def drop_sessions(self, *, token_sha256: str | None = None, user: str | None = None) -> int:
        """See `UserStore.drop_sessions`."""
        check_one_given(token_sha256, user)
        if token_sha256 is None:
            work = users.dropping("drop_sessions_of", user)
        else:
            work = users.dropping("drop_session", bytes.fromhex(token_sha256))
        return int(self._do(CallJob(work)))

    def drop_ended_sessions(self, at_us: int) -> int:
        """See `UserStore.drop_ended_sessions`."""
        return int(self._do(CallJob(users.dropping("drop_ended_sessions", at_us))))

    # The audit log

    def append_audit(self, happening: Happening) -> AuditEntry:
        """See `AuditStore.append_audit`. On the disk when it returns."""
        entry: AuditEntry = self._do(CallJob(audit.appending(happening)))
        return entry

    def audit(self, query: AuditQuery) -> Sequence[AuditEntry]:
        """See `AuditStore.audit`."""
        with self._snapshot() as connection:
            return audit.read_audit(connection, query)

    def scan_audit(self, after: int = 0) -> Iterator[AuditEntry]:
        """See `AuditStore.scan_audit`. Entries appended while it runs are met as well."""
        while True:
            # A transaction per chunk: a long one would keep the log from being emptied.
            with self._reading() as connection:
                chunk = audit.scan(connection, after, _SCAN_ROWS)
            yield from chunk
            if len(chunk) < _SCAN_ROWS:
                return
            after = chunk[-1].number

    def audit_head(self) -> AuditEntry | None:
        """See `AuditStore.audit_head`."""
        with self._reading() as connection:
            return audit.read_head(connection)

    # Contests and rejoinders. All is on the disk when a call returns.

    def add_contest(self, contest: Contest) -> None:
        """See `ContestStore.add_contest`."""
        self._do(CallJob(contests.adding(contest)))

    def contest(self, contest_id: str) -> Contest | None:
        """See `ContestStore.contest`."""
        with self._reading() as connection:
            return contests.read_contest(connection, contest_id)

    def contests(
        self,
        *,
        officers: Sequence[str] | None = None,
        statement_ids: Sequence[str] | None = None,
        state: ContestState | None = None,
    ) -> Sequence[Contest]:
        """See `ContestStore.contests`."""
        with self._snapshot() as connection:
            return contests.read_contests(
                connection, officers=officers, statement_ids=statement_ids, state=state
            )

    def swap_contest(self, expected: Contest, new: Contest) -> bool:
        """See `ContestStore.swap_contest`."""
        return bool(self._do(CallJob(contests.swapping(expected, new))))

    def add_rejoinder(self, rejoinder: Rejoinder) -> None:
        """See `ContestStore.add_rejoinder`."""
        self._do(CallJob(contests.adding_rejoinder(rejoinder)))

    def rejoinders(
        self, *, officers: Sequence[str] | None = None, statement_ids: Sequence[str] | None = None
    ) -> Sequence[Rejoinder]:
        """See `ContestStore.rejoinders`."""
        with self._snapshot() as connection:
            return contests.read_rejoinders(connection, officers=officers, statement_ids=statement_ids)

    # What was refused

    def add_refusals(self, rows: Sequence[Refusal]) -> None:
        """See `RefusalStore.add_refusals`. On the disk when it returns."""
        self._do(CallJob(refusals.adding(rows)))

    def refusals(self, since_day: str, until_day: str) -> Sequence[Refusal]:
        """See `RefusalStore.refusals`."""
        with self._reading() as connection:
            return in_order(refusals.read_refusals(connection, since_day, until_day))
