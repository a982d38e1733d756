"""A statement as recognisers see it: what is computed is computed once, and shared by all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lrs.competency.evidence import Flag
from lrs.plugin import vocabulary
from lrs.plugin.aliases import Aliases, standard_aliases
from lrs.plugin.lazy import Lazy
from lrs.xapi.actors import Actor, agent_key
from lrs.xapi.statement import Statement
from lrs.xapi.terms import authority_key
from lrs.xapi.timestamps import parse_again_us

_NOTHING: Mapping[str, Any] = {}
_NO_FLAGS: frozenset[Flag] = frozenset()


class StatementView:
    """A valid statement, read-only. Verb, types and extension keys are what the alias table says is meant."""

    def __init__(self, statement: Statement, aliases: Aliases | None = None) -> None:
        self.statement = statement
        """The parsed statement itself, for what has no attribute here. Do not change it."""
        self.aliases = standard_aliases() if aliases is None else aliases
        right = self.aliases.canonical.get
        verb = statement["verb"]["id"]
        self.verb: str = right(verb, verb)
        """Verb id."""
        self.actor: Actor = statement["actor"]
        self.context: Mapping[str, Any] = statement.get("context", _NOTHING)
        """The context; empty when there is none."""
        self.result: Mapping[str, Any] = statement.get("result", _NOTHING)
        """The result; empty when there is none."""
        target = statement["object"]
        self.object_id: str | None = (
            target["id"] if target.get("objectType", "Activity") == "Activity" else None
        )
        """Id of the activity that is the object; None when the object is something else."""
        self.definition: Mapping[str, Any] = target.get("definition", _NOTHING)
        """Definition of the object; empty when there is none."""
        kind = self.definition.get("type")
        self.object_type: str | None = right(kind, kind)
        """Type of the activity that is the object."""
        self.interaction_type: str | None = self.definition.get("interactionType")
        """`interactionType` of the object, e.g. `likert`."""
        self.actor_type: str = self.actor.get("objectType", "Agent")
        """`Agent` or `Group`."""
        self._activities: Mapping[str, Any] = self.context.get("contextActivities", _NOTHING)
        self.activities = self._named()
        """Ids of object, categories, groupings and parents: what may say what a statement speaks to."""
        self.context_extensions = self._extensions(self.context)
        """Extensions of the context."""
        self.result_extensions: Mapping[str, Any] = _NOTHING
        """Extensions of the result."""
        self.competency_scores: Mapping[str, Any] = _NOTHING
        """The extension `competency-scores` of the result, unchecked; empty when there is none."""
        self.spoken_of = self.activities
        """The `activities`, the result's extensions and the competency scores: all that may name a competency."""
        if "extensions" in self.result:
            self._extend()

    def _extend(self) -> None:
        """Read the result's extensions; most statements have none."""
        self.result_extensions = self._extensions(self.result)
        scores = self.result_extensions.get(vocabulary.COMPETENCY_SCORES)
        if isinstance(scores, dict):
            self.competency_scores = scores
        self.spoken_of = (*self.activities, *self.result_extensions, *self.competency_scores)

    def _named(self) -> tuple[str, ...]:
        ids = [] if self.object_id is None else [self.object_id]
        for role, listed in self._activities.items():
            if role == "other":
                continue
            # One activity may stand alone, without its array.
            if isinstance(listed, dict):
                ids.append(listed["id"])
            else:
                for each in listed:  # a comprehension costs more for the one that there usually is
                    ids.append(each["id"])  # noqa: PERF401
        return tuple(ids)

    @Lazy
    def id(self) -> str:
        """Lower-case UUID; empty when the statement has none yet."""
        return str(self.statement.get("id", "")).lower()

    def context_activities(self, role: str) -> tuple[Mapping[str, Any], ...]:
        """The context activities of a role (`parent`, `grouping`, `category`, `other`), in order."""
        listed = self._activities.get(role, ())
        return (listed,) if isinstance(listed, dict) else tuple(listed)

    def activity_ids(self, role: str) -> tuple[str, ...]:
        """Ids of the context activities of a role, in order."""
        listed = self._activities.get(role)
        if listed is None:
            return ()
        return (listed["id"],) if isinstance(listed, dict) else tuple([each["id"] for each in listed])

    @Lazy
    def parents(self) -> tuple[str, ...]:
        """Ids of the parent activities."""
        return self.activity_ids("parent")

    @Lazy
    def groupings(self) -> tuple[str, ...]:
        """Ids of the grouping activities."""
        return self.activity_ids("grouping")

    @Lazy
    def categories(self) -> tuple[str, ...]:
        """Ids of the category activities."""
        return self.activity_ids("category")

    @Lazy
    def others(self) -> tuple[str, ...]:
        """Ids of the other context activities."""
        return self.activity_ids("other")

    @Lazy
    def context_types(self) -> tuple[str, ...]:
        """Types of the parent and grouping activities, where their definitions were sent along."""
        found = []
        for role in ("parent", "grouping"):
            for activity in self.context_activities(role):
                kind = activity.get("definition", _NOTHING).get("type")
                if kind is not None:
                    found.append(self.aliases.right(kind))
        return tuple(found)

    def _extensions(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        sent: Mapping[str, Any] | None = part.get("extensions")
        if not sent:
            return _NOTHING
        canonical = self.aliases.canonical
        if canonical.keys().isdisjoint(sent):
            return sent
        named = {canonical.get(key, key): value for key, value in sent.items()}
        # Where both the wrong and the right key were sent, the right one counts.
        return {**named, **{key: sent[key] for key in named if key in sent}}

    @Lazy
    def registration(self) -> str | None:
        """Lower-case UUID of the registration."""
        found = self.context.get("registration")
        return None if found is None else str(found).lower()

    @Lazy
    def timestamp_us(self) -> int:
        """When it happened: microseconds since the epoch. The server has stamped it; without a stamp 0."""
        text = self.statement.get("timestamp")
        return 0 if text is None else parse_again_us(text)

    @Lazy
    def actor_key(self) -> str | None:
        """Agent key of the actor; None for an anonymous Group."""
        return agent_key(self.actor)

    @Lazy
    def authority_key(self) -> str | None:
        """Agent key of the authority (of an application's, when there are two); None when there is none."""
        authority = self.statement.get("authority")
        return None if authority is None else authority_key(authority)

    @Lazy
    def officers(self) -> tuple[Actor, ...]:
        """Who is named as the officer: contextAgents with that role, then the extension `officer`.

        What stands in the extension and is no Agent or Group with an identifier is an empty object here.
        """
        named = self._with_role(vocabulary.OFFICER_ROLE) if "contextAgents" in self.context else []
        if vocabulary.OFFICER in self.context_extensions:
            sent = self.context_extensions[vocabulary.OFFICER]
            named.append(sent if is_identified(sent) else _NOTHING)
        return tuple(named)

    @Lazy
    def raters(self) -> tuple[Actor, ...]:
        """Who is named as the rater beside the actor: the instructor, else contextAgents with that role."""
        instructor = self.context.get("instructor")
        return tuple(self._with_role(vocabulary.RATER_ROLE)) if instructor is None else (instructor,)

    def _with_role(self, role: str) -> list[Actor]:
        found = []
        for entry in self.context.get("contextAgents", ()):
            for kind in entry.get("relevantTypes", ()):
                if self.aliases.right(kind) == role:
                    found.append(entry["agent"])
                    break
        return found

    @Lazy
    def encounter(self) -> str:
        """What it was seen in: the registration, else the extension `encounter`, else day and activity.

        The day is that of the timestamp as it was sent, so that it is the day where it happened.
        """
        if "registration" in self.context:
            return str(self.context["registration"]).lower()
        named = self.context_extensions.get(vocabulary.ENCOUNTER)
        if isinstance(named, str) and named:
            return named
        activity = self.parents[0] if self.parents else self.object_id or ""
        return f"{str(self.statement.get('timestamp', ''))[:10]}|{activity}"

    @Lazy
    def response(self) -> str | None:
        """`result.response`, without spaces around it; None when there is none."""
        text = self.result.get("response")
        return text.strip() if isinstance(text, str) and text.strip() else None

    @Lazy
    def flags(self) -> frozenset[Flag]:
        """What the extensions `not-observed` and `not-responding` say. See `spoken_flags`, too."""
        if "extensions" not in self.result:
            return _NO_FLAGS
        marked = self.result_extensions
        keys = (
            (Flag.NOT_OBSERVED, vocabulary.NOT_OBSERVED),
            (Flag.NOT_RESPONDING, vocabulary.NOT_RESPONDING),
        )
        return frozenset(flag for flag, key in keys if marked.get(key) is True)

    @Lazy
    def spoken_flags(self) -> frozenset[Flag]:
        """The same, and a response of N.O. or NRT. For a person's rating: in a quiz, `no` is an answer."""
        if self.response is None:
            return self.flags
        token = self.response.casefold()
        if token in self.aliases.not_observed:
            return self.flags | {Flag.NOT_OBSERVED}
        if token in self.aliases.not_responding:
            return self.flags | {Flag.NOT_RESPONDING}
        return self.flags


def is_identified(sent: object) -> bool:
    """Whether `agent_key` can be trusted with what somebody put into an extension."""
    if not isinstance(sent, dict):
        return False
    account = sent.get("account")
    if isinstance(account, dict):
        return isinstance(account.get("name"), str) and isinstance(account.get("homePage"), str)
    texts = [sent[name] for name in ("mbox", "mbox_sha1sum", "openid") if name in sent]
    return account is None and len(texts) == 1 and isinstance(texts[0], str) and bool(texts[0])
