"""The terminal that a person types in, and what it can show."""

import os
import re
import shlex
import sys
from collections.abc import Sequence

from lc_tutorial.system import which


def has_display() -> bool:
    """Whether a browser can open a window here."""
    if which.is_windows() or which.is_macos() or os.environ.get("BROWSER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show_what_it_can() -> None:
    """Let what is printed have a mark in the place of each character that can't be shown.

    Otherwise a folder's name ends the program. On Windows, output that goes to a file or another
    program has the few characters of the country's code page; elsewhere the locale may be such.
    """
    for stream in (sys.stdout, sys.stderr):
        # A test's own stream, or none at all, as under pythonw.
        if getattr(stream, "errors", None) == "strict" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def in_a_shell(words: Sequence[str]) -> str:
    """A command as it is typed: for sh, bash and zsh, or for both of the shells of Windows.

    Args:
        words: the program and its arguments.
    """
    if not which.is_windows():
        return shlex.join(words)
    # PowerShell takes a quoted text at the beginning for a text and no program; what is quoted in
    # the middle of a path is as good to it as to cmd.
    # assumed: from their documentation; Windows is not tested.
    program, *others = words
    parts = [_in_double_quotes(part) for part in program.split("\\")]
    return " ".join(["\\".join(parts), *map(_in_double_quotes, others)])


def _in_double_quotes(word: str) -> str:
    return word if re.fullmatch(r"[\w.:/\\+-]+", word) else f'"{word}"'
