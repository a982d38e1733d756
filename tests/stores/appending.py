"""A process that writes into the audit log: run by path, so that it is a process like any other.

appending.py URL NAME COUNT    appends COUNT entries (without end for 0), whoever else does so; prints the number of
                               each as soon as it is acknowledged
"""

import sys

from lrs.stores.audit import Happening
from lrs.stores.opening import open_store


def main(url: str, name: str, count: int) -> None:
    store = open_store(url)
    done = 0
    while done < count or not count:
        entry = store.append_audit(Happening(at_us=done, actor=f"user:{name}", action="read profile"))
        sys.stdout.write(f"{entry.number}\n")
        sys.stdout.flush()
        done += 1
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
