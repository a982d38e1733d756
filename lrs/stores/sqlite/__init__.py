"""The embedded engine: one SQLite file, several processes, no server.

`store` is the whole; `writer` commits; `adding`, `terms`, `definitions` and `references` are what a commit of
statements does, `documents` and `access` what other commits do; `finding`, `recorded` and these two read;
`in_flight` knows whether anyone is storing statements; `migrating` brings a file up to date. SQL stands in
`queries.sql` and `migrations/`. Only `lrs.stores.opening` imports this package.
"""
