"""Names that Windows takes for something else; and that none of ours is one."""

import subprocess
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from lc_tutorial import system
from lc_tutorial.system import which

ROOT = Path(__file__).parents[3]

WRONG = [
    *("con", "NUL", "aux.csv", "com1", "LPT9.tar.gz", "COM¹", "prn .txt", "conout$"),
    *("chats:may", "a?b", 'say "hi"', "a*", "a|b", "<a>", "tab\tbed"),
    *("chats.", "chats ", "...", "sub./chats", "nul/chats", r"C:\course\aux\chats"),
]

RIGHT = [
    *("chats", "chats.pull", "console", "com", "com10", "com0x", "auxiliary", "nullable.csv"),
    *(".hidden", "a.b.c", "Grüße", "日本", "..", "../chats", "./chats", ".", "a b", "~", "a%20b"),
    *(r"C:\course\chats", r"C:chats", r"\\server\share\chats", "/tmp/chats", "month=2026-05"),
]


@pytest.mark.parametrize("name", WRONG)
def test_windows_has_no_such_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(which, "name", "win32")
    why = system.why_no_name(name)
    assert why is not None
    assert why.endswith(".")
    assert "Windows" in why


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("other", ["linux", "darwin"])
def test_others_have(name: str, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(which, "name", other)
    assert system.why_no_name(name) is None


@pytest.mark.parametrize("name", RIGHT)
def test_windows_has_these(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(which, "name", "win32")
    assert system.why_no_name(name) is None


@pytest.fixture(scope="module")
def ours() -> list[str]:
    """All files of the project; without git, those of the package and the notebooks."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        folders = ("lc_tutorial", "notebooks", "solutions", "tests")
        return [
            str(path.relative_to(ROOT)) for name in folders for path in (ROOT / name).rglob("*")
        ]
    return listed.rstrip("\0").split("\0")


def test_windows_takes_the_project_s_files(
    ours: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", "win32")
    assert len(ours) > 500
    assert {name: why for name in ours if (why := system.why_no_name(name))} == {}


def test_a_folder_without_large_and_small_letters_takes_them(ours: list[str]) -> None:
    """As those of Windows are, and of macOS as a rule."""
    names = {part for name in ours for part in (name, *map(str, PurePosixPath(name).parents))}
    assert [name for name, times in Counter(map(str.casefold, names)).items() if times > 1] == []


def test_the_installed_files_leave_room_for_where_they_are_installed(ours: list[str]) -> None:
    """Windows counts 259 characters in all; a user's environment has about 120 of them."""
    installed = [name for name in ours if name.startswith(("lc_tutorial/", "notebooks/"))]
    assert max(map(len, installed)) < 100
