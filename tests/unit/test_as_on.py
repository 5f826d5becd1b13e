"""What stands in for Windows keeps to its rules, whatever else the process does."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.unit.as_on import windows

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there Windows is itself")


def test_children_may_end_while_what_they_have_open_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "0").touch()
    done = threading.Event()

    def start_and_end() -> None:
        while not done.is_set():
            subprocess.run(["sleep", "0"], check=True)

    children = threading.Thread(target=start_and_end)
    children.start()
    try:
        with windows():
            for number in range(200):
                (tmp_path / str(number)).rename(tmp_path / str(number + 1))
    finally:
        done.set()
        children.join()
    assert os.listdir(tmp_path) == ["200"]


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
