"""The embedded engine: one SQLite file, several processes, no server.

`store` is the whole; `writer` commits; `adding`, `terms` and `references` are what a commit does; `finding`,
`recorded` and `access` read; `in_flight` knows whether anyone is writing; `migrating` brings a file up to
date. SQL stands in `queries.sql` and `migrations/`. Only `lrs.stores.opening` imports this package.
"""
