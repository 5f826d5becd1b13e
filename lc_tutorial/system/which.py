"""Which system this is."""

import sys

#: As Python names it. Tests put another one here, and the ways of that system are gone.
name = sys.platform


def is_linux() -> bool:
    """Whether this is Linux."""
    return name == "linux"


def is_macos() -> bool:
    """Whether this is macOS."""
    return name == "darwin"


def is_windows() -> bool:
    """Whether this is Windows."""
    return name == "win32"
