"""What is written, as the control plane tells it and disturbs it."""

from typing import Any

import pytest
import requests

from tests.sandbox.conftest import RunningSandbox
from tests.sandbox.control_plane import call

Json = dict[str, Any]
PATH = "/v3.6/agent/action"
WORDS = "not-a-secret-but-somebody-s"


def post(
    sandbox: RunningSandbox, http: requests.Session, action: str, **arguments: Any
) -> requests.Response:
    """Call a method with a token that may write."""
    token = sandbox.world.grants.issue_access_token(
        sandbox.block.client_id, sandbox.author.id, ("chats--all:rw",)
    )
    headers = {"Authorization": f"Bearer {token.value}"}
    return http.post(f"{sandbox.url}{PATH}/{action}", headers=headers, timeout=30, **arguments)


def events(sandbox: RunningSandbox, http: requests.Session, chat_id: str) -> list[Json]:
    chat = post(sandbox, http, "get_chat", json={"chat_id": chat_id}).json()
    return list(chat["thread"]["events"])


def test_the_journal_tells_of_an_upload_and_shows_no_file(
    sandbox: RunningSandbox, http: requests.Session
) -> None:
    url = post(
        sandbox, http, "upload_file", files={"file": ("list.txt", WORDS.encode(), "text/plain")}
    ).json()["url"]
    assert http.get(url, timeout=30).content == WORDS.encode()
    sent, read = call(sandbox, http, "GET", "journal").json()
    assert sent["url"] == f"{PATH}/upload_file"
    assert "bytes of multipart/form-data" in sent["request_body"]
    assert url in sent["response_body"]
    assert read["response_body"].endswith("bytes of application/octet-stream, not shown)")
    assert WORDS not in str(sent) + str(read)


def test_the_journal_tells_what_was_said(sandbox: RunningSandbox, http: requests.Session) -> None:
    chat_id = post(sandbox, http, "start_chat", json={}).json()["chat_id"]
    event = {"type": "message", "text": "Ferns like shade."}
    post(sandbox, http, "send_event", json={"chat_id": chat_id, "event": event})
    told = call(sandbox, http, "GET", "journal").json()[-1]
    assert told["url"] == f"{PATH}/send_event"
    assert "Ferns like shade." in told["request_body"]


@pytest.mark.parametrize(
    ("fault", "written"), [("drop", False), ("500", False), ("truncate", True)]
)
def test_what_a_fault_leaves_of_a_write(
    sandbox: RunningSandbox, http: requests.Session, fault: str, written: bool
) -> None:
    """A client that tries again after a cut answer says it twice."""
    chat_id = post(sandbox, http, "start_chat", json={}).json()["chat_id"]
    body = {"chat_id": chat_id, "event": {"type": "message", "text": "Hello"}}
    call(sandbox, http, "POST", "faults", fault=fault, path=f"{PATH}/send_event")
    if fault == "500":
        assert post(sandbox, http, "send_event", json=body).status_code == 500
    else:
        with pytest.raises(requests.RequestException):
            post(sandbox, http, "send_event", json=body)
    assert len(events(sandbox, http, chat_id)) == int(written)
    assert post(sandbox, http, "send_event", json=body).ok
    assert len(events(sandbox, http, chat_id)) == 1 + int(written)
