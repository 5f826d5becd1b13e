"""A real sandbox, private to the test run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from lc_tutorial import masking, memory
from lc_tutorial.connect import connect
from lc_tutorial.course import records
from lc_tutorial.forms.authorization import AuthorizationForm
from lc_tutorial.lab import history, values_at_hand
from lc_tutorial.platforms import launch
from lc_tutorial.platforms.platform import Platform


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        patch.delenv("JPY_PARENT_PID", raising=False)
        yield connect("sandbox", fresh=True)
        assert launch.stop_all() >= 1


@pytest.fixture(scope="module")
def own_sandbox(sandbox: Platform) -> Platform:
    """One more, for a module whose tests write into it: others count what is in theirs."""
    return connect("sandbox", fresh=True)


def _forget() -> None:
    # The form that waited last may rest at its port for ten minutes more.
    waiting, AuthorizationForm._waiting = AuthorizationForm._waiting, None
    if waiting is not None:
        waiting.retire()
    memory.forget_all()
    masking.forget_all()
    values_at_hand.forget_all()
    history.clear()


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """What one test has seen is no fact for the next, nor whether it keeps what is sent."""
    send = requests.Session.send
    _forget()
    yield
    _forget()
    requests.Session.send = send  # type: ignore[method-assign]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A learner's folder, as their notebook sees it: progress is kept there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(records, "_in_a_notebook", lambda: True)
    records.forget()
    yield tmp_path
    # A test may have gone elsewhere.
    monkeypatch.chdir(tmp_path)
    records.forget()
