"""Rows of a table as plain Python has them."""

from typing import Any

import pandas as pd


def value(cell: Any) -> Any:
    """A cell; None where it is missing."""
    if isinstance(cell, tuple):
        return [*cell]
    if isinstance(cell, pd.Timestamp):
        return cell.isoformat()
    return None if pd.isna(cell) else getattr(cell, "item", lambda: cell)()


def row(frame: pd.DataFrame, number: int = 0) -> dict[str, Any]:
    """A row, by the names of its columns."""
    return {name: value(frame[name].iloc[number]) for name in frame}
