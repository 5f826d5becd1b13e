"""Who connects to an https sandbox and never begins to encrypt is not waited for."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from tests.mapped.live import Authority

#: As the command does it, but with less patience.
PROGRAM = """
import sys
from pathlib import Path
from lc_tutorial.sandbox import server
from lc_tutorial.sandbox.web import process
assert process.HANDSHAKE <= 10
process.HANDSHAKE = 0.2
certificate, key = map(Path, sys.argv[1:])
server.run(json_line=True, tls_cert=certificate, tls_key=key)
"""


def test_a_silent_client_is_not_waited_for(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path)
    command = [sys.executable, "-c", PROGRAM, str(authority.certificate), str(authority.key)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            port = urlsplit(json.loads(running.stdout.readline())["url"]).port
            # asyncio's own patience is a minute.
            with socket.create_connection(("127.0.0.1", port), timeout=30) as silent:
                assert silent.recv(1) == b""
        finally:
            running.terminate()
