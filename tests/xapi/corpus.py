"""Statements of every shape, and one change for every requirement that makes them invalid."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

UUID = "6690E6C9-3ef0-4ed3-8b37-7f3964730bee"
AGENT = {"objectType": "Agent", "name": "Rivera", "mbox": "mailto:Rivera@Academy.Example"}
ACCOUNT = {"account": {"homePage": "https://academy.example", "name": "O-1017"}}
IDENTIFIERS: dict[str, Any] = {
    "mbox": "mailto:officer-17@academy.example",
    "mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9",
    "openid": "https://id.example/officer-17",
    "account": ACCOUNT["account"],
}
COMPONENTS = [{"id": "a", "description": {"en": "A", "sr-Latn-RS": "A"}}, {"id": "b"}]
EXTENSIONS = {
    "https://example.org/extensions/any": {"deep": [None, {"": 1e300}], "n": 10**40},
    "urn:x:null": None,
}
INTERACTIONS = {
    "true-false": [],
    "choice": ["choices"],
    "fill-in": [],
    "long-fill-in": [],
    "matching": ["source", "target"],
    "performance": ["steps"],
    "sequencing": ["choices"],
    "likert": ["scale"],
    "numeric": [],
    "other": [],
}
ACTIVITY: dict[str, Any] = {
    "objectType": "Activity",
    "id": "https://academy.example/activities/stop#3",
    "definition": {
        "name": {"en-US": "Traffic stop", "cmn": "x"},
        "description": {"zh-Hans-CN": "x", "de-CH-1901": "y"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "moreInfo": "https://academy.example/more?x=%20",
        "interactionType": "matching",
        "correctResponsesPattern": ["a[.]b"],
        "source": COMPONENTS,
        "target": COMPONENTS,
        "extensions": EXTENSIONS,
    },
}
ATTACHMENT: dict[str, Any] = {
    "usageType": "https://example.org/attachments/report",
    "display": {"en": "Report"},
    "description": {"en": ""},
    "contentType": 'text/plain; charset="utf-8"',
    "length": 27,
    "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",
    "fileUrl": "https://academy.example/report.txt",
}
STATEMENT_REF = {"objectType": "StatementRef", "id": UUID}
ANONYMOUS = {"objectType": "Group", "name": "Unit 7", "member": [AGENT, ACCOUNT]}
CONTEXT: dict[str, Any] = {
    "registration": UUID,
    "instructor": AGENT,
    "team": ANONYMOUS,
    "contextActivities": {
        "parent": {"id": "urn:one"},
        "grouping": [ACTIVITY, {"id": "urn:two"}],
        "category": [],
        "other": [{"id": "urn:three"}],
    },
    "revision": "3",
    "platform": "Ride-along",
    "language": "en-US",
    "statement": STATEMENT_REF,
    "extensions": EXTENSIONS,
}
RESULT: dict[str, Any] = {
    "score": {"scaled": -1, "raw": 5.5, "min": 1, "max": 7},
    "success": True,
    "completion": False,
    "response": "",
    "duration": "P3Y1M29DT4H35M59.14159S",
    "extensions": EXTENSIONS,
}
CORE: dict[str, Any] = {
    "actor": AGENT,
    "verb": {"id": "http://id.tincanapi.com/verb/rated", "display": {"en-US": "rated", "es": "calificó"}},
    "object": ACTIVITY,
}
SUBSTATEMENT = {
    "objectType": "SubStatement",
    **CORE,
    "result": RESULT,
    "context": CONTEXT,
    "timestamp": "2030-02-28T10:00:00Z",
    "attachments": [ATTACHMENT],
}
FULL: dict[str, Any] = {
    "id": UUID,
    **CORE,
    "result": RESULT,
    "context": CONTEXT,
    "timestamp": "2024-02-29T23:59:60.123456789+05:30",
    "stored": "2024-02-29T23:59:60.123Z",
    "authority": {"objectType": "Group", "member": [ACCOUNT, AGENT]},
    "version": "1.0.0",
    "attachments": [ATTACHMENT],
}
CONTEXT_AGENT = {"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["urn:role:officer"]}
CONTEXT_GROUP = {"objectType": "contextGroup", "group": ANONYMOUS, "relevantTypes": ["urn:role:unit"]}
CONTEXT_2 = {**CONTEXT, "contextAgents": [CONTEXT_AGENT], "contextGroups": [CONTEXT_GROUP]}


def _with(**members: Any) -> dict[str, Any]:
    return {**CORE, **members}


VALID: dict[str, dict[str, Any]] = {
    "core": CORE,
    "full": FULL,
    "verb without display": _with(verb={"id": "https://example.org/x"}),
    "empty objects": _with(
        result={"extensions": {}, "score": {}},
        context={"contextActivities": {}, "extensions": {}},
        verb={"id": "urn:x", "display": {}},
        object={"id": "urn:x", "definition": {"extensions": {}}},
        attachments=[],
    ),
    "raw alone": _with(result={"score": {"raw": -3.5}}),
    "SubStatement": _with(object=SUBSTATEMENT),
    "SubStatement about a StatementRef": _with(
        object={"objectType": "SubStatement", **CORE, "object": STATEMENT_REF}
    ),
    "StatementRef": _with(object=STATEMENT_REF),
    "voiding": _with(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object=STATEMENT_REF),
    "Agent as object": _with(object=AGENT),
    "Group as object": _with(object=ANONYMOUS),
    "anonymous Group": _with(actor=ANONYMOUS),
    "Group with an empty list of members": _with(actor={"objectType": "Group", "member": []}),
    "Group as instructor": _with(context={"instructor": ANONYMOUS}),
    "authority Agent": _with(authority=ACCOUNT),
    "version 1.0": _with(version="1.0"),
    "version 1.0.9": _with(version="1.0.9"),
    "signature": _with(
        attachments=[
            {
                **ATTACHMENT,
                "usageType": "http://adlnet.gov/expapi/attachments/signature",
                "contentType": "application/octet-stream",
            }
        ]
    ),
    **{f"Agent by {name}": _with(actor={name: value}) for name, value in IDENTIFIERS.items()},
    **{
        f"Group by {name}": _with(actor={"objectType": "Group", name: value})
        for name, value in IDENTIFIERS.items()
    },
    **{
        f"interaction {kind}": _with(
            object={
                "id": "urn:x",
                "definition": {
                    "interactionType": kind,
                    "correctResponsesPattern": [],
                    **dict.fromkeys(lists, COMPONENTS),
                },
            }
        )
        for kind, lists in INTERACTIONS.items()
    },
    **{
        f"timestamp {text}": _with(timestamp=text)
        for text in (
            "2026-11-23T06:10:00Z",
            "2026-11-23 06:10:00.601+00:00",
            "2026-11-23t06:10:00z",
            "2026-11-23T06:10:00",
            "2026-11-23T06:10:00-0030",
            "2026-11-23T06:10:00+14",
            "2000-02-29T06:10:00Z",
        )
    },
    **{
        f"duration {text}": _with(result={"duration": text})
        for text in ("P4W", "P3Y", "PT0S", "PT16559.14S", "PT1H0M0.1S", "P1DT12H", "P0.5Y", "PT1,5M", "P1Y2M")
    },
    **{
        f"language {tag}": _with(context={"language": tag})
        for tag in (
            "en",
            "EN",
            "cmn",
            "es-419",
            "sr-Latn-RS",
            "zh-cmn-Hans-CN",
            "sl-rozaj-biske",
            "de-CH-1901",
            "en-a-myext-b-another",
            "en-a-bbb-x-a-ccc",
            "x-whatever",
            "i-klingon",
            "en-GB-oed",
            "art-lojban",
        )
    },
}

VALID_ONLY_2: dict[str, dict[str, Any]] = {
    "version 2.0.0": {**FULL, "version": "2.0.0"},
    "contextAgents and contextGroups": _with(context=CONTEXT_2),
    "contextAgents in a SubStatement": _with(
        object={"objectType": "SubStatement", **CORE, "context": CONTEXT_2}
    ),
    "empty contextAgents": _with(context={"contextAgents": [], "contextGroups": []}),
}


class Invalid(NamedTuple):
    """One requirement, and a change (JSON Pointer, new value or DROP) of a valid statement that breaks it."""

    requirement: str
    base: str
    at: str
    value: Any
    path: str
    words: str

    @property
    def statement(self) -> dict[str, Any]:
        """The statement that breaks the requirement."""
        return changed({**VALID, **VALID_ONLY_2}[self.base], self.at, self.value)


class _Drop:
    def __repr__(self) -> str:
        return "DROP"


DROP = _Drop()


def changed(statement: dict[str, Any], at: str, value: Any) -> dict[str, Any]:
    """The statement with the value at a JSON Pointer set or dropped; what lies beside the path is shared."""
    *parents, last = (part.replace("~1", "/").replace("~0", "~") for part in at.split("/")[1:])
    result: Any = copy.copy(statement)
    node = result
    for name in parents:
        step: Any = int(name) if isinstance(node, list) else name
        node[step] = copy.copy(node[step])
        node = node[step]
    if value is DROP:
        del node[last]
    else:
        node[int(last) if isinstance(node, list) else last] = value
    return result


def _rows(
    requirement: str, base: str, at: str, words: str, *values: Any, path: str | None = None
) -> list[Invalid]:
    return [Invalid(f"{requirement}: {value!r:.40}", base, at, value, path or at, words) for value in values]


_DATE = "/timestamp"
_DEF = "/object/definition"

INVALID: list[Invalid] = [
    # 2.2 formatting
    *(row for name in CORE for row in _rows(f"{name} is required", "full", f"/{name}", "", DROP)),
    *(row for name in FULL for row in _rows(f"{name} is never null", "full", f"/{name}", "", None)),
    *_rows("unknown member", "full", "/mood", "allowed are id, actor, verb", "fine", path="/mood"),
    *_rows("case of a key", "full", "/Verb", '"verb", in this case', {}),
    *_rows("case of a key of an actor", "full", "/actor/objecttype", '"objectType", in this case', "Agent"),
    *_rows("case of a key of a result", "full", "/result/Score", '"score", in this case', {}),
    *_rows("null in a language map", "full", "/verb/display/es", "a string in that language", None),
    # 2.4.1 id
    *_rows(
        "id is a UUID",
        "full",
        "/id",
        "a UUID",
        1,
        {},
        "",
        UUID + "0",
        "M" + UUID[1:],
        UUID.replace("-", ""),
        UUID + "\n",
    ),
    # 2.4.2 actor
    *_rows("actor is an object", "full", "/actor", "an Agent or a Group", "x", [], 3),
    *_rows(
        "objectType of an actor",
        "full",
        "/actor/objectType",
        '"Agent" or "Group"',
        "agent",
        "group",
        "Activity",
        1,
        "",
    ),
    *_rows("name of an agent is a string", "full", "/actor/name", "a string", 3, {}, None),
    *_rows(
        "an Agent has an identifier", "full", "/actor/mbox", "exactly one identifier", DROP, path="/actor"
    ),
    *_rows(
        "an Agent has one identifier only",
        "full",
        "/actor/openid",
        "exactly one identifier",
        "urn:x",
        path="/actor",
    ),
    *_rows("an Agent has no members", "full", "/actor/member", "no member of this name", []),
    *_rows(
        "mbox is mailto: and an address",
        "full",
        "/actor/mbox",
        "mailto:",
        "officer-17@academy.example",
        "mailto:academy.example",
        "http://academy.example",
        "mailto:a@b@c",
        "mailto:a b@c.d",
        "mailto:a@c.d,b@c.d",
        "mailto:a@b.c?subject=x",
        "mailto:a@b.c\n",
        "",
        7,
    ),
    *_rows(
        "mbox_sha1sum is 40 hex digits",
        "Agent by mbox_sha1sum",
        "/actor/mbox_sha1sum",
        "40 hex",
        "ab",
        "z" * 40,
        "a" * 41,
        1,
    ),
    *_rows("openid is a URI", "Agent by openid", "/actor/openid", "an IRI", "id.example", "ab=c://x", 1, ""),
    *_rows("account is an object", "Agent by account", "/actor/account", "an account object", "x", []),
    *_rows(
        "account has a homePage", "Agent by account", "/actor/account/homePage", "an IRI", DROP, "x", 1, ""
    ),
    *_rows("account has a name", "Agent by account", "/actor/account/name", "a string", DROP, 1, {}),
    *_rows(
        "account has nothing else", "Agent by account", "/actor/account/Name", '"name", in this case', "x"
    ),
    *_rows(
        "an anonymous Group has members",
        "anonymous Group",
        "/actor/member",
        "member, an array of Agents",
        DROP,
    ),
    *_rows("members are an array", "anonymous Group", "/actor/member", "an array of Agents", {}, "x"),
    *_rows("a member is an Agent", "anonymous Group", "/actor/member/1", "an Agent", "x"),
    *_rows(
        "a member is no Group", "anonymous Group", "/actor/member/1/objectType", 'exactly "Agent"', "Group"
    ),
    *_rows(
        "a member has an identifier",
        "anonymous Group",
        "/actor/member/0/mbox",
        "one identifier",
        DROP,
        path="/actor/member/0",
    ),
    *_rows(
        "an identified Group has one identifier",
        "Group by mbox",
        "/actor/openid",
        "one identifier",
        "urn:x",
        path="/actor",
    ),
    # 2.4.3 verb
    *_rows("verb is an object", "full", "/verb", "a verb", "rated", []),
    *_rows(
        "verb id is an IRI",
        "full",
        "/verb/id",
        "an IRI with a scheme",
        DROP,
        "rated",
        "ab=c://x",
        "http://a b",
        "",
        1,
        "http://a/%zz",
        "urn:x\n",
    ),
    *_rows("display is a language map", "full", "/verb/display", "a language map", "rated", [], 1),
    *_rows(
        "tags follow RFC 5646",
        "full",
        "/context/language",
        "a language tag of RFC 5646",
        "a12345678",
        "zh-z-aaa-z-bbb-c-ccc",
        "zh-z-aaa-Z-bbb",
        "en_US",
        "e",
        "",
        "en-",
        "en-US\n",
        "en\n",
        "abcdefghi",
        "en-x",
        1,
    ),
    *_rows("names of a language map are tags", "full", "/verb/display/a12345", "a language tag", "x"),
    *_rows(
        "a voiding statement has a StatementRef",
        "voiding",
        "/object",
        "StatementRef",
        AGENT,
        path="/object/objectType",
    ),
    *_rows(
        "a voiding statement says StatementRef",
        "voiding",
        "/object",
        "StatementRef",
        {"id": "urn:x"},
        path="/object/objectType",
    ),
    # 2.4.4 object
    *_rows("object is an object", "full", "/object", "the object", "x", [], 1),
    *_rows(
        "objectType of an object",
        "full",
        "/object/objectType",
        '"Activity"',
        "activity",
        "statementref",
        "Statement",
        1,
    ),
    *_rows("an Activity has an id", "full", "/object/id", "an IRI with a scheme", DROP, "x", 1, ""),
    *_rows(
        "an Activity has nothing else", "full", "/object/name", "allowed are objectType, id, definition", "x"
    ),
    *_rows("an Agent as object says so", "Agent as object", "/object/objectType", '"Agent"', DROP),
    *_rows("a SubStatement says so", "SubStatement", "/object/objectType", '"SubStatement"', DROP),
    *_rows("a StatementRef has an id", "StatementRef", "/object/id", "a UUID", DROP, "x", 1),
    *_rows("a StatementRef has nothing else", "StatementRef", "/object/definition", "no member", {}),
    *_rows("definition is an object", "full", _DEF, "an activity definition object", "x", []),
    *_rows("definition name", "full", f"{_DEF}/name", "a language map", "x", 1),
    *_rows("definition description", "full", f"{_DEF}/description", "a language map", "x", 1),
    *_rows("definition type", "full", f"{_DEF}/type", "an IRI", "x", 1, ""),
    *_rows("definition moreInfo", "full", f"{_DEF}/moreInfo", "an IRI", "x", 1, ""),
    *_rows("definition extensions", "full", f"{_DEF}/extensions", "names are IRIs", "x", 1, []),
    *_rows(
        "extension keys are IRIs", "full", f"{_DEF}/extensions/key", "an IRI with a scheme as the name", 1
    ),
    *_rows(
        "extension keys of a result", "full", "/result/extensions/a b", "an IRI with a scheme as the name", 1
    ),
    *_rows(
        "interactionType", "full", f"{_DEF}/interactionType", "true-false, choice", "Choice", "quiz", 1, DROP
    ),
    *_rows(
        "correctResponsesPattern", "full", f"{_DEF}/correctResponsesPattern", "an array of strings", "x", {}
    ),
    *_rows("a pattern is a string", "full", f"{_DEF}/correctResponsesPattern/0", "a string", 1),
    *_rows(
        "components are an array", "full", f"{_DEF}/source", "an array of interaction components", {}, "x"
    ),
    *_rows("a component is an object", "full", f"{_DEF}/source/0", "an interaction component", "x"),
    *_rows("a component has an id", "full", f"{_DEF}/source/0/id", "a string", DROP, 1),
    *_rows("a component has a language map", "full", f"{_DEF}/source/0/description", "a language map", "x"),
    *_rows("a component has nothing else", "full", f"{_DEF}/source/0/name", "no member", "x"),
    *_rows("ids of components are distinct", "full", f"{_DEF}/target/1/id", "no component before it", "a"),
    *_rows(
        "ids of components are distinct in the context",
        "full",
        "/context/contextActivities/grouping/0/definition/source/1/id",
        "no component before it",
        "a",
    ),
    # SubStatements
    *(
        row
        for name in ("id", "stored", "version", "authority")
        for row in _rows(
            f"a SubStatement has no {name}", "SubStatement", f"/object/{name}", "no member", FULL[name]
        )
    ),
    *_rows(
        "a SubStatement has no SubStatement",
        "SubStatement",
        "/object/object",
        "cannot hold another",
        SUBSTATEMENT,
        path="/object/object/objectType",
    ),
    *(
        row
        for name in CORE
        for row in _rows(f"a SubStatement has {name}", "SubStatement", f"/object/{name}", "", DROP)
    ),
    *_rows("a SubStatement's actor", "SubStatement", "/object/actor/mbox", "mailto:", "x"),
    *_rows("a SubStatement's score", "SubStatement", "/object/result/score/raw", "max, 7", 8),
    *_rows(
        "a SubStatement's timestamp",
        "SubStatement",
        "/object/timestamp",
        "a timestamp",
        "x",
        "2023-02-29T00:00:00Z",
    ),
    # 2.4.5 result
    *_rows("result is an object", "full", "/result", "a result object", "x", []),
    *_rows("success is a boolean", "full", "/result/success", "true or false", "true", 1),
    *_rows("completion is a boolean", "full", "/result/completion", "true or false", "false", 0),
    *_rows("response is a string", "full", "/result/response", "a string", 1, True, {}),
    *_rows(
        "duration",
        "full",
        "/result/duration",
        "a duration of ISO 8601",
        "PA1H0M0S",
        "P4W1D",
        "P",
        "PT",
        "P1DT",
        "1H",
        "PT1.5H3M",
        "P1M1Y",
        "P0003-06-04T12:30:05",
        "pt1h",
        "-PT1S",
        "PT1S\n",
        "",
        1,
    ),
    *_rows("score is an object", "full", "/result/score", "a score object", 5, "x", []),
    *_rows("score has nothing else", "full", "/result/score/mean", "no member", 1),
    *_rows("scaled is from -1 to 1", "full", "/result/score/scaled", "from -1 to 1", 1.01, -1.01, "1", True),
    *_rows("raw is a number", "full", "/result/score/raw", "a number", "5", True),
    *_rows("raw is at least min", "full", "/result/score/raw", "min, 1", 0.5),
    *_rows("raw is at most max", "full", "/result/score/raw", "max, 7", 7.5),
    *_rows("min is below max", "full", "/result/score/min", "a number below max", 7, 8),
    # 2.4.6 context
    *_rows("context is an object", "full", "/context", "a context object", "x", []),
    *_rows("registration", "full", "/context/registration", "a UUID", "x", 1),
    *_rows("instructor", "full", "/context/instructor", "an Agent or a Group", "x"),
    *_rows(
        "instructor has an identifier",
        "full",
        "/context/instructor/mbox",
        "one identifier",
        DROP,
        path="/context/instructor",
    ),
    *_rows(
        "team is a Group", "full", "/context/team", 'exactly "Group"', AGENT, path="/context/team/objectType"
    ),
    *_rows("revision is a string", "full", "/context/revision", "a string", 1),
    *_rows("platform is a string", "full", "/context/platform", "a string", 1),
    *_rows(
        "statement is a StatementRef",
        "full",
        "/context/statement/objectType",
        "StatementRef",
        DROP,
        "Activity",
    ),
    *(
        Invalid(
            f"{name} only with an Activity: {base}",
            base,
            "/context",
            {name: "3"},
            f"/context/{name}",
            f"no {name}",
        )
        for name in ("revision", "platform")
        for base in ("Agent as object", "Group as object", "StatementRef", "SubStatement")
    ),
    *_rows(
        "contextActivities is an object", "full", "/context/contextActivities", "parent, grouping", "x", []
    ),
    *_rows(
        "kinds of contextActivities", "full", "/context/contextActivities/sibling", "allowed are parent", []
    ),
    *_rows(
        "case of contextActivities", "full", "/context/contextActivities/Parent", '"parent", in this case', []
    ),
    *_rows(
        "contextActivities are Activities",
        "full",
        "/context/contextActivities/parent",
        "an Activity or an array",
        "x",
        1,
    ),
    *_rows("one context activity", "full", "/context/contextActivities/parent/id", "an IRI", 1, DROP),
    *_rows(
        "context activities in an array", "full", "/context/contextActivities/grouping/1/id", "an IRI", "x"
    ),
    *_rows(
        "a context activity is an Activity",
        "full",
        "/context/contextActivities/other/0/objectType",
        "Activity",
        "Agent",
    ),
    *_rows(
        "contextAgents are unknown before 2.0, and objects since", "full", "/context/contextAgents", "", "x"
    ),
    # 2.4.7, 4.5 timestamps
    *_rows(
        "timestamp",
        "full",
        _DATE,
        "a timestamp",
        "x",
        "01/011/2015",
        "2008-09-15T15:53:00.601-00",
        "2008-09-15T15:53:00.601-0000",
        "2008-09-15T15:53:00.601-00:00",
        "2008-09-15",
        "2008-13-15T15:53:00Z",
        "2008-04-31T15:53:00Z",
        "2023-02-29T15:53:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        "2008-09-15T24:53:00Z",
        "2008-09-15T15:53:00+25:00",
        "2008-09-15T15:53:00Z\n",
        "",
        1,
    ),
    *_rows("stored is a timestamp", "full", "/stored", "a timestamp", "x", 1),
    # 2.4.9 authority
    *_rows("authority is an object", "full", "/authority", "an Agent", "x"),
    *_rows(
        "authority as a Group has two members",
        "full",
        "/authority/member",
        "exactly two",
        [AGENT],
        [AGENT, ACCOUNT, AGENT],
        [],
    ),
    *_rows("authority as a Group is anonymous", "full", "/authority/mbox", "anonymous", "mailto:a@b.c"),
    *_rows("authority has an identifier", "authority Agent", "/authority", "one identifier", {"name": "x"}),
    # 2.4.10 version
    *_rows("version", "full", "/version", "a version of", "0.9.9", "1.1.0", "1", "x", "1.0\n", "", 1.0),
    # 2.4.11 attachments
    *_rows("attachments are an array", "full", "/attachments", "an array of attachments", ATTACHMENT, "x"),
    *_rows("an attachment is an object", "full", "/attachments/0", "an attachment object", "x", 1),
    *(
        row
        for name in ("usageType", "display", "contentType", "length", "sha2")
        for row in _rows(f"an attachment has {name}", "full", f"/attachments/0/{name}", "", DROP, None, [])
    ),
    *_rows("usageType", "full", "/attachments/0/usageType", "an IRI", "x"),
    *_rows(
        "contentType",
        "full",
        "/attachments/0/contentType",
        "media type",
        "x",
        "text/",
        "text/plain; charset",
        "text/plain\n",
    ),
    *_rows("length", "full", "/attachments/0/length", "octets", "27", -1, 1.5),
    *_rows("sha2", "full", "/attachments/0/sha2", "SHA-2", "x", "a" * 63, "a" * 40, "a" * 64 + "\n"),
    *_rows("fileUrl", "full", "/attachments/0/fileUrl", "an IRI", "x", 1),
    *_rows(
        "a signature is an octet-stream",
        "signature",
        "/attachments/0/contentType",
        "application/octet-stream",
        "text/plain",
    ),
]

_AGENTS = "/context/contextAgents/0"
_GROUPS = "/context/contextGroups/0"
_NEW = "contextAgents and contextGroups"

INVALID_ONLY_2: list[Invalid] = [
    *_rows("version of 2.0", "full", "/version", "a version of 2.0 or 1.0", "3.0.0", "2.1.0"),
    *_rows(
        "contextAgents are an array", _NEW, "/context/contextAgents", "an array of contextAgents", {}, "x"
    ),
    *_rows(
        "a contextAgent says so",
        _NEW,
        f"{_AGENTS}/objectType",
        '"contextAgent"',
        DROP,
        "contextagent",
        "Agent",
    ),
    *_rows("a contextAgent has an agent", _NEW, f"{_AGENTS}/agent", "an Agent", DROP, "x"),
    *_rows("the agent is no Group", _NEW, f"{_AGENTS}/agent/objectType", 'exactly "Agent"', "Group"),
    *_rows("relevantTypes are not empty", _NEW, f"{_AGENTS}/relevantTypes", "at least one IRI", [], "x"),
    *_rows("relevantTypes are IRIs", _NEW, f"{_AGENTS}/relevantTypes/0", "an IRI", "abc", 1),
    *_rows("a contextAgent has nothing else", _NEW, f"{_AGENTS}/member", "no member", []),
    *_rows(
        "contextGroups are an array", _NEW, "/context/contextGroups", "an array of contextGroups", {}, "x"
    ),
    *_rows("a contextGroup says so", _NEW, f"{_GROUPS}/objectType", '"contextGroup"', DROP, "Group"),
    *_rows("a contextGroup has a group", _NEW, f"{_GROUPS}/group", "a Group", DROP, "x"),
    *_rows(
        "the group is no Agent",
        _NEW,
        f"{_GROUPS}/group",
        'exactly "Group"',
        AGENT,
        path=f"{_GROUPS}/group/objectType",
    ),
    *_rows("relevantTypes of a group", _NEW, f"{_GROUPS}/relevantTypes", "at least one IRI", []),
    *_rows(
        "contextAgents in a SubStatement",
        "contextAgents in a SubStatement",
        "/object/context/contextAgents/0/agent/mbox",
        "mailto:",
        "x",
    ),
]
