"""Who read whose record, as the audit log has it."""

from __future__ import annotations

from lrs.services.wiring import Rapport


class Readers:
    """What was read from here on."""

    def __init__(self, rapport: Rapport) -> None:
        self._store = rapport.store
        self.clear()

    def clear(self) -> None:
        """Pass over what was read so far."""
        head = self._store.audit_head()
        self._after = 0 if head is None else head.number

    def __call__(self) -> list[tuple[str, str]]:
        """(agent key, what) of everybody whose record was read."""
        return [
            (subject, entry.happening.action.removeprefix("read "))
            for entry in self._store.scan_audit(self._after)
            for subject in entry.happening.subjects
            if entry.happening.action.startswith("read ")
        ]
