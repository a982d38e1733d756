"""What a store must do, executable: the suite that every store passes.

The test file of a store subclasses `StoreContract` and gives it three fixtures:

    class TestSqlite(StoreContract):
        @pytest.fixture
        def store(self, tmp_path): ...          # initialised, empty; closed afterwards

        @pytest.fixture
        def reopen(self, store): ...            # a function: another store on the same data, closed afterwards

        @pytest.fixture
        def fresh(self, tmp_path): ...          # a function: another store, initialised and empty, closed afterwards

Needs pytest and hypothesis, which is why nothing else imports this module or those beside it.
"""

from __future__ import annotations

from lrs.stores.contract_access import AccessContract
from lrs.stores.contract_audit import AuditContract
from lrs.stores.contract_concurrency import ConcurrencyContract
from lrs.stores.contract_contests import ContestsContract
from lrs.stores.contract_counting import CountingContract
from lrs.stores.contract_definitions import DefinitionsContract
from lrs.stores.contract_documents import DocumentsContract
from lrs.stores.contract_evidence import EvidenceContract
from lrs.stores.contract_filters import FiltersContract
from lrs.stores.contract_generations import GenerationsContract
from lrs.stores.contract_history import HistoryContract
from lrs.stores.contract_mending import MendingContract
from lrs.stores.contract_moving import MovingContract
from lrs.stores.contract_moving_evidence import MovingEvidenceContract
from lrs.stores.contract_moving_people import MovingPeopleContract
from lrs.stores.contract_rebuild import RebuildContract
from lrs.stores.contract_references import ReferencesContract
from lrs.stores.contract_refusals import RefusalsContract
from lrs.stores.contract_roster import RosterContract
from lrs.stores.contract_statements import StatementsContract
from lrs.stores.contract_subjects import SubjectsContract
from lrs.stores.contract_users import UsersContract
from lrs.stores.contract_versions import VersionsContract
from lrs.stores.contract_voiding import VoidingContract
from lrs.stores.contract_workers import WorkersContract


class StoreContract(
    StatementsContract,
    FiltersContract,
    ReferencesContract,
    VoidingContract,
    ConcurrencyContract,
    DocumentsContract,
    DefinitionsContract,
    EvidenceContract,
    SubjectsContract,
    GenerationsContract,
    CountingContract,
    RebuildContract,
    WorkersContract,
    MendingContract,
    HistoryContract,
    VersionsContract,
    AccessContract,
    RosterContract,
    UsersContract,
    AuditContract,
    ContestsContract,
    RefusalsContract,
    MovingContract,
    MovingEvidenceContract,
    MovingPeopleContract,
):
    """Everything. A store that passes it can stand in for any other."""
