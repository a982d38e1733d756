"""The embedded engine: one SQLite file, several processes, no server.

`store` is the whole, on the ground of `one_file`; `writer` commits; `adding`, `terms`, `sources`, `rows`, `definitions`
and `references` are what a commit of statements does, `documents`, `access`, `generations`, `rebuilding`, `mending` and
`roster` what other commits do; `finding`, `recorded` and these read; `counting` says which evidence counts;
`in_flight` knows whether anyone is storing statements; `migrating` brings a file up to date. SQL stands in
`queries.sql` and `migrations/`. Only `lrs.stores.opening` imports this package.
"""
