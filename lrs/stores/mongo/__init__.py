"""The engine for when one machine is not enough: a database of MongoDB, any number of processes and machines.

`store` is the whole, on the ground of `one_database`; `cluster` is the driver with our concerns, `models` what is kept
and by which indexes (`making` makes them). `units` writes all or nothing, by transactions or by `undo`; `adding`,
`sources` and `references` are what a commit of statements does, `generations`, `rebuilding` and `mending` what other
units do. `reading` says what is visible; `finding`, `recorded`, `counting` and `claims` read. `documents`, `access` and
`files` need no units; `moving_out` and `moving_in` are for `lrs copy`, `health` for `lrs doctor`, `sober` tells
the time. Only `lrs.stores.opening` imports this package.
"""
