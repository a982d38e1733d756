"""Use cases shared by the web and the command line: each takes the store, the plugins and the clock it needs.

`Rapport` (in `lrs.services.wiring`) is the one place that knows which concrete store and plugins are in use.
"""
