"""Files on the three systems: what one of them refuses is refused here, too."""

import ctypes
import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from lc_tutorial import system
from lc_tutorial.files import write_whole
from lc_tutorial.system import exchanging, which
from tests.unit.as_on import Windows, for_a_moment, windows


@pytest.fixture
def on_windows(tmp_path: Path) -> Iterator[Windows]:
    with windows() as rules:
        yield rules


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


def refusing(times: int, step: Callable[..., Any]) -> Callable[..., Any]:
    """A step of the system's that Windows refuses so many times, as while a scanner looks in."""
    left = [times]

    def refuse(*arguments: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise PermissionError(errno.EACCES, "Access is denied")
        return step(*arguments, **options)

    return refuse


def made(path: Path, text: str = "new") -> Path:
    path.write_text(text, encoding="utf-8")
    return path


STEPS = {
    "replace": (os, system.replace),
    "rename": (os, system.move),
    "unlink": (os, lambda path, _: system.remove(path)),
    "rmdir": (os, lambda path, _: system.remove_folder(path)),
}


def made_for(step: str, path: Path) -> Path:
    if step != "rmdir":
        return made(path)
    path.mkdir()
    return path


@pytest.mark.parametrize("step", STEPS)
def test_on_windows_what_somebody_has_open_is_tried_again(
    step: str, tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", "win32")
    module, act = STEPS[step]
    monkeypatch.setattr(module, step, refusing(2, getattr(module, step)))
    path = made_for(step, tmp_path / "a")
    act(path, tmp_path / "b")
    assert not path.exists()
    assert len(pauses) == 2


@pytest.mark.parametrize("step", STEPS)
def test_on_windows_it_is_not_tried_for_ever(
    step: str, tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", "win32")
    module, act = STEPS[step]
    monkeypatch.setattr(module, step, refusing(1000, getattr(module, step)))
    path = made_for(step, tmp_path / "a")
    with pytest.raises(PermissionError):
        act(path, tmp_path / "b")
    assert path.exists()
    assert 0.5 < sum(pauses) < 2


@pytest.mark.parametrize("name", ["linux", "darwin"])
@pytest.mark.parametrize("step", STEPS)
def test_elsewhere_a_refusal_is_one(
    step: str, name: str, tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", name)
    module, act = STEPS[step]
    monkeypatch.setattr(module, step, refusing(1000, getattr(module, step)))
    with pytest.raises(PermissionError):
        act(made_for(step, tmp_path / "a"), tmp_path / "b")
    assert pauses == []


def test_on_windows_another_error_is_not_tried_again(
    tmp_path: Path, pauses: list[float], on_windows: Windows
) -> None:
    with pytest.raises(FileNotFoundError):
        system.replace(tmp_path / "none", tmp_path / "b")
    system.remove(tmp_path / "none")
    system.remove_folder(tmp_path / "none")
    assert pauses == []


def test_on_windows_a_folder_waits_for_the_file_in_it(tmp_path: Path, on_windows: Windows) -> None:
    """Of one that is deleted and open, the name stays until it is closed."""
    folder = tmp_path / "folder"
    folder.mkdir()
    reading = for_a_moment(made(folder / "a").open("rb"), on_windows)
    system.remove_folder(folder)
    reading.join()
    assert "os.remove a" in on_windows.refused
    assert os.listdir(tmp_path) == []


def test_of_a_folder_all_goes_but_what_stays_open(tmp_path: Path, on_windows: Windows) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in "abc":
        made(folder / name)
    with (folder / "b").open("rb"), pytest.raises(PermissionError):
        system.remove_folder(folder)
    assert os.listdir(folder) == ["b"]


def test_a_folder_that_is_not_empty_yet_is_tried_again(
    tmp_path: Path, pauses: list[float], on_windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    left = [errno.ENOTEMPTY]
    rmdir = os.rmdir

    def not_yet(path: Any, **options: Any) -> None:
        if left:
            raise OSError(left.pop(), "The directory is not empty", path)
        rmdir(path, **options)

    monkeypatch.setattr(os, "rmdir", not_yet)
    system.remove_folder(tmp_path / "a")
    assert os.listdir(tmp_path) == []
    assert len(pauses) == 1


def test_on_windows_a_reader_is_waited_for(tmp_path: Path, on_windows: Windows) -> None:
    path = made(tmp_path / "a", "old")
    reading = for_a_moment(path.open("rb"), on_windows)
    write_whole(path, "new")
    reading.join()
    assert path.read_text(encoding="utf-8") == "new"
    assert "os.rename a" in on_windows.refused
    assert os.listdir(tmp_path) == ["a"]


def test_on_windows_what_stays_open_stays_as_it_was(tmp_path: Path, on_windows: Windows) -> None:
    path = made(tmp_path / "a", "old")
    with path.open("rb") as reader, pytest.raises(PermissionError) as refused:
        write_whole(path, "new")
    assert reader.closed
    assert refused.value.filename == str(path)
    assert "another program has it open" in system.in_words(refused.value)
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["a"]


# --- Making files -------------------------------------------------------------------------------


@pytest.mark.parametrize("anew", [False, True])
def test_a_new_file_has_its_mode_whatever_the_mask(tmp_path: Path, anew: bool) -> None:
    path = made(tmp_path / "a") if anew else tmp_path / "a"
    usual = os.umask(0o277)
    try:
        with system.create(path, 0o640, anew=anew) as file:
            file.write(b"a\n")
    finally:
        os.umask(usual)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_bytes() == b"a\n"


def test_on_windows_a_file_is_made_without_a_mode(tmp_path: Path, on_windows: Windows) -> None:
    with system.create(tmp_path / "a", 0o600) as file:
        file.write(b"a\n")
    assert (tmp_path / "a").read_bytes() == b"a\n"


def test_no_new_file_takes_another_s_place(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        system.create(made(tmp_path / "a"), 0o600)


@pytest.mark.parametrize("at", ["open", "fchmod"])
def test_a_file_that_gets_no_mode_is_left_to_nobody(
    at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, at, refuse)
    before = psutil.Process().num_fds()
    with pytest.raises(OSError, match="not permitted"):
        system.create(tmp_path / "a", 0o600)
    assert psutil.Process().num_fds() == before


def test_whose_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "a")
    assert system.is_ours(path)
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    assert not system.is_ours(path)
    with windows():
        assert system.is_ours(path)
        with pytest.raises(FileNotFoundError):
            system.is_ours(tmp_path / "none")


# --- The way to the disk ------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the system is asked for: `fsync`, or a number of `fcntl`."""
    import fcntl

    noted: list[Any] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: noted.append("fsync"))
    monkeypatch.setattr(fcntl, "fcntl", lambda descriptor, number: noted.append(number))
    return noted


@pytest.mark.parametrize(
    ("name", "expected"), [("linux", ["fsync"]), ("darwin", [51]), ("win32", ["fsync"])]
)
def test_each_system_is_asked_in_its_own_way(
    name: str,
    expected: list[Any],
    tmp_path: Path,
    asked: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(which, "name", name)
    system.settle(made(tmp_path / "a"))
    assert asked == expected


def test_on_macos_a_disk_that_knows_no_more_is_asked_as_elsewhere(
    tmp_path: Path, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(which, "name", "darwin")
    monkeypatch.setattr(fcntl, "fcntl", refuse)
    system.settle(made(tmp_path / "a"))
    assert asked == ["fsync"]


def test_on_windows_a_folder_is_not_opened_and_a_file_is_opened_to_write(
    tmp_path: Path, on_windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    modes: list[int] = []

    def note(descriptor: int) -> None:
        modes.append(fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE)

    monkeypatch.setattr(os, "fsync", note)
    system.settle(tmp_path)
    assert modes == []
    system.settle(made(tmp_path / "a"))
    assert modes == [os.O_RDWR]


# --- Two that change places ---------------------------------------------------------------------


class Library:
    """The library of a system, with one call in it that is noted."""

    def __init__(self, call: str, answers: int, number: int = 0) -> None:
        self.noted: list[Any] = []
        self._answers = answers
        ctypes.set_errno(number)
        setattr(self, call, self._called)

    def _called(self, *arguments: Any) -> int:
        self.noted.append([getattr(each, "value", each) for each in arguments])
        return self._answers


def library(patch: pytest.MonkeyPatch, made: Library, number: int = 0) -> Library:
    patch.setattr(ctypes, "CDLL", lambda name, use_errno: made)
    patch.setattr(ctypes, "get_errno", lambda: number)
    return made


def test_two_folders_change_places(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        made(folder / folder.name)
    if system.exchange(one, other):
        assert os.listdir(one) == ["other"]
        assert os.listdir(other) == ["one"]


def test_on_macos_they_do_by_its_own_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(which, "name", "darwin")
    called = library(monkeypatch, Library("renamex_np", 0))
    assert system.exchange(Path("/a"), Path("/b"))
    assert called.noted == [[b"/a", b"/b", 2]]


@pytest.mark.parametrize(("name", "call"), [("linux", "renameat2"), ("darwin", "renamex_np")])
def test_where_the_disk_can_not_nothing_was_done(
    name: str, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", name)
    for number in exchanging._CANNOT:
        library(monkeypatch, Library(call, -1), number)
        assert not system.exchange(Path("/a"), Path("/b"))
    library(monkeypatch, Library(call, -1), errno.EACCES)
    with pytest.raises(PermissionError):
        system.exchange(Path("/a"), Path("/b"))


@pytest.mark.parametrize("name", ["win32", "freebsd14", "darwin"])
def test_where_the_system_has_no_such_call_nothing_was_done(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", name)
    library(monkeypatch, Library("another", 0))
    assert not system.exchange(Path("/a"), Path("/b"))
