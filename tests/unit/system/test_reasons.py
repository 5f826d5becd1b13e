"""What a system says of what fails, and what is told of it."""

import errno
import os
from pathlib import Path

import pytest

from lc_tutorial import system
from lc_tutorial.system import which

DENIED = PermissionError(errno.EACCES, "Access is denied", "C:\\course\\chats.csv")
NOT_THERE = "The system cannot find the path specified"


def missing(length: int) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, NOT_THERE, "C:\\" + "a" * (length - 3))


@pytest.mark.parametrize(
    ("name", "problem", "said"),
    [
        ("linux", DENIED, "Access is denied"),
        ("darwin", DENIED, "Access is denied"),
        ("win32", DENIED, "Access is denied. Perhaps another program has it open"),
        ("win32", missing(20), NOT_THERE),
        ("win32", missing(271), f"{NOT_THERE}. Its name has 271 characters, and Windows takes 259"),
        ("linux", missing(271), NOT_THERE),
        ("linux", OSError("without a number"), "OSError"),
        ("linux", OSError(errno.EIO, "It broke."), "It broke"),
        ("win32", FileNotFoundError(errno.ENOENT, NOT_THERE, 7), NOT_THERE),
    ],
)
def test_it_is_said_without_a_name(
    name: str, problem: OSError, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", name)
    assert system.in_words(problem) == said


def test_what_the_system_really_says(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as problem:
        (tmp_path / "none").read_bytes()
    assert system.in_words(problem.value) == os.strerror(errno.ENOENT)


@pytest.mark.parametrize(
    ("name", "problem", "expected"),
    [
        ("win32", DENIED, True),
        ("linux", DENIED, False),
        ("darwin", DENIED, False),
        ("win32", missing(20), False),
        ("win32", OSError(errno.ENOSPC, "No space left on device"), False),
    ],
)
def test_what_may_be_open(
    name: str, problem: OSError, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", name)
    assert system.may_be_open(problem) is expected


@pytest.mark.parametrize(
    ("number", "is_full", "is_refused"),
    [
        (errno.ENOSPC, True, False),
        (errno.EFBIG, False, False),
        (getattr(errno, "EDQUOT", errno.ENOSPC), True, False),
        (errno.EACCES, False, True),
        (errno.EPERM, False, True),
        (errno.EROFS, False, True),
        (errno.ENOENT, False, False),
    ],
)
def test_its_kind(number: int, is_full: bool, is_refused: bool) -> None:
    problem = OSError(number, os.strerror(number))
    assert system.is_full(problem) is is_full
    assert system.is_refused(problem) is is_refused
