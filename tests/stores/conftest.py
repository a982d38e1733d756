import pytest

# The contract suite is shipped in `lrs`; its asserts shall explain themselves like those of any test.
for part in (
    "access",
    "concurrency",
    "definitions",
    "documents",
    "evidence",
    "filters",
    "references",
    "statements",
    "subjects",
    "voiding",
):
    pytest.register_assert_rewrite(f"lrs.stores.contract_{part}")
