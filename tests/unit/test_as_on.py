"""What stands in for Windows keeps to its rules, whatever else the process does."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from tests.unit.as_on import windows

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there Windows is itself")


def test_a_child_may_end_while_what_it_has_open_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").touch()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    found = psutil.Process().children()
    child.communicate(b"\n")
    assert child.pid in [each.pid for each in found]
    monkeypatch.setattr(psutil.Process, "children", lambda process: found)
    with windows():
        (tmp_path / "a").rename(tmp_path / "b")
    assert os.listdir(tmp_path) == ["b"]


def test_its_rules_hold_for_each_thread(tmp_path: Path) -> None:
    """Also while another thread's file is looked at."""
    refused = []

    def move_what_is_open(name: str) -> None:
        for _ in range(20):
            with (tmp_path / name).open("w"):
                try:
                    (tmp_path / name).rename(tmp_path / f"{name}-moved")
                except PermissionError:
                    refused.append(name)

    with windows():
        threads = [threading.Thread(target=move_what_is_open, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(refused) == 80
