"""Mistakes made in a real kernel: each is named with cause and remedy, and nothing is lost."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from tests.notebooks.mistakes import MISTAKES, OWN, Mistake

#: Steps 1 to 4 are done, as by somebody who pressed *Do it for me*.
_DONE = '''
import os
from urllib.parse import urlencode
import requests
import pandas as pd
import lc_tutorial as lc

elsewhere = lc.connect("sandbox", fresh=True)
foreign = lc.catch_up(elsewhere).token.access_token
platform = lc.connect("sandbox", fresh=True)
control = lc.Control.of(platform)
session = lc.catch_up(platform)
app = lc.CredentialsForm(platform)
authorization_url = ""

def fresh():
    """A code that nobody exchanged yet, of a link that goes with pkce."""
    global parameters, authorization_url, authorization
    control.real_time()
    parameters = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": lc.new_state(),
        "code_challenge": pkce.challenge,
        "code_challenge_method": "S256",
    }
    authorization_url = f"{platform.authorization_url}?{urlencode(parameters)}"
    authorization = lc.AuthorizationForm(platform, authorization_url)
    return authorization.code

def good(**changed):
    fields = {
        "grant_type": "authorization_code",
        "code": changed["code"] if "code" in changed else fresh(),
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": app.redirect_uri,
        "code_verifier": pkce.verifier,
        **changed,
    }
    return {name: value for name, value in fields.items() if value is not None}

pkce = lc.Pkce.new()
token_response = requests.post(platform.token_url, timeout=9, data=good())
token = lc.Token.from_response(token_response)
lab = lc.RequestLab(platform, app, authorization, token)
headers = {"Authorization": token.authorization}
response = requests.post(platform.list_chats_url, timeout=9, json={"limit": 50}, headers=headers)
page_id = response.json()["next_page_id"]
tables = lc.tables(response)
client = lc.AgentChat(platform, token, app=app)
pages = client.list_chats_pages()

from lc_tutorial.sandbox.learner.learner import Learner
_other = Learner(platform.accounts_url, platform.login.email, platform.login.password)
other = _other.create_app("Other", redirect_uri=app.redirect_uri, scopes=("chats--all:ro",))
_page = _other._browser.open(f"{platform.accounts_url}/console/settings/authorization/new")
_page = _other._browser.press(
    _page, _page.need("button", id="create"), {"name": "x"}, ticked={"scope": ("chats--all:ro",)}
)
pat = _page.need("input", id="token-value").get("value")
del os.environ["LC_TUTORIAL_AUTOPILOT"]
_made = {name: value for name, value in globals().items() if not name.startswith("_")}
'''

#: What the steps made is as it was.
_AGAIN = "globals().update(_made); control.real_time()"
#: The forms go on by themselves where a mistake needs a code.
_BY_ITSELF = """
def _fresh(_fresh=fresh):
    os.environ["LC_TUTORIAL_AUTOPILOT"] = "1"
    try:
        return _fresh()
    finally:
        del os.environ["LC_TUTORIAL_AUTOPILOT"]
fresh = _made["fresh"] = _fresh
"""


class Kernel:
    """A kernel in which cells are run.

    Args:
        client: of it.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, cell: str) -> str:
        """All that a cell shows, as text."""
        shown: list[str] = []
        self._client.execute_interactive(
            cell,
            timeout=60,
            # After an error ipykernel may leave out the cell that comes next, for a moment.
            stop_on_error=False,
            output_hook=lambda message: shown.append(_text(message["content"])),
        )
        return "\n".join(filter(None, shown))


def _text(content: dict[str, Any]) -> str:
    data = content.get("data", {})
    lines = [content.get("text", ""), *content.get("traceback", [])]
    for kind in ("text/html", "text/plain"):
        if kind in data:
            text = data[kind]
            lines.append(html.unescape(re.sub("<style.*?</style>|<[^>]+>", " ", text, flags=re.S)))
            break
    return re.sub(r"\x1b\[[0-9;]*m", "", " ".join(lines))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder: Path = tmp_path_factory.mktemp("mistakes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "runtime"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("LC_TUTORIAL_AUTOPILOT", "1")
        patch.setenv("JPY_SESSION_NAME", "01_authorization_in_practice.ipynb")
        manager, client = start_new_kernel(cwd=str(folder))
        try:
            made = Kernel(client)
            said = made.run(_DONE + _BY_ITSELF)
            assert "Traceback" not in said, said
            yield made
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.case)
def test_a_mistake_is_named_with_its_cause_and_its_remedy(kernel: Kernel, mistake: Mistake) -> None:
    kernel.run(_AGAIN)
    said = " ".join(kernel.run(mistake.cell).split())
    assert "Traceback" not in said
    assert mistake.cause in said
    # A check has a list of what is missing in the place of it.
    _, named, remedy = said.partition("missing" if "✗ missing" in said else "What to do")
    assert named
    assert mistake.remedy in remedy


@pytest.mark.parametrize(("cell", "error"), OWN)
def test_what_is_the_learners_own_keeps_its_traceback(
    kernel: Kernel, cell: str, error: str
) -> None:
    said = kernel.run(cell)
    assert "Traceback" in said
    assert error in said


def test_nothing_is_lost(kernel: Kernel) -> None:
    """After all of them the forms still have what they were given, and the token works."""
    kernel.run(_AGAIN)
    said = kernel.run(
        "again = lc.CredentialsForm(platform)\n"
        "assert again.client_id == app.client_id\n"
        "assert again.client_secret == app.client_secret\n"
        "assert requests.post(platform.list_chats_url, timeout=9, json={}, headers=headers).ok\n"
        "print('all there')"
    )
    assert "all there" in said, said
