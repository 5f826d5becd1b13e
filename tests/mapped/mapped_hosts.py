"""The live platform's hosts lead to a sandbox on this machine, and every other host nowhere.

A program that a test starts gets this by `sitecustomize.py` beside it; a test itself by the fixture
`mapped`. What a program asks for and connects to is written down, so that a test can tell whether
anything would have left this machine.
"""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOSTS = ("accounts.livechat.com", "api.livechatinc.com", "platform.text.com")

#: For a program: JSON with the sandbox's "port" and the file that is its "journal".
VARIABLE = "LC_TESTS_MAPPED_HOSTS"

_HERE = ("127.0.0.1", "localhost", "::1", "0.0.0.0", "", None)
_real = socket.getaddrinfo


def resolver(port: int, note: Callable[[str], None]) -> Callable[..., list[Any]]:
    """Make what takes the place of `socket.getaddrinfo`.

    Args:
        port: where the sandbox answers for the live platform's hosts.
        note: is told each name that is asked for.
    """

    def getaddrinfo(host: Any, service: Any, *rest: Any, **options: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        note(f"name {name}")
        if name in HOSTS:
            return _real("127.0.0.1", port, *rest, **options)
        if name in _HERE:
            return _real(host, service, *rest, **options)
        raise socket.gaierror(socket.EAI_NONAME, f"The tests let nobody ask for {name}.")

    return getaddrinfo


def install() -> None:
    """Map the hosts in this process, where its environment says so."""
    if VARIABLE not in os.environ:
        return
    told = json.loads(os.environ[VARIABLE])
    journal = Path(told["journal"])

    def note(line: str) -> None:
        with journal.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        # Also what finds its way without getaddrinfo.
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            note(f"address {arguments[1][0]}")

    sys.addaudithook(watch)
    socket.getaddrinfo = resolver(told["port"], note)
    note("mapped")
