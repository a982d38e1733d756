"""Other learning record stores under the same loads, in the same session, by turns: `make bench-peers`.

A peer is installed from its package registry into an environment of its own and runs as a process of its own. Nothing
of it is imported here; what is in `inside_ralph` runs in its process.
"""
