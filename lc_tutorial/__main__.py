"""``python -m lc_tutorial`` is ``lc-tutorial``."""

import sys

from lc_tutorial.cli import main

if __name__ == "__main__":
    sys.exit(main())
