"""Files that are written whole or not at all."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lc_tutorial.files import write_new, write_whole


def alone(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


@pytest.mark.parametrize(
    ("content", "written"),
    [("Grüße\n", "Grüße\n".encode()), ("a\r\nb", b"a\r\nb"), (b"\x00\n", b"\x00\n"), ("", b"")],
)
@pytest.mark.parametrize("before", [None, b"what was there before"])
def test_a_file_gets_its_content(
    tmp_path: Path, content: "str | bytes", written: bytes, before: bytes | None
) -> None:
    path = tmp_path / "a.txt"
    if before is not None:
        path.write_bytes(before)
    write_whole(str(path), content)
    assert path.read_bytes() == written
    assert alone(path) == ["a.txt"]


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def stopped(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("before", [None, b"what was there before"])
@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("happens", [full, stopped])
def test_what_was_there_before_stays(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: bytes | None,
    step: str,
    happens: Callable[..., None],
) -> None:
    monkeypatch.setattr(os, step, happens)
    assert_stays(tmp_path / "a.txt", before)


@pytest.mark.parametrize("before", [None, b"what was there before"])
@pytest.mark.parametrize("happens", [full, stopped])
def test_what_was_there_before_stays_where_the_new_one_gets_no_mode(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: bytes | None,
    happens: Callable[..., None],
) -> None:
    monkeypatch.setattr(os, "fchmod", happens)
    assert_stays(tmp_path / "a.txt", before)


def assert_stays(path: Path, before: bytes | None) -> None:
    if before is not None:
        path.write_bytes(before)
    with pytest.raises((OSError, KeyboardInterrupt)) as caught:
        write_whole(path, "new", mode=0o600)
    assert getattr(caught.value, "filename", str(path)) == str(path)
    assert (path.read_bytes() if path.exists() else None) == before
    assert alone(path) == ([] if before is None else ["a.txt"])


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        write_whole(tmp_path / "none" / "a.txt", "new")
    assert caught.value.filename == str(tmp_path / "none" / "a.txt")


# Ends itself, as a kill would, when it calls the function that is named.
_PROGRAM = """
import os, signal, sys
from lc_tutorial.files import write_whole
setattr(os, sys.argv[2], lambda *args: os.kill(os.getpid(), signal.SIGKILL))
write_whole(sys.argv[1], "new", mode=0o600)
"""


@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
def test_a_kill_leaves_what_was_there_before(tmp_path: Path, step: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    process = subprocess.run([sys.executable, "-c", _PROGRAM, str(path), step], check=False)
    assert process.returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    write_whole(path, "new")
    assert path.read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="modes of files are another thing there")
@pytest.mark.parametrize(
    ("before", "given", "after"),
    [
        (None, None, 0o644),
        (None, 0o600, 0o600),
        (0o640, None, 0o640),
        (0o444, None, 0o444),
        (0o644, 0o600, 0o600),
    ],
)
def test_a_file_has_its_mode(
    tmp_path: Path, before: int | None, given: int | None, after: int
) -> None:
    path = tmp_path / "a.txt"
    usual = os.umask(0o022)
    try:
        if before is not None:
            path.write_text("old")
            path.chmod(before)
        write_whole(path, "new", mode=given)
    finally:
        os.umask(usual)
    assert stat.S_IMODE(path.stat().st_mode) == after
    assert path.read_text() == "new"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "a.txt", tmp_path / "a.txt"
    real.write_text("old")
    link.symlink_to(real)
    write_whole(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert alone(real) == ["a.txt"]


def test_those_who_read_meanwhile_see_one_or_the_other(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    contents = {str(n) * 100_000 for n in range(5)}
    write_whole(path, "0" * 100_000)
    writers = [
        threading.Thread(target=write_whole, args=(path, content))
        for content in sorted(contents) * 4
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert path.read_text() in contents
    for writer in writers:
        writer.join()
    assert alone(path) == ["a.txt"]


# --- Only where nothing is ----------------------------------------------------------------------


@pytest.mark.parametrize("can_link", [True, False])
def test_a_new_file_takes_no_other_s_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_link: bool
) -> None:
    if not can_link:
        monkeypatch.setattr(os, "link", full)
    path = tmp_path / "a.txt"
    write_new(path, "mine", mode=0o600)
    assert path.read_text() == "mine"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name == "nt"
    with pytest.raises(FileExistsError) as caught:
        write_new(path, "another")
    assert caught.value.filename == str(path)
    assert path.read_text() == "mine"
    assert alone(path) == ["a.txt"]


def test_a_link_that_leads_nowhere_is_left_as_it_is(tmp_path: Path) -> None:
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        write_new(link, "new")
    assert alone(link) == ["a.txt"]


@pytest.mark.parametrize("step", ["fsync", "link", "fchmod"])
def test_a_kill_leaves_no_part_of_a_new_file(tmp_path: Path, step: str) -> None:
    path = tmp_path / "a.txt"
    program = _PROGRAM.replace("write_whole", "write_new")
    process = subprocess.run([sys.executable, "-c", program, str(path), step], check=False)
    assert process.returncode == -signal.SIGKILL
    assert not path.exists()
    write_new(path, "new")
    assert path.read_text() == "new"


def test_of_many_that_begin_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    won: list[str] = []

    def begin(content: str) -> None:
        try:
            write_new(path, content)
        except FileExistsError:
            return
        won.append(content)

    writers = [threading.Thread(target=begin, args=(str(n),)) for n in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [path.read_text()] == won


@pytest.mark.parametrize("write", [write_whole, write_new])
def test_what_a_killed_one_left_in_the_folder_goes(
    tmp_path: Path, write: Callable[[Path, str], None]
) -> None:
    old, new = tmp_path / ".lc_tutorial-0000.tmp", tmp_path / ".lc_tutorial-1111.tmp"
    for left in (old, new):
        left.write_text("a part")
    os.utime(old, (0, 0))
    write(tmp_path / "file", "whole")
    # Somebody may be writing the new one.
    assert alone(tmp_path / "file") == [new.name, "file"]
