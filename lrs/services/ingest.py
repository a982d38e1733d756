"""A statement's way in: bytes → strict parse → validate → stamp → recognise → one store transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.errors import Conflict, Detail, InvalidAttachment, InvalidInput, InvalidStatement, LrsError, TooLarge
from lrs.plugin.manager import PluginHost
from lrs.services.access.keys import Credential
from lrs.stores.base import StatementStore, Submission
from lrs.xapi import attachments, multipart, strict_json
from lrs.xapi.activities import definitions_of
from lrs.xapi.incoming import Stamp
from lrs.xapi.signatures import Signatures
from lrs.xapi.statement import Attachment, Statement
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version

_MOST_DETAILS = 1000


@dataclass(frozen=True, slots=True)
class Body:
    """A request body as it came, with its Content-Type header."""

    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may bring; beyond it `TooLarge`."""

    batch: int
    """Statements."""
    json_bytes: int
    """JSON, without attachments: what it costs in memory is many times its size."""
    statement_bytes: int


@dataclass(frozen=True, slots=True)
class Checked:
    """Valid statements: parsed, their exact bytes, and the raw data of their attachments."""

    statements: Sequence[Statement]
    raws: Sequence[bytes]
    attachments: Sequence[Attachment] = ()


class Ingest:
    """Takes statements in. Nothing of a request is stored unless all of it is."""

    def __init__(
        self,
        store: StatementStore,
        plugins: PluginHost,
        *,
        clock: Callable[[], int],
        new_id: Callable[[], str],
        limits: Limits,
    ) -> None:
        self._store = store
        self._plugins = plugins
        self._clock = clock
        self._new_id = new_id
        self._limits = limits

    def post(self, body: Body, version: Version, credential: Credential) -> list[str]:
        """Store one statement or a batch and answer the ids in order, as they stand in the statements.

        Raises `MalformedJson`, `InvalidStatement`, `InvalidAttachment`, `TooLarge`, `Conflict`,
        `StoreUnavailable`; then nothing was stored.
        """
        return self.add(self._read(body, version), version, credential, self._new_id)

    def put(self, body: Body, statement_id: str, version: Version, credential: Credential) -> None:
        """Store one statement under this id. Raises as `post` does, and when the body has another id."""
        read = self._read(body, version, put_id=statement_id)
        own_id = read.statements[0].get("id", statement_id)
        if own_id.lower() != statement_id.lower():
            error = InvalidStatement(
                "The statement's id is not the statementId of the request.",
                [Detail("/id", own_id, f"{statement_id}, or no id")],
            )
            error.statements = 1
            raise error
        self.add(read, version, credential, lambda: statement_id)

    def add(
        self, checked: Checked, version: Version, credential: Credential, new_id: Callable[[], str]
    ) -> list[str]:
        """Stamp, recognise and store statements that were found valid; answer their ids."""
        stamp = Stamp(
            now_us=self._clock(),
            authority=credential.authority,
            version=version.stamp,
            new_id=new_id,
            trusted=credential.may_speak_for_others,
        )
        statements = list(map(stamp.new_statement, checked.statements, checked.raws))
        # Before any plugin sees a statement: what is answered and defined is what was sent.
        ids = [statement.parsed["id"] for statement in statements]
        defining = statements if credential.may_define else ()
        definitions = dict.fromkeys(one for each in defining for one in definitions_of(each.parsed))
        findings = self._plugins.recognise([statement.parsed for statement in statements])
        submission = Submission(
            statements=statements,
            findings=findings,
            attachments=checked.attachments,
            definitions=tuple(definitions),
        )
        try:
            self._store.add(submission)
        except Conflict as error:
            error.statements = len(statements)
            raise
        return ids

    def _read(self, body: Body, version: Version, *, put_id: str | None = None) -> Checked:
        data, parts = _json_of(body)
        if len(data) > self._limits.json_bytes:
            raise TooLarge(
                "The JSON is too large.",
                [Detail("", f"{len(data)} bytes", f"at most {self._limits.json_bytes} bytes")],
            )
        value = strict_json.parse(data)
        many = isinstance(value, list)
        statements: list[Any] = value if many else [value]
        try:
            return self._checked(statements, data, parts, version, many=many, put_id=put_id)
        except LrsError as error:
            error.statements = len(statements)
            raise

    def _checked(
        self,
        statements: list[Any],
        data: bytes,
        parts: Sequence[multipart.Part],
        version: Version,
        *,
        many: bool,
        put_id: str | None,
    ) -> Checked:
        if many and put_id is not None:
            raise InvalidStatement(
                "PUT takes one statement.", [Detail("", "an array", "one statement; POST takes batches")]
            )
        if len(statements) > self._limits.batch:
            raise TooLarge(
                f"The batch has {len(statements)} statements.",
                [Detail("", f"{len(statements)} statements", f"at most {self._limits.batch}")],
            )
        raws = strict_json.split_array(data) if many else [data]
        pointers = [f"/{index}" for index in range(len(raws))] if many else [""]
        self._check(statements, raws, pointers, version)
        concerned = [
            each for each in zip(pointers, statements, raws, strict=True) if attachments.may_declare(each[1])
        ]
        if not concerned and not parts:
            return Checked(statements, raws)
        raw_data = attachments.matched([(pointer, one) for pointer, one, _ in concerned], parts)
        _check_signatures(concerned, raw_data, put_id)
        return Checked(statements, raws, raw_data)

    def _check(self, statements: list[Any], raws: list[bytes], pointers: list[str], version: Version) -> None:
        """Hold every statement to the rules of its version; one error tells of every bad one."""
        problems: list[Detail] = []
        bad: list[str] = []
        first_with: dict[str, str] = {}
        for statement, raw, pointer in zip(statements, raws, pointers, strict=True):
            if len(raw) > self._limits.statement_bytes:
                size = Detail(pointer, f"{len(raw)} bytes", f"at most {self._limits.statement_bytes} bytes")
                raise TooLarge("A statement is too large.", [size])
            details = check_statement(statement, version)
            if not details and "id" in statement:
                first = first_with.setdefault(statement["id"].lower(), pointer)
                if first is not pointer:
                    details = [Detail("/id", statement["id"], f"an id that {first} does not have, too")]
            if details:
                bad.append(pointer.lstrip("/"))
                problems += [detail.under(pointer) for detail in details]
        if problems:
            raise InvalidStatement(_refusal(bad, len(statements)), problems[:_MOST_DETAILS])


def _json_of(body: Body) -> tuple[bytes, Sequence[multipart.Part]]:
    """The JSON of a body, and the parts that follow it when it is multipart."""
    kind, parameters = multipart.media_type(body.content_type)
    if kind == "multipart/mixed":
        parts = multipart.read_parts(body.data, parameters.get("boundary"))
        return attachments.statements_part(parts), parts[1:]
    if kind != "application/json" or not body.content_type:
        found = body.content_type or "nothing"
        raise InvalidInput(
            f"The Content-Type is {found}.",
            [Detail("Content-Type", found, "application/json or multipart/mixed")],
        )
    charset = parameters.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise InvalidInput(
            f"The charset is {charset}.", [Detail("Content-Type", charset, "UTF-8 (RFC 8259)")]
        )
    return body.data, ()


def _check_signatures(
    statements: Iterable[tuple[str, Statement, bytes]], raw_data: Sequence[Attachment], put_id: str | None
) -> None:
    """Hold each signature to the statement that it signs (xAPI-Data 2.6)."""
    signatures = Signatures({attachment.sha2: attachment for attachment in raw_data})
    # An id that PUT gives beside the statement may have been signed.
    beside = {} if put_id is None else {"id": put_id}
    problems = [
        detail.under(pointer)
        for pointer, statement, raw in statements
        for detail in signatures.check({**beside, **statement} if beside else statement, raw)
    ]
    if problems:
        raise InvalidAttachment(
            "A signature is not well formed; nothing was stored.", problems[:_MOST_DETAILS]
        )


def _refusal(bad: list[str], total: int) -> str:
    if bad == [""]:
        return "The statement is not valid; nothing was stored."
    named = ", ".join(bad[:20]) + (", …" if len(bad) > 20 else "")
    return f"{len(bad)} of {total} statements are not valid (index {named}); none was stored."
