"""A process that writes: run by path, so that it is a process like any other and not a copy of the tests'.

writing.py FILE NAME BATCHES SIZE    adds batches (without end for BATCHES = 0) and prints the number of
                                     each as soon as it is acknowledged
"""

import sys
import uuid
from itertools import count

from lrs.stores.contract_samples import evidence, finding, statement, submission
from lrs.stores.sqlite.store import SqliteStore


def ids_of(name: str, number: int, size: int) -> list[str]:
    return [str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{number}/{place}")) for place in range(size)]


def main(file: str, name: str, batches: int, size: int) -> None:
    store = SqliteStore(file)
    for number in range(batches) if batches else count():
        new = [statement(statement_id=one, scaled=0.5) for one in ids_of(name, number, size)]
        store.add(submission(*new, findings={one.id: [finding(evidence())] for one in new}))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
