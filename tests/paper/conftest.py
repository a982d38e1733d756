"""The small academy's answers, as the services give them, once for all tests of this room."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from lrs.cohort.roster import who
from lrs.competency.evidence import SubjectType
from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.wiring import Rapport
from lrs.web import create_app
from tests.clients import Xapi
from tests.conftest import NewStore
from tests.services import academy

PRINTED = {"at": "2026-11-28T17:00:00.000000Z", "by": "T-00", "version": "1.2.3"}
Answers = dict[str, Any]
"""The keyword arguments of `profile_pdf`, and its first two by name."""
Of = Callable[[str], Answers]


@pytest.fixture(scope="package")
def filled(new_store: NewStore, plugins: PluginHost) -> Iterator[Rapport]:
    with new_store() as url:
        config = Config(store=url, log_level="error", base_url="https://lrs.example")
        rapport = Rapport.open(config, plugins=plugins)
        rapport.store.initialise()
        key, secret = rapport.access.create_key("key", ["all"])
        client = create_app(rapport.config, rapport).test_client()
        academy.fill(Xapi(client, key.id, secret, "1.0.3", key.name), rapport)
        yield rapport
        rapport.store.close()


@pytest.fixture(scope="package")
def as_of_us(filled: Rapport) -> int:
    return filled.profiles.as_of(None)


@pytest.fixture
def of(filled: Rapport, as_of_us: int) -> Of:
    """The answers about an officer, by the name of the account; whoever takes them may change them."""
    members = {member.officer: member for member in filled.roster.members()}

    def answers(name: str) -> Answers:
        officer = academy.key(name)
        profile = filled.profiles.profile(officer, as_of_us, of=SubjectType.OFFICER)
        explanations = filled.profiles.explanations(officer, as_of_us)
        return copy.deepcopy(
            {
                "profile": profile.as_dict(),
                "explanations": [one.as_dict() for one in explanations],
                "who": who(officer, members),
                "contests": [],
                "rejoinders": [],
                "trail": [],
                "printed": PRINTED,
            }
        )

    return answers


@pytest.fixture
def cohort(filled: Rapport, as_of_us: int) -> Answers:
    """The report on everybody on the roster."""
    members = {member.officer: member for member in filled.roster.members()}
    profile = filled.profiles.profile(academy.key("R-001"), as_of_us).as_dict()
    return {
        "as_of": profile["as_of"],
        "about": profile["about"],
        "filters": {"unit": "North", "phase": None},
        "officers": [
            {**who(officer, members), "competencies": [one.as_dict() for one in found]}
            for officer, found in filled.profiles.standings(list(members), as_of_us).items()
        ],
        "warnings": ["Read this first."],
        "versions": {
            "rubrics": {
                part["competency"]: {"name": part["name"], **part["rubric"]}
                for part in profile["competencies"]
            },
            "model": profile["model"],
            "plugins": profile["plugins"],
        },
    }


def contest(answers: Answers, statement_id: str, **changed: Any) -> Answers:
    """An open contest of the officer."""
    return {
        "id": "0c7de7ac-0000-4000-8000-000000000001",
        "statement_id": statement_id,
        "officer": answers["who"]["officer"],
        "raised": "2026-11-20T09:00:00.000000Z",
        "due": "2026-12-20T09:00:00.000000Z",
        "reason_given": "It was my partner who spoke.",
        "state": "open",
        "decided": None,
        "decided_by": "",
        "reasons": "",
        "voiding_id": "",
        "reissued_id": "",
        **changed,
    }


def rejoinder(answers: Answers, statement_id: str, text: str) -> Answers:
    return {
        "id": "0c7de7ac-0000-4000-8000-000000000002",
        "statement_id": statement_id,
        "officer": answers["who"]["officer"],
        "written": "2026-11-21T09:00:00.000000Z",
        "text": text,
    }


def explained(answers: Answers, competency: str) -> Answers:
    """The explanation of a competency."""
    [found] = [one for one in answers["explanations"] if one["competency"] == competency]
    return found


def words(pdf: bytes) -> str:
    """The text of a PDF: places to break taken out, blanks and line ends as one space each."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    return re.sub(r"\s+", " ", " ".join(pages).replace("\u200b", ""))


def kept_standards(pdf: bytes) -> bool:
    """The PDF says of itself that it is accessible and fit for an archive: typst writes that of what it checked."""
    metadata = PdfReader(BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data().decode()
    return "<pdfuaid:part>1</pdfuaid:part>" in metadata and "<pdfaid:part>2</pdfaid:part>" in metadata
