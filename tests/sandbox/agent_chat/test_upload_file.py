"""upload_file: what comes in, what its address answers, and how much is kept.

Sources: livechat-public-docs, messaging/agent-chat-api (Upload File; data-structures, "File") of
versions 3.4 to 3.7; RFC 7578 for the form.
"""

import struct
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from lc_tutorial.sandbox.api import web_api
from lc_tutorial.sandbox.store import files
from lc_tutorial.sandbox.world import people
from tests.sandbox.agent_chat.conversations import Conversations
from tests.sandbox.chat_api import VERSIONS, refused

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + struct.pack(">II", 640, 480) + b"\x08\x06"
GIF = b"GIF89a" + struct.pack("<HH", 640, 480) + b"\xf7"
JPEG = (
    b"\xff\xd8"
    + (b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF" + b"\0" * 10)
    + (b"\xff\xc0" + struct.pack(">HBHH", 17, 8, 480, 640) + b"\0" * 10)
)

#: Lossy, lossless, extended. Source: RFC 9649.
WEBP = (
    b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 480),
    b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 639 | 479 << 14) + b"\0" * 8,
    b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + struct.pack("<HBHB", 639, 0, 479, 0),
)


@pytest.fixture
def c(_server, http) -> Conversations:
    return Conversations.serve(_server, http)


def upload(
    c: Conversations, name: str, content: bytes, *, version: str = "3.6", **arguments: Any
) -> requests.Response:
    headers = {"Authorization": f"Bearer {c.api.token('agents--my:ro', email=c.me)}"}
    sent = {"data": None, "files": {"file": (name, content)}, "headers": headers, **arguments}
    return c.api.post("upload_file", version=version, **sent)


def uploaded(c: Conversations, name: str, content: bytes = b"x", **arguments: Any) -> str:
    answer = upload(c, name, content, **arguments)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"url"}
    return answer.json()["url"]


def send(c: Conversations, url: str, **more: Any) -> requests.Response:
    event = {"type": "file", "url": url, **more}
    return c.as_me("send_event", {"chat_id": c.mine.id, "event": event})


def event_of(c: Conversations, url: str, **more: Any) -> dict[str, Any]:
    assert send(c, url, **more).status_code == 200
    return c.api.call("get_chat", {"chat_id": c.mine.id})["thread"]["events"][-1]


def sent_raw(c: Conversations, body: bytes, content_type: str) -> requests.Response:
    token = f"Bearer {c.api.token(email=c.me)}"
    headers = {"Authorization": token, "Content-Type": content_type}
    return c.api.post("upload_file", data=body, headers=headers)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_goes_in_and_its_address_answers(c: Conversations, http, version):
    content = bytes(range(256)) * 40 + b"\r\n--no boundary\r\n\r\n"
    url = uploaded(c, "list of plants.pdf", content, version=version)
    assert url.startswith(f"{c.api.url}/api/file/lc/att/")
    assert url.endswith("/list%20of%20plants.pdf")
    answer = http.get(url, timeout=30)
    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"


@pytest.mark.parametrize(
    ("name", "content", "shown_as"),
    [
        ("a.png", PNG, "image/png"),
        ("a.gif", GIF, "image/gif"),
        ("a.jpg", JPEG, "image/jpeg"),
        *(("a.webp", content, "image/webp") for content in WEBP),
        # What could act in the browser, on the origin of a hub, is only saved.
        ("a.svg", b"<svg onload='alert(1)'/>", None),
        ("a.html", b"<script>alert(1)</script>", None),
        ("a.js", b"alert(1)", None),
        ("a.txt", b"text", None),
        ("a.nothing", b"?", None),
    ],
)
def test_only_pictures_are_shown(c: Conversations, http, name, content, shown_as):
    answer = http.get(uploaded(c, name, content), timeout=30)
    assert answer.headers["Content-Type"] == (shown_as or "application/octet-stream")
    assert ("Content-Disposition" in answer.headers) is (shown_as is None)
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("a.png", PNG, (640, 480)),
        ("a.gif", GIF, (640, 480)),
        ("a.jpg", JPEG, (640, 480)),
        *(("a.webp", content, (640, 480)) for content in WEBP),
        ("b.webp", b"RIFF\0\0\0\0WEBPnone" + b"\0" * 20, None),
        ("b.png", b"no picture", None),
        ("b.jpg", b"\xff\xd8\xff\xe0\xff\xff", None),
        ("c.jpg", b"\xff\xd8", None),
    ],
)
def test_an_event_with_a_picture(c: Conversations, name, content, size):
    url = uploaded(c, name, content)
    event = event_of(c, url, alternative_text="A fern")
    assert event["name"] == name
    assert event["content_type"].startswith("image/")
    assert event["size"] == len(content)
    assert (event.get("width"), event.get("height")) == (size or (None, None))
    assert event["alternative_text"] == "A fern"
    assert {event["url"], event["thumbnail_url"], event["thumbnail2x_url"]} == {url}


def test_an_event_with_another_file(c: Conversations):
    event = event_of(c, uploaded(c, "a.pdf"), alternative_text="only for images")
    assert event["content_type"] == "application/pdf"
    assert set(event) == {
        *("id", "created_at", "visibility", "type", "author_id", "url", "name", "content_type")
    }


def test_an_address_ends_after_a_day_unless_an_event_names_it(c: Conversations, http):
    kept, left = uploaded(c, "kept.png", PNG), uploaded(c, "left.png", PNG)
    event_of(c, kept)
    c.api.world.clock.advance(86_400 - 60)
    assert http.get(left, timeout=30).status_code == 200
    c.api.world.clock.advance(120)
    assert http.get(left, timeout=30).status_code == 404
    assert http.get(kept, timeout=30).content == PNG
    assert refused(send(c, left))[1] == "validation"


def test_a_chat_begins_with_a_file(c: Conversations):
    url = uploaded(c, "a.png", PNG)
    event = {"type": "file", "url": url}
    started = c.done("start_chat", {"chat": {"thread": {"events": [event]}}})
    thread = c.api.call("get_chat", {"chat_id": started["chat_id"]})["thread"]
    assert thread["events"][0]["width"] == 640


def test_whose_file_it_is(c: Conversations, http):
    theirs = c.api.store.files.add(people.PAPER_LANTERN.id, "a.png", PNG, c.api.world.clock.now())
    url = f"{c.api.url}{theirs.path}"
    assert http.get(url, timeout=30).content == PNG  # whoever knows the address may read it
    assert refused(send(c, url))[1] == "validation"


@pytest.mark.parametrize("start", ["javascript://127.0.0.1", "data:text/html,", "//127.0.0.1", ""])
def test_an_event_names_a_file_by_its_web_address(c: Conversations, start: str):
    path = urlsplit(uploaded(c, "a.png", PNG)).path
    assert refused(send(c, start + path))[1] == "validation"


@pytest.mark.parametrize("scheme", ["javascript", "data", "ftp"])
def test_an_event_names_a_file_of_the_platform_by_its_web_address(c: Conversations, scheme: str):
    assert send(c, "https://cdn.livechat-files.com/a/list.pdf").ok
    answer = send(c, f"{scheme}://cdn.livechat-files.com/%0aalert(1)")
    assert refused(answer)[1] == "validation"


def test_a_file_that_was_uploaded_through_the_proxy_of_a_hub(c: Conversations):
    headers = {
        "Authorization": f"Bearer {c.api.token(email=c.me)}",
        "X-Forwarded-Context": "/user/ada/proxy/8000",
    }
    form = {"data": None, "files": {"file": ("a.png", PNG)}, "headers": headers}
    url = c.api.post("upload_file", **form).json()["url"]
    assert url.startswith(f"{c.api.url}/user/ada/proxy/8000/api/file/lc/att/")
    assert event_of(c, url)["width"] == 640


@pytest.mark.parametrize("change", ["/0" * 3, "x", ".."])
def test_other_addresses(c: Conversations, http, change):
    assert http.get(uploaded(c, "a.png", PNG) + change, timeout=30).status_code == 404


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"x"),
        ("RUN.BAT", b"x"),
        ("run.sh", b"x"),
        ("harmless.png", b"MZ\x90\x00"),
        ("harmless", b"\x7fELF\x02"),
        ("harmless.txt", b"#!/bin/sh\n"),
    ],
)
def test_executable_files(c: Conversations, name, content):
    assert refused(upload(c, name, content))[1] == "validation"


@pytest.mark.parametrize("over", [0, 1, 200_000])
def test_the_largest_file(c: Conversations, http, over):
    content = b"x" * (10 * 1024 * 1024 + over)
    answer = upload(c, "a.bin", content)
    if over:
        assert refused(answer) == (413, "entity_too_large", "Upload limit exceeded (10MB).")
    else:
        assert http.get(answer.json()["url"], timeout=30).content == content


def test_other_methods_take_no_more_than_before(c: Conversations):
    body = b'{"x": "' + b"x" * web_api.MAX_BODY + b'"}'
    assert refused(c.as_me("send_event", None, data=body))[1] == "entity_too_large"


FORM = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhi\r\n--b--\r\n'
)


@pytest.mark.parametrize(
    ("body", "content_type", "name"),
    [
        (FORM, "multipart/form-data; boundary=b", "a.txt"),
        (FORM, 'multipart/form-data; boundary="b"', "a.txt"),
        (b"a preamble\r\n" + FORM, "multipart/form-data; boundary=b", "a.txt"),
        (FORM.replace(b'"file"', b"file"), "multipart/form-data; boundary=b", "a.txt"),
        (FORM.replace(b"a.txt", "žluťoučký.txt".encode()), "multipart/form-data; boundary=b", "ž"),
        (
            FORM.replace(b'filename="a.txt"', b"filename*=UTF-8''%C5%BE.txt"),
            "multipart/form-data; boundary=b",
            "ž.txt",
        ),
        (FORM.replace(b"a.txt", b"C:\\x\\a.txt"), "multipart/form-data; boundary=b", "a.txt"),
        (FORM.replace(b"a.txt", b"../../a.txt"), "multipart/form-data; boundary=b", "a.txt"),
        (FORM.replace(b"a.txt", b".."), "multipart/form-data; boundary=b", "file"),
        (FORM.replace(b'; filename="a.txt"', b""), "multipart/form-data; boundary=b", "file"),
        (FORM, "multipart/form-data; boundary=c", None),
        (FORM, "multipart/form-data", None),
        (FORM, "multipart/mixed; boundary=b", None),
        (FORM, "application/json", None),
        (FORM, "", None),
        (FORM.replace(b'"file"', b'"other"'), "multipart/form-data; boundary=b", None),
        (b'{"file": "x"}', "application/json", None),
        (b"", "multipart/form-data; boundary=b", None),
    ],
)
def test_forms(c: Conversations, http, body, content_type, name):
    answer = sent_raw(c, body, content_type)
    if name is None:
        assert refused(answer)[:2] == (400, "validation")
    else:
        kept = next(reversed(c.api.store.files._kept.values()))
        assert kept.name.startswith(name)
        assert http.get(answer.json()["url"], timeout=30).content == b"hi"


def test_files_are_bounded(c: Conversations, http, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_BYTES", 3 * 2_000)
    urls = [uploaded(c, f"{number}.bin", b"x" * 1_000) for number in range(5)]
    statuses = [http.get(url, timeout=30).status_code for url in urls]
    assert statuses == [404, 404, 200, 200, 200]
