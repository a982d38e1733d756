"""The command line: `lrs`, a module per command family.

Commands import what they need when they run, so that `lrs --help` answers at once.
"""

from lrs.cli.main import main

__all__ = ["main"]
