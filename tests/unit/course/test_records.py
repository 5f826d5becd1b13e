"""The file that keeps what was done: whole, nobody's lost, and never in the way of a cell."""

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from lc_tutorial.course import records
from lc_tutorial.course.findings import MISSING, RIGHT, Check, Finding

pytestmark = pytest.mark.usefixtures("folder")


def check(title: str, standing: str = RIGHT) -> Check:
    return Check(title, (Finding(standing, "A finding."),), "Go on.")


def kept(folder: Path) -> dict[str, dict[str, dict[str, object]]]:
    data: dict[str, dict[str, dict[str, object]]] = json.loads(
        (folder / records.FILE_NAME).read_text()
    )
    return data


def full(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_check_is_kept_by_its_title(folder: Path) -> None:
    check("Step 1", MISSING)
    check("Step 1", MISSING)
    assert kept(folder)["checks"]["Step 1"] == {"done": False, "tries": 2, "at": ""}
    check("Step 1")
    entry = kept(folder)["checks"]["Step 1"]
    assert (entry["done"], entry["tries"]) == (True, 3)
    assert str(entry["at"]).endswith("Z")


def test_what_is_done_stays_done_and_writes_no_more(folder: Path) -> None:
    check("Step 1")
    before = (folder / records.FILE_NAME).stat()
    check("Step 1", MISSING)
    check("Step 1")
    after = (folder / records.FILE_NAME).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_answers_are_kept(folder: Path) -> None:
    records.note_answer("state", right=False)
    assert not records.was_answered("state")
    records.note_answer("state", right=True)
    assert records.was_answered("state")
    assert kept(folder)["questions"]["state"]["tries"] == 2


def test_outside_a_notebook_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    os.chdir(folder)
    check("Step 1")
    records.note_answer("state", right=True)
    assert [path.name for path in folder.iterdir() if path.suffix == ".json"] == []


def test_nothing_else_is_in_the_file(folder: Path) -> None:
    check("Step 1")
    records.note_name("  Mia\n Example ")
    assert {*kept(folder)} == {"format", "name", "checks", "questions"}
    assert kept(folder)["name"] == "Mia Example"


@pytest.mark.parametrize("name", ["x" * 10_000, "\ud800", "<b>", ""])
def test_any_name_will_do(folder: Path, name: str) -> None:
    check("Step 1")
    records.note_name(name)
    assert len(str(kept(folder)["name"])) <= 80


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"name": "\xff"}',
        b"[" * 99_999,
        b'{"checks": {"Step 1": 5}}',
        b'{"checks": {"Step 1": {"tries": 18446744073709551615}}}',
        b'{"checks": {"Step 1": {"tries": -1}}}',
        b'{"format": "x"}',
    ],
    ids=len,
)
def test_a_file_that_can_not_be_read_is_set_aside_and_said_once(
    folder: Path, broken: bytes
) -> None:
    (folder / records.FILE_NAME).write_bytes(broken)
    aside = folder / "lc_tutorial_progress-unreadable-2.json"
    aside.with_stem("lc_tutorial_progress-unreadable-1").write_text("an earlier one")
    check("Step 1")
    assert aside.read_bytes() == broken
    assert kept(folder)["checks"]["Step 1"]["done"]
    _, notes = records.current()
    assert len(notes) == 1
    assert aside.name in notes[0]
    assert records.current()[1] == ()


def test_it_is_said_also_where_nothing_was_done_since(folder: Path) -> None:
    (folder / records.FILE_NAME).write_bytes(b"{")
    found, notes = records.current()
    assert found.checks == {}
    assert "unreadable-1" in notes[0]


def test_it_waits_for_somebody_who_shows_it(folder: Path) -> None:
    (folder / records.FILE_NAME).write_bytes(b"{")
    assert not records.was_answered("pkce")
    assert not records.done_so_far().checks
    assert "unreadable-1" in records.current()[1][0]


def test_a_file_of_a_newer_course_is_left_as_it_is(folder: Path) -> None:
    newer = b'{"format": 2, "checks": []}'
    (folder / records.FILE_NAME).write_bytes(newer)
    check("Step 1")
    found, notes = records.current()
    assert (folder / records.FILE_NAME).read_bytes() == newer
    assert "newer edition" in notes[0]
    assert found.checks["Step 1"].done


def test_a_full_disk_breaks_no_check_and_nothing_is_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check("Step 1")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        check("Step 2")
        found, notes = records.current()
        assert found.checks["Step 2"].done
        assert "No space left" in notes[0]
        assert "Step 2" not in kept(folder)["checks"]
    check("Step 3")
    assert {*kept(folder)["checks"]} == {"Step 1", "Step 2", "Step 3"}
    assert records.current()[1] == ()


def test_a_folder_in_the_place_of_the_file_breaks_no_check(folder: Path) -> None:
    (folder / records.FILE_NAME).mkdir()
    check("Step 1")
    found, notes = records.current()
    assert found.checks["Step 1"].done
    assert "can't be used" in notes[0]
    (folder / records.FILE_NAME).rmdir()


def test_where_the_notebook_s_folder_is_gone_no_check_breaks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    check("Step 1")
    assert records.current()[0].checks["Step 1"].done


def test_one_who_writes_for_long_stops_no_cell(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_PATIENCE", 0)
    # Another one's, who has it open on their own.
    with FileLock(folder / ".lc_tutorial_progress.lock", is_singleton=False):
        check("Step 1")
        found, notes = records.current()
    assert found.checks["Step 1"].done
    assert "another notebook is writing" in notes[0]
    assert records.current()[1] == ()
    assert kept(folder)["checks"]["Step 1"]["done"]


def test_two_at_once_lose_nothing_of_each_other_s(folder: Path) -> None:
    program = (
        "import sys; from lc_tutorial.course import records\n"
        "records._in_a_notebook = lambda: True\n"
        "for n in range(20): records.note_check(f'{sys.argv[1]} {n}', passed=True)\n"
        "assert not records.current()[1]"
    )
    both = [subprocess.Popen([sys.executable, "-c", program, name]) for name in ("a", "b")]
    assert [each.wait() for each in both] == [0, 0]
    assert len(kept(folder)["checks"]) == 40


def test_all_is_forgotten_by_one_call(folder: Path) -> None:
    check("Step 1")
    records.note_name("Mia")
    assert records.forget() == ""
    assert records.current()[0] == records.Kept()
    assert not (folder / records.FILE_NAME).exists()


@pytest.mark.parametrize("name", [records.FILE_NAME, records._LOCK])
@pytest.mark.parametrize("make", ["mkfifo", "mkdir", "symlink"])
def test_what_is_no_file_stops_nothing(folder: Path, name: str, make: str) -> None:
    (folder / name).unlink(missing_ok=True)
    getattr(os, make)(*["/dev/zero"] * (make == "symlink"), folder / name)
    check("Step 1")
    done, notes = records.current()
    assert done.checks["Step 1"].done
    if name == records.FILE_NAME:
        assert "can't be used" in notes[0]
        os.rename(folder / name, folder / "elsewhere")
        assert records.current()[1] == ()
        assert kept(folder)["checks"]["Step 1"]["done"] is True


def test_nothing_is_lost_between_threads(folder: Path) -> None:
    def note(number: int) -> None:
        for each in range(5):
            records.note_answer(f"{number}.{each}", right=True)

    threads = [threading.Thread(target=note, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept(folder)["questions"]) == 40
    assert records._pending == []
