"""Folders that are no dataset, or not as it was left: a friendly error that is true, no change."""

import errno
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from comparing import assert_same
from kept_pages import PAGES, customer
from wholeness import assert_whole, files_of

import lc_tutorial as lc
from lc_tutorial.dataset import forget_customer, keep_tables, open_tables
from lc_tutorial.errors import InputError, TutorialError

PAGE = PAGES["chats"]()[:1]

WAYS: dict[str, Callable[[Any], Any]] = {
    "keep": lambda folder: keep_tables(PAGE, folder),
    "open": open_tables,
    "forget": lambda folder: forget_customer(folder, customer(1)["id"]),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def all_in(folder: Path) -> dict[str, Any]:
    return {
        str(path): path.read_bytes() if path.is_file() else os.path.lexists(path)
        for path in [folder, *folder.rglob("*")]
    }


# --- No dataset -----------------------------------------------------------------------------------


def a_file(place: Path) -> None:
    place.write_text("x")


def other_things(place: Path) -> None:
    place.mkdir()
    (place / "holiday.jpg").write_bytes(b"x")


def an_export(place: Path) -> None:
    lc.tables(PAGE).export(place)


def a_pull(place: Path) -> None:
    place.mkdir()
    (place / "chats.pull").write_bytes(b"SQLite format 3\0")


def parquet_files(place: Path) -> None:
    (place / "chats").mkdir(parents=True)
    lc.tables(PAGE).chats.to_parquet(place / "chats" / "chats.parquet")


def another_state(place: Path) -> None:
    place.mkdir()
    with closing(sqlite3.connect(place / "_state.sqlite")) as database:
        database.execute("CREATE TABLE mine (a)")


def a_text_as_state(place: Path) -> None:
    place.mkdir()
    (place / "_state.sqlite").write_text("not a database")


def a_folder_as_state(place: Path) -> None:
    (place / "_state.sqlite").mkdir(parents=True)


def a_link_as_state(place: Path) -> None:
    place.mkdir()
    (place / "_state.sqlite").symlink_to(place / "nowhere")


def a_link_that_leads_nowhere(place: Path) -> None:
    place.symlink_to(place.with_name("nowhere"))


@pytest.mark.parametrize("way", [*WAYS])
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (a_file, "kept is a file"),
        (other_things, "There is holiday.jpg in it"),
        (an_export, "holds something else"),
        (a_pull, "There is chats.pull in it"),
        (parquet_files, "There is chats in it"),
        (another_state, "Its _state.sqlite is another file"),
        (a_text_as_state, "Its _state.sqlite is another file"),
        (a_folder_as_state, "Its _state.sqlite is no file"),
        (a_link_as_state, "Its _state.sqlite is no file"),
        (a_link_that_leads_nowhere, "It is a link that leads nowhere"),
    ],
)
def test_what_is_no_dataset_is_left_as_it_is(
    place: Path, make: Callable[[Path], None], says: str, way: str
) -> None:
    make(place)
    before = all_in(place.parent)
    with pytest.raises(InputError, match=says):
        WAYS[way](place)
    assert all_in(place.parent) == before


@pytest.mark.parametrize("way", [*WAYS])
@pytest.mark.parametrize(
    ("named", "why"),
    [
        (None, "That is no name of a folder."),
        (5, "That is no name of a folder."),
        ("", "That is no name of a folder."),
        ("a\0b", "That is no name of a folder."),
        (b"kept", "That is no name of a folder."),
        ("x" * 300, "The system says: File name too long."),
        (Path(__file__) / "kept", "The system says: Not a directory."),
    ],
)
def test_what_names_no_folder_is_told(named: Any, why: str, way: str) -> None:
    with pytest.raises(InputError, match="There can be no tables in") as caught:
        WAYS[way](named)
    assert caught.value.why == why


def test_where_no_folder_can_be_made_that_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in /proc, which Linux alone has."""

    def none(path: Path, *args: Any, **options: Any) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))

    monkeypatch.setattr(Path, "mkdir", none)
    with pytest.raises(InputError, match="There can be no tables in") as caught:
        keep_tables(PAGE, place)
    assert caught.value.why == "The system says: No such file or directory."


@pytest.mark.parametrize("way", ["open", "forget"])
def test_where_there_is_nothing_nothing_is_made(place: Path, way: str) -> None:
    for _ in range(2):
        with pytest.raises(InputError, match="There are no kept tables in kept"):
            WAYS[way](place)
        place.mkdir(exist_ok=True)
    assert [*place.iterdir()] == []


# --- Not as it was left ---------------------------------------------------------------------------


def change_state(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "_state.sqlite")) as database, database:
        for statement in statements:
            database.execute(statement)


@pytest.mark.parametrize("way", [*WAYS])
@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("PRAGMA user_version = 2", "They are in format 2, and this one writes 1."),
        ("PRAGMA user_version = 0", "They are in format 0, and this one writes 1."),
        (
            "UPDATE about SET value = '12' WHERE name = 'keys'",
            "It knew the chats by other keys.",
        ),
        (
            "UPDATE about SET value = json_set(value, '$.chats.mood', 'string')"
            " WHERE name = 'documented'",
            "This one knows no column mood of chats.",
        ),
    ],
)
def test_another_version_is_told(place: Path, statement: str, why: str, way: str) -> None:
    keep_tables(PAGE, place)
    change_state(place, statement)
    before = all_in(place)
    with pytest.raises(InputError, match="by another version of lc_tutorial") as caught:
        WAYS[way](place)
    assert caught.value.why == why
    assert all_in(place) == before


def delete_part(folder: Path) -> None:
    files_of(folder, "events")[0].unlink()


def cut_part(folder: Path) -> None:
    for file in files_of(folder):
        file.write_bytes(file.read_bytes()[:-50])


def garble_part(folder: Path) -> None:
    for file in files_of(folder):
        content = file.read_bytes()
        file.write_bytes(content[:4] + bytes(1500) + content[1504:])


def empty_part(folder: Path) -> None:
    for file in files_of(folder):
        file.write_bytes(b"")


def cut_state(folder: Path) -> None:
    state = folder / "_state.sqlite"
    state.write_bytes(state.read_bytes()[:5000])


def read_by(way: str, folder: Path) -> None:
    result = WAYS[way](folder)
    _ = result.chats


@pytest.mark.parametrize("way", [*WAYS])
@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (delete_part, "There is no events/month=2026-01/part-0"),
        (cut_part, "Parquet's reader says: "),
        (garble_part, "Parquet's reader says: "),
        (empty_part, "Parquet's reader says: "),
        (cut_state, "SQLite says: database disk image is malformed."),
    ],
)
def test_damage_is_told_where_it_is_met(
    place: Path, damage: Callable[[Path], None], why: str, way: str
) -> None:
    keep_tables(PAGE, place)
    damage(place)
    before = all_in(place)
    with pytest.raises(TutorialError, match="they are damaged, or were changed by") as caught:
        # To tidy, the keeper reads what the same chats, come again, replace.
        read_by(way, place)
    assert why in caught.value.why
    left = all_in(place)
    assert before.items() <= left.items() or way == "keep"


@pytest.mark.skipif(sys.platform == "win32", reason="its locks are opened by another call")
@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("way", [*WAYS])
def test_where_nothing_may_be_written_that_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int, way: str
) -> None:
    keep_tables(PAGE, place)
    before = all_in(place)
    opened = os.open

    def refused(path: Any, flags: int, *args: Any, **options: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(number, os.strerror(number), path)
        return opened(path, flags, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refused)
        with pytest.raises(TutorialError, match="can't be opened") as caught:
            WAYS[way](place)
    assert "must be allowed to write there" in caught.value.why
    assert all_in(place) == before


# --- Documented columns that came later -----------------------------------------------------------


def take_columns_out(folder: Path, name: str, *columns: str) -> None:
    """As a version that did not know them would have written the files."""
    for file in files_of(folder, name):
        table = pq.read_table(file, partitioning=None)
        pandas = json.loads(table.schema.metadata[b"pandas"])
        pandas["columns"] = [each for each in pandas["columns"] if each["name"] not in columns]
        table = table.drop_columns([*columns])
        pq.write_table(table.replace_schema_metadata({"pandas": json.dumps(pandas)}), file)
    paths = ", ".join(f"'$.{name}.{column}'" for column in columns)
    change_state(
        folder, f"UPDATE about SET value = json_remove(value, {paths}) WHERE name = 'documented'"
    )


@pytest.mark.parametrize("of", [*PAGES])
def test_a_column_that_was_documented_later_is_in_all_files_after_the_next_call(
    place: Path, of: str
) -> None:
    first, *rest = PAGES[of]()
    keep_tables([first], place)
    take_columns_out(place, "users", "phone_number", "created_at", "visit_last_page_title")
    take_columns_out(place, "events", "deleted")
    open_tables(place)
    assert_whole(place)
    old = open_tables(place)
    were_there = {*old.chats["chat_id"]}
    assert old.users["phone_number"].isna().all()
    assert str(old.users["created_at"].dtype) == "datetime64[us, UTC]"

    keep_tables(rest, place)
    assert_whole(place)
    now, made = open_tables(place), lc.tables([first, *rest])
    came_later = {*made.chats["chat_id"]} - were_there
    new = now.users[now.users["chat_id"].isin(came_later)]
    assert new["phone_number"].notna().sum() == len(came_later) > 0
    frame = pd.read_parquet(place / "users")
    assert frame["phone_number"].notna().sum() == now.users["phone_number"].notna().sum()
    # All of it anew: as if it had always been there.
    keep_tables([first, *rest], place)
    assert_same(open_tables(place), made)


def test_what_the_tables_are_read_with_takes_no_part_of_another_folder(place: Path) -> None:
    """A copy is a dataset of its own, as one of a folder that may only be read has to be."""
    keep_tables(PAGE, place)
    copy = place.with_name("copy")
    shutil.copytree(place, copy)
    shutil.rmtree(place)
    assert_same(open_tables(copy), lc.tables(PAGE))
    assert isinstance(pq.read_table(copy / "chats"), pa.Table)
