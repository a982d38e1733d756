"""The demo academy: a seeded generator of plausible training statements, and the client that posts them.

Every person in it is invented and plainly named so. `lrs.cli`, the tests and the benchmarks may import it; it
imports `lrs.errors`, and for its roster `lrs.cohort` and `lrs.xapi.actors`; it reaches a server only through HTTP, as
any vendor does.
"""
