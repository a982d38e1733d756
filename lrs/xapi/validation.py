"""Whether a statement keeps the rules of its version of xAPI, and if not, what is wrong and where.

Nearly every rule is in the JSON Schemas of `schemas/xapi-1.0.3` and `schemas/xapi-2.0.0`; the few that a
schema cannot say are in `lrs.xapi.rules`. What the specification calls SHOULD is never asked for.
"""

from __future__ import annotations

from lrs import schemas
from lrs.errors import Detail
from lrs.wording import shown
from lrs.xapi.explain import explain, in_document_order
from lrs.xapi.rules import broken_rules
from lrs.xapi.versions import Version

_NOT_JSON = "a JSON value without lone surrogates, nested at most 200 levels deep"


def check_statement(statement: object, version: Version) -> list[Detail]:
    """What is wrong with a parsed statement, in document order, at most 50 places; [] when it is valid.

    Never raises, whatever the value is. The common case, a valid statement, costs about 10 µs.
    """
    details = _check(version.schema, statement)
    broken = broken_rules(statement)
    return in_document_order([*details, *broken], statement) if details or broken else details


def check_actor(actor: object) -> list[Detail]:
    """What is wrong with an Agent or Group object (xAPI-Data 2.4.2), as `check_statement` tells it."""
    details = _check("xapi-1.0.3/actor.json", actor)
    return in_document_order(details, actor) if details else details


def is_iri(text: object) -> bool:
    """Whether the value is an IRI with a scheme (xAPI-Data 4.3), by best effort."""
    return not _check("xapi-1.0.3/types.json#/$defs/iri", text)


def _check(schema: str, value: object) -> list[Detail]:
    """The errors of a value by one schema, in no order."""
    validator = schemas.compiled(schema)
    try:
        return [] if validator.is_valid(value) else explain(validator, value)
    except ValueError:
        # Only a value that no JSON text parses to gets here: the compiled validator cannot read it.
        return [Detail("", shown(value), _NOT_JSON)]
