"""The control plane: the health check, and ending the sandbox."""

import hashlib
import hmac

import pytest
import requests

import lc_tutorial
from tests.sandbox.conftest import NONCE, RunningSandbox


def expected_proof(challenge: str) -> str:
    return hmac.new(NONCE.encode(), challenge.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("challenge", ["abc", "ż 1&2", "x" * 256])
def test_health_proves_knowledge_of_the_nonce(
    sandbox: RunningSandbox, http: requests.Session, challenge: str
) -> None:
    answer = http.get(f"{sandbox.url}/_sandbox/health", params={"challenge": challenge})
    assert answer.status_code == 200
    assert answer.json() == {
        "proof": expected_proof(challenge),
        "version": lc_tutorial.__version__,
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_never_sends_the_nonce(sandbox: RunningSandbox, http: requests.Session) -> None:
    answer = http.get(f"{sandbox.url}/_sandbox/health", params={"challenge": "abc"})
    assert NONCE not in answer.text
    assert NONCE not in str(answer.headers)


@pytest.mark.parametrize("query", ["", "?challenge=", "?challenge=" + "x" * 257])
def test_health_wants_a_challenge_of_fair_length(
    sandbox: RunningSandbox, http: requests.Session, query: str
) -> None:
    answer = http.get(f"{sandbox.url}/_sandbox/health{query}")
    assert answer.status_code == 422
    assert "proof" not in answer.json()


@pytest.mark.parametrize("headers", [{}, {"X-Sandbox-Nonce": ""}, {"X-Sandbox-Nonce": NONCE[:-1]}])
def test_stop_needs_the_nonce(
    sandbox: RunningSandbox, http: requests.Session, headers: dict[str, str]
) -> None:
    answer = http.post(f"{sandbox.url}/_sandbox/stop", headers=headers)
    assert answer.status_code == 403
    assert not sandbox.stopped.is_set()


def test_stop_ends_the_sandbox(sandbox: RunningSandbox, http: requests.Session) -> None:
    answer = http.post(f"{sandbox.url}/_sandbox/stop", headers={"X-Sandbox-Nonce": NONCE})
    assert answer.status_code == 200
    assert sandbox.stopped.is_set()


def test_stop_is_not_a_link(sandbox: RunningSandbox, http: requests.Session) -> None:
    answer = http.get(f"{sandbox.url}/_sandbox/stop", headers={"X-Sandbox-Nonce": NONCE})
    assert answer.status_code == 405
    assert not sandbox.stopped.is_set()
