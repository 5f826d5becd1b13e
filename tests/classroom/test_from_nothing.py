"""From nothing to a board with a learner on it, by the commands of the page alone.

In an empty folder, for somebody with an empty home: all commands that `classroom/README.md` has for
a bare JupyterHub, in their order. It installs from the package registries of pip and npm, so it
needs a network, and says how long each part took. What of it is not as on a teacher's machine:

- git is told (`url.….insteadOf`) to take the course from this checkout and not from its public
  address: what is committed here is what is tried.
- The hub and its services listen at ports that are free, and root may start it.
- Of this machine it has the programs (git, Python, Node) and how it reaches those registries.
"""

import os
import sys
import time
from pathlib import Path

from tests.needed import missing

from .hub import ROOT, TEACHER, commands, started
from .learner import Learner, logged_in
from .test_class import FIRST, SECOND, see_all_on_the_board, steps_on_the_board

ADDRESS = "https://github.com/lc-tutorial/lc_tutorial"

#: Seconds; a registry may be far away, and this machine busy.
PATIENCE = 3600

#: Where the shell tells when it begins with a command.
CLOCK = "clock.txt"


def environment(home: Path) -> tuple[dict[str, str], list[str]]:
    """What a shell with an empty home has, and what it has not of the test's own environment."""
    programs = os.environ["PATH"].split(os.pathsep)
    has = {
        "HOME": str(home),
        # Python's environment of the tests is no part of a teacher's machine.
        "PATH": os.pathsep.join(each for each in programs if not each.startswith(sys.prefix)),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{ROOT}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }
    # Which registry, and how it is reached, is this machine's own matter.
    for name, path in (
        ("PIP_CONFIG_FILE", Path("~/.config/pip/pip.conf")),
        ("NPM_CONFIG_USERCONFIG", Path("~/.npmrc")),
    ):
        if path.expanduser().exists():
            has.setdefault(name, str(path.expanduser()))
    of_the_tests = ("PYTHON", "VIRTUAL_ENV", "JUPYTER", "LC_", "CLASSROOM_", "XDG_", "MAKE")
    return has, [name for name in os.environ if name.startswith(of_the_tests)]


def timed(command: str) -> list[str]:
    """A command, and before it a note of when it begins."""
    return [f'echo "$(date +%s)" >> "$HOME/{CLOCK}"', command]


def told(began: list[int], lines: list[str], answered: float) -> str:
    """How long each command took, and the hub until it answered."""
    ended = [*began[1:], round(answered)]
    parts = zip(
        [*lines, "the settings, and jupyterhub until it answers"], began, ended, strict=True
    )
    return "\n".join(f"{end - begin:5} s: {line}" for line, begin, end in parts)


def test_the_page_alone_brings_a_board_with_a_learner_on_it(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        missing("This is not a checkout: git has nothing to clone.")
    folder, home = tmp_path / "empty", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    install, _, _ = commands()
    assert install[0] == f"git clone {ADDRESS}"
    has, forgotten = environment(home)
    before = [word for line in install for word in timed(line)] + timed(":")
    course = folder / Path(ADDRESS).name
    with started(folder, before, [], has, forgotten, course=course, patience=PATIENCE) as hub:
        answered = time.time()
        clock = [int(each) for each in (home / CLOCK).read_text().split()]
        print(f"\n{told(clock, install, answered)}")
        with logged_in(hub.url, TEACHER, hub.teachers_password) as browser:
            board = browser.get(f"{hub.url}/services/board/", timeout=PATIENCE)
            assert board.status_code == 200
            assert steps_on_the_board(board.text, "mia") == 0
        # What the page has people try.
        mia = Learner(hub.url, "mia", hub.password)
        mia.log_in()
        mia.start_server()
        mia.open(FIRST).run_to()
        notebook = mia.open(SECOND)
        assert "Step 1 is done" in notebook.run_to("lc.check_app").html
        see_all_on_the_board(hub, ["mia"], steps=1)
        print(f"{time.time() - answered:5.0f} s: a learner logs in and does step 1, on the board")
        print(f"{time.time() - clock[0]:5.0f} s: all of it")
        # And not the tests' own.
        there = notebook.run("print(lc.__file__)").text
        assert there.startswith(str(course / ".hub")), there
        mia.stop_server()
