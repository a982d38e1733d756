"""The plugin host, and the front door for authors of plugins: everything a plugin needs is in here.

A plugin is a module (or object) named by an entry point of the group `lrs`. It implements hooks, functions
that are marked with `hookimpl`; `lrs.plugin.spec` describes each. Most are two JSON files and a few lines:

    from lrs.plugin import hookimpl, packaged_alignment, packaged_rubric

    @hookimpl
    def lrs_rubrics():
        return [packaged_rubric(__name__)]

    @hookimpl
    def lrs_recognisers(config):
        return [packaged_alignment(__name__, config)]

What is in here:

- `hookimpl` marks the implementation of a hook.
- `Rubric`, `Indicator`, `Scale`: what a competency is made of; `packaged_rubric` reads `rubric.json`,
  `packaged_json` any other file of a package.
- `Alignment`: the recogniser that is data; `packaged_alignment` reads `alignment.json`, and
  `configuration_schema` is what an agency may set for it.
- `DataPlugin`: the plugin that is a package of these two files, and no code.
- `Recogniser`: what a recogniser in Python must have. It is shown a `StatementView` and answers with
  `Evidence` (of a `Tier`, with `Flag`s, about a `SubjectType`), and may say why or why not with `Outcome`s.
- `Model`: what a model in Python must have. It is shown `Vote`s, the `Policy` in force and the rubric's `Cut`, and
  answers with an `Aggregate`; `vote_weight` is what a vote weighs, `Step` one line of a model's working.
- `Explainer` and `ReportColumn`: what adds sentences to explanations and columns to reports.
- `agent_key`: the text that identifies an agent, for `subject` and `rater`.
- `PluginError`: what to raise when a plugin cannot be set up.
- `lrs.plugin.testing`: builders and hosts for a plugin's own tests.

Who may import it: the services, the command line, and plugins. It imports `lrs.competency` and what is below;
a plugin imports this module, `lrs.plugin.testing` and nothing else of ours.
"""

from lrs.competency.additions import Explainer, ReportColumn
from lrs.competency.decayed_beta import vote_weight
from lrs.competency.encounters import Vote
from lrs.competency.evidence import Evidence, Flag, SubjectType, Tier
from lrs.competency.models import Aggregate, Model, Step
from lrs.competency.policy import Policy
from lrs.competency.rubric import Cut, Indicator, Rubric, Scale
from lrs.errors import PluginError
from lrs.plugin.alignment import Alignment, configuration_schema
from lrs.plugin.authoring import DataPlugin, packaged_alignment, packaged_json, packaged_rubric
from lrs.plugin.recogniser import Outcome, Recogniser
from lrs.plugin.spec import hookimpl
from lrs.plugin.view import StatementView
from lrs.xapi.actors import agent_key

__all__ = [
    "Aggregate",
    "Alignment",
    "Cut",
    "DataPlugin",
    "Evidence",
    "Explainer",
    "Flag",
    "Indicator",
    "Model",
    "Outcome",
    "PluginError",
    "Policy",
    "Recogniser",
    "ReportColumn",
    "Rubric",
    "Scale",
    "StatementView",
    "Step",
    "SubjectType",
    "Tier",
    "Vote",
    "agent_key",
    "configuration_schema",
    "hookimpl",
    "packaged_alignment",
    "packaged_json",
    "packaged_rubric",
    "vote_weight",
]
