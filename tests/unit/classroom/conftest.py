"""A learner's kernel with a runtime directory of its own, that has joined nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lc_tutorial.classroom import hub, joining
from lc_tutorial.course import records


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    for name in (hub.VARIABLE, "JUPYTERHUB_API_TOKEN", "JUPYTERHUB_USER", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    (tmp_path / "course").mkdir()
    monkeypatch.chdir(tmp_path / "course")
    records.forget()
    yield tmp_path
    if joining._now is not None:
        joining._now.stop()
        joining._now = None
    records.forget()
