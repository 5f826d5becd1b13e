"""``lc.connect``: which platform it leads to."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lc_tutorial.connect import connect
from lc_tutorial.errors import InputError
from lc_tutorial.platforms import LIVE, choice, launch


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(InputError, match="moon"):
        connect("moon")


def test_the_choice_of_notebook_00_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    choice.remember("live")
    assert connect() == LIVE


@pytest.mark.parametrize("sign", ["BINDER_LAUNCH_HOST", "BINDER_REPO_URL"])
def test_live_is_refused_on_binder_unless_asked_twice(
    monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    monkeypatch.setenv(sign, "https://binder.example")
    with pytest.raises(InputError, match="switched off on Binder"):
        connect("live")
    assert connect("live", allow_binder=True) == LIVE


# --- Imports --------------------------------------------------------------------------------------

#: What takes time or memory to import, and what the first cells can do without.
HEAVY = (
    "pandas",
    "numpy",
    "pyarrow",
    "matplotlib",
    "jsonschema",
    "nbformat",
    "psutil",
    "jupyter_server",
)

#: Of our own: what only something that went wrong needs.
EXPLANATIONS = {f"lc_tutorial.errors.explaining.{name}" for name in ("api", "token", "value")}


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A place where nothing runs, of an application that several kernels have in common."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getpid()))
    yield
    launch.stop_all()


def imported_by(*steps: str) -> set[str]:
    """The modules that a new process has after these steps."""
    program = "\n".join(["import sys", *steps, "print(*sys.modules, file=sys.stderr)"])
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


def heavy(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] in HEAVY}


IMPORT = "import lc_tutorial as lc"
CONNECT = "platform = lc.connect('sandbox')"
CATCH_UP = "session = lc.catch_up(platform); session.token"
IN_IPYTHON = (
    "from IPython.core.interactiveshell import InteractiveShell",
    "InteractiveShell.instance()",
)


def test_the_import_brings_nothing_but_itself() -> None:
    modules = imported_by(IMPORT)
    assert not heavy(modules)
    assert {name for name in modules if name.startswith("lc_tutorial")} == {"lc_tutorial"}
    assert "requests" not in modules
    assert "IPython" not in modules


def test_connecting_where_a_sandbox_runs_imports_little(application: None) -> None:
    launch.join_or_start()
    modules = imported_by(IMPORT, *IN_IPYTHON, CONNECT)
    assert not heavy(modules)
    assert not modules & (EXPLANATIONS | {"ipywidgets", "msgspec", "lc_tutorial.forms.catch_up"})


def test_connecting_from_cold_imports_the_forms_while_the_sandbox_starts(
    application: None,
) -> None:
    modules = imported_by(IMPORT, *IN_IPYTHON, CONNECT)
    assert not heavy(modules)
    assert "lc_tutorial.forms.catch_up" in modules


def test_connecting_outside_a_notebook_imports_no_forms(application: None) -> None:
    modules = imported_by(IMPORT, CONNECT)
    assert not heavy(modules)
    assert "ipywidgets" not in modules


def test_connecting_goes_on_where_forms_can_not_be_imported(application: None) -> None:
    assert imported_by(IMPORT, *IN_IPYTHON, "sys.modules['anywidget'] = None", CONNECT)


def test_catching_up_imports_nothing_that_only_tables_need(application: None) -> None:
    modules = imported_by(IMPORT, *IN_IPYTHON, CONNECT, CATCH_UP)
    assert not heavy(modules)


def test_catching_up_after_a_cold_start_imports_nothing_of_our_own(application: None) -> None:
    before = imported_by(IMPORT, *IN_IPYTHON, CONNECT)
    after = imported_by(IMPORT, *IN_IPYTHON, CONNECT, CATCH_UP)
    assert not {name for name in after - before if name.startswith("lc_tutorial.")}
