"""How quick the real server is, beside the limits of the machine it runs on: `make bench`.

Not collected by pytest: nothing in here is a test, and nothing asserts seconds (`tests/test_benchmarks.py` tests it).
`session` is what the command does. The modules that it stands on:

- `client` drives a server; `server` and `echo` are what is driven; `statements`, `stores`, `questions` prepare.
- `writing`, `reading`, `mongo_loads` and `growth` are the loads; `bare_sqlite`, `store_rows` and `transactions` are
  limits that need no server.
- `figures` holds what was measured; `marks`, `checking`, `report` and `page` tell it.

Commands of their own: `starting` (with `installed`), `scoring` (with `cohort_store`), `sizes`, and `peers`.
"""
