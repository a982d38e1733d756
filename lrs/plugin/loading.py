"""From an entry point to a loaded plugin, or to an error that names it.

A plugin that is missing would silently change people's profiles. pluggy's own loader skips a plugin whose
name is taken and passes on whatever a broken one raises, so the entry points are loaded here, one by one, and
pluggy checks and calls the hooks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import EntryPoint
from typing import Any

import jsonschema
import pluggy
import referencing.exceptions

from lrs import schemas
from lrs.competency.additions import Explainer, ReportColumn
from lrs.competency.evidence import Source
from lrs.competency.models import Model, is_model_id
from lrs.competency.rubric import Rubric
from lrs.errors import Detail, LrsError, PluginError
from lrs.plugin import spec
from lrs.plugin.authoring import in_words
from lrs.plugin.host import LoadedPlugin, PluginInfo
from lrs.plugin.recogniser import Recogniser

_KINDS: Mapping[str, str] = {
    "lrs_recognisers": "recogniser",
    "lrs_explanations": "explainer",
    "lrs_report_columns": "report column",
}
"""What the answers of a hook are called."""


def distinct(points: Iterable[EntryPoint], off: Collection[str]) -> list[EntryPoint]:
    """The entry points to load, by name. Raises `PluginError` when two have the same name."""
    chosen: dict[str, EntryPoint] = {}
    ordered = sorted(points, key=lambda point: (point.name, _distribution(point), point.value))
    for point in ordered:
        if point.name in off:
            continue
        if point.name in chosen:
            first = chosen[point.name]
            raise PluginError(
                f"Two plugins are named '{point.name}': {first.value} of {_origin(first)} and "
                f"{point.value} of {_origin(point)}. Uninstall one, or put the name in plugins_off."
            )
        chosen[point.name] = point
    return list(chosen.values())


def load(point: EntryPoint, config: Mapping[str, Any] | None) -> LoadedPlugin:
    """Import what an entry point points at, and ask it for everything that it contributes.

    Raises `PluginError` that names plugin, distribution and cause.
    """
    plugin, hooks = _registered(point)
    _check_config(point, _answer(point, hooks, "lrs_config_schema"), config)
    settings = config or {}
    rubrics = _all(point, hooks, "lrs_rubrics", Rubric)
    recognisers = _by_name(point, hooks, "lrs_recognisers", Recogniser, settings)
    models = _models(point, hooks, settings)
    explainers = _by_name(point, hooks, "lrs_explanations", Explainer, settings)
    columns = _by_name(point, hooks, "lrs_report_columns", ReportColumn, settings)
    for recogniser in recognisers:
        _check_verbs(point, recogniser)
    info = PluginInfo(
        name=point.name,
        version=point.dist.version if point.dist else str(getattr(plugin, "__version__", "0")),
        distribution=_distribution(point),
        summary=(getattr(plugin, "__doc__", None) or "").strip().partition("\n")[0],
        competencies=tuple(sorted(rubric.competency for rubric in rubrics)),
        recognisers=tuple(each.name for each in recognisers),
        models=tuple(model.id for model in models),
        explanations=tuple(each.name for each in explainers),
        report_columns=tuple(each.name for each in columns),
    )
    return LoadedPlugin(
        info=info,
        rubrics=tuple(rubrics),
        recognisers=recognisers,
        source=source_of(info, rubrics, recognisers, settings),
        models=models,
        explainers=explainers,
        report_columns=columns,
    )


def source_of(
    info: PluginInfo, rubrics: Iterable[Rubric], recognisers: Iterable[Recogniser], config: Mapping[str, Any]
) -> Source:
    """Who finds evidence: its digest changes with everything that the evidence hangs on.

    A recogniser that is data says by its `digest` what it is made of; of code, the version has to tell.
    """
    files = [rubric.as_dict() for rubric in sorted(rubrics, key=lambda rubric: rubric.competency)]
    whole = {
        "plugin": info.name,
        "version": info.version,
        "configuration": config,
        "rubrics": files,
        "recognisers": {each.name: getattr(each, "digest", None) for each in recognisers},
    }
    # default=str: a table of TOML may hold dates.
    canonical = json.dumps(whole, sort_keys=True, ensure_ascii=False, default=str)
    return Source(
        plugin=info.name,
        version=info.version,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        rubrics=json.dumps(files, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    )


def _registered(point: EntryPoint) -> tuple[object, pluggy.HookRelay]:
    """The plugin and its hooks. It has a pluggy manager to itself: no other plugin can come between."""
    manager = pluggy.PluginManager(spec.PROJECT)
    manager.add_hookspecs(spec)
    try:
        plugin = point.load()
        if isinstance(plugin, type):
            raise TypeError(f"{point.value} is a class; an entry point names a module or an object")
        manager.register(plugin, name=point.name)
        manager.check_pending()
    # A plugin may raise anything while it is imported; sys.exit() there must not pass for a wish of ours.
    except (Exception, SystemExit) as exc:
        raise _broken(point, f"cannot be loaded: {_cause(exc)}", exc) from exc
    if not manager.get_hookcallers(plugin):
        raise _broken(point, "implements no hook; mark its functions with lrs.plugin.hookimpl")
    return plugin, manager.hook


def _answer(point: EntryPoint, hooks: pluggy.HookRelay, hook: str, **arguments: Any) -> Any:
    try:
        return getattr(hooks, hook)(**arguments)
    except (Exception, SystemExit) as exc:
        raise _broken(point, f"fails in {hook}: {_cause(exc)}", exc) from exc


def _all(point: EntryPoint, hooks: pluggy.HookRelay, hook: str, kind: type, **arguments: Any) -> list[Any]:
    """Everything in the iterable that the hook answers, each checked to be of `kind`."""
    found: list[Any] = []
    for answer in _answer(point, hooks, hook, **arguments):
        try:
            found.extend(answer)
        except (Exception, SystemExit) as exc:
            raise _broken(point, f"fails in {hook}: {_cause(exc)}", exc) from exc
    for each in found:
        if not isinstance(each, kind):
            raise _broken(point, f"answers {hook} with a {type(each).__name__}, which is no {kind.__name__}")
    return found


def _by_name(
    point: EntryPoint, hooks: pluggy.HookRelay, hook: str, kind: type, config: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Everything that the hook answers, in order of name; no two have the same."""
    found = _all(point, hooks, hook, kind, config=config)
    what = _KINDS[hook]
    for each in found:
        if not isinstance(each.name, str) or not each.name:
            raise _broken(point, f"has {_a(what)} whose name is {each.name!r}")
    names = sorted(each.name for each in found)
    if len(set(names)) < len(names):
        raise _broken(point, f"has two {what}s of the same name: {', '.join(names)}")
    return tuple(sorted(found, key=lambda each: str(each.name)))


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _models(point: EntryPoint, hooks: pluggy.HookRelay, config: Mapping[str, Any]) -> tuple[Model, ...]:
    models = _all(point, hooks, "lrs_models", Model, config=config)
    for model in models:
        if not is_model_id(model.id):
            raise _broken(point, f"has a model whose id is {model.id!r}, and not name/version")
    return tuple(sorted(models, key=lambda model: str(model.id)))


def _check_config(point: EntryPoint, schema: object, config: Mapping[str, Any] | None) -> None:
    table = f"the table [plugins.{point.name}]"
    if schema is None:
        if config:
            raise _broken(point, f"takes no configuration, and there is {table}")
        return
    if not isinstance(schema, Mapping):
        raise _broken(
            point, f"answers lrs_config_schema with a {type(schema).__name__}, which is no JSON Schema"
        )
    try:
        details = tuple(schemas.problems(schemas.validator(schema), dict(config or {})))
    except (jsonschema.SchemaError, referencing.exceptions.Unresolvable) as exc:
        raise _broken(point, f"has a configuration schema that is not valid: {_cause(exc)}", exc) from exc
    if details:
        raise PluginError(f"{_who(point)} is configured wrongly in {table}: {in_words(details)}.", details)


def _check_verbs(point: EntryPoint, recogniser: Recogniser) -> None:
    verbs = recogniser.verbs
    if verbs is not None and not (
        isinstance(verbs, frozenset) and all(isinstance(verb, str) for verb in verbs)
    ):
        name = recogniser.name
        raise _broken(point, f"has a recogniser, {name}, whose verbs are neither a frozenset of ids nor None")


def _broken(point: EntryPoint, what: str, cause: BaseException | None = None) -> PluginError:
    details: tuple[Detail, ...] = cause.details if isinstance(cause, LrsError) else ()
    return PluginError(f"{_who(point)} {what}.", details)


def _cause(exc: BaseException) -> str:
    if isinstance(exc, LrsError):
        text = exc.message.rstrip(".")
        return f"{text}: {in_words(exc.details)}" if exc.details else text
    if isinstance(exc, jsonschema.SchemaError):
        return f"{exc.json_path}: {exc.message}"
    return f"{type(exc).__name__}: {exc}".rstrip(": ")


def _who(point: EntryPoint) -> str:
    return f"Plugin '{point.name}' ({_origin(point)})"


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "no distribution"


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""
