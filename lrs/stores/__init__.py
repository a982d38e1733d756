"""Persistence. Only this package touches database drivers.

`base` has the protocols, `opening` opens a store by its URL, `contract` is the suite that every store passes, and
each engine has a folder of its own. Engines never import each other. What is the same for all of them, and knows no
driver, stands here: `group_commit` is the thread that writes for all who wait, `accepting` finds out what is new and
what contradicts, `order` is the order of evidence, `standing` says which evidence counts at an instant.
`moving` has the protocol by which everything goes from one store to another, `moved` what follows from the bytes of a
statement.
"""
