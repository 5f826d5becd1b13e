"""A real sandbox for the tests: one server on a free port of the loopback, a new world a test."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from lc_tutorial import masking
from lc_tutorial.lab import history, hook, values_at_hand
from lc_tutorial.sandbox.app import create_app
from lc_tutorial.sandbox.store.chat_store import ChatStore
from lc_tutorial.sandbox.web.connections import Protocol
from lc_tutorial.sandbox.world.records import Account, App, AuthorizationBlock
from lc_tutorial.sandbox.world.state import Sandbox

NONCE = "not-a-real-nonce"
CALLBACK = "http://127.0.0.1:8377/callback"
SCOPES = ("chats--all:ro", "chats--my:ro")


@pytest.fixture(scope="module", autouse=True)
def nobody_records() -> Iterator[None]:
    """What a notebook records of its requests is nothing here, and each one makes the next slower.

    A test of the client's side may have run before in this process, and more may follow.
    """
    was_recorded = hasattr(requests.Session.send, "lc_original")
    hook.uninstall()
    masking.forget_all()
    values_at_hand.forget_all()
    history.clear()
    yield
    if was_recorded:
        hook.install()


@dataclass
class RunningSandbox:
    """A sandbox as a test sees it: its address, and the world behind it.

    Attributes:
        url: Without a slash at the end.
        chats: The chats behind it.
        stopped: Set when the control plane was told to end it.
    """

    url: str
    world: Sandbox
    chats: ChatStore = field(default_factory=ChatStore)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def app(self) -> App:
        """The ready-made server-side app."""
        return self.world.ready_made

    @property
    def block(self) -> AuthorizationBlock:
        """The OAuth client of the ready-made app."""
        assert self.app.block is not None
        return self.app.block

    @property
    def author(self) -> Account:
        """Who made the ready-made app: the owner of the first organisation."""
        return self.world.accounts[self.app.author_id]

    def person(self, role: str, *, elsewhere: bool = False) -> Account:
        """Somebody with that role, in the author's organisation or in another."""
        home = self.author.organization_id
        return next(
            account
            for account in self.world.accounts.values()
            if account.role == role and (account.organization_id != home) is elsewhere
        )

    def new_app(
        self,
        client_type: str = "server_side",
        *,
        redirect_uris: tuple[str, ...] = (CALLBACK,),
        scopes: tuple[str, ...] = ("chats--access:ro",),
        installed: bool = True,
    ) -> AuthorizationBlock:
        """Make another app of the same author, and return its OAuth client."""
        app = self.world.create_app("Another app", self.author.id)
        app.installed = installed
        block = self.world.add_authorization(app, client_type)  # type: ignore[arg-type]
        block.redirect_uris.extend(redirect_uris)
        block.scopes.update(dict.fromkeys(scopes, True))
        return block


class _Stage:
    """The app that the server runs; which one can be changed while it does."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@contextlib.contextmanager
def serving(**options: Any) -> Iterator[tuple[_Stage, int]]:
    """Run a server on a free port of the loopback, with these options of uvicorn."""
    stage = _Stage()
    # As in server.py: without the protocol's name each answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            stage,
            http=Protocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            **options,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.005)
    yield stage, listener.getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@pytest.fixture(scope="session")
def _server() -> Iterator[tuple[_Stage, str]]:
    with serving() as (stage, port):
        yield stage, f"http://127.0.0.1:{port}"


@pytest.fixture
def sandbox(_server: tuple[_Stage, str]) -> Iterator[RunningSandbox]:
    """A sandbox that nobody has used yet."""
    stage, url = _server
    running = RunningSandbox(url, Sandbox())
    stage.app = app = create_app(
        running.world,
        nonce=NONCE,
        stop=running.stopped.set,
        renewed=lambda world: setattr(running, "world", world),
    )
    running.chats = app.state.chats
    yield running
    stage.app = None


@pytest.fixture
def world() -> Sandbox:
    """A world that nobody has used yet, without a server."""
    return Sandbox()


@pytest.fixture
def author(world: Sandbox) -> Account:
    """Who made its ready-made app."""
    return world.accounts[world.ready_made.author_id]


@pytest.fixture
def block(world: Sandbox) -> AuthorizationBlock:
    """The OAuth client of its ready-made app."""
    assert world.ready_made.block is not None
    return world.ready_made.block


def pair(world: Sandbox, block: AuthorizationBlock, author: Account) -> tuple[str, str]:
    """The values of a new access token and its refresh token."""
    refresh = world.grants.issue_refresh_token(block.client_id, author.id, SCOPES)
    access = world.grants.issue_access_token(block.client_id, author.id, SCOPES, refresh)
    return access.value, refresh.value


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """A client that keeps cookies, as a browser does, and knows no proxy."""
    with requests.Session() as session:
        session.trust_env = False
        yield session
