"""Tests in several processes are as several learners on one machine."""

import itertools
import os
import socket
from pathlib import Path

import pytest
from jupyter_client.connect import LocalPortCache
from jupyter_client.manager import KernelManager

from lc_tutorial.platforms import callback_port
from tests.kernel_ports import take_kernel_ports
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


def test_a_kernel_has_ports_that_nobody_is_given_meanwhile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # What it had before comes back with the end of the test.
    monkeypatch.setattr(LocalPortCache, "find_available_port", LocalPortCache.find_available_port)
    take_kernel_ports(7)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 27_001))
        manager = KernelManager(connection_file=str(tmp_path / "kernel.json"))
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=120)
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert len({*manager.ports}) == 5
    assert {*manager.ports} < {*range(27_000, 28_000)} - {27_001}
    anybodys = Path("/proc/sys/net/ipv4/ip_local_port_range")
    assert not anybodys.exists() or max(manager.ports) < int(anybodys.read_text().split()[0])
