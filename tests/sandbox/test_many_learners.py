"""Two hundred learners at once, each with an account, an app and a browser, in one sandbox."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from lc_tutorial.sandbox.learner.learner import Learner
from tests.drawn import examples

#: Two hundred; in `make test-lowest` a fifth of them.
LEARNERS = min(200, examples(200))
NONCE = "not-a-real-nonce"
LONG = 120.0

Person = dict[str, str]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A sandbox in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lc_tutorial", "sandbox", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "JUPYTER_RUNTIME_DIR": str(tmp_path),
            "LC_TUTORIAL_SANDBOX_NONCE": NONCE,
        },
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.communicate(timeout=LONG)
    assert process.returncode == 0


def control(url: str, method: str, name: str, order: Any = None) -> Any:
    with requests.Session() as http:
        http.trust_env = False
        answer = http.request(
            method,
            f"{url}/_sandbox/{name}",
            json=order,
            headers={"X-Sandbox-Nonce": NONCE},
            timeout=LONG,
        )
    assert answer.status_code == 200, answer.text
    return answer.json()


@dataclass(frozen=True)
class Outcome:
    """What a learner has in the end."""

    client_id: str
    code: str
    access_token: str
    account_id: str
    chats: int


def whole_flow(url: str, person: Person, number: int) -> Outcome:
    """Make an app, get a code, exchange it, list chats: all that the course has its learner do."""
    learner = Learner(url, person["email"], person["password"])
    redirect_uri = f"http://127.0.0.1:8377/learner/{number}"
    app = learner.create_app(f"App of {person['name']}", redirect_uri)
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "state": f"state-{number}",
        "prompt": "consent",
    }
    arrived = learner.authorize(f"{url}/?{urlencode(query)}")
    assert arrived.startswith(f"{redirect_uri}?"), arrived.partition("?")[0]
    answer = parse_qs(urlsplit(arrived).query)
    assert answer["state"] == [f"state-{number}"]
    with requests.Session() as http:
        http.trust_env = False
        exchanged = http.post(
            f"{url}/v2/token",
            timeout=LONG,
            data={
                "grant_type": "authorization_code",
                "code": answer["code"][0],
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "redirect_uri": redirect_uri,
            },
        )
        assert exchanged.status_code == 200, exchanged.json()["error"]
        token = exchanged.json()
        assert token["client_id"] == app.client_id
        listed = http.post(
            f"{url}/v3.6/agent/action/list_chats",
            timeout=LONG,
            headers={"Authorization": f"Bearer {token['access_token']}"},
            json={"limit": 100},
        )
        assert listed.status_code == 200, listed.json()["error"]
        chats = listed.json()["chats_summary"]
    return Outcome(
        app.client_id, answer["code"][0], token["access_token"], token["account_id"], len(chats)
    )


def test_many_learners_do_the_whole_flow_at_once(url: str) -> None:
    everybody = control(url, "POST", "people", {"number": LEARNERS})
    together = threading.Barrier(LEARNERS, timeout=LONG)

    def learn(number: int, person: Person) -> Outcome:
        together.wait()
        return whole_flow(url, person, number)

    with ThreadPoolExecutor(LEARNERS) as learners:
        at_work = [learners.submit(learn, *numbered) for numbered in enumerate(everybody)]
        failures = [failure for one in at_work if (failure := one.exception())]
        assert failures == []
    outcomes = [one.result() for one in at_work]
    assert len(outcomes) == LEARNERS
    for what in ("account_id", "client_id", "code", "access_token"):
        assert len({getattr(one, what) for one in outcomes}) == LEARNERS, what
    assert {one.chats for one in outcomes} == {100}
    # Each app is of the learner who made it, and its token is theirs.
    state = control(url, "GET", "state")
    authors = {app["client_id"]: app["author"] for app in state["apps"] if not app["ready_made"]}
    owners = {token["client_id"]: token["account"] for token in state["access_tokens"]}
    assert authors == owners
    assert set(owners.values()) == {person["email"] for person in everybody}
