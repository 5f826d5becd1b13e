import errno
import os
from pathlib import Path

import pytest

from lc_tutorial.platforms import choice


def test_without_a_choice_it_is_the_sandbox(tmp_path: Path) -> None:
    assert choice.remembered(tmp_path) == "sandbox"


@pytest.mark.parametrize("name", choice.PLATFORMS)
def test_the_choice_is_remembered(tmp_path: Path, name: str) -> None:
    choice.remember(name, tmp_path)
    assert choice.remembered(tmp_path) == name


def test_the_notebook_folder_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    choice.remember("live")
    assert choice.remembered() == "live"
    assert [path.name for path in tmp_path.iterdir()] == ["lc_tutorial.json"]


def test_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="production"):
        choice.remember("production", tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[]",
        b'{"platform": "moon"}',
        b'{"platform": ["live"]}',
        b"\xff\xfe",
        b"[" * 99_999,
    ],
    ids=len,
)
def test_a_broken_file_means_the_sandbox(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / choice.FILE_NAME).write_bytes(broken)
    assert choice.remembered(tmp_path) == "sandbox"


def test_a_folder_in_the_place_of_the_file_means_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / choice.FILE_NAME).mkdir()
    assert choice.remembered(tmp_path) == "sandbox"


def test_where_the_folder_of_the_notebook_is_gone_it_is_the_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert choice.remembered() == "sandbox"


def test_a_choice_that_can_not_be_written_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice.remember("live", tmp_path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        choice.remember("sandbox", tmp_path)
    assert choice.remembered(tmp_path) == "live"
    assert [path.name for path in tmp_path.iterdir()] == [choice.FILE_NAME]
