"""What makes the files of kept tables small."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kept_pages import PAGES

import lc_tutorial as lc


@pytest.mark.parametrize("pages", PAGES.values(), ids=PAGES)
def test_only_categories_have_dictionaries(pages: Callable[[], Any], tmp_path: Path) -> None:
    """Of other texts most are different: with a dictionary files are a third larger."""
    lc.keep_tables(pages(), tmp_path / "kept")
    for path in (tmp_path / "kept").rglob("*.parquet"):
        file = pq.ParquetFile(path)
        group = file.metadata.row_group(0)
        chunks = [group.column(at) for at in range(group.num_columns)]
        with_dictionary = {each.path_in_schema for each in chunks if each.has_dictionary_page}
        assert with_dictionary <= {
            field.name for field in file.schema_arrow if pa.types.is_dictionary(field.type)
        }
