"""Whether the environment of this Python can still be used: status 1 if not.

    .venv/bin/python tools/still_fits.py

It can't where this Python is too old, or not the one that made it, as its packages belong to that
one; nor where it was moved, as its programs name the place where they were installed. The Python
may be any, so this is written for older ones too.
"""

import os
import sys


def still_fits(prefix: str, version: "tuple[int, int]") -> bool:
    """Look at an environment.

    Args:
        prefix: its folder.
        version: of its Python.
    """
    with open(os.path.join(prefix, "pyvenv.cfg"), encoding="utf-8") as file:
        told = dict(line.strip().split(" = ", 1) for line in file if " = " in line)
    made_by = told.get("version_info") or told.get("version", "")
    if version < (3, 11) or not made_by.startswith(f"{version[0]}.{version[1]}."):
        return False
    program = os.path.join(prefix, "bin", "lc-tutorial")
    if not os.path.exists(program):
        return True
    with open(program, encoding="utf-8", errors="replace") as file:
        begins = file.read(2_000)
    return any(place in begins for place in (prefix, os.path.realpath(prefix)))


if __name__ == "__main__":
    sys.exit(not still_fits(sys.prefix, sys.version_info[:2]))
