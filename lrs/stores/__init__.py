"""Persistence. Only this package touches database drivers.

`base` has the protocols, `opening` opens a store by its URL, `contract` is the suite that every store passes, and
each engine has a folder of its own. Engines never import each other. What is the same for all of them, and knows no
driver, stands here: `group_commit` is the thread that writes for all who wait, `accepting` finds out what is new and
what contradicts, `asked` is what a query asks of an index, `order` the order of evidence, `standing` says which
evidence counts at an instant, `later_work` what a rebuild and a mend are. `moving` has the protocol by which all goes
from one store to another, `moved` what follows from what is moved.
"""
