"""Bytes that are hardly HTTP, sent to the real server: it refuses them and goes on answering."""

import contextlib
import http.client
import logging
import socket
from urllib.parse import urlsplit

import pytest
import requests

from tests.sandbox.conftest import RunningSandbox, pair

LONG = 30.0
MEGABYTE = 1024 * 1024


def connect(sandbox: RunningSandbox) -> socket.socket:
    parts = urlsplit(sandbox.url)
    assert parts.hostname is not None
    return socket.create_connection((parts.hostname, parts.port or 80), timeout=LONG)


def answer_to(sandbox: RunningSandbox, sent: bytes) -> http.client.HTTPResponse | None:
    """What came back, read to its end; None if the server only hung up."""
    with connect(sandbox) as line:
        with contextlib.suppress(OSError):  # It may have hung up already, with an answer.
            line.sendall(sent)
        answer = http.client.HTTPResponse(line)
        try:
            answer.begin()
            answer.text = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
        except (http.client.HTTPException, ConnectionError):
            return None
        return answer


def assert_as_well_as_before(sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture) -> None:
    health = requests.get(f"{sandbox.url}/_sandbox/health?challenge=x", timeout=LONG)
    assert health.status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def post(path: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


# What is sent, and the status where there has to be one.
REQUESTS = [
    ("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64, None),
    ("no HTTP at all", b"\x00\xff\xfe garbage\r\n\r\n", None),
    ("a version from the future", b"GET / HTTP/9.9\r\n\r\n", None),
    ("no version", b"GET /\r\n\r\n", None),
    ("HTTP/1.0 without a host", b"GET /v2/info HTTP/1.0\r\n\r\n", 422),
    ("a method of our own", b"FUZZ /login HTTP/1.1\r\nHost: localhost\r\n\r\n", None),
    ("every resource", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", None),
    ("a proxy's request", b"GET http://evil.example/login HTTP/1.1\r\nHost: localhost\r\n"
     b"\r\n", None),
    ("a tunnel", b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", None),
    ("an upgrade", b"GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
     b"Upgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n\r\n", 200),
    ("bytes in the path", b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", None),
    ("bytes in the query", b"GET /v2/info?code=\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", None),
    ("bytes in a header", b"GET /v2/info HTTP/1.1\r\nHost: localhost\r\n"
     b"Authorization: Bearer \xff\xfe\r\n\r\n", 401),
    ("no host", b"GET /v2/info HTTP/1.1\r\n\r\n", 400),
    ("a foreign host", b"GET /v2/info HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    ("a line break in a header", b"GET /login HTTP/1.1\r\nX-Forwarded-Context: /x\nSet-Cookie: a=1"
     b"\r\n\r\n", None),
    ("a bare carriage return", b"GET /login HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n", None),
    ("a folded header", b"GET /login HTTP/1.1\r\nHost: localhost\r\n evil\r\n\r\n", None),
    ("two hosts", b"GET /login HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400),
    ("a broken host", b"GET /v2/nothing HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
    ("a host with a path", b"GET /nothing HTTP/1.1\r\nHost: x/v2/\r\n\r\n", 400),
    ("a negative length", post("/v2/token", b"", "Content-Length: -1"), None),
    ("two lengths", post("/v2/token", b"abc", "Content-Length: 3", "Content-Length: 4"), None),
    ("a length and chunks", post("/v2/token", b"0\r\n\r\n", "Content-Length: 3",
     "Transfer-Encoding: chunked"), None),
    ("broken chunks", post("/v2/token", b"zz\r\nabc", "Transfer-Encoding: chunked"), None),
    ("no length", post("/v2/token"), 422),
    ("a long path", b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 431),
    ("a long header", b"GET /login HTTP/1.1\r\nCookie: " + b"a" * 200_000 + b"\r\n\r\n", 431),
    ("a header without an end", b"GET /login HTTP/1.1\r\nCookie: " + b"a" * 70_000, 431),
    ("a head of 60 KB", b"GET /login HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 60_000
     + b"\r\n\r\n", 200),
    ("many headers", b"GET /login HTTP/1.1\r\n" + b"X: y\r\n" * 5_000 + b"\r\n", 431),
    ("a hundred headers", b"GET /login HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 100
     + b"\r\n", 200),
    ("a body where none is read", b"GET /v2/info HTTP/1.1\r\nHost: localhost\r\n"
     b"Content-Length: 3\r\n\r\nabc", 422),
    ("a body that may come later", post("/v2/token", b"{}", "Content-Length: 2",
     "Content-Type: application/json", "Expect: 100-continue"), 422),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "status"), [r[1:] for r in REQUESTS], ids=[r[0] for r in REQUESTS]
)
def test_a_strange_request(
    sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture, sent: bytes, status: int | None
) -> None:
    answer = answer_to(sandbox, sent)
    if answer is not None:
        assert 200 <= answer.status < 500
        assert answer.getheader("Set-Cookie", "sandbox_session").startswith("sandbox_session")
        assert "evil.example" not in str(answer.headers)
    if status is not None:
        assert answer is not None
        assert answer.status == status
    assert_as_well_as_before(sandbox, caplog)


def test_line_breaks_in_parameters_stay_out_of_the_headers(sandbox: RunningSandbox) -> None:
    """Whatever a state holds, one header brings it back to the app."""
    query = (
        f"response_type=code&client_id={sandbox.block.client_id}"
        f"&redirect_uri={sandbox.block.redirect_uris[0]}"
        "&state=x%0d%0aSet-Cookie:%20fuzzed=1%0d%0a%0d%0a%3Cfuzz%3E%00"
    )
    session = requests.Session()
    page = session.get(f"{sandbox.url}/?{query}", timeout=LONG)
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    person = {"email": sandbox.author.email, "password": sandbox.author.password, "csrf": csrf}
    answer = session.post(page.url, data=person, timeout=LONG, allow_redirects=False)
    location = answer.headers["Location"]
    assert location.startswith(f"{sandbox.block.redirect_uris[0]}?code=")
    assert location.endswith("&state=x%0D%0ASet-Cookie%3A%20fuzzed%3D1%0D%0A%0D%0A%3Cfuzz%3E%00")
    assert "fuzzed" not in answer.headers.get("Set-Cookie", "")
    assert answer.text == ""


@pytest.mark.parametrize("path", ["/v2/token", "/v3.6/agent/action/list_chats", "/login"])
def test_a_client_that_leaves_in_the_middle(
    sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """It is nobody's failure, and so nothing for the log."""
    with connect(sandbox) as line:
        line.sendall(post(path, b"half of it", "Content-Length: 1000"))
    assert_as_well_as_before(sandbox, caplog)
    assert_as_well_as_before(sandbox, caplog)


@pytest.mark.parametrize("length", ["Content-Length: 11534336", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v3.6/agent/action/list_chats", '"type":"entity_too_large"'),
        ("/v2/token", '"error":"bad_request"'),
        ("/login", "That is too much text"),
    ],
)
def test_a_body_of_11_mb(
    sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture, path: str, told: str, length: str
) -> None:
    """Its sender, who listens only when all is sent, hears why it was refused.

    Who may not ask at all would hear that: the APIs ask first who calls.
    """
    body = b"x" * 11 * MEGABYTE
    if "chunked" in length:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    kind = "Content-Type: application/x-www-form-urlencoded"
    token, _ = pair(sandbox.world, sandbox.block, sandbox.author)
    answer = answer_to(sandbox, post(path, body, length, kind, f"Authorization: Bearer {token}"))
    assert answer is not None
    assert answer.status == 413
    assert told in answer.text  # type: ignore[attr-defined]
    assert_as_well_as_before(sandbox, caplog)


@pytest.mark.parametrize(
    "path",
    [
        "/v2/token",
        "/v2/info",
        "/console/",
        "/v3.6/agent/action/list_chats",
        "/v3.6/configuration/action/list_webhooks",
        "/_sandbox/health",
        "/static/style.css",
    ],
)
def test_a_line_feed_behind_an_address_is_another_address(
    sandbox: RunningSandbox, path: str
) -> None:
    for method in ("GET", "POST"):
        answer = requests.request(method, f"{sandbox.url}{path}%0A", timeout=LONG)
        assert answer.status_code in (401, 403, 404, 405)
