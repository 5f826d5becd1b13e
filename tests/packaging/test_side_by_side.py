"""Tests in several processes are as several learners on one machine."""

import itertools
import os

import pytest

from lc_tutorial.platforms import callback_port
from tests.side_by_side import how_late, take_callback_ports


def test_each_process_has_ten_ports_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    first = []
    for number in range(4):
        take_callback_ports(f"gw{number}")
        first.append(callback_port())
    assert [later - before for before, later in itertools.pairwise(first)] == [10] * 3
    # Whoever asks for no port of their own begins at 8377.
    assert min(first) >= 8377 + 10


def test_what_takes_long_begins() -> None:
    kinds = ["unit", "notebooks", "browser", "classroom"]
    tests = [f"tests/{kind}/test_a.py::test" for kind in kinds]
    assert sorted(tests, key=how_late) == list(reversed(tests))
