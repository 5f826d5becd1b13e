"""What people use reads every table, without any options from us."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask.dataframe
import duckdb
import pandas as pd
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset
import pytest
from kept_pages import PAGES

import lc_tutorial as lc
from lc_tutorial.dataset import keep_tables, keeping, parts
from lc_tutorial.tables import NAMES, Tables


@pytest.fixture(scope="module", params=[*PAGES])
def kept(request: pytest.FixtureRequest, tmp_path_factory: Any) -> tuple[Path, Tables]:
    """Several months, several parts of a month, a month that nobody knows; widened columns."""
    folder = tmp_path_factory.mktemp("readers") / "kept"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "_PAGES_AT_ONCE", 2)
        patch.setattr(parts, "ENOUGH", 2)
        keep_tables(PAGES[request.param](), folder)
    return folder, lc.tables(PAGES[request.param]())


def by_pandas(folder: Path) -> pa.Table:
    return pa.Table.from_pandas(pd.read_parquet(folder), preserve_index=False)


def by_arrow(folder: Path) -> pa.Table:
    return pyarrow.dataset.dataset(folder, partitioning="hive").to_table()


def by_duckdb(folder: Path) -> pa.Table:
    return _whole(duckdb.sql(f"from '{folder}/**/*.parquet'").arrow())


def by_polars(folder: Path) -> pa.Table:
    return polars.scan_parquet(f"{folder}/").collect().to_arrow()


def by_dask(folder: Path) -> pa.Table:
    return pa.Table.from_pandas(dask.dataframe.read_parquet(folder).compute(), preserve_index=False)


def _whole(made: Any) -> pa.Table:
    return made if isinstance(made, pa.Table) else made.read_all()


READERS: list[Callable[[Path], pa.Table]] = [by_pandas, by_arrow, by_duckdb, by_polars, by_dask]

pytestmark = pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)


def in_order(column: Any) -> list[Any]:
    return sorted(map(str, column.to_pylist()))


def wanted(frame: pd.DataFrame, column: str) -> list[str]:
    return sorted(str(None if _is_missing(value) else value) for value in frame[column])


def _is_missing(value: Any) -> bool:
    return not isinstance(value, tuple | list) and bool(pd.isna(value))


@pytest.mark.parametrize("name", NAMES)
def test_each_table_has_its_rows_and_columns(
    kept: tuple[Path, Tables], read: Callable[[Path], pa.Table], name: str
) -> None:
    folder, made = kept
    found, frame = read(folder / name), getattr(made, name)
    assert len(found) == len(frame)
    assert {*frame.columns} <= {*found.column_names} <= {*frame.columns, "month"}
    ids = [column for column in ("chat_id", "thread_id", "type", "tag") if column in frame]
    assert [in_order(found[column]) for column in ids] == [wanted(frame, each) for each in ids]
    for column in frame.columns[frame.dtypes == "datetime64[us, UTC]"]:
        kind = found.schema.field(column).type
        assert pa.types.is_timestamp(kind), column
        assert kind.unit == "us", column
        # DuckDB says the session's zone: it is the instants that count.
        assert kind.tz is not None, column
        instants = pc.cast(found[column], pa.int64()).drop_null().to_pylist()
        assert sorted(instants) == sorted(frame[column].dropna().astype("int64")), column


def test_numbers_and_lists_are_what_they_are(
    kept: tuple[Path, Tables], read: Callable[[Path], pa.Table]
) -> None:
    folder, made = kept
    users, threads = read(folder / "users"), read(folder / "threads")
    assert pc.sum(users["tickets_count"]).as_py() == made.users["tickets_count"].sum()
    assert pc.sum(users["latitude"]).as_py() == pytest.approx(made.users["latitude"].sum())
    waited = pc.sum(threads["queue_wait_time"]).as_py()
    assert waited == pytest.approx(made.threads["queue_wait_time"].sum())
    assert pc.sum(pc.cast(threads["active"], pa.int64())).as_py() == made.threads["active"].sum()
    for column in ("tags", "user_ids", "group_ids"):
        found = [[*each] for each in threads[column].to_pylist()]
        assert sorted(found) == sorted([*each] for each in made.threads[column]), column


def test_fields_of_the_account_s_own_are_what_they_came_to_be(
    kept: tuple[Path, Tables], read: Callable[[Path], pa.Table]
) -> None:
    """Some turned up later; a number became a text, and a text a list: these are JSON text."""
    folder, made = kept
    chats = read(folder / "chats")
    since = made.chats["properties.crm.since"]
    assert since.notna().any()
    assert since.isna().any()
    assert pc.sum(_without_nan(chats["properties.crm.since"])).as_py() == since.sum()
    sizes = {*chats["properties.crm.size"].to_pylist()}
    assert {"0", "1", '"6 people"', '"7 people"'} <= sizes
    assert {*chats["properties.crm.tier"].to_pylist()} == {'"gold"', '["gold","old"]'}


def _without_nan(column: Any) -> Any:
    return column.filter(pc.invert(pc.is_nan(column)))


def test_a_month_is_a_column_to_choose_by(
    kept: tuple[Path, Tables], read: Callable[[Path], pa.Table]
) -> None:
    folder, made = kept
    chats = read(folder / "chats")
    months = chats["month"].to_pylist()
    times = made.chats["last_thread_created_at"]
    assert sorted(months) == sorted(times.dt.strftime("%Y-%m").fillna("unknown"))
