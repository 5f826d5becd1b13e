"""Asking whether a sandbox lives, with an end to the waiting, whoever listens on its port now.

A library's timeout counts from byte to byte: a stranger that sends one now and then could keep us
for good. So this is a plain exchange over a socket, with a limit for all of it together.
"""

import hashlib
import socket
import ssl
import time
from enum import Enum

from lc_tutorial.platforms.record import SandboxRecord

#: Bytes of an answer after which it is no sandbox's.
_MOST = 16_384


class Health(Enum):
    """What came of asking."""

    #: It answered, and proved that it wrote the record.
    LIVES = "lives"
    #: Nobody listens there, or somebody else.
    GONE = "gone"
    #: Somebody took the question, and no answer came in time.
    SILENT = "silent"


def ask(record: SandboxRecord, *, seconds: float = 3.0) -> Health:
    """Ask the sandbox of a record for the proof that it is that one.

    Args:
        record: of it.
        seconds: how long this may take as a whole.
    """
    try:
        return Health.LIVES if _proves_itself(record, seconds) else Health.GONE
    except TimeoutError:
        return Health.SILENT
    except (OSError, ValueError):
        # A ValueError is a host in the record that is no host.
        return Health.GONE


def _proves_itself(record: SandboxRecord, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    proof = record.proof.encode()
    address = (record.host, record.port)
    with (
        socket.create_connection(address, timeout=seconds) as plain,
        _secured(plain, record, deadline) as connection,
    ):
        connection.settimeout(_left(deadline))
        connection.sendall(_question(record))
        answer = b""
        while proof not in answer and len(answer) < _MOST:
            connection.settimeout(_left(deadline))
            part = connection.recv(4096)
            if not part:
                break
            answer += part
    status = answer.partition(b"\r\n")[0].split()
    return proof in answer and status[1:2] == [b"200"]


def _question(record: SandboxRecord) -> bytes:
    host = f"[{record.host}]" if ":" in record.host else record.host
    return (
        f"GET /{record.health_path} HTTP/1.1\r\n"
        f"Host: {host}:{record.port}\r\n"
        "Connection: close\r\n\r\n"
    ).encode()


def _secured(plain: socket.socket, record: SandboxRecord, deadline: float) -> socket.socket:
    """The connection through TLS, where the record says so, with the holder of its certificate."""
    if record.tls_fingerprint is None:
        return plain
    plain.settimeout(_left(deadline))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Not its authority, which may be anybody's, but the certificate itself is known.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    secured = context.wrap_socket(plain)
    shown = hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()
    if shown != record.tls_fingerprint:
        secured.close()
        raise ConnectionError
    return secured


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
