"""A customer who asks to be forgotten: gone from every table, and from every byte of the folder."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from answers import AGENT, archives
from comparing import in_order
from kept_pages import PAGES, customer, of_archives
from wholeness import assert_whole, files_of

import lc_tutorial as lc
from lc_tutorial.dataset import forget_customer, keep_tables, keeping, open_tables, parts
from lc_tutorial.errors import InputError
from lc_tutorial.tables import NAMES

WHO = customer(1)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keeping, "_PAGES_AT_ONCE", 2)
    monkeypatch.setattr(parts, "ENOUGH", 8)
    return tmp_path / "kept"


def mentions(folder: Path, text: str) -> set[str]:
    """The files in which a text is: as bytes, or in a column, its categories or statistics."""
    found = set()
    for path in filter(Path.is_file, folder.rglob("*")):
        if text.encode() in path.read_bytes():
            found.add(path.name)
    for path in files_of(folder):
        file = pq.ParquetFile(path)
        columns = file.read().columns
        said = [str(column.to_pylist()) for column in columns]
        said += [str(chunk.dictionary) for column in columns for chunk in _dictionaries(column)]
        groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
        said += [str(group.to_dict()) for group in groups]
        if any(text in each for each in said):
            found.add(path.name)
    return found


def _dictionaries(column: "object") -> list[object]:
    return [each for each in column.chunks if hasattr(each, "dictionary")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("of", [*PAGES])
def test_nothing_of_a_customer_is_left_and_all_of_the_others(kept: Path, of: str) -> None:
    pages = PAGES[of]()
    keep_tables(pages, kept)
    made = lc.tables(pages)
    theirs = {*made.users.query("user_id == @WHO['id']")["chat_id"]}
    assert len(theirs) >= 2
    names = [*WHO.values(), "203.0.113.1", *theirs]
    assert all(mentions(kept, name) for name in names), "what is looked for is found before"

    told = forget_customer(kept, WHO["id"])

    assert told.chats == len(theirs)
    assert [mentions(kept, name) for name in names] == [set()] * len(names)
    assert_whole(kept)
    now = open_tables(kept)
    for name in NAMES:
        frame = getattr(made, name)
        others = frame[~frame["chat_id"].isin(theirs)]
        one, other = in_order(getattr(now, name), name), in_order(others, name)
        pd.testing.assert_frame_equal(one, other, check_categorical=False)


def test_threads_in_other_months_than_their_chat_go_with_it(kept: Path) -> None:
    keep_tables(PAGES["threads"](), kept)
    tables = open_tables(kept)
    theirs = tables.threads[
        tables.threads["chat_id"].isin(tables.users.query("user_id == @WHO['id']")["chat_id"])
    ]
    months = {*theirs["created_at"].dt.month}
    assert len(months) == 2
    forget_customer(kept, WHO["id"])
    left = open_tables(kept).threads
    assert not left["thread_id"].isin(theirs["thread_id"]).any()
    assert {*left["created_at"].dt.month} == months


def test_where_all_chats_are_theirs_no_file_is_left(kept: Path) -> None:
    pages = PAGES["chats"](chats=1)
    keep_tables(pages, kept)
    assert forget_customer(kept, customer(0)["id"]).chats == 1
    assert files_of(kept) == []
    assert len(open_tables(kept).chats) == 0
    # They come again as long as they are on the platform, as is said.
    assert keep_tables(pages, kept).new == 1


def test_whoever_is_not_there_is_told_so_and_nothing_changes(kept: Path) -> None:
    keep_tables(PAGES["chats"](), kept)
    before = {path: path.read_bytes() for path in files_of(kept)}
    told = forget_customer(kept, "00000000-0000-4000-8000-000000000000")
    assert (told.chats, told.files) == (0, 0)
    assert "No customer in the tables has this id" in repr(told)
    assert {path: path.read_bytes() for path in files_of(kept)} == before


@pytest.mark.parametrize(
    ("who", "what"),
    [(AGENT, "but an agent"), ("", "no customer's id"), (None, "no customer's id"), (5, "no cust")],
)
def test_an_agent_is_no_customer(kept: Path, who: str, what: str) -> None:
    """With an agent's chats those of many customers would go."""
    keep_tables(PAGES["threads"](), kept)
    before = {path: path.read_bytes() for path in files_of(kept)}
    with pytest.raises(InputError, match=what):
        forget_customer(kept, who)
    assert {path: path.read_bytes() for path in files_of(kept)} == before


def left_by(who: str, table: str) -> dict[str, Any]:
    """A chat whose users are no longer they, and of which a table still says that they were."""
    left = of_archives(2)
    if table == "threads":
        left["thread"]["user_ids"].append(who)
    else:
        left["thread"]["events"][1]["author_id"] = who
    return left


@pytest.mark.parametrize("table", ["threads", "events"])
@pytest.mark.parametrize("has_another", [True, False])
def test_a_chat_that_a_customer_has_left_goes_too(
    kept: Path, table: str, has_another: bool
) -> None:
    theirs = [of_archives(1)] * has_another + [left_by(WHO["id"], table)]
    keep_tables([archives(*theirs, of_archives(3))], kept)
    assert forget_customer(kept, WHO["id"]).chats == len(theirs)
    assert mentions(kept, WHO["id"]) == set()
    assert [*open_tables(kept).chats["chat_id"]] == ["C0003"]


@pytest.mark.parametrize("table", ["threads", "events"])
@pytest.mark.parametrize("who", ["gone@mail.example", "0123456789abcdef0123456789abcdef"])
def test_an_agent_who_has_left_is_no_customer(kept: Path, table: str, who: str) -> None:
    keep_tables([archives(left_by(who, table), of_archives(3))], kept)
    assert forget_customer(kept, who).chats == 0
    assert len(open_tables(kept).chats) == 2
