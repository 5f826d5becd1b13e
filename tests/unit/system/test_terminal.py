"""What a terminal is given to show, and what is typed into it."""

import subprocess
import sys

import pytest

from lc_tutorial import system
from lc_tutorial.system import which

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


@pytest.mark.parametrize(
    ("name", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"BROWSER": "w3m"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_where_a_browser_can_open_a_window(
    name: str, variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", name)
    for variable in _DISPLAYS:
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert system.has_display() is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["C:\\Python\\python.exe", "C:\\a.py"], "C:\\Python\\python.exe C:\\a.py"),
        (
            ["C:\\Program Files\\python.exe", "C:\\My course\\a.py", "http://127.0.0.1:9"],
            'C:\\"Program Files"\\python.exe "C:\\My course\\a.py" http://127.0.0.1:9',
        ),
        (["C:\\R&D\\python.exe", "--x"], 'C:\\"R&D"\\python.exe --x'),
    ],
)
def test_on_windows_both_shells_understand_a_command(
    words: list[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "name", "win32")
    assert system.in_a_shell(words) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="its shells are others")
@pytest.mark.parametrize("word", ["a b", "it's", "$HOME", '"', "a\\b", "", "Grüße"])
def test_elsewhere_a_shell_reads_the_words_as_they_were(word: str) -> None:
    program = "import sys; print(sys.argv[1:])"
    command = system.in_a_shell([sys.executable, "-c", program, word])
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=True)
    assert done.stdout.decode().strip() == repr([word])


# What the command prints goes to a file, or to another program, in the characters of a country.
_PRINTS = """
import sys
from lc_tutorial import cli
from lc_tutorial.course import serving
serving.Jupyter.open_course = lambda program, folder, *, browser: None
sys.exit(cli.main(["--folder", sys.argv[1], "--no-browser"]))
"""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_name_that_can_not_be_shown_ends_nothing(
    encoding: str, tmp_path: "object", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    done = subprocess.run(
        [sys.executable, "-c", _PRINTS, "Kávé-日本"],
        cwd=str(tmp_path),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode(encoding)
    shown = {"cp1252": "Kávé-??", "ascii": "K?v?-??", "utf-8": "Kávé-日本"}[encoding]
    assert done.stdout.decode(encoding).split() == ["Your", "notebooks", "are", "in", f"{shown}."]
