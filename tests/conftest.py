"""What tests of several kinds share: the live platform's place, taken by a sandbox."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.mapped.live import LiveStandIn
    from tests.side_by_side import ByModule


def pytest_configure() -> None:
    """One of several processes listens where the others do not."""
    if process := os.environ.get("PYTEST_XDIST_WORKER"):
        from tests.kernel_ports import take_kernel_ports
        from tests.side_by_side import number_of, take_callback_ports

        take_callback_ports(process)
        take_kernel_ports(number_of(process))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of several processes, none shall be left at the end with what takes long.

    On Windows, what it has not is skipped.
    """
    if sys.platform == "win32":
        from tests import posix_only

        posix_only.skip(items)
    if "PYTEST_XDIST_WORKER" in os.environ:
        from tests.side_by_side import how_late

        items.sort(key=lambda item: how_late(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "ByModule":
    """Whoever has pytest-xdist may run the tests in several processes."""
    from tests.side_by_side import ByModule

    return ByModule(config, log)


@pytest.fixture
def live(tmp_path: Path) -> "Iterator[LiveStandIn]":
    """A sandbox that stands where the live platform is, for programs with its environment."""
    from tests.mapped.live import live_stand_in

    with live_stand_in(tmp_path / "live") as stand_in:
        yield stand_in


@pytest.fixture
def map_hosts(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """Map the live platform's hosts to a port of this machine, in the test's own process.

    Returns what is noted: the names that are asked for.
    """
    from tests.mapped import mapped_hosts

    def map_to(port: int) -> list[str]:
        noted: list[str] = []
        monkeypatch.setattr(socket, "getaddrinfo", mapped_hosts.resolver(port, noted.append))
        return noted

    return map_to
