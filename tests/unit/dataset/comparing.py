"""Whether kept tables are those that ``lc.tables`` makes."""

from typing import Any

import pandas as pd

from lc_tutorial.tables import NAMES, Tables

#: By what the rows of a table are told apart.
IDS = {
    "chats": ["chat_id"],
    "users": ["chat_id", "user_id"],
    "threads": ["chat_id", "thread_id"],
    "events": ["chat_id", "thread_id", "event_id", "type", "created_at"],
    "tags": ["chat_id", "thread_id", "tag"],
}


def in_order(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The same rows, by their ids, and with the categories that they have."""
    categories = frame.select_dtypes("category")
    frame = frame.assign(
        **{each: frame[each].cat.remove_unused_categories() for each in categories}
    )
    # What an account's own column has as its dtype depends on rows that are not kept, too.
    own = [each for each in frame.columns if "." in each]
    frame = frame.assign(
        **{each: frame[each].astype(object).where(frame[each].notna(), None) for each in own}
    )
    ids = frame[IDS[name]].astype(str)
    return frame.loc[ids.sort_values(IDS[name], kind="stable").index].reset_index(drop=True)


def assert_same(kept: Tables, made: Tables, **rest: Any) -> None:
    """Compare all tables, cell by cell, with columns and dtypes; only the order of rows may differ.

    Args:
        kept: from a folder.
        made: by ``lc.tables``.
        rest: for pandas.
    """
    assert kept.names == made.names == NAMES
    assert kept.with_all_events == made.with_all_events
    for name in NAMES:
        one, other = in_order(getattr(kept, name), name), in_order(getattr(made, name), name)
        pd.testing.assert_frame_equal(one, other, **rest)
