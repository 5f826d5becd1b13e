"""Names of files and folders that a system can't have.

Windows takes some for something else, and says nothing: ``aux`` is a device, ``chats:may`` a hidden
part of a file ``chats``, and of ``chats.`` it drops the dot. Source: Microsoft, "Naming Files,
Paths, and Namespaces".
"""

import errno
import os
import re
from pathlib import PureWindowsPath

from lc_tutorial.system import which

#: Characters that a whole name may have, with its folders; Windows counts one more at its end.
LONGEST = 259

_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³]) *(\..*)?", re.IGNORECASE
)
_CHARACTER = re.compile(r'[<>:"|?*\x00-\x1f]')


def why_no_name(path: "str | os.PathLike[str]") -> str | None:
    """Why this system has no file or folder of a name, in a sentence; None where it may have it.

    Args:
        path: of it; each of its folders counts.

    >>> why_no_name("chats") is None
    True
    """
    if not which.is_windows():
        return None
    whole = PureWindowsPath(path)
    for name in whole.parts[bool(whole.anchor) :]:
        why = _why_not(name)
        if why:
            return why
    return None


def check_name(path: "str | os.PathLike[str]") -> None:
    """Raise an error for a name that this system can't have.

    Raises:
        OSError: it can't, and says why; ``filename`` is the path.
    """
    if why := why_no_name(path):
        raise OSError(errno.EINVAL, why, os.fspath(path))


def _why_not(name: str) -> str | None:
    if _DEVICE.fullmatch(name):
        return f"To Windows, {name} is the name of a device, whatever follows its dot."
    wrong = _CHARACTER.search(name)
    if wrong:
        return f"Windows has no names with {wrong[0]!r} in them."
    if name not in (".", "..") and name.endswith((".", " ")):
        return f"Windows drops a dot or a blank at the end of a name, as in {name!r}."
    return None
