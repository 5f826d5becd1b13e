"""Who joins is for the hub to say: asked as each of its services asks it."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lc_tutorial.sandbox.shared import HubDoorkeeper, NoHub
from lc_tutorial.sandbox.shared.doorkeeper import HubIsSilent

USERS: dict[str, Any] = {
    "mias": {"kind": "user", "name": "mia", "groups": []},
    "another-of-mias": {"kind": "user", "name": "mia"},
    "the-boards": {"kind": "service", "name": "board"},
    "nameless": {"kind": "user"},
    "a-list": ["mia"],
}


class Hub:
    """What JupyterHub answers to a service that asks whose token it was shown."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ails = False


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    state = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            token = self.headers["Authorization"].removeprefix("token ")
            state.asked.append(token)
            assert self.path == "/hub/api/user"
            known = 500 if state.ails else 200 if token in USERS else 403
            self.send_response(known)
            self.end_headers()
            self.wfile.write(json.dumps(USERS.get(token, {})).encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
        port = listening.server_address[1]
        monkeypatch.setenv("JUPYTERHUB_API_URL", f"http://127.0.0.1:{port}/hub/api")
        monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "not-a-real-token-of-the-service")
        yield state
        listening.shutdown()


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("mias", "mia"),
        ("another-of-mias", "mia"),
        ("the-boards", None),
        ("nameless", None),
        ("a-list", None),
        ("nobodys", None),
        ("", None),
        ("not-ascii-é", None),
        ("too-long" * 100, None),
    ],
)
def test_whose_token_it_is(hub: Hub, token: str, name: str | None) -> None:
    assert asyncio.run(HubDoorkeeper().name_of(token)) == name


def test_the_hub_is_asked_once_in_a_while_and_of_strangers_nothing_is_kept(hub: Hub) -> None:
    async def ask() -> None:
        doorkeeper = HubDoorkeeper()
        for token in ("mias", "mias", "nobodys", "nobodys"):
            await doorkeeper.name_of(token)

    asyncio.run(ask())
    assert hub.asked == ["mias", "nobodys", "nobodys"]


def test_a_hub_that_fails_says_nothing_of_the_learner(hub: Hub) -> None:
    hub.ails = True
    with pytest.raises(HubIsSilent):
        asyncio.run(HubDoorkeeper().name_of("mias"))


def test_while_the_hub_takes_its_time_others_are_answered(hub: Hub) -> None:
    """It is asked without holding up the event loop."""

    async def ask() -> list[str]:
        done: list[str] = []

        async def joins() -> None:
            await HubDoorkeeper().name_of("mias")
            done.append("joined")

        joining = asyncio.create_task(joins())
        while not hub.asked:
            await asyncio.sleep(0)
        done.append("answered")
        await joining
        return done

    assert asyncio.run(ask()) == ["answered", "joined"]


def test_without_a_hub_there_is_no_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUPYTERHUB_API_URL", raising=False)
    command = [sys.executable, "-m", "lc_tutorial", "sandbox", "--class"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert "let the hub start it, as a service" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_where_jupyterhub_is_missing_it_says_where_to_install_it(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jupyterhub.services.auth", None)
    with pytest.raises(NoHub, match="Start it with the Python of the hub"):
        HubDoorkeeper()
