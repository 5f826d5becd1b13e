"""A class in one process: a sandbox for many, and a doorkeeper who knows its learners."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from lc_tutorial.sandbox.learner import Learner
from lc_tutorial.sandbox.shared import Front, Worlds
from lc_tutorial.sandbox.shared.doorkeeper import HubIsSilent
from tests.sandbox.conftest import CALLBACK

BASE = "/services/sandbox"


class Book:
    """A doorkeeper that looks tokens up in a book."""

    silent = False

    async def name_of(self, token: str) -> str | None:
        if self.silent:
            raise HubIsSilent
        known, _, who = token.partition("token-of-")
        return who if not known and who else None


@dataclass
class Member:
    """A learner of the class, with what joining told them.

    Attributes:
        url: Of their world, for a program.
        browser: A browser that is theirs.
    """

    url: str
    told: dict[str, Any]
    browser: requests.Session = field(default_factory=requests.Session)

    @property
    def key(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def nonce(self) -> str:
        return str(self.told["nonce"])

    def control(self, method: str, name: str, /, **order: Any) -> requests.Response:
        return ask(
            method,
            f"{self.url}/_sandbox/{name}",
            json=order or None,
            headers={"X-Sandbox-Nonce": self.nonce},
        )

    def call(self, action: str, token: str, body: Any = None, api: str = "agent") -> Any:
        answer = ask(
            "POST",
            f"{self.url}/v3.6/{api}/action/{action}",
            json=body or {},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 200, (action, answer.text)
        return answer.json() if answer.content else {}

    def token(self, scopes: tuple[str, ...] = ("chats--all:rw", "chats--access:rw")) -> Any:
        """Do the whole flow with an app of one's own, and return the answer of the exchange."""
        learner = Learner(self.url, self.told["email"], self.told["password"])
        app = learner.create_app("Mine", CALLBACK, scopes, installed=True)
        asked = {"response_type": "code", "client_id": app.client_id, "redirect_uri": CALLBACK}
        arrived = learner.authorize(f"{self.url}/?{urlencode(asked)}")
        answer = ask(
            "POST",
            f"{self.url}/v2/token",
            data={
                "grant_type": "authorization_code",
                "code": parse_qs(urlsplit(arrived).query)["code"][0],
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "redirect_uri": CALLBACK,
            },
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


def ask(method: str, url: str, **options: Any) -> requests.Response:
    """Send one request, without cookies and proxies."""
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, url, timeout=30, allow_redirects=False, **options)


@dataclass
class Class:
    """The class as a test sees it: its address, with the path that a hub puts before it."""

    url: str
    front: Front
    worlds: Worlds
    book: Book

    @classmethod
    def at(cls, origin: str) -> "Class":
        worlds, book = Worlds(), Book()
        return cls(origin + BASE, Front(worlds, book, BASE), worlds, book)

    def answer(self, name: str, **about: Any) -> requests.Response:
        bearer = {"Authorization": f"Bearer token-of-{name}"}
        return ask("POST", f"{self.url}/join", json=about, headers=bearer)

    def join(self, name: str, **about: Any) -> Member:
        answer = self.answer(name, **about)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return Member(self.url + told["path"], told)


@pytest.fixture
def room(_server: Any) -> Iterator[Class]:
    stage, url = _server
    made = Class.at(url)
    stage.app = made.front
    yield made
    stage.app = None


# --- The hub --------------------------------------------------------------------------------------

USERS: dict[str, Any] = {
    "mias": {"kind": "user", "name": "mia", "groups": []},
    "another-of-mias": {"kind": "user", "name": "mia"},
    "the-boards": {"kind": "service", "name": "board"},
    "nameless": {"kind": "user"},
    "a-list": ["mia"],
    **{f"token-of-{name}": {"kind": "user", "name": name} for name in ("mia", "ben", "zoe", "kim")},
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
