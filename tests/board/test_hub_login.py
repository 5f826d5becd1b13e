"""The board as a managed service of a real JupyterHub: who sees what, and who may report."""

import asyncio
import base64
import hashlib
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from lc_tutorial.board import events
from lc_tutorial.board.app import create_app
from lc_tutorial.board.hub_login import HubDoor
from lc_tutorial.board.room import Room
from lc_tutorial.classroom import asking
from lc_tutorial.classroom.syllabus import course
from tests.board.conftest import COURSE
from tests.browser.conftest import free_port, process, wait_until_it_answers
from tests.browser.test_hub import node_proxy
from tests.sandbox.asgi import Client

CONFIGURATION = """
import sys
c.JupyterHub.bind_url = {url!r}
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {{"ada"}}
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.load_groups = {{"teachers": {{"users": ["tess"]}}}}
c.JupyterHub.services = [{{
    "name": "board",
    "url": "http://127.0.0.1:{board_port}",
    "command": [sys.executable, "-m", "lc_tutorial", "board", "--hub"],
    "oauth_no_confirm": True,
}}]
c.JupyterHub.load_roles = [
    {{"name": "user", "scopes": ["self", "access:services!service=board"]}},
]
"""


class Hub(NamedTuple):
    url: str
    password: str
    direct: str

    @property
    def board(self) -> str:
        return f"{self.url}/services/board/"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    proxy, port, board_port, password = node_proxy(), free_port(), free_port(), secrets.token_hex(8)
    url = f"http://127.0.0.1:{port}"
    configuration = tmp_path / "jupyterhub_config.py"
    configuration.write_text(
        CONFIGURATION.format(
            url=url,
            hub_port=free_port(),
            api_port=free_port(),
            board_port=board_port,
            password=password,
            proxy=proxy,
        )
    )
    log = tmp_path / "hub.log"
    command = [sys.executable, "-m", "jupyterhub", "-f", str(configuration)]
    with process(command, log, tmp_path) as running:
        direct = f"http://127.0.0.1:{board_port}/services/board/"
        wait_until_it_answers(f"{url}/hub/health", log, running)
        # The hub starts it, and answers before that.
        wait_until_it_answers(f"{direct}static/board.css", log, running)
        yield Hub(url, password, direct)


def signed_in(hub: Hub, user: str) -> requests.Session:
    browser = requests.Session()
    browser.trust_env = False
    page = browser.get(f"{hub.url}/hub/login", timeout=60)
    xsrf = re.search(r'name="_xsrf" value="([^"]*)"', page.text)
    assert xsrf is not None
    form = {"username": user, "password": hub.password, "_xsrf": xsrf[1]}
    # Not further: a server of their own takes long to start.
    answer = browser.post(f"{hub.url}/hub/login", form, timeout=60, allow_redirects=False)
    assert answer.status_code == 302
    return browser


def token_of(hub: Hub, browser: requests.Session, user: str, *scopes: str) -> str:
    """A token with these scopes, as the hub gives one to a user's server."""
    xsrf = browser.cookies.get("_xsrf", path="/hub/") or ""
    answer = browser.post(
        f"{hub.url}/hub/api/users/{user}/tokens",
        json={"scopes": list(scopes)},
        headers={"X-XSRFToken": xsrf, "Referer": f"{hub.url}/hub/token"},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


def test_teachers_see_the_board_and_learners_themselves(hub: Hub) -> None:
    mia, ben, tess = (signed_in(hub, name) for name in ("mia", "ben", "tess"))
    stuck = events.AtStep(1, 0, events.State.STUCK, events.ErrorName.NOT_WHITELISTED)
    told = events.Reports(course().edition, [stuck])
    with asking.session_for() as kernel:
        # The teacher runs the notebook, too, and has no row: the counts below are of two.
        for name, browser in (("mia", mia), ("ben", ben), ("tess", tess)):
            token = token_of(hub, browser, name, "access:services!service=board")
            # The kernel reaches it by either way.
            for address in (hub.direct, hub.board):
                asking.ask(kernel, f"{address}report", told, token, events.Heard)
        for token in (token_of(hub, mia, "mia", "access:servers!user=mia"), "made-up", "x" * 999):
            with pytest.raises(asking.Refused) as caught:
                asking.ask(kernel, f"{hub.direct}report", told, token, events.Heard)
            assert caught.value.status == 401

    own = mia.get(hub.board, timeout=60)
    assert (own.status_code, own.url) == (200, hub.board)
    assert "redirect URI not on the whitelist" in own.text
    assert "ben" not in own.text
    assert "Tell the room" not in own.text
    assert mia.post(f"{hub.board}line", {"line": "mine"}, timeout=60).status_code == 403
    with mia.get(f"{hub.board}events", stream=True, timeout=60) as live:
        rows = [line for line, _ in zip(live.iter_lines(1), range(60), strict=False)]
        assert any(b"mia" in line for line in rows)
        assert not any(b"ben" in line for line in rows)

    for teacher in (tess, signed_in(hub, "ada")):
        page = teacher.get(hub.board, timeout=60)
        assert "<b>2 people:</b> redirect URI not on the whitelist" in page.text
        assert "Tell the room" in page.text
        assert "tess" not in page.text

    nobody = requests.get(hub.board, timeout=60)
    assert nobody.url.startswith(f"{hub.url}/hub/login")
    forged = requests.get(f"{hub.board}oauth_callback?code=x&state=x", timeout=60)
    assert forged.status_code == 403


class _QuickHub:
    """What the board uses of jupyterhub, where everybody who logs in is Tess."""

    login_url = "/hub/api/oauth2/authorize?client_id=service-board"
    access_scopes = frozenset({"access:services!service=board"})
    pkce_enabled = True

    def __init__(self) -> None:
        self.verifiers: list[str] = []

    async def token_for_code(self, _: str, *, code_verifier: str, **__: object) -> str:
        self.verifiers.append(code_verifier)
        return "not-a-real-token"

    async def user_for_token(self, *_: object, **__: object) -> dict[str, object]:
        return {"kind": "user", "name": "tess", "admin": True}

    def check_scopes(self, *_: object) -> bool:
        return True


def test_each_of_many_logins_comes_to_its_end(runner: asyncio.Runner) -> None:
    """Two tabs begin at once, as after the board was started anew; a stranger, a thousand times."""
    quick = _QuickHub()
    door = HubDoor(quick)
    http = Client(create_app(Room(COURSE), door, more_routes=door.routes), runner)
    begun = [http.ask("GET", b"/") for _ in range(2)]
    for _ in range(1000):
        assert http.ask("GET", b"/events").status == 403
    cookies = [answer.header("set-cookie").partition(";")[0].encode() for answer in begun]
    for answer in begun:
        asked = parse_qs(urlsplit(answer.header("location")).query)
        path = f"/oauth_callback?code=x&state={asked['state'][0]}".encode()
        assert http.ask("GET", path).status == 403
        back = http.ask("GET", path, [(b"cookie", b"; ".join(cookies))])
        assert (back.status, back.header("location")) == (303, "./")
        digest = hashlib.sha256(quick.verifiers[-1].encode()).digest()
        assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).decode().rstrip("=")]
    assert len(set(quick.verifiers)) == 2
