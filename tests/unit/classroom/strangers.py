"""What may answer at a board's address: a board, or anything else."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

#: One connection, in the hands of whoever answers it.
Behaviour = Callable[[socket.socket], None]


def request_of(connection: socket.socket) -> bytes:
    """A whole request: its head and as much of a body as it says."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        if not piece:
            return received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if b"content-length" in line), 0)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def answering(answer: bytes, status: bytes = b"200 OK", more: bytes = b"") -> Behaviour:
    """One who reads the request, and then always says the same."""

    def answer_it(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(
            b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n%b\r\n%b"
            % (status, len(answer), more, answer)
        )

    return answer_it


@contextlib.contextmanager
def listening(behaviour: Behaviour) -> Iterator[tuple[str, list[int]]]:
    """Somebody who listens on a free port; gives the address, and how often they were called."""
    called: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    called.append(1)
                    behaviour(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", called
        ended.set()
        with contextlib.suppress(OSError):
            socket.create_connection(listener.getsockname(), timeout=1).close()
        thread.join(30)
