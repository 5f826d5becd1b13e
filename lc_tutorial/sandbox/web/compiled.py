"""Templates compiled once a machine, as Python compiles its modules.

Compiling those of a walk through the Console and the consent takes longer than all of its answers.
"""

import contextlib
import pickle

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from lc_tutorial import __version__

# What reading a damaged file raises. Source: Python's documentation of pickle and marshal.
_DAMAGED = (
    *(pickle.UnpicklingError, EOFError, ValueError, TypeError),
    *(AttributeError, ImportError, IndexError, KeyError),
)


def cache_of_templates() -> BytecodeCache | None:
    """Where compiled templates are kept: a folder for temporary files that is this user's alone.

    Returns:
        None where there is no such folder: then each process compiles what it shows.
    """
    try:
        return _Kept(pattern=f"lc_tutorial-{__version__}-%s")
    except (OSError, RuntimeError):  # RuntimeError is Jinja2's word for somebody else's folder.
        return None


class _Kept(FileSystemBytecodeCache):
    """Keeps what can be kept: a full disk makes nothing but the next start slower."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept of a template, if it is of this text of it and of this Python."""
        try:
            super().load_bytecode(bucket)
        except (OSError, *_DAMAGED):
            # It can't be read, or was cut off when a disk was full: the template is compiled anew.
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)
