"""Whether the files of a dataset are whole, as a reader sees them who knows nothing of us."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from comparing import IDS

from lc_tutorial.tables import NAMES


def files_of(folder: Path, name: str = "*") -> list[Path]:
    """The Parquet files of a table, or of all."""
    return sorted(folder.glob(f"{name}/*/*.parquet"))


def assert_whole(folder: Path) -> None:
    """Each row once, each file as all of its table, nothing planned, and nothing lying about."""
    assert not (folder / "_staging").exists()
    there = {each.name for each in folder.iterdir()} - {*NAMES}
    # SQLite may leave a journal that has nothing to take back.
    assert there - {"_state.sqlite-journal"} == {"_state.sqlite", "_lock", "README.txt"}
    with closing(sqlite3.connect(folder / "_state.sqlite")) as state:
        assert state.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert state.execute("SELECT count(*) FROM step").fetchone() == (0,)
        noted = state.execute("SELECT sum(rows) FROM file GROUP BY name ORDER BY name").fetchall()
        (files,) = state.execute("SELECT count(*) FROM file").fetchone()
    assert files == len(files_of(folder)), "there is no file that nobody knows"
    rows = []
    for name in sorted(NAMES):
        schemas = [pq.read_schema(file) for file in files_of(folder, name)]
        assert all(schema.equals(schemas[0], check_metadata=True) for schema in schemas), name
        if schemas:
            frame = pd.read_parquet(folder / name)
            assert not frame[IDS[name]].duplicated().any(), name
            rows.append((len(frame),))
    assert rows == noted
