"""Rapport: a learning record store that turns training evidence into competency profiles.

The rooms, top floor first; each imports only what is below it:

`cli` and `web` (surfaces) · `demo` (a generated academy) · `services` (use cases) · `plugin` (the host for
scoring plugins) and `stores` (persistence) · `competency` (the scoring model, pure) · `xapi` (the wire format,
pure) · `schemas` and `config` · `errors`.
"""

__version__ = "0.1.0"
