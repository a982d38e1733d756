"""A process that rebuilds: run by path, so that it is a process like any other.

rebuilding.py FILE NAME LEASE    takes part after part of the rebuild of version 2.0, one statement each, for LEASE
                                 microseconds, and prints the number of each as soon as it is finished; ends when
                                 none is to be had
"""

import sys

from lrs.stores.contract_rebuild import NEW, everywhere, looked_at
from lrs.stores.sqlite.store import SqliteStore


def main(file: str, name: str, lease_us: int) -> None:
    store = SqliteStore(file)
    begun = store.begin_rebuild([NEW], part_statements=1)
    while begun is not None and (part := store.take_part(begun.number, name, lease_us=lease_us)):
        if store.finish_part(part, looked_at(store, part, everywhere)):
            sys.stdout.write(f"{part.number}\n")
            sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
