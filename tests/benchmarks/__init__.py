"""How quick the real server is, beside the limits of the machine it runs on: `make bench`.

Not collected by pytest: nothing in here is a test, and nothing asserts seconds. The modules: `client` drives a
server, `server` and `echo` are what is driven, `statements` and `stores` prepare, `writing` and `reading` are the
loads, `figures` holds what was measured, `marks` and `report` tell it.
"""
