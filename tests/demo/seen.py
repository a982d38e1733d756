"""The academy as the plugins and the model see it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from lrs.competency.evidence import RecordedEvidence
from lrs.competency.policy import Policy
from lrs.competency.profile import Profile, build_profile
from lrs.demo.people import HOME_PAGE, Recruit, cohort
from lrs.demo.shapes import Posting
from lrs.plugin.host import PluginHost

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Found = list[tuple[Posting, list[RecordedEvidence]]]


def us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def found_in(host: PluginHost, postings: list[Posting]) -> Found:
    """What the host finds in every statement, stored when it is posted and voided when that is posted."""
    stamped = [{**p.statement, "authority": authority(p)} for p in postings]
    voided = {
        p.statement["object"]["id"]: us(p.posted)
        for p in postings
        if p.statement["object"]["objectType"] == "StatementRef"
    }
    found = []
    for posting, findings in zip(postings, host.recognise(stamped), strict=True):
        assert not [finding.failure for finding in findings if finding.failure]
        sha256 = hashlib.sha256(json.dumps(posting.statement).encode()).hexdigest()
        recorded = [
            RecordedEvidence(
                evidence=evidence,
                statement_id=posting.statement["id"],
                statement_sha256=sha256,
                stored_us=us(posting.posted),
                voided_us=voided.get(posting.statement["id"]),
                authority=f"account:{posting.vendor}@https://academy.example",
                plugin=finding.source.plugin,
                plugin_version=finding.source.version,
            )
            for finding in findings
            for evidence in finding.evidence
        ]
        found.append((posting, recorded))
    return found


def authority(posting: Posting) -> dict:
    return {"objectType": "Agent", "account": {"homePage": "https://lrs.example", "name": posting.vendor}}


def profiles(host: PluginHost, found: Found, until: datetime, scale: float) -> list[tuple[Recruit, Profile]]:
    """Of every recruit, as of `until`."""
    by_subject = defaultdict(list)
    for _, recorded in found:
        for record in recorded:
            by_subject[record.evidence.subject].append(record)
    plugins = {plugin.name: plugin.version for plugin in host.plugins}
    made = []
    for recruit in cohort(1, scale).recruits:
        key = f"account:{recruit.account}@{HOME_PAGE}"
        profile = build_profile(key, by_subject[key], host.rubrics, Policy(), us(until), plugins)
        made.append((recruit, profile))
    return made
