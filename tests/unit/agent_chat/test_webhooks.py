"""The listener for webhooks: what it takes, what it refuses, and how it ends."""

import errno
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

import lc_tutorial as lc
from lc_tutorial.agent_chat import webhooks
from lc_tutorial.errors import InputError, PortTaken

TOLD = {"webhook_id": "w", "action": "incoming_chat", "payload": {"chat": {"id": "PJ0MRSHTDG"}}}


@pytest.fixture
def listener() -> Iterator[lc.WebhookListener]:
    with lc.WebhookListener() as one:
        yield one


def send(listener: lc.WebhookListener, body: Any = None, **arguments: Any) -> int:
    """Send a webhook as the platform would, or a request like it; the status of the answer."""
    with requests.Session() as session:
        session.trust_env = False
        url = arguments.pop("url", listener.url)
        if "data" not in arguments:
            arguments["json"] = genuine(listener) if body is None else body
        return session.request(
            arguments.pop("method", "POST"), url, timeout=30, **arguments
        ).status_code


def genuine(listener: lc.WebhookListener) -> dict[str, Any]:
    return {**TOLD, "secret_key": str(listener.secret_key)}


def test_a_webhook_with_the_key_is_received_without_it(listener: lc.WebhookListener) -> None:
    assert send(listener) == 200
    assert listener.wait() == TOLD
    assert listener.received == [TOLD]
    assert (len(list(listener)), listener.refused) == (1, 0)


def test_waiting_ends_when_one_comes(listener: lc.WebhookListener) -> None:
    told: list[Any] = []
    waiting = threading.Thread(target=lambda: told.append(listener.wait(timeout=30)))
    waiting.start()
    send(listener)
    waiting.join(30)
    assert told == [TOLD]


def test_a_port_that_is_taken_is_said_so(listener: lc.WebhookListener) -> None:
    with pytest.raises(PortTaken) as refused:
        lc.WebhookListener(urlsplit(listener.url).port or 0)
    assert "Another program on this machine listens there" in refused.value.why
    assert "lc.WebhookListener(), which takes a free one" in refused.value.remedy


def test_a_port_that_the_computer_refuses_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(webhooks._Server, "server_bind", refuse)
    with pytest.raises(PortTaken) as refused:
        lc.WebhookListener(80)
    assert refused.value.why == "The computer refuses it: Permission denied."


@pytest.mark.parametrize("timeout", [None, "30", float("nan")])
def test_a_time_to_wait_is_a_number(listener: lc.WebhookListener, timeout: Any) -> None:
    with pytest.raises(InputError, match="a number of seconds"):
        listener.wait(timeout)


@pytest.mark.parametrize("port", [None, "8377", -1, 65_536, 8377.0])
def test_a_port_is_a_number(port: Any) -> None:
    with pytest.raises(InputError, match="from 0 to 65535"):
        lc.WebhookListener(port)


def test_where_none_comes_there_is_none(listener: lc.WebhookListener) -> None:
    assert listener.wait(timeout=0) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (TOLD, 403),
        ({**TOLD, "secret_key": "not-the-real-secret-key"}, 403),
        ({**TOLD, "secret_key": ""}, 403),
        ({**TOLD, "secret_key": None}, 403),
        ({**TOLD, "secret_key": ["not-the-real-secret-key"]}, 403),
        ({**TOLD, "secret_key": "kéy"}, 403),
        ({**TOLD, "secret_key": "\ud800"}, 403),
        ([], 403),
        ("text", 403),
    ],
)
def test_what_lacks_the_key_is_refused(
    listener: lc.WebhookListener, body: Any, status: int
) -> None:
    assert send(listener, body) == status
    assert (listener.received, listener.refused) == ([], 1)


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"headers": {"Host": "stranger.example"}}, 421),
        ({"headers": {"Content-Type": "text/plain"}}, 415),
        ({"data": b"no JSON", "headers": JSON}, 403),
        ({"data": b"[" * 100_000, "headers": JSON}, 403),
        ({"data": b"", "headers": JSON}, 403),
    ],
)
def test_what_is_no_webhook_is_refused(
    listener: lc.WebhookListener, request_: dict[str, Any], status: int
) -> None:
    assert send(listener, **request_) == status
    assert (listener.received, listener.refused) == ([], 1)


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("Transfer-Encoding: chunked", b"411"),
        ("Content-Length: -1", b"411"),
        ("Content-Length: ٣", b"411"),
        (f"Content-Length: {webhooks.MOST_BYTES + 1}", b"413"),
        ("Content-Length: " + "9" * 5000, b"413"),
    ],
)
def test_a_body_of_no_length_or_of_too_much_is_not_read(
    listener: lc.WebhookListener, length: str, status: bytes
) -> None:
    address = ("127.0.0.1", port_of(listener))
    with socket.create_connection(address, timeout=30) as line:
        head = f"POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n\r\n"
        line.sendall(head.encode())
        assert line.recv(1024).split()[1] == status
    assert (listener.received, listener.refused) == ([], 1)


def port_of(listener: lc.WebhookListener) -> int:
    return urlsplit(listener.url).port or 0


def test_another_address_and_another_method(listener: lc.WebhookListener) -> None:
    assert send(listener, url=listener.url + "s") == 404
    # A page of another origin asks first, and is not told that it may.
    for method in ("GET", "OPTIONS"):
        assert send(listener, method=method) == 501


def test_only_so_many_are_kept(listener: lc.WebhookListener) -> None:
    body = json.dumps(genuine(listener)).encode()
    for _ in range(webhooks.MOST_KEPT + 5):
        listener.take(body)
    assert len(listener.received) == webhooks.MOST_KEPT


def test_stopped_it_gives_the_port_back_and_keeps_what_came(
    listener: lc.WebhookListener,
) -> None:
    send(listener)
    assert repr(listener).startswith("Listens for webhooks at http://127.0.0.1:")
    listener.stop()
    listener.stop()
    assert not listener.is_listening
    assert repr(listener).endswith("1 received, 0 refused.")
    with lc.WebhookListener(port_of(listener)) as another:
        assert send(another) == 200


def test_the_key_is_not_shown(listener: lc.WebhookListener) -> None:
    send(listener)
    shown = f"{listener!r} {listener.received} {listener.secret_key!r}"
    assert str.__str__(listener.secret_key) not in shown


def test_each_has_a_key_of_its_own(listener: lc.WebhookListener) -> None:
    with lc.WebhookListener() as another:
        assert send(another, genuine(listener)) == 403


def test_it_ends_with_its_process() -> None:
    program = "import lc_tutorial as lc; print(lc.WebhookListener().url)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    address = ("127.0.0.1", urlsplit(done.stdout.strip()).port)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=30)
