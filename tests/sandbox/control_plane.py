"""What the tests of the control plane share: calls with the nonce, and a flow to look at."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from lc_tutorial.sandbox.learner.learner import Learner
from tests.sandbox.conftest import CALLBACK, NONCE, RunningSandbox


def call(
    sandbox: RunningSandbox, http: requests.Session, method: str, name: str, /, **order: Any
) -> requests.Response:
    return http.request(
        method,
        f"{sandbox.url}/_sandbox/{name}",
        json=order,
        headers={"X-Sandbox-Nonce": NONCE},
        timeout=30,
    )


@dataclass
class Flow:
    """What went over the wire while somebody signed in, allowed, and called the API."""

    code: str
    access_token: str
    refresh_token: str


def go_through(sandbox: RunningSandbox, http: requests.Session, state: str = "a-state") -> Flow:
    """The whole flow with the ready-made app: sign in, code, token, list_chats."""
    author, block = sandbox.author, sandbox.block
    redirected = Learner(sandbox.url, author.email, author.password).authorize(
        f"{sandbox.url}/?response_type=code&client_id={block.client_id}"
        f"&redirect_uri={CALLBACK}&state={state}"
    )
    code = parse_qs(urlsplit(redirected).query)["code"][0]
    answer = http.post(
        f"{sandbox.url}/v2/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "client_id": block.client_id,
            "client_secret": block.client_secret,
            "redirect_uri": CALLBACK,
        },
    ).json()
    listed = list_chats(sandbox, http, answer["access_token"])
    assert listed.status_code == 200
    return Flow(code, answer["access_token"], answer["refresh_token"])


def list_chats(
    sandbox: RunningSandbox, http: requests.Session, token: str, **parameters: Any
) -> requests.Response:
    return http.post(
        f"{sandbox.url}/v3.6/agent/action/list_chats",
        json=parameters,
        headers={"Authorization": f"Bearer {token}"},
    )


def info(sandbox: RunningSandbox, http: requests.Session, token: str) -> requests.Response:
    return http.get(f"{sandbox.url}/v2/info", headers={"Authorization": f"Bearer {token}"})
