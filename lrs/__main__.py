"""`python -m lrs`: the same as the command `lrs`."""

from lrs.cli import main

main()
