"""The hook in ``requests``: that it is there, and that it costs nothing before it is needed."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from routed import Routed

from lc_tutorial.connect import connect
from lc_tutorial.lab import hook
from lc_tutorial.lab.history import entries
from lc_tutorial.platforms.platform import Platform


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    hook.install()
    yield
    hook.uninstall()


@pytest.fixture
def server() -> Iterator[Routed]:
    with Routed() as server:
        yield server


def test_it_is_installed_once_and_taken_off(server: Routed) -> None:
    hooked = requests.Session.send
    hook.install()
    assert requests.Session.send is hooked
    requests.get(server.origin, timeout=9)
    assert len(entries()) == 1
    hook.uninstall()
    hook.uninstall()
    assert not hasattr(requests.Session.send, "lc_original")
    requests.get(server.origin, timeout=9)
    assert len(entries()) == 1


def test_what_is_unrecorded_or_of_the_sandbox_alone_is_not_kept(server: Routed) -> None:
    with hook.unrecorded():
        requests.get(server.origin, timeout=9)
    requests.get(f"{server.origin}/_sandbox/health", timeout=9)
    assert entries() == ()
    requests.get(f"{server.origin}/?next=/_sandbox/health", timeout=9)
    assert len(entries()) == 1


def test_connecting_installs_it(sandbox: Platform) -> None:
    hook.uninstall()
    connect("live")
    requests.get(sandbox.accounts_url, timeout=9, allow_redirects=False)
    assert len(entries()) == 1


def test_connecting_imports_nothing_of_the_history() -> None:
    code = (
        "import sys, requests, lc_tutorial\n"
        "lc_tutorial.connect('live')\n"
        "assert requests.Session.send.lc_original\n"
        "print([name for name in sys.modules if name.startswith('lc_tutorial.lab.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['lc_tutorial.lab.hook']\n"
