"""A folder in the place of another: at every moment one of the two is there, whole."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from lc_tutorial.files import Leftover, NewFolder, clear_leftovers, folders
from tests.unit.as_on import windows

FILES = ("a.txt", "b.txt")


def put(target: Path, text: str, check: Any = lambda folder: None) -> None:
    with NewFolder(target) as new:
        for name in FILES:
            (new.path / name).write_text(text)
        new.put(check)


def found(target: Path) -> str:
    """What is in the folder: the same in all files, or it is not whole."""
    texts = {name: (target / name).read_text() for name in sorted(os.listdir(target))}
    assert tuple(texts) == FILES, texts
    assert len(set(texts.values())) == 1, texts
    return texts["a.txt"]


def beside(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir() if path != target)


@pytest.fixture(params=["in one step", "one steps aside", "Windows"])
def system(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[str]:
    """A system that can let two folders change places, one that can't, and Windows.

    The last can't either, and moves no folder in which a file is open.
    """
    if request.param == "one steps aside":
        monkeypatch.setattr(folders, "exchange", lambda one, other: False)
    with windows() if request.param == "Windows" else nullcontext():
        yield str(request.param)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "mine"


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("before", [None, "empty", "old"])
def test_the_new_one_has_the_place(target: Path, before: str | None) -> None:
    if before == "empty":
        target.mkdir()
    elif before:
        put(target, before)
    put(target, "new")
    assert found(target) == "new"
    assert beside(target) == []


@pytest.mark.usefixtures("system")
def test_what_is_not_put_goes(target: Path) -> None:
    put(target, "old")
    with NewFolder(target) as new:
        (new.path / "a.txt").write_text("new")
    assert found(target) == "old"
    assert beside(target) == []


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("refused_at", [1, 2])
def test_what_may_not_go_stays(target: Path, refused_at: int) -> None:
    """Also where it changed after it was looked at: the second look is at what had the place."""
    put(target, "old")
    looked = 0

    def check(folder: Path) -> None:
        nonlocal looked
        looked += 1
        assert found(folder) == "old"
        if looked == refused_at:
            raise ValueError("It may not go.")

    with pytest.raises(ValueError, match="may not go"):
        put(target, "new", check)
    assert found(target) == "old"
    assert beside(target) == []


def test_the_earlier_one_comes_back_if_the_new_one_can_not_be_put(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "exchange", lambda one, other: False)
    put(target, "old")
    rename = os.rename

    def refused(path: Path, to: Path) -> None:
        if path.name == "new":
            raise PermissionError(13, "Permission denied")
        rename(path, to)

    monkeypatch.setattr(os, "rename", refused)
    with pytest.raises(PermissionError):
        put(target, "new")
    assert found(target) == "old"
    assert beside(target) == []


# --- Interrupted at every line ------------------------------------------------------------------


class Interrupt:
    """Raises KeyboardInterrupt before the so-maniest line of the module, as Ctrl-C does."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != folders.__file__:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self


def test_whatever_line_is_interrupted_one_of_the_two_is_there(target: Path, system: str) -> None:
    put(target, "old")
    for line in range(1, 1000):
        interrupt = Interrupt(line)
        sys.settrace(interrupt)
        try:
            put(target, "new")
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(None)
        if interrupt.left > 0:
            break
        # At once where two folders can change places; else when the next one has looked.
        if system != "in one step":
            clear_leftovers(target.parent)
        assert found(target) in ("old", "new"), line
        clear_leftovers(target.parent)
        assert beside(target) == [], line
        if found(target) == "new":
            shutil.rmtree(target)
            put(target, "old")
    assert interrupt.left > 0, "every line was one to interrupt"
    assert line > 30


# --- Killed at every step -----------------------------------------------------------------------

# Puts a folder again and again, each time in a process of its own that is killed one step later:
# a step is whatever it asks the system for. Its first argument says whether folders can change
# places, its second is the folder.
_PROGRAM = """
import os, shutil, signal, sys
from pathlib import Path
from lc_tutorial import system
from lc_tutorial.files import clear_leftovers, folders

target = Path(sys.argv[2])
if sys.argv[1] == "one steps aside":
    folders.exchange = lambda one, other: False
if sys.argv[1] == "Windows":
    system.which.name = "win32"

def put(text):
    with folders.NewFolder(target) as new:
        for name in ("a.txt", "b.txt"):
            (new.path / name).write_text(text)
        new.put(lambda folder: None)

def in_a_process(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def killed_at(step):
    left = [step]
    steps = ("os.", "open", "shutil.", "tempfile.", "fcntl.", "ctypes.call_function")

    def watch(event, args):
        if event.startswith(steps):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    put("new")

def found():
    texts = {(target / name).read_text() for name in ("a.txt", "b.txt")}
    assert len(texts) == 1 and len(os.listdir(target)) == 2, texts
    return texts.pop()

put("old")
kills = back = 0
for step in range(1, 500):
    code = in_a_process(lambda: killed_at(step))
    if code == 0:
        break
    assert code == -signal.SIGKILL, code
    kills += 1
    if sys.argv[1] == "in one step":
        found()
    left = clear_leftovers(target.parent)
    back += sum(each.is_back for each in left)
    assert found() in ("old", "new"), step
    assert os.listdir(target.parent) == [target.name], os.listdir(target.parent)
    put("old")
print(code, kills, back)
"""


def test_wherever_it_is_killed_one_of_the_two_is_there(target: Path, tmp_path: Path) -> None:
    for system in ("in one step", "one steps aside", "Windows"):
        process = subprocess.run(
            [sys.executable, "-c", _PROGRAM, system, str(target)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stderr
        code, kills, back = map(int, process.stdout.split())
        assert code == 0, "every step was one to be killed at"
        assert kills > 20
        assert (back > 0) is (system != "in one step")
        shutil.rmtree(target)


# --- Several at once ----------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="the system has no such step")
def test_whoever_looks_meanwhile_sees_one_or_the_other(target: Path) -> None:
    put(target, "old")
    looks = 0
    done = threading.Event()

    def replace() -> None:
        for number in range(60):
            put(target, str(number))
        done.set()

    thread = threading.Thread(target=replace)
    thread.start()
    while not done.is_set():
        assert target.is_dir()
        looks += 1
    thread.join()
    assert looks > 60
    assert found(target) == "59"


@pytest.mark.usefixtures("system")
def test_several_at_once_leave_one_whole_folder(target: Path) -> None:
    problems: list[Exception] = []
    told: list[Leftover] = []

    def work(text: str) -> None:
        try:
            for number in range(10):
                told.extend(clear_leftovers(target.parent))
                put(target, f"{text}{number}")
        except Exception as problem:  # noqa: BLE001
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(text,)) for text in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert told == [], "each of them works still"
    assert found(target) in {f"{text}9" for text in "ABCD"}
    assert beside(target) == []


# --- What a killed one has left -----------------------------------------------------------------


def left_behind(folder: Path, name: str | None, *, aside: bool = False) -> Path:
    workshop = folder / ".lc_tutorial-folder-0123abcd"
    (workshop / "new").mkdir(parents=True)
    (workshop / "new" / "a.txt").write_text("half of")
    if name is not None:
        (workshop / "name").write_text(name)
    if aside:
        (workshop / "old").mkdir()
        for each in FILES:
            (workshop / "old" / each).write_text("old")
    return workshop


@pytest.mark.parametrize("name", ["mine", "another", None])
def test_what_was_left_is_cleared_away(target: Path, name: str | None) -> None:
    left_behind(target.parent, name)
    told = () if name is None else (Leftover(name, is_back=False),)
    assert clear_leftovers(target.parent) == told
    assert beside(target) == []
    assert clear_leftovers(target.parent) == ()


def test_what_was_set_aside_is_put_back(target: Path) -> None:
    left_behind(target.parent, "mine", aside=True)
    assert clear_leftovers(target.parent) == (Leftover("mine", is_back=True),)
    assert found(target) == "old"


def test_what_has_been_replaced_is_not_put_back(target: Path) -> None:
    put(target, "new")
    left_behind(target.parent, "mine", aside=True)
    assert clear_leftovers(target.parent) == (Leftover("mine", is_back=False),)
    assert found(target) == "new"


def test_what_was_being_deleted_is_not_put_back(target: Path) -> None:
    workshop = left_behind(target.parent, "mine", aside=True)
    workshop.rename(target.parent / ".lc_tutorial-done-0123abcd")
    assert clear_leftovers(target.parent) == ()
    assert os.listdir(target.parent) == []


@pytest.mark.parametrize("name", ["../elsewhere", "/elsewhere", "..", "a/b"])
def test_nothing_is_put_where_a_name_leads_elsewhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    left_behind(folder, name, aside=True)
    clear_leftovers(folder)
    assert os.listdir(tmp_path) == ["inside"]
    assert os.listdir(folder) == []


def test_where_somebody_works_nothing_is_cleared_away(target: Path) -> None:
    with NewFolder(target) as new:
        assert clear_leftovers(target.parent) == ()
        assert new.path.is_dir()


def test_files_and_links_of_that_name_are_left_alone(target: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "thesis.docx").write_text("years of work")
    (tmp_path / ".lc_tutorial-folder-link").symlink_to(elsewhere)
    (tmp_path / ".lc_tutorial-folder-file").write_text("years of work")
    assert clear_leftovers(target.parent) == ()
    assert os.listdir(elsewhere) == ["thesis.docx"]
    assert len(os.listdir(tmp_path)) == 3
