"""What Spark asks of columns, held for all that are documented."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kept_pages import PAGES
from wholeness import assert_whole, files_of

from lc_tutorial.dataset import keep_tables, keeping, parts
from lc_tutorial.dataset.schema import KINDS, schema_of
from lc_tutorial.tables import NAMES

# Source: Spark's ParquetSchemaConverter.checkFieldName.
FORBIDDEN = set(" ,;{}()\n\t=")


@pytest.mark.parametrize("name", NAMES)
def test_spark_can_read_the_schema(name: str) -> None:
    """It tells columns apart whatever their case, and has neither nanoseconds nor nothing."""
    own = {f"properties.crm.{kind}": kind for kind in KINDS}
    schema = schema_of(name, own)
    documented = schema_of(name, {}).names
    assert len({column.lower() for column in documented}) == len(documented)
    assert not FORBIDDEN & {character for column in documented for character in column}
    assert "month" not in documented, "it is what the folders are named by"
    for field in schema:
        for kind in (field.type, getattr(field.type, "value_type", field.type)):
            assert not pa.types.is_null(kind), field
            assert not pa.types.is_timestamp(kind) or (kind.unit, kind.tz) == ("us", "UTC"), field
            assert not pa.types.is_time(kind), field
            assert not pa.types.is_large_string(kind), field


@pytest.mark.parametrize("of", [*PAGES])
def test_spark_can_read_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str) -> None:
    """One schema for all files of a table, and nothing beside them at its top."""
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", 2)
    monkeypatch.setattr(parts, "ENOUGH", 2)
    kept = tmp_path / "kept"
    keep_tables(PAGES[of](), kept)
    assert_whole(kept)
    for name in NAMES:
        assert len(files_of(kept, name)) > 1, "several parts"
        for path in (kept / name).rglob("*"):
            place = path.relative_to(kept / name).as_posix()
            assert re.fullmatch(r"month=(\d{4}-\d\d|unknown)(/part-\d{6}\.parquet)?", place)
        # As it is in the file, not as Arrow's own note beside it says.
        schema = pq.ParquetFile(files_of(kept, name)[0]).schema
        for number in range(len(schema)):
            column = schema.column(number)
            assert column.physical_type != "INT96"
            assert "nanoseconds" not in str(column.logical_type)
            assert str(column.logical_type) != "Null"
