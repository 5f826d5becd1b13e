"""What the course keeps on a learner's disk, from its calls down, under the rules of Windows.

Whatever is written, moved or deleted while somebody has it open would be refused here, as any name
that Windows has not.
"""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from answers import CUSTOMER, body, chat
from filelock import FileLock

from lc_tutorial import system
from lc_tutorial.agent_chat.pull_file import PullFile
from lc_tutorial.agent_chat.pull_opening import Subject
from lc_tutorial.classroom import kept
from lc_tutorial.course import records
from lc_tutorial.course.laying_out import FIRST_NOTEBOOK, lay_beside, lay_out
from lc_tutorial.course.progress import Progress
from lc_tutorial.dataset import forget_customer, keep_tables, open_tables
from lc_tutorial.dataset.folder import Folder
from lc_tutorial.errors import InputError, TutorialError
from lc_tutorial.files import write_new, write_whole
from lc_tutorial.platforms import choice
from lc_tutorial.tables.export import export
from tests.unit.as_on import Windows, for_a_moment, windows

CHATS = {"chats": pd.DataFrame({"id": ["Q1", "Q2"]})}
SUBJECT = Subject.of("list_chats", "3.6", "a sandbox", "", {"limit": 1})


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Windows]:
    monkeypatch.chdir(tmp_path)
    with windows() as in_force:
        yield in_force


def test_an_export_takes_an_earlier_one_s_place(tmp_path: Path, rules: Windows) -> None:
    for _ in range(2):
        export(CHATS, "mine", replace=True)
    assert rules.refused == []
    assert os.listdir(tmp_path) == ["mine"]
    assert sorted(os.listdir("mine")) == ["README.txt", "chats.csv", "chats.parquet"]
    readme = Path("mine/README.txt").read_text(encoding="utf-8")
    assert "Whoever may read the folder around them can read them here; pass them on" in readme


def test_a_spreadsheet_that_has_it_open_keeps_it_whole(tmp_path: Path, rules: Windows) -> None:
    export(CHATS, "mine")
    with open("mine/chats.csv", "rb"), pytest.raises(PermissionError):
        export(CHATS, "mine", replace=True)
    assert rules.refused
    assert sorted(os.listdir("mine")) == ["README.txt", "chats.csv", "chats.parquet"]
    export(CHATS, "mine", replace=True)
    assert os.listdir(tmp_path) == ["mine"]


def test_kept_tables_are_begun_and_opened_again(rules: Windows) -> None:
    for _ in range(2):
        with Folder.open_or_begin("kept", {}):
            pass
    assert rules.refused == []
    readme = Path("kept/README.txt").read_text(encoding="utf-8")
    assert "Whoever may read the folder" in readme


def test_a_pull_is_kept_and_taken_up_again(tmp_path: Path, rules: Windows) -> None:
    for number in range(2):
        with PullFile.open("chats.pull", SUBJECT) as file:
            assert len(file) == number
            file.keep(number, b"{}", is_last=number == 1)
    assert rules.refused == []
    assert os.listdir(tmp_path) == ["chats.pull"]


def test_a_scanner_that_has_a_table_open_is_waited_for(rules: Windows) -> None:
    """The file of the last customer of a month is deleted, not written anew."""
    keep_tables([body(chat("Q1"))], "kept")
    (table,) = Path("kept/chats").rglob("*.parquet")
    reading = for_a_moment(table.open("rb"), rules)
    assert forget_customer("kept", CUSTOMER).chats == 1
    reading.join()
    assert f"os.remove {table.name}" in rules.refused
    assert [*Path("kept").rglob("*.parquet")] == []


@pytest.mark.parametrize("is_left_over", [False, True])
def test_a_program_that_keeps_a_table_open_is_to_be_closed(
    is_left_over: bool, rules: Windows
) -> None:
    """To copy the folder would be for nothing, and so of customers' data."""
    keep_tables([body(chat("Q1"))], "kept")
    table = next(Path("kept/chats").rglob("*.parquet"))
    if is_left_over:
        Path("kept/_staging").mkdir()
        table = Path(shutil.copy(table, "kept/_staging"))
    with table.open("rb"):
        said = refused(forget_customer, "kept", CUSTOMER)
    assert f"{table.name}: The process cannot access the file" in said
    assert "Close the other program, and run the cell again: it goes on." in said
    assert "opy" not in said
    forget_customer("kept", CUSTOMER)
    assert [*Path("kept").rglob("*.parquet")] == []


def test_tables_that_are_replaced_wait_for_a_program_that_has_them_open(rules: Windows) -> None:
    keep_tables([body(chat("Q1"))], "kept")
    tables = sorted(Path("kept/chats").rglob("*.parquet"))
    with tables[0].open("rb"):
        said = refused(keep_tables, [body(chat("Q1"), chat("Q2"))], "kept")
    assert "Close the other program" in said
    assert {*open_tables("kept").chats["chat_id"]} == {"Q1", "Q2"}


def test_a_folder_that_may_not_be_written_is_to_be_copied(
    rules: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_tables([body(chat("Q1"))], "kept")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Access is denied", str(Path("kept/_lock").absolute()))

    monkeypatch.setattr(FileLock, "acquire", refuse)
    said = refused(forget_customer, "kept", CUSTOMER)
    assert "Copy the folder to where you may write" in said
    assert "program" not in said


def test_a_scanner_at_what_a_killed_one_left_is_waited_for(rules: Windows) -> None:
    with Folder.open_or_begin("kept", {}):
        pass
    staging = Path("kept/_staging")
    staging.mkdir()
    reading = for_a_moment((staging / "chats-000001.parquet").open("wb"), rules)
    with Folder.open("kept"):
        assert not staging.exists()
    reading.join()
    # One that keeps it for longer keeps nobody out.
    staging.mkdir()
    with (staging / "chats-000001.parquet").open("wb"), Folder.open("kept"):
        pass


def test_a_new_file_keeps_no_second_name(
    tmp_path: Path, rules: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scanner opens it as soon as it has its name."""
    scanners = []
    link = system.link

    def scanned(made: Path, name: Path) -> None:
        link(made, name)
        scanners.append(for_a_moment(made.open("rb"), rules))

    monkeypatch.setattr(system, "link", scanned)
    write_new("a", "new")
    scanners[0].join()
    assert os.listdir(tmp_path) == ["a"]


def test_what_could_not_be_written_is_said_though_a_part_of_it_stays(
    tmp_path: Path, rules: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def full(made: Path, place: Path) -> None:
        opened.append(made.open("rb"))
        raise OSError(errno.ENOSPC, "No space left on device", str(place))

    monkeypatch.setattr(system, "replace", full)
    with pytest.raises(OSError, match="No space left") as problem:
        write_whole("a", "new")
    assert problem.value.errno == errno.ENOSPC
    opened[0].close()
    (left,) = tmp_path.iterdir()
    os.utime(left, (0, 0))
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    write_whole("a", "new")
    assert os.listdir(tmp_path) == ["a"]


def test_the_course_is_laid_out_twice(rules: Windows) -> None:
    folder = Path("course")
    lay_out(folder)
    (folder / FIRST_NOTEBOOK).write_text("my own", encoding="utf-8")
    assert [each.name for each in lay_out(folder).beside] == [FIRST_NOTEBOOK]
    assert lay_beside(folder / "list_chats.py", "print()").read_bytes() == b"print()"
    assert rules.refused == []


def test_small_files_are_written_over_and_over(
    tmp_path: Path, rules: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    joined = kept.Joined("http://127.0.0.1:9/", "not-a-real-token", "Mia")
    for name in choice.PLATFORMS:
        choice.remember(name)
        kept.keep(joined)
        records.note_name(name)
    assert choice.remembered() == "live"
    assert kept.kept() == joined
    assert records.current()[0].name == "live"
    assert rules.refused == []


def test_a_record_that_can_not_be_read_is_set_aside(rules: Windows) -> None:
    Path(records.FILE_NAME).write_text("{", encoding="utf-8")
    kept_now, notes = records.current()
    assert kept_now.checks == {}
    assert "unreadable-1" in notes[0]
    assert rules.refused == []


# --- Names --------------------------------------------------------------------------------------


def refused(act: object, *arguments: object) -> str:
    with pytest.raises((InputError, TutorialError)) as problem:
        act(*arguments)  # type: ignore[operator]
    return str(problem.value)


@pytest.mark.parametrize("name", ["aux", "chats:may", "what?", "chats. ", "nul.pull"])
def test_a_name_that_windows_has_not_is_refused_before_anything_is_there(
    name: str, tmp_path: Path, rules: Windows
) -> None:
    """Windows would take some for a device, or hide what is written, and say nothing."""
    said = [
        refused(export, CHATS, name),
        refused(Folder.open_or_begin, name, {}),
        refused(Folder.open, Path(name)),
        refused(Folder.open, f"{name}/kept"),
        refused(PullFile.open, name, SUBJECT),
        refused(Progress(records.Kept(), ()).export, name),
    ]
    assert all("Windows" in each for each in said), said
    for write in (write_whole, write_new, lambda path, text: lay_out(Path(path))):
        with pytest.raises(OSError, match="Windows") as problem:
            write(name, "new")
        assert (problem.value.errno, problem.value.filename) == (errno.EINVAL, name)
    assert os.listdir(tmp_path) == []


def test_a_name_that_windows_takes_for_another_is_not_that_one(rules: Windows) -> None:
    """It drops the end of one, and would let it take the place of what is there."""
    export(CHATS, "chats")
    assert "at the end of a name" in refused(lambda: export(CHATS, "chats. ", replace=True))


def test_an_empty_name_is_no_name_there_either(rules: Windows) -> None:
    assert "That is no name of a folder" in refused(Folder.open, "")


def test_what_answers_to_such_a_name_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a device does, in each folder; so it is there, and no place for a pull."""
    monkeypatch.chdir(tmp_path)
    with PullFile.open("aux", SUBJECT):
        pass
    with windows():
        assert "the name of a device" in refused(PullFile.open, "aux", SUBJECT)


def test_elsewhere_such_a_name_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    export(CHATS, "chats:may")
    write_whole("aux", json.dumps({}))
    with PullFile.open("what?", SUBJECT):
        assert sorted(os.listdir(tmp_path))[:3] == ["aux", "chats:may", "what?"]
