"""Where tables have their DataFrames from: answers that were read, or files."""

from typing import Any, Protocol

import pandas as pd


class Source(Protocol):
    """Where :class:`Tables` have their DataFrames from. The lock is held while one is asked for."""

    lock: Any

    def frame(self, name: str) -> pd.DataFrame:
        """One of the tables: always the same DataFrame."""
        ...

    @property
    def problems(self) -> pd.DataFrame:
        """What could not be read."""
        ...

    @property
    def unknown(self) -> pd.DataFrame:
        """What came that the platform doesn't document."""
        ...

    @property
    def repeated(self) -> int:
        """How many came more than once."""
        ...
