"""Pages of a place that does what it likes, and notes what it is asked."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import NamedTuple

from lc_tutorial.forms.frame.addresses import Site


class Answer(NamedTuple):
    status: int = 200
    body: bytes = b"<title>A page</title>"
    headers: Mapping[str, str] = MappingProxyType({})


class Asked(NamedTuple):
    method: str
    path: str
    body: str
    cookie: str


@dataclass
class Place:
    """What answers: a path's answer, or one that is not found.

    Attributes:
        url: where it is, without a slash at the end.
        answers: by path, without a query.
        asked: all that came.
    """

    url: str
    answers: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def site(self) -> Site:
        return Site(f"{self.url}/", ())


@contextmanager
def serving() -> Iterator[Place]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            cookie = self.headers.get("Cookie", "")
            place.asked.append(Asked(self.command, self.path, body, cookie))
            found = place.answers.get(self.path.partition("?")[0], Answer(404, b"not found"))
            status, sent, headers = found() if callable(found) else found
            self.send_response(status)
            usual = {"Content-Type": "text/html", "Content-Length": str(len(sent))}
            for name, value in {**usual, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        place = Place(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield place
        server.shutdown()
