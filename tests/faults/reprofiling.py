"""`lrs reprofile` in small parts: run by path, so that it can be killed in the middle, on a store of any size.

reprofiling.py STATEMENTS    that many in a part; the store is that of the settings, as ever
"""

import sys

from lrs.cli import main
from lrs.services.reprofile import Reprofile

if __name__ == "__main__":
    Reprofile.__init__.__kwdefaults__.update(part_statements=int(sys.argv[1]), lease_us=500_000)
    sys.argv[1:] = ["reprofile", "--json"]
    main()
