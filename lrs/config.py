"""Settings: one frozen `Config`, read from a TOML file and the environment. The only reader of `os.environ`.

The environment wins over the file, the file over the defaults. `SETTINGS` is the one table of them all;
`docs/reference/settings.md` is held to it by a test.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lrs.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting of a server, with its default."""

    store: str = "sqlite:///rapport.db"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 32
    base_url: str = ""
    max_body_bytes: int = 64 * 1024 * 1024
    max_json_bytes: int = 16 * 1024 * 1024
    max_statement_bytes: int = 1024 * 1024
    max_batch: int = 10_000
    page_size: int = 100
    max_page_size: int = 500
    compression: bool = True
    log_level: str = "info"
    log_format: str = "json"
    session_hours: int = 12
    session_idle_minutes: int = 30
    sign_in_tries: int = 10
    trusted_proxies: int = 0
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_label: str = "your agency's sign-on"
    plugins_off: tuple[str, ...] = ()
    plugin_folders: tuple[str, ...] = ()
    scoring: Mapping[str, Any] = field(default_factory=dict)
    """Table `[scoring]`: parameters of the model, see `lrs.competency.decayed_beta.Policy`."""
    plugins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Tables `[plugins.NAME]`: each plugin's own configuration, checked by its own schema."""

    @property
    def home_page(self) -> str:
        """`homePage` of the accounts that name keys as authorities: it must not change with host or port."""
        return (self.base_url or "http://localhost").rstrip("/")

    @property
    def public_url(self) -> str:
        """Where clients reach this server, without a trailing slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings: `LRS_<NAME>` in the environment, `<name>` in the file."""

    name: str
    parse: Callable[[str], Any]
    expected: str
    meaning: str

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"LRS_{self.name.upper()}"


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def _from_zero(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError(text)
    return value


def _url(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text):
        raise ValueError(text)
    return text


def _port(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 65535:
        raise ValueError(text)
    return value


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return parse


def _switch(text: str) -> bool:
    return _one_of("true", "false")(text.lower()) == "true"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in text.split(",")) if name)


SETTINGS: tuple[Setting, ...] = (
    Setting("store", str, "sqlite:///FILE or mongodb://HOST/DATABASE", "Where everything is kept."),
    Setting("host", str, "an address", "Address that `lrs serve` listens on."),
    Setting("port", _port, "a port number, 1 to 65535", "Port that `lrs serve` listens on."),
    Setting("workers", _positive, "a number ≥ 1", "Worker processes of `lrs serve`."),
    Setting("threads", _positive, "a number ≥ 1", "Requests that one worker serves at a time."),
    Setting(
        "base_url",
        _url,
        "a URL, http(s)://HOST[:PORT][/PATH]",
        "Public URL, when a proxy stands in front; names the authority of keys.",
    ),
    Setting("max_body_bytes", _positive, "bytes ≥ 1", "Largest request body; beyond it 413."),
    Setting(
        "max_json_bytes",
        _positive,
        "bytes ≥ 1",
        "Largest JSON of one request, without attachments; beyond it 413.",
    ),
    Setting("max_statement_bytes", _positive, "bytes ≥ 1", "Largest single statement; beyond it 413."),
    Setting("max_batch", _positive, "a number ≥ 1", "Most statements in one POST; beyond it 413."),
    Setting("page_size", _positive, "a number ≥ 1", "Statements on a page when no `limit` is given."),
    Setting("max_page_size", _positive, "a number ≥ 1", "Most statements on a page; what `limit=0` means."),
    Setting(
        "compression",
        _switch,
        "true or false",
        "Whether answers are compressed for clients that ask for it.",
    ),
    Setting(
        "log_level",
        _one_of("debug", "info", "warning", "error"),
        "debug, info, warning or error",
        "Least severe log lines that are written.",
    ),
    Setting("log_format", _one_of("json", "text"), "json or text", "Form of log lines on standard error."),
    Setting(
        "session_hours", _positive, "hours ≥ 1", "A session of the dashboard ends after this, used or not."
    ),
    Setting(
        "session_idle_minutes",
        _positive,
        "minutes ≥ 1",
        "A session of the dashboard ends unused for so long.",
    ),
    Setting(
        "sign_in_tries",
        _from_zero,
        "a number ≥ 0",
        "Tries to sign in that one address has in a minute, in each worker; 0: no limit.",
    ),
    Setting(
        "trusted_proxies",
        _from_zero,
        "a number ≥ 0",
        "Proxies in front that each add to X-Forwarded-For: whose address it is that tries to sign in.",
    ),
    Setting(
        "oidc_issuer", _url, "a URL", "Issuer of the agency's own sign-on (OpenID Connect); empty: none."
    ),
    Setting("oidc_client_id", str, "text", "What the issuer knows this server as."),
    Setting("oidc_client_secret", str, "text", "The secret that the issuer gave this server."),
    Setting("oidc_label", str, "text", "How the sign-in page calls the agency's own sign-on."),
    Setting("plugins_off", _names, "names, joined by commas", "Installed plugins that are not to be loaded."),
    Setting(
        "plugin_folders",
        _names,
        "folders, joined by commas",
        "Folders that each are a plugin: a rubric and an alignment file, no code.",
    ),
)


def share_metrics(folder: str) -> None:
    """Let the workers that this process starts add up their metrics in files of `folder`.

    prometheus-client reads where from the environment, at its import.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder


_TABLES = ("scoring", "plugins")


def load(environ: Mapping[str, str] | None = None, file: str | os.PathLike[str] | None = None) -> Config:
    """The settings in force: `file` (else `LRS_CONFIG`, else `rapport.toml` here, if there is one), then `LRS_*`.

    Raises `ConfigError` that names the setting, what was found and what was expected; unknown settings in the
    file, and unknown `LRS_` variables, are errors too: a misspelt setting must not be ignored.
    """
    env = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    path = Path(file or env.get("LRS_CONFIG") or "rapport.toml")
    if path.exists():
        values.update(_from_file(path))
    elif file or env.get("LRS_CONFIG"):
        raise ConfigError(f"There is no configuration file {path}.")
    known = {setting.variable: setting for setting in SETTINGS}
    for variable, text in env.items():
        if not variable.startswith("LRS_") or variable == "LRS_CONFIG" or variable.startswith("LRS_TEST_"):
            continue
        if variable not in known:
            raise ConfigError(f"{variable} is not a setting. Settings: {', '.join(known)}, LRS_CONFIG.")
        values[known[variable].name] = _parsed(known[variable], variable, text)
    config = Config(**values)
    if config.page_size > config.max_page_size:
        raise ConfigError(
            f"page_size is {config.page_size}, more than max_page_size, {config.max_page_size}."
        )
    if config.oidc_issuer and not (config.oidc_client_id and config.base_url):
        raise ConfigError(
            "oidc_issuer needs oidc_client_id, and base_url: the issuer sends people back to it."
        )
    return config


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ConfigError(f"{path} cannot be read: {exc}") from exc
    known = {setting.name: setting for setting in SETTINGS}
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name in _TABLES:
            if not isinstance(value, dict):
                raise ConfigError(f"{path}: {name} is {value!r}; expected a table.")
            values[name] = value
        elif name in known:
            text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
            values[name] = _parsed(known[name], f"{path}: {name}", text)
        else:
            raise ConfigError(f"{path}: {name} is not a setting. Settings: {', '.join((*known, *_TABLES))}.")
    return values


def _parsed(setting: Setting, where: str, text: str) -> object:
    try:
        return setting.parse(text)
    except ValueError as exc:
        raise ConfigError(f"{where} is {text!r}; expected {setting.expected}.") from exc
