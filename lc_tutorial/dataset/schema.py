"""The columns of the tables as Parquet has them, the same in each file of a table.

The documented columns have the dtypes that ``lc.tables`` gives them. The columns of an account's
own fields come with the data: of these it is noted what they hold, and a later file may widen that,
as ``lc.tables`` would have done with all answers at once. Then the earlier files follow.

What readers ask for: times in microseconds, as Spark reads no nanoseconds; one type a column, as
DuckDB and polars take that of the first file for all; lists with the type of what is in them.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lc_tutorial.tables import tables

#: What a column of an account's own fields may hold, and how Parquet has it. ``nothing`` came so
#: far, or values of ``several`` kinds, and lists and objects among them: these are JSON text.
KINDS: Mapping[str, pa.DataType] = {
    "nothing": pa.string(),
    "text": pa.string(),
    "truth": pa.bool_(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "several": pa.string(),
}

_INSTANT = pa.timestamp("us", "UTC")
_CATEGORY = pa.dictionary(pa.int32(), pa.string())
_LISTS = {"group_ids": pa.list_(pa.int64()), "last_thread_group_ids": pa.list_(pa.int64())}

# In this order their columns stand at the end of a table.
_OWN = ("properties", "last_thread_properties", "session_fields")

_TEXT = pd.StringDtype("python")

#: The kinds of the own columns of a table, by their names.
Own = Mapping[str, str]


@cache
def _documented() -> dict[str, pd.DataFrame]:
    empty = tables(())
    return {name: getattr(empty, name) for name in empty.names}


def columns_of(name: str, own: Own) -> list[str]:
    """The names of a table's columns, in their order."""
    return [*_documented()[name], *sorted(own, key=_rank)]


def _rank(column: str) -> tuple[int, str]:
    return _OWN.index(column.partition(".")[0]), column


def own_columns(name: str, frame: pd.DataFrame) -> dict[str, str]:
    """What the columns of an account's own fields hold in a DataFrame of ``lc.tables``."""
    documented = _documented()[name]
    return {column: _kind_of(frame[column]) for column in frame.columns if column not in documented}


def _kind_of(column: "pd.Series[Any]") -> str:
    dtype = column.dtype
    if isinstance(dtype, pd.StringDtype):
        return "text"
    if isinstance(dtype, pd.BooleanDtype):
        return "truth"
    if isinstance(dtype, pd.Int64Dtype):
        return "whole"
    if dtype == np.float64:
        return "number"
    return "nothing" if column.isna().all() else "several"


def widened(kinds: Own, by: Own) -> dict[str, str]:
    """What columns hold that hold what these do, and what those do."""
    return {
        name: _wider(kinds.get(name, "nothing"), by.get(name, "nothing"))
        for name in {**kinds, **by}
    }


def _wider(one: str, other: str) -> str:
    if one == other or other == "nothing":
        return one
    if one == "nothing":
        return other
    return "number" if {one, other} == {"whole", "number"} else "several"


@cache
def _documented_types(name: str) -> dict[str, pa.DataType]:
    return {column: _type_of(column, dtype) for column, dtype in _documented()[name].dtypes.items()}


def _type_of(column: Any, dtype: Any) -> pa.DataType:
    if isinstance(dtype, pd.CategoricalDtype):
        return _CATEGORY
    if isinstance(dtype, pd.StringDtype):
        return pa.string()
    if isinstance(dtype, pd.BooleanDtype):
        return pa.bool_()
    if isinstance(dtype, pd.Int64Dtype):
        return pa.int64()
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _INSTANT
    if dtype == np.float64:
        return pa.float64()
    return _LISTS.get(column, pa.list_(pa.string()))


def schema_of(name: str, own: Own) -> pa.Schema:
    """The schema of a table's files.

    Args:
        name: of the table.
        own: what its own columns hold.
    """
    return _schema(name, tuple(own.items()))


@lru_cache(maxsize=64)
def _schema(name: str, own_columns: tuple[tuple[str, str], ...]) -> pa.Schema:
    own = dict(own_columns)
    types = {**_documented_types(name), **{column: KINDS[kind] for column, kind in own.items()}}
    # What pandas makes of the files: the dtypes of these columns.
    empty = _documented()[name].assign(
        **{column: pd.Series(dtype=_dtype_of(kind)) for column, kind in own.items()}
    )
    columns = columns_of(name, own)
    metadata = pa.Schema.from_pandas(empty[columns], preserve_index=False).metadata
    fields = [
        pa.field(column, types[column], metadata={"holds": own[column]} if column in own else None)
        for column in columns
    ]
    return pa.schema(fields, metadata)


def _dtype_of(kind: str) -> Any:
    # Their files hold texts.
    dtypes = {"truth": "boolean", "whole": "Int64", "number": np.float64}
    return dtypes.get(kind, _TEXT)


def as_arrow(name: str, frame: pd.DataFrame, own: Own) -> pa.Table:
    """A DataFrame of ``lc.tables`` as the files of its table have it.

    Args:
        name: of the table.
        frame: its columns may be fewer than those of the files.
        own: what the own columns of the files hold.
    """
    schema = schema_of(name, own)
    here = own_columns(name, frame)
    arrays = []
    for field in schema:
        if field.name not in frame.columns:
            arrays.append(pa.nulls(len(frame), field.type))
            continue
        column = frame[field.name].array
        if field.name in own:
            values = _as_json(column, here[field.name]) if own[field.name] == "several" else column
            arrays.append(_array(values, field.type))
        elif field.type == _CATEGORY:
            arrays.append(_category(column))
        else:
            arrays.append(_array(column, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if pa.types.is_list(kind):
        return _lists(values, kind)
    if isinstance(getattr(values, "dtype", None), pd.StringDtype):
        # Not by way of pandas' own conversion, which looks at each value once more.
        values = values.to_numpy(dtype=object)
    made = pa.array(values, from_pandas=True)
    if isinstance(made, pa.ChunkedArray):
        made = made.combine_chunks()
    return made if made.type == kind else _cast(made, kind)


def _cast(values: Any, kind: pa.DataType) -> Any:
    """Values as another type has them, and numbers as pandas would: beyond 2**53 the nearest."""
    rounds = pa.types.is_integer(values.type) and pa.types.is_floating(kind)
    return values.cast(kind, safe=not rounds)


def _lists(values: Any, kind: pa.ListType) -> pa.Array:
    """Lists of tuples: their items in one go, which is twice as fast as one by one."""
    tuples = np.asarray(values, dtype=object)
    ends = np.zeros(len(tuples) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, tuples), np.int32, len(tuples)), out=ends[1:])
    items = pa.array([*chain.from_iterable(tuples)], kind.value_type)
    return pa.ListArray.from_arrays(pa.array(ends), items)


def _category(column: Any) -> pa.Array:
    codes = pa.array(column.codes, pa.int32(), mask=column.codes < 0)
    return pa.DictionaryArray.from_arrays(codes, _array(column.categories.array, pa.string()))


def _as_json(column: Any, kind: str) -> list[str | None]:
    """Each value as JSON text; what is missing stays so."""
    missing = pd.isna(column) if kind != "several" else [value is None for value in column]
    return [
        None if is_missing else msgspec.json.encode(_plain(value)).decode()
        for value, is_missing in zip(column, missing, strict=True)
    ]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def conformed(table: pa.Table, name: str, own: Own) -> pa.Table:
    """What an earlier file holds, as the files of its table have it now.

    Args:
        table: as it was read.
        name: of its table.
        own: what the own columns of the files hold now.
    """
    schema = schema_of(name, own)
    arrays = []
    for field in schema:
        place = table.schema.get_field_index(field.name)
        if place < 0:
            arrays.append(pa.nulls(len(table), field.type))
            continue
        held = (table.schema.field(place).metadata or {}).get(b"holds", b"").decode()
        column = table.column(place)
        if own.get(field.name) == "several" and held not in ("several", "nothing"):
            texts = [
                None if value is None else msgspec.json.encode(value).decode()
                for value in column.to_pylist()
            ]
            arrays.append(pa.array(texts, field.type))
        elif field.type == _CATEGORY:
            # Made anew, so that no file names a value that none of its rows has.
            arrays.append(column.cast(pa.string()).dictionary_encode().combine_chunks())
        elif held == "nothing":
            arrays.append(pa.nulls(len(table), field.type))
        else:
            arrays.append(_cast(column, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


# --- Back to pandas -------------------------------------------------------------------------------


def as_frame(table: pa.Table, name: str, columns: Sequence[str], own: Own) -> pd.DataFrame:
    """What files hold, as ``lc.tables`` would have made it.

    Args:
        table: as it was read from one or several files.
        name: of the table.
        columns: which of them, in their order.
        own: what the own columns of the files hold.
    """
    made = {column: _restored(table.column(column), name, column, own) for column in columns}
    return pd.DataFrame(made, copy=False)


def _restored(values: pa.ChunkedArray, name: str, column: str, own: Own) -> Any:
    if column in own:
        return _restored_own(values, own[column])
    dtype = _documented()[name][column].dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _restored_category(values)
    if isinstance(dtype, pd.StringDtype):
        return _texts(values)
    if isinstance(dtype, pd.BooleanDtype | pd.Int64Dtype):
        return dtype.__from_arrow__(values)
    if isinstance(dtype, pd.DatetimeTZDtype):
        instants = values.cast(pa.timestamp("us")).to_numpy()
        return pd.Series(instants).dt.tz_localize("UTC").array
    if dtype == np.float64:
        return values.to_numpy()
    return _objects(map(tuple, values.to_pylist()), len(values))


def _restored_own(values: pa.ChunkedArray, kind: str) -> Any:
    if kind == "text":
        return _texts(values)
    if kind == "truth":
        return pd.BooleanDtype().__from_arrow__(values)
    if kind == "whole":
        return pd.Int64Dtype().__from_arrow__(values)
    if kind == "number":
        return values.to_numpy()
    texts = values.to_pylist()
    return _objects((text and msgspec.json.decode(text) for text in texts), len(texts))


def _texts(values: pa.ChunkedArray) -> Any:
    return pd.array(values.to_numpy(), dtype=_TEXT)


def _objects(values: Iterable[Any], length: int) -> Any:
    return np.fromiter(values, dtype=object, count=length)


def _restored_category(values: pa.ChunkedArray) -> Any:
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    joined = values.unify_dictionaries().combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        joined = joined.chunk(0) if joined.num_chunks else pa.array([], _CATEGORY)
    codes = joined.indices.fill_null(-1).to_numpy()
    used = np.unique(codes[codes >= 0])
    there = joined.dictionary.take(pa.array(used))
    order = pc.array_sort_indices(there).to_numpy()
    code_of = np.full(len(joined.dictionary) + 1, -1, np.int32)
    code_of[used[order]] = np.arange(len(used))
    categories = pd.Index(_texts(pa.chunked_array([there.take(pa.array(order))])), dtype=_TEXT)
    return pd.Categorical.from_codes(code_of[codes], categories=categories)
