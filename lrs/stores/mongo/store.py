"""`MongoStore`: the whole of what Rapport keeps, in one database of MongoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from lrs.cohort.columns import EvidenceColumns
from lrs.cohort.roster import Member
from lrs.competency.evidence import RecordedEvidence
from lrs.stores.base import (
    Document,
    DocumentScope,
    EvidenceQuery,
    EvidenceVersion,
    Key,
    Page,
    Quarantined,
    Remark,
    Submission,
)
from lrs.stores.group_commit import AddJob
from lrs.stores.mongo import access, finding, health, making, recorded
from lrs.stores.mongo.claims import consistent_through
from lrs.stores.mongo.cluster import Cluster
from lrs.stores.mongo.files import Files
from lrs.stores.mongo.health import remarks
from lrs.stores.mongo.models import Definition, MemberOf, StoredAttachment, by
from lrs.stores.mongo.rows import attachment_of
from lrs.stores.mongo.store_generations import MongoGenerations
from lrs.stores.mongo.store_moving import MongoMoving
from lrs.stores.mongo.store_people import MongoPeople
from lrs.xapi.query import StatementQuery
from lrs.xapi.statement import Attachment, StoredStatement

_SCAN_ROWS = 500


class MongoStore(MongoGenerations, MongoPeople, MongoMoving):
    """One database, any number of threads, processes and machines.

    Implements `lrs.stores.base.Store` and `lrs.stores.moving.MovableStore`.
    """

    # Statements

    def add(self, submission: Submission) -> frozenset[str]:
        """See `lrs.stores.base.StatementStore.add`. In the journals of a majority when it returns."""
        if not submission.statements:
            return frozenset()
        new: frozenset[str] = self._own().writer.do(AddJob(submission))
        return new

    def get(self, statement_id: str) -> StoredStatement | None:
        """See `lrs.stores.base.StatementStore.get`."""
        with self._viewing() as view:
            return finding.get(view, statement_id)

    def find(self, query: StatementQuery) -> Page:
        """See `lrs.stores.base.StatementStore.find`."""
        with self._viewing() as view:
            return finding.find(view, query)

    def scan(self, after_us: int = -1) -> Iterator[StoredStatement]:
        """See `lrs.stores.base.StatementStore.scan`. Statements stored while it runs are met as well."""
        while True:
            with self._viewing() as view:
                chunk = finding.scan(view, after_us, _SCAN_ROWS)
            yield from chunk
            if len(chunk) < _SCAN_ROWS:
                return
            after_us = chunk[-1].stored_us

    def count_statements(self) -> int:
        """See `lrs.stores.base.StatementStore.count_statements`."""
        return self._counted("statements")

    def newest_stored(self) -> int:
        """See `lrs.stores.base.StatementStore.newest_stored`."""
        # Another process may have stored since; all until then is visible all the same.
        return self._own().adding.newest or self._counted("newest")

    def consistent_through(self) -> int:
        """See `lrs.stores.base.StatementStore.consistent_through`."""
        with self._asking() as hands:
            return consistent_through(hands.cluster, hands.clock())

    def attachments(self, sha2s: Iterable[str]) -> Mapping[str, Attachment]:
        """See `lrs.stores.base.StatementStore.attachments`."""
        with self._asking() as hands:
            found = {}
            for row in hands.cluster[StoredAttachment].find({"_id": {"$in": sorted(set(sha2s))}}):
                content = hands.files.content_of(row)
                if content is None:
                    # Attachments are never replaced: a file that is named has to be there.
                    raise hands.files.lost(row["file"])
                found[row["_id"]] = attachment_of(row, content)
            return found

    # Documents

    def document(self, scope: DocumentScope, document_id: str) -> Document | None:
        """See `lrs.stores.base.DocumentStore.document`."""
        with self._asking() as hands:
            return hands.documents.get(scope, document_id)

    def swap_document(
        self, scope: DocumentScope, document_id: str, expected_etag: str | None, new: Document | None
    ) -> bool:
        """See `lrs.stores.base.DocumentStore.swap_document`."""
        with self._asking() as hands:
            return hands.documents.swap(scope, document_id, expected_etag, new)

    def document_ids(self, scope: DocumentScope, since_us: int | None = None) -> Sequence[str]:
        """See `lrs.stores.base.DocumentStore.document_ids`."""
        with self._asking() as hands:
            return hands.documents.ids(scope, since_us)

    def delete_documents(self, scope: DocumentScope) -> int:
        """See `lrs.stores.base.DocumentStore.delete_documents`."""
        with self._asking() as hands:
            return hands.documents.delete(scope)

    def definitions(self, activity: str) -> Sequence[str]:
        """See `lrs.stores.base.DocumentStore.definitions`."""
        with self._viewing() as view:
            wanted = {"activity": activity, "stored": by(view.visible)}
            rows = view.find(Definition, wanted, {"text": 1}, sort=[("stored", 1), ("place", 1)])
            return [row["text"] for row in rows]

    # Evidence

    def evidence(self, query: EvidenceQuery) -> Sequence[RecordedEvidence]:
        """See `lrs.stores.base.EvidenceStore.evidence`."""
        with self._viewing() as view:
            return recorded.read_evidence(view, query)

    def columns(self, query: EvidenceQuery) -> EvidenceColumns:
        """See `lrs.stores.base.EvidenceStore.columns`."""
        with self._viewing() as view:
            return recorded.read_columns(view, query)

    def evidence_in(self, statement_id: str) -> Sequence[RecordedEvidence]:
        """See `lrs.stores.base.EvidenceStore.evidence_in`."""
        with self._viewing() as view:
            return recorded.read_evidence_in(view, statement_id)

    def evidence_version(self, as_of_us: int) -> EvidenceVersion | None:
        """See `lrs.stores.base.EvidenceStore.evidence_version`.

        Up to the newest instant that was dated everything is there; from there to what was claimed there is nothing.
        """
        with self._viewing() as view:
            newest = int(view.clock["dated"])
            if as_of_us > view.visible:
                return None
            return EvidenceVersion(store="", at_us=min(as_of_us, newest), newest_us=newest)

    def officers(
        self, as_of_us: int, *, after: str = "", limit: int = 100, prefix: str = ""
    ) -> Sequence[str]:
        """See `lrs.stores.base.EvidenceStore.officers`."""
        with self._viewing() as view:
            return recorded.read_officers(view, as_of_us, after=after, limit=limit, prefix=prefix)

    def subjects(self, *, prefix: str = "", limit: int = 100) -> Sequence[str]:
        """See `lrs.stores.base.EvidenceStore.subjects`."""
        with self._viewing() as view:
            return recorded.read_subjects(view, prefix=prefix, limit=limit)

    def quarantined(
        self, *, as_of_us: int, subject: str | None = None, limit: int = 100
    ) -> Sequence[Quarantined]:
        """See `lrs.stores.base.EvidenceStore.quarantined`."""
        with self._viewing() as view:
            return recorded.read_quarantined(view, as_of_us, subject=subject, limit=limit)

    def count_evidence(self) -> int:
        """See `lrs.stores.base.EvidenceStore.count_evidence`."""
        return self._counted("evidence")

    def count_quarantined(self) -> int:
        """See `lrs.stores.base.EvidenceStore.count_quarantined`."""
        return self._counted("quarantined")

    # Access

    def add_key(self, key: Key) -> None:
        """See `lrs.stores.base.AccessStore.add_key`."""
        with self._asking() as hands:
            access.add_key(hands.cluster, key)

    def key(self, key_id: str) -> Key | None:
        """See `lrs.stores.base.AccessStore.key`."""
        with self._asking() as hands:
            return access.read_key(hands.cluster, key_id)

    def keys(self) -> Sequence[Key]:
        """See `lrs.stores.base.AccessStore.keys`."""
        with self._asking() as hands:
            return access.read_keys(hands.cluster)

    def revoke_key(self, key_id: str, at_us: int) -> Key:
        """See `lrs.stores.base.AccessStore.revoke_key`."""
        with self._asking() as hands:
            return access.revoke_key(hands.cluster, key_id, at_us)

    def server_secret(self, name: str) -> bytes:
        """See `lrs.stores.base.AccessStore.server_secret`."""
        with self._asking() as hands:
            return access.server_secret(hands.cluster, name)

    # Roster

    def put_members(self, members: Sequence[Member]) -> None:
        """See `lrs.stores.base.RosterStore.put_members`."""
        rows = access.member_rows(members)
        self._do(lambda unit: unit.put(MemberOf, rows))

    def remove_members(self, officers: Sequence[str]) -> int:
        """See `lrs.stores.base.RosterStore.remove_members`."""
        wanted = {"_id": {"$in": sorted(set(officers))}}
        return self._do(lambda unit: unit.delete(MemberOf, wanted))

    def members(
        self, *, unit: str | None = None, phase: str | None = None, trainer: str | None = None
    ) -> Sequence[Member]:
        """See `lrs.stores.base.RosterStore.members`."""
        with self._asking() as hands:
            return access.read_members(hands.cluster, unit=unit, phase=phase, trainer=trainer)

    # The whole

    def initialise(self, *, shard: bool = False) -> None:
        """See `lrs.stores.base.Store.initialise`. Makes indexes; on a large database that takes long."""
        with self._asking(), closing(Cluster(self.url, patient=True)) as cluster:
            making.make(cluster, Files(cluster), shard=shard)

    def ping(self) -> None:
        """See `lrs.stores.base.Store.ping`."""
        with self._asking() as hands:
            health.ping(hands.cluster)

    def health(self) -> Mapping[str, Any]:
        """See `lrs.stores.base.Store.health`. Counts what is stored, which reads indexes whole."""
        with self._asking() as hands:
            return health.facts(hands.cluster)

    def remarks(self, health: Mapping[str, Any]) -> Sequence[Remark]:
        """See `lrs.stores.base.Store.remarks`."""
        return list(remarks(health))

    def _counted(self, name: str) -> int:
        with self._viewing() as view:
            return int(view.clock[name])
