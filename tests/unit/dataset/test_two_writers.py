"""Two at once: the second is told, whether in another program or in the same kernel."""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from comparing import assert_same
from kept_pages import PAGES, customer
from mortal import Mortal, mortal
from wholeness import assert_whole

import lc_tutorial as lc
from lc_tutorial.dataset import forget_customer, keep_tables, open_tables, opening
from lc_tutorial.dataset.folder import Folder
from lc_tutorial.errors import InputError

WAYS: dict[str, Callable[[Path], Any]] = {
    "keep": lambda folder: keep_tables(PAGES["chats"](), folder),
    "open": open_tables,
    "forget": lambda folder: forget_customer(folder, customer(1)["id"]),
}


@pytest.fixture(scope="module")
def process() -> Iterator[Mortal]:
    with mortal() as process:
        yield process


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads waits for others who read; these tests have somebody who goes on."""
    monkeypatch.setattr(opening, "_PATIENCE", 0.1)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    keep_tables(PAGES["chats"]()[:1], tmp_path / "kept")
    return tmp_path / "kept"


def while_it_is_kept(meanwhile: Callable[[], Any]) -> Iterator[bytes]:
    """Pages, and in their middle somebody does something else."""
    first, *rest = PAGES["chats"]()
    yield first
    meanwhile()
    yield from rest


def assert_kept(folder: Path) -> None:
    assert_same(open_tables(folder), lc.tables(PAGES["chats"]()))
    assert_whole(folder)


@pytest.mark.parametrize("task", ["keep", "open", "forget"])
def test_another_program_is_told_and_works_afterwards(
    process: Mortal, kept: Path, task: str
) -> None:
    told = []
    given = {"of": "chats", "customer": customer(1)["id"]}
    keep_tables(while_it_is_kept(lambda: told.append(process.does(task, kept, **given))), kept)
    assert told[0]["what"] == "The tables in kept are in use."
    assert "another notebook's kernel" in told[0]["why"]
    assert_kept(kept)
    assert "done" in process.does(task, kept, **given)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("in_a_thread", [False, True])
@pytest.mark.parametrize("way", [*WAYS])
def test_the_same_kernel_is_told_and_works_afterwards(
    kept: Path, way: str, in_a_thread: bool
) -> None:
    """As from another cell's thread, or from what makes the answers."""
    told: list[InputError] = []

    def meanwhile() -> None:
        with pytest.raises(InputError, match="in use") as caught:
            WAYS[way](kept)
        told.append(caught.value)

    def meanwhile_in_a_thread() -> None:
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join()

    keep_tables(while_it_is_kept(meanwhile_in_a_thread if in_a_thread else meanwhile), kept)
    assert "in this one by something that still goes on" in told[0].why
    assert_kept(kept)
    WAYS[way](kept)


def test_several_who_read_wait_for_each_other(kept: Path) -> None:
    whole = lc.tables(PAGES["chats"]()[:1])
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with Folder.open(kept):
            held.set()
            let_go.wait(60)

    def read(_: int) -> Any:
        tables = open_tables(kept)
        assert_same(tables, whole)
        return tables

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(60)
    with ThreadPoolExecutor(10) as pool:
        read_by_all = pool.map(read, range(10))
        let_go.set()
        assert len([*read_by_all]) == 10
    holder.join()


@pytest.mark.usefixtures("impatient")
def test_a_table_that_is_first_asked_for_while_another_writes_is_there_afterwards(
    kept: Path,
) -> None:
    tables = open_tables(kept)

    def ask() -> None:
        with pytest.raises(InputError, match="in use"):
            _ = tables.events

    keep_tables(while_it_is_kept(ask), kept)
    assert len(tables.events)


def test_the_lock_of_one_that_was_killed_does_not_stay(process: Mortal, kept: Path) -> None:
    killed = process.does("keep", kept, of="chats", at_statement=60)
    assert killed["ended"] == -signal.SIGKILL
    assert keep_tables(PAGES["chats"](), kept).rows["chats"] == 15
    assert_kept(kept)


def test_an_error_within_lets_go(kept: Path) -> None:
    """Also where its traceback is held on to, as a notebook does."""

    def broken() -> None:
        raise FileNotFoundError(2, "No such file or directory", "answers.json")

    with pytest.raises(FileNotFoundError, match=r"answers\.json") as caught:
        keep_tables(while_it_is_kept(broken), kept)
    assert_whole(kept)
    keep_tables(PAGES["chats"](), kept)
    assert_kept(kept)
    assert caught.tb is not None
