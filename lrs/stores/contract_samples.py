"""Statements, evidence, submissions and documents for the contract suite: small, valid, and about nobody."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from lrs.competency.evidence import Evidence, Finding, Flag, Source, SubjectType, Tier
from lrs.stores.base import Document, DocumentKind, DocumentScope, Submission
from lrs.xapi.statement import Attachment, NewStatement
from lrs.xapi.terms import terms_of
from lrs.xapi.timestamps import parse_us

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
SCORED = "http://adlnet.gov/expapi/verbs/scored"
RATED = "http://id.tincanapi.com/verb/rated"
SCENARIO = "https://vr.example/scenarios/traffic-stop"
VENDOR = "mailto:vendor@vr.example"
RECRUIT = "mailto:recruit@academy.example"
OTHER = "mailto:other@academy.example"
FOREVER = 2**62
"""An instant, in microseconds, after everything that is stored."""


def new_id() -> str:
    """A lower-case UUID that was not there before."""
    return str(uuid.uuid4())


def agent(mbox: str) -> dict[str, Any]:
    """The Agent with this mbox."""
    return {"objectType": "Agent", "mbox": mbox}


def statement(
    *,
    statement_id: str | None = None,
    actor: str | Mapping[str, Any] = RECRUIT,
    verb: str = SCORED,
    target: str | Mapping[str, Any] = SCENARIO,
    context: Mapping[str, Any] | None = None,
    authority: str = VENDOR,
    scaled: float | None = None,
    timestamp: str | None = None,
    voids_others: bool = False,
) -> NewStatement:
    """A statement ready to be stored. `actor` may be an mbox and `target` the id of an activity."""
    given: dict[str, Any] = {
        "id": statement_id or new_id(),
        "actor": agent(actor) if isinstance(actor, str) else actor,
        "verb": {"id": verb},
        "object": {"id": target} if isinstance(target, str) else target,
        "timestamp": timestamp or "2026-01-15T08:00:00.000Z",
        "authority": agent(authority),
        "version": "1.0.3",
    }
    if context is not None:
        given["context"] = context
    if scaled is not None:
        given["result"] = {"score": {"scaled": scaled}}
    refers_to = given["object"]["id"] if given["object"].get("objectType") == "StatementRef" else None
    return NewStatement(
        id=given["id"],
        body=json.dumps(given).encode(),
        parsed=given,
        terms=terms_of(given),
        timestamp_us=parse_us(given["timestamp"]),
        timestamp_given=timestamp is not None,
        refers_to=refers_to,
        voids=verb == VOIDED and refers_to is not None,
        voids_others=voids_others,
    )


def reference(to: str, **more: Any) -> NewStatement:
    """A statement about another one: by someone else, with a verb of its own."""
    return statement(
        **{"actor": OTHER, "verb": RATED, "target": {"objectType": "StatementRef", "id": to}, **more}
    )


def voiding(target: str, **more: Any) -> NewStatement:
    """A statement that voids another one."""
    return reference(target, verb=VOIDED, **more)


def evidence(**more: Any) -> Evidence:
    """A rating of the recruit on communication, with whatever is different."""
    usual: dict[str, Any] = {
        "subject": RECRUIT,
        "subject_type": SubjectType.OFFICER,
        "competency": "communication",
        "indicator": "lets-others-finish",
        "rating": 5.0,
        "scale": "fto-7",
        "tier": Tier.FIELD,
        "rater": OTHER,
        "encounter": "2026-01-15|ride-along",
        "observed_us": 1_768_464_000_000_000,
        "flags": (Flag.NOT_RESPONDING,),
        "rule": "ride-along",
    }
    return Evidence(**{**usual, **more})


def source(plugin: str = "communication", version: str = "1.0") -> Source:
    """A plugin in a version. Its rubrics are its own, though they are no rubrics."""
    digest = hashlib.sha256(f"{plugin} {version}".encode()).hexdigest()
    return Source(
        plugin=plugin, version=version, digest=digest, rubrics=f'[{{"competency":"{plugin}-{version}"}}]'
    )


def finding(
    *found: Evidence, failure: str | None = None, plugin: str = "communication", version: str = "1.0"
) -> Finding:
    """What a plugin found, or why it failed."""
    return Finding(source=source(plugin, version), evidence=found, failure=failure)


def submission(
    *statements: NewStatement,
    findings: Mapping[str, Sequence[Finding]] | None = None,
    attachments: Sequence[Attachment] = (),
    definitions: Sequence[tuple[str, str]] = (),
) -> Submission:
    """What one request brings; `findings` by statement id."""
    found = findings or {}
    return Submission(
        statements=statements,
        findings=[found.get(one.id, ()) for one in statements],
        attachments=attachments,
        definitions=definitions,
    )


def state_scope(**different: Any) -> DocumentScope:
    """Where the recruit's state on the scenario is kept, with whatever is different."""
    usual: dict[str, Any] = {"kind": DocumentKind.STATE, "activity": SCENARIO, "agent": RECRUIT}
    return DocumentScope(**{**usual, **different})


def document(
    content: bytes = b'{"scene": 3}', content_type: str = "application/json", updated_us: int = 5
) -> Document:
    """A document with the ETag of its content."""
    return Document(
        content, content_type, hashlib.sha1(content, usedforsecurity=False).hexdigest(), updated_us
    )
