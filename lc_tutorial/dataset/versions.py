"""A dataset that another version of lc_tutorial wrote, with other documented columns."""

import json
from pathlib import Path

from lc_tutorial.dataset.problems import another_version
from lc_tutorial.dataset.schema import schema_of
from lc_tutorial.dataset.state import State
from lc_tutorial.tables import NAMES


def follow(state: State, path: Path) -> None:
    """See to it that files get the columns that came to be documented since they were written.

    Args:
        state: of the dataset.
        path: of its folder.

    Raises:
        InputError: its files have documented columns that this version doesn't know.
    """
    now = {name: {field.name: str(field.type) for field in schema_of(name, {})} for name in NAMES}
    then = state.noted("documented") or {}
    if then == now:
        return
    for name, columns in then.items():
        for unknown in columns.keys() - now.get(name, {}).keys():
            raise another_version(path, f"This one knows no column {unknown} of {name}.")
    with state.transaction():
        state.note(documented=json.dumps(now))
        if state.parts:
            state.widen(
                {name: state.own.get(name, {}) for name in NAMES if then.get(name) != now[name]}
            )
