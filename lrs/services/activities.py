"""An activity as all statements together define it (xAPI-Communication 2.5)."""

from __future__ import annotations

from lrs.stores.base import DocumentStore
from lrs.xapi import activities, strict_json


class Activities:
    """Answers what is known of activities."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def get(self, activity: str) -> bytes:
        """The Activity object, as JSON: its id as it was asked for, and the merged definition where there is one."""
        definition = activities.merged(self._store.definitions(activity))
        found = {"objectType": "Activity", "id": activity}
        return strict_json.print_exactly({**found, "definition": definition} if definition else found)
