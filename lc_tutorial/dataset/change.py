"""A change of a dataset in the making: which files are written, and where each is to be put."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lc_tutorial.dataset.keys import Keys
from lc_tutorial.dataset.state import Part, State
from lc_tutorial.system import create, settle

#: The folder, in that of the dataset, of files that are not in their places yet.
STAGING = "_staging"


class Change:
    """A change of a dataset in the making.

    Args:
        folder: of the dataset.
        state: within a transaction.

    Attributes:
        steps: of the plan: which staged file is to be put where; None: what is there is to go.
    """

    def __init__(self, folder: Path, state: State) -> None:
        self._folder = folder
        self._state = state
        self.steps: list[tuple[str | None, str]] = []

    def put(self, part: Part, keys: Keys, files: Iterable[tuple[str, pa.Table]]) -> None:
        """Give a part these files; those that are not named stay as they are.

        Args:
            part: it changes.
            keys: of the part from now on.
            files: with the names of their tables. Each is written before the next is asked for.
                One without a row is to go; a part without any file, too.
        """
        for name, table in files:
            if len(table):
                self._stage(part, name, table)
            elif name in part.rows:
                del part.rows[name], part.made_as[name]
                self.steps.append((None, part.place(name)))
        if part.rows:
            self._state.put(part, keys)
        else:
            self._state.remove(part.number)

    def drop(self, part: Part) -> None:
        """Let a part go, with its files."""
        self.steps += [(None, part.place(name)) for name in part.rows]
        self._state.remove(part.number)

    def _stage(self, part: Part, name: str, table: pa.Table) -> None:
        staged = f"{STAGING}/{name}-{part.number:06}.parquet"
        path = self._folder / staged
        with create(path, 0o600, anew=True) as file:
            pq.write_table(
                table,
                file,
                compression="zstd",
                compression_level=1,
                # Of other columns most values are different: a dictionary makes them larger.
                use_dictionary=_categories(table.schema),
            )
        settle(path)
        part.rows[name], part.made_as[name] = len(table), self._state.made_as
        self.steps.append((staged, part.place(name)))


def _categories(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if pa.types.is_dictionary(field.type)]
