"""Persistence. Only this package touches database drivers.

`base` has the protocols, `opening` opens a store by its URL, `contract` is the suite that every store passes, and
each engine has a folder of its own.
"""
