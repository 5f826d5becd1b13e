"""Tables that grow on disk: kept up to date, read a part at a time, and by other programs too.

Raises:
    TutorialError: pyarrow, which reads and writes Parquet, is missing. It is an extra: of what the
        course can do only this needs it, and it takes a third of the room of all the rest.
"""

from importlib.util import find_spec

import lazy_loader

from lc_tutorial.errors import TutorialError

if find_spec("pyarrow") is None:
    raise TutorialError(
        what="Kept tables are Parquet files, and pyarrow, which writes and reads them, is missing.",
        why="It is large, and all the rest of the course does without it.",
        remedy="Run `%pip install pyarrow` in a cell, restart the kernel, and go on here.",
    )

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
