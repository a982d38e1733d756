"""The embedded engine: one SQLite file, several processes, no server.

`store` is the whole, on the ground of `one_file`; `writer` is what a group of jobs is committed by; `adding`, `terms`,
`sources`, `rows`, `definitions` and `references` are what a commit of statements does, `documents`, `access`,
`generations`, `rebuilding`, `mending` and `roster` what other commits do, as `jobs`; `finding`, `recorded` and these
read; `counting` makes SQL of which evidence counts; `in_flight` knows whether anyone is storing statements; `failures`
says what errors mean; `migrating` brings a file up to date; `moving_out` and `moving_in` are a move to
another store and from one, `backing_up` is the file copied page by page. SQL stands in `queries.sql` and `migrations/`.
What is the same for every engine stands in `lrs.stores`. Only `lrs.stores.opening` imports this package.
"""
