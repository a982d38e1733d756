from __future__ import annotations

import json

import pytest

from lrs.demo.statements import realistic
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version


def test_every_statement_of_the_academy_is_valid_in_the_version_it_is_posted_in(academy):
    wrong = [
        (p.statement, found) for p in academy if (found := check_statement(p.statement, Version(p.version)))
    ]
    assert wrong == []


def test_what_is_posted_as_two_point_zero_needs_it(academy):
    shaped = next(p.statement for p in academy if "contextAgents" in p.statement.get("context", {}))
    assert check_statement(shaped, Version.V1)


@pytest.mark.parametrize("version", Version)
def test_a_realistic_statement_is_valid_in_both_versions(version):
    assert not [statement for statement in realistic(2000) if check_statement(statement, version)]


def test_a_statement_comes_out_of_json_as_it_went_in(small):
    statements = [posting.statement for posting in small]
    assert json.loads(json.dumps(statements)) == statements
