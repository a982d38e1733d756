import pytest

# The contract suite is shipped in `lrs`; its asserts shall explain themselves like those of any test.
for part in (
    "access",
    "concurrency",
    "counting",
    "definitions",
    "documents",
    "evidence",
    "filters",
    "generations",
    "history",
    "mending",
    "moving",
    "moving_evidence",
    "moving_samples",
    "rebuild",
    "references",
    "roster",
    "statements",
    "subjects",
    "voiding",
    "workers",
):
    pytest.register_assert_rewrite(f"lrs.stores.contract_{part}")
