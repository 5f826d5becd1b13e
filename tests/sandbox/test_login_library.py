"""A login library that knows this platform by itself: nuxt-auth-utils of npm, provider as it is."""

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import requests

from lc_tutorial.sandbox.learner.learner import Learner
from tests.needed import missing, of_npm
from tests.sandbox.conftest import RunningSandbox

APP = Path(__file__).with_name("login_app.mjs")
PROVIDER = "nuxt-auth-utils/dist/runtime/server/lib/oauth/livechat.js"


@contextlib.contextmanager
def login_app(**settings: object) -> Iterator[str]:
    """Run the app; give the address at which people sign in, which is its redirect URI too."""
    modules = Path(str(of_npm("browser-apps", PROVIDER)).removesuffix(PROVIDER))
    node = shutil.which("node") or missing("Node is missing: the login library runs in it.")
    running = subprocess.Popen(
        [node, str(APP), str(modules), json.dumps(settings)],
        # Without https its cookie can't be a secure one, which is what "development" means there.
        env={"PATH": os.environ["PATH"], "NODE_ENV": "development"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        port = running.stdout.readline().strip()
        assert port, "The app did not start."
        yield f"http://127.0.0.1:{port}/auth/livechat"
    finally:
        running.kill()
        running.communicate()


def test_it_signs_a_person_in(sandbox: RunningSandbox, http: requests.Session) -> None:
    block = sandbox.new_app(redirect_uris=(), scopes=("accounts--my:ro", "chats--access:ro"))
    settings = {
        "clientId": block.client_id,
        "clientSecret": block.client_secret,
        # Where it would look for the platform otherwise, at the same paths.
        "authorizationURL": sandbox.url,
        "tokenURL": f"{sandbox.url}/v2/token",
        "userURL": f"{sandbox.url}/v2/accounts/me",
    }
    with login_app(**settings) as sign_in:
        block.redirect_uris.append(sign_in)
        begun = http.get(sign_in, allow_redirects=False)
        person = Learner(sandbox.url, sandbox.author.email, sandbox.author.password)
        signed_in = http.get(person.authorize(begun.headers["Location"])).json()
    assert set(signed_in["scope"].split(",")) == {"accounts--my:ro", "chats--access:ro"}
    assert signed_in["user"]["email"] == sandbox.author.email
    assert signed_in["user"]["account_id"] == sandbox.author.id


def test_without_the_scope_for_the_profile_it_fails(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    """What happens to everybody who follows the library's documentation and forgets the scope."""
    block = sandbox.new_app(redirect_uris=(), scopes=("chats--access:ro",))
    settings = {
        "clientId": block.client_id,
        "clientSecret": block.client_secret,
        "authorizationURL": sandbox.url,
        "tokenURL": f"{sandbox.url}/token",
        "userURL": f"{sandbox.url}/v2/accounts/me",
    }
    with login_app(**settings) as sign_in:
        block.redirect_uris.append(sign_in)
        begun = http.get(sign_in, allow_redirects=False)
        person = Learner(sandbox.url, sandbox.author.email, sandbox.author.password)
        failed = http.get(person.authorize(begun.headers["Location"]))
    assert failed.status_code >= 400
