"""Two hundred learners at once, each with an app and a browser of their own, in one sandbox.

The sandbox has fewer people than that, so several learners share a person, as those do who choose
the same one of the login page's list. What the platform limits, it limits per app and person.
"""

import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from lc_tutorial.sandbox.browser import parse
from lc_tutorial.sandbox.learner import Learner

LEARNERS = 200
SCOPES = ("chats--access:ro", "chats--my:ro")
LONG = 120.0


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A sandbox in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lc_tutorial", "sandbox", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path)},
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.communicate(timeout=LONG)
    assert process.returncode == 0


def people(url: str) -> list[tuple[str, str]]:
    """Everybody's address and password, from the login page."""
    page = parse(requests.get(f"{url}/login", timeout=LONG).text)
    buttons = page.find_all("button", **{"class": "secondary fill-in"})
    return [(button.get("data-email"), button.get("data-password")) for button in buttons]


@dataclass(frozen=True)
class Outcome:
    """What a learner has in the end."""

    client_id: str
    code: str
    access_token: str
    account_id: str
    chats: int


def whole_flow(url: str, email: str, password: str, number: int) -> Outcome:
    """Make an app, get a code, exchange it, list chats: all that the course has its learner do."""
    learner = Learner(url, email, password)
    redirect_uri = f"http://127.0.0.1:8377/learner/{number}"
    app = learner.create_app(f"App of learner {number}", redirect_uri, SCOPES)
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "state": f"state-{number}",
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


def test_two_hundred_learners_do_the_whole_flow_at_once(url: str) -> None:
    everybody = people(url)
    assert len(everybody) > 5
    together = threading.Barrier(LEARNERS, timeout=LONG)

    def learn(number: int, person: tuple[str, str]) -> Outcome:
        together.wait()
        return whole_flow(url, *person, number)

    with ThreadPoolExecutor(LEARNERS) as learners:
        chosen = zip(range(LEARNERS), itertools.cycle(everybody), strict=False)
        at_work = [learners.submit(learn, number, person) for number, person in chosen]
        failures = [failure for one in at_work if (failure := one.exception())]
        assert failures == []
    outcomes = [one.result() for one in at_work]
    assert len(outcomes) == LEARNERS
    assert len({one.client_id for one in outcomes}) == LEARNERS
    assert len({one.code for one in outcomes}) == LEARNERS
    assert len({one.access_token for one in outcomes}) == LEARNERS
    assert len({one.account_id for one in outcomes}) == len(everybody)
    # People of one account see the same, whoever asks, and everybody sees something.
    for _, theirs in itertools.groupby(
        sorted(outcomes, key=lambda one: one.account_id), key=lambda one: one.account_id
    ):
        assert len(set(chats := [one.chats for one in theirs])) == 1
        assert chats[0] > 0
