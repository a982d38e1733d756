"""The tables of docs/reference/xapi-profile.md, made from the profile.

`python -m tests.xapi.profile_page` writes them anew; a test holds the page to them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lrs import schemas

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "xapi-profile.md"

_SHORT = {
    "https://w3id.org/xapi/rapport/": "R:",
    "http://adlnet.gov/expapi/": "ADL:",
    "http://id.tincanapi.com/": "TinCan:",
    "https://w3id.org/xapi/cmi5/": "cmi5:",
}
_KINDS = ("sequence", "alternates", "oneOrMore", "zeroOrMore", "optional")
_CONTEXT = {
    "contextParentActivityType": "parent",
    "contextGroupingActivityType": "grouping",
    "contextCategoryActivityType": "category",
    "contextOtherActivityType": "other",
}


def rendered(page: str, profile: Mapping[str, Any]) -> str:
    """The page with what stands between its markers made anew."""
    parts = {"concepts": _concepts(profile), "templates": _templates(profile), "patterns": _patterns(profile)}
    for name, text in parts.items():
        marked = re.compile(rf"(?<=^% begin {name}\n).*?(?=^% end {name}$)", re.MULTILINE | re.DOTALL)
        page, times = marked.subn(lambda _, text=text: f"\n{text}\n\n", page)
        assert times == 1, f"the page has the markers of {name} {times} times"
    return page


def _concepts(profile: Mapping[str, Any]) -> str:
    rows = []
    for concept in profile["concepts"]:
        about = concept.get("activityDefinition", concept)
        text = about.get("definition", about.get("description"))["en"]
        values = json.loads(concept.get("inlineSchema", "{}")).get("enum", ())
        listed = f" Values: {', '.join(f'`{value}`' for value in values)}." if values else ""
        rows.append((_code(concept["id"]), concept["type"], text + listed))
    return _table(("Concept", "Type", "Meaning"), rows)


def _templates(profile: Mapping[str, Any]) -> str:
    return "\n\n".join(map(_template, profile["templates"]))


def _template(template: Mapping[str, Any]) -> str:
    determining = [("Verb", [template["verb"]])]
    if "objectActivityType" in template:
        determining.append(("type of the object", [template["objectActivityType"]]))
    determining += [
        (f"type of a {role} activity", template[name]) for name, role in _CONTEXT.items() if name in template
    ]
    said = "; ".join(f"{what} {', '.join(map(_code, values))}" for what, values in determining)
    rules = [(_code(_place(rule)), _asked(rule), _note(rule)) for rule in template["rules"]]
    return (
        f"### {template['id'].rsplit('/', 1)[1]}\n\n{template['prefLabel']['en']}. "
        f"{template['definition']['en']}\n\n{said}.\n\n" + _table(("Where", "What is asked", "Note"), rules)
    )


def _place(rule: Mapping[str, Any]) -> str:
    return rule["location"] + (f" › {rule['selector']}" if "selector" in rule else "")


def _asked(rule: Mapping[str, Any]) -> str:
    words = {"included": "must be there", "excluded": "must be absent", "recommended": "recommended"}
    said = [words[rule["presence"]]] if "presence" in rule else []
    for name, word in (("any", "one of them"), ("all", "only"), ("none", "never")):
        if name in rule:
            said.append(f"{word} {', '.join(_code(json.dumps(value)) for value in rule[name])}")
    return "; ".join(said)


def _note(rule: Mapping[str, Any]) -> str:
    return str(rule["scopeNote"]["en"]) if "scopeNote" in rule else ""


def _patterns(profile: Mapping[str, Any]) -> str:
    rows = []
    for pattern in profile["patterns"]:
        [kind] = [name for name in _KINDS if name in pattern]
        members = [pattern[kind]] if isinstance(pattern[kind], str) else pattern[kind]
        name = pattern.get("prefLabel", {}).get("en", "")
        meaning = pattern.get("definition", {}).get("en", "")
        rows.append((_code(pattern["id"]), name, f"{kind} {', '.join(map(_code, members))}", meaning))
    return _table(("Pattern", "Primary", "Of", "Meaning"), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _code(text: str) -> str:
    for long, short in _SHORT.items():
        text = text.replace(long, short)
    return f"`{text}`"


if __name__ == "__main__":
    PAGE.write_text(rendered(PAGE.read_text("utf-8"), schemas.xapi_profile()), "utf-8")
