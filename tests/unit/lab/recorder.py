"""A server that writes down what arrives, and requests to make arrive there."""

import json
import string
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import requests
from hypothesis import strategies as st
from requests.utils import unquote_unreserved

from lc_tutorial.lab.prepare import prepare
from lc_tutorial.lab.request import (
    METHODS,
    Authorization,
    Basic,
    Bearer,
    Body,
    FormBody,
    JsonBody,
    Request,
    TextBody,
)
from lc_tutorial.lab.vault import Vault

#: What clients say of themselves and of the connection; no two do alike.
_CLIENTS_OWN = {
    "accept",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-length",
    "host",
    "postman-token",
    "user-agent",
}


@dataclass(frozen=True)
class Arrived:
    """A request as the server saw it.

    Attributes:
        body: bytes as they came; of a form its fields, and JSON as it is meant.
        headers: names in lower case, without those that are the client's own affair.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: Any


class Recorder:
    """Answers everything with 204, and keeps what arrived."""

    def __init__(self) -> None:
        self._arrived: list[Arrived] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = [(name.lower(), value) for name, value in self.headers.items()]
                recorder._arrived.append(_arrived(self.command, self.path, headers, body))
                self.send_response(204)
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self.answer
                raise AttributeError(name)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def take(self) -> list[Arrived]:
        """What arrived since the last time."""
        arrived, self._arrived = self._arrived, []
        return arrived

    def sent_by_us(self, request: Request, vault: Vault) -> Arrived:
        """What arrives when the lab sends it."""
        with requests.Session() as session:
            session.trust_env = False
            session.send(prepare(request, vault), timeout=30, allow_redirects=False)
        (arrived,) = self.take()
        return arrived

    @contextmanager
    def running(self) -> "Iterator[Recorder]":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        yield self
        self._server.shutdown()
        self._server.server_close()


def _arrived(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> Arrived:
    kinds = [value for name, value in headers if name == "content-type"]
    parts = urlsplit(target)
    return Arrived(
        method=method,
        # The same address, whatever was encoded without need: RFC 3986, 6.2.2.2.
        path=quote(unquote_unreserved(parts.path), safe="%/!$&'()*+,;=:@~"),
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers=tuple(sorted((name, value) for name, value in headers if name not in _CLIENTS_OWN)),
        body=_meant(body, kinds[-1] if kinds else ""),
    )


def _meant(body: bytes, kind: str) -> Any:
    """A space may be "+" or "%20" in a form, and in JSON there may be more or fewer blanks."""
    if kind == FormBody.content_type:
        return parse_qsl(body.decode(), keep_blank_values=True)
    if kind == JsonBody.content_type:
        try:
            return json.loads(
                body,
                parse_int=lambda digits: ("a number", digits),
                parse_float=lambda digits: ("a number", digits),
                object_pairs_hook=lambda pairs: ("an object", pairs),
            )
        except ValueError:
            return body
    return body


# --- Any request ----------------------------------------------------------------------------------

#: What shells, curl, JSON, URLs and Python take for more than it is.
TRICKY = (
    "it's", '"', "\\", "$HOME", "$(id)", "`id`", "!!", "!x", "@/etc/hostname", "<x", ">x", "|", "&",
    "a=b", "#", "%41", "+", "*", "~", "{", "}", "{{", "}}", "{x}", "\n", "a\nb", "\t", "-d", "--x",
    "…", "é", "日本", "🎉", " ", "", "'\\''", "$'x'", "\\n", "${A}", "'''", '"""', "\r\n", ";",
    "\u200b", "# no comment", "//", "\x7f", "<your_access_token>",
)  # fmt: skip

SECRETS = {
    "access_token": "dal:fake-access_token",
    "refresh_token": "fake-refresh-token",
    "client_id": "0123456789abcdef0123456789abcdef",
    "client_secret": "fake/secret+&=%41 x",
    "redirect_uri": "http://127.0.0.1:8377/callback",
    "code": "dal:fake-code_A",
    "account_id": "00000000-0000-4000-8000-000000000001",
    "organization_id": "00000000-0000-4000-8000-000000000002",
    "personal_access_token": "dal:fake-personal-token",
}

_ALL = sorted(SECRETS)

#: Names whose values go through a URL, JSON and a header as they are.
_PLAIN = sorted(set(SECRETS) - {"client_secret"})


def vault(values: dict[str, str] = SECRETS) -> Vault:
    made = Vault()
    for name, value in values.items():
        made.put(name, value)
    return made


def environment() -> dict[str, str]:
    return {name.upper(): value for name, value in SECRETS.items()}


def references(names: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(names).map(lambda name: f"{{{{{name}}}}}")


_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_plain_text = st.text(_characters, max_size=8) | st.sampled_from(TRICKY)


def texts(names: list[str] = _ALL) -> st.SearchStrategy[str]:
    """Any text, with references in it."""
    pieces = _plain_text | _plain_text | references(names)
    return st.lists(pieces, max_size=4).map("".join)


_words = st.text(string.ascii_letters + string.digits + "-_.", min_size=1, max_size=6)


def _no_references(text: str) -> bool:
    return "{{" not in text and "}}" not in text


def pairs(names: list[str] = _ALL) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    pair = st.tuples(_plain_text.filter(_no_references) | _words, texts(names))
    # An empty name has to do with plain values.
    pair = pair.map(lambda p: p if p[0] else ("", p[1].replace("{{client_secret}}", "")))
    return st.lists(pair, max_size=4).map(tuple)


_header_names = _words.map(lambda word: f"X-{word.replace('.', '')}")
_header_text = st.sampled_from(
    ["a", "it's", '"x"', "!!", "!x", "$HOME", "`id`", "\\", "a  b", "{x}", ";", "é", "#"]
)
_header_values = st.lists(_header_text | references(_PLAIN), max_size=3).map("".join)


@st.composite
def header_pairs(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    pairs = st.tuples(_header_names, _header_values)
    return tuple(draw(st.lists(pairs, max_size=3, unique_by=lambda pair: pair[0].lower())))


_numbers = (
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none()
)


def json_texts() -> st.SearchStrategy[str]:
    data = st.recursive(
        _numbers | texts(_PLAIN),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(_plain_text.filter(_no_references), inner, max_size=4)
        ),
        max_leaves=12,
    )
    written = st.builds(
        json.dumps, data, indent=st.sampled_from([None, 2]), ensure_ascii=st.booleans()
    )
    odd = st.sampled_from(
        [
            "",
            "null",
            "0",
            "{}",
            '{"a": 1.50, "b": "{{code}}"}',
            '{"a": 1, "a": "it\'s {{code}}!"}',
            '{"a": 1e400, "b": -0, "c": NaN}',
            '{"limit": {{code}}',
            '{"a":\r\n "\\u00e9\\ud800"}',
            '{"limit": 100, }',
            "[" * 60 + "]" * 60,
        ]
    )
    return written | odd


def bodies() -> st.SearchStrategy[Body]:
    return (
        st.none()
        | st.builds(FormBody, pairs())
        | st.builds(JsonBody, json_texts())
        | st.builds(TextBody, texts())
    )


def authorizations() -> st.SearchStrategy[Authorization]:
    user = st.sampled_from(["{{account_id}}", "mia", "münchen", ""])
    password = st.sampled_from(["{{personal_access_token}}", "it's:!$x\\", "zürich", ""])
    return (
        st.none()
        | st.builds(Bearer, st.sampled_from(["{{access_token}}", "a!{{code}}'"]))
        | st.builds(Basic, user, password)
    )


def addresses(origin: str) -> st.SearchStrategy[str]:
    paths = ["", "/", "/v3.6/agent/action/list_chats", "/a;b,c@d", "/é/[x]/{y}"]
    path = st.sampled_from([*paths, "/it's/$HOME/!a/%41%2F"])
    end = st.sampled_from(["", "/{{account_id}}", "/{{organization_id}}.x"])
    return st.builds(lambda path, end: f"{origin}{path}{end}", path, end)


def requests_to(origin: str) -> st.SearchStrategy[Request]:
    """Any request that can be sent."""
    return st.builds(
        Request,
        method=st.sampled_from([*METHODS, "REPORT"]),
        url=addresses(origin),
        query=pairs(),
        headers=header_pairs(),
        authorization=authorizations(),
        body=bodies(),
    ).filter(lambda request: SECRETS.keys() >= set(request.references))
