"""A process that counts in a document: run by path, so that it is a process like any other.

swapping.py FILE NAME UNTIL    says `ready`, waits for a line, then counts the document on by compare-and-swap,
                               against whoever else does so, until it stands at UNTIL (without end for 0);
                               prints each number that it put, as soon as that is acknowledged
"""

import sys

from lrs.stores.base import Document
from lrs.stores.contract_samples import document, state_scope
from lrs.stores.sqlite.store import SqliteStore

SCOPE = state_scope(registration="ec531277-b57b-4c15-8d91-d292c5b2b8f7")
ID = "counter"


def counted(number: int, name: str) -> Document:
    return document(f"{number} {name}".encode(), "text/plain", number)


def number_in(kept: Document | None) -> int:
    return int(kept.content.split()[0]) if kept else 0


def main(file: str, name: str, until: int) -> None:
    store = SqliteStore(file)
    say("ready")
    sys.stdin.readline()
    while (number := number_in(old := store.document(SCOPE, ID))) < until or not until:
        if store.swap_document(SCOPE, ID, old.etag if old else None, counted(number + 1, name)):
            say(number + 1)
    store.close()


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
