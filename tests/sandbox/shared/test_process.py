"""A class's sandbox as the hub starts it: a process, joined from the kernels of two learners."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil
import pytest

from .conftest import BASE, Hub, Member, ask

#: What a kernel of a learner does: all of it in a process of its own, as on a hub.
KERNEL = """
import json, sys
import lc_tutorial as lc
platform = lc.connect("sandbox")
control = lc.Control.of(platform)
control.advance(float(sys.argv[1]))
print(json.dumps({"url": platform.accounts_url, "ahead": control.state()["clock"]["ahead_by"]}))
"""


@dataclass
class Service:
    """The running process."""

    url: str
    process: "subprocess.Popen[str]"

    @property
    def megabytes(self) -> float:
        process = psutil.Process(self.process.pid)
        # macOS tells how much of its memory is its own to the process itself alone, and to root.
        own = process.memory_info().rss if psutil.MACOS else process.memory_full_info().uss
        return float(own) / 1e6

    def join(self, name: str) -> Member:
        headers = {"Authorization": f"Bearer token-of-{name}"}
        told = ask("POST", f"{self.url}/join", headers=headers, json={}).json()
        return Member(self.url + told["path"], told)


@pytest.fixture
def service(hub: Hub) -> Iterator[Service]:
    with subprocess.Popen(
        [sys.executable, "-m", "lc_tutorial", "sandbox", "--class", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "JUPYTERHUB_SERVICE_PREFIX": f"{BASE}/"},
    ) as running:
        assert running.stdout is not None
        yield Service(json.loads(running.stdout.readline())["url"], running)
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=60) == 0


def test_two_learners_kernels_each_have_a_world(service: Service) -> None:
    assert urlsplit(service.url).path == BASE
    kernels = {
        name: subprocess.Popen(
            [sys.executable, "-c", KERNEL, seconds],
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "LC_TUTORIAL_SANDBOX": service.url,
                "JUPYTERHUB_API_TOKEN": f"token-of-{name}",
            },
        )
        for name, seconds in (("mia", "3600"), ("ben", "7200"))
    }
    told = {
        name: json.loads(kernel.communicate(timeout=300)[0]) for name, kernel in kernels.items()
    }
    assert [told[name]["ahead"] for name in ("mia", "ben")] == [3600, 7200]
    for name, said in told.items():
        assert said["url"] == service.join(name).url


def test_a_learner_more_takes_three_megabytes_at_most(service: Service) -> None:
    def learns(name: str) -> None:
        member = service.join(name)
        token = member.token()["access_token"]
        assert member.call("list_chats", token)["found_chats"] == 250
        member.call("list_archives", token, {"limit": 100})

    learns("mia")
    with_one = service.megabytes
    others = ("ben", "zoe", "kim")
    for name in others:
        learns(name)
    assert (service.megabytes - with_one) / len(others) <= 3
