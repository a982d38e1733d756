"""What a store must do, executable: the suite that every store passes.

The test file of a store subclasses `StoreContract` and gives it two fixtures:

    class TestSqlite(StoreContract):
        @pytest.fixture
        def store(self, tmp_path): ...          # initialised, empty; closed afterwards

        @pytest.fixture
        def reopen(self, store): ...            # a function: another store on the same data, closed afterwards

Needs pytest, which is why nothing else imports this module or those beside it.
"""

from __future__ import annotations

from lrs.stores.contract_access import AccessContract
from lrs.stores.contract_concurrency import ConcurrencyContract
from lrs.stores.contract_definitions import DefinitionsContract
from lrs.stores.contract_documents import DocumentsContract
from lrs.stores.contract_evidence import EvidenceContract
from lrs.stores.contract_filters import FiltersContract
from lrs.stores.contract_references import ReferencesContract
from lrs.stores.contract_statements import StatementsContract
from lrs.stores.contract_subjects import SubjectsContract
from lrs.stores.contract_voiding import VoidingContract


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
    AccessContract,
):
    """Everything. A store that passes it can stand in for any other."""
