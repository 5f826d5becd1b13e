"""``lc.connect``: which platform it leads to."""

import os
import subprocess
import sys

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


def test_where_a_sandbox_runs_connecting_imports_little(
    monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getpid()))
    launch.join_or_start()
    code = (
        "import sys, lc_tutorial\n"
        "lc_tutorial.connect('sandbox')\n"
        "print(*(name for name in sys.modules if name.split('.')[0] in ('psutil', 'pandas')))\n"
        "print(*(name for name in sys.modules if name.startswith('lc_tutorial.errors.explaining.')"
        " and name.rpartition('.')[2] in ('api', 'token', 'knowledge', 'value')))\n"
    )
    try:
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    finally:
        assert launch.stop_all() == 1
    assert done.stdout.split() == []
